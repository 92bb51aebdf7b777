// SPDX-License-Identifier: GPL-2.0
/* labjson.c - see labjson.h. */
#include "db.h"
#include "labjson.h"

json_t *strlist_json(const struct strlist *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(array, json_string(list->items[i]));
	return array;
}

static json_t *lanes_json(const struct lab *lab)
{
	json_t *array = json_array();

	for (size_t i = 0; i < ARRAY_SIZE(lane_names); i++)
		if (lab->lanes & lane_names[i].lane)
			json_array_append_new(array, json_string(lane_names[i].name));
	return array;
}

static json_t *progress_json(const struct lab *lab)
{
	struct lab_progress progress;
	json_t *object = json_object();

	db_progress(lab->id, &progress);
	json_object_set_new(object, "solved", json_boolean(progress.solved));
	json_object_set_new(object, "attempts", json_integer(progress.attempts));
	json_object_set_new(object, "hints_shown", json_integer(progress.hints));
	if (progress.attempts) {
		json_object_set_new(object, "last_time", json_integer(progress.last_when));
		json_object_set_new(object, "last_exit", json_integer(progress.last_exit));
		json_object_set_new(object, "last_passed", json_integer(progress.last_passed));
		json_object_set_new(object, "last_failed", json_integer(progress.last_failed));
		json_object_set_new(object, "best_passed", json_integer(progress.best_passed));
	}
	if (progress.solved)
		json_object_set_new(object, "first_solved", json_integer(progress.first_solved));
	return object;
}

json_t *lab_json(const struct lab *lab)
{
	json_t *object = json_object();

	json_object_set_new(object, "id", json_string(lab->id));
	json_object_set_new(object, "chapter", json_string(lab->chapter));
	json_object_set_new(object, "name", json_string(lab->name));
	json_object_set_new(object, "title", json_string(lab->title));
	json_object_set_new(object, "kind", json_string(lab_kind_letters(lab)));
	json_object_set_new(object, "points", json_integer(lab->points));
	json_object_set_new(object, "minutes", json_integer(lab->minutes));
	json_object_set_new(object, "files", strlist_json(&lab->files));
	json_object_set_new(object, "cpus", json_integer(lab->cpus));
	json_object_set_new(object, "memory_mib", json_integer(lab->memory));
	json_object_set_new(object, "cmdline", json_string(lab->cmdline));
	json_object_set_new(object, "timeout_s", json_integer(lab->timeout));
	json_object_set_new(object, "lanes", lanes_json(lab));
	json_object_set_new(object, "hints", json_integer(lab->hints.count));
	json_object_set_new(object, "skeleton_fails", strlist_json(&lab->fails));
	json_object_set_new(object, "progress", progress_json(lab));
	return object;
}
