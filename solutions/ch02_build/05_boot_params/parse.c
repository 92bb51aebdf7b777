// SPDX-License-Identifier: GPL-2.0
/*
 * Reads what somebody asks for; ring.h describes it. Plain C: one source for
 * the module and for the kernel itself.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/overflow.h>
#include <linux/string.h>

#include "ring.h"

/* TODO 1: all of ring_parse(), with as many functions as it takes */
#define PARTS		3
#define PART_MAX	32

/*
 * memparse() is the kernel's own for this, and notices neither a number of more
 * than 64 bits nor one that its suffix pushes out of them.
 */
static int parse_size(char *field, unsigned long *size)
{
	char *last = field + strlen(field) - 1;
	unsigned long number;
	int shift = 0;
	int ret;

	switch (tolower(*last)) {
	case 'k':
		shift = 10;
		break;
	case 'm':
		shift = 20;
		break;
	case 'g':
		shift = 30;
		break;
	}
	if (shift)
		*last = '\0';
	ret = kstrtoul(field, 0, &number);
	if (ret)
		return ret;
	if (check_shl_overflow(number, shift, size))
		return -ERANGE;
	if (*size < RING_SIZE_MIN || *size > RING_SIZE_MAX)
		return -ERANGE;
	return *size & (*size - 1) ? -EINVAL : 0;
}

static int parse_slots(const char *field, unsigned int *slots)
{
	int ret = kstrtouint(field, 0, slots);

	if (ret)
		return ret;
	return *slots < 1 || *slots > RING_SLOTS_MAX ? -ERANGE : 0;
}

static int parse_policy(const char *field, bool *stop)
{
	*stop = !strcmp(field, "stop");
	return *stop || !strcmp(field, "wrap") ? 0 : -EINVAL;
}

int ring_parse(const char *text, struct ring_spec *spec)
{
	struct ring_spec made = { .slots = 1 };
	unsigned int i;
	int ret;

	for (i = 0; i < PARTS; i++) {
		size_t len = strcspn(text, ",\n");
		char field[PART_MAX];

		if (!len || len >= sizeof(field))
			return -EINVAL;
		memcpy(field, text, len);
		field[len] = '\0';
		text += len;

		if (i == 0)
			ret = parse_size(field, &made.size);
		else if (i == 1)
			ret = parse_slots(field, &made.slots);
		else
			ret = parse_policy(field, &made.stop);
		if (ret)
			return ret;
		if (*text != ',') {
			if (strcmp(text, "") && strcmp(text, "\n"))
				return -EINVAL;
			*spec = made;
			return 0;
		}
		text++;
	}
	return -EINVAL;
}

/* END TODO 1 */
