/* user.h - people with an account. Plain values; rules about names, e-mail addresses and roles. Any thread. */
#ifndef DOMAIN_USER_H
#define DOMAIN_USER_H

#include <stdbool.h>
#include <stdint.h>
#include "domain/id.h"
#include "util/err.h"

/* A one-time password link, however it was made, lasts over a weekend. */
#define USER_LINK_DAYS 3
#define USER_LINK_MS (USER_LINK_DAYS * 24 * 3600 * 1000LL)

enum user_role { USER_ADMIN, USER_HOST, USER_DESK, USER_ROLES };
enum user_state { USER_INVITED /* has no password yet */, USER_ACTIVE, USER_DISABLED, USER_STATES };

struct user {
    char id[ID_SIZE];
    char email[EMAIL_SIZE]; /* lower case; unique */
    char name[NAME_SIZE];   /* NFC, shown to others */
    enum user_role role;
    enum user_state state;
    char language[12];  /* "en", "ar" or "" for the practice's */
    char timezone[48];  /* IANA name or "" */
    int64_t created_ms; /* wall clock */
    int64_t revision;   /* rises with each change; the etag */
};

const char *user_role_name(enum user_role role); /* "admin", "host", "desk" */
bool user_role_from_name(const char *name, enum user_role *role);
const char *user_state_name(enum user_state state); /* "invited", "active", "disabled" */
/* A sign-in, last used at seen_ms, that has been idle for too long has ended: 12 h, for admins 1 h. */
bool user_is_idle(enum user_role role, int64_t seen_ms, int64_t now_ms);
/* 1-64 characters in composed form (NFC). Invisible characters are removed first and blanks become single spaces (visible.h);
 * control characters, private ones and more than 4 combining marks in a row are refused.
 * On success `to` holds the cleaned name. ERR_INVALID with `field`. */
MUST_CHECK enum err_code user_clean_name(const char *field, const char *from, char to[NAME_SIZE], struct err *e);
/* The same rules for other names (of rooms, of the practice), with another maximum length. `to` holds NAME_SIZE. */
MUST_CHECK enum err_code user_clean_label(const char *field, const char *from, int max_characters, char to[NAME_SIZE],
                                          struct err *e);
/* Converts to lower case, removes invisible characters, and checks the form a@b.c loosely. */
MUST_CHECK enum err_code user_clean_email(const char *from, char to[EMAIL_SIZE], struct err *e);

#endif
