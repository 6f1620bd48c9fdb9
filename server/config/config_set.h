/* config_set.h - setting values one by one, with messages that name their source. Inside config/ only. */
#ifndef CONFIG_CONFIG_SET_H
#define CONFIG_CONFIG_SET_H

#include "config/config.h"

#define CONFIG_VALUE_MAX_BYTES 4096

/* The source of a value that is being set, for messages: "parlour.conf:12", "PARLOUR_DATA", "--data". */
struct config_origin {
    enum config_source source;
    const char *text;
};

/* Strips surrounding blanks, in place. */
char *config_trimmed(char *text);
/* Sets the value in the form that the option's type requires; after an error the value is unchanged. */
void config_set_value(struct config *config, const struct config_option *option, const char *text,
                      const struct config_origin *from, struct config_report *report);
/* Sets the value without checking its form. */
void config_set_text(struct config *config, const struct config_option *option, const char *value);
void config_add_to_list(struct config *config, const struct config_option *option, char *value,
                        const struct config_origin *from, struct config_report *report);

#endif
