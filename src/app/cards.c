/* Declared in app/cards.h. */
#include "app/cards.h"

#include "app/actions.h"
#include "app/json.h"
#include "base/date.h"
#include "base/lang.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FRESH_DAYS = 90, STALE_DAYS = 180, GREETINGS = 3, ACTIONS_DUE = 8 };
#define PATIENCE_US (2 * US_PER_S)

/* ---- checks, and what people said to them ---- */

/* That of the very finding; one from before they said what they are about holds for all
 * of its rule and place. */
static json_t *dismissal_of(const struct vg_map *map, const struct map_finding *check)
{
    const json_t *list = json_object_get(map->json, "dismissed");
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *one = json_array_get(list, i);
        const char *rule = json_string_value(json_object_get(one, "rule"));
        const char *at = json_string_value(json_object_get(one, "at"));
        const char *about = json_string_value(json_object_get(one, "about"));
        if (rule && strcmp(rule, check->rule) == 0 &&
            strcmp(at ? at : "", check->where) == 0 &&
            (!about || strcmp(about, check->about) == 0))
            return one;
    }
    return NULL;
}

static json_t *or_null(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    return value ? json_incref(value) : json_null();
}

json_t *checks_with_dismissals(const struct vg_map *map,
                               const struct map_findings *checks, size_t *ret_open)
{
    json_t *list = checks_to_json(checks);
    *ret_open = 0;
    for (size_t i = 0; list && i < checks->count; i++) {
        json_t *check = json_array_get(list, i);
        const json_t *said = dismissal_of(map, &checks->items[i]);
        *ret_open += !said;
        json_object_set_new(
            check, "dismissed",
            said ? json_pack("{s:o, s:o, s:o, s:o}", "id", or_null(said, "id"), "because",
                             or_null(said, "because"), "who", or_null(said, "who"), "on",
                             or_null(said, "on"))
                 : json_null());
    }
    return list;
}

/* ---- one card ---- */

static json_t *curve_of(const struct vg_map *map)
{
    json_t *curve = json_array();
    for (size_t i = 0; curve && i < map->step_count; i++)
        json_array_append_new(curve, json_number_or_null(map->steps[i].feeling.valence));
    return curve;
}

static json_t *evidence_curve(const struct study *study)
{
    json_t *curve = json_array();
    for (size_t i = 0; curve && study && i < study->emotions.step_count; i++)
        json_array_append_new(curve, json_number_or_null(study->emotions.steps[i].mean));
    return curve;
}

static size_t steps_seen(const struct study *study)
{
    size_t seen = 0;
    for (size_t i = 0; study && i < study->align.step_count; i++)
        seen += study->align.steps[i].events > 0;
    return seen;
}

/* How old the latest evidence is. */
static json_t *freshness_of(const struct study *study)
{
    if (!study || !study->log || !steps_seen(study))
        return json_pack("{s:s, s:n}", "state", "never", "days");
    int64_t days = (study->now_us - study->log->last_us) / US_PER_DAY;
    days = days < 0 ? 0 : days;
    const char *state = days <= FRESH_DAYS   ? "fresh"
                        : days <= STALE_DAYS ? "review"
                                             : "stale";
    return json_pack("{s:s, s:I}", "state", state, "days", (json_int_t)days);
}

static const char *kind_name(const struct finding *finding)
{
    static const char *const kinds[] = {"loss", "belief", "shortcut", "wait",
                                        "loop", "effect", "detour"};
    return kinds[finding->kind];
}

static json_t *headline_of(const struct study *study, const char **ret_kind)
{
    *ret_kind = "";
    if (study && study->findings.count && steps_seen(study)) {
        *ret_kind = kind_name(&study->findings.items[0]);
        return json_text(study->findings.items[0].headline);
    }
    if (study && study->checks.count) {
        *ret_kind = "check";
        return json_text(study->checks.items[0].sentence);
    }
    return json_text("");
}

json_t *card_of(const struct vg_map *map, int64_t head, int64_t updated_us,
                const struct study *study)
{
    const struct map_persona *persona = map->persona_count ? &map->personas[0] : NULL;
    const char *kind = "";
    size_t open = 0;
    if (study)
        json_decref(checks_with_dismissals(map, &study->checks, &open));
    json_t *headline = headline_of(study, &kind);
    return json_pack(
        "{s:o, s:o, s:s, s:s, s:b, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
        "s:s, s:b, s:b, s:b}",
        "id", json_text(map->id), "title", json_text(map->title), "state",
        map->state == MAP_TO_BE ? "to-be" : "as-is", "kind",
        map->kind == MAP_SUCCESS_PATH ? "success-path" : "journey", "draft", map->draft,
        "persona",
        persona ? json_pack("{s:o, s:o, s:o}", "id", json_text(persona->id), "name",
                            json_text(persona->name), "role", json_text(persona->role))
                : json_null(),
        "head", (json_int_t)head, "updated", json_time(updated_us), "curve",
        curve_of(map), "evidence_curve", evidence_curve(study), "steps",
        json_count(map->step_count), "steps_with_evidence", json_count(steps_seen(study)),
        "freshness", freshness_of(study), "checks", json_count(open), "headline",
        headline, "headline_kind", kind, "deleted", 0, "pending", study == NULL,
        "own_customers", persona && persona->filter[0]);
}

/* ---- all of them ---- */

struct gathering {
    struct app_cache *cache;
    struct store *store;
    struct arena *arena;
    int64_t until_us;
    json_t *cards, *findings, *actions;
    struct question all;
};

static enum vg_code add_findings(struct gathering *gathering, const struct study *study,
                                 struct vg_err *err)
{
    if (!steps_seen(study)) /* not matched with the evidence yet: all would be news */
        return VG_OK;
    for (size_t i = 0; i < study->findings.count && i < GREETINGS; i++) {
        const struct finding *f = &study->findings.items[i];
        json_t *one = json_pack(
            "{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "kind", kind_name(f),
            "kicker", json_text(finding_kicker(f)), "headline", json_text(f->headline),
            "detail", json_text(f->detail), "advice", json_text(f->advice), "map",
            json_text(study->map->id), "map_title", json_text(study->map->title), "step",
            json_text(f->step), "weight", json_number_or_null(f->weight));
        if (json_array_append_new(gathering->findings, one) != 0)
            return err_memory(err);
    }
    return VG_OK;
}

/* The map held against those whom it is about; *ret NULL: not yet, or *ret_never: its
 * persona's filter cannot be asked of this evidence. */
static enum vg_code find_study(struct gathering *gathering, const struct vg_map *map,
                               struct held **ret, bool *ret_never, struct vg_err *err)
{
    struct pair *about = NULL;
    size_t count = 0;
    struct question question = gathering->all;
    struct vg_err why = {0};
    enum vg_code code = question_of_map(gathering->arena, map, &about, &count, &why);
    if (code == VG_OK && count)
        code = question_read(gathering->store, gathering->arena, about, count, &question,
                             &why);
    if (code == VG_OK && count)
        question.whole = &gathering->all;
    bool now = code == VG_OK &&
               (date_now_us() < gathering->until_us ||
                cache_has_study(gathering->cache, gathering->store, map->id, &question));
    if (now)
        code = cache_study(gathering->cache, gathering->store, map->id, &question, ret,
                           &why);
    *ret_never = code == VG_ERR_NOT_FOUND || code == VG_ERR_USAGE || code == VG_ERR_INPUT;
    if (code != VG_OK && !*ret_never && err)
        *err = why;
    return *ret_never ? VG_OK : code;
}

static enum vg_code add_card(struct gathering *gathering, const struct stored_map *stored,
                             struct vg_err *err)
{
    struct held *held = NULL;
    struct vg_map *map = NULL;
    bool never = false;
    enum vg_code code = maps_read(gathering->store, stored->id, -1, &map, NULL, err);
    if (code == VG_ERR_NOT_FOUND) /* deleted since the list was made */
        return VG_OK;
    if (code == VG_OK)
        code = find_study(gathering, map, &held, &never, err);
    if (code != VG_OK) {
        map_close(map);
        return code;
    }
    const struct study *study = held ? held_study(held) : NULL;
    json_t *card =
        card_of(study ? study->map : map, stored->head, stored->updated_us, study);
    if (card && never)
        json_object_set_new(card, "pending", json_false());
    if (!card || json_array_append_new(gathering->cards, card) != 0)
        code = err_memory(err);
    if (code == VG_OK && study && gathering->findings)
        code = add_findings(gathering, study, err);
    if (code == VG_OK && gathering->actions)
        code = actions_add(gathering->actions, study ? study->map : map, date_today_us(),
                           err);
    held_release(held);
    map_close(map);
    return code;
}

static enum vg_code gather(struct gathering *gathering, struct vg_err *err)
{
    struct stored_map *list = NULL;
    size_t count = 0;
    gathering->until_us = date_now_us() + PATIENCE_US;
    gathering->cards = json_array();
    gathering->all = (struct question){.filter = LOG_FILTER_ALL, .key = ""};
    enum vg_code code = maps_list(gathering->store, gathering->arena, &list, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        code = add_card(gathering, &list[i], err);
    return code == VG_OK && !gathering->cards ? err_memory(err) : code;
}

enum vg_code cards_list(struct app_cache *cache, struct store *store, struct arena *arena,
                        json_t **ret, struct vg_err *err)
{
    struct gathering gathering = {.cache = cache, .store = store, .arena = arena};
    enum vg_code code = gather(&gathering, err);
    if (code == VG_OK)
        *ret = gathering.cards;
    else
        json_decref(gathering.cards);
    return code;
}

/* ---- home ---- */

static double weight_of(const json_t *finding)
{
    return json_number_value(json_object_get(finding, "weight"));
}

/* The weightiest first, at most `most`. */
static json_t *weightiest(const json_t *findings, size_t most)
{
    json_t *left = json_copy((json_t *)(uintptr_t)findings), *list = json_array();
    while (left && list && json_array_size(left) && json_array_size(list) < most) {
        size_t best = 0;
        for (size_t i = 1; i < json_array_size(left); i++)
            if (weight_of(json_array_get(left, i)) >
                weight_of(json_array_get(left, best)))
                best = i;
        json_array_append(list, json_array_get(left, best));
        json_array_remove(left, best);
    }
    json_decref(left);
    return list;
}

enum vg_code home_make(struct app_cache *cache, struct store *store, struct arena *arena,
                       json_t **ret, struct vg_err *err)
{
    struct gathering gathering = {.cache = cache,
                                  .store = store,
                                  .arena = arena,
                                  .findings = json_array(),
                                  .actions = json_array()};
    json_t *sources = NULL, *home = NULL;
    enum vg_code code = gathering.findings && gathering.actions ? gather(&gathering, err)
                                                                : err_memory(err);
    if (code == VG_OK)
        code = sources_json(store, arena, &sources, err);
    if (code == VG_OK) {
        home = json_pack("{s:o, s:O, s:o, s:O}", "greeting_findings",
                         weightiest(gathering.findings, GREETINGS), "maps",
                         gathering.cards, "actions_due",
                         actions_due(gathering.actions, ACTIONS_DUE), "sources", sources);
        code = home ? VG_OK : err_memory(err);
    }
    json_decref(sources);
    json_decref(gathering.cards);
    json_decref(gathering.findings);
    json_decref(gathering.actions);
    if (code == VG_OK)
        *ret = home;
    return code;
}
