/* cli.h - the command line: finds the command, reads its words and flags, runs it here or asks the running server. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

/* Exit status of the process. */
enum cli_status { CLI_DONE = 0, CLI_FAILED = 1, CLI_WRONG_USE = 2 };

/* Runs what argv asks for. Results go to standard output, words for people to standard error. */
int cli_main(int argc, char **argv);

#endif
