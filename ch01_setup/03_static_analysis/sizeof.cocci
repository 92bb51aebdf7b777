// SPDX-License-Identifier: GPL-2.0
// The size of a pointer is 8, whatever it points to.
@@
type T;
T *pointer;
identifier function;
@@
* function(..., sizeof(pointer), ...)
