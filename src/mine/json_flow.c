#include "mine/json.h"
#include "mine/json_parts.h"

static json_t *counts_json(const struct vg_activity_count *counts, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < count; i++)
        if (!json_add(array, json_pack("{s:s, s:o}", "activity", counts[i].activity,
                                       "count", json_count(counts[i].count)))) {
            json_decref(array);
            return NULL;
        }
    return array;
}

static json_t *edges_json(const struct vg_flow *flow)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < flow->edge_count; i++) {
        const struct vg_edge *edge = &flow->edges[i];
        json_t *item = json_pack(
            "{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "from", edge->from, "to",
            edge->to, "count", json_count(edge->count), "mean_s",
            json_number_or_null(edge->mean_s), "median_s",
            json_number_or_null(edge->median_s), "p95_s",
            json_number_or_null(edge->p95_s), "min_s", json_number_or_null(edge->min_s),
            "max_s", json_number_or_null(edge->max_s));
        if (!json_add(array, item)) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

json_t *flow_to_json(const struct vg_flow *flow)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:{s:o, s:o, s:o, s:o, s:o}, s:{s:o, s:o}}",
        "events", json_count(flow->event_count), "traces", json_count(flow->trace_count),
        "activities", counts_json(flow->activities, flow->activity_count), "starts",
        counts_json(flow->starts, flow->start_count), "ends",
        counts_json(flow->ends, flow->end_count), "edges", edges_json(flow), "duration",
        "mean_s", json_number_or_null(flow->duration_mean_s), "median_s",
        json_number_or_null(flow->duration_median_s), "p95_s",
        json_number_or_null(flow->duration_p95_s), "min_s",
        json_number_or_null(flow->duration_min_s), "max_s",
        json_number_or_null(flow->duration_max_s), "events_per_trace", "mean",
        json_number_or_null(flow->events_per_trace_mean), "max",
        json_count(flow->events_per_trace_max));
}
