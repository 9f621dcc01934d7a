# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# For the scenarios with a telephone: a softphone on the laptop calls the provider's voice box,
# 198.51.100.50, again and again, as long as the site is there. Real SIP and real RTP (SIPp): what
# is to be heard is on the wire. A scenario sources this file and changes what follows.
#
# The phone knows the outside address of its router, as one with STUN would, and the far end sends
# its voice to where the phone's SDP says, so that a call works both ways unless told otherwise.
#
# shellcheck disable=SC2154,SC2034,SC2209 # "inside" and lib.sh set the one, use the other

voice_box=198.51.100.50
voice_ports=16384-16483		# of both ends
call_seconds=5
call_pause=1			# between two calls
phone_says=voice		# "voice", "silence", or "nothing": no packet at all
phone_host=192.168.1.10
phone_address=$wan_router	# in the phone's SDP
phone_codec="0 PCMU/8000"
far_does="talk"			# "talk", "hold" after two seconds, or "refuse" for the codec (488)

scenario_programs()
{
	echo sipp sip-tester
}

site_extra()
{
	start_calls
}

# --- from here on nothing for a scenario to change --------------------------

# sip_message FIRST-LINE: with the headers that stand on stdin, and no body. SIPp's XML cannot have
# the lines indented.
sip_message()
{
	printf '<![CDATA[\n%s\n' "$1"
	sed 's/^[[:blank:]]*//'
	printf 'Content-Length: 0\n\n]]>\n'
}

# sip_sdp FIRST-LINE ADDRESS CODEC DIRECTION: the same with a session description.
sip_sdp()
{
	printf '<![CDATA[\n%s\n' "$1"
	sed 's/^[[:blank:]]*//'
	sed 's/^[[:blank:]]*//' <<-END
	Content-Type: application/sdp
	Content-Length: [len]

	v=0
	o=- 1 1 IN IP4 $2
	s=-
	c=IN IP4 $2
	t=0 0
	m=audio [rtpstream_audio_port] RTP/AVP ${3%% *}
	a=rtpmap:$3
	a=ptime:20
	a=$4
	]]>
	END
}

# stream FILE|pause: what one end sends from now on.
stream()
{
	case $1 in
	nothing) ;;
	pause) echo '<nop><action><exec rtp_stream="pause"/></action></nop>' ;;
	*) echo "<nop><action><exec rtp_stream=\"$dir/$1.ulaw,-1,0\"/></action></nop>" ;;
	esac
}

# phone_request METHOD NUMBER [TAG]: the headers of the phone's requests.
phone_headers()
{
	cat <<-END
	Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
	From: "Reception" <sip:2001@example.com>;tag=phone
	To: <sip:200@example.com>${3-}
	Call-ID: [call_id]
	CSeq: $2 $1
	Contact: <sip:2001@$phone_address:[local_port]>
	User-Agent: Practice phone
	Max-Forwards: 70
	END
}

answer_headers()
{
	cat <<-END
	[last_Via:]
	[last_From:]
	[last_To:]${1-}
	[last_Call-ID:]
	[last_CSeq:]
	END
}

phone_ack()
{
	echo '<send>'
	phone_headers ACK 1 "[peer_tag_param]" | sip_message "ACK sip:200@$voice_box:5060 SIP/2.0"
	echo '</send>'
}

# Answers the far end's re-INVITE, in which the far end puts us on hold.
phone_is_held()
{
	echo '<recv request="INVITE"/>'
	stream pause
	echo '<send retrans="500">'
	{
		answer_headers
		echo "Contact: <sip:2001@$phone_address:[local_port]>"
	} | sip_sdp "SIP/2.0 200 OK" "$phone_address" "$phone_codec" inactive
	echo '</send><recv request="ACK"/>'
}

phone_talks()
{
	cat <<-END
	<recv response="180" optional="true"/>
	<recv response="200"/>
	END
	phone_ack
	stream "$phone_says"
	[ "$far_does" = hold ] && phone_is_held
	echo "<pause milliseconds=\"${call_seconds}000\"/>"
	[ "$phone_says" = nothing ] || [ "$far_does" = hold ] || stream pause
	echo '<send retrans="500">'
	phone_headers BYE 2 "[peer_tag_param]" | sip_message "BYE sip:200@$voice_box:5060 SIP/2.0"
	echo '</send><recv response="200"/>'
}

phone_script()
{
	echo '<?xml version="1.0" encoding="us-ascii"?><scenario name="phone"><send retrans="500">'
	phone_headers INVITE 1 |
		sip_sdp "INVITE sip:200@$voice_box:5060 SIP/2.0" "$phone_address" "$phone_codec" sendrecv
	echo '</send><recv response="100" optional="true"/>'
	if [ "$far_does" = refuse ]; then
		echo '<recv response="488"/>'
		phone_ack
		echo '<pause milliseconds="1000"/>'
	else
		phone_talks
	fi
	echo '</scenario>'
}

far_answers()
{
	echo '<send>'
	{
		answer_headers ";tag=f[call_number]"
		echo "Contact: <sip:200@$voice_box:5060>"
	} | sip_message "SIP/2.0 180 Ringing"
	echo '</send><pause milliseconds="500"/><send retrans="500">'
	{
		answer_headers ";tag=f[call_number]"
		echo "Contact: <sip:200@$voice_box:5060>"
		echo "Server: Practice voice box"
	} | sip_sdp "SIP/2.0 200 OK" "$voice_box" "0 PCMU/8000" sendrecv
	echo '</send><recv request="ACK"/>'
}

far_holds()
{
	echo '<pause milliseconds="2000"/>'
	stream pause
	echo '<send retrans="500">'
	sip_sdp "INVITE sip:2001@$phone_address:5070 SIP/2.0" "$voice_box" "0 PCMU/8000" inactive <<-END
	Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
	From: <sip:200@example.com>;tag=f[call_number]
	To: "Reception" <sip:2001@example.com>;tag=phone
	Call-ID: [call_id]
	CSeq: 1 INVITE
	Contact: <sip:200@$voice_box:5060>
	Max-Forwards: 70
	END
	echo '</send><recv response="200"/><send>'
	sip_message "ACK sip:2001@$phone_address:5070 SIP/2.0" <<-END
	Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
	From: <sip:200@example.com>;tag=f[call_number]
	To: "Reception" <sip:2001@example.com>;tag=phone
	Call-ID: [call_id]
	CSeq: 1 ACK
	Max-Forwards: 70
	END
	echo '</send>'
}

far_script()
{
	echo '<?xml version="1.0" encoding="us-ascii"?><scenario name="far end"><recv request="INVITE"/>'
	if [ "$far_does" = refuse ]; then
		echo '<send retrans="500">'
		answer_headers ";tag=f[call_number]" | sip_message "SIP/2.0 488 Not Acceptable Here"
		echo '</send><recv request="ACK"/></scenario>'
		return
	fi
	far_answers
	stream voice
	[ "$far_does" = hold ] && far_holds
	echo '<recv request="BYE"/>'
	[ "$far_does" = hold ] || stream pause
	echo '<send>'
	answer_headers | sip_message "SIP/2.0 200 OK"
	echo '</send></scenario>'
}

# Two seconds of G.711: a hiss that every ear hears, and what a dead microphone gives.
make_sounds()
{
	LC_ALL=C awk 'BEGIN { for (s = 7; i < 16000; i++) {
		s = (s * 1103 + 12345) % 65521
		printf "%c", 16 + s % 40 + 128 * (int(s / 64) % 2) } }' >"$dir/voice.ulaw" &&
		head -c 16000 /dev/zero | tr '\0' '\377' >"$dir/silence.ulaw"
}

start_calls()
{
	make_sounds && far_script >"$dir/far.xml" && phone_script >"$dir/phone.xml" &&
		at turn ip addr add "$voice_box/24" dev eth0 || return
	sipp="-nostdin -f 3600"
	# shellcheck disable=SC2046,SC2086 # words
	daemon turn voice-box u "$voice_box:5060" sipp $sipp $(ports_option "${voice_ports%-*}") \
		-sf "$dir/far.xml" -i "$voice_box" -mi "$voice_box" -p 5060
	await_all || return
	(cd "$dir" && make_calls) </dev/null >"$dir/phone.log" 2>&1 &
}

# Every call has a port of its own, as with a real phone.
make_calls()
{
	call=0
	while :; do
		port=$((${voice_ports%-*} + 4 * (call % 24)))
		# shellcheck disable=SC2046,SC2086 # words
		setsid sipp $sipp $(ports_option $port) -sf phone.xml -m 1 -cid_str "$call-%u@phone" \
			-i "$phone_host" -mi "$phone_host" -p 5070 "$voice_box:5060"
		call=$((call + 1))
		sleep "$call_pause"
	done
}

# Newer versions of SIPp keep the ports of streams apart.
ports_option()
{
	echo "-mp $1"
	! sipp -h 2>&1 | grep -q -- -min_rtp_port ||
		echo "-min_rtp_port $1 -max_rtp_port ${voice_ports#*-}"
}
