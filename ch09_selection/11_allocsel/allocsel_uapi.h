/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What programs and /dev/allocsel say to each other.
 *
 *	int fd = open("/dev/allocsel", O_RDWR);
 *	struct allocsel_request r = {
 *		.size = sizeof(r), .version = ALLOCSEL_VERSION,
 *		.bytes = 1 << 20, .nmemb = 1, .node = ALLOCSEL_NODE_ANY,
 *		.flags = ALLOCSEL_USER_MAP,
 *	};
 *	ioctl(fd, ALLOCSEL_ALLOC, &r);
 *	p = mmap(NULL, r.length, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
 *		 ALLOCSEL_MAP_OFFSET(r.handle));
 *
 * Memory belongs to the open file: closing it frees everything.
 */
#ifndef ALLOCSEL_UAPI_H
#define ALLOCSEL_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define ALLOCSEL_VERSION 1
#define ALLOCSEL_NODE_ANY (-1)

/* Flags of a request. All other bits must be 0. */
#define ALLOCSEL_MANY 0x01		/* objects of this size come and go */
#define ALLOCSEL_PERCPU 0x02		/* one copy for every CPU */
#define ALLOCSEL_ZERO 0x04		/* it must be zero */
#define ALLOCSEL_USER_MAP 0x08		/* a process will map it */
#define ALLOCSEL_ACCOUNT 0x10		/* charged to the memory cgroup */
#define ALLOCSEL_FLAGS 0x1f

/* Values of the choices; 0 is the ordinary case in each. */
enum { ALLOCSEL_RUNTIME, ALLOCSEL_EARLY_BOOT };
enum { ALLOCSEL_MODULE, ALLOCSEL_BUILTIN };
enum {
	ALLOCSEL_SLEEP, ALLOCSEL_NOFS, ALLOCSEL_NOIO, ALLOCSEL_ATOMIC,
	ALLOCSEL_NMI,
};

enum { ALLOCSEL_VIRT, ALLOCSEL_PHYS };
enum { ALLOCSEL_DMA_NONE, ALLOCSEL_DMA_STREAMING, ALLOCSEL_DMA_COHERENT };
enum {
	ALLOCSEL_ORDINARY, ALLOCSEL_BEST_EFFORT, ALLOCSEL_MUST_PROGRESS,
	ALLOCSEL_NOFAIL,
};

enum { ALLOCSEL_MANUAL, ALLOCSEL_DEVICE };
enum { ALLOCSEL_SPINLOCK, ALLOCSEL_TIMER, ALLOCSEL_SOFTIRQ };

#define ALLOCSEL_NAME_LEN 24

/**
 * struct allocsel_request - what is needed, and the answer
 * @size: in: sizeof(struct allocsel_request)
 * @version: in: ALLOCSEL_VERSION
 * @bytes: in: of one element
 * @nmemb: in: number of elements
 * @node: in: preferred NUMA node, or ALLOCSEL_NODE_ANY
 * @flags: in: ALLOCSEL_MANY and the others
 * @when: in: ALLOCSEL_RUNTIME ...
 * @who: in: ALLOCSEL_MODULE ...
 * @ctx: in: ALLOCSEL_SLEEP ...
 * @contig: in: ALLOCSEL_VIRT ...
 * @dma: in: ALLOCSEL_DMA_NONE ...
 * @need: in: ALLOCSEL_ORDINARY ...
 * @life: in: ALLOCSEL_MANUAL ...
 * @place: in: where ALLOCSEL_ATOMIC is: ALLOCSEL_SPINLOCK ...
 * @force: in: name of an allocator to call whatever is decided, or ""
 * @report: in: address of a buffer for the report, or 0
 * @report_len: in: its bytes; out: bytes of the report, its NUL included
 * @reserved: in: must be 0
 * @handle: out: the memory, 0 when there is none
 * @rule: out: the rule that decided, 0 when none did
 * @err: out: 0, or the negative errno of a refusal
 * @gfp: out: the mask, as this kernel has it
 * @checked: out: properties looked at
 * @failed: out: properties that do not hold
 * @length: out: bytes that can be mapped, 0 when it cannot be
 * @api: out: the allocator that was decided
 */
struct allocsel_request {
	__u32 size;
	__u32 version;
	__u64 bytes;
	__u64 nmemb;
	__s32 node;
	__u32 flags;
	__u8 when;
	__u8 who;
	__u8 ctx;
	__u8 contig;
	__u8 dma;
	__u8 need;
	__u8 life;
	__u8 place;
	char force[ALLOCSEL_NAME_LEN];
	__u64 report;
	__u32 report_len;
	__u32 reserved;
	__u32 handle;
	__u32 rule;
	__s32 err;
	__u32 gfp;
	__u32 checked;
	__u32 failed;
	__u64 length;
	char api[ALLOCSEL_NAME_LEN];
};

/**
 * struct allocsel_handle - a handle to give back
 * @size: sizeof(struct allocsel_handle)
 * @version: ALLOCSEL_VERSION
 * @handle: the handle
 * @reserved: must be 0
 */
struct allocsel_handle {
	__u32 size;
	__u32 version;
	__u32 handle;
	__u32 reserved;
};

#define ALLOCSEL_RULES 32

/**
 * struct allocsel_stats - what happened since the module was loaded
 * @size: in: sizeof(struct allocsel_stats)
 * @version: in: ALLOCSEL_VERSION
 * @decided: decisions, refusals included
 * @refused: of these, refusals
 * @performed: allocations made
 * @properties: properties looked at
 * @failed: of these, properties that did not hold
 * @rules: decisions by each rule, counted from 1
 * @handles: handles of this open file
 * @bytes: what they cost the machine
 * @limit: what they may cost
 */
struct allocsel_stats {
	__u32 size;
	__u32 version;
	__u64 decided;
	__u64 refused;
	__u64 performed;
	__u64 properties;
	__u64 failed;
	__u64 rules[ALLOCSEL_RULES];
	__u64 handles;
	__u64 bytes;
	__u64 limit;
};

/*
 * DECIDE only asks. ALLOC performs and keeps the memory under a handle. FREE
 * gives it back: ENOENT when this file has no such handle, EBUSY while it is
 * mapped. All want the sizes and the version right: EINVAL, EPROTONOSUPPORT.
 * ALLOC beyond the limit of the open file: EDQUOT.
 */
#define ALLOCSEL_DECIDE _IOWR(0xa5, 0, struct allocsel_request)
#define ALLOCSEL_ALLOC _IOWR(0xa5, 1, struct allocsel_request)
#define ALLOCSEL_FREE _IOW(0xa5, 2, struct allocsel_handle)
#define ALLOCSEL_STATS _IOWR(0xa5, 3, struct allocsel_stats)

#define ALLOCSEL_MAP_OFFSET(handle) ((__u64)(handle) * 4096)

#endif /* ALLOCSEL_UAPI_H */
