/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the check "dns": what each resolver says, gathered (dns_gather.c), looked into
 * (dns_probe.c), judged (dns_judge.c, dns_names.c) and told (dns.c). */
#ifndef EARSHOT_CHECK_DNS_H
#define EARSHOT_CHECK_DNS_H

#include <stdbool.h>
#include <stddef.h>

#include "check/check.h"
#include "net/locate.h"

enum {
	DNS_SUBJECTS_MAX = SITE_STUN_MAX,
	DNS_PROBES_MAX = 16, /* addresses asked whether a SIP server is there */
	DNS_PROBES_A_VIEW = 4,
	DNS_PROBE_MS = 1500,
	DNS_SLOW_LIMIT_MS = 500, /* RFC 3263 takes three look-ups in a row before a call starts */
	DNS_GATHER_MS = 2 * DNS_PATIENCE_MS + 1000, /* names, then the names of their servers */
};

/* Whether something answers on a SIP port. */
enum dns_reach { REACH_NOT_TRIED, REACH_NO_WAY, REACH_SILENT, REACH_REFUSED, REACH_ANSWERS };

struct dns_probe {
	struct addr addr;
	bool udp; /* SIP OPTIONS over UDP as well as a TCP connection */
	enum dns_reach reach;
};
/* Tries all at once, at most DNS_PROBE_MS. This host's own and group addresses are not tried:
 * REACH_NO_WAY. */
void dns_probe_run(struct dns_probe *probe, size_t count);

/* A name to look for. */
struct dns_subject {
	struct sip_query query;
	bool sip;      /* a SIP name; else a plain host */
	char *made_up; /* a name beneath it that nobody has; NULL where not sip */
};

/* One resolver and what it says. */
struct dns_source {
	char name[ADDR_TEXT]; /* its address, with the port where that is not 53 */
	bool outside;         /* the profile's public-dns */
	unsigned view;
	enum dns_state state; /* DNS_OK: it answers, if only with "no such name" */
	bool partly;          /* it answers, but left unanswered what leads to every name */
	unsigned ms;          /* its fastest answer; 0 where there is none */
	unsigned again_ms;    /* of a second try where that was slow; 0: none */
	struct located located[DNS_SUBJECTS_MAX];
	const struct dns_answer *made_up[DNS_SUBJECTS_MAX]; /* A; NULL: not asked */
	const struct dns_answer *invalid; /* the same, of a name under "invalid" (RFC 6761) */
};

struct dns_picture {
	struct dns *dns;
	struct dns_subject subject[DNS_SUBJECTS_MAX];
	size_t subjects;
	struct dns_source source[DNS_SERVERS_MAX + 1]; /* the site's, then public-dns */
	size_t sources;
	char *invalid;
	struct dns_probe probe[DNS_PROBES_MAX];
	size_t probes;
};

struct dns_servers {
	struct addr addr[DNS_SERVERS_MAX];
	size_t count;
};

void dns_picture_clear(struct dns_picture *picture);
/* Asks everybody everything. What was not answered in time is DNS_SILENT in it. ERR_RANGE:
 * public-dns is no address. */
enum err dns_gather(struct dns_picture *out, const struct site *site,
		    const struct dns_servers *servers) MUST_USE;
/* Probes where it matters: where views differ, or addresses are private. */
void dns_look(struct dns_picture *picture);
/* Tells all findings: those of the resolvers, then those of each name (dns_names.c). */
void dns_judge(const struct dns_picture *picture, struct sink *sink);
void dns_judge_name(const struct dns_picture *picture, size_t subject, struct sink *sink);

/* How a resolver failed, as the end of a sentence that begins with it. */
const char *dns_trouble(enum dns_state state);
/* The source that is public-dns; NULL where it is not given. */
const struct dns_source *dns_outside(const struct dns_picture *picture);

/* The site's resolver to take the facts of a subject from: the first with an address, else the
 * first that answers; NULL where none does. */
const struct dns_source *dns_best(const struct dns_picture *picture, size_t subject);
/* True if two sources give addresses for a subject and have none in common in any family that both
 * give. */
bool dns_disjoint(const struct located *a, const struct located *b);
/* True for an address that leads nowhere from outside: private, this host, or none at all. */
bool dns_inward(const struct addr *addr);
bool dns_all_inward(const struct located *located);
bool dns_any_inward(const struct located *located);
/* The best that the probes of these addresses came to. */
enum dns_reach dns_reach_of(const struct dns_picture *picture, const struct located *located);

/* The check with given resolvers instead of the system's. */
enum check_state dns_check(const struct site *site, struct sink *sink,
			   const struct dns_servers *servers);

#endif
