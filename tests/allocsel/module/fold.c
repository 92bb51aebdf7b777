// SPDX-License-Identifier: GPL-2.0
/*
 * What the selector costs when the request is constant: nothing. For each
 * request there are two functions, by_rule_NAME() with alloc_call() and
 * by_hand_NAME() with the call that one would write. test_fold compares their
 * instructions. This file is compiled, and never loaded.
 */
#include <linux/module.h>

#include "alloc_select.h"
#include "alloc_call.h"

/* In the object file, although nothing calls it. */
#define KEPT noinline __used

/* A request, and what one would write for it: to allocate, and to free addr. */
#define COMPARE(name, call, give_back, ...)				\
static const struct alloc_request request_##name = { __VA_ARGS__ };	\
static KEPT void *by_rule_##name(struct alloc_with *with)		\
{									\
	ALLOC_MUST_SERVE(&request_##name);				\
	return alloc_call(&request_##name, with);			\
}									\
static KEPT void *by_hand_##name(struct alloc_with *with)		\
{									\
	return call;							\
}									\
static KEPT void by_rule_free_##name(struct alloc_with *with, void *addr) \
{									\
	alloc_call_free(&request_##name, with, addr);			\
}									\
static KEPT void by_hand_free_##name(struct alloc_with *with, void *addr) \
{									\
	give_back;							\
}

/* Some functions do not take NULL. */
#define IF_GIVEN(give_back) do { if (addr) give_back; } while (0)
#define FREE_EXACT(size) IF_GIVEN(free_pages_exact(addr, size))
#define FREE_OBJECT IF_GIVEN(kmem_cache_free(with->cache, addr))
#define FREE_BLOCK IF_GIVEN(dma_pool_free(with->blocks, addr, with->dma))

/* Plain memory, by amount. */
COMPARE(kmalloc, kmalloc(100, GFP_KERNEL), kfree(addr), ALLOC_BYTES(100))
COMPARE(largest_slab, kmalloc(8192, GFP_KERNEL), kfree(addr), ALLOC_BYTES(8192))
COMPARE(array, kmalloc(24 * 60, GFP_KERNEL), kfree(addr), ALLOC_ARRAY(60, 24))
COMPARE(kvmalloc, kvmalloc(8193, GFP_KERNEL), kvfree(addr), ALLOC_BYTES(8193))
COMPARE(kvmalloc_large, kvmalloc(64 << 20, GFP_KERNEL), kvfree(addr),
	ALLOC_BYTES(64 << 20))
COMPARE(vmalloc, __vmalloc(3UL << 30, GFP_KERNEL), vfree(addr),
	ALLOC_BYTES(3UL << 30))
COMPARE(vmalloc_node, vmalloc_node(3UL << 30, 1), vfree(addr),
	ALLOC_BYTES_ON(1, 3UL << 30))
COMPARE(vzalloc_node, vzalloc_node(3UL << 30, 1), vfree(addr),
	ALLOC_BYTES_ON(1, 3UL << 30), .zero = true)
COMPARE(exact, alloc_pages_exact(3 << 20, GFP_KERNEL), FREE_EXACT(3 << 20),
	ALLOC_BYTES(3 << 20), .contig = ALLOC_PHYS)

/* Masks. */
COMPARE(zero, kzalloc(100, GFP_KERNEL), kfree(addr), ALLOC_BYTES(100), .zero = true)
COMPARE(atomic, kmalloc(100, GFP_ATOMIC), kfree(addr),
	ALLOC_BYTES(100), .ctx = ALLOC_ATOMIC)
COMPARE(atomic_large, alloc_pages_exact(1 << 20, GFP_ATOMIC | __GFP_ZERO),
	FREE_EXACT(1 << 20),
	ALLOC_BYTES(1 << 20), .ctx = ALLOC_ATOMIC, .zero = true)
COMPARE(fallback, kmalloc(100, GFP_NOWAIT | __GFP_NOWARN), kfree(addr),
	ALLOC_BYTES(100), .ctx = ALLOC_ATOMIC, .need = ALLOC_BEST_EFFORT)
COMPARE(best_effort, kmalloc(100, GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN),
	kfree(addr), ALLOC_BYTES(100), .need = ALLOC_BEST_EFFORT)
COMPARE(nofail, kmalloc(100, GFP_KERNEL | __GFP_NOFAIL), kfree(addr),
	ALLOC_BYTES(100), .need = ALLOC_NOFAIL)
COMPARE(account, kmalloc(100, GFP_KERNEL | __GFP_ACCOUNT), kfree(addr),
	ALLOC_BYTES(100), .account = true)

/* Nodes. */
COMPARE(node, kmalloc_node(100, GFP_KERNEL, 0), kfree(addr),
	ALLOC_BYTES_ON(0, 100))
COMPARE(node_large, kmalloc_node(1 << 20, GFP_KERNEL, 0), kfree(addr),
	ALLOC_BYTES_ON(0, 1 << 20), .contig = ALLOC_PHYS)
COMPARE(node_virtual, kvmalloc_node(1 << 20, GFP_KERNEL, 0), kvfree(addr),
	ALLOC_BYTES_ON(0, 1 << 20))

/* Scopes. */
#define IN_SCOPE(scope, call) ({					\
	unsigned int flags = memalloc_##scope##_save();			\
	void *addr = call;						\
									\
	memalloc_##scope##_restore(flags);				\
	addr;								\
})

COMPARE(nofs, IN_SCOPE(nofs, kmalloc(100, GFP_KERNEL)), kfree(addr),
	ALLOC_BYTES(100), .ctx = ALLOC_NOFS)
COMPARE(noio, IN_SCOPE(noio, kvmalloc(1 << 20, GFP_KERNEL)), kvfree(addr),
	ALLOC_BYTES(1 << 20), .ctx = ALLOC_NOIO)

/* Special memory. */
COMPARE(user, vmalloc_user(1 << 20), vfree(addr),
	ALLOC_BYTES(1 << 20), .user_map = true)
COMPARE(user_pages, alloc_pages_exact(1 << 20, GFP_USER | __GFP_ZERO),
	FREE_EXACT(1 << 20),
	ALLOC_BYTES(1 << 20), .user_map = true, .contig = ALLOC_PHYS)
COMPARE(percpu,
	(__force void *)__alloc_percpu_gfp(64, __alignof__(u64), GFP_KERNEL),
	free_percpu((__force void __percpu *)addr),
	ALLOC_BYTES(64), .percpu = true)
COMPARE(cache, kmem_cache_alloc(with->cache, GFP_KERNEL), FREE_OBJECT,
	ALLOC_BYTES(700), .many = true)
COMPARE(cache_node, kmem_cache_alloc_node(with->cache, GFP_KERNEL, 0), FREE_OBJECT,
	ALLOC_BYTES_ON(0, 700), .many = true)
COMPARE(pool, mempool_alloc(with->pool, GFP_KERNEL), mempool_free(addr, with->pool),
	ALLOC_BYTES(300), .need = ALLOC_MUST_PROGRESS)

static void *pool_zeroed(mempool_t *pool)
{
	void *addr = mempool_alloc(pool, GFP_ATOMIC);

	if (addr)
		memset(addr, 0, 300);
	return addr;
}

COMPARE(pool_zero, pool_zeroed(with->pool), mempool_free(addr, with->pool),
	ALLOC_BYTES(300), .need = ALLOC_MUST_PROGRESS, .ctx = ALLOC_ATOMIC,
	.zero = true)
COMPARE(coherent, dma_alloc_coherent(with->dev, 64 << 10, &with->dma, GFP_KERNEL),
	dma_free_coherent(with->dev, 64 << 10, addr, with->dma),
	ALLOC_BYTES(64 << 10), .dma = ALLOC_DMA_COHERENT)
COMPARE(blocks, dma_pool_zalloc(with->blocks, GFP_KERNEL, &with->dma), FREE_BLOCK,
	ALLOC_BYTES(64), .dma = ALLOC_DMA_COHERENT, .many = true, .zero = true)
COMPARE(streaming, alloc_pages_exact(64 << 10, GFP_KERNEL), FREE_EXACT(64 << 10),
	ALLOC_BYTES(64 << 10), .dma = ALLOC_DMA_STREAMING)
COMPARE(device, devm_kmalloc(with->dev, 1000, GFP_KERNEL), (void)addr,
	ALLOC_BYTES(1000), .life = ALLOC_DEVICE)

/* Here the hand is wrong: the comparison must notice. */
COMPARE(planted_mask, kmalloc(100, GFP_ATOMIC), vfree(addr), ALLOC_BYTES(100))
COMPARE(planted_size, kmalloc(101, GFP_KERNEL), IF_GIVEN(kfree(addr)),
	ALLOC_BYTES(100))

#ifdef REFUSED
/* This must stop the compiler: 5 MiB in one piece from atomic context. */
COMPARE(refused, NULL, (void)addr,
	ALLOC_BYTES(5 << 20), .contig = ALLOC_PHYS, .ctx = ALLOC_ATOMIC)
#endif

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The selector's calls beside calls by hand, to compare");
