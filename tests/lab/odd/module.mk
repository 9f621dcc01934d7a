LAB_TESTS += tests/lab/odd/odd-test.sh
EXTRA_DIST += tests/lab/odd/odd.py
