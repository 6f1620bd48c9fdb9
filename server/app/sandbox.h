/* sandbox.h - from its start on the server may touch only the files it needs: Landlock, by the kernel, for good. Whoever takes
 * the process over reads and writes no more than it. Not for commands: they write where their user may.
 * It goes for the calling thread and those it starts later, so it is entered before the first of them. */
#ifndef APP_SANDBOX_H
#define APP_SANDBOX_H

/* What stays: everything below `data_folder`; reading below each of `readable` (NULLs are skipped, the end is by `count`) and
 * what libraries read late. A kernel without Landlock changes nothing. Says in the log which it is, and returns the version
 * of Landlock that holds, 0 none. */
int sandbox_enter(const char *data_folder, const char *const *readable, int count);

#endif
