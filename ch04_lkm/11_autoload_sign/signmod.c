// SPDX-License-Identifier: GPL-2.0
/*
 * signmod KEY CERTIFICATE MODULE SIGNED: signs a kernel module
 *
 * KEY and CERTIFICATE are PEM files. SIGNED is the module, byte for byte, and
 * what the kernel looks for behind it: a signature, 12 bytes that say what it
 * is, and a line of text.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <stdnoreturn.h>

#define MARK	"~Module signature appended~\n"

static noreturn void die(const char *what)
{
	fprintf(stderr, "signmod: %s: %s\n", what, strerror(errno));
	exit(1);
}

static noreturn void die_ssl(const char *what)
{
	fprintf(stderr, "signmod: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(1);
}

static BIO *open_pem(const char *path)
{
	BIO *in = BIO_new_file(path, "r");

	if (!in)
		die_ssl(path);
	return in;
}

static EVP_PKEY *read_key(const char *path)
{
	BIO *in = open_pem(path);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);

	if (!key)
		die_ssl(path);
	BIO_free(in);
	return key;
}

static X509 *read_certificate(const char *path)
{
	BIO *in = open_pem(path);
	X509 *certificate = PEM_read_bio_X509(in, NULL, NULL, NULL);

	if (!certificate)
		die_ssl(path);
	BIO_free(in);
	return certificate;
}

static unsigned char *read_file(const char *path, size_t *len)
{
	FILE *in = fopen(path, "rb");
	unsigned char *data = NULL;
	long size = -1;

	if (in && !fseek(in, 0, SEEK_END))
		size = ftell(in);
	if (size >= 0 && !fseek(in, 0, SEEK_SET))
		data = malloc(size + 1);
	if (!data || fread(data, 1, size, in) != (size_t)size)
		die(path);
	fclose(in);
	*len = size;
	return data;
}

static void put(FILE *out, const void *data, size_t len)
{
	if (fwrite(data, 1, len, out) != len)
		die("write");
}

/*
 * The signature of these bytes: a CMS message in DER, which does not hold the
 * bytes themselves. NULL when it cannot be made.
 */
static unsigned char *make_signature(EVP_PKEY *key, X509 *certificate,
				     const unsigned char *data, size_t len,
				     size_t *der_len)
{
	unsigned char *der = NULL;

	*der_len = 0;
	/* TODO 1: sign with CMS_sign(), encode with i2d_CMS_ContentInfo() */
	(void)key;
	(void)certificate;
	(void)data;
	(void)len;
	/* END TODO 1 */
	return der;
}

/* What stands behind the signature. */
static void put_trailer(FILE *out, size_t der_len)
{
	/* TODO 2: the 12 bytes; the README says what is in them */
	(void)der_len;
	/* END TODO 2 */
	put(out, MARK, strlen(MARK));
}

int main(int argc, char *argv[])
{
	unsigned char *module, *der;
	size_t len, der_len;
	X509 *certificate;
	EVP_PKEY *key;
	FILE *out;

	if (argc != 5) {
		fputs("Usage: signmod KEY CERTIFICATE MODULE SIGNED\n", stderr);
		return 2;
	}
	key = read_key(argv[1]);
	certificate = read_certificate(argv[2]);
	module = read_file(argv[3], &len);
	der = make_signature(key, certificate, module, len, &der_len);
	if (!der)
		die_ssl("no signature was made");
	out = fopen(argv[4], "wb");
	if (!out)
		die(argv[4]);
	put(out, module, len);
	put(out, der, der_len);
	put_trailer(out, der_len);
	if (fclose(out))
		die(argv[4]);
	OPENSSL_free(der);
	free(module);
	X509_free(certificate);
	EVP_PKEY_free(key);
	return 0;
}
