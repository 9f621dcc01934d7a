# All checks side by side tell the same as each alone.
LAB_TESTS += tests/lab/together/together-test.sh
EXTRA_DIST += tests/lab/together/together.py
