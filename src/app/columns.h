/* columns: how a file is to be read, as names and values; the same names as the shell's
 * options (customer, activity, time …), for a page where columns are corrected by hand.
 * Ownership  texts are those of the pairs, lists live in the arena. */
#ifndef APP_COLUMNS_H
#define APP_COLUMNS_H

#include "app/question.h"

/* Pairs of other names are passed over. VG_ERR_USAGE names what is wrong. */
MUST_CHECK enum vg_code columns_read(struct arena *arena, const struct pair *pairs,
                                     size_t count, struct read_options *ret,
                                     struct vg_err *err);
/* The names, one after the other; NULL at the end. */
extern const char *const columns_names[];

#endif
