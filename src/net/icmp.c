/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/icmp.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/mman.h>
#include <time.h>

struct icmp_purse {
	pthread_mutex_t turn;
	struct {
		int64_t credit_ms, at_ms; /* at_ms 0: nothing spent yet */
	} hop[ICMP_HOPS_MAX + 1];
};

/* Robust: the kernel gives the turn on when its holder is killed. */
static int init_turn(pthread_mutex_t *turn)
{
	pthread_mutexattr_t shared;
	int failed = pthread_mutexattr_init(&shared);

	if (failed)
		return failed;
	pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&shared, PTHREAD_MUTEX_ROBUST);
	failed = pthread_mutex_init(turn, &shared);
	pthread_mutexattr_destroy(&shared);
	return failed;
}

struct icmp_purse *icmp_purse_new(void)
{
	struct icmp_purse *purse = mmap(NULL, sizeof *purse, PROT_READ | PROT_WRITE,
					MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (purse == MAP_FAILED)
		return NULL;
	if (init_turn(&purse->turn)) {
		munmap(purse, sizeof *purse);
		return NULL;
	}
	return purse;
}

void icmp_purse_free(struct icmp_purse *purse)
{
	if (purse)
		munmap(purse, sizeof *purse);
}

enum err icmp_turn_take(struct icmp_purse *purse, const struct deadline *until)
{
	const int64_t left_ms = deadline_left_ms(until);
	struct timespec at;
	int failed;

	if (!purse)
		return ERR_NONE;
	clock_gettime(CLOCK_REALTIME, &at);
	at.tv_sec += (time_t)(left_ms / 1000);
	at.tv_nsec += (long)(left_ms % 1000) * 1000000;
	at.tv_sec += at.tv_nsec / 1000000000;
	at.tv_nsec %= 1000000000;
	failed = pthread_mutex_timedlock(&purse->turn, &at);
	if (failed == EOWNERDEAD)
		failed = pthread_mutex_consistent(&purse->turn);
	return failed ? err_from_errno(failed) : ERR_NONE;
}

void icmp_turn_leave(struct icmp_purse *purse)
{
	if (purse)
		pthread_mutex_unlock(&purse->turn);
}

int64_t icmp_spend(struct icmp_purse *purse, unsigned hop, int64_t now_ms)
{
	const unsigned place = hop < ICMP_HOPS_MAX ? hop : ICMP_HOPS_MAX;
	const int64_t full = ICMP_BURST * ICMP_MS;
	int64_t credit = full;

	if (!purse)
		return 0;
	if (purse->hop[place].at_ms)
		credit = purse->hop[place].credit_ms + now_ms - purse->hop[place].at_ms;
	if (credit > full)
		credit = full;
	purse->hop[place].at_ms = now_ms;
	purse->hop[place].credit_ms = credit;
	if (credit < ICMP_MS)
		return ICMP_MS - credit;
	purse->hop[place].credit_ms -= ICMP_MS;
	return 0;
}

void icmp_give_back(struct icmp_purse *purse, unsigned hop)
{
	const unsigned place = hop < ICMP_HOPS_MAX ? hop : ICMP_HOPS_MAX;

	if (purse)
		purse->hop[place].credit_ms += ICMP_MS;
}
