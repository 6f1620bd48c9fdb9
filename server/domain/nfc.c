#include "domain/nfc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>

#include "util/mem.h"
#include "util/str.h"

bool nfc_text(const char *from, char *to, size_t size)
{
    size_t len = strlen(from), out_len = size;
    uint8_t *out;
    bool fits;

    to[0] = '\0';
    if (len == 0 || !str_is_utf8(from, len))
        return len == 0;
    out = u8_normalize(UNINORM_NFC, (const uint8_t *)from, len, (uint8_t *)to, &out_len);
    if (out == (uint8_t *)to && out_len < size) {
        to[out_len] = '\0';
        return true;
    }
    fits = out && out_len < size && str_copy_n(to, size, (const char *)out, out_len);
    if (out && out != (uint8_t *)to) {
        mem_wipe(out, out_len); /* it may have been a password */
        free(out);
    }
    if (!fits)
        to[0] = '\0';
    return fits;
}
