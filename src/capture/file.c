/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/mem.h"
#include "base/text.h"
#include "capture/gzip.h"
#include "capture/link.h"
#include "capture/pcapng.h"

enum {
	MAGIC = 4,           /* bytes that tell one kind of file from another */
	READ_ROOM = 1 << 20, /* of stdio; a third less time than with the usual 4 KiB */
	READ_ALIGN = 4096,   /* whole pages are copied faster to whole pages */
	DAMAGE_MAX = 300,    /* bytes of libpcap's own words */
};

/* A file may claim any time; beyond this one, in the year 2261, nanoseconds would not fit. */
static const int64_t last_second = 9200000000;

struct capture_file {
	pcap_t *pcap;
	struct gzip *gzip;          /* NULL: not packed */
	char *room, *unpacked_room; /* of stdio; freed after what reads into it is closed */
	int again;                  /* the same file, to read it once more; -1: it cannot be */
	off_t begins;               /* where in it */
	char *damage;
	struct capture_file *mixed; /* the same file, opened for interfaces that differ, or NULL */
	uint64_t skip;              /* packets at its beginning that were given already */
	capture_handler *handler;
	void *context;
	uint64_t packets;
	enum packet_link link;
};

/* --- what kind of file --- */

static const char wanted[] = N_("expected a capture (pcap or pcapng, packed with gzip or not)");

static const struct {
	const char *magic;
	size_t length;
	const char *what;
} strangers[] = {
	{ "\xfd"
	  "7zX",
	  4, N_("is packed with xz; unpack it with xz -dk") },
	{ "\x28\xb5\x2f\xfd", 4, N_("is packed with zstd; unpack it with zstd -d") },
	{ "BZh", 3, N_("is packed with bzip2; unpack it with bzip2 -dk") },
	{ "PK\3\4", 4, N_("is a ZIP archive; unpack it with unzip") },
	{ "snoo", 4, N_("is a capture of Solaris' snoop; make a pcapng of it with editcap") },
	{ "GMBU", 4,
	  N_("is a capture of Microsoft's Network Monitor; make a pcapng of it with editcap") },
	{ "RTSS", 4,
	  N_("is a capture of Microsoft's Network Monitor; make a pcapng of it with editcap") },
};

/* The first bytes, which stay to be read: both C libraries take back as many as were just read. */
static size_t peek(uint8_t magic[static MAGIC], FILE *stream)
{
	size_t length = fread(magic, 1, MAGIC, stream);

	for (size_t i = length; i > 0; i--)
		if (ungetc(magic[i - 1], stream) == EOF)
			return 0;
	return length;
}

static enum err refuse(struct complaint *complaint, const char *name, const uint8_t *magic,
		       size_t length)
{
	for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
		if (length >= strangers[i].length &&
		    !memcmp(magic, strangers[i].magic, strangers[i].length)) {
			complain(complaint, name, 0, "%s; %s", _(strangers[i].what), _(wanted));
			return ERR_UNSUPPORTED;
		}
	return complain(complaint, name, 0, length ? _("is no capture; %s") : _("is empty; %s"),
			_(wanted));
}

/* --- opening --- */

static enum err cannot_open(struct complaint *complaint, const char *name)
{
	const enum err err = err_from_errno(errno);

	complain(complaint, name, 0, _("cannot be read: %s; %s"), strerror(errno), _(wanted));
	return err;
}

enum err capture_file_stream(FILE **out, const char *path, struct complaint *complaint)
{
	const bool from_stdin = !strcmp(path, "-");
	const char *name = from_stdin ? _("standard input") : path;
	const int fd = from_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
				  : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat there;

	if (fd < 0)
		return cannot_open(complaint, name);
	if (!fstat(fd, &there) && S_ISDIR(there.st_mode)) {
		close(fd);
		complain(complaint, name, 0, _("is a folder; %s"), _(wanted));
		return ERR_IO;
	}
	*out = fdopen(fd, "r");
	if (*out)
		return ERR_NONE;
	close(fd);
	return cannot_open(complaint, name);
}

/* pcap's and pcapng's own numbers, in either byte order. */
static bool is_capture(const uint8_t *magic, size_t length)
{
	static const char *const known[] = { "\xa1\xb2\xc3\xd4", "\xd4\xc3\xb2\xa1",
					     "\xa1\xb2\x3c\x4d", "\x4d\x3c\xb2\xa1",
					     "\xa1\xb2\xcd\x34", "\x34\xcd\xb2\xa1",
					     "\x0a\x0d\x0d\x0a" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (length == MAGIC && !memcmp(magic, known[i], MAGIC))
			return true;
	return false;
}

/* The C library keeps to its small buffer where this one cannot be set; that is slower, no more. */
static void set_room(struct capture_file *file, FILE *stream)
{
	char **room = file->gzip ? &file->unpacked_room : &file->room;

	*room = aligned_alloc(READ_ALIGN, READ_ROOM);
	(void)setvbuf(stream, *room, _IOFBF, READ_ROOM);
}

/* *stream becomes what is in it, where it is packed. */
static enum err unpack(struct capture_file *file, FILE **stream, const char *name,
		       struct complaint *complaint)
{
	uint8_t magic[MAGIC] = { 0 };
	FILE *packed = *stream;
	size_t length;
	enum err err;

	set_room(file, packed);
	length = peek(magic, packed);
	if (length >= 2 && magic[0] == 0x1f && magic[1] == 0x8b) {
		err = gzip_open(&file->gzip, stream, packed);
		if (err) {
			complain(complaint, name, 0,
				 _("is packed with gzip, which this earshot was built without; "
				   "unpack it with gunzip -k"));
			return err;
		}
		set_room(file, *stream);
		length = peek(magic, *stream);
	}
	if (ferror(*stream))
		return cannot_open(complaint, name);
	if (length < MAGIC && file->gzip && gzip_damaged(file->gzip))
		return complain(complaint, name, 0, _("has a damaged or cut off gzip packing; %s"),
				_(wanted));
	return is_capture(magic, length) ? ERR_NONE : refuse(complaint, name, magic, length);
}

static enum err begin(struct capture_file *file, FILE **stream, const char *name, bool mixed,
		      struct complaint *complaint)
{
	char error[PCAP_ERRBUF_SIZE] = "";
	enum err err = unpack(file, stream, name, complaint);

	if (!err && mixed)
		err = pcapng_open(stream, *stream);
	if (err)
		return err;
	file->pcap = pcap_fopen_offline_with_tstamp_precision(*stream, PCAP_TSTAMP_PRECISION_NANO,
							      error);
	if (!file->pcap)
		return complain(complaint, name, 0, _("cannot be read: %s; %s"), error, _(wanted));
	*stream = NULL; /* libpcap closes it */
	file->link = capture_link((uint32_t)pcap_datalink(file->pcap));
	return ERR_NONE;
}

/* A descriptor of its own, for libpcap closes the stream; not a path, which a sandbox may refuse.
 */
static void remember(struct capture_file *file, FILE *stream)
{
	const int fd = fileno(stream);
	struct stat there;

	file->again = -1;
	if (fd < 0 || fstat(fd, &there) || !S_ISREG(there.st_mode))
		return;
	file->begins = lseek(fd, 0, SEEK_CUR);
	if (file->begins >= 0)
		file->again = fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

static enum err open_take(struct capture_file **out, FILE *stream, const char *name, bool mixed,
			  struct complaint *complaint)
{
	struct capture_file *file = mem_new(1, sizeof *file);
	enum err err;

	remember(file, stream);
	err = begin(file, &stream, name, mixed, complaint);
	if (stream)
		fclose(stream);
	if (err)
		capture_file_free(file);
	else
		*out = file;
	return err;
}

enum err capture_file_open_take(struct capture_file **out, FILE *stream, const char *name,
				struct complaint *complaint)
{
	return open_take(out, stream, name, false, complaint);
}

void capture_file_free(struct capture_file *file)
{
	if (!file)
		return;
	if (file->pcap)
		pcap_close(file->pcap);
	gzip_free(file->gzip);
	free(file->room);
	free(file->unpacked_room);
	if (file->again >= 0)
		close(file->again);
	free(file->damage);
	capture_file_free(file->mixed);
	free(file);
}

/* --- reading --- */

static int64_t ns_of(const struct timeval *time)
{
	int64_t second = time->tv_sec;

	if (second > last_second)
		second = last_second;
	if (second < -last_second)
		second = -last_second;
	return second * PACKET_SECOND + time->tv_usec; /* libpcap puts nanoseconds there */
}

static void give(u_char *context, const struct pcap_pkthdr *header, const u_char *data)
{
	struct capture_file *file = (struct capture_file *)(void *)context;
	const struct packet packet = {
		.ns = ns_of(&header->ts),
		.link = file->link,
		.data = data,
		.captured = header->caplen,
		.wire = header->len,
	};

	file->packets++;
	file->handler(&packet, file->context);
}

/* As pcapng.h has it: what was given at the first time is passed over. */
static void give_mixed(u_char *context, const struct pcap_pkthdr *header, const u_char *data)
{
	struct capture_file *file = (struct capture_file *)(void *)context;
	struct pcap_pkthdr own = *header;

	if (file->skip) {
		file->skip--;
		return;
	}
	if (own.caplen < PCAPNG_PREFIX)
		return;
	own.caplen -= PCAPNG_PREFIX;
	file->link = capture_link((uint32_t)data[2] << 8 | data[3]);
	give(context, &own, data + PCAPNG_PREFIX);
}

static bool interfaces_differ(const struct capture_file *file)
{
	return strstr(pcap_geterr(file->pcap), "an interface has a ");
}

/* From the packet on that libpcap refused. Returns what pcap_loop() does. */
static int read_mixed(struct capture_file *file)
{
	struct complaint complaint = { "" };
	FILE *stream = NULL;

	if (file->again >= 0 && lseek(file->again, file->begins, SEEK_SET) >= 0)
		stream = fdopen(file->again, "r");
	if (!stream)
		return PCAP_ERROR;
	file->again = -1; /* the stream has it */
	if (open_take(&file->mixed, stream, "", true, &complaint))
		return PCAP_ERROR;
	file->skip = file->packets;
	return pcap_loop(file->mixed->pcap, -1, give_mixed, (u_char *)(void *)file);
}

/* libpcap's words for what people meet, else its own. */
static char *explain(const char *error, uint64_t packet)
{
	char *safe, *text;

	if (strstr(error, "truncated"))
		return mem_printf(_("ends in the middle of packet %" PRIu64), packet);
	if (strstr(error, "an interface has a "))
		return mem_printf(
			_("packet %" PRIu64 " and what follows is not read: its interfaces "
			  "differ, and such a capture is read from a file, not from a pipe"),
			packet);
	safe = text_safe(error, strlen(error), DAMAGE_MAX);
	text = mem_printf(_("is damaged at packet %" PRIu64 ": %s"), packet, safe);
	free(safe);
	return text;
}

enum err capture_file_each(struct capture_file *file, capture_handler *handler, void *context)
{
	const struct capture_file *source = file;
	int end;

	file->handler = handler;
	file->context = context;
	end = pcap_loop(file->pcap, -1, give, (u_char *)(void *)file);
	if (end == PCAP_ERROR && interfaces_differ(file))
		end = read_mixed(file);
	if (end == PCAP_ERROR_BREAK)
		return ERR_CANCELLED;
	if (file->mixed)
		source = file->mixed;
	if (!file->damage && source->gzip && gzip_damaged(source->gzip))
		file->damage = mem_printf(
			_("its gzip packing is damaged or cut off after packet %" PRIu64),
			file->packets);
	else if (!file->damage && end < 0)
		file->damage = explain(pcap_geterr(source->pcap), file->packets + 1);
	return file->damage ? ERR_SYNTAX : ERR_NONE;
}

void capture_file_stop(struct capture_file *file)
{
	pcap_breakloop(file->mixed ? file->mixed->pcap : file->pcap);
}

const char *capture_file_damage(const struct capture_file *file)
{
	return file->damage;
}
