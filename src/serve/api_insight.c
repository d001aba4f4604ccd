/* What the evidence says: of a map, or by itself. The shell's --json. */
#include "app/json.h"
#include "app/suggest.h"
#include "app/values.h"
#include "mine/json.h"
#include "serve/handlers.h"
#include "store/maps.h"

#include <math.h>

enum {
    VARIANTS_TOLD = 200,
    VARIANTS_USUAL = 10,
    VARIANTS_MOST = 1000,
    CURVE_POINTS = 400
};

enum vg_code api_map_study(struct call *call, struct vg_err *err)
{
    struct held *held = NULL;
    enum vg_code code = api_study(call, call_param(call, "id"), &held, err);
    if (code != VG_OK)
        return code;
    const char *key = call_filter_text(call);
    if (!key) {
        held_release(held);
        return err_memory(err);
    }
    call_etag(call, "%lld.%lld.%s.%lld", (long long)held_head(held),
              (long long)held_version(held), lang_code(call->lang),
              (long long)(held_study(held)->now_us / US_PER_DAY));
    if (!call_has_it(call)) {
        struct study told = *held_study(held);
        if (told.align.variant_count > VARIANTS_TOLD) /* the most frequent */
            told.align.variant_count = VARIANTS_TOLD;
        json_t *json = study_to_json(&told);
        if (json)
            json_object_set_new(json, "head", json_integer(held_head(held)));
        code = call_json(call, json, err);
    }
    held_release(held);
    return code;
}

/* ---- by itself ---- */

typedef enum vg_code ask_log(struct call *call, const struct vg_log *log, json_t **ret,
                             struct vg_err *err);

static enum vg_code with_log(struct call *call, ask_log *ask, struct vg_err *err)
{
    struct held *held = NULL;
    json_t *json = NULL;
    enum vg_code code = api_evidence(call, false, &held, err);
    if (code == VG_OK)
        code = ask(call, held_evidence(held)->log, &json, err);
    held_release(held);
    return code == VG_OK ? call_json(call, json, err) : code;
}

static enum vg_code ask_flow(struct call *call, const struct vg_log *log, json_t **ret,
                             struct vg_err *err)
{
    struct vg_flow flow;
    enum vg_code code = flow_mine(call->arena, log, &flow, err);
    *ret = code == VG_OK ? flow_to_json(&flow) : NULL;
    return code;
}

enum vg_code api_flow(struct call *call, struct vg_err *err)
{
    return with_log(call, ask_flow, err);
}

static enum vg_code ask_variants(struct call *call, const struct vg_log *log,
                                 json_t **ret, struct vg_err *err)
{
    struct vg_variants variants;
    size_t top = (size_t)call_count(call, "top", VARIANTS_USUAL);
    if (!top || top > VARIANTS_MOST)
        top = VARIANTS_MOST;
    enum vg_code code = variants_mine(call->arena, log, top, &variants, err);
    *ret = code == VG_OK ? variants_to_json(&variants) : NULL;
    return code;
}

enum vg_code api_variants(struct call *call, struct vg_err *err)
{
    return with_log(call, ask_variants, err);
}

/* The map that the query names, or NULL. */
static enum vg_code named_map(struct call *call, struct vg_map **ret, struct vg_err *err)
{
    const char *id = call_text(call, "map");
    *ret = NULL;
    return id ? maps_read(call->store, id, -1, ret, NULL, err) : VG_OK;
}

static enum vg_code ask_funnel(struct call *call, const struct vg_log *log, json_t **ret,
                               struct vg_err *err)
{
    struct funnel_question question = {.options.strict = call_flag(call, "strict")};
    struct vg_map *map = NULL;
    struct vg_funnel funnel;
    const char *window = call_text(call, "window");
    question.name_count = call_texts(call, "step", &question.names);
    if (window && window[0] && !duration_read(window, &question.options.window_s))
        return err_set(err, VG_ERR_USAGE, "window", "%s",
                       _("give a number with its unit: 90s, 15m, 4h, 30d, 2w"));
    enum vg_code code = named_map(call, &map, err);
    question.map = map;
    if (code == VG_OK)
        code = study_funnel(call->arena, log, &question, &funnel, err);
    *ret = code == VG_OK ? funnel_to_json(&funnel) : NULL;
    map_close(map);
    return code;
}

enum vg_code api_funnel(struct call *call, struct vg_err *err)
{
    return with_log(call, ask_funnel, err);
}

static enum vg_code ask_survival(struct call *call, const struct vg_log *log,
                                 json_t **ret, struct vg_err *err)
{
    struct vg_map *map = NULL;
    struct vg_survival survival;
    enum vg_code code = named_map(call, &map, err);
    if (code == VG_OK)
        code = study_survival(call->arena, log, map, call_text(call, "from"),
                              call_text(call, "to"), &survival, err);
    *ret = code == VG_OK ? survival_to_json(&survival, CURVE_POINTS) : NULL;
    map_close(map);
    return code;
}

enum vg_code api_survival(struct call *call, struct vg_err *err)
{
    return with_log(call, ask_survival, err);
}

static enum vg_code ask_emotions(struct call *call, const struct vg_log *log,
                                 json_t **ret, struct vg_err *err)
{
    struct vg_map *map = NULL;
    struct vg_emotions emotions;
    enum vg_code code = named_map(call, &map, err);
    if (code == VG_OK && !map)
        code = draft_mine(log, &map, err); /* the steps that the evidence itself shows */
    if (code == VG_OK)
        code = emotion_mine(call->arena, log, map, &emotions, err);
    *ret = code == VG_OK ? emotions_to_json(&emotions) : NULL;
    map_close(map);
    return code;
}

enum vg_code api_emotions(struct call *call, struct vg_err *err)
{
    return with_log(call, ask_emotions, err);
}

enum vg_code api_map_suggestions(struct call *call, struct vg_err *err)
{
    struct held *held = NULL;
    struct vg_map *map = NULL;
    json_t *items = NULL;
    enum vg_code code = api_evidence(call, false, &held, err);
    if (code == VG_OK)
        code = maps_read(call->store, call_param(call, "id"), -1, &map, NULL, err);
    if (code == VG_OK)
        code = suggest_matches(call->arena, held_evidence(held)->log, map, &items, err);
    map_close(map);
    held_release(held);
    return code == VG_OK ? call_items(call, items, NULL, err) : code;
}
