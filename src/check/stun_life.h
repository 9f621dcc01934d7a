/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search for how long an idle UDP mapping lives (RFC 5780, 4.6): pure judgement, no socket. */
#ifndef EARSHOT_CHECK_STUN_LIFE_H
#define EARSHOT_CHECK_STUN_LIFE_H

#include <stdbool.h>
#include <stddef.h>

enum { STUN_LIFE_ROUND = 7, STUN_LIFE_DEADS = 64 };

struct stun_life {
	unsigned alive;                 /* the longest idle seconds survived; 0: none proven */
	unsigned died[STUN_LIFE_DEADS]; /* idle seconds after which a mapping was gone */
	size_t deaths;
	bool begun; /* the first round was handed out */
};

/* What one idle time has proven. A life proven longer outweighs a death before. */
void stun_life_note(struct stun_life *life, unsigned seconds, bool alive);

/* The shortest idle time proven deadly; 0: none. */
unsigned stun_life_dead(const struct stun_life *life);

/* Which idle times to try next, side by side: first 2 s and its doubles, then between the bounds.
 * 0: nothing worth the time is left to learn. */
size_t stun_life_next(unsigned seconds[static STUN_LIFE_ROUND], struct stun_life *life);

/* Does the mapping die before a keep-alive of so many seconds? */
bool stun_life_is_short(const struct stun_life *life, unsigned keep_alive);

#endif
