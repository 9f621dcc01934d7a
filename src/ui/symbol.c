/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/symbol.h"

const char *symbol(enum symbol which, enum charset charset)
{
	static const struct {
		const char *utf8, *ascii;
	} table[SYMBOL_COUNT] = {
		[SYMBOL_RULE] = { "─", "-" },         [SYMBOL_ARROW] = { "──▶", "-->" },
		[SYMBOL_SELECTED] = { "▸", ">" },     [SYMBOL_TICK] = { "✓", "ok" },
		[SYMBOL_CROSS] = { "✗", "X" },        [SYMBOL_WARNING] = { "!", "!" },
		[SYMBOL_SKIPPED] = { "–", "-" },      [SYMBOL_UNKNOWN] = { "?", "?" },
		[SYMBOL_FULL] = { "▓", "#" },         [SYMBOL_EMPTY] = { "░", "." },
		[SYMBOL_LINE_OK] = { "═", "=" },      [SYMBOL_LINE_PASSES] = { "─", "-" },
		[SYMBOL_LINE_UNKNOWN] = { "·", "." }, [SYMBOL_POINT] = { "•", "*" },
		[SYMBOL_DOT] = { "·", "-" },          [SYMBOL_CUT] = { "…", "~" },
		[SYMBOL_BLANK] = { " ", " " },        [SYMBOL_MORE_ABOVE] = { "↑", "^" },
		[SYMBOL_MORE_BELOW] = { "↓", "v" },   [SYMBOL_UP] = { "↑", "Up" },
		[SYMBOL_DOWN] = { "↓", "Down" },      [SYMBOL_LEFT] = { "←", "Left" },
		[SYMBOL_RIGHT] = { "→", "Right" },
	};

	return charset == CHARSET_UTF8 ? table[which].utf8 : table[which].ascii;
}
