#include "api/setup_code.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "domain/crypto.h"
#include "util/buf.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/str.h"

#define CODE_BYTES 16

static bool path_of(const char *data_folder, char path[PATH_MAX])
{
    return snprintf(path, PATH_MAX, "%s/setup-code", data_folder) < PATH_MAX;
}

/* False when the file is absent or holds something else. */
static bool read_code(const char *path, char code[SETUP_CODE_SIZE])
{
    struct buf text = { .max = 64 };
    uint8_t bytes[CODE_BYTES];
    size_t len = 0;
    bool ok = file_read(path, &text, NULL) == ERR_OK;

    if (ok)
        ok = str_copy_n(code, SETUP_CODE_SIZE, buf_text(&text), strcspn(buf_text(&text), "\n")) &&
             str_from_base32(code, strlen(code), bytes, sizeof bytes, &len) && len == CODE_BYTES;
    buf_wipe(&text);
    mem_wipe(bytes, sizeof bytes);
    return ok;
}

enum err_code setup_code_load(const char *data_folder, char code[SETUP_CODE_SIZE], struct err *e)
{
    char path[PATH_MAX], line[SETUP_CODE_SIZE + 1];
    uint8_t bytes[CODE_BYTES];
    enum err_code rc;

    if (!path_of(data_folder, path))
        return err_set(e, ERR_INVALID, "invalid", "the path of the data folder is too long");
    if (read_code(path, code))
        return ERR_OK;
    crypto_random(bytes, sizeof bytes);
    str_base32(code, bytes, sizeof bytes);
    snprintf(line, sizeof line, "%s\n", code);
    rc = file_write(path, line, strlen(line), 0600, e);
    mem_wipe(bytes, sizeof bytes);
    mem_wipe(line, sizeof line);
    return rc;
}

bool setup_code_matches(const char *data_folder, const char *given)
{
    char path[PATH_MAX], code[SETUP_CODE_SIZE];
    bool same;

    if (!path_of(data_folder, path) || !read_code(path, code))
        return false;
    same = strlen(given) == strlen(code) && crypto_equal(given, code, strlen(code));
    mem_wipe(code, sizeof code);
    return same;
}

void setup_code_remove(const char *data_folder)
{
    char path[PATH_MAX];

    if (path_of(data_folder, path))
        unlink(path);
}
