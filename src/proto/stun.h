/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STUN messages (RFC 8489), with what NAT discovery (RFC 5780) and relays (TURN, RFC 8656) add and
 * old servers still send (RFC 3489). */
#ifndef EARSHOT_PROTO_STUN_H
#define EARSHOT_PROTO_STUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

enum {
	STUN_PORT = 3478,
	STUN_HEADER = 20,
	STUN_ID = 12,
	STUN_MAX = 65552, /* header and the longest body that is a multiple of 4 */
	STUN_LIST_MAX = 16,
	STUN_KEY = 16,        /* of MD5 */
	STUN_KEY_SHA256 = 32, /* the longest */
	STUN_TEXT_MAX = 763,  /* bytes of a realm, nonce, reason or software (RFC 8489, 14.8) */
};

enum stun_method {
	STUN_BINDING = 0x001,
	STUN_ALLOCATE = 0x003,
	STUN_REFRESH = 0x004,
	STUN_SEND = 0x006,
	STUN_DATA = 0x007,
	STUN_CREATE_PERMISSION = 0x008,
};
enum stun_class { STUN_REQUEST, STUN_INDICATION, STUN_SUCCESS, STUN_ERROR };

enum stun_type {
	STUN_MAPPED_ADDRESS = 0x0001,
	STUN_CHANGE_REQUEST = 0x0003,
	STUN_SOURCE_ADDRESS = 0x0004,
	STUN_CHANGED_ADDRESS = 0x0005,
	STUN_USERNAME = 0x0006,
	STUN_MESSAGE_INTEGRITY = 0x0008,
	STUN_ERROR_CODE = 0x0009,
	STUN_UNKNOWN_ATTRIBUTES = 0x000a,
	STUN_LIFETIME = 0x000d,
	STUN_XOR_PEER_ADDRESS = 0x0012,
	STUN_DATA_BYTES = 0x0013, /* DATA */
	STUN_REALM = 0x0014,
	STUN_NONCE = 0x0015,
	STUN_XOR_RELAYED_ADDRESS = 0x0016,
	STUN_REQUESTED_ADDRESS_FAMILY = 0x0017,
	STUN_REQUESTED_TRANSPORT = 0x0019,
	STUN_MESSAGE_INTEGRITY_SHA256 = 0x001c,
	STUN_PASSWORD_ALGORITHM = 0x001d,
	STUN_USERHASH = 0x001e,
	STUN_XOR_MAPPED_ADDRESS = 0x0020,
	STUN_PADDING = 0x0026,
	STUN_RESPONSE_PORT = 0x0027,
	STUN_PASSWORD_ALGORITHMS = 0x8002,
	STUN_SOFTWARE = 0x8022,
	STUN_ALTERNATE_SERVER = 0x8023,
	STUN_TRANSMIT_COUNTER = 0x8025, /* RFC 7982, 3.2 */
	STUN_FINGERPRINT = 0x8028,
	STUN_RESPONSE_ORIGIN = 0x802b,
	STUN_OTHER_ADDRESS = 0x802c,
};

/* RFC 8489, 18.5: how a long-term key is made. */
enum stun_algorithm { STUN_MD5 = 1, STUN_SHA256 = 2 };

/* The bits of CHANGE-REQUEST (RFC 5780, 7.2). */
enum { STUN_CHANGE_PORT = 2, STUN_CHANGE_IP = 4 };

struct stun_id {
	uint8_t bytes[STUN_ID];
};

/* Attribute types, in the order they came; more than fit are not counted. */
struct stun_list {
	uint16_t type[STUN_LIST_MAX];
	size_t count;
};

/* What a message says. Addresses are AF_UNSPEC, slices empty (`at` NULL) and numbers 0 where it
 * says nothing. */
struct stun_message {
	uint16_t method;
	enum stun_class class;
	struct stun_id id;
	struct slice whole; /* the bytes it was decoded from; all slices here point into them */
	struct addr mapped, xor_mapped;
	struct addr other, origin;            /* RFC 5780 */
	struct addr old_changed, old_source;  /* RFC 3489: CHANGED-ADDRESS, SOURCE-ADDRESS */
	struct addr relayed, peer, alternate; /* RFC 8656; ALTERNATE-SERVER */
	struct slice software, username, realm, nonce;
	struct slice data;                              /* of a Send or Data indication */
	struct slice user_hash, algorithm, algorithms;  /* RFC 8489, 14.4, 14.12, 14.11: raw */
	uint32_t lifetime;                              /* seconds; see has_lifetime */
	uint32_t requested_transport, requested_family; /* the first byte is the value */
	bool has_lifetime;
	unsigned error_code; /* 300 to 699 */
	struct slice reason;
	uint32_t change; /* CHANGE-REQUEST */
	/* RFC 7982: which sending of the request this is, and how many of them were answered. */
	uint8_t requests, responses;
	bool has_counter;
	uint16_t response_port;
	struct slice padding;
	struct slice integrity,
		integrity_sha256; /* the MACs as they came: see stun_check_integrity() */
	bool has_fingerprint;
	struct stun_list
		unknown; /* attributes that must be understood and are not (RFC 8489, 14) */
	struct stun_list rejected; /* what UNKNOWN-ATTRIBUTES lists */
};

/* Decodes one whole datagram, borrowed by `out`. ERR_TRUNCATED: shorter than it says. ERR_SYNTAX:
 * no STUN message, or a length or value that the format forbids. ERR_MISMATCH: a FINGERPRINT that
 * does not fit. On an error *out is undefined. The first of several attributes of a type counts;
 * what follows an integrity attribute does not. */
enum err stun_decode(struct stun_message *out, const void *data, size_t length) MUST_USE;

/* Is the MAC (RFC 8489, 14.5 and 14.6) right under that key? The stronger one is looked at where
 * both came. ERR_NOT_FOUND: there is none. ERR_AUTH: wrong. ERR_MEMORY. */
enum err stun_check_integrity(const struct stun_message *message, struct slice key) MUST_USE;

/* The long-term key of RFC 8489, 9.2.2: MD5 of user:realm:password. ERR_MEMORY, ERR_UNSUPPORTED (no
 * MD5 here). */
enum err stun_long_term_key(uint8_t key[static STUN_KEY], const char *user, struct slice realm,
			    const char *password) MUST_USE;

/* The same with SHA-256 (RFC 8489, 18.5.1.2). ERR_UNSUPPORTED, ERR_MEMORY. */
enum err stun_long_term_key_sha256(uint8_t key[static STUN_KEY_SHA256], const char *user,
				   struct slice realm, const char *password) MUST_USE;
/* What USERHASH holds (RFC 8489, 14.4): SHA-256 of user:realm. */
enum err stun_user_hash(uint8_t hash[static STUN_KEY_SHA256], const char *user,
			struct slice realm) MUST_USE;

/* Building a message: stun_begin() in an empty buffer, then attributes in order, integrity and
 * fingerprint last; after each step the buffer holds a whole message. ERR_MEMORY, ERR_FULL; then
 * the message must not be used. */
enum err stun_begin(struct buf *out, enum stun_class class, uint16_t method,
		    const struct stun_id *id) MUST_USE;
enum err stun_add(struct buf *out, uint16_t type, struct slice value) MUST_USE;
enum err stun_add_be32(struct buf *out, uint16_t type, uint32_t value) MUST_USE;
/* Plain, or for the XOR- types masked (RFC 8489, 14.2). */
enum err stun_add_addr(struct buf *out, uint16_t type, const struct addr *addr) MUST_USE;
/* `code` from 300 to 699, else ERR_RANGE. */
enum err stun_add_error(struct buf *out, unsigned code, const char *reason) MUST_USE;
/* `type` is MESSAGE-INTEGRITY or MESSAGE-INTEGRITY-SHA256. */
enum err stun_add_integrity(struct buf *out, uint16_t type, struct slice key) MUST_USE;
enum err stun_add_fingerprint(struct buf *out) MUST_USE;

#endif
