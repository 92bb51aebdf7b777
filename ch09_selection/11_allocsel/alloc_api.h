/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What each allocator can do, as data. This is the library's catalogue, not
 * the decision: it does not say which one to take.
 */
#ifndef ALLOC_API_H
#define ALLOC_API_H

#include "alloc_types.h"

/* What an allocator does about zeroing. */
enum alloc_zeroing {
	ALLOC_ZERO_ON_REQUEST,	/* with __GFP_ZERO */
	ALLOC_ZERO_ALWAYS,
	ALLOC_ZERO_NEVER,	/* __GFP_ZERO must not be passed */
};

/* How an allocator rounds the amount up. */
enum alloc_rounding {
	ALLOC_ROUND_NONE,	/* to the word, or as the pool was made */
	ALLOC_ROUND_BUCKET,	/* kmalloc sizes; powers of two above 8 KiB */
	ALLOC_ROUND_PAGE,	/* whole pages */
	ALLOC_ROUND_ORDER,	/* a power of two of pages */
	ALLOC_ROUND_KV,		/* as kmalloc, or 2 MiB when it is huge vmalloc */
};

/**
 * struct alloc_api_info - an allocator
 * @name: the function
 * @node_name: its form that takes a NUMA node, NULL without one
 * @free: the function that frees, NULL when nobody calls one
 * @map: what maps the memory into a process, NULL when that cannot be done
 * @header: where it is declared
 * @exported: how its symbol is exported; NULL when modules cannot use it
 * @limit_text: its limit, for people
 * @limit: the largest amount in bytes; 0 means env->kmax, ~0 the RAM
 * @phys: physically contiguous
 * @atomic: may be called where sleeping is not allowed
 * @one_object: gives objects of one size, never an array
 * @takes_mask: has a gfp_t argument (the form with a node, too)
 * @nofail: __GFP_NOFAIL can be kept
 * @zeroing: one of enum alloc_zeroing
 * @rounding: one of enum alloc_rounding
 */
struct alloc_api_info {
	const char *name;
	const char *node_name;
	const char *free;
	const char *map;
	const char *header;
	const char *exported;
	const char *limit_text;
	u64 limit;
	bool phys;
	bool atomic;
	bool one_object;
	bool takes_mask;
	bool nofail;
	u8 zeroing;
	u8 rounding;
};

#define ALLOC_LIMIT_KMAX 0
#define ALLOC_LIMIT_RAM (~0ULL)

extern const struct alloc_api_info alloc_apis[ALLOC_NR_APIS];

/* The name to write for this request: with _node where one is preferred. */
const char *alloc_api_name(int api, const struct alloc_request *req);

/* Bytes really taken for @size bytes, as computed (not measured). */
u64 alloc_api_taken(int api, u64 size);

/* The kmalloc size that @size bytes end up in, powers of two above 8 KiB. */
u64 alloc_bucket(u64 size);

/**
 * struct alloc_gfp_flag - a GFP flag for people
 * @name: as written in C
 * @meaning: what it does
 * @value: its bits, for each kernel of enum alloc_kernel
 */
struct alloc_gfp_flag {
	const char *name;
	const char *meaning;
	u32 value[ALLOC_NR_KERNELS];
};

extern const struct alloc_gfp_flag alloc_gfp_flags[ALLOC_NR_GFP];

/* "GFP_KERNEL|__GFP_ZERO", or "-" when there is none; returns buf. */
const char *alloc_format_gfp(u32 gfp, char *buf, size_t len);

/* "EINVAL" for -EINVAL, "OK" for 0. */
const char *alloc_errno_name(int err);

#endif /* ALLOC_API_H */
