/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/emodel.h"

#include <math.h>
#include <stddef.h>
#include <strings.h>

/* G.107, table 2: Ro - Is with all values at their defaults. */
static const double base_rating = 93.2;
/* G.107, 7.4: below this much one-way delay nobody minds. */
static const double unnoticed_ms = 100;

/* G.711 with packet loss concealment (its appendix I), as phones have it. */
static const struct emodel_codec codecs[] = {
	{ "PCMU", 0, 25.1 },
	{ "PCMA", 0, 25.1 },
	{ "G729", 11, 19 },
};

const struct emodel_codec *emodel_codec_find(const char *name)
{
	for (size_t i = 0; i < sizeof codecs / sizeof *codecs; i++)
		if (!strcasecmp(codecs[i].name, name))
			return &codecs[i];
	return NULL;
}

/* G.107, 7.4: Idd, for what is late beyond all echo. */
static double delay_impairment(double delay_ms)
{
	double x;

	if (delay_ms <= unnoticed_ms)
		return 0;
	x = log2(delay_ms / unnoticed_ms);
	return 25 * (pow(1 + pow(x, 6), 1.0 / 6) - 3 * pow(1 + pow(x / 3, 6), 1.0 / 6) + 2);
}

/* G.107, 7.5: Ie,eff with a BurstR of 1. */
static double loss_impairment(double loss_pct, const struct emodel_codec *codec)
{
	return codec->ie + (95 - codec->ie) * loss_pct / (loss_pct + codec->bpl);
}

double emodel_rating(double delay_ms, double loss_pct, const struct emodel_codec *codec)
{
	const double rating =
		base_rating - delay_impairment(delay_ms) - loss_impairment(loss_pct, codec);

	return rating > 0 ? rating : 0;
}

double emodel_mos(double rating)
{
	if (rating <= 0)
		return 1;
	if (rating >= 100)
		return 4.5;
	return fmax(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}
