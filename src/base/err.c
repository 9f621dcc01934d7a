/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"
#include "base/intl.h"

#include <errno.h>

const char *err_text(enum err err)
{
	switch (err) {
	case ERR_NONE: return _("no error");
	case ERR_MEMORY: return _("out of memory");
	case ERR_FULL: return _("too much data");
	case ERR_TRUNCATED: return _("cut short");
	case ERR_SYNTAX: return "malformed";
	case ERR_RANGE: return _("value out of range");
	case ERR_MISMATCH: return _("not the answer to what was asked");
	case ERR_AUTH: return _("wrong credentials");
	case ERR_NOT_FOUND: return _("not found");
	case ERR_TIMEOUT: return _("no answer in time");
	case ERR_REFUSED: return "refused";
	case ERR_UNREACHABLE: return "unreachable";
	case ERR_PERMISSION: return _("not permitted");
	case ERR_UNSUPPORTED: return _("not supported here");
	case ERR_CANCELLED: return "cancelled";
	case ERR_IO: return _("input/output error");
	}
	return _("unknown error");
}

enum err err_from_errno(int number)
{
	switch (number) {
	case 0: return ERR_NONE;
	case ENOMEM: return ERR_MEMORY;
	case ENOENT: return ERR_NOT_FOUND;
	case ETIMEDOUT:
	case EAGAIN: return ERR_TIMEOUT;
	case ECONNREFUSED: return ERR_REFUSED;
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENETDOWN:
	case EADDRNOTAVAIL: return ERR_UNREACHABLE;
	case EACCES:
	case EPERM:
	case EROFS: return ERR_PERMISSION;
	case EAFNOSUPPORT:
	case EPROTONOSUPPORT:
	case EOPNOTSUPP:
	case ENOSYS: return ERR_UNSUPPORTED;
	case ECANCELED: return ERR_CANCELLED;
	default: return ERR_IO;
	}
}
