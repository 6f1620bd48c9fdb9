/* Links all of one folder's library and of the libraries that it declares, and nothing else: when this links, the folder needs no
 * symbol of a layer above it. */
int main(void)
{
    return 0;
}
