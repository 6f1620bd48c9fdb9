/* All of one folder's library and of what it says that it uses, and nothing else: when this links, the folder needs no symbol of a
 * layer above it. */
int main(void)
{
    return 0;
}
