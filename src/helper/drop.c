/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/drop.h"

#include <errno.h>
#include <grp.h>
#include <linux/securebits.h>
#include <seccomp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "helper/say.h"

enum { NOBODY = 65534 }; /* the kernel's own overflow user */

static int failed(const char *what)
{
	return say("privileges", "%s: %s", what, strerror(errno));
}

/* Where there is root in the game: user id 0 gives nothing any more, whatever is executed. The
 * right to say so comes with root alone; with file capabilities there is nothing to say. */
static void lock_root(void)
{
	for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
		prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
	prctl(PR_SET_SECUREBITS,
	      SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP_LOCKED |
		      SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |
		      SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED,
	      0, 0, 0);
}

/* In a user namespace root may be the only user there is, and groups may be fixed. That root is the
 * caller, and without capabilities it can do what the caller can. */
static bool is_only_user(int number)
{
	return number == EINVAL || number == EPERM;
}

static int become_caller(void)
{
	const bool was_root = !geteuid();
	const uid_t user = getuid() ? getuid() : NOBODY;
	const gid_t group = getuid() ? getgid() : NOBODY;

	if (was_root && !getuid() && setgroups(0, NULL) && !is_only_user(errno))
		return failed("setgroups");
	if (!setresgid(group, group, group) && !setresuid(user, user, user))
		return !setuid(0) || !seteuid(0) ? say("privileges", "root can be regained")
						 : SAID_FINE;
	if (!was_root || getuid() || !is_only_user(errno))
		return failed("setresuid");
	return SAID_FINE;
}

/* All sets of this process, as cap_get_proc(3) and the ambient set have them. */
static bool has_capability(void)
{
	cap_t held = cap_get_proc(), none = cap_init();
	const bool differs = !held || !none || cap_compare(held, none);

	cap_free(held);
	cap_free(none);
	for (cap_value_t one = 0; one <= CAP_LAST_CAP; one++)
		if (cap_get_ambient(one) > 0)
			return true;
	return differs;
}

static int drop_capabilities(void)
{
	cap_t none = cap_init();

	cap_reset_ambient(); /* a kernel without it has none */
	if (!none || cap_set_proc(none))
		return failed("cap_set_proc");
	cap_free(none);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return failed("no_new_privs");
	return has_capability() ? say("privileges", "a capability is left") : SAID_FINE;
}

/* What libpcap needs to read from an open device and to narrow it, what memory and the end take.
 * Everything else is refused with an error, not death: a C library may try what it can do without.
 */
static const int allowed[] = {
	SCMP_SYS(brk),          SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64),
	SCMP_SYS(close),        SCMP_SYS(exit),          SCMP_SYS(exit_group),
	SCMP_SYS(fcntl),        SCMP_SYS(fcntl64),       SCMP_SYS(futex),
	SCMP_SYS(getsockopt),   SCMP_SYS(madvise),       SCMP_SYS(mmap),
	SCMP_SYS(mmap2),        SCMP_SYS(mremap),        SCMP_SYS(munmap),
	SCMP_SYS(poll),         SCMP_SYS(ppoll),         SCMP_SYS(ppoll_time64),
	SCMP_SYS(recv),         SCMP_SYS(recvfrom),      SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(setsockopt),    SCMP_SYS(sigreturn),
	SCMP_SYS(sigaltstack), /* the address sanitizer, before the end */
};

/* Only the pipes are written to: writing to the device would send packets. */
static int allow_writing(scmp_filter_ctx filter)
{
	const int calls[] = { SCMP_SYS(write), SCMP_SYS(writev) };
	int err = 0;

	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		for (size_t i = 0; i < sizeof calls / sizeof *calls && !err; i++) {
			const struct scmp_arg_cmp to[] = { SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)fd,
								   0) };

			err = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, calls[i], 1, to);
		}
	return err;
}

/* How libpcap learns that the interface has gone. */
static int allow_flags(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp asked[] = { SCMP_A1(SCMP_CMP_EQ, SIOCGIFFLAGS, 0) };

	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, asked);
}

static int limit_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int err = filter ? allow_writing(filter) : -ENOMEM;

	if (!err)
		err = allow_flags(filter);
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed && !err; i++)
		err = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, allowed[i], 0, NULL);
	if (!err)
		err = seccomp_load(filter);
	if (filter)
		seccomp_release(filter);
	errno = -err;
	return err ? failed("seccomp") : SAID_FINE;
}

int drop_privileges(void)
{
	int status;

	lock_root();
	status = become_caller();
	if (!status)
		status = drop_capabilities();
	return status ? status : limit_calls();
}
