// SPDX-License-Identifier: GPL-2.0
/*
 * Every key of a request as a module parameter. A bad value refuses the load,
 * with a sentence in the log.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/moduleparam.h>

#include "mod_report.h"

static struct alloc_input params;
static bool params_given;

static int set_key(const char *value, const struct kernel_param *param)
{
	int key = (long)param->arg;
	char why[ALLOC_WHY_LEN];
	int err;

	if (!params_given)
		mod_input_init(&params);
	params_given = true;
	/* A flag without a value means yes: "zero" is "zero=1". */
	if (!value)
		value = "1";
	err = alloc_input_set(&params, key, value, strlen(value), why);
	if (err)
		pr_err("%s\n", why);
	return err;
}

static const struct kernel_param_ops key_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = set_key,
};

#define KEY_PARAM(name, index) \
	module_param_cb(name, &key_ops, (void *)(long)(index), 0)

KEY_PARAM(size, ALLOC_KEY_SIZE);
MODULE_PARM_DESC(size, "bytes of one element, such as 3M");
KEY_PARAM(nmemb, ALLOC_KEY_NMEMB);
MODULE_PARM_DESC(nmemb, "how many elements");
KEY_PARAM(when, ALLOC_KEY_WHEN);
MODULE_PARM_DESC(when, "runtime or early_boot");
KEY_PARAM(who, ALLOC_KEY_WHO);
MODULE_PARM_DESC(who, "module or builtin");
KEY_PARAM(ctx, ALLOC_KEY_CTX);
MODULE_PARM_DESC(ctx, "sleep, nofs, noio, atomic or nmi");
KEY_PARAM(contig, ALLOC_KEY_CONTIG);
MODULE_PARM_DESC(contig, "virt or phys");
KEY_PARAM(dma, ALLOC_KEY_DMA);
MODULE_PARM_DESC(dma, "none, streaming or coherent");
KEY_PARAM(many, ALLOC_KEY_MANY);
MODULE_PARM_DESC(many, "objects of one size come and go");
KEY_PARAM(percpu, ALLOC_KEY_PERCPU);
MODULE_PARM_DESC(percpu, "one copy for every CPU");
KEY_PARAM(zero, ALLOC_KEY_ZERO);
MODULE_PARM_DESC(zero, "it must be zero");
KEY_PARAM(node, ALLOC_KEY_NODE);
MODULE_PARM_DESC(node, "any, or the preferred NUMA node");
KEY_PARAM(user_map, ALLOC_KEY_USER_MAP);
MODULE_PARM_DESC(user_map, "a process will map it");
KEY_PARAM(need, ALLOC_KEY_NEED);
MODULE_PARM_DESC(need, "best_effort, ordinary, must_progress or nofail");
KEY_PARAM(life, ALLOC_KEY_LIFE);
MODULE_PARM_DESC(life, "manual or device");
KEY_PARAM(account, ALLOC_KEY_ACCOUNT);
MODULE_PARM_DESC(account, "charge it to the memory cgroup");
KEY_PARAM(kernel, ALLOC_KEY_KERNEL);
MODULE_PARM_DESC(kernel, "decide as for 6.1 or 6.12");
KEY_PARAM(kmax, ALLOC_KEY_KMAX);
MODULE_PARM_DESC(kmax, "decide as if this were KMALLOC_MAX_SIZE");
KEY_PARAM(ram, ALLOC_KEY_RAM);
MODULE_PARM_DESC(ram, "decide as if there were so much RAM");
KEY_PARAM(cma, ALLOC_KEY_CMA);
MODULE_PARM_DESC(cma, "size of the contiguous memory area");
KEY_PARAM(iommu, ALLOC_KEY_IOMMU);
MODULE_PARM_DESC(iommu, "an IOMMU translates for devices");

const struct alloc_input *mod_params(void)
{
	return params_given ? &params : NULL;
}
