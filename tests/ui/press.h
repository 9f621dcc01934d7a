/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys by name for tests: press(app, "down down enter") as if a person pressed them. */
#ifndef EARSHOT_TESTS_UI_PRESS_H
#define EARSHOT_TESTS_UI_PRESS_H

#include "ui/app.h"

/* Names: up down left right pgup pgdn home end enter esc tab backspace clear F1 …; "'text" types
 * text; anything of one character is that character. */
void press(struct app *app, const char *keys);

#endif
