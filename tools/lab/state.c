// SPDX-License-Identifier: GPL-2.0
/*
 * Saved machines. A guest is booted to "ready", stopped, and kept as two
 * files: its memory, which QEMU had mapped shared, and the devices' state. A
 * run maps the memory privately: it starts in the time that QEMU takes to
 * start, and leaves the files as they are, so that any number may run at once.
 *
 * The name of a state is the hash of all that it depends on.
 */
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache.h"
#include "vm_private.h"

/* Raised when the way of saving changes. */
#define STATE_FORMAT "2"

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
	hash_text(md, qemu_version());
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

bool state_exists(const char *key)
{
	char *path = state_path(key, "device");
	bool exists = is_file(path);

	free(path);
	return exists;
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
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	const char *wrong = NULL;

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
	struct vm vm;
	int err = vm_start(&vm, spec, accel, initramfs, MEMORY_SAVE, ram);

	if (err) {
		*why = vm.errors_in.len ? strf("%s", vm.errors_in.data)
					: "QEMU does not start";
	} else if (!vm_wait(&vm, &vm.ready, now_ms() + BOOT_SECONDS * 1000)) {
		char *console = vm_console(&vm);

		*why = strf("the guest did not get ready; its console ends:\n%.2000s",
			    strlen(console) > 2000 ?
			    console + strlen(console) - 2000 : console);
		free(console);
		err = -EIO;
	} else {
		*why = save(&vm, dir);
		err = *why ? -EIO : 0;
	}
	vm_stop(&vm);
	vm_clear(&vm);
	free(ram);
	return err;
}

int state_make(const char *key, const struct vm_spec *spec, enum accel accel,
	       const char *initramfs, const char **why)
{
	char *final = state_path(key, ""), *parent = cache_path("states");
	char *tmp = cache_tmpdir("state");
	int err = -EIO;

	*why = "the cache cannot be written";
	if (tmp) {
		err = make_in(tmp, spec, accel, initramfs, why);
		if (!err && (mkdir_p(parent) || rm_rf(final) ||
			     rename(tmp, final))) {
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
