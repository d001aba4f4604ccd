/* The document read into structs. The tables below are the document's shape; what tables
 * cannot say (steps numbered through phases, feelings per persona, match, choice)
 * follows. */
#include "base/lang.h"
#include "base/limits.h"
#include "map/ids.h"
#include "map/tables.h"
#include "text/whole.h"

#include <math.h>

static const char *const relation_words[] = {"end-customer", "reseller", NULL};
static const char *const standing_words[] = {"acquired", "prospective", NULL};
static const char *const weight_words[] = {"full", "light", NULL};
static const char *const level_words[] = {"operational", "responsible", NULL};
static const char *const state_words[] = {"as-is", "to-be", NULL};
static const char *const kind_words[] = {"journey", "success-path", NULL};
static const char *const scope_words[] = {"phase", "end-to-end", NULL};
static const char *const action_words[] = {"idea",     "planned", "doing", "done",
                                           "verified", "dropped", NULL};

static const struct field item_fields[] = {TEXT(map_item, id), TEXT(map_item, text)};
static const struct shape item_shape = SHAPE(item_fields, map_item, LIMIT_MAP_ITEMS);

static const struct field feeling_fields[] = {
    TEXT(map_feeling, emotion),
    {AT(map_feeling, valence, "valence", FIELD_NUMBER), .low = -2, .high = 2},
    TEXT(map_feeling, note)};
static const struct shape feeling_shape = SHAPE(feeling_fields, map_feeling, 0);

static const struct field touchpoint_fields[] = {
    TEXT(map_touchpoint, id), TEXT(map_touchpoint, title), TEXT(map_touchpoint, channel),
    TEXT(map_touchpoint, department)};
static const struct shape touchpoint_shape =
    SHAPE(touchpoint_fields, map_touchpoint, LIMIT_MAP_ITEMS);

static const struct field persona_fields[] = {
    TEXT(map_persona, id),
    TEXT(map_persona, name),
    TEXT(map_persona, role),
    TEXT(map_persona, aim),
    TEXT(map_persona, quote),
    TEXT(map_persona, filter),
    {AT(map_persona, needs, "needs", FIELD_TEXTS)},
    {AT(map_persona, expectations, "expectations", FIELD_TEXTS)},
    {AT(map_persona, reseller, "relation", FIELD_FLAG), .words = relation_words},
    {AT(map_persona, prospective, "standing", FIELD_FLAG), .words = standing_words},
    {AT(map_persona, light, "weight", FIELD_FLAG), .words = weight_words}};
static const struct shape persona_shape =
    SHAPE(persona_fields, map_persona, LIMIT_MAP_PERSONAS);

static const struct field step_fields[] = {
    TEXT(map_step, id),
    TITLE(map_step),
    TEXT(map_step, doing),
    TEXT(map_step, thinking),
    {AT(map_step, feeling, "feeling", FIELD_OBJECT), .shape = &feeling_shape},
    LIST(map_step, touchpoints, touchpoint_count, "touchpoints", touchpoint_shape),
    {AT(map_step, needs, "needs", FIELD_TEXTS)},
    {AT(map_step, backstage, "backstage", FIELD_TEXTS)},
    {AT(map_step, objectives, "objectives", FIELD_TEXTS)},
    LIST(map_step, pains, pain_count, "pains", item_shape),
    LIST(map_step, opportunities, opportunity_count, "opportunities", item_shape),
    TEXT(map_step, owner),
    MATCHES(map_step, matches, match_count, "match"),
    {AT(map_step, moment_of_truth, "moment_of_truth", FIELD_BOOL)},
    {AT(map_step, optional, "optional", FIELD_BOOL)},
    {AT(map_step, repeatable, "repeatable", FIELD_BOOL)}};
static const struct shape step_shape = SHAPE(step_fields, map_step, LIMIT_MAP_STEPS);

static const struct field phase_fields[] = {
    TEXT(map_phase, id),
    TEXT(map_phase, title),
    TEXT(map_phase, aim),
    TEXT(map_phase, milestone),
    {AT(map_phase, days, "days", FIELD_NUMBER), .low = 0, .high = DAYS_MOST},
    MATCHES(map_phase, matches, match_count, "match"),
    LIST(map_phase, proofs, proof_count, "proofs", proof_shape)};
static const struct shape phase_shape = SHAPE(phase_fields, map_phase, LIMIT_MAP_PHASES);

static const struct field objective_fields[] = {
    {AT(vg_map, objective, "text", FIELD_TEXT)},
    LIST(vg_map, metrics, metric_count, "metrics", metric_shape)};
static const struct shape objective_shape = SHAPE(objective_fields, vg_map, 0);

static const struct field scope_fields[] = {
    {AT(vg_map, scope, "text", FIELD_TEXT)},
    {AT(vg_map, end_to_end, "kind", FIELD_FLAG), .words = scope_words}};
static const struct shape scope_shape = SHAPE(scope_fields, vg_map, 0);

static const char *const every_words[] = {"month", "week", NULL};
static const char *const kpi_words[] = {"conversion", "time",  "rate", "score",
                                        "state",      "typed", NULL};

static const struct field reading_fields[] = {
    {AT(map_reading, on_us, "on", FIELD_DATE)},
    {AT(map_reading, value, "value", FIELD_NUMBER)}};
static const struct shape reading_shape =
    SHAPE(reading_fields, map_reading, LIMIT_MAP_ITEMS);

static const struct field kpi_fields[] = {
    TEXT(map_kpi, id),
    TEXT(map_kpi, name),
    TEXT(map_kpi, unit),
    TEXT(map_kpi, owner),
    TEXT(map_kpi, department),
    {AT(map_kpi, kind, "kind", FIELD_WORD), .words = kpi_words},
    TEXT(map_kpi, from),
    TEXT(map_kpi, to),
    TEXT(map_kpi, from_activity),
    TEXT(map_kpi, to_activity),
    TEXT(map_kpi, journey),
    {AT(map_kpi, window_days, "window_days", FIELD_NUMBER), .low = 0, .high = 36500},
    {AT(map_kpi, quantile, "quantile", FIELD_NUMBER), .low = 0.01, .high = 0.99},
    {AT(map_kpi, target, "target", FIELD_NUMBER)},
    {AT(map_kpi, threshold, "threshold", FIELD_NUMBER)},
    {AT(map_kpi, value_each, "value_each", FIELD_NUMBER)},
    {AT(map_kpi, down_is_good, "direction", FIELD_FLAG), .words = direction_words},
    {AT(map_kpi, weekly, "every", FIELD_FLAG), .words = every_words},
    LIST(map_kpi, readings, reading_count, "readings", reading_shape)};
static const struct shape kpi_shape = SHAPE(kpi_fields, map_kpi, LIMIT_MAP_KPIS);

static const struct field group_fields[] = {
    TEXT(map_group, persona), TEXT(map_group, filter), TEXT(map_group, name)};
static const struct shape group_shape = SHAPE(group_fields, map_group, 0);

static const struct field action_fields[] = {
    TEXT(map_action, id),
    TEXT(map_action, title),
    TEXT(map_action, owner),
    TEXT(map_action, department),
    TEXT(map_action, expected),
    TEXT(map_action, result),
    {AT(map_action, pains, "pains", FIELD_TEXTS)},
    {AT(map_action, steps, "steps", FIELD_TEXTS)},
    {AT(map_action, state, "state", FIELD_WORD), .words = action_words},
    {AT(map_action, due_us, "due", FIELD_DATE)},
    {AT(map_action, done_us, "done", FIELD_DATE)},
    {AT(map_action, since_us, "since", FIELD_DATE)},
    TEXT(map_action, kpi),
    {AT(map_action, group, "group", FIELD_OBJECT), .shape = &group_shape},
    {AT(map_action, expected_change, "expected_change", FIELD_NUMBER)},
    {AT(map_action, cost, "cost", FIELD_NUMBER)},
    {AT(map_action, effort, "effort", FIELD_NUMBER), .low = 1, .high = 5},
    {AT(map_action, value, "value", FIELD_NUMBER), .low = 1, .high = 5}};
static const struct shape action_shape =
    SHAPE(action_fields, map_action, LIMIT_MAP_ITEMS);

static const struct field person_fields[] = {
    TEXT(map_person, name),
    TEXT(map_person, department),
    {AT(map_person, level, "level", FIELD_WORD), .words = level_words, .first_word = 1}};
static const struct shape person_shape =
    SHAPE(person_fields, map_person, LIMIT_MAP_ITEMS);

static const struct field session_fields[] = {
    TEXT(map_session, title),
    {AT(map_session, at_us, "date", FIELD_DATE)},
    LIST(map_session, people, people_count, "people", person_shape),
    {AT(map_session, customers, "customers", FIELD_TEXTS)}};
static const struct shape session_shape =
    SHAPE(session_fields, map_session, LIMIT_MAP_ITEMS);

static const struct field lane_fields[] = {TEXT(map_lane, id),
                                           TEXT(map_lane, kind),
                                           TEXT(map_lane, title),
                                           TEXT(map_lane, unit),
                                           {AT(map_lane, hidden, "hidden", FIELD_BOOL)}};
static const struct shape lane_shape = SHAPE(lane_fields, map_lane, LIMIT_MAP_ITEMS);

/* objective and scope are objects whose fields go into the map itself: offset 0. */
static const struct field map_fields[] = {
    TEXT(vg_map, id),
    TITLE(vg_map),
    TEXT(vg_map, lang),
    {.key = "objective", .kind = FIELD_OBJECT, .shape = &objective_shape},
    {.key = "scope", .kind = FIELD_OBJECT, .shape = &scope_shape},
    TEXT(vg_map, start),
    TEXT(vg_map, arrival),
    TEXT(vg_map, sponsor),
    {AT(vg_map, version, "version", FIELD_WHOLE)},
    {AT(vg_map, draft, "draft", FIELD_BOOL)},
    {AT(vg_map, state, "state", FIELD_WORD), .words = state_words},
    {AT(vg_map, kind, "kind", FIELD_WORD), .words = kind_words},
    LIST(vg_map, personas, persona_count, "personas", persona_shape),
    LIST(vg_map, lanes, lane_count, "lanes", lane_shape),
    LIST(vg_map, actions, action_count, "actions", action_shape),
    LIST(vg_map, kpis, kpi_count, "kpis", kpi_shape),
    LIST(vg_map, sessions, session_count, "sessions", session_shape),
    {.key = "path",
     .kind = FIELD_OBJECT,
     .shape = &path_shape,
     .offset = offsetof(struct vg_map, path)},
    LIST(vg_map, playbooks, playbook_count, "playbooks", playbook_shape),
    {AT(vg_map, updated_us, "updated", FIELD_DATE)}};
static const struct shape map_shape = SHAPE(map_fields, vg_map, 0);

_Static_assert(sizeof(enum action_state) == sizeof(int), "FIELD_WORD writes an int");

/* ---- what the tables cannot say ------------------------------------------------------
 */

static enum vg_code persona_index(struct reader *reader, const struct vg_map *map,
                                  const json_t *value, size_t *ret)
{
    if (value && !json_is_string(value))
        return reader_fail_type(reader, JSON_STRING, value);
    const char *id = value ? json_string_value(value) : "";
    for (size_t i = 0; i < map->persona_count; i++)
        if (strcmp(map->personas[i].id, id) == 0) {
            *ret = i;
            return VG_OK;
        }
    reader_fail(reader, VG_ERR_INPUT, _("there is no persona with the id “%.60s”"), id);
    err_hint(reader->err, "%s", _("name one of the map’s personas by its id"));
    return VG_ERR_INPUT;
}

/* feelings[0] equals feeling: `feeling` is what the document says of the protagonist;
 * without it, what its `feelings` say of the first persona. */
static enum vg_code read_feelings(struct reader *reader, const struct vg_map *map,
                                  const json_t *object, struct map_step *step)
{
    json_t *list;
    size_t count;
    TRY(field_list(reader, object, "feelings", LIMIT_MAP_PERSONAS, &list, &count));
    step->feelings = arena_array(reader->arena, struct map_feeling, map->persona_count);
    if (step->feelings == NULL && map->persona_count > 0)
        return err_memory(reader->err);
    for (size_t i = 0; i < map->persona_count; i++)
        step->feelings[i] = (struct map_feeling){"", NAN, ""};
    reader_enter(reader, "feelings");
    for (size_t i = 0; i < count; i++) {
        json_t *item = json_array_get(list, i);
        struct map_feeling feeling = {0};
        size_t persona = 0;
        reader_enter_at(reader, i);
        TRY(shape_read(reader, &feeling_shape, item, &feeling));
        reader_enter(reader, "persona");
        TRY(persona_index(reader, map, field_get(item, "persona"), &persona));
        reader_leave(reader);
        reader_leave(reader);
        step->feelings[persona] = feeling;
    }
    reader_leave(reader);
    if (field_get(object, "feeling") == NULL && map->persona_count > 0)
        step->feeling = step->feelings[0];
    else if (map->persona_count > 0)
        step->feelings[0] = step->feeling;
    return VG_OK;
}

struct choice {
    const char *group, *branch;
};
static const struct field choice_fields[] = {TEXT(choice, group), TEXT(choice, branch)};
static const struct shape choice_shape = SHAPE(choice_fields, choice, 0);

static enum vg_code read_choice(struct reader *reader, const json_t *object,
                                struct map_step *step)
{
    json_t *value = field_get(object, "choice");
    struct choice choice = {"", ""};
    reader_enter(reader, "choice");
    if (json_is_string(value))
        TRY(field_text(reader, value, &choice.group));
    else if (value)
        TRY(shape_read(reader, &choice_shape, value, &choice));
    reader_leave(reader);
    step->choice = choice.group;
    step->branch = choice.branch[0] ? choice.branch : step->id;
    if (choice.group[0] == 0)
        step->branch = "";
    return VG_OK;
}

/* What the team's own lanes say of the step: texts and numbers; pictures are not for us.
 */
static enum vg_code read_own(struct reader *reader, const struct vg_map *map,
                             const json_t *object, struct map_step *step)
{
    const json_t *custom = field_get(object, "custom");
    step->own = arena_array(reader->arena, const char *, map->lane_count);
    if (step->own == NULL && map->lane_count > 0)
        return err_memory(reader->err);
    reader_enter(reader, "custom");
    if (custom && !json_is_object(custom))
        return reader_fail_type(reader, JSON_OBJECT, custom);
    for (size_t i = 0; i < map->lane_count; i++) {
        const struct map_lane *lane = &map->lanes[i];
        json_t *value = field_get(custom, lane->id);
        double number = json_number_value(value);
        step->own[i] = "";
        reader_enter(reader, lane->id);
        if (json_is_string(value))
            TRY(field_text(reader, value, &step->own[i]));
        else if (json_is_number(value) && isfinite(number))
            step->own[i] = arena_printf(
                reader->arena, lane->unit[0] ? "%s %s" : "%s%s",
                text_number(reader->arena, number, number == nearbyint(number) ? 0 : 2),
                lane->unit);
        if (step->own[i] == NULL)
            return err_memory(reader->err);
        reader_leave(reader);
    }
    reader_leave(reader);
    return VG_OK;
}

static enum vg_code read_step(struct reader *reader, const struct vg_map *map,
                              json_t *object, struct map_step *step)
{
    TRY(shape_read(reader, &step_shape, object, step));
    TRY(read_feelings(reader, map, object, step));
    TRY(read_own(reader, map, object, step));
    return read_choice(reader, object, step);
}

static enum vg_code read_steps(struct reader *reader, struct vg_map *map,
                               const json_t *object, size_t phase)
{
    json_t *list;
    size_t count;
    size_t left = LIMIT_MAP_STEPS - map->step_count;
    TRY(field_list(reader, object, "steps", left, &list, &count));
    map->phases[phase].first_step = map->step_count;
    map->phases[phase].step_count = count;
    reader_enter(reader, "steps");
    for (size_t i = 0; i < count; i++) {
        struct map_step *step = &map->steps[map->step_count++];
        step->phase = phase;
        reader_enter_at(reader, i);
        TRY(read_step(reader, map, json_array_get(list, i), step));
        reader_leave(reader);
    }
    reader_leave(reader);
    return VG_OK;
}

static size_t count_steps(const json_t *phases)
{
    size_t total = 0, index;
    json_t *phase;
    json_array_foreach((json_t *)phases, index, phase) total +=
        json_array_size(json_object_get(phase, "steps"));
    return total < LIMIT_MAP_STEPS ? total : LIMIT_MAP_STEPS;
}

static enum vg_code read_phases(struct reader *reader, struct vg_map *map)
{
    json_t *list;
    TRY(field_list(reader, map->json, "phases", LIMIT_MAP_PHASES, &list,
                   &map->phase_count));
    if (list == NULL) {
        reader_enter(reader, "phases");
        reader_fail(reader, VG_ERR_INPUT, "%s", _("is missing"));
        err_hint(reader->err, "%s", _("a map has a list of phases, each with its steps"));
        return VG_ERR_INPUT;
    }
    map->phases = arena_array(reader->arena, struct map_phase, map->phase_count);
    map->steps = arena_array(reader->arena, struct map_step, count_steps(list));
    if (map->phases == NULL || map->steps == NULL)
        return err_memory(reader->err);
    reader_enter(reader, "phases");
    for (size_t i = 0; i < map->phase_count; i++) {
        json_t *object = json_array_get(list, i);
        reader_enter_at(reader, i);
        TRY(shape_read(reader, &phase_shape, object, &map->phases[i]));
        TRY(read_steps(reader, map, object, i));
        reader_leave(reader);
    }
    reader_leave(reader);
    return VG_OK;
}

/* ---- references ----------------------------------------------------------------------
 */

static enum vg_code check_reference(struct reader *reader, const struct ids *ids,
                                    const char *id, enum id_kind wanted)
{
    enum id_kind found = ids_kind(ids, id);
    if (found == wanted)
        return VG_OK;
    if (found == ID_NONE)
        reader_fail(reader, VG_ERR_INPUT, _("nothing in the map has the id “%.60s”"), id);
    else
        reader_fail(reader, VG_ERR_INPUT,
                    _("“%.60s” is the id of %s, and %s is wanted here"), id,
                    id_kind_text(found), id_kind_text(wanted));
    err_hint(reader->err, "%s",
             _("correct the id, or take the reference out if the thing is gone"));
    return VG_ERR_INPUT;
}

static enum vg_code check_list(struct reader *reader, const struct ids *ids,
                               const char *key, const struct map_texts *list,
                               enum id_kind wanted)
{
    reader_enter(reader, key);
    for (size_t i = 0; i < list->count; i++) {
        reader_enter_at(reader, i);
        TRY(check_reference(reader, ids, list->items[i], wanted));
        reader_leave(reader);
    }
    reader_leave(reader);
    return VG_OK;
}

static enum vg_code check_actions(struct reader *reader, const struct ids *ids,
                                  const struct vg_map *map)
{
    reader_enter(reader, "actions");
    for (size_t i = 0; i < map->action_count; i++) {
        reader_enter_at(reader, i);
        TRY(check_list(reader, ids, "pains", &map->actions[i].pains, ID_PAIN));
        TRY(check_list(reader, ids, "steps", &map->actions[i].steps, ID_STEP));
        reader_leave(reader);
    }
    reader_leave(reader);
    return VG_OK;
}

static void enter_choice(struct reader *reader, const struct vg_map *map, size_t step)
{
    size_t phase = map->steps[step].phase;
    reader_enter(reader, "phases");
    reader_enter_at(reader, phase);
    reader_enter(reader, "steps");
    reader_enter_at(reader, step - map->phases[phase].first_step);
    reader_enter(reader, "choice");
}

/* The steps of a choice stand together, and within it those of a branch. */
static enum vg_code check_choices(struct reader *reader, const struct vg_map *map)
{
    for (size_t i = 1; i < map->step_count; i++) {
        const struct map_step *step = &map->steps[i];
        if (step->choice[0] == 0)
            continue;
        bool group_left = false, branch_left = false;
        for (size_t j = i; j-- > 0;) {
            bool same = strcmp(map->steps[j].choice, step->choice) == 0;
            if (same && (group_left || (branch_left && strcmp(map->steps[j].branch,
                                                              step->branch) == 0))) {
                enter_choice(reader, map, i);
                reader_fail(reader, VG_ERR_INPUT,
                            group_left ? _("the steps of the choice “%.60s” do not stand "
                                           "next to each other")
                                       : _("in the choice “%.60s” another branch stands "
                                           "between two steps of the same one"),
                            step->choice);
                err_hint(reader->err, "%s",
                         _("move them together, or give the choice another name"));
                return VG_ERR_INPUT;
            }
            group_left = group_left || !same;
            branch_left =
                branch_left || !same || strcmp(map->steps[j].branch, step->branch) != 0;
        }
    }
    return VG_OK;
}

/* ---- the whole -----------------------------------------------------------------------
 */

static enum vg_code check_format(struct reader *reader, const json_t *json)
{
    json_t *format = field_get(json, "format");
    if (format == NULL || (json_is_integer(format) && json_integer_value(format) == 1))
        return VG_OK;
    reader_enter(reader, "format");
    reader_fail(reader, VG_ERR_INPUT, "%s",
                _("this map is in a format that this version cannot read"));
    err_hint(reader->err, "%s", _("use a newer version of Viaggio, or set format to 1"));
    return VG_ERR_INPUT;
}

static enum vg_code read_document(struct reader *reader, struct ids *ids,
                                  struct vg_map *map)
{
    if (!json_is_object(map->json))
        return reader_fail_type(reader, JSON_OBJECT, map->json);
    TRY(check_format(reader, map->json));
    TRY(ids_fill(reader, map->json, ids));
    map->objective = map->scope = "";
    map->end_to_end = true;
    TRY(shape_read(reader, &map_shape, map->json, map));
    if (field_get(field_get(map->json, "scope"), "kind") == NULL)
        map->end_to_end = true;
    TRY(read_phases(reader, map));
    TRY(check_actions(reader, ids, map));
    return check_choices(reader, map);
}

enum vg_code map_from_json(json_t *json, const char *name, struct vg_map **ret,
                           struct vg_err *err)
{
    struct ids ids = {0};
    struct arena *arena = arena_open(0);
    struct vg_map *map = arena ? arena_new(arena, struct vg_map) : NULL;
    if (map == NULL || json == NULL) {
        arena_close(arena);
        return err_memory(err);
    }
    struct reader reader = {.arena = arena, .name = name, .err = err};
    map->arena = arena;
    map->json = json_incref(json);
    enum vg_code code = read_document(&reader, &ids, map);
    ids_free(&ids);
    if (code != VG_OK) {
        map_close(map);
        return code;
    }
    *ret = map;
    return VG_OK;
}

enum vg_code map_read(str text, const char *name, struct vg_map **ret, struct vg_err *err)
{
    json_t *json = NULL;
    enum vg_code code = json_read(text, name, LIMIT_MAP_BYTES, &json, err);
    if (code == VG_OK)
        code = map_from_json(json, name, ret, err);
    json_decref(json);
    return code;
}

enum vg_code map_read_file(const char *path, struct vg_map **ret, struct vg_err *err)
{
    struct buf text = {0};
    enum vg_code code = whole_read(path, LIMIT_MAP_BYTES, &text, err);
    if (code == VG_OK)
        code = map_read(buf_str(&text), path, ret, err);
    buf_free(&text);
    return code;
}
