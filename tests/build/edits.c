// SPDX-License-Identifier: GPL-2.0
/* What a student does to a file between two builds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "meta.h"
#include "twins.h"

static const char *in_lab(const struct subject *s, const char *name)
{
	return strf("%s/%s", s->lab->dir, name);
}

static bool append(const struct subject *s, const char *text)
{
	char *all = xasprintf("%s%s", s->text, text);

	put(s->file, all);
	free(all);
	return true;
}

static bool nothing(const struct subject *s)
{
	(void)s;
	return true;
}

static bool touched(const struct subject *s)
{
	put(s->file, s->text);
	return true;
}

/* For a module alone: the file may be a program's as well. */
static bool append_for_kernel(const struct subject *s, const char *text)
{
	return append(s, strf("\n#ifdef __KERNEL__%s#endif\n", text));
}

static bool whitespace(const struct subject *s)
{
	return append(s, "\n\n\n");
}

static bool on_top(const struct subject *s)
{
	char *all = xasprintf("\n/* one line lower */\n%s", s->text);

	put(s->file, all);
	free(all);
	return true;
}

static bool function(const struct subject *s)
{
	return append(s, "\nint edit_twice(int n);\nint edit_twice(int n)\n{\n\treturn 2 * n;\n}\n");
}

static bool exported(const struct subject *s)
{
	return s->module &&
	       append_for_kernel(s, "\n#include <linux/export.h>\nint edit_offered(void);\n"
			 "int edit_offered(void)\n{\n\treturn 1;\n}\nEXPORT_SYMBOL_GPL(edit_offered);\n");
}

static bool exported_static(const struct subject *s)
{
	return s->module &&
	       append_for_kernel(s, "\n#include <linux/export.h>\nstatic int edit_hidden(void)\n"
			 "{\n\treturn 1;\n}\nEXPORT_SYMBOL_GPL(edit_hidden);\n");
}

static bool new_import(const struct subject *s)
{
	return s->module ?
	       append_for_kernel(s, "\n#include <linux/ktime.h>\n#include <linux/utsname.h>\n"
			 "int edit_needs(void);\n"
			 "int edit_needs(void)\n{\n\treturn ktime_get_seconds() + !!utsname();\n}\n") :
	       append(s, "\n#include <time.h>\nlong edit_needs(void);\nlong edit_needs(void)\n"
			 "{\n\treturn time(NULL);\n}\n");
}

static bool parameter(const struct subject *s)
{
	return s->module &&
	       append_for_kernel(s, "\n#include <linux/moduleparam.h>\nstatic int edit_param = 3;\n"
			 "module_param(edit_param, int, 0444);\n");
}

static bool syntax_error(const struct subject *s)
{
	return append(s, "\nint edit_broken(\n");
}

static bool warning(const struct subject *s)
{
	return append(s, "\nstatic int edit_unused(void)\n{\n\treturn 0;\n}\n");
}

static bool unknown_symbol(const struct subject *s)
{
	return append(s, "\nint edit_nowhere(void);\nint edit_calls(void);\n"
			 "int edit_calls(void)\n{\n\treturn edit_nowhere();\n}\n");
}

static bool missing_header(const struct subject *s)
{
	return append(s, "\n#include \"edit_nowhere.h\"\n");
}

static bool system_header(const struct subject *s)
{
	return s->module ? append_for_kernel(s, "\n#include <linux/list_sort.h>\n") :
			   append(s, "\n#include <sys/utsname.h>\n");
}

static void own_header(const struct subject *s, int value)
{
	put(in_lab(s, "edit_extra.h"),
	    strf("/* SPDX-License-Identifier: GPL-2.0 */\n#define EDIT_EXTRA %d\n", value));
}

/* Included from the start by this and the next edit. */
static bool new_header(const struct subject *s)
{
	own_header(s, 4);
	return append(s, "\n#include \"edit_extra.h\"\nint edit_extra(void);\n"
			 "int edit_extra(void)\n{\n\treturn EDIT_EXTRA;\n}\n");
}

static bool changed_header(const struct subject *s)
{
	own_header(s, 5);
	return true;
}

static bool broken_header(const struct subject *s)
{
	put(in_lab(s, "edit_extra.h"), "#error edited\n");
	return true;
}

static bool new_file(const struct subject *s)
{
	put(in_lab(s, "edit_alone.c"), "// SPDX-License-Identifier: GPL-2.0\n/* nobody builds it */\n");
	return true;
}

static bool makefile(const struct subject *s)
{
	char *all = xasprintf("%s\nccflags-y += -DEDIT_FLAG=1\n", s->makefile);

	put(in_lab(s, "Makefile"), all);
	free(all);
	return true;
}

/* ---- what happens to the build's directory instead ---- */

static char *in_build(const struct subject *s, const char *name)
{
	return xasprintf("%s/build/%s/student/%s/%s", getenv("LAB_CACHE"), s->kernel->name,
			 s->lab->id, name);
}

/* An object, or a program's, is gone. */
static bool lost_object(const struct subject *s)
{
	char *name = xasprintf("%s%s", s->module ? "" : ".prog/", base_name(s->file));
	char *path;

	name[strlen(name) - 1] = 'o';
	path = in_build(s, name);
	unlink(path);
	free(path);
	free(name);
	return true;
}

static bool lost_modules(const struct subject *s)
{
	char *dir = in_build(s, "");
	struct strlist names = { 0 };

	list_dir(dir, &names);
	for (size_t i = 0; i < names.count; i++)
		if (str_ends(names.items[i], ".ko"))
			unlink(strf("%s/%s", dir, names.items[i]));
	strlist_free(&names);
	free(dir);
	return true;
}

/* A build was killed while the compiler wrote: the object is newer than its
 * source, and no good. */
static bool killed(const struct subject *s)
{
	char *built = in_build(s, ".lab-built");

	lost_object(s);
	unlink(built);
	free(built);
	if (s->module) {
		char *name = xstrdup(base_name(s->file)), *path;

		name[strlen(name) - 1] = 'o';
		path = in_build(s, name);
		put(path, "half an object");
		free(path);
		free(name);
	}
	return true;
}

static bool bad_recording(const struct subject *s)
{
	char *path = in_build(s, ".lab-recipes");

	put(path, "{\"stamp\":\"");
	free(path);
	return true;
}

void edits_undo(const struct subject *s)
{
	put(s->file, s->text);
	put(in_lab(s, "Makefile"), s->makefile);
	unlink(in_lab(s, "edit_extra.h"));
	unlink(in_lab(s, "edit_alone.c"));
}

/* Each stands on its own, but for the headers: the second changes the first's. */
const struct edit edits[] = {
	{ "nothing", nothing, false, false },
	{ "touched", touched, false, false },
	{ "whitespace", whitespace, false, false },
	{ "syntax_error", syntax_error, false, true },
	{ "on_top", on_top, false, false },
	{ "function", function, false, false },
	{ "new_import", new_import, false, false },
	{ "exported", exported, false, false },
	{ "exported_static", exported_static, false, true },
	{ "parameter", parameter, false, false },
	{ "warning", warning, false, false },
	{ "unknown_symbol", unknown_symbol, false, true },
	{ "missing_header", missing_header, false, true },
	{ "system_header", system_header, false, false },
	{ "lost_object", lost_object, false, false },
	{ "lost_modules", lost_modules, false, false },
	{ "killed", killed, true, false },
	{ "bad_recording", bad_recording, true, false },
	{ "makefile", makefile, true, false },
	{ "new_file", new_file, true, false },
	{ "new_header", new_header, true, false },
	{ "changed_header", changed_header, false, false },
	{ "broken_header", broken_header, false, true },
};
const size_t edit_count = ARRAY_SIZE(edits);
