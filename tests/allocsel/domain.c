// SPDX-License-Identifier: GPL-2.0
/*
 * The domain of the exhaustive test, walked as one long number: each key is a
 * digit, and counting up visits every combination.
 */
#include "domain.h"

#define KMAX (4ULL << 20)
#define RAM (3ULL << 30)

static const struct {
	u64 size;
	u64 nmemb;
} amounts[] = {
	{ 0, 1 }, { 1, 1 }, { 4096, 1 }, { 4097, 1 }, { 8192, 1 }, { 8193, 1 },
	{ 32768, 1 }, { 32769, 1 }, { KMAX, 1 }, { KMAX + 1, 1 },
	{ 96ULL << 20, 1 }, { ALLOC_INT_MAX, 1 }, { ALLOC_INT_MAX + 1, 1 },
	{ RAM, 1 }, { RAM + 1, 1 },
	/* arrays: small elements in a large total, wrap-around, nothing */
	{ 64, 1000 }, { 4096, 2000 }, { 8, (1ULL << 61) + 1 }, { 4096, 0 },
};

static const u8 contexts[] = { ALLOC_SLEEP, ALLOC_NOFS, ALLOC_ATOMIC,
			       ALLOC_NMI };

enum digit {
	AMOUNT, CTX, DMA, NEED, WHEN, CONTIG, MANY, PERCPU, ZERO, NODE,
	USER_MAP, LIFE, CMA, IOMMU, NR_DIGITS,
};

static const unsigned int base[NR_DIGITS] = {
	[AMOUNT] = ARRAY_SIZE(amounts), [CTX] = ARRAY_SIZE(contexts),
	[DMA] = 3, [NEED] = 4, [WHEN] = 4, [CONTIG] = 2, [MANY] = 2,
	[PERCPU] = 2, [ZERO] = 2, [NODE] = 2, [USER_MAP] = 2, [LIFE] = 2,
	[CMA] = 2, [IOMMU] = 2,
};

static void make(const unsigned int *digit, struct alloc_request *req,
		 struct alloc_env *env)
{
	*req = (struct alloc_request) {
		.size = amounts[digit[AMOUNT]].size,
		.nmemb = amounts[digit[AMOUNT]].nmemb,
		.node = digit[NODE] ? 0 : ALLOC_NODE_ANY,
		.when = digit[WHEN] / 2 ? ALLOC_EARLY_BOOT : ALLOC_RUNTIME,
		.who = digit[WHEN] % 2 ? ALLOC_BUILTIN : ALLOC_MODULE,
		.ctx = contexts[digit[CTX]],
		.contig = digit[CONTIG],
		.dma = digit[DMA],
		.need = digit[NEED],
		.life = digit[LIFE],
		.many = digit[MANY],
		.percpu = digit[PERCPU],
		.zero = digit[ZERO],
		.user_map = digit[USER_MAP],
		/* It only adds a bit: ride along with another such key. */
		.account = digit[ZERO] ^ digit[NODE],
	};
	*env = (struct alloc_env) {
		.kmax = KMAX,
		.ram = RAM,
		.cma = digit[CMA] ? 128ULL << 20 : 0,
		.iommu = digit[IOMMU],
	};
}

u64 domain_each(domain_visit visit, void *data)
{
	unsigned int digit[NR_DIGITS] = { 0 };
	struct alloc_request req;
	struct alloc_env env;
	u64 count = 0;
	int i;

	do {
		make(digit, &req, &env);
		visit(&req, &env, data);
		count++;
		for (i = 0; i < NR_DIGITS && ++digit[i] == base[i]; i++)
			digit[i] = 0;
	} while (i < NR_DIGITS);
	return count;
}
