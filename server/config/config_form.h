/* config_form.h - forms of values: listening addresses, URLs, TURN URLs. Pure; nothing is looked up. Any thread. */
#ifndef CONFIG_CONFIG_FORM_H
#define CONFIG_CONFIG_FORM_H

#include <stdbool.h>

#define FORM_HOST_SIZE 256

struct form_address {
    char host[FORM_HOST_SIZE]; /* numeric, without brackets */
    int port;                  /* 0: the system chooses */
    bool loopback;             /* 127.0.0.0/8 or ::1 */
};
/* "127.0.0.1:8080" or "[::1]:8080". False (*out undefined) for names, missing parts, ports above 65535. */
bool form_address(const char *text, struct form_address *out);

/* Reach of a link to an origin, judged by its name alone. */
enum form_reach {
    FORM_ANYWHERE,
    FORM_NETWORK,  /* a private address, or a name that only the local network knows */
    FORM_MACHINE,  /* loopback: this machine only, no phone */
    FORM_INSECURE, /* http beyond loopback: it opens, but browsers give it no camera */
};

struct form_url {
    bool https;
    char host[FORM_HOST_SIZE]; /* as written, with brackets around an IPv6 address */
    int port;      /* given, or the scheme's default; 0: the one the system chooses for the first listener */
    bool loopback; /* localhost, 127.0.0.0/8, [::1] */
    enum form_reach reach;
};
/* An origin: "https://name" or "http://name:8080", in lower case; no user, path, query or fragment. */
bool form_url(const char *text, struct form_url *out);

const char *form_reach_name(enum form_reach reach); /* "anywhere", "network", "machine", "insecure" */
/* A note for people who pass links on, with the remedy, in one or two sentences; NULL when links work everywhere. */
const char *form_reach_words(enum form_reach reach);

struct form_turn {
    bool tls;
    char host[FORM_HOST_SIZE];
    int port;          /* given, or 3478 (turn:) and 5349 (turns:) */
    char transport[4]; /* "udp", "tcp", or "" when not given */
};
/* RFC 7065: "turn:host[:port][?transport=udp|tcp]" or "turns:…". */
bool form_turn(const char *text, struct form_turn *out);

/* A numeric IPv4 or IPv6 address. */
bool form_ip(const char *text);

#endif
