/* All evidence as one log: from the image where it is good, joined with what came since,
 * or from all imports; then the image is written. Declared in store/evidence.h. */
#include "store/evidence_parts.h"

#include "log/narrow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    IMAGE_VERSION = 1, /* grows when the image of the same evidence would differ */
    IMAGE_LEVEL = 1,   /* zstd's: it is read often */
    IMAGE_SHARE = 8    /* made anew when 1/8 of it has come since */
};

struct batch_row {
    int64_t id, import_id, events;
};
struct evidence_state {
    struct arena *arena;
    struct batch_row *batches; /* in the order of ties: source's name, import */
    size_t batch_count, batch_capacity;
    int64_t epoch, last_import;
    int64_t image_batch, image_import,
        image_events; /* image_batch 0: none that is good */
    struct join_ranks ranks;
};

/* ---- what there is ---- */

static enum vg_code list_batches(struct store *store, struct evidence_state *state,
                                 struct vg_err *err)
{
    sqlite3_stmt *rows = NULL;
    bool row = false;
    enum vg_code code =
        db_ask(store, &rows, err,
               "SELECT b.id, i.id, b.events FROM batch b JOIN import i "
               "ON i.id = b.import_id JOIN source s ON s.id = i.source_id "
               "ORDER BY s.name, i.id",
               "");
    while (code == VG_OK && (code = db_step(store, rows, &row, err)) == VG_OK && row) {
        state->batches = arena_grow(state->arena, state->batches, state->batch_count,
                                    &state->batch_capacity, sizeof *state->batches);
        if (!state->batches) {
            code = err_memory(err);
            break;
        }
        state->batches[state->batch_count++] = (struct batch_row){
            sqlite3_column_int64(rows, 0), sqlite3_column_int64(rows, 1),
            sqlite3_column_int64(rows, 2)};
    }
    sqlite3_finalize(rows);
    return code;
}

static enum vg_code find_image(struct store *store, struct evidence_state *state,
                               struct vg_err *err)
{
    sqlite3_stmt *image = NULL;
    bool row = false;
    enum vg_code code =
        db_ask(store, &image, err,
               "SELECT b.id, m.last_import, b.events FROM image m JOIN batch b "
               "ON b.id = m.batch_id WHERE m.version = ? AND m.epoch = ?",
               "ii", (int64_t)IMAGE_VERSION, state->epoch);
    if (code == VG_OK)
        code = db_step(store, image, &row, err);
    if (code == VG_OK && row) {
        state->image_batch = sqlite3_column_int64(image, 0);
        state->image_import = sqlite3_column_int64(image, 1);
        state->image_events = sqlite3_column_int64(image, 2);
    }
    sqlite3_finalize(image);
    return code;
}

struct ranked {
    uint32_t id, rank;
};
static int by_id(const void *a, const void *b)
{
    const struct ranked *one = a, *two = b;
    return one->id < two->id ? -1 : one->id > two->id;
}

static enum vg_code make_ranks(struct evidence_state *state, struct vg_err *err)
{
    size_t count = state->batch_count;
    struct ranked *ranked = arena_array(state->arena, struct ranked, count + 1);
    uint32_t *ids = arena_array(state->arena, uint32_t, count + 1);
    uint32_t *ranks = arena_array(state->arena, uint32_t, count + 1);
    if (!ranked || !ids || !ranks)
        return err_memory(err);
    for (size_t i = 0; i < count; i++)
        ranked[i] = (struct ranked){(uint32_t)state->batches[i].import_id, (uint32_t)i};
    qsort(ranked, count, sizeof *ranked, by_id);
    for (size_t i = 0; i < count; i++) {
        ids[i] = ranked[i].id;
        ranks[i] = ranked[i].rank;
    }
    state->ranks = (struct join_ranks){ids, ranks, count};
    return VG_OK;
}

static enum vg_code look(struct store *store, struct evidence_state *state,
                         struct vg_err *err)
{
    enum vg_code code =
        db_number(store, &state->epoch, err, "SELECT epoch FROM workspace", "");
    if (code == VG_OK)
        code = db_number(store, &state->last_import, err,
                         "SELECT coalesce(max(id), 0) FROM import", "");
    if (code == VG_OK)
        code = list_batches(store, state, err);
    if (code == VG_OK)
        code = find_image(store, state, err);
    return code == VG_OK ? make_ranks(state, err) : code;
}

/* ---- joining ---- */

static enum vg_code read_input(struct store *store, int64_t batch, int64_t import_id,
                               const struct batch_wants *wants, struct join_input *ret,
                               struct vg_err *err)
{
    *ret = (struct join_input){.import = (uint32_t)import_id};
    return batch_read(store, batch, wants, &ret->log, &ret->origin, err);
}

/* The imports after `after`. */
static enum vg_code join_some(struct store *store, struct evidence_state *state,
                              int64_t after, const struct batch_wants *wants,
                              struct vg_log **ret, uint32_t **ret_origin,
                              struct vg_err *err)
{
    struct alias_map aliases = {0};
    size_t count = 0;
    struct join_input *inputs =
        arena_array(state->arena, struct join_input, state->batch_count + 1);
    enum vg_code code = inputs ? alias_map_read(store, &aliases, err) : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < state->batch_count; i++)
        if (state->batches[i].import_id > after)
            code = read_input(store, state->batches[i].id, state->batches[i].import_id,
                              wants, &inputs[count++], err);
    if (code == VG_OK)
        code = join_logs(inputs, count, &aliases, &state->ranks, ret, ret_origin, err);
    for (size_t i = 0; inputs && i < count; i++) {
        log_close(inputs[i].log);
        free(inputs[i].origin);
    }
    alias_map_free(&aliases);
    return code;
}

/* The image, and what came since. */
static enum vg_code from_image(struct store *store, struct evidence_state *state,
                               bool newer, const struct batch_wants *wants,
                               struct vg_log **ret, struct vg_err *err)
{
    struct batch_wants columns = *wants;
    struct vg_log *log = NULL, *more = NULL;
    uint32_t *origin = NULL, *more_origin = NULL;
    columns.origin = newer; /* decides between events of one time */
    enum vg_code code =
        batch_read(store, state->image_batch, &columns, &log, &origin, err);
    if (code == VG_OK && newer)
        code =
            join_some(store, state, state->image_import, wants, &more, &more_origin, err);
    if (code == VG_OK && newer)
        code = merge_logs(log, origin, more, more_origin, &state->ranks, err);
    log_close(more);
    free(origin);
    free(more_origin);
    if (code == VG_OK)
        *ret = log;
    else
        log_close(log);
    return code;
}

/* ---- writing the image ---- */

enum vg_code image_drop(struct store *store, struct vg_err *err)
{
    enum vg_code code = db_run(store, err, "DELETE FROM image", "");
    return code == VG_OK
               ? db_run(store, err, "DELETE FROM batch WHERE import_id IS NULL", "")
               : code;
}

enum vg_code evidence_changed(struct store *store, struct vg_err *err)
{
    return db_run(store, err,
                  "UPDATE workspace SET epoch = epoch + 1, "
                  "evidence_version = evidence_version + 1",
                  "");
}

static enum vg_code image_write_now(struct store *store, struct evidence_state *state,
                                    const struct vg_log *log, const uint32_t *origin,
                                    struct vg_err *err)
{
    int64_t epoch = -1, batch = 0;
    enum vg_code code = db_number(store, &epoch, err, "SELECT epoch FROM workspace", "");
    if (code == VG_OK && epoch != state->epoch)
        return err_set(err, VG_ERR_CONFLICT, NULL, "%s", "");
    if (code == VG_OK)
        code = image_drop(store, err);
    if (code == VG_OK)
        code = batch_write(store, log, origin, NULL, IMAGE_LEVEL, &batch, err);
    if (code == VG_OK)
        code = db_run(store, err,
                      "INSERT INTO image(id, batch_id, version, epoch, last_import) "
                      "VALUES (1, ?, ?, ?, ?)",
                      "iiii", batch, (int64_t)IMAGE_VERSION, state->epoch,
                      state->last_import);
    return code;
}

/* A courtesy to the next reader: when it cannot be (somebody writes, the disk is full,
 * the file may only be read), the answer is no worse. */
static void image_write(struct store *store, struct evidence_state *state,
                        const struct vg_log *log, const uint32_t *origin)
{
    struct vg_err ignored = {0};
    if (!log->events)
        return;
    sqlite3_busy_timeout(store->db, 0);
    enum vg_code code = db_begin(store, &ignored);
    if (code == VG_OK) {
        code = image_write_now(store, state, log, origin, &ignored);
        code = db_end(store, code, &ignored);
    }
    sqlite3_busy_timeout(store->db, 10000);
}

/* ---- the log ---- */

/* The image was made of all attributes; the reader wants some. */
static enum vg_code keep_attributes(struct vg_log *log, const struct batch_wants *wants,
                                    struct vg_err *err)
{
    struct arena *arena = arena_open(0);
    size_t left = 0;
    if (!arena)
        return err_memory(err);
    for (size_t i = 0; i < log->attribute_count; i++) {
        struct log_attribute attribute = log->attributes[i];
        log->attributes[i] = (struct log_attribute){0};
        if (batch_wanted(arena, wants, attribute.name))
            log->attributes[left++] = attribute;
        else {
            free((char *)(uintptr_t)attribute.name);
            dict_free(&attribute.values);
            free(attribute.code);
        }
    }
    log->attribute_count = left;
    arena_close(arena);
    return VG_OK;
}

static enum vg_code log_empty(struct vg_log **ret, struct vg_err *err)
{
    *ret = log_new();
    return *ret ? VG_OK : err_memory(err);
}

static enum vg_code from_everything(struct store *store, struct evidence_state *state,
                                    const struct batch_wants *wants, struct vg_log **ret,
                                    struct vg_err *err)
{
    const struct batch_wants everything = {.all = true};
    struct vg_log *log = NULL;
    uint32_t *origin = NULL;
    enum vg_code code = join_some(store, state, 0, &everything, &log, &origin, err);
    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL); /* done with reading */
    if (code == VG_OK)
        image_write(store, state, log, origin);
    if (code == VG_OK)
        code = keep_attributes(log, wants, err);
    free(origin);
    if (code == VG_OK)
        *ret = log;
    else
        log_close(log);
    return code;
}

static enum vg_code load(struct store *store, struct evidence_state *state,
                         const struct batch_wants *wants, struct vg_log **ret,
                         struct vg_err *err)
{
    int64_t newer = 0;
    if (!state->batch_count)
        return log_empty(ret, err);
    for (size_t i = 0; i < state->batch_count; i++)
        if (state->batches[i].import_id > state->image_import)
            newer += state->batches[i].events;
    if (state->image_batch && newer <= state->image_events / IMAGE_SHARE) {
        struct vg_err image_fault = {0};
        enum vg_code code = from_image(store, state, newer > 0, wants, ret, &image_fault);
        if (code != VG_ERR_INPUT) { /* a damaged image is no loss */
            if (code != VG_OK && err)
                *err = image_fault;
            return code;
        }
    }
    return from_everything(store, state, wants, ret, err);
}

enum vg_code store_log(struct store *store, const struct store_wants *wants,
                       struct vg_log **ret, struct vg_err *err)
{
    struct evidence_state state = {.arena = arena_open(0)};
    struct batch_wants columns = {.all = wants->all_attributes,
                                  .attributes = wants->attributes,
                                  .attribute_count = wants->attribute_count};
    struct vg_log *log = NULL, *progress = NULL;
    struct alias_map aliases = {0};
    if (!state.arena)
        return err_memory(err);
    enum vg_code code = db_begin_read(store, err);
    if (code == VG_OK)
        code = look(store, &state, err);
    if (code == VG_OK) /* within the same moment */
        code = overlay_read(store, &columns, &progress, err);
    if (code == VG_OK && progress)
        code = alias_map_read(store, &aliases, err);
    if (code == VG_OK)
        code = load(store, &state, &columns, &log, err);
    if (!sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    if (code == VG_OK && progress) {
        code = overlay_merge(progress, &aliases, &log, err);
        progress = NULL;
    }
    log_close(progress);
    alias_map_free(&aliases);
    arena_close(state.arena);
    if (code == VG_OK) {
        if (!log->activity_byte) /* as it was read; sorting has made it */
            narrow_make(log);
        *ret = log;
    } else {
        log_close(log);
    }
    return code;
}
