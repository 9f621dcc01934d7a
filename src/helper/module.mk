# The one program with a privilege. It links no library of ours.
pkglibexec_PROGRAMS += src/helper/earshot-capture
src_helper_earshot_capture_SOURCES = \
	src/helper/device.c src/helper/device.h \
	src/helper/drop.c src/helper/drop.h \
	src/helper/main.c \
	src/helper/pump.c src/helper/pump.h \
	src/helper/say.c src/helper/say.h
src_helper_earshot_capture_LDADD = $(PCAP_LIBS) $(CAP_LIBS) $(SECCOMP_LIBS)

# As root, once: gives the helper its right, to the members of a group alone.
CAPTURE_GROUP = earshot
.PHONY: install-capabilities
install-capabilities:
	getent group $(CAPTURE_GROUP) >/dev/null || groupadd --system $(CAPTURE_GROUP) || addgroup -S $(CAPTURE_GROUP)
	chgrp $(CAPTURE_GROUP) '$(DESTDIR)$(pkglibexecdir)/earshot-capture'
	chmod 0750 '$(DESTDIR)$(pkglibexecdir)/earshot-capture'
	setcap cap_net_raw+ep '$(DESTDIR)$(pkglibexecdir)/earshot-capture'
