/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "capture/live_words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

#include "base/intl.h"
#include "base/mem.h"
#include "base/text.h"

enum { REASON_MAX = 200 };

static const char label[] = "earshot-capture: ";

bool live_words_has_right(const char *path)
{
	return getxattr(path, "security.capability", NULL, 0) > 0;
}

char *live_words_start(const struct capture_live_plan *plan, int number)
{
	if (number == ENOENT)
		return mem_printf(_("the capture helper is not installed: there is no %s"),
				  plan->helper);
	if (number == EACCES)
		return mem_printf(_("this user may not start %s; it belongs to a group: "
				    "as root run once: usermod -aG %s USER, then log in anew"),
				  plan->helper, CAPTURE_GROUP);
	return mem_printf(_("%s cannot be started: %s"), plan->helper, strerror(number));
}

static char *no_permission(const struct capture_live_plan *plan, bool has_right)
{
	if (has_right)
		return mem_printf(
			_("%s has the right to capture, but cannot use it here: this is a "
			  "container, a file system mounted nosuid, or a process that may "
			  "gain nothing; start earshot outside of it"),
			plan->helper);
	return mem_printf(
		_("this user may not capture; as root run once: setcap cap_net_raw+ep %s"),
		plan->helper);
}

/* One failure, "KEY: reason", in words. */
static char *explain(const struct capture_live_plan *plan, struct slice key, struct slice reason,
		     bool has_right)
{
	char *safe = text_safe(reason.at, reason.left, REASON_MAX), *text;

	if (slice_is(key, "permission"))
		text = no_permission(plan, has_right);
	else if (slice_is(key, "no-device"))
		text = mem_printf(_("there is no network interface %s; ip link lists them"),
				  plan->interface);
	else if (slice_is(key, "not-up"))
		text = mem_printf(_("the network interface %s is down; as root: ip link set %s up"),
				  plan->interface, plan->interface);
	else if (slice_is(key, "filter"))
		text = mem_printf(_("the filter '%s' is not understood: %s"), plan->filter, safe);
	else if (slice_is(key, "gone"))
		text = mem_printf(_("the network interface %s gives no more packets: %s"),
				  plan->interface, safe);
	else
		text = mem_printf(_("capturing on %s failed: %s"), plan->interface, safe);
	free(safe);
	return text;
}

static bool count(uint64_t *out, struct slice *words, const char *name)
{
	struct slice value;
	unsigned long number;

	if (slice_until(&value, words, '=') || !slice_is(slice_trim(value), name))
		return false;
	if (slice_until(&value, words, ' ')) {
		value = *words;
		words->left = 0;
	}
	if (slice_number(&number, value, UINT32_MAX))
		return false;
	*out = number;
	return true;
}

char *live_words_read(struct capture_counts *counts, const struct capture_live_plan *plan,
		      struct slice said, bool has_right)
{
	struct slice line, key;
	char *trouble = NULL;

	while (!slice_line(&line, &said)) {
		if (!slice_starts(line, label) || slice_skip(&line, strlen(label)) ||
		    slice_until(&key, &line, ':'))
			continue; /* a sanitizer's or the C library's own words */
		line = slice_trim(line);
		if (slice_is(key, "counts"))
			counts->known = count(&counts->received, &line, "received") &&
					count(&counts->dropped, &line, "dropped");
		else if (!trouble)
			trouble = explain(plan, key, line, has_right);
	}
	return trouble;
}
