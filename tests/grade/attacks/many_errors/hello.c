// SPDX-License-Identifier: GPL-2.0
/* A hundred thousand compile errors, to fill the disk and the report */
#define A(x) x; x; x; x; x; x; x; x; x; x;
#define B(x) A(x) A(x) A(x) A(x) A(x) A(x) A(x) A(x) A(x) A(x)
#define C(x) B(x) B(x) B(x) B(x) B(x) B(x) B(x) B(x) B(x) B(x)
void f(void);
void f(void) { C(A(nothing)) }
