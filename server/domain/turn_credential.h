/* turn_credential.h - short-lived TURN user and secret in the form of coturn's use-auth-secret. Pure. */
#ifndef DOMAIN_TURN_CREDENTIAL_H
#define DOMAIN_TURN_CREDENTIAL_H

#include <stdint.h>
#include "domain/id.h"

#define TURN_TTL_S 600

struct turn_credential {
    char username[ID_SIZE + 24]; /* <unix expiry>:<participant id> */
    char credential[32];         /* base64(HMAC-SHA1(secret, username)) */
};

void turn_credential_make(const char *secret, const char *participant_id, int64_t now_ms, int ttl_s,
                          struct turn_credential *out);

#endif
