/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/stun_idle.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "check/check.h"
#include "net/binding.h"
#include "net/udp.h"

enum {
	SENDS = 3,
	MAP_MS = 500,
	ASK_MS = 300,
	LAST_MS = 800,
	SECOND_AFTER_MS = 2500, /* the second try's lag: it asks when the first has failed */
	LOOK_MS = 150,          /* how often the flag is looked at */
	READ_MAX = 16,          /* datagrams of one socket at a time: a flood must not hold us up */
	TRIES = 2,              /* one lost packet more is no death */
	CONTROL = TRIES,        /* the try without idling, once all have failed */
};

enum phase { OFF, MAPPING, IDLING, ASKING, ALIVE, DEAD, BROKEN };

/* One pair of sockets. */
struct
try {
	enum phase phase;
	int x, y;
	struct stun_id x_id, y_id;
	unsigned sent;
	int64_t due_ms, idle_ms;
	uint16_t port; /* X's outside port */
};

/* One idle time being proven. */
struct proof {
	unsigned seconds;
	bool over;
	struct try try[TRIES + 1];
};

struct idle {
	const struct stun_idle_plan *plan;
	struct stun_life *life;
	struct proof proof[STUN_LIFE_ROUND];
	size_t count;
};

static void close_try(struct try *try, enum phase phase)
{
	if (try->x >= 0)
		close(try->x);
	if (try->y >= 0)
		close(try->y);
	try->x = try->y = -1;
	try->phase = phase;
}

static int open_socket(const struct stun_idle_plan *plan)
{
	const struct udp_plan udp = { .local = addr_any(addr_family(&plan->server), 0),
				      .device = plan->device };
	int fd;

	return udp_open(&fd, &udp) ? -1 : fd;
}

static void start_try(struct try *try, int64_t at_ms, int64_t idle_ms)
{
	*try = (struct try){ .phase = MAPPING,
			     .x = -1,
			     .y = -1,
			     .x_id = binding_id(),
			     .y_id = binding_id(),
			     .due_ms = at_ms,
			     .idle_ms = idle_ms };
}

/* RFC 5780, 7.5: the port, then two bytes of nothing. `port` 0: a plain request. */
static void send_request(const struct stun_idle_plan *plan, int fd, const struct stun_id *id,
			 uint16_t port)
{
	const uint8_t value[4] = { (uint8_t)(port >> 8), (uint8_t)port };
	struct buf request;
	enum err err;

	buf_init(&request, STUN_MAX);
	err = stun_begin(&request, STUN_REQUEST, STUN_BINDING, id);
	if (!err && port)
		err = stun_add(&request, STUN_RESPONSE_PORT, slice_of(value, sizeof value));
	if (!err)
		err = udp_send(fd, &plan->server, request.data, request.length);
	(void)err; /* what could not be sent was lost, like others: the control tells */
	buf_clear(&request);
}

static void send_again(const struct stun_idle_plan *plan, struct try *try, int64_t now_ms)
{
	const bool maps = try->phase == MAPPING;
	int *fd = maps ? &try->x : &try->y;

	if (try->sent == SENDS) {
		close_try(try, maps ? BROKEN : DEAD);
		return;
	}
	if (*fd < 0)
		*fd = open_socket(plan);
	if (*fd < 0) {
		close_try(try, BROKEN);
		return;
	}
	send_request(plan, *fd, maps ? &try->x_id : &try->y_id, maps ? 0 : try->port);
	try->sent++;
	try->due_ms = now_ms + (try->sent == SENDS ? LAST_MS : maps ? MAP_MS : ASK_MS);
}

static void run_try(const struct stun_idle_plan *plan, struct try *try, int64_t now_ms)
{
	if (now_ms < try->due_ms)
		return;
	if (try->phase == IDLING) {
		try->phase = ASKING;
		try->sent = 0;
	}
	if (try->phase == MAPPING || try->phase == ASKING)
		send_again(plan, try, now_ms);
}

static bool has_id(const struct stun_message *message, const struct stun_id *id)
{
	return message->method == STUN_BINDING &&
	       (message->class == STUN_SUCCESS || message->class == STUN_ERROR) &&
	       !memcmp(message->id.bytes, id->bytes, sizeof id->bytes);
}

/* A late answer to X's own request is traffic too: the idling begins anew. */
static void take_at_x(struct try *try, const struct stun_message *message)
{
	const struct addr *mapped = binding_address(message);

	if (try->phase == ASKING && has_id(message, &try->y_id) && message->class == STUN_SUCCESS) {
		close_try(try, ALIVE);
		return;
	}
	if (!has_id(message, &try->x_id) || (try->phase != MAPPING && try->phase != IDLING))
		return;
	if (message->class != STUN_SUCCESS || !mapped || !addr_port(mapped)) {
		close_try(try, BROKEN);
		return;
	}
	try->port = addr_port(mapped);
	try->phase = IDLING;
	try->due_ms = clock_ms() + try->idle_ms;
}

/* Answered where it was asked, or refused: the server knows no RESPONSE-PORT. */
static void take_at_y(struct try *try, const struct stun_message *message)
{
	if (has_id(message, &try->y_id))
		close_try(try, BROKEN);
}

static void read_socket(const struct stun_idle_plan *plan, struct try *try, bool at_x)
{
	for (int i = 0; i < READ_MAX; i++) {
		const int fd = at_x ? try->x : try->y;
		uint8_t bytes[2048];
		struct stun_message message;
		struct addr from;
		size_t length;
		enum err err;

		if (fd < 0)
			return;
		err = udp_receive(bytes, sizeof bytes, &length, &from, fd);
		if (err == ERR_TIMEOUT)
			return;
		if (err || !addr_equal(&from, &plan->server) ||
		    stun_decode(&message, bytes, length))
			continue;
		if (at_x)
			take_at_x(try, &message);
		else
			take_at_y(try, &message);
	}
}

static bool is_open(const struct try *try)
{
	return try->phase == MAPPING || try->phase == IDLING || try->phase == ASKING;
}

/* Waits for news of all tries, but never longer than until the next is due. */
static void serve(const struct stun_idle_plan *plan, struct try *const *tries, size_t count)
{
	struct pollfd fds[2 * STUN_LIFE_ROUND * (TRIES + 1)];
	struct deadline wake = deadline_in(LOOK_MS);
	int64_t now_ms = clock_ms();

	for (size_t i = 0; i < count; i++) {
		if (is_open(tries[i]))
			run_try(plan, tries[i], now_ms);
		fds[2 * i] = (struct pollfd){ .fd = tries[i]->x, .events = POLLIN };
		fds[2 * i + 1] = (struct pollfd){ .fd = tries[i]->y, .events = POLLIN };
		if (is_open(tries[i]) && tries[i]->due_ms < wake.at_ms)
			wake.at_ms = tries[i]->due_ms;
	}
	poll(fds, 2 * count, deadline_left_ms(&wake));
	for (size_t i = 0; i < 2 * count; i++) {
		if (fds[i].fd >= 0 && fds[i].revents & POLLERR)
			udp_drop_errors(fds[i].fd);
		if (fds[i].fd >= 0 && fds[i].revents & POLLIN)
			read_socket(plan, tries[i / 2], !(i % 2));
	}
}

static bool is_ended(const struct stun_idle_plan *plan)
{
	return check_hurried(plan->hurry) || deadline_passed(&plan->until);
}

bool stun_idle_works(const struct stun_idle_plan *plan)
{
	struct try try;
	struct try *const tries[] = { &try };
	bool works;

	start_try(&try, clock_ms(), 0);
	while (is_open(&try) && !is_ended(plan))
		serve(plan, tries, 1);
	works = try.phase == ALIVE;
	close_try(&try, OFF);
	return works;
}

static void end_proof(struct idle *idle, struct proof *proof)
{
	for (size_t i = 0; i <= TRIES; i++)
		close_try(&proof->try[i], OFF);
	proof->over = true;
	if (idle->plan->news)
		idle->plan->news(idle->life, idle->plan->context);
}

/* Dead only if every try was silent, and one without idling is answered afterwards. */
static void judge_proof(struct idle *idle, struct proof *proof)
{
	struct try *control = &proof->try[CONTROL];
	bool all_dead = true;

	if (proof->over)
		return;
	for (size_t i = 0; i < TRIES; i++) {
		if (proof->try[i].phase == ALIVE) {
			stun_life_note(idle->life, proof->seconds, true);
			end_proof(idle, proof);
			return;
		}
		if (proof->try[i].phase == BROKEN) {
			end_proof(idle, proof);
			return;
		}
		all_dead = all_dead && proof->try[i].phase == DEAD;
	}
	if (!all_dead)
		return;
	if (control->phase == OFF)
		start_try(control, clock_ms(), 0);
	if (control->phase == ALIVE)
		stun_life_note(idle->life, proof->seconds, false);
	if (!is_open(control))
		end_proof(idle, proof);
}

static void start_proof(struct proof *proof, unsigned seconds)
{
	const int64_t now_ms = clock_ms();

	*proof = (struct proof){ .seconds = seconds };
	for (size_t i = 0; i < TRIES; i++)
		start_try(&proof->try[i], now_ms + (int64_t)i * SECOND_AFTER_MS,
			  (int64_t)seconds * 1000);
	proof->try[CONTROL] = (struct try){ .x = -1, .y = -1 };
}

/* Once a shorter time is proven deadly and confirmed, longer ones can tell nothing new. */
static bool is_needless(const struct idle *idle, const struct proof *proof)
{
	const unsigned dead = stun_life_dead(idle->life);

	return dead && proof->seconds > dead;
}

static bool run_round(struct idle *idle)
{
	struct try *tries[STUN_LIFE_ROUND * (TRIES + 1)];
	size_t count = 0, open = 0;

	for (size_t i = 0; i < idle->count; i++) {
		struct proof *proof = &idle->proof[i];

		judge_proof(idle, proof);
		if (!proof->over && is_needless(idle, proof))
			end_proof(idle, proof);
		open += !proof->over;
		for (size_t j = 0; !proof->over && j <= TRIES; j++)
			tries[count++] = &proof->try[j];
	}
	if (open)
		serve(idle->plan, tries, count);
	return open;
}

void stun_idle_run(struct stun_life *life, const struct stun_idle_plan *plan)
{
	struct idle idle = { .plan = plan, .life = life };
	unsigned seconds[STUN_LIFE_ROUND];

	while (!is_ended(plan) && (idle.count = stun_life_next(seconds, life))) {
		const unsigned low = life->alive, high = stun_life_dead(life);

		for (size_t i = 0; i < idle.count; i++)
			start_proof(&idle.proof[i], seconds[i]);
		while (!is_ended(plan) && run_round(&idle))
			;
		for (size_t i = 0; i < idle.count; i++)
			for (size_t j = 0; j <= TRIES; j++)
				close_try(&idle.proof[i].try[j], OFF);
		if (life->alive == low && stun_life_dead(life) == high)
			return; /* nothing could be proven */
	}
}
