# Tests of src/check/dns.c.
