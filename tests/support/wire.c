/* wire.c - a line of the lab with a delay, jitter, loss, a rate and a queue, since kernels without netem have none: two TAP
 * devices, one here and one in another network namespace, and this program between them.
 * usage: wire DEVICE NAMESPACE DEVICE. Each line on its input says "delay_ms jitter_ms loss_percent kbit queue_ms" (kbit 0: any rate)
 * and holds from then on, both ways; the answer is "ok". It ends with its input. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define FRAME_MAX 2048
#define FRAMES_MAX 4096 /* on their way, in one direction */
#define ONE_TURN 64

struct frame {
    double due; /* ms, as all times here */
    size_t length;
    unsigned char bytes[FRAME_MAX];
};

struct way {
    int from, to;
    struct frame *frames; /* a ring */
    unsigned first, end;
    double free_at;  /* the last byte of the queue has left */
    double last_due; /* frames keep their order */
};

static struct {
    double delay, jitter, loss, kbit, queue;
} line;

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void must(int ok, const char *what)
{
    if (!ok) {
        perror(what);
        exit(1);
    }
}

static int open_tap(const char *name)
{
    struct ifreq wanted = { .ifr_flags = IFF_TAP | IFF_NO_PI };
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);

    strncpy(wanted.ifr_name, name, IFNAMSIZ - 1);
    must(fd >= 0 && ioctl(fd, TUNSETIFF, &wanted) == 0, name);
    return fd;
}

static void move_to(const char *netns)
{
    char path[128];
    int fd;

    snprintf(path, sizeof path, "/run/netns/%s", netns);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    must(fd >= 0 && setns(fd, CLONE_NEWNET) == 0, path);
    close(fd);
}

/* Takes in what has come: each frame is lost, finds no room in the queue, or gets its time. */
static void take(struct way *w)
{
    for (int i = 0; i < ONE_TURN; i++) {
        struct frame *f = &w->frames[w->end % FRAMES_MAX];
        ssize_t got = read(w->from, f->bytes, sizeof f->bytes);
        double now = now_ms(), due = now;

        if (got <= 0)
            return;
        if (drand48() * 100 < line.loss || w->end - w->first == FRAMES_MAX - 1)
            continue;
        if (line.kbit > 0) {
            if (w->free_at < now)
                w->free_at = now;
            if (w->free_at - now > line.queue)
                continue;
            w->free_at += (double)got * 8 / line.kbit;
            due = w->free_at;
        }
        due += line.delay + line.jitter * drand48();
        f->due = w->last_due = due > w->last_due ? due : w->last_due;
        f->length = (size_t)got;
        w->end++;
    }
}

/* Hands over what is due; returns the time of the next frame. */
static double deliver(struct way *w, double now)
{
    while (w->first != w->end && w->frames[w->first % FRAMES_MAX].due <= now) {
        const struct frame *f = &w->frames[w->first++ % FRAMES_MAX];

        if (write(w->to, f->bytes, f->length) < 0)
            continue; /* that end is down: lost, as on any line */
    }
    return w->first == w->end ? now + 1000 : w->frames[w->first % FRAMES_MAX].due;
}

/* One line of input, as the lab writes them: never in pieces. */
static void obey(void)
{
    char text[128];
    ssize_t got = read(STDIN_FILENO, text, sizeof text - 1);

    if (got <= 0)
        exit(0);
    text[got] = '\0';
    if (sscanf(text, "%lf %lf %lf %lf %lf", &line.delay, &line.jitter, &line.loss, &line.kbit, &line.queue) != 5)
        exit(2);
    puts("ok");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct way ways[2] = { 0 };

    if (argc != 4)
        return 2;
    srand48(time(NULL) ^ getpid());
    ways[0].from = ways[1].to = open_tap(argv[1]);
    move_to(argv[2]);
    ways[0].to = ways[1].from = open_tap(argv[3]);
    for (int i = 0; i < 2; i++)
        must((ways[i].frames = calloc(FRAMES_MAX, sizeof *ways[i].frames)) != NULL, "calloc");
    puts("ok");
    fflush(stdout);
    for (;;) {
        double now = now_ms(), a = deliver(&ways[0], now), b = deliver(&ways[1], now);
        double wait = (a < b ? a : b) - now_ms();
        struct timespec pause = { .tv_nsec = wait > 0 ? (long)(wait < 999 ? wait * 1e6 : 999e6) : 0 };
        struct pollfd sources[3] = { { .fd = ways[0].from, .events = POLLIN },
                                     { .fd = ways[1].from, .events = POLLIN },
                                     { .events = POLLIN } };

        if (ppoll(sources, 3, &pause, NULL) > 0 && sources[2].revents)
            obey();
        take(&ways[0]);
        take(&ways[1]);
    }
}
