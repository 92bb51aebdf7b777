/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The board: it has samplers, which are platform devices of that name. This is what a
 * driver may do with one. None of it is managed: what was switched on stays on until
 * somebody switches it off.
 */
#ifndef BOARD_H
#define BOARD_H

#include <linux/device.h>
#include <linux/types.h>

/**
 * struct board_plan - what the board says about a sampler; dev_get_platdata(dev)
 * @name: its name
 * @channels: how many it has, at first
 * @order: its ring has 2^order pages
 * @lamp: it has one
 */
struct board_plan {
	char name[24];
	size_t channels;
	unsigned int order;
	bool lamp;
};

/* Functions that return an int return 0, or -errno; then nothing was switched on. */
int board_power_on(struct device *dev);
void board_power_off(struct device *dev);

/*
 * The engine writes samples into the ring, whole pages, from its start until
 * board_engine_stop() has returned. It needs power.
 */
int board_engine_start(struct device *dev, void *ring, size_t bytes);
void board_engine_stop(struct device *dev);

/* The wire to a lamp. Each sampler has one. */
int board_wire_get(struct device *dev);
void board_wire_put(struct device *dev);

/* The lamp at its end; -ENODEV: there is none. */
int board_lamp_on(struct device *dev);
void board_lamp_off(struct device *dev);

#endif /* BOARD_H */
