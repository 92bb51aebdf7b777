/* SPDX-License-Identifier: GPL-2.0 */
/* The driver of samplers. probe.c is yours; driver.c is finished. */
#ifndef SAMPLER_H
#define SAMPLER_H

#include <linux/platform_device.h>
#include <linux/types.h>

struct channel {
	u32 gain;
	u8 history[60];
};

/**
 * struct sampler - what the driver knows of one device
 * @dev: the device
 * @label: "NAME-ID": the plan's name, the platform device's id
 * @channels: a table
 * @nr: its length
 * @ring: where the engine writes
 * @lamp: it is on
 */
struct sampler {
	struct device *dev;
	char *label;
	struct channel *channels;
	size_t nr;
	void *ring;
	bool lamp;
};

/**
 * sampler_probe() - take a device
 * @pdev: it
 *
 * Gets, in this order: the struct sampler, which is then the device's drvdata; power; the
 * label; the channels; the ring; the running engine; the wire and the lamp. There is no
 * remove(): all of it is managed, and goes when the device is unbound.
 *
 * A sampler without a lamp is used without one, and keeps no wire.
 *
 * Return: 0, or the error of the step that failed. What was got before is then given back.
 */
int sampler_probe(struct platform_device *pdev);

/**
 * sampler_resize() - give a sampler another table of channels
 * @sampler: it; its first table is made by this function, too
 * @nr: the new length, not 0. Somebody outside of the kernel chose it.
 *
 * Channels that are in both tables keep what they have, new ones are all zero. May be called
 * again and again while the device is bound.
 *
 * Return: 0, or -ENOMEM; then the old table stays.
 */
int sampler_resize(struct sampler *sampler, size_t nr);

#endif /* SAMPLER_H */
