/* Results: what is watched, what was achieved, what it would take. */
#include "app/improve.h"
#include "app/values.h"
#include "serve/handlers.h"
#include "store/evidence.h"
#include "store/maps.h"

#include <math.h>

/* A map, and the logs of its questions. */
struct asking {
    struct vg_map *map;
    struct improve_logs *logs;
    struct results_question question;
    int64_t head, version;
};

static void close_asking(struct asking *asking)
{
    improve_close(asking->logs);
    map_close(asking->map);
}

/* `id` NULL: no map. */
static enum vg_code open_asking(struct call *call, const char *id, struct asking *asking,
                                struct vg_err *err)
{
    const char *text = call_filter_text(call);
    struct pair *pairs = NULL;
    size_t count = 0;
    enum vg_code code = text ? VG_OK : err_memory(err);
    if (code == VG_OK)
        code = question_split(call->arena, text, &pairs, &count, err);
    if (code == VG_OK && id)
        code = maps_read(call->store, id, -1, &asking->map, &asking->head, err);
    if (code == VG_OK)
        code = store_evidence_version(call->store, &asking->version, err);
    if (code == VG_OK)
        code = improve_of_cache(call_cache(call), call->store, asking->map, pairs, count,
                                &asking->logs, err);
    if (code == VG_OK) {
        asking->question =
            (struct results_question){improve_source(asking->logs), asking->map};
        call_etag(call, "%lld.%lld.%s", (long long)asking->head,
                  (long long)asking->version, lang_code(call->lang));
    }
    return code;
}

enum vg_code api_map_kpis(struct call *call, struct vg_err *err)
{
    struct asking asking = {0};
    json_t *items = json_array();
    enum vg_code code = items ? VG_OK : err_memory(err);
    if (code == VG_OK)
        code = open_asking(call, call_param(call, "id"), &asking, err);
    size_t count = code == VG_OK && !call_has_it(call) ? asking.map->kpi_count : 0;
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        struct kpi_result result;
        code = call_go_on(call, err);
        if (code == VG_OK)
            code = results_kpi(call->arena, &asking.question, &asking.map->kpis[i],
                               &result, err);
        if (code == VG_OK && json_array_append_new(items, kpi_result_to_json(&result)))
            code = err_memory(err);
    }
    close_asking(&asking);
    if (code == VG_OK)
        return call_items(call, items, NULL, err);
    json_decref(items);
    return code;
}

enum vg_code api_map_effects(struct call *call, struct vg_err *err)
{
    struct asking asking = {0};
    struct results results = {0};
    json_t *items = json_array();
    enum vg_code code = items ? VG_OK : err_memory(err);
    if (code == VG_OK)
        code = open_asking(call, call_param(call, "id"), &asking, err);
    if (code == VG_OK && !call_has_it(call))
        code = results_find(call->arena, &asking.question, false, &results, err);
    for (size_t i = 0; code == VG_OK && i < results.effect_count; i++)
        if (json_array_append_new(items, effect_result_to_json(&results.effects[i])))
            code = err_memory(err);
    close_asking(&asking);
    if (code == VG_OK)
        return call_items(call, items, NULL, err);
    json_decref(items);
    return code;
}

enum vg_code api_map_enough(struct call *call, struct vg_err *err)
{
    struct asking asking = {0};
    struct map_kpi kpi;
    struct enough_result result;
    json_t *json = NULL;
    struct improve_words words = {.id = call_text(call, "kpi"), .quantile = NAN};
    double change = call_number(call, "change", 0);
    enum vg_code code = open_asking(call, call_param(call, "id"), &asking, err);
    if (code == VG_OK)
        code = improve_kpi(call->arena, asking.map, &words, &kpi, err);
    if (code == VG_OK)
        code = results_enough(call->arena, &asking.question, &kpi, change, &result, err);
    if (code == VG_OK)
        json = enough_result_to_json(&result);
    close_asking(&asking);
    return code == VG_OK ? call_json(call, json, err) : code;
}

static enum vg_code read_effect(struct call *call, const struct asking *asking,
                                struct map_kpi *kpi, struct effect_asked *ret,
                                struct vg_err *err)
{
    const char *window = call_text(call, "window"), *changed = call_text(call, "changed");
    struct improve_words words = {.id = call_text(call, "kpi"),
                                  .kind = call_text(call, "kind"),
                                  .from = call_text(call, "from"),
                                  .to = call_text(call, "to"),
                                  .direction = call_text(call, "better"),
                                  .quantile = call_number(call, "quantile", NAN)};
    if (window && window[0] &&
        (!duration_read(window, &words.window_s) || !(words.window_s > 0)))
        return err_set(err, VG_ERR_USAGE, "window", "%s",
                       _("give a number with its unit: 90s, 15m, 4h, 30d, 2w"));
    *ret = (struct effect_asked){.kpi = kpi, .expected_change = NAN};
    if (!instant_read(changed, false, &ret->since_us))
        return err_set(err, VG_ERR_USAGE, "changed", "%s",
                       _("write it as 2025, 2025-10, 2025-10-31 or 31/10/2025"));
    return improve_kpi(call->arena, asking->map, &words, kpi, err);
}

enum vg_code api_effect(struct call *call, struct vg_err *err)
{
    struct asking asking = {0};
    struct effect_asked asked;
    struct map_kpi kpi;
    struct effect_result result;
    json_t *json = NULL;
    const char *filter = call_text(call, "group");
    struct map_group group = {"", filter ? filter : "", ""};
    enum vg_code code = open_asking(call, call_text(call, "map"), &asking, err);
    if (code == VG_OK)
        code = read_effect(call, &asking, &kpi, &asked, err);
    asked.group = filter ? &group : NULL;
    if (code == VG_OK)
        code = results_effect(call->arena, &asking.question, &asked, &result, err);
    if (code == VG_OK)
        json = effect_result_to_json(&result);
    close_asking(&asking);
    return code == VG_OK ? call_json(call, json, err) : code;
}

/* ---- what if ---- */

/* "offer:0.2"; an id may hold colons, the last one counts. */
static enum vg_code read_change(struct call *call, const char *name, const char *text,
                                struct whatif_change *ret, struct vg_err *err)
{
    const char *colon = strrchr(text, ':');
    double less = -1;
    if (!colon || !str_to_double(str_from(colon + 1), false, &less) ||
        !(less >= 0 && less <= 1))
        return err_set(err, VG_ERR_USAGE, name, "%s",
                       _("write STEP:SHARE, the share from 0 to 1, as in offer:0.2"));
    ret->step = arena_text(call->arena, (str){text, (size_t)(colon - text)});
    *(name[0] == 'l' ? &ret->less_loss : &ret->less_wait) = less;
    return ret->step ? VG_OK : err_memory(err);
}

static enum vg_code read_changes(struct call *call, struct whatif_change **ret,
                                 size_t *ret_count, struct vg_err *err)
{
    const char *const *losses = NULL, *const *waits = NULL;
    size_t loss_count = call_texts(call, "loss", &losses);
    size_t wait_count = call_texts(call, "wait", &waits);
    enum vg_code code = VG_OK;
    *ret = arena_array(call->arena, struct whatif_change, loss_count + wait_count + 1);
    *ret_count = 0;
    if (!*ret)
        return err_memory(err);
    for (size_t i = 0; code == VG_OK && i < loss_count; i++)
        code = read_change(call, "loss", losses[i], &(*ret)[(*ret_count)++], err);
    for (size_t i = 0; code == VG_OK && i < wait_count; i++)
        code = read_change(call, "wait", waits[i], &(*ret)[(*ret_count)++], err);
    return code;
}

enum vg_code api_map_whatif(struct call *call, struct vg_err *err)
{
    struct question question;
    struct held *held = NULL;
    struct whatif_change *changes;
    struct whatif_answer answer;
    json_t *json = NULL;
    size_t count;
    struct whatif_options options = {.arrival = call_text(call, "arrival"),
                                     .value_each = call_number(call, "value", NAN)};
    enum vg_code code = read_changes(call, &changes, &count, err);
    if (code == VG_OK && options.value_each <= 0)
        code = err_set(err, VG_ERR_USAGE, "value", "%s",
                       _("what an arrival is worth is more than nothing"));
    if (code == VG_OK)
        code = api_question(call, &question, err);
    if (code == VG_OK)
        code = cache_whatif(call_cache(call), call->store, call_param(call, "id"),
                            &question, &options, &held, err);
    if (code == VG_OK) {
        call_etag(call, "%lld.%lld.%s", (long long)held_head(held),
                  (long long)held_version(held), lang_code(call->lang));
        code = whatif_ask(held_whatif(held), changes, count, &answer, err);
    }
    if (code == VG_OK)
        json = whatif_to_json(call->arena, held_whatif(held), held_map(held), changes,
                              count, &answer);
    held_release(held);
    return code == VG_OK ? call_json(call, json, err) : code;
}

/* ---- for pictures and pages ---- */

enum vg_code api_study_results(struct call *call, const char *id, bool kpis,
                               struct held **ret_held, struct study *ret,
                               struct vg_err *err)
{
    struct held *held = NULL;
    struct improve_logs *logs = NULL;
    struct pair *pairs = NULL;
    size_t count = 0;
    const char *text = call_filter_text(call);
    enum vg_code code = text ? api_study(call, id, &held, err) : err_memory(err);
    if (code == VG_OK)
        code = question_split(call->arena, text, &pairs, &count, err);
    if (code == VG_OK)
        *ret = *held_study(held);
    if (code == VG_OK && ret->log)
        code = improve_of_cache(call_cache(call), call->store, ret->map, pairs, count,
                                &logs, err);
    if (code == VG_OK && logs)
        code = improve_study(call->arena, logs, kpis, ret, err);
    improve_close(logs);
    if (code == VG_OK)
        *ret_held = held;
    else
        held_release(held);
    return code;
}

enum vg_code api_worth(struct call *call, const char *id, struct study *study,
                       struct held **ret_held, struct vg_err *err)
{
    struct question question;
    struct whatif_options options = {.value_each = NAN};
    if (!study->log || !study->map->step_count)
        return VG_OK;
    enum vg_code code = api_question(call, &question, err);
    if (code == VG_OK)
        code = cache_whatif(call_cache(call), call->store, id, &question, &options,
                            ret_held, err);
    if (code == VG_OK)
        study->whatif = held_whatif(*ret_held);
    return code;
}
