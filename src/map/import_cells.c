/* The table that map_to_csv writes, read back; rows may have been edited and moved. */
#include "map/import_list.h"

#include "base/lang.h"
#include "base/limits.h"
#include "map/lanes.h"

struct cells {
    struct grid *grid;
    const size_t *columns;
    size_t row;
    json_t *document, *phases, *personas;
    json_t *by_place; /* "2" → phase; "2/5" → step; for rows that are not in order */
    json_t *lane_names;
    json_t *current[LEVEL_ACTION + 1];
};

static const char *cell(const struct cells *cells, enum column column)
{
    size_t at = cells->columns[column];
    return at == SIZE_MAX ? "" : grid_at(cells->grid, cells->row, at);
}

static bool put_text(json_t *object, const char *key, const char *text)
{
    return text[0] == 0 || lane_set_new(object, key, json_string(text));
}

/* The list at key, made when it is not there. */
static json_t *list_at(json_t *object, const char *key)
{
    json_t *list = lane_get(object, key);
    if (json_is_array(list))
        return list;
    return lane_set_new(object, key, json_array()) ? lane_get(object, key) : NULL;
}

static json_t *append(json_t *list)
{
    json_t *object = json_object();
    return list && json_array_append_new(list, object) == 0 ? object : NULL;
}

static json_t *persona_named(struct cells *cells, const char *name)
{
    json_t *list = list_at(cells->document, "personas"), *persona;
    size_t index;
    json_array_foreach(list, index, persona)
    {
        const char *other = json_string_value(field_get(persona, "name"));
        if (other && strcmp(other, name) == 0)
            return persona;
    }
    persona = append(list); /* its name is its id: what feelings refer to */
    return persona && put_text(persona, "id", name) && put_text(persona, "name", name)
               ? persona
               : NULL;
}

/* The phase or step of the row, by its number (or title), made when it is new. */
static json_t *place_of(struct cells *cells, bool step)
{
    enum column order = step ? COLUMN_STEP_ORDER : COLUMN_PHASE_ORDER;
    const char *title = cell(cells, step ? COLUMN_STEP : COLUMN_PHASE);
    const char *number = cell(cells, order);
    const char *phase_key = cell(cells, COLUMN_PHASE_ORDER);
    double position = 0;
    if (phase_key[0] == 0)
        phase_key = cell(cells, COLUMN_PHASE);
    const char *key =
        arena_printf(cells->grid->arena, "%s%s%s", phase_key, step ? "\x1F" : "",
                     !step       ? ""
                     : number[0] ? number
                                 : title);
    json_t *found = key ? json_object_get(cells->by_place, key) : NULL;
    if (found || key == NULL)
        return found;
    json_t *phase = step ? place_of(cells, false) : NULL;
    if (step && phase == NULL)
        return NULL;
    found = append(step ? list_at(phase, "steps") : cells->phases);
    if (found == NULL || !put_text(found, "title", title) ||
        json_object_set(cells->by_place, key, found) != 0)
        return NULL;
    if (read_amount(number, &position)) /* taken out again after sorting */
        (void)json_object_set_new(found, "\x1Forder", json_real(position));
    return found;
}

static bool add_feeling(struct cells *cells, json_t *step, const struct lane *lane)
{
    const char *who = cell(cells, COLUMN_PERSONA);
    json_t *persona = who[0] ? persona_named(cells, who) : NULL;
    json_t *first = json_array_get(field_get(cells->document, "personas"), 0), *item;
    json_t *feeling = NULL;
    size_t index;
    double valence;
    if (who[0] && persona == NULL)
        return false;
    if (persona == NULL || persona == first) {
        feeling = field_get(step, "feeling");
        if (feeling == NULL && lane_set_new(step, "feeling", json_object()))
            feeling = field_get(step, "feeling");
    } else {
        json_t *list = list_at(step, "feelings");
        json_array_foreach(list, index, item)
        {
            const char *id = json_string_value(field_get(item, "persona"));
            if (id && strcmp(id, who) == 0)
                feeling = item;
        }
        if (feeling == NULL && (feeling = append(list)) != NULL)
            (void)put_text(feeling, "persona", who);
    }
    if (feeling == NULL)
        return false;
    if (lane->kind == LANE_FEELING && read_amount(cell(cells, COLUMN_SCORE), &valence))
        (void)json_object_set_new(feeling, "valence", json_amount(valence));
    return put_text(feeling, lane->kind == LANE_FEELING ? "emotion" : "note",
                    cell(cells, COLUMN_TEXT));
}

static bool add_object(struct cells *cells, json_t *list, const struct lane *lane)
{
    const char *text = cell(cells, COLUMN_TEXT);
    json_t *object;
    if (lane->kind == LANE_MATCH && cell(cells, COLUMN_CHANNEL)[0] == 0)
        return json_array_append_new(list, json_string(text)) == 0;
    if ((object = append(list)) == NULL)
        return false;
    if (lane->kind == LANE_TOUCHPOINT)
        return put_text(object, "title", text) &&
               put_text(object, "channel", cell(cells, COLUMN_CHANNEL)) &&
               put_text(object, "department", cell(cells, COLUMN_OWNER));
    if (lane->kind == LANE_MATCH)
        return put_text(object, "activity", text) &&
               put_text(object, "channel", cell(cells, COLUMN_CHANNEL));
    if (lane->kind == LANE_PERSON)
        return put_text(object, "name", text) &&
               put_text(object, "department", cell(cells, COLUMN_OWNER)) &&
               put_text(object, "level", cell(cells, COLUMN_STATUS));
    return put_text(object, "text", text);
}

static bool add_choice(struct cells *cells, json_t *step)
{
    const char *text = cell(cells, COLUMN_TEXT), *branch = cell(cells, COLUMN_STATUS);
    return branch[0] ? put_text(step, "choice.group", text) &&
                           put_text(step, "choice.branch", branch)
                     : put_text(step, "choice", text);
}

/* What the row says goes into the thing it is about. False: memory. */
static bool add_cell(struct cells *cells, json_t *object, const struct lane *lane)
{
    const char *text = cell(cells, COLUMN_TEXT);
    json_t *list;
    double number;
    switch (lane->kind) {
    case LANE_HEAD:
        return put_text(object, "owner", cell(cells, COLUMN_OWNER)) &&
               put_text(object, lane->key, text) &&
               put_text(object, "state",
                        lane->level == LEVEL_ACTION ? cell(cells, COLUMN_STATUS) : "");
    case LANE_TEXT:
        return put_text(object, lane->key, text);
    case LANE_NUMBER:
        return !read_amount(cell(cells, COLUMN_SCORE), &number) ||
               lane_set_new(object, lane->key, json_amount(number));
    case LANE_FLAG:
        return lane_set_new(object, lane->key, json_true());
    case LANE_FEELING:
    case LANE_FEELING_NOTE:
        return add_feeling(cells, object, lane);
    case LANE_CHOICE:
        return add_choice(cells, object);
    case LANE_LIST:
    case LANE_PAIN_REF: /* by their text as yet */
    case LANE_STEP_REF:
        list = text[0] ? list_at(object, lane->key) : NULL;
        return text[0] == 0 ||
               (list && json_array_append_new(list, json_string(text)) == 0);
    default:
        list = text[0] ? list_at(object, lane->key) : NULL;
        return text[0] == 0 || (list && add_object(cells, list, lane));
    }
}

/* The thing the row is about; NULL with *ret_fine: the row has lost it. */
static json_t *object_of(struct cells *cells, const struct lane *lane, bool *ret_fine)
{
    static const char *const lists[] = {[LEVEL_METRIC] = "objective.metrics",
                                        [LEVEL_SESSION] = "sessions",
                                        [LEVEL_ACTION] = "actions"};
    const char *who = cell(cells, COLUMN_PERSONA);
    *ret_fine = false;
    switch (lane->level) {
    case LEVEL_MAP:
        return cells->document;
    case LEVEL_PERSONA:
        if (who[0] == 0)
            who = lane->kind == LANE_HEAD ? cell(cells, COLUMN_TEXT) : "";
        *ret_fine = who[0] == 0;
        return who[0] ? persona_named(cells, who) : NULL;
    case LEVEL_PHASE:
    case LEVEL_STEP:
        if (lane->level == LEVEL_STEP && cell(cells, COLUMN_STEP)[0] == 0) {
            *ret_fine = true;
            return NULL;
        }
        return place_of(cells, lane->level == LEVEL_STEP);
    default:
        if (lane->kind == LANE_HEAD)
            cells->current[lane->level] =
                append(list_at(cells->document, lists[lane->level]));
        *ret_fine = lane->kind != LANE_HEAD;
        return cells->current[lane->level];
    }
}

static const struct lane *lane_named(const struct cells *cells, const char *name)
{
    size_t at = names_find(cells->lane_names, cells->grid->arena, name);
    return at < lane_count ? &lanes[at] : NULL;
}

static enum vg_code read_row(struct cells *cells)
{
    struct grid *grid = cells->grid;
    uint64_t line = grid->lines[cells->row];
    const char *name = cell(cells, COLUMN_LANE);
    const struct lane *lane = lane_named(cells, name);
    bool fine;
    if (lane == NULL) {
        grid_note(grid,
                  arena_printf(grid->arena,
                               _("line %llu: there is no lane “%.60s”; the row was left "
                                 "out"),
                               (unsigned long long)line, name));
        return VG_OK;
    }
    json_t *object = object_of(cells, lane, &fine);
    if (object == NULL && fine) {
        grid_note(grid,
                  arena_printf(grid->arena,
                               _("line %llu: it is not said what “%.60s” belongs to; the "
                                 "row was left out"),
                               (unsigned long long)line, name));
        return VG_OK;
    }
    if (object == NULL || !add_cell(cells, object, lane))
        return err_memory(grid->err);
    return VG_OK;
}

/* ---- after the last row --------------------------------------------------------------
 */

static double order_of(const json_t *object)
{
    json_t *order = json_object_get(object, "\x1Forder");
    return order ? json_real_value(order) : 1e300;
}

/* Phases and steps in the order of their numbers (insertion: they mostly are). */
static void sort_list(json_t *list)
{
    size_t count = json_array_size(list);
    for (size_t i = 1; i < count; i++) {
        size_t to = i;
        json_t *item = json_array_get(list, i);
        while (to > 0 && order_of(json_array_get(list, to - 1)) > order_of(item))
            to--;
        if (to == i)
            continue;
        json_incref(item);
        (void)json_array_remove(list, i);
        (void)json_array_insert_new(list, to, item);
    }
    for (size_t i = 0; i < count; i++)
        (void)json_object_del(json_array_get(list, i), "\x1Forder");
}

/* Put the id in place of the text it was written by. */
static void resolve(struct grid *grid, const struct vg_map *map, json_t *list, bool pains)
{
    for (size_t i = 0; i < json_array_size(list);) {
        const char *text = json_string_value(json_array_get(list, i)), *id = NULL;
        for (size_t s = 0; s < map->step_count && id == NULL; s++) {
            const struct map_step *step = &map->steps[s];
            if (!pains && strcmp(step->title, text) == 0)
                id = step->id;
            for (size_t p = 0; pains && p < step->pain_count; p++)
                if (strcmp(step->pains[p].text, text) == 0)
                    id = step->pains[p].id;
        }
        if (id) {
            (void)json_array_set_new(list, i++, json_string(id));
            continue;
        }
        grid_note(grid, arena_printf(grid->arena,
                                     _("an action refers to “%.60s”, which is not in the "
                                       "table: the reference was left out"),
                                     text));
        (void)json_array_remove(list, i);
    }
}

/* Ids are made by reading the map once without its references. */
static enum vg_code finish(struct cells *cells, struct vg_map **ret)
{
    struct grid *grid = cells->grid;
    json_t *phase, *action;
    json_t *actions = json_incref(field_get(cells->document, "actions"));
    struct vg_map *map = NULL;
    size_t index;
    sort_list(cells->phases);
    json_array_foreach(cells->phases, index, phase)
    {
        if (field_get(phase, "steps"))
            sort_list(field_get(phase, "steps"));
        else
            (void)json_object_set_new(phase, "steps", json_array());
    }
    (void)json_object_set(cells->document, "phases", cells->phases);
    if (actions)
        (void)json_object_set_new(cells->document, "actions", json_array());
    enum vg_code code = map_from_json(cells->document, grid->name, &map, grid->err);
    if (code == VG_OK && actions) {
        json_array_foreach(actions, index, action)
        {
            resolve(grid, map, field_get(action, "pains"), true);
            resolve(grid, map, field_get(action, "steps"), false);
        }
        (void)json_object_set(cells->document, "actions", actions);
        map_close(map);
        map = NULL;
        code = map_from_json(cells->document, grid->name, &map, grid->err);
    }
    json_decref(actions);
    if (code == VG_OK)
        *ret = map;
    return code;
}

static enum vg_code read_rows(struct cells *cells, size_t header)
{
    struct grid *grid = cells->grid;
    cells->row = header + 1;
    const char *title = cell(cells, COLUMN_MAP);
    if (!put_text(cells->document, "title", title[0] ? title : _("Untitled")))
        return err_memory(grid->err);
    for (; cells->row < grid->rows; cells->row++)
        TRY(read_row(cells));
    cells->row = header + 1;
    return put_text(cells->document, "updated", cell(cells, COLUMN_UPDATED))
               ? VG_OK
               : err_memory(grid->err);
}

enum vg_code import_cells(struct grid *grid, const size_t *columns, size_t header,
                          struct vg_map **ret)
{
    struct cells cells = {.grid = grid, .columns = columns};
    enum vg_code code = VG_OK;
    cells.document = json_pack("{s:i}", "format", 1);
    cells.phases = json_array();
    cells.by_place = json_object();
    cells.lane_names = json_object();
    bool good = cells.document && cells.phases && cells.by_place && cells.lane_names;
    for (size_t i = 0; good && i < lane_count; i++)
        good = names_add(cells.lane_names, grid->arena, lanes[i].en, i) &&
               names_add(cells.lane_names, grid->arena, lanes[i].it, i);
    if (!good)
        code = err_memory(grid->err);
    if (code == VG_OK)
        code = read_rows(&cells, header);
    if (code == VG_OK)
        code = finish(&cells, ret);
    json_decref(cells.document);
    json_decref(cells.phases);
    json_decref(cells.by_place);
    json_decref(cells.lane_names);
    return code;
}
