#include "mine/json.h"
#include "mine/json_parts.h"

static json_t *step_json(const struct vg_funnel_step *step)
{
    return json_pack(
        "{s:s, s:s, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
        "s:s}",
        "activity", step->activity, "id", step->id, "optional", step->optional, "unseen",
        step->unseen, "reached", json_count(step->reached), "moved_on",
        json_count(step->moved_on), "lost", json_count(step->lost), "travelling",
        json_count(step->travelling), "elsewhere", json_count(step->elsewhere),
        "lost_share", json_number_or_null(step->lost_share), "lost_low",
        json_number_or_null(step->lost_low), "lost_high",
        json_number_or_null(step->lost_high), "median_s",
        json_number_or_null(step->median_s), "p95_s", json_number_or_null(step->p95_s),
        "patience_s", json_number_or_null(step->patience_s), "patience_basis",
        step->patience_basis);
}

json_t *funnel_to_json(const struct vg_funnel *funnel)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < funnel->step_count; i++)
        if (!json_add(array, step_json(&funnel->steps[i]))) {
            json_decref(array);
            return NULL;
        }
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o}", "traces", json_count(funnel->trace_count), "arrived",
        json_count(funnel->arrived), "ended", json_count(funnel->ended), "seen_until_us",
        json_integer(funnel->seen_until_us), "steps", array);
}
