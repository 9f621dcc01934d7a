# Captures, each with what is to be said of it: see tests/pcap/case.py.
PCAP_TESTS = tests/pcap/pcap-test.sh tests/pcap/tshark-test.sh
TESTS += $(PCAP_TESTS)
EXTRA_DIST += $(PCAP_TESTS) \
	tests/pcap/case.py \
	tests/pcap/golden.py \
	tests/pcap/proof.py \
	tests/pcap/scene.py \
	tests/pcap/tshark.py \
	tests/pcap/wire.py \
	tests/pcap/cases \
	tests/pcap/expected \
	tests/pcap/recorded

golden-pcap: all
	top_builddir='$(abs_top_builddir)' python3 $(srcdir)/tests/pcap/golden.py --refresh '$(CASE)'
.PHONY: golden-pcap
