# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2034
# description: The certificate of the provider's SIP server comes from an issuer nobody knows.

profile_transport=tls
tls_issuer=stranger
