/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walls round a check's process: it may use the network, read the system's files, and nothing
 * more. What the kernel lacks is left out; the rest still holds. */
#ifndef EARSHOT_CHECK_SANDBOX_H
#define EARSHOT_CHECK_SANDBOX_H

#include <stddef.h>

/* Built with the address sanitizer, which needs memory without limit and stderr to report to. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED
#endif

/* For good, in this process: no capabilities, limits on memory, files and `seconds` of computing
 * time, no new privileges, no more than `writes` bytes into a file that is open, no creating of
 * files, no reading outside the system's folders, no new programs or processes, no signals to
 * others, no sockets but IP and netlink. What is refused fails with an error. */
void sandbox_enter(unsigned seconds, size_t writes);

#endif
