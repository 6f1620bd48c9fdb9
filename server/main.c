/* main.c - turns the command's result into the exit status: 0 done, 1 failed, 2 wrong use. */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    return cli_main(argc, argv);
}
