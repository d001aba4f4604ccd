/* batch: a log as immutable compressed columns in the data file, and back.
 *
 * Shape      block rows named "time", "activity", "activity.names" …; attribute i is "@i"
 *            and "@i.names"; "length" is how many events each trace has; trace i's name
 * is text i of "customer.names". Runs of PART_ROWS values a row. Invariant  what
 * batch_read gives back is a whole log: every code within its dictionary, lengths that
 * add up. Anything else is VG_ERR_INPUT, however the file came to be so. */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include "log/log.h"
#include "store/db.h"

/* What to read; columns that are not wanted stay NULL. */
struct batch_wants {
    bool all;                      /* every attribute, too */
    const char *const *attributes; /* [attribute_count] any spelling of their names */
    size_t attribute_count;
    bool origin; /* also where each event is from */
};

/* Whether an attribute of this name is wanted; lifecycle columns always are. */
bool batch_wanted(struct arena *arena, const struct batch_wants *wants, const char *name);

/* Within the caller's transaction. origin: [events] ids of imports, or NULL. Every trace
 * must have its own name, in the order of the codes: see log_tidy. */
MUST_CHECK enum vg_code batch_write(struct store *store, const struct vg_log *log,
                                    const uint32_t *origin, const int64_t *import_id,
                                    int level, int64_t *ret_id, struct vg_err *err);
/* *ret_origin (free()) only where wanted and there. */
MUST_CHECK enum vg_code batch_read(struct store *store, int64_t id,
                                   const struct batch_wants *wants, struct vg_log **ret,
                                   uint32_t **ret_origin, struct vg_err *err);

/* Only the names of its customers. */
MUST_CHECK enum vg_code batch_names(struct store *store, int64_t id, struct dict *ret,
                                    struct vg_err *err);

/* The columns of codes of a log, by number, for loops over all of them. */
struct code_column {
    const char *name; /* "activity"; NULL: attribute */
    struct dict *dict;
    void **codes; /* where the log keeps them; *codes NULL: none */
    size_t width; /* 2 or 4 */
};
#define CODE_COLUMNS_PLAIN 5
/* Column i of CODE_COLUMNS_PLAIN + log->attribute_count. */
struct code_column code_column(struct vg_log *log, size_t i);
static inline uint32_t code_at(const struct code_column *column, size_t row)
{
    if (column->width == 4)
        return ((const uint32_t *)*column->codes)[row];
    uint16_t code = ((const uint16_t *)*column->codes)[row];
    return code == LOG_NO_CODE16 ? LOG_NO_CODE32 : code;
}

/* The codes of `from` in `dict`, where they are added: [from->count] (free(), also on
 * failure). */
MUST_CHECK enum vg_code dict_translate(struct dict *dict, const struct dict *from,
                                       uint32_t limit, uint32_t **ret,
                                       struct vg_err *err);

/* Keep only the rows for which keep[row] (NULL: all), only the traces and texts that are
 * then left, traces numbered as their names are. */
MUST_CHECK enum vg_code log_tidy(struct vg_log *log, const uint8_t *keep,
                                 struct vg_err *err);

#endif
