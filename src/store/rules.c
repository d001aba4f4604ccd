/* Declared in store/rules.h. */
#include "store/rules.h"

#include "base/date.h"
#include "base/lang.h"
#include "store/audit.h"
#include "store/db.h"

#include <string.h>

static bool fill_rule(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct enrol_rule *rule = ret;
    *rule = (struct enrol_rule){.id = db_copy(arena, row, 0),
                                .map = db_copy(arena, row, 1),
                                .rule = db_copy(arena, row, 2),
                                .created_by = db_copy(arena, row, 3),
                                .created_us = sqlite3_column_int64(row, 4),
                                .seen_version = sqlite3_column_int64(row, 5)};
    return rule->id && rule->map && rule->rule && rule->created_by;
}

static bool fill_id(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    return (*(const char **)ret = db_copy(arena, row, 0)) != NULL;
}

/* Within a transaction. */
static enum vg_code add_now(struct store *store, struct arena *arena, const char *map,
                            const char *rule, char ret_id[static STORE_ID_BYTES],
                            struct vg_err *err)
{
    const char *known = NULL;
    int64_t count = 0, there = 0, version = 0;
    bool is = false;
    enum vg_code code =
        db_number(store, &there, err,
                  "SELECT 1 FROM map WHERE id = ? AND deleted_us IS NULL", "t", map);
    if (code == VG_OK && !there)
        return err_set(err, VG_ERR_NOT_FOUND, NULL, _("there is no map \"%s\""), map);
    if (code == VG_OK)
        code = db_one(store, arena, fill_id, &known, &is, err,
                      "SELECT id FROM enrol_rule WHERE map_id = ? AND rule = ?", "tt",
                      map, rule);
    if (code == VG_OK && is)
        memcpy(ret_id, known, strlen(known) + 1);
    if (code != VG_OK || is)
        return code;
    code = db_number(store, &count, err,
                     "SELECT count(*) FROM enrol_rule WHERE map_id = ?", "t", map);
    if (code == VG_OK && count >= LIMIT_ENROL_RULES)
        return err_set(err, VG_ERR_LIMIT, "rule", _("a path has at most %d rules"),
                       LIMIT_ENROL_RULES);
    db_id(ret_id);
    if (code == VG_OK)
        code = store_evidence_version(store, &version, err);
    if (code == VG_OK)
        code = db_run(store, err,
                      "INSERT INTO enrol_rule(id, map_id, rule, seen_version, "
                      "created_us, created_by) VALUES (?, ?, ?, ?, ?, ?)",
                      "tttiit", ret_id, map, rule, version, date_now_us(), store->who);
    return code == VG_OK ? audit_add(store, "enrol-rule", ret_id, err) : code;
}

enum vg_code enrol_rule_add(struct store *store, const char *map, const char *rule,
                            char ret_id[static STORE_ID_BYTES], struct vg_err *err)
{
    if (strlen(rule) > LIMIT_ENROL_RULE_BYTES)
        return err_set(err, VG_ERR_LIMIT, "rule", "%s", _("this is too long"));
    struct arena *arena = arena_open(0);
    enum vg_code code = arena ? db_begin(store, err) : err_memory(err);
    if (code == VG_OK)
        code = db_end(store, add_now(store, arena, map, rule, ret_id, err), err);
    arena_close(arena);
    return code;
}

enum vg_code enrol_rule_list(struct store *store, struct arena *arena, const char *map,
                             struct enrol_rule **ret, size_t *ret_count,
                             struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code =
        db_list(store, arena, sizeof(struct enrol_rule), fill_rule, &rows, err,
                "SELECT r.id, r.map_id, r.rule, r.created_by, r.created_us, "
                "r.seen_version FROM enrol_rule r JOIN map m ON m.id = r.map_id AND "
                "m.deleted_us IS NULL WHERE ?1 IS NULL OR r.map_id = ?1 "
                "ORDER BY r.created_us, r.id",
                "t", map);
    if (code == VG_OK) {
        *ret = rows.items;
        *ret_count = rows.count;
    }
    return code;
}

enum vg_code enrol_rule_delete(struct store *store, const char *map, const char *id,
                               struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    code = db_change(store, id, err, "DELETE FROM enrol_rule WHERE id = ? AND map_id = ?",
                     "tt", id, map);
    if (code == VG_OK)
        code = audit_add(store, "enrol-rule-delete", id, err);
    return db_end(store, code, err);
}

enum vg_code enrol_rule_seen(struct store *store, const char *id, int64_t version,
                             struct vg_err *err)
{
    return db_run(store, err, "UPDATE enrol_rule SET seen_version = ? WHERE id = ?", "it",
                  version, id);
}

static bool fill_taken_out(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct taken_out *out = ret;
    *out = (struct taken_out){db_copy(arena, row, 0), sqlite3_column_int64(row, 1)};
    return out->map != NULL;
}

enum vg_code taken_out_of(struct store *store, struct arena *arena,
                          const char *const *names, size_t name_count,
                          struct taken_out **ret, size_t *ret_count, struct vg_err *err)
{
    struct taken_out *list = NULL;
    size_t count = 0, capacity = 0;
    enum vg_code code = VG_OK;
    for (size_t i = 0; code == VG_OK && i < name_count; i++) {
        struct db_rows rows = {0};
        code = db_list(store, arena, sizeof(struct taken_out), fill_taken_out, &rows, err,
                       "SELECT map_id, at_us FROM taken_out t WHERE customer = ? AND "
                       "NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.map_id = t.map_id "
                       "AND e.customer = t.customer) ORDER BY map_id",
                       "t", names[i]);
        for (size_t r = 0; code == VG_OK && r < rows.count; r++) {
            list = arena_grow(arena, list, count, &capacity, sizeof *list);
            if (!list)
                return err_memory(err);
            list[count++] = ((const struct taken_out *)rows.items)[r];
        }
    }
    if (code == VG_OK) {
        *ret = list;
        *ret_count = count;
    }
    return code;
}
