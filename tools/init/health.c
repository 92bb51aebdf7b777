// SPDX-License-Identifier: GPL-2.0
/* What the kernel looks like after the job: the host judges it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "init.h"

#define KMEMLEAK "/sys/kernel/debug/kmemleak"
#define TEXT_MAX (256 << 10)
/* kmemleak keeps quiet about what is younger. */
#define LEAK_SECONDS 6

static char *read_text(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = fd < 0 ? NULL : malloc(TEXT_MAX + 1);
	size_t len = 0;
	ssize_t n;

	while (text && len < TEXT_MAX &&
	       (n = read(fd, text + len, TEXT_MAX - len)) > 0)
		len += n;
	if (text)
		text[len] = '\0';
	if (fd >= 0)
		close(fd);
	return text;
}

int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

static void send_text(const char *name, const char *path)
{
	char *text = read_text(path);

	if (text)
		channel_printf("health", "%s\n%s", name, text);
	free(text);
}

#define VMALLOCINFO "/proc/vmallocinfo"

static char *areas_before;

void health_begin(void)
{
	areas_before = read_text(VMALLOCINFO);
}

/*
 * "0xBEGIN-0xEND SIZE CALLER pages=… vmalloc": the caller has no name any more
 * when its module has gone, and the area should have gone with it.
 */
static void send_areas(void)
{
	char *now = read_text(VMALLOCINFO), *save = NULL;
	char *left = now ? calloc(1, strlen(now) + 1) : NULL;

	for (char *line = left ? strtok_r(now, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		char caller[32] = "", range[80] = "";

		if (sscanf(line, "%79s %*u %31s", range, caller) != 2 ||
		    strncmp(caller, "0x", 2) ||
		    (areas_before && strstr(areas_before, range)))
			continue;
		strcat(left, line);
		strcat(left, "\n");
	}
	if (left && *left)
		channel_printf("health", "vmalloc\n%s", left);
	free(left);
	free(now);
}

/* The second scan believes the first only where nothing has changed. */
char *health_leaks(void)
{
	if (access(KMEMLEAK, W_OK))
		return NULL;
	sleep(LEAK_SECONDS);
	if (write_text(KMEMLEAK, "scan") || write_text(KMEMLEAK, "scan"))
		return NULL;
	return read_text(KMEMLEAK);
}

void health_forget_leaks(void)
{
	write_text(KMEMLEAK, "clear");
}

void health_report(void)
{
	char *leaks;

	send_text("tainted", "/proc/sys/kernel/tainted");
	send_text("modules", "/proc/modules");
	/* The check program wrote there where its modules stood. */
	send_text("sections", LAB_DIR "/.sections");
	send_areas();
	leaks = health_leaks();
	if (leaks)
		channel_printf("health", "kmemleak\n%s", leaks);
	free(leaks);
	health_forget_leaks();
	pump_kmsg_rest();
}
