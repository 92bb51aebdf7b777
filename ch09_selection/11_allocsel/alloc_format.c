// SPDX-License-Identifier: GPL-2.0
/*
 * Requests back to words. The result can be given to alloc_input_line() again.
 */
#include "alloc_request.h"

#ifdef __KERNEL__
#include <linux/kernel.h>
#endif

const char *alloc_format_size(u64 size, char *buf, size_t len)
{
	static const char units[] = "KMGTPE";
	int unit = -1;

	while (size && !(size & 1023) && units[unit + 1]) {
		size >>= 10;
		unit++;
	}
	if (unit < 0)
		snprintf(buf, len, "%llu", size);
	else
		snprintf(buf, len, "%llu%c", size, units[unit]);
	return buf;
}

struct text {
	char *at;
	size_t left;
};

static void add(struct text *text, const char *key, const char *value)
{
	int n = snprintf(text->at, text->left, " %s=%s", key, value);

	if (n > 0 && (size_t)n < text->left) {
		text->at += n;
		text->left -= n;
	}
}

static void add_choice(struct text *text, const char *key,
		       const char *const names[], u8 value)
{
	if (value)
		add(text, key, names[value]);
}

static void add_kind(struct text *text, const struct alloc_request *req)
{
	static const char *const ctx[] = {
		"sleep", "nofs", "noio", "atomic", "nmi" };
	static const char *const dma[] = { "none", "streaming", "coherent" };
	static const char *const need[] = {
		"ordinary", "best_effort", "must_progress", "nofail" };
	static const char *const contig[] = { "virt", "phys" };
	static const char *const when[] = { "runtime", "early_boot" };
	static const char *const who[] = { "module", "builtin" };
	static const char *const life[] = { "manual", "device" };

	add_choice(text, "when", when, req->when);
	add_choice(text, "who", who, req->who);
	add_choice(text, "ctx", ctx, req->ctx);
	add_choice(text, "contig", contig, req->contig);
	add_choice(text, "dma", dma, req->dma);
	add_choice(text, "need", need, req->need);
	add_choice(text, "life", life, req->life);
}

const char *alloc_format_request(const struct alloc_request *req, char *buf,
				 size_t len)
{
	static const char *const yes[] = { "0", "1" };
	struct text text;
	char number[32];
	int n;

	n = snprintf(buf, len, "size=%s",
		     alloc_format_size(req->size, number, sizeof(number)));
	if (n < 0 || (size_t)n >= len)
		return buf;
	text.at = buf + n;
	text.left = len - n;
	if (req->nmemb != 1)
		add(&text, "nmemb",
		    alloc_format_size(req->nmemb, number, sizeof(number)));
	add_kind(&text, req);
	add_choice(&text, "many", yes, req->many);
	add_choice(&text, "percpu", yes, req->percpu);
	add_choice(&text, "zero", yes, req->zero);
	add_choice(&text, "user_map", yes, req->user_map);
	add_choice(&text, "account", yes, req->account);
	if (req->node != ALLOC_NODE_ANY) {
		snprintf(number, sizeof(number), "%d", req->node);
		add(&text, "node", number);
	}
	return buf;
}
