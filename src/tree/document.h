/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An XML document read from memory and held against its schema; what is wrong is said with file and
 * line. */
#ifndef EARSHOT_TREE_DOCUMENT_H
#define EARSHOT_TREE_DOCUMENT_H

#include <libxml/tree.h>

#include "base/complaint.h"
#include "base/err.h"
#include "tree/parts.h"

enum { DOCUMENT_MAX = 4 * 1024 * 1024 }; /* bytes */

/* The schemas, built in from data/tree.rng and data/routers.rng, so that they always fit this
 * program. */
extern const char document_tree_schema[], document_routers_schema[];

/* Parses and validates. Document types, and with them entities of any kind, are refused; nothing is
 * fetched. The caller frees with xmlFreeDoc(). ERR_SYNTAX with a complaint. */
enum err document_parse(xmlDoc **out, const struct tree_text *text, const char *schema,
			struct complaint *complaint) MUST_USE;

/* Complains about a place in the document, with its line. */
#define document_complain(complaint, file, node, ...)                                              \
	complain(complaint, file, (int)xmlGetLineNo(node), __VA_ARGS__)

#endif
