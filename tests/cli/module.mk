# The program from outside, with neither root nor network.
CLI_TESTS = \
	tests/cli/analyze-damaged-test.sh \
	tests/cli/analyze-test.sh \
	tests/cli/answers-test.sh \
	tests/cli/ascii-test.sh \
	tests/cli/capture-helper-test.sh \
	tests/cli/help-test.sh \
	tests/cli/install-test.sh \
	tests/cli/language-test.sh \
	tests/cli/plain-test.sh \
	tests/cli/profile-test.sh \
	tests/cli/quickstart-test.sh \
	tests/cli/report-test.sh \
	tests/cli/tree-test.sh \
	tests/cli/usage-test.sh
TESTS += $(CLI_TESTS)
EXTRA_DIST += $(CLI_TESTS) tests/cli/cli.sh tests/cli/causes.txt tests/cli/questions.txt tests/cli/session.journal
