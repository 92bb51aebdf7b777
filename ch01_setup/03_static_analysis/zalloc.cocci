// SPDX-License-Identifier: GPL-2.0
// Memory that is cleared right after it was taken: kzalloc() does both.
@@
expression memory, size, flags;
statement S;
@@
* memory = kmalloc(size, flags);
  if (memory == NULL) S
* memset(memory, 0, size);
