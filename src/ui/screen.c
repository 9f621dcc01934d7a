/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/screen.h"

const struct screen *screen_at_place(enum wizard_place place)
{
	switch (place) {
	case WIZARD_WELCOME: return &screen_welcome;
	case WIZARD_PROVIDER: return &screen_provider;
	case WIZARD_QUESTION:
	case WIZARD_WAIT: return &screen_question;
	case WIZARD_ADVICE: return &screen_advice;
	case WIZARD_RETEST: return &screen_retest;
	case WIZARD_DONE: return &screen_done;
	}
	return &screen_welcome;
}
