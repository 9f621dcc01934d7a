/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A network of the test's own: a fresh namespace with nothing but a loopback, which any address may
 * be given to. What is sent there leaves it nowhere, so tests may use real ports and real-looking
 * addresses. */
#ifndef EARSHOT_TESTS_MOCK_OWN_NET_H
#define EARSHOT_TESTS_MOCK_OWN_NET_H

#include <stdbool.h>

/* Moves the process there, and gives it its own view of the files; before any thread. False: the
 * system forbids it, and errno says why. */
bool own_net_enter(void);
/* An address (IPv4 or IPv6) that things can be bound to. Aborts where it cannot, as all below. */
void own_net_add(const char *address);
/* From now on IPv4 that nobody has is lost without a word; before, there was no route to it. */
void own_net_swallow(void);
/* What /etc/resolv.conf holds from now on, for this process. */
void own_net_resolv_conf(const char *text);

#endif
