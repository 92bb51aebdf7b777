// SPDX-License-Identifier: GPL-2.0
/*
 * What record.sh wrote, taken apart into recipes: what make ran for one target,
 * with the changes of the environment that it ran in. Of what cannot be placed
 * the whole recording is refused, and plain make builds from then on.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build_private.h"
#include "proc.h"

/* One line of a recipe, as it lies in the file. */
struct line {
	const char *dir, *command, *environment, *said;
};

/* The next part, up to its NUL; NULL when the file ends before. */
static const char *part(const char **at, const char *end)
{
	const char *text = *at, *nul = memchr(text, '\0', end - text);

	if (!nul)
		return NULL;
	*at = nul + 1;
	return text;
}

static bool next_line(const char **at, const char *end, struct line *line)
{
	const char *variable;

	line->dir = part(at, end);
	line->command = line->dir ? part(at, end) : NULL;
	line->environment = *at;
	do {
		variable = line->command ? part(at, end) : NULL;
	} while (variable && *variable);
	line->said = variable ? part(at, end) : NULL;
	return line->said;
}

/* Only kbuild's precautions against an interrupt, or nothing at all. */
static bool is_idle(const char *command)
{
	const char *p = command + strspn(command, " \t\n:");

	if (str_starts(p, "set -e;"))
		p += strlen("set -e;");
	for (p += strspn(p, " \t\n"); str_starts(p, "trap '");
	     p += strspn(p, " \t\n;")) {
		p = strchr(p + strlen("trap '"), '\'');
		if (!p)
			return false;
		p += strcspn(p, ";");
	}
	return !*p;
}

/* The word that follows, malloc'd; "" when the text is not there. */
static char *word_after(const char *command, const char *text)
{
	const char *p = strstr(command, text);

	return p ? xstrndup(p + strlen(text), strcspn(p + strlen(text), " ;\n"))
		 : xstrdup("");
}

/* lab.mk compiles objects and links programs; nobody knows what else reads. */
static bool is_of_compiler(const char *target)
{
	return str_ends(target, ".o") || !strchr(base_name(target), '.');
}

/*
 * kbuild says what to remove when it is interrupted: that is what it makes. In
 * the lab's own directory it is lab.mk's compiler that says it.
 */
static char *find_target(const struct line *line, const struct build *b)
{
	char *word = word_after(line->command, "trap 'rm -f "), *full;

	if (!*word && !strcmp(line->dir, b->dir)) {
		free(word);
		word = word_after(line->command, " -o ");
		if (!is_of_compiler(word))
			*word = '\0';
	}
	if (!*word || *word == '/')
		return word;
	full = xasprintf("%s/%s", line->dir, word);
	free(word);
	return full;
}

static const char *find(const char *block, const char *variable)
{
	size_t len = strcspn(variable, "=");

	for (; *block; block += strlen(block) + 1)
		if (!strncmp(block, variable, len + 1))
			return block;
	return NULL;
}

/* What make's own variables say is true of that make alone. */
static bool is_passing(const char *variable)
{
	static const char *const names[] = {
		"MAKEFLAGS=", "MFLAGS=", "MAKELEVEL=", "MAKEOVERRIDES=",
		"MAKE_TERMOUT=", "MAKE_TERMERR=", "LAB_RECORD=", "TMPDIR=",
		"OLDPWD=", "SHLVL=", "_=",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_starts(variable, names[i]))
			return true;
	return false;
}

/*
 * The environment as its difference to ours: what is in ours stays out of the
 * file, and secrets with it.
 */
static size_t add_environment(struct recording *out, const char *block)
{
	struct strlist changes = { 0 };
	char *text, *other;

	for (const char *v = block; *v; v += strlen(v) + 1) {
		char *name = xstrndup(v, strcspn(v, "="));
		const char *ours = getenv(name);

		if (!is_passing(v) &&
		    (!ours || strcmp(ours, v + strlen(name) + 1)))
			strlist_add(&changes, v);
		free(name);
	}
	for (char **v = environ; *v; v++)
		if (!is_passing(*v) && strchr(*v, '=') && !find(block, *v))
			strlist_addf(&changes, "%.*s", (int)strcspn(*v, "="), *v);
	strlist_addf(&changes, "MAKEFLAGS");
	strlist_sort(&changes);
	text = strlist_join(&changes, "\n");
	for (size_t i = 0; i < out->environment_count; i++) {
		bool same;

		other = strlist_join(&out->environments[i], "\n");
		same = !strcmp(text, other);
		free(other);
		if (!same)
			continue;
		free(text);
		strlist_free(&changes);
		return i;
	}
	free(text);
	out->environments = xreallocarray(out->environments,
					  out->environment_count + 1,
					  sizeof(*out->environments));
	out->environments[out->environment_count] = changes;
	return out->environment_count++;
}

static void add_line(struct recording *out, const struct line *line,
		     char *target)
{
	struct recipe *r = out->recipe_count ?
			   &out->recipes[out->recipe_count - 1] : NULL;
	size_t environment = add_environment(out, line->environment);
	char *said;

	if (!r || !*target || strcmp(r->target, target) ||
	    strcmp(r->dir, line->dir) || r->environment != environment) {
		out->recipes = xreallocarray(out->recipes,
					     out->recipe_count + 1,
					     sizeof(*out->recipes));
		r = &out->recipes[out->recipe_count++];
		*r = (struct recipe){
			.target = xstrdup(target), .dir = xstrdup(line->dir),
			.environment = environment, .said = xstrdup(""),
		};
	}
	strlist_add(&r->commands, line->command);
	said = xasprintf("%s%s", r->said, line->said);
	free(r->said);
	r->said = said;
	free(target);
}

/* The compiler, and all that its variables name: another one may do other things. */
static void add_tools(struct recording *out)
{
	static const char *const variables[] = {
		"CC=", "LD=", "NM=", "AR=", "OBJCOPY=", "AWK=", "CONFIG_SHELL=",
	};
	struct strlist words = { 0 };

	strlist_split(&words, "cc gcc as ld nm make sh", " ");
	for (size_t i = 0; i < out->environment_count; i++)
		for (size_t j = 0; j < out->environments[i].count; j++)
			for (size_t k = 0; k < ARRAY_SIZE(variables); k++)
				if (str_starts(out->environments[i].items[j],
					       variables[k]))
					strlist_split(&words,
						      out->environments[i].items[j] +
						      strlen(variables[k]), " ");
	for (size_t i = 0; i < words.count; i++) {
		if (*words.items[i] == '-' ||
		    strlist_has(&out->tools, words.items[i]))
			continue;
		strlist_add(&out->tools, words.items[i]);
		strlist_take(&out->tools, build_tool(words.items[i]));
	}
	strlist_free(&words);
}

char *build_tool(const char *name)
{
	char *path = proc_find_program(name), *identity;

	identity = path ? build_identity(path) : xstrdup("");
	free(path);
	return identity;
}

static bool has_target(const struct recording *r, const char *target)
{
	for (size_t i = 0; i < r->recipe_count; i++)
		if (!strcmp(r->recipes[i].target, target))
			return true;
	return false;
}

/* Whatever lies there and was built must have its recipe. */
static bool knows_outputs(const struct recording *r, const char *dir)
{
	struct strlist names = { 0 };
	bool known = !list_dir(dir, &names);

	for (size_t i = 0; i < names.count && known; i++) {
		char *path = xasprintf("%s/%s", dir, names.items[i]);

		if (is_dir(path))
			known = !strcmp(names.items[i], ".prog") &&
				knows_outputs(r, path);
		else if (str_ends(path, ".o") || str_ends(path, ".ko") ||
			 str_ends(path, ".symvers"))
			known = has_target(r, path);
		free(path);
	}
	strlist_free(&names);
	return known;
}

/* A command of kbuild's without a target, which concerns the kernel's tree alone. */
static bool is_harmless(const char *command, const struct build *b)
{
	return !strstr(command, b->dir) || strstr(command, "/modules-check.sh");
}

bool recording_read(const char *dir, const struct build *b,
		    struct recording *out)
{
	char *path = xasprintf("%s/steps", dir);
	size_t len = 0;
	char *data = read_whole(path, &len);
	const char *at = data, *end = data + len;
	bool good = data;
	struct line line;

	*out = (struct recording){ .replay = false };
	while (good && at < end) {
		char *target;

		good = next_line(&at, end, &line);
		if (!good || is_idle(line.command))
			continue;
		target = find_target(&line, b);
		if (!*target && strcmp(line.dir, b->dir) &&
		    !is_harmless(line.command, b))
			good = false;
		add_line(out, &line, target);
	}
	if (good)
		add_tools(out);
	out->replay = good && knows_outputs(out, b->dir);
	free(data);
	free(path);
	return out->replay;
}
