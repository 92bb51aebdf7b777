/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The code that the accelerator probe runs in a guest: 64 KiB of firmware. It
 * does what a kernel does first, enters long mode and clears memory, and then
 * ends QEMU through its isa-debug-exit device with a known status.
 *
 * A shorter probe is not enough. There are machines with nested
 * virtualization whose KVM runs real mode well, and gets through paged memory
 * at a few megabytes a second: a kernel then seems to hang in its first
 * instructions.
 */
#define AT(label)	(label - probe_firmware)	/* offset in the image */
#define LINEAR(label)	(0xf0000 + AT(label))		/* where the PC maps it */
#define MIB		0x100000

	.section .rodata
	.balign 16
	.globl probe_firmware, probe_firmware_end
probe_firmware:
	.code16
	cli
	lgdtl	%cs:AT(gdtr)
	movl	%cr0, %eax
	orb	$1, %al			/* protected mode */
	movl	%eax, %cr0
	ljmpl	$8, $LINEAR(protected)

	.code32
protected:
	movl	$16, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	/* Tables at 4 KiB: one of each level, then eight 2 MiB pages. */
	movl	$0x1000, %edi
	xorl	%eax, %eax
	movl	$0x3000 / 4, %ecx
	rep stosl
	movl	$0x2003, 0x1000
	movl	$0x3003, 0x2000
	movl	$0x3000, %edi
	movl	$0x83, %eax
	movl	$8, %ecx
1:	movl	%eax, (%edi)
	addl	$2 * MIB, %eax
	addl	$8, %edi
	loop	1b
	movl	%cr4, %eax
	orl	$0x20, %eax		/* physical address extension */
	movl	%eax, %cr4
	movl	$0x1000, %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx	/* EFER: long mode enable */
	rdmsr
	orl	$0x100, %eax
	wrmsr
	movl	%cr0, %eax
	orl	$0x80000000, %eax	/* paging */
	movl	%eax, %cr0
	ljmpl	$24, $LINEAR(long_mode)

	.code64
long_mode:
	movl	$8, %ebx
2:	movl	$2 * MIB, %edi
	xorl	%eax, %eax
	movl	$8 * MIB / 8, %ecx
	rep stosq
	decl	%ebx
	jnz	2b
	movw	$0xf4, %dx
	movb	$0x10, %al		/* exit status 2 * 0x10 + 1 */
	outb	%al, %dx
3:	hlt
	jmp	3b

	.balign 8
gdt:	.quad	0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00af9a000000ffff
gdtr:	.word	31
	.long	LINEAR(gdt)

	/* The reset vector, 16 bytes below the end: a jump to the begin. */
	.org	probe_firmware + 0xfff0, 0xf4
	.byte	0xea
	.word	0, 0xf000
	.org	probe_firmware + 0x10000, 0xf4
probe_firmware_end:

	.section .note.GNU-stack, "", @progbits
