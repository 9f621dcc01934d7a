/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "privileges.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
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

static bool set_capabilities(unsigned kept)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {
		{ .permitted = kept, .inheritable = kept }
	};

	return !syscall(SYS_capset, &header, sets);
}

/* The capture helper, which this process starts, gets the right to capture by that (ambient, see
 * capabilities(7)), as it has where it was installed with it. Not effective: this process itself
 * cannot use it, and each check gives it up first of all. A root without the right has none to
 * keep. */
static bool keep_right(void)
{
	if (set_capabilities(1u << CAP_NET_RAW) &&
	    !prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0))
		return true;
	return set_capabilities(0);
}

static bool become(const struct passwd *user, bool captures)
{
	if (captures && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
		return false;
	return !initgroups(user->pw_name, user->pw_gid) && !setgid(user->pw_gid) &&
	       !setuid(user->pw_uid) && (!captures || keep_right()) && setuid(0) && !is_root();
}

enum err privileges_drop(bool captures)
{
	const struct passwd *user = is_root() ? invoking_user() : NULL;

	if (!user)
		return ERR_NONE;
	if (!become(user, captures)) {
		say(_("cannot go on as %s: %s"), user->pw_name, strerror(errno));
		return ERR_PERMISSION;
	}
	setenv("HOME", user->pw_dir, 1);
	say(_("running as root is not needed; going on as %s"), user->pw_name);
	return ERR_NONE;
}
