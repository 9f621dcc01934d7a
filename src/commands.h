/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands, a file each; every one takes the options and returns the exit status. */
#ifndef EARSHOT_COMMANDS_H
#define EARSHOT_COMMANDS_H

#include "options.h"

int cmd_wizard(struct options *options);
int cmd_capture(struct options *options);
int cmd_check(struct options *options);
int cmd_diagnose(struct options *options);
int cmd_analyze(struct options *options);
int cmd_report(struct options *options);
int cmd_practice(struct options *options);
int cmd_tree(struct options *options);

#endif
