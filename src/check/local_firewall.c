/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/local_firewall.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/intl.h"
#include "check/target.h"
#include "net/icmp.h"
#include "net/udp.h"

enum {
	TRIES = 3, /* a full table of connections refuses once in a while, too */
	NAME_MS = 1500,
	DISCARD_PORT = 9,
	PURSE_MS = 1500, /* of waiting for the first router's next answer */
};

struct port {
	const char *what; /* "SIP" */
	struct addr to;
	bool blocked;
};

/* RFC 5626, 3.5.1: what keeps a SIP connection alive; for voice ports as good as anything. A socket
 * of its own, for an error that an earlier datagram left must not count. */
static enum err send_one(const struct addr *to, const struct site *site)
{
	static const char keep_alive[] = "\r\n\r\n";
	struct udp_plan plan = { .local = addr_any(addr_family(to), 0), .device = site->interface };
	int fd;
	enum err err = udp_open(&fd, &plan);

	if (err)
		return err;
	err = udp_set_ttl(fd, addr_family(to), 1);
	if (!err)
		err = udp_send(fd, to, keep_alive, sizeof keep_alive - 1);
	close(fd);
	return err;
}

static void await_purse(const struct site *site, const struct deadline *until)
{
	const struct deadline patience = deadline_first(deadline_in(PURSE_MS), *until);
	int64_t wait;

	while ((wait = icmp_spend(site->icmp, 1, clock_ms())) && !deadline_passed(&patience)) {
		const struct deadline next = deadline_first(deadline_in(wait), patience);

		poll(NULL, 0, deadline_left_ms(&next));
	}
}

/* Every try refused: what leaves costs the first router an answer, what does not leave costs
 * nothing. */
static bool is_refused(const struct addr *to, const struct site *site, const struct deadline *until)
{
	for (unsigned i = 0; i < TRIES; i++) {
		await_purse(site, until);
		if (send_one(to, site) != ERR_PERMISSION)
			return false;
		icmp_give_back(site->icmp, 1);
	}
	return true;
}

static size_t add_sip(struct port *ports, const struct site *site, const struct sip_targets *sip)
{
	/* TCP does not tell its user that a filter swallows it. */
	if (site->transport != TRANSPORT_AUTO && site->transport != TRANSPORT_UDP)
		return 0;
	ports[0] = (struct port){ .what = "SIP", .to = *target_address(sip) };
	return 1;
}

/* An even port in the middle of the range, as RTP has it (RFC 3550, 11). */
static size_t add_voice(struct port *ports, const struct site *site, const struct addr *server)
{
	const struct deadline names = deadline_in(NAME_MS);
	const uint16_t middle = (uint16_t)((site->rtp_first + site->rtp_last) / 2 & ~1);
	struct addr_list list;

	if (!site->rtp_first)
		return 0;
	ports[0] = (struct port){ .what = _("voice (RTP)"), .to = *server };
	if (site->media.host) {
		if (resolver_host(&list, site->media.host, 0, addr_family(server), &names))
			return 0;
		ports[0].to = list.addr[0];
		addr_list_clear(&list);
	}
	addr_set_port(&ports[0].to, middle < site->rtp_first ? site->rtp_first : middle);
	return 1;
}

static void tell(struct sink *sink, const struct port *ports, size_t count, bool everything)
{
	struct finding *finding = finding_new("host-firewall-blocks");
	char text[ADDR_TEXT];

	finding->direction = DIRECTION_OUT;
	for (size_t i = 0; i < count; i++)
		if (ports[i].blocked)
			finding_evidence(
				finding,
				_("This computer refused %d times of %d to send UDP for %s "
				  "to %s (EPERM): a rule of its own for what goes out "
				  "drops it."),
				TRIES, TRIES, ports[i].what, addr_text(text, &ports[i].to));
		else
			finding_evidence(finding, _("UDP for %s to %s is let out."), ports[i].what,
					 addr_text(text, &ports[i].to));
	if (everything)
		finding_evidence(finding,
				 _("Nor may UDP to a port that has nothing to do with SIP or voice "
				   "(%d) leave it: the rule is not about these ports alone."),
				 DISCARD_PORT);
	sink_finding_take(sink, finding);
}

static void try_ports(struct port *ports, size_t count, const struct site *site, struct sink *sink,
		      const struct deadline *until)
{
	struct addr other = ports[0].to;
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		ports[i].blocked = is_refused(&ports[i].to, site, until);
		any = any || ports[i].blocked;
	}
	if (!any)
		return;
	addr_set_port(&other, DISCARD_PORT);
	tell(sink, ports, count, is_refused(&other, site, until));
}

bool local_firewall(const struct site *site, const struct sip_targets *sip, struct sink *sink,
		    const struct deadline *until)
{
	struct port ports[2];
	size_t count;

	if (!sip->count)
		return true;
	count = add_sip(ports, site, sip);
	count += add_voice(ports + count, site, count ? &ports[0].to : &sip->target[0].addr);
	if (!count)
		return true;
	if (icmp_turn_take(site->icmp, until))
		return false;
	try_ports(ports, count, site, sink, until);
	icmp_turn_leave(site->icmp);
	return true;
}
