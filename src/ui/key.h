/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One key as a person pressed it, whatever the terminal sent for it. */
#ifndef EARSHOT_UI_KEY_H
#define EARSHOT_UI_KEY_H

enum key_kind {
	PRESSED_NOTHING, /* something that means nothing here */
	PRESSED_CHARACTER,
	PRESSED_UP,
	PRESSED_DOWN,
	PRESSED_LEFT,
	PRESSED_RIGHT,
	PRESSED_PAGE_UP,
	PRESSED_PAGE_DOWN,
	PRESSED_HOME,
	PRESSED_END,
	PRESSED_ENTER,
	PRESSED_ESCAPE,
	PRESSED_TAB,
	PRESSED_BACK_TAB,
	PRESSED_BACKSPACE,
	PRESSED_DELETE,
	PRESSED_CLEAR_LINE, /* Ctrl-U */
	PRESSED_REDRAW,     /* Ctrl-L */
	PRESSED_FUNCTION,   /* F1 …: `number` */
};

struct key {
	enum key_kind kind;
	char text[8];    /* PRESSED_CHARACTER: one character, UTF-8 */
	unsigned number; /* PRESSED_FUNCTION */
};

#endif
