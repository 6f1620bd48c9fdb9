/* The clock, without asking anybody: times in the database, the file system's clock, jumps against the clock that never jumps,
 * and the kernel's own opinion. The dashboard's page adds the clock of the browser. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>

#include "doctor/doctor_checks.h"
#include "doctor/doctor_round.h"
#include "util/clock.h"

#define JUMP_MS 2000      /* a clock that is steered is never so far off from one second to the next */
#define FILES_OFF_MS 5000 /* a network drive keeps time of its own */

#define HOW_TO_SET                                                                                                     \
    "Let the machine set its clock by itself. Type: timedatectl set-ntp true; after a minute, timedatectl says: "      \
    "System clock synchronized: yes."

const struct doctor_words WORDS_CLOCK[] = {
    { "clock_ok", DOCTOR_OK, "The clock runs evenly. It says {now}.", "" },
    { "clock_synced", DOCTOR_OK, "The clock is kept right by a time server. It says {now}.", "" },
    { "clock_alone", DOCTOR_WARN, "Nothing keeps the clock right. It says {now}.", HOW_TO_SET },
    { "clock_untrusted", DOCTOR_FAIL,
      "The clock says {now}, and that does not fit the times in the database: it was set, or stood still.",
      HOW_TO_SET " If the time is right now, nothing else is to be done: what is due ends a little later." },
    { "clock_jumped", DOCTOR_WARN, "The clock was set by {seconds} seconds since Parlour started.", HOW_TO_SET },
    { "clock_corrected", DOCTOR_OK, "The clock was set by {seconds} seconds since Parlour started.", "" },
    { "clock_files", DOCTOR_WARN, "The disk of the data folder keeps another time, {seconds} seconds away.",
      "It seems to be a network drive. Put the data folder on a local disk, or let the machine that has the disk set "
      "its clock by itself." },
    { 0 },
};

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* How far the time of a file just written is from ours. */
static int64_t files_off_ms(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    struct stat st;
    int64_t off = 0;

    if (fd >= 0 && write(fd, "", 1) == 1 && fstat(fd, &st) == 0)
        off = distance((int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000, clock_wall_ms());
    if (fd >= 0)
        close(fd);
    return off;
}

/* Where the kernel may not be asked (a locked-down service), systemd's mark is. */
static const char *steered(void)
{
    struct timex t = { .modes = 0 };
    int state = adjtimex(&t);

    if (access("/run/systemd/timesync/synchronized", F_OK) == 0)
        return "clock_synced";
    if (state < 0)
        return "clock_ok";
    return state == TIME_ERROR || (t.status & STA_UNSYNC) ? "clock_alone" : "clock_synced";
}

void check_clock(struct doctor_round *round)
{
    const struct doctor_subject *subject = round->subject;
    const char *state = steered();
    int64_t now_ms = clock_wall_ms(), jump_ms, files_ms = files_off_ms(subject->config->data);
    char now[CLOCK_RFC3339_SIZE];

    clock_rfc3339(now, now_ms / 1000 * 1000);
    jump_ms = subject->clock_offset_ms ? distance(now_ms - clock_boot_ms(), subject->clock_offset_ms) : 0;
    if (jump_ms > JUMP_MS)
        doctor_found(round, strcmp(state, "clock_synced") == 0 ? "clock_corrected" : "clock_jumped", "seconds",
                     doctor_number(jump_ms / 1000).text, NULL);
    if (files_ms > FILES_OFF_MS)
        doctor_found(round, "clock_files", "seconds", doctor_number(files_ms / 1000).text, NULL);
    if (subject->store && !store_clock_agrees(subject->store, now_ms))
        doctor_found(round, "clock_untrusted", "now", now, NULL);
    else
        doctor_found(round, state, "now", now, NULL);
}
