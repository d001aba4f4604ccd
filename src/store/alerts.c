/* What calls for somebody. Declared in store/alerts.h. */
#include "store/alerts.h"

#include "base/lang.h"
#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALERT_COLUMNS                                                                    \
    "SELECT a.id, a.enrolment_id, e.map_id, e.customer, a.kind, a.place, a.since_us, "   \
    "a.at_us, coalesce(a.snoozed_us, 0), coalesce(a.over_us, 0) FROM alert a "           \
    "JOIN enrolment e ON e.id = a.enrolment_id "                                         \
    "JOIN map m ON m.id = e.map_id AND m.deleted_us IS NULL "

static bool fill_alert(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct alert_row *alert = ret;
    *alert = (struct alert_row){.id = sqlite3_column_int64(row, 0),
                                .enrolment = db_copy(arena, row, 1),
                                .map = db_copy(arena, row, 2),
                                .customer = db_copy(arena, row, 3),
                                .kind = db_copy(arena, row, 4),
                                .place = db_copy(arena, row, 5),
                                .since_us = sqlite3_column_int64(row, 6),
                                .at_us = sqlite3_column_int64(row, 7),
                                .snoozed_us = sqlite3_column_int64(row, 8),
                                .over_us = sqlite3_column_int64(row, 9)};
    return alert->enrolment && alert->map && alert->customer && alert->kind &&
           alert->place;
}

static enum vg_code give(enum vg_code code, const struct db_rows *rows,
                         struct alert_row **ret, size_t *ret_count)
{
    if (code == VG_OK) {
        *ret = rows->items;
        *ret_count = rows->count;
    }
    return code;
}

enum vg_code alert_list(struct store *store, struct arena *arena, const char *map,
                        int64_t now_us, bool snoozed, struct alert_row **ret,
                        size_t *ret_count, struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code =
        db_list(store, arena, sizeof(struct alert_row), fill_alert, &rows, err,
                ALERT_COLUMNS "WHERE a.over_us IS NULL AND (?1 IS NULL OR e.map_id = ?1) "
                              "AND (?2 OR coalesce(a.snoozed_us, 0) <= ?3) "
                              "ORDER BY a.at_us DESC, a.id DESC",
                "tii", map, (int64_t)snoozed, now_us);
    return give(code, &rows, ret, ret_count);
}

enum vg_code alert_snooze(struct store *store, int64_t id, int64_t until_us,
                          struct vg_err *err)
{
    char name[32];
    snprintf(name, sizeof name, "%lld", (long long)id);
    return db_change(store, name, err,
                     "UPDATE alert SET snoozed_us = nullif(?, 0) WHERE id = ? AND "
                     "over_us IS NULL",
                     "ii", until_us, id);
}

/* ---- what holds now ---- */

/* By customer, then kind: both lists are long where many are silent at once. */
static int compare(const char *enrolment, const char *kind, const char *other_enrolment,
                   const char *other_kind)
{
    int order = strcmp(enrolment, other_enrolment);
    return order ? order : strcmp(kind, other_kind);
}

static int now_compare(const void *a, const void *b)
{
    const struct alert_now *one = a, *two = b;
    return compare(one->enrolment, one->kind, two->enrolment, two->kind);
}

static int row_compare(const void *a, const void *b)
{
    const struct alert_row *one = a, *two = b;
    return compare(one->enrolment, one->kind, two->enrolment, two->kind);
}

static bool holds(const struct alert_now *list, size_t count, const struct alert_row *row)
{
    const struct alert_now key = {.enrolment = row->enrolment, .kind = row->kind};
    return count && bsearch(&key, list, count, sizeof key, now_compare) != NULL;
}

static bool is_open(const struct alert_row *open, size_t count,
                    const struct alert_now *now)
{
    const struct alert_row key = {.enrolment = now->enrolment, .kind = now->kind};
    return count && bsearch(&key, open, count, sizeof key, row_compare) != NULL;
}

struct telling {
    struct store *store;
    struct arena *arena;
    struct alert_now *list; /* sorted */
    size_t count;
    int64_t now_us;
    struct alert_row *open;
    size_t open_count;
    struct alerts_told told;
    size_t capacity;
    struct vg_err *err;
};

static enum vg_code end_those_over(struct telling *t)
{
    enum vg_code code = VG_OK;
    for (size_t i = 0; code == VG_OK && i < t->open_count; i++) {
        if (holds(t->list, t->count, &t->open[i]))
            continue;
        code = db_run(t->store, t->err, "UPDATE alert SET over_us = ? WHERE id = ?", "ii",
                      t->now_us, t->open[i].id);
        t->told.over_count++;
    }
    return code;
}

static enum vg_code open_one(struct telling *t, const struct alert_now *now)
{
    bool there = false;
    struct alert_row row;
    enum vg_code code =
        db_run(t->store, t->err,
               "INSERT INTO alert(enrolment_id, kind, place, since_us, at_us) "
               "SELECT id, ?, ?, ?, ? FROM enrolment WHERE id = ?",
               "ttiit", now->kind, now->place, now->since_us, t->now_us, now->enrolment);
    if (code != VG_OK || sqlite3_changes(t->store->db) == 0)
        return code; /* the customer went meanwhile */
    code = db_one(t->store, t->arena, fill_alert, &row, &there, t->err,
                  ALERT_COLUMNS "WHERE a.id = ?", "i",
                  (int64_t)sqlite3_last_insert_rowid(t->store->db));
    if (code != VG_OK || !there)
        return code;
    t->told.opened = arena_grow(t->arena, t->told.opened, t->told.opened_count,
                                &t->capacity, sizeof *t->told.opened);
    if (!t->told.opened)
        return err_memory(t->err);
    t->told.opened[t->told.opened_count++] = row;
    return VG_OK;
}

/* Anything to open or to end, as far as could be read? */
static bool changes(const struct telling *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (!is_open(t->open, t->open_count, &t->list[i]))
            return true;
    for (size_t i = 0; i < t->open_count; i++)
        if (!holds(t->list, t->count, &t->open[i]))
            return true;
    return false;
}

static enum vg_code list_open(struct telling *t, const char *map)
{
    enum vg_code code = alert_list(t->store, t->arena, map, t->now_us, true, &t->open,
                                   &t->open_count, t->err);
    if (code == VG_OK && t->open_count)
        qsort(t->open, t->open_count, sizeof *t->open, row_compare);
    return code;
}

static enum vg_code tell_now(struct telling *t, const char *map)
{
    enum vg_code code = list_open(t, map);
    if (code == VG_OK)
        code = end_those_over(t);
    for (size_t i = 0; code == VG_OK && i < t->count; i++)
        if (!is_open(t->open, t->open_count, &t->list[i]))
            code = open_one(t, &t->list[i]);
    return code;
}

enum vg_code alerts_tell(struct store *store, struct arena *arena, const char *map,
                         const struct alert_now *list, size_t count, int64_t now_us,
                         struct alerts_told *ret, struct vg_err *err)
{
    struct telling t = {.store = store,
                        .arena = arena,
                        .list = arena_array(arena, struct alert_now, count + 1),
                        .count = count,
                        .now_us = now_us,
                        .err = err};
    *ret = (struct alerts_told){0};
    if (!t.list)
        return err_memory(err);
    if (count)
        memcpy(t.list, list, count * sizeof *list);
    qsort(t.list, count, sizeof *t.list, now_compare);
    enum vg_code code = list_open(&t, map);
    if (code != VG_OK || !changes(&t))
        return code;
    code = db_begin(store, err);
    if (code == VG_OK)
        code = db_end(store, tell_now(&t, map), err);
    if (code == VG_OK)
        *ret = t.told;
    return code;
}
