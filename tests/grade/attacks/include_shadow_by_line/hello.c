// SPDX-License-Identifier: GPL-2.0
/* A line directive makes the compiler quote /etc/shadow in its error */
#line 1 "/etc/shadow"
#error show me that line
