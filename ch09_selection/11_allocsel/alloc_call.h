/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From the decision to the call, for a driver that takes alloc_select.h with
 * it. Describe the memory once; the allocator, its mask, its scope and the
 * function that frees follow from the rules:
 *
 *	static const struct alloc_request ring = {
 *		ALLOC_BYTES(64 << 10), .contig = ALLOC_PHYS, .zero = true,
 *	};
 *
 *	ALLOC_MUST_SERVE(&ring);
 *	data = alloc_call(&ring, NULL);
 *	if (!data)
 *		return -ENOMEM;
 *	...
 *	alloc_call_free(&ring, NULL, data);
 *
 * A constant request is decided by the compiler: what is left in the object
 * file is alloc_pages_exact(), as if written by hand. tests/allocsel compares
 * the instructions on every kernel.
 */
#ifndef ALLOC_CALL_H
#define ALLOC_CALL_H

#include <linux/build_bug.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/gfp.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "alloc_select.h"

/*
 * How much, as the beginning of an initialiser: so many bytes, so many near to
 * a node, an array.
 */
#define ALLOC_BYTES(bytes) .size = (bytes), .nmemb = 1, .node = ALLOC_NODE_ANY
#define ALLOC_BYTES_ON(nid, bytes) .size = (bytes), .nmemb = 1, .node = (nid)
#define ALLOC_ARRAY(n, bytes) \
	.size = (bytes), .nmemb = (n), .node = ALLOC_NODE_ANY

/**
 * struct alloc_with - what some allocators need beside the amount and the mask
 * @dev: the device, for DMA memory and for memory that lives as long as it
 * @cache: from kmem_cache_create(), for objects of the request's size
 * @pool: from mempool_create(), for elements of the request's size
 * @blocks: from dma_pool_create(), for blocks of the request's size
 * @dma: where the device finds the memory; written by alloc_call(), read by
 *       alloc_call_free()
 *
 * Only what the decided allocator takes is looked at. A request for plain
 * memory needs none of it: pass NULL.
 */
struct alloc_with {
	struct device *dev;
	struct kmem_cache *cache;
	mempool_t *pool;
	struct dma_pool *blocks;
	dma_addr_t dma;
};

/*
 * The machine, as far as a driver knows it when it is compiled. The RAM is not
 * known: an allocator that finds too little of it says so itself. No area for
 * contiguous memory and no IOMMU is counted on.
 */
static const struct alloc_env alloc_env_any = {
	.kmax = KMALLOC_MAX_SIZE, .ram = ~0ULL,
};

/**
 * alloc_gfp_mask() - ALLOC_GFP_ bits as a mask of the kernel
 * @gfp: the bits of a decision
 */
static __always_inline gfp_t alloc_gfp_mask(u32 gfp)
{
	const gfp_t none = 0;

	return (gfp & ALLOC_GFP_KERNEL ? GFP_KERNEL : none) |
	       (gfp & ALLOC_GFP_USER ? GFP_USER : none) |
	       (gfp & ALLOC_GFP_ATOMIC ? GFP_ATOMIC : none) |
	       (gfp & ALLOC_GFP_NOWAIT ? GFP_NOWAIT : none) |
	       (gfp & ALLOC_GFP_NORETRY ? __GFP_NORETRY : none) |
	       (gfp & ALLOC_GFP_NOWARN ? __GFP_NOWARN : none) |
	       (gfp & ALLOC_GFP_NOFAIL ? __GFP_NOFAIL : none) |
	       (gfp & ALLOC_GFP_ZERO ? __GFP_ZERO : none) |
	       (gfp & ALLOC_GFP_ACCOUNT ? __GFP_ACCOUNT : none);
}

static __always_inline void *alloc_call_vmalloc(size_t size, gfp_t gfp,
						int node)
{
	if (node == NUMA_NO_NODE)
		return __vmalloc(size, gfp);
	return gfp & __GFP_ZERO ? vzalloc_node(size, node) :
				  vmalloc_node(size, node);
}

static __always_inline void *alloc_call_pages(size_t size, gfp_t gfp,
					      struct alloc_with *with)
{
	struct page *page = dma_alloc_pages(with->dev, size, &with->dma,
					    DMA_BIDIRECTIONAL, gfp);

	if (!page)
		return NULL;
	/* A mapping, to CONFIG_DMA_API_DEBUG: its error wants to be asked for. */
	if (dma_mapping_error(with->dev, with->dma)) {
		dma_free_pages(with->dev, size, page, with->dma,
			       DMA_BIDIRECTIONAL);
		return NULL;
	}
	return page_address(page);
}

static __always_inline void *alloc_call_api(const struct alloc_request *req,
					    u8 api, gfp_t gfp,
					    struct alloc_with *with)
{
	size_t size = req->size * req->nmemb;
	int node = req->node;

	switch (api) {
	case ALLOC_API_KMALLOC:
		return node == NUMA_NO_NODE ? kmalloc(size, gfp) :
					      kmalloc_node(size, gfp, node);
	case ALLOC_API_KVMALLOC:
		return node == NUMA_NO_NODE ? kvmalloc(size, gfp) :
					      kvmalloc_node(size, gfp, node);
	case ALLOC_API_VMALLOC:
		return alloc_call_vmalloc(size, gfp, node);
	case ALLOC_API_VMALLOC_USER:
		return vmalloc_user(size);
	case ALLOC_API_PAGES_EXACT:
		return alloc_pages_exact(size, gfp);
	case ALLOC_API_KMEM_CACHE:
		return node == NUMA_NO_NODE ?
		       kmem_cache_alloc(with->cache, gfp) :
		       kmem_cache_alloc_node(with->cache, gfp, node);
	case ALLOC_API_MEMPOOL:
		return mempool_alloc(with->pool, gfp);
	case ALLOC_API_PERCPU:
		return (__force void *)__alloc_percpu_gfp(size,
							  __alignof__(u64), gfp);
	case ALLOC_API_DMA_COHERENT:
		return dma_alloc_coherent(with->dev, size, &with->dma, gfp);
	case ALLOC_API_DMA_POOL:
		return dma_pool_alloc(with->blocks, gfp, &with->dma);
	case ALLOC_API_DMA_PAGES:
		return alloc_call_pages(size, gfp, with);
	case ALLOC_API_DEVM:
		return devm_kmalloc(with->dev, size, gfp);
	default:
		return NULL;
	}
}

/**
 * alloc_call_decided() - make the call that was decided
 * @req: the request
 * @decision: alloc_select()'s answer to it
 * @with: what the allocator needs beside, or NULL
 *
 * The scope of a file system's or block driver's request is entered and left
 * here. Early boot is not for modules and gets NULL, as a refusal does.
 * For per-CPU memory the result is a void __percpu * in disguise.
 *
 * Context: the one that the request names.
 * Return: the memory, or NULL.
 */
static __always_inline void *
alloc_call_decided(const struct alloc_request *req,
		   const struct alloc_decision *decision,
		   struct alloc_with *with)
{
	gfp_t gfp = alloc_gfp_mask(decision->gfp);
	unsigned int scope;
	void *addr;

	if (decision->scope == ALLOC_NOFS) {
		scope = memalloc_nofs_save();
		addr = alloc_call_api(req, decision->api, gfp, with);
		memalloc_nofs_restore(scope);
	} else if (decision->scope == ALLOC_NOIO) {
		scope = memalloc_noio_save();
		addr = alloc_call_api(req, decision->api, gfp, with);
		memalloc_noio_restore(scope);
	} else {
		addr = alloc_call_api(req, decision->api, gfp, with);
	}
	if (decision->clear && addr)
		memset(addr, 0, req->size * req->nmemb);
	return addr;
}

/**
 * alloc_call_free_decided() - give back what alloc_call_decided() gave
 * @req: the same request
 * @decision: the same decision
 * @with: as for the allocation
 * @addr: the memory, or NULL, which is left alone
 *
 * Memory that lives as long as a device is left to the device.
 *
 * Context: any but NMI for slab memory and pages; vfree() and kvfree() want no
 * spinlock held, dma_free_coherent() wants interrupts on.
 */
static __always_inline void
alloc_call_free_decided(const struct alloc_request *req,
			const struct alloc_decision *decision,
			struct alloc_with *with, void *addr)
{
	size_t size = req->size * req->nmemb;

	switch (decision->api) {
	case ALLOC_API_KMALLOC:
		kfree(addr);
		break;
	case ALLOC_API_KVMALLOC:
		kvfree(addr);
		break;
	case ALLOC_API_VMALLOC:
	case ALLOC_API_VMALLOC_USER:
		vfree(addr);
		break;
	case ALLOC_API_PAGES_EXACT:
		if (addr)
			free_pages_exact(addr, size);
		break;
	case ALLOC_API_KMEM_CACHE:
		if (addr)
			kmem_cache_free(with->cache, addr);
		break;
	case ALLOC_API_MEMPOOL:
		mempool_free(addr, with->pool);
		break;
	case ALLOC_API_PERCPU:
		free_percpu((__force void __percpu *)addr);
		break;
	case ALLOC_API_DMA_COHERENT:
		dma_free_coherent(with->dev, size, addr, with->dma);
		break;
	case ALLOC_API_DMA_POOL:
		if (addr)
			dma_pool_free(with->blocks, addr, with->dma);
		break;
	case ALLOC_API_DMA_PAGES:
		if (addr)
			dma_free_pages(with->dev, size, virt_to_page(addr),
				       with->dma, DMA_BIDIRECTIONAL);
		break;
	}
}

/**
 * alloc_call() - decide and allocate
 * @req: what is needed; constant, or not
 * @with: what the allocator needs beside, or NULL; see struct alloc_with
 *
 * Context: the one that the request names.
 * Return: the memory, or NULL: there was none, or the rules refuse the request.
 */
static __always_inline void *alloc_call(const struct alloc_request *req,
					struct alloc_with *with)
{
	struct alloc_decision decision = alloc_select(req, &alloc_env_any);

	return alloc_call_decided(req, &decision, with);
}

/**
 * alloc_call_free() - give back what alloc_call() gave
 * @req: the same request; the rules give it the same answer again
 * @with: as for the allocation
 * @addr: the memory, or NULL
 */
static __always_inline void alloc_call_free(const struct alloc_request *req,
					    struct alloc_with *with, void *addr)
{
	struct alloc_decision decision = alloc_select(req, &alloc_env_any);

	alloc_call_free_decided(req, &decision, with, addr);
}

/**
 * ALLOC_MUST_SERVE() - stop the compiler when the rules refuse a request
 * @req: pointer to a constant request
 */
#define ALLOC_MUST_SERVE(req)						\
	BUILD_BUG_ON_MSG(alloc_select(req, &alloc_env_any).err,		\
			 "the allocation rules refuse this request")

#endif /* ALLOC_CALL_H */
