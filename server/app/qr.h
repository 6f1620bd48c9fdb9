/* qr.h - a text as a QR code of characters, for a terminal. Pure. */
#ifndef APP_QR_H
#define APP_QR_H

#include <stdbool.h>
#include "util/buf.h"

/* Adds lines of half blocks, two rows of the code a line, with the quiet zone that cameras need. `coloured`: black on white by escape
 * sequences; otherwise the letters' colour is the light one, right for a dark terminal. False: the text is too long. */
bool qr_draw(const char *text, bool coloured, struct buf *out);

#endif
