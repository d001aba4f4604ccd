/* Which events of a batch later imports brought, too. Declared in store/evidence_parts.h.
 */
#include "store/evidence_parts.h"

#include "store/codec.h"

#include <stdlib.h>

enum {
    KNOWN_LEVEL = 3
}; /* zstd's; a file that has only grown marks everything: next to nothing */

static size_t bytes_of(size_t events)
{
    return (events + 7) / 8;
}

static struct known_bits *add(struct known_list *list, int64_t import_id,
                              int64_t batch_id, size_t events)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 8;
        struct known_bits *larger = realloc(list->items, capacity * sizeof *larger);
        if (!larger)
            return NULL;
        list->items = larger;
        list->capacity = capacity;
    }
    struct known_bits *known = &list->items[list->count];
    *known =
        (struct known_bits){import_id, batch_id, events, calloc(bytes_of(events) + 1, 1)};
    if (!known->bits)
        return NULL;
    list->count++;
    return known;
}

struct known_bits *known_of(struct known_list *list, int64_t import_id, int64_t batch_id,
                            size_t events)
{
    for (size_t i = list->count; i > 0; i--) /* the latest is asked for most */
        if (list->items[i - 1].import_id == import_id &&
            list->items[i - 1].batch_id == batch_id)
            return &list->items[i - 1];
    return add(list, import_id, batch_id, events);
}

void known_free(struct known_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].bits);
    free(list->items);
    *list = (struct known_list){0};
}

enum vg_code known_read(struct store *store, int64_t batch_id, size_t events,
                        struct known_list *list, struct vg_err *err)
{
    sqlite3_stmt *rows = NULL;
    bool row = false;
    enum vg_code code =
        db_ask(store, &rows, err,
               "SELECT import_id, body FROM known WHERE batch_id = ? ORDER BY import_id",
               "i", batch_id);
    while (code == VG_OK && (code = db_step(store, rows, &row, err)) == VG_OK && row) {
        struct known_bits *known =
            add(list, sqlite3_column_int64(rows, 0), batch_id, events);
        if (!known)
            code = err_memory(err);
        else
            code = unpack_bytes(sqlite3_column_blob(rows, 1),
                                (size_t)sqlite3_column_bytes(rows, 1), known->bits,
                                bytes_of(events));
        if (known && code != VG_OK)
            code =
                code == VG_ERR_MEMORY ? err_memory(err) : db_damaged(store, "known", err);
    }
    sqlite3_finalize(rows);
    return code;
}

static bool any_set(const struct known_bits *known)
{
    for (size_t i = 0; i < bytes_of(known->events); i++)
        if (known->bits[i])
            return true;
    return false;
}

enum vg_code known_write(struct store *store, const struct known_list *list,
                         struct vg_err *err)
{
    enum vg_code code = VG_OK;
    for (size_t i = 0; code == VG_OK && i < list->count; i++) {
        const struct known_bits *known = &list->items[i];
        struct packed packed = {0};
        if (!any_set(known))
            continue;
        if (!pack_bytes(known->bits, bytes_of(known->events), KNOWN_LEVEL, &packed))
            return err_memory(err);
        code = db_run(store, err,
                      "INSERT INTO known(import_id, batch_id, body) VALUES (?, ?, ?)",
                      "iib", known->import_id, known->batch_id,
                      (const void *)packed.bytes, packed.len);
        free(packed.bytes);
    }
    return code;
}
