/* What customers did and said on their path, and the files they put to it. Declared in
 * store/paths.h. */
#include "store/paths.h"

#include "base/date.h"
#include "base/lang.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/evidence_parts.h"
#include "store/team.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const kinds[PROGRESS_KINDS] = {
    "done", "reading", "milestone", "proof", "feeling", "message", "note"};

const char *progress_kind_name(enum progress_kind kind)
{
    return kinds[kind];
}

bool progress_kind_parse(const char *name, enum progress_kind *ret)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (strcmp(kinds[i], name) == 0) {
            *ret = (enum progress_kind)i;
            return true;
        }
    return false;
}

const char *proof_type(const void *bytes, size_t len)
{
    return len > 24 && memcmp(bytes, "%PDF-", 5) == 0 ? "application/pdf"
                                                      : picture_type(bytes, len);
}

/* ---- asking ---- */

#define PROGRESS_COLUMNS                                                                 \
    "SELECT p.id, p.enrolment_id, p.item, p.activity, p.text, p.who, p.kind, p.at_us, "  \
    "p.created_us, p.value, p.by_client, coalesce(f.id, ''), coalesce(f.name, '') "      \
    "FROM progress p LEFT JOIN proof_file f ON f.progress_id = p.id "

static bool fill_progress(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct progress_row *progress = ret;
    bool no_value = sqlite3_column_type(row, 9) == SQLITE_NULL;
    *progress =
        (struct progress_row){.id = sqlite3_column_int64(row, 0),
                              .enrolment = db_copy(arena, row, 1),
                              .item = db_copy(arena, row, 2),
                              .activity = db_copy(arena, row, 3),
                              .text = db_copy(arena, row, 4),
                              .who = db_copy(arena, row, 5),
                              .at_us = sqlite3_column_int64(row, 7),
                              .created_us = sqlite3_column_int64(row, 8),
                              .value = no_value ? NAN : sqlite3_column_double(row, 9),
                              .by_client = sqlite3_column_int(row, 10) != 0,
                              .file = db_copy(arena, row, 11),
                              .file_name = db_copy(arena, row, 12)};
    const char *kind = (const char *)sqlite3_column_text(row, 6);
    if (!kind || !progress_kind_parse(kind, &progress->kind))
        return false;
    return progress->enrolment && progress->item && progress->activity &&
           progress->text && progress->who && progress->file && progress->file_name;
}

static enum vg_code give(enum vg_code code, const struct db_rows *rows,
                         struct progress_row **ret, size_t *ret_count)
{
    if (code == VG_OK) {
        *ret = rows->items;
        *ret_count = rows->count;
    }
    return code;
}

enum vg_code progress_list(struct store *store, struct arena *arena,
                           const char *enrolment, struct progress_row **ret,
                           size_t *ret_count, struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code =
        db_list(store, arena, sizeof(struct progress_row), fill_progress, &rows, err,
                PROGRESS_COLUMNS "WHERE ?1 IS NULL OR p.enrolment_id = ?1 "
                                 "ORDER BY p.enrolment_id, p.at_us, p.id",
                "t", enrolment);
    return give(code, &rows, ret, ret_count);
}

enum vg_code progress_of_map(struct store *store, struct arena *arena, const char *map,
                             struct progress_row **ret, size_t *ret_count,
                             struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code =
        db_list(store, arena, sizeof(struct progress_row), fill_progress, &rows, err,
                PROGRESS_COLUMNS "JOIN enrolment e ON e.id = p.enrolment_id "
                                 "WHERE e.map_id = ? "
                                 "ORDER BY p.enrolment_id, p.at_us, p.id",
                "t", map);
    return give(code, &rows, ret, ret_count);
}

enum vg_code progress_by_client(struct store *store, const char *enrolment,
                                int64_t since_us, int64_t *ret, struct vg_err *err)
{
    *ret = 0;
    return db_number(store, ret, err,
                     "SELECT count(*) FROM progress WHERE enrolment_id = ? AND "
                     "by_client AND created_us >= ?",
                     "ti", enrolment, since_us);
}

/* ---- writing ---- */

static enum vg_code check_new(const struct progress_new *new, struct vg_err *err)
{
    bool long_text = new->text &&strlen(new->text) > LIMIT_PROGRESS_TEXT;
    if (long_text || strlen(new->activity) > 1000 ||
        (new->item &&strlen(new->item) > 200))
        return err_set(err, VG_ERR_LIMIT, "text", _("a text has at most %d bytes"),
                       LIMIT_PROGRESS_TEXT);
    if (!new->activity[0])
        return err_set(err, VG_ERR_INPUT, "activity", "%s",
                       _("what was done has no name"));
    if (!isnan(new->value) && !isfinite(new->value))
        return err_set(err, VG_ERR_INPUT, "value", "%s", _("this is no number"));
    if (new->bytes &&new->len > LIMIT_PROOF_FILE_BYTES)
        return err_set(err, VG_ERR_LIMIT, NULL, "%s", _("a file has at most 2 MB"));
    if (new->bytes && !proof_type(new->bytes, new->len))
        return err_set(err, VG_ERR_INPUT, NULL, "%s",
                       _("this is no picture and no PDF: PNG, JPEG, WebP and PDF are"));
    return VG_OK;
}

/* Is there such an enrolment, and room in it? */
static enum vg_code check_room(struct store *store, const struct progress_new *new,
                               struct vg_err *err)
{
    int64_t there = 0, count = 0, files = 0;
    enum vg_code code = db_number(
        store, &there, err, "SELECT 1 FROM enrolment WHERE id = ?", "t", new->enrolment);
    if (code == VG_OK && !there)
        return err_set(err, VG_ERR_NOT_FOUND, NULL, "%s",
                       _("there is no such customer on a path (any more)"));
    if (code == VG_OK)
        code = db_number(store, &count, err,
                         "SELECT count(*) FROM progress WHERE enrolment_id = ?", "t",
                         new->enrolment);
    if (code == VG_OK && new->bytes)
        code = db_number(store, &files, err,
                         "SELECT count(*) FROM proof_file f JOIN progress p ON "
                         "p.id = f.progress_id WHERE p.enrolment_id = ?",
                         "t", new->enrolment);
    return code == VG_OK && (count >= LIMIT_PROGRESS || files >= LIMIT_PROOF_FILES)
               ? err_set(err, VG_ERR_LIMIT, NULL, "%s",
                         _("there is no more room for this customer"))
               : code;
}

static enum vg_code add_row(struct store *store, const struct progress_new *new,
                            int64_t *ret_id, struct vg_err *err)
{
    bool no_value = isnan(new->value);
    enum vg_code code = db_run(
        store, err,
        "INSERT INTO progress(enrolment_id, kind, item, at_us, activity, value, text, "
        "by_client, who, created_us, client) VALUES (?, ?, ?, ?, ?, "
        "CASE ? WHEN 0 THEN ? END, ?, ?, ?, ?, ?)",
        "tttitidtitit", new->enrolment, kinds[new->kind], new->item ? new->item : "",
        new->at_us, new->activity, (int64_t)no_value, no_value ? 0.0 : new->value,
        new->text ? new->text : "", (int64_t) new->by_client, store->who, date_now_us(),
        new->client);
    *ret_id = sqlite3_last_insert_rowid(store->db);
    return code;
}

static enum vg_code add_now(struct store *store, const struct progress_new *new,
                            int64_t *ret_id, bool *ret_known, struct vg_err *err)
{
    char file[STORE_ID_BYTES], about[32];
    enum vg_code code = check_room(store, new, err);
    *ret_id = 0;
    if (code == VG_OK && new->client)
        code = db_number(store, ret_id, err,
                         "SELECT id FROM progress WHERE enrolment_id = ? AND client = ?",
                         "tt", new->enrolment, new->client);
    *ret_known = *ret_id != 0;
    if (code != VG_OK || *ret_known)
        return code;
    code = add_row(store, new, ret_id, err);
    if (code == VG_OK && new->bytes) {
        db_id(file);
        code =
            db_run(store, err,
                   "INSERT INTO proof_file(id, progress_id, name, type, body, "
                   "created_us) VALUES (?, ?, ?, ?, ?, ?)",
                   "tittbi", file, *ret_id, new->file_name ? new->file_name : "",
                   proof_type(new->bytes, new->len), new->bytes, new->len, date_now_us());
    }
    bool event =
        new->kind != PROGRESS_NOTE && (new->by_client || new->kind != PROGRESS_MESSAGE);
    if (code == VG_OK)
        code = event ? overlay_changed(store, err) : path_changed(store, err);
    snprintf(about, sizeof about, "%lld", (long long)*ret_id);
    return code == VG_OK && !new->by_client ? audit_add(store, "progress", about, err)
                                            : code;
}

enum vg_code progress_add(struct store *store, const struct progress_new *new,
                          int64_t *ret_id, bool *ret_known, struct vg_err *err)
{
    int64_t id = 0;
    bool known = false;
    enum vg_code code = check_new(new, err);
    if (code == VG_OK)
        code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    code = db_end(store, add_now(store, new, &id, &known, err), err);
    if (code == VG_OK) {
        *ret_id = id;
        if (ret_known)
            *ret_known = known;
    }
    return code;
}

enum vg_code progress_delete(struct store *store, const char *enrolment, int64_t id,
                             struct vg_err *err)
{
    char about[32];
    int64_t event = 0;
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    snprintf(about, sizeof about, "%lld", (long long)id);
    code = db_number(store, &event, err,
                     "SELECT count(*) FROM progress WHERE id = ? AND " OVERLAY_EVENTS,
                     "i", id);
    if (code == VG_OK)
        code = db_change(store, about, err,
                         "DELETE FROM progress WHERE id = ? AND enrolment_id = ?", "it",
                         id, enrolment);
    if (code == VG_OK)
        code = event ? overlay_changed(store, err) : path_changed(store, err);
    if (code == VG_OK)
        code = audit_add(store, "progress-undo", about, err);
    return db_end(store, code, err);
}

/* ---- files ---- */

static bool fill_file(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct proof_file *file = ret;
    const void *bytes = sqlite3_column_blob(row, 2);
    size_t len = (size_t)sqlite3_column_bytes(row, 2);
    str copy = arena_str(arena, (str){bytes ? bytes : "", len});
    *file = (struct proof_file){db_copy(arena, row, 0), db_copy(arena, row, 1), copy.ptr,
                                len};
    return file->name && file->type && copy.ptr;
}

enum vg_code proof_file_get(struct store *store, struct arena *arena,
                            const char *enrolment, const char *id, struct proof_file *ret,
                            struct vg_err *err)
{
    bool there = false;
    enum vg_code code =
        db_one(store, arena, fill_file, ret, &there, err,
               "SELECT f.name, f.type, f.body FROM proof_file f JOIN progress p ON "
               "p.id = f.progress_id WHERE f.id = ? AND p.enrolment_id = ?",
               "tt", id, enrolment);
    return code == VG_OK && !there
               ? err_set(err, VG_ERR_NOT_FOUND, store->path, _("there is no \"%s\""), id)
               : code;
}
