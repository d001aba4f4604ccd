/* The path as JSON: docs/schema/path.schema.json. What a client may see of it is in
 * path_public.c. */
#include "improve/path_json.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>

#define POINTS_MAX 200 /* of one curve */

json_t *path_number(double value)
{
    return json_number_or_null(value);
}

json_t *path_text(const char *text)
{
    str whole = str_from(text ? text : "");
    struct buf repaired = {0};
    if (utf8_valid(whole))
        return json_stringn(whole.ptr, whole.len);
    utf8_append_repaired(&repaired, whole);
    json_t *json = repaired.failed
                       ? NULL
                       : json_stringn(repaired.ptr ? repaired.ptr : "", repaired.len);
    buf_free(&repaired);
    return json;
}

json_t *path_moment(int64_t at_us)
{
    char text[40];
    if (at_us == NEVER_US)
        return json_null();
    struct date date = date_from_us(at_us);
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", date.year, date.month,
             date.day, date.hour, date.minute, date.second);
    return json_string(text);
}

static json_t *count_json(uint64_t count)
{
    return json_integer((json_int_t)count);
}

bool path_append(json_t *list, json_t *item)
{
    return item && json_array_append_new(list, item) == 0;
}

/* ---- the path ---- */

static json_t *states_json(const uint64_t counts[PATH_STATES])
{
    json_t *json = json_object();
    for (int i = 0; json && i < PATH_STATES; i++)
        if (json_object_set_new(json, path_state_name((enum path_state)i),
                                count_json(counts[i])) != 0)
            json = (json_decref(json), NULL);
    return json;
}

static const char *from_name(enum path_from from)
{
    static const char *const names[] = {"nothing", "hand", "history"};
    return names[from];
}

static json_t *phase_json(const struct path *path, size_t index)
{
    const struct map_phase *shape = &path->map->phases[index];
    const struct path_phase *phase = &path->phases[index];
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s}", "id",
        path_text(shape->id), "title", path_text(shape->title), "milestone",
        path_text(shape->milestone), "days", path_number(shape->days), "entered",
        count_json(phase->entered), "passed", count_json(phase->passed), "left",
        count_json(phase->left), "here", states_json(phase->here), "n",
        count_json(phase->n), "median_days", path_number(phase->median_days), "p90_days",
        path_number(phase->p90_days), "behind_days",
        path_number(phase->threshold.behind_days), "stuck_days",
        path_number(phase->threshold.stuck_days), "from",
        from_name(phase->threshold.from));
}

static json_t *point_json(const struct vg_survival_point *point)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "days", path_number(point->t_s / 86400),
                     "passed", path_number(1 - point->waiting), "low",
                     path_number(1 - point->high), "high", path_number(1 - point->low),
                     "at_risk", count_json(point->at_risk));
}

static json_t *milestone_json(const struct path *path, const struct vg_survival *survival,
                              size_t phase)
{
    json_t *points = json_array();
    size_t count = survival->point_count, shown = count < POINTS_MAX ? count : POINTS_MAX;
    bool good = points != NULL;
    for (size_t i = 0; good && i < shown; i++) {
        size_t at = shown == count ? i : i * (count - 1) / (shown - 1);
        good = path_append(points, point_json(&survival->points[at]));
    }
    if (!good)
        return json_decref(points), NULL;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "phase",
                     path_text(path->map->phases[phase].id), "milestone",
                     path_text(path->map->phases[phase].milestone), "n",
                     count_json(survival->n), "passed", count_json(survival->happened),
                     "median_days", path_number(survival->median_s / 86400),
                     "median_low_days", path_number(survival->median_low_s / 86400),
                     "median_high_days", path_number(survival->median_high_s / 86400),
                     "points", points);
}

static json_t *cohort_phase_json(const struct path *path,
                                 const struct path_cohort_phase *phase, size_t index)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "phase",
                     path_text(path->map->phases[index].id), "n", count_json(phase->n),
                     "median_days", path_number(phase->median_days), "p90_days",
                     path_number(phase->p90_days), "stopped", count_json(phase->stopped));
}

static json_t *cohort_json(const struct path *path, const struct path_cohort *cohort)
{
    json_t *milestones = json_array(), *phases = json_array();
    bool good = milestones && phases;
    for (size_t i = 0; good && i < path->map->phase_count; i++)
        good = path_append(milestones, milestone_json(path, &cohort->survival[i], i)) &&
               path_append(phases, cohort_phase_json(path, &cohort->phases[i], i));
    if (!good)
        return json_decref(milestones), json_decref(phases), NULL;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "phases", phases, "month",
                     cohort->month[0] ? path_text(cohort->month) : json_null(), "n",
                     count_json(cohort->n), "arrived", count_json(cohort->arrived),
                     "left", count_json(cohort->left), "arrival_days",
                     path_number(cohort->arrival_days), "milestones", milestones);
}

/* ---- a client in short ---- */

static json_t *next_json(const struct path *path, const struct path_client *client)
{
    const struct vg_map *map = path->map;
    if (client->phase >= map->phase_count || client->state == PATH_LEFT)
        return json_null();
    bool step = client->next_step != SIZE_MAX;
    const struct map_phase *phase = &map->phases[client->phase];
    return json_pack(
        "{s:s, s:o, s:o}", "kind", step ? "step" : "milestone", "id",
        path_text(step ? map->steps[client->next_step].id : phase->id), "title",
        path_text(step ? map->steps[client->next_step].title : phase->milestone));
}

static json_t *gate_json(const struct path *path, const struct path_client *client,
                         size_t index)
{
    const struct path_gate *gate = &client->gates[index];
    return json_pack(
        "{s:o, s:s, s:o, s:o, s:o}", "phase", path_text(path->map->phases[index].id),
        "how", path_how_name(gate->how), "entered", path_moment(gate->entered_us),
        "passed", path_moment(gate->passed_us), "days", path_number(gate->days));
}

static json_t *gates_json(const struct path *path, const struct path_client *client)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < path->map->phase_count; i++)
        if (!path_append(list, gate_json(path, client, i)))
            list = (json_decref(list), NULL);
    return list;
}

static json_t *sign_json(const struct path_client *client)
{
    if (client->sign_us == NEVER_US)
        return json_null();
    return json_pack("{s:o, s:o}", "at", path_moment(client->sign_us), "what",
                     path_text(client->sign));
}

/* Where the client is, and in what state. */
static json_t *state_json(const struct path *path, const struct path_client *client)
{
    bool under_way = client->phase < path->map->phase_count;
    const struct map_phase *phase = under_way ? &path->map->phases[client->phase] : NULL;
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "customer",
        path_text(client->customer), "enrolment",
        client->enrolment[0] ? path_text(client->enrolment) : json_null(), "enrolled",
        path_moment(client->at_us), "phase", phase ? path_text(phase->id) : json_null(),
        "phase_title", phase ? path_text(phase->title) : json_null(), "next",
        next_json(path, client), "state", path_state_name(client->state), "state_text",
        path_text(path_state_text(client->state)), "since", path_moment(client->since_us),
        "crossing", path_moment(client->crossing_us), "reason",
        path_text(client->reason));
}

/* The three numbers, and what goes with them. */
static json_t *numbers_json(const struct path *path, const struct path_client *client)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o}",
        "passed", count_json(client->passed), "total", count_json(path->map->phase_count),
        "attainment", path_number(client->attainment), "days", path_number(client->days),
        "expected_days", path_number(client->expected_days), "phase_days",
        path_number(client->phase_days), "last_sign", sign_json(client), "feeling",
        path_number(client->feeling), "low", (int)client->low, "low_since",
        path_moment(client->low_us), "arrived", path_moment(client->arrived_us), "left",
        path_moment(client->left_us), "left_why", path_text(client->left_why), "gates",
        gates_json(path, client));
}

static json_t *both(json_t *a, json_t *b)
{
    if (!a || !b || json_object_update(a, b) != 0) {
        json_decref(a);
        a = NULL;
    }
    json_decref(b);
    return a;
}

static json_t *short_json(const struct path *path, const struct path_client *client)
{
    return both(state_json(path, client), numbers_json(path, client));
}

json_t *path_to_json(const struct path *path)
{
    json_t *phases = json_array(), *clients = json_array(), *cohorts = json_array();
    bool good = phases && clients && cohorts;
    for (size_t i = 0; good && i < path->map->phase_count; i++)
        good = path_append(phases, phase_json(path, i));
    for (size_t i = 0; good && i < path->client_count; i++)
        good = path_append(clients, short_json(path, &path->clients[i]));
    for (size_t i = 0; good && i < path->cohort_count; i++)
        good = path_append(cohorts, cohort_json(path, &path->cohorts[i]));
    if (!good) {
        json_decref(phases);
        json_decref(clients);
        json_decref(cohorts);
        return NULL;
    }
    return json_pack(
        "{s:{s:o, s:o, s:o, s:o}, s:o, s:o, s:o, s:o, s:{s:o, s:s, s:o, s:o}, s:o, s:o, "
        "s:o}",
        "map", "id", path_text(path->map->id), "title", path_text(path->map->title),
        "start", path_text(path->map->start), "arrival", path_text(path->map->arrival),
        "today", path_moment(path->today_us), "total", count_json(path->client_count),
        "states", states_json(path->states), "low", count_json(path->low), "thresholds",
        "silent_days", path_number(path->silent_days), "silent_from",
        from_name(path->silent_from), "silent_n", count_json(path->silent_n),
        "low_feeling", path_number(path->low_feeling), "phases", phases, "clients",
        clients, "cohorts", cohorts);
}

/* ---- a client with all there is ---- */

static json_t *readings_json(const struct path_objective *objective)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < objective->reading_count; i++)
        if (!path_append(list,
                         json_pack("{s:o, s:o}", "at",
                                   path_moment(objective->readings[i].at_us), "value",
                                   path_number(objective->readings[i].value))))
            list = (json_decref(list), NULL);
    return list;
}

json_t *path_objective_json(const struct path *path, const struct path_client *client,
                            size_t index)
{
    const struct map_metric *metric = &path->map->metrics[index];
    const struct path_objective *objective = &client->objectives[index];
    return json_pack(
        "{s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o}", "metric",
        path_text(metric->id), "name", path_text(metric->name), "unit",
        path_text(metric->unit), "direction", metric->down_is_good ? "down" : "up",
        "baseline", path_number(objective->baseline), "target",
        path_number(objective->target), "now", path_number(objective->now), "attained",
        path_number(objective->attained), "weight", path_number(metric->weight), "due",
        path_moment(objective->due_us), "reached", path_moment(objective->reached_us),
        "measured", (int)path->measured[index], "readings", readings_json(objective));
}

static const char *proof_kind_name(enum proof_kind kind)
{
    static const char *const names[] = {"confirmation", "objective", "document",
                                        "meeting", "rule"};
    return names[kind];
}

json_t *path_proof_json(const struct path *path, const struct path_client *client,
                        size_t phase, size_t index)
{
    const struct map_proof *proof = &path->map->phases[phase].proofs[index];
    const struct path_proof *held = &client->gates[phase].held[index];
    return json_pack(
        "{s:o, s:o, s:s, s:o, s:b, s:o, s:o, s:o}", "id", path_text(proof->id), "phase",
        path_text(path->map->phases[phase].id), "kind", proof_kind_name(proof->kind),
        "text", path_text(proof->text), "required", (int)proof->required, "at_least",
        json_integer(proof->at_least > 0 ? proof->at_least : 1), "count",
        count_json(held->count), "held", path_moment(held->held_us));
}

json_t *path_feelings_json(const struct path_client *client, bool texts)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < client->feeling_count; i++) {
        const struct path_feeling *feeling = &client->feelings[i];
        if (!path_append(list,
                         json_pack("{s:o, s:o, s:o*}", "at", path_moment(feeling->at_us),
                                   "valence", path_number(feeling->valence), "text",
                                   texts ? path_text(feeling->text) : NULL)))
            list = (json_decref(list), NULL);
    }
    return list;
}

static json_t *step_json(const struct path *path, const struct path_client *client,
                         size_t index)
{
    const struct map_step *step = &path->map->steps[index];
    const struct path_done *done = &client->steps[index];
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "id", path_text(step->id), "title",
                     path_text(step->title), "phase",
                     path_text(path->map->phases[step->phase].id), "count",
                     count_json(done->count), "first", path_moment(done->first_us),
                     "last", path_moment(done->last_us));
}

const char *path_kind_name(enum path_kind kind)
{
    static const char *const names[HAPPENED_KINDS] = {"started",   "done",    "reading",
                                                      "milestone", "feeling", "proof",
                                                      "sign",      "note",    "left"};
    return names[kind];
}

/* The id of the step, metric, phase or proof that it is about. */
static const char *about(const struct path *path, const struct path_happening *what)
{
    const struct vg_map *map = path->map;
    switch (what->kind) {
    case HAPPENED_DONE:
        return map->steps[what->index].id;
    case HAPPENED_READING:
        return map->metrics[what->index].id;
    case HAPPENED_MILESTONE:
        return map->phases[what->index].id;
    case HAPPENED_PROOF:
        return map->phases[what->phase].proofs[what->index].id;
    default:
        return NULL;
    }
}

static json_t *happening_json(const struct path *path, const struct path_happening *what)
{
    const char *id = about(path, what);
    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o}", "at", path_moment(what->at_us),
                     "kind", path_kind_name(what->kind), "id",
                     id ? path_text(id) : json_null(), "what", path_text(what->what),
                     "text", path_text(what->text), "value", path_number(what->value));
}

json_t *path_client_to_json(const struct path *path, size_t index)
{
    const struct path_client *client = &path->clients[index];
    const struct vg_map *map = path->map;
    json_t *objectives = json_array(), *proofs = json_array(), *steps = json_array(),
           *history = json_array();
    bool good = objectives && proofs && steps && history;
    for (size_t i = 0; good && i < map->metric_count; i++)
        good = path_append(objectives, path_objective_json(path, client, i));
    for (size_t p = 0; good && p < map->phase_count; p++)
        for (size_t i = 0; good && i < map->phases[p].proof_count; i++)
            good = path_append(proofs, path_proof_json(path, client, p, i));
    for (size_t i = 0; good && i < map->step_count; i++)
        good = path_append(steps, step_json(path, client, i));
    for (size_t i = 0; good && i < client->history_count; i++)
        good = path_append(history, happening_json(path, &client->history[i]));
    if (!good) {
        json_decref(objectives);
        json_decref(proofs);
        json_decref(steps);
        json_decref(history);
        return NULL;
    }
    json_t *rest =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "start", path_text(client->start),
                  "objectives", objectives, "proofs", proofs, "steps", steps, "feelings",
                  path_feelings_json(client, true), "history", history);
    return both(short_json(path, client), rest);
}
