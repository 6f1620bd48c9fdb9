/* room_fields.h - copies the members of a room from a request body into its rules. Pure: no store, no hub. */
#ifndef API_ROOM_FIELDS_H
#define API_ROOM_FIELDS_H

#include <jansson.h>
#include "domain/crypto.h"
#include "domain/room_rules.h"
#include "util/err.h"

void room_fields_defaults(struct room_rules *rules); /* zeroes, then the defaults of the contract */
/* Takes over each member of `body` (already checked against the route's field table); null clears where that is allowed.
 * A changed consent text increments its version. ERR_INVALID with the field; *r is then half changed and must not be stored. */
MUST_CHECK enum err_code room_fields_apply(struct room_rules *rules, const json_t *body,
                                           const uint8_t pin_key[KEY_BYTES], struct err *e);
/* The rules of a room's name, 80 characters at most. ERR_INVALID with the field. */
MUST_CHECK enum err_code room_fields_name(struct room_rules *rules, const char *name, struct err *e);
/* Keyed, so that the few possible PINs cannot be tried against a stolen database without the master key. */
void room_pin_hash(const uint8_t pin_key[KEY_BYTES], const char *room_id, const char *pin, uint8_t hash[HASH_BYTES]);

#endif
