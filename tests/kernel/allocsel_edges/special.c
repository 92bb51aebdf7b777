// SPDX-License-Identifier: GPL-2.0
/*
 * Per-CPU memory, object caches, coherent memory, and freeing where one may
 * not sleep
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/interrupt.h>
#include <linux/percpu.h>
#include <linux/platform_device.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "workbook.h"
#include "edges.h"

#define QUIET (GFP_KERNEL | __GFP_NOWARN)

static void try_percpu(const char *name, size_t size, size_t align)
{
	void __percpu *copies = __alloc_percpu_gfp(size, align, QUIET);

	if (copies)
		answer("%s: ok, a multiple of 4: %d\n", name,
		       IS_ALIGNED((unsigned long)per_cpu_ptr(copies, 0), 4));
	else
		answer("%s: NULL\n", name);
	free_percpu(copies);
}

void edge_percpu(void)
{
	try_percpu("0", 0, 8);
	try_percpu("32768", 32768, 8);
	try_percpu("32769", 32769, 8);
	try_percpu("align 4096", 64, 4096);
	try_percpu("align 8192", 64, 8192);
	try_percpu("align 3", 64, 3);
}

static void try_cache(const char *name, unsigned int size)
{
	struct kmem_cache *cache = kmem_cache_create("edges_cache", size, 0, 0,
						     NULL);

	answer("%s: %s\n", name, cache ? "ok" : "NULL");
	kmem_cache_destroy(cache);
}

void edge_cache(void)
{
	try_cache("1", 1);
	try_cache("8K", SZ_8K);
	try_cache("4M", SZ_4M);
	try_cache("4M+1", SZ_4M + 1);
}

static struct platform_device *device_make(void)
{
	struct platform_device_info info = {
		.name = "edges", .id = PLATFORM_DEVID_AUTO,
		.dma_mask = DMA_BIT_MASK(32),
	};

	return platform_device_register_full(&info);
}

static void try_coherent(struct device *device, const char *name, size_t size)
{
	dma_addr_t handle = 0x5a5a;
	void *addr = dma_alloc_coherent(device, size, &handle, QUIET);

	answer("%s: %s\n", name, addr ? "ok" : "NULL");
	if (addr)
		dma_free_coherent(device, size, addr, handle);
	else
		answer("%s, handle: %s\n", name,
		       handle == 0x5a5a ? "stale" : "changed");
}

void edge_coherent(void)
{
	struct platform_device *device = device_make();

	if (IS_ERR(device))
		return;
	try_coherent(&device->dev, "4M", SZ_4M);
	try_coherent(&device->dev, "4M+1", SZ_4M + 1);
	try_coherent(&device->dev, "64M", SZ_64M);
	platform_device_unregister(device);
}

/* How many blocks of a pool come out of its first page? */
static void try_blocks(struct device *device, size_t size)
{
	struct dma_pool *pool = dma_pool_create("edges", device, size, 0, 0);
	void *blocks[70];
	dma_addr_t handles[70];
	int n = 0, same = 0, i;

	if (!pool) {
		answer("%zu: NULL\n", size);
		return;
	}
	while (n < ARRAY_SIZE(blocks)) {
		blocks[n] = dma_pool_alloc(pool, QUIET, &handles[n]);
		if (!blocks[n])
			break;
		n++;
	}
	for (i = 0; i < n; i++) {
		same += !((handles[i] ^ handles[0]) & PAGE_MASK);
		dma_pool_free(pool, blocks[i], handles[i]);
	}
	answer("%zu: %d a page\n", size, same);
	dma_pool_destroy(pool);
}

void edge_blocks(void)
{
	struct platform_device *device = device_make();

	if (IS_ERR(device))
		return;
	try_blocks(&device->dev, 0);
	try_blocks(&device->dev, 64);
	try_blocks(&device->dev, 1024);
	try_blocks(&device->dev, 2048);
	answer("align 3: %s\n",
	       dma_pool_create("edges", &device->dev, 64, 3, 0) ? "ok" : "NULL");
	platform_device_unregister(device);
}

void edge_context(void)
{
	void *addr = vmalloc(SZ_64K);

	/* Freed later, by a work item. */
	local_bh_disable();
	vfree(addr);
	local_bh_enable();
	answer("vfree, bottom halves off: ok\n");
	addr = kvmalloc(64, QUIET);
	local_bh_disable();
	kvfree(addr);
	addr = kmalloc(SZ_64K, GFP_ATOMIC | __GFP_NOWARN);
	local_bh_enable();
	answer("kmalloc 64K, bottom halves off: %s\n", what_is(addr));
	kfree(addr);
}
