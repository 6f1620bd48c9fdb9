#include "http/http_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#include "util/ip.h"
#include "util/str.h"

bool http_address_is_trusted(const char *address, const char *const *trusted)
{
    for (size_t i = 0; trusted && trusted[i]; i++)
        if (ip_network_holds(trusted[i], address))
            return true;
    return false;
}

/* Cuts the last element off the list text[0..*len); false when it is empty or not an address. */
static bool take_last(const char *text, size_t *len, char to[HTTP_ADDRESS_SIZE])
{
    char one[HTTP_ADDRESS_SIZE];
    size_t end = *len, start;

    while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\t'))
        end--;
    start = end;
    while (start > 0 && text[start - 1] != ',' && text[start - 1] != ' ' && text[start - 1] != '\t')
        start--;
    *len = start;
    while (*len > 0 && (text[*len - 1] == ' ' || text[*len - 1] == '\t' || text[*len - 1] == ','))
        --*len;
    return end > start && str_copy_n(one, sizeof one, text + start, end - start) && ip_normal(one, to);
}

/* From the end: each proxy appends the address of its peer, so only elements from trusted proxies count. */
void http_address_of_client(const char *peer, const struct http_head *head, const char *const *trusted,
                            char to[HTTP_ADDRESS_SIZE])
{
    str_copy(to, HTTP_ADDRESS_SIZE, peer);
    for (size_t i = head->count; i-- > 0 && http_address_is_trusted(to, trusted);) {
        const struct http_header *line = &head->headers[i];
        size_t len = line->value_len;

        if (line->name_len != strlen("X-Forwarded-For") ||
            strncasecmp(line->name, "X-Forwarded-For", line->name_len) != 0)
            continue;
        while (len > 0 && http_address_is_trusted(to, trusted))
            if (!take_last(line->value, &len, to))
                return;
    }
}

void http_address_key(const char *address, char to[HTTP_ADDRESS_SIZE])
{
    struct in6_addr v6;

    str_copy(to, HTTP_ADDRESS_SIZE, address);
    if (inet_pton(AF_INET6, address, &v6) != 1)
        return;
    memset(&v6.s6_addr[8], 0, 8);
    inet_ntop(AF_INET6, &v6, to, HTTP_ADDRESS_SIZE);
}
