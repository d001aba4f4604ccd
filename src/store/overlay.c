/* Progress on success paths as events of the log: read from its table, joined by the same
 * rules (aliases, order) as imports are, and merged behind them. Few rows beside the
 * evidence: nothing of it is in the image. Declared in store/evidence_parts.h. */
#include "store/evidence_parts.h"

#include "log/build.h"
#include "store/paths.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE, SOURCE, ATTRIBUTES };
static const str attribute_names[ATTRIBUTES] = {{"value", 5}, {"source", 6}};

enum vg_code overlay_changed(struct store *store, struct vg_err *err)
{
    return db_run(store, err,
                  "UPDATE workspace SET evidence_version = evidence_version + 1", "");
}

enum vg_code path_changed(struct store *store, struct vg_err *err)
{
    return db_run(store, err, "UPDATE workspace SET path_version = path_version + 1", "");
}

enum vg_code store_path_version(struct store *store, int64_t *ret, struct vg_err *err)
{
    return db_number(store, ret, err, "SELECT path_version FROM workspace", "");
}

/* Which of our columns the reader wants. */
struct overlay {
    struct builder *builder;
    size_t place[ATTRIBUTES]; /* SIZE_MAX: not wanted */
    size_t count;
};

static enum vg_code open_builder(struct overlay *overlay, const struct batch_wants *wants,
                                 struct vg_err *err)
{
    str names[ATTRIBUTES];
    struct arena *arena = arena_open(0);
    if (!arena)
        return err_memory(err);
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        overlay->place[i] = SIZE_MAX;
        if (!wants->all && !batch_wanted(arena, wants, attribute_names[i].ptr))
            continue;
        overlay->place[i] = overlay->count;
        names[overlay->count++] = attribute_names[i];
    }
    arena_close(arena);
    return builder_open(names, overlay->count, &overlay->builder, err);
}

static str or_none(str text)
{
    return text.len ? text : (str){NULL, 0};
}

/* Columns of the row: customer, at, activity, kind, value, text. */
static enum vg_code add_row(struct overlay *overlay, sqlite3_stmt *row,
                            struct vg_err *err)
{
    str values[ATTRIBUTES] = {{NULL, 0}, {NULL, 0}};
    char number[40];
    enum progress_kind kind = PROGRESS_DONE;
    const char *kind_name = (const char *)sqlite3_column_text(row, 3);
    bool has_value = sqlite3_column_type(row, 4) != SQLITE_NULL;
    double value = has_value ? sqlite3_column_double(row, 4) : NAN;
    struct log_event event = {.customer = db_text(row, 0),
                              .at_us = sqlite3_column_int64(row, 1),
                              .activity = db_text(row, 2),
                              .text = or_none(db_text(row, 5)),
                              .score = NAN};
    if (!kind_name || !progress_kind_parse(kind_name, &kind) || !event.customer.len ||
        !event.activity.len)
        return VG_OK; /* of a damaged file: `doctor` tells */
    if (kind == PROGRESS_FEELING && has_value) {
        event.score = value;
        event.scale = SCALE_VALENCE;
    } else if (has_value) {
        snprintf(number, sizeof number, "%.15g", value);
        if (overlay->place[VALUE] != SIZE_MAX)
            values[overlay->place[VALUE]] = str_from(number);
    }
    if (overlay->place[SOURCE] != SIZE_MAX)
        values[overlay->place[SOURCE]] = STR(OVERLAY_SOURCE);
    return builder_add(overlay->builder, &event, values, err);
}

enum vg_code overlay_read(struct store *store, const struct batch_wants *wants,
                          struct vg_log **ret, struct vg_err *err)
{
    struct overlay overlay = {0};
    sqlite3_stmt *rows = NULL;
    bool row = false;
    *ret = NULL;
    enum vg_code code =
        db_ask(store, &rows, err,
               "SELECT e.customer, p.at_us, p.activity, p.kind, p.value, "
               "p.text FROM progress p JOIN enrolment e ON "
               "e.id = p.enrolment_id WHERE " OVERLAY_EVENTS " ORDER BY p.at_us, p.id",
               "");
    while (code == VG_OK && (code = db_step(store, rows, &row, err)) == VG_OK && row) {
        if (!overlay.builder)
            code = open_builder(&overlay, wants, err);
        if (code == VG_OK)
            code = add_row(&overlay, rows, err);
    }
    sqlite3_finalize(rows);
    if (code == VG_OK && overlay.builder) {
        code = builder_finish(overlay.builder, ret, err);
        overlay.builder = NULL;
    }
    builder_close(overlay.builder);
    return code;
}

enum vg_code overlay_merge(struct vg_log *more, const struct alias_map *aliases,
                           struct vg_log **log, struct vg_err *err)
{
    const struct join_ranks no_ranks = {0};
    struct join_input input = {.log = more};
    struct vg_log *joined = NULL;
    uint32_t *origin = NULL;
    /* as imports are: names in order, aliases joined */
    enum vg_code code = join_logs(&input, 1, aliases, &no_ranks, &joined, &origin, err);
    if (code == VG_OK && !(*log)->events) {
        log_close(*log);
        *log = joined;
        joined = NULL;
    } else if (code == VG_OK) {
        int64_t watched_us = (*log)->last_us;
        code = merge_logs(*log, NULL, joined, origin, &no_ranks, err);
        if (code == VG_OK)
            (*log)->beyond_us = (*log)->last_us - watched_us;
    }
    log_close(joined);
    free(origin);
    return code;
}
