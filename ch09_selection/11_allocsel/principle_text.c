// SPDX-License-Identifier: GPL-2.0
/* What somebody is told who broke a principle. */
#include "principles.h"

const char *const principle_text[NR_PRINCIPLES] = {
	[PRINCIPLE_KEPT] =
		"every principle is kept",
	[PRINCIPLE_DECIDE] =
		"no rule decides: somebody who asks must get an allocator or an errno",
	[PRINCIPLE_AVAILABLE] =
		"this allocator is not there then: memblock serves built-in code in early boot, all others come later",
	[PRINCIPLE_NMI] =
		"you allocate in an NMI: the code it interrupted may hold the allocator's lock",
	[PRINCIPLE_IMPOSSIBLE] =
		"you allocate what cannot be: zero bytes, a product that wrapped, or more than the RAM",
	[PRINCIPLE_SLEEP] =
		"you sleep in atomic context: the allocator or its mask may wait, the caller may not",
	[PRINCIPLE_PERCPU] =
		"per-CPU memory is for requests that want a copy for every CPU, and for nothing else",
	[PRINCIPLE_COHERENT] =
		"coherent DMA memory comes from dma_alloc_coherent() or dma_pool_alloc(), and only for that use",
	[PRINCIPLE_PHYS] =
		"the memory must be physically contiguous, and this allocator does not promise it",
	[PRINCIPLE_ARRAY] =
		"an object cache gives single objects of one size: it is no place for an array or a one-off buffer",
	[PRINCIPLE_LIMIT] =
		"this is more than the allocator can ever give",
	[PRINCIPLE_MAP] =
		"a process shall map it: the memory must be made for that, and only then",
	[PRINCIPLE_NOFAIL] =
		"nobody can promise this without failing: it takes a caller who may sleep and at most two pages in a row",
	[PRINCIPLE_RESERVE] =
		"guaranteed progress needs elements held back in a memory pool, and only then are they worth it",
	[PRINCIPLE_DEVICE_MEM] =
		"devm memory lives as long as a device and is not aligned for DMA",
	[PRINCIPLE_PAIR] =
		"it is freed with a function that does not belong to its allocator",
	[PRINCIPLE_MODE] =
		"the flags need exactly one of GFP_KERNEL, GFP_USER, GFP_ATOMIC, GFP_NOWAIT (memblock takes none)",
	[PRINCIPLE_TIMID] =
		"the caller may sleep, yet you do not let the allocator reclaim: it fails early or eats the reserves",
	[PRINCIPLE_EFFORT] =
		"the effort does not fit the need: best effort tries lightly and keeps quiet, all others try hard",
	[PRINCIPLE_FOREVER] =
		"__GFP_NOFAIL stands exactly where the caller cannot handle NULL",
	[PRINCIPLE_ZERO] =
		"the memory must be cleared when it is asked for or mapped, and only then; a mempool never by __GFP_ZERO",
	[PRINCIPLE_ACCOUNT] =
		"__GFP_ACCOUNT stands exactly where the request is charged to a memory cgroup",
	[PRINCIPLE_USER_MASK] =
		"GFP_USER binds the memory to the cpuset of a process: it is for memory that a process maps",
	[PRINCIPLE_SCOPE] =
		"a nofs or noio caller allocates inside the scope of that name, and nobody else does",
	[PRINCIPLE_GIVE_UP] =
		"you refuse a request that an allocator can serve",
	[PRINCIPLE_ADVICE] =
		"a refusal needs a reason and a way out for the caller",
	[PRINCIPLE_ERRNO] =
		"the errno of the refusal does not tell what would have to change",
	[PRINCIPLE_CACHE] =
		"many objects of one size belong into a cache or pool of their own",
	[PRINCIPLE_LIFETIME] =
		"small memory that lives as long as a device is managed by that device",
	[PRINCIPLE_NODE] =
		"a node is preferred, and an allocator that takes a node could serve",
	[PRINCIPLE_SMALL] =
		"plain memory of at most 8 KiB comes from kmalloc()",
	[PRINCIPLE_VIRT] =
		"you ask for physically contiguous memory that nobody needs: it fragments memory and fails first",
	[PRINCIPLE_EASY] =
		"kvmalloc() tries the linear map first: vmalloc() alone is for more than it accepts",
	[PRINCIPLE_SCARCE] =
		"the contiguous memory area is scarce: the page allocator can serve this",
	[PRINCIPLE_WASTE] =
		"you waste memory: another allocator would round up by less than a page",
};
