/* api_fields.h - the families of the route table, and what they share. Only for the files that hold a family, and for api_routes.c. */
#ifndef API_API_FIELDS_H
#define API_API_FIELDS_H

#include "http/http_call.h"
#include "http/http_route.h"

#define V1 "/api/v1"
/* clang-format off */
#define TEXT_EMAIL 254 /* bytes */
#define TEXT_NAME 256
#define TEXT_CODE 64
#define EMAIL(...) { "email", FIELD_TEXT, .min = 1, .max = TEXT_EMAIL, __VA_ARGS__ }
#define NAME(...) { "name", FIELD_TEXT, .max = TEXT_NAME, __VA_ARGS__ }
#define CODE(words) { "code", FIELD_TEXT, .required = true, .min = 1, .max = TEXT_CODE, .help = words }
#define PASSWORD(words) { "password", FIELD_TEXT, .required = true, .max = PASSWORD_MAX_BYTES, .help = words }
#define END { 0 }
/* clang-format on */
static const struct field NOTHING[] = { END }; /* an empty object, or no body */
static const struct field LOOKUP[] = { CODE("what follows the # of the link"), END };

/* Each ends with a zero entry. */
extern const struct route ROUTES_SETTINGS[], ROUTES_SETUP[], ROUTES_AUTH[], ROUTES_PASSWORD[], ROUTES_USERS[],
    ROUTES_ROOMS[], ROUTES_INVITATIONS[], ROUTES_ASKED[], ROUTES_LOOKUP[], ROUTES_JOIN[], ROUTES_DESK[], ROUTES_AUDIT[],
    ROUTES_SELFTEST[], ROUTES_QUALITY[], ROUTES_DOCTOR[];

#endif
