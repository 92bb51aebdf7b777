// SPDX-License-Identifier: GPL-2.0
/*
 * The second machine of a lab whose lab.ini has a [boot]: nothing is in it but
 * the kernel and the initramfs that the student's work made.
 */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "cache.h"
#include "judge.h"
#include "term.h"

static char *substitute(const char *text, const char *token)
{
	struct buf out = { 0 };
	const char *hit;

	while (text && (hit = strstr(text, "%TOKEN%"))) {
		buf_add(&out, text, hit - text);
		buf_adds(&out, token);
		text = hit + strlen("%TOKEN%");
	}
	buf_adds(&out, text ? text : "");
	return buf_steal(&out);
}

static bool console_says(const char *console, const char *pattern)
{
	regex_t compiled;
	bool says;

	if (regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB | REG_NEWLINE))
		return false;
	says = !regexec(&compiled, console, 0, NULL, 0);
	regfree(&compiled);
	return says;
}

void judge_boot(struct verdict *v, const struct kernel *k,
		const struct buf *archive)
{
	const struct lab_boot *boot = &v->lab->boot;
	struct buf said = { 0 };
	struct vm_report r = { 0 };
	struct progress *p;
	char token[13], *tmp, *path, *cmdline;
	bool good = true;
	size_t len;

	if (!archive) {
		ktap_add(&v->ktap, "boots", KTAP_SKIPPED,
			 "the checks before left no archive to boot", "");
		return;
	}
	for (size_t i = 0; i < sizeof(token) - 1; i++)
		token[i] = 'a' + (verdict_draw_seed() >> 7) % 26;
	token[sizeof(token) - 1] = '\0';
	tmp = cache_tmpdir("boot");
	if (!tmp) {
		verdict_fault(v, "the cache cannot be written");
		return;
	}
	path = xasprintf("%s/initramfs", tmp);
	cmdline = substitute(boot->cmdline, token);
	p = progress_begin("booting Linux %s with %s", k->release,
			   boot->initramfs);
	if (write_whole(path, archive->data, archive->len))
		verdict_fault(v, "the cache cannot be written");
	else
		vm_boot(k, path, cmdline, boot->seconds, &r);
	progress_drop(p);
	rm_rf(tmp);
	free(tmp);
	free(path);
	free(cmdline);
	if (v->code == LAB_FAULT)
		return;
	for (size_t i = 0; i < boot->says.count; i++) {
		char *pattern = substitute(boot->says.items[i], token);

		if (!console_says(r.console, pattern)) {
			buf_addf(&said, "The console should show a line that matches: %s\n",
				 pattern);
			good = false;
		}
		free(pattern);
	}
	if (r.end != VM_POWEROFF) {
		buf_addf(&said, "The machine should switch itself off, but %s.\n",
			 vm_end_text(r.end));
		good = false;
	}
	/* What the console did say, the last of it. */
	len = strlen(r.console);
	buf_addf(&said, "The console, from a boot with the token %s:\n%s",
		 token, r.console + (len > 1500 ? len - 1500 : 0));
	ktap_add(&v->ktap, "boots", good ? KTAP_PASSED : KTAP_FAILED, "",
		 good ? "" : said.data);
	if (r.end == VM_FAULT || r.end == VM_INTERRUPTED)
		verdict_fault(v, r.why ? r.why : "interrupted");
	else if (!good && v->code == LAB_PASSED)
		v->code = LAB_FAILED;
	v->run_ms += r.run_ms;
	buf_free(&said);
	vm_report_free(&r);
}
