// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that belongs to a device. There is no hardware: platform devices can
 * be made by software. One lives as long as the module and is the device of the
 * DMA allocators; others are bound and unbound to see what that frees.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "compat.h"
#include "mod.h"

static unsigned int dma_bits = 32;
module_param(dma_bits, uint, 0444);
MODULE_PARM_DESC(dma_bits, "address bits of the device for coherent memory, 24 to 64");

static struct platform_device *dma_device;

/* The device reaches any buffer, but keeps coherent memory's address in fewer bits. */
static int device_probe(struct platform_device *device)
{
	int err = dma_set_mask(&device->dev, DMA_BIT_MASK(64));

	return err ? err : dma_set_coherent_mask(&device->dev,
						 DMA_BIT_MASK(dma_bits));
}

static struct platform_driver device_driver = {
	.probe = device_probe,
	.driver = {
		.name = KBUILD_MODNAME,
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
		/* Nobody unbinds, through sysfs, what a handle lives with. */
		.suppress_bind_attrs = true,
	},
};

/* A device of ours, bound to the driver. */
static struct platform_device *device_make(void)
{
	struct platform_device_info info = {
		.name = KBUILD_MODNAME,
		.id = PLATFORM_DEVID_AUTO,
		.dma_mask = DMA_BIT_MASK(64),
	};
	struct platform_device *device = platform_device_register_full(&info);

	if (IS_ERR(device) || device->dev.driver)
		return device;
	platform_device_unregister(device);
	return ERR_PTR(-ENXIO);
}

struct device *mod_dma_device(void)
{
	return &dma_device->dev;
}

int mod_device_init(void)
{
	int err;

	if (dma_bits < 24 || dma_bits > 64) {
		pr_err("dma_bits=%u: it takes 24 to 64\n", dma_bits);
		return -EINVAL;
	}
	err = platform_driver_register(&device_driver);
	if (err)
		return err;
	dma_device = device_make();
	if (!IS_ERR(dma_device))
		return 0;
	platform_driver_unregister(&device_driver);
	return PTR_ERR(dma_device);
}

void mod_device_exit(void)
{
	platform_device_unregister(dma_device);
	platform_driver_unregister(&device_driver);
}

/* ------------------------------------------------------- device lifetime --- */

static void on_unbind(void *data)
{
	struct job *job = data;

	job->unbound = true;
}

/*
 * What was registered last is released first: when on_unbind() runs, all that
 * came after it is gone.
 */
int owner_bind(struct job *job)
{
	struct platform_device *device = device_make();
	int err;

	if (IS_ERR(device))
		return PTR_ERR(device);
	err = devm_add_action_or_reset(&device->dev, on_unbind, job);
	if (err) {
		platform_device_unregister(device);
		return err;
	}
	job->owner = device;
	return 0;
}

int owner_adopt(struct job *job, void (*release)(void *job))
{
	return devm_add_action_or_reset(&job->owner->dev, release, job);
}

void owner_unbind(struct job *job)
{
	device_release_driver(&job->owner->dev);
	platform_device_unregister(job->owner);
	job->owner = NULL;
}

static int setup_devm(struct job *job)
{
	return job->owner ? 0 : owner_bind(job);
}

static void alloc_devm(struct job *job, gfp_t gfp)
{
	job->addr = devm_kmalloc(&job->owner->dev, job->total, gfp);
}

static void free_devm(struct job *job)
{
	devm_kfree(&job->owner->dev, job->addr);
	job->addr = NULL;
}

const struct performer perform_devm = {
	.setup = setup_devm, .alloc = alloc_devm, .free = free_devm,
	.region = "slab",
};

/* -------------------------------------------------------------------- DMA --- */

static void alloc_coherent(struct job *job, gfp_t gfp)
{
	job->addr = dma_alloc_coherent(mod_dma_device(), job->total, &job->dma,
				       gfp);
	/* After a failure the handle holds what was in it before. */
	job->has_dma = job->addr;
}

static void free_coherent(struct job *job)
{
	dma_free_coherent(mod_dma_device(), job->total, job->addr, job->dma);
	job->addr = NULL;
	job->has_dma = false;
}

const struct performer perform_dma_coherent = {
	.alloc = alloc_coherent, .free = free_coherent,
	.region = "pages|vmalloc",
};

static void alloc_dma_pages(struct job *job, gfp_t gfp)
{
	job->page = dma_alloc_pages(mod_dma_device(), job->total, &job->dma,
				    DMA_BIDIRECTIONAL, gfp);
	job->addr = job->page ? page_address(job->page) : NULL;
	/* A mapping, to CONFIG_DMA_API_DEBUG: its error wants to be asked for. */
	job->has_dma = job->page &&
		       !dma_mapping_error(mod_dma_device(), job->dma);
}

static void free_dma_pages(struct job *job)
{
	dma_free_pages(mod_dma_device(), job->total, job->page, job->dma,
		       DMA_BIDIRECTIONAL);
	job->page = NULL;
	job->addr = NULL;
	job->has_dma = false;
}

const struct performer perform_dma_pages = {
	.alloc = alloc_dma_pages, .free = free_dma_pages,
	.region = "pages",
};

static int setup_blocks(struct job *job)
{
	job->blocks = dma_pool_create("allocsel", mod_dma_device(),
				      job->in.req.size, 8, 0);
	return job->blocks ? 0 : -ENOMEM;
}

static void alloc_block(struct job *job, gfp_t gfp)
{
	job->addr = dma_pool_alloc(job->blocks, gfp, &job->dma);
	job->has_dma = job->addr;
}

static void free_block(struct job *job)
{
	dma_pool_free(job->blocks, job->addr, job->dma);
	job->addr = NULL;
	job->has_dma = false;
}

static void teardown_blocks(struct job *job)
{
	dma_pool_destroy(job->blocks);
	job->blocks = NULL;
}

const struct performer perform_dma_pool = {
	.setup = setup_blocks, .teardown = teardown_blocks,
	.alloc = alloc_block, .free = free_block,
	.region = "pages|vmalloc",
};
