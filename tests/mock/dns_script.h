/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a dns_server is told to answer, and the answers made from it, right or wrong; no I/O. */
#ifndef EARSHOT_TESTS_MOCK_DNS_SCRIPT_H
#define EARSHOT_TESTS_MOCK_DNS_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "mock/dns_server.h"

enum { DNS_MESSAGE_MAX = 65535 };

struct dns_script {
	struct entry *entries;
	struct rule *rules;
};
void dns_script_clear(struct dns_script *script);
struct dns_script *dns_server_script(struct dns_server *server);

struct dns_question {
	char name[256];
	uint16_t type;
	int tcp;
	size_t length; /* of the question as bytes, from the header's end */
};

/* The first question of a message; false where there is none. */
bool dns_question_read(struct dns_question *question, struct slice message);
enum dns_manner dns_script_manner(const struct dns_script *script,
				  const struct dns_question *question);
void dns_script_reply(struct buf *reply, const struct dns_script *script, struct slice asked,
		      const struct dns_question *question, enum dns_manner manner);

#endif
