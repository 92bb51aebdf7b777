// SPDX-License-Identifier: GPL-2.0
/*
 * Keys for signing modules, and the kernel's trust in them
 *
 *	keys new NAME [BUILDER]	makes a key, NAME.key, and its certificate: in PEM
 *				NAME.pem, in DER NAME.x509. BUILDER is a PEM file
 *				with a key and a certificate that vouch for it;
 *				without, it vouches for itself.
 *	keys trust NAME		asks the running kernel to trust NAME.x509
 *	keys verify NAME MODULE SIGNED
 *				is SIGNED the module with a signature of it, and
 *				was that made with NAME.key?
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdnoreturn.h>

#define KEYRING	".secondary_trusted_keys"
/* Short: it is made in an emulated machine, and lives there for minutes. */
#define BITS	1024
#define MODULE_MAX (4 << 20)
#define DAYS	3650
#define TRAILER	(12 + sizeof("~Module signature appended~\n") - 1)

static noreturn void die_ssl(const char *what)
{
	fprintf(stderr, "keys: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(1);
}

static BIO *open_file(const char *name, const char *suffix, const char *mode)
{
	char path[4096];
	BIO *file;

	snprintf(path, sizeof(path), "%s%s", name, suffix);
	file = BIO_new_file(path, mode);
	if (!file)
		die_ssl(path);
	return file;
}

static void extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	if (!extension || !X509_add_ext(certificate, extension, -1))
		die_ssl(value);
	X509_EXTENSION_free(extension);
}

/* What the kernel compares: serial number, names, and the keys' identifiers. */
static X509 *certify(EVP_PKEY *key, const char *name, EVP_PKEY *by, X509 *issuer)
{
	X509 *c = X509_new();
	ASN1_INTEGER *serial = ASN1_INTEGER_new();
	BIGNUM *number = BN_new();
	X509_NAME *subject;

	if (!c || !serial || !number || !BN_rand(number, 63, 0, 0) ||
	    !BN_to_ASN1_INTEGER(number, serial) ||
	    !X509_set_version(c, 2) || !X509_set_serialNumber(c, serial) ||
	    !X509_gmtime_adj(X509_getm_notBefore(c), -86400) ||
	    !X509_gmtime_adj(X509_getm_notAfter(c), DAYS * 86400L) ||
	    !X509_set_pubkey(c, key))
		die_ssl("cannot make a certificate");
	subject = X509_get_subject_name(c);
	if (!X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
					(const unsigned char *)name, -1, -1, 0) ||
	    !X509_set_issuer_name(c, issuer ? X509_get_subject_name(issuer) : subject))
		die_ssl("cannot name the certificate");
	extend(c, issuer ? issuer : c, NID_subject_key_identifier, "hash");
	extend(c, issuer ? issuer : c, NID_authority_key_identifier, "keyid");
	extend(c, issuer ? issuer : c, NID_key_usage, "digitalSignature");
	if (!X509_sign(c, issuer ? by : key, EVP_sha256()))
		die_ssl("cannot sign the certificate");
	ASN1_INTEGER_free(serial);
	BN_free(number);
	return c;
}

static int make_new(const char *name, const char *builder)
{
	EVP_PKEY *key = EVP_RSA_gen(BITS), *by = NULL;
	X509 *certificate, *issuer = NULL;
	BIO *file;

	if (!key)
		die_ssl("cannot make a key");
	if (builder) {
		file = open_file(builder, "", "r");
		by = PEM_read_bio_PrivateKey(file, NULL, NULL, NULL);
		BIO_free(file);
		file = open_file(builder, "", "r");
		issuer = PEM_read_bio_X509(file, NULL, NULL, NULL);
		BIO_free(file);
		if (!by || !issuer)
			die_ssl(builder);
	}
	certificate = certify(key, name, by, issuer);
	file = open_file(name, ".key", "w");
	if (!PEM_write_bio_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL))
		die_ssl(name);
	BIO_free(file);
	file = open_file(name, ".pem", "w");
	if (!PEM_write_bio_X509(file, certificate))
		die_ssl(name);
	BIO_free(file);
	file = open_file(name, ".x509", "wb");
	if (!i2d_X509_bio(file, certificate))
		die_ssl(name);
	BIO_free(file);
	X509_free(certificate);
	X509_free(issuer);
	EVP_PKEY_free(key);
	EVP_PKEY_free(by);
	return 0;
}

/* /proc/keys: the number in hex, ..., "keyring", its name with a colon. */
static int find_keyring(void)
{
	FILE *f = fopen("/proc/keys", "re");
	unsigned int found = 0;
	char line[512];

	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, " " KEYRING ":"))
			found = strtoul(line, NULL, 16);
	if (f)
		fclose(f);
	return found;
}

static int ask_kernel(const char *name)
{
	int keyring = find_keyring();
	char der[8192];
	BIO *file;
	int len;

	if (!keyring) {
		fprintf(stderr, "keys: this kernel has no " KEYRING "\n");
		return 1;
	}
	file = open_file(name, ".x509", "rb");
	len = BIO_read(file, der, sizeof(der));
	BIO_free(file);
	if (len <= 0)
		die_ssl(name);
	if (syscall(SYS_add_key, "asymmetric", name, der, (size_t)len, keyring) < 0) {
		fprintf(stderr, "keys: the kernel does not trust %s: %s\n", name,
			strerror(errno));
		return 1;
	}
	return 0;
}

static unsigned char *read_all(const char *path, long *len)
{
	BIO *file = open_file(path, "", "rb");
	unsigned char *data;

	*len = 0;
	data = OPENSSL_malloc(MODULE_MAX);
	if (data)
		*len = BIO_read(file, data, MODULE_MAX);
	if (!data || *len <= 0)
		die_ssl(path);
	BIO_free(file);
	return data;
}

/* The kernel's own question, asked without a kernel. */
static int verify(const char *name, const char *path, const char *is)
{
	long len, signed_len;
	unsigned char *module = read_all(path, &len);
	unsigned char *both = read_all(is, &signed_len);
	const unsigned char *der = both + len;
	long der_len = signed_len - len - (long)TRAILER;
	struct stack_st_X509 *signers = sk_X509_new_null();
	BIO *in = BIO_new_mem_buf(module, len), *file = open_file(name, ".pem", "r");
	X509 *certificate = PEM_read_bio_X509(file, NULL, NULL, NULL);
	CMS_ContentInfo *cms;

	if (!in || !certificate || !signers || !sk_X509_push(signers, certificate))
		die_ssl(name);
	cms = der_len > 0 ? d2i_CMS_ContentInfo(NULL, &der, der_len) : NULL;
	if (!cms || !CMS_verify(cms, signers, NULL, in, NULL, CMS_BINARY |
				CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY)) {
		fprintf(stderr, "keys: %s is not signed by %s\n", is, name);
		return 1;
	}
	CMS_ContentInfo_free(cms);
	sk_X509_pop_free(signers, X509_free);
	BIO_free(file);
	BIO_free(in);
	OPENSSL_free(both);
	OPENSSL_free(module);
	return 0;
}

int main(int argc, char *argv[])
{
	if ((argc == 3 || argc == 4) && !strcmp(argv[1], "new"))
		return make_new(argv[2], argv[3]);
	if (argc == 3 && !strcmp(argv[1], "trust"))
		return ask_kernel(argv[2]);
	if (argc == 5 && !strcmp(argv[1], "verify"))
		return verify(argv[2], argv[3], argv[4]);
	fputs("Usage: keys new NAME [BUILDER]\n"
	      "       keys trust NAME\n"
	      "       keys verify NAME MODULE SIGNED\n", stderr);
	return 2;
}
