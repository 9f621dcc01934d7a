# Is there a lab for every finding of the checks?
LAB_TESTS += tests/lab/coverage/coverage-test.sh
EXTRA_DIST += tests/lab/coverage/elsewhere.txt tests/lab/coverage/later.txt
