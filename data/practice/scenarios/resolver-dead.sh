# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2034
# description: The DNS server that the site's router names does not exist any more.

site_resolver=192.168.1.77
