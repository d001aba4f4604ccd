/* err: what went wrong, for the caller (code) and for the reader (where, what, hint).
 *
 * A function that can fail returns `enum vg_code` and takes `struct vg_err *` last. The
 * struct is filled once, where the fault is known, and passed up untouched. It may be
 * NULL. The texts are in the reader's language: pass translated formats, `_("…")`. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/base.h"

#include <viaggio.h>

/* Fill err and return code. `where` is "file:line:column", a JSON path, or NULL. */
enum vg_code err_set(struct vg_err *err, enum vg_code code, const char *where,
                     const char *format, ...) PRINTF(4, 5);
/* Add what the reader can do about it. Returns err->code, or VG_OK when err is NULL. */
enum vg_code err_hint(struct vg_err *err, const char *format, ...) PRINTF(2, 3);
/* Memory ran out: fills err with the standard sentence, returns VG_ERR_MEMORY. */
enum vg_code err_memory(struct vg_err *err);
/* errno of a failed call on the file `where`: fills err, returns VG_ERR_IO or NOT_FOUND.
 */
enum vg_code err_errno(struct vg_err *err, const char *where);

/* One row per code: the one table that turns a code into what the outside sees. */
struct err_row {
    enum vg_code code;
    const char *name; /* in JSON */
    int exit_status;  /* of the program */
    int http_status;
};
const struct err_row *err_row(enum vg_code code);

#endif
