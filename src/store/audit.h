/* audit: who did what, when. Never what was said, never a customer's name, never a
 * secret. Each row's hash (BLAKE2b, 256 bits) covers the row and the hash before it. */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "store/store.h"

/* Within a transaction of the caller's. what: "import", "erase" … ; about: an id or "".
 */
MUST_CHECK enum vg_code audit_add(struct store *store, const char *what,
                                  const char *about, struct vg_err *err);

/* The same, as a transaction of its own. */
MUST_CHECK enum vg_code audit_write(struct store *store, const char *what,
                                    const char *about, struct vg_err *err);

struct audit_row {
    int64_t seq, at_us;
    const char *who, *what, *about;
};
/* The last `count` rows, the latest first. */
MUST_CHECK enum vg_code audit_list(struct store *store, struct arena *arena, size_t count,
                                   struct audit_row **ret, size_t *ret_count,
                                   struct vg_err *err);
/* Those before row `before` (0: the end), the latest first, at most `most`. */
MUST_CHECK enum vg_code audit_page(struct store *store, struct arena *arena,
                                   int64_t before, size_t most, struct audit_row **ret,
                                   size_t *ret_count, struct vg_err *err);
/* The first row whose hash is not what it should be, or 0; and how many rows there are.
 */
MUST_CHECK enum vg_code audit_check(struct store *store, int64_t *ret_bad,
                                    uint64_t *ret_count, struct vg_err *err);

#endif
