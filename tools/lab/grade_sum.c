// SPDX-License-Identifier: GPL-2.0
/* Hashes and base64, with libcrypto; see grade.h. */
#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "grade.h"

struct sum {
	EVP_MD_CTX *context;
};

struct sum *sum_begin(void)
{
	struct sum *sum = xcalloc(1, sizeof(*sum));

	sum->context = EVP_MD_CTX_new();
	if (!sum->context || !EVP_DigestInit_ex(sum->context, EVP_sha256(), NULL)) {
		complain("SHA-256 cannot be had", "libcrypto refuses it", NULL);
		exit(LAB_FAULT);
	}
	return sum;
}

void sum_add(struct sum *sum, const void *data, size_t len)
{
	if (!EVP_DigestUpdate(sum->context, data, len)) {
		complain("SHA-256 failed", NULL, NULL);
		exit(LAB_FAULT);
	}
}

void sum_text(struct sum *sum, const char *text)
{
	sum_add(sum, text, strlen(text) + 1);
}

int sum_file(struct sum *sum, const char *path)
{
	size_t len;
	char *data = read_whole(path, &len);

	if (!data)
		return -errno;
	sum_add(sum, &len, sizeof(len));
	sum_add(sum, data, len);
	free(data);
	return 0;
}

char *sum_end(struct sum *sum)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int len = 0;
	struct buf out = { 0 };

	if (!EVP_DigestFinal_ex(sum->context, hash, &len)) {
		complain("SHA-256 failed", NULL, NULL);
		exit(LAB_FAULT);
	}
	for (unsigned int i = 0; i < len; i++)
		buf_addf(&out, "%02x", hash[i]);
	EVP_MD_CTX_free(sum->context);
	free(sum);
	return buf_steal(&out);
}

char *base64_encode(const void *data, size_t len)
{
	char *out = xmalloc((len + 2) / 3 * 4 + 1);

	EVP_EncodeBlock((unsigned char *)out, data, len);
	return out;
}

char *base64_decode(const char *text, size_t *len)
{
	size_t n = strlen(text);
	char *out = xmalloc(n / 4 * 3 + 1);
	int got = n % 4 ? -1 : EVP_DecodeBlock((unsigned char *)out,
					       (const unsigned char *)text, n);

	if (got < 0) {
		free(out);
		return NULL;
	}
	/* The padding's bytes are counted. */
	for (size_t i = n; i > 0 && text[i - 1] == '='; i--)
		got--;
	out[got] = '\0';
	*len = got;
	return out;
}
