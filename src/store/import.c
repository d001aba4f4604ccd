/* One import is one transaction. Declared in store/evidence.h. */
#include "store/evidence_parts.h"

#include "base/date.h"
#include "base/lang.h"
#include "store/audit.h"
#include "store/codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IMPORT_LEVEL = 3 }; /* zstd's */

static enum vg_code source_id(struct store *store, const char *name, int64_t *ret,
                              struct vg_err *err)
{
    enum vg_code code =
        db_run(store, err, "INSERT INTO source(name) VALUES (?) ON CONFLICT DO NOTHING",
               "t", name);
    return code == VG_OK ? db_number(store, ret, err,
                                     "SELECT id FROM source WHERE name = ?", "t", name)
                         : code;
}

static enum vg_code write_new(struct store *store, struct vg_log *log, int64_t import_id,
                              uint64_t *hashes, const uint8_t *keep, struct vg_err *err)
{
    int64_t batch = 0;
    size_t left = 0;
    for (size_t row = 0; row < log->events; row++)
        if (keep[row])
            hashes[left++] = hashes[row];
    enum vg_code code = log_tidy(log, keep, err);
    if (code != VG_OK || !log->events)
        return code;
    code = batch_write(store, log, NULL, &import_id, IMPORT_LEVEL, &batch, err);
    return code == VG_OK ? identity_write(store, batch, log, hashes, err) : code;
}

/* Rows that were left out, so that they can be mended and brought again. */
static enum vg_code write_rejects(struct store *store, int64_t import_id,
                                  const struct store_import *import, struct vg_err *err)
{
    struct packed packed = {0};
    str rows = import->rejects;
    if (!rows.len || rows.len > LIMIT_REJECTS_BYTES)
        return VG_OK;
    if (!pack_bytes(rows.ptr, rows.len, IMPORT_LEVEL, &packed))
        return err_memory(err);
    enum vg_code code =
        db_run(store, err,
               "INSERT INTO reject(import_id, row_count, raw_bytes, body) "
               "VALUES (?, ?, ?, ?)",
               "iiib", import_id, (int64_t)import->rejected, (int64_t)rows.len,
               (const void *)packed.bytes, packed.len);
    free(packed.bytes);
    return code;
}

enum vg_code import_rejects(struct store *store, struct arena *arena, int64_t id,
                            str *ret, struct vg_err *err)
{
    sqlite3_stmt *rows = NULL;
    bool row = false;
    enum vg_code code =
        db_ask(store, &rows, err,
               "SELECT raw_bytes, body FROM reject WHERE import_id = ?", "i", id);
    if (code == VG_OK)
        code = db_step(store, rows, &row, err);
    if (code == VG_OK && !row)
        code = err_set(err, VG_ERR_NOT_FOUND, store->path, "%s",
                       _("the rows that were left out are not kept"));
    int64_t raw = code == VG_OK ? sqlite3_column_int64(rows, 0) : 0;
    if (code == VG_OK && (raw < 1 || raw > LIMIT_REJECTS_BYTES))
        code = db_damaged(store, "reject", err);
    char *text = code == VG_OK ? arena_array(arena, char, (size_t)raw + 1) : NULL;
    if (code == VG_OK && !text)
        code = err_memory(err);
    if (code == VG_OK) {
        code = unpack_bytes(sqlite3_column_blob(rows, 1),
                            (size_t)sqlite3_column_bytes(rows, 1), text, (size_t)raw);
        if (code != VG_OK)
            code = code == VG_ERR_MEMORY ? err_memory(err)
                                         : db_damaged(store, "reject", err);
    }
    sqlite3_finalize(rows);
    if (code == VG_OK)
        *ret = (str){text, (size_t)raw};
    return code;
}

static enum vg_code import_all(struct store *store, struct vg_log *log, uint64_t *hashes,
                               uint8_t *keep, const struct store_import *import,
                               struct known_list *known, struct store_imported *ret,
                               struct vg_err *err)
{
    int64_t source = 0;
    char about[32];
    size_t events = log->events;
    enum vg_code code = identity_mark(store, log, hashes, keep, known, &ret->known, err);
    if (code == VG_OK)
        code = source_id(store, import->source, &source, err);
    ret->added = events - ret->known;
    if (code == VG_OK)
        code = db_run(store, err,
                      "INSERT INTO import(source_id, at_us, who, row_count, rejected, "
                      "added, known, report, tracked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)",
                      "iitiiiit", source, date_now_us(), store->who,
                      (int64_t)import->row_count, (int64_t)import->rejected,
                      (int64_t)ret->added, (int64_t)ret->known, import->report);
    ret->id = sqlite3_last_insert_rowid(store->db);
    for (size_t i = 0; i < known->count; i++)
        known->items[i].import_id = ret->id;
    if (code == VG_OK)
        code = known_write(store, known, err);
    if (code == VG_OK)
        code = write_rejects(store, ret->id, import, err);
    if (code == VG_OK)
        code = write_new(store, log, ret->id, hashes, keep, err);
    if (code == VG_OK) /* the image stays good: what came since is joined to it */
        code = db_run(store, err,
                      "UPDATE workspace SET evidence_version = evidence_version + 1", "");
    snprintf(about, sizeof about, "%lld", (long long)ret->id);
    return code == VG_OK ? audit_add(store, "import", about, err) : code;
}

enum vg_code store_import(struct store *store, struct vg_log *log,
                          const struct store_import *import, struct store_imported *ret,
                          struct vg_err *err)
{
    uint64_t *hashes = identity_hash(log);
    uint8_t *keep = malloc(log->events + 1);
    struct store_imported imported = {0};
    struct known_list known = {0};
    enum vg_code code = hashes && keep ? db_begin(store, err) : err_memory(err);
    if (code == VG_OK) {
        code = import_all(store, log, hashes, keep, import, &known, &imported, err);
        code = db_end(store, code, err);
    }
    known_free(&known);
    free(hashes);
    free(keep);
    if (code == VG_OK)
        *ret = imported;
    return code;
}

/* What was written down on success paths is a source like any other, of no import. */
static enum vg_code add_progress(struct store *store, struct store_source *ret,
                                 bool *ret_any, struct vg_err *err)
{
    sqlite3_stmt *rows = NULL;
    bool row = false;
    enum vg_code code =
        db_ask(store, &rows, err,
               "SELECT count(*), coalesce(min(at_us), 0), coalesce(max(at_us), 0), "
               "coalesce(max(created_us), 0) FROM progress WHERE " OVERLAY_EVENTS,
               "");
    if (code == VG_OK)
        code = db_step(store, rows, &row, err);
    if (code == VG_OK && row) {
        uint64_t events = (uint64_t)sqlite3_column_int64(rows, 0);
        *ret = (struct store_source){.name = OVERLAY_SOURCE,
                                     .report = "",
                                     .rows = events,
                                     .events = events,
                                     .first_us = sqlite3_column_int64(rows, 1),
                                     .last_us = sqlite3_column_int64(rows, 2),
                                     .last_import_us = sqlite3_column_int64(rows, 3)};
        *ret_any = events > 0;
    }
    sqlite3_finalize(rows);
    return code;
}

enum vg_code store_sources(struct store *store, struct arena *arena,
                           struct store_source **ret, size_t *ret_count,
                           struct vg_err *err)
{
    sqlite3_stmt *rows = NULL;
    struct store_source *list = NULL;
    size_t count = 0, capacity = 0;
    bool row = false;
    enum vg_code code = db_ask(
        store, &rows, err,
        "SELECT s.name, max(i.id), i.report, i.at_us, count(i.id), sum(i.row_count), "
        "sum(i.rejected), coalesce(sum(b.events), 0), coalesce(min(b.first_us), 0), "
        "coalesce(max(b.last_us), 0) FROM source s JOIN import i ON i.source_id = s.id "
        "LEFT JOIN batch b ON b.import_id = i.id GROUP BY s.id ORDER BY s.name",
        "");
    while (code == VG_OK && (code = db_step(store, rows, &row, err)) == VG_OK && row) {
        list = arena_grow(arena, list, count, &capacity, sizeof *list);
        const char *name = list ? db_copy(arena, rows, 0) : NULL;
        const char *report = name ? db_copy(arena, rows, 2) : NULL;
        if (!report) {
            code = err_memory(err);
            break;
        }
        list[count++] =
            (struct store_source){.name = name,
                                  .report = report,
                                  .last_import_us = sqlite3_column_int64(rows, 3),
                                  .imports = (uint64_t)sqlite3_column_int64(rows, 4),
                                  .rows = (uint64_t)sqlite3_column_int64(rows, 5),
                                  .rejected = (uint64_t)sqlite3_column_int64(rows, 6),
                                  .events = (uint64_t)sqlite3_column_int64(rows, 7),
                                  .first_us = sqlite3_column_int64(rows, 8),
                                  .last_us = sqlite3_column_int64(rows, 9)};
    }
    sqlite3_finalize(rows);
    struct store_source progress;
    bool any = false;
    if (code == VG_OK)
        code = add_progress(store, &progress, &any, err);
    if (code == VG_OK && any) {
        list = arena_grow(arena, list, count, &capacity, sizeof *list);
        if (!list)
            return err_memory(err);
        list[count++] = progress;
    }
    if (code == VG_OK) {
        *ret = list;
        *ret_count = count;
    }
    return code;
}

static bool fill_import(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct store_import_row *import = ret;
    *import =
        (struct store_import_row){.id = sqlite3_column_int64(row, 0),
                                  .at_us = sqlite3_column_int64(row, 1),
                                  .source = db_copy(arena, row, 2),
                                  .who = db_copy(arena, row, 3),
                                  .report = db_copy(arena, row, 4),
                                  .row_count = (uint64_t)sqlite3_column_int64(row, 5),
                                  .rejected = (uint64_t)sqlite3_column_int64(row, 6),
                                  .added = (uint64_t)sqlite3_column_int64(row, 7),
                                  .known = (uint64_t)sqlite3_column_int64(row, 8),
                                  .events = (uint64_t)sqlite3_column_int64(row, 9),
                                  .first_us = sqlite3_column_int64(row, 10),
                                  .last_us = sqlite3_column_int64(row, 11),
                                  .rejects = (uint64_t)sqlite3_column_int64(row, 12)};
    return import->source && import->who && import->report;
}

enum vg_code store_imports(struct store *store, struct arena *arena,
                           struct store_import_row **ret, size_t *ret_count,
                           struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code = db_list(
        store, arena, sizeof(struct store_import_row), fill_import, &rows, err,
        "SELECT i.id, i.at_us, s.name, i.who, i.report, i.row_count, i.rejected, "
        "i.added, i.known, coalesce(b.events, 0), coalesce(b.first_us, 0), "
        "coalesce(b.last_us, 0), coalesce(r.row_count, 0) FROM import i "
        "JOIN source s ON s.id = i.source_id LEFT JOIN batch b ON b.import_id = i.id "
        "LEFT JOIN reject r ON r.import_id = i.id ORDER BY i.id DESC",
        "");
    if (code == VG_OK) {
        *ret = rows.items;
        *ret_count = rows.count;
    }
    return code;
}
