/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/stun.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

enum {
	ATTRIBUTE_HEADER = 4,
	FAMILY_V4 = 1,
	FAMILY_V6 = 2,
	SHA1_BYTES = 20,
	SHA256_BYTES = 32,
	SHA256_LEAST = 16,
	FINGERPRINT_BYTES = 4,
	USERNAME_MAX = 508, /* RFC 8489, 14.3; and 14.8, 14.9, 14.10, 14.14 */
	TEXT_MAX = STUN_TEXT_MAX,
	FIRST_OPTIONAL = 0x8000,
};

static const uint32_t cookie = 0x2112a442;

static const struct {
	uint16_t type;
	size_t offset;
} addresses[] = {
	{ STUN_MAPPED_ADDRESS, offsetof(struct stun_message, mapped) },
	{ STUN_XOR_MAPPED_ADDRESS, offsetof(struct stun_message, xor_mapped) },
	{ STUN_OTHER_ADDRESS, offsetof(struct stun_message, other) },
	{ STUN_RESPONSE_ORIGIN, offsetof(struct stun_message, origin) },
	{ STUN_XOR_RELAYED_ADDRESS, offsetof(struct stun_message, relayed) },
	{ STUN_XOR_PEER_ADDRESS, offsetof(struct stun_message, peer) },
	{ STUN_ALTERNATE_SERVER, offsetof(struct stun_message, alternate) },
	{ STUN_CHANGED_ADDRESS, offsetof(struct stun_message, old_changed) },
	{ STUN_SOURCE_ADDRESS, offsetof(struct stun_message, old_source) },
};

static const struct {
	uint16_t type;
	size_t offset;
	size_t most;
} texts[] = {
	{ STUN_SOFTWARE, offsetof(struct stun_message, software), TEXT_MAX },
	{ STUN_USERNAME, offsetof(struct stun_message, username), USERNAME_MAX },
	{ STUN_REALM, offsetof(struct stun_message, realm), TEXT_MAX },
	{ STUN_NONCE, offsetof(struct stun_message, nonce), TEXT_MAX },
	{ STUN_PADDING, offsetof(struct stun_message, padding), UINT16_MAX },
	{ STUN_DATA_BYTES, offsetof(struct stun_message, data), UINT16_MAX },
	{ STUN_USERHASH, offsetof(struct stun_message, user_hash), SHA256_BYTES },
	{ STUN_PASSWORD_ALGORITHM, offsetof(struct stun_message, algorithm), UINT16_MAX },
	{ STUN_PASSWORD_ALGORITHMS, offsetof(struct stun_message, algorithms), UINT16_MAX },
};

static bool is_masked(uint16_t type)
{
	return type == STUN_XOR_MAPPED_ADDRESS || type == STUN_XOR_RELAYED_ADDRESS ||
	       type == STUN_XOR_PEER_ADDRESS;
}

static void *member(struct stun_message *message, size_t offset)
{
	return (char *)message + offset;
}

/* CRC-32 of ITU V.42, bit by bit: messages are short and few. */
static uint32_t crc32_of(const uint8_t *data, size_t length)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < length; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static uint32_t fingerprint_of(const uint8_t *data, size_t length)
{
	return crc32_of(data, length) ^ 0x5354554e; /* RFC 8489, 14.7 */
}

/* Masks an address's port and bytes; doing it twice gives the first again (RFC 8489, 14.2). */
static void mask_address(uint8_t *bytes, size_t length, uint16_t *port, const struct stun_id *id)
{
	const uint8_t start[4] = { 0x21, 0x12, 0xa4, 0x42 };

	*port ^= (uint16_t)(cookie >> 16);
	for (size_t i = 0; i < length; i++)
		bytes[i] ^= i < sizeof start ? start[i] : id->bytes[i - sizeof start];
}

static enum err read_address(struct addr *out, struct slice value, const struct stun_id *mask)
{
	uint8_t zero, family, bytes[16];
	uint16_t port;
	size_t length;

	if (slice_be8(&zero, &value) || slice_be8(&family, &value) || slice_be16(&port, &value))
		return ERR_SYNTAX;
	length = value.left;
	if ((family != FAMILY_V4 || length != 4) && (family != FAMILY_V6 || length != 16))
		return ERR_SYNTAX;
	if (slice_copy(bytes, length, &value))
		return ERR_SYNTAX;
	if (mask)
		mask_address(bytes, length, &port, mask);
	return addr_from_bytes(out, bytes, length, port);
}

static enum err read_error(struct stun_message *out, struct slice value)
{
	uint16_t reserved;
	uint8_t hundreds, rest;

	if (slice_be16(&reserved, &value) || slice_be8(&hundreds, &value) ||
	    slice_be8(&rest, &value))
		return ERR_SYNTAX;
	hundreds &= 7;
	if (hundreds < 3 || hundreds > 6 || rest > 99 || value.left > TEXT_MAX)
		return ERR_SYNTAX;
	out->error_code = hundreds * 100u + rest;
	out->reason = value;
	return ERR_NONE;
}

static void list_add(struct stun_list *list, uint16_t type)
{
	if (list->count < STUN_LIST_MAX)
		list->type[list->count++] = type;
}

static enum err read_rejected(struct stun_message *out, struct slice value)
{
	uint16_t type;

	if (value.left % 2)
		return ERR_SYNTAX;
	while (!slice_be16(&type, &value))
		list_add(&out->rejected, type);
	return ERR_NONE;
}

static enum err read_number(uint32_t *out, struct slice value)
{
	return slice_be32(out, &value) || value.left ? ERR_SYNTAX : ERR_NONE;
}

/* RFC 5780, 7.5: a port and two reserved bytes. */
static enum err read_response_port(struct stun_message *out, struct slice value)
{
	if (value.left != 4)
		return ERR_SYNTAX;
	return slice_be16(&out->response_port, &value);
}

static enum err read_integrity(struct stun_message *out, uint16_t type, struct slice value)
{
	if (type == STUN_MESSAGE_INTEGRITY) {
		out->integrity = value;
		return value.left == SHA1_BYTES ? ERR_NONE : ERR_SYNTAX;
	}
	out->integrity_sha256 = value;
	return value.left >= SHA256_LEAST && value.left <= SHA256_BYTES && value.left % 4 == 0
		       ? ERR_NONE
		       : ERR_SYNTAX;
}

/* RFC 8489, 14.7: the last attribute, over all that stands before it. */
static enum err read_fingerprint(struct stun_message *out, struct slice value, size_t behind)
{
	const uint8_t *start = value.at - ATTRIBUTE_HEADER;
	uint32_t told;

	if (value.left != FINGERPRINT_BYTES || behind || slice_be32(&told, &value))
		return ERR_SYNTAX;
	out->has_fingerprint = true;
	return told == fingerprint_of(out->whole.at, (size_t)(start - out->whole.at))
		       ? ERR_NONE
		       : ERR_MISMATCH;
}

/* Addresses and texts: the first of a type counts, but a later one must be well-formed too. */
static enum err read_plain(bool *known, struct stun_message *out, uint16_t type, struct slice value)
{
	*known = true;
	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		struct addr *field = member(out, addresses[i].offset), addr;
		enum err err;

		if (addresses[i].type != type)
			continue;
		err = read_address(&addr, value, is_masked(type) ? &out->id : NULL);
		if (!err && !addr_is_set(field))
			*field = addr;
		return err;
	}
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct slice *field = member(out, texts[i].offset);

		if (texts[i].type != type)
			continue;
		if (value.left > texts[i].most)
			return ERR_SYNTAX;
		if (!field->at)
			*field = value;
		return ERR_NONE;
	}
	*known = false;
	return ERR_NONE;
}

/* RFC 7982, 3.2: two bytes of nothing, one of requests, one of responses. Nobody needs it, so one
 * of another length is as good as none. */
static void read_counter(struct stun_message *out, struct slice value)
{
	uint16_t nothing;

	if (!out->has_counter && value.left == sizeof(uint32_t))
		out->has_counter = !slice_be16(&nothing, &value) &&
				   !slice_be8(&out->requests, &value) &&
				   !slice_be8(&out->responses, &value);
}

static enum err read_attribute(struct stun_message *out, uint16_t type, struct slice value)
{
	bool known;
	enum err err = read_plain(&known, out, type, value);

	if (err || known)
		return err;
	switch (type) {
	case STUN_ERROR_CODE: return out->error_code ? ERR_NONE : read_error(out, value);
	case STUN_UNKNOWN_ATTRIBUTES: return read_rejected(out, value);
	case STUN_CHANGE_REQUEST: return read_number(&out->change, value);
	case STUN_LIFETIME: out->has_lifetime = true; return read_number(&out->lifetime, value);
	case STUN_REQUESTED_TRANSPORT: return read_number(&out->requested_transport, value);
	case STUN_REQUESTED_ADDRESS_FAMILY: return read_number(&out->requested_family, value);
	case STUN_RESPONSE_PORT: return read_response_port(out, value);
	case STUN_TRANSMIT_COUNTER: read_counter(out, value); return ERR_NONE;
	default:
		if (type < FIRST_OPTIONAL)
			list_add(&out->unknown, type);
		return ERR_NONE;
	}
}

/* Behind MESSAGE-INTEGRITY only the SHA-256 one and FINGERPRINT count (RFC 8489, 14.5), behind that
 * only the latter. */
static bool is_covered(const struct stun_message *message, uint16_t type)
{
	if (type == STUN_FINGERPRINT)
		return true;
	if (message->integrity_sha256.at)
		return false;
	return !message->integrity.at || type == STUN_MESSAGE_INTEGRITY_SHA256;
}

static enum err read_attributes(struct stun_message *out, struct slice body)
{
	while (body.left) {
		uint16_t type, length;
		struct slice value;
		enum err err;

		if (slice_be16(&type, &body) || slice_be16(&length, &body) ||
		    slice_take(&value, &body, length) || slice_skip(&body, -(size_t)length % 4))
			return ERR_SYNTAX;
		if (!is_covered(out, type))
			continue;
		if (type == STUN_FINGERPRINT)
			err = read_fingerprint(out, value, body.left);
		else if (type == STUN_MESSAGE_INTEGRITY || type == STUN_MESSAGE_INTEGRITY_SHA256)
			err = read_integrity(out, type, value);
		else
			err = read_attribute(out, type, value);
		if (err)
			return err;
	}
	return ERR_NONE;
}

enum err stun_decode(struct stun_message *out, const void *data, size_t length)
{
	struct slice rest = slice_of(data, length);
	uint16_t type, body;
	uint32_t magic;

	memset(out, 0, sizeof *out);
	out->whole = rest;
	if (slice_be16(&type, &rest) || slice_be16(&body, &rest) || slice_be32(&magic, &rest) ||
	    slice_copy(out->id.bytes, sizeof out->id.bytes, &rest))
		return ERR_TRUNCATED;
	if (type & 0xc000 || magic != cookie || body % 4)
		return ERR_SYNTAX;
	if (body > rest.left)
		return ERR_TRUNCATED;
	if (body < rest.left)
		return ERR_SYNTAX;
	/* RFC 8489, 5: the class's two bits stand among those of the method. */
	out->class = (enum stun_class)((type >> 4 & 1) | (type >> 7 & 2));
	out->method = (uint16_t)((type & 0x000f) | (type >> 1 & 0x0070) | (type >> 2 & 0x0f80));
	return read_attributes(out, rest);
}

static void set_length(uint8_t *message, size_t body)
{
	message[2] = (uint8_t)(body >> 8);
	message[3] = (uint8_t)body;
}

/* The MAC over the first `covered` bytes, as if a MAC of `mac_length` bytes were the last
 * attribute. */
static enum err compute_mac(uint8_t mac[static EVP_MAX_MD_SIZE], const uint8_t *message,
			    size_t covered, bool sha256, size_t mac_length, struct slice key)
{
	const EVP_MD *digest = sha256 ? EVP_sha256() : EVP_sha1();
	struct buf copy;
	unsigned written;
	enum err err;

	buf_init(&copy, STUN_MAX);
	err = buf_add(&copy, message, covered);
	if (!err) {
		set_length(copy.data, covered + ATTRIBUTE_HEADER + mac_length - STUN_HEADER);
		if (!HMAC(digest, key.left ? key.at : (const uint8_t *)"", (int)key.left, copy.data,
			  covered, mac, &written))
			err = ERR_MEMORY;
	}
	buf_clear(&copy);
	return err;
}

enum err stun_check_integrity(const struct stun_message *message, struct slice key)
{
	const bool sha256 = message->integrity_sha256.at;
	const struct slice told = sha256 ? message->integrity_sha256 : message->integrity;
	uint8_t mac[EVP_MAX_MD_SIZE];
	enum err err;

	if (!told.at)
		return ERR_NOT_FOUND;
	err = compute_mac(mac, message->whole.at,
			  (size_t)(told.at - message->whole.at) - ATTRIBUTE_HEADER, sha256,
			  told.left, key);
	if (err)
		return err;
	return CRYPTO_memcmp(mac, told.at, told.left) ? ERR_AUTH : ERR_NONE;
}

/* The digest of parts with a colon between each. ERR_UNSUPPORTED: not known here. */
static enum err digest_parts(uint8_t *out, const EVP_MD *kind, const struct slice *part,
			     size_t count)
{
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	bool fine;

	if (!digest)
		return ERR_MEMORY;
	fine = EVP_DigestInit_ex(digest, kind, NULL);
	for (size_t i = 0; fine && i < count; i++)
		fine = (!i || EVP_DigestUpdate(digest, ":", 1)) &&
		       EVP_DigestUpdate(digest, part[i].at, part[i].left);
	fine = fine && EVP_DigestFinal_ex(digest, out, NULL);
	EVP_MD_CTX_free(digest);
	return fine ? ERR_NONE : ERR_UNSUPPORTED;
}

enum err stun_long_term_key(uint8_t key[static STUN_KEY], const char *user, struct slice realm,
			    const char *password)
{
	const struct slice part[] = { slice_of_text(user), realm, slice_of_text(password) };

	return digest_parts(key, EVP_md5(), part, sizeof part / sizeof *part);
}

enum err stun_long_term_key_sha256(uint8_t key[static STUN_KEY_SHA256], const char *user,
				   struct slice realm, const char *password)
{
	const struct slice part[] = { slice_of_text(user), realm, slice_of_text(password) };

	return digest_parts(key, EVP_sha256(), part, sizeof part / sizeof *part);
}

enum err stun_user_hash(uint8_t hash[static STUN_KEY_SHA256], const char *user, struct slice realm)
{
	const struct slice part[] = { slice_of_text(user), realm };

	return digest_parts(hash, EVP_sha256(), part, sizeof part / sizeof *part);
}

enum err stun_begin(struct buf *out, enum stun_class class, uint16_t method,
		    const struct stun_id *id)
{
	const unsigned bits = (unsigned)class;
	const uint16_t type =
		(uint16_t)((method & 0x000fu) | (method & 0x0070u) << 1 | (method & 0x0f80u) << 2 |
			   (bits & 1) << 4 | (bits & 2) << 7);
	enum err err;

	buf_reset(out);
	err = buf_add_be16(out, type);
	if (!err)
		err = buf_add_be16(out, 0);
	if (!err)
		err = buf_add_be32(out, cookie);
	return err ? err : buf_add(out, id->bytes, sizeof id->bytes);
}

enum err stun_add(struct buf *out, uint16_t type, struct slice value)
{
	static const uint8_t zeros[3];
	enum err err;

	if (out->length + ATTRIBUTE_HEADER + value.left + sizeof zeros > STUN_MAX)
		return ERR_FULL;
	err = buf_add_be16(out, type);
	if (!err)
		err = buf_add_be16(out, (uint16_t)value.left);
	if (!err)
		err = buf_add(out, value.at, value.left);
	if (!err)
		err = buf_add(out, zeros, -value.left % 4);
	if (!err)
		set_length(out->data, out->length - STUN_HEADER);
	return err;
}

enum err stun_add_be32(struct buf *out, uint16_t type, uint32_t value)
{
	const uint8_t bytes[4] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16),
				   (uint8_t)(value >> 8), (uint8_t)value };

	return stun_add(out, type, slice_of(bytes, sizeof bytes));
}

enum err stun_add_addr(struct buf *out, uint16_t type, const struct addr *addr)
{
	uint8_t value[20] = { 0, addr_family(addr) == AF_INET6 ? FAMILY_V6 : FAMILY_V4 };
	uint16_t port = addr_port(addr);
	struct stun_id id;
	size_t length;
	const uint8_t *bytes = addr_bytes(addr, &length);

	memcpy(value + 4, bytes, length);
	if (is_masked(type)) {
		memcpy(id.bytes, out->data + STUN_HEADER - STUN_ID, STUN_ID);
		mask_address(value + 4, length, &port, &id);
	}
	value[2] = (uint8_t)(port >> 8);
	value[3] = (uint8_t)port;
	return stun_add(out, type, slice_of(value, 4 + length));
}

enum err stun_add_error(struct buf *out, unsigned code, const char *reason)
{
	uint8_t value[4 + TEXT_MAX] = { 0, 0, (uint8_t)(code / 100), (uint8_t)(code % 100) };
	const size_t length = strlen(reason);

	if (code < 300 || code > 699 || length > TEXT_MAX)
		return ERR_RANGE;
	memcpy(value + 4, reason, length);
	return stun_add(out, STUN_ERROR_CODE, slice_of(value, 4 + length));
}

enum err stun_add_integrity(struct buf *out, uint16_t type, struct slice key)
{
	const bool sha256 = type == STUN_MESSAGE_INTEGRITY_SHA256;
	const size_t length = sha256 ? SHA256_BYTES : SHA1_BYTES;
	uint8_t mac[EVP_MAX_MD_SIZE];
	enum err err = compute_mac(mac, out->data, out->length, sha256, length, key);

	return err ? err : stun_add(out, type, slice_of(mac, length));
}

enum err stun_add_fingerprint(struct buf *out)
{
	const size_t covered = out->length;

	/* The length that is covered counts the FINGERPRINT itself. */
	set_length(out->data, covered + ATTRIBUTE_HEADER + FINGERPRINT_BYTES - STUN_HEADER);
	return stun_add_be32(out, STUN_FINGERPRINT, fingerprint_of(out->data, covered));
}
