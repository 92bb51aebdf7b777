// SPDX-License-Identifier: GPL-2.0
// A way out on which a mutex stays locked. (sparse follows spinlocks, not mutexes.)
@exists@
expression lock;
@@
* mutex_lock(lock);
  ... when != mutex_unlock(lock)
* return ...;
