/* catalogue: a compiled gettext catalogue (.mo), looked up by binary search. The bytes
 * are our own, made by msgfmt at build time: they are trusted. */
#ifndef BASE_CATALOGUE_H
#define BASE_CATALOGUE_H

#include "base/base.h"

extern const unsigned char catalogue_it[];
extern const size_t catalogue_it_len;

/* The translation of `message` (with `context`, or NULL), or NULL. For a plural message
 * the forms follow each other, each ended by NUL; *ret_end is where the last one ends. */
const char *catalogue_find(const unsigned char *mo, size_t len, const char *context,
                           const char *message, const char **ret_end);

#endif
