/* The rights that the kernel leaves a process in the sandbox. Each test forks, since there is no way out. */
#include "app/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/process.h"
#include "observe/log.h"
#include "tests/support/apart.h"
#include "tests/support/check.h"

static char top[] = "/tmp/parlour-sandbox-XXXXXX"; /* holds data/, web/ and other/, a file in each */
static bool kernel_has_it;

static void enter(void)
{
    const char *const readable[] = { NULL, "web", "not-there" };

    process_harden();
    CHECK((sandbox_enter("data", readable, 3) > 0) == kernel_has_it);
}

/* 0, or why it could not be opened. */
static int opened(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);

    if (fd < 0)
        return errno;
    close(fd);
    return 0;
}

static void work_in_the_data(void)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = "data/s" };

    enter();
    CHECK_INT(opened("data/new", O_RDWR | O_CREAT | O_EXCL), 0);
    CHECK_INT(mkdir("data/folder", 0700), 0);
    CHECK_INT(rename("data/new", "data/folder/new"), 0);
    CHECK_INT(truncate("data/folder/new", 5), 0);
    CHECK_INT(unlink("data/folder/new"), 0);
    CHECK_INT(rmdir("data/folder"), 0);
    CHECK_INT(opened("data", O_RDONLY | O_DIRECTORY), 0);
    CHECK_INT(bind(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), (struct sockaddr *)&at, sizeof at), 0);
    CHECK_INT(unlink("data/s"), 0);
    CHECK_INT(opened("web/file", O_RDONLY), 0);
    CHECK_INT(opened("/dev/urandom", O_RDONLY), 0);
}

static void the_data_folder_is_its_own_and_the_client_can_be_read(void)
{
    check_apart(work_in_the_data);
}

static void reach_out(void)
{
    enter();
    CHECK_INT(opened("other/new", O_WRONLY | O_CREAT), EACCES);
    CHECK_INT(opened("other/file", O_WRONLY), EACCES);
    CHECK_INT(opened("web/file", O_WRONLY), EACCES);
    CHECK_INT(opened("data/way-out", O_WRONLY), EACCES); /* a planted symbolic link */
    CHECK_INT(mkdir("other/folder", 0700), -1);
    CHECK_INT(unlink("other/file"), -1);
    CHECK_INT(rename("data/file", "other/stolen"), -1);
    CHECK_INT(link("other/file", "data/stolen"), -1);
    CHECK_INT(opened("/dev/urandom", O_WRONLY), EACCES);
#ifndef PROCESS_SANITIZED
    CHECK_INT(opened("other/file", O_RDONLY), EACCES);
    CHECK_INT(opened("/etc/passwd", O_RDONLY), EACCES);
    CHECK_INT(opened("/proc/self/environ", O_RDONLY), EACCES);
    CHECK_INT(opened("/", O_RDONLY | O_DIRECTORY), EACCES);
    CHECK_INT(execl("/bin/true", "true", NULL), -1);
#endif
}

static void make_what_is_no_data(void)
{
    enter();
    CHECK_INT(symlink("/etc/passwd", "data/link"), -1);
    CHECK_INT(mkfifo("data/pipe", 0600), -1);
    CHECK_INT(mknod("data/disk", S_IFBLK | 0600, 0), -1);
    CHECK_INT(chmod("data/file", 0700), 0); /* no matter: */
    CHECK_INT(execl("data/file", "file", NULL), -1);
}

static void apart_where_landlock_is(void (*run)(void))
{
    if (kernel_has_it)
        check_apart(run);
    else
        printf("    not tried: this kernel has no Landlock\n");
}

static void nothing_else_can_be_read_or_written(void)
{
    apart_where_landlock_is(reach_out);
}

static void the_data_folder_takes_no_devices_links_or_programs(void)
{
    apart_where_landlock_is(make_what_is_no_data);
}

static void *look_out(void *arg)
{
    *(int *)arg = opened("other/file", O_WRONLY);
    return NULL;
}

static void start_a_thread(void)
{
    pthread_t thread;
    int got = 0;

    enter();
    CHECK_INT(pthread_create(&thread, NULL, look_out, &got), 0);
    pthread_join(thread, NULL);
    CHECK_INT(got, EACCES);
}

static void threads_started_later_are_in_the_sandbox_too(void)
{
    apart_where_landlock_is(start_a_thread);
}

static const struct check_test TESTS[] = {
    TEST(the_data_folder_is_its_own_and_the_client_can_be_read),
    TEST(nothing_else_can_be_read_or_written),
    TEST(the_data_folder_takes_no_devices_links_or_programs),
    TEST(threads_started_later_are_in_the_sandbox_too),
    { 0 },
};

static bool lay_out(void)
{
    static const char *const FOLDERS[] = { "data", "web", "other" };

    if (!mkdtemp(top) || chdir(top) != 0)
        return false;
    for (size_t i = 0; i < sizeof FOLDERS / sizeof FOLDERS[0]; i++) {
        char file[32];

        snprintf(file, sizeof file, "%s/file", FOLDERS[i]);
        if (mkdir(FOLDERS[i], 0700) != 0 || opened(file, O_WRONLY | O_CREAT) != 0)
            return false;
    }
    return symlink("../other/file", "data/way-out") == 0;
}

int main(int argc, char **argv)
{
    char command[60];
    int failed;

    log_start(LOG_ERROR, false);
    kernel_has_it = syscall(SYS_landlock_create_ruleset, NULL, 0, 1) > 0;
    if (!lay_out())
        return 1;
    failed = check_run(TESTS, argc, argv);
    snprintf(command, sizeof command, "rm -rf %s", top);
    return system(command) != 0 || failed;
}
