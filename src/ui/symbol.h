/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The few drawing characters, each with an ASCII form that says the same. */
#ifndef EARSHOT_UI_SYMBOL_H
#define EARSHOT_UI_SYMBOL_H

/* What the terminal can show. The Linux console's fonts have letters and few symbols. */
enum charset { CHARSET_UTF8, CHARSET_LETTERS, CHARSET_ASCII };

enum symbol {
	SYMBOL_RULE,
	SYMBOL_ARROW, /* from one side to the other */
	SYMBOL_SELECTED,
	SYMBOL_TICK,
	SYMBOL_CROSS,
	SYMBOL_WARNING,
	SYMBOL_SKIPPED,
	SYMBOL_UNKNOWN,
	SYMBOL_FULL, /* bars */
	SYMBOL_EMPTY,
	SYMBOL_LINE_OK, /* the path picture's lines */
	SYMBOL_LINE_PASSES,
	SYMBOL_LINE_UNKNOWN,
	SYMBOL_POINT, /* bullet */
	SYMBOL_DOT,   /* between two names */
	SYMBOL_CUT,   /* more was here */
	SYMBOL_BLANK,
	SYMBOL_MORE_ABOVE,
	SYMBOL_MORE_BELOW,
	SYMBOL_UP,
	SYMBOL_DOWN,
	SYMBOL_LEFT,
	SYMBOL_RIGHT,
	SYMBOL_COUNT,
};

/* UTF-8; never NULL. */
const char *symbol(enum symbol which, enum charset charset);

#endif
