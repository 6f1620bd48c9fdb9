/* cli.h - the command line: finds the command, reads its words and flags, runs it here or asks the running server. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

/* Runs the command in argv and returns the exit status (enum cli_status). Results go to standard output, words for people to standard error. */
int cli_main(int argc, char **argv);

#endif
