/* config_lan.h - the address of this machine in its own network. Asks the kernel's routing table; sends nothing. */
#ifndef CONFIG_CONFIG_LAN_H
#define CONFIG_CONFIG_LAN_H

#include <stdbool.h>

#define CONFIG_LAN_SIZE 64

/* The address by which the way to everywhere else begins, IPv4 first, as it stands in a URL. False: there is no network. */
bool config_lan_address(char to[CONFIG_LAN_SIZE]);

#endif
