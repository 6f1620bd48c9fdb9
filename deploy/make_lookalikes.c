/* Writes the table LOOKALIKES of server/domain/lookalike.h: for each character the one that a reader takes it for, as Unicode Technical
 * Standard 39 lists it ("confusables"). Runs once, while Parlour is built, and asks the ICU of this machine. So the server itself
 * needs no ICU: 36 MB of libraries for one table of 6,000 lines.
 *
 *   make_lookalikes FILE.c */
#include <stdio.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#define POINT_MAX 0x10ffff
#define TEXT_MAX 128    /* bytes of one skeleton; the longest has 54 */
#define POOL_MAX 0xffff /* offsets are 16 bits wide */

static char pool[POOL_MAX]; /* the skeletons, each once, each with its NUL */
static size_t pool_len;

/* Where `text` stands in the pool; -1: the pool is full. */
static long place_in_pool(const char *text)
{
    size_t size = strlen(text) + 1;
    size_t at = 0;

    for (; at < pool_len; at += strlen(pool + at) + 1)
        if (strcmp(pool + at, text) == 0)
            return (long)at;
    if (pool_len + size > sizeof pool)
        return -1;
    memcpy(pool + at, text, size);
    pool_len += size;
    return (long)at;
}

/* The skeleton of one character; false when it has none but itself, or is made of others (the server decomposes first). */
static int skeleton(const USpoofChecker *spoof, const UNormalizer2 *nfd, UChar32 point, char to[TEXT_MAX],
                    UErrorCode *status)
{
    UChar parts[32];
    char own[8] = "";
    UBool lost = 0;
    int32_t len = 0;

    if (unorm2_getDecomposition(nfd, point, parts, 32, status) >= 0)
        return 0;
    U8_APPEND((uint8_t *)own, len, (int32_t)sizeof own, (uint32_t)point, lost);
    if (lost)
        return 0;
    uspoof_getSkeletonUTF8(spoof, 0, own, len, to, TEXT_MAX, status);
    return U_SUCCESS(*status) && strcmp(own, to) != 0;
}

static void write_pool(FILE *out)
{
    fputs("};\nconst char LOOKALIKE_TEXT[] = {", out);
    for (size_t i = 0; i < pool_len; i++)
        fprintf(out, "%s%d,", i % 24 ? "" : "\n    ", pool[i]);
    fputs("\n};\n", out);
}

static int write_table(FILE *out, UErrorCode *status)
{
    USpoofChecker *spoof = uspoof_open(status);
    const UNormalizer2 *nfd = unorm2_getNFDInstance(status);
    char text[TEXT_MAX];
    int count = 0;

    fputs("/* made by deploy/make_lookalikes.c */\n#include \"domain/lookalike.h\"\n\nconst struct lookalike "
          "LOOKALIKES[] = {\n",
          out);
    for (UChar32 point = 1; point <= POINT_MAX && U_SUCCESS(*status); point++) {
        long at;

        if (U_IS_SURROGATE((uint32_t)point) || !skeleton(spoof, nfd, point, text, status))
            continue;
        at = place_in_pool(text);
        if (at < 0)
            *status = U_BUFFER_OVERFLOW_ERROR;
        fprintf(out, "    { 0x%x, %ld },\n", (unsigned)point, at);
        count++;
    }
    write_pool(out);
    fprintf(out, "const int LOOKALIKE_COUNT = %d;\n", count);
    uspoof_close(spoof);
    return count;
}

int main(int argc, char **argv)
{
    UErrorCode status = U_ZERO_ERROR;
    FILE *out = argc == 2 ? fopen(argv[1], "w") : NULL;
    int count;

    if (!out) {
        fputs("usage: make_lookalikes FILE.c\n", stderr);
        return 2;
    }
    count = write_table(out, &status);
    if (fclose(out) != 0 || U_FAILURE(status) || count < 1000) {
        fprintf(stderr, "make_lookalikes: %s, %d characters\n", u_errorName(status), count);
        remove(argv[1]);
        return 1;
    }
    return 0;
}
