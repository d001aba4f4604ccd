/* Changes field by field, in words and in JSON. */
#include "base/lang.h"
#include "base/utf8.h"
#include "map/diff_list.h"

#include <stdio.h>

/* What a reader calls a thing of the map. */
static const char *thing_text(const char *thing)
{
    static const struct {
        const char *thing, *text;
    } names[] = {{"map", N_("Map")},
                 {"persona", N_("Persona")},
                 {"phase", N_("Phase")},
                 {"step", N_("Step")},
                 {"touchpoint", N_("Touchpoint")},
                 {"pain", N_("Pain")},
                 {"opportunity", N_("Opportunity")},
                 {"metric", N_("Metric")},
                 {"action", N_("Action")},
                 {"kpi", N_("KPI")},
                 {"proof", N_("Proof")},
                 {"playbook", N_("Playbook")},
                 {"session", N_("Session")}};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(names[i].thing, thing) == 0)
            return lang_text(names[i].text);
    return thing;
}

/* What a reader calls a field; a field we do not know keeps its name. */
static const char *field_text_of(const char *field)
{
    static const struct {
        const char *field, *text;
    } names[] = {
        {"title", N_("title")},
        {"name", N_("name")},
        {"text", N_("text")},
        {"doing", N_("what they do")},
        {"thinking", N_("what they think")},
        {"feeling", N_("what they feel")},
        {"feelings", N_("what the others feel")},
        {"feeling.emotion", N_("emotion")},
        {"feeling.valence", N_("intensity of the emotion")},
        {"feeling.note", N_("note on the emotion")},
        {"needs", N_("needs")},
        {"expectations", N_("expectations")},
        {"backstage", N_("backstage")},
        {"objectives", N_("what to reach here")},
        {"match", N_("activities in the evidence")},
        {"moment_of_truth", N_("moment of truth")},
        {"optional", N_("optional")},
        {"repeatable", N_("repeatable")},
        {"choice", N_("choice")},
        {"choice.group", N_("choice")},
        {"choice.branch", N_("branch of the choice")},
        {"owner", N_("owner")},
        {"department", N_("department")},
        {"channel", N_("channel")},
        {"aim", N_("aim")},
        {"milestone", N_("milestone")},
        {"role", N_("role")},
        {"quote", N_("quote")},
        {"filter", N_("customers of the evidence")},
        {"relation", N_("relation")},
        {"standing", N_("standing")},
        {"weight", N_("weight")},
        {"objective", N_("objective")},
        {"objective.text", N_("objective")},
        {"scope", N_("scope")},
        {"scope.text", N_("scope")},
        {"scope.kind", N_("kind of scope")},
        {"start", N_("start")},
        {"arrival", N_("arrival")},
        {"sponsor", N_("sponsor")},
        {"state", N_("state")},
        {"kind", N_("kind")},
        {"lang", N_("language")},
        {"draft", N_("draft")},
        {"pains", N_("pains it takes care of")},
        {"steps", N_("steps it improves")},
        {"due", N_("due date")},
        {"done", N_("day it was done")},
        {"expected", N_("expected result")},
        {"result", N_("result")},
        {"unit", N_("unit")},
        {"baseline", N_("baseline")},
        {"target", N_("target")},
        {"direction", N_("direction")},
        {"reached_by_pct", N_("share who reached it")},
        {"since", N_("day from which it holds")},
        {"kpi", N_("KPI it shall change")},
        {"expected_change", N_("expected change")},
        {"cost", N_("cost")},
        {"effort", N_("effort")},
        {"value", N_("value")},
        {"group", N_("comparison group")},
        {"group.name", N_("comparison group")},
        {"group.persona", N_("persona of the comparison group")},
        {"group.filter", N_("filter of the comparison group")},
        {"from", N_("from")},
        {"to", N_("to")},
        {"from_activity", N_("from the activity")},
        {"to_activity", N_("to the activity")},
        {"journey", N_("what a journey is")},
        {"window_days", N_("window in days")},
        {"quantile", N_("quantile")},
        {"threshold", N_("threshold")},
        {"every", N_("how often it is looked at")},
        {"value_each", N_("what one success is worth")},
        {"readings", N_("readings")},
        {"days", N_("days expected")},
        {"required", N_("required")},
        {"at_least", N_("how many at least")},
        {"metric", N_("metric")},
        {"source", N_("source of the readings")},
        {"attribute", N_("column of the values")},
        {"when", N_("when")},
        {"on", N_("switched on")},
        {"url", N_("address")},
        {"path.stuck_days", N_("stuck after days")},
        {"path.behind_days", N_("behind after days")},
        {"path.silent_days", N_("silent after days")},
        {"path.low_feeling", N_("low feeling")},
        {"path.left", N_("activities of who leaves")},
        {"path.no_sign", N_("activities that are no sign")},
        {"date", N_("date")},
        {"people", N_("people at the table")},
        {"customers", N_("customers at the table")},
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(names[i].field, field) == 0)
            return lang_text(names[i].text);
    return field;
}

/* A value as the reader reads it: a list of texts with commas, a number as they write
 * it. NULL: memory. */
static const char *value_text(struct arena *arena, const json_t *value)
{
    struct buf out = {0};
    struct vg_err err = {0};
    size_t index;
    json_t *item;
    bool texts = json_is_array(value);
    json_array_foreach((json_t *)value, index, item) texts =
        texts && json_is_string(item);
    if (json_is_string(value))
        return arena_text(arena, str_from(json_string_value(value)));
    if (value == NULL || json_is_null(value))
        return arena_text(arena, STR(""));
    if (json_is_boolean(value))
        return arena_text(arena, str_from(json_is_true(value) ? _("yes") : _("no")));
    if (texts) {
        json_array_foreach((json_t *)value, index, item)
            buf_printf(&out, "%s%s", index ? ", " : "", json_string_value(item));
    } else if (json_is_number(value)) {
        double number = json_number_value(value);
        double tenths = number * 10;
        write_number(&out, number,
                     number == (double)(int64_t)number && number < 1e15 && number > -1e15
                         ? 0
                     : tenths == (double)(int64_t)tenths && number < 1e14 ? 1
                                                                          : 3);
    } else if (json_write_compact(value, &out, &err) != VG_OK) {
        buf_free(&out);
        return NULL;
    }
    const char *text = out.failed ? NULL : arena_text(arena, buf_str(&out));
    buf_free(&out);
    return text;
}

static const char *shortened(struct arena *arena, const char *text)
{
    return strlen(text) <= 120
               ? text
               : arena_printf(arena, "%.*s…", (int)utf8_head(str_from(text), 110).len,
                              text);
}

static const char *changed_sentence(struct arena *arena, const struct map_change *change)
{
    const char *thing = thing_text(change->thing);
    const char *field = field_text_of(change->field);
    const char *before = shortened(arena, change->before);
    const char *after = shortened(arena, change->after);
    if (before == NULL || after == NULL)
        return NULL;
    if (before[0] == 0)
        return arena_printf(arena, _("%s “%s”: %s is now said: “%s”."), thing,
                            change->title, field, after);
    if (after[0] == 0)
        return arena_printf(arena, _("%s “%s”: %s is no longer said; it was “%s”."),
                            thing, change->title, field, before);
    return arena_printf(arena, _("%s “%s”: %s was “%s” and is now “%s”."), thing,
                        change->title, field, before, after);
}

static const char *sentence_of(struct arena *arena, const struct map_change *change)
{
    const char *thing = thing_text(change->thing);
    switch (change->kind) {
    case CHANGE_ADDED:
        return arena_printf(arena, _("%s “%s”: added %s."), thing, change->title,
                            change->after);
    case CHANGE_REMOVED:
        return arena_printf(arena, _("%s “%s”: removed; it stood %s."), thing,
                            change->title, change->before);
    case CHANGE_MOVED:
        return arena_printf(arena, _("%s “%s”: moved; it stood %s and is now %s."), thing,
                            change->title, change->before, change->after);
    case CHANGE_CHANGED:
        return changed_sentence(arena, change);
    }
    return NULL;
}

enum vg_code diff_add(struct differing *differing, struct map_change change)
{
    struct map_change *items =
        arena_grow(differing->arena, differing->items, differing->count,
                   &differing->capacity, sizeof(*differing->items));
    change.sentence = sentence_of(differing->arena, &change);
    if (items == NULL || change.sentence == NULL)
        return err_memory(differing->err);
    differing->items = items;
    items[differing->count++] = change;
    return VG_OK;
}

/* ---- fields --------------------------------------------------------------------------
 */

static bool is_skipped(const char *key, const char *const *skip)
{
    if (strcmp(key, "id") == 0 || strcmp(key, "format") == 0)
        return true;
    for (size_t i = 0; skip[i]; i++)
        if (strcmp(skip[i], key) == 0)
            return true;
    return false;
}

/* Numbers by value, null as not there. Not said is the same as false; of what is true
 * until it is said otherwise, as true. */
static bool same_value(const char *field, const json_t *a, const json_t *b)
{
    if (strcmp(field, "required") == 0)
        return json_is_false(a) == json_is_false(b);
    if (json_is_number(a) && json_is_number(b))
        return json_number_value(a) == json_number_value(b);
    if (json_is_false(a) && b == NULL)
        return true;
    if (json_is_false(b) && a == NULL)
        return true;
    return a == b || json_equal(a, b);
}

/* What an id stands for, in its map: a pain's text, a step's title, a persona's name. */
static const char *meaning(const struct vg_map *map, const char *id)
{
    for (size_t i = 0; i < map->persona_count; i++)
        if (strcmp(map->personas[i].id, id) == 0)
            return map->personas[i].name;
    for (size_t i = 0; i < map->step_count; i++) {
        const struct map_step *step = &map->steps[i];
        if (strcmp(step->id, id) == 0)
            return step->title;
        for (size_t j = 0; j < step->pain_count; j++)
            if (strcmp(step->pains[j].id, id) == 0)
                return step->pains[j].text;
    }
    return id;
}

/* Lists that refer to other things are compared by what they mean: the same pain may have
 * another id in a map that was read from a table. The caller owns the result. */
static json_t *with_meaning(const struct vg_map *map, const json_t *list)
{
    json_t *copy = json_array(), *item;
    size_t index;
    json_array_foreach((json_t *)list, index, item)
    {
        const char *id =
            json_string_value(json_is_object(item) ? field_get(item, "persona") : item);
        json_t *named = json_string(id ? meaning(map, id) : "");
        if (json_is_object(item)) {
            json_t *whole = json_copy(item);
            (void)json_object_set_new(whole, "persona", named);
            named = whole;
        }
        (void)json_array_append_new(copy, named);
    }
    return copy;
}

static bool is_reference(const struct map_change *what, const char *key)
{
    return strcmp(key, "feelings") == 0 ||
           (strcmp(what->thing, "action") == 0 &&
            (strcmp(key, "pains") == 0 || strcmp(key, "steps") == 0));
}

static enum vg_code compare_field(struct differing *differing,
                                  const struct map_change *what, const char *field,
                                  const json_t *before, const json_t *after)
{
    struct map_change change = *what;
    if (field && same_value(field, before, after))
        return VG_OK;
    change.kind = CHANGE_CHANGED;
    change.field = field;
    change.before = value_text(differing->arena, before);
    change.after = value_text(differing->arena, after);
    if (field == NULL || change.before == NULL || change.after == NULL)
        return err_memory(differing->err);
    if (change.before[0] == 0 && change.after[0] == 0)
        return VG_OK;
    return diff_add(differing, change);
}

static enum vg_code compare_references(struct differing *differing,
                                       const struct map_change *what, const char *key,
                                       const json_t *before, const json_t *after)
{
    json_t *was = with_meaning(differing->before, before);
    json_t *is = with_meaning(differing->after, after);
    enum vg_code code = was && is ? VG_OK : err_memory(differing->err);
    if (code == VG_OK)
        code = compare_field(differing, what, key, was, is);
    json_decref(was);
    json_decref(is);
    return code;
}

/* One level of objects is gone into: "feeling.valence". */
static enum vg_code compare_key(struct differing *differing,
                                const struct map_change *what, const char *key,
                                const json_t *before, const json_t *after)
{
    static const char *const inner[] = {"feeling", "scope", "objective", "path"};
    bool deep = false;
    const char *sub;
    json_t *value;
    if (is_reference(what, key))
        return compare_references(
            differing, what, arena_text(differing->arena, str_from(key)), before, after);
    for (size_t i = 0; i < COUNT_OF(inner); i++)
        deep = deep || strcmp(inner[i], key) == 0;
    if (!deep || (before && !json_is_object(before)) || (after && !json_is_object(after)))
        return compare_field(differing, what, arena_text(differing->arena, str_from(key)),
                             before, after);
    json_object_foreach((json_t *)after, sub, value)
    {
        if (strcmp(sub, "metrics") != 0)
            TRY(compare_field(
                differing, what, arena_printf(differing->arena, "%s.%s", key, sub),
                field_get(before, sub), json_is_null(value) ? NULL : value));
    }
    json_object_foreach((json_t *)before, sub, value)
    {
        if (strcmp(sub, "metrics") != 0 && json_object_get(after, sub) == NULL)
            TRY(compare_field(differing, what,
                              arena_printf(differing->arena, "%s.%s", key, sub),
                              json_is_null(value) ? NULL : value, NULL));
    }
    return VG_OK;
}

enum vg_code diff_fields(struct differing *differing, const struct map_change *what,
                         const json_t *before, const json_t *after,
                         const char *const *skip)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)after, key, value)
    {
        if (!is_skipped(key, skip))
            TRY(compare_key(differing, what, key, field_get(before, key),
                            json_is_null(value) ? NULL : value));
    }
    json_object_foreach((json_t *)before, key, value)
    {
        if (!is_skipped(key, skip) && json_object_get(after, key) == NULL)
            TRY(compare_key(differing, what, key, json_is_null(value) ? NULL : value,
                            NULL));
    }
    return VG_OK;
}

/* ---- JSON ----------------------------------------------------------------------------
 */

enum vg_code map_diff_json(const struct map_diff *diff, json_t **ret, struct vg_err *err)
{
    static const char *const kinds[] = {"added", "removed", "moved", "changed"};
    size_t counts[COUNT_OF(kinds)] = {0};
    json_t *changes = json_array();
    for (size_t i = 0; i < diff->count; i++) {
        const struct map_change *change = &diff->items[i];
        counts[change->kind]++;
        json_t *item = json_pack(
            "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "kind", kinds[change->kind],
            "thing", change->thing, "id", change->id, "title", change->title, "inside",
            change->inside, "field", change->field, "before", change->before, "after",
            change->after, "sentence", change->sentence);
        if (json_array_append_new(changes, item) != 0) {
            json_decref(changes);
            return err_memory(err);
        }
    }
    json_t *json =
        json_pack("{s:I, s:I, s:I, s:I, s:o}", kinds[0], (json_int_t)counts[0], kinds[1],
                  (json_int_t)counts[1], kinds[2], (json_int_t)counts[2], kinds[3],
                  (json_int_t)counts[3], "changes", changes);
    if (json == NULL)
        return err_memory(err);
    *ret = json;
    return VG_OK;
}
