/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversations as tables: when, from whom to whom, what, in which dialog, with which description.
 */
#include "analysis/dialog.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

/* A caller, B and C called, P proxy or agent, Q another one. */
struct step {
	double s;
	const char *way;   /* "A>P" */
	const char *start; /* method, or status and reason */
	const char *cseq;  /* "1 INVITE" */
	const char *from_tag, *to_tag;
	const char *sdp;  /* "A 4000 sendrecv": c=, port of m=, direction; NULL: none */
	const char *more; /* header fields; "Call-ID: …" takes the place of the usual one */
};

struct told {
	size_t described, done;
	struct sip_call *call; /* the first that was done; its texts are gone afterwards */
	void (*check)(struct sip_call *call, size_t index);
};

static uint32_t host_of(char letter)
{
	switch (letter) {
	case 'A': return 0xc0000201; /* 192.0.2.1 */
	case 'B': return 0xcb007105; /* 203.0.113.5 */
	case 'C': return 0xcb007106;
	case 'P': return 0xc633640a; /* 198.51.100.10 */
	case 'Q': return 0xc633640b;
	default: return 0;
	}
}

static void write_host(char out[static ADDR_TEXT], char letter)
{
	const uint32_t host = host_of(letter);

	snprintf(out, ADDR_TEXT, "%u.%u.%u.%u", host >> 24, host >> 16 & 255, host >> 8 & 255,
		 host & 255);
}

static char *write_sdp(const char *said)
{
	char letter, direction[16] = "sendrecv", host[ADDR_TEXT];
	unsigned port;

	if (!said)
		return mem_text("");
	assert_true(sscanf(said, "%c %u %15s", &letter, &port, direction) >= 2);
	write_host(host, letter);
	return mem_printf("v=0\r\no=u%c 123456%u 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\n"
			  "m=audio %u RTP/AVP 0\r\na=%s\r\n",
			  letter, port, host, host, port, direction);
}

static char *write_message(const struct step *step, const char *call_id)
{
	const bool request = step->start[0] >= 'A';
	char *sdp = write_sdp(step->sdp);
	const char *more = step->more ? step->more : "";
	char *text = mem_printf("%s%s%s\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK%s%s\r\nFrom: "
				"<sip:alice@example.com>%s%s\r\nTo: <sip:bob@example.com>%s%s\r\n"
				"Call-ID: %s\r\nCSeq: %s\r\n%s%sContent-Length: %zu\r\n\r\n%s",
				request ? "" : "SIP/2.0 ", step->start,
				request ? " sip:bob@example.com SIP/2.0" : "", step->cseq,
				step->way, *step->from_tag ? ";tag=" : "", step->from_tag,
				*step->to_tag ? ";tag=" : "", step->to_tag,
				strncmp(more, "Call-ID: ", 9) ? call_id : more + 9, step->cseq,
				strncmp(more, "Call-ID: ", 9) ? more : "",
				*sdp ? "Content-Type: application/sdp\r\n" : "", strlen(sdp), sdp);

	free(sdp);
	return text;
}

static void on_described(struct sip_call *call, const struct description *description,
			 void *context)
{
	struct told *told = context;

	assert_true(description >= call->description);
	told->described++;
}

static void on_done(struct sip_call *call, void *context)
{
	struct told *told = context;

	if (told->check)
		told->check(call, told->done);
	told->done++;
}

static struct dialogs *start(struct told *told, void (*check)(struct sip_call *, size_t))
{
	const struct dialogs_to to = { on_described, on_done, told };

	*told = (struct told){ .check = check };
	return dialogs_new(&to);
}

static void give(struct dialogs *dialogs, const struct step *step, const char *call_id)
{
	char *text = write_message(step, call_id);
	const struct datagram datagram = {
		.ns = (int64_t)(step->s * 1e9),
		.src = endpoint_v4(host_of(step->way[0]), 5060),
		.dst = endpoint_v4(host_of(step->way[2]), 5060),
		.payload = slice_of_text(text),
		.wire = strlen(text),
	};

	dialogs_tick(dialogs, datagram.ns);
	assert_true(dialogs_datagram(dialogs, &datagram));
	free(text);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Plays a table to its end and has `check` look at each call. Returns how many calls there were. */
static size_t play(const struct step *steps, size_t count,
		   void (*check)(struct sip_call *call, size_t index))
{
	struct told told;
	struct dialogs *dialogs = start(&told, check);

	for (size_t i = 0; i < count; i++)
		give(dialogs, &steps[i], "call-1@example.com");
	dialogs_end(dialogs);
	assert_int_equal(dialogs_count(dialogs), 0);
	assert_int_equal(dialogs_unread(dialogs), 0);
	dialogs_free(dialogs);
	return told.done;
}

static int64_t ns(double s)
{
	return (int64_t)(s * 1e9);
}

/* Who, offer or answer, port, and whatever is unusual. */
static void check_descriptions(const struct sip_call *call, const char *expected)
{
	char text[1024] = "";
	size_t length = 0;

	for (size_t i = 0; i < call->description_count; i++) {
		const struct description *d = &call->description[i];

		length += (size_t)snprintf(
			text + length, sizeof text - length, "%s%s %s %u%s%s%s%s%s", i ? ", " : "",
			d->from_caller ? "caller" : "callee", d->answer ? "answers" : "offers",
			d->audio ? d->audio->at.port : 0, d->early ? " early" : "",
			d->failed ? " failed" : "", d->changed ? " changed" : "",
			d->hop ? " hop" : "", d->dialog ? " fork" : "");
	}
	assert_string_equal(text, expected);
}

static unsigned port_at(const struct sip_call *call, bool from_caller, double s)
{
	const struct description *d = sip_call_description(call, from_caller, ns(s));

	return d ? d->audio->at.port : 0;
}

static void check_plain(struct sip_call *call, size_t index)
{
	assert_int_equal(index, 0);
	assert_string_equal(call->call_id, "call-1@example.com");
	assert_string_equal(call->from, "sip:alice@example.com");
	assert_string_equal(call->to, "sip:bob@example.com");
	assert_string_equal(call->caller_agent, "Phone A");
	assert_string_equal(call->callee_agent, "Phone B");
	assert_int_equal(call->end, CALL_ANSWERED);
	assert_int_equal(call->status, 200);
	assert_int_equal(call->started_ns, ns(1));
	assert_int_equal(call->answered_ns, ns(3));
	assert_int_equal(call->ended_ns, ns(10));
	assert_false(call->begun_before);
	assert_false(call->no_answer);
	assert_false(call->ended_by_caller);
	assert_int_equal(call->leg_count, 1);
	check_descriptions(call, "caller offers 4000, callee answers 5000");
	assert_int_equal(port_at(call, true, 0.5), 0);
	assert_int_equal(port_at(call, true, 2), 4000);
	assert_int_equal(port_at(call, false, 2), 0);
	assert_int_equal(port_at(call, false, 3), 5000);
	assert_int_equal(call->message_count, 6); /* the retransmissions are not kept */
	assert_int_equal(call->messages_dropped, 0);
}

static void plain_call(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>B", "INVITE", "1 INVITE", "a", "", "A 4000", "User-Agent: Phone A\r\n" },
		{ 1.5, "A>B", "INVITE", "1 INVITE", "a", "", "A 4000", "User-Agent: Phone A\r\n" },
		{ 1.6, "B>A", "100 Trying", "1 INVITE", "a", "", NULL, "Server: Proxy\r\n" },
		{ 2, "B>A", "180 Ringing", "1 INVITE", "a", "b", NULL, "Server: Phone B\r\n" },
		{ 3, "B>A", "200 OK", "1 INVITE", "a", "b", "B 5000", NULL },
		{ 3.5, "B>A", "200 OK", "1 INVITE", "a", "b", "B 5000", NULL },
		{ 3.6, "A>B", "ACK", "1 ACK", "a", "b", NULL, NULL },
		{ 10, "B>A", "BYE", "1 BYE", "b", "a", NULL, NULL },
		{ 10, "B>A", "BYE", "1 BYE", "b", "a", NULL, NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_plain), 1);
}

static void check_early(struct sip_call *call, size_t index)
{
	(void)index;
	check_descriptions(call, "caller offers 4000, callee answers 6000 early, "
				 "caller offers 4002 early changed, callee answers 6002 early "
				 "changed, callee offers 6004 early changed, caller answers 4004 "
				 "early changed");
	assert_int_equal(call->answered_ns, ns(6));
	assert_int_equal(call->end, CALL_UNFINISHED); /* cut by the capture's end */
	assert_int_equal(call->ended_ns, 0);
}

/* RFC 3262, 5; RFC 3311, 5 */
static void reliable_early_media(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>B", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 2, "B>A", "183 Progress", "1 INVITE", "a", "b", "B 6000", "RSeq: 1\r\n" },
		{ 3, "A>B", "PRACK", "2 PRACK", "a", "b", "A 4002", "RAck: 1 1 INVITE\r\n" },
		{ 3.1, "B>A", "200 OK", "2 PRACK", "a", "b", "B 6002", NULL },
		{ 4, "B>A", "UPDATE", "1 UPDATE", "b", "a", "B 6004", NULL },
		{ 4.1, "A>B", "200 OK", "1 UPDATE", "b", "a", "A 4004", NULL },
		{ 6, "B>A", "200 OK", "1 INVITE", "a", "b", NULL, NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_early), 1);
}

static void check_delayed(struct sip_call *call, size_t index)
{
	(void)index;
	check_descriptions(call, "callee offers 5000, caller answers 4000");
	assert_false(call->description[0].early);
}

static void delayed_offer(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>B", "INVITE", "1 INVITE", "a", "", NULL, NULL },
		{ 2, "B>A", "200 OK", "1 INVITE", "a", "b", "B 5000", NULL },
		{ 2.1, "A>B", "ACK", "1 ACK", "a", "b", "A 4000", NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_delayed), 1);
}

static void check_delayed_early(struct sip_call *call, size_t index)
{
	(void)index;
	check_descriptions(call, "callee offers 5000 early, caller answers 4000 early");
}

static void delayed_offer_early(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>B", "INVITE", "1 INVITE", "a", "", NULL, NULL },
		{ 2, "B>A", "183 Progress", "1 INVITE", "a", "b", "B 5000", "RSeq: 7\r\n" },
		{ 2.1, "A>B", "PRACK", "2 PRACK", "a", "b", "A 4000", NULL },
		{ 2.2, "B>A", "200 OK", "2 PRACK", "a", "b", NULL, NULL },
		{ 3, "B>A", "200 OK", "1 INVITE", "a", "b", NULL, NULL },
		{ 3.1, "A>B", "ACK", "1 ACK", "a", "b", NULL, NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_delayed_early), 1);
}

static void check_hold(struct sip_call *call, size_t index)
{
	const struct description *held;

	(void)index;
	check_descriptions(call, "caller offers 4000, callee answers 5000, "
				 "callee offers 5000 changed, caller answers 4000 changed, "
				 "callee offers 5000 changed, caller answers 4000 changed");
	held = sip_call_description(call, false, ns(25));
	assert_int_equal(held->audio->direction, SDP_SENDONLY);
	assert_int_equal(sip_call_description(call, true, ns(25))->audio->direction, SDP_RECVONLY);
	assert_int_equal(sip_call_description(call, false, ns(35))->audio->direction, SDP_SENDRECV);
	assert_true(call->ended_by_caller);
}

static void hold_and_resume(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>B", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 2, "B>A", "200 OK", "1 INVITE", "a", "b", "B 5000", NULL },
		{ 20, "B>A", "INVITE", "1 INVITE", "b", "a", "B 5000 sendonly", NULL },
		{ 20.1, "A>B", "200 OK", "1 INVITE", "b", "a", "A 4000 recvonly", NULL },
		{ 20.2, "B>A", "ACK", "1 ACK", "b", "a", NULL, NULL },
		{ 30, "B>A", "INVITE", "2 INVITE", "b", "a", "B 5000", NULL },
		{ 30.1, "A>B", "200 OK", "2 INVITE", "b", "a", "A 4000", NULL },
		{ 40, "A>B", "BYE", "2 BYE", "a", "b", NULL, NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_hold), 1);
}

static void check_glare(struct sip_call *call, size_t index)
{
	(void)index;
	check_descriptions(call, "caller offers 4000, callee answers 5000, "
				 "caller offers 4002 failed changed, callee offers 5002 failed "
				 "changed, caller offers 4004 failed changed");
	assert_int_equal(port_at(call, true, 60), 4000);
	assert_int_equal(port_at(call, false, 60), 5000);
	assert_int_equal(call->status, 200);
	assert_int_equal(call->end, CALL_UNFINISHED);
}

/* RFC 3261, 14.1: what was before holds. */
static void refused_changes(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>B", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 2, "B>A", "200 OK", "1 INVITE", "a", "b", "B 5000", NULL },
		{ 20, "A>B", "INVITE", "2 INVITE", "a", "b", "A 4002", NULL },
		{ 20, "B>A", "INVITE", "1 INVITE", "b", "a", "B 5002", NULL },
		{ 20.1, "B>A", "491 Request Pending", "2 INVITE", "a", "b", NULL, NULL },
		{ 20.1, "A>B", "491 Request Pending", "1 INVITE", "b", "a", NULL, NULL },
		{ 30, "A>B", "UPDATE", "3 UPDATE", "a", "b", "A 4004", NULL },
		{ 30.1, "B>A", "488 Not Acceptable", "3 UPDATE", "a", "b", NULL, NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_glare), 1);
}

static void check_forks(struct sip_call *call, size_t index)
{
	(void)index;
	check_descriptions(call, "caller offers 4000, callee answers 6000 early, "
				 "callee answers 7000 early fork, callee answers 7000 fork");
	assert_int_equal(call->dialog, 1);
	assert_int_equal(port_at(call, false, 5), 7000);
	assert_int_equal(port_at(call, true, 5), 4000);
	assert_int_equal(call->end, CALL_ANSWERED);
	assert_int_equal(call->ended_ns, ns(9));
}

static void forks(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>P", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 2, "P>A", "183 Progress", "1 INVITE", "a", "b", "B 6000", NULL },
		{ 3, "P>A", "183 Progress", "1 INVITE", "a", "c", "C 7000", NULL },
		{ 4, "P>A", "200 OK", "1 INVITE", "a", "c", "C 7000", NULL },
		{ 9, "P>A", "BYE", "1 BYE", "c", "a", NULL, NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_forks), 1);
}

static void check_two_answers(struct sip_call *call, size_t index)
{
	(void)index;
	assert_int_equal(call->answered_ns, ns(2));
	assert_int_equal(call->dialog, 1); /* the first was given up */
	assert_int_equal(port_at(call, false, 5), 7000);
	assert_int_equal(call->ended_ns, ns(9));
}

static void more_than_one_answer(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>P", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 2, "P>A", "200 OK", "1 INVITE", "a", "b", "B 6000", NULL },
		{ 2.1, "P>A", "200 OK", "1 INVITE", "a", "c", "C 7000", NULL },
		{ 3, "A>P", "BYE", "2 BYE", "a", "b", NULL, NULL },
		{ 9, "P>A", "BYE", "1 BYE", "c", "a", NULL, NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_two_answers), 1);
}

static void check_cancelled(struct sip_call *call, size_t index)
{
	(void)index;
	assert_int_equal(call->end, CALL_CANCELLED);
	assert_int_equal(call->status, 487);
	assert_int_equal(call->ended_ns, ns(5));
	assert_int_equal(call->answered_ns, 0);
	assert_true(call->ended_by_caller);
}

static void cancelled(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>B", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 2, "B>A", "180 Ringing", "1 INVITE", "a", "b", NULL, NULL },
		{ 5, "A>B", "CANCEL", "1 CANCEL", "a", "", NULL, NULL },
		{ 5.1, "B>A", "200 OK", "1 CANCEL", "a", "b", NULL, NULL },
		{ 5.2, "B>A", "487 Request Terminated", "1 INVITE", "a", "b", NULL, NULL },
		{ 5.3, "A>B", "ACK", "1 ACK", "a", "b", NULL, NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_cancelled), 1);
}

static void check_cancelled_late(struct sip_call *call, size_t index)
{
	(void)index;
	assert_int_equal(call->end, CALL_UNFINISHED);
	assert_int_equal(call->answered_ns, ns(5.1));
	assert_int_equal(call->ended_ns, 0);
}

static void cancelled_too_late(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>B", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 2, "B>A", "180 Ringing", "1 INVITE", "a", "b", NULL, NULL },
		{ 5, "A>B", "CANCEL", "1 CANCEL", "a", "", NULL, NULL },
		{ 5.1, "B>A", "200 OK", "1 INVITE", "a", "b", "B 5000", NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_cancelled_late), 1);
}

static void check_failed(struct sip_call *call, size_t index)
{
	(void)index;
	assert_int_equal(call->end, CALL_FAILED);
	assert_int_equal(call->status, 486);
	assert_string_equal(call->reason, "Busy Here");
	assert_int_equal(call->started_ns, ns(1));
	assert_int_equal(call->ended_ns, ns(3));
	check_descriptions(call, "caller offers 4000 failed, caller offers 4000 failed");
}

static void asked_for_credentials_then_busy(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>P", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 1.1, "P>A", "407 Proxy Authentication Required", "1 INVITE", "a", "p", NULL,
		  NULL },
		{ 1.2, "A>P", "ACK", "1 ACK", "a", "p", NULL, NULL },
		{ 1.3, "A>P", "INVITE", "2 INVITE", "a2", "", "A 4000",
		  "Proxy-Authorization: x\r\n" },
		{ 1.4, "P>A", "100 Trying", "2 INVITE", "a2", "", NULL, NULL },
		{ 3, "P>A", "486 Busy Here", "2 INVITE", "a2", "b", NULL, NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_failed), 1);
}

static void check_serial(struct sip_call *call, size_t index)
{
	assert_int_equal(index, 0);
	assert_int_equal(call->end, CALL_UNFINISHED);
	assert_int_equal(call->answered_ns, ns(60));
	assert_int_equal(call->status, 200);
}

/* Seen behind the proxy alone: one place refuses or is given up while the other rings, or before it
 * is asked. */
static void one_fork_refuses(void **state)
{
	static const struct step parallel[] = {
		{ 1, "P>B", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 1, "P>C", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 2, "B>P", "486 Busy Here", "1 INVITE", "a", "b", NULL, NULL },
		{ 2, "C>P", "180 Ringing", "1 INVITE", "a", "c", NULL, NULL },
		{ 60, "C>P", "200 OK", "1 INVITE", "a", "c", "C 5000", NULL },
	};
	static const struct step serial[] = {
		{ 1, "P>B", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 2, "B>P", "180 Ringing", "1 INVITE", "a", "b", NULL, NULL },
		{ 20, "P>B", "CANCEL", "1 CANCEL", "a", "", NULL, NULL },
		{ 20.1, "B>P", "487 Request Terminated", "1 INVITE", "a", "b", NULL, NULL },
		{ 20.2, "P>C", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 20.3, "C>P", "180 Ringing", "1 INVITE", "a", "c", NULL, NULL },
		{ 60, "C>P", "200 OK", "1 INVITE", "a", "c", "C 5000", NULL },
	};

	(void)state;
	assert_int_equal(play(parallel, COUNT(parallel), check_serial), 1);
	assert_int_equal(play(serial, COUNT(serial), check_serial), 1);
}

static void check_refreshed(struct sip_call *call, size_t index)
{
	(void)index;
	assert_int_equal(call->descriptions_dropped, 100 - CALL_DESCRIPTIONS_MAX / 2 + 1);
	assert_int_equal(port_at(call, true, 1000), 4002);
}

/* What does not change leaves room for what does (RFC 4028). */
static void session_timer(void **state)
{
	struct told told;
	struct dialogs *dialogs = start(&told, check_refreshed);
	struct step step = { 1, "A>B", "INVITE", "1 INVITE", "a", "", "A 4000", NULL };

	(void)state;
	give(dialogs, &step, "x");
	step.to_tag = "b";
	for (unsigned i = 2; i <= 102; i++) {
		char cseq[32];

		snprintf(cseq, sizeof cseq, "%u INVITE", i);
		step.cseq = cseq;
		step.sdp = i == 102 ? "A 4002" : "A 4000";
		give(dialogs, &step, "x");
	}
	dialogs_end(dialogs);
	dialogs_free(dialogs);
}

static void check_before(struct sip_call *call, size_t index)
{
	assert_int_equal(index, 0);
	assert_true(call->begun_before);
	assert_int_equal(call->end, CALL_ANSWERED);
	assert_int_equal(call->answered_ns, 0);
	assert_int_equal(call->ended_ns, ns(9));
	assert_true(call->ended_by_caller);
	check_descriptions(call, "callee offers 5000, caller answers 4000");
}

static void begun_before(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>B", "INFO", "7 INFO", "a", "b", NULL, NULL }, /* does not tell */
		{ 2, "A>B", "UPDATE", "8 UPDATE", "a", "b", NULL, NULL },
		{ 3, "B>A", "INVITE", "3 INVITE", "b", "a", "B 5000", NULL },
		{ 3.1, "A>B", "200 OK", "3 INVITE", "b", "a", "A 4000", NULL },
		{ 9, "A>B", "BYE", "9 BYE", "a", "b", NULL, NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_before), 1);
}

static void check_bye_alone(struct sip_call *call, size_t index)
{
	(void)index;
	assert_true(call->begun_before);
	assert_int_equal(call->end, CALL_ANSWERED);
	assert_int_equal(call->ended_ns, ns(9));
}

/* All that the capture saw of its signalling is its end. */
static void ends_with_bye_alone(void **state)
{
	static const struct step steps[] = {
		{ 9, "A>B", "BYE", "9 BYE", "a", "b", NULL, NULL },
		{ 9.1, "B>A", "200 OK", "9 BYE", "a", "b", NULL, NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_bye_alone), 1);
}

static void check_hops(struct sip_call *call, size_t index)
{
	(void)index;
	assert_int_equal(call->leg_count, 3); /* the ACK goes past the proxy */
	assert_true(endpoint_equal(&call->leg[0].caller,
				   &(struct endpoint){ 0, 0xffffc0000201, 5060 }));
	assert_int_equal(call->leg[1].callee.low & 0xffffffff, host_of('B'));
	check_descriptions(call, "caller offers 4000, caller offers 8000 hop, "
				 "callee answers 5000, callee answers 8002 hop");
	assert_int_equal(port_at(call, true, 5), 4000);
	assert_int_equal(port_at(call, false, 5), 5000);
	assert_int_equal(sip_call_description_on(call, 0, false, ns(5))->audio->at.port, 8002);
	assert_int_equal(sip_call_description_on(call, 1, true, ns(5))->audio->at.port, 8000);
	assert_null(sip_call_description_on(call, 2, true, ns(5)));
	assert_int_equal(call->end, CALL_ANSWERED);
	assert_int_equal(call->status, 200);
}

/* The proxy puts its own relay into the descriptions, and a fork's failure is not the call's. */
static void hops_are_legs(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>P", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 1.01, "P>B", "INVITE", "1 INVITE", "a", "", "P 8000", NULL },
		{ 1.02, "P>A", "100 Trying", "1 INVITE", "a", "", NULL, NULL },
		{ 1.5, "B>P", "503 Service Unavailable", "1 INVITE", "a", "b1", NULL, NULL },
		{ 2, "B>P", "200 OK", "1 INVITE", "a", "b", "B 5000", NULL },
		{ 2.01, "P>A", "200 OK", "1 INVITE", "a", "b", "P 8002", NULL },
		{ 2.1, "A>B", "ACK", "1 ACK", "a", "b", NULL, NULL },
		{ 9, "A>B", "BYE", "2 BYE", "a", "b", NULL, NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_hops), 1);
}

#define OTHER "Call-ID: other@example.com"

static void check_agent(struct sip_call *call, size_t index)
{
	(void)index;
	assert_int_equal(call->leg_count, 2);
	assert_string_equal(call->leg[0].call_id, "call-1@example.com");
	assert_string_equal(call->leg[1].call_id, "other@example.com");
	assert_int_equal(call->end, CALL_ANSWERED);
	assert_int_equal(call->ended_ns, ns(9.01));
	assert_false(call->ended_by_caller);
	assert_int_equal(port_at(call, true, 5), 4000);
	assert_int_equal(port_at(call, false, 5), 5000);
	assert_int_equal(sip_call_description_on(call, 0, false, ns(5))->audio->at.port, 5000);
}

static void other_leg_is_joined(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>P", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 1.01, "P>B", "INVITE", "77 INVITE", "p", "", "A 4000", OTHER },
		{ 1.02, "P>A", "100 Trying", "1 INVITE", "a", "", NULL, NULL },
		{ 2, "B>P", "200 OK", "77 INVITE", "p", "b", "B 5000", OTHER },
		{ 2.01, "P>A", "200 OK", "1 INVITE", "a", "q", "B 5000", NULL },
		{ 9, "B>P", "BYE", "1 BYE", "b", "p", NULL, OTHER },
		{ 9.01, "P>A", "BYE", "1 BYE", "q", "a", NULL, NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_agent), 1);
}

static void other_call_is_not_joined(void **state)
{
	static const struct {
		struct step first, second;
	} cases[] = {
		/* other media and session */
		{ { 1, "A>P", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		  { 1.1, "P>B", "INVITE", "1 INVITE", "p", "", "P 9000", OTHER } },
		/* not out of where it went into */
		{ { 1, "A>P", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		  { 1.1, "Q>B", "INVITE", "1 INVITE", "p", "", "A 4000", OTHER } },
		/* the same phone again, always with the same port (SIPp) */
		{ { 1, "A>P", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		  { 1.1, "A>P", "INVITE", "1 INVITE", "p", "", "A 4000", OTHER } },
		/* too late */
		{ { 1, "A>P", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		  { 3.1, "P>B", "INVITE", "1 INVITE", "p", "", "A 4000", OTHER } },
		/* no description to prove it */
		{ { 1, "A>P", "INVITE", "1 INVITE", "a", "", NULL, NULL },
		  { 1.1, "P>B", "INVITE", "1 INVITE", "p", "", NULL, OTHER } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct step steps[] = { cases[i].first, cases[i].second };

		assert_int_equal(play(steps, 2, NULL), 2);
	}
}

static void check_early_bye(struct sip_call *call, size_t index)
{
	(void)index;
	assert_int_equal(call->end, CALL_CANCELLED);
	assert_int_equal(call->ended_ns, ns(3));
}

/* RFC 3261, 15: the caller may give an early dialog up by BYE. */
static void early_bye(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>B", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 2, "B>A", "180 Ringing", "1 INVITE", "a", "b", NULL, NULL },
		{ 3, "A>B", "BYE", "2 BYE", "a", "b", NULL, NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_early_bye), 1);
}

static void check_overtaken(struct sip_call *call, size_t index)
{
	(void)index;
	assert_false(call->begun_before);
	assert_int_equal(call->started_ns, ns(1));
	check_descriptions(call, "caller offers 4000, callee answers 5000");
}

static void slightly_out_of_order(void **state)
{
	static const struct step steps[] = {
		{ 1.001, "B>A", "100 Trying", "1 INVITE", "a", "", NULL, NULL },
		{ 1, "A>B", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 2, "B>A", "200 OK", "1 INVITE", "a", "b", "B 5000", NULL },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_overtaken), 1);
}

static void check_dtmf(struct sip_call *call, size_t index)
{
	(void)index;
	assert_true(call->dtmf_info);
}

static void digits_as_info(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>B", "INVITE", "1 INVITE", "a", "", "A 4000", NULL },
		{ 2, "B>A", "200 OK", "1 INVITE", "a", "b", "B 5000", NULL },
		{ 3, "A>B", "INFO", "2 INFO", "a", "b", NULL,
		  "Content-Type: application/dtmf-relay\r\n" },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), check_dtmf), 1);
}

static void what_is_no_call(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>P", "REGISTER", "1 REGISTER", "a", "", NULL, NULL },
		{ 1, "P>A", "401 Unauthorized", "1 REGISTER", "a", "x", NULL, NULL },
		{ 2, "A>P", "OPTIONS", "1 OPTIONS", "a", "", NULL, "Call-ID: o" },
		{ 2, "P>A", "200 OK", "1 OPTIONS", "a", "x", "P 1", "Call-ID: o" },
		{ 3, "A>P", "SUBSCRIBE", "1 SUBSCRIBE", "a", "", NULL, "Call-ID: s" },
		{ 3, "P>A", "NOTIFY", "1 NOTIFY", "b", "a", NULL, "Call-ID: s" },
		{ 4, "A>P", "MESSAGE", "1 MESSAGE", "a", "", NULL, "Call-ID: m" },
		{ 5, "A>P", "ACK", "1 ACK", "a", "b", NULL, "Call-ID: k" },
		{ 6, "A>P", "PUBLISH", "1 PUBLISH", "a", "", NULL, "Call-ID: p" },
	};

	(void)state;
	assert_int_equal(play(steps, COUNT(steps), NULL), 0);
}

static void check_silent(struct sip_call *call, size_t index)
{
	(void)index;
	assert_true(call->no_answer);
	assert_int_equal(call->end, CALL_FAILED);
	assert_int_equal(call->status, 0);
}

static void no_answer_at_all(void **state)
{
	static const struct step invite = {
		1, "A>P", "INVITE", "1 INVITE", "a", "", "A 4000", NULL
	};
	struct told told;
	struct dialogs *dialogs = start(&told, check_silent);

	(void)state;
	give(dialogs, &invite, "x");
	dialogs_tick(dialogs, ns(32.9));
	assert_int_equal(told.done, 0);
	dialogs_tick(dialogs, ns(33.1));
	assert_int_equal(dialogs_count(dialogs), 1);
	dialogs_tick(dialogs, ns(66));
	assert_int_equal(told.done, 1);
	assert_int_equal(dialogs_count(dialogs), 0);
	dialogs_free(dialogs);
}

static void check_cut_short(struct sip_call *call, size_t index)
{
	(void)index;
	assert_false(call->no_answer);
	assert_int_equal(call->end, CALL_UNFINISHED);
}

static void capture_ends_before_an_answer_is_due(void **state)
{
	static const struct step steps[] = { { 1, "A>P", "INVITE", "1 INVITE", "a", "", NULL,
					       NULL } };

	(void)state;
	assert_int_equal(play(steps, 1, check_cut_short), 1);
}

static void ended_calls_linger(void **state)
{
	static const struct step steps[] = {
		{ 1, "A>P", "INVITE", "1 INVITE", "a", "", NULL, NULL },
		{ 2, "P>A", "404 Not Found", "1 INVITE", "a", "b", NULL, NULL },
	};
	struct told told;
	struct dialogs *dialogs = start(&told, NULL);

	(void)state;
	give(dialogs, &steps[0], "x");
	give(dialogs, &steps[1], "x");
	dialogs_tick(dialogs, ns(33.9));
	assert_int_equal(told.done, 0);
	dialogs_tick(dialogs, ns(34));
	assert_int_equal(told.done, 1);
	dialogs_free(dialogs);
}

static void check_bounded(struct sip_call *call, size_t index)
{
	(void)index;
	assert_int_equal(call->description_count, CALL_DESCRIPTIONS_MAX);
	assert_int_equal(call->descriptions_dropped, 300 - CALL_DESCRIPTIONS_MAX + 1);
	assert_int_equal(call->message_count, CALL_MESSAGES_MAX);
	assert_int_equal(call->messages_dropped, 301 - CALL_MESSAGES_MAX);
	assert_int_equal(call->leg_count, 1);
}

static void one_call_is_bounded(void **state)
{
	struct told told;
	struct dialogs *dialogs = start(&told, check_bounded);
	struct step step = { 1, "A>B", "INVITE", "1 INVITE", "a", "", "A 4000", NULL };

	(void)state;
	give(dialogs, &step, "x");
	for (unsigned i = 2; i <= 301; i++) {
		char cseq[32], sdp[32];

		snprintf(cseq, sizeof cseq, "%u INVITE", i);
		snprintf(sdp, sizeof sdp, "A %u", 4000 + i);
		step.cseq = cseq;
		step.sdp = sdp;
		step.to_tag = "b";
		give(dialogs, &step, "x");
	}
	dialogs_end(dialogs);
	assert_int_equal(told.described, CALL_DESCRIPTIONS_MAX);
	dialogs_free(dialogs);
}

static void calls_are_bounded(void **state)
{
	static const struct step invite = { 1, "A>P", "INVITE", "1 INVITE", "a", "", NULL, NULL };
	static const struct step busy = {
		1.1, "P>A", "486 Busy", "1 INVITE", "a", "b", NULL, NULL
	};
	struct told told;
	struct dialogs *dialogs = start(&told, NULL);

	(void)state;
	for (unsigned i = 0; i < CALLS_MAX + 10; i++) {
		char call_id[32];

		snprintf(call_id, sizeof call_id, "call-%u", i);
		give(dialogs, &invite, call_id);
		if (i == 5)
			give(dialogs, &busy, call_id);
	}
	assert_int_equal(dialogs_count(dialogs), CALLS_MAX);
	assert_int_equal(dialogs_overflow(dialogs), 10);
	dialogs_end(dialogs);
	assert_int_equal(told.done, CALLS_MAX + 10);
	dialogs_free(dialogs);
}

static void what_is_not_read(void **state)
{
	struct told told;
	struct dialogs *dialogs = start(&told, NULL);
	const struct datagram rtp = { .payload = slice_of_text("\200\0abcdefghijkl") };
	const struct datagram broken = { .payload = slice_of_text(
						 "INVITE sip:a@b SIP/2.0\r\nCall-ID: x\r\n\r\n") };

	(void)state;
	assert_false(dialogs_datagram(dialogs, &rtp));
	assert_true(dialogs_datagram(dialogs, &broken));
	assert_int_equal(dialogs_unread(dialogs), 1);
	dialogs_end(dialogs);
	assert_int_equal(told.done, 0);
	dialogs_free(dialogs);
	dialogs_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_call),
		cmocka_unit_test(reliable_early_media),
		cmocka_unit_test(delayed_offer),
		cmocka_unit_test(delayed_offer_early),
		cmocka_unit_test(hold_and_resume),
		cmocka_unit_test(refused_changes),
		cmocka_unit_test(forks),
		cmocka_unit_test(more_than_one_answer),
		cmocka_unit_test(cancelled),
		cmocka_unit_test(cancelled_too_late),
		cmocka_unit_test(asked_for_credentials_then_busy),
		cmocka_unit_test(one_fork_refuses),
		cmocka_unit_test(session_timer),
		cmocka_unit_test(begun_before),
		cmocka_unit_test(ends_with_bye_alone),
		cmocka_unit_test(hops_are_legs),
		cmocka_unit_test(other_leg_is_joined),
		cmocka_unit_test(other_call_is_not_joined),
		cmocka_unit_test(early_bye),
		cmocka_unit_test(slightly_out_of_order),
		cmocka_unit_test(digits_as_info),
		cmocka_unit_test(what_is_no_call),
		cmocka_unit_test(no_answer_at_all),
		cmocka_unit_test(capture_ends_before_an_answer_is_due),
		cmocka_unit_test(ended_calls_linger),
		cmocka_unit_test(one_call_is_bounded),
		cmocka_unit_test(calls_are_bounded),
		cmocka_unit_test(what_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
