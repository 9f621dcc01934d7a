/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands around every screen: whose lines these are and where one is; what is being measured;
 * what the keys do. */
#ifndef EARSHOT_UI_FRAME_H
#define EARSHOT_UI_FRAME_H

#include <stddef.h>

#include "ui/app.h"
#include "ui/canvas.h"
#include "ui/page.h"

/* Both draw and return the rows that are left between them: from, and up to but not with. */
size_t frame_head(struct canvas *canvas, const struct app *app);
size_t frame_foot(struct canvas *canvas, const struct app *app, const struct page *page);

#endif
