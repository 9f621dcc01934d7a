/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client's side of STUN's long-term credentials (RFC 8489, 9.2): takes the server's challenge,
 * signs requests, checks who answers. */
#ifndef EARSHOT_PROTO_STUN_LOGIN_H
#define EARSHOT_PROTO_STUN_LOGIN_H

#include "proto/stun.h"

enum { STUN_OFFER_MAX = 256 };

struct stun_login {
	const char *user, *password; /* UTF-8, borrowed; taken as they are, without PRECIS */
	uint8_t realm[STUN_TEXT_MAX], nonce[STUN_TEXT_MAX];
	uint8_t offer[STUN_OFFER_MAX]; /* PASSWORD-ALGORITHMS as it came */
	size_t realm_length, nonce_length, offer_length;
	enum stun_algorithm algorithm;
	bool anonymous;               /* the server wants the user's hash, not the name */
	uint8_t key[STUN_KEY_SHA256]; /* of key_length bytes; 0: not challenged yet */
	size_t key_length;
};

void stun_login_init(struct stun_login *login, const char *user, const char *password);

/* Takes the challenge of an answer 401 or 438 (RFC 8489, 9.2.5). ERR_SYNTAX: it names no realm or
 * no nonce. ERR_MISMATCH: its nonce promises password algorithms, and none came: somebody took them
 * out. ERR_UNSUPPORTED: none that is known here. ERR_FULL: more of them than anybody has. On an
 * error the login is as before. */
enum err stun_login_challenge(struct stun_login *login, const struct stun_message *answer) MUST_USE;

/* Adds user, realm, nonce and integrity, the last of a request; nothing before a challenge. Errors
 * as stun_add(). */
enum err stun_login_sign(struct buf *out, const struct stun_login *login) MUST_USE;

/* Does the answer come from who knows the password? Once SHA-256 was agreed the weaker integrity
 * does not count. Errors as stun_check_integrity(). */
enum err stun_login_check(const struct stun_login *login,
			  const struct stun_message *answer) MUST_USE;

#endif
