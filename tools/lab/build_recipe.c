// SPDX-License-Identifier: GPL-2.0
/*
 * What make ran, kept in the build's directory as JSON: .lab-recipes, and beside
 * it .lab-built, how the last build ended.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build_private.h"

static json_t *from_list(const struct strlist *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(array, json_string(list->items[i]));
	return array;
}

/* False when something else than a list of texts is there. */
static bool to_list(json_t *array, struct strlist *list)
{
	json_t *item;
	size_t i;

	if (!json_is_array(array))
		return false;
	json_array_foreach(array, i, item) {
		if (!json_is_string(item))
			return false;
		strlist_add(list, json_string_value(item));
	}
	return true;
}

static json_t *load(const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	size_t len = 0;
	char *text = read_whole(path, &len);
	json_t *value = text ? json_loadb(text, len, 0, NULL) : NULL;

	free(text);
	free(path);
	return value;
}

/* Text that JSON cannot hold (not UTF-8) is not written: -1. */
static int save(const char *dir, const char *name, json_t *value)
{
	char *path = xasprintf("%s/%s", dir, name);
	char *text = json_dumps(value, JSON_COMPACT);
	int err = text ? build_put(path, text, strlen(text)) : -1;

	if (err)
		unlink(path);
	free(text);
	free(path);
	json_decref(value);
	return err;
}

static bool load_recipe(json_t *value, struct recording *out)
{
	struct recipe *r = &out->recipes[out->recipe_count++];
	const char *target, *dir;
	json_int_t environment;

	*r = (struct recipe){ 0 };
	if (json_unpack(value, "{s:s,s:s,s:I}", "target", &target, "dir", &dir,
			"environment", &environment) ||
	    !to_list(json_object_get(value, "commands"), &r->commands) ||
	    environment < 0 ||
	    (size_t)environment >= out->environment_count)
		return false;
	r->target = xstrdup(target);
	r->dir = xstrdup(dir);
	r->environment = environment;
	return true;
}

bool recording_load(const char *dir, struct recording *out)
{
	json_t *all = load(dir, ".lab-recipes"), *list, *item;
	const char *stamp;
	int replay = 0;
	bool good;
	size_t i;

	*out = (struct recording){ 0 };
	good = all && !json_unpack(all, "{s:s,s:b}", "stamp", &stamp,
				   "replay", &replay) &&
	       to_list(json_object_get(all, "tools"), &out->tools);
	if (good) {
		out->stamp = xstrdup(stamp);
		out->replay = replay;
		list = json_object_get(all, "environments");
		out->environments = xcalloc(json_array_size(list) + 1,
					    sizeof(*out->environments));
		json_array_foreach(list, i, item)
			good &= to_list(item, &out->environments[out->environment_count++]);
		list = json_object_get(all, "recipes");
		out->recipes = xcalloc(json_array_size(list) + 1,
				       sizeof(*out->recipes));
		json_array_foreach(list, i, item)
			good = good && load_recipe(item, out);
	}
	json_decref(all);
	if (!good)
		recording_free(out);
	return good;
}

int recording_save(const char *dir, const struct recording *recording)
{
	json_t *environments = json_array(), *recipes = json_array();

	for (size_t i = 0; i < recording->environment_count; i++)
		json_array_append_new(environments,
				      from_list(&recording->environments[i]));
	for (size_t i = 0; i < recording->recipe_count; i++) {
		const struct recipe *r = &recording->recipes[i];

		json_array_append_new(recipes, json_pack("{s:s,s:s,s:I,s:o}",
			"target", r->target, "dir", r->dir,
			"environment", (json_int_t)r->environment,
			"commands", from_list(&r->commands)));
	}
	return save(dir, ".lab-recipes", json_pack("{s:s,s:b,s:o,s:o,s:o}",
		"stamp", recording->stamp, "replay", recording->replay,
		"tools", from_list(&recording->tools),
		"environments", environments, "recipes", recipes));
}

void recording_free(struct recording *recording)
{
	for (size_t i = 0; i < recording->environment_count; i++)
		strlist_free(&recording->environments[i]);
	for (size_t i = 0; i < recording->recipe_count; i++) {
		free(recording->recipes[i].target);
		free(recording->recipes[i].dir);
		free(recording->recipes[i].said);
		strlist_free(&recording->recipes[i].commands);
	}
	strlist_free(&recording->tools);
	free(recording->environments);
	free(recording->recipes);
	free(recording->stamp);
	*recording = (struct recording){ 0 };
}

enum built built_load(const char *dir, struct recording *recording)
{
	json_t *all = load(dir, ".lab-built");
	struct strlist said = { 0 };
	enum built built = BUILT_UNKNOWN;
	int whole;

	if (all && !json_unpack(all, "{s:b}", "whole", &whole) &&
	    to_list(json_object_get(all, "said"), &said) &&
	    said.count == recording->recipe_count) {
		built = whole ? BUILT_WHOLE : BUILT_PARTLY;
		for (size_t i = 0; i < said.count; i++) {
			free(recording->recipes[i].said);
			recording->recipes[i].said = xstrdup(said.items[i]);
		}
	}
	strlist_free(&said);
	json_decref(all);
	return built;
}

void built_save(const char *dir, const struct recording *recording,
		enum built built)
{
	json_t *said = json_array();

	for (size_t i = 0; i < recording->recipe_count; i++)
		json_array_append_new(said,
				      json_string(recording->recipes[i].said));
	/* Without it the next build is a whole one. */
	save(dir, ".lab-built", json_pack("{s:b,s:o}",
					  "whole", built == BUILT_WHOLE,
					  "said", said));
}

void built_forget(const char *dir)
{
	char *path = xasprintf("%s/.lab-built", dir);

	unlink(path);
	free(path);
}
