#include "app/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "app/process.h"
#include "observe/log.h"

/* Newer than the headers of Debian 12. */
#define MAY_TRUNCATE (UINT64_C(1) << 14)
#define MAY_IOCTL_DEVICE (UINT64_C(1) << 15)

#define MAY_READ_FILE LANDLOCK_ACCESS_FS_READ_FILE
#define MAY_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* All the rights that a data folder needs: no devices, nothing to execute. */
#define MAY_KEEP_DATA                                                                                                  \
    (MAY_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |       \
     LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |                        \
     LANDLOCK_ACCESS_FS_REFER | MAY_TRUNCATE)
#define OF_A_FILE (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | MAY_TRUNCATE)

/* The rights that each version of Landlock can remove; a later version removes the same as the last one here. */
static const uint64_t HANDLED[] = {
    [1] = LANDLOCK_ACCESS_FS_REFER - 1, /* all rights before it */
    [2] = (LANDLOCK_ACCESS_FS_REFER << 1) - 1, [3] = (MAY_TRUNCATE << 1) - 1, [4] = (MAY_TRUNCATE << 1) - 1,
    [5] = (MAY_IOCTL_DEVICE << 1) - 1,
};
#define KNOWN ((int)(sizeof HANDLED / sizeof HANDLED[0]) - 1)

struct sandbox {
    int ruleset;      /* descriptor */
    uint64_t handled; /* rights removed unless a rule grants them */
};

/* A missing file needs no rule. */
static bool allow(const struct sandbox *sandbox, const char *path, uint64_t what)
{
    struct landlock_path_beneath_attr rule = { .parent_fd = open(path, O_PATH | O_CLOEXEC) };
    struct stat st;
    bool ok;

    if (rule.parent_fd < 0)
        return errno == ENOENT;
    rule.allowed_access = what & sandbox->handled;
    if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
        rule.allowed_access &= OF_A_FILE;
    ok = syscall(SYS_landlock_add_rule, sandbox->ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    close(rule.parent_fd);
    return ok;
}

static bool allow_all(const struct sandbox *sandbox, const char *data_folder, const char *const *readable, int count)
{
    bool ok = allow(sandbox, data_folder, MAY_KEEP_DATA) &&
              allow(sandbox, "/dev/urandom", MAY_READ_FILE); /* SQLite reads it */

    for (int i = 0; ok && i < count; i++)
        ok = !readable[i] || allow(sandbox, readable[i], MAY_READ);
#ifdef PROCESS_SANITIZED
    ok = ok && allow(sandbox, "/", MAY_READ | LANDLOCK_ACCESS_FS_EXECUTE); /* their reports name lines of the source */
#endif
    return ok;
}

static bool enter(int version, const char *data_folder, const char *const *readable, int count)
{
    struct landlock_ruleset_attr attr = { .handled_access_fs = HANDLED[version < KNOWN ? version : KNOWN] };
    struct sandbox s = { .handled = attr.handled_access_fs };
    int why;
    bool ok;

    s.ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (s.ruleset < 0)
        return false;
    ok = allow_all(&s, data_folder, readable, count) && syscall(SYS_landlock_restrict_self, s.ruleset, 0) == 0;
    why = errno;
    close(s.ruleset);
    errno = why;
    return ok;
}

int sandbox_enter(const char *data_folder, const char *const *readable, int count)
{
    int version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

    if (version > 0 && enter(version, data_folder, readable, count)) {
        log_event(LOG_INFO, "sandbox.on", "landlock=%d", version);
        return version;
    }
    log_event(LOG_WARN, "sandbox.off",
              "why=\"%s\" remedy=\"a kernel with Landlock, and a container that lets it be used\"", strerror(errno));
    return 0;
}
