/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

static char folder[] = "/tmp/earshot-file-XXXXXX";

static char *in_folder(const char *name)
{
	return mem_printf("%s/%s", folder, name);
}

/* Files in the folder, so that a temporary one left behind shows. */
static int count_files(void)
{
	DIR *directory = opendir(folder);
	int count = 0;

	assert_non_null(directory);
	while (readdir(directory))
		count++;
	closedir(directory);
	return count - 2; /* "." and ".." */
}

static void whole_file_is_written_and_read(void **state)
{
	char *path = in_folder("a"), *data;
	struct stat file;
	size_t length;

	(void)state;
	assert_int_equal(file_write(path, "a\0b", 3), ERR_NONE);
	assert_int_equal(file_write(path, "c\0de", 4), ERR_NONE); /* instead of the old one */
	assert_int_equal(stat(path, &file), 0);
	assert_int_equal(file.st_mode & 07777, 0600);
	assert_int_equal(count_files(), 1);
	assert_int_equal(file_read(&data, &length, path, 4), ERR_NONE);
	assert_int_equal(length, 4);
	assert_memory_equal(data, "c\0de", 5);
	free(data);
	assert_int_equal(file_read(&data, &length, path, 3), ERR_FULL);
	assert_int_equal(file_write(path, "", 0), ERR_NONE);
	assert_int_equal(file_read(&data, &length, path, 0), ERR_NONE);
	assert_int_equal(length, 0);
	assert_string_equal(data, "");
	free(data);
	assert_int_equal(unlink(path), 0);
	free(path);
}

static void failure_leaves_all_as_it_was(void **state)
{
	char *path = in_folder("sub"), *within = in_folder("sub/x"), *nowhere = in_folder("no/x"),
	     *data;
	size_t length;

	(void)state;
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(file_write(path, "x", 1), ERR_IO); /* a folder stands there */
	assert_int_equal(errno, EISDIR);
	assert_int_equal(count_files(), 1);
	assert_int_equal(file_write(nowhere, "x", 1), ERR_NOT_FOUND);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(file_read(&data, &length, nowhere, 9), ERR_NOT_FOUND);
	assert_int_equal(file_read(&data, &length, path, 9), ERR_IO);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(file_write(within, "kept", 4), ERR_NONE);
	assert_int_equal(chmod(path, 0500), 0);
	if (geteuid()) { /* root may all the same */
		assert_int_equal(file_write(within, "new", 3), ERR_PERMISSION);
		assert_int_equal(file_read(&data, &length, within, 9), ERR_NONE);
		assert_string_equal(data, "kept");
		free(data);
	}
	assert_int_equal(chmod(path, 0700), 0);
	assert_int_equal(unlink(within), 0);
	assert_int_equal(rmdir(path), 0);
	free(path);
	free(within);
	free(nowhere);
}

/* A limit on the file's size stands for the full disk: writing stops in the middle. */
static void write_cut_short_leaves_the_old_file(void **state)
{
	char *path = in_folder("a"), *data;
	const char longer[100] = { 'x' };
	struct rlimit before, small;
	size_t length;
	enum err err;
	int number;

	(void)state;
	assert_int_equal(file_write(path, "old", 3), ERR_NONE);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 10;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	err = file_write(path, longer, sizeof longer);
	number = errno;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(err, ERR_IO);
	assert_int_equal(number, EFBIG);
	assert_int_equal(count_files(), 1);
	assert_int_equal(file_read(&data, &length, path, 9), ERR_NONE);
	assert_string_equal(data, "old");
	free(data);
	assert_int_equal(unlink(path), 0);
	free(path);
}

/* A process that begins the file and is killed in the midst of it. */
static void leave_a_draft(const char *path)
{
	const pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (!child) {
		struct file_draft draft;

		if (!file_draft_open(&draft, path) && !file_draft_add(&draft, "half", 4))
			kill(getpid(), SIGKILL);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void what_was_left_by_one_that_was_killed_goes(void **state)
{
	/* What a person may have beside it, and drafts of other files. */
	static const char *const others[] = { "a.backup", "a.earshot-", "a.earshot-1234567",
					      "b.earshot-123456", "aa.earshot-123456" };
	enum { OTHERS = sizeof others / sizeof *others };
	char *path = in_folder("a"), *link = in_folder("a.earshot-123456");
	struct file_draft one, other;

	(void)state;
	for (size_t i = 0; i < OTHERS; i++) {
		char *beside = in_folder(others[i]);

		assert_int_equal(file_write(beside, "x", 1), ERR_NONE);
		free(beside);
	}
	assert_int_equal(symlink("a.backup", link), 0);
	leave_a_draft(path);
	assert_int_equal(count_files(), OTHERS + 2);
	assert_int_equal(file_draft_open(&one, path), ERR_NONE);
	assert_int_equal(count_files(), OTHERS + 2); /* this one instead of that */
	/* One that is being written stays. */
	assert_int_equal(file_draft_open(&other, path), ERR_NONE);
	assert_int_equal(count_files(), OTHERS + 3);
	assert_int_equal(file_draft_keep(&other), ERR_NONE);
	assert_int_equal(file_draft_keep(&one), ERR_NONE);
	assert_int_equal(count_files(), OTHERS + 2);
	for (size_t i = 0; i < OTHERS; i++) {
		char *beside = in_folder(others[i]);

		assert_int_equal(unlink(beside), 0);
		free(beside);
	}
	assert_int_equal(unlink(link), 0);
	assert_int_equal(unlink(path), 0);
	free(link);
	free(path);
}

static void folders_are_made_with_their_parents(void **state)
{
	char *path = in_folder("one/two//three/"), *file = in_folder("plain"),
	     *under = in_folder("plain/sub");
	struct stat made;

	(void)state;
	assert_int_equal(file_make_folder(path), ERR_NONE);
	assert_int_equal(file_make_folder(path), ERR_NONE);
	assert_int_equal(stat(path, &made), 0);
	assert_int_equal(made.st_mode & 07777, 0700);
	assert_int_equal(file_make_folder("/"), ERR_NONE);
	assert_int_equal(file_make_folder("."), ERR_NONE);
	assert_int_equal(file_make_folder(""), ERR_NOT_FOUND);
	assert_int_equal(file_write(file, "", 0), ERR_NONE);
	assert_int_equal(file_make_folder(file), ERR_IO);
	assert_int_equal(errno, ENOTDIR);
	assert_int_equal(file_make_folder(under), ERR_IO);
	assert_int_equal(errno, ENOTDIR);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(path), 0);
	free(path);
	path = in_folder("one/two");
	assert_int_equal(rmdir(path), 0);
	free(path);
	path = in_folder("one");
	assert_int_equal(rmdir(path), 0);
	free(path);
	free(file);
	free(under);
}

static void expect_path(char *path_take, const char *expected)
{
	assert_string_equal(path_take, expected);
	free(path_take);
}

static void home_is_put_in(void **state)
{
	(void)state;
	setenv("HOME", "/home/x", 1);
	expect_path(file_expand("~/a"), "/home/x/a");
	expect_path(file_expand("~"), "/home/x");
	expect_path(file_expand("~other/a"), "~other/a");
	expect_path(file_expand("/a/~/b"), "/a/~/b");
	setenv("EARSHOT_TEST_HOME", "/base", 1);
	expect_path(file_xdg("EARSHOT_TEST_HOME", ".state"), "/base/earshot");
	setenv("EARSHOT_TEST_HOME", "relative", 1);
	expect_path(file_xdg("EARSHOT_TEST_HOME", ".state"), "/home/x/.state/earshot");
	unsetenv("EARSHOT_TEST_HOME");
	expect_path(file_xdg("EARSHOT_TEST_HOME", ".state"), "/home/x/.state/earshot");
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_file_is_written_and_read),
		cmocka_unit_test(failure_leaves_all_as_it_was),
		cmocka_unit_test(write_cut_short_leaves_the_old_file),
		cmocka_unit_test(what_was_left_by_one_that_was_killed_goes),
		cmocka_unit_test(folders_are_made_with_their_parents),
		cmocka_unit_test(home_is_put_in),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
