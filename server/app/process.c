#include "app/process.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "util/str.h"

#define FILES_BESIDE_CONNECTIONS 768 /* database handles, listeners, pipes, one spare for each accept, LINGER_MAX */
#define THREAD_STACK_BYTES (1024 * 1024)
#define ARENAS_MAX 2

static void spare_memory(void)
{
#ifndef PROCESS_SANITIZED
    pthread_attr_t attr;

    /* Each arena keeps its own memory; two are enough for threads that allocate little. */
    mallopt(M_ARENA_MAX, ARENAS_MAX);
    mallopt(M_TRIM_THRESHOLD, 256 * 1024);
    if (pthread_attr_init(&attr) == 0) {
        pthread_attr_setstacksize(&attr, THREAD_STACK_BYTES);
        pthread_setattr_default_np(&attr);
        pthread_attr_destroy(&attr);
    }
#endif
}

void process_harden(void)
{
    umask(077);
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifndef PROCESS_SANITIZED
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* this memory holds keys; the leak checker must be able to read it */
#endif
    spare_memory();
}

int64_t process_set_file_limit(int64_t connections, int files_each)
{
    struct rlimit limit;
    rlim_t wanted = (rlim_t)(connections * files_each + FILES_BESIDE_CONNECTIONS);

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return connections;
    /* The number needed, not the hard limit: a leak is then noticed before the machine has no descriptors left. */
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 && getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return connections;
    if (limit.rlim_cur >= wanted)
        return connections;
    return (limit.rlim_cur > FILES_BESIDE_CONNECTIONS * 2 ? (int64_t)limit.rlim_cur - FILES_BESIDE_CONNECTIONS
                                                          : (int64_t)limit.rlim_cur / 2) /
           files_each;
}

static void our_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
}

void process_block_signals(void)
{
    sigset_t set;

    our_signals(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

int process_wait(int timeout_ms)
{
    struct timespec timeout = { .tv_sec = timeout_ms / 1000, .tv_nsec = timeout_ms % 1000 * 1000000L };
    sigset_t set;
    int got;

    our_signals(&set);
    do {
        got = timeout_ms < 0 ? sigwaitinfo(&set, NULL) : sigtimedwait(&set, NULL, &timeout);
    } while (got < 0 && errno == EINTR);
    return got < 0 ? 0 : got;
}

void process_notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    int fd;

    if (!path || (*path != '/' && *path != '@') || !str_copy(to.sun_path, sizeof to.sun_path, path))
        return;
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (*path == '@') /* an abstract name begins with a NUL and does not end with one */
        to.sun_path[0] = '\0';
    sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&to,
           (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path)));
    close(fd);
}

int process_cores(void)
{
    cpu_set_t set;

    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

/* The only power of root that stays; the C library has no call for it. */
static bool keep_reading_alone(void)
{
    struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

    sets[0].effective = sets[0].permitted = 1U << CAP_DAC_READ_SEARCH;
    return syscall(SYS_capset, &head, sets) == 0;
}

bool process_become_owner(const char *folder, bool reads_on)
{
    struct stat st;

    if (geteuid() != 0 || stat(folder, &st) != 0 || st.st_uid == 0)
        return true;
    if (reads_on && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0)
        return false;
    return setgroups(0, NULL) == 0 && setgid(st.st_gid) == 0 && setuid(st.st_uid) == 0 &&
           (!reads_on || keep_reading_alone()) && setuid(0) != 0;
}
