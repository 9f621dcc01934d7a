/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/table.h"

#include <stdlib.h>
#include <sys/random.h>

#include "base/mem.h"

void table_init(struct table *table, size_t buckets)
{
	*table = (struct table){ .bucket = mem_new(buckets, sizeof *table->bucket),
				 .mask = buckets - 1 };
	/* So few bytes always come whole, once the system has started. */
	if (getrandom(&table->secret, sizeof table->secret, 0) != sizeof table->secret)
		abort();
}

void table_clear(struct table *table)
{
	free(table->bucket);
	table->bucket = NULL;
}

static void link_between(struct table *table, struct table_node *node, struct table_node *older,
			 struct table_node *newer)
{
	node->older = older;
	node->newer = newer;
	*(older ? &older->newer : &table->oldest) = node;
	*(newer ? &newer->older : &table->newest) = node;
}

static void unlink_order(struct table *table, struct table_node *node)
{
	*(node->older ? &node->older->newer : &table->oldest) = node->newer;
	*(node->newer ? &node->newer->older : &table->newest) = node->older;
}

void table_add(struct table *table, struct table_node *node, uint64_t hash)
{
	struct table_node **bucket = &table->bucket[hash >> 32 & table->mask];

	node->hash = hash;
	node->next = *bucket;
	*bucket = node;
	link_between(table, node, table->newest, NULL);
	table->count++;
}

void table_remove(struct table *table, struct table_node *node)
{
	struct table_node **at = &table->bucket[node->hash >> 32 & table->mask];

	while (*at != node)
		at = &(*at)->next;
	*at = node->next;
	unlink_order(table, node);
	table->count--;
}

void table_make_newest(struct table *table, struct table_node *node)
{
	if (table->newest == node)
		return;
	unlink_order(table, node);
	link_between(table, node, table->newest, NULL);
}

void table_make_oldest(struct table *table, struct table_node *node)
{
	if (table->oldest == node)
		return;
	unlink_order(table, node);
	link_between(table, node, NULL, table->oldest);
}
