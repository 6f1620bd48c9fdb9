/* practice.h - the settings of the practice as values: read from the store with their defaults, checked, written back. */
#ifndef API_PRACTICE_H
#define API_PRACTICE_H

#include <jansson.h>
#include "domain/id.h"
#include "http/http_fill.h"
#include "store/store.h"

#define PRACTICE_LANGUAGES_MAX 8
#define PRACTICE_LIST_SIZE (PRACTICE_LANGUAGES_MAX * 12 + 1) /* all languages, with commas */

struct practice {
    char name[NAME_SIZE];
    char phone[64];                             /* "" when there is none */
    char languages[PRACTICE_LANGUAGES_MAX][12]; /* offered to guests, the first is the default */
    int language_count;
    int64_t meetings_days; /* time that seats and invitations are kept after their end (store/store_retention.h) */
    int64_t revision;      /* the etag */
};

MUST_CHECK enum err_code practice_load(struct store *s, struct practice *out, struct err *e);
/* Inside a write; increments the revision. */
MUST_CHECK enum err_code practice_save(struct store *s, struct practice *practice, struct err *e);
/* Takes over the members of `body`. ERR_INVALID with the field. */
MUST_CHECK enum err_code practice_apply(struct practice *practice, const json_t *body, struct err *e);
json_t *practice_languages_json(const struct practice *practice);
/* Gives the pages the name of the practice. */
void practice_fill(struct http_fill *f, const struct practice *practice);

#endif
