// SPDX-License-Identifier: GPL-2.0
/* What a sampler needs, all of it managed. What each function has to do is in sampler.h. */
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/minmax.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "board.h"
#include "sampler.h"

/* TODO 1: what is to be called when the device goes */
static void power_off(void *dev)
{
	board_power_off(dev);
}

static void engine_stop(void *dev)
{
	board_engine_stop(dev);
}

static void wire_put(void *dev)
{
	board_wire_put(dev);
}

static void lamp_off(void *dev)
{
	board_lamp_off(dev);
}

/* END TODO 1 */

static int sampler_power(struct sampler *sampler)
{
	/* TODO 2: power, until the device goes */
	int ret = board_power_on(sampler->dev);

	if (ret)
		return ret;
	return devm_add_action_or_reset(sampler->dev, power_off, sampler->dev);
	/* END TODO 2 */
}

int sampler_resize(struct sampler *sampler, size_t nr)
{
	/* TODO 3: a table, and no more than one at a time */
	struct channel *table = devm_kcalloc(sampler->dev, nr, sizeof(*table), GFP_KERNEL);

	if (!table)
		return -ENOMEM;
	if (sampler->channels)
		memcpy(table, sampler->channels, min(nr, sampler->nr) * sizeof(*table));
	/* Managed does not mean soon: the device may be bound for years. */
	devm_kfree(sampler->dev, sampler->channels);
	sampler->channels = table;
	sampler->nr = nr;
	return 0;
	/* END TODO 3 */
}

static int sampler_engine(struct sampler *sampler, unsigned int order)
{
	/* TODO 4: the ring, zeroed, then the engine. No warning if there are not so many pages. */
	int ret;

	sampler->ring = (void *)devm_get_free_pages(sampler->dev,
						    GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN, order);
	if (!sampler->ring)
		return -ENOMEM;
	ret = board_engine_start(sampler->dev, sampler->ring, PAGE_SIZE << order);
	if (ret)
		return ret;
	return devm_add_action_or_reset(sampler->dev, engine_stop, sampler->dev);
	/* END TODO 4 */
}

/* The wire and the lamp: both, or nothing. */
static int lamp_get(struct device *dev)
{
	/* TODO 5: what the lamp needs */
	int ret = board_wire_get(dev);

	if (ret)
		return ret;
	ret = devm_add_action_or_reset(dev, wire_put, dev);
	if (ret)
		return ret;
	ret = board_lamp_on(dev);
	if (ret)
		return ret;
	return devm_add_action_or_reset(dev, lamp_off, dev);
	/* END TODO 5 */
}

static int sampler_lamp(struct sampler *sampler)
{
	/* TODO 6: without a lamp it works as well; but then it keeps nothing of lamp_get() */
	struct device *dev = sampler->dev;
	void *group = devres_open_group(dev, NULL, GFP_KERNEL);
	int ret;

	if (!group)
		return -ENOMEM;
	ret = lamp_get(dev);
	if (ret) {
		devres_release_group(dev, group);
		return ret == -ENODEV ? 0 : ret;
	}
	devres_close_group(dev, group);
	sampler->lamp = true;
	return 0;
	/* END TODO 6 */
}

int sampler_probe(struct platform_device *pdev)
{
	const struct board_plan *plan = dev_get_platdata(&pdev->dev);
	struct sampler *sampler;
	int ret;

	/* TODO 7: all of it, in the order that sampler.h says */
	sampler = devm_kzalloc(&pdev->dev, sizeof(*sampler), GFP_KERNEL);
	if (!sampler)
		return -ENOMEM;
	sampler->dev = &pdev->dev;
	platform_set_drvdata(pdev, sampler);
	ret = sampler_power(sampler);
	if (ret)
		return ret;
	sampler->label = devm_kasprintf(&pdev->dev, GFP_KERNEL, "%s-%d", plan->name, pdev->id);
	if (!sampler->label)
		return -ENOMEM;
	ret = sampler_resize(sampler, plan->channels);
	if (ret)
		return ret;
	ret = sampler_engine(sampler, plan->order);
	if (ret)
		return ret;
	return sampler_lamp(sampler);
	/* END TODO 7 */
}
