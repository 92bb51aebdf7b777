// SPDX-License-Identifier: GPL-2.0
#include "check.h"
#include "check_draw.h"

static bool one_in(u64 n)
{
	return !check_random_range(0, n - 1);
}

/* Mostly next to a limit, where decisions change; else of any magnitude. */
static u64 draw_size(u64 most)
{
	static const u64 limits[] = {
		0, 8, 96, 4096, 8192, 32768, 4ULL << 20, 2ULL << 30, 16ULL << 30,
	};
	u64 size;

	if (one_in(3))
		size = check_random() >> check_random_range(0, 63);
	else
		size = limits[check_random_range(0, ARRAY_SIZE(limits) - 1)] +
		       check_random_range(0, 2) - 1;
	return size <= most ? size : check_random_range(1, most);
}

static void draw_kind(struct alloc_request *req)
{
	if (one_in(3))
		req->contig = ALLOC_PHYS;
	if (one_in(4))
		req->dma = check_random_range(0, ALLOC_DMA_COHERENT);
	if (one_in(3))
		req->need = check_random_range(0, ALLOC_NOFAIL);
	req->life = one_in(4) ? ALLOC_DEVICE : ALLOC_MANUAL;
	req->node = one_in(4) ? 0 : ALLOC_NODE_ANY;
	req->many = one_in(3);
	req->percpu = one_in(6);
	req->zero = one_in(2);
	req->user_map = one_in(5);
	req->account = one_in(4);
}

void draw_request(struct alloc_request *req)
{
	*req = (struct alloc_request) {
		.size = draw_size(~0ULL),
		.nmemb = one_in(4) ? check_random() >>
				     check_random_range(0, 63) : 1,
	};
	if (one_in(10))
		req->when = ALLOC_EARLY_BOOT;
	if (one_in(5))
		req->who = ALLOC_BUILTIN;
	if (one_in(2))
		req->ctx = check_random_range(0, ALLOC_NMI);
	draw_kind(req);
}

void draw_env(struct alloc_env *env)
{
	*env = (struct alloc_env) {
		.kernel = check_random_range(0, ALLOC_NR_KERNELS - 1),
		.kmax = 4ULL << 20,
		.ram = check_random_range(1, 64) << 30,
		.cma = one_in(2) ? check_random_range(1, 512) << 20 : 0,
		.iommu = one_in(3),
	};
}

/* What is rarely asked for, one at a time. */
static void draw_special(struct alloc_request *req)
{
	switch (check_random_range(0, 12)) {
	case 0:
		/* Atomic per-CPU memory comes only from what is populated. */
		req->percpu = true;
		req->ctx = ALLOC_SLEEP;
		req->contig = ALLOC_VIRT;
		req->size = check_random_range(1, 4096);
		break;
	case 1:
		req->need = ALLOC_NOFAIL;
		break;
	case 2:
		req->need = ALLOC_MUST_PROGRESS;
		break;
	case 3:
	case 4:
		req->dma = ALLOC_DMA_COHERENT;
		break;
	case 5:
		req->dma = ALLOC_DMA_STREAMING;
		break;
	case 6:
		req->user_map = true;
		break;
	case 7:
		req->life = ALLOC_DEVICE;
		break;
	default:
		break;
	}
}

void draw_live(struct alloc_request *req)
{
	*req = (struct alloc_request) {
		.size = draw_size(one_in(3) ? 6ULL << 20 : 16384),
		.nmemb = one_in(8) ? check_random_range(1, 16) : 1,
		.node = one_in(4) ? 0 : ALLOC_NODE_ANY,
		.ctx = one_in(2) ? check_random_range(0, ALLOC_ATOMIC) : 0,
		.contig = one_in(3) ? ALLOC_PHYS : ALLOC_VIRT,
		.need = one_in(4) ? ALLOC_BEST_EFFORT : ALLOC_ORDINARY,
		.many = one_in(4),
		.zero = one_in(2),
		.account = one_in(4),
	};
	draw_special(req);
}
