// SPDX-License-Identifier: GPL-2.0
/*
 * From words to a request and back. Compiled into the module, the program and
 * the check; it allocates nothing.
 */
#include "alloc_request.h"

#ifdef __KERNEL__
#include <linux/kernel.h>
#endif

#define MAX_NODE 1023	/* the largest CONFIG_NODES_SHIFT gives 1024 nodes */

const struct alloc_key alloc_keys[ALLOC_NR_KEYS] = {
	[ALLOC_KEY_SIZE] = { "size", "a size", "bytes of one element" },
	[ALLOC_KEY_NMEMB] = { "nmemb", "a number", "how many elements" },
	[ALLOC_KEY_WHEN] = { "when", "runtime|early_boot", "when the code runs" },
	[ALLOC_KEY_WHO] = { "who", "module|builtin", "where the code is" },
	[ALLOC_KEY_CTX] = { "ctx", "sleep|nofs|noio|atomic|nmi",
		      "what the calling context allows" },
	[ALLOC_KEY_CONTIG] = { "contig", "virt|phys", "what must be contiguous" },
	[ALLOC_KEY_DMA] = { "dma", "none|streaming|coherent",
		      "does a device read or write it" },
	[ALLOC_KEY_MANY] = { "many", "0|1", "objects of one size come and go",
		       .is_bool = true },
	[ALLOC_KEY_PERCPU] = { "percpu", "0|1", "one copy for every CPU",
			 .is_bool = true },
	[ALLOC_KEY_ZERO] = { "zero", "0|1", "it must be zero", .is_bool = true },
	[ALLOC_KEY_NODE] = { "node", "any|a node number", "preferred NUMA node" },
	[ALLOC_KEY_USER_MAP] = { "user_map", "0|1", "a process will map it",
			   .is_bool = true },
	[ALLOC_KEY_NEED] = { "need", "best_effort|ordinary|must_progress|nofail",
		       "what failure would mean" },
	[ALLOC_KEY_LIFE] = { "life", "manual|device", "who frees it" },
	[ALLOC_KEY_ACCOUNT] = { "account", "0|1", "charge it to the memory cgroup",
			  .is_bool = true },
	[ALLOC_KEY_KERNEL] = { "kernel", "6.1|6.12", "the kernel", .is_env = true },
	[ALLOC_KEY_KMAX] = { "kmax", "a size", "KMALLOC_MAX_SIZE", .is_env = true },
	[ALLOC_KEY_RAM] = { "ram", "a size", "RAM of the machine", .is_env = true },
	[ALLOC_KEY_CMA] = { "cma", "a size", "contiguous memory area",
		      .is_env = true },
	[ALLOC_KEY_IOMMU] = { "iommu", "0|1", "an IOMMU translates for devices",
			.is_bool = true, .is_env = true },
};

void alloc_input_init(struct alloc_input *in)
{
	memset(in, 0, sizeof(*in));
	in->req.nmemb = 1;
	in->req.node = ALLOC_NODE_ANY;
	in->env.kernel = ALLOC_KERNEL_6_1;
	in->env.kmax = 4ULL << 20;
	in->env.ram = 16ULL << 30;
}

static bool same(const char *word, const char *text, size_t len)
{
	return strlen(word) == len && !memcmp(word, text, len);
}

/* The place of text among the choices of a key: "a|b|c", counted from 0. */
static int choice(const char *choices, const char *text, size_t len)
{
	int place;

	for (place = 0; ; place++) {
		size_t n = strcspn(choices, "|");

		if (n == len && !memcmp(choices, text, len))
			return place;
		if (!choices[n])
			return -1;
		choices += n + 1;
	}
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

/* How far a unit shifts: K is 10, M is 20; -1 when it is none. */
static int unit_shift(const char *unit, size_t len)
{
	static const char letters[] = "kmgtpe";
	int i;

	if (!len)
		return 0;
	if (len > 1 && !same("iB", unit + 1, len - 1) &&
	    !same("B", unit + 1, len - 1))
		return -1;
	for (i = 0; letters[i]; i++)
		if (unit[0] == letters[i] || unit[0] == letters[i] - 'a' + 'A')
			return 10 * (i + 1);
	return -1;
}

int alloc_parse_size(const char *text, size_t len, u64 *value)
{
	bool too_large = false;
	int base = 10;
	u64 number = 0;
	size_t i = 0;
	size_t first;
	int shift;

	if (len > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		i = 2;
	}
	for (first = i; i < len && digit(text[i]) < base; i++) {
		if (__builtin_mul_overflow(number, base, &number) ||
		    __builtin_add_overflow(number, digit(text[i]), &number))
			too_large = true;
	}
	shift = unit_shift(text + i, len - i);
	if (i == first || shift < 0)
		return -EINVAL;
	if (too_large || (shift && number >> (64 - shift)))
		return -ERANGE;
	*value = number << shift;
	return 0;
}

#define QUOTE_LEN 40

/* What a message may repeat of somebody's text: its start, printable. */
static const char *quote(char *buf, const char *text, size_t len)
{
	size_t n = len < QUOTE_LEN - 4 ? len : QUOTE_LEN - 4;
	size_t i;

	for (i = 0; i < n; i++)
		buf[i] = text[i] > ' ' && text[i] < 0x7f ? text[i] : '?';
	snprintf(buf + n, QUOTE_LEN - n, "%s", n < len ? "..." : "");
	return buf;
}

static int refuse(char *why, int key, const char *text, size_t len)
{
	char quoted[QUOTE_LEN];

	snprintf(why, ALLOC_WHY_LEN, "%s=%s is not valid: %s takes %s",
		 alloc_keys[key].name, quote(quoted, text, len),
		 alloc_keys[key].name, alloc_keys[key].values);
	return -EINVAL;
}

static int set_number(u64 *to, int key, const char *text, size_t len, char *why)
{
	int err = alloc_parse_size(text, len, to);
	char quoted[QUOTE_LEN];

	if (err == -ERANGE)
		snprintf(why, ALLOC_WHY_LEN,
			 "%s=%s is too large: it needs more than 64 bits",
			 alloc_keys[key].name, quote(quoted, text, len));
	else if (err)
		refuse(why, key, text, len);
	return err;
}

static int set_choice(u8 *to, int key, const char *text, size_t len, char *why)
{
	int place = choice(alloc_keys[key].values, text, len);

	if (place < 0)
		return refuse(why, key, text, len);
	*to = place;
	return 0;
}

static int set_bool(bool *to, int key, const char *text, size_t len, char *why)
{
	int place = choice(alloc_keys[key].values, text, len);

	if (place < 0)
		return refuse(why, key, text, len);
	*to = place;
	return 0;
}

static int set_need(u8 *to, const char *text, size_t len, char *why)
{
	static const u8 needs[] = { ALLOC_BEST_EFFORT, ALLOC_ORDINARY,
				    ALLOC_MUST_PROGRESS, ALLOC_NOFAIL };
	int place = choice(alloc_keys[ALLOC_KEY_NEED].values, text, len);

	if (place < 0)
		return refuse(why, ALLOC_KEY_NEED, text, len);
	*to = needs[place];
	return 0;
}

static int set_node(int *to, const char *text, size_t len, char *why)
{
	u64 node;

	if (same("any", text, len)) {
		*to = ALLOC_NODE_ANY;
		return 0;
	}
	if (!len || digit(text[len - 1]) > 9 ||
	    alloc_parse_size(text, len, &node) || node > MAX_NODE)
		return refuse(why, ALLOC_KEY_NODE, text, len);
	*to = node;
	return 0;
}

static int set_value(struct alloc_input *in, int key, const char *v, size_t len,
		     char *why)
{
	struct alloc_request *req = &in->req;
	struct alloc_env *env = &in->env;

	switch (key) {
	case ALLOC_KEY_SIZE:
		return set_number(&req->size, key, v, len, why);
	case ALLOC_KEY_NMEMB:
		return set_number(&req->nmemb, key, v, len, why);
	case ALLOC_KEY_WHEN:
		return set_choice(&req->when, key, v, len, why);
	case ALLOC_KEY_WHO:
		return set_choice(&req->who, key, v, len, why);
	case ALLOC_KEY_CTX:
		return set_choice(&req->ctx, key, v, len, why);
	case ALLOC_KEY_CONTIG:
		return set_choice(&req->contig, key, v, len, why);
	case ALLOC_KEY_DMA:
		return set_choice(&req->dma, key, v, len, why);
	case ALLOC_KEY_LIFE:
		return set_choice(&req->life, key, v, len, why);
	case ALLOC_KEY_NEED:
		return set_need(&req->need, v, len, why);
	case ALLOC_KEY_NODE:
		return set_node(&req->node, v, len, why);
	case ALLOC_KEY_MANY:
		return set_bool(&req->many, key, v, len, why);
	case ALLOC_KEY_PERCPU:
		return set_bool(&req->percpu, key, v, len, why);
	case ALLOC_KEY_ZERO:
		return set_bool(&req->zero, key, v, len, why);
	case ALLOC_KEY_USER_MAP:
		return set_bool(&req->user_map, key, v, len, why);
	case ALLOC_KEY_ACCOUNT:
		return set_bool(&req->account, key, v, len, why);
	case ALLOC_KEY_KERNEL:
		return set_choice(&env->kernel, key, v, len, why);
	case ALLOC_KEY_KMAX:
		return set_number(&env->kmax, key, v, len, why);
	case ALLOC_KEY_RAM:
		return set_number(&env->ram, key, v, len, why);
	case ALLOC_KEY_CMA:
		return set_number(&env->cma, key, v, len, why);
	default:
		return set_bool(&env->iommu, key, v, len, why);
	}
}

int alloc_input_set(struct alloc_input *in, int key, const char *value,
		    size_t len, char *why)
{
	struct alloc_input next = *in;
	int err;

	if (in->given & (1U << key)) {
		snprintf(why, ALLOC_WHY_LEN, "%s is given twice",
			 alloc_keys[key].name);
		return -EINVAL;
	}
	err = set_value(&next, key, value, len, why);
	if (err)
		return err;
	next.given |= 1U << key;
	*in = next;
	return 0;
}

int alloc_input_word(struct alloc_input *in, const char *word, size_t len,
		     char *why)
{
	const char *equals = memchr(word, '=', len);
	size_t name_len = equals ? (size_t)(equals - word) : len;
	char quoted[QUOTE_LEN];
	int key;

	for (key = 0; key < ALLOC_NR_KEYS; key++)
		if (same(alloc_keys[key].name, word, name_len))
			break;
	if (equals && key < ALLOC_NR_KEYS)
		return alloc_input_set(in, key, equals + 1, len - name_len - 1,
				       why);
	if (key < ALLOC_NR_KEYS)
		snprintf(why, ALLOC_WHY_LEN, "%s has no value: write %s=%s",
			 alloc_keys[key].name, alloc_keys[key].name,
			 alloc_keys[key].values);
	else
		snprintf(why, ALLOC_WHY_LEN, "there is no key '%s'",
			 quote(quoted, word, name_len));
	return -EINVAL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int alloc_input_line(struct alloc_input *in, const char *line, size_t len,
		     char *why)
{
	size_t i = 0;

	while (i < len) {
		size_t start;
		int err;

		if (is_blank(line[i])) {
			i++;
			continue;
		}
		for (start = i; i < len && !is_blank(line[i]); i++)
			;
		err = alloc_input_word(in, line + start, i - start, why);
		if (err)
			return err;
	}
	return alloc_input_complete(in, why);
}

int alloc_input_complete(const struct alloc_input *in, char *why)
{
	if (in->given & (1U << ALLOC_KEY_SIZE))
		return 0;
	snprintf(why, ALLOC_WHY_LEN, "the size is missing: write size=BYTES");
	return -EINVAL;
}
