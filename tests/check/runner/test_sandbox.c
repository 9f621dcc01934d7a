/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a check's process can and cannot do. Each check here tries, and tells errno (0: it could) as
 * facts. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "check/runner.h"
#include "model/fact.h"

#ifdef HAVE_LINUX_LANDLOCK_H
#include <linux/landlock.h>
#endif

static char folder[] = "/tmp/earshot-sandbox-XXXXXX";
static char secret[64], created[64];

static void keep_facts(const struct check *check, const json_t *event, void *context)
{
	struct facts *facts = context;
	const char *name = json_string_value(json_object_get(event, "name"));
	const char *state = json_string_value(json_object_get(event, "state"));

	(void)check;
	if (name)
		facts_set_take(facts, name, json_incref(json_object_get(event, "value")));
	if (state)
		facts_set_text(facts, "state", state);
}

static void run_check(struct facts *facts, const struct check *check)
{
	struct site site;
	struct runner *runner;

	site_init(&site);
	facts_init(facts);
	runner = runner_new(&site, keep_facts, facts);
	assert_int_equal(runner_start(runner, check), ERR_NONE);
	runner_finish(runner, NULL);
	runner_free(runner);
	site_clear(&site);
	assert_string_equal(facts_text(facts, "state"), "done");
}

/* Tells what a call that gives -1 on failure came to. */
static void tell_errno(struct sink *sink, const char *name, long result)
{
	sink_fact_number(sink, name, result < 0 ? errno : 0);
}

static void tell_open(struct sink *sink, const char *name, const char *path, int flags)
{
	tell_errno(sink, name, open(path, flags, 0600));
}

static enum check_state try_forbidden(const struct site *site, struct sink *sink)
{
	pid_t pid;

	(void)site;
	tell_errno(sink, "exec", execl("/bin/true", "true", (char *)NULL));
	pid = fork();
	if (!pid)
		_exit(0);
	tell_errno(sink, "fork", pid);
	tell_open(sink, "create", created, O_WRONLY | O_CREAT);
	tell_open(sink, "write", secret, O_WRONLY);
	tell_open(sink, "append", secret, O_RDWR | O_APPEND);
	tell_open(sink, "truncate", secret, O_RDONLY | O_TRUNC);
	tell_open(sink, "read", secret, O_RDONLY);
	tell_errno(sink, "unlink", unlink(secret));
	tell_errno(sink, "chmod", chmod(secret, 0666));
	tell_errno(sink, "mkdir", mkdir(created, 0700));
	tell_errno(sink, "signal", kill(getppid(), 0));
	tell_errno(sink, "stream", socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	tell_errno(sink, "packet", socket(AF_PACKET, SOCK_RAW, 0));
	tell_errno(sink, "raw", socket(AF_INET, SOCK_RAW, 1));
	tell_errno(sink, "limit", setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 }));
	return CHECK_DONE;
}

static const char *const forbidden_facts[] = { "exec",   "fork",     "create", "write",
					       "append", "truncate", "read",   "unlink",
					       "chmod",  "mkdir",    "signal", "stream",
					       "packet", "raw",      "limit",  NULL };
static const struct check forbidden = {
	.name = "forbidden", .seconds = 20, .facts = forbidden_facts, .run = try_forbidden
};

static bool has_landlock(void)
{
#if defined HAVE_LINUX_LANDLOCK_H && defined SYS_landlock_create_ruleset
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
#else
	return false;
#endif
}

static void forbidden_things_fail(void **state)
{
	struct facts facts;
	struct stat file;

	(void)state;
	run_check(&facts, &forbidden);
	for (const char *const *name = forbidden_facts; *name; name++) {
		if (!strcmp(*name, "read") && !has_landlock())
			continue;
		if (facts_number(&facts, *name, 0) == 0)
			fail_msg("a check can %s", *name);
	}
	facts_clear(&facts);
	assert_int_equal(stat(created, &file), -1);
	assert_int_equal(stat(secret, &file), 0);
	assert_int_equal(file.st_size, 4);
	assert_int_equal(file.st_mode & 0777, 0600);
}

static enum check_state try_allowed(const struct site *site, struct sink *sink)
{
	struct rlimit limit;

	(void)site;
	tell_errno(sink, "udp", socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0));
	tell_errno(sink, "tcp", socket(AF_INET, SOCK_STREAM, 0));
	tell_errno(sink, "netlink", socket(AF_NETLINK, SOCK_RAW, 0));
	tell_open(sink, "os", "/etc/passwd", O_RDONLY);
	tell_open(sink, "proc", "/proc/net/route", O_RDONLY);
	tell_open(sink, "sys", "/sys/class/net", O_RDONLY | O_DIRECTORY);
	tell_open(sink, "random", "/dev/urandom", O_RDONLY);
	tell_errno(sink, "index", if_nametoindex("lo") ? 0 : -1);
	tell_errno(sink, "limits", getrlimit(RLIMIT_NOFILE, &limit));
	return CHECK_DONE;
}

static const char *const allowed_facts[] = { "udp", "tcp",    "netlink", "os",     "proc",
					     "sys", "random", "index",   "limits", NULL };
static const struct check allowed = {
	.name = "allowed", .seconds = 20, .facts = allowed_facts, .run = try_allowed
};

static void needed_things_work(void **state)
{
	struct facts facts;

	(void)state;
	run_check(&facts, &allowed);
	for (const char *const *name = allowed_facts; *name; name++)
		if (facts_number(&facts, *name, -1) != 0)
			fail_msg("a check cannot use %s: %s", *name,
				 strerror((int)facts_number(&facts, *name, -1)));
	facts_clear(&facts);
}

static enum check_state list_descriptors(const struct site *site, struct sink *sink)
{
	json_t *open_ones = json_array();

	(void)site;
	for (int fd = 0; fd < 4096; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			json_array_append_new(open_ones, json_integer(fd));
	sink_fact_take(sink, "open", open_ones);
	return CHECK_DONE;
}

static const char *const open_facts[] = { "open", NULL };
static const struct check descriptors = {
	.name = "descriptors", .seconds = 20, .facts = open_facts, .run = list_descriptors
};

static void parents_descriptors_are_closed(void **state)
{
	struct facts facts;
	json_t *expected = json_pack("[i, i, i, i]", 0, 1, 2, 3);
	int mine = fcntl(STDERR_FILENO, F_DUPFD, 700); /* without close-on-exec */

	(void)state;
	assert_true(mine >= 700);
	run_check(&facts, &descriptors);
	assert_true(json_equal(facts_get(&facts, "open"), expected));
	json_decref(expected);
	facts_clear(&facts);
	close(mine);
}

static enum check_state look_at_signals(const struct site *site, struct sink *sink)
{
	struct sigaction action;
	sigset_t blocked;
	int set = 0;

	(void)site;
	sigprocmask(SIG_SETMASK, NULL, &blocked);
	for (int number = 1; number < 32; number++) {
		if (sigaction(number, NULL, &action))
			continue;
		set += sigismember(&blocked, number) ||
		       (action.sa_handler != SIG_DFL && number != SIGPIPE);
	}
	sink_fact_number(sink, "open", set);
	return CHECK_DONE;
}

static const struct check signals = {
	.name = "signals", .seconds = 20, .facts = open_facts, .run = look_at_signals
};

static void parents_signal_handling_is_gone(void **state)
{
	struct facts facts;
	sigset_t one, before;

	(void)state;
	sigemptyset(&one);
	sigaddset(&one, SIGUSR2);
	sigprocmask(SIG_BLOCK, &one, &before);
	signal(SIGUSR1, SIG_IGN);
	run_check(&facts, &signals);
	signal(SIGUSR1, SIG_DFL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	assert_true(facts_number(&facts, "open", -1) == 0);
	facts_clear(&facts);
}

/* True where a filter can be loaded; without seccomp the process limits alone do not hold back
 * root. */
static bool has_seccomp(void)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid) {
		execl("/bin/sh", "sh", "-c", "grep -q '^Seccomp_filters:' /proc/self/status",
		      (char *)NULL);
		_exit(1);
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && !WEXITSTATUS(status);
}

static int make_files(void **state)
{
	int fd;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(secret, sizeof secret, "%s/secret", folder);
	snprintf(created, sizeof created, "%s/created", folder);
	fd = open(secret, O_WRONLY | O_CREAT, 0600);
	if (fd < 0 || write(fd, "deep", 4) != 4)
		return -1;
	return close(fd);
}

static int remove_files(void **state)
{
	(void)state;
	unlink(secret);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forbidden_things_fail),
		cmocka_unit_test(needed_things_work),
		cmocka_unit_test(parents_descriptors_are_closed),
		cmocka_unit_test(parents_signal_handling_is_gone),
	};

	if (!has_seccomp()) {
		puts("skipped: this kernel has no seccomp filters");
		return 77;
	}
	return cmocka_run_group_tests(tests, make_files, remove_files);
}
