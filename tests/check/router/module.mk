if HAVE_CMOCKA
check_PROGRAMS += tests/check/router/test_router
TESTS += tests/check/router/test_router
tests_check_router_test_router_SOURCES = tests/check/router/test_router.c
tests_check_router_test_router_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS) -lm
endif
