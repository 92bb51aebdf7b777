// SPDX-License-Identifier: GPL-2.0
/* A file that includes itself twice, 2^200 times in all */
#if __INCLUDE_LEVEL__ < 190
#include __FILE__
#include __FILE__
#endif
