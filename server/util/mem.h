/* mem.h - small allocations that cannot fail: when memory runs out, the process ends with a message.
 * Callers check sizes that an outsider can influence. Any thread. */
#ifndef UTIL_MEM_H
#define UTIL_MEM_H

#include <stddef.h>

/* `size` zeroed bytes, owned by the caller; free with mem_free(). Never NULL. */
void *mem_new(size_t size) __attribute__((returns_nonnull, warn_unused_result, malloc));
/* `count` zeroed elements; overflow of the product ends the process. */
void *mem_new_array(size_t count, size_t size) __attribute__((returns_nonnull, warn_unused_result, malloc));
/* Grows or shrinks; new bytes are not zeroed. */
void *mem_resize(void *p, size_t size) __attribute__((returns_nonnull, warn_unused_result));
char *mem_copy_text(const char *text) __attribute__((returns_nonnull, warn_unused_result));
void *mem_copy(const void *bytes, size_t size) __attribute__((returns_nonnull, warn_unused_result));
void mem_free(void *p); /* NULL is fine */
/* Overwrites; the compiler cannot drop it. For secrets after use. */
void mem_wipe(void *p, size_t size);

#endif
