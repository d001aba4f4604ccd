/* names: the names of a dictionary in order, so that ties between names are broken by
 * comparing numbers, the same whatever order they were met in. */
#ifndef MINE_NAMES_H
#define MINE_NAMES_H

#include "log/dict.h"

/* ret_rank[code] is how many names come before that of `code` (by bytes). [dict->count],
 * scratch_free; at least one long. VG_ERR_MEMORY. */
MUST_CHECK enum vg_code names_rank(const struct dict *dict, uint32_t **ret_rank,
                                   struct vg_err *err);

#endif
