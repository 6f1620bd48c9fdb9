#include "app/qr.h"

#include <qrencode.h>

#define QUIET 2 /* modules around it; four are the rule, but every phone reads two, and small windows show more of it */
#define COLOURS "\x1b[97;40m"
#define NO_COLOURS "\x1b[0m"

/* Outside of the code everything is light. */
static bool is_dark(const QRcode *code, int x, int y)
{
    return x >= 0 && y >= 0 && x < code->width && y < code->width && (code->data[y * code->width + x] & 1) != 0;
}

static void draw_line(const QRcode *code, int y, bool coloured, struct buf *out)
{
    static const char *const LIGHT[2][2] = { { " ", "▄" }, { "▀", "█" } }; /* [upper][lower] */

    if (coloured)
        buf_add_text(out, COLOURS);
    for (int x = -QUIET; x < code->width + QUIET; x++)
        buf_add_text(out, LIGHT[!is_dark(code, x, y)][!is_dark(code, x, y + 1)]);
    buf_add_text(out, coloured ? NO_COLOURS "\n" : "\n");
}

bool qr_draw(const char *text, bool coloured, struct buf *out)
{
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);

    if (!code)
        return false;
    for (int y = -QUIET; y < code->width + QUIET; y += 2)
        draw_line(code, y, coloured, out);
    QRcode_free(code);
    return !out->overflow;
}
