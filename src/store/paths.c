/* Who is led along which map. Declared in store/paths.h. */
#include "store/paths.h"

#include "base/date.h"
#include "base/lang.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/evidence_parts.h"

#include <string.h>

#define ENROLMENT_COLUMNS                                                                \
    "SELECT e.id, e.map_id, e.customer, e.created_by, e.body, e.left_because, e.at_us, " \
    "coalesce(e.left_us, 0), e.version, e.created_us FROM enrolment e "
#define OF_A_MAP "JOIN map m ON m.id = e.map_id AND m.deleted_us IS NULL "

static bool fill_enrolment(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct enrolment_row *enrolment = ret;
    *enrolment = (struct enrolment_row){.id = db_copy(arena, row, 0),
                                        .map = db_copy(arena, row, 1),
                                        .customer = db_copy(arena, row, 2),
                                        .created_by = db_copy(arena, row, 3),
                                        .body = db_copy(arena, row, 4),
                                        .left_because = db_copy(arena, row, 5),
                                        .at_us = sqlite3_column_int64(row, 6),
                                        .left_us = sqlite3_column_int64(row, 7),
                                        .version = sqlite3_column_int64(row, 8),
                                        .created_us = sqlite3_column_int64(row, 9)};
    return enrolment->id && enrolment->map && enrolment->customer &&
           enrolment->created_by && enrolment->body && enrolment->left_because;
}

static enum vg_code no_enrolment(struct vg_err *err)
{
    return err_set(err, VG_ERR_NOT_FOUND, NULL, "%s",
                   _("there is no such customer on a path (any more)"));
}

/* ---- asking ---- */

/* What the evidence calls them. */
static enum vg_code name_all(struct store *store, struct arena *arena,
                             struct enrolment_row *list, size_t count, struct vg_err *err)
{
    struct alias_map aliases;
    enum vg_code code = alias_map_read(store, &aliases, err);
    if (code != VG_OK)
        return code;
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        str name = alias_main(&aliases, str_from(list[i].customer));
        list[i].name = name.ptr == list[i].customer ? name.ptr : arena_text(arena, name);
        if (!list[i].name)
            code = err_memory(err);
    }
    alias_map_free(&aliases);
    return code;
}

enum vg_code enrolment_list(struct store *store, struct arena *arena, const char *map,
                            struct enrolment_row **ret, size_t *ret_count,
                            struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code =
        db_list(store, arena, sizeof(struct enrolment_row), fill_enrolment, &rows, err,
                ENROLMENT_COLUMNS OF_A_MAP
                "WHERE ?1 IS NULL OR e.map_id = ?1 ORDER BY e.created_us, e.id",
                "t", map);
    if (code == VG_OK)
        code = name_all(store, arena, rows.items, rows.count, err);
    if (code == VG_OK) {
        *ret = rows.items;
        *ret_count = rows.count;
    }
    return code;
}

static bool fill_text(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    return (*(const char **)ret = db_copy(arena, row, 0)) != NULL;
}

enum vg_code enrolment_maps(struct store *store, struct arena *arena, const char ***ret,
                            size_t *ret_count, struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code = db_list(store, arena, sizeof(const char *), fill_text, &rows, err,
                                "SELECT id FROM map WHERE deleted_us IS NULL AND EXISTS "
                                "(SELECT 1 FROM enrolment WHERE map_id = map.id) "
                                "ORDER BY id",
                                "");
    if (code == VG_OK) {
        *ret = rows.items;
        *ret_count = rows.count;
    }
    return code;
}

enum vg_code enrolment_get(struct store *store, struct arena *arena, const char *id,
                           struct enrolment_row *ret, struct vg_err *err)
{
    bool there = false;
    enum vg_code code = db_one(store, arena, fill_enrolment, ret, &there, err,
                               ENROLMENT_COLUMNS OF_A_MAP "WHERE e.id = ?", "t", id);
    if (code == VG_OK && !there)
        return no_enrolment(err);
    return code == VG_OK ? name_all(store, arena, ret, 1, err) : code;
}

enum vg_code enrolment_find(struct store *store, struct arena *arena, const char *map,
                            const char *customer, struct enrolment_row *ret,
                            struct vg_err *err)
{
    const char **names = NULL;
    size_t count = 0;
    bool there = false;
    enum vg_code code = alias_names(store, arena, customer, &names, &count, err);
    for (size_t i = 0; code == VG_OK && !there && i < count; i++)
        code = db_one(store, arena, fill_enrolment, ret, &there, err,
                      ENROLMENT_COLUMNS OF_A_MAP "WHERE e.map_id = ? AND e.customer = ?",
                      "tt", map, names[i]);
    if (code == VG_OK && !there)
        return err_set(err, VG_ERR_NOT_FOUND, NULL, _("\"%s\" is not on this path"),
                       customer);
    return code == VG_OK ? name_all(store, arena, ret, 1, err) : code;
}

enum vg_code enrolment_of(struct store *store, struct arena *arena,
                          const char *const *names, size_t name_count,
                          struct enrolment_row **ret, size_t *ret_count,
                          struct vg_err *err)
{
    struct enrolment_row *list = NULL;
    size_t count = 0, capacity = 0;
    enum vg_code code = VG_OK;
    for (size_t i = 0; code == VG_OK && i < name_count; i++) {
        struct db_rows rows = {0};
        code = db_list(store, arena, sizeof(struct enrolment_row), fill_enrolment, &rows,
                       err, ENROLMENT_COLUMNS "WHERE e.customer = ? ORDER BY e.id", "t",
                       names[i]);
        for (size_t r = 0; code == VG_OK && r < rows.count; r++) {
            list = arena_grow(arena, list, count, &capacity, sizeof *list);
            if (!list)
                return err_memory(err);
            list[count++] = ((const struct enrolment_row *)rows.items)[r];
        }
    }
    if (code == VG_OK)
        code = name_all(store, arena, list, count, err);
    if (code == VG_OK) {
        *ret = list;
        *ret_count = count;
    }
    return code;
}

/* ---- changing ---- */

static enum vg_code change_now(struct store *store, const char *id,
                               const struct enrolment_change *change, int64_t version,
                               int64_t *ret_version, struct vg_err *err)
{
    int64_t now = 0, early = 0;
    if (change->body && strlen(change->body) > LIMIT_ENROLMENT_BYTES)
        return err_set(err, VG_ERR_LIMIT, NULL, "%s", _("this is too long"));
    enum vg_code code = db_number(store, &now, err,
                                  "SELECT version FROM enrolment WHERE id = ?", "t", id);
    if (code == VG_OK && !now)
        return no_enrolment(err);
    if (code == VG_OK && version >= 0 && version != now)
        return err_set(err, VG_ERR_CONFLICT, NULL, "%s",
                       _("somebody else has changed it meanwhile"));
    if (code == VG_OK && change->at_us)
        code = db_run(store, err, "UPDATE enrolment SET at_us = ? WHERE id = ?", "it",
                      *change->at_us, id);
    if (code == VG_OK && change->body)
        code = db_run(store, err, "UPDATE enrolment SET body = ? WHERE id = ?", "tt",
                      change->body, id);
    if (code == VG_OK && change->left_us)
        code = db_run(
            store, err,
            "UPDATE enrolment SET left_us = nullif(?, 0), left_because = ? "
            "WHERE id = ?",
            "itt", *change->left_us,
            *change->left_us && change->left_because ? change->left_because : "", id);
    if (code == VG_OK)
        code = db_number(store, &early, err,
                         "SELECT 1 FROM enrolment WHERE id = ? AND "
                         "left_us < at_us - at_us % ?",
                         "ti", id, US_PER_DAY);
    if (code == VG_OK && early)
        return err_set(err, VG_ERR_INPUT, "on", "%s",
                       _("nobody leaves a path before it began"));
    if (code == VG_OK)
        code = db_run(store, err,
                      "UPDATE enrolment SET version = version + 1 WHERE id = ?", "t", id);
    *ret_version = now + 1;
    if (code == VG_OK)
        code = path_changed(store, err);
    return code == VG_OK ? audit_add(store, "enrolment", id, err) : code;
}

enum vg_code enrolment_change(struct store *store, const char *id,
                              const struct enrolment_change *change, int64_t version,
                              int64_t *ret_version, struct vg_err *err)
{
    int64_t changed = 0;
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    code = db_end(store, change_now(store, id, change, version, &changed, err), err);
    if (code == VG_OK && ret_version)
        *ret_version = changed;
    return code;
}

/* Nothing was written down of it, and nobody was told a link. */
static enum vg_code check_fresh(struct store *store, const char *id, struct vg_err *err)
{
    int64_t used = 0;
    enum vg_code code =
        db_number(store, &used, err,
                  "SELECT EXISTS (SELECT 1 FROM progress WHERE enrolment_id = ?1) OR "
                  "EXISTS (SELECT 1 FROM client_link WHERE enrolment_id = ?1)",
                  "t", id);
    if (code != VG_OK || !used)
        return code;
    err_set(err, VG_ERR_CONFLICT, NULL, "%s",
            _("something was written down since: the enrolment cannot be undone"));
    return err_hint(err, "%s", _("take the customer off the path instead")),
           VG_ERR_CONFLICT;
}

/* Who is taken off is remembered, so that no rule puts him back; who was never to be on
 * it is not. */
static enum vg_code delete_now(struct store *store, const char *id, bool undo,
                               struct vg_err *err)
{
    int64_t events = 0;
    enum vg_code code = db_number(
        store, &events, err,
        "SELECT count(*) FROM progress WHERE enrolment_id = ? AND " OVERLAY_EVENTS, "t",
        id);
    if (code == VG_OK && undo)
        code = check_fresh(store, id, err);
    else if (code == VG_OK)
        code = db_run(store, err,
                      "INSERT INTO taken_out(map_id, customer, at_us) SELECT map_id, "
                      "customer, ? FROM enrolment WHERE id = ? "
                      "ON CONFLICT DO UPDATE SET at_us = excluded.at_us",
                      "it", date_now_us(), id);
    if (code == VG_OK)
        code = db_run(store, err, "DELETE FROM enrolment WHERE id = ?", "t", id);
    if (code == VG_OK && sqlite3_changes(store->db) == 0)
        code = no_enrolment(err);
    if (code == VG_OK) /* its progress was in the log */
        code = events ? overlay_changed(store, err) : path_changed(store, err);
    return code == VG_OK
               ? audit_add(store, undo ? "enrol-undo" : "enrolment-delete", id, err)
               : code;
}

enum vg_code enrolment_delete(struct store *store, const char *id, struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    return code == VG_OK ? db_end(store, delete_now(store, id, false, err), err) : code;
}

enum vg_code enrolment_undo(struct store *store, const char *id, struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    return code == VG_OK ? db_end(store, delete_now(store, id, true, err), err) : code;
}

enum vg_code taken_out_list(struct store *store, struct arena *arena, const char *map,
                            const char ***ret, size_t *ret_count, struct vg_err *err)
{
    struct db_rows rows = {0};
    struct alias_map aliases;
    enum vg_code code =
        db_list(store, arena, sizeof(const char *), fill_text, &rows, err,
                "SELECT customer FROM taken_out WHERE map_id = ?", "t", map);
    if (code == VG_OK)
        code = alias_map_read(store, &aliases, err);
    if (code != VG_OK)
        return code;
    const char **names = rows.items;
    for (size_t i = 0; code == VG_OK && i < rows.count; i++) {
        names[i] = arena_text(arena, alias_main(&aliases, str_from(names[i])));
        if (!names[i])
            code = err_memory(err);
    }
    alias_map_free(&aliases);
    if (code == VG_OK) {
        *ret = names;
        *ret_count = rows.count;
    }
    return code;
}

/* ---- private links ---- */

#define LINK_COLUMNS                                                                     \
    "SELECT l.id, l.enrolment_id, l.lang, l.created_by, l.created_us, l.expires_us, "    \
    "l.opened, coalesce(l.opened_us, 0) FROM client_link l "

static bool fill_link(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct client_link *link = ret;
    *link = (struct client_link){.id = db_copy(arena, row, 0),
                                 .enrolment = db_copy(arena, row, 1),
                                 .lang = db_copy(arena, row, 2),
                                 .created_by = db_copy(arena, row, 3),
                                 .created_us = sqlite3_column_int64(row, 4),
                                 .expires_us = sqlite3_column_int64(row, 5),
                                 .opened = sqlite3_column_int64(row, 6),
                                 .opened_us = sqlite3_column_int64(row, 7)};
    return link->id && link->enrolment && link->lang && link->created_by;
}

enum vg_code client_link_add(struct store *store, const struct client_link_new *new,
                             char ret_id[static STORE_ID_BYTES], struct vg_err *err)
{
    int64_t there = 0;
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    db_id(ret_id);
    code = db_number(store, &there, err, "SELECT 1 FROM enrolment WHERE id = ?", "t",
                     new->enrolment);
    if (code == VG_OK && !there)
        code = no_enrolment(err);
    if (code == VG_OK)
        code = db_run(store, err,
                      "INSERT INTO client_link(id, token_hash, enrolment_id, lang, "
                      "created_us, created_by, expires_us) VALUES (?, ?, ?, ?, ?, ?, ?)",
                      "tbttiti", ret_id, (const void *)new->token_hash.ptr,
                      new->token_hash.len, new->enrolment, new->lang, date_now_us(),
                      store->who, new->expires_us);
    if (code == VG_OK)
        code = audit_add(store, "client-link", ret_id, err);
    return db_end(store, code, err);
}

enum vg_code client_link_list(struct store *store, struct arena *arena,
                              const char *enrolment, struct client_link **ret,
                              size_t *ret_count, struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code =
        db_list(store, arena, sizeof(struct client_link), fill_link, &rows, err,
                LINK_COLUMNS "WHERE l.enrolment_id = ? AND l.revoked_us IS NULL "
                             "ORDER BY l.created_us, l.id",
                "t", enrolment);
    if (code == VG_OK) {
        *ret = rows.items;
        *ret_count = rows.count;
    }
    return code;
}

enum vg_code client_link_revoke(struct store *store, const char *enrolment,
                                const char *id, struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    code = db_change(store, id, err,
                     "UPDATE client_link SET revoked_us = ? WHERE id = ? AND "
                     "enrolment_id = ? AND revoked_us IS NULL",
                     "itt", date_now_us(), id, enrolment);
    if (code == VG_OK)
        code = audit_add(store, "client-link-revoke", id, err);
    return db_end(store, code, err);
}

enum vg_code client_link_get(struct store *store, struct arena *arena, str token_hash,
                             int64_t now_us, struct client_link *ret, struct vg_err *err)
{
    bool there = false;
    enum vg_code code =
        db_one(store, arena, fill_link, ret, &there, err,
               LINK_COLUMNS "JOIN enrolment e ON e.id = l.enrolment_id " OF_A_MAP
                            "WHERE l.token_hash = ? AND l.expires_us > ? AND "
                            "l.revoked_us IS NULL",
               "bi", (const void *)token_hash.ptr, token_hash.len, now_us);
    return code == VG_OK && !there
               ? err_set(err, VG_ERR_NOT_FOUND, NULL, "%s", _("there is no such link"))
               : code;
}

enum vg_code client_link_opened(struct store *store, const struct client_link *link,
                                int64_t now_us, struct vg_err *err)
{
    if (now_us - link->opened_us < 60 * US_PER_S && now_us >= link->opened_us)
        return VG_OK;
    return db_run(store, err,
                  "UPDATE client_link SET opened = opened + 1, opened_us = ? WHERE "
                  "id = ?",
                  "it", now_us, link->id);
}
