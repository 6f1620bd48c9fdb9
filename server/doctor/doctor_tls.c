#include "doctor/doctor_tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "util/mem.h"
#include "util/str.h"

#define AUTHORITIES "/etc/ssl/certs/ca-certificates.crt"
#define DAY_S 86400

struct tls_client {
    SSL_CTX *context;
    SSL *ssl;
    bool has_list; /* authorities to trust */
};

static bool is_numeric(const char *name)
{
    unsigned char address[16];

    return inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1;
}

static bool expect_name(SSL *ssl, const char *name)
{
    if (is_numeric(name))
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) == 1;
    return SSL_set_tlsext_host_name(ssl, name) == 1 && SSL_set1_host(ssl, name) == 1;
}

static void load_authorities(struct tls_client *client)
{
    STACK_OF(X509_OBJECT) * known;

    (void)SSL_CTX_set_default_verify_paths(client->context); /* SSL_CERT_FILE, where somebody set it */
    known = X509_STORE_get0_objects(SSL_CTX_get_cert_store(client->context));
    if (sk_X509_OBJECT_num(known) == 0)
        (void)SSL_CTX_load_verify_locations(client->context, AUTHORITIES, NULL);
    known = X509_STORE_get0_objects(SSL_CTX_get_cert_store(client->context));
    client->has_list = sk_X509_OBJECT_num(known) > 0;
    ERR_clear_error();
}

struct tls_client *tls_client_new(int fd, const char *name)
{
    struct tls_client *client = mem_new(sizeof *client);

    client->context = SSL_CTX_new(TLS_client_method());
    if (client->context) {
        SSL_CTX_set_verify(client->context, SSL_VERIFY_NONE, NULL); /* judged afterwards */
        load_authorities(client);
        client->ssl = SSL_new(client->context);
    }
    if (!client->ssl || !expect_name(client->ssl, name) || SSL_set_fd(client->ssl, fd) != 1) {
        tls_client_free(client);
        return NULL;
    }
    SSL_set_connect_state(client->ssl);
    return client;
}

void tls_client_free(struct tls_client *client)
{
    if (!client)
        return;
    SSL_free(client->ssl);
    SSL_CTX_free(client->context);
    mem_free(client);
}

static int result_of(const struct tls_client *client, int rc)
{
    if (rc > 0)
        return 1;
    switch (SSL_get_error(client->ssl, rc)) {
    case SSL_ERROR_WANT_READ: return TLS_WANTS_READ;
    case SSL_ERROR_WANT_WRITE: return TLS_WANTS_WRITE;
    case SSL_ERROR_ZERO_RETURN: return 0;
    default: return TLS_FAILED;
    }
}

int tls_client_greet(struct tls_client *client)
{
    ERR_clear_error();
    return result_of(client, SSL_do_handshake(client->ssl));
}

int tls_client_read(struct tls_client *client, void *bytes, size_t size, size_t *len)
{
    ERR_clear_error();
    return result_of(client, SSL_read_ex(client->ssl, bytes, size, len));
}

int tls_client_write(struct tls_client *client, const void *bytes, size_t len, size_t *written)
{
    ERR_clear_error();
    return result_of(client, SSL_write_ex(client->ssl, bytes, len, written));
}

const char *tls_client_error(void)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());

    return reason ? reason : "the connection ended in the middle of the handshake";
}

/* ---- the certificate ---- */

static enum tls_verdict verdict_of(const struct tls_client *client, long result)
{
    switch (result) {
    case X509_V_OK: return TLS_TRUSTED;
    case X509_V_ERR_CERT_HAS_EXPIRED: return TLS_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID: return TLS_EARLY;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return TLS_OTHER_NAME;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return TLS_SELF_SIGNED;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return client->has_list ? TLS_INCOMPLETE : TLS_NO_LIST;
    default: return TLS_UNTRUSTED;
    }
}

static int64_t days_left(const STACK_OF(X509) * chain, int64_t now_ms)
{
    int64_t least = INT64_MAX;

    for (int i = 0; i < sk_X509_num(chain); i++) {
        struct tm end;
        int64_t left_s;

        if (ASN1_TIME_to_tm(X509_get0_notAfter(sk_X509_value(chain, i)), &end) != 1)
            continue;
        left_s = (int64_t)timegm(&end) - now_ms / 1000;
        left_s = left_s < 0 ? (left_s - DAY_S + 1) / DAY_S : left_s / DAY_S;
        least = left_s < least ? left_s : least;
    }
    return least == INT64_MAX ? 0 : least;
}

/* Printable characters only: a certificate comes from anybody. */
static void add_plain(char *to, size_t size, const void *text, int len)
{
    size_t at = strlen(to);

    for (int i = 0; i < len && at + 1 < size; i++) {
        const char c = ((const char *)text)[i];

        to[at++] = c;
        if (c < ' ' || c > '~')
            to[at - 1] = '?';
    }
    to[at] = '\0';
}

static void read_issuer(X509 *certificate, char *to, size_t size)
{
    X509_NAME *name = X509_get_issuer_name(certificate);
    int at = X509_NAME_get_index_by_NID(name, NID_organizationName, -1);
    const ASN1_STRING *text;

    if (at < 0)
        at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at < 0)
        return;
    text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
    add_plain(to, size, ASN1_STRING_get0_data(text), ASN1_STRING_length(text));
}

static void add_name(const GENERAL_NAME *name, char *to, size_t size)
{
    char text[INET6_ADDRSTRLEN];
    int len;

    if (name->type != GEN_DNS && name->type != GEN_IPADD)
        return;
    if (*to)
        add_plain(to, size, ", ", 2);
    len = ASN1_STRING_length(name->d.ia5);
    if (name->type == GEN_DNS)
        add_plain(to, size, ASN1_STRING_get0_data(name->d.ia5), len);
    else if ((len == 4 || len == 16) &&
             inet_ntop(len == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(name->d.ia5), text, sizeof text))
        add_plain(to, size, text, (int)strlen(text));
}

static void read_names(X509 *certificate, char *to, size_t size)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);

    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
        add_name(sk_GENERAL_NAME_value(names, i), to, size);
    GENERAL_NAMES_free(names);
}

void tls_client_look(const struct tls_client *client, int64_t now_ms, struct tls_seen *out)
{
    const STACK_OF(X509) *chain = SSL_get_peer_cert_chain(client->ssl);
    X509 *certificate = SSL_get0_peer_certificate(client->ssl);
    long result = SSL_get_verify_result(client->ssl);

    memset(out, 0, sizeof *out);
    out->verdict = certificate ? verdict_of(client, result) : TLS_UNTRUSTED;
    str_copy_n(out->reason, sizeof out->reason, X509_verify_cert_error_string(result),
               strnlen(X509_verify_cert_error_string(result), sizeof out->reason - 1));
    if (!certificate)
        return;
    out->days_left = days_left(chain, now_ms);
    read_issuer(certificate, out->issuer, sizeof out->issuer);
    read_names(certificate, out->names, sizeof out->names);
}
