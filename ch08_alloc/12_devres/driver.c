// SPDX-License-Identifier: GPL-2.0
/*
 * driver.c - the driver, as the kernel sees it, and what a bound sampler has in sysfs:
 *
 *	label		its label
 *	channels	how many; may be written
 *	gains		of its channels, 40 at most; "CHANNEL GAIN" may be written
 *	lamp		1: it is on
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/sysfs.h>

#include "sampler.h"

#define GAINS_MOST	40

static DEFINE_MUTEX(lock);	/* for the tables of all samplers */

static ssize_t label_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct sampler *sampler = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n", sampler->label);
}
static DEVICE_ATTR_RO(label);

static ssize_t channels_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct sampler *sampler = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%zu\n", sampler->nr);
}

static ssize_t channels_store(struct device *dev, struct device_attribute *attr, const char *buf,
			      size_t len)
{
	struct sampler *sampler = dev_get_drvdata(dev);
	unsigned long nr;
	int ret = kstrtoul(buf, 0, &nr);

	if (ret)
		return ret;
	if (!nr)
		return -EINVAL;
	mutex_lock(&lock);
	ret = sampler_resize(sampler, nr);
	mutex_unlock(&lock);
	return ret ?: len;
}
static DEVICE_ATTR_RW(channels);

static ssize_t gains_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct sampler *sampler = dev_get_drvdata(dev);
	int len = 0;

	mutex_lock(&lock);
	for (size_t i = 0; i < sampler->nr && i < GAINS_MOST; i++)
		len += sysfs_emit_at(buf, len, "%u ", sampler->channels[i].gain);
	mutex_unlock(&lock);
	return len + sysfs_emit_at(buf, len, "\n");
}

static ssize_t gains_store(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t len)
{
	struct sampler *sampler = dev_get_drvdata(dev);
	unsigned int channel, gain;
	ssize_t ret = -EINVAL;

	if (sscanf(buf, "%u %u", &channel, &gain) != 2)
		return ret;
	mutex_lock(&lock);
	if (channel < sampler->nr) {
		sampler->channels[channel].gain = gain;
		ret = len;
	}
	mutex_unlock(&lock);
	return ret;
}
static DEVICE_ATTR_RW(gains);

static ssize_t lamp_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct sampler *sampler = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%d\n", sampler->lamp);
}
static DEVICE_ATTR_RO(lamp);

static struct attribute *sampler_attrs[] = {
	&dev_attr_label.attr,
	&dev_attr_channels.attr,
	&dev_attr_gains.attr,
	&dev_attr_lamp.attr,
	NULL
};
ATTRIBUTE_GROUPS(sampler);

static struct platform_driver sampler_driver = {
	.probe = sampler_probe,
	.driver = {
		.name = "sampler",
		.dev_groups = sampler_groups,
	},
};
module_platform_driver(sampler_driver);

MODULE_DESCRIPTION("A driver whose resources are all managed");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_LICENSE("GPL");
