# Tests of src/check/alg.c.
