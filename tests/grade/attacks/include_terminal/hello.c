// SPDX-License-Identifier: GPL-2.0
/* The source includes the terminal, to make the build wait for ever */
#include "/dev/tty"
#include "/dev/stdin"
int nothing;
#error here
