/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

static const char draft_mark[] = ".earshot-";
enum { DRAFT_LETTERS = 6 }; /* behind that, of mkostemp(3) */

static enum err write_all(int fd, const char *data, size_t length)
{
	while (length) {
		ssize_t wrote = write(fd, data, length);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			return err_from_errno(errno);
		data += wrote;
		length -= (size_t)wrote;
	}
	return ERR_NONE;
}

/* The rename itself must survive a power cut too. */
static void sync_folder_of(const char *path)
{
	char *folder = mem_text(path);
	char *slash = strrchr(folder, '/');
	int fd;

	if (slash)
		slash[slash == folder] = 0;
	fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

/* Is that a draft of the file called `name`? No person gives a file such a name. */
static bool is_draft_of(const char *entry, const char *name)
{
	const size_t length = strlen(name);

	return !strncmp(entry, name, length) &&
	       !strncmp(entry + length, draft_mark, sizeof draft_mark - 1) &&
	       strlen(entry + length) == sizeof draft_mark - 1 + DRAFT_LETTERS;
}

/* Whoever writes a draft holds a lock on it, which is gone with the process, however that ended. */
static void remove_unlocked(int folder, const char *entry)
{
	const int fd = openat(folder, entry, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat there;

	if (fd < 0)
		return;
	if (!fstat(fd, &there) && S_ISREG(there.st_mode) && there.st_uid == geteuid() &&
	    !flock(fd, LOCK_EX | LOCK_NB))
		unlinkat(folder, entry, 0);
	close(fd);
}

/* What a process that was killed left of that file. */
static void remove_leftovers(const char *path)
{
	char *folder = mem_text(path);
	char *slash = strrchr(folder, '/');
	const char *name = slash ? path + (slash - folder) + 1 : path;
	const struct dirent *entry;
	DIR *opened;

	if (slash)
		slash[slash == folder] = 0;
	opened = opendir(slash ? folder : ".");
	while (opened && (entry = readdir(opened)))
		if (is_draft_of(entry->d_name, name))
			remove_unlocked(dirfd(opened), entry->d_name);
	if (opened)
		closedir(opened);
	free(folder);
}

/* False: somebody took it for a leftover before it was locked. Where files cannot be locked it is
 * not, and nobody takes it for one. */
static bool hold(int fd)
{
	struct stat there;

	while (flock(fd, LOCK_EX) && errno == EINTR)
		;
	return fstat(fd, &there) || there.st_nlink;
}

static bool is_folder(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISDIR(status.st_mode);
}

enum err file_draft_open(struct file_draft *draft, const char *path)
{
	char *temporary = NULL;
	int fd = -1;

	if (is_folder(path)) { /* the rename at the end would fail, after all the work */
		errno = EISDIR;
		return err_from_errno(errno);
	}
	remove_leftovers(path);
	do {
		if (fd >= 0)
			close(fd);
		free(temporary);
		temporary = mem_printf("%s%sXXXXXX", path, draft_mark);
		fd = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
	} while (fd >= 0 && !hold(fd));
	if (fd < 0) {
		int saved = errno;

		free(temporary);
		errno = saved;
		return err_from_errno(saved);
	}
	*draft = (struct file_draft){ .path = mem_text(path), .temporary = temporary, .fd = fd };
	return ERR_NONE;
}

enum err file_draft_add(struct file_draft *draft, const void *data, size_t length)
{
	return write_all(draft->fd, data, length);
}

/* Ends the draft, which stays under its temporary name. */
static enum err close_draft(struct file_draft *draft)
{
	enum err err = fsync(draft->fd) ? err_from_errno(errno) : ERR_NONE;
	int saved = errno;

	if (close(draft->fd) && !err) {
		saved = errno;
		err = err_from_errno(saved);
	}
	draft->fd = -1;
	errno = saved;
	return err;
}

enum err file_draft_keep(struct file_draft *draft)
{
	enum err err = close_draft(draft);
	int saved;

	if (!err && rename(draft->temporary, draft->path))
		err = err_from_errno(errno);
	saved = errno;
	if (!err) {
		sync_folder_of(draft->path);
		free(draft->temporary);
		draft->temporary = NULL;
	}
	file_draft_drop(draft);
	errno = saved;
	return err;
}

void file_draft_drop(struct file_draft *draft)
{
	int saved = errno;

	if (draft->path && draft->fd >= 0)
		close(draft->fd);
	if (draft->temporary)
		unlink(draft->temporary);
	free(draft->temporary);
	free(draft->path);
	*draft = (struct file_draft){ .fd = -1 };
	errno = saved;
}

enum err file_write(const char *path, const void *data, size_t length)
{
	struct file_draft draft;
	enum err err = file_draft_open(&draft, path);

	if (err)
		return err;
	err = file_draft_add(&draft, data, length);
	if (!err)
		return file_draft_keep(&draft);
	file_draft_drop(&draft);
	return err;
}

static enum err read_all(struct buf *buf, int fd)
{
	char block[16384];
	ssize_t got;

	while ((got = read(fd, block, sizeof block)) != 0) {
		enum err err;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_from_errno(errno);
		err = buf_add(buf, block, (size_t)got);
		if (err)
			return err;
	}
	return ERR_NONE;
}

enum err file_read(char **out, size_t *length, const char *path, size_t max)
{
	const bool from_stdin = !strcmp(path, "-");
	int fd = from_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct buf buf;
	enum err err;
	int saved;

	if (fd < 0)
		return err_from_errno(errno);
	buf_init(&buf, max);
	err = read_all(&buf, fd);
	saved = errno;
	if (!from_stdin)
		close(fd);
	if (!err) {
		*length = buf.length;
		*out = buf_take(&buf);
		if (!*out)
			err = ERR_MEMORY;
	}
	buf_clear(&buf);
	errno = saved;
	return err;
}

static enum err make_one_folder(const char *path)
{
	struct stat there;

	if (!mkdir(path, 0700))
		return ERR_NONE;
	if (errno != EEXIST)
		return err_from_errno(errno);
	if (stat(path, &there))
		return err_from_errno(errno);
	if (S_ISDIR(there.st_mode))
		return ERR_NONE;
	errno = ENOTDIR;
	return ERR_IO;
}

enum err file_make_folder(const char *path)
{
	char *copy = mem_text(path);
	enum err err = ERR_NONE;
	int saved;

	for (char *slash = copy; !err && slash;) {
		slash = *slash ? strchr(slash + 1, '/') : NULL;
		if (slash)
			*slash = 0;
		err = make_one_folder(copy);
		if (slash)
			*slash = '/';
	}
	saved = errno;
	free(copy);
	errno = saved;
	return err;
}

static const char *home(void)
{
	const char *named = getenv("HOME");
	const struct passwd *user;

	if (named && *named)
		return named;
	user = getpwuid(getuid());
	return user ? user->pw_dir : NULL;
}

char *file_expand(const char *path)
{
	if (path[0] == '~' && (path[1] == '/' || !path[1]) && home())
		return mem_printf("%s%s", home(), path + 1);
	return mem_text(path);
}

char *file_xdg(const char *variable, const char *fallback)
{
	const char *base = getenv(variable);

	/* The XDG specification has relative paths ignored. */
	if (base && base[0] == '/')
		return mem_printf("%s/earshot", base);
	return home() ? mem_printf("%s/%s/earshot", home(), fallback) : NULL;
}

char *file_self(void)
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);

	if (length <= 0)
		return NULL;
	path[length] = 0;
	return mem_text(path);
}
