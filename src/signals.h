/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The signals that would end us, held back so that what runs can be ended in order first. */
#ifndef EARSHOT_SIGNALS_H
#define EARSHOT_SIGNALS_H

#include <signal.h>

/* Returns a descriptor that can be read once one has come; -1: nowhere, they end us as ever. */
int signals_hold(sigset_t *before);

/* Takes one that has come; 0: none has. */
int signals_take(int fd);

/* Whatever came in meanwhile does now what it would have done. */
void signals_let(int fd, const sigset_t *before);

#endif
