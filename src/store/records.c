/* Declared in store/records.h. */
#include "store/records.h"

#include "base/date.h"
#include "base/lang.h"
#include "base/limits.h"
#include "store/audit.h"
#include "store/db.h"
#include "text/json.h"

/* One row per kind: constant statements, the same for all. */
#define STATEMENTS(table)                                                                \
    {                                                                                    \
        table, "SELECT version FROM " table " WHERE id = ?",                             \
            "INSERT INTO " table "(id, body, version, updated_us, updated_by) "          \
            "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE SET "                \
            "body = ?2, version = ?3, updated_us = ?4, updated_by = ?5",                 \
            "SELECT id, body, version, updated_us, updated_by FROM " table               \
            " WHERE id = ?",                                                             \
            "SELECT id, body, version, updated_us, updated_by FROM " table               \
            " WHERE id > ? ORDER BY id LIMIT ?",                                         \
            "DELETE FROM " table " WHERE id = ?"                                         \
    }
static const struct {
    const char *table, *version, *put, *get, *list, *remove;
} rows[RECORD_KINDS] = {
    [RECORD_PERSON] = STATEMENTS("person"),
    [RECORD_DEPARTMENT] = STATEMENTS("department"),
    [RECORD_CHANNEL] = STATEMENTS("channel"),
    [RECORD_PERSONA] = STATEMENTS("persona"),
    [RECORD_ACTION] = STATEMENTS("action"),
    [RECORD_FILTER] = STATEMENTS("saved_filter"),
    [RECORD_SETTING] = STATEMENTS("setting"),
};

static enum vg_code not_there(struct store *store, const char *id, struct vg_err *err)
{
    return err_set(err, VG_ERR_NOT_FOUND, store->path, _("there is no \"%s\""), id);
}

/* A person's address stands in a column of its own, too, so that no two have the same. */
static const char put_email[] =
    "UPDATE person SET email = lower(json_extract(body, '$.email')) WHERE id = ?";

static enum vg_code check_body(const char *body, struct vg_err *err)
{
    json_t *json = NULL;
    enum vg_code code = json_read(str_from(body), "body", LIMIT_MAP_BYTES, &json, err);
    bool object = code == VG_OK && json_is_object(json);
    json_decref(json);
    if (code == VG_OK && !object)
        return err_set(err, VG_ERR_INPUT, NULL, "%s", _("this is no JSON object"));
    return code;
}

/* Within a transaction: what version is there, and may the caller change it? */
static enum vg_code check_version(struct store *store, enum record_kind kind,
                                  const char *id, int64_t seen, int64_t *ret,
                                  struct vg_err *err)
{
    *ret = 0;
    enum vg_code code = db_number(store, ret, err, rows[kind].version, "t", id);
    if (code == VG_OK && seen >= 0 && seen != *ret)
        code = err_set(err, VG_ERR_CONFLICT, store->path,
                       _("somebody else changed \"%s\" meanwhile"), id);
    return code;
}

static enum vg_code put_now(struct store *store, enum record_kind kind, const char *id,
                            const char *body, int64_t seen, int64_t *version,
                            struct vg_err *err)
{
    enum vg_code code = check_version(store, kind, id, seen, version, err);
    ++*version;
    if (code == VG_OK)
        code = db_run(store, err, rows[kind].put, "ttiit", id, body, *version,
                      date_now_us(), store->who);
    if (code == VG_OK && kind == RECORD_PERSON)
        code = db_run(store, err, put_email, "t", id);
    /* Who may do what is worth remembering; a department's name is not. */
    if (code == VG_OK && (kind == RECORD_PERSON || kind == RECORD_SETTING))
        code = audit_add(store, rows[kind].table, id, err);
    return code;
}

enum vg_code record_put(struct store *store, enum record_kind kind, const char *id,
                        const char *body, int64_t version, int64_t *ret_version,
                        struct vg_err *err)
{
    int64_t now = 0;
    enum vg_code code = check_body(body, err);
    if (code == VG_OK)
        code = db_begin(store, err);
    if (code == VG_OK)
        code = db_end(store, put_now(store, kind, id, body, version, &now, err), err);
    if (code == VG_OK && ret_version)
        *ret_version = now;
    return code;
}

static bool copy_record(struct arena *arena, sqlite3_stmt *row, struct record *ret)
{
    *ret = (struct record){db_copy(arena, row, 0), db_copy(arena, row, 1),
                           sqlite3_column_int64(row, 2), sqlite3_column_int64(row, 3),
                           db_copy(arena, row, 4)};
    return ret->id && ret->body && ret->updated_by;
}

enum vg_code record_get(struct store *store, struct arena *arena, enum record_kind kind,
                        const char *id, struct record *ret, struct vg_err *err)
{
    sqlite3_stmt *found = NULL;
    bool row = false;
    enum vg_code code = db_ask(store, &found, err, rows[kind].get, "t", id);
    if (code == VG_OK)
        code = db_step(store, found, &row, err);
    if (code == VG_OK && !row)
        code = not_there(store, id, err);
    if (code == VG_OK && !copy_record(arena, found, ret))
        code = err_memory(err);
    sqlite3_finalize(found);
    return code;
}

enum vg_code record_list(struct store *store, struct arena *arena, enum record_kind kind,
                         const char *after, size_t most, struct record **ret,
                         size_t *ret_count, struct vg_err *err)
{
    sqlite3_stmt *found = NULL;
    struct record *list = NULL;
    size_t count = 0, capacity = 0;
    bool row = false;
    enum vg_code code =
        db_ask(store, &found, err, rows[kind].list, "ti", after, (int64_t)most);
    while (code == VG_OK && (code = db_step(store, found, &row, err)) == VG_OK && row) {
        list = arena_grow(arena, list, count, &capacity, sizeof *list);
        if (!list || !copy_record(arena, found, &list[count]))
            code = err_memory(err);
        count++;
    }
    sqlite3_finalize(found);
    if (code == VG_OK) {
        *ret = list;
        *ret_count = count;
    }
    return code;
}

enum vg_code record_delete(struct store *store, enum record_kind kind, const char *id,
                           int64_t version, struct vg_err *err)
{
    int64_t now = 0;
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    code = check_version(store, kind, id, version, &now, err);
    if (code == VG_OK && !now)
        code = not_there(store, id, err);
    if (code == VG_OK)
        code = db_run(store, err, rows[kind].remove, "t", id);
    if (code == VG_OK && (kind == RECORD_PERSON || kind == RECORD_SETTING))
        code = audit_add(store, "delete", id, err);
    return db_end(store, code, err);
}

/* ---- sessions ---- */

enum vg_code session_add(struct store *store, const struct session_new *session,
                         struct vg_err *err)
{
    int64_t now = date_now_us();
    return db_run(store, err,
                  "INSERT INTO session(token_hash, person_id, created_us, seen_us, "
                  "expires_us, idle_us, agent) VALUES (?, ?, ?, ?, ?, ?, ?)",
                  "btiiiit", (const void *)session->token_hash.ptr,
                  session->token_hash.len, session->person, now, now, session->expires_us,
                  session->idle_us, session->agent ? session->agent : "");
}

enum vg_code session_put(struct store *store, str token_hash, const char *person,
                         int64_t expires_us, struct vg_err *err)
{
    const struct session_new session = {
        .token_hash = token_hash, .person = person, .expires_us = expires_us};
    return session_add(store, &session, err);
}

static bool fill_session(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct session *session = ret;
    *session = (struct session){.person = db_copy(arena, row, 0),
                                .agent = db_copy(arena, row, 1),
                                .created_us = sqlite3_column_int64(row, 2),
                                .seen_us = sqlite3_column_int64(row, 3),
                                .expires_us = sqlite3_column_int64(row, 4),
                                .idle_us = sqlite3_column_int64(row, 5),
                                .current = sqlite3_column_int(row, 6) != 0};
    return session->person && session->agent;
}

/* ?1 a token's hash, ?2 now */
#define SESSION_COLUMNS                                                                  \
    "SELECT s.person_id, s.agent, s.created_us, s.seen_us, s.expires_us, s.idle_us, "    \
    "s.token_hash = ?1 FROM session s JOIN person p ON p.id = s.person_id "              \
    "WHERE NOT p.disabled AND s.expires_us > ?2 AND (s.idle_us = 0 OR "                  \
    "s.seen_us + s.idle_us > ?2) "

enum vg_code session_get(struct store *store, struct arena *arena, str token_hash,
                         int64_t now_us, struct session *ret, struct vg_err *err)
{
    struct session session = {0};
    bool there = false;
    enum vg_code code = db_one(store, arena, fill_session, &session, &there, err,
                               SESSION_COLUMNS "AND s.token_hash = ?1", "bi",
                               (const void *)token_hash.ptr, token_hash.len, now_us);
    if (code == VG_OK && !there)
        code = err_set(err, VG_ERR_NOT_FOUND, NULL, "%s", _("the session is over"));
    /* Not at every request: the disk has better to do. */
    if (code == VG_OK && now_us - session.seen_us > 60 * US_PER_S)
        code = db_run(store, err, "UPDATE session SET seen_us = ? WHERE token_hash = ?",
                      "ib", now_us, (const void *)token_hash.ptr, token_hash.len);
    if (code == VG_OK)
        *ret = session;
    return code;
}

enum vg_code session_list(struct store *store, struct arena *arena, const char *person,
                          str token_hash, int64_t now_us, struct session **ret,
                          size_t *ret_count, struct vg_err *err)
{
    struct db_rows found = {0};
    enum vg_code code =
        db_list(store, arena, sizeof(struct session), fill_session, &found, err,
                SESSION_COLUMNS "AND s.person_id = ?3 ORDER BY s.seen_us DESC", "bit",
                (const void *)token_hash.ptr, token_hash.len, now_us, person);
    if (code == VG_OK) {
        *ret = found.items;
        *ret_count = found.count;
    }
    return code;
}

enum vg_code session_sweep(struct store *store, int64_t now_us, struct vg_err *err)
{
    return db_run(store, err,
                  "DELETE FROM session WHERE expires_us <= ?1 OR (idle_us > 0 AND "
                  "seen_us + idle_us <= ?1)",
                  "i", now_us);
}

enum vg_code session_end(struct store *store, str token_hash, struct vg_err *err)
{
    return db_run(store, err, "DELETE FROM session WHERE token_hash = ?", "b",
                  (const void *)token_hash.ptr, token_hash.len);
}

enum vg_code session_end_all(struct store *store, const char *person, struct vg_err *err)
{
    return db_run(store, err, "DELETE FROM session WHERE person_id = ?", "t", person);
}
