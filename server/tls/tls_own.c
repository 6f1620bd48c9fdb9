#include "tls/tls_own.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tls/tls_certificate.h"
#include "util/file.h"
#include "util/ip.h"
#include "util/str.h"

#define DAY_S (24 * 3600)
#define VALID_S (397 * DAY_S) /* phones refuse longer ones */
#define RENEW_S (30 * DAY_S)  /* left when a new one is made */
#define EARLIER_S DAY_S       /* a phone's clock may be behind */
#define SERIAL_BYTES 16

static bool still_good(const char *file, const char *host, int64_t now_s)
{
    struct tls_certificate *certificate = NULL;
    struct tls_facts facts;
    bool good = false;
    struct err e;

    if (tls_certificate_read(file, file, now_s, &certificate, &e) == ERR_OK) {
        tls_certificate_facts(certificate, &facts);
        good = facts.until_s - now_s > RENEW_S && tls_certificate_names(certificate, host);
    }
    tls_certificate_free(certificate);
    return good;
}

static bool add_extension(X509 *leaf, int kind, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;
    bool added;

    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, leaf, leaf, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    added = extension && X509_add_ext(leaf, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

/* This host, and those by which the machine knows itself. */
static void write_names(const char *host, char *to, size_t size)
{
    char own[65] = "", bare[256], numeric[IP_SIZE];
    size_t len = strlen(host);

    if (host[0] == '[' && len > 2)
        str_copy_n(bare, sizeof bare, host + 1, len - 2);
    else
        str_copy(bare, sizeof bare, host);
    (void)!gethostname(own, sizeof own - 1);
    snprintf(to, size, "%s:%s,DNS:localhost,IP:127.0.0.1,IP:::1", ip_normal(bare, numeric) ? "IP" : "DNS", bare);
    if (own[0] && strspn(own, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == strlen(own))
        snprintf(to + strlen(to), size - strlen(to), ",DNS:%s,DNS:%s.local", own, own);
}

static bool set_serial(X509 *leaf)
{
    unsigned char bytes[SERIAL_BYTES];
    BIGNUM *number;
    bool set;

    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[0] &= 0x7f; /* RFC 5280 §4.1.2.2: positive */
    number = BN_bin2bn(bytes, sizeof bytes, NULL);
    set = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(leaf)) != NULL;
    BN_free(number);
    return set;
}

static bool fill(X509 *leaf, EVP_PKEY *key, const char *host, int64_t now_s)
{
    X509_NAME *name = X509_get_subject_name(leaf);
    char names[600];

    write_names(host, names, sizeof names);
    return X509_set_version(leaf, X509_VERSION_3) == 1 && set_serial(leaf) &&
           ASN1_TIME_set(X509_getm_notBefore(leaf), (time_t)(now_s - EARLIER_S)) != NULL &&
           ASN1_TIME_set(X509_getm_notAfter(leaf), (time_t)(now_s + VALID_S - EARLIER_S)) != NULL &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"Parlour", -1, -1, 0) == 1 &&
           X509_set_issuer_name(leaf, name) == 1 && X509_set_pubkey(leaf, key) == 1 &&
           add_extension(leaf, NID_subject_alt_name, names) &&
           add_extension(leaf, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(leaf, NID_key_usage, "critical,digitalSignature") &&
           add_extension(leaf, NID_ext_key_usage, "serverAuth") && X509_sign(leaf, key, EVP_sha256()) > 0;
}

static enum err_code keep(const char *file, X509 *leaf, EVP_PKEY *key, struct err *e)
{
    BIO *pem = BIO_new(BIO_s_secmem());
    enum err_code rc;
    char *text;
    long len;

    if (!pem || PEM_write_bio_X509(pem, leaf) != 1 ||
        PEM_write_bio_PrivateKey(pem, key, NULL, NULL, 0, NULL, NULL) != 1) {
        BIO_free(pem);
        return err_set(e, ERR_INTERNAL, "tls_failed", "the certificate could not be written as text");
    }
    len = BIO_get_mem_data(pem, &text);
    rc = file_write(file, text, (size_t)len, 0600, e);
    BIO_free(pem); /* wipes it */
    return rc;
}

enum err_code tls_own_keep(const char *file, const char *host, int64_t now_s, bool *made, struct err *e)
{
    enum err_code rc;
    EVP_PKEY *key;
    X509 *leaf;

    *made = false;
    if (still_good(file, host, now_s))
        return ERR_OK;
    key = EVP_EC_gen("P-256");
    leaf = X509_new();
    if (key && leaf && fill(leaf, key, host, now_s))
        rc = keep(file, leaf, key, e);
    else
        rc = err_set(e, ERR_INTERNAL, "tls_failed", "OpenSSL could not make a certificate for %.80s", host);
    *made = rc == ERR_OK;
    X509_free(leaf);
    EVP_PKEY_free(key);
    return rc;
}
