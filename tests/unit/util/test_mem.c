#include "util/mem.h"

#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/check.h"

static void memory_is_zeroed_and_copied(void)
{
    char *p = mem_new(100), *text = mem_copy_text("abc"), *bytes = mem_copy("x\0y", 3);

    for (int i = 0; i < 100; i++)
        CHECK_INT(p[i], 0);
    CHECK_STR(text, "abc");
    CHECK_MEM(bytes, "x\0y", 3);
    p = mem_resize(p, 200);
    CHECK_INT(p[99], 0);
    mem_wipe(text, 3);
    CHECK_MEM(text, "\0\0\0", 3);
    mem_free(p);
    mem_free(text);
    mem_free(bytes);
    mem_free(NULL);
}

static void a_product_that_overflows_ends_the_process(void)
{
    volatile size_t many = (size_t)-1 / 2; /* volatile: the compiler must not know */
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        close(STDERR_FILENO);
        mem_free(mem_new_array(many, 16));
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(!(WIFEXITED(status) && WEXITSTATUS(status) == 0));
}

static const struct check_test TESTS[] = {
    TEST(memory_is_zeroed_and_copied),
    TEST(a_product_that_overflows_ends_the_process),
    { 0 },
};
CHECK_MAIN(TESTS)
