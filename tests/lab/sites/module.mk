# The practice sites themselves.
LAB_TESTS += tests/lab/sites/sites-test.sh
EXTRA_DIST += tests/lab/sites/observe.py tests/lab/sites/lifecycle.py
