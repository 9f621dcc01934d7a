/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DNS questions to chosen resolvers, any number at once, and their answers as plain records. RFC
 * 1035; SRV: RFC 2782; NAPTR: RFC 3403. An answer counts only from the address asked, with our
 * identifier and our question; one that was cut short is asked for again over TCP. */
#ifndef EARSHOT_NET_DNS_H
#define EARSHOT_NET_DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/err.h"

enum dns_type { DNS_A = 1, DNS_AAAA = 28, DNS_SRV = 33, DNS_NAPTR = 35 };

enum dns_state {
	DNS_PENDING,
	DNS_OK,          /* there are records */
	DNS_NO_DATA,     /* the name exists and has none of that type */
	DNS_NO_NAME,     /* no such name (NXDOMAIN), or one that DNS cannot ask for */
	DNS_SILENT,      /* no answer in time */
	DNS_UNREACHABLE, /* the resolver's host, or a router, says that nobody is there */
	DNS_REFUSED,     /* the resolver does not answer us */
	DNS_FAILED,      /* the resolver could not find out (SERVFAIL and the like) */
	DNS_NONSENSE,    /* what came is no DNS answer */
	DNS_NOT_ASKED,   /* there are DNS_QUESTIONS_MAX already */
};

enum {
	DNS_PORT = 53,
	DNS_SERVERS_MAX = 8, /* of one view; resolv.conf's further ones are not used */
	DNS_VIEWS_MAX = 32,
	DNS_RECORDS_MAX = 64, /* of one answer; the rest is dropped, and `cut` set */
	DNS_QUESTIONS_MAX = 1024,
	DNS_NAME_MAX = 1025, /* a name as text, each of its 255 bytes escaped, with the closing 0 */
	DNS_PATIENCE_MS = 3000, /* a resolver is asked at 0, 430 and 1290 ms and given up then */
};

/* Texts are as they came, of any bytes but 0: not safe to print. */
struct dns_record {
	struct addr addr;      /* A, AAAA; port 0 */
	char *name;            /* SRV: target, NAPTR: replacement; "" is the root */
	char *flags, *service; /* NAPTR */
	uint16_t order;        /* NAPTR: order, SRV: priority */
	uint16_t preference;   /* NAPTR: preference, SRV: weight */
	uint16_t port;         /* SRV */
};

struct dns_answer {
	char *name;
	enum dns_type type;
	enum dns_state state;
	unsigned ms; /* from the question to the answer or to giving up */
	bool cut;
	size_t count;
	struct dns_record *record; /* SRV and NAPTR: lowest order first, then preference (NAPTR
				    * lowest, SRV heaviest first); addresses as they came */
};

struct dns;
struct dns *dns_new(void);
void dns_free(struct dns *dns); /* all answers with it */

struct dns_view_plan {
	const struct addr *server; /* asked in turn until one answers; of one, every reply counts */
	size_t count;              /* 1 to DNS_SERVERS_MAX */
	const char *device;        /* interface to send through; NULL: as routed */
	bool search;               /* names without a dot get the system's search domains */
};
/* From where to look: one or more resolvers. *view is its number. ERR_RANGE, ERR_FULL,
 * ERR_MEMORY. */
enum err dns_view_add(unsigned *view, struct dns *dns, const struct dns_view_plan *plan) MUST_USE;

/* Asks, once: the same question to the same view gives the same answer. The answer belongs to
 * `dns`, stays where it is and fills while dns_wait() runs. */
const struct dns_answer *dns_ask(struct dns *dns, unsigned view, const char *name,
				 enum dns_type type);

/* The answers of a view by number from 0, pending ones too; NULL behind the last. */
const struct dns_answer *dns_answer_at(const struct dns *dns, unsigned view, size_t index);

/* Waits until a pending question has ended; at the deadline all of them end as DNS_SILENT. */
void dns_wait(struct dns *dns, const struct deadline *until);

/* Reads a reply's records into an answer whose type is set and which has none yet; its state tells
 * how that went. dns_wait() does it for all that comes in. */
void dns_answer_read(struct dns_answer *answer, const void *bytes, size_t length);
void dns_answer_clear(struct dns_answer *answer); /* the records, not the name */

/* The resolvers of a resolv.conf(5), in its order; this host itself where it names none. Returns
 * how many. */
size_t dns_system_servers(struct addr out[static DNS_SERVERS_MAX], const char *path);

/* Addresses of a family (AF_INET, AF_INET6) that the hosts file has for a name, at most `room`.
 * Returns how many. */
size_t dns_hosts_file(struct addr *out, size_t room, const char *name, int family);

/* An answer's state as an error: ERR_NONE, ERR_NOT_FOUND, ERR_TIMEOUT, ERR_REFUSED,
 * ERR_UNREACHABLE. */
enum err dns_state_err(enum dns_state state) MUST_USE;

#endif
