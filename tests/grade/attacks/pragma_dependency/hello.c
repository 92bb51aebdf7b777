// SPDX-License-Identifier: GPL-2.0
/* A pragma asks for the age of a file of the host */
#pragma GCC dependency "/etc/hostname"
