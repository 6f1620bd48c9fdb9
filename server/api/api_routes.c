/* The route table: what can be asked, by whom, with which members. The router checks these columns before a
 * handler runs, openapi.json is printed from them, and a walk in the tests proves that each refuses the wrong caller.
 * What the contract promises for later is not here (404), and later members of what is here are refused (`.later`). */
#include "api/api_routes.h"

#include "api/api_handlers.h"
#include "domain/password.h"
#include "domain/room_rules.h"

/* One line or two a row: the formatter would spread them. */
/* clang-format off */
#define TEXT_EMAIL 254 /* bytes */
#define TEXT_NAME 256
#define TEXT_CODE 64

#define EMAIL(...) { "email", FIELD_TEXT, .min = 1, .max = TEXT_EMAIL, __VA_ARGS__ }
#define NAME(...) { "name", FIELD_TEXT, .max = TEXT_NAME, __VA_ARGS__ }
#define CODE(words) { "code", FIELD_TEXT, .required = true, .min = 1, .max = TEXT_CODE, .help = words }
#define PASSWORD(words) { "password", FIELD_TEXT, .required = true, .max = PASSWORD_MAX_BYTES, .help = words }
#define END { 0 }

static const struct field NOTHING[] = { END }; /* an empty object, or no body */

static const struct field SETUP[] = {
    CODE("the setup code that the server printed"),
    { "practice", FIELD_TEXT, .required = true, .min = 1, .max = TEXT_NAME, .help = "name of the practice" },
    NAME(.required = true, .help = "name of the first administrator"),
    EMAIL(.required = true, .help = "address to sign in with"),
    PASSWORD("15 to 128 characters"),
    END,
};
static const struct field SIGN_IN[] = {
    EMAIL(.required = true),
    PASSWORD("the password"),
    { "totp", FIELD_TEXT, .later = true, .help = "second factor" },
    { "recovery", FIELD_TEXT, .later = true, .help = "recovery code" },
    END,
};
static const struct field PASSWORD_LINK[] = { CODE("from the link"), PASSWORD("the new password"), END };
static const struct field PASSWORD_OWN[] = {
    { "current", FIELD_TEXT, .required = true, .max = PASSWORD_MAX_BYTES, .help = "the password in force" },
    PASSWORD("the new one"),
    END,
};

#define PERSONAL                                                                                                       \
    { "language", FIELD_CHOICE, .nullable = true, .choices = "en|ar", .help = "null: the practice's" },               \
    { "timezone", FIELD_TEXT, .nullable = true, .max = 47, .help = "IANA name; null: the device's" }

static const struct field ME[] = { NAME(.min = 1, .help = "shown to others in calls"), PERSONAL, END };
static const struct field USER_CREATE[] = {
    EMAIL(.required = true, .help = "address to sign in with; never changes"),
    NAME(.required = true, .help = "shown to others in calls"),
    { "role", FIELD_CHOICE, .required = true, .choices = "admin|host|desk" },
    PERSONAL,
    END,
};
static const struct field USER_CHANGE[] = {
    NAME(.min = 1),
    { "role", FIELD_CHOICE, .choices = "admin|host|desk", .help = "another role ends the account's sign-ins" },
    { "disabled", FIELD_BOOL, .help = "true ends the account's sign-ins, voids its password link and refuses new sign-ins" },
    PERSONAL,
    END,
};

#define SWITCH(name, by_default, words) { #name, FIELD_BOOL, .help = words },
#define ROOM_RULES                                                                                                     \
    { "slug", FIELD_TEXT, .max = SLUG_SIZE - 1, .help = "in the address /r/<slug>; from the name when absent" },       \
    { "kind", FIELD_CHOICE, .later = true, .choices = "meeting", .help = "receptions come later" },                   \
    { "topology", FIELD_CHOICE, .later = true, .choices = "auto|p2p", .help = "how media flows; media servers come later" }, \
    ROOM_SWITCHES(SWITCH)                                                                                              \
    { "access", FIELD_CHOICE, .choices = "invited|link", .help = "whether guests need an invitation; default invited" }, \
    { "max_participants", FIELD_INT, .min = 2, .max = ROOM_PARTICIPANTS_LIMIT, .help = "inside at once; default 12. `capacity` says what holds: at most 4 peer to peer" }, \
    { "pin", FIELD_TEXT, .nullable = true, .max = 64, .help = "4 to 12 digits that guests are asked for; null: none" }, \
    { "e2ee", FIELD_BOOL, .later = true, .help = "end-to-end encrypted groups come later" },                           \
    { "recording", FIELD_CHOICE, .later = true, .choices = "off", .help = "recording comes later" },                   \
    { "consent_text", FIELD_LINES, .nullable = true, .max = CONSENT_SIZE - 1, .help = "guests accept it before joining" }, \
    { "cohosts", FIELD_LIST, .max = ROOM_COHOSTS_MAX, .help = "ids of accounts that host the room beside its owner" }

static const struct field ROOM_CREATE[] = { NAME(.required = true, .min = 1, .help = "1 to 80 characters"), ROOM_RULES, END };
static const struct field ROOM_CHANGE[] = { NAME(.min = 1, .help = "1 to 80 characters"), ROOM_RULES, END };

#define INVITE_IN_MAX_S (10LL * 366 * 24 * 3600) /* ten years */

static const struct field INVITE_CREATE[] = {
    { "guest_name", FIELD_TEXT, .nullable = true, .min = 1, .max = TEXT_NAME, .help = "absent: the guest types it" },
    { "email", FIELD_TEXT, .nullable = true, .min = 1, .max = TEXT_EMAIL, .help = "kept with the invitation, not shown to guests" },
    { "expires_at", FIELD_TIME, .nullable = true, .help = "absent: after 30 days; null: never" },
    { "not_before", FIELD_TIME, .nullable = true, .help = "too early before; absent: at once" },
    { "expires_in_s", FIELD_INT, .min = 1, .max = INVITE_IN_MAX_S, .help = "instead of expires_at: seconds from now, by the server's clock" },
    { "not_before_in_s", FIELD_INT, .min = 0, .max = INVITE_IN_MAX_S, .help = "instead of not_before: seconds from now, by the server's clock" },
    { "max_uses", FIELD_INT, .min = 1, .max = 1000, .help = "how many people may come by it; default 1" },
    END,
};
static const struct field LOOKUP[] = { CODE("what follows the # of the link"), END };
static const struct field JOIN[] = {
    { "invitation", FIELD_TEXT, .min = 1, .max = TEXT_CODE, .help = "code; with it everybody is a guest" },
    { "name", FIELD_TEXT, .nullable = true, .max = TEXT_NAME, .help = "of a guest; absent: the invitation's" },
    { "pin", FIELD_TEXT, .max = 64, .help = "where the room asks for one" },
    { "consent", FIELD_OBJECT, .help = "{\"version\": …} of the text that was accepted" },
    END,
};

static const struct field SETTINGS[] = {
    { "practice", FIELD_TEXT, .min = 1, .max = TEXT_NAME, .help = "name of the practice" },
    { "phone", FIELD_TEXT, .nullable = true, .max = 190, .help = "whom guests call for help" },
    { "languages", FIELD_LIST, .max = 8, .help = "\"en\", \"ar\"; the first is the default" },
    { "retention", FIELD_OBJECT, .help = "{\"meetings_days\": 1 to 3650, 90 by default}: how long seats and invitations are kept after their end" },
    { "require_mfa", FIELD_CHOICE, .later = true, .choices = "off", .help = "second factors come later" },
    END,
};

#define V1 "/api/v1"

const struct route ROUTES[] = {
    { "GET", V1 "/public", ACCESS_ANYONE, .reads_only = true, .works_before_setup = true, .run = api_public,
      .help = "What everybody may know of the practice", .answer = "{practice, logo, phone, languages, set_up}" },
    { "POST", V1 "/setup", ACCESS_ANYONE, .works_before_setup = true, .hashes = true, .limit = LIMIT_SETUP, .body = SETUP, .run = api_setup,
      .help = "Make the first administrator", .answer = "201 {user, mfa_due}, signed in" },

    { "POST", V1 "/session", ACCESS_ANYONE, .hashes = true, .limit = LIMIT_SIGN_IN, .body = SIGN_IN, .run = api_sign_in,
      .help = "Sign in", .answer = "{user, mfa_due} and the cookie" },
    { "GET", V1 "/session", ACCESS_USER, .reads_only = true, .works_before_setup = true, .run = api_who_am_i,
      .help = "Who am I", .answer = "{user, mfa_due, session}" },
    { "DELETE", V1 "/session", ACCESS_USER, .run = api_sign_out, .help = "Sign out", .answer = "204" },
    { "GET", V1 "/sessions", ACCESS_USER, .reads_only = true, .run = api_session_list,
      .help = "My sign-ins on all devices", .answer = "{items, next}" },
    { "DELETE", V1 "/sessions/:id", ACCESS_USER, .run = api_session_end,
      .help = "End one of my sign-ins and its sockets", .answer = "204" },
    { "POST", V1 "/password", ACCESS_ANYONE, .hashes = true, .limit = LIMIT_CODE, .body = PASSWORD_LINK, .run = api_password_redeem,
      .help = "Set a password with a one-time link", .answer = "{email}" },
    { "PUT", V1 "/me/password", ACCESS_USER, .hashes = true, .limit = LIMIT_PASSWORD, .body = PASSWORD_OWN, .run = api_password_change,
      .help = "Change my password; ends my other sign-ins", .answer = "204" },
    { "PATCH", V1 "/me", ACCESS_USER, .body = ME, .run = api_me_change,
      .help = "Change my name, language, time zone", .answer = "the account, with etag" },

    { "GET", V1 "/users", ACCESS_ADMIN, .reads_only = true, .run = api_user_list,
      .help = "List accounts, newest first", .answer = "{items, next}" },
    { "POST", V1 "/users", ACCESS_ADMIN, .body = USER_CREATE, .run = api_user_create,
      .help = "Make an account", .answer = "201 the account, with its one-time password link" },
    { "GET", V1 "/users/:id", ACCESS_ADMIN, .reads_only = true, .run = api_user_show,
      .help = "Show an account", .answer = "the account, with etag" },
    { "PATCH", V1 "/users/:id", ACCESS_ADMIN, .body = USER_CHANGE, .run = api_user_change,
      .help = "Change an account", .answer = "the account, with etag" },
    { "DELETE", V1 "/users/:id", ACCESS_ADMIN, .run = api_user_delete,
      .help = "Delete an account that owns no rooms", .answer = "204" },
    { "POST", V1 "/users/:id/link", ACCESS_ADMIN, .body = NOTHING, .run = api_user_link,
      .help = "Make a new one-time password link; voids the older one", .answer = "201 {id, link, link_expires_at, reach}" },

    { "GET", V1 "/rooms", ACCESS_USER, .reads_only = true, .run = api_room_list,
      .help = "List rooms: own and co-hosted ones, all for administrators and the front desk", .answer = "{items, next}" },
    { "POST", V1 "/rooms", ACCESS_HOST, .limit = LIMIT_CREATE, .body = ROOM_CREATE, .run = api_room_create,
      .help = "Make a room", .answer = "201 the room, with etag" },
    { "GET", V1 "/rooms/:room", ACCESS_USER, .reads_only = true, .run = api_room_show,
      .help = "Show a room, by id or slug", .answer = "the room, with etag" },
    { "PATCH", V1 "/rooms/:room", ACCESS_USER, .body = ROOM_CHANGE, .run = api_room_change,
      .help = "Change a room", .answer = "the room, with etag" },
    { "DELETE", V1 "/rooms/:room", ACCESS_USER, .run = api_room_delete,
      .help = "Delete a room with its invitations", .answer = "204" },

    { "GET", V1 "/rooms/:room/invitations", ACCESS_USER, .reads_only = true, .run = api_invite_list,
      .help = "List a room's invitations, newest first, without their links; `may` says what can be done with each", .answer = "{items, next}" },
    { "POST", V1 "/rooms/:room/invitations", ACCESS_USER, .idempotent = true, .body = INVITE_CREATE, .run = api_invite_create,
      .help = "Make an invitation. `reach`: who can open the link (anywhere, network, machine, insecure)",
      .answer = "201 the invitation, with url, code, reach, host_name" },
    { "DELETE", V1 "/invitations/:id", ACCESS_USER, .run = api_invite_revoke,
      .help = "Take an invitation back, in any state", .answer = "204" },
    { "POST", V1 "/invitations/:id/link", ACCESS_USER, .body = NOTHING, .run = api_invite_link,
      .help = "Show a link again, also a used one; recorded. 409 for one that has ended or was taken back", .answer = "the invitation, with url, code, reach, host_name" },
    { "POST", V1 "/invitations/:id/renew", ACCESS_USER, .body = NOTHING, .run = api_invite_renew,
      .help = "Make a new link; the old one is void", .answer = "the invitation, with url, code, reach, host_name" },
    { "POST", V1 "/invitations/request-new", ACCESS_ANYONE, .limit = LIMIT_CODE, .body = LOOKUP, .run = api_invite_ask,
      .help = "Ask the practice for a new link, with the code of one that no longer lets in; told on the dashboard", .answer = "{asked_at}" },
    { "GET", V1 "/invitations/asked", ACCESS_USER, .reads_only = true, .run = api_invite_list_asked,
      .help = "Links for which a new one is asked, in rooms where I may make links; who has waited longest first", .answer = "{items, next}" },
    { "POST", V1 "/invitations/:id/dismiss", ACCESS_USER, .body = NOTHING, .run = api_invite_dismiss,
      .help = "No new link for whoever asked; the old one stays as it is", .answer = "the invitation" },
    { "POST", V1 "/invitations/lookup", ACCESS_ANYONE, .limit = LIMIT_CODE, .body = LOOKUP, .run = api_invite_lookup,
      .help = "What the page of an invitation needs",
      .answer = "{state, practice, host_name, room, guest_name, not_before, opens_in_s, pin_required, consent, recording, phone, languages}" },
    { "POST", V1 "/rooms/:room/join", ACCESS_ANYONE, .limit = LIMIT_JOIN, .body = JOIN, .run = api_join,
      .help = "Come to the door of a room, as guest or host",
      .answer = "{token, expires_at, participant, role, state, name, room, ws, ice_servers, ice_ttl_s, over?}; over: how the seat "
                "ended that one had here before. A refusal for want of consent carries consent {version, text}" },
    { "POST", V1 "/desk/join", ACCESS_USER, .body = NOTHING, .run = api_desk_join,
      .help = "Open the dashboard's live feed", .answer = "{token, expires_at, ws}" },

    { "GET", V1 "/settings", ACCESS_ADMIN, .reads_only = true, .run = api_settings_show,
      .help = "Settings of the practice", .answer = "the settings, with etag" },
    { "PATCH", V1 "/settings", ACCESS_ADMIN, .body = SETTINGS, .run = api_settings_change,
      .help = "Change settings of the practice", .answer = "the settings, with etag" },
    { "GET", V1 "/audit", ACCESS_ADMIN, .reads_only = true, .run = api_audit_list,
      .help = "The record, oldest first; ?action= for one kind", .answer = "{items, next}" },
    { "GET", V1 "/audit/verify", ACCESS_ADMIN, .reads_only = true, .run = api_audit_verify,
      .help = "Does the record's chain hold; ?head= a hash kept elsewhere", .answer = "{intact, rows, broken_at, head}" },

    { "GET", V1 "/openapi.json", ACCESS_ANYONE, .reads_only = true, .works_before_setup = true, .run = api_openapi,
      .help = "This table", .answer = "an OpenAPI 3.1 document" },
    { 0 },
};
/* clang-format on */
