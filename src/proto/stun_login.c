/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/stun_login.h"

#include <string.h>

/* RFC 8489, 9.2: behind the cookie stand 24 bits in base64. The RFC counts them from the left in
 * one place and from the right in its example (erratum 6290): both are understood. */
enum {
	FEATURE_ALGORITHMS = 0x800001,
	FEATURE_ANONYMITY = 0x400002,
	FEATURE_LETTERS = 4,
};

static const char cookie[] = "obMatJos2";

void stun_login_init(struct stun_login *login, const char *user, const char *password)
{
	*login = (struct stun_login){ .user = user, .password = password };
}

static unsigned features_of(struct slice nonce)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned features = 0;

	if (!slice_starts(nonce, cookie) || nonce.left < sizeof cookie - 1 + FEATURE_LETTERS)
		return 0;
	for (size_t i = 0; i < FEATURE_LETTERS; i++) {
		const uint8_t letter = nonce.at[sizeof cookie - 1 + i];
		const char *at = letter ? strchr(letters, letter) : NULL;

		if (!at)
			return 0;
		features = features << 6 | (unsigned)(at - letters);
	}
	return features;
}

/* RFC 8489, 9.2.5: the first one of the list that is known here. */
static enum err choose(enum stun_algorithm *out, struct slice offer)
{
	while (offer.left) {
		uint16_t number, length;

		if (slice_be16(&number, &offer) || slice_be16(&length, &offer) ||
		    slice_skip(&offer, length) ||
		    (offer.left && slice_skip(&offer, -(size_t)length % 4)))
			return ERR_SYNTAX;
		if (number == STUN_MD5 || number == STUN_SHA256) {
			*out = (enum stun_algorithm)number;
			return ERR_NONE;
		}
	}
	return ERR_UNSUPPORTED;
}

static enum err make_key(struct stun_login *login)
{
	const struct slice realm = slice_of(login->realm, login->realm_length);

	if (login->algorithm == STUN_SHA256) {
		login->key_length = STUN_KEY_SHA256;
		return stun_long_term_key_sha256(login->key, login->user, realm, login->password);
	}
	login->key_length = STUN_KEY;
	return stun_long_term_key(login->key, login->user, realm, login->password);
}

static void keep(uint8_t *out, size_t *length, struct slice text)
{
	if (!text.at)
		return;
	memcpy(out, text.at, text.left);
	*length = text.left;
}

enum err stun_login_challenge(struct stun_login *login, const struct stun_message *answer)
{
	const unsigned features = features_of(answer->nonce);
	struct stun_login next = *login;
	enum err err;

	if (!answer->nonce.left || (!answer->realm.left && !login->realm_length))
		return ERR_SYNTAX;
	if (features & FEATURE_ALGORITHMS && !answer->algorithms.left)
		return ERR_MISMATCH;
	if (answer->algorithms.left > sizeof next.offer)
		return ERR_FULL;
	keep(next.realm, &next.realm_length, answer->realm);
	keep(next.nonce, &next.nonce_length, answer->nonce);
	next.offer_length = 0;
	keep(next.offer, &next.offer_length, answer->algorithms);
	next.algorithm = STUN_MD5;
	next.anonymous = features & FEATURE_ANONYMITY;
	err = next.offer_length ? choose(&next.algorithm, answer->algorithms) : ERR_NONE;
	if (!err)
		err = make_key(&next);
	if (!err)
		*login = next;
	return err;
}

static enum err add_user(struct buf *out, const struct stun_login *login)
{
	uint8_t hash[STUN_KEY_SHA256];
	enum err err;

	if (!login->anonymous)
		return stun_add(out, STUN_USERNAME, slice_of_text(login->user));
	err = stun_user_hash(hash, login->user, slice_of(login->realm, login->realm_length));
	return err ? err : stun_add(out, STUN_USERHASH, slice_of(hash, sizeof hash));
}

static enum err add_algorithms(struct buf *out, const struct stun_login *login)
{
	enum err err;

	if (!login->offer_length)
		return ERR_NONE;
	err = stun_add(out, STUN_PASSWORD_ALGORITHMS, slice_of(login->offer, login->offer_length));
	/* The number, then the length of its parameters: neither has any. */
	return err ? err
		   : stun_add_be32(out, STUN_PASSWORD_ALGORITHM, (uint32_t)login->algorithm << 16);
}

enum err stun_login_sign(struct buf *out, const struct stun_login *login)
{
	const uint16_t type =
		login->offer_length ? STUN_MESSAGE_INTEGRITY_SHA256 : STUN_MESSAGE_INTEGRITY;
	enum err err;

	if (!login->key_length)
		return ERR_NONE;
	err = add_user(out, login);
	if (!err)
		err = stun_add(out, STUN_REALM, slice_of(login->realm, login->realm_length));
	if (!err)
		err = stun_add(out, STUN_NONCE, slice_of(login->nonce, login->nonce_length));
	if (!err)
		err = add_algorithms(out, login);
	return err ? err : stun_add_integrity(out, type, slice_of(login->key, login->key_length));
}

enum err stun_login_check(const struct stun_login *login, const struct stun_message *answer)
{
	if (login->offer_length && !answer->integrity_sha256.at)
		return answer->integrity.at ? ERR_AUTH : ERR_NOT_FOUND;
	return stun_check_integrity(answer, slice_of(login->key, login->key_length));
}
