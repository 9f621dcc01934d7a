/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/finding.h"

#include <string.h>

#define FAULT SEVERITY_FAULT
#define RISK SEVERITY_RISK
#define NOTE SEVERITY_NOTE
#define SITE SIDE_SITE
#define PHONE SIDE_PHONE
#define PROVIDER SIDE_PROVIDER
#define ANYONE SIDE_UNKNOWN
#define OUT DIRECTION_OUT
#define IN DIRECTION_IN
#define BOTH DIRECTION_BOTH
#define NEITHER DIRECTION_NONE

static const struct finding_kind kinds[] = {
	/* local */
	{ "no-default-route", "local", FAULT, SITE, BOTH, N_("This computer has no way to the Internet."),
	  N_("No interface has a default route, so nothing can reach the provider."), "connect-network" },
	{ "multiple-interfaces", "local", RISK, SITE, BOTH,
	  N_("More than one network connection leads out of this computer."),
	  N_("A softphone may announce the address of one connection and send over the other."),
	  "bind-one-interface" },
	{ "vpn-carries-voice", "local", RISK, SITE, BOTH, N_("The way to the provider goes through a VPN tunnel."),
	  N_("Voice then depends on the tunnel's routes, firewall and packet size."), "route-voice-outside-vpn" },
	{ "wifi-weak", "local", RISK, SITE, BOTH, N_("The Wi-Fi signal is weak."),
	  N_("Voice packets get lost or late on a weak radio link."), "use-cable" },
	{ "clock-wrong", "local", RISK, SITE, NEITHER, N_("This computer's clock is wrong."),
	  N_("Certificates may seem expired, and the times in the report do not fit the provider's."), "set-clock" },
	{ "host-firewall-blocks", "local", FAULT, SITE, BOTH, N_("This computer's own firewall blocks SIP or voice."),
	  N_("Nothing that it blocks can reach a softphone here."), "open-host-firewall" },
	/* router */
	{ "double-nat", "router", RISK, SITE, IN, N_("There are two routers with NAT, one behind the other."),
	  N_("Voice coming in must find its way through both."), "remove-one-nat" },
	{ "router-identified", "router", NOTE, SITE, NEITHER, N_("The router says what it is."),
	  N_("The advice can name its menus."), "" },
	/* dns */
	{ "dns-name-not-found", "dns", FAULT, ANYONE, BOTH, N_("The provider's name does not exist in DNS."),
	  N_("A phone that uses this name cannot find the provider's server."), "correct-dns" },
	{ "dns-no-srv", "dns", NOTE, PROVIDER, NEITHER, N_("The provider's name has no SRV records."),
	  N_("Phones then use the plain address and the standard port."), "" },
	{ "dns-srv-target-unresolvable", "dns", FAULT, PROVIDER, BOTH,
	  N_("A server that the provider's DNS names has no address."),
	  N_("Phones that choose this server reach nothing."), "correct-dns" },
	{ "dns-resolver-unreachable", "dns", RISK, SITE, BOTH, N_("A DNS server that this site uses does not answer."),
	  N_("Look-ups wait for it, or fail when it is the only one."), "replace-resolver" },
	{ "dns-slow", "dns", RISK, SITE, NEITHER, N_("DNS answers slowly."),
	  N_("Registering and dialling take long or time out."), "replace-resolver" },
	{ "dns-split-horizon", "dns", FAULT, SITE, BOTH,
	  N_("The provider's name leads to another place from inside this site than from outside."),
	  N_("Phones here talk to the wrong server, or to none."), "correct-dns" },
	{ "dns-private-address", "dns", RISK, ANYONE, BOTH, N_("The provider's name gives a private address."),
	  N_("A private address is reached only inside the network it belongs to."), "correct-dns" },
	{ "dns-ipv6-unroutable", "dns", NOTE, SITE, NEITHER,
	  N_("The provider's name has an IPv6 address, but this site has no IPv6."),
	  N_("Harmless for phones that fall back to IPv4; some do not."), "prefer-ipv4" },
	{ "dns-answers-rewritten", "dns", RISK, SITE, BOTH,
	  N_("A DNS server here invents answers for names that do not exist."),
	  N_("A mistyped or missing name leads to a stranger's server."), "replace-resolver" },
	/* stun */
	{ "udp-blocked", "stun", FAULT, SITE, BOTH, N_("UDP does not get out of this site."),
	  N_("Voice travels over UDP: without it nobody hears anything."), "allow-udp" },
	{ "stun-server-unreachable", "stun", RISK, ANYONE, NEITHER, N_("A STUN server does not answer."),
	  N_("Phones that rely on it announce a private address."), "correct-stun" },
	{ "nat-symmetric", "stun", RISK, SITE, IN, N_("The router's NAT is symmetric."),
	  N_("It gives each destination another port, so the address learnt by STUN is wrong for the call."),
	  "use-turn" },
	{ "nat-binding-short", "stun", RISK, SITE, IN, N_("The router forgets an idle UDP connection soon."),
	  N_("Voice coming in stops when nothing was sent for that long."), "shorten-keep-alive" },
	{ "cgnat", "stun", RISK, SITE, IN, N_("The Internet provider puts this site behind a NAT of its own (CGNAT)."),
	  N_("Ports cannot be opened from outside; voice in depends on the carrier's NAT."), "avoid-cgnat" },
	/* turn */
	{ "turn-unreachable", "turn", FAULT, ANYONE, BOTH, N_("The TURN server cannot be reached."),
	  N_("Calls that need the relay have no voice."), "open-turn" },
	{ "turn-auth-failed", "turn", FAULT, PROVIDER, BOTH, N_("The TURN server refuses the user or password."),
	  N_("Calls that need the relay have no voice."), "correct-turn-credentials" },
	{ "turn-udp-blocked", "turn", RISK, SITE, BOTH, N_("TURN works, but not over UDP."),
	  N_("Voice through TCP is late when packets get lost."), "allow-udp" },
	{ "turn-no-relay", "turn", FAULT, PROVIDER, BOTH, N_("The TURN server gives an address but relays nothing."),
	  N_("Calls that need the relay have no voice."), "repair-turn" },
	/* ports */
	{ "sip-udp-blocked", "ports", FAULT, SITE, BOTH, N_("SIP over UDP is blocked."),
	  N_("Phones that use it cannot register or call."), "open-sip" },
	{ "sip-tcp-blocked", "ports", FAULT, SITE, BOTH, N_("SIP over TCP is blocked."),
	  N_("Phones that use it cannot register or call."), "open-sip" },
	{ "sip-tls-blocked", "ports", FAULT, SITE, BOTH, N_("SIP over TLS is blocked."),
	  N_("Phones that use it cannot register or call."), "open-sip" },
	{ "sip-server-silent", "ports", FAULT, PROVIDER, BOTH, N_("The provider's SIP server does not answer."),
	  N_("The way there is open, but nobody answers."), "ask-provider" },
	{ "sip-large-udp-lost", "ports", RISK, SITE, BOTH, N_("Large SIP messages over UDP get lost."),
	  N_("Calls with many codecs or long headers fail while short messages pass."), "use-sip-tcp" },
	{ "tls-certificate-expired", "ports", FAULT, PROVIDER, BOTH, N_("The SIP server's certificate has expired."),
	  N_("Phones refuse the connection."), "renew-certificate" },
	{ "tls-certificate-name", "ports", FAULT, PROVIDER, BOTH,
	  N_("The SIP server's certificate is for another name."), N_("Phones refuse the connection."),
	  "renew-certificate" },
	{ "tls-certificate-untrusted", "ports", RISK, PROVIDER, BOTH,
	  N_("The SIP server's certificate comes from an unknown issuer."), N_("Many phones refuse the connection."),
	  "renew-certificate" },
	{ "tls-intercepted", "ports", FAULT, SITE, BOTH, N_("A device here opens and re-encrypts TLS connections."),
	  N_("SIP over TLS breaks or can be read on the way."), "exempt-from-inspection" },
	{ "rtp-ports-blocked", "ports", FAULT, SITE, BOTH, N_("The ports for voice (RTP) are blocked."),
	  N_("Calls connect, but the voice does not get through."), "open-rtp-ports" },
	{ "path-hidden", "ports", NOTE, ANYONE, NEITHER, N_("Routers on the way do not say where packets stop."),
	  N_("The place of a block cannot be named."), "" },
	/* alg */
	{ "sip-alg", "alg", FAULT, SITE, BOTH, N_("The router rewrites SIP messages (SIP ALG)."),
	  N_("It changes the address that the voice is to be sent to, so voice goes astray."), "disable-sip-alg" },
	/* quality, capture */
	{ "loss-high", "quality", RISK, SITE, BOTH, N_("Voice packets get lost."),
	  N_("Voice is choppy from 1 % on; from 5 % words are missing."), "prioritise-voice" },
	{ "jitter-high", "quality", RISK, SITE, BOTH, N_("Voice packets arrive unevenly."),
	  N_("Voice is choppy or robotic."), "prioritise-voice" },
	{ "latency-high", "quality", RISK, SITE, BOTH, N_("Voice arrives late."),
	  N_("People interrupt each other."), "prioritise-voice" },
	{ "bufferbloat", "quality", RISK, SITE, BOTH, N_("The line becomes very slow when it is busy."),
	  N_("Voice is late or lost while somebody uploads."), "shape-uplink" },
	{ "dscp-cleared", "quality", RISK, ANYONE, NEITHER, N_("A device on the way removes the voice priority mark."),
	  N_("Behind it, voice waits in the queue with everything else."), "keep-dscp" },
	/* call */
	{ "register-failed", "call", FAULT, ANYONE, BOTH, N_("The phone account cannot register."),
	  N_("No calls come in."), "check-account" },
	{ "register-auth-failed", "call", FAULT, ANYONE, BOTH, N_("The provider refuses the user or password."),
	  N_("No calls come in."), "check-account" },
	{ "call-setup-failed", "call", FAULT, ANYONE, BOTH, N_("The call is not set up."),
	  N_("The provider or the far phone refuses it, or nobody answers the signalling."), "ask-provider" },
	{ "call-no-audio-in", "call", FAULT, ANYONE, IN, N_("The test call has no voice coming in."),
	  N_("You cannot hear them."), "find-direction" },
	{ "call-no-audio-out", "call", FAULT, ANYONE, OUT, N_("The test call has no voice going out."),
	  N_("They cannot hear you."), "find-direction" },
	{ "call-no-audio", "call", FAULT, ANYONE, BOTH, N_("The test call has no voice at all."),
	  N_("Nobody hears anything."), "find-direction" },
	/* capture, analyze */
	{ "rtp-one-way", "capture", FAULT, ANYONE, BOTH, N_("Voice travels in one direction only."),
	  N_("One side hears, the other does not."), "find-direction" },
	{ "rtp-none", "capture", FAULT, ANYONE, BOTH, N_("No voice travels at all."), N_("Nobody hears anything."),
	  "find-direction" },
	{ "rtp-stops", "capture", FAULT, ANYONE, BOTH, N_("Voice stops while the call goes on."),
	  N_("Somebody is not heard any more from then on."), "find-direction" },
	{ "rtp-silent", "capture", FAULT, PHONE, BOTH, N_("Voice packets arrive, but they hold silence."),
	  N_("The network is fine; look at microphone, mute key and device."), "check-device" },
	{ "rtp-wrong-destination", "capture", FAULT, ANYONE, BOTH, N_("Voice is sent to another address than agreed."),
	  N_("It does not arrive where it is awaited."), "find-direction" },
	{ "rtp-unexpected-source", "capture", RISK, ANYONE, IN, N_("Voice comes from another address than agreed."),
	  N_("Some phones throw it away."), "symmetric-rtp" },
	{ "rtp-to-private-address", "capture", FAULT, PHONE, IN, N_("Voice is sent to a private address."),
	  N_("It never arrives."), "announce-public-address" },
	{ "sdp-private-address", "capture", FAULT, PHONE, IN, N_("A private address is announced for the voice."),
	  N_("The far side cannot send there."), "announce-public-address" },
	{ "sdp-hold", "capture", NOTE, PHONE, BOTH, N_("The call is on hold."), N_("Not a fault: resume the call."),
	  "resume-call" },
	{ "codec-not-negotiated", "capture", FAULT, ANYONE, IN, N_("Voice comes in a codec that was not agreed."),
	  N_("The phone cannot play it."), "align-codecs" },
	{ "codec-none-common", "capture", FAULT, ANYONE, BOTH, N_("The two sides have no codec in common."),
	  N_("They cannot agree how voice is coded."), "align-codecs" },
	{ "codec-changed", "capture", RISK, ANYONE, BOTH, N_("The codec changes during the call."),
	  N_("Some phones go silent then."), "align-codecs" },
	{ "srtp-mismatch", "capture", FAULT, ANYONE, BOTH, N_("One side encrypts the voice, the other does not."),
	  N_("What arrives cannot be played."), "align-encryption" },
	{ "dtmf-mismatch", "capture", RISK, ANYONE, NEITHER, N_("The two sides send keys in different ways."),
	  N_("Menus and door openers do not react."), "align-dtmf" },
	{ "ice-failed", "capture", FAULT, ANYONE, BOTH, N_("The two sides find no working path for the voice (ICE)."),
	  N_("No voice in either direction."), "use-turn" },
	{ "wrong-interface", "capture", FAULT, SITE, BOTH, N_("Voice uses another interface than SIP announces."),
	  N_("The answer comes back to the wrong place."), "bind-one-interface" },
	{ "sip-rewritten", "capture", FAULT, SITE, BOTH, N_("SIP messages are changed between the two points."),
	  N_("A device in between rewrites addresses."), "disable-sip-alg" },
	{ "rtp-lost-between-captures", "capture", FAULT, SITE, BOTH, N_("Voice vanishes between the two points."),
	  N_("The device in between drops it."), "open-rtp-ports" },
};

const struct finding_kind *finding_kind_at(size_t index)
{
	return index < sizeof kinds / sizeof *kinds ? &kinds[index] : NULL;
}

const struct finding_kind *finding_kind_find(const char *id)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].id, id))
			return &kinds[i];
	return NULL;
}
