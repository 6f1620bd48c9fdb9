#include "domain/user.h"

#include <string.h>

#include "domain/nfc.h"
#include "domain/visible.h"
#include "util/str.h"

#define NAME_CHARACTERS_MAX 64
#define MARKS_IN_A_ROW_MAX 4
#define HOUR_MS 3600000LL

static const char *const ROLE_NAMES[USER_ROLES] = {
    [USER_ADMIN] = "admin", [USER_HOST] = "host", [USER_DESK] = "desk"
};
static const char *const STATE_NAMES[USER_STATES] = {
    [USER_INVITED] = "invited", [USER_ACTIVE] = "active", [USER_DISABLED] = "disabled"
};

/* People with more rights count as gone sooner. */
static const int64_t IDLE_MS[USER_ROLES] = {
    [USER_ADMIN] = HOUR_MS,
    [USER_HOST] = 12 * HOUR_MS,
    [USER_DESK] = 12 * HOUR_MS,
};

const char *user_role_name(enum user_role role)
{
    return ROLE_NAMES[role];
}

bool user_role_from_name(const char *name, enum user_role *role)
{
    for (int i = 0; i < USER_ROLES; i++) {
        if (strcmp(ROLE_NAMES[i], name) == 0) {
            *role = (enum user_role)i;
            return true;
        }
    }
    return false;
}

const char *user_state_name(enum user_state state)
{
    return STATE_NAMES[state];
}

bool user_is_idle(enum user_role role, int64_t seen_ms, int64_t now_ms)
{
    return now_ms - seen_ms > IDLE_MS[role];
}

struct range {
    uint32_t first, last;
};

static bool in_ranges(const struct range *ranges, uint32_t point)
{
    for (const struct range *r = ranges; r->last; r++)
        if (point >= r->first && point <= r->last)
            return true;
    return false;
}

/* Characters that a name must not hold once invisible marks are removed: controls, private and broken ones, which show as boxes. */
static const struct range REFUSED[] = {
    { 0x01, 0x1f },     { 0x7f, 0x9f },        { 0xe000, 0xf8ff }, { 0xfdd0, 0xfdef },
    { 0xfff0, 0xffff }, { 0xe0000, 0x10ffff }, { 0, 0 },
};
/* Characters that shape the letter before them (visible.h says where they are allowed). */
static const struct range JOINERS[] = { { 0x200c, 0x200d }, { 0xfe00, 0xfe0f }, { 0, 0 } };
/* Marks that stack on the preceding letter. */
static const struct range MARKS[] = {
    { 0x300, 0x36f },   { 0x483, 0x489 },   { 0x591, 0x5bd },   { 0x5bf, 0x5c7 },   { 0x610, 0x61a },
    { 0x64b, 0x65f },   { 0x670, 0x670 },   { 0x6d6, 0x6dc },   { 0x6df, 0x6e4 },   { 0x6e7, 0x6ed },
    { 0x900, 0x903 },   { 0x93a, 0x94f },   { 0xe31, 0xe31 },   { 0xe34, 0xe3a },   { 0xe47, 0xe4e },
    { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x20d0, 0x20ff }, { 0x302a, 0x302f }, { 0xfe20, 0xfe2f },
    { 0, 0 },
};

static enum err_code check_characters(const char *field, const char *name, int max, struct err *e)
{
    int count = 0, marks = 0, visible = 0;
    uint32_t point;

    while ((point = str_next_codepoint(&name))) {
        bool joiner = in_ranges(JOINERS, point);

        if (in_ranges(REFUSED, point))
            return err_field(e, field, "%s holds a character that cannot be shown", field);
        marks = in_ranges(MARKS, point) || joiner ? marks + 1 : 0;
        if (marks > MARKS_IN_A_ROW_MAX)
            return err_field(e, field, "%s stacks too many marks on one letter", field);
        visible += marks == 0 && point != ' ';
        count++;
    }
    if (visible == 0)
        return err_field(e, field, "%s must not be empty", field);
    if (count > max)
        return err_field(e, field, "%s is longer than %d characters", field, max);
    return ERR_OK;
}

enum err_code user_clean_label(const char *field, const char *from, int max_characters, char to[NAME_SIZE],
                               struct err *e)
{
    char visible[NAME_SIZE], composed[NAME_SIZE * NFC_GROWTH];
    enum err_code rc;

    to[0] = '\0';
    if (!str_is_utf8(from, strlen(from)))
        return err_field(e, field, "%s is not UTF-8 text", field);
    if (!visible_text(from, visible, sizeof visible) || !nfc_text(visible, composed, sizeof composed) ||
        !str_copy(to, NAME_SIZE, composed))
        return err_field(e, field, "%s is longer than %d characters", field, max_characters);
    rc = check_characters(field, to, max_characters, e);
    if (rc != ERR_OK)
        to[0] = '\0';
    return rc;
}

enum err_code user_clean_name(const char *field, const char *from, char to[NAME_SIZE], struct err *e)
{
    return user_clean_label(field, from, NAME_CHARACTERS_MAX, to, e);
}

/* A loose form: one '@' that is not the first character, then a domain with a dot inside. */
static bool email_form(const char *email)
{
    const char *at = strchr(email, '@'), *dot = at ? strrchr(at, '.') : NULL;

    if (!at || at == email || at - email > 64 || strchr(at + 1, '@') || !dot || dot == at + 1 || dot[1] == '\0')
        return false;
    return !strstr(at, "..") && email[strcspn(email, " ,;:<>()[]\\\"\t\r\n")] == '\0';
}

enum err_code user_clean_email(const char *from, char to[EMAIL_SIZE], struct err *e)
{
    to[0] = '\0';
    if (!str_is_utf8(from, strlen(from)))
        return err_field(e, "email", "the e-mail address is not UTF-8 text");
    if (!visible_text(from, to, EMAIL_SIZE))
        return err_field(e, "email", "an e-mail address has at most 254 characters");
    for (char *p = to; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = ' '; /* refused below */
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + 32);
    }
    if (email_form(to))
        return ERR_OK;
    to[0] = '\0';
    return err_field(e, "email", "an e-mail address looks like ana@example.org");
}
