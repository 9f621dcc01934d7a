/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paths.h"

#include <glob.h>
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

/* ../share/`name` as the running program sees it. The caller frees; NULL: not known. */
static char *beside(const char *name)
{
	char *self = file_self();
	char *slash = self ? strrchr(self, '/') : NULL;
	char *path = NULL;

	if (slash) {
		*slash = 0;
		path = mem_printf("%s/../share/%s", self, name);
	}
	free(self);
	return path;
}

char *paths_data(const char *name)
{
	char *inside = mem_printf("earshot/%s", name);
	char *found = if_readable(beside(inside));

	free(inside);
	return found ? found : mem_printf("%s/%s", PKGDATADIR, name);
}

char *paths_locale(void)
{
	char *catalogues = beside("locale/*/LC_MESSAGES/earshot.mo");
	char *folder = NULL;
	glob_t found;

	if (catalogues && !glob(catalogues, GLOB_NOSORT, NULL, &found)) {
		folder = beside("locale");
		globfree(&found);
	}
	free(catalogues);
	return folder ? folder : mem_text(LOCALEDIR);
}

char *paths_profile(const char *name)
{
	char *kind, *path;

	if (strchr(name, '/') || !access(name, F_OK))
		return mem_text(name);
	kind = mem_printf("providers/%s.conf", name);
	path = if_readable(paths_data(kind));
	free(kind);
	return path ? path : mem_text(name);
}

char *paths_default_profile(void)
{
	char *folder = file_xdg("XDG_CONFIG_HOME", ".config");
	char *path = folder ? mem_printf("%s/earshot.conf", folder) : NULL;

	free(folder);
	return if_readable(path);
}
