/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The convenience header of the workbook's kernel modules
 *
 * Include it after the kernel's headers, and say what your lines of the log
 * start with before all of them:
 *
 *	#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
 *
 *	#include <linux/module.h>
 *	#include <linux/slab.h>
 *	and then this header
 *
 * Everything is a macro or a static inline function: there is nothing to link,
 * what a module does not use costs it nothing, and all the kernel's symbols
 * behind it are exported to (GPL) modules.
 *
 * What there is, and from where it may be called. "any" is process context,
 * softirq, hard interrupt and NMI, with any lock held; nothing here sleeps. (All
 * but NMI was tried on each kernel; what is said of NMI was read in the source.)
 *
 *	wb_log.h	any	wb_info() wb_notice() wb_warn() wb_err() wb_debug()
 *				wb_here() wb_context_read()
 *	wb_mem.h	any	wb_format_size() wb_region_of() wb_region_name()
 *				wb_show_alloc()
 *	wb_dump.h	any	wb_contig_of() wb_show_contig() wb_hexdump(), as
 *				long as the memory itself stays where it is
 *	wb_time.h	any	wb_timer_start() wb_timer_ns() wb_timer_stop()
 *				wb_format_ns()
 *	wb_expect.h	any	WB_EXPECT() WB_EXPECT_EQ() ..._NE _LT _LE _GT _GE
 *				WB_EXPECT_PTR_EQ()
 *
 * What differs between kernel versions is in compat.h, and nowhere else.
 *
 * Facts cited as "6.1" were read in Linux 6.1.192, as "6.12" in 6.12.117, as
 * "6.1-rt" in 6.1.192 with the PREEMPT_RT patches, all as built by Debian.
 */
#ifndef WB_WORKBOOK_H
#define WB_WORKBOOK_H

#include "wb_log.h"
#include "wb_mem.h"
#include "wb_dump.h"
#include "wb_time.h"
#include "wb_expect.h"

#endif /* WB_WORKBOOK_H */
