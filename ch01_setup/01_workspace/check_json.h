/* SPDX-License-Identifier: GPL-2.0 */
/* A reader of JSON for the check: strict, and no larger than it must be */
#ifndef CHECK_JSON_H
#define CHECK_JSON_H

struct json;

/* NULL when the text is no JSON, or more than one value. */
struct json *json_parse(const char *text);
/* Member of an object; NULL when json is no object or has no such member. */
const struct json *json_member(const struct json *json, const char *name);
/*
 * A string's text; NULL for all else. \u0000 to \u00ff give one byte, so that
 * a byte that is no UTF-8 comes back as it was; larger ones give '?'.
 */
const char *json_text(const struct json *json);
void json_free(struct json *json);

#endif
