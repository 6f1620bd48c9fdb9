/* doctor_finding.h - what is examined, what a check is, what it can find, and the report of a round. Pure; any thread. */
#ifndef DOCTOR_DOCTOR_FINDING_H
#define DOCTOR_DOCTOR_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "config/config.h"
#include "store/store.h"
#include "util/buf.h"
#include "util/err.h"

#define DOCTOR_BLANKS_MAX 4
#define DOCTOR_VALUE_SIZE 400
#define DOCTOR_FINDINGS_MAX 96

enum doctor_level { DOCTOR_OK, DOCTOR_WARN, DOCTOR_FAIL };

/* What a check can find. */
struct doctor_words {
    const char *code; /* stable: pages have their own words for it */
    enum doctor_level level;
    const char *text;   /* a sentence with {blanks} */
    const char *remedy; /* what to do and to type, with {blanks}; "" when nothing is to be done */
};

struct doctor_blank {
    const char *name; /* static */
    char value[DOCTOR_VALUE_SIZE];
};

struct doctor_finding {
    const char *check; /* name of the row */
    const struct doctor_words *words;
    struct doctor_blank blanks[DOCTOR_BLANKS_MAX];
    size_t blank_count;
};

struct doctor_report {
    struct doctor_finding items[DOCTOR_FINDINGS_MAX];
    size_t count;
    enum doctor_level level;    /* of the worst finding */
    int64_t began_ms, ended_ms; /* wall clock */
};

/* What is examined; borrowed. */
struct doctor_subject {
    const struct config *config;
    struct store *store;                  /* a handle for this thread; NULL: the database could not be opened */
    const struct err *store_error;        /* why not; only without a store */
    const struct config_report *problems; /* found when the options were read; may be NULL */
    bool serving;                         /* inside the running server */
    int64_t clock_offset_ms;              /* wall clock minus boot clock when the server started; 0 unknown */
};

struct doctor_round;

struct doctor_check {
    const char *name;
    void (*run)(struct doctor_round *round);
    const struct doctor_words *words; /* all that it can find, ends with a zero entry */
};
/* Hears of each finding as soon as it is known; may be NULL. */
typedef void (*doctor_hear)(void *arg, const struct doctor_finding *finding);

const char *doctor_level_name(enum doctor_level level); /* "ok", "warn", "fail" */
/* Adds `words` of the finding with its blanks filled in. Pure. */
void doctor_fill_in(const struct doctor_finding *finding, const char *words, struct buf *out);

#endif
