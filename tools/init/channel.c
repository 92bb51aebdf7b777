// SPDX-License-Identifier: GPL-2.0
/* Frames on the port to the host. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>

#include "init.h"

#define PORT_NAME "wb.channel"
#define MAX_JOB (256u << 20)
/* In the initramfs, where the host gave it no other way. */
#define JOB_FILE "/job.cpio"

static int port = -1;
static char nonce[65] = "-";
static bool is_line;

int channel_fd(void)
{
	return port;
}

bool channel_is_line(void)
{
	return is_line;
}

/* The device of the port that the host named PORT_NAME, or -1. */
static int open_named_port(void)
{
	DIR *d = opendir("/sys/class/virtio-ports");
	struct dirent *e;
	int fd = -1;

	while (d && fd < 0 && (e = readdir(d))) {
		char path[512], name[64] = "";
		FILE *f;

		snprintf(path, sizeof(path),
			 "/sys/class/virtio-ports/%s/name", e->d_name);
		f = fopen(path, "re");
		if (!f)
			continue;
		if (fgets(name, sizeof(name), f))
			name[strcspn(name, "\n")] = '\0';
		fclose(f);
		if (strcmp(name, PORT_NAME))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", e->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC);
	}
	if (d)
		closedir(d);
	return fd;
}

/* A serial line named on the kernel command line: wb.channel=/dev/ttyS1. */
static int open_serial_line(void)
{
	char line[4096], *p;
	struct termios t;
	FILE *f = fopen("/proc/cmdline", "re");
	int fd = -1;

	if (!f)
		return -1;
	if (fgets(line, sizeof(line), f)) {
		p = strstr(line, "wb.channel=");
		if (p) {
			p += strlen("wb.channel=");
			p[strcspn(p, " \n")] = '\0';
			fd = open(p, O_RDWR | O_NOCTTY | O_CLOEXEC);
		}
	}
	fclose(f);
	if (fd >= 0 && !tcgetattr(fd, &t)) {
		cfmakeraw(&t);
		tcsetattr(fd, TCSANOW, &t);
		is_line = true;
	}
	return fd;
}

int channel_open(void)
{
	/* The port appears some time after its driver was loaded. */
	for (int tries = 0; tries < 500 && port < 0; tries++) {
		port = open_serial_line();
		if (port < 0)
			port = open_named_port();
		if (port < 0)
			usleep(10000);
	}
	if (port < 0) {
		printf("wb-init: no channel to the host\n");
		return -1;
	}
	return 0;
}

static void write_all(const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(port, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			usleep(1000);
			continue;
		}
		if (n <= 0)
			return;
		p += n;
		len -= n;
	}
}

void channel_send(const char *type, const void *data, size_t len)
{
	char head[128];
	size_t n = snprintf(head, sizeof(head), "WB1 %s %s %zu\n", nonce, type,
			    len);
	char *frame = malloc(n + len + 1);

	if (!frame)
		return;
	memcpy(frame, head, n);
	memcpy(frame + n, data, len);
	frame[n + len] = '\n';
	write_all(frame, n + len + 1);
	free(frame);
}

void channel_printf(const char *type, const char *fmt, ...)
{
	char *text;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	channel_send(type, text, n);
	free(text);
}

static int read_all(void *data, size_t len)
{
	char *p = data;

	while (len) {
		ssize_t n = read(port, p, len);

		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			return -1;
		if (!n) { /* the host has not connected yet */
			usleep(2000);
			continue;
		}
		p += n;
		len -= n;
	}
	return 0;
}

/* The job that was in the initramfs; NULL: none. */
static uint8_t *read_job_file(unsigned int *len)
{
	FILE *f = fopen(JOB_FILE, "re");
	uint8_t *data = NULL;
	long size = -1;

	if (!f)
		return NULL;
	if (!fseek(f, 0, SEEK_END))
		size = ftell(f);
	if (size > 0 && !fseek(f, 0, SEEK_SET)) {
		data = malloc(size);
		if (data && fread(data, size, 1, f) != 1) {
			free(data);
			data = NULL;
		}
		*len = size;
	}
	fclose(f);
	unlink(JOB_FILE);
	return data;
}

/* So many bytes over the port, or the file. */
static uint8_t *take_bytes(unsigned int *len)
{
	uint8_t *data;

	if (!*len)
		return read_job_file(len);
	data = malloc(*len);
	if (data && !read_all(data, *len))
		return data;
	free(data);
	return NULL;
}

int channel_take_job(void)
{
	char head[160];
	size_t n = 0;
	unsigned int len;
	const char *wrong;
	uint8_t *data;

	do {
		if (n == sizeof(head) - 1 || read_all(head + n, 1)) {
			channel_printf("error", "the job's header is garbled");
			return -1;
		}
	} while (head[n++] != '\n');
	head[n] = '\0';
	if (sscanf(head, "WBJOB1 %64s %u", nonce, &len) != 2 || len > MAX_JOB) {
		channel_printf("error", "the job's header is garbled");
		return -1;
	}
	data = take_bytes(&len);
	if (!data) {
		channel_printf("error", "cannot take %u bytes of job", len);
		return -1;
	}
	wrong = unpack_newc(LAB_DIR, data, len);
	free(data);
	if (wrong) {
		channel_printf("error", "%s", wrong);
		return -1;
	}
	channel_printf("started", "%u", len);
	return 0;
}
