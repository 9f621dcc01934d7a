# Well-known kinds of set-up, to begin a profile with.
providersdir = $(pkgdatadir)/providers
dist_providers_DATA = \
	data/providers/hosted-pbx.conf \
	data/providers/pbx-with-trunk.conf \
	data/providers/softphone.conf
