#include "tls/tls_certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "util/buf.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/str.h"

#define FILE_MAX_BYTES (256 * 1024)
#define NO_PASSPHRASE (-1)

struct tls_certificate {
    X509 *leaf;
    STACK_OF(X509) * chain; /* those that issued it, in the order of the file */
    EVP_PKEY *key;
};

void tls_certificate_free(struct tls_certificate *certificate)
{
    if (!certificate)
        return;
    X509_free(certificate->leaf);
    sk_X509_pop_free(certificate->chain, X509_free);
    EVP_PKEY_free(certificate->key);
    mem_free(certificate);
}

/* ---- reading ---- */

static enum err_code read_leaf_and_chain(struct tls_certificate *certificate, const char *path, BIO *pem, struct err *e)
{
    X509 *next;

    certificate->leaf = PEM_read_bio_X509_AUX(pem, NULL, NULL, NULL);
    if (!certificate->leaf)
        return err_set(e, ERR_INVALID, "tls_no_certificate",
                       "%.100s holds no certificate in PEM form. Name the fullchain.pem of your "
                       "certificate",
                       path);
    while ((next = PEM_read_bio_X509(pem, NULL, NULL, NULL)) != NULL)
        if (sk_X509_push(certificate->chain, next) == 0)
            X509_free(next);
    ERR_clear_error();
    return ERR_OK;
}

/* A server that starts by itself has nobody to ask. */
static int no_passphrase(char *to, int size, int writes, void *asked)
{
    (void)to;
    (void)size;
    (void)writes;
    *(bool *)asked = true;
    return NO_PASSPHRASE;
}

static enum err_code read_key(struct tls_certificate *certificate, const char *path, BIO *pem, struct err *e)
{
    bool asked = false;

    certificate->key = PEM_read_bio_PrivateKey(pem, NULL, no_passphrase, &asked);
    ERR_clear_error();
    if (certificate->key)
        return ERR_OK;
    if (asked)
        return err_set(
            e, ERR_INVALID, "tls_key_locked",
            "the key in %.80s is locked with a passphrase. Write one without: openssl pkey -in FILE -out NEW", path);
    return err_set(e, ERR_INVALID, "tls_no_key",
                   "%.100s holds no private key in PEM form. Name the privkey.pem of your "
                   "certificate",
                   path);
}

static enum err_code read_pem(struct tls_certificate *certificate, const char *path,
                              enum err_code (*from)(struct tls_certificate *certificate, const char *path, BIO *pem,
                                                    struct err *e),
                              struct err *e)
{
    struct buf text = { .max = FILE_MAX_BYTES };
    enum err_code rc = file_read(path, &text, e);
    BIO *pem;

    if (rc == ERR_OK) {
        pem = BIO_new_mem_buf(buf_text(&text), (int)text.len);
        rc = pem ? from(certificate, path, pem, e)
                 : err_set(e, ERR_IO, "no_memory", "there is no memory for %.100s", path);
        BIO_free(pem);
    }
    buf_wipe(&text);
    return rc;
}

/* ---- checking ---- */

static int64_t seconds_of(const ASN1_TIME *t)
{
    struct tm tm = { 0 };

    return t && ASN1_TIME_to_tm(t, &tm) == 1 ? (int64_t)timegm(&tm) : 0;
}

static const char *day_of(int64_t s, char to[16])
{
    time_t at = (time_t)s;
    struct tm tm;

    if (!gmtime_r(&at, &tm) || strftime(to, 16, "%Y-%m-%d", &tm) == 0)
        str_copy(to, 16, "?");
    return to;
}

static enum err_code check(const struct tls_certificate *read, const char *certificate, const char *key, int64_t now_s,
                           struct err *e)
{
    int64_t from_s = seconds_of(X509_get0_notBefore(read->leaf)), until_s = seconds_of(X509_get0_notAfter(read->leaf));
    char day[16], today[16];

    if (X509_check_private_key(read->leaf, read->key) != 1) {
        ERR_clear_error();
        return err_set(
            e, ERR_INVALID, "tls_key_mismatch",
            "the key in %.80s does not belong to the first certificate in %.80s. Name the two files that were "
            "issued together",
            key, certificate);
    }
    if (now_s >= until_s)
        return err_set(e, ERR_INVALID, "tls_expired",
                       "the certificate in %.80s expired on %s. Renew it (with certbot: certbot renew)", certificate,
                       day_of(until_s, day));
    if (now_s < from_s)
        return err_set(
            e, ERR_INVALID, "tls_not_yet",
            "the certificate in %.80s is valid from %s on, and this machine's clock says %s. Set the clock, or "
            "wait",
            certificate, day_of(from_s, day), day_of(now_s, today));
    return ERR_OK;
}

enum err_code tls_certificate_read(const char *certificate, const char *key, int64_t now_s,
                                   struct tls_certificate **out, struct err *e)
{
    struct tls_certificate *read = mem_new(sizeof *read);
    enum err_code rc;

    read->chain = sk_X509_new_null();
    rc = read_pem(read, certificate, read_leaf_and_chain, e);
    if (rc == ERR_OK)
        rc = read_pem(read, key, read_key, e);
    if (rc == ERR_OK)
        rc = check(read, certificate, key, now_s, e);
    if (rc != ERR_OK) {
        tls_certificate_free(read);
        return rc;
    }
    *out = read;
    return ERR_OK;
}

/* ---- telling ---- */

static void write_fingerprint(const X509 *leaf, char to[TLS_FINGERPRINT_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    to[0] = '\0';
    if (X509_digest(leaf, EVP_sha256(), digest, &len) != 1)
        return;
    for (unsigned i = 0; i < len && i < TLS_FINGERPRINT_SIZE / 3; i++)
        snprintf(to + 3 * i, 4, i + 1 < len ? "%02X:" : "%02X", digest[i]);
}

void tls_certificate_facts(const struct tls_certificate *certificate, struct tls_facts *out)
{
    *out = (struct tls_facts){
        .from_s = seconds_of(X509_get0_notBefore(certificate->leaf)),
        .until_s = seconds_of(X509_get0_notAfter(certificate->leaf)),
        .lacks_chain = sk_X509_num(certificate->chain) == 0 && X509_self_signed(certificate->leaf, 0) == 0,
    };
    write_fingerprint(certificate->leaf, out->fingerprint);
}

bool tls_certificate_names(const struct tls_certificate *certificate, const char *host)
{
    char bare[256];
    size_t len = strlen(host);

    if (host[0] == '[' && len > 2)
        str_copy_n(bare, sizeof bare, host + 1, len - 2);
    else
        str_copy(bare, sizeof bare, host);
    return X509_check_ip_asc(certificate->leaf, bare, 0) == 1 ||
           X509_check_host(certificate->leaf, bare, 0, 0, NULL) == 1;
}

enum err_code tls_certificate_use(const struct tls_certificate *certificate, SSL_CTX *context, struct err *e)
{
    const char *why;

    if (SSL_CTX_use_cert_and_key(context, certificate->leaf, certificate->key, certificate->chain, 1) == 1)
        return ERR_OK;
    why = ERR_reason_error_string(ERR_peek_last_error());
    err_set(
        e, ERR_INVALID, "tls_refused",
        "OpenSSL does not accept the certificate: %.60s. Get one with a key of at least 2048 bits (RSA) or a P-256 key",
        why ? why : "unknown");
    ERR_clear_error();
    return ERR_INVALID;
}
