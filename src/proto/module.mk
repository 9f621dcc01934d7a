noinst_LIBRARIES += src/libproto.a
src_libproto_a_SOURCES = \
	src/proto/audio.c src/proto/audio.h \
	src/proto/audio_g722.c \
	src/proto/date.c src/proto/date.h \
	src/proto/frame.c src/proto/frame.h \
	src/proto/rtcp.c src/proto/rtcp.h \
	src/proto/rtp.c src/proto/rtp.h \
	src/proto/sdp.c src/proto/sdp.h \
	src/proto/sdp_codec.c \
	src/proto/sip.c src/proto/sip.h \
	src/proto/sip_answer.c src/proto/sip_answer.h \
	src/proto/sip_body.c src/proto/sip_body.h \
	src/proto/sip_diff.c src/proto/sip_diff.h \
	src/proto/sip_library.c src/proto/sip_library.h \
	src/proto/sip_message.c src/proto/sip_message.h \
	src/proto/sntp.c src/proto/sntp.h \
	src/proto/stun.c src/proto/stun.h \
	src/proto/stun_login.c src/proto/stun_login.h \
	src/proto/turn.c src/proto/turn.h
