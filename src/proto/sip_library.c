/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/sip_library.h"

#include <osipparser2/osip_parser.h>
#include <osipparser2/osip_port.h>
#include <stdarg.h>

static void keep_quiet(const char *file, int line, osip_trace_level_t level, const char *format,
		       va_list args)
{
	(void)file, (void)line, (void)level, (void)format, (void)args;
}

void sip_library_hush(void)
{
	osip_trace_initialize_func(TRACE_LEVEL0, keep_quiet);
}

void sip_library_prepare(void)
{
	parser_init();
	sip_library_hush();
}
