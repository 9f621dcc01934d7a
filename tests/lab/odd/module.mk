# Each case spoils the healthy site in its own way: tables in cases_*.py.
LAB_TESTS += tests/lab/odd/odd-test.sh
EXTRA_DIST += tests/lab/odd/odd.py tests/lab/odd/spoil.py tests/lab/odd/box.py tests/lab/odd/resolver.py \
	tests/lab/odd/sip_server.py tests/lab/odd/cases_line.py tests/lab/odd/cases_nat.py \
	tests/lab/odd/cases_names.py tests/lab/odd/cases_ports.py tests/lab/odd/cases_responder.py
