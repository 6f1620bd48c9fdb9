/* sandbox.h - from now on the server may touch only the files it needs: Landlock, enforced by the kernel, for good. An attacker
 * who takes the process over can read and write no more than it. Not for commands: they write wherever their user may.
 * Covers the calling thread and the threads it starts later, so it is entered before the first of them. */
#ifndef APP_SANDBOX_H
#define APP_SANDBOX_H

/* Still allowed: everything below `data_folder`; reading below each of `readable` (NULLs are skipped, `count` entries) and
 * files that libraries read late. Without Landlock in the kernel nothing changes. Logs the result, and returns the version
 * of Landlock in force, 0 none. */
int sandbox_enter(const char *data_folder, const char *const *readable, int count);

#endif
