/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef HAVE_LINUX_LANDLOCK_H
#include <linux/landlock.h>
#endif

static void drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	syscall(SYS_capset, &header, none);
}

static void set_limits(unsigned seconds, size_t writes)
{
	const struct {
		__rlimit_resource_t resource;
		rlim_t most;
	} limits[] = {
		{ RLIMIT_CORE, 0 },       { RLIMIT_FSIZE, writes },    { RLIMIT_NPROC, 0 },
		{ RLIMIT_NOFILE, 256 },   { RLIMIT_CPU, seconds + 1 },
/* The sanitizers' shadow memory is larger than any limit that would mean something. */
#ifndef SANITIZED
		{ RLIMIT_DATA, 1 << 30 }, /* two captures with all tables full */
#endif
	};

	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		struct rlimit limit;

		if (getrlimit(limits[i].resource, &limit))
			continue;
		if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > limits[i].most)
			limit.rlim_max = limits[i].most;
		limit.rlim_cur = limit.rlim_max;
		setrlimit(limits[i].resource, &limit);
	}
}

#if defined HAVE_LINUX_LANDLOCK_H && defined SYS_landlock_create_ruleset

/* Where the system keeps its settings, libraries, certificates, zones and what the kernel tells.
 * Never a home. */
static const char *const readable[] = {
	"/etc",
	"/usr",
	"/lib",
	"/lib64",
	"/nix",
	"/proc",
	"/sys",
	"/dev/urandom",
	"/dev/null",
	/* what /etc/resolv.conf may be a link to */
	"/run/systemd/resolve",
	"/run/resolvconf",
	"/run/NetworkManager",
	"/run/connman",
};

/* The rights on files that a kernel of this Landlock version knows
 * (Documentation/userspace-api/landlock). */
static uint64_t file_rights(long version)
{
	const unsigned bits = version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13;

	return (UINT64_C(1) << bits) - 1;
}

static void allow_reading(int ruleset, const char *path)
{
	const uint64_t rights = LANDLOCK_ACCESS_FS_READ_FILE;
	struct landlock_path_beneath_attr beneath = {
		.allowed_access = rights | LANDLOCK_ACCESS_FS_READ_DIR
	};

	beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (beneath.parent_fd < 0)
		return;
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0)) {
		beneath.allowed_access = rights; /* a file has no right to be listed */
		syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	}
	close(beneath.parent_fd);
}

static void limit_files(void)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	const struct landlock_ruleset_attr attr = { .handled_access_fs = file_rights(version) };
	int ruleset;

	if (version < 1)
		return;
	ruleset =
		(int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr.handled_access_fs, 0);
	if (ruleset < 0)
		return;
	for (size_t i = 0; i < sizeof readable / sizeof *readable; i++)
		allow_reading(ruleset, readable[i]);
	syscall(SYS_landlock_restrict_self, ruleset, 0);
	close(ruleset);
}

#else

static void limit_files(void)
{
}

#endif

/* Refused whatever the arguments. By name, so that an older libseccomp or another machine leaves
 * out what it does not know. A list of what is refused, not of what is allowed: a new libc must not
 * break a check. */
static const char *const refused[] = {
	/* programs, and other processes */
	"execve",
	"execveat",
	"fork",
	"vfork",
	"ptrace",
	"process_vm_readv",
	"process_vm_writev",
	"kcmp",
	"pidfd_open",
	"pidfd_getfd",
	"pidfd_send_signal",
	"tkill",
	"rt_sigqueueinfo",
	"rt_tgsigqueueinfo",
	"setns",
	"unshare",
	"process_madvise",
	/* files */
	"creat",
	"unlink",
	"unlinkat",
	"rename",
	"renameat",
	"renameat2",
	"link",
	"linkat",
	"symlink",
	"symlinkat",
	"mkdir",
	"mkdirat",
	"rmdir",
	"mknod",
	"mknodat",
	"chmod",
	"fchmod",
	"fchmodat",
	"fchmodat2",
	"chown",
	"fchown",
	"lchown",
	"fchownat",
	"truncate",
	"ftruncate",
	"fallocate",
	"utime",
	"utimes",
	"utimensat",
	"futimesat",
	"setxattr",
	"lsetxattr",
	"fsetxattr",
	"removexattr",
	"lremovexattr",
	"fremovexattr",
	"memfd_create",
	"memfd_secret",
	"open_by_handle_at",
	"fanotify_init",
	/* the system */
	"mount",
	"umount",
	"umount2",
	"pivot_root",
	"chroot",
	"move_mount",
	"open_tree",
	"fsopen",
	"fsmount",
	"fspick",
	"fsconfig",
	"mount_setattr",
	"swapon",
	"swapoff",
	"reboot",
	"kexec_load",
	"kexec_file_load",
	"init_module",
	"finit_module",
	"delete_module",
	"bpf",
	"perf_event_open",
	"userfaultfd",
	"keyctl",
	"add_key",
	"request_key",
	"sethostname",
	"setdomainname",
	"settimeofday",
	"stime",
	"clock_settime",
	"clock_adjtime",
	"adjtimex",
	"iopl",
	"ioperm",
	"personality",
	"syslog",
	"acct",
	"quotactl",
	"vhangup",
	"setuid",
	"setgid",
	"setreuid",
	"setregid",
	"setresuid",
	"setresgid",
	"setgroups",
	"setfsuid",
	"setfsgid",
	"capset",
	"setrlimit",
	/* what takes other calls past this filter */
	"io_uring_setup",
	"io_uring_enter",
	"io_uring_register",
};

/* Opening for more than reading: refused where (flags & mask) == mask. */
static const uint64_t writing[] = { O_WRONLY, O_RDWR, O_CREAT, O_TRUNC };

#define NO SCMP_ACT_ERRNO(EPERM)

static void refuse(scmp_filter_ctx filter, uint32_t action, const char *name,
		   const struct scmp_arg_cmp *compare, unsigned count)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number != __NR_SCMP_ERROR)
		seccomp_rule_add_array(filter, action, number, count, compare);
}

static void refuse_writing(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < sizeof writing / sizeof *writing; i++) {
		const struct scmp_arg_cmp open_flags[] = { SCMP_A1(SCMP_CMP_MASKED_EQ, writing[i],
								   writing[i]) };
		const struct scmp_arg_cmp openat_flags[] = { SCMP_A2(SCMP_CMP_MASKED_EQ, writing[i],
								     writing[i]) };

		refuse(filter, NO, "open", open_flags, 1);
		refuse(filter, NO, "openat", openat_flags, 1);
	}
}

/* Leaves IP and netlink. Local stream sockets lead to the desktop's and the system's services,
 * which would start programs for us; libc looks up interface names with a local datagram socket. */
static void refuse_sockets(scmp_filter_ctx filter)
{
	const uint32_t no_family = SCMP_ACT_ERRNO(EAFNOSUPPORT);
	const struct scmp_arg_cmp above[] = { SCMP_A0(SCMP_CMP_GT, AF_NETLINK, 0) };
	const struct scmp_arg_cmp stream[] = { SCMP_A0(SCMP_CMP_EQ, AF_UNIX, 0),
					       SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_STREAM) };
	const struct scmp_arg_cmp packets[] = { SCMP_A0(SCMP_CMP_EQ, AF_UNIX, 0),
						SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_SEQPACKET) };

	refuse(filter, no_family, "socket", above, 1);
	refuse(filter, no_family, "socket", stream, 2);
	refuse(filter, no_family, "socket", packets, 2);
	for (int family = AF_INET + 1; family < AF_NETLINK; family++) {
		const struct scmp_arg_cmp old[] = { SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)family, 0) };

		if (family != AF_INET6)
			refuse(filter, no_family, "socket", old, 1);
	}
}

static void refuse_processes(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp no_thread[] = { SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0) };
	const struct scmp_arg_cmp not_me[] = { SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)getpid(), 0) };

	refuse(filter, NO, "clone", no_thread, 1);
	/* abort() and raise() signal the process itself. */
	refuse(filter, NO, "kill", not_me, 1);
	refuse(filter, NO, "tgkill", not_me, 1);
}

static void refuse_calls(void)
{
	const struct scmp_arg_cmp setting[] = { SCMP_A2(SCMP_CMP_NE, 0, 0) };
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (!filter)
		return;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		refuse(filter, NO, refused[i], NULL, 0);
	refuse(filter, NO, "prlimit64", setting, 1); /* asking may be */
	/* Their arguments stand in memory, out of the filter's sight; libc then takes the older
	 * calls. */
	refuse(filter, SCMP_ACT_ERRNO(ENOSYS), "clone3", NULL, 0);
	refuse(filter, SCMP_ACT_ERRNO(ENOSYS), "openat2", NULL, 0);
	refuse_writing(filter);
	refuse_processes(filter);
	refuse_sockets(filter);
	seccomp_load(filter);
	seccomp_release(filter);
}

void sandbox_enter(unsigned seconds, size_t writes)
{
	drop_capabilities();
	set_limits(seconds, writes);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	limit_files();
	refuse_calls();
}
