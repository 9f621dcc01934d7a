/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paths.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

/* The path if something readable is there, else NULL. Takes `path`. */
static char *if_readable(char *path)
{
	if (path && !access(path, R_OK))
		return path;
	free(path);
	return NULL;
}

char *paths_data(const char *name)
{
	char *self = file_self();
	char *slash = self ? strrchr(self, '/') : NULL;
	char *found = NULL;

	if (slash) {
		*slash = 0;
		found = if_readable(mem_printf("%s/../share/earshot/%s", self, name));
	}
	free(self);
	return found ? found : mem_printf("%s/%s", PKGDATADIR, name);
}

char *paths_default_profile(void)
{
	char *folder = file_xdg("XDG_CONFIG_HOME", ".config");
	char *path = folder ? mem_printf("%s/earshot.conf", folder) : NULL;

	free(folder);
	return if_readable(path);
}
