// SPDX-License-Identifier: GPL-2.0
/*
 * Requests as text: what is accepted, what is refused and with which sentence,
 * that every request survives the way to text and back, and that no text at
 * all does harm.
 */
#include <stdlib.h>
#include <time.h>

#include "tap.h"
#include "domain.h"
#include "alloc_request.h"

static void test_sizes(void)
{
	static const struct {
		const char *text;
		int err;
		u64 value;
	} cases[] = {
		{ "0", 0, 0 }, { "1", 0, 1 }, { "4096", 0, 4096 },
		{ "0x1000", 0, 4096 }, { "0XfF", 0, 255 }, { "4K", 0, 4096 },
		{ "4k", 0, 4096 }, { "4KiB", 0, 4096 }, { "4kB", 0, 4096 },
		{ "3M", 0, 3 << 20 }, { "2G", 0, 2ULL << 30 },
		{ "1T", 0, 1ULL << 40 }, { "1P", 0, 1ULL << 50 },
		{ "15E", 0, 15ULL << 60 }, { "0E", 0, 0 },
		{ "18446744073709551615", 0, ~0ULL },
		{ "0xffffffffffffffff", 0, ~0ULL },
		{ "18446744073709551616", -ERANGE, 0 },
		{ "0x10000000000000000", -ERANGE, 0 },
		{ "16E", -ERANGE, 0 }, { "17179869184G", -ERANGE, 0 },
		{ "99999999999999999999999999999999", -ERANGE, 0 },
		{ "", -EINVAL, 0 }, { "K", -EINVAL, 0 }, { "-1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 }, { "1.5K", -EINVAL, 0 },
		{ "0x", -EINVAL, 0 }, { "0xg", -EINVAL, 0 },
		{ "4Q", -EINVAL, 0 }, { "4KK", -EINVAL, 0 },
		{ "4Ki", -EINVAL, 0 }, { "4KiBs", -EINVAL, 0 },
		{ "4 K", -EINVAL, 0 }, { "1e3", -EINVAL, 0 },
		{ "1B", -EINVAL, 0 },
	};
	unsigned int wrong = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u64 value = 0;
		int err = alloc_parse_size(cases[i].text,
					   strlen(cases[i].text), &value);

		if (err == cases[i].err && value == cases[i].value)
			continue;
		tap_note("\"%s\": %d, %llu", cases[i].text, err, value);
		wrong++;
	}
	tap_ok(!wrong, "%zu sizes are read as they should",
	       ARRAY_SIZE(cases));
}

static void test_lines(void)
{
	static const struct {
		const char *line;
		const char *why;
	} cases[] = {
		{ "", "size is missing" }, { " \t\n", "size is missing" },
		{ "contig=phys", "size is missing" },
		{ "size", "size has no value" }, { "size=", "not valid" },
		{ "=3", "no key ''" }, { "=", "no key ''" },
		{ "siz=3", "no key 'siz'" }, { "size3", "no key 'size3'" },
		{ "SIZE=3", "no key 'SIZE'" }, { "force=kmalloc", "no key" },
		{ "size=1 size=1", "given twice" },
		{ "size=1 zero=2", "zero takes 0|1" },
		{ "size=1 zero=yes", "zero takes 0|1" },
		{ "size=1 zero=01", "zero takes 0|1" },
		{ "size=1 zero=", "zero takes 0|1" },
		{ "size=1 zero=0|1", "zero takes 0|1" },
		{ "size=1 ctx=", "ctx takes" }, { "size=1 ctx=irq", "ctx takes" },
		{ "size=1 ctx=sleep|nofs", "ctx takes" },
		{ "size=1 need=must", "need takes" },
		{ "size=1 node=-1", "node takes" },
		{ "size=1 node=1024", "node takes" },
		{ "size=1 node=1K", "node takes" },
		{ "size=1 node=", "node takes" },
		{ "size=1 kernel=5.4", "kernel takes 6.1|6.12" },
		{ "size=1 ram=lots", "ram takes" },
		{ "size=16E", "too large" },
		{ "size=1 nmemb=18446744073709551616", "too large" },
		{ "size=\x01\x1b[31m", "size=??[31m is not valid" },
		{ "size=12345678901234567890123456789012345678901234567890Q",
		  "size=123456789012345678901234567890123456... is not" },
	};
	unsigned int wrong = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char why[ALLOC_WHY_LEN] = "";
		struct alloc_input in;
		int err;

		alloc_input_init(&in);
		err = alloc_input_line(&in, cases[i].line,
				       strlen(cases[i].line), why);
		if (err < 0 && strstr(why, cases[i].why))
			continue;
		tap_note("\"%s\": %d \"%s\"", cases[i].line, err, why);
		wrong++;
	}
	tap_ok(!wrong, "%zu bad lines get their sentence", ARRAY_SIZE(cases));
}

static void test_defaults(void)
{
	static const char line[] = "\tsize=4096\r\n";
	char why[ALLOC_WHY_LEN];
	struct alloc_input in;
	int err;

	alloc_input_init(&in);
	err = alloc_input_line(&in, line, strlen(line), why);
	tap_ok(!err && in.req.size == 4096 && in.req.nmemb == 1 &&
	       in.req.node == ALLOC_NODE_ANY && !in.req.when && !in.req.who &&
	       !in.req.ctx && !in.req.contig && !in.req.dma && !in.req.need &&
	       !in.req.life && !in.req.many && !in.req.percpu && !in.req.zero &&
	       !in.req.user_map && !in.req.account && !in.env.cma &&
	       !in.env.iommu && in.env.kmax == 4 << 20,
	       "what is not said is the ordinary case");
}

static bool same_request(const struct alloc_request *a,
			 const struct alloc_request *b)
{
	return a->size == b->size && a->nmemb == b->nmemb &&
	       a->node == b->node && a->when == b->when && a->who == b->who &&
	       a->ctx == b->ctx && a->contig == b->contig && a->dma == b->dma &&
	       a->need == b->need && a->life == b->life && a->many == b->many &&
	       a->percpu == b->percpu && a->zero == b->zero &&
	       a->user_map == b->user_map && a->account == b->account;
}

static void visit_round_trip(const struct alloc_request *req,
			     const struct alloc_env *env, void *data)
{
	char text[ALLOC_TEXT_LEN], why[ALLOC_WHY_LEN];
	struct alloc_input in;
	u64 *wrong = data;

	(void)env;
	alloc_format_request(req, text, sizeof(text));
	alloc_input_init(&in);
	if (alloc_input_line(&in, text, strlen(text), why) ||
	    !same_request(req, &in.req))
		++*wrong;
}

/* Pieces of good lines put together wrongly, and bytes of all kinds. */
static size_t make_line(char *line, size_t room)
{
	static const char *const pieces[] = {
		"size=", "nmemb=", "ctx=atomic", "contig=phys", "dma=coherent",
		"zero=1", "node=0", "need=nofail", "=", " ", "\t", "0x", "K",
		"18446744073709551615", "ram=", "kernel=6.12", "\n", "iommu=1",
		"many", "percpu=1", "|", "4096", "size=1 ",
	};
	size_t len = 0;
	int n = rand() % 12;

	while (n--) {
		const char *piece = pieces[rand() % ARRAY_SIZE(pieces)];
		size_t i;

		if (rand() % 4 == 0) {
			for (i = rand() % 5; i && len < room; i--)
				line[len++] = rand();
			continue;
		}
		for (i = 0; piece[i] && len < room; i++)
			line[len++] = piece[i];
	}
	return len;
}

static void test_fuzz(unsigned int seconds)
{
	time_t end = time(NULL) + seconds;
	u64 lines = 0, accepted = 0, odd = 0;

	do {
		char why[ALLOC_WHY_LEN] = "";
		struct alloc_input in;
		/* Exactly as long as the line: a read behind it is seen. */
		char buf[256];
		size_t len = make_line(buf, sizeof(buf));
		char *line = malloc(len ? len : 1);

		if (!line)
			tap_bail("no memory");
		memcpy(line, buf, len);
		alloc_input_init(&in);
		if (!alloc_input_line(&in, line, len, why))
			accepted++;
		else if (!*why || strlen(why) >= sizeof(why))
			odd++;
		free(line);
	} while (++lines % 4096 || (lines < 200000 || time(NULL) < end));
	tap_note("%llu lines, %llu accepted", lines, accepted);
	tap_ok(!odd && accepted, "whatever is written, it is read or refused with a sentence");
}

int main(int argc, char **argv)
{
	unsigned int seconds = argc > 1 ? atoi(argv[1]) : 1;
	u64 wrong = 0;

	srand(argc > 2 ? atoi(argv[2]) : 1);
	test_sizes();
	test_lines();
	test_defaults();
	domain_each(visit_round_trip, &wrong);
	tap_ok(!wrong, "every request survives the way to text and back");
	test_fuzz(seconds);
	return tap_done();
}
