/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hash table in the order of use, for things that are bounded in number: whoever is at the bound
 * takes the oldest out. The node stands first in the caller's struct, which the caller owns. */
#ifndef EARSHOT_ANALYSIS_TABLE_H
#define EARSHOT_ANALYSIS_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct table_node {
	uint64_t hash;
	struct table_node *next; /* in the same bucket */
	struct table_node *older, *newer;
};

struct table {
	struct table_node **bucket;
	size_t mask;
	uint64_t secret; /* so that nobody on the network can choose what falls together */
	struct table_node *oldest, *newest;
	size_t count;
};

/* `buckets` is a power of two, up to 2^32. The program ends where there is no randomness. */
void table_init(struct table *table, size_t buckets);

/* The nodes must be out before. */
void table_clear(struct table *table);

/* Mixes the secret into the hash of a key. */
static inline uint64_t table_hash(const struct table *table, uint64_t key)
{
	uint64_t hash = (key ^ table->secret) * 0x9e3779b97f4a7c15;

	hash ^= hash >> 32;
	return hash * (table->secret | 1);
}

/* The first node of the bucket; the caller compares hash and key and goes on by `next`. */
static inline struct table_node *table_first(const struct table *table, uint64_t hash)
{
	return table->bucket[hash >> 32 & table->mask];
}

/* As the newest. */
void table_add(struct table *table, struct table_node *node, uint64_t hash);
void table_remove(struct table *table, struct table_node *node);
void table_make_newest(struct table *table, struct table_node *node);
void table_make_oldest(struct table *table, struct table_node *node);

#endif
