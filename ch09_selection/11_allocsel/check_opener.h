/* SPDX-License-Identifier: GPL-2.0 */
/* Talking to /dev/allocsel. */
#ifndef CHECK_OPENER_H
#define CHECK_OPENER_H

#include "allocsel_uapi.h"

#define DEVICE "/dev/allocsel"

/* An ordinary request for so many bytes. */
struct allocsel_request device_request(__u64 bytes);

/* 0 or -errno, as the rest. */
int device_open(void);
int device_alloc(int fd, struct allocsel_request *request);
int device_free(int fd, __u32 handle);
int device_stats(int fd, struct allocsel_stats *stats);

/* The bytes of a handle in this process, MAP_FAILED when that is refused. */
void *device_map(int fd, __u32 handle, size_t length);

/* How long to fuzz: seconds, or $ALLOCSEL_SECONDS. */
int fuzz_seconds(int seconds);

#endif /* CHECK_OPENER_H */
