/* config_set.h - setting values one by one, with complaints that say where they stand. Inside config/ only. */
#ifndef CONFIG_CONFIG_SET_H
#define CONFIG_CONFIG_SET_H

#include "config/config.h"

#define CONFIG_VALUE_MAX_BYTES 4096

/* Where a value that is being set stands, for complaints: "parlour.conf:12", "PARLOUR_DATA", "--data". */
struct config_origin {
    enum config_place place;
    const char *text;
};

/* Without blanks around; cuts in place. */
char *config_trimmed(char *text);
/* Takes the text as the option's type wants it; a complaint leaves the value as it was. */
void config_set_value(struct config *c, const struct config_option *o, const char *text,
                      const struct config_origin *from, struct config_report *report);
/* Without a look at its form. */
void config_set_text(struct config *c, const struct config_option *o, const char *value);
void config_add_to_list(struct config *c, const struct config_option *o, char *value, const struct config_origin *from,
                        struct config_report *report);

#endif
