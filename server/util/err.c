#include "util/err.h"

#include <stdio.h>
#include <string.h>

static const char *const NAMES[ERR_CODES] = {
    [ERR_OK] = "ok",
    [ERR_INVALID] = "invalid",
    [ERR_AUTH] = "unauthorized",
    [ERR_FORBIDDEN] = "forbidden",
    [ERR_NOT_FOUND] = "not_found",
    [ERR_CONFLICT] = "conflict",
    [ERR_CHANGED] = "changed",
    [ERR_LOCKED] = "locked",
    [ERR_LIMIT] = "limit",
    [ERR_BUSY] = "busy",
    [ERR_FULL] = "storage_full",
    [ERR_IO] = "io",
    [ERR_INTERNAL] = "internal",
};

void err_clear(struct err *e)
{
    if (e)
        memset(e, 0, sizeof *e);
}

static void fill(struct err *e, enum err_code kind, const char *code, const char *field, const char *detail, va_list ap)
{
    err_clear(e);
    e->kind = kind;
    snprintf(e->code, sizeof e->code, "%s", code);
    snprintf(e->field, sizeof e->field, "%s", field);
    vsnprintf(e->detail, sizeof e->detail, detail, ap);
}

enum err_code err_set(struct err *e, enum err_code kind, const char *code, const char *detail, ...)
{
    va_list ap;

    va_start(ap, detail);
    if (e)
        fill(e, kind, code, "", detail, ap);
    va_end(ap);
    return kind;
}

enum err_code err_field(struct err *e, const char *field, const char *detail, ...)
{
    va_list ap;

    va_start(ap, detail);
    if (e)
        fill(e, ERR_INVALID, "invalid_field", field, detail, ap);
    va_end(ap);
    return ERR_INVALID;
}

const char *err_code_name(enum err_code kind)
{
    return kind >= 0 && kind < ERR_CODES ? NAMES[kind] : "internal";
}
