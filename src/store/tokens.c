/* Tokens of the API. Declared in store/people.h. */
#include "store/people.h"

#include "base/date.h"
#include "base/lang.h"
#include "store/audit.h"
#include "store/db.h"

static bool fill_token(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct api_token *token = ret;
    *token = (struct api_token){.id = db_copy(arena, row, 0),
                                .name = db_copy(arena, row, 1),
                                .person = db_copy(arena, row, 2),
                                .scopes = (unsigned)sqlite3_column_int(row, 3),
                                .created_us = sqlite3_column_int64(row, 4),
                                .expires_us = sqlite3_column_int64(row, 5),
                                .used_us = sqlite3_column_int64(row, 6)};
    return token->id && token->name && token->person;
}

#define TOKEN_COLUMNS                                                                    \
    "SELECT t.id, t.name, coalesce(t.person_id, ''), t.scopes, t.created_us, "           \
    "t.expires_us, coalesce(t.used_us, 0) FROM api_token t "

enum vg_code token_add(struct store *store, const struct api_token_new *token,
                       char ret_id[static STORE_ID_BYTES], struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    db_id(ret_id);
    code = db_run(store, err,
                  "INSERT INTO api_token(id, token_hash, name, scopes, person_id, "
                  "created_us, expires_us) VALUES (?, ?, ?, ?, ?, ?, ?)",
                  "tbtitii", ret_id, (const void *)token->token_hash.ptr,
                  token->token_hash.len, token->name, (int64_t)token->scopes,
                  token->person, date_now_us(), token->expires_us);
    if (code == VG_OK)
        code = audit_add(store, "token-new", ret_id, err);
    return db_end(store, code, err);
}

enum vg_code token_list(struct store *store, struct arena *arena, struct api_token **ret,
                        size_t *ret_count, struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code = db_list(
        store, arena, sizeof(struct api_token), fill_token, &rows, err,
        TOKEN_COLUMNS "WHERE t.revoked_us IS NULL ORDER BY t.created_us, t.id", "");
    if (code == VG_OK) {
        *ret = rows.items;
        *ret_count = rows.count;
    }
    return code;
}

enum vg_code token_revoke(struct store *store, const char *id, struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    code = db_change(store, id, err,
                     "UPDATE api_token SET revoked_us = ? WHERE id = ? AND revoked_us "
                     "IS NULL",
                     "it", date_now_us(), id);
    if (code == VG_OK)
        code = audit_add(store, "token-revoke", id, err);
    return db_end(store, code, err);
}

enum vg_code token_get(struct store *store, struct arena *arena, str token_hash,
                       int64_t now_us, struct api_token *ret, struct vg_err *err)
{
    struct api_token token = {0};
    bool there = false;
    enum vg_code code =
        db_one(store, arena, fill_token, &token, &there, err,
               TOKEN_COLUMNS "LEFT JOIN person p ON p.id = t.person_id "
                             "WHERE t.token_hash = ? AND t.expires_us > ? AND "
                             "t.revoked_us IS NULL AND coalesce(p.disabled, 0) = 0",
               "bi", (const void *)token_hash.ptr, token_hash.len, now_us);
    if (code == VG_OK && !there)
        code = err_set(err, VG_ERR_NOT_FOUND, NULL, "%s",
                       _("the token is unknown, over or revoked"));
    /* Not at every request: the disk has better to do. */
    if (code == VG_OK && now_us - token.used_us > 60 * US_PER_S)
        code = db_run(store, err, "UPDATE api_token SET used_us = ? WHERE id = ?", "it",
                      now_us, token.id);
    if (code == VG_OK)
        *ret = token;
    return code;
}
