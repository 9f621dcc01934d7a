/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/igd.h"

#include <miniupnpc/miniupnpc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "net/stream.h"

enum {
	DISCOVER_MS = 1500,
	HTTP_PORT = 80,
	ANSWER_MAX = 256 << 10, /* bytes of one HTTP answer */
	ANSWER_MS = 1000,       /* of one HTTP answer */
	URL_MAX = 512,
	SSDP_TTL = 2,
};

void igd_element(char out[static IGD_TEXT], struct slice xml, const char *name)
{
	char tag[64], *safe;
	struct slice text;
	size_t at;

	out[0] = 0;
	snprintf(tag, sizeof tag, "<%s>", name);
	if (slice_find(&at, xml, tag) || slice_skip(&xml, at + strlen(tag)) ||
	    slice_until(&text, &xml, '<'))
		return;
	text = slice_trim(text);
	safe = text_safe(text.at, text.left, IGD_TEXT - 1);
	snprintf(out, IGD_TEXT, "%s", safe);
	free(safe);
}

bool igd_url(struct addr *host, struct slice *path, struct slice url, const struct addr *gateway)
{
	static const char scheme[] = "http://";
	struct slice authority;
	char text[ADDR_TEXT];

	if (!slice_starts_nocase(url, scheme) || slice_skip(&url, strlen(scheme)))
		return false;
	if (slice_until(&authority, &url, '/')) {
		authority = url;
		url.left = 0;
	}
	if (authority.left >= sizeof text)
		return false;
	memcpy(text, authority.at, authority.left);
	text[authority.left] = 0;
	*path = url; /* without its first '/' */
	return !addr_parse_port(host, text, HTTP_PORT) && addr_same_host(host, gateway);
}

/* True once headers and as many bytes as they promise are there: some keep the connection open all
 * the same. */
static bool is_whole(const struct buf *answer)
{
	struct slice rest = slice_of(answer->data, answer->length), line;
	unsigned long length = ANSWER_MAX;

	while (!slice_line(&line, &rest)) {
		static const char name[] = "Content-Length:";

		if (!line.left)
			return rest.left >= length;
		if (slice_starts_nocase(line, name) && !slice_skip(&line, strlen(name)) &&
		    slice_number(&length, slice_trim(line), ANSWER_MAX))
			return false;
	}
	return false;
}

/* Reads until it is whole, the far side closes, or enough or nothing more has come: a description
 * that goes on is cut, and a slow one says what it has said by then. */
static enum err read_all(struct buf *out, struct stream *stream, const struct deadline *until)
{
	char data[4096];
	size_t length;
	enum err err;

	do {
		err = stream_read(data, sizeof data, &length, stream, until);
		if (!err)
			err = buf_add(out, data, length);
	} while (!err && !is_whole(out));
	return out->length ? ERR_NONE : err;
}

/* One HTTP/1.0 request; *out gets headers and body. */
static enum err http(struct buf *out, const struct addr *host, const char *device,
		     const struct buf *request, const struct deadline *until)
{
	const struct stream_plan plan = { .to = *host, .device = device };
	const struct deadline soon = deadline_first(deadline_in(ANSWER_MS), *until);
	struct stream *stream;
	enum err err = stream_open(&stream, &plan, &soon);

	if (err)
		return err;
	err = stream_write(stream, request->data, request->length, &soon);
	if (!err)
		err = read_all(out, stream, &soon);
	stream_free(stream);
	if (!err && !slice_starts(slice_of(out->data, out->length), "HTTP/1."))
		err = ERR_SYNTAX;
	return err;
}

static enum err get(struct buf *out, const struct addr *host, struct slice path, const char *device,
		    const struct deadline *until)
{
	char where[ADDR_TEXT];
	struct buf request;
	enum err err;

	buf_init(&request, 4 * URL_MAX);
	err = buf_printf(&request, "GET /%.*s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n",
			 (int)path.left, (const char *)path.at, addr_text(where, host));
	if (!err)
		err = http(out, host, device, &request, until);
	buf_clear(&request);
	return err;
}

/* What is needed to ask the service again and again. */
struct service {
	struct addr host;
	const char *device;
	char path[URL_MAX], type[URL_MAX];
};

/* A SOAP action; `arguments` is XML. */
static enum err act(struct buf *out, const struct service *service, const char *action,
		    const char *arguments, const struct deadline *until)
{
	struct buf request, body;
	char where[ADDR_TEXT];
	enum err err;

	buf_init(&request, 8 * URL_MAX);
	buf_init(&body, 4 * URL_MAX);
	err = buf_printf(&body,
			 "<?xml version=\"1.0\"?>\r\n<s:Envelope "
			 "xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
			 "s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>"
			 "<u:%s xmlns:u=\"%s\">%s</u:%s></s:Body></s:Envelope>\r\n",
			 action, service->type, arguments, action);
	if (!err)
		err = buf_printf(&request,
				 "POST /%s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n"
				 "Content-Type: text/xml; charset=\"utf-8\"\r\n"
				 "SOAPAction: \"%s#%s\"\r\nContent-Length: %zu\r\n\r\n%s",
				 service->path, addr_text(where, &service->host), service->type,
				 action, body.length, buf_text(&body));
	if (!err)
		err = http(out, &service->host, service->device, &request, until);
	buf_clear(&request);
	buf_clear(&body);
	return err;
}

static void ask_outside(struct igd *out, const struct service *service,
			const struct deadline *until)
{
	char text[IGD_TEXT];
	struct buf answer;

	buf_init(&answer, ANSWER_MAX);
	if (!act(&answer, service, "GetExternalIPAddress", "", until)) {
		igd_element(text, slice_of(answer.data, answer.length), "NewExternalIPAddress");
		if (addr_parse(&out->outside, text, 0) || addr_is_any(&out->outside))
			out->outside = (struct addr){ 0 };
	}
	buf_clear(&answer);
}

static enum err read_mapping(struct igd_mapping *out, struct slice xml)
{
	unsigned long outside, inside;
	char text[IGD_TEXT];

	*out = (struct igd_mapping){ 0 };
	igd_element(text, xml, "NewExternalPort");
	if (slice_number(&outside, slice_of_text(text), UINT16_MAX))
		return ERR_SYNTAX;
	igd_element(text, xml, "NewInternalPort");
	if (slice_number(&inside, slice_of_text(text), UINT16_MAX))
		return ERR_SYNTAX;
	out->outside = (uint16_t)outside;
	out->inside = (uint16_t)inside;
	igd_element(text, xml, "NewInternalClient");
	if (addr_parse(&out->host, text, 0))
		out->host = (struct addr){ 0 };
	igd_element(text, xml, "NewProtocol");
	snprintf(out->protocol, sizeof out->protocol, "%.7s", text);
	return ERR_NONE;
}

static void ask_mappings(struct igd *out, const struct service *service,
			 const struct deadline *until)
{
	enum err err = ERR_NONE;

	while (!err && out->mappings < IGD_MAPPINGS_MAX) {
		char argument[80];
		struct buf answer;

		snprintf(argument, sizeof argument,
			 "<NewPortMappingIndex>%zu</NewPortMappingIndex>", out->mappings);
		buf_init(&answer, ANSWER_MAX);
		err = act(&answer, service, "GetGenericPortMappingEntry", argument, until);
		if (!err)
			err = read_mapping(&out->mapping[out->mappings],
					   slice_of(answer.data, answer.length));
		out->mappings += !err;
		buf_clear(&answer);
	}
}

/* A service of the description. Its URL may be whole or a path, below the description's URLBase if
 * it has one; in any case it is the gateway that is asked. */
static bool find_service(struct service *out, const struct IGDdatas *data,
			 const struct IGDdatas_service *service, const struct service *description,
			 const struct addr *gateway)
{
	struct slice url = slice_of_text(service->controlurl), path = url, base;
	struct addr host;

	*out = *description;
	if (igd_url(&host, &base, slice_of_text(data->urlbase), gateway))
		out->host = host;
	if (slice_starts_nocase(url, "http:") && !igd_url(&out->host, &path, url, gateway))
		path.left = 0;
	else if (slice_starts(path, "/") && slice_skip(&path, 1))
		path.left = 0;
	snprintf(out->path, sizeof out->path, "%.*s", (int)path.left, (const char *)path.at);
	snprintf(out->type, sizeof out->type, "%s", service->servicetype);
	/* What stands in a request line and a header must not break them. */
	return out->path[0] && out->type[0] && !strpbrk(out->path, " \t\r\n\"<>") &&
	       !strpbrk(out->type, " \t\r\n\"<>");
}

/* A router with both kinds of line (IP and PPP) has a service for each, and one of them is up. */
static void ask_services(struct igd *out, struct slice xml, const struct service *description,
			 const struct addr *gateway, const struct deadline *until)
{
	struct IGDdatas *data = mem_new(1, sizeof *data);
	const struct IGDdatas_service *const services[] = { &data->first, &data->second };
	struct service service;

	parserootdesc((const char *)xml.at, (int)xml.left, data);
	for (size_t i = 0; i < 2 && !addr_is_set(&out->outside); i++) {
		if (!find_service(&service, data, services[i], description, gateway))
			continue;
		ask_outside(out, &service, until);
		if (!out->mappings)
			ask_mappings(out, &service, until);
	}
	free(data);
}

static enum err ask_device(struct igd *out, const char *url, const struct addr *gateway,
			   const char *device, const struct deadline *until)
{
	struct service description = { .device = device };
	struct slice path, body;
	struct buf answer;
	size_t at;
	enum err err;

	if (strlen(url) >= URL_MAX || strpbrk(url, " \t\r\n") ||
	    !igd_url(&description.host, &path, slice_of_text(url), gateway))
		return ERR_MISMATCH;
	buf_init(&answer, ANSWER_MAX);
	err = get(&answer, &description.host, path, device, until);
	body = slice_of(answer.data, answer.length);
	if (!err && (slice_find(&at, body, "\r\n\r\n") || slice_skip(&body, at + 4)))
		err = ERR_SYNTAX;
	if (!err) {
		igd_element(out->vendor, body, "manufacturer");
		igd_element(out->model, body, "modelName");
		igd_element(out->number, body, "modelNumber");
		igd_element(out->name, body, "friendlyName");
		ask_services(out, body, &description, gateway, until);
	}
	buf_clear(&answer);
	return err;
}

enum err igd_ask(struct igd *out, const struct addr *gateway, const char *device,
		 const struct deadline *until)
{
	static const char *const types[] = {
		"urn:schemas-upnp-org:device:InternetGatewayDevice:2",
		"urn:schemas-upnp-org:device:InternetGatewayDevice:1",
		NULL,
	};
	enum err err = ERR_NOT_FOUND;
	int failure = 0;
	/* Both are searched for before it waits: once for both, not once for each. */
	struct UPNPDev *devices =
		upnpDiscoverDevices(types, DISCOVER_MS, device, NULL, 0, 0, SSDP_TTL, &failure, 1);

	*out = (struct igd){ 0 };
	for (const struct UPNPDev *at = devices; at && err; at = at->pNext) {
		const enum err one = ask_device(out, at->descURL, gateway, device, until);

		if (one != ERR_MISMATCH)
			err = one;
	}
	freeUPNPDevlist(devices);
	return err;
}
