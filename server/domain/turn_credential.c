#include "domain/turn_credential.h"

#include <stdio.h>
#include <string.h>

#include "domain/crypto.h"
#include "util/str.h"

void turn_credential_make(const char *secret, const char *participant_id, int64_t now_ms, int ttl_s,
                          struct turn_credential *out)
{
    uint8_t mac[20];

    snprintf(out->username, sizeof out->username, "%lld:%s", (long long)(now_ms / 1000 + ttl_s), participant_id);
    crypto_hmac_sha1(secret, strlen(secret), out->username, strlen(out->username), mac);
    _Static_assert(sizeof out->credential >= STR_BASE64_SIZE(sizeof mac), "base64 of the HMAC fits");
    str_base64(out->credential, mac, sizeof mac);
}
