// SPDX-License-Identifier: GPL-2.0
/* What the kernel forbids, and what has been done to it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "envreport.h"

#define LOCKDOWN	"sys/kernel/security/lockdown"
#define LSM		"sys/kernel/security/lsm"
#define SIG_ENFORCE	"sys/module/module/parameters/sig_enforce"
#define EFIVARS		"sys/firmware/efi/efivars/"
#define EFI_GLOBAL	"-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* "[none] integrity confidentiality": the one in brackets holds. */
static void probe_lockdown(struct report *report)
{
	char *text = root_read_line(report, LOCKDOWN);
	char *begin = text ? strchr(text, '[') : NULL;
	char *end = begin ? strchr(begin, ']') : NULL;

	if (end && end > begin + 1) {
		*end = '\0';
		add_fact(report, "lockdown", begin + 1, "/" LOCKDOWN);
	} else if (text) {
		add_fact(report, "lockdown", NULL,
			 "/" LOCKDOWN " has no level in brackets");
	} else if (errno == ENOENT && root_exists(report, LSM)) {
		add_fact(report, "lockdown", "unsupported",
			 "/" LSM " is there, /" LOCKDOWN " is not");
	} else if (errno == ENOENT) {
		add_fact(report, "lockdown", NULL,
			 "no /" LOCKDOWN ": is securityfs mounted?");
	} else {
		add_fact(report, "lockdown", NULL, "/" LOCKDOWN ": %s",
			 strerror(errno));
	}
	free(text);
}

static void probe_signatures(struct report *report)
{
	char *text = root_read_line(report, SIG_ENFORCE);

	if (text && !strcmp(text, "Y"))
		add_fact(report, "signatures", "enforced", "/" SIG_ENFORCE " is Y");
	else if (text && !strcmp(text, "N"))
		add_fact(report, "signatures", "optional", "/" SIG_ENFORCE " is N");
	else if (text)
		add_fact(report, "signatures", NULL,
			 "/" SIG_ENFORCE " is neither Y nor N");
	else if (errno != ENOENT)
		add_fact(report, "signatures", NULL, "/" SIG_ENFORCE ": %s",
			 strerror(errno));
	else if (root_exists(report, "sys/module"))
		add_fact(report, "signatures", "unsupported",
			 "no /" SIG_ENFORCE ": built without CONFIG_MODULE_SIG");
	else
		add_fact(report, "signatures", NULL,
			 "no /sys/module: is sysfs mounted?");
	free(text);
}

/* What becomes of a module that nobody has signed; the strongest reason. */
static void probe_unsigned(struct report *report)
{
	static const char name[] = "unsigned_modules";
	const char *signatures = fact_value(report, "signatures");
	const char *lockdown = fact_value(report, "lockdown");
	char *disabled = root_read_line(report,
					"proc/sys/kernel/modules_disabled");

	if (disabled && !strcmp(disabled, "1"))
		add_fact(report, name, "refused",
			 "kernel.modules_disabled is 1, until the next boot");
	else if (!strcmp(option_value(report, "CONFIG_MODULES"), "n"))
		add_fact(report, name, "refused", "built without CONFIG_MODULES");
	else if (!strcmp(signatures, "enforced"))
		add_fact(report, name, "refused", "signatures are enforced");
	else if (!strcmp(lockdown, "integrity") ||
		 !strcmp(lockdown, "confidentiality"))
		add_fact(report, name, "refused", "lockdown is %s", lockdown);
	else if (*signatures && *lockdown)
		add_fact(report, name, "accepted",
			 "signatures %s, lockdown %s", signatures, lockdown);
	else
		add_fact(report, name, NULL, "%s unknown",
			 *signatures ? "lockdown" : "signatures");
	free(disabled);
}

void probe_security(struct report *report)
{
	probe_lockdown(report);
	probe_signatures(report);
	probe_unsigned(report);
}

/*
 * A variable of the firmware that is one byte, 0 or 1; behind four bytes of
 * attributes. -1 and *why when there is no such thing.
 */
static int read_switch(struct report *report, const char *name, char **why)
{
	char *path = format(EFIVARS "%s" EFI_GLOBAL, name);
	size_t len;
	char *data = root_read(report, path, &len);
	int value = -1;

	if (!data && errno == ENOENT)
		*why = format("no variable %s: is efivarfs mounted?", name);
	else if (!data)
		*why = format("the variable %s: %s", name, strerror(errno));
	else if (len != 5)
		*why = format("the variable %s has %zu bytes, not 5", name, len);
	else if (data[4] != 0 && data[4] != 1)
		*why = format("the variable %s is %d, not 0 or 1", name,
			      (unsigned char)data[4]);
	else
		value = data[4];
	free(data);
	free(path);
	return value;
}

void probe_secure_boot(struct report *report)
{
	static const char name[] = "secure_boot";
	char *why = NULL, *ignored = NULL;
	int on;

	if (!root_exists(report, "sys/firmware")) {
		add_fact(report, name, NULL, "no /sys/firmware: is sysfs mounted?");
		return;
	}
	if (!root_exists(report, "sys/firmware/efi")) {
		add_fact(report, name, "no-efi",
			 "not started by EFI, or EFI hidden from it");
		return;
	}
	on = read_switch(report, "SecureBoot", &why);
	if (on < 0)
		add_fact(report, name, NULL, "%s", why);
	else if (!on)
		add_fact(report, name, "disabled", "the variable SecureBoot is 0");
	else if (read_switch(report, "SetupMode", &ignored) == 1)
		add_fact(report, name, "disabled",
			 "SecureBoot is 1, but so is SetupMode: nothing is verified");
	else
		add_fact(report, name, "enabled", "the variable SecureBoot is 1");
	free(why);
	free(ignored);
}

/* The bits of /proc/sys/kernel/tainted, in their order. */
static const struct {
	char letter;
	const char *meaning;
} taints[] = {
	{ 'P', "proprietary module" },
	{ 'F', "module loaded by force" },
	{ 'S', "CPU out of specification" },
	{ 'R', "module unloaded by force" },
	{ 'M', "machine check" },
	{ 'B', "bad page" },
	{ 'U', "asked for by userland" },
	{ 'D', "died: oops or BUG" },
	{ 'A', "ACPI table overridden" },
	{ 'W', "warning" },
	{ 'C', "staging driver" },
	{ 'I', "firmware bug worked around" },
	{ 'O', "out-of-tree module" },
	{ 'E', "unsigned module" },
	{ 'L', "soft lockup" },
	{ 'K', "live patch" },
	{ 'X', "auxiliary, for distributions" },
	{ 'T', "randomized structures" },
	{ 'N', "test module" },
};

void probe_taint(struct report *report)
{
	static const char path[] = "proc/sys/kernel/tainted";
	char *text = root_read_line(report, path), *end;
	unsigned long long bits;
	char *why = NULL;

	errno = text ? 0 : errno;
	bits = text ? strtoull(text, &end, 10) : 0;
	if (!text || errno || end == text || *end) {
		add_fact(report, "taint", NULL, "/%s: %s", path,
			 errno ? strerror(errno) : "not a number");
		free(text);
		return;
	}
	for (unsigned int i = 0; i < 64; i++) {
		char *more;

		if (!(bits >> i & 1))
			continue;
		if (i < ARRAY_SIZE(taints))
			more = format("%s%s%c: %s", why ? why : "",
				      why ? "; " : "", taints[i].letter,
				      taints[i].meaning);
		else
			more = format("%s%sbit %u: newer than this program",
				      why ? why : "", why ? "; " : "", i);
		free(why);
		why = more;
	}
	add_fact(report, "taint", text, "%s", why ? why : "nothing");
	free(why);
	free(text);
}
