/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a fuzz target over its corpus, with any compiler: `fuzz_NAME [FILE...]`; without a file,
 * over all of tests/fuzz/corpus/NAME. Each input, and each that is cut short, lies in a heap block
 * of its exact size, so that a sanitizer or valgrind sees a read past the end. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { INPUT_MAX = 1 << 20, CUT_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run_block(const char *data, size_t size)
{
	uint8_t *block = malloc(size ? size : 1);

	if (!block)
		abort();
	memcpy(block, data, size);
	LLVMFuzzerTestOneInput(block, size);
	free(block);
}

static int run_file(const char *path)
{
	char *data;
	size_t size;
	enum err err = file_read(&data, &size, path, INPUT_MAX);

	if (err) {
		fprintf(stderr, "%s: %s\n", path, err_text(err));
		return 1;
	}
	run_block(data, size);
	for (size_t cut = 0; cut < size && cut < CUT_MAX; cut++)
		run_block(data, cut);
	free(data);
	return 0;
}

static int run_folder(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	int failed = 0;
	size_t count = 0;

	if (!folder) {
		perror(path);
		return 1;
	}
	while ((entry = readdir(folder))) {
		char file[4096];

		if (entry->d_name[0] == '.')
			continue;
		if ((size_t)snprintf(file, sizeof file, "%s/%s", path, entry->d_name) >=
		    sizeof file)
			failed = 1;
		else
			failed |= run_file(file);
		count++;
	}
	closedir(folder);
	if (!count)
		fprintf(stderr, "%s: no input there\n", path);
	return failed || !count;
}

/* The corpus of "tests/fuzz/fuzz_stun" is $top_srcdir/tests/fuzz/corpus/stun. */
static int run_corpus(const char *program)
{
	const char *source = getenv("top_srcdir"), *file = strrchr(program, '/');
	const char *name = strstr(file ? file : program, "fuzz_");
	char path[4096];

	if (!name || (size_t)snprintf(path, sizeof path, "%s/tests/fuzz/corpus/%s",
				      source ? source : ".", name + 5) >= sizeof path)
		return 1;
	return run_folder(path);
}

int main(int argc, char **argv)
{
	int failed = 0;

	if (argc == 1)
		return run_corpus(argv[0]);
	for (int i = 1; i < argc; i++)
		failed |= run_file(argv[i]);
	return failed;
}
