/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tree/document.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <string.h>

#if LIBXML_VERSION >= 21200
#define XML_ERROR const xmlError
#else
#define XML_ERROR xmlError
#endif

/* What each element should look like, for people: libxml2 says what is wrong, seldom what would be
 * right. */
static const struct {
	const char *element, *expected;
} expectations[] = {
	{ "tree", "<tree version=\"1\"> with terms, questions, conditions, causes, branches and "
		  "one walk, in this order" },
	{ "term", "<name> and <text>" },
	{ "question",
	  "<question id=\"a-z0-9-\"> with <ask>, <why>, maybe <help>, then the <answer>s" },
	{ "answer", "<answer value>, maybe with direction (out, in, both or none), with <text> and "
		    "maybe <by>" },
	{ "by", "a fact, finding (severity: note, risk or fault) or check to compare" },
	{ "condition", "<condition id> with one comparison, or <all>, <any>, <none>" },
	{ "cause", "<cause id=\"a-z0-9-\" remedy side> (site, phone, provider or unknown) with "
		   "<title>, <means>, <step>s, <who>, "
		   "<verify>, maybe <ask>, <evidence>s, <ruled-out>" },
	{ "evidence", "<evidence confidence> (certain, likely, possible) with one comparison, or "
		      "<all>, <any>, <none>" },
	{ "ruled-out", "one comparison, or <all>, <any>, <none>" },
	{ "branch", "<branch id> with <ask>, <go>, <try> or <if>" },
	{ "walk", "<ask>, <go>, <try> or <if>" },
	{ "ask", "<ask question> on the walk, a text elsewhere" },
	{ "go", "<go branch>" },
	{ "try", "<try causes>, maybe with at-least: certain, likely or possible" },
	{ "if", "a condition, then <ask>, <go>, <try> or <if>" },
	{ "all", "<when>, <all>, <any> or <none>" },
	{ "any", "<when>, <all>, <any> or <none>" },
	{ "none", "<when>, <all>, <any> or <none>" },
	{ "when", "question, fact, finding, check or holds, with what it is compared with" },
	{ "step", "a text, without elements in it" },
	{ "text", "a text, without elements in it" },
	{ "routers", "<routers version=\"1\"> with <router>s" },
	{ "router", "<router vendor> with <match>es, <where>, <step>s, maybe <caveat>" },
};

static const char *expected_of(const xmlNode *node)
{
	for (; node; node = node->parent) {
		if (node->type != XML_ELEMENT_NODE)
			continue;
		for (size_t i = 0; i < sizeof expectations / sizeof *expectations; i++)
			if (!strcmp((const char *)node->name, expectations[i].element))
				return expectations[i].expected;
	}
	return "what earshot-tree(5) describes";
}

struct judge {
	const char *file;
	struct complaint *complaint;
};

/* libxml2's messages end in a line break. */
static int message_length(const char *message)
{
	return (int)strcspn(message ? message : "", "\n");
}

static void on_parse_error(void *user, XML_ERROR *error)
{
	const struct judge *judge = ((xmlParserCtxt *)user)->_private;

	if (error->level < XML_ERR_ERROR)
		return;
	/* libxml2 names a switch of its own there. */
	if (error->message && !strncmp(error->message, "Excessive depth", 15))
		(void)complain(judge->complaint, judge->file, error->line,
			       "nested too deeply; expected fewer elements in one another");
	(void)complain(judge->complaint, judge->file, error->line, "%.*s; expected well-formed XML",
		       message_length(error->message), error->message ? error->message : "");
}

static void on_invalid(void *user, XML_ERROR *error)
{
	const struct judge *judge = user;
	const xmlNode *node = error->node;

	/* One with its place follows, or none does: validate() then says what it can. */
	if (!node)
		return;
	/* An element out of place: what is expected is its parent's to say. */
	if (error->code == XML_RELAXNG_ERR_ELEMWRONG || error->code == XML_RELAXNG_ERR_ELEMNAME)
		node = node->parent;
	if (error->code == XML_RELAXNG_ERR_DATATYPE)
		(void)complain(judge->complaint, judge->file, error->line,
			       "<%s> is empty or too long; expected a text of 1 to 2000 characters",
			       (const char *)node->name);
	(void)complain(judge->complaint, judge->file, error->line, "%.*s; expected %s",
		       message_length(error->message), error->message ? error->message : "",
		       expected_of(node));
}

/* Called where a document type begins, before anything in it counts: entities are never defined. */
static void refuse_doctype(void *user, const xmlChar *name, const xmlChar *external,
			   const xmlChar *system)
{
	xmlParserCtxt *parser = user;
	const struct judge *judge = parser->_private;

	(void)external;
	(void)system;
	(void)complain(judge->complaint, judge->file, parser->input ? parser->input->line : 0,
		       "a document type (<!DOCTYPE %s) is not allowed; expected the root element",
		       (const char *)name);
	xmlStopParser(parser);
}

/* What libxml2 says outside of any parser; it would go to stderr. The parser's own errors follow.
 */
static void say_nothing(void *user, const char *format, ...)
{
	(void)user;
	(void)format;
}

static enum err parse(xmlDoc **out, const struct tree_text *text, struct judge *judge)
{
	const int options = XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES;
	xmlParserCtxt *parser = xmlNewParserCtxt();
	xmlDoc *doc;

	if (!parser)
		return complain(judge->complaint, text->file, 0,
				"no memory to read it; expected a smaller file");
	parser->_private = judge;
	parser->sax->serror = on_parse_error;
	parser->sax->internalSubset = refuse_doctype;
	doc = xmlCtxtReadMemory(parser, text->text, (int)text->length, text->file, NULL, options);
	xmlFreeParserCtxt(parser);
	if (doc && !judge->complaint->text[0]) {
		*out = doc;
		return ERR_NONE;
	}
	xmlFreeDoc(doc);
	return complain(judge->complaint, text->file, 0,
			"not readable as XML; expected well-formed XML");
}

static enum err validate(xmlDoc *doc, const char *schema_text, struct judge *judge)
{
	xmlRelaxNGParserCtxt *parser =
		xmlRelaxNGNewMemParserCtxt(schema_text, (int)strlen(schema_text));
	xmlRelaxNG *schema = parser ? xmlRelaxNGParse(parser) : NULL;
	xmlRelaxNGValidCtxt *valid = schema ? xmlRelaxNGNewValidCtxt(schema) : NULL;
	int verdict = -1; /* not 0 as well where memory runs out */

	if (valid) {
		xmlRelaxNGSetValidStructuredErrors(valid, on_invalid, judge);
		verdict = xmlRelaxNGValidateDoc(valid, doc);
	}
	xmlRelaxNGFreeValidCtxt(valid);
	xmlRelaxNGFree(schema);
	xmlRelaxNGFreeParserCtxt(parser);
	if (verdict)
		return complain(judge->complaint, judge->file, 0,
				"does not fit the schema; expected %s",
				expected_of(xmlDocGetRootElement(doc)));
	return ERR_NONE;
}

enum err document_parse(xmlDoc **out, const struct tree_text *text, const char *schema,
			struct complaint *complaint)
{
	struct complaint own = { "" };
	struct judge judge = { text->file, &own };
	xmlDoc *doc = NULL;
	enum err err;

	if (text->length > DOCUMENT_MAX)
		return complain(complaint, text->file, 0, "too large; expected at most %d MiB",
				DOCUMENT_MAX / 1024 / 1024);
	xmlSetGenericErrorFunc(NULL, say_nothing);
	err = parse(&doc, text, &judge);
	if (!err)
		err = validate(doc, schema, &judge);
	xmlSetGenericErrorFunc(NULL, NULL);
	if (!err) {
		*out = doc;
		return ERR_NONE;
	}
	xmlFreeDoc(doc);
	if (own.text[0] && !complaint->text[0])
		*complaint = own;
	return err;
}
