/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telephone numbers inside a text that anybody wrote, and what looks like one and is none. */
#ifndef EARSHOT_REPORT_MASK_NUMBER_H
#define EARSHOT_REPORT_MASK_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* The way through one text, from its start to its end. */
struct mask_numbers {
	const char *text;
	const char *address_end; /* behind the last address seen, which a port may follow */
	const char *port_end;    /* behind the last port seen, which others may follow */
};

struct mask_number {
	size_t length;  /* 0: nothing begins here */
	bool is_hidden; /* its digits are a telephone number's; else it stays as a whole */
};

/* What begins at `at`: the user part of a SIP or tel URI, a telephone number, or digits that mean
 * something else. */
struct mask_number mask_find_number(struct mask_numbers *numbers, const char *at);

#endif
