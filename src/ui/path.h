/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way of the voice (model/path.h) as cells of the screen. */
#ifndef EARSHOT_UI_PATH_H
#define EARSHOT_UI_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "model/path.h"
#include "ui/canvas.h"

/* Rows that the picture takes of a screen that is so high; `places`: what is known of the places
 * is worth a row of a small screen too. */
size_t path_rows(size_t screen_rows, bool places);
/* `rows` as path_rows() says. */
void path_draw(struct canvas *canvas, size_t top, size_t rows, const struct path *path);

#endif
