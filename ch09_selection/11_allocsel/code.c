// SPDX-License-Identifier: GPL-2.0
/* For each allocator: how it is called, freed, set up and mapped. */
#include <stdio.h>

#include "alloc_api.h"
#include "code.h"

#define MASK_LEN 160

/* What every piece is made from. */
struct call {
	const struct alloc_request *req;
	bool zero;
	bool array;
	bool node;
	char mask[MASK_LEN];	/* with __GFP_ZERO */
	char plain[MASK_LEN];	/* without it */
	char n[32];
	char size[32];
	char node_text[16];
};

#define put(to, ...) snprintf(to, CODE_LEN, __VA_ARGS__)

static void put_mask(char *to, u32 gfp)
{
	size_t at = 0;
	int i;

	snprintf(to, MASK_LEN, "GFP_KERNEL");
	for (i = 0; i < ALLOC_NR_GFP; i++)
		if (gfp & (1U << i))
			at += snprintf(to + at, MASK_LEN - at, "%s%s",
				       at ? " | " : "",
				       alloc_gfp_flags[i].name);
}

/* kmalloc, kzalloc, kmalloc_array, kcalloc, with _node where asked. */
static void put_kmalloc(struct code *code, const struct call *c,
			const char *prefix)
{
	char node[24] = "";

	if (c->node)
		snprintf(node, sizeof(node), ", %s", c->node_text);
	if (c->array)
		put(code->alloc, "%s%s%s(%s, %s, %s%s)", prefix,
		    c->zero ? "calloc" : "malloc_array", c->node ? "_node" : "",
		    c->n, c->size, c->plain, node);
	else
		put(code->alloc, "%s%s%s(%s, %s%s)", prefix,
		    c->zero ? "zalloc" : "malloc", c->node ? "_node" : "",
		    c->size, c->plain, node);
}

static void make_kvmalloc(struct code *code, const struct call *c)
{
	put(code->free, "kvfree(b->data)");
	if (c->array && c->node)	/* 6.1 has no array form with a node */
		put(code->alloc, "kv%s_node(%s, %s, %s)",
		    c->zero ? "zalloc" : "malloc", code->total, c->plain,
		    c->node_text);
	else
		put_kmalloc(code, c, "kv");
}

static void make_vmalloc(struct code *code, const struct call *c)
{
	put(code->headers, "#include <linux/vmalloc.h>\n");
	put(code->free, "vfree(b->data)");
	if (c->node)
		put(code->alloc, "v%s_node(%s, %s)",
		    c->zero ? "zalloc" : "malloc", code->total, c->node_text);
	else if (!strcmp(c->plain, "GFP_KERNEL"))
		put(code->alloc, "v%s(%s)", c->zero ? "zalloc" : "malloc",
		    code->total);
	else
		put(code->alloc, "__vmalloc(%s, %s)", code->total, c->mask);
}

static void make_vmalloc_user(struct code *code)
{
	put(code->headers, "#include <linux/vmalloc.h>\n");
	put(code->alloc, "vmalloc_user(%s)", code->total);
	put(code->free, "vfree(b->data)");
	put(code->map, "return remap_vmalloc_range(vma, b->data, vma->vm_pgoff)");
}

static void make_pages_exact(struct code *code, const struct call *c)
{
	put(code->headers, "#include <linux/gfp.h>\n");
	put(code->alloc, "alloc_pages_exact(%s, %s)", code->total, c->mask);
	put(code->free, "free_pages_exact(b->data, %s)", code->total);
	put(code->map,
	    "unsigned long i, pages = DIV_ROUND_UP(%s, PAGE_SIZE);\n"
	    "\tint err = 0;\n"
	    "\n"
	    "\tif (vma->vm_pgoff || vma_pages(vma) > pages)\n"
	    "\t\treturn -EINVAL;\n"
	    "\tfor (i = 0; i < vma_pages(vma) && !err; i++)\n"
	    "\t\terr = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE,\n"
	    "\t\t\t\t     virt_to_page(b->data + i * PAGE_SIZE));\n"
	    "\treturn err", code->total);
}

static void make_percpu(struct code *code, const struct call *c)
{
	put(code->headers, "#include <linux/percpu.h>\n");
	code->type = "void __percpu *";
	put(code->alloc, "__alloc_percpu_gfp(%s, __alignof__(u64), %s)",
	    code->total, c->mask);
	put(code->free, "free_percpu(b->data)");
}

static void make_mempool(struct code *code, const struct call *c, u64 total)
{
	put(code->headers, "#include <linux/mempool.h>\n");
	code->pool = "mempool_t *pool";
	if (total <= ALLOC_SLAB_MAX) {
		put(code->setup, "mempool_create_kmalloc_pool(4, %s)",
		    code->total);
	} else {	/* the elements are struct page */
		put(code->setup, "mempool_create_page_pool(4, get_order(%s))",
		    code->total);
		code->type = "struct page *";
		code->data = "page_address(b->data)";
	}
	put(code->teardown, "mempool_destroy(pool)");
	put(code->alloc, "mempool_alloc(pool, %s)", c->mask);
	put(code->free, "mempool_free(b->data, pool)");
}

static void make_cache(struct code *code, const struct call *c)
{
	code->pool = "struct kmem_cache *cache";
	put(code->setup, "kmem_cache_create(\"buffer\", %s, 0, 0, NULL)",
	    c->size);
	put(code->teardown, "kmem_cache_destroy(cache)");
	if (c->node)
		put(code->alloc, "kmem_cache_alloc_node(cache, %s, %s)",
		    c->mask, c->node_text);
	else
		put(code->alloc, "kmem_cache_alloc(cache, %s)", c->mask);
	put(code->free, "kmem_cache_free(cache, b->data)");
}

static void dma_common(struct code *code, const char *header)
{
	code->needs_dev = true;
	put(code->headers, "%s", header);
	put(code->members, "\tstruct device *dev;\n\tdma_addr_t dma;\n");
}

static void make_coherent(struct code *code, const struct call *c)
{
	dma_common(code, "#include <linux/dma-mapping.h>\n");
	put(code->alloc, "dma_alloc_coherent(dev, %s, &b->dma, %s)",
	    code->total, c->mask);
	put(code->free, "dma_free_coherent(b->dev, %s, b->data, b->dma)",
	    code->total);
	put(code->map, "return dma_mmap_coherent(b->dev, vma, b->data, b->dma, %s)",
	    code->total);
}

static void make_dma_pages(struct code *code, const struct call *c)
{
	dma_common(code, "#include <linux/dma-mapping.h>\n");
	code->type = "struct page *";
	put(code->alloc,
	    "dma_alloc_pages(dev, %s, &b->dma, DMA_BIDIRECTIONAL, %s)",
	    code->total, c->mask);
	put(code->free,
	    "dma_free_pages(b->dev, %s, b->data, b->dma, DMA_BIDIRECTIONAL)",
	    code->total);
	/* CONFIG_DMA_API_DEBUG takes the pages for a mapping. */
	code->unmapped = "dma_mapping_error(dev, b->dma)";
	put(code->map, "return dma_mmap_pages(b->dev, vma, %s, b->data)",
	    code->total);
}

static void make_dma_pool(struct code *code, const struct call *c)
{
	dma_common(code, "#include <linux/dmapool.h>\n");
	code->pool = "struct dma_pool *pool";
	put(code->setup, "dma_pool_create(\"buffer\", dev, %s, 8, 0)",
	    c->size);
	put(code->teardown, "dma_pool_destroy(pool)");
	put(code->alloc, "dma_pool_%s(pool, %s, &b->dma)",
	    c->zero ? "zalloc" : "alloc", c->plain);
	put(code->free, "dma_pool_free(pool, b->data, b->dma)");
}

static void make_devm(struct code *code, const struct call *c)
{
	code->needs_dev = true;
	put(code->headers, "#include <linux/device.h>\n");
	if (c->array)
		put(code->alloc, "devm_%s(dev, %s, %s, %s)",
		    c->zero ? "kcalloc" : "kmalloc_array", c->n, c->size,
		    c->plain);
	else
		put(code->alloc, "devm_%s(dev, %s, %s)",
		    c->zero ? "kzalloc" : "kmalloc", c->size, c->plain);
}

static void make_memblock(struct code *code)
{
	put(code->headers, "#include <linux/memblock.h>\n");
	put(code->alloc, "memblock_alloc(%s, SMP_CACHE_BYTES)", code->total);
	put(code->free, "memblock_free(b->data, %s)", code->total);
}

void code_make(struct code *code, const struct alloc_request *req,
	       const struct alloc_decision *decision)
{
	struct call c = {
		.req = req,
		.zero = decision->gfp & ALLOC_GFP_ZERO,
		.array = req->nmemb != 1,
		.node = req->node != ALLOC_NODE_ANY,
	};

	memset(code, 0, sizeof(*code));
	code->type = "void *";
	put_mask(c.mask, decision->gfp);
	put_mask(c.plain, decision->gfp & ~ALLOC_GFP_ZERO);
	snprintf(c.n, sizeof(c.n), "%llu", req->nmemb);
	snprintf(c.size, sizeof(c.size), "%llu%s", req->size,
		 req->size > ALLOC_INT_MAX ? "UL" : "");
	snprintf(c.node_text, sizeof(c.node_text), "%d", req->node);
	if (c.array)
		snprintf(code->total, sizeof(code->total), "array_size(%s, %s)",
			 c.n, c.size);
	else
		snprintf(code->total, sizeof(code->total), "%s", c.size);
	switch (decision->api) {
	case ALLOC_API_MEMBLOCK:
		return make_memblock(code);
	case ALLOC_API_PERCPU:
		return make_percpu(code, &c);
	case ALLOC_API_MEMPOOL:
		return make_mempool(code, &c, req->size * req->nmemb);
	case ALLOC_API_DMA_POOL:
		return make_dma_pool(code, &c);
	case ALLOC_API_DMA_COHERENT:
		return make_coherent(code, &c);
	case ALLOC_API_DMA_PAGES:
		return make_dma_pages(code, &c);
	case ALLOC_API_VMALLOC_USER:
		return make_vmalloc_user(code);
	case ALLOC_API_PAGES_EXACT:
		return make_pages_exact(code, &c);
	case ALLOC_API_KMEM_CACHE:
		return make_cache(code, &c);
	case ALLOC_API_DEVM:
		return make_devm(code, &c);
	case ALLOC_API_KVMALLOC:
		return make_kvmalloc(code, &c);
	case ALLOC_API_VMALLOC:
		return make_vmalloc(code, &c);
	default:
		put(code->free, "kfree(b->data)");
		return put_kmalloc(code, &c, "k");
	}
}
