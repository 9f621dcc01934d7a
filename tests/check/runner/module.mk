# Tests of src/check/runner.c.
