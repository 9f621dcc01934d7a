## Practice sites: shell scripts, installed as they are. (PRACTICE_SCRIPTS is a word automake keeps for itself.)
practicedir = $(pkgdatadir)/practice
scenariosdir = $(practicedir)/scenarios
dist_practice_DATA = \
	data/practice/README \
	data/practice/lib.sh
dist_practice_SCRIPTS = \
	data/practice/inside \
	data/practice/site
dist_scenarios_DATA = \
	data/practice/scenarios/healthy.sh \
	data/practice/scenarios/sip-alg.sh
