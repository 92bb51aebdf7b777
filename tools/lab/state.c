// SPDX-License-Identifier: GPL-2.0
/*
 * Saved machines. A guest is booted to "ready", stopped, and kept as two
 * files: its memory, which QEMU had mapped shared, and the devices' state. A
 * run maps the memory privately: it starts in the time that QEMU takes to
 * start, and leaves the files as they are, so that any number may run at once.
 *
 * The name of a state is the hash of all that it depends on. The third file,
 * the seal, tells size and times of the two: who finds others there finds a
 * damaged state, and makes it anew.
 */
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cache.h"
#include "vm_private.h"

/* Raised when the way of saving changes. */
#define STATE_FORMAT "4"

/*
 * The kernel frees the code of its drivers' init functions some time later. A
 * machine saved with it would show it, as if it were a module's, to whoever compares
 * its memory after a run.
 */
#define SETTLE_MS 400

char *state_path(const char *key, const char *file)
{
	return cache_path("states/%s%s%s", key, *file ? "/" : "", file);
}

static void hash_text(EVP_MD_CTX *md, const char *text)
{
	EVP_DigestUpdate(md, text, strlen(text) + 1);
}

/* A file by its content when it is small, else by its identity. */
static int hash_file(EVP_MD_CTX *md, const char *path, bool content)
{
	struct stat st;
	size_t len;
	char *data;

	if (stat(path, &st))
		return -errno;
	if (!content) {
		hash_text(md, strf("%llu %llu %lld %lld.%09ld",
				   (unsigned long long)st.st_dev,
				   (unsigned long long)st.st_ino,
				   (long long)st.st_size,
				   (long long)st.st_mtim.tv_sec,
				   st.st_mtim.tv_nsec));
		return 0;
	}
	data = read_whole(path, &len);
	if (!data)
		return -errno;
	EVP_DigestUpdate(md, data, len);
	free(data);
	return 0;
}

char *state_key(const struct vm_spec *spec, enum accel accel,
		const char *initramfs)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	struct strlist argv = { 0 };
	unsigned int len = 0;
	char *key = NULL;

	if (!md || !EVP_DigestInit_ex(md, EVP_sha256(), NULL))
		goto out;
	vm_machine_args(spec, accel, &argv);
	hash_text(md, STATE_FORMAT);
	hash_text(md, qemu_identity());
	hash_text(md, spec->kernel->release);
	for (size_t i = 0; i < argv.count; i++)
		hash_text(md, argv.items[i]);
	if (hash_file(md, qemu_program(), false) ||
	    hash_file(md, spec->kernel->image, false) ||
	    hash_file(md, initramfs, true) ||
	    !EVP_DigestFinal_ex(md, digest, &len) || len < 16)
		goto out;
	key = xmalloc(33);
	for (int i = 0; i < 16; i++)
		snprintf(key + 2 * i, 3, "%02x", digest[i]);
out:
	EVP_MD_CTX_free(md);
	strlist_free(&argv);
	return key;
}

static char *read_seal(const char *dir)
{
	static const char *const files[] = { "ram", "device" };
	struct buf seal = { 0 };
	struct stat st;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (stat(strf("%s/%s", dir, files[i]), &st)) {
			buf_free(&seal);
			return NULL;
		}
		buf_addf(&seal, "%s %lld bytes, %lld.%09ld, %lld.%09ld\n",
			 files[i], (long long)st.st_size,
			 (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
			 (long long)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
	}
	return buf_steal(&seal);
}

/* The files first reach the disk: a seal must not outlive what it vouches for. */
static int put_seal(const char *dir)
{
	static const char *const files[] = { "ram", "device" };
	char *path, *seal;
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(files) && !err; i++) {
		int fd = open(strf("%s/%s", dir, files[i]),
			      O_RDWR | O_CLOEXEC);

		if (fd < 0 || fsync(fd))
			err = -errno;
		if (fd >= 0)
			close(fd);
	}
	seal = err ? NULL : read_seal(dir);
	path = xasprintf("%s/seal", dir);
	if (seal)
		err = write_whole(path, seal, strlen(seal));
	else if (!err)
		err = -EIO;
	free(path);
	free(seal);
	return err;
}

bool state_exists(const char *key)
{
	char *dir = state_path(key, ""), *path = state_path(key, "seal");
	char *is = read_seal(dir), *was = read_whole(path, NULL);
	bool whole = is && was && !strcmp(is, was);

	if (whole)	/* when it was last of use */
		utimensat(AT_FDCWD, dir, NULL, 0);
	free(is);
	free(was);
	free(path);
	free(dir);
	return whole;
}

void state_remove(const char *key)
{
	char *path = state_path(key, "");

	rm_rf(path);
	free(path);
}

static const char *save(struct vm *vm, const char *dir)
{
	char *path = xasprintf("%s/device", dir);
	bool never = false;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	const char *wrong = NULL;

	vm_wait(vm, &never, now_ms() + SETTLE_MS);
	if (fd < 0) {
		wrong = "the cache cannot be written";
	} else if (vm_command(vm, "stop", NULL, -1) ||
		   vm_share_memory(vm) ||
		   vm_command(vm, "getfd",
			      json_pack("{s:s}", "fdname", "state"), fd) ||
		   vm_command(vm, "migrate",
			      json_pack("{s:s}", "uri", "fd:state"), -1) ||
		   !vm_wait_migration(vm, now_ms() + 60000)) {
		wrong = "QEMU could not save the machine";
	}
	if (fd >= 0)
		close(fd);
	free(path);
	return wrong;
}

static int make_in(const char *dir, const struct vm_spec *spec,
		   enum accel accel, const char *initramfs, const char **why)
{
	char *ram = xasprintf("%s/ram", dir);
	int64_t deadline = now_ms() + BOOT_SECONDS * 1000;
	int err = -EIO;
	struct vm vm;

	if (vm_start(&vm, spec, accel, initramfs, MEMORY_SAVE, ram)) {
		*why = vm.errors_in.len ? strf("%s", vm.errors_in.data)
					: "QEMU does not start";
	} else if (!vm_wait(&vm, &vm.ready, deadline)) {
		char *console = vm_console(&vm);

		*why = vm_no_boot(&vm, console);
		free(console);
		/* QEMU's own trouble may be the saving's. */
		err = WIFEXITED(vm.exit_status) ? -ENXIO : -EIO;
	} else {
		*why = save(&vm, dir);
		err = *why ? -EIO : 0;
	}
	vm_stop(&vm);
	vm_clear(&vm);
	if (!err)
		state_thin(ram);
	free(ram);
	if (!err && put_seal(dir)) {
		*why = "the cache cannot be written";
		err = -EIO;
	}
	return err;
}

/* QEMU dies when the disk fills up under the guest's memory: look before. */
static bool room_for(const struct vm_spec *spec, const char **why)
{
	uint64_t bytes, want = spec->memory + 16;

	if (free_space(cache_dir(), &bytes) || bytes >> 20 >= want)
		return true;
	*why = strf("a saved machine takes up to %llu MiB, and the cache %s has %llu MiB left",
		    (unsigned long long)want, cache_dir(),
		    (unsigned long long)bytes >> 20);
	return false;
}

int state_make(const char *key, const struct vm_spec *spec, enum accel accel,
	       const char *initramfs, const char **why)
{
	char *final = state_path(key, ""), *parent = cache_path("states");
	char *tmp;
	int err;

	*why = "the cache cannot be used";
	if (is_dir(final))
		note("a saved machine was damaged, it is made anew: %s", final);
	state_remove(key);
	states_trim((uint64_t)spec->memory << 20);
	tmp = room_for(spec, why) ? cache_tmpdir("state") : NULL;
	err = tmp ? 0 : -ENOSPC;
	if (tmp) {
		err = make_in(tmp, spec, accel, initramfs, why);
		if (!err && (mkdir_p(parent) || rename(tmp, final))) {
			*why = "the cache cannot be written";
			err = -EIO;
		}
		rm_rf(tmp);
	}
	free(tmp);
	free(parent);
	free(final);
	return err;
}
