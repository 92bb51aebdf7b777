// SPDX-License-Identifier: GPL-2.0
/* Texts for the parameter, good and bad; see check_spec.h. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "check_spec.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define SIZE_BITS_MIN	12
#define SIZE_BITS_MAX	30
#define SLOTS_MAX	64

const char *format_text(const char *format, ...)
{
	va_list args;
	char *made;

	va_start(args, format);
	ASSERT_OK(vasprintf(&made, format, args));
	va_end(args);
	return made;
}

/* One of the ways to write a size: in units of 1, K, M or G. */
static const char *size_text(unsigned long size)
{
	unsigned int unit = check_random_range(0, 3);
	char letter = "\0kmg"[unit];

	while (unit && size >> 10 * unit << 10 * unit != size)
		letter = "\0kmg"[--unit];
	if (check_random_range(0, 1))
		letter = toupper(letter);
	return format_text(check_random_range(0, 3) ? "%lu%.1s" : "0x%lx%.1s",
			   size >> 10 * unit, &letter);
}

struct spec spec_draw(int parts)
{
	struct spec spec = {
		.size = 1ul << check_random_range(SIZE_BITS_MIN, SIZE_BITS_MAX),
		.slots = parts > 1 ? check_random_range(2, SLOTS_MAX) : 1,
		.stop = parts > 2 && check_random_range(0, 2),
	};
	int len = snprintf(spec.text, sizeof(spec.text), "%s", size_text(spec.size));

	if (parts > 1)
		len += snprintf(spec.text + len, sizeof(spec.text) - len, ",%u",
				spec.slots);
	if (parts > 2)
		snprintf(spec.text + len, sizeof(spec.text) - len, ",%s",
			 spec.stop ? "stop" : "wrap");
	return spec;
}

const char *spec_report(const struct spec *spec)
{
	return format_text("%lu bytes, %u slots, %s", spec->size, spec->slots,
			   spec->stop ? "stop" : "wrap");
}

/* 2^64 + low, in decimal. */
static const char *past_64_bits(unsigned long low)
{
	unsigned __int128 number = ((unsigned __int128)1 << 64) + low;
	const unsigned long half = 10000000000ul;

	return format_text("%lu%010lu", (unsigned long)(number / half),
			   (unsigned long)(number % half));
}

static const char *const wraps[] = {
	"that number does not fit into 64 bits, and what is left of it there is not what was asked for. memparse() and simple_strtoull() do not notice; kstrtoul() does.",
	"the number fits into 64 bits, but not once it is multiplied by its suffix. check_shl_overflow() and check_mul_overflow() notice.",
};

static const char *bad_size(unsigned int n, const char **why)
{
	unsigned long good = 1ul << check_random_range(SIZE_BITS_MIN, SIZE_BITS_MAX);
	unsigned long k = 1ul << check_random_range(2, 20);

	switch (n) {
	case 0:
		*why = "it is empty.";
		return "";
	case 1:
		*why = "that is no number.";
		return "lots";
	case 2:
		*why = "that is no power of two.";
		return format_text("%lluK", k * (2 * check_random_range(1, 100) + 1));
	case 3:
		*why = "that is below the smallest size.";
		return format_text("%lu", 1ul << check_random_range(0, SIZE_BITS_MIN - 1));
	case 4:
		*why = "that is above the largest size.";
		return format_text("%luG", 1ul << check_random_range(1, 20));
	case 5:
		*why = "something stands behind the number.";
		return format_text("%luKx", k);
	case 6:
		*why = "K, M or G is one letter.";
		return format_text("%luKB", k);
	case 7:
		*why = "that is below 0.";
		return format_text("-%luK", k);
	case 8:
		*why = wraps[0];
		return past_64_bits(good);
	case 9:
		*why = wraps[1];
		return format_text("%luK", (1ul << 54) + k);
	default:
		*why = wraps[1];
		return format_text("%luG", (1ul << 34) + 1);
	}
}

struct bad_tail {
	const char *tail;
	const char *why;
};

static const struct bad_tail bad_tails[] = {
	{ ",", "a part that is given is not empty." },
	{ ",,stop", "a part that is given is not empty." },
	{ ",0", "there is no ring of 0 slots." },
	{ ",65", "there are at most 64 slots." },
	{ ",-1", "there is no ring of -1 slots." },
	{ ",8K", "a number of slots has no suffix." },
	{ ",4294967304", "2^32 + 8 slots are not 8 slots." },
	{ ",18446744073709551624", "2^64 + 8 slots are not 8 slots." },
	{ ",8,", "a part that is given is not empty." },
	{ ",8,halt", "there is no such policy." },
	{ ",8,Stop", "there is no such policy." },
	{ ",8,sto", "there is no such policy." },
	{ ",8,stopped", "there is no such policy." },
	{ ",stop", "the second part is the number of slots." },
	{ ",8,stop,", "there is no fourth part, not even an empty one." },
	{ ",8,stop,9", "there is no fourth part." },
};

#define BAD_SIZES	11

const char *spec_bad(unsigned int n, const char **why)
{
	if (n < BAD_SIZES)
		return bad_size(n, why);
	n -= BAD_SIZES;
	if (n >= ARRAY_SIZE(bad_tails))
		return NULL;
	*why = bad_tails[n].why;
	return format_text("%s%s", spec_draw(1).text, bad_tails[n].tail);
}
