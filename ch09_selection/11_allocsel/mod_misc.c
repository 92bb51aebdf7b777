// SPDX-License-Identifier: GPL-2.0
/*
 * For programs: /dev/allocsel, see allocsel_uapi.h.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "allocsel_uapi.h"
#include "mod_handle.h"
#include "mod_misc.h"
#include "mod_report.h"
#include "mod_safe.h"
#include "mod_stats.h"

static_assert(ALLOCSEL_NMI == (int)ALLOC_NMI);
static_assert(ALLOCSEL_NOFAIL == (int)ALLOC_NOFAIL);
static_assert(ALLOCSEL_DMA_COHERENT == (int)ALLOC_DMA_COHERENT);
static_assert(ALLOCSEL_SOFTIRQ == (int)PLACE_SOFTIRQ);
/* The same for programs of 32 and of 64 bits. */
static_assert(sizeof(struct allocsel_request) == 136);

static const struct alloc_selector *selector;

static int check_header(u32 size, u32 version, u32 reserved, size_t expected)
{
	if (size != expected || reserved)
		return -EINVAL;
	return version == ALLOCSEL_VERSION ? 0 : -EPROTONOSUPPORT;
}

static int check_request(const struct allocsel_request *r)
{
	int err = check_header(r->size, r->version, r->reserved, sizeof(*r));

	if (err)
		return err;
	if (r->flags & ~ALLOCSEL_FLAGS || r->node < ALLOCSEL_NODE_ANY ||
	    r->when > ALLOC_EARLY_BOOT || r->who > ALLOC_BUILTIN ||
	    r->ctx > ALLOC_NMI || r->contig > ALLOC_PHYS ||
	    r->dma > ALLOC_DMA_COHERENT || r->need > ALLOC_NOFAIL ||
	    r->life > ALLOC_DEVICE || r->place >= NR_PLACES)
		return -EINVAL;
	/* A name ends within its array. */
	return memchr(r->force, 0, sizeof(r->force)) ? 0 : -EINVAL;
}

static void job_from(struct job *job, const struct allocsel_request *r)
{
	mod_input_init(&job->in);
	job->in.req = (struct alloc_request) {
		.size = r->bytes, .nmemb = r->nmemb, .node = r->node,
		.when = r->when, .who = r->who, .ctx = r->ctx,
		.contig = r->contig, .dma = r->dma, .need = r->need,
		.life = r->life,
		.many = r->flags & ALLOCSEL_MANY,
		.percpu = r->flags & ALLOCSEL_PERCPU,
		.zero = r->flags & ALLOCSEL_ZERO,
		.user_map = r->flags & ALLOCSEL_USER_MAP,
		.account = r->flags & ALLOCSEL_ACCOUNT,
	};
	job->force = r->force[0] ? r->force : NULL;
	job->place = r->place;
}

static void answer(struct allocsel_request *r, const struct handle *handle)
{
	const struct job *job = &handle->job;

	r->rule = job->decision.rule ? job->decision.rule->number : 0;
	r->err = job->decision.err;
	r->gfp = (__force u32)job->gfp;
	r->checked = job->checked;
	r->failed = job->failed;
	r->handle = 0;
	r->length = job_has_memory(job) ? handle_length(handle) : 0;
	memset(r->api, 0, sizeof(r->api));
	strscpy(r->api, job->decision.api ?
		alloc_api_name(job->decision.api, &job->in.req) : "-",
		sizeof(r->api));
}

/* Performs the job of a handle; without memory nothing is left of it. */
static int perform(struct opener *opener, struct handle *handle)
{
	const char *why = job_why_not(&handle->job);
	struct job *job = &handle->job;
	int err;

	if (why) {
		seq_buf_printf(job->out, "not performed: %s\n", why);
		return 0;
	}
	err = handle_reserve(opener, handle);
	if (err)
		return err;
	job_get(job);
	if (job_has_memory(job)) {
		seq_buf_printf(job->out, "proof: %u of %u properties hold\n",
			       job->checked - job->failed, job->checked);
		return 0;
	}
	job_put(job);
	handle_unreserve(opener, handle);
	return 0;
}

static int copy_report(struct allocsel_request *r, struct report *report)
{
	size_t used = min_t(size_t, report_len(report), REPORT_SIZE - 1);
	size_t len = min_t(size_t, used + 1, r->report_len);

	report->text[used] = '\0';
	r->report_len = used + 1;
	if (len && copy_to_user(u64_to_user_ptr(r->report), report->text, len))
		return -EFAULT;
	return 0;
}

static int run_request(struct opener *opener, struct allocsel_request *r,
		       struct report *report, bool keep)
{
	struct handle *handle = kzalloc(sizeof(*handle), GFP_KERNEL);
	struct job *job;
	int err;

	if (!handle)
		return -ENOMEM;
	job = &handle->job;
	job_from(job, r);
	job->out = &report->buf;
	err = job_decide(job, selector);
	/* Without a rule there is an answer, too: none. */
	if (err == -EIO)
		err = 0;
	else if (!err && keep && !job->decision.err)
		err = perform(opener, handle);
	answer(r, handle);
	/* What the request and the report are in goes away. */
	job->force = NULL;
	job->out = NULL;
	if (!job_has_memory(job)) {
		kfree(handle);
		return err;
	}
	/* From here on another thread may free it. */
	return handle_publish(opener, handle, &r->handle);
}

static int ioctl_request(struct opener *opener, void __user *arg, bool keep)
{
	struct allocsel_request r;
	struct report report;
	int err;

	if (copy_from_user(&r, arg, sizeof(r)))
		return -EFAULT;
	err = check_request(&r);
	if (!err)
		err = report_init(&report);
	if (err)
		return err;
	err = run_request(opener, &r, &report, keep);
	if (!err)
		err = copy_report(&r, &report);
	if (!err && copy_to_user(arg, &r, sizeof(r)))
		err = -EFAULT;
	/* Nobody has learned the number: take it back. */
	if (err == -EFAULT && r.handle)
		handle_free(opener, r.handle);
	report_free(&report);
	return err;
}

static int ioctl_free(struct opener *opener, void __user *arg)
{
	struct allocsel_handle h;
	int err;

	if (copy_from_user(&h, arg, sizeof(h)))
		return -EFAULT;
	err = check_header(h.size, h.version, h.reserved, sizeof(h));
	return err ? err : handle_free(opener, h.handle);
}

static int ioctl_stats(struct opener *opener, void __user *arg)
{
	struct allocsel_stats *stats;
	u32 header[2];
	int err;

	if (copy_from_user(header, arg, sizeof(header)))
		return -EFAULT;
	err = check_header(header[0], header[1], 0, sizeof(*stats));
	if (err)
		return err;
	stats = kmalloc(sizeof(*stats), GFP_KERNEL);
	if (!stats)
		return -ENOMEM;
	stats_read(stats);
	stats->size = sizeof(*stats);
	stats->version = ALLOCSEL_VERSION;
	mutex_lock(&opener->lock);
	stats->handles = opener->count;
	stats->bytes = opener->bytes;
	mutex_unlock(&opener->lock);
	stats->limit = opener_limit();
	if (copy_to_user(arg, stats, sizeof(*stats)))
		err = -EFAULT;
	kfree(stats);
	return err;
}

static long misc_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct opener *opener = file->private_data;
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case ALLOCSEL_DECIDE:
		return ioctl_request(opener, user, false);
	case ALLOCSEL_ALLOC:
		return ioctl_request(opener, user, true);
	case ALLOCSEL_FREE:
		return ioctl_free(opener, user);
	case ALLOCSEL_STATS:
		return ioctl_stats(opener, user);
	default:
		return -ENOTTY;
	}
}

static int misc_open(struct inode *inode, struct file *file)
{
	/* Whoever can change the file's mode could let anybody in. */
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	file->private_data = opener_make();
	return file->private_data ? 0 : -ENOMEM;
}

static int misc_release(struct inode *inode, struct file *file)
{
	opener_free(file->private_data);
	return 0;
}

static int misc_mmap(struct file *file, struct vm_area_struct *vma)
{
	return handle_mmap(file->private_data, vma);
}

static const struct file_operations misc_ops = {
	.owner = THIS_MODULE,
	.open = misc_open,
	.release = misc_release,
	.unlocked_ioctl = misc_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = misc_mmap,
};

static struct miscdevice misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = KBUILD_MODNAME,
	.fops = &misc_ops,
	.mode = 0600,
};

int mod_misc_init(const struct alloc_selector *who)
{
	selector = who;
	return misc_register(&misc);
}

void mod_misc_exit(void)
{
	misc_deregister(&misc);
}
