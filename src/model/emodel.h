/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How good speech sounds: the E-model of ITU-T G.107 with its default values, from delay, loss and the
 * codec; and its rating as a mean opinion score. */
#ifndef EARSHOT_MODEL_EMODEL_H
#define EARSHOT_MODEL_EMODEL_H

/* What a codec costs (G.113, appendix I): its equipment impairment Ie without loss, and how robust it is
 * against lost packets, Bpl. */
struct emodel_codec {
	const char *name; /* as in SDP */
	double ie, bpl;
};
/* NULL: no figures for it. */
const struct emodel_codec *emodel_codec_find(const char *name);

/* The rating R, 0 to 93.2. `delay_ms`: one way, mouth to ear; `loss_pct`: of packets, at random. */
double emodel_rating(double delay_ms, double loss_pct, const struct emodel_codec *codec);

/* G.107, annex B: 1 to 4.5. */
double emodel_mos(double rating);

#endif
