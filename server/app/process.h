/* process.h - setup of the process before anything else runs: limits, hardening, signals. Still one thread. */
#ifndef APP_PROCESS_H
#define APP_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PROCESS_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PROCESS_SANITIZED 1
#endif

/* Files readable by nobody else, no new privileges, no core dump of keys, a broken pipe is an error and does not end the process,
 * few malloc arenas and modest stacks. For every command. */
void process_harden(void);
/* Sets the limit of open files to what `connections` need, of which each needs `files_each`, and returns how many connections fit
 * (fewer under a lower hard limit). */
int64_t process_set_file_limit(int64_t connections, int files_each);
/* Blocks the signals that process_wait() takes, in this thread and those it starts. */
void process_block_signals(void);
/* Waits for SIGTERM, SIGINT or SIGHUP, at most timeout_ms (-1: forever); 0 when time is up. */
int process_wait(int timeout_ms);
/* Tells systemd ("READY=1", "STOPPING=1") when it wants to know; sd_notify(3) without the library. */
void process_notify(const char *state);
int process_cores(void);
/* Root, working on a folder of another user, becomes that user for good: a file of root there would lock the service out.
 * With `reads_on` it keeps one power of root, to enter every folder and read every file: systemd stores the data of a
 * DynamicUser in /var/lib/private, which only root may enter.
 * Does nothing when the folder is root's or missing. False: it failed, nothing may be written. */
bool process_become_owner(const char *folder, bool reads_on);

#endif
