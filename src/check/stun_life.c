/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/stun_life.h"

enum {
	FIRST_SECONDS = 2,
	BETWEEN = 3,      /* tried side by side between two bounds */
	CLOSE_ENOUGH = 4, /* bounds less than a fourth of the lower one apart */
};

void stun_life_note(struct stun_life *life, unsigned seconds, bool alive)
{
	if (alive && seconds > life->alive)
		life->alive = seconds;
	if (!alive && life->deaths < STUN_LIFE_DEADS)
		life->died[life->deaths++] = seconds;
}

unsigned stun_life_dead(const struct stun_life *life)
{
	unsigned dead = 0;

	for (size_t i = 0; i < life->deaths; i++)
		if (life->died[i] > life->alive && (!dead || life->died[i] < dead))
			dead = life->died[i];
	return dead;
}

size_t stun_life_next(unsigned seconds[static STUN_LIFE_ROUND], struct stun_life *life)
{
	const unsigned low = life->alive, high = stun_life_dead(life);
	size_t count = 0;

	if (!life->begun) {
		life->begun = true;
		for (unsigned s = FIRST_SECONDS; count < STUN_LIFE_ROUND; s *= 2)
			seconds[count++] = s;
		return count;
	}
	if (!low || !high || high - low <= 1 + low / CLOSE_ENOUGH)
		return 0;
	for (unsigned i = 1; i <= BETWEEN; i++) {
		const unsigned s = low + (high - low) * i / (BETWEEN + 1);

		if (s > low && s < high && (!count || s > seconds[count - 1]))
			seconds[count++] = s;
	}
	return count;
}

bool stun_life_is_short(const struct stun_life *life, unsigned keep_alive)
{
	const unsigned dead = stun_life_dead(life);

	return dead && dead < keep_alive;
}
