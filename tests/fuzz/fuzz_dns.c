/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A byte that chooses the type asked for, then any bytes as the reply: few records, in order, each
 * with its texts. */
#include <stdlib.h>

#include "net/dns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int fine)
{
	if (!fine)
		abort();
}

static void look_at(const struct dns_answer *answer)
{
	for (size_t i = 0; i < answer->count; i++) {
		const struct dns_record *record = &answer->record[i];

		if (answer->type == DNS_A || answer->type == DNS_AAAA)
			must(addr_is_set(&record->addr) && !record->name);
		else
			must(record->name && (!i || record[-1].order <= record->order));
		if (answer->type == DNS_NAPTR)
			must(record->flags && record->service);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum dns_type types[] = { DNS_A, DNS_AAAA, DNS_SRV, DNS_NAPTR };
	struct dns_answer answer = { .type = types[size ? data[0] & 3 : 0] };

	if (!size)
		return 0;
	dns_answer_read(&answer, data + 1, size - 1);
	must(answer.state != DNS_PENDING && answer.count <= DNS_RECORDS_MAX);
	must((answer.state == DNS_OK) == (answer.count > 0));
	look_at(&answer);
	dns_answer_clear(&answer);
	return 0;
}
