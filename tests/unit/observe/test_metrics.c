#include "observe/metrics.h"

#include <pthread.h>
#include <string.h>

#include "tests/support/check.h"

static struct buf text = { .max = 100000 };

static const char *expose(void)
{
    buf_reset(&text);
    metrics_expose(&text);
    metrics_gauge(&text, "sockets", "Open sockets.", 12);
    metrics_counter(&text, "relayed", "Messages passed on.", 7);
    metrics_end(&text);
    return buf_text(&text);
}

static void counters_end_in_total_and_the_text_in_eof(void)
{
    metrics_count(METRIC_JOINS, 2);
    metrics_count(METRIC_JOINS, 1);
    CHECK_INT(metrics_value(METRIC_JOINS), 3);
    expose();
    CHECK(strstr(text.data, "# TYPE parlour_joins counter\n# HELP parlour_joins ") != NULL);
    CHECK(strstr(text.data, "\nparlour_joins_total 3\n") != NULL);
    CHECK(strstr(text.data, "\nparlour_relayed_total 7\n") != NULL);
    CHECK(strstr(text.data, "\nparlour_sockets 12\n") != NULL);
    CHECK(strcmp(text.data + text.len - 6, "# EOF\n") == 0);
}

static void a_histogram_counts_up_to_infinity(void)
{
    metrics_observe(METRIC_COMMIT_SECONDS, 0.0004);
    metrics_observe(METRIC_COMMIT_SECONDS, 0.0005); /* a bound belongs to its bucket */
    metrics_observe(METRIC_COMMIT_SECONDS, 0.02);
    metrics_observe(METRIC_COMMIT_SECONDS, 99);
    metrics_observe(METRIC_COMMIT_SECONDS, -1); /* a clock that was set back */
    expose();
    CHECK(strstr(text.data, "parlour_commit_seconds_bucket{le=\"0.0005\"} 3\n") != NULL);
    CHECK(strstr(text.data, "parlour_commit_seconds_bucket{le=\"0.025\"} 4\n") != NULL);
    CHECK(strstr(text.data, "parlour_commit_seconds_bucket{le=\"10.0\"} 4\n") != NULL);
    CHECK(strstr(text.data, "parlour_commit_seconds_bucket{le=\"+Inf\"} 5\n") != NULL);
    CHECK(strstr(text.data, "parlour_commit_seconds_count 5\n") != NULL);
    CHECK(strstr(text.data, "parlour_commit_seconds_sum 99.020900\n") != NULL);
}

static void *count_often(void *arg)
{
    for (int i = 0; i < 10000; i++) {
        metrics_count(METRIC_ADMITS, 1);
        metrics_observe(METRIC_HTTP_SECONDS, 0.001);
    }
    return arg;
}

static void threads_lose_no_count(void)
{
    pthread_t threads[4];

    for (int i = 0; i < 4; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, count_often, NULL), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(metrics_value(METRIC_ADMITS), 40000);
    CHECK(strstr(expose(), "parlour_http_seconds_count 40000\n") != NULL);
}

static const struct check_test TESTS[] = {
    TEST(counters_end_in_total_and_the_text_in_eof),
    TEST(a_histogram_counts_up_to_infinity),
    TEST(threads_lose_no_count),
    { 0 },
};

int main(int argc, char **argv)
{
    int failed = check_run(TESTS, argc, argv);

    buf_clear(&text);
    return failed;
}
