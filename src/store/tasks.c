/* What playbooks made of alerts: things to do, calls to other programs. Declared in
 * store/alerts.h. */
#include "store/alerts.h"

#include "base/date.h"
#include "base/lang.h"
#include "store/audit.h"
#include "store/db.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* ---- tasks ---- */

#define TASK_COLUMNS                                                                     \
    "SELECT t.id, coalesce(t.alert_id, 0), t.enrolment_id, e.map_id, e.customer, "       \
    "t.playbook, t.kind, t.title, t.text, t.owner, t.state, coalesce(t.closed_by, ''), " \
    "t.created_us, coalesce(t.closed_us, 0) FROM task t "                                \
    "JOIN enrolment e ON e.id = t.enrolment_id "                                         \
    "JOIN map m ON m.id = e.map_id AND m.deleted_us IS NULL "

static bool fill_task(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct task_row *task = ret;
    const char **texts[] = {&task->enrolment, &task->map,   &task->customer,
                            &task->playbook,  &task->kind,  &task->title,
                            &task->text,      &task->owner, &task->state,
                            &task->closed_by};
    *task = (struct task_row){.id = sqlite3_column_int64(row, 0),
                              .alert = sqlite3_column_int64(row, 1),
                              .created_us = sqlite3_column_int64(row, 12),
                              .closed_us = sqlite3_column_int64(row, 13)};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (!(*texts[i] = db_copy(arena, row, (int)i + 2)))
            return false;
    return true;
}

enum vg_code task_add(struct store *store, const struct task_new *new, bool *ret_made,
                      struct vg_err *err)
{
    enum vg_code code =
        db_run(store, err,
               "INSERT INTO task(enrolment_id, alert_id, playbook, kind, title, text, "
               "owner, created_us) SELECT id, nullif(?, 0), ?, ?, ?, ?, ?, ? FROM "
               "enrolment WHERE id = ? ON CONFLICT DO NOTHING",
               "itttttit", new->alert, new->playbook, new->kind, new->title, new->text,
               new->owner, date_today_us(), new->enrolment);
    *ret_made = code == VG_OK && sqlite3_changes(store->db) > 0;
    return code;
}

enum vg_code task_list(struct store *store, struct arena *arena, const char *state,
                       const char *enrolment, struct task_row **ret, size_t *ret_count,
                       struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code =
        db_list(store, arena, sizeof(struct task_row), fill_task, &rows, err,
                TASK_COLUMNS "WHERE (?1 IS NULL OR t.state = ?1) AND "
                             "(?2 IS NULL OR t.enrolment_id = ?2) ORDER BY t.id DESC",
                "tt", state, enrolment);
    if (code == VG_OK) {
        *ret = rows.items;
        *ret_count = rows.count;
    }
    return code;
}

enum vg_code task_get(struct store *store, struct arena *arena, int64_t id,
                      struct task_row *ret, struct vg_err *err)
{
    bool there = false;
    enum vg_code code = db_one(store, arena, fill_task, ret, &there, err,
                               TASK_COLUMNS "WHERE t.id = ?", "i", id);
    return code == VG_OK && !there ? err_set(err, VG_ERR_NOT_FOUND, NULL, "%s",
                                             _("there is no such task (any more)"))
                                   : code;
}

enum vg_code task_change(struct store *store, int64_t id, const char *state,
                         const char *owner, struct vg_err *err)
{
    char name[32];
    snprintf(name, sizeof name, "%lld", (long long)id);
    return db_change(store, name, err,
                     "UPDATE task SET state = coalesce(?1, state), "
                     "owner = coalesce(?2, owner), "
                     "closed_us = CASE coalesce(?1, '') WHEN '' THEN closed_us "
                     "WHEN 'open' THEN NULL ELSE ?3 END, "
                     "closed_by = CASE coalesce(?1, '') WHEN '' THEN closed_by "
                     "WHEN 'open' THEN NULL ELSE ?4 END WHERE id = ?5",
                     "ttiti", state, owner, date_today_us(), store->who, id);
}

/* ---- calls to other programs ---- */

#define DELIVERY_COLUMNS                                                                 \
    "SELECT d.id, d.alert_id, d.tries, d.next_us, d.created_us, d.enrolment_id, "        \
    "d.playbook, d.url, d.body, d.state, d.answer FROM delivery d "

static bool fill_delivery(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct delivery_row *delivery = ret;
    const char **texts[] = {&delivery->enrolment, &delivery->playbook, &delivery->url,
                            &delivery->body,      &delivery->state,    &delivery->answer};
    *delivery = (struct delivery_row){.id = sqlite3_column_int64(row, 0),
                                      .alert = sqlite3_column_int64(row, 1),
                                      .tries = sqlite3_column_int64(row, 2),
                                      .next_us = sqlite3_column_int64(row, 3),
                                      .created_us = sqlite3_column_int64(row, 4)};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (!(*texts[i] = db_copy(arena, row, (int)i + 5)))
            return false;
    return true;
}

enum vg_code delivery_add(struct store *store, const struct delivery_new *new,
                          bool *ret_made, struct vg_err *err)
{
    int64_t now = date_now_us();
    enum vg_code code =
        db_run(store, err,
               "INSERT INTO delivery(enrolment_id, alert_id, playbook, url, body, "
               "next_us, created_us) SELECT id, ?, ?, ?, ?, ?, ? FROM enrolment "
               "WHERE id = ? ON CONFLICT DO NOTHING",
               "itttiit", new->alert, new->playbook, new->url, new->body, now, now,
               new->enrolment);
    *ret_made = code == VG_OK && sqlite3_changes(store->db) > 0;
    return code;
}

static enum vg_code give(enum vg_code code, const struct db_rows *rows,
                         struct delivery_row **ret, size_t *ret_count)
{
    if (code == VG_OK) {
        *ret = rows->items;
        *ret_count = rows->count;
    }
    return code;
}

enum vg_code delivery_due(struct store *store, struct arena *arena, int64_t now_us,
                          size_t most, struct delivery_row **ret, size_t *ret_count,
                          struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code =
        db_list(store, arena, sizeof(struct delivery_row), fill_delivery, &rows, err,
                DELIVERY_COLUMNS "WHERE d.state = 'waiting' AND d.next_us <= ? "
                                 "ORDER BY d.next_us, d.id LIMIT ?",
                "ii", now_us, (int64_t)most);
    return give(code, &rows, ret, ret_count);
}

enum vg_code delivery_next(struct store *store, int64_t *ret, struct vg_err *err)
{
    *ret = 0;
    return db_number(store, ret, err,
                     "SELECT min(next_us) FROM delivery WHERE state = 'waiting'", "");
}

enum vg_code delivery_list(struct store *store, struct arena *arena, size_t most,
                           struct delivery_row **ret, size_t *ret_count,
                           struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code =
        db_list(store, arena, sizeof(struct delivery_row), fill_delivery, &rows, err,
                DELIVERY_COLUMNS "ORDER BY d.id DESC LIMIT ?", "i", (int64_t)most);
    return give(code, &rows, ret, ret_count);
}

enum vg_code delivery_tried(struct store *store, int64_t id, const char *state,
                            int64_t next_us, const char *answer, struct vg_err *err)
{
    return db_run(store, err,
                  "UPDATE delivery SET state = ?, next_us = ?, answer = ?, "
                  "tries = tries + 1 WHERE id = ?",
                  "titi", state, next_us, answer, id);
}

/* ---- the key that signs them ---- */

static bool fill_text(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    return (*(const char **)ret = db_copy(arena, row, 0)) != NULL;
}

enum vg_code webhook_secret_get(struct store *store, struct arena *arena,
                                const char **ret, struct vg_err *err)
{
    bool there = false;
    *ret = "";
    return db_one(store, arena, fill_text, ret, &there, err,
                  "SELECT webhook_secret FROM workspace", "");
}

static enum vg_code secret_now(struct store *store, struct arena *arena, bool renew,
                               const char **ret, struct vg_err *err)
{
    char text[STORE_SECRET_BYTES];
    bool there = false;
    enum vg_code code = db_one(store, arena, fill_text, ret, &there, err,
                               "SELECT webhook_secret FROM workspace", "");
    if (code != VG_OK || (!renew && there && (*ret)[0]))
        return code;
    unsigned char bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(text, sizeof text, bytes, sizeof bytes);
    code = db_run(store, err, "UPDATE workspace SET webhook_secret = ?", "t",
                  (const char *)text);
    if (code == VG_OK)
        code = audit_add(store, "webhook-secret", "", err);
    *ret = arena_text(arena, str_from(text));
    sodium_memzero(text, sizeof text);
    return code == VG_OK && !*ret ? err_memory(err) : code;
}

enum vg_code webhook_secret(struct store *store, struct arena *arena, bool renew,
                            const char **ret, struct vg_err *err)
{
    const char *secret = NULL;
    enum vg_code code = db_begin(store, err);
    if (code == VG_OK)
        code = db_end(store, secret_now(store, arena, renew, &secret, err), err);
    if (code == VG_OK)
        *ret = secret;
    return code;
}
