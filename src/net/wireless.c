/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "net/wireless.h"

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>

#include "base/buf.h"
#include "net/netlink.h"

#ifdef HAVE_LINUX_NL80211_H
#include <linux/nl80211.h>

enum { MESSAGE_MAX = 256 };

struct command {
	uint16_t family;
	uint16_t flags;
	uint8_t number;
	uint16_t attribute;
	struct slice value;
};

static enum err ask(const struct command *command, netlink_handler *handler, void *context)
{
	static const uint8_t zeros[4] = { 0 };
	const struct genlmsghdr header = { .cmd = command->number, .version = 1 };
	const struct nlattr attribute = { .nla_len = (uint16_t)(sizeof attribute +
								command->value.left),
					  .nla_type = command->attribute };
	struct netlink_question question = { .protocol = NETLINK_GENERIC,
					     .type = command->family,
					     .flags = command->flags };
	struct buf payload;
	enum err err;

	buf_init(&payload, MESSAGE_MAX);
	err = buf_add(&payload, &header, sizeof header);
	if (!err)
		err = buf_add(&payload, &attribute, sizeof attribute);
	if (!err)
		err = buf_add(&payload, command->value.at, command->value.left);
	if (!err)
		err = buf_add(&payload, zeros, (4 - command->value.left % 4) % 4);
	question.payload = slice_of(payload.data, payload.length);
	if (!err)
		err = netlink_ask(&question, handler, context);
	buf_clear(&payload);
	return err;
}

static void take_family(uint16_t type, struct slice payload, void *context)
{
	struct slice value;
	uint16_t number;

	(void)type;
	if (!slice_skip(&payload, sizeof(struct genlmsghdr)) &&
	    !netlink_find(&value, payload, CTRL_ATTR_FAMILY_ID) &&
	    !slice_copy(&number, sizeof number, &value))
		*(uint16_t *)context = number;
}

/* The number that nl80211 has on this kernel; 0: none. */
static uint16_t find_family(void)
{
	static const char name[] = NL80211_GENL_NAME;
	const struct command command = { .family = GENL_ID_CTRL,
					 .number = CTRL_CMD_GETFAMILY,
					 .attribute = CTRL_ATTR_FAMILY_NAME,
					 .value = slice_of(name, sizeof name) };
	uint16_t family = 0;

	return ask(&command, take_family, &family) ? 0 : family;
}

static enum err ask_of(unsigned index, uint8_t number, uint16_t flags, netlink_handler *handler,
		       void *context)
{
	const uint32_t which = index;
	const struct command command = { .family = find_family(),
					 .flags = flags,
					 .number = number,
					 .attribute = NL80211_ATTR_IFINDEX,
					 .value = slice_of(&which, sizeof which) };

	return command.family ? ask(&command, handler, context) : ERR_NOT_FOUND;
}

static void take_interface(uint16_t type, struct slice payload, void *context)
{
	(void)type;
	(void)payload;
	*(bool *)context = true;
}

bool wireless_is(unsigned index)
{
	bool known = false;

	return !ask_of(index, NL80211_CMD_GET_INTERFACE, 0, take_interface, &known) && known;
}

enum err wireless_station_signal(int *dbm, struct slice attributes)
{
	struct slice station, value;
	uint8_t byte;
	enum err err = netlink_find(&station, attributes, NL80211_ATTR_STA_INFO);

	if (err)
		return err;
	/* The mean, else that of the last packet. */
	err = netlink_find(&value, station, NL80211_STA_INFO_SIGNAL_AVG);
	if (err == ERR_NOT_FOUND)
		err = netlink_find(&value, station, NL80211_STA_INFO_SIGNAL);
	if (!err)
		err = slice_be8(&byte, &value);
	if (!err)
		*dbm = (int8_t)byte;
	return err;
}

struct stations {
	unsigned count;
	int dbm;
	enum err err;
};

static void take_station(uint16_t type, struct slice payload, void *context)
{
	struct stations *stations = context;

	(void)type;
	stations->count++;
	stations->err = slice_skip(&payload, sizeof(struct genlmsghdr));
	if (!stations->err)
		stations->err = wireless_station_signal(&stations->dbm, payload);
}

enum err wireless_signal(int *dbm, unsigned index)
{
	struct stations stations = { 0 };

	if (ask_of(index, NL80211_CMD_GET_STATION, NLM_F_DUMP, take_station, &stations) ||
	    stations.count != 1 || stations.err || stations.dbm >= 0)
		return ERR_NOT_FOUND;
	*dbm = stations.dbm;
	return ERR_NONE;
}

#else

bool wireless_is(unsigned index)
{
	(void)index;
	return false;
}

enum err wireless_signal(int *dbm, unsigned index)
{
	(void)dbm;
	(void)index;
	return ERR_NOT_FOUND;
}

enum err wireless_station_signal(int *dbm, struct slice attributes)
{
	(void)dbm;
	(void)attributes;
	return ERR_NOT_FOUND;
}

#endif
