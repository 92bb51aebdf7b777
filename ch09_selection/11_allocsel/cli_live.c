// SPDX-License-Identifier: GPL-2.0
/*
 * --live: the module decides, performs and proves; then the memory is used
 * from here, where that can be done.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "allocsel_uapi.h"
#include "cli.h"

#define DEVICE "/dev/allocsel"
#define REPORT_LEN 8192

static int open_device(void)
{
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	fprintf(stderr, "allocsel: cannot open %s: %s\n", DEVICE,
		strerror(errno));
	if (errno == ENOENT)
		fputs("  why: the module is not loaded\n"
		      "  mend: sudo insmod allocsel.ko\n", stderr);
	else if (errno == EACCES || errno == EPERM)
		fputs("  why: memory of the kernel is not for everybody\n"
		      "  mend: run it with sudo\n", stderr);
	return -1;
}

static struct allocsel_request request_of(const struct alloc_request *req)
{
	return (struct allocsel_request) {
		.size = sizeof(struct allocsel_request),
		.version = ALLOCSEL_VERSION,
		.bytes = req->size, .nmemb = req->nmemb, .node = req->node,
		.when = req->when, .who = req->who, .ctx = req->ctx,
		.contig = req->contig, .dma = req->dma, .need = req->need,
		.life = req->life,
		.flags = (req->many ? ALLOCSEL_MANY : 0) |
			 (req->percpu ? ALLOCSEL_PERCPU : 0) |
			 (req->zero ? ALLOCSEL_ZERO : 0) |
			 (req->user_map ? ALLOCSEL_USER_MAP : 0) |
			 (req->account ? ALLOCSEL_ACCOUNT : 0),
	};
}

/* Writes to every page through one mapping and reads through another. */
static const char *try_map(int fd, const struct allocsel_request *r)
{
	const char *verdict = "written and read by this program";
	unsigned char *one, *two;
	size_t page;

	one = mmap(NULL, r->length, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		   ALLOCSEL_MAP_OFFSET(r->handle));
	if (one == MAP_FAILED)
		return strerror(errno);
	two = mmap(NULL, r->length, PROT_READ, MAP_SHARED, fd,
		   ALLOCSEL_MAP_OFFSET(r->handle));
	if (two == MAP_FAILED) {
		munmap(one, r->length);
		return strerror(errno);
	}
	for (page = 0; page < r->length; page += 4096)
		if (one[page])
			verdict = "it was not cleared";
	for (page = 0; page < r->length; page += 4096)
		one[page] = page / 4096 + 1;
	for (page = 0; page < r->length; page += 4096)
		if (two[page] != (unsigned char)(page / 4096 + 1))
			verdict = "what was written did not arrive";
	munmap(two, r->length);
	munmap(one, r->length);
	return verdict;
}

static void free_handle(int fd, __u32 number)
{
	struct allocsel_handle handle = {
		.size = sizeof(handle), .version = ALLOCSEL_VERSION,
		.handle = number,
	};

	/* Closing the file would free it as well. */
	if (ioctl(fd, ALLOCSEL_FREE, &handle))
		perror("allocsel: the memory could not be freed");
}

static void print_json(const struct allocsel_request *r, const char *report,
		       const char *mapped)
{
	printf("{");
	json_member("api", r->api, true);
	json_member("errno", alloc_errno_name(r->err), false);
	json_key("rule", false);
	printf("%u", r->rule);
	json_key("gfp", false);
	printf("%u", r->gfp);
	json_key("properties", false);
	printf("%u", r->checked);
	json_key("failed", false);
	printf("%u", r->failed);
	json_member("mapped", mapped, false);
	json_member("report", report, false);
	printf("}\n");
}

static int ask(const struct cli *cli, int fd, char *report)
{
	struct allocsel_request r = request_of(&cli->in.req);
	const char *mapped = NULL;

	r.report = (unsigned long)report;
	r.report_len = REPORT_LEN;
	if (ioctl(fd, ALLOCSEL_ALLOC, &r)) {
		fprintf(stderr, "allocsel: the module refused the call: %s\n",
			strerror(errno));
		return CLI_MACHINE;
	}
	report[REPORT_LEN - 1] = '\0';
	if (r.length)
		mapped = try_map(fd, &r);
	if (cli->json)
		print_json(&r, report, mapped);
	else
		fputs(report, stdout);
	if (mapped && !cli->json)
		printf("mapped: %s\n", mapped);
	if (r.handle)
		free_handle(fd, r.handle);
	return r.failed ? CLI_BAD_INPUT : CLI_OK;
}

int cli_live(const struct cli *cli)
{
	char *report;
	int status;
	int fd;

	if (cli->in.given >> ALLOC_KEY_KERNEL) {
		fputs("allocsel: --live asks this machine; leave its keys out\n",
		      stderr);
		return CLI_USAGE;
	}
	fd = open_device();
	if (fd < 0)
		return CLI_MACHINE;
	report = calloc(1, REPORT_LEN);
	status = report ? ask(cli, fd, report) : CLI_MACHINE;
	free(report);
	close(fd);
	return status;
}
