/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/turn_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/mem.h"

static const char *const titles[] = { "UDP", "TCP", "TLS" };

static bool any(const struct turn_result *result, enum turn_state state)
{
	for (size_t i = 0; i < TURN_TRANSPORTS; i++)
		if (result->told[i].state == state)
			return true;
	return false;
}

static bool passes(const struct turn_relay *relay)
{
	return relay->in && relay->out;
}

/* Whether a datagram went the way between this site and the relay's ports, either way: then what is
 * missing is missing at the relay, not at a firewall here. */
static bool way_is_open(const struct turn_result *result)
{
	return result->by_socket.in || result->by_socket.out;
}

static enum turn_verdict judge_relay(const struct turn_result *result)
{
	if (passes(&result->by_socket) || passes(&result->by_relay))
		return TURN_WORKS;
	return result->by_relay.tried || way_is_open(result) ? TURN_NO_RELAY : TURN_COULD_NOT_TELL;
}

/* 440: it has relays, but none of our family (RFC 8656, 7.2). */
static bool turned_away(const struct turn_result *result)
{
	for (size_t i = 0; i < TURN_TRANSPORTS; i++)
		if (result->told[i].state == TURN_TURNED_AWAY && result->told[i].code != 440)
			return true;
	return any(result, TURN_SENT_ON);
}

enum turn_verdict turn_judge(const struct turn_result *result)
{
	if (result->name_err)
		return TURN_UNREACHABLE;
	if (result->stopped)
		return TURN_COULD_NOT_TELL;
	if (result->kept)
		return judge_relay(result);
	if (any(result, TURN_LOGIN_WRONG))
		return TURN_AUTH_FAILED;
	if (any(result, TURN_LOGIN_NEEDED))
		return TURN_COULD_NOT_TELL;
	if (turned_away(result))
		return TURN_NO_RELAY;
	return any(result, TURN_NONSENSE) || any(result, TURN_TURNED_AWAY) ||
			       any(result, TURN_NOT_TRIED)
		       ? TURN_COULD_NOT_TELL
		       : TURN_UNREACHABLE;
}

/* --- facts ------------------------------------------------------------------------------------*/

static const char *end_fact(enum turn_end end)
{
	switch (end) {
	case TURN_SILENT: return "silent";
	case TURN_REFUSED: return "refused";
	case TURN_FILTERED: return "filtered";
	case TURN_NO_WAY: return "no-route";
	case TURN_STOPPED: return "unknown";
	default: return "error";
	}
}

static const char *state_fact(const struct turn_told *told)
{
	switch (told->state) {
	case TURN_NOT_TRIED: return "unknown";
	case TURN_ALLOCATED: return "ok";
	case TURN_NOT_REACHED: return end_fact(told->end);
	case TURN_LOGIN_NEEDED: return "answers";
	case TURN_LOGIN_WRONG: return "auth-failed";
	default: return "error";
	}
}

/* Milliseconds; -1: not known. Both ways lead to the server and back here, one of them through the
 * relay. */
static int64_t added_ms(const struct turn_result *result)
{
	const int64_t plain_ms = result->told[result->best].fastest_ms;
	const int64_t way_ms = result->by_socket.way_ms;

	if (!result->kept || plain_ms < 0 || way_ms < 0)
		return -1;
	return way_ms > plain_ms ? way_ms - plain_ms : 0;
}

static void tell_facts(struct sink *sink, const struct turn_result *result)
{
	static const char *const states[] = { "ok", "unreachable", "auth-failed", "no-relay",
					      "unknown" };
	json_t *list = json_array();

	sink_fact_text(sink, "turn.state", states[turn_judge(result)]);
	if (result->kept)
		sink_fact_text(sink, "turn.transport", turn_transport_text(result->best));
	for (enum turn_transport i = 0; !result->name_err && i < TURN_TRANSPORTS; i++)
		json_array_append_new(list,
				      json_pack("{s:s, s:s}", "transport", turn_transport_text(i),
						"state", state_fact(&result->told[i])));
	sink_fact_take(sink, "turn.transports", list);
	if (added_ms(result) >= 0)
		sink_fact_number(sink, "turn.added-ms", (double)added_ms(result));
}

/* --- sentences --------------------------------------------------------------------------------*/

static const char *end_words(const struct turn_told *told)
{
	switch (told->end) {
	case TURN_SILENT: return _("no answer");
	case TURN_REFUSED: return _("refused: nothing listens on that port");
	case TURN_FILTERED: return _("turned away by a filter");
	case TURN_NO_TLS: return _("the port is open, but no TLS is agreed there");
	case TURN_CLOSED: return _("the connection is closed again");
	case TURN_GARBAGE: return _("what answers there does not speak TURN");
	case TURN_STOPPED: return _("not waited for");
	default: return _("no way there");
	}
}

/* What one transport gave; the caller frees. */
static char *state_words(const struct turn_result *result, const struct turn_told *told)
{
	char addr[ADDR_TEXT];

	switch (told->state) {
	case TURN_ALLOCATED:
		return mem_printf(_("gives the relay address %s"), addr_text(addr, &told->relayed));
	case TURN_NOT_REACHED:
		if (addr_is_set(&told->offender))
			return mem_printf(_("%s (told by %s)"), end_words(told),
					  addr_host_text(addr, &told->offender));
		return mem_text(end_words(told));
	case TURN_LOGIN_NEEDED:
		return mem_printf(_("answers and asks for a user and password (%s)"),
				  result->no_login ? result->no_login
						   : _("not sent again after one refusal"));
	case TURN_LOGIN_WRONG:
		return mem_printf(_("refuses the user and password (%u %s)"), told->code,
				  told->reason);
	case TURN_TURNED_AWAY:
		return mem_printf(_("answers with the error %u %s"), told->code, told->reason);
	case TURN_SENT_ON:
		return mem_printf(_("sends us on to another server after %u such turns, or to one "
				    "that cannot be"),
				  told->redirects);
	case TURN_NONSENSE: return mem_printf(_("answers, but %s"), told->reason);
	default: return mem_text(_("not tried"));
	}
}

static void add_transport(struct finding *finding, const struct turn_result *result,
			  enum turn_transport transport)
{
	const struct turn_told *told = &result->told[transport];
	char *words = state_words(result, told);
	char server[ADDR_TEXT];

	finding_evidence(finding, _("%s to %s: %s"), titles[transport],
			 addr_text(server, &told->server), words);
	free(words);
}

/* The profile's own first. */
static void add_transports(struct finding *finding, const struct turn_result *result)
{
	finding_evidence(finding, _("TURN server %s, %s named in the profile"), result->name,
			 titles[result->own]);
	add_transport(finding, result, result->own);
	for (enum turn_transport i = 0; i < TURN_TRANSPORTS; i++)
		if (i != result->own)
			add_transport(finding, result, i);
}

static const char *came(bool fine)
{
	return fine ? _("arrived") : _("did not arrive");
}

static void add_relay(struct finding *finding, const struct turn_relay *relay, const char *peer)
{
	char addr[ADDR_TEXT];

	addr_text(addr, &relay->peer);
	if (relay->tried)
		finding_evidence(finding,
				 _("with %s (%s), %u tries: what it sent to the relay address %s "
				   "here, what we sent it through the relay %s there"),
				 peer, addr, relay->tries, came(relay->in), came(relay->out));
	else if (relay->code)
		finding_evidence(finding, _("with %s: not tried, the server says %u %s"), peer,
				 relay->code, relay->reason);
}

static enum direction missing(const struct turn_result *result)
{
	const bool in = result->by_socket.in || result->by_relay.in;
	const bool out = result->by_socket.out || result->by_relay.out;

	return in ? DIRECTION_OUT : out ? DIRECTION_IN : DIRECTION_BOTH;
}

/* --- findings ---------------------------------------------------------------------------------*/

static void tell_unreachable(struct sink *sink, const struct turn_result *result)
{
	struct finding *finding = finding_new("turn-unreachable");

	if (result->name_err)
		finding_evidence(finding, _("the name %s gives no address: %s"), result->name,
				 err_text(result->name_err));
	else
		add_transports(finding, result);
	sink_finding_take(sink, finding);
}

static void tell_auth_failed(struct sink *sink, const struct turn_result *result)
{
	struct finding *finding = finding_new("turn-auth-failed");

	add_transports(finding, result);
	sink_finding_take(sink, finding);
}

static void tell_no_relay(struct sink *sink, const struct turn_result *result)
{
	struct finding *finding = finding_new("turn-no-relay");

	add_transports(finding, result);
	if (result->kept) {
		finding->direction = missing(result);
		/* Where no datagram proves the way to the relay's ports, a firewall here may eat
		 * what the first try needs. */
		if (!way_is_open(result) && !result->by_relay.in && !result->by_relay.out)
			finding->side = SIDE_UNKNOWN;
		add_relay(finding, &result->by_socket, _("a second socket of ours"));
		add_relay(finding, &result->by_relay, _("a second relay address of the server"));
	}
	sink_finding_take(sink, finding);
}

static bool udp_is_blocked(const struct turn_result *result)
{
	return result->kept && result->best != TURN_UDP &&
	       result->told[TURN_UDP].state == TURN_NOT_REACHED &&
	       result->told[TURN_UDP].end != TURN_STOPPED;
}

static void tell_udp_blocked(struct sink *sink, const struct turn_result *result)
{
	const struct turn_told *told = &result->told[TURN_UDP];
	struct finding *finding;
	char offender[ADDR_TEXT];

	if (!udp_is_blocked(result))
		return;
	finding = finding_new("turn-udp-blocked");
	/* It got there, and the server itself does not do UDP. */
	if (told->end == TURN_REFUSED &&
	    (!addr_is_set(&told->offender) || addr_same_host(&told->offender, &told->server)))
		finding->side = SIDE_PROVIDER;
	else if (told->end == TURN_SILENT)
		finding->side = SIDE_UNKNOWN;
	add_transports(finding, result);
	if (addr_is_set(&told->offender))
		finding_place(finding, 0, addr_host_text(offender, &told->offender));
	sink_finding_take(sink, finding);
}

/* --- the sentence -----------------------------------------------------------------------------*/

/* "UDP, TCP and TLS": those that gave a relay; the caller frees. */
static char *working_words(const struct turn_result *result)
{
	char *words = mem_text("");
	size_t left = 0;

	for (size_t i = 0; i < TURN_TRANSPORTS; i++)
		left += result->told[i].state == TURN_ALLOCATED;
	for (size_t i = 0; i < TURN_TRANSPORTS; i++) {
		char *more;

		if (result->told[i].state != TURN_ALLOCATED)
			continue;
		left--;
		more = mem_printf("%s%s%s", words, titles[i],
				  left > 1    ? ", "
				  : left == 1 ? _(" and ")
					      : "");
		free(words);
		words = more;
	}
	return words;
}

static void say_works(struct sink *sink, const struct turn_result *result)
{
	char *ways = working_words(result);
	char *added = added_ms(result) < 0 ? mem_text("")
					   : mem_printf(_(" The relay adds %lld ms."),
							(long long)added_ms(result));
	const char *note =
		passes(&result->by_socket) || !result->by_socket.tried
			? ""
			: _(" Packets between this site and the relay's own ports do not pass both "
			    "ways; a call through TURN does not need them to.");
	const bool show = result->certificate[0] && result->own == TURN_TLS;

	sink_summary(sink, _("The TURN server relays, over %s.%s%s%s%s%s"), ways, added, note,
		     show ? _(" Its certificate: ") : "", show ? result->certificate : "",
		     show ? "." : "");
	free(ways);
	free(added);
}

static void say(struct sink *sink, const struct turn_result *result)
{
	const char *login = any(result, TURN_LOGIN_NEEDED) ? result->no_login : NULL;

	switch (turn_judge(result)) {
	case TURN_WORKS: say_works(sink, result); return;
	case TURN_UNREACHABLE: sink_summary(sink, _("The TURN server cannot be reached.")); return;
	case TURN_AUTH_FAILED:
		sink_summary(sink, _("The TURN server refuses the user or password."));
		return;
	case TURN_NO_RELAY:
		sink_summary(sink, "%s",
			     result->kept ? _("The TURN server gives a relay address, but "
					      "not everything sent there comes through.")
					  : _("The TURN server gives no relay address."));
		return;
	case TURN_COULD_NOT_TELL: break;
	}
	if (login)
		sink_summary(sink,
			     _("The TURN server answers and asks for a user and password; %s."),
			     login);
	else if (result->kept)
		sink_summary(sink, _("The TURN server gives a relay address; whether it lets "
				     "anything through could not be told."));
	else
		sink_summary(sink, _("Whether the TURN server works could not be told."));
}

void turn_report(const struct turn_result *result, struct sink *sink)
{
	const enum turn_verdict verdict = turn_judge(result);

	tell_facts(sink, result);
	if (verdict == TURN_UNREACHABLE)
		tell_unreachable(sink, result);
	if (verdict == TURN_AUTH_FAILED)
		tell_auth_failed(sink, result);
	if (verdict == TURN_NO_RELAY)
		tell_no_relay(sink, result);
	tell_udp_blocked(sink, result);
	say(sink, result);
}
