/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a function that can fail returns; ERR_NONE is 0, so `if (err)` reads well. */
#ifndef EARSHOT_BASE_ERR_H
#define EARSHOT_BASE_ERR_H

#define MUST_USE                     __attribute__((warn_unused_result))
#define PRINTF_LIKE(position, first) __attribute__((format(printf, position, first)))

/* Marks a text for translation where it stands in a table; whoever shows it calls gettext(). */
#define N_(text) text

enum err {
	ERR_NONE = 0,
	ERR_MEMORY,      /* no memory */
	ERR_FULL,        /* a ceiling that was set beforehand is reached */
	ERR_TRUNCATED,   /* fewer bytes than the format needs */
	ERR_SYNTAX,      /* bytes or text that break the format */
	ERR_RANGE,       /* a value outside what is allowed */
	ERR_MISMATCH,    /* well-formed, but not the answer to what was asked */
	ERR_AUTH,        /* integrity or credentials do not fit */
	ERR_NOT_FOUND,   /* no such thing */
	ERR_TIMEOUT,     /* no answer in time */
	ERR_REFUSED,     /* the far side said no */
	ERR_UNREACHABLE, /* no way there */
	ERR_PERMISSION,  /* the system does not let us */
	ERR_UNSUPPORTED, /* this system cannot */
	ERR_CANCELLED,   /* the person stopped it */
	ERR_IO,          /* reading or writing failed; errno says how */
};

/* A short lower-case phrase in English; never NULL. */
const char *err_text(enum err err);

/* The nearest `enum err` for a value of errno. */
enum err err_from_errno(int number);

#endif
