/* Who is led along a path: one by one, from a table, by a rule. Declared in app/paths.h.
 */
#include "app/paths.h"

#include "app/json.h"
#include "app/values.h"
#include "base/date.h"
#include "base/lang.h"
#include "base/utf8.h"
#include "text/csv_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- a day ---- */

enum vg_code enrol_day(const char *text, const char *where, int64_t *ret_us,
                       struct vg_err *err)
{
    int64_t now = date_today_us(), at_us = now;
    if (!text || !text[0] || strcmp(text, "today") == 0 || strcmp(text, "oggi") == 0) {
        *ret_us = now;
        return VG_OK;
    }
    if (!instant_read(text, false, &at_us)) {
        err_set(err, VG_ERR_INPUT, where, _("this cannot be \"%s\""), text);
        return err_hint(err, "%s",
                        _("write it as 2025, 2025-10, 2025-10-31 or 31/10/2025")),
               VG_ERR_INPUT;
    }
    if (at_us > now) {
        struct arena *arena = arena_open(0);
        const char *day = arena ? text_date(arena, at_us) : NULL;
        day = text_agreed(arena, day ? arena_printf(arena, _("%s has not come yet"), day)
                                     : NULL);
        day ? err_set(err, VG_ERR_INPUT, where, "%s", day) : err_memory(err);
        arena_close(arena);
        return day ? VG_ERR_INPUT : VG_ERR_MEMORY;
    }
    *ret_us = at_us;
    return VG_OK;
}

/* ---- one's own baselines and targets ---- */

static bool knows_metric(const struct vg_map *map, const char *id)
{
    for (size_t i = 0; i < map->metric_count; i++)
        if (strcmp(map->metrics[i].id, id) == 0)
            return true;
    return false;
}

static bool fits_metric(const json_t *one)
{
    const char *name;
    json_t *value;
    int64_t unused;
    if (!json_is_object(one))
        return false;
    json_object_foreach((json_t *)(uintptr_t)one, name, value)
    {
        bool number = strcmp(name, "baseline") == 0 || strcmp(name, "target") == 0;
        if (json_is_null(value) || (number && json_is_number(value)))
            continue;
        if (strcmp(name, "due") != 0 || !json_is_string(value) ||
            !instant_read(json_string_value(value), false, &unused))
            return false;
    }
    return true;
}

enum vg_code enrol_body(struct arena *arena, const struct vg_map *map, const char *start,
                        const json_t *metrics, const char **ret, struct vg_err *err)
{
    struct buf out = {0};
    const char *id;
    json_t *one;
    json_t *body = json_object(), *kept = json_object();
    json_object_foreach((json_t *)(uintptr_t)metrics, id, one)
    {
        if (!knows_metric(map, id) || !fits_metric(one)) {
            json_decref(body);
            json_decref(kept);
            err_set(err, VG_ERR_INPUT, id, "%s",
                    _("this is no metric of the map, or not what one is measured by"));
            return err_hint(err, "%s",
                            _("baseline and target are numbers, due is a day")),
                   VG_ERR_INPUT;
        }
        json_object_set(kept, id, one);
    }
    bool ok = body && kept;
    if (ok && start && start[0])
        ok = json_object_set_new(body, "start", json_text(start)) == 0;
    if (ok && json_object_size(kept))
        ok = json_object_set(body, "metrics", kept) == 0;
    enum vg_code code = ok ? json_write_compact(body, &out, err) : err_memory(err);
    if (code == VG_OK && !(*ret = arena_text(arena, buf_str(&out))))
        code = err_memory(err);
    buf_free(&out);
    json_decref(kept);
    json_decref(body);
    return code;
}

/* ---- a table ---- */

enum { COLUMN_NONE = -1, CUSTOMER = 0, DAY, START, COLUMNS };
static const char *const column_names[COLUMNS][10] = {
    {"cliente", "customer", "client", "nome", "name", "codice cliente", "codice",
     "persona", "id"},
    {"data", "dal", "inizio", "date", "since", "from", "at", "iscrizione", "enrolled"},
    {"partenza", "punto di partenza", "start", "starting point", "situazione"},
};

static int column_of(struct arena *arena, str cell)
{
    str folded = utf8_fold(arena, str_trim(cell));
    for (int c = 0; folded.ptr && c < COLUMNS; c++)
        for (size_t i = 0; i < COUNT_OF(column_names[c]) && column_names[c][i]; i++)
            if (str_equal(folded, str_from(column_names[c][i])))
                return c;
    return COLUMN_NONE;
}

struct table {
    struct arena *arena;
    const struct vg_map *map;
    const char *name;
    bool another;
    int place[COLUMNS]; /* of each column; −1: none */
    struct enrolment_new *list;
    size_t count, capacity;
    struct vg_err *err;
};

/* Whether the first row has names of columns. */
static bool read_head(struct table *table, const struct csv_row *row)
{
    bool head = false;
    for (int c = 0; c < COLUMNS; c++)
        table->place[c] = c == CUSTOMER ? 0 : COLUMN_NONE;
    for (size_t i = 0; i < row->count; i++) {
        int column = column_of(table->arena, row->cells[i]);
        if (column == COLUMN_NONE)
            continue;
        table->place[column] = (int)i;
        head = true;
    }
    return head;
}

static str cell_of(const struct table *table, const struct csv_row *row, int column)
{
    int place = table->place[column];
    return place >= 0 && (size_t)place < row->count ? row->cells[place] : STR("");
}

static enum vg_code read_one(struct table *table, const struct csv_row *row)
{
    str customer = str_trim(cell_of(table, row, CUSTOMER));
    const char *where =
        arena_printf(table->arena, "%s:%llu", table->name, (unsigned long long)row->line);
    const char *day = arena_text(table->arena, cell_of(table, row, DAY));
    const char *start = arena_text(table->arena, cell_of(table, row, START));
    struct enrolment_new new = {.map = table->map->id,
                                .customer = arena_text(table->arena, customer),
                                .another = table->another};
    if (!where || !day || !start || !new.customer)
        return err_memory(table->err);
    if (!customer.len)
        return err_set(table->err, VG_ERR_INPUT, where, "%s",
                       _("the customer has no name"));
    if (table->count == LIMIT_ENROLMENTS)
        return err_set(table->err, VG_ERR_LIMIT, where,
                       _("a path has at most %d customers"), LIMIT_ENROLMENTS);
    enum vg_code code = enrol_day(day, where, &new.at_us, table->err);
    if (code == VG_OK)
        code = enrol_body(table->arena, table->map, start, NULL, &new.body, table->err);
    if (code != VG_OK)
        return code;
    table->list = arena_grow(table->arena, table->list, table->count, &table->capacity,
                             sizeof *table->list);
    if (!table->list)
        return err_memory(table->err);
    table->list[table->count++] = new;
    return VG_OK;
}

enum vg_code enrol_table(struct store *store, struct arena *arena,
                         const struct vg_map *map, const struct enrol_rows *from,
                         struct enrolled *ret, struct vg_err *err)
{
    struct table table = {.arena = arena,
                          .map = map,
                          .name = from->name,
                          .another = from->another,
                          .err = err};
    str text = from->text;
    struct csv_rows rows = {.bytes = text, .line = 1};
    struct csv_row row;
    size_t sep_len = 0;
    enum vg_code code = VG_OK;
    if (text.len >= 3 && memcmp(text.ptr, "\xEF\xBB\xBF", 3) == 0) {
        rows.bytes.ptr += 3;
        rows.bytes.len -= 3;
    }
    char sep = csv_sep_line(rows.bytes, &sep_len);
    csv_dialect_guess(rows.bytes, &rows.delimiter, &rows.quote);
    if (sep) {
        rows.delimiter = sep;
        rows.at = sep_len;
    }
    for (bool first = true; code == VG_OK && csv_rows_next(&rows, arena, &row);
         first = false)
        if (!first || !read_head(&table, &row))
            code = read_one(&table, &row);
    if (code == VG_OK && !table.count)
        return err_set(err, VG_ERR_INPUT, from->name, "%s",
                       _("there is no customer in it"));
    if (code == VG_OK)
        code =
            enrolment_add_many(store, table.list, table.count, false, &ret->added, err);
    ret->found = table.count;
    return code;
}

/* ---- a rule over the evidence ---- */

/* Who is on the path, or was taken off it: no rule enrols these. */
static enum vg_code is_on(struct store *store, struct arena *arena,
                          const struct vg_map *map, struct dict *ret, struct vg_err *err)
{
    struct enrolment_row *rows = NULL;
    const char **names = NULL;
    size_t count = 0;
    uint32_t unused;
    enum vg_code code = enrolment_list(store, arena, map->id, &rows, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        code = dict_add(ret, str_from(rows[i].name), UINT32_MAX - 1, &unused, err);
    if (code == VG_OK)
        code = taken_out_list(store, arena, map->id, &names, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        code = dict_add(ret, str_from(names[i]), UINT32_MAX - 1, &unused, err);
    return code;
}

enum vg_code enrol_log(struct store *store, struct arena *arena, const struct vg_map *map,
                       const struct vg_log *log, bool only_look, struct enrolled *ret,
                       struct vg_err *err)
{
    struct dict there = {0};
    size_t count = 0, last = SIZE_MAX;
    struct enrolment_new *list = NULL;
    *ret = (struct enrolled){0};
    if (log->traces > LIMIT_ENROLMENTS)
        return err_set(err, VG_ERR_LIMIT, NULL,
                       _("the rule finds %zu customers: a path has at most %d"),
                       log->traces, LIMIT_ENROLMENTS);
    list = arena_array(arena, struct enrolment_new, log->traces + 1);
    enum vg_code code = list ? is_on(store, arena, map, &there, err) : err_memory(err);
    for (size_t t = 0; code == VG_OK && t < log->traces; t++) {
        const char *name = dict_text(&log->trace_names, log->trace_name[t]);
        if (log->first[t] == log->first[t + 1] || (last == log->trace_name[t]))
            continue; /* parts of one customer come one after the other */
        last = log->trace_name[t];
        ret->found++;
        if (dict_find(&there, str_from(name)) == UINT32_MAX)
            list[count++] = (struct enrolment_new){
                .map = map->id, .customer = name, .at_us = log->at_us[log->first[t]]};
    }
    dict_free(&there);
    ret->added = count;
    if (code == VG_OK && !only_look)
        code = enrolment_add_many(store, list, count, true, &ret->added, err);
    return code;
}
