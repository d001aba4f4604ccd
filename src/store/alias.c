/* One person, several names. A joining is a row; undone, it stays as history. Declared in
 * store/evidence.h. */
#include "store/evidence_parts.h"

#include "base/date.h"
#include "base/lang.h"
#include "store/audit.h"

#include <stdlib.h>
#include <string.h>

/* ---- the map ---- */

static uint32_t root_of(const struct alias_map *map, uint32_t code)
{
    while (map->main[code] != code) {
        map->main[code] = map->main[map->main[code]];
        code = map->main[code];
    }
    return code;
}

static enum vg_code add_name(struct alias_map *map, str name, uint32_t *ret,
                             struct vg_err *err)
{
    uint32_t before = map->names.count;
    enum vg_code code = dict_add(&map->names, name, UINT32_MAX - 1, ret, err);
    if (code != VG_OK || map->names.count == before)
        return code;
    uint32_t *larger = realloc(map->main, map->names.count * sizeof *larger);
    if (!larger)
        return err_memory(err);
    map->main = larger;
    larger[*ret] = *ret;
    return VG_OK;
}

enum vg_code alias_map_read(struct store *store, struct alias_map *ret,
                            struct vg_err *err)
{
    sqlite3_stmt *rows = NULL;
    bool row = false;
    uint32_t main = 0, other = 0;
    *ret = (struct alias_map){0};
    enum vg_code code =
        db_ask(store, &rows, err,
               "SELECT main, other FROM alias WHERE undone_us IS NULL ORDER BY id", "");
    while (code == VG_OK && (code = db_step(store, rows, &row, err)) == VG_OK && row) {
        code = add_name(ret, db_text(rows, 0), &main, err);
        if (code == VG_OK)
            code = add_name(ret, db_text(rows, 1), &other, err);
        if (code == VG_OK)
            ret->main[root_of(ret, other)] = root_of(ret, main);
    }
    for (uint32_t i = 0; code == VG_OK && i < ret->names.count; i++)
        ret->main[i] = root_of(ret, i);
    sqlite3_finalize(rows);
    if (code != VG_OK)
        alias_map_free(ret);
    return code;
}

void alias_map_free(struct alias_map *map)
{
    dict_free(&map->names);
    free(map->main);
    *map = (struct alias_map){0};
}

str alias_main(const struct alias_map *map, str name)
{
    uint32_t code = dict_find(&map->names, name);
    return code == UINT32_MAX ? name : dict_str(&map->names, map->main[code]);
}

/* ---- joining and undoing ---- */

static enum vg_code join_now(struct store *store, const char *main, const char *other,
                             struct vg_err *err)
{
    struct alias_map map;
    enum vg_code code = alias_map_read(store, &map, err);
    if (code != VG_OK)
        return code;
    bool same =
        str_equal(alias_main(&map, str_from(main)), alias_main(&map, str_from(other)));
    alias_map_free(&map);
    if (same)
        return err_set(err, VG_ERR_CONFLICT, NULL,
                       _("\"%s\" and \"%s\" are one customer already"), main, other);
    code = db_run(store, err,
                  "INSERT INTO alias(main, other, at_us, who) VALUES (?, ?, ?, ?)",
                  "ttit", main, other, date_now_us(), store->who);
    if (code == VG_OK)
        code = evidence_changed(store, err);
    return code == VG_OK ? audit_add(store, "alias", "", err) : code;
}

enum vg_code alias_join(struct store *store, const char *main, const char *other,
                        struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    return code == VG_OK ? db_end(store, join_now(store, main, other, err), err) : code;
}

enum vg_code alias_undo(struct store *store, const char *name, struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    code = db_run(store, err,
                  "UPDATE alias SET undone_us = ?1 WHERE undone_us IS NULL AND "
                  "(main = ?2 OR other = ?2)",
                  "it", date_now_us(), name);
    if (code == VG_OK && sqlite3_changes(store->db) == 0)
        code = err_set(err, VG_ERR_NOT_FOUND, NULL,
                       _("\"%s\" was not joined with anybody"), name);
    if (code == VG_OK)
        code = evidence_changed(store, err);
    if (code == VG_OK)
        code = audit_add(store, "alias-undo", "", err);
    return db_end(store, code, err);
}

/* ---- asking ---- */

enum vg_code alias_list(struct store *store, struct arena *arena, struct alias_row **ret,
                        size_t *ret_count, struct vg_err *err)
{
    sqlite3_stmt *rows = NULL;
    struct alias_row *list = NULL;
    size_t count = 0, capacity = 0;
    bool row = false;
    enum vg_code code = db_ask(store, &rows, err,
                               "SELECT main, other, who, at_us FROM alias "
                               "WHERE undone_us IS NULL ORDER BY id",
                               "");
    while (code == VG_OK && (code = db_step(store, rows, &row, err)) == VG_OK && row) {
        list = arena_grow(arena, list, count, &capacity, sizeof *list);
        if (!list) {
            code = err_memory(err);
            break;
        }
        list[count] =
            (struct alias_row){db_copy(arena, rows, 0), db_copy(arena, rows, 1),
                               db_copy(arena, rows, 2), sqlite3_column_int64(rows, 3)};
        if (!list[count].main || !list[count].other || !list[count].who)
            code = err_memory(err);
        count++;
    }
    sqlite3_finalize(rows);
    if (code == VG_OK) {
        *ret = list;
        *ret_count = count;
    }
    return code;
}

enum vg_code alias_names(struct store *store, struct arena *arena, const char *name,
                         const char ***ret, size_t *ret_count, struct vg_err *err)
{
    struct alias_map map;
    enum vg_code code = alias_map_read(store, &map, err);
    if (code != VG_OK)
        return code;
    str main = alias_main(&map, str_from(name));
    const char **list = arena_array(arena, const char *, (size_t)map.names.count + 1);
    size_t count = 0;
    bool ok = list && (list[count++] = arena_text(arena, main)) != NULL;
    for (uint32_t i = 0; ok && i < map.names.count; i++)
        if (!str_equal(dict_str(&map.names, i), main) &&
            str_equal(alias_main(&map, dict_str(&map.names, i)), main))
            ok = (list[count++] = arena_text(arena, dict_str(&map.names, i))) != NULL;
    alias_map_free(&map);
    if (!ok)
        return err_memory(err);
    *ret = list;
    *ret_count = count;
    return VG_OK;
}
