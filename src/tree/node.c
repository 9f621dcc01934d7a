/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The elements of a document: finding them, and keeping their texts. */
#include <libxml/parser.h>
#include <string.h>

#include "base/text.h"
#include "tree/load.h"

bool load_is(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && (!name || !strcmp((const char *)node->name, name));
}

static xmlNode *first_from(xmlNode *node, const char *name)
{
	while (node && !load_is(node, name))
		node = node->next;
	return node;
}

xmlNode *load_child(const xmlNode *parent, const char *name)
{
	return first_from(parent->children, name);
}

xmlNode *load_next(const xmlNode *node, const char *name)
{
	return first_from(node->next, name);
}

size_t load_count(const xmlNode *parent, const char *name)
{
	size_t count = 0;

	for (const xmlNode *node = load_child(parent, name); node; node = load_next(node, name))
		count++;
	return count;
}

/* One blank for each run of white space, none at the ends: as xgettext reads the same text. */
static char *keep_normal(struct tree *tree, const char *text)
{
	char *out = tree_keep(tree, strlen(text) + 1, 1), *end = out;
	const char *blank = " \t\r\n";

	for (text += strspn(text, blank); *text; text += strspn(text, blank)) {
		size_t word = strcspn(text, blank);

		if (end > out)
			*end++ = ' ';
		memcpy(end, text, word);
		end += word;
		text += word;
	}
	return out;
}

const char *load_attribute(struct loader *loader, const xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
	char *kept = value ? keep_normal(loader->tree, (const char *)value) : NULL;

	xmlFree(value);
	return kept;
}

const char *const *load_words(struct loader *loader, const xmlNode *node, const char *name)
{
	const char *value = load_attribute(loader, node, name);
	char *text = tree_keep_text(loader->tree, value ? value : "");
	const char **words;
	size_t count = 0;

	words = tree_keep(loader->tree, strlen(text) / 2 + 2, sizeof *words);
	for (char *word = strtok_r(text, " ", &text); word; word = strtok_r(NULL, " ", &text))
		words[count++] = word;
	return words;
}

static enum err load_text(const char **out, struct loader *loader, const xmlNode *node)
{
	xmlChar *content = xmlNodeGetContent(node);
	const char *text = keep_normal(loader->tree, content ? (const char *)content : "");

	xmlFree(content);
	if (!text_is_safe(text))
		return document_complain(
			loader->complaint, loader->file, node,
			"<%s> has control or invisible characters; expected plain text",
			(const char *)node->name);
	*out = text;
	return ERR_NONE;
}

enum err load_child_text(const char **out, struct loader *loader, const xmlNode *parent,
			 const char *name)
{
	const xmlNode *node = load_child(parent, name);

	return node ? load_text(out, loader, node) : ERR_NONE;
}

enum err load_child_texts(const char *const **out, struct loader *loader, const xmlNode *parent,
			  const char *name)
{
	const char **texts = tree_keep(loader->tree, load_count(parent, name) + 1, sizeof *texts);
	size_t count = 0;

	*out = texts;
	for (const xmlNode *node = load_child(parent, name); node; node = load_next(node, name)) {
		enum err err = load_text(&texts[count++], loader, node);

		if (err)
			return err;
	}
	return ERR_NONE;
}
