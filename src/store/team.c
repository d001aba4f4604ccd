/* Comments, pictures, links for others. Declared in store/team.h. */
#include "store/team.h"

#include "base/date.h"
#include "base/lang.h"
#include "store/audit.h"
#include "store/db.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* ---- comments ---- */

#define COMMENT_COLUMNS                                                                  \
    "SELECT c.id, coalesce(c.reply_to, 0), c.map_id, c.item, c.field, c.text, c.who, "   \
    "coalesce((SELECT json_extract(body, '$.name') FROM person WHERE id = c.who), "      \
    "c.name), c.at_us, coalesce(c.edited_us, 0), coalesce(c.resolved_us, 0), "           \
    "coalesce(c.resolved_by, ''), c.deleted_us IS NOT NULL FROM comment c "

static bool fill_comment(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct comment *comment = ret;
    *comment = (struct comment){.id = sqlite3_column_int64(row, 0),
                                .reply_to = sqlite3_column_int64(row, 1),
                                .map = db_copy(arena, row, 2),
                                .item = db_copy(arena, row, 3),
                                .field = db_copy(arena, row, 4),
                                .text = db_copy(arena, row, 5),
                                .who = db_copy(arena, row, 6),
                                .name = db_copy(arena, row, 7),
                                .at_us = sqlite3_column_int64(row, 8),
                                .edited_us = sqlite3_column_int64(row, 9),
                                .resolved_us = sqlite3_column_int64(row, 10),
                                .resolved_by = db_copy(arena, row, 11),
                                .deleted = sqlite3_column_int(row, 12) != 0};
    return comment->map && comment->item && comment->field && comment->text &&
           comment->who && comment->name && comment->resolved_by;
}

static enum vg_code check_text(const char *text, struct vg_err *err)
{
    if (!text[strspn(text, " \t\r\n")])
        return err_set(err, VG_ERR_INPUT, NULL, "%s", _("the comment says nothing"));
    return strlen(text) > LIMIT_COMMENT_BYTES
               ? err_set(err, VG_ERR_LIMIT, NULL, _("a comment has at most %d bytes"),
                         LIMIT_COMMENT_BYTES)
               : VG_OK;
}

static enum vg_code no_comment(enum vg_code code, bool there, struct vg_err *err)
{
    return code == VG_OK && !there ? err_set(err, VG_ERR_NOT_FOUND, NULL, "%s",
                                             _("there is no such comment (any more)"))
                                   : code;
}

/* Within a transaction: the thread that an answer belongs to. */
static enum vg_code thread_of(struct store *store, const char *map, int64_t reply_to,
                              int64_t *ret, struct vg_err *err)
{
    *ret = 0;
    enum vg_code code = db_number(
        store, ret, err,
        "SELECT coalesce(reply_to, id) FROM comment WHERE id = ? AND map_id = ?", "it",
        reply_to, map);
    return no_comment(code, *ret != 0, err);
}

static enum vg_code add_now(struct store *store, const struct comment_new *new,
                            int64_t *ret_id, struct vg_err *err)
{
    int64_t there = 0, thread = 0;
    enum vg_code code =
        db_number(store, &there, err,
                  "SELECT 1 FROM map WHERE id = ? AND deleted_us IS NULL", "t", new->map);
    if (code == VG_OK && !there)
        code = err_set(err, VG_ERR_NOT_FOUND, store->path, _("there is no map \"%s\""),
                       new->map);
    if (code == VG_OK && new->reply_to)
        code = thread_of(store, new->map, new->reply_to, &thread, err);
    if (code == VG_OK)
        code = db_run(store, err,
                      "INSERT INTO comment(map_id, item, field, text, who, name, at_us, "
                      "reply_to) VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, 0))",
                      "ttttttii", new->map, new->item, new->field ? new->field : "",
                      new->text, store->who, new->name, date_now_us(), thread);
    *ret_id = sqlite3_last_insert_rowid(store->db);
    return code;
}

enum vg_code comment_add(struct store *store, const struct comment_new *new,
                         int64_t *ret_id, struct vg_err *err)
{
    enum vg_code code = check_text(new->text, err);
    if (code == VG_OK)
        code = db_begin(store, err);
    return code == VG_OK ? db_end(store, add_now(store, new, ret_id, err), err) : code;
}

enum vg_code comment_list(struct store *store, struct arena *arena, const char *map,
                          struct comment **ret, size_t *ret_count, struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code =
        db_list(store, arena, sizeof(struct comment), fill_comment, &rows, err,
                COMMENT_COLUMNS "WHERE c.map_id = ? ORDER BY c.id", "t", map);
    if (code == VG_OK) {
        *ret = rows.items;
        *ret_count = rows.count;
    }
    return code;
}

enum vg_code comment_get(struct store *store, struct arena *arena, const char *map,
                         int64_t id, struct comment *ret, struct vg_err *err)
{
    bool there = false;
    enum vg_code code =
        db_one(store, arena, fill_comment, ret, &there, err,
               COMMENT_COLUMNS "WHERE c.id = ? AND c.map_id = ? AND c.deleted_us IS NULL",
               "it", id, map);
    return no_comment(code, there, err);
}

enum vg_code comment_edit(struct store *store, const char *map, int64_t id,
                          const char *text, struct vg_err *err)
{
    enum vg_code code = check_text(text, err);
    if (code == VG_OK)
        code = db_run(store, err,
                      "UPDATE comment SET text = ?, edited_us = ? WHERE id = ? AND "
                      "map_id = ? AND deleted_us IS NULL",
                      "tiit", text, date_now_us(), id, map);
    return no_comment(code, sqlite3_changes(store->db) > 0, err);
}

enum vg_code comment_resolve(struct store *store, const char *map, int64_t id,
                             bool resolved, struct vg_err *err)
{
    enum vg_code code =
        db_run(store, err,
               "UPDATE comment SET resolved_us = CASE ?1 WHEN 1 THEN ?2 END, "
               "resolved_by = CASE ?1 WHEN 1 THEN ?3 END WHERE id = ?4 AND map_id = ?5",
               "iitit", (int64_t)resolved, date_now_us(), store->who, id, map);
    return no_comment(code, sqlite3_changes(store->db) > 0, err);
}

/* An emptied beginning goes when its last answer goes. */
static enum vg_code delete_now(struct store *store, const char *map, int64_t id,
                               struct vg_err *err)
{
    int64_t answers = 0, thread = 0;
    enum vg_code code = thread_of(store, map, id, &thread, err);
    if (code == VG_OK)
        code = db_number(store, &answers, err,
                         "SELECT count(*) FROM comment WHERE reply_to = ?", "i", id);
    if (code == VG_OK)
        code = answers ? db_run(store, err,
                                "UPDATE comment SET text = '', deleted_us = ? "
                                "WHERE id = ?",
                                "ii", date_now_us(), id)
                       : db_run(store, err, "DELETE FROM comment WHERE id = ?", "i", id);
    if (code == VG_OK)
        code = db_run(store, err,
                      "DELETE FROM comment WHERE id = ?1 AND deleted_us IS NOT NULL AND "
                      "NOT EXISTS (SELECT 1 FROM comment WHERE reply_to = ?1)",
                      "i", thread);
    return code;
}

enum vg_code comment_delete(struct store *store, const char *map, int64_t id,
                            struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    return code == VG_OK ? db_end(store, delete_now(store, map, id, err), err) : code;
}

/* ---- pictures ---- */

const char *picture_type(const void *bytes, size_t len)
{
    const unsigned char *b = bytes;
    if (len > 24 && memcmp(b, "\x89PNG\r\n\x1a\n", 8) == 0)
        return "image/png";
    if (len > 24 && b[0] == 0xFF && b[1] == 0xD8 && b[2] == 0xFF)
        return "image/jpeg";
    if (len > 24 && memcmp(b, "RIFF", 4) == 0 && memcmp(b + 8, "WEBP", 4) == 0)
        return "image/webp";
    return NULL;
}

void picture_name(const void *bytes, size_t len, char ret_id[static STORE_ID_BYTES])
{
    unsigned char hash[16];
    crypto_generichash(hash, sizeof hash, bytes, len, NULL, 0);
    sodium_bin2hex(ret_id, STORE_ID_BYTES, hash, sizeof hash);
}

enum vg_code picture_add(struct store *store, const void *bytes, size_t len,
                         char ret_id[static STORE_ID_BYTES], struct vg_err *err)
{
    const char *type = picture_type(bytes, len);
    if (len > LIMIT_PICTURE_BYTES)
        return err_set(err, VG_ERR_LIMIT, NULL, "%s", _("a picture has at most 2 MB"));
    if (!type)
        return err_set(err, VG_ERR_INPUT, NULL, "%s",
                       _("this is no picture: PNG, JPEG and WebP are"));
    picture_name(bytes, len, ret_id);
    return db_run(store, err,
                  "INSERT INTO file(id, type, body, created_us, who) "
                  "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                  "ttbit", ret_id, type, bytes, len, date_now_us(), store->who);
}

static bool fill_picture(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct picture *picture = ret;
    const void *bytes = sqlite3_column_blob(row, 1);
    size_t len = (size_t)sqlite3_column_bytes(row, 1);
    str copy = arena_str(arena, (str){bytes ? bytes : "", len});
    *picture = (struct picture){db_copy(arena, row, 0), copy.ptr, len};
    return copy.ptr && picture->type;
}

enum vg_code picture_get(struct store *store, struct arena *arena, const char *id,
                         struct picture *ret, struct vg_err *err)
{
    bool there = false;
    enum vg_code code = db_one(store, arena, fill_picture, ret, &there, err,
                               "SELECT type, body FROM file WHERE id = ?", "t", id);
    return code == VG_OK && !there
               ? err_set(err, VG_ERR_NOT_FOUND, store->path, _("there is no \"%s\""), id)
               : code;
}

/* ---- links for others ---- */

#define SHARE_COLUMNS                                                                    \
    "SELECT s.id, s.map_id, m.title, s.what, s.filter, s.created_by, s.password, "       \
    "s.created_us, s.expires_us, s.opened, coalesce(s.opened_us, 0) "                    \
    "FROM share s JOIN map m ON m.id = s.map_id "

static bool fill_share(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct share *share = ret;
    bool password = sqlite3_column_type(row, 6) != SQLITE_NULL;
    *share = (struct share){.id = db_copy(arena, row, 0),
                            .map = db_copy(arena, row, 1),
                            .map_title = db_copy(arena, row, 2),
                            .what = db_copy(arena, row, 3),
                            .filter = db_copy(arena, row, 4),
                            .created_by = db_copy(arena, row, 5),
                            .password_hash = password ? db_copy(arena, row, 6) : NULL,
                            .created_us = sqlite3_column_int64(row, 7),
                            .expires_us = sqlite3_column_int64(row, 8),
                            .opened = sqlite3_column_int64(row, 9),
                            .opened_us = sqlite3_column_int64(row, 10)};
    return share->id && share->map && share->map_title && share->what && share->filter &&
           share->created_by && (!password || share->password_hash);
}

enum vg_code share_add(struct store *store, const struct share_new *share,
                       char ret_id[static STORE_ID_BYTES], struct vg_err *err)
{
    int64_t there = 0;
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    db_id(ret_id);
    code = db_number(store, &there, err,
                     "SELECT 1 FROM map WHERE id = ? AND deleted_us IS NULL", "t",
                     share->map);
    if (code == VG_OK && !there)
        code = err_set(err, VG_ERR_NOT_FOUND, store->path, _("there is no map \"%s\""),
                       share->map);
    if (code == VG_OK)
        code = db_run(store, err,
                      "INSERT INTO share(id, token_hash, map_id, what, filter, "
                      "created_us, created_by, expires_us, password) "
                      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      "tbtttitit", ret_id, (const void *)share->token_hash.ptr,
                      share->token_hash.len, share->map, share->what,
                      share->filter ? share->filter : "", date_now_us(), store->who,
                      share->expires_us, share->password_hash);
    if (code == VG_OK)
        code = audit_add(store, "share", ret_id, err);
    return db_end(store, code, err);
}

enum vg_code share_list(struct store *store, struct arena *arena, struct share **ret,
                        size_t *ret_count, struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code = db_list(
        store, arena, sizeof(struct share), fill_share, &rows, err,
        SHARE_COLUMNS "WHERE s.revoked_us IS NULL ORDER BY s.created_us, s.id", "");
    if (code == VG_OK) {
        *ret = rows.items;
        *ret_count = rows.count;
    }
    return code;
}

enum vg_code share_revoke(struct store *store, const char *id, struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    code =
        db_change(store, id, err,
                  "UPDATE share SET revoked_us = ? WHERE id = ? AND revoked_us IS NULL",
                  "it", date_now_us(), id);
    if (code == VG_OK)
        code = audit_add(store, "share-revoke", id, err);
    return db_end(store, code, err);
}

enum vg_code share_get(struct store *store, struct arena *arena, str token_hash,
                       int64_t now_us, struct share *ret, struct vg_err *err)
{
    bool there = false;
    enum vg_code code =
        db_one(store, arena, fill_share, ret, &there, err,
               SHARE_COLUMNS "WHERE s.token_hash = ? AND s.expires_us > ? AND "
                             "s.revoked_us IS NULL AND m.deleted_us IS NULL",
               "bi", (const void *)token_hash.ptr, token_hash.len, now_us);
    return code == VG_OK && !there
               ? err_set(err, VG_ERR_NOT_FOUND, NULL, "%s", _("there is no such link"))
               : code;
}

enum vg_code share_opened(struct store *store, const char *id, struct vg_err *err)
{
    return db_run(store, err,
                  "UPDATE share SET opened = opened + 1, opened_us = ? WHERE id = ?",
                  "it", date_now_us(), id);
}
