// SPDX-License-Identifier: GPL-2.0
/*
 * The edges at which the kernel complains, or dies
 *
 * The name of an edge is written to /sys/module/splats/parameters/run. What is
 * between "begin" and "end" in the log is the kernel's answer; test_splats reads
 * it. The same edges without complaint are in tests/kernel/allocsel_edges.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/gfp.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/platform_device.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

static struct platform_device *pdev;
static DEFINE_SPINLOCK(lock);

/* A size that the compiler does not know: it would refuse some of these. */
static size_t hidden(size_t size)
{
	OPTIMIZER_HIDE_VAR(size);
	return size;
}

static const char *given(const void *addr)
{
	return addr ? "ok" : "NULL";
}

static const char *edge_vmalloc_zero(void)
{
	return given(__vmalloc(hidden(0), GFP_KERNEL | __GFP_NOWARN));
}

static const char *edge_exact_zero(void)
{
	return given(alloc_pages_exact(hidden(0), GFP_KERNEL));
}

static const char *try_percpu(size_t size, size_t align)
{
	void __percpu *copies = __alloc_percpu(hidden(size), hidden(align));
	const char *answer = copies ? "ok" : "NULL";

	free_percpu(copies);
	return answer;
}

static const char *edge_percpu_zero(void)
{
	return try_percpu(0, 8);
}

static const char *edge_percpu_large(void)
{
	return try_percpu(SZ_32K + 1, 8);
}

static const char *edge_percpu_align(void)
{
	return try_percpu(64, SZ_8K);
}

static const char *edge_pool_zero(void)
{
	return given(dma_pool_create("splats", &pdev->dev, hidden(0), 8, 0));
}

static const char *edge_kmalloc_large(void)
{
	return given(kmalloc(hidden(SZ_4M + 1), GFP_KERNEL));
}

static const char *edge_kmalloc_nofail(void)
{
	void *addr = kmalloc(hidden(SZ_64K), GFP_KERNEL | __GFP_NOFAIL);
	const char *answer = given(addr);

	kfree(addr);
	return answer;
}

static const char *edge_kvmalloc_large(void)
{
	return given(kvmalloc(hidden((size_t)INT_MAX + 1), GFP_KERNEL));
}

static const char *edge_vmalloc_ram(void)
{
	return given(vmalloc((totalram_pages() + 1) << PAGE_SHIFT));
}

static const char *edge_vmalloc_locked(void)
{
	const char *answer;
	void *addr;

	spin_lock(&lock);
	addr = vmalloc(SZ_64K);
	spin_unlock(&lock);
	answer = given(addr);
	vfree(addr);
	return answer;
}

static const char *edge_exact_compound(void)
{
	void *addr = alloc_pages_exact(SZ_8K, GFP_KERNEL | __GFP_COMP);
	const char *answer = given(addr);

	if (addr)
		free_pages_exact(addr, SZ_8K);
	return answer;
}

static const char *edge_coherent_compound(void)
{
	dma_addr_t handle;
	void *addr = dma_alloc_coherent(&pdev->dev, SZ_8K, &handle,
					GFP_KERNEL | __GFP_COMP);
	const char *answer = given(addr);

	if (addr)
		dma_free_coherent(&pdev->dev, SZ_8K, addr, handle);
	return answer;
}

static const char *edge_coherent_irqs_off(void)
{
	unsigned long flags;
	dma_addr_t handle;
	void *addr = dma_alloc_coherent(&pdev->dev, SZ_8K, &handle, GFP_KERNEL);
	const char *answer = given(addr);

	local_irq_save(flags);
	if (addr)
		dma_free_coherent(&pdev->dev, SZ_8K, addr, handle);
	local_irq_restore(flags);
	return answer;
}

static const char *edge_streaming_vmalloc(void)
{
	void *addr = vmalloc(SZ_8K);
	const char *answer = "no memory";
	dma_addr_t handle;

	if (addr) {
		handle = dma_map_single(&pdev->dev, addr, SZ_8K, DMA_TO_DEVICE);
		answer = dma_mapping_error(&pdev->dev, handle) ? "error" : "ok";
	}
	vfree(addr);
	return answer;
}

/* With slub_debug an object of no bytes has its guards, else it divides by 0. */
static const char *edge_cache_zero(void)
{
	struct kmem_cache *cache = kmem_cache_create("splats", hidden(0), 0, 0,
						     NULL);
	const char *answer = given(cache);

	kmem_cache_destroy(cache);
	return answer;
}

/* The machine does not survive it. */

static const char *edge_vmalloc_bh(void)
{
	void *addr;

	local_bh_disable();
	addr = vmalloc(SZ_64K);
	local_bh_enable();
	return given(addr);
}

static const struct {
	const char *name;
	const char *(*run)(void);
} edges[] = {
#define EDGE(name) { #name, edge_##name }
	EDGE(vmalloc_zero), EDGE(exact_zero), EDGE(percpu_zero),
	EDGE(percpu_large), EDGE(percpu_align), EDGE(pool_zero),
	EDGE(kmalloc_large), EDGE(kmalloc_nofail), EDGE(kvmalloc_large),
	EDGE(vmalloc_ram), EDGE(vmalloc_locked), EDGE(exact_compound),
	EDGE(coherent_compound), EDGE(coherent_irqs_off),
	EDGE(streaming_vmalloc), EDGE(cache_zero), EDGE(vmalloc_bh),
};

static int run_set(const char *val, const struct kernel_param *kp)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(edges); i++) {
		const char *answer;

		if (!sysfs_streq(val, edges[i].name))
			continue;
		pr_info("begin %s\n", edges[i].name);
		answer = edges[i].run();
		pr_info("end %s: %s\n", edges[i].name, answer);
		return 0;
	}
	return -EINVAL;
}

static const struct kernel_param_ops run_ops = { .set = run_set };

module_param_cb(run, &run_ops, NULL, 0200);
MODULE_PARM_DESC(run, "the name of an edge");

static int __init splats_init(void)
{
	struct platform_device_info info = {
		.name = "splats", .id = PLATFORM_DEVID_AUTO,
		.dma_mask = DMA_BIT_MASK(32),
	};

	pdev = platform_device_register_full(&info);
	return PTR_ERR_OR_ZERO(pdev);
}

static void __exit splats_exit(void)
{
	platform_device_unregister(pdev);
}

module_init(splats_init);
module_exit(splats_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Makes the kernel complain at the allocators' edges");
