#include "config/nearest.h"

#include <string.h>

#define NAME_MAX_BYTES 63

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: three rows of the table are enough. */
int nearest_distance(const char *a, const char *b)
{
    int rows[3][NAME_MAX_BYTES + 1];
    int *before = rows[0], *last = rows[1], *now = rows[2];
    int n = (int)strnlen(a, NAME_MAX_BYTES + 1), m = (int)strnlen(b, NAME_MAX_BYTES + 1);

    if (n > NAME_MAX_BYTES || m > NAME_MAX_BYTES)
        return 99;
    for (int j = 0; j <= m; j++)
        now[j] = j;
    for (int i = 1; i <= n; i++) {
        int *spare = before;

        before = last;
        last = now;
        now = spare;
        now[0] = i;
        for (int j = 1; j <= m; j++) {
            now[j] = least(least(last[j] + 1, now[j - 1] + 1), last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return now[m];
}

bool nearest_is_slip(const char *wanted, const char *known)
{
    size_t len = strlen(known);

    return nearest_distance(wanted, known) <= (len <= 4 ? 1 : len <= 8 ? 2 : 3);
}
