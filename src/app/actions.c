/* Declared in app/actions.h. */
#include "app/actions.h"

#include "app/export.h"
#include "app/json.h"
#include "base/date.h"
#include "base/lang.h"
#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FRESH_DAYS = 90, STALE_DAYS = 180, ICS_LINE_BYTES = 73 };

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* ---- the list ---- */

static bool under_way(enum action_state state)
{
    return state == ACTION_IDEA || state == ACTION_PLANNED || state == ACTION_DOING;
}

static json_t *pain_of(const struct vg_map *map, const char *id)
{
    for (size_t s = 0; s < map->step_count; s++)
        for (size_t i = 0; i < map->steps[s].pain_count; i++)
            if (strcmp(map->steps[s].pains[i].id, id) == 0)
                return json_pack("{s:o, s:o, s:o}", "id", json_text(id), "text",
                                 json_text(map->steps[s].pains[i].text), "step",
                                 json_text(map->steps[s].id));
    return json_pack("{s:o, s:s, s:s}", "id", json_text(id), "text", "", "step", "");
}

static json_t *action_json(const struct vg_map *map, const struct map_action *action,
                           const json_t *document, int64_t now_us)
{
    json_t *one = json_copy((json_t *)(uintptr_t)document), *pains = json_array();
    bool due = action->due_us != INT64_MIN;
    /* Due on a day: late from the next one on. */
    bool overdue =
        due && under_way(action->state) && action->due_us + US_PER_DAY <= now_us;
    int64_t days = due ? (action->due_us / US_PER_DAY) - (now_us / US_PER_DAY) : 0;
    for (size_t i = 0; pains && i < action->pains.count; i++)
        json_array_append_new(pains, pain_of(map, action->pains.items[i]));
    if (!one || !pains || json_object_set_new(one, "pains", pains) != 0 ||
        json_object_set_new(one, "map", json_text(map->id)) != 0 ||
        json_object_set_new(one, "map_title", json_text(map->title)) != 0 ||
        json_object_set_new(one, "overdue", json_boolean(overdue)) != 0 ||
        json_object_set_new(one, "days", due ? json_integer(days) : json_null()) != 0) {
        json_decref(one);
        return NULL;
    }
    const struct map_kpi *kpi = map_kpi_find(map, action->kpi);
    if (kpi)
        json_object_set_new(one, "kpi_name", json_text(kpi->name));
    if (!json_object_get(one, "state"))
        json_object_set_new(one, "state", json_string("idea"));
    return one;
}

enum vg_code actions_add(json_t *list, const struct vg_map *map, int64_t now_us,
                         struct vg_err *err)
{
    const json_t *documents = json_object_get(map->json, "actions");
    for (size_t i = 0; i < map->action_count; i++)
        if (json_array_append_new(list,
                                  action_json(map, &map->actions[i],
                                              json_array_get(documents, i), now_us)) != 0)
            return err_memory(err);
    return VG_OK;
}

/* Those due first in front; those without a day last, by map and title. */
static int by_due(const void *left, const void *right)
{
    const json_t *a = *(json_t *const *)left, *b = *(json_t *const *)right;
    const char *due_a = text_of(a, "due"), *due_b = text_of(b, "due");
    if (!due_a[0] != !due_b[0])
        return due_a[0] ? -1 : 1;
    int order = strcmp(due_a, due_b);
    if (!order)
        order = strcmp(text_of(a, "map_title"), text_of(b, "map_title"));
    return order ? order : strcmp(text_of(a, "title"), text_of(b, "title"));
}

static json_t *sorted(const json_t *list)
{
    size_t count = json_array_size(list);
    json_t **items = calloc(count + 1, sizeof *items), *ordered = json_array();
    for (size_t i = 0; items && i < count; i++)
        items[i] = json_array_get(list, i);
    if (items)
        qsort(items, count, sizeof *items, by_due);
    for (size_t i = 0; items && ordered && i < count; i++)
        json_array_append(ordered, items[i]);
    if (!items) {
        json_decref(ordered);
        ordered = NULL;
    }
    free(items);
    return ordered;
}

static bool is_wanted(const json_t *action, const struct actions_wanted *wanted)
{
    if (wanted->state && strcmp(text_of(action, "state"), wanted->state) != 0)
        return false;
    if (wanted->department && strcmp(text_of(action, "department"), wanted->department))
        return false;
    return !wanted->late || json_is_true(json_object_get(action, "overdue"));
}

enum vg_code actions_list(struct store *store, struct arena *arena,
                          const struct actions_wanted *wanted, int64_t now_us,
                          json_t **ret, struct vg_err *err)
{
    struct stored_map *maps = NULL;
    size_t count = 0;
    json_t *all = json_array(), *ordered = NULL;
    enum vg_code code =
        all ? maps_list(store, arena, &maps, &count, err) : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        struct vg_map *map = NULL;
        code = maps_read(store, maps[i].id, -1, &map, NULL, err);
        if (code == VG_OK)
            code = actions_add(all, map, now_us, err);
        map_close(map);
    }
    for (size_t i = json_array_size(all); code == VG_OK && i-- > 0;)
        if (!is_wanted(json_array_get(all, i), wanted))
            json_array_remove(all, i);
    if (code == VG_OK && !(ordered = sorted(all)))
        code = err_memory(err);
    json_decref(all);
    if (code == VG_OK)
        *ret = ordered;
    return code;
}

/* ---- pains without any ---- */

static bool is_cared_for(const struct vg_map *map, const char *pain)
{
    for (size_t a = 0; a < map->action_count; a++) {
        const struct map_action *action = &map->actions[a];
        for (size_t i = 0; action->state != ACTION_DROPPED && i < action->pains.count;
             i++)
            if (strcmp(action->pains.items[i], pain) == 0)
                return true;
    }
    return false;
}

static enum vg_code add_orphans(json_t *list, const struct vg_map *map,
                                struct vg_err *err)
{
    for (size_t s = 0; s < map->step_count; s++) {
        const struct map_step *step = &map->steps[s];
        for (size_t i = 0; i < step->pain_count; i++) {
            const char *id = step->pains[i].id;
            if (!id[0] || is_cared_for(map, id))
                continue;
            json_t *one =
                json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "map", json_text(map->id),
                          "map_title", json_text(map->title), "id", json_text(id), "text",
                          json_text(step->pains[i].text), "step", json_text(step->id),
                          "step_title", json_text(step->title));
            if (json_array_append_new(list, one) != 0)
                return err_memory(err);
        }
    }
    return VG_OK;
}

static enum vg_code orphans_of_all(struct store *store, struct arena *arena, json_t *list,
                                   struct vg_err *err)
{
    struct stored_map *maps = NULL;
    size_t count = 0;
    enum vg_code code = maps_list(store, arena, &maps, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        struct vg_map *map = NULL;
        code = maps_read(store, maps[i].id, -1, &map, NULL, err);
        if (code == VG_OK)
            code = add_orphans(list, map, err);
        map_close(map);
    }
    return code;
}

enum vg_code actions_orphans(struct store *store, struct arena *arena, json_t **ret,
                             struct vg_err *err)
{
    json_t *list = json_array();
    enum vg_code code = list ? orphans_of_all(store, arena, list, err) : err_memory(err);
    if (code == VG_OK)
        *ret = list;
    else
        json_decref(list);
    return code;
}

json_t *actions_due(const json_t *list, size_t most)
{
    json_t *ordered = sorted(list);
    for (size_t i = json_array_size(ordered); i-- > 0;) {
        const json_t *action = json_array_get(ordered, i);
        const char *state = text_of(action, "state");
        bool open = strcmp(state, "idea") == 0 || strcmp(state, "planned") == 0 ||
                    strcmp(state, "doing") == 0;
        if (!open || !text_of(action, "due")[0])
            json_array_remove(ordered, i);
    }
    while (json_array_size(ordered) > most)
        json_array_remove(ordered, json_array_size(ordered) - 1);
    return ordered;
}

/* ---- files ---- */

static enum action_state state_of(const char *name)
{
    static const char *const names[] = {"idea", "planned",  "doing",
                                        "done", "verified", "dropped"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(names[i], name) == 0)
            return (enum action_state)i;
    return ACTION_IDEA;
}

const char *actions_state_text(const char *state)
{
    return action_state_text(state_of(state));
}

static void add_pains(struct buf *out, char separator, const json_t *pains)
{
    struct buf text = {0};
    for (size_t i = 0; i < json_array_size(pains); i++) {
        buf_text(&text, i ? "; " : "");
        buf_text(&text, text_of(json_array_get(pains, i), "text"));
    }
    csv_cell(out, separator, buf_str(&text));
    out->failed |= text.failed;
    buf_free(&text);
}

/* A field as it is read: a number as the reader writes it. */
static const char *told(struct arena *arena, const json_t *action, const char *key)
{
    const json_t *value = json_object_get(action, key);
    double number = json_number_value(value);
    if (!json_is_number(value))
        return text_of(action, key);
    const char *text = text_number(arena, number, number == nearbyint(number) ? 0 : 2);
    return text ? text : "";
}

enum vg_code actions_csv(struct arena *arena, const json_t *list, struct buf *out,
                         struct vg_err *err)
{
    char separator = lang_get() == LANG_IT ? ';' : ',';
    const char *const heads[] = {
        _c("table", "map"),        _c("table", "action"),
        _c("table", "state"),      _c("table", "owner"),
        _c("table", "department"), _c("table", "due"),
        _c("table", "done on"),    _c("table", "holds since"),
        _c("table", "KPI"),        _c("table", "expected change"),
        _c("table", "cost"),       _c("table", "effort"),
        _c("table", "value"),      _c("table", "expected effect"),
        _c("table", "result"),     _c("table", "pains")};
    static const char *const keys[] = {
        "map_title", "title",  "state", "owner",    "department",
        "due",       "done",   "since", "kpi_name", "expected_change",
        "cost",      "effort", "value", "expected", "result"};
    buf_text(out, "\xEF\xBB\xBF");
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        if (i)
            buf_char(out, separator);
        csv_cell(out, separator, str_from(heads[i]));
    }
    buf_text(out, "\r\n");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *action = json_array_get(list, i);
        for (size_t k = 0; k < COUNT_OF(keys); k++) {
            const char *text = told(arena, action, keys[k]);
            if (strcmp(keys[k], "state") == 0)
                text = actions_state_text(text);
            csv_cell(out, separator, str_from(text));
            buf_char(out, separator);
        }
        add_pains(out, separator, json_object_get(action, "pains"));
        buf_text(out, "\r\n");
    }
    return out->failed ? err_memory(err) : VG_OK;
}

/* A content line: escaped (section 3.3.11), folded at 75 octets between characters
 * (section 3.1). */
static void ics_line(struct buf *out, const char *name, str text)
{
    struct buf line = {0};
    buf_printf(&line, "%s:", name);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\n')
            buf_text(&line, "\\n");
        else if (strchr(",;\\", c))
            buf_printf(&line, "\\%c", c);
        else if ((unsigned char)c >= ' ')
            buf_char(&line, c);
    }
    str left = buf_str(&line);
    while (left.len > ICS_LINE_BYTES) {
        size_t cut = ICS_LINE_BYTES;
        while (cut && ((unsigned char)left.ptr[cut] & 0xC0) == 0x80)
            cut--;
        buf_add(out, (str){left.ptr, cut});
        buf_text(out, "\r\n ");
        left = (str){left.ptr + cut, left.len - cut};
    }
    buf_add(out, left);
    buf_text(out, "\r\n");
    out->failed |= line.failed;
    buf_free(&line);
}

/* "2026-01-15" → "20260115"; "" for anything else. */
static void ics_day(const char *day, char ret[9])
{
    size_t length = 0;
    for (; *day && length < 8; day++)
        if (*day >= '0' && *day <= '9')
            ret[length++] = *day;
    ret[length == 8 ? 8 : 0] = 0;
}

static void add_todo(struct buf *out, const json_t *action, const char *stamp)
{
    enum action_state state = state_of(text_of(action, "state"));
    bool done = state == ACTION_DONE || state == ACTION_VERIFIED;
    char due[9];
    struct buf about = {0};
    buf_printf(&about, "%s\n%s\n%s", text_of(action, "map_title"),
               text_of(action, "owner"), text_of(action, "expected"));
    buf_text(out, "BEGIN:VTODO\r\n");
    buf_printf(&about, "%s", "");
    struct buf uid = {0};
    buf_printf(&uid, "%s/%s@viaggio", text_of(action, "map"), text_of(action, "id"));
    ics_line(out, "UID", buf_str(&uid));
    ics_line(out, "DTSTAMP", str_from(stamp));
    ics_line(out, "SUMMARY", str_from(text_of(action, "title")));
    ics_line(out, "DESCRIPTION", buf_str(&about));
    ics_day(text_of(action, "due"), due);
    if (due[0])
        buf_printf(out, "DUE;VALUE=DATE:%s\r\n", due);
    buf_printf(out, "STATUS:%s\r\nEND:VTODO\r\n",
               done                      ? "COMPLETED"
               : state == ACTION_DROPPED ? "CANCELLED"
               : state == ACTION_DOING   ? "IN-PROCESS"
                                         : "NEEDS-ACTION");
    out->failed |= about.failed || uid.failed;
    buf_free(&about);
    buf_free(&uid);
}

enum vg_code actions_ics(const json_t *list, int64_t now_us, struct buf *out,
                         struct vg_err *err)
{
    char stamp[64];
    struct date now = date_from_us(now_us);
    snprintf(stamp, sizeof stamp, "%04d%02d%02dT%02d%02d%02dZ", now.year, now.month,
             now.day, now.hour, now.minute, now.second);
    buf_text(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Viaggio//" VIAGGIO_VERSION
                  "//EN\r\n");
    for (size_t i = 0; i < json_array_size(list); i++)
        add_todo(out, json_array_get(list, i), stamp);
    buf_text(out, "END:VCALENDAR\r\n");
    return out->failed ? err_memory(err) : VG_OK;
}

/* ---- sources ---- */

enum vg_code sources_json(struct store *store, struct arena *arena, json_t **ret,
                          struct vg_err *err)
{
    struct store_source *sources = NULL;
    size_t count = 0;
    json_t *list = json_array();
    enum vg_code code =
        list ? store_sources(store, arena, &sources, &count, err) : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        const struct store_source *s = &sources[i];
        bool any = s->events > 0;
        int64_t days = (date_today_us() - s->last_us) / US_PER_DAY;
        const char *state = !any                 ? "never"
                            : days <= FRESH_DAYS ? "fresh"
                            : days <= STALE_DAYS ? "review"
                                                 : "stale";
        json_t *one = json_pack(
            "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:s, s:o}}", "name",
            json_text(s->name), "imports", json_count(s->imports), "rows",
            json_count(s->rows), "rejected", json_count(s->rejected), "events",
            json_count(s->events), "first", any ? json_time(s->first_us) : json_null(),
            "last", any ? json_time(s->last_us) : json_null(), "last_import",
            json_time(s->last_import_us), "freshness", "state", state, "days",
            any ? json_integer(days < 0 ? 0 : days) : json_null());
        if (json_array_append_new(list, one) != 0)
            code = err_memory(err);
    }
    if (code == VG_OK)
        *ret = list;
    else
        json_decref(list);
    return code;
}
