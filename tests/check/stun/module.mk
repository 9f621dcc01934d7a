# Tests of src/check/stun.c.
