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
/* END TODO 1 */

static int sampler_power(struct sampler *sampler)
{
	/* TODO 2: power, until the device goes */
	return board_power_on(sampler->dev);
	/* END TODO 2 */
}

int sampler_resize(struct sampler *sampler, size_t nr)
{
	/* TODO 3: a table, and no more than one at a time */
	struct channel *table = kcalloc(nr, sizeof(*table), GFP_KERNEL);

	if (!table)
		return -ENOMEM;
	if (sampler->channels)
		memcpy(table, sampler->channels, min(nr, sampler->nr) * sizeof(*table));
	sampler->channels = table;
	sampler->nr = nr;
	return 0;
	/* END TODO 3 */
}

static int sampler_engine(struct sampler *sampler, unsigned int order)
{
	/* TODO 4: the ring, zeroed, then the engine. No warning if there are not so many pages. */
	sampler->ring = (void *)__get_free_pages(GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN, order);
	if (!sampler->ring)
		return -ENOMEM;
	return board_engine_start(sampler->dev, sampler->ring, PAGE_SIZE << order);
	/* END TODO 4 */
}

/* The wire and the lamp: both, or nothing. */
static int lamp_get(struct device *dev)
{
	/* TODO 5: what the lamp needs */
	int ret = board_wire_get(dev);

	if (ret)
		return ret;
	return board_lamp_on(dev);
	/* END TODO 5 */
}

static int sampler_lamp(struct sampler *sampler)
{
	/* TODO 6: without a lamp it works as well; but then it keeps nothing of lamp_get() */
	int ret = lamp_get(sampler->dev);

	if (ret)
		return ret == -ENODEV ? 0 : ret;
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
	sampler = kzalloc(sizeof(*sampler), GFP_KERNEL);
	if (!sampler)
		return -ENOMEM;
	sampler->dev = &pdev->dev;
	platform_set_drvdata(pdev, sampler);
	ret = sampler_power(sampler);
	if (ret)
		return ret;
	sampler->label = kasprintf(GFP_KERNEL, "%s-%d", plan->name, pdev->id);
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
