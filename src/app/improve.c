#include "app/improve.h"

#include "base/lang.h"
#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One log that was asked for. */
struct asked_log {
    const char *key;
    struct held *held;        /* of the cache; or */
    struct evidence evidence; /* a part of the shell's, its own log when `own` */
    bool own, part;
};
struct improve_logs {
    struct arena *arena;
    struct results_source source;
    const struct vg_map *map;
    struct store *store;
    /* the shell's */
    const struct evidence *evidence;
    /* the server's */
    struct app_cache *cache;
    const struct pair *pairs;
    size_t pair_count;
    const struct pair *about; /* whom the map is about, comparison groups apart */
    size_t about_count;
    struct asked_log *items;
    size_t count, capacity;
};

bool improve_wants_all(const struct vg_map *map)
{
    for (size_t i = 0; map && i < map->kpi_count; i++)
        if (map->kpis[i].journey[0])
            return true;
    for (size_t i = 0; map && i < map->action_count; i++)
        if (map->actions[i].group.filter[0] || map->actions[i].group.persona[0])
            return true;
    return false;
}

/* ---- which part is meant ---- */

/* The filter that a persona of the map carries, or NULL. */
static const char *persona_filter(const struct vg_map *map, const char *id)
{
    const json_t *personas = map ? json_object_get(map->json, "personas") : NULL;
    for (size_t i = 0; i < json_array_size(personas); i++) {
        const json_t *persona = json_array_get(personas, i);
        const char *its = json_string_value(json_object_get(persona, "id"));
        const char *filter = json_string_value(json_object_get(persona, "filter"));
        if (its && strcmp(its, id) == 0 && filter && filter[0])
            return filter;
    }
    return NULL;
}

struct pairs {
    struct pair *items;
    size_t count, capacity;
};

static enum vg_code add_pair(struct arena *arena, struct pairs *pairs, struct pair pair,
                             struct vg_err *err)
{
    if (pairs->count == pairs->capacity) {
        void *grown = arena_grow(arena, pairs->items, pairs->count, &pairs->capacity,
                                 sizeof *pairs->items);
        if (!grown)
            return err_memory(err);
        pairs->items = grown;
    }
    pairs->items[pairs->count++] = pair;
    return VG_OK;
}

static enum vg_code add_query(struct arena *arena, struct pairs *pairs, const char *query,
                              struct vg_err *err)
{
    struct pair *split = NULL;
    size_t count = 0;
    enum vg_code code = question_filter(arena, query, &split, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        code = add_pair(arena, pairs, split[i], err);
    return code;
}

static enum vg_code add_group(struct improve_logs *logs, const struct map_group *group,
                              struct pairs *pairs, struct vg_err *err)
{
    const char *filter =
        group->persona[0] ? persona_filter(logs->map, group->persona) : NULL;
    enum vg_code code = VG_OK;
    if (filter)
        code = add_query(logs->arena, pairs, filter, err);
    else if (group->persona[0] && logs->store)
        code =
            add_pair(logs->arena, pairs, (struct pair){"persona", group->persona}, err);
    else if (group->persona[0])
        return err_set(err, VG_ERR_NOT_FOUND, NULL,
                       _("the persona “%s” has no filter of its own"), group->persona);
    if (code == VG_OK && group->filter[0])
        code = add_query(logs->arena, pairs, group->filter, err);
    return code;
}

/* The question of a journey and a group, on top of what was asked anyway. */
static enum vg_code question_of(struct improve_logs *logs, const char *journey,
                                const struct map_group *group, struct question *ret,
                                struct vg_err *err)
{
    struct pairs pairs = {0};
    enum vg_code code = VG_OK;
    for (size_t i = 0; code == VG_OK && i < logs->pair_count; i++)
        if (!journey[0] || strcmp(logs->pairs[i].name, "journey") != 0)
            code = add_pair(logs->arena, &pairs, logs->pairs[i], err);
    if (code == VG_OK && journey[0])
        code = add_pair(logs->arena, &pairs, (struct pair){"journey", journey}, err);
    if (code == VG_OK && group)
        code = add_group(logs, group, &pairs, err);
    if (code == VG_OK)
        code =
            question_read(logs->store, logs->arena, pairs.items, pairs.count, ret, err);
    return code;
}

/* ---- its log ---- */

static enum vg_code open_log(struct improve_logs *logs, const struct question *question,
                             struct asked_log *ret, struct vg_err *err)
{
    if (logs->cache)
        return cache_evidence(logs->cache, logs->store, question, question->attributes,
                              &ret->held, err);
    bool same = false;
    enum vg_code code =
        evidence_part(logs->evidence, question->journey, question->pause_s,
                      &question->filter, &ret->evidence, &same, err);
    ret->part = code == VG_OK;
    ret->own = code == VG_OK && !same;
    return code;
}

static const struct evidence *evidence_of(const struct asked_log *asked)
{
    return asked->held ? held_evidence(asked->held) : &asked->evidence;
}

/* The log of a key that was asked for before, or room for it: *ret_there tells which; who
 * fills it counts it. */
static enum vg_code place_of(struct improve_logs *logs, const char *key,
                             struct asked_log **ret, bool *ret_there, struct vg_err *err)
{
    *ret_there = true;
    for (size_t i = 0; i < logs->count; i++)
        if (strcmp(logs->items[i].key, key) == 0) {
            *ret = &logs->items[i];
            return VG_OK;
        }
    void *grown = arena_grow(logs->arena, logs->items, logs->count, &logs->capacity,
                             sizeof *logs->items);
    if (!grown)
        return err_memory(err);
    logs->items = grown;
    *ret = &logs->items[logs->count];
    **ret = (struct asked_log){.key = key};
    *ret_there = false;
    return VG_OK;
}

static enum vg_code find_question(struct improve_logs *logs, const char *key,
                                  const struct question *question, struct evidence *ret,
                                  struct vg_err *err)
{
    struct asked_log *place = NULL;
    bool there = false;
    enum vg_code code = place_of(logs, key, &place, &there, err);
    if (code == VG_OK && !there)
        code = open_log(logs, question, place, err);
    if (code != VG_OK)
        return code;
    logs->count += !there;
    *ret = *evidence_of(place);
    return VG_OK;
}

/* All there is of those whom the map is about. */
static enum vg_code find_base(struct improve_logs *logs, bool attributes,
                              struct evidence *ret, struct vg_err *err)
{
    struct question base = {.filter = LOG_FILTER_ALL, .key = ""};
    enum vg_code code = VG_OK;
    if (logs->about_count)
        code = question_read(logs->store, logs->arena, logs->about, logs->about_count,
                             &base, err);
    base.attributes |= attributes;
    const char *key = arena_printf(
        logs->arena, "%s\n%s", base.attributes ? "whole with all" : "whole", base.key);
    if (code == VG_OK && !key)
        code = err_memory(err);
    return code == VG_OK ? find_question(logs, key, &base, ret, err) : code;
}

/* Their part of a question: who they are is told before journeys are. */
static enum vg_code find_about(struct improve_logs *logs, const struct question *question,
                               struct evidence *ret, struct vg_err *err)
{
    struct asked_log *place = NULL;
    struct evidence base, part = {0};
    bool there = false, same = false;
    const char *key = arena_printf(logs->arena, "about\n%s", question->key);
    enum vg_code code = key ? place_of(logs, key, &place, &there, err) : err_memory(err);
    if (code == VG_OK && !there) {
        code = find_base(logs, question->attributes, &base, err);
        if (code == VG_OK)
            code = evidence_part(&base, question->journey, question->pause_s,
                                 &question->filter, &part, &same, err);
        if (code != VG_OK)
            return code;
        code = place_of(logs, key, &place, &there, err); /* the list grew meanwhile */
        if (code != VG_OK) {
            part.log = same ? NULL : part.log;
            evidence_close(&part);
            return code;
        }
        *place = (struct asked_log){key, NULL, part, !same, true};
        logs->count++;
    }
    if (code == VG_OK)
        *ret = *evidence_of(place);
    return code;
}

/* ---- all but a group's customers ---- */

/* gone[code of a name in `log`]: the group has a journey of it; with an attribute, an
 * event of its journeys (by the attribute's value) is the customer's. */
static uint8_t *mark_group(struct arena *arena, const struct vg_log *log,
                           const struct log_attribute *journey,
                           const struct vg_log *group)
{
    const struct dict *names = journey ? &journey->values : &log->trace_names;
    uint8_t *has = arena_array(arena, uint8_t, names->count + 1);
    uint8_t *gone = arena_array(arena, uint8_t, log->trace_names.count + 1);
    for (size_t t = 0; has && gone && t < group->traces; t++) {
        uint32_t code =
            dict_find(names, dict_str(&group->trace_names, group->trace_name[t]));
        if (code != UINT32_MAX && group->first[t] < group->first[t + 1])
            has[code] = 1;
    }
    if (!journey || !has || !gone)
        return gone ? has : NULL;
    for (size_t t = 0; t < log->traces; t++)
        for (size_t row = log->first[t]; row < log->first[t + 1]; row++)
            if (journey->code[row] != LOG_NO_CODE32 && has[journey->code[row]])
                gone[log->trace_name[t]] = 1;
    return gone;
}

/* A log of its own with the others; an empty one when nobody is left. */
static enum vg_code keep_others(struct arena *arena, const struct vg_log *log,
                                const uint8_t *gone, struct vg_log **ret,
                                struct vg_err *err)
{
    struct log_filter filter = LOG_FILTER_ALL;
    const char **names = arena_array(arena, const char *, log->trace_names.count + 1);
    uint8_t *listed = arena_array(arena, uint8_t, log->trace_names.count + 1);
    if (!names || !listed)
        return err_memory(err);
    for (size_t t = 0; t < log->traces; t++) {
        uint32_t name = log->trace_name[t];
        if (!gone[name] && !listed[name]++)
            names[filter.customer_count++] = dict_text(&log->trace_names, name);
    }
    filter.customers = names;
    if (filter.customer_count)
        return log_filter(log, &filter, ret, err);
    *ret = log_new();
    return *ret ? VG_OK : err_memory(err);
}

static const struct log_attribute *attribute_of(const struct vg_log *log,
                                                const char *name)
{
    for (size_t i = 0; name[0] && i < log->attribute_count; i++)
        if (strcasecmp(log->attributes[i].name, name) == 0)
            return &log->attributes[i];
    return NULL;
}

/* What `question` asks, of those whom the group leaves. */
static enum vg_code open_part(const struct evidence *all, struct vg_log *others,
                              const struct question *question, struct evidence *ret,
                              struct vg_err *err)
{
    const struct evidence left = {.log = others, .report = all->report};
    struct evidence part = {.log = others};
    bool same = true;
    enum vg_code code = VG_OK;
    if (others->events)
        code = evidence_part(&left, question->journey, question->pause_s,
                             &question->filter, &part, &same, err);
    if (code != VG_OK || !same)
        log_close(others);
    if (code == VG_OK)
        *ret = part;
    return code;
}

/* Of the customers, not of the journeys: those of whom the group has any are left out
 * before journeys are told apart. */
static enum vg_code open_others(struct improve_logs *logs,
                                const struct question *question,
                                const struct question *of_group, struct evidence *ret,
                                struct vg_err *err)
{
    struct evidence all, group;
    struct vg_log *others = NULL;
    struct arena *passing = arena_open(0);
    const uint8_t *gone = NULL;
    const char *journey = question->journey ? question->journey : "";
    enum vg_code code = passing ? VG_OK : err_memory(err);
    if (code == VG_OK)
        code = find_question(logs, of_group->key, of_group, &group, err);
    if (code == VG_OK)
        code = find_base(logs, question->attributes || of_group->attributes, &all, err);
    if (code == VG_OK)
        gone = mark_group(passing, all.log, attribute_of(all.log, journey), group.log);
    if (code == VG_OK)
        code = gone ? keep_others(passing, all.log, gone, &others, err) : err_memory(err);
    arena_close(passing);
    return code == VG_OK ? open_part(&all, others, question, ret, err) : code;
}

static enum vg_code find_others(struct improve_logs *logs, const char *journey,
                                const struct question *of_group, struct evidence *ret,
                                struct vg_err *err)
{
    const char *key = arena_printf(logs->arena, "others\n%s", of_group->key);
    struct question question;
    struct asked_log *place = NULL;
    struct evidence others = {0};
    bool there = false;
    enum vg_code code = key ? place_of(logs, key, &place, &there, err) : err_memory(err);
    if (code == VG_OK && !there) {
        code = question_of(logs, journey, NULL, &question, err);
        if (code == VG_OK)
            code = open_others(logs, &question, of_group, &others, err);
        if (code == VG_OK) /* the list grew meanwhile */
            code = place_of(logs, key, &place, &there, err);
        if (code != VG_OK) {
            evidence_close(&others);
            return code;
        }
        place->evidence = others;
        place->part = place->own = true;
        logs->count++;
    }
    if (code == VG_OK)
        *ret = *evidence_of(place);
    return code;
}

static enum vg_code find_log(void *ctx, const char *journey,
                             const struct map_group *group, bool others,
                             const struct vg_log **ret, struct vg_err *err)
{
    struct improve_logs *logs = ctx;
    struct question question;
    struct evidence found;
    enum vg_code code = question_of(logs, journey, group, &question, err);
    if (code == VG_OK)
        code = others ? find_others(logs, journey, &question, &found, err)
               : logs->about_count && !group
                   ? find_about(logs, &question, &found, err)
                   : find_question(logs, question.key, &question, &found, err);
    if (code == VG_OK)
        *ret = found.log;
    return code;
}

static enum vg_code logs_open(struct improve_logs **ret, struct vg_err *err)
{
    struct arena *arena = arena_open(0);
    struct improve_logs *logs = arena ? arena_new(arena, struct improve_logs) : NULL;
    if (!logs) {
        arena_close(arena);
        return err_memory(err);
    }
    logs->arena = arena;
    logs->source = (struct results_source){find_log, logs};
    *ret = logs;
    return VG_OK;
}

enum vg_code improve_of_evidence(const struct evidence *evidence, struct store *store,
                                 const struct vg_map *map, struct improve_logs **ret,
                                 struct vg_err *err)
{
    enum vg_code code = logs_open(ret, err);
    if (code == VG_OK) {
        (*ret)->evidence = evidence;
        (*ret)->store = store;
        (*ret)->map = map;
    }
    return code;
}

/* The personas that are asked for are whom it is about. */
static enum vg_code part_pairs(struct improve_logs *logs, const struct pair *pairs,
                               size_t count, struct vg_err *err)
{
    struct pair *about = arena_array(logs->arena, struct pair, count + 1);
    struct pair *rest = arena_array(logs->arena, struct pair, count + 1);
    if (!about || !rest)
        return err_memory(err);
    for (size_t i = 0; i < count; i++)
        if (strcmp(pairs[i].name, "persona") == 0 && pairs[i].value[0])
            about[logs->about_count++] = pairs[i];
        else
            rest[logs->pair_count++] = pairs[i];
    logs->about = about;
    logs->pairs = rest;
    return VG_OK;
}

enum vg_code improve_of_cache(struct app_cache *cache, struct store *store,
                              const struct vg_map *map, const struct pair *pairs,
                              size_t pair_count, struct improve_logs **ret,
                              struct vg_err *err)
{
    enum vg_code code = logs_open(ret, err);
    if (code == VG_OK) {
        (*ret)->cache = cache;
        (*ret)->store = store;
        (*ret)->map = map;
        code = part_pairs(*ret, pairs, pair_count, err);
    }
    return code;
}

void improve_is_about(struct improve_logs *logs, const struct pair *pairs, size_t count)
{
    logs->about = pairs;
    logs->about_count = count;
}

void improve_close(struct improve_logs *logs)
{
    if (!logs)
        return;
    for (size_t i = 0; i < logs->count; i++) {
        struct asked_log *item = &logs->items[i];
        held_release(item->held);
        if (item->part && !item->own)
            item->evidence.log = NULL; /* the shell's own */
        if (item->part)
            evidence_close(&item->evidence);
    }
    arena_close(logs->arena);
}

const struct results_source *improve_source(const struct improve_logs *logs)
{
    return &logs->source;
}

enum vg_code improve_study(struct arena *arena, const struct improve_logs *logs,
                           bool kpis, struct study *study, struct vg_err *err)
{
    struct results_question question = {&logs->source, study->map};
    struct results *results = arena_new(arena, struct results);
    if (!study->map || !study->map->kpi_count)
        return VG_OK;
    if (!results)
        return err_memory(err);
    enum vg_code code = results_find(arena, &question, kpis, results, err);
    if (code == VG_OK)
        study->results = results;
    return code;
}

/* ---- a KPI by words ---- */

static bool same_name(struct arena *arena, const char *a, const char *b)
{
    str left = utf8_fold(arena, str_from(a)), right = utf8_fold(arena, str_from(b));
    return left.ptr && right.ptr && str_equal(left, right);
}

/* A step of the map by id or title, else an activity. */
static void take_end(struct arena *arena, const struct vg_map *map, const char *name,
                     const char **ret_step, const char **ret_activity)
{
    *ret_step = *ret_activity = "";
    for (size_t i = 0; name && map && i < map->step_count && !**ret_step; i++)
        if (strcmp(map->steps[i].id, name) == 0 ||
            same_name(arena, map->steps[i].title, name))
            *ret_step = map->steps[i].id;
    if (name && !**ret_step)
        *ret_activity = name;
}

static enum vg_code known_kpi(struct arena *arena, const struct vg_map *map,
                              const char *name, struct map_kpi *ret, struct vg_err *err)
{
    for (size_t i = 0; map && i < map->kpi_count; i++)
        if (strcmp(map->kpis[i].id, name) == 0 ||
            same_name(arena, map->kpis[i].name, name)) {
            *ret = map->kpis[i];
            return VG_OK;
        }
    err_set(err, VG_ERR_NOT_FOUND, "kpi", _("the map has no KPI \"%s\""), name);
    if (map && map->kpi_count)
        return err_hint(err, _("it has %s"), map->kpis[0].id), VG_ERR_NOT_FOUND;
    return VG_ERR_NOT_FOUND;
}

/* "Offerta inviata → Ordine confermato" */
static const char *made_name(struct arena *arena, const struct improve_words *words)
{
    if (words->name && words->name[0])
        return words->name;
    if (words->from && words->to)
        return arena_printf(arena, "%s → %s", words->from, words->to);
    return words->from ? words->from : _("all");
}

static enum vg_code new_kpi(struct arena *arena, const struct vg_map *map,
                            const struct improve_words *words, struct map_kpi *ret,
                            struct vg_err *err)
{
    enum kpi_kind kind = KPI_CONVERSION;
    struct map_kpi kpi = {.id = "",
                          .unit = "",
                          .owner = "",
                          .department = "",
                          .window_days = NAN,
                          .quantile = NAN,
                          .target = NAN,
                          .threshold = NAN,
                          .value_each = NAN};
    if (words->kind && (!kpi_kind_from_text(words->kind, &kind) || kind == KPI_TYPED))
        return err_set(err, VG_ERR_USAGE, "kind", _("there is no KPI of kind \"%s\""),
                       words->kind);
    kpi.kind = (enum map_kpi_kind)kind;
    kpi.name = made_name(arena, words);
    kpi.journey = words->journey ? words->journey : "";
    take_end(arena, map, words->from, &kpi.from, &kpi.from_activity);
    take_end(arena, map, words->to, &kpi.to, &kpi.to_activity);
    if (!words->from && kind != KPI_SCORE && kind != KPI_RATE)
        return err_set(err, VG_ERR_USAGE, "from", "%s", _("say where it begins"));
    if (!words->to && (kind == KPI_CONVERSION || kind == KPI_TIME))
        return err_set(err, VG_ERR_USAGE, "to", "%s", _("say where it ends"));
    *ret = kpi;
    return kpi.name ? VG_OK : err_memory(err);
}

enum vg_code improve_kpi(struct arena *arena, const struct vg_map *map,
                         const struct improve_words *words, struct map_kpi *ret,
                         struct vg_err *err)
{
    enum vg_code code = words->id && words->id[0]
                            ? known_kpi(arena, map, words->id, ret, err)
                            : new_kpi(arena, map, words, ret, err);
    if (code != VG_OK)
        return code;
    if (words->window_s > 0)
        ret->window_days = words->window_s / 86400;
    if (!isnan(words->quantile) && !(words->quantile >= 0.01 && words->quantile <= 0.99))
        return err_set(err, VG_ERR_USAGE, "quantile", "%s",
                       _("a quantile is a share from 1 to 99%"));
    if (!isnan(words->quantile))
        ret->quantile = words->quantile;
    if (words->direction)
        ret->down_is_good = strcmp(words->direction, "down") == 0;
    else if (!words->id && ret->kind == MAP_KPI_TIME)
        ret->down_is_good = true; /* sooner is better */
    if (words->every)
        ret->weekly = strcmp(words->every, "week") == 0;
    return VG_OK;
}

enum vg_code improve_action(struct arena *arena, const struct vg_map *map,
                            const char *name, const struct map_action **ret,
                            struct vg_err *err)
{
    for (size_t i = 0; map && i < map->action_count; i++)
        if (strcmp(map->actions[i].id, name) == 0 ||
            same_name(arena, map->actions[i].title, name)) {
            *ret = &map->actions[i];
            return VG_OK;
        }
    return err_set(err, VG_ERR_NOT_FOUND, "action", _("the map has no action \"%s\""),
                   name);
}
