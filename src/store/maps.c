/* Declared in store/maps.h. */
#include "store/maps.h"

#include "base/date.h"
#include "base/lang.h"
#include "base/limits.h"
#include "base/near.h"
#include "map/edit.h"
#include "store/audit.h"
#include "store/db.h"

#include <stdio.h>
#include <string.h>

#define MAPS_PAUSE_US (30 * 60 * US_PER_S)

/* ---- the list ---- */

static bool fill_map(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct stored_map *map = ret;
    *map = (struct stored_map){db_copy(arena, row, 0), db_copy(arena, row, 1),
                               sqlite3_column_int64(row, 2), sqlite3_column_int64(row, 3),
                               sqlite3_column_int64(row, 4)};
    return map->id && map->title;
}

enum vg_code maps_list(struct store *store, struct arena *arena, struct stored_map **ret,
                       size_t *ret_count, struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code =
        db_list(store, arena, sizeof(struct stored_map), fill_map, &rows, err,
                "SELECT id, title, head, created_us, updated_us FROM map "
                "WHERE deleted_us IS NULL ORDER BY title, id",
                "");
    if (code == VG_OK) {
        *ret = rows.items;
        *ret_count = rows.count;
    }
    return code;
}

enum vg_code maps_deleted(struct store *store, struct arena *arena,
                          struct stored_map **ret, size_t *ret_count, struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code =
        db_list(store, arena, sizeof(struct stored_map), fill_map, &rows, err,
                "SELECT id, title, head, created_us, deleted_us FROM map "
                "WHERE deleted_us IS NOT NULL ORDER BY deleted_us DESC, id",
                "");
    if (code == VG_OK) {
        *ret = rows.items;
        *ret_count = rows.count;
    }
    return code;
}

enum vg_code maps_get(struct store *store, struct arena *arena, const char *id,
                      struct stored_map *ret, struct vg_err *err)
{
    bool there = false;
    enum vg_code code =
        db_one(store, arena, fill_map, ret, &there, err,
               "SELECT id, title, head, created_us, updated_us FROM map WHERE id = ? AND "
               "deleted_us IS NULL",
               "t", id);
    return code == VG_OK && !there ? err_set(err, VG_ERR_NOT_FOUND, store->path,
                                             _("there is no map \"%s\""), id)
                                   : code;
}

static str title_at(const void *ctx, size_t i)
{
    return str_from(((const struct stored_map *)ctx)[i].title);
}

enum vg_code maps_find(struct store *store, struct arena *arena, const char *name,
                       const char **ret_id, struct vg_err *err)
{
    struct stored_map *list = NULL;
    size_t count = 0, found = SIZE_MAX, titled = 0;
    enum vg_code code = maps_list(store, arena, &list, &count, err);
    if (code != VG_OK)
        return code;
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].id, name) == 0) {
            *ret_id = list[i].id;
            return VG_OK;
        }
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].title, name) == 0) {
            found = i;
            titled++;
        }
    if (titled == 1) {
        *ret_id = list[found].id;
        return VG_OK;
    }
    if (titled > 1)
        return err_set(err, VG_ERR_CONFLICT, store->path,
                       _("several maps are called \"%s\": name one by its id"), name);
    size_t near = near_find(arena, str_from(name), count, title_at, list);
    err_set(err, VG_ERR_NOT_FOUND, store->path, _("there is no map \"%s\""), name);
    if (near != SIZE_MAX)
        err_hint(err, _("did you mean \"%s\"?"), list[near].title);
    return VG_ERR_NOT_FOUND;
}

/* ---- reading ---- */

static enum vg_code parse(struct store *store, str text, json_t **ret, struct vg_err *err)
{
    struct vg_err why = {0};
    enum vg_code code = json_read(text, "map", LIMIT_MAP_BYTES * 2, ret, &why);
    if (code == VG_OK || code == VG_ERR_MEMORY)
        return code == VG_OK ? VG_OK : err_memory(err);
    return db_damaged(store, why.what, err);
}

/* The latest snapshot not after `seq`. */
static enum vg_code read_snapshot(struct store *store, const char *id, int64_t seq,
                                  json_t **ret, int64_t *ret_seq, struct vg_err *err)
{
    sqlite3_stmt *rows = NULL;
    bool row = false;
    enum vg_code code = db_ask(store, &rows, err,
                               "SELECT seq, body FROM map_snapshot WHERE map_id = ? AND "
                               "seq <= ? ORDER BY seq DESC LIMIT 1",
                               "ti", id, seq);
    if (code == VG_OK)
        code = db_step(store, rows, &row, err);
    if (code == VG_OK && !row)
        code = db_damaged(store, _("a map has no beginning"), err);
    if (code == VG_OK) {
        *ret_seq = sqlite3_column_int64(rows, 0);
        code = parse(store, db_text(rows, 1), ret, err);
    }
    sqlite3_finalize(rows);
    return code;
}

static enum vg_code replay(struct store *store, const char *id, int64_t from,
                           int64_t until, json_t *document, struct vg_err *err)
{
    sqlite3_stmt *rows = NULL;
    bool row = false;
    enum vg_code code =
        db_ask(store, &rows, err,
               "SELECT body FROM map_operation WHERE map_id = ? AND "
               "seq > ? AND seq <= ? AND inverse IS NOT NULL ORDER BY seq",
               "tii", id, from, until);
    while (code == VG_OK && (code = db_step(store, rows, &row, err)) == VG_OK && row) {
        json_t *operation = NULL, *inverse = NULL;
        struct vg_err why = {0};
        code = parse(store, db_text(rows, 0), &operation, err);
        enum vg_code applied =
            code == VG_OK ? edit_apply(document, operation, &inverse, &why) : code;
        if (code == VG_OK && applied != VG_OK)
            code = applied == VG_ERR_MEMORY ? err_memory(err)
                                            : db_damaged(store, why.what, err);
        json_decref(operation);
        json_decref(inverse);
    }
    sqlite3_finalize(rows);
    return code;
}

static enum vg_code head_of(struct store *store, const char *id, int64_t *ret,
                            struct vg_err *err)
{
    *ret = -1;
    enum vg_code code =
        db_number(store, ret, err,
                  "SELECT head FROM map WHERE id = ? AND deleted_us IS NULL", "t", id);
    if (code == VG_OK && *ret < 0)
        code =
            err_set(err, VG_ERR_NOT_FOUND, store->path, _("there is no map \"%s\""), id);
    return code;
}

/* The document as of `seq`, −1: the head; *seq says which it became. */
static enum vg_code read_document(struct store *store, const char *id, int64_t *seq,
                                  json_t **ret, struct vg_err *err)
{
    int64_t head = 0, from = 0;
    json_t *document = NULL;
    enum vg_code code = head_of(store, id, &head, err);
    if (code == VG_OK && *seq > head)
        code = err_set(err, VG_ERR_NOT_FOUND, store->path,
                       _("the map has no version %lld"), (long long)*seq);
    if (*seq < 0)
        *seq = head;
    if (code == VG_OK)
        code = read_snapshot(store, id, *seq, &document, &from, err);
    if (code == VG_OK)
        code = replay(store, id, from, *seq, document, err);
    if (code == VG_OK)
        *ret = document;
    else
        json_decref(document);
    return code;
}

enum vg_code maps_read(struct store *store, const char *id, int64_t seq,
                       struct vg_map **ret, int64_t *ret_seq, struct vg_err *err)
{
    json_t *document = NULL;
    bool own = sqlite3_get_autocommit(store->db);
    enum vg_code code = own ? db_begin_read(store, err) : VG_OK;
    if (code == VG_OK)
        code = read_document(store, id, &seq, &document, err);
    if (own && !sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    if (code == VG_OK)
        code = map_from_json(document, id, ret, err);
    json_decref(document);
    if (code == VG_OK && ret_seq)
        *ret_seq = seq;
    return code;
}

/* ---- writing ---- */

static enum vg_code write_snapshot(struct store *store, const char *id, int64_t seq,
                                   const json_t *document, const char *label,
                                   struct vg_err *err)
{
    struct buf text = {0};
    enum vg_code code = json_write_compact(document, &text, err);
    if (code == VG_OK)
        code =
            db_run(store, err,
                   "INSERT INTO map_snapshot(map_id, seq, at_us, label, body, who) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET "
                   "label = coalesce(excluded.label, label)",
                   "tiitst", id, seq, date_now_us(), label, buf_str(&text), store->who);
    buf_free(&text);
    return code;
}

static enum vg_code write_operation(struct store *store, const char *id, int64_t seq,
                                    const char *client, const json_t *operation,
                                    const json_t *inverse, struct vg_err *err)
{
    struct buf body = {0}, back = {0};
    enum vg_code code = json_write_compact(operation, &body, err);
    if (code == VG_OK && inverse)
        code = json_write_compact(inverse, &back, err);
    const char *body_text = body.len ? buf_str(&body).ptr : "";
    if (code == VG_OK)
        code = db_run(store, err,
                      "INSERT INTO map_operation(map_id, seq, at_us, who, client, body, "
                      "inverse) VALUES (?, ?, ?, ?, ?, ?, ?)",
                      "tiitttt", id, seq, date_now_us(), store->who, client, body_text,
                      inverse ? buf_str(&back).ptr : NULL);
    buf_free(&body);
    buf_free(&back);
    return code;
}

static enum vg_code write_head(struct store *store, const char *id, int64_t seq,
                               const char *title, struct vg_err *err)
{
    return db_run(store, err,
                  "UPDATE map SET head = ?, updated_us = ?, title = coalesce(?, title) "
                  "WHERE id = ?",
                  "iitt", seq, date_now_us(), title, id);
}

/* An operation that worked: check what became of the document, then keep both. */
static enum vg_code keep_change(struct store *store, const char *id, int64_t seq,
                                const char *client, const json_t *operation,
                                const json_t *inverse, json_t *document,
                                struct vg_err *err)
{
    struct vg_map *map = NULL;
    enum vg_code code = map_from_json(document, id, &map, err);
    if (code != VG_OK)
        return code;
    code = write_operation(store, id, seq, client, operation, inverse, err);
    if (code == VG_OK && seq % MAPS_SNAPSHOT_EVERY == 0)
        code = write_snapshot(store, id, seq, document, NULL, err);
    if (code == VG_OK)
        code = write_head(store, id, seq, map->title, err);
    map_close(map);
    return code;
}

static enum vg_code edit_now(struct store *store, const char *id, const json_t *operation,
                             const char *client, int64_t *seq, bool *late,
                             struct vg_err *err)
{
    json_t *document = NULL, *inverse = NULL;
    int64_t known = -1;
    enum vg_code code = VG_OK;
    if (client)
        code = db_number(store, &known, err,
                         "SELECT seq FROM map_operation WHERE map_id = ? AND client = ?",
                         "tt", id, client);
    if (code == VG_OK && known >= 0) {
        *seq = known;
        return VG_OK;
    }
    *seq = -1;
    if (code == VG_OK)
        code = read_document(store, id, seq, &document, err);
    if (code != VG_OK)
        return code;
    ++*seq;
    code = edit_apply(document, operation, &inverse, err);
    if (code == VG_OK)
        code = keep_change(store, id, *seq, client, operation, inverse, document, err);
    else if (code == VG_ERR_NOT_FOUND) { /* nobody's text is lost */
        *late = true;
        code = write_operation(store, id, *seq, client, operation, NULL, err);
        if (code == VG_OK)
            code = write_head(store, id, *seq, NULL, err);
    }
    json_decref(document);
    json_decref(inverse);
    return code;
}

enum vg_code maps_edit(struct store *store, const char *id, const json_t *operation,
                       const char *client, int64_t *ret_seq, struct vg_err *err)
{
    int64_t seq = 0;
    bool late = false;
    enum vg_code code = db_begin(store, err);
    if (code == VG_OK)
        code =
            db_end(store, edit_now(store, id, operation, client, &seq, &late, err), err);
    if (code != VG_OK)
        return code;
    if (ret_seq)
        *ret_seq = seq;
    if (!late)
        return VG_OK;
    err_set(err, VG_ERR_CONFLICT, NULL, "%s",
            _("what this changes was deleted meanwhile; the change is kept in the "
              "history"));
    return VG_ERR_CONFLICT;
}

static enum vg_code add_new(struct store *store, const struct vg_map *map,
                            struct vg_err *err)
{
    int64_t now = date_now_us();
    /* An id that was deleted comes back with its history. */
    enum vg_code code = db_run(store, err,
                               "INSERT INTO map(id, title, head, created_us, updated_us) "
                               "VALUES (?, ?, 0, ?, ?)",
                               "ttii", map->id, map->title, now, now);
    if (code == VG_OK)
        code = write_snapshot(store, map->id, 0, map->json, NULL, err);
    return code == VG_OK ? audit_add(store, "map-new", map->id, err) : code;
}

static enum vg_code keep_now(struct store *store, const struct vg_map *map, int64_t *seq,
                             struct vg_err *err)
{
    int64_t known = 0;
    bool late = false;
    json_t *document = NULL;
    *seq = -1;
    enum vg_code code =
        db_number(store, &known, err, "SELECT 1 FROM map WHERE id = ?", "t", map->id);
    if (code == VG_OK && !known) {
        *seq = 0;
        return add_new(store, map, err);
    }
    if (code == VG_OK)
        code = db_run(store, err, "UPDATE map SET deleted_us = NULL WHERE id = ?", "t",
                      map->id);
    if (code == VG_OK)
        code = read_document(store, map->id, seq, &document, err);
    bool same = code == VG_OK && json_equal(document, map->json);
    json_decref(document);
    if (code != VG_OK || same)
        return code;
    json_t *operation = json_pack("{s:s, s:O}", "op", "replace", "value", map->json);
    if (!operation)
        return err_memory(err);
    code = edit_now(store, map->id, operation, NULL, seq, &late, err);
    json_decref(operation);
    return code;
}

enum vg_code maps_keep(struct store *store, const struct vg_map *map, int64_t *ret_seq,
                       struct vg_err *err)
{
    int64_t seq = 0;
    if (!map->id[0])
        return err_set(err, VG_ERR_INPUT, NULL, "%s", _("the map has no id"));
    enum vg_code code = db_begin(store, err);
    if (code == VG_OK)
        code = db_end(store, keep_now(store, map, &seq, err), err);
    if (code == VG_OK && ret_seq)
        *ret_seq = seq;
    return code;
}

/* ---- taking back ---- */

static enum vg_code read_inverse(struct store *store, const char *id, int64_t seq,
                                 json_t **ret, struct vg_err *err)
{
    sqlite3_stmt *rows = NULL;
    bool row = false;
    enum vg_code code = db_ask(
        store, &rows, err,
        "SELECT inverse FROM map_operation WHERE map_id = ? AND seq = ? AND inverse "
        "IS NOT NULL",
        "ti", id, seq);
    if (code == VG_OK)
        code = db_step(store, rows, &row, err);
    if (code == VG_OK && !row)
        code = err_set(err, VG_ERR_NOT_FOUND, store->path, "%s",
                       _("there is nothing to undo"));
    if (code == VG_OK)
        code = parse(store, db_text(rows, 0), ret, err);
    sqlite3_finalize(rows);
    return code;
}

enum vg_code maps_undo(struct store *store, const char *id, int64_t seq, int64_t *ret_seq,
                       struct vg_err *err)
{
    json_t *inverse = NULL;
    enum vg_code code = read_inverse(store, id, seq, &inverse, err);
    if (code == VG_OK)
        code = maps_edit(store, id, inverse, NULL, ret_seq, err);
    json_decref(inverse);
    return code;
}

enum vg_code maps_restore(struct store *store, const char *id, int64_t seq,
                          int64_t *ret_seq, struct vg_err *err)
{
    struct vg_map *map = NULL;
    enum vg_code code = maps_read(store, id, seq, &map, NULL, err);
    if (code == VG_OK)
        code = maps_keep(store, map, ret_seq, err);
    map_close(map);
    return code;
}

static enum vg_code label_now(struct store *store, const char *id, const char *label,
                              struct vg_err *err)
{
    int64_t seq = -1;
    json_t *document = NULL;
    enum vg_code code = read_document(store, id, &seq, &document, err);
    if (code == VG_OK)
        code = write_snapshot(store, id, seq, document, label, err);
    json_decref(document);
    return code;
}

enum vg_code maps_label(struct store *store, const char *id, const char *label,
                        struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    return code == VG_OK ? db_end(store, label_now(store, id, label, err), err) : code;
}

enum vg_code maps_delete(struct store *store, const char *id, struct vg_err *err)
{
    int64_t head;
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    code = head_of(store, id, &head, err);
    if (code == VG_OK)
        code = db_run(store, err, "UPDATE map SET deleted_us = ? WHERE id = ?", "it",
                      date_now_us(), id);
    if (code == VG_OK)
        code = audit_add(store, "map-delete", id, err);
    return db_end(store, code, err);
}

enum vg_code maps_undelete(struct store *store, const char *id, struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    code = db_change(store, id, err,
                     "UPDATE map SET deleted_us = NULL WHERE id = ? AND deleted_us IS "
                     "NOT NULL",
                     "t", id);
    if (code == VG_OK)
        code = audit_add(store, "map-undelete", id, err);
    return db_end(store, code, err);
}

/* ---- history ---- */

static bool fill_change(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct stored_change *change = ret;
    *change = (struct stored_change){
        sqlite3_column_int64(row, 0),    sqlite3_column_int64(row, 1),
        db_copy(arena, row, 2),          db_copy(arena, row, 3),
        sqlite3_column_int(row, 4) != 0, db_copy(arena, row, 5)};
    return change->who && change->body && change->client;
}

enum vg_code maps_history(struct store *store, struct arena *arena, const char *id,
                          int64_t after, size_t most, struct stored_change **ret,
                          size_t *ret_count, struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code =
        db_list(store, arena, sizeof(struct stored_change), fill_change, &rows, err,
                "SELECT seq, at_us, who, body, inverse IS NULL, client FROM "
                "map_operation WHERE map_id = ? AND seq > ? ORDER BY seq LIMIT ?",
                "tii", id, after, (int64_t)most);
    if (code == VG_OK) {
        *ret = rows.items;
        *ret_count = rows.count;
    }
    return code;
}

/* One operation as a version of its own; group_versions puts them together. */
static bool fill_version(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct stored_version *version = ret;
    *version = (struct stored_version){sqlite3_column_int64(row, 0),
                                       sqlite3_column_int64(row, 1),
                                       db_copy(arena, row, 2), db_copy(arena, row, 3), 1};
    return version->who && version->label;
}

/* Operations, oldest first, into versions, latest first. */
static size_t group_versions(struct stored_version *list, size_t count)
{
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        struct stored_version *last = left ? &list[left - 1] : NULL;
        bool goes_on = last && !last->label[0] && last->seq > 0 &&
                       list[i].at_us - last->at_us < MAPS_PAUSE_US;
        if (!goes_on) {
            list[left++] = list[i];
            continue;
        }
        list[i].changes += last->changes;
        if (strcmp(list[i].who, last->who) != 0)
            list[i].who = "";
        *last = list[i];
    }
    for (size_t i = 0; i < left / 2; i++) {
        struct stored_version swap = list[i];
        list[i] = list[left - 1 - i];
        list[left - 1 - i] = swap;
    }
    return left;
}

enum vg_code maps_versions(struct store *store, struct arena *arena, const char *id,
                           struct stored_version **ret, size_t *ret_count,
                           struct vg_err *err)
{
    struct db_rows rows = {0};
    struct stored_map map = {0};
    enum vg_code code = maps_get(store, arena, id, &map, err);
    if (code == VG_OK)
        code =
            db_list(store, arena, sizeof(struct stored_version), fill_version, &rows, err,
                    "SELECT seq, at_us, coalesce(who, ''), coalesce(label, '') FROM "
                    "map_snapshot WHERE map_id = ?1 AND seq = 0 UNION ALL "
                    "SELECT o.seq, o.at_us, o.who, coalesce((SELECT label FROM "
                    "map_snapshot s WHERE s.map_id = ?1 AND s.seq = o.seq), '') "
                    "FROM map_operation o WHERE o.map_id = ?1 ORDER BY 1",
                    "t", id);
    struct stored_version *list = rows.items;
    if (code == VG_OK && rows.count)
        list[0].changes = 0; /* as it came */
    if (code == VG_OK) {
        *ret = list;
        *ret_count = group_versions(list, rows.count);
    }
    return code;
}
