/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a router's description and as the URL it gives: texts are bounded and safe, and only
 * the gateway is ever named. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "net/igd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "manufacturer", "modelName", "NewExternalPort" };
	const struct slice all = slice_of(data, size);
	struct addr gateway, host;
	struct slice path;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char text[IGD_TEXT];

		igd_element(text, all, names[i]);
		if (strlen(text) >= IGD_TEXT || !text_is_safe(text))
			abort();
	}
	if (addr_parse(&gateway, "192.168.1.1", 0))
		abort();
	if (!igd_url(&host, &path, all, &gateway))
		return 0;
	if (!addr_same_host(&host, &gateway) || (path.left && path.at + path.left > data + size))
		abort();
	return 0;
}
