// SPDX-License-Identifier: GPL-2.0
/*
 * maintainer - take the mail in driver.patch in; complete, not to be changed
 *
 *	maintainer SOURCE KDIR	judge it, and leave the reports that the check reads
 *	maintainer SOURCE	only make the repository tree, with the patch in it
 *
 * What comes by mail is not to be trusted: a patch may name any file, a makefile and a
 * Kconfig file can start programs. So git says first which files the patch touches, and
 * nothing is used that intake.c does not let through.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "intake.h"

#define LOG		".maintainer.log"
#define DIR_MISC	"drivers/misc"
#define KBUILD		"make", "-s", "--no-print-directory", "-C", kdir, \
			"CONFIG_DEBUG_INFO_BTF_MODULES=", "W=1"

static char *read_text(const char *path)
{
	FILE *in = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (!in)
		die(path);
	/* Up to a NUL, which no text has, or to the end. */
	if (getdelim(&text, &size, '\0', in) < 0) {
		if (ferror(in))
			die(path);
		free(text);
		text = strdup("");
	}
	fclose(in);
	if (!text)
		die(path);
	return text;
}

static void write_text(const char *path, const char *text)
{
	FILE *out = fopen(path, "we");

	if (!out || fputs(text, out) < 0 || fclose(out))
		die(path);
}

static void copy(const char *from, const char *to)
{
	if (run("/dev/null", "cp", from, to))
		die(to);
}

#define must(...) check(run(LOG, __VA_ARGS__))
static void check(int status)
{
	if (status) {
		fputs(read_text(LOG), stderr);
		die("a program that must not fail");
	}
}

/* The mail is what stands between the two marks. */
static void cut_mail(void)
{
	char *text = read_text("driver.patch"), *mail, *end;

	mail = strstr(text, "# TODO 1");
	mail = mail ? strchr(mail, '\n') : NULL;
	end = mail ? strstr(mail, "\n# END TODO 1") : NULL;
	if (!end) {
		write_text("mail", "");
		return;
	}
	end[1] = '\0';
	write_text("mail", mail + 1);
}

/* A repository with the two files of the kernel's that the patch changes. */
static void make_tree(const char *tree, const char *source)
{
	static const char *const files[] = { DIR_MISC "/Kconfig", DIR_MISC "/Makefile" };
	char from[4096], to[256];

	must("rm", "-rf", tree);
	snprintf(to, sizeof(to), "%s/" DIR_MISC, tree);
	must("mkdir", "-p", to);
	for (int i = 0; i < 2; i++) {
		snprintf(from, sizeof(from), "%s/%s", source, files[i]);
		snprintf(to, sizeof(to), "%s/%s", tree, files[i]);
		copy(from, to);
		if (chmod(to, 0644))
			die(to);
	}
	must(GIT(tree), "init", "--quiet", "--template=", "--initial-branch=main");
	must(GIT(tree), "add", ".");
	must(GIT(tree), "commit", "--quiet", "-m", "The tree that the patch is for");
	must(GIT(tree), "tag", "base");
}

static int apply(const char *tree, const char *report)
{
	return run(report, GIT(tree), "am", "--quiet", "../mail");
}

/* NULL, or why the mail was not taken. */
static const char *take_in(void)
{
	static char why[512];
	char *text;

	if (run("intake.report", GIT(".tree"), "apply", "--numstat", "../mail"))
		return "git finds no patch in it, or a broken one:";
	text = read_text("intake.report");
	if (!paths_allowed(text, why, sizeof(why)))
		return why;
	if (apply(".tree", "intake.report"))
		return "It does not apply to this tree:";
	must(GIT(".tree"), "rev-list", "--count", "base..HEAD");
	if (strcmp(read_text(LOG), "1\n"))
		return "There is more in it than one mail.";
	if (!regular_files(".tree/" DIR_MISC, why, sizeof(why)))
		return why;
	for (int i = 0; i < 2; i++) {
		const char *path = i ? DIR_MISC "/Kconfig" : DIR_MISC "/Makefile";

		must(GIT(".tree"), "diff", "-U0", "base", "HEAD", "--", path);
		text = read_text(LOG);
		if (!(i ? kconfig_allowed(text, why, sizeof(why))
			: makefile_allowed(text, why, sizeof(why))))
			return why;
		if (!i)
			write_text(".tree/added", added_lines(text));
	}
	return NULL;
}

/* obj-y and obj-m, as the added lines of the makefile set them for a value. */
static void show_lists(void)
{
	static const char *const values[] = {
		"CONFIG_FINGERPRINT=y", "CONFIG_FINGERPRINT=m", "CONFIG_FINGERPRINT=",
	};
	char text[1024] = "", *out;

	for (int i = 0; i < 3; i++) {
		/* Make's complaint about the lines, if there is one, is what is shown. */
		run(LOG, "make", "-s", "--no-print-directory", "-f", ".tree/added",
		    "--eval=show: ; @echo 'y:$(obj-y) m:$(obj-m)'", values[i], "show");
		out = read_text(LOG);
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s %.300s",
			 i < 2 ? values[i] + strlen("CONFIG_FINGERPRINT=") : "n", out);
		free(out);
	}
	write_text("lists", text);
}

/* kbuild works in a directory of its own, with the driver and the added lines. */
static void build(const char *kdir, bool module)
{
	const char *dir = module ? ".m" : ".y";
	char m[4096], cwd[2048], to[64], made[64];

	if (!getcwd(cwd, sizeof(cwd)))
		die("getcwd");
	must("rm", "-rf", dir);
	must("mkdir", dir);
	snprintf(to, sizeof(to), "%s/Makefile", dir);
	copy(".tree/added", to);
	snprintf(to, sizeof(to), "%s/fingerprint.c", dir);
	if (!access(".tree/" DIR_MISC "/fingerprint.c", F_OK))
		copy(".tree/" DIR_MISC "/fingerprint.c", to);
	snprintf(m, sizeof(m), "M=%s/%s", cwd, dir);
	if (module)
		run("module.report", KBUILD, m, "CONFIG_FINGERPRINT=m", "modules");
	else
		run("builtin.report", KBUILD, m, "CONFIG_FINGERPRINT=y", "fingerprint.o");
	snprintf(made, sizeof(made), "%s/fingerprint.%s", dir, module ? "ko" : "o");
	if (!access(made, F_OK))
		copy(made, module ? "fingerprint.ko" : "builtin.object");
}

static void judge(const char *source, const char *kdir)
{
	static const char *const reports[] = {
		"message", "checkpatch.report", "lists", "module.report", "builtin.report",
		"fingerprint.ko", "builtin.object",
	};
	char script[4096], *text, report[8192];
	const char *why;

	for (size_t i = 0; i < sizeof(reports) / sizeof(*reports); i++)
		write_text(reports[i], "");
	snprintf(script, sizeof(script), "%s/scripts/checkpatch.pl", source);
	/* MAINTAINERS is not in this small tree. */
	run("checkpatch.report", "perl", script, "--strict", "--no-tree", "--terse",
	    "--no-summary", "--ignore", "FILE_PATH_CHANGES", "mail");
	make_tree(".tree", source);
	why = take_in();
	text = read_text("intake.report");
	snprintf(report, sizeof(report), "%s\n%.4000s", why ? why : "taken", why ? text : "");
	write_text("intake.report", report);
	if (why)
		return;
	must(GIT(".tree"), "log", "-1", "--format=%an <%ae>%n%s%n%b");
	copy(LOG, "message");
	show_lists();
	build(kdir, true);
	build(kdir, false);
	write_text(".tree/taken", "");
}

int main(int argc, char **argv)
{
	if (argc != 2 && argc != 3) {
		fprintf(stderr, "maintainer SOURCE [KDIR]\n");
		return 2;
	}
	clean_environment();
	cut_mail();
	if (argc == 3) {
		judge(argv[1], argv[2]);
		return 0;
	}
	make_tree("tree", argv[1]);
	if (apply("tree", LOG)) {
		fputs(read_text(LOG), stderr);
		return 1;
	}
	return 0;
}
