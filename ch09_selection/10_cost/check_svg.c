// SPDX-License-Identifier: GPL-2.0
/* As much of an XML parser as tells a picture from a broken one. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "check_svg.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define DEPTH			16

struct xml {
	const char *path, *at;
	char open[DEPTH][16];	/* the elements that are open */
	unsigned int depth;
	unsigned int curves;
	double width, height;
};

static void take_entity(struct xml *x)
{
	static const char *const known[] = { "&lt;", "&gt;", "&amp;" };

	for (int i = 0; i < 3; i++)
		if (!strncmp(x->at, known[i], strlen(known[i])))
			return;
	ASSERT_TRUE(false, "%s: a bare '&': %.40s", x->path, x->at);
}

static void take_name(struct xml *x, char *name, size_t room)
{
	size_t len = 0;

	while (isalnum((unsigned char)x->at[len]) || x->at[len] == '-')
		len++;
	ASSERT_TRUE(len && len < room, "%s: no name: %.40s", x->path, x->at);
	memcpy(name, x->at, len);
	name[len] = '\0';
	x->at += len;
}

/* Numbers of an attribute that holds a place must be numbers, and inside. */
static void expect_place(struct xml *x, const char *name, char *value)
{
	static const char *const places[] = {
		"x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "points",
	};
	double most = x->width > x->height ? x->width : x->height, n;
	char *end;

	ASSERT_NOMATCH(value, "^-?(nan|inf)|[ ,]-?(nan|inf)", "%s: %s='%s'",
		       x->path, name, value);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		if (strcmp(name, places[i]))
			continue;
		for (char *p = value; *p; p = end + strspn(end, " ,")) {
			n = strtod(p, &end);
			ASSERT_TRUE(end != p, "%s: %s='%s' is no number", x->path,
				    name, value);
			ASSERT_TRUE(n >= 0 && n <= most,
				    "%s: %s='%s' is outside of the picture",
				    x->path, name, value);
		}
	}
	if (!strcmp(name, "width") && !x->width)
		x->width = strtod(value, NULL);
	if (!strcmp(name, "height") && !x->height)
		x->height = strtod(value, NULL);
}

static void take_attribute(struct xml *x)
{
	char name[32], *value;
	const char *end;
	char quote;

	take_name(x, name, sizeof(name));
	ASSERT_EQ(*x->at, '=', "%s: %s has no value", x->path, name);
	quote = x->at[1];
	ASSERT_TRUE(quote == '\'' || quote == '"');
	end = strchr(x->at + 2, quote);
	ASSERT_NOTNULL(end, "%s: the value of %s has no end", x->path, name);
	value = strndup(x->at + 2, end - x->at - 2);
	ASSERT_NULL(strchr(value, '<'));
	x->at = end + 1;
	expect_place(x, name, value);
	free(value);
}

static void take_end_tag(struct xml *x)
{
	char name[16];

	x->at += 2;
	take_name(x, name, sizeof(name));
	ASSERT_GT(x->depth, 0, "%s: </%s> ends nothing", x->path, name);
	ASSERT_STREQ(name, x->open[--x->depth], "%s: tags are not balanced",
		     x->path);
	ASSERT_EQ(*x->at++, '>');
}

static void take_tag(struct xml *x)
{
	char *name = x->open[x->depth];

	ASSERT_LT(x->depth, DEPTH - 1);
	x->at++;
	take_name(x, name, sizeof(x->open[0]));
	if (!x->depth)
		ASSERT_STREQ(name, "svg", "%s: this is no SVG", x->path);
	x->curves += !strcmp(name, "polyline") || !strcmp(name, "circle");
	for (;;) {
		x->at += strspn(x->at, "\n ");
		if (*x->at == '>' || !strncmp(x->at, "/>", 2))
			break;
		take_attribute(x);
	}
	if (*x->at == '>')
		x->depth++;
	x->at += *x->at == '>' ? 1 : 2;
}

void svg_expect(const char *path, unsigned int curves)
{
	char *text = file_read(path);
	struct xml x = { .path = path, .at = text };
	bool begun = false;

	ASSERT_NOTNULL(text, "%s was not written.", path);
	while (*x.at) {
		if (!strncmp(x.at, "</", 2)) {
			take_end_tag(&x);
		} else if (*x.at == '<') {
			ASSERT_TRUE(!begun || x.depth,
				    "%s: something stands behind </svg>", path);
			take_tag(&x);
			begun = true;
		} else {
			if (*x.at == '&')
				take_entity(&x);
			x.at++;
		}
	}
	ASSERT_TRUE(begun, "%s is empty.", path);
	EXPECT_EQ(x.depth, 0, "%s: <%s> has no end", path,
		  x.depth ? x.open[x.depth - 1] : "");
	EXPECT_EQ(x.curves, curves, "%s: the number of curves is another one.",
		  path);
	free(text);
}
