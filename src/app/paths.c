/* The success paths of a workspace as they stand. Declared in app/paths.h. */
#include "app/paths.h"

#include "app/export.h"
#include "app/json.h"
#include "app/path_sheet.h"
#include "app/values.h"
#include "base/date.h"
#include "base/lang.h"
#include "store/maps.h"
#include "store/people.h"

#include <stdio.h>

#include <math.h>
#include <string.h>

/* ---- what the store keeps, as the path wants it ---- */

struct filling {
    struct arena *arena;
    struct store *store;
    struct person *people; /* by id */
    size_t people_count;
    struct enrolment_row *rows;
    size_t row_count;
    struct progress_row *progress; /* by enrolment, then time */
    size_t progress_count;
    struct path_enrolment *list;
    struct vg_err *err;
};

/* What somebody is called; "" for whoever has no account (the shell, --solo). */
static const char *name_of(const struct filling *f, const char *id)
{
    size_t low = 0, high = f->people_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(f->people[middle].id, id);
        if (order == 0)
            return f->people[middle].name;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return "";
}

static enum vg_code fill_starts(struct filling *f, const json_t *metrics,
                                struct path_enrolment *ret)
{
    const char *id;
    json_t *one;
    struct path_start *starts =
        arena_array(f->arena, struct path_start, json_object_size(metrics) + 1);
    if (!starts)
        return err_memory(f->err);
    ret->starts = starts;
    json_object_foreach((json_t *)(uintptr_t)metrics, id, one)
    {
        struct path_start *start = &starts[ret->start_count++];
        const json_t *baseline = json_object_get(one, "baseline"),
                     *target = json_object_get(one, "target");
        const char *due = json_string_value(json_object_get(one, "due"));
        start->metric = arena_text(f->arena, str_from(id));
        start->baseline = json_is_number(baseline) ? json_number_value(baseline) : NAN;
        start->target = json_is_number(target) ? json_number_value(target) : NAN;
        if (!due || !instant_read(due, false, &start->due_us))
            start->due_us = INT64_MIN;
        if (!start->metric)
            return err_memory(f->err);
    }
    return VG_OK;
}

static enum vg_code fill_body(struct filling *f, const struct enrolment_row *row,
                              struct path_enrolment *ret)
{
    json_t *body = NULL;
    enum vg_code code =
        json_read(str_from(row->body), "enrolment", LIMIT_ENROLMENT_BYTES, &body, f->err);
    if (code != VG_OK)
        return code;
    const char *start = json_string_value(json_object_get(body, "start"));
    ret->start = start ? arena_text(f->arena, str_from(start)) : "";
    code = ret->start ? fill_starts(f, json_object_get(body, "metrics"), ret)
                      : err_memory(f->err);
    json_decref(body);
    return code;
}

/* Milestones passed by hand, proofs that were given: rows [from, until). */
static enum vg_code fill_given(struct filling *f, size_t from, size_t until,
                               struct path_enrolment *ret)
{
    struct path_hand *hands = arena_array(f->arena, struct path_hand, until - from + 1);
    struct path_confirmation *given =
        arena_array(f->arena, struct path_confirmation, until - from + 1);
    if (!hands || !given)
        return err_memory(f->err);
    ret->hands = hands;
    ret->confirmations = given;
    for (size_t i = from; i < until; i++) {
        const struct progress_row *row = &f->progress[i];
        const char *who = name_of(f, row->who);
        if (row->kind == PROGRESS_MILESTONE)
            hands[ret->hand_count++] =
                (struct path_hand){row->item, row->at_us, who, row->text};
        if (row->kind == PROGRESS_PROOF && row->item[0])
            given[ret->confirmation_count++] =
                (struct path_confirmation){row->item, row->at_us, who, row->text};
    }
    return VG_OK;
}

/* Rows of one enrolment stand together, by its id. */
static void rows_of(const struct filling *f, const char *id, size_t *ret_from,
                    size_t *ret_until)
{
    size_t low = 0, high = f->progress_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(f->progress[middle].enrolment, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_from = low;
    while (low < f->progress_count && strcmp(f->progress[low].enrolment, id) == 0)
        low++;
    *ret_until = low;
}

static enum vg_code fill_one(struct filling *f, const struct enrolment_row *row,
                             struct path_enrolment *ret)
{
    size_t from, until;
    *ret = (struct path_enrolment){.id = row->id,
                                   .customer = row->name,
                                   .at_us = row->at_us,
                                   .left_us = row->left_us ? row->left_us : INT64_MIN,
                                   .left_why = row->left_because};
    rows_of(f, row->id, &from, &until);
    enum vg_code code = fill_body(f, row, ret);
    return code == VG_OK ? fill_given(f, from, until, ret) : code;
}

static enum vg_code fill(struct filling *f, const char *map)
{
    enum vg_code code = people_list(f->store, f->arena, "", SIZE_MAX >> 2, &f->people,
                                    &f->people_count, f->err);
    if (code == VG_OK)
        code = enrolment_list(f->store, f->arena, map, &f->rows, &f->row_count, f->err);
    if (code == VG_OK)
        code = progress_of_map(f->store, f->arena, map, &f->progress, &f->progress_count,
                               f->err);
    f->list = arena_array(f->arena, struct path_enrolment, f->row_count + 1);
    if (code == VG_OK && !f->list)
        code = err_memory(f->err);
    for (size_t i = 0; code == VG_OK && i < f->row_count; i++)
        code = fill_one(f, &f->rows[i], &f->list[i]);
    return code;
}

enum vg_code paths_enrolments(struct arena *arena, struct store *store, const char *map,
                              const struct vg_log *log, const struct path_enrolment **ret,
                              size_t *ret_count, struct vg_err *err)
{
    struct filling f = {.arena = arena, .store = store, .err = err};
    enum vg_code code = fill(&f, map);
    size_t kept = 0;
    for (size_t i = 0; code == VG_OK && i < f.row_count; i++)
        if (!log ||
            dict_find(&log->trace_names, str_from(f.list[i].customer)) != UINT32_MAX)
            f.list[kept++] = f.list[i];
    if (code == VG_OK) {
        *ret = f.list;
        *ret_count = kept;
    }
    return code;
}

enum vg_code paths_find(struct arena *arena, struct store *store,
                        const struct path_question *question, struct path *ret,
                        struct vg_err *err)
{
    struct filling f = {.arena = arena, .store = store, .err = err};
    struct path_question full = *question;
    enum vg_code code = fill(&f, question->map->id);
    if (code != VG_OK)
        return code;
    if (full.log && !full.log->events)
        full.log = NULL;
    full.enrolments = f.list;
    full.enrolment_count = f.row_count;
    return path_find(arena, &full, ret, err);
}

enum vg_code paths_found_in(struct app_cache *cache, struct store *store,
                            struct arena *arena, const struct vg_map *map,
                            struct held **ret, bool *ret_nobody, struct vg_err *err)
{
    struct pair *about = NULL;
    size_t count = 0;
    struct question question;
    struct vg_err why = {0};
    *ret = NULL;
    enum vg_code code = question_of_map(arena, map, &about, &count, &why);
    if (code == VG_OK && count)
        code = question_read(store, arena, about, count, &question, &why);
    if (code == VG_OK && count)
        code = cache_evidence(cache, store, &question, true, ret, &why);
    *ret_nobody =
        code == VG_ERR_NOT_FOUND || code == VG_ERR_USAGE || code == VG_ERR_INPUT;
    if (code != VG_OK && !*ret_nobody && err)
        *err = why;
    return *ret_nobody ? VG_OK : code;
}

/* ---- cards ---- */

static json_t *states_json(const struct path *path)
{
    json_t *states = json_object();
    for (int s = 0; states && s < PATH_STATES; s++)
        json_object_set_new(states, path_state_name((enum path_state)s),
                            json_count(path->states[s]));
    return states;
}

static json_t *card(const struct stored_map *map, const struct path *path, size_t alerts)
{
    double attainment = 0;
    uint64_t measured = 0, passed = 0;
    for (size_t i = 0; i < path->client_count; i++) {
        const struct path_client *client = &path->clients[i];
        passed += client->passed;
        if (isnan(client->attainment))
            continue;
        attainment += client->attainment;
        measured++;
    }
    return json_pack("{s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
                     json_text(map->id), "title", json_text(map->title), "head",
                     (json_int_t)map->head, "updated", json_time(map->updated_us),
                     "arrival", json_text(path->map->arrival), "phases",
                     json_count(path->map->phase_count), "clients",
                     json_count(path->client_count), "states", states_json(path), "low",
                     json_count(path->low), "passed", json_count(passed), "attainment",
                     json_number_or_null(measured ? attainment / (double)measured : NAN),
                     "alerts", json_count(alerts));
}

/* Is it a success path, or does somebody lead customers along it all the same? */
static enum vg_code is_path(struct store *store, struct arena *arena, const char *id,
                            bool *ret, struct vg_err *err)
{
    struct vg_map *map = NULL;
    struct enrolment_row *rows = NULL;
    size_t count = 0;
    enum vg_code code = enrolment_list(store, arena, id, &rows, &count, err);
    if (code == VG_OK && !count)
        code = maps_read(store, id, -1, &map, NULL, err);
    *ret = count || (map && map->kind == MAP_SUCCESS_PATH);
    map_close(map);
    return code;
}

static enum vg_code add_card(struct app_cache *cache, struct store *store,
                             struct arena *arena, const struct stored_map *map,
                             json_t *list, struct vg_err *err)
{
    struct held *held = NULL;
    struct alert_row *alerts = NULL;
    size_t count = 0;
    bool is = false;
    enum vg_code code = is_path(store, arena, map->id, &is, err);
    if (code != VG_OK || !is)
        return code;
    code =
        alert_list(store, arena, map->id, date_today_us(), false, &alerts, &count, err);
    if (code == VG_OK)
        code = cache_path(cache, store, map->id, PATH_ENROLLED, &held, err);
    if (code == VG_OK &&
        json_array_append_new(list, card(map, held_path(held), count)) != 0)
        code = err_memory(err);
    held_release(held);
    return code;
}

enum vg_code paths_cards(struct app_cache *cache, struct store *store,
                         struct arena *arena, json_t **ret, struct vg_err *err)
{
    struct stored_map *maps = NULL;
    size_t count = 0;
    json_t *list = json_array();
    enum vg_code code =
        list ? maps_list(store, arena, &maps, &count, err) : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        code = add_card(cache, store, arena, &maps[i], list, err);
    if (code == VG_OK)
        *ret = list;
    else
        json_decref(list);
    return code;
}

/* ---- as a file ---- */

static void csv_day(struct buf *out, int64_t at_us)
{
    struct date day = date_from_us(at_us);
    if (at_us != INT64_MIN)
        buf_printf(out, "%04d-%02d-%02d", day.year, day.month, day.day);
}

static void csv_number(struct buf *out, char separator, double value, int digits)
{
    char text[64];
    if (isnan(value))
        return;
    snprintf(text, sizeof text, "%.*f", digits, value);
    for (char *c = text; *c; c++)
        *c = *c == '.' && separator == ';' ? ',' : *c;
    buf_text(out, text);
}

static void csv_client(struct buf *out, char separator, const struct path *path,
                       const struct path_client *client)
{
    const struct vg_map *map = path->map;
    const char *phase = client->phase < map->phase_count
                            ? map->phases[client->phase].title
                            : _("arrived");
    csv_cell(out, separator, str_from(client->customer));
    buf_char(out, separator);
    csv_day(out, client->at_us);
    buf_char(out, separator);
    csv_cell(out, separator, str_from(phase));
    buf_char(out, separator);
    csv_cell(out, separator, str_from(path_state_text(client->state)));
    buf_char(out, separator);
    csv_cell(out, separator, str_from(client->reason));
    buf_printf(out, "%c%zu%c%zu%c", separator, client->passed, separator,
               map->phase_count, separator);
    csv_number(out, separator, client->attainment * 100, 0);
    buf_char(out, separator);
    csv_number(out, separator, client->days, 0);
    buf_char(out, separator);
    csv_number(out, separator, client->expected_days, 0);
    buf_char(out, separator);
    csv_day(out, client->sign_us);
    buf_char(out, separator);
    csv_number(out, separator, client->feeling, 1);
    buf_text(out, "\r\n");
}

enum vg_code paths_csv(const struct path *path, struct buf *out, struct vg_err *err)
{
    const char *const heads[] = {_("customer"),   _("enrolled"),
                                 _("phase"),      _("state"),
                                 _("why"),        _("milestones passed"),
                                 _("milestones"), _("objectives reached, %"),
                                 _("days used"),  _("days expected"),
                                 _("last sign"),  _("last feeling, −2 to +2")};
    char separator = lang_get() == LANG_IT ? ';' : ',';
    buf_text(out, "\xEF\xBB\xBF");
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        if (i)
            buf_char(out, separator);
        csv_cell(out, separator, str_from(heads[i]));
    }
    buf_text(out, "\r\n");
    for (size_t i = 0; i < path->client_count; i++)
        csv_client(out, separator, path, &path->clients[i]);
    return out->failed ? err_memory(err) : VG_OK;
}
