/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building a tree out of a document that fits the schema: for load.c, node.c and program.c alone.
 */
#ifndef EARSHOT_TREE_LOAD_H
#define EARSHOT_TREE_LOAD_H

#include <libxml/tree.h>

#include "tree/document.h"
#include "tree/parts.h"

/* How deep conditions and statements may stand in each other: the walk goes down by calling itself.
 */
enum { LOAD_DEPTH_MAX = 24 };

struct loader {
	struct tree *tree;
	const char *file;
	struct complaint *complaint;
	unsigned depth;
};

/* The first child element of a name (any name for NULL), and the next sibling element of it; NULL:
 * none. */
xmlNode *load_child(const xmlNode *parent, const char *name);
xmlNode *load_next(const xmlNode *node, const char *name);
size_t load_count(const xmlNode *parent, const char *name);
bool load_is(const xmlNode *node, const char *name);

/* An attribute without blanks at its ends; NULL: not there. Kept by the tree. */
const char *load_attribute(struct loader *loader, const xmlNode *node, const char *name);
/* Its words, NULL-terminated; none where it is not there. Kept by the tree. */
const char *const *load_words(struct loader *loader, const xmlNode *node, const char *name);

/* The text of a child for people; *out stays where there is none. Kept by the tree. */
enum err load_child_text(const char **out, struct loader *loader, const xmlNode *parent,
			 const char *name) MUST_USE;
/* The texts of all children of a name, NULL-terminated. */
enum err load_child_texts(const char *const **out, struct loader *loader, const xmlNode *parent,
			  const char *name) MUST_USE;

/* program.c. The document fits the schema; these complain of what refers to nothing. */
enum err load_condition(struct condition **out, struct loader *loader,
			const xmlNode *node) MUST_USE;
enum err load_statements(struct statement **out, struct loader *loader,
			 const xmlNode *node) MUST_USE;
enum err load_confidence(enum confidence *out, struct loader *loader, const xmlNode *node,
			 const char *attribute) MUST_USE;

#endif
