# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: An ordinary router with nothing wrong: everything works.
