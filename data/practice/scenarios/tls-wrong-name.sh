# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2034
# description: The certificate of the provider's SIP server is for another name.

profile_transport=tls
tls_names=sip.example.net
