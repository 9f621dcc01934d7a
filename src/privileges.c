/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "privileges.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/slice.h"
#include "say.h"

/* The user who called sudo or pkexec; NULL where nobody is known. */
static const struct passwd *invoking_user(void)
{
	const char *names[] = { "SUDO_UID", "PKEXEC_UID" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *text = getenv(names[i]);
		unsigned long uid;

		if (text && !slice_number(&uid, slice_of_text(text), UINT32_MAX) && uid)
			return getpwuid((uid_t)uid);
	}
	return NULL;
}

/* Inside a practice site "root" is the ordinary user, seen from inside. */
static bool is_root(void)
{
	return !geteuid() && !getenv("EARSHOT_PRACTICE");
}

void privileges_warn(void)
{
	if (is_root())
		say(_("running as root is not needed; an ordinary user will do"));
}

enum err privileges_drop(void)
{
	const struct passwd *user = is_root() ? invoking_user() : NULL;

	if (!user)
		return ERR_NONE;
	if (initgroups(user->pw_name, user->pw_gid) || setgid(user->pw_gid) ||
	    setuid(user->pw_uid) || !setuid(0)) {
		say(_("cannot go on as %s: %s"), user->pw_name, strerror(errno));
		return ERR_PERMISSION;
	}
	setenv("HOME", user->pw_dir, 1);
	say(_("running as root is not needed; going on as %s"), user->pw_name);
	return ERR_NONE;
}
