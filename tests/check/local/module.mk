# Tests of src/check/local.c.
