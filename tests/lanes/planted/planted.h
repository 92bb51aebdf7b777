/* SPDX-License-Identifier: GPL-2.0 */
/* planted.h - one fault for each gate; enter runs at load, leave at unload. */
#ifndef PLANTED_H
#define PLANTED_H

int plant_out_of_bounds(void);
int plant_past_object(void);
int plant_use_after_free(void);
int plant_double_free(void);
int plant_past_stack(void);
int plant_leak(void);
int plant_area(void);
int plant_shift(void);
int plant_index(void);

int plant_lock_order(void);
int plant_lock_twice(void);
int plant_sleep_in_atomic(void);
int plant_bare_rcu(void);
int plant_lock_kept(void);
int plant_race(void);

int plant_list_twice(void);
int plant_timer_freed(void);
int plant_use_count(void);
int plant_name_twice(void);
int plant_dma(void);
int plant_null(void);
int plant_warn(void);

#endif
