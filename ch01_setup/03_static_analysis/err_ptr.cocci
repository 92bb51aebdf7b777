// SPDX-License-Identifier: GPL-2.0
// These return an error as a pointer, and never NULL.
@exists@
expression memory, other;
@@
* memory = \(memdup_user\|vmemdup_user\|memdup_user_nul\|kthread_run\|kthread_create\)(...);
  ... when != memory = other
      when != IS_ERR(memory)
* memory == NULL

// And these return NULL, and never an error.
@exists@
expression memory, other;
@@
* memory = \(kmalloc\|kzalloc\|kcalloc\|kmemdup\|kstrdup\|vmalloc\|kvmalloc\)(...);
  ... when != memory = other
* IS_ERR(memory)
