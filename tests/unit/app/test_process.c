#include "app/process.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/check.h"

static void the_limit_of_files_follows_the_connections(void)
{
    struct rlimit before, limit;

    getrlimit(RLIMIT_NOFILE, &before);
    CHECK_INT(process_set_file_limit(1000, 1), 1000);
    getrlimit(RLIMIT_NOFILE, &limit);
    CHECK_INT(limit.rlim_cur, 1768);
    CHECK(process_set_file_limit((int64_t)before.rlim_max + 10, 1) < (int64_t)before.rlim_max);
    CHECK_INT(process_set_file_limit(100, 3), 100);
    getrlimit(RLIMIT_NOFILE, &limit);
    CHECK_INT(limit.rlim_cur, 1068);
    CHECK(process_set_file_limit((int64_t)before.rlim_max, 3) < (int64_t)before.rlim_max / 3);
    setrlimit(RLIMIT_NOFILE, &before);
}

static void our_signals_are_waited_for(void)
{
    process_block_signals();
    CHECK_INT(process_wait(0), 0);
    raise(SIGHUP);
    CHECK_INT(process_wait(1000), SIGHUP);
    raise(SIGTERM);
    CHECK_INT(process_wait(-1), SIGTERM);
    CHECK_INT(process_wait(1), 0);
}

static void a_hardened_process_gains_nothing_and_shows_nothing(void)
{
    mode_t mask;

    process_harden();
    mask = umask(022);
    CHECK_INT(mask, 077);
    CHECK_INT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
    CHECK(signal(SIGPIPE, SIG_DFL) == SIG_IGN);
}

static void systemd_is_told_when_it_asked(void)
{
    char path[] = "/tmp/parlour-notify-XXXXXX", got[100] = "";
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    unsetenv("NOTIFY_SOCKET");
    process_notify("READY=1"); /* nobody asked: nothing happens */
    CHECK(mkdtemp(path) != NULL);
    snprintf(at.sun_path, sizeof at.sun_path, "%s/s", path);
    CHECK(bind(fd, (struct sockaddr *)&at, sizeof at) == 0);
    setenv("NOTIFY_SOCKET", at.sun_path, 1);
    process_notify("READY=1");
    CHECK(recv(fd, got, sizeof got - 1, MSG_DONTWAIT) == 7);
    CHECK_STR(got, "READY=1");
    close(fd);
    unlink(at.sun_path);
    rmdir(path);

    at.sun_path[0] = '\0';
    snprintf(at.sun_path + 1, sizeof at.sun_path - 1, "parlour-notify-%d", (int)getpid());
    fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    CHECK(bind(fd, (struct sockaddr *)&at, (socklen_t)(sizeof at.sun_family + 1 + strlen(at.sun_path + 1))) == 0);
    at.sun_path[0] = '@';
    setenv("NOTIFY_SOCKET", at.sun_path, 1);
    process_notify("STOPPING=1");
    CHECK(recv(fd, got, sizeof got - 1, MSG_DONTWAIT) == 10);
    close(fd);
}

static void a_folder_owned_by_the_process_or_none_changes_no_user(void)
{
    CHECK(process_become_owner("/no/such/folder", true));
    CHECK(process_become_owner("/", false));
    CHECK(process_cores() >= 1);
}

static const struct check_test TESTS[] = {
    TEST(the_limit_of_files_follows_the_connections),
    TEST(our_signals_are_waited_for),
    TEST(a_hardened_process_gains_nothing_and_shows_nothing),
    TEST(systemd_is_told_when_it_asked),
    TEST(a_folder_owned_by_the_process_or_none_changes_no_user),
    { 0 },
};
CHECK_MAIN(TESTS)
