/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What answers to STUN requests prove about a NAT: pure judgement, no socket (RFC 4787, RFC 5780,
 * RFC 3489). */
#ifndef EARSHOT_CHECK_STUN_NAT_H
#define EARSHOT_CHECK_STUN_NAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"

enum known { KNOWN_NOT, KNOWN_YES, KNOWN_NO };
const char *known_text(enum known known); /* "unknown" "yes" "no" */

/* How a NAT chooses the outside port, or whom a filter lets in. */
enum nat_rule {
	NAT_UNKNOWN,
	NAT_INDEPENDENT, /* of the endpoint */
	NAT_BY_ADDRESS,
	NAT_BY_ADDRESS_PORT,
	NAT_DEPENDENT,     /* on the endpoint; on what of it could not be told */
	NAT_CONTRADICTORY, /* the answers fit no rule */
};
/* In the words of the contract; the last two are "unknown" there. */
const char *nat_rule_text(enum nat_rule rule);
bool nat_is_dependent(enum nat_rule rule);

/* One socket as one destination saw it. */
struct nat_view {
	struct addr local; /* the socket's own address towards `to` */
	struct addr to;
	struct addr seen;
	unsigned group; /* the server that answered: its own and its other address are one group */
};

/* Could `seen` be true at all? Not the wildcard, multicast, broadcast or another family; loopback
 * only if local is. */
bool nat_view_is_sane(const struct nat_view *view);

/* Takes out what cannot be the address that the world sees, where other views say better: private
 * addresses beside public ones (a server behind a NAT or proxy of its own, or inside the site), and
 * views of another local address. Returns how many are left, in order. */
size_t nat_views_keep(struct nat_view *views, size_t count);

/* True where a single server in the Internet says that it sees us at a private address (RFC 1918)
 * other than our own: it stands behind a proxy or NAT of its own, or lies. */
bool nat_view_is_doubtful(const struct nat_view *views, size_t count);

/* Is there a translation on the way? */
enum known nat_present(const struct nat_view *views, size_t count);
/* Does the outside port equal the inside one in every view? */
enum known nat_port_preserved(const struct nat_view *views, size_t count);

/* RFC 4787, 4.1, from what several destinations saw of one socket. Where all views together
 * contradict each other, servers that are conclusive by themselves and agree decide. */
enum nat_rule nat_mapping(const struct nat_view *views, size_t count);

/* Rounds from fresh ports: one that differs is chance (a port that another flow held), two alike
 * are the rule. With fewer than two alike NAT_UNKNOWN; *enough says that no further round can
 * change it. */
enum nat_rule nat_mapping_of_rounds(bool *enough, const enum nat_rule *round, size_t count);

/* Whether an OTHER-ADDRESS may be believed and asked: another host of the server's family and of
 * the same reach (public, private, loopback). */
bool nat_other_is_usable(const struct addr *server, const struct addr *other);

/* RFC 3489's word for it: "full-cone" …; "unknown" where not all is known that it takes. */
const char *nat_type(enum known present, enum nat_rule mapping, enum nat_rule filtering);

/* Is there a carrier's NAT? `hop[0]` and `hop[1]` are the second and third router on the way
 * (AF_UNSPEC: not known). *why gets a sentence for a person, or NULL. */
struct nat_carrier {
	struct addr local, seen;
	struct addr hop[2];
	enum known present;
};
enum known nat_is_carrier(const char **why, const struct nat_carrier *carrier);

#endif
