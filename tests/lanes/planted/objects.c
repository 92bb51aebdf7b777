// SPDX-License-Identifier: GPL-2.0
/* objects.c - uses what the kernel keeps books about against the rules. */
#include <linux/compiler.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/platform_device.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/timer.h>

#include "planted.h"

int plant_list_twice(void)
{
	static LIST_HEAD(list);
	static struct list_head entry;

	list_add(&entry, &list);
	list_add(&entry, &list);
	return 0;
}

static void ring(struct timer_list *unused)
{
}

int plant_timer_freed(void)
{
	struct timer_list *timer = kzalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return -ENOMEM;
	timer_setup(timer, ring, 0);
	mod_timer(timer, jiffies + 100 * HZ);
	kfree(timer);
	return 0;
}

int plant_use_count(void)
{
	static refcount_t users = REFCOUNT_INIT(1);

	if (refcount_dec_and_test(&users))
		refcount_inc(&users);
	return 0;
}

int plant_name_twice(void)
{
	struct kobject *one = kobject_create_and_add("planted-twice", kernel_kobj);
	struct kobject *two = kobject_create_and_add("planted-twice", kernel_kobj);

	kobject_put(two);
	kobject_put(one);
	return one ? 0 : -ENOMEM;
}

int plant_dma(void)
{
	struct platform_device *device;
	void *memory = kmalloc(256, GFP_KERNEL);
	dma_addr_t address;

	device = platform_device_register_simple("planted", -1, NULL, 0);
	if (IS_ERR(device) || !memory)
		return -ENOMEM;
	address = dma_map_single(&device->dev, memory, 256, DMA_TO_DEVICE);
	if (!dma_mapping_error(&device->dev, address))
		dma_unmap_single(&device->dev, address, 128, DMA_TO_DEVICE);
	kfree(memory);
	platform_device_unregister(device);
	return 0;
}

int plant_null(void)
{
	int *nothing = NULL;

	OPTIMIZER_HIDE_VAR(nothing);
	WRITE_ONCE(*nothing, 1);
	return 0;
}

int plant_warn(void)
{
	WARN(1, "planted: nothing is wrong, this is a test\n");
	return 0;
}
