#include "observe/health.h"

#include <stdatomic.h>
#include <stddef.h>

static _Atomic(const char *) reasons[HEALTH_PARTS] = { [HEALTH_START] = "starting" };

void health_set(enum health_part part, const char *why_not)
{
    atomic_store(&reasons[part], why_not);
}

const char *health_why_not(void)
{
    for (int i = 0; i < HEALTH_PARTS; i++) {
        const char *why_not = atomic_load(&reasons[i]);

        if (why_not)
            return why_not;
    }
    return NULL;
}
