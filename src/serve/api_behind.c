/* The customers behind a number: of a map's study, a funnel, a waiting time, a passage;
 * and what they said. */
#include "app/customers.h"
#include "app/json.h"
#include "app/values.h"
#include "serve/handlers.h"
#include "store/maps.h"

#include <math.h>
#include <stdlib.h>

/* ---- behind the numbers of a map ---- */

static int step_number(const struct vg_map *map, const char *id)
{
    const struct map_step *step = id ? map_step_find(map, id) : NULL;
    return step ? (int)(step - map->steps) : -1;
}

enum source { OF_FUNNEL, OF_ALIGN, OF_VOICES };
struct kind_row {
    const char *name;
    enum source source;
    unsigned fates;
    enum drill_align_kind align;
};
static const struct kind_row kinds[] = {
    {"reached", OF_FUNNEL, 7, 0},
    {"moved-on", OF_FUNNEL, 1u << DRILL_MOVED_ON, 0},
    {"elsewhere", OF_FUNNEL, 1u << DRILL_ELSEWHERE, 0},
    {"lost", OF_FUNNEL, 1u << DRILL_LOST, 0},
    {"travelling", OF_FUNNEL, 1u << DRILL_TRAVELLING, 0},
    {"seen", OF_ALIGN, 0, DRILL_SEEN},
    {"skipped", OF_ALIGN, 0, DRILL_SKIPPED},
    {"repeated", OF_ALIGN, 0, DRILL_REPEATED},
    {"out-of-order", OF_ALIGN, 0, DRILL_OUT_OF_ORDER},
    {"shortcut", OF_ALIGN, 0, DRILL_SHORTCUT},
    {"jump", OF_ALIGN, 0, DRILL_JUMP},
    {"quoted", OF_VOICES, 0, 0},
};

static const struct kind_row *kind_named(const char *name)
{
    for (size_t i = 0; name && i < COUNT_OF(kinds); i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return &kinds[0];
}

/* Who gave a score at the step. */
static enum vg_code drill_quoted(struct call *call, const struct study *study, int step,
                                 struct drill_traces *ret, struct vg_err *err)
{
    struct drill_voices voices = {0};
    enum vg_code code =
        drill_voices(call->arena, study->log, study->map, step, &voices, err);
    struct drill_traces list = {arena_array(call->arena, uint32_t, voices.count + 1),
                                arena_array(call->arena, uint64_t, voices.count + 1), 0};
    if (code == VG_OK && (!list.trace || !list.row))
        code = err_memory(err);
    for (size_t i = 0; code == VG_OK && i < voices.count; i++) {
        const struct drill_voice *voice = &voices.items[i];
        if (!isfinite(voice->valence) ||
            (list.count && list.trace[list.count - 1] == voice->trace))
            continue;
        list.trace[list.count] = voice->trace;
        list.row[list.count++] = voice->row;
    }
    *ret = list;
    return code;
}

static enum vg_code drill_map(struct call *call, const struct study *study,
                              const struct kind_row *kind, struct drill_traces *ret,
                              struct vg_err *err)
{
    const char *step = call_text(call, "step"), *to = call_text(call, "to");
    struct steps steps;
    struct drill_align_question question = {.kind = kind->align,
                                            .step = step_number(study->map, step),
                                            .to = step_number(study->map, to),
                                            .activity = call_text(call, "via")};
    /* A shortcut or a jump may begin at the start: step "". */
    bool from_start =
        kind->source == OF_ALIGN && kind->align >= DRILL_SHORTCUT && (!step || !step[0]);
    if (question.step < 0 && !from_start)
        return err_set(err, VG_ERR_NOT_FOUND, "step", _("\"%s\" is no step of the map"),
                       step ? step : "");
    if (kind->source == OF_VOICES)
        return drill_quoted(call, study, question.step, ret, err);
    if (kind->source == OF_ALIGN)
        return drill_align(call->arena, study->log, study->map, &question, ret, err);
    enum vg_code code = steps_from_map(call->arena, study->log, study->map, &steps, err);
    if (code == VG_OK)
        code = drill_step(call->arena, study->log, &steps, &study->funnel_options,
                          &study->funnel, (size_t)question.step, kind->fates, ret, err);
    return code;
}

enum vg_code api_map_customers(struct call *call, struct vg_err *err)
{
    struct held *held = NULL;
    const char *kind = call_text(call, "kind");
    struct drill_traces list = {0};
    bool all = !kind && !call_text(call, "step");
    enum vg_code code = api_study(call, call_param(call, "id"), &held, err);
    if (code == VG_OK && held_study(held)->log && !all)
        code = drill_map(call, held_study(held), kind_named(kind), &list, err);
    if (code == VG_OK)
        return api_customers_answer(call, held, all ? NULL : &list, err);
    held_release(held);
    return code;
}

/* ---- what they said ---- */

static int worst_first(const void *left, const void *right)
{
    const struct drill_voice *a = left, *b = right;
    bool known_a = isfinite(a->valence), known_b = isfinite(b->valence);
    if (known_a != known_b)
        return known_a ? -1 : 1;
    if (known_a && a->valence != b->valence)
        return a->valence < b->valence ? -1 : 1;
    return a->row > b->row ? -1 : a->row < b->row; /* the later customer first */
}

static json_t *quote_json(struct call *call, const struct study *study,
                          const struct drill_voice *voice)
{
    const char *name = log_trace_text(study->log, call->arena, voice->trace);
    json_t *json = name ? event_to_json(study->log, name, (size_t)voice->row) : NULL;
    if (json &&
        (json_object_set_new(json, "valence", json_number_or_null(voice->valence)) != 0 ||
         json_object_set_new(json, "step",
                             json_text(study->map->steps[voice->step].id)) != 0)) {
        json_decref(json);
        return NULL;
    }
    return json;
}

static enum vg_code quotes_of(struct call *call, const struct study *study, int step,
                              json_t **ret, struct vg_err *err)
{
    struct drill_voices voices = {0};
    const char *after = call_after(call), *next = NULL;
    int64_t from = 0;
    size_t limit = call_limit(call), said = 0;
    json_t *items = json_array();
    enum vg_code code = items ? VG_OK : err_memory(err);
    if (code == VG_OK && after[0] && (!str_to_i64(str_from(after), &from) || from < 0))
        code = err_set(err, VG_ERR_USAGE, "after", "%s", _("this is no such page"));
    if (code == VG_OK && study->log)
        code = drill_voices(call->arena, study->log, study->map, step, &voices, err);
    for (size_t i = 0; code == VG_OK && i < voices.count; i++)
        if (voices.items[i].said) /* a number alone is no quote */
            voices.items[said++] = voices.items[i];
    if (said)
        qsort(voices.items, said, sizeof *voices.items, worst_first);
    for (size_t i = (size_t)from; code == VG_OK && i < said; i++) {
        if (json_array_size(items) == limit) {
            next = arena_printf(call->arena, "%zu", i);
            break;
        }
        if (json_array_append_new(items, quote_json(call, study, &voices.items[i])) != 0)
            code = err_memory(err);
    }
    if (code == VG_OK)
        *ret = json_pack("{s:o, s:o, s:o}", "items", items, "next", json_text(next),
                         "total", json_count(said));
    else
        json_decref(items);
    return code;
}

enum vg_code api_map_quotes(struct call *call, struct vg_err *err)
{
    struct held *held = NULL;
    json_t *json = NULL;
    const char *step = call_text(call, "step");
    enum vg_code code = api_study(call, call_param(call, "id"), &held, err);
    int number = code == VG_OK ? step_number(held_study(held)->map, step) : -1;
    if (code == VG_OK && step && step[0] && number < 0)
        code = err_set(err, VG_ERR_NOT_FOUND, "step", _("\"%s\" is no step of the map"),
                       step);
    if (code == VG_OK)
        code = quotes_of(call, held_study(held), number, &json, err);
    held_release(held);
    return code == VG_OK ? call_json(call, json, err) : code;
}

/* ---- behind a passage, a variant, an activity ---- */

static enum vg_code drill_any(struct call *call, const struct vg_log *log,
                              struct drill_traces *ret, struct vg_err *err)
{
    const char *from = call_text(call, "from"), *to = call_text(call, "to");
    const char *activity = call_text(call, "activity");
    size_t number = (size_t)call_count(call, "variant", 0);
    struct vg_variants variants;
    if (activity)
        return drill_activity(call->arena, log, activity, ret, err);
    if (!number && (from || to))
        return drill_flow(call->arena, log, from, to, ret, err);
    if (!number)
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("say which: from and to, variant (from 1), or activity"));
    enum vg_code code = variants_mine(call->arena, log, number, &variants, err);
    if (code == VG_OK && number > variants.variant_count)
        return err_set(err, VG_ERR_NOT_FOUND, "variant", "%s",
                       _("there are not so many variants"));
    return code == VG_OK
               ? drill_variant(call->arena, log, &variants.variants[number - 1], ret, err)
               : code;
}

enum vg_code api_insight_customers(struct call *call, struct vg_err *err)
{
    struct held *held = NULL;
    struct drill_traces list = {0};
    enum vg_code code = api_evidence(call, false, &held, err);
    if (code == VG_OK)
        code = drill_any(call, held_evidence(held)->log, &list, err);
    if (code == VG_OK)
        return api_customers_answer(call, held, &list, err);
    held_release(held);
    return code;
}

/* ---- behind a funnel, and behind waiting ---- */

typedef enum vg_code drill_log(struct call *call, const struct vg_log *log,
                               const struct vg_map *map, struct drill_traces *ret,
                               struct vg_err *err);

static enum vg_code behind(struct call *call, drill_log *drill, struct vg_err *err)
{
    struct held *held = NULL;
    struct vg_map *map = NULL;
    struct drill_traces list = {0};
    const char *id = call_text(call, "map");
    enum vg_code code = api_evidence(call, false, &held, err);
    if (code == VG_OK && id)
        code = maps_read(call->store, id, -1, &map, NULL, err);
    if (code == VG_OK)
        code = drill(call, held_evidence(held)->log, map, &list, err);
    map_close(map);
    if (code == VG_OK)
        return api_customers_answer(call, held, &list, err);
    held_release(held);
    return code;
}

static enum vg_code drill_funnel(struct call *call, const struct vg_log *log,
                                 const struct vg_map *map, struct drill_traces *ret,
                                 struct vg_err *err)
{
    struct funnel_question question = {.map = map,
                                       .options.strict = call_flag(call, "strict")};
    struct steps steps;
    struct vg_funnel funnel;
    const char *window = call_text(call, "window");
    uint64_t at = call_count(call, "at", 1);
    const struct kind_row *kind = kind_named(call_text(call, "kind"));
    question.name_count = call_texts(call, "step", &question.names);
    if (window && window[0] && !duration_read(window, &question.options.window_s))
        return err_set(err, VG_ERR_USAGE, "window", "%s",
                       _("give a number with its unit: 90s, 15m, 4h, 30d, 2w"));
    enum vg_code code = study_funnel_steps(call->arena, log, &question, &steps, err);
    if (code == VG_OK)
        code = funnel_mine(call->arena, log, &steps, &question.options, &funnel, err);
    if (code == VG_OK && (!at || at > funnel.step_count))
        return err_set(err, VG_ERR_NOT_FOUND, "at", "%s",
                       _("the funnel has no such step"));
    if (code == VG_OK)
        code = drill_step(call->arena, log, &steps, &question.options, &funnel,
                          (size_t)at - 1, kind->fates, ret, err);
    return code;
}

enum vg_code api_funnel_customers(struct call *call, struct vg_err *err)
{
    return behind(call, drill_funnel, err);
}

static enum vg_code drill_waiting(struct call *call, const struct vg_log *log,
                                  const struct vg_map *map, struct drill_traces *ret,
                                  struct vg_err *err)
{
    struct steps steps;
    size_t from, to;
    const char *kind = call_text(call, "kind");
    enum vg_code code =
        study_survival_steps(call->arena, log, map, call_text(call, "from"),
                             call_text(call, "to"), &steps, &from, &to, err);
    if (code == VG_OK)
        code = drill_survival(call->arena, log, &steps, from, to,
                              !kind || strcmp(kind, "arrived") == 0, ret, err);
    return code;
}

enum vg_code api_survival_customers(struct call *call, struct vg_err *err)
{
    return behind(call, drill_waiting, err);
}
