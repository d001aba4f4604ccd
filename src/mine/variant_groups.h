/* variant_groups: the traces of a log put together by their sequence of activities.
 *
 * Shape      variants are numbered 0 … count − 1, in no particular order.
 * Cost       linear in events; 4 bytes a trace and about 60 a variant.
 * Exact      traces are the same variant when their sequences are, not when their hashes
 *            are. */
#ifndef MINE_VARIANT_GROUPS_H
#define MINE_VARIANT_GROUPS_H

#include "log/log.h"

struct variant_groups {
    size_t count;
    uint64_t *traces;   /* [count] how many traces */
    uint32_t *example;  /* [count] one of them */
    uint32_t *of_trace; /* [log->traces] which variant */
};
/* VG_ERR_MEMORY; VG_ERR_LIMIT beyond 2³² − 1 traces. Free also after a failure. */
MUST_CHECK enum vg_code variant_groups_make(const struct vg_log *log,
                                            struct variant_groups *ret,
                                            struct vg_err *err);
void variant_groups_free(struct variant_groups *groups);

#endif
