/* Results as JSON. */
#include "base/date.h"
#include "improve/results.h"

#include <math.h>

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *text(const char *value)
{
    return value ? json_string(value) : json_null();
}

static json_t *moment(int64_t at_us)
{
    if (at_us == INT64_MIN || at_us == INT64_MAX)
        return json_null();
    struct date date = date_from_us(at_us);
    return json_sprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", date.year, date.month, date.day,
                        date.hour, date.minute, date.second);
}

static json_t *signal_names(unsigned signals)
{
    static const struct {
        unsigned signal;
        const char *name;
    } names[] = {
        {SIGNAL_BEYOND, "beyond"}, {SIGNAL_NEAR, "near-limit"}, {SIGNAL_RUN, "run"}};
    json_t *list = json_array();
    for (size_t i = 0; list && i < COUNT_OF(names); i++)
        if (signals & names[i].signal)
            json_array_append_new(list, json_string(names[i].name));
    return list;
}

static json_t *point_to_json(const struct kpi_point *point, unsigned signals)
{
    return json_pack("{s:o, s:o, s:I, s:o, s:o, s:o, s:o}", "from",
                     moment(point->period.from_us), "to", moment(point->period.to_us),
                     "n", (json_int_t)point->n, "value", number(point->value), "low",
                     number(point->low), "high", number(point->high), "signals",
                     signal_names(signals));
}

static json_t *points_to_json(const struct kpi_result *result)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < result->point_count; i++)
        if (json_array_append_new(list, point_to_json(&result->points[i],
                                                      result->control.signals[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

/* In what the values are told. */
static const char *measure_of(const struct kpi_result *result)
{
    switch (result->ready.kpi.kind) {
    case KPI_CONVERSION:
    case KPI_STATE:
        return "share";
    case KPI_TIME:
        return "seconds";
    case KPI_SCORE:
        return result->seen.scale == SCALE_NPS || result->seen.scale == SCALE_CSAT
                   ? "points"
                   : "number";
    case KPI_RATE:
    case KPI_TYPED:
    case KPI_KINDS:
        break;
    }
    return "number";
}

static const char *scale_text(enum score_scale scale)
{
    static const char *const names[] = {NULL, "stars", "nps", "csat", "ces", "valence"};
    return names[scale];
}

static json_t *asked_to_json(const struct kpi_result *result)
{
    const struct map_kpi *asked = result->ready.asked;
    double window_s = result->seen.window_us == INT64_MAX
                          ? (double)NAN
                          : (double)result->seen.window_us / (double)US_PER_S;
    bool windowed =
        result->ready.kpi.kind == KPI_CONVERSION || result->ready.kpi.kind == KPI_RATE;
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}",
        "id", asked->id, "name", result->ready.kpi.name, "kind",
        kpi_kind_name(result->ready.kpi.kind), "measure", measure_of(result), "unit",
        asked->unit, "direction", asked->down_is_good ? "down" : "up", "owner",
        asked->owner, "department", asked->department, "every",
        asked->weekly ? "week" : "month", "definition", result->ready.definition, "scale",
        text(scale_text(result->seen.scale)), "window_s",
        number(windowed ? window_s : (double)NAN), "target", number(result->ready.target),
        "threshold", number(result->ready.threshold), "value_each",
        number(asked->value_each));
}

json_t *kpi_result_to_json(const struct kpi_result *result)
{
    const struct control *control = &result->control;
    bool told = result->latest < result->point_count;
    json_t *json = asked_to_json(result);
    json_t *rest = json_pack(
        "{s:I, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:{s:o, s:o, s:o, s:I}, s:s, s:o}", "n",
        (json_int_t)result->whole.n, "value", number(result->whole.value), "low",
        number(result->whole.low), "high", number(result->whole.high), "under_way",
        (json_int_t)result->seen.under_way, "latest",
        told ? point_to_json(&result->points[result->latest],
                             control->signals[result->latest])
             : json_null(),
        "on_target", text(target_state_name(result->on_target)), "points",
        points_to_json(result), "control", "mean", number(control->mean), "low",
        number(control->low), "high", number(control->high), "values",
        (json_int_t)control->values, "sentence", result->sentence, "problem",
        text(result->ready.problem));
    if (!json || !rest || json_object_update(json, rest) != 0) {
        json_decref(json);
        json = NULL;
    }
    json_decref(rest);
    return json;
}

static json_t *action_to_json(const struct map_action *action)
{
    static const char *const states[] = {"idea", "planned",  "doing",
                                         "done", "verified", "dropped"};
    return action ? json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", action->id, "title",
                              action->title, "state", states[action->state], "owner",
                              action->owner, "department", action->department)
                  : json_null();
}

json_t *effect_result_to_json(const struct effect_result *result)
{
    return json_pack("{s:o, s:{s:s, s:s, s:s, s:s}, s:o, s:o, s:o, s:o}", "action",
                     action_to_json(result->action), "kpi", "id", result->asked->id,
                     "name", result->asked->name, "unit", result->asked->unit,
                     "direction", result->asked->down_is_good ? "down" : "up", "since",
                     moment(result->since_us), "expected", number(result->expected),
                     "effect",
                     result->problem ? json_null() : effect_to_json(&result->effect),
                     "problem", text(result->problem));
}

json_t *enough_result_to_json(const struct enough_result *result)
{
    double months = (double)result->needed / result->per_month;
    return json_pack("{s:s, s:o, s:o, s:I, s:I, s:o, s:o, s:s, s:o}", "kpi",
                     result->asked->id, "value", number(result->value), "change",
                     number(result->change), "n", (json_int_t)result->n, "needed",
                     (json_int_t)result->needed, "per_month", number(result->per_month),
                     "months", number(result->needed ? months : (double)NAN), "sentence",
                     result->sentence, "problem", text(result->problem));
}
