# Tests in real networks made of namespaces: `make check-lab`, as root or in a user namespace.
# What these run and nobody else.
LAB_NEEDS =
if HAVE_CMOCKA
if HAVE_VTERM
LAB_NEEDS += tests/ui/drive
endif
endif
# They wait most of the time, so `make -j3 check-lab` takes a third of it. The longest begin.
LAB_TESTS += tests/lab/found-test.sh
include tests/lab/odd/module.mk
include tests/lab/sites/module.mk
include tests/lab/together/module.mk
include tests/lab/capture/module.mk
include tests/lab/coverage/module.mk
LAB_TESTS += \
	tests/lab/journey-test.sh \
	tests/lab/kill-test.sh \
	tests/lab/options-test.sh \
	tests/lab/practice-test.sh \
	tests/lab/wizard-test.sh
EXTRA_DIST += $(LAB_TESTS) tests/lab/lab.sh tests/lab/lab.py \
	tests/lab/found.py tests/lab/journey.py tests/lab/kill.py tests/lab/options.py tests/lab/practice.py \
	tests/lab/wizard.py tests/lab/wizard_call.py \
	tests/lab/expected/bufferbloat.txt \
	tests/lab/expected/call-codec.txt \
	tests/lab/expected/call-healthy.txt \
	tests/lab/expected/call-hold.txt \
	tests/lab/expected/call-one-way-in.txt \
	tests/lab/expected/call-one-way-out.txt \
	tests/lab/expected/call-private-address.txt \
	tests/lab/expected/call-silence.txt \
	tests/lab/expected/cgnat.txt \
	tests/lab/expected/healthy.txt \
	tests/lab/expected/packet-loss.txt \
	tests/lab/expected/resolver-dead.txt \
	tests/lab/expected/rtp-blocked-isp.txt \
	tests/lab/expected/rtp-blocked.txt \
	tests/lab/expected/rtp-partly-blocked.txt \
	tests/lab/expected/sip-alg.txt \
	tests/lab/expected/sip-server-silent.txt \
	tests/lab/expected/split-horizon-dns.txt \
	tests/lab/expected/symmetric-nat.txt \
	tests/lab/expected/tcp-only.txt \
	tests/lab/expected/tls-expired.txt \
	tests/lab/expected/tls-untrusted.txt \
	tests/lab/expected/tls-wrong-name.txt \
	tests/lab/expected/tunnel.txt \
	tests/lab/expected/turn-no-relay.txt \
	tests/lab/expected/turn-wrong-password.txt \
	tests/lab/expected/two-default-routes.txt \
	tests/lab/expected/udp-blocked.txt \
	tests/lab/expected/double-nat.txt \
	tests/lab/expected/short-udp-timeout.txt \
	tests/lab/expected/upnp-router.txt

.PHONY: check-lab
check-lab: all $(LAB_NEEDS)
	$(AM_V_at)$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(LAB_TESTS)' TEST_SUITE_LOG=lab-suite.log
