/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ITU-T G.722, 6.2: the decoder's lower band. Of its six bits the upper four are used, those that
 * steer the predictor: the level needs no more. */
#include "proto/audio.h"

enum {
	SCALE_MAX = 18432,
	SCALE_RANDOM = 17400, /* no voice keeps it up there */
};

/* 6.2.1.3, LOGSCL: what each code adds to the logarithm of the scale. */
static const int16_t scale_step[16] = { -60,  3042, 1198, 538, 334, 172, 58,  -30,
					3042, 1198, 538,  334, 172, 58,  -30, -60 };
/* 6.2.1.2, INVQAL: the difference it stands for, in 32768ths of the scale. */
static const int16_t inverse[16] = { 0,     -20456, -12896, -8968, -6288, -4240, -2584, -1200,
				     20456, 12896,  8968,   6288,  4240,  2584,  1200,  0 };
/* 6.2.1.3, SCALEL: 2048 times the 32nd roots of 2. */
static const uint16_t root[32] = { 2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543,
				   2599, 2656, 2714, 2774, 2834, 2896, 2960, 3025, 3091, 3158, 3228,
				   3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008 };

static int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

static int same_sign(int a, int b, int size)
{
	return (a < 0) == (b < 0) ? size : -size;
}

/* UPPOL1, UPPOL2. */
static void adapt_poles(struct audio_g722 *d, int partial)
{
	const int lean = clamp(same_sign(partial, d->partial[0], -4 * d->pole[0]), -32768, 32767);
	int limit;

	d->pole[1] = clamp(same_sign(partial, d->partial[1], 128) + (lean >> 7) +
				   (d->pole[1] * 32512 >> 15),
			   -12288, 12288);
	limit = 15360 - d->pole[1];
	d->pole[0] = clamp(same_sign(partial, d->partial[0], 192) + (d->pole[0] * 32640 >> 15),
			   -limit, limit);
	d->partial[1] = d->partial[0];
	d->partial[0] = partial;
}

/* UPZERO. */
static void adapt_zeros(struct audio_g722 *d, int difference)
{
	for (int i = 5; i >= 0; i--) {
		const int lean = difference ? same_sign(difference, d->difference[i], 128) : 0;

		d->zero[i] = lean + (d->zero[i] * 32640 >> 15);
	}
	for (int i = 5; i > 0; i--)
		d->difference[i] = d->difference[i - 1];
	d->difference[0] = difference;
}

/* FILTEZ: what the zeros foresee. */
static int by_zeros(const struct audio_g722 *d)
{
	int sum = 0;

	for (int i = 0; i < 6; i++)
		sum += 2 * d->difference[i] * d->zero[i] >> 15;
	return sum;
}

/* FILTEP, without the zeros' part. */
static int by_poles(const struct audio_g722 *d)
{
	return (2 * d->past[0] * d->pole[0] >> 15) + (2 * d->past[1] * d->pole[1] >> 15);
}

/* The sample of the lower band, full scale 16384. */
static int decode(struct audio_g722 *d, unsigned code)
{
	const int scale = root[d->log_scale >> 6 & 31] << 1 >> (9 - (d->log_scale >> 11)) << 2;
	const int difference = scale * inverse[code] >> 15;
	const int zeros = by_zeros(d);
	const int sample = clamp(zeros + by_poles(d) + difference, -32768, 32767);

	d->log_scale = clamp((d->log_scale * 127 >> 7) + scale_step[code], 0, SCALE_MAX);
	adapt_poles(d, clamp(zeros + difference, -32768, 32767));
	adapt_zeros(d, difference);
	d->past[1] = d->past[0];
	d->past[0] = sample;
	return sample;
}

struct audio_level audio_g722_level(struct audio_g722 *decoder, struct slice payload)
{
	struct audio_level level = { .known =
					     payload.left && decoder->bytes >= AUDIO_G722_LEAD_IN };
	double sum = 0;
	size_t full = 0;

	for (size_t i = 0; i < payload.left; i++) {
		const int sample = decode(decoder, payload.at[i] >> 2 & 15);

		sum += (double)sample * sample;
		full += decoder->log_scale > SCALE_RANDOM;
	}
	if (decoder->bytes < AUDIO_G722_LEAD_IN)
		decoder->bytes +=
			(unsigned)(payload.left < AUDIO_G722_LEAD_IN ? payload.left
								     : AUDIO_G722_LEAD_IN);
	/* The scale stays near its end where the bytes are random: they are encrypted. */
	if (full * 2 > payload.left)
		level.known = false;
	level.silence = 4 * sum <= (double)payload.left * AUDIO_QUIET * AUDIO_QUIET;
	level.dbov = payload.left ? audio_dbov(4 * sum, payload.left) : AUDIO_SILENT_DBOV;
	return level;
}
