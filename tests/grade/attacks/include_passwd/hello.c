// SPDX-License-Identifier: GPL-2.0
/* The source includes /etc/passwd, to read it in the compiler's errors */
#include "/etc/passwd"
