#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# How the captures in this folder were made: in a practice site baresip calls a SIPp
# that sends back what it hears, and tcpdump listens inside and outside of the router, and on the
# router on all interfaces at once.
# Needs baresip, SIPp (sip-tester) and tcpdump beside what a practice site needs.
#
#   data/practice/site SCENARIO -- tests/pcap/recorded/record.sh FOLDER [SERVER [PORT]]
#
# SERVER is 198.51.100.10 (5070 is free there), or 198.51.100.30 for one on 5060, which is
# where a SIP ALG looks. ECHO= leaves the echo out. TURN=1 takes the media through the relay.
set -eu
folder=$1 server=${2:-198.51.100.10} port=${3:-5070}
here=$(dirname "$(readlink -f "$0")")
box=sip
[ "$server" = 198.51.100.10 ] || box=turn
parameters=''
modules=''
if [ -n "${TURN:-}" ]; then
	parameters=';medianat=turn;stunserver=turn:198.51.100.20:3478;stunuser=practice;stunpass=practice'
	modules='module turn.so
module stun.so'
fi

at()
{
	name=$1
	shift
	nsenter --net="/run/netns/$name" "$@"
}

mkdir -p "$folder/baresip"
python3 - "$folder/tone.wav" <<'END'
import math, struct, sys, wave
with wave.open(sys.argv[1], "wb") as tone:
    tone.setparams((1, 2, 8000, 0, "NONE", ""))
    tone.writeframes(b"".join(struct.pack("<h", int(8000 * math.sin(math.tau * 440 * i / 8000))) for i in range(160000)))
END
cat >"$folder/baresip/config" <<END
sip_listen 0.0.0.0:5060
audio_source aufile,$folder/tone.wav
audio_player aufile,$folder/heard.wav
audio_alert aufile,$folder/alert.wav
rtp_ports 15000-15100
rtp_tos 184
module_path ${BARESIP_MODULES:-/usr/lib/baresip/modules}
module aufile.so
module g711.so
$modules
module_tmp uuid.so
module_app account.so
module_app menu.so
END
echo "<sip:2001@$server>;regint=0;audio_codecs=pcmu$parameters" >"$folder/baresip/accounts"
: >"$folder/baresip/contacts"

# shellcheck disable=SC2086 # no echo is no word
at $box sipp -sf "$here/uas.xml" -i "$server" -p "$port" -mi "$server" -mp 12000 ${ECHO--rtp_echo} -m 1 -bg >/dev/null ||
	[ $? -eq 99 ] # says that it went to the background
filter='not port 53 and not arp and not icmp6'
mkfifo "$folder/words"
exec 3<>"$folder/words"
tcpdump -i eth0 -U -w "$folder/inside.pcap" "$filter" 2>&3 &
inside=$!
at isp tcpdump -i net -U -w "$folder/outside.pcap" "$filter" 2>&3 &
outside=$!
at router tcpdump -i any -U -w "$folder/router.pcap" "$filter" 2>&3 &
router=$!
# Each says one line when it listens, and that on "any" one more before it.
head -n 4 <&3
timeout 15 baresip -4 -f "$folder/baresip" -e "d sip:echo@$server:$port" -t 6 || true
kill $inside $outside $router
wait
gzip -9n "$folder/inside.pcap" "$folder/outside.pcap" "$folder/router.pcap"
