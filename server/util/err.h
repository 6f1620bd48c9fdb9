/* err.h - errors are values: a code that callers branch on, and a message for people.
 * Any thread; no state. */
#ifndef UTIL_ERR_H
#define UTIL_ERR_H

#include <stdarg.h>
#include <stddef.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* Kinds of failure that a caller may branch on. 0 is success. */
enum err_code {
    ERR_OK = 0,
    ERR_INVALID,   /* the caller's input breaks a rule (HTTP 400/422) */
    ERR_AUTH,      /* no or wrong proof of who calls (401) */
    ERR_FORBIDDEN, /* known, but may not (403) */
    ERR_NOT_FOUND, /* no such thing, or not for this caller (404) */
    ERR_CONFLICT,  /* conflicts with the current state (409) */
    ERR_CHANGED,   /* changed since the caller read it (412) */
    ERR_LOCKED,    /* closed for newcomers (423) */
    ERR_LIMIT,     /* too many, too much, too fast (429) */
    ERR_BUSY,      /* overloaded now, again later (503) */
    ERR_FULL,      /* storage is full or read-only (507) */
    ERR_IO,        /* a file, socket or database failed (500) */
    ERR_INTERNAL,  /* our own mistake (500) */
    ERR_CODES
};

/* The details of an error. `code` is the stable name that clients see ("room_full"),
 * `field` names the wrong member of the input or is empty, `detail` is a sentence with the remedy.
 * Never holds a secret or a personal detail. All empty after err_clear(). */
struct err {
    enum err_code kind; /* as returned */
    int retry_after_s;  /* for ERR_LIMIT and ERR_BUSY: when to try again; 0 unknown */
    char code[40];      /* stable, lower case with underscores */
    char field[40];     /* member name or "" */
    char detail[240];   /* a sentence for people */
};

void err_clear(struct err *e);

/* Fills `e` (may be NULL) and returns `kind`, so that `return err_set(...)` reads well. */
enum err_code err_set(struct err *e, enum err_code kind, const char *code, const char *detail, ...) PRINTF_LIKE(4, 5);

/* The same for a wrong member of the input; kind is ERR_INVALID, code "invalid_field". */
enum err_code err_field(struct err *e, const char *field, const char *detail, ...) PRINTF_LIKE(3, 4);

/* The stable name used when a function set none: "invalid", "not_found", … */
const char *err_code_name(enum err_code kind);

#endif
