// SPDX-License-Identifier: GPL-2.0
/* See check_config.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "check_config.h"

#define PREFIX	"CONFIG_"
#define UNSET	" is not set"

char *from_build(const char *name)
{
	char *text = file_read(name);

	ASSERT_NOTNULL(text, "The makefile left no file %s.", name);
	return text;
}

char *next_line(char **text)
{
	char *line = *text, *end = strchr(line, '\n');

	if (!*line)
		return NULL;
	*text = end ? end + 1 : line + strlen(line);
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

/* "CONFIG_NAME=value" or "# CONFIG_NAME is not set"; cuts the line in two. */
static const char *split(char *line, const char **value)
{
	char *end;

	if (!strncmp(line, "# " PREFIX, strlen("# " PREFIX))) {
		line += strlen("# " PREFIX);
		end = strchr(line, ' ');
		if (!end || strcmp(end, UNSET))
			return NULL;
		*value = "n";
	} else if (!strncmp(line, PREFIX, strlen(PREFIX))) {
		line += strlen(PREFIX);
		end = strchr(line, '=');
		if (!end)
			return NULL;
		*value = end + 1;
	} else {
		return NULL;
	}
	*end = '\0';
	return line;
}

struct requests requests_read(void)
{
	char *text = from_build("fragment"), *line;
	struct requests all = { 0 };

	for (unsigned int n = 1; (line = next_line(&text)); n++) {
		struct request r = { .line = n };

		r.name = split(line, &r.value);
		if (!r.name)
			continue;
		all.items = reallocarray(all.items, all.count + 1, sizeof(r));
		ASSERT_NOTNULL(all.items);
		all.items[all.count++] = r;
	}
	return all;
}

const struct request *request_find(const struct requests *all, const char *name)
{
	for (size_t i = all->count; i; i--)
		if (!strcmp(all->items[i - 1].name, name))
			return &all->items[i - 1];
	return NULL;
}

const char *config_value(const char *config, const char *name)
{
	char *text = strdup(config), *line;

	ASSERT_NOTNULL(text);
	while ((line = next_line(&text))) {
		const char *value, *is = split(line, &value);

		if (is && !strcmp(is, name))
			return value;
	}
	return "n";
}

/* "# Linux/um 6.1.192 Kernel Configuration" stands in one of the first lines. */
const char *config_release(const char *config)
{
	const char *suffix = config_value(config, "LOCALVERSION");
	const char *end = strstr(config, " Kernel Configuration");
	const char *version = end;
	char *release;

	ASSERT_NOTNULL(end, "The .config does not say which kernel it is for.");
	while (version > config && version[-1] != ' ')
		version--;
	if (*suffix != '"')
		suffix = "\"\"";
	ASSERT_OK(asprintf(&release, "%.*s%.*s", (int)(end - version), version,
			   (int)strlen(suffix) - 2, suffix + 1));
	return release;
}
