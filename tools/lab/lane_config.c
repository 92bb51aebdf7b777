// SPDX-License-Identifier: GPL-2.0
/* What the lanes' kernels are configured with. */
#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "lane.h"
#include "root.h"
#include "term.h"

static char *read_config(const char *name)
{
	char *path = root_path("%s", name), *text = read_whole(path, NULL);

	if (!text)
		complain(strf("cannot read %s", path), errno_text(errno),
			 strf("git checkout %s", name));
	free(path);
	return text;
}

/* The base, without the lines whose option has another value in the lane's own. */
static char *merge(const char *base, const char *own)
{
	struct strlist lines = { 0 };
	struct buf out = { 0 };

	strlist_split(&lines, base, "\n");
	for (size_t i = 0; i < lines.count; i++) {
		const char *line = lines.items[i];
		char *option = xasprintf("\n%.*s=", (int)strcspn(line, "="), line);

		if (!str_starts(line, "CONFIG_") || !strstr(own, option))
			buf_addf(&out, "%s\n", line);
		free(option);
	}
	buf_addf(&out, "%s", own);
	strlist_free(&lines);
	return buf_steal(&out);
}

char *lane_config(const struct lane *lane)
{
	char *own = read_config(lane->config), *base, *both;

	if (!own || !lane->base)
		return own;
	base = read_config(lane->base);
	both = base ? merge(base, own) : NULL;
	free(base);
	free(own);
	return both;
}

char *lane_key(const struct lane *lane)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char *text = lane_config(lane), *all, *key = NULL;
	unsigned int len = 0;

	if (!text)
		return NULL;
	all = xasprintf("%s %s%s%s\n%s", lane->arch, lane->source, lane->word ? " " : "",
			lane->word ? lane->word : "", text);
	if (EVP_Digest(all, strlen(all), digest, &len, EVP_sha256(), NULL) && len >= 8) {
		key = xmalloc(17);
		for (int i = 0; i < 8; i++)
			snprintf(key + 2 * i, 3, "%02x", digest[i]);
	}
	free(all);
	free(text);
	return key;
}

/* An option that has another value now was renamed, or needs another one. */
int lane_compare_config(const struct lane *lane, const char *config, const char *objects)
{
	char *path = xasprintf("%s/.config", objects), *is = read_whole(path, NULL);
	struct strlist lines = { 0 };
	struct buf lost = { 0 };
	int err = is ? 0 : -EIO;

	strlist_split(&lines, config, "\n");
	for (size_t i = 0; i < lines.count && !err; i++) {
		const char *line = lines.items[i];
		char *there = xasprintf("\n%s\n", line);

		if (str_starts(line, "CONFIG_") && !str_ends(line, "=n") &&
		    !strstr(is, there))
			buf_addf(&lost, "%s%s", lost.len ? ", " : "", line);
		free(there);
	}
	if (!err && lost.len) {
		complain(strf("this source does not take the configuration of the lane %s",
			      lane->name), strf("lost: %s", lost.data),
			 strf("mend %s", lane->config));
		err = -EINVAL;
	}
	buf_free(&lost);
	strlist_free(&lines);
	free(is);
	free(path);
	return err;
}
