/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *buf, size_t ceiling)
{
	*buf = (struct buf){ .ceiling = ceiling };
}

void buf_clear(struct buf *buf)
{
	free(buf->data);
	buf_init(buf, buf->ceiling);
}

void buf_reset(struct buf *buf)
{
	buf->length = 0;
	if (buf->data)
		buf->data[0] = 0;
}

/* Makes room for `more` bytes and the closing 0. */
static enum err reserve(struct buf *buf, size_t more)
{
	size_t room = buf->room ? buf->room : 64;
	uint8_t *data;

	if (buf->length > buf->ceiling || more > buf->ceiling - buf->length)
		return ERR_FULL;
	if (buf->room && buf->length + more < buf->room)
		return ERR_NONE;
	while (room <= buf->length + more)
		room *= 2;
	data = realloc(buf->data, room);
	if (!data)
		return ERR_MEMORY;
	buf->data = data;
	buf->room = room;
	return ERR_NONE;
}

enum err buf_add(struct buf *buf, const void *data, size_t length)
{
	enum err err = reserve(buf, length);

	if (err)
		return err;
	if (length)
		memcpy(buf->data + buf->length, data, length);
	buf->length += length;
	buf->data[buf->length] = 0;
	return ERR_NONE;
}

enum err buf_add_text(struct buf *buf, const char *text)
{
	return buf_add(buf, text, strlen(text));
}

enum err buf_add_be8(struct buf *buf, uint8_t value)
{
	return buf_add(buf, &value, 1);
}

enum err buf_add_be16(struct buf *buf, uint16_t value)
{
	const uint8_t bytes[2] = { (uint8_t)(value >> 8), (uint8_t)value };

	return buf_add(buf, bytes, sizeof bytes);
}

enum err buf_add_be32(struct buf *buf, uint32_t value)
{
	const uint8_t bytes[4] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16),
				   (uint8_t)(value >> 8), (uint8_t)value };

	return buf_add(buf, bytes, sizeof bytes);
}

enum err buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;
	enum err err;

	va_start(args, format);
	err = buf_vprintf(buf, format, args);
	va_end(args);
	return err;
}

enum err buf_vprintf(struct buf *buf, const char *format, va_list args)
{
	va_list again;
	int length;
	enum err err;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		return ERR_SYNTAX;
	err = reserve(buf, (size_t)length);
	if (err)
		return err;
	vsnprintf((char *)buf->data + buf->length, (size_t)length + 1, format, args);
	buf->length += (size_t)length;
	return ERR_NONE;
}

void buf_drop(struct buf *buf, size_t length)
{
	if (length >= buf->length) {
		buf_reset(buf);
		return;
	}
	memmove(buf->data, buf->data + length, buf->length - length + 1);
	buf->length -= length;
}

const char *buf_text(const struct buf *buf)
{
	return buf->data ? (const char *)buf->data : "";
}

char *buf_take(struct buf *buf)
{
	char *text = buf->data ? (char *)buf->data : calloc(1, 1);

	buf_init(buf, buf->ceiling);
	return text;
}
