## Practice sites: shell scripts, installed as they are. These names are automake's: keep them so.
practicedir = $(pkgdatadir)/practice
scenariosdir = $(practicedir)/scenarios
dist_practice_DATA = \
	data/practice/README \
	data/practice/call.sh \
	data/practice/enter \
	data/practice/inside \
	data/practice/lib.sh \
	data/practice/natpmp.py \
	data/practice/responder.py \
	data/practice/tunnel.py \
	data/practice/wait.sh
dist_scenarios_DATA = \
	data/practice/scenarios/bufferbloat.sh \
	data/practice/scenarios/call-codec.sh \
	data/practice/scenarios/call-healthy.sh \
	data/practice/scenarios/call-hold.sh \
	data/practice/scenarios/call-one-way-in.sh \
	data/practice/scenarios/call-one-way-out.sh \
	data/practice/scenarios/call-private-address.sh \
	data/practice/scenarios/call-silence.sh \
	data/practice/scenarios/cgnat.sh \
	data/practice/scenarios/double-nat.sh \
	data/practice/scenarios/healthy.sh \
	data/practice/scenarios/packet-loss.sh \
	data/practice/scenarios/resolver-dead.sh \
	data/practice/scenarios/rtp-blocked-isp.sh \
	data/practice/scenarios/rtp-blocked.sh \
	data/practice/scenarios/rtp-partly-blocked.sh \
	data/practice/scenarios/short-udp-timeout.sh \
	data/practice/scenarios/sip-alg.sh \
	data/practice/scenarios/sip-server-silent.sh \
	data/practice/scenarios/split-horizon-dns.sh \
	data/practice/scenarios/symmetric-nat.sh \
	data/practice/scenarios/tcp-only.sh \
	data/practice/scenarios/tls-expired.sh \
	data/practice/scenarios/tls-untrusted.sh \
	data/practice/scenarios/tls-wrong-name.sh \
	data/practice/scenarios/tunnel.sh \
	data/practice/scenarios/turn-no-relay.sh \
	data/practice/scenarios/turn-wrong-password.sh \
	data/practice/scenarios/two-default-routes.sh \
	data/practice/scenarios/udp-blocked.sh \
	data/practice/scenarios/upnp-router.sh

## Run by name, so installed with the executable bit.
dist_practice_SCRIPTS = data/practice/site
