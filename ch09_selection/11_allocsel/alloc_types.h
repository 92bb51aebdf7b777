/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words the allocation selector speaks: what a caller can ask for
 * (struct alloc_request), where it runs (struct alloc_env), what a rule says
 * (struct alloc_rule) and what comes out (struct alloc_decision).
 *
 * Everything here means the same in the kernel and in a program.
 */
#ifndef ALLOC_TYPES_H
#define ALLOC_TYPES_H

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif
#endif

/* In each of these the ordinary case is 0. */
enum alloc_when { ALLOC_RUNTIME, ALLOC_EARLY_BOOT };
enum alloc_who { ALLOC_MODULE, ALLOC_BUILTIN };
enum alloc_ctx { ALLOC_SLEEP, ALLOC_NOFS, ALLOC_NOIO, ALLOC_ATOMIC, ALLOC_NMI };
enum alloc_contig { ALLOC_VIRT, ALLOC_PHYS };
enum alloc_dma { ALLOC_DMA_NONE, ALLOC_DMA_STREAMING, ALLOC_DMA_COHERENT };
enum alloc_need {
	ALLOC_ORDINARY,		/* failure is handled */
	ALLOC_BEST_EFFORT,	/* there is a fallback: do not try hard */
	ALLOC_MUST_PROGRESS,	/* a reserve must be held back for us */
	ALLOC_NOFAIL,		/* the caller cannot handle NULL */
};

enum alloc_life { ALLOC_MANUAL, ALLOC_DEVICE };
enum alloc_kernel { ALLOC_KERNEL_6_1, ALLOC_KERNEL_6_12, ALLOC_NR_KERNELS };

#define ALLOC_NODE_ANY (-1)

/* Limits of x86-64 with 4 KiB pages. KMALLOC_MAX_SIZE is in the environment. */
#define ALLOC_PAGE 4096ULL
#define ALLOC_SLAB_MAX 8192ULL		/* KMALLOC_MAX_CACHE_SIZE */
#define ALLOC_PCPU_MAX 32768ULL		/* PCPU_MIN_UNIT_SIZE */
#define ALLOC_INT_MAX 2147483647ULL	/* the guard in kvmalloc() */

/**
 * struct alloc_request - what a caller needs
 * @size: bytes of one element
 * @nmemb: number of elements; the total is @size times @nmemb
 * @node: preferred NUMA node, or ALLOC_NODE_ANY
 * @when: one of enum alloc_when
 * @who: one of enum alloc_who
 * @ctx: one of enum alloc_ctx: what the calling context may do
 * @contig: one of enum alloc_contig: is physical contiguity needed?
 * @dma: one of enum alloc_dma
 * @need: one of enum alloc_need
 * @life: one of enum alloc_life: freed by hand or with a device
 * @many: objects of this one size come and go often
 * @percpu: one copy for every CPU
 * @zero: the memory must be zero
 * @user_map: it will be mapped into a process
 * @account: charge it to the memory cgroup of the current task
 */
struct alloc_request {
	u64 size;
	u64 nmemb;
	int node;
	u8 when;
	u8 who;
	u8 ctx;
	u8 contig;
	u8 dma;
	u8 need;
	u8 life;
	bool many;
	bool percpu;
	bool zero;
	bool user_map;
	bool account;
};

/**
 * struct alloc_env - the machine a request is decided for
 * @kmax: KMALLOC_MAX_SIZE in bytes
 * @ram: total RAM in bytes
 * @cma: bytes in the contiguous memory area, 0 without one
 * @kernel: one of enum alloc_kernel
 * @iommu: DMA addresses go through an IOMMU
 */
struct alloc_env {
	u64 kmax;
	u64 ram;
	u64 cma;
	u8 kernel;
	bool iommu;
};

/* Yes-or-no questions. alloc_facts() answers all of them for a request. */
enum alloc_question {
	ALLOC_Q_EMPTY, ALLOC_Q_OVERFLOW, ALLOC_Q_OVER_RAM,
	ALLOC_Q_EARLY, ALLOC_Q_BUILTIN, ALLOC_Q_NMI,
	ALLOC_Q_PERCPU, ALLOC_Q_NOFAIL, ALLOC_Q_MUST, ALLOC_Q_SLEEP,
	ALLOC_Q_DMA, ALLOC_Q_COHERENT, ALLOC_Q_PHYS, ALLOC_Q_CONTIG_PHYS,
	ALLOC_Q_USER_MAP, ALLOC_Q_MANY, ALLOC_Q_DEVICE, ALLOC_Q_NODE,
	ALLOC_Q_OBJ_OVER_PAGE, ALLOC_Q_OBJ_OVER_SLAB,
	ALLOC_Q_OVER_PAGE, ALLOC_Q_OVER_SLAB, ALLOC_Q_OVER_PCPU,
	ALLOC_Q_OVER_KMAX, ALLOC_Q_OVER_INT_MAX,
	ALLOC_Q_CMA_FITS, ALLOC_Q_IOMMU,
	ALLOC_NR_QUESTIONS,
};

#define Q(name) (1U << ALLOC_Q_##name)

/**
 * struct alloc_term - one way in which a rule can apply
 * @all: questions that must all be answered yes
 * @any: when not 0, at least one of these must be answered yes
 * @none: questions that must all be answered no
 */
struct alloc_term {
	u32 all;
	u32 any;
	u32 none;
};

#define ALLOC_MAX_TERMS 3

enum alloc_api {
	ALLOC_API_NONE,
	ALLOC_API_MEMBLOCK, ALLOC_API_PERCPU, ALLOC_API_MEMPOOL,
	ALLOC_API_DMA_POOL, ALLOC_API_DMA_COHERENT, ALLOC_API_DMA_PAGES,
	ALLOC_API_VMALLOC_USER, ALLOC_API_PAGES_EXACT, ALLOC_API_KMEM_CACHE,
	ALLOC_API_DEVM, ALLOC_API_KMALLOC, ALLOC_API_KVMALLOC,
	ALLOC_API_VMALLOC,
	ALLOC_NR_APIS,
};

/* How a rule changes the mask that the request's context asks for. */
#define ALLOC_RF_NO_MASK 0x01	/* the API takes no GFP mask at all */
#define ALLOC_RF_ZEROES 0x02	/* the API zeroes by itself: do not ask */
#define ALLOC_RF_MEMSET 0x04	/* never __GFP_ZERO: the caller clears */
#define ALLOC_RF_ADD_ZERO 0x08	/* __GFP_ZERO even when nobody asked */
#define ALLOC_RF_USER 0x10	/* GFP_USER where GFP_KERNEL would stand */
#define ALLOC_RF_NO_NORETRY 0x20 /* the API does not take __GFP_NORETRY */

/**
 * struct alloc_rule - one row of the rule table
 * @number: the rule's number, counted from 1
 * @terms: the rule applies when one of these holds; unused ones are all 0,
 *         and a rule whose first term is all 0 always applies
 * @api: one of enum alloc_api, ALLOC_API_NONE in a refusal
 * @flags: ALLOC_RF_ bits
 * @err: 0, or the negative errno of a refusal
 * @free: name of the function that frees, NULL when there is none to call
 * @reason: why, in one sentence
 * @instead: what to do after a refusal
 * @source: where to read it, for each kernel of enum alloc_kernel
 */
struct alloc_rule {
	u8 number;
	u8 api;
	u8 flags;
	int err;
	struct alloc_term terms[ALLOC_MAX_TERMS];
	const char *free;
	const char *reason;
	const char *instead;
	const char *source[ALLOC_NR_KERNELS];
};

/* GFP flags by name, because their values differ between kernels. */
#define ALLOC_GFP_KERNEL 0x001
#define ALLOC_GFP_USER 0x002
#define ALLOC_GFP_ATOMIC 0x004
#define ALLOC_GFP_NOWAIT 0x008
#define ALLOC_GFP_NORETRY 0x010
#define ALLOC_GFP_NOWARN 0x020
#define ALLOC_GFP_NOFAIL 0x040
#define ALLOC_GFP_ZERO 0x080
#define ALLOC_GFP_ACCOUNT 0x100
#define ALLOC_NR_GFP 9

/* GFP flags that let the allocator sleep (__GFP_DIRECT_RECLAIM inside). */
#define ALLOC_GFP_SLEEPS (ALLOC_GFP_KERNEL | ALLOC_GFP_USER)

/**
 * struct alloc_decision - the selector's answer
 * @rule: the rule that decided, NULL when none did
 * @api: one of enum alloc_api
 * @err: 0, or the negative errno of a refusal
 * @gfp: ALLOC_GFP_ bits to call @api with
 * @scope: ALLOC_NOFS or ALLOC_NOIO when the call must stand between
 *         memalloc_nofs_save() or memalloc_noio_save() and their restore,
 *         else ALLOC_SLEEP
 * @clear: the caller must clear the memory with memset()
 */
struct alloc_decision {
	const struct alloc_rule *rule;
	u8 api;
	u8 scope;
	bool clear;
	int err;
	u32 gfp;
};

#endif /* ALLOC_TYPES_H */
