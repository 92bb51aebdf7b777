// SPDX-License-Identifier: GPL-2.0
/*
 * What greet and signmod must do
 *
 * The machine has a directory of modules, as an installed system has: depmod made
 * its tables, and modprobe is where the kernel looks for it. Then devices are
 * opened and languages are asked for, and nobody loads a module by hand.
 *
 * The last checks switch the enforcement of signatures on, for good: the kernel
 * has no way back. Where the workbook itself built the kernel, it can be made to
 * trust a new key; everywhere else a signed module is refused too, and the
 * kernel's log says why.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "check.h"
#include "check_store.h"

#define MISC_MAJOR	10
#define MINOR		250
#define NODE		"/tmp/greet"
#define UNSIGNED	"Loading of unsigned module is rejected"
#define NO_KEY		"Loading of module with unavailable key is rejected"

static void unload_all(void)
{
	mod_unload("german");
	mod_unload("french");
	mod_unload("greet");
}

static int last_opened = -1;	/* for a check that ends before its time */

static int open_node(void)
{
	unlink(NODE);
	ASSERT_OK(libc_ret(mknod(NODE, S_IFCHR | 0600, makedev(MISC_MAJOR, MINOR))));
	last_opened = libc_ret(open(NODE, O_RDWR | O_CLOEXEC));
	return last_opened;
}

static void close_node(int fd)
{
	close(fd);
	if (fd == last_opened)
		last_opened = -1;
}

static int choose(int fd, const char *language)
{
	return libc_ret(write(fd, language, strlen(language)));
}

static const char *said(int fd)
{
	static char text[256];
	ssize_t n = read(fd, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* The modules are there, and nothing is loaded. */
FIXTURE(store) { char text[12]; };

FIXTURE_SETUP(store)
{
	FILE *f;

	unload_all();
	store_make(NULL);
	check_random_word(self->text, sizeof(self->text));
	f = fopen(STORE_CONF, "w");
	ASSERT_NOTNULL(f);
	fprintf(f, "options german text=%s\noptions french text=%s\n",
		self->text, self->text);
	ASSERT_EQ(fclose(f), 0);
}

FIXTURE_TEARDOWN(store)
{
	(void)self;
	if (last_opened >= 0)
		close(last_opened);
	unload_all();
	EXPECT_FALSE(mod_loaded("german") || mod_loaded("french") || mod_loaded("greet"),
		     "A module cannot be unloaded when nobody uses it any more. Is each language that was held let go?");
}

CHECK_F(store, speaks, .title = "A language that is loaded can be chosen")
{
	char params[32], line[16];
	int fd;

	snprintf(params, sizeof(params), "text=%s", self->text);
	snprintf(line, sizeof(line), "%s\n", self->text);
	ASSERT_OK(mod_load("greet.ko", NULL));
	ASSERT_OK(mod_load("german.ko", params));
	fd = open_node();
	ASSERT_OK(fd);
	EXPECT_ERR(libc_ret(read(fd, line + 15, 1)), ENODATA);
	ASSERT_OK(choose(fd, "de"));
	EXPECT_STREQ(said(fd), line);
	EXPECT_STREQ(said(fd), "");
	close_node(fd);
}

CHECK_F(store, stays, .needs = "speaks",
	.title = "A chosen language's module stays, and no longer than that")
{
	int fd, other;

	ASSERT_OK(mod_load("greet.ko", NULL));
	ASSERT_OK(mod_load("german.ko", NULL));
	ASSERT_OK(mod_load("french.ko", NULL));
	fd = open_node();
	ASSERT_OK(fd);
	ASSERT_OK(choose(fd, "de"));
	EXPECT_EQ(mod_refcount("german"), 1,
		  "A file that is open has chosen German, so the module must be in use, once: try_module_get().");
	ASSERT_ERR(mod_unload("german"), EWOULDBLOCK,
		   "german was unloaded while an open file had chosen it. The next read would call code that is gone.");
	ASSERT_OK(choose(fd, "fr"));
	EXPECT_EQ(mod_refcount("german"), 0,
		  "The file has chosen another language since: the first one must be let go.");
	other = open_node();
	ASSERT_OK(other);
	ASSERT_OK(choose(other, "fr"));
	EXPECT_EQ(mod_refcount("french"), 2, "Two files have chosen French.");
	close_node(other);
	close_node(fd);
	EXPECT_EQ(mod_refcount("french"), 0, "Both files are closed.");
	for (int i = 0; i < 3; i++) {
		fd = open_node();
		ASSERT_OK(fd);
		ASSERT_OK(choose(fd, "fr"));
		ASSERT_OK(choose(fd, "fr"));
		close_node(fd);
	}
	EXPECT_EQ(mod_refcount("french"), 0,
		  "French was chosen twice through one file, and the file is closed.");
}

CHECK_F(store, named, .title = "depmod finds by which names the modules are asked for")
{
	static const struct { const char *name, *module; } wanted[] = {
		{ "char-major-10-250", "greet" },
		{ "greet-de", "german" }, { "greet-fr", "french" },
	};

	(void)self;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		char *module = store_lookup(wanted[i].name);

		EXPECT_STREQ(module ? module : "no module", wanted[i].module,
			     "The kernel asks for \"%s\". Which module depmod finds under this name:",
			     wanted[i].name);
		free(module);
	}
	EXPECT_TRUE(module_says("greet.ko", "alias=devname:greet"),
		    "greet.ko must say how its device node is to be called, or nobody makes one before it is loaded: MODULE_ALIAS(\"devname:...\").");
}

CHECK_F(store, opens, .needs = "speaks",
	.title = "Opening the device node loads greet")
{
	int fd;

	(void)self;
	ASSERT_FALSE(mod_loaded("greet"));
	fd = open_node();
	EXPECT_OK(fd,
		  "greet.ko lies below /lib/modules, and its device node was opened. The kernel asked modprobe for \"char-major-10-250\".");
	EXPECT_TRUE(mod_loaded("greet"));
	EXPECT_FALSE(mod_loaded("german"), "Nobody asked for German yet.");
	if (fd >= 0)
		close_node(fd);
}

CHECK_F(store, finds, .needs = "speaks",
	.title = "Choosing a language loads its module, and no other")
{
	static const char *const names[][2] = { { "de", "german" }, { "fr", "french" } };
	unsigned int first = check_random_range(0, 1);
	char line[16];
	int fd;

	snprintf(line, sizeof(line), "%s\n", self->text);
	ASSERT_OK(mod_load("greet.ko", NULL));
	fd = open_node();
	ASSERT_OK(fd);
	for (unsigned int i = 0; i < 2; i++) {
		const char *name = names[(first + i) % 2][0];
		const char *module = names[(first + i) % 2][1];

		EXPECT_FALSE(mod_loaded(module), "%s is loaded, and nobody asked for it.",
			     module);
		ASSERT_OK(choose(fd, name),
			  "greet must ask for the module \"greet-%s\", and then look again who offers the language.",
			  name);
		EXPECT_TRUE(mod_loaded(module));
		EXPECT_STREQ(said(fd), line,
			     "The text is from " STORE_CONF ".");
	}
	close_node(fd);
}

CHECK_F(store, refuses, .needs = "finds",
	.title = "What is no language is refused, and loads nothing")
{
	char word[10], alias[32];
	int fd;

	(void)self;
	ASSERT_OK(mod_load("greet.ko", NULL));
	fd = open_node();
	ASSERT_OK(fd);
	check_random_word(word, sizeof(word));
	EXPECT_ERR(choose(fd, word), ENOENT, "Nobody speaks '%s'.", word);
	EXPECT_ERR(choose(fd, "french"), ENOENT);
	EXPECT_FALSE(mod_loaded("french"),
		     "A user wrote the name of a module, and it was loaded. Whoever may open the device can then load any module of the system: ask for \"greet-\" and the name.");
	/* modprobe succeeds, and the language is still not there. */
	snprintf(alias, sizeof(alias), "greet-%s", word);
	store_alias(alias, "german");
	EXPECT_ERR(choose(fd, word), ENOENT,
		   "A module was loaded, but it does not offer '%s'. That modprobe was content says nothing.",
		   word);
	EXPECT_TRUE(mod_loaded("german"),
		    "depmod's table says since a moment ago that \"%s\" is german, and '%s' was asked for. Was the kernel asked for another name?",
		    alias, word);
	EXPECT_EQ(mod_refcount("german"), 0, "Nobody has chosen German.");
	close_node(fd);
}

/* Both begin with the module; returns how much is behind it. */
static size_t behind(const char *file, const char *is, const unsigned char **from)
{
	static unsigned char a[4 << 20], b[4 << 20];
	FILE *f = fopen(file, "rb"), *g = fopen(is, "rb");
	size_t alen, blen;

	ASSERT_NOTNULL(f);
	ASSERT_NOTNULL(g);
	alen = fread(a, 1, sizeof(a), f);
	blen = fread(b, 1, sizeof(b), g);
	fclose(f);
	fclose(g);
	ASSERT_GT(blen, alen, "%s is not longer than the module that was signed.", is);
	ASSERT_MEMEQ(a, b, alen, "The module's own bytes must stay as they are.");
	*from = b + alen;
	return blen - alen;
}

CHECK(signs, .deadline = 90, .title = "The kernel can read what signmod puts behind a module")
{
	static const char mark[] = "~Module signature appended~\n";
	const size_t mark_len = sizeof(mark) - 1;
	const unsigned char *from, *info;
	size_t len, der_len;
	int err;

	unload_all();
	key_new("stranger", false);
	sign_with("stranger", "greet.ko", "signed.ko");
	len = behind("greet.ko", "signed.ko", &from);
	ASSERT_GT(len, mark_len + 12 + 100, "There is no room for a signature in that.");
	ASSERT_MEMEQ(from + len - mark_len, mark, mark_len,
		     "The last bytes must be the line that the kernel looks for.");
	info = from + len - mark_len - 12;
	der_len = (size_t)info[8] << 24 | info[9] << 16 | info[10] << 8 | info[11];
	EXPECT_EQ(info[2], 2, "The third byte says of which kind the signature is: 2, PKCS#7.");
	EXPECT_EQ(der_len, len - mark_len - 12,
		  "The last four bytes are the length of the signature, the highest byte first.");
	for (int i = 0; i < 8; i++)
		if (i != 2)
			EXPECT_EQ(info[i], 0, "Byte %d before the length must be 0.", i);
	EXPECT_TRUE(signature_verifies("stranger", "greet.ko", "signed.ko"),
		    "What stands behind the module is no signature of it. Is it of all the bytes, as they are?");
	err = mod_load("signed.ko", NULL);
	EXPECT_OK(err,
		  "This kernel does not demand signatures, and still refuses: what stands behind the module cannot be read as a signature.");
	if (!err)
		EXPECT_OK(mod_unload("greet"));
}

CHECK(trusts, .needs = "signs", .deadline = 120, .title = "A trusted key makes a module trusted")
{
	char *taint;

	if (!kernel_is_ours())
		check_skip("this kernel was not built here; the lane locking was");
	key_new("own", true);
	sign_with("own", "greet.ko", "own.ko");
	EXPECT_FALSE(key_trusted("stranger"),
		     "Nobody that the kernel knows vouches for this key.");
	ASSERT_TRUE(key_trusted("own"));
	ASSERT_OK(mod_load("own.ko", NULL),
		  "The kernel trusts the key. Is the signature of the module's bytes, of all of them, as they are?");
	taint = file_read("/sys/module/greet/taint");
	ASSERT_NOTNULL(taint);
	EXPECT_STREQ(taint, "O\n",
		     "O is for a module from outside of the kernel's tree, E for one without a valid signature.");
	ASSERT_OK(mod_unload("greet"));
}

CHECK(demands, .title = "Where signatures are demanded, an unsigned module is refused")
{
	u64 mark = kmsg_mark();

	unload_all();
	enforce();
	EXPECT_ERR(mod_load("greet.ko", NULL), EKEYREJECTED);
	EXPECT_TRUE(kmsg_wait(mark, UNSIGNED, 2000));
}

CHECK(strangers, .needs = "signs", .title = "There, one that a stranger signed is refused too")
{
	u64 mark = kmsg_mark();
	char *log;

	unload_all();
	enforce();
	EXPECT_ERR(mod_load("signed.ko", NULL), EKEYREJECTED);
	log = kmsg_since(mark);
	EXPECT_MATCH(log, NO_KEY,
		     "The kernel could read the signature if this is what it misses: the key.");
	free(log);
}

CHECK(changed, .needs = "trusts", .title = "One that was changed after it was signed is refused")
{
	unsigned int at = check_random_range(1000, 2000);
	FILE *f = fopen("own.ko", "r+b");
	int byte;

	ASSERT_NOTNULL(f);
	ASSERT_EQ(fseek(f, at, SEEK_SET), 0);
	byte = fgetc(f);
	ASSERT_EQ(fseek(f, at, SEEK_SET), 0);
	fputc(byte ^ 1, f);
	ASSERT_EQ(fclose(f), 0);
	EXPECT_ERR(mod_load("own.ko", NULL), EKEYREJECTED,
		   "The signature must be of the module's bytes: of all of them.");
	unload_all();
}

CHECK(loads_trusted, .needs = "trusts", .deadline = 120, .title = "There, signed modules load")
{
	int fd;

	enforce();
	unload_all();
	store_make("own");
	fd = open_node();
	EXPECT_OK(fd,
		  "The modules below /lib/modules are signed, and the kernel trusts the key.");
	if (fd >= 0) {
		EXPECT_OK(choose(fd, "fr"));
		EXPECT_STREQ(said(fd), "Bonjour\n");
		close_node(fd);
	}
	unload_all();
}
