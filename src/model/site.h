/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The site as a check sees it: what the provider's profile says (model/profile.h), the interface,
 * what is known so far. */
#ifndef EARSHOT_MODEL_SITE_H
#define EARSHOT_MODEL_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/fact.h"

enum transport { TRANSPORT_AUTO, TRANSPORT_UDP, TRANSPORT_TCP, TRANSPORT_TLS };

/* A name or address as the profile gives it. */
struct host_port {
	char *host;    /* name, IPv4 literal, or IPv6 literal without brackets; NULL: not given */
	uint16_t port; /* 0: not given */
};

enum { SITE_STUN_MAX = 8 };

struct icmp_purse;

/* How packets are to be captured. */
struct site_capture {
	unsigned seconds; /* 0: not at all */
	char *file;       /* where the packets are kept; NULL: nowhere */
	bool snap_audio;  /* without the voice in them */
	char *phone;      /* the phone's address; NULL: worked out */
	char *at;         /* "phone" "inside" "outside" "server"; NULL: worked out */
};

struct site {
	char *name;        /* [provider] name; NULL where not given, as every text here */
	char *domain_text; /* "example.com" or "host:port", as written */
	struct host_port domain;
	enum transport transport;
	struct host_port proxy;
	char *support;
	char *user, *auth_user, *password_file, *echo_number;
	struct host_port stun[SITE_STUN_MAX]; /* port 3478 where not given */
	size_t stun_count;
	char *turn, *turn_user, *turn_password_file;
	uint16_t rtp_first, rtp_last; /* 0: not given */
	struct host_port media;       /* [media] host: where the provider's media servers are */
	char *codecs;
	unsigned keep_alive_seconds; /* [nat] keep-alive; 0: not given */
	struct host_port ntp;        /* [clock] ntp; port 123 where not given */
	char *public_dns;            /* "192.0.2.53" or "192.0.2.53:5353" */
	struct host_port responder;
	/* From the command line. */
	char *interface;           /* NULL: the one of the route to the provider */
	int family;                /* AF_INET, AF_INET6, or AF_UNSPEC: any */
	unsigned budget_seconds;   /* --timeout; 0: none */
	unsigned lifetime_seconds; /* --lifetime: how long to watch an idle mapping; 0: as long as
				      the other checks take */
	struct site_capture capture;
	/* In a check's own process. */
	struct icmp_purse *icmp;   /* net/icmp.h: shared with the checks beside it; NULL: alone */
	const volatile int *hurry; /* not 0: the runner wants a settled check to say what it knows
				      and end, or one that leaves traces to give back what it holds;
				      NULL: nobody will ever say so */
	void *tools;               /* what check->prepare() opened; NULL: nothing */
	char *secret;              /* what the file of check->secret_file() holds; NULL: nothing */
	/* Known so far (answers of earlier checks); never NULL once site_init() ran. */
	struct facts facts;
};

void site_init(struct site *site);
void site_clear(struct site *site);

/* Sets one key ("nat", "stun", "a.example, b.example:3479"), as an option or the wizard's form
 * does. A list replaces what stood there. ERR_NOT_FOUND: no such key; ERR_SYNTAX: bad value;
 * `expected` then says what would be right (static text, untranslated). */
enum err site_set(struct site *site, const char *section, const char *key, const char *value,
		  const char **expected) MUST_USE;

/* The value of a key as it would be written in a profile; NULL where not set. The caller frees. */
char *site_get(const struct site *site, const char *section, const char *key) MUST_USE;

/* "name", "name:port", "[v6]:port" or an address. ERR_SYNTAX. `out` is set up fresh. */
enum err host_port_parse(struct host_port *out, const char *text, uint16_t port) MUST_USE;
void host_port_clear(struct host_port *host_port);
/* "host:port" with brackets where due. The caller frees. */
char *host_port_text(const struct host_port *host_port) MUST_USE;

const char *transport_text(enum transport transport); /* "auto" "udp" "tcp" "tls" */

#endif
