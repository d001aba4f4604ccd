/* What a client may see of the own path. This is the one place that decides it: nothing
 * that others wrote, no state, no reason, no threshold, no department, no pain, nothing
 * of other clients. */
#include "improve/path_json.h"

#include <math.h>

static json_t *texts_json(const struct map_texts *texts)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < texts->count; i++)
        if (!path_append(list, path_text(texts->items[i])))
            list = (json_decref(list), NULL);
    return list;
}

static json_t *step_public(const struct path *path, const struct path_client *client,
                           size_t index)
{
    const struct map_step *step = &path->map->steps[index];
    const struct path_done *done = &client->steps[index];
    return json_pack("{s:o, s:o, s:o, s:b, s:b, s:I, s:o}", "id", path_text(step->id),
                     "title", path_text(step->title), "objectives",
                     texts_json(&step->objectives), "optional", (int)step->optional,
                     "repeatable", (int)step->repeatable, "count",
                     (json_int_t)done->count, "done", path_moment(done->first_us));
}

/* A proof as the client gives it: which one, what it is, whether it is there. */
static json_t *proof_public(const struct path *path, const struct path_client *client,
                            size_t phase, size_t index)
{
    json_t *json = path_proof_json(path, client, phase, index);
    if (json && json_object_del(json, "phase") != 0)
        json = (json_decref(json), NULL);
    return json;
}

static json_t *phase_public(const struct path *path, const struct path_client *client,
                            size_t index)
{
    const struct map_phase *phase = &path->map->phases[index];
    const struct path_gate *gate = &client->gates[index];
    json_t *steps = json_array(), *proofs = json_array();
    bool good = steps && proofs;
    for (size_t i = 0; good && i < phase->step_count; i++)
        good = path_append(steps, step_public(path, client, phase->first_step + i));
    for (size_t i = 0; good && i < phase->proof_count; i++)
        good = path_append(proofs, proof_public(path, client, index, i));
    if (!good) {
        json_decref(steps);
        json_decref(proofs);
        return NULL;
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:b, s:b, s:o, s:o, s:o}", "id",
                     path_text(phase->id), "title", path_text(phase->title), "aim",
                     path_text(phase->aim), "milestone", path_text(phase->milestone),
                     "behind", (int)(gate->behind_us != NEVER_US), "here",
                     (int)(client->phase == index), "passed",
                     path_moment(gate->passed_us), "steps", steps, "proofs", proofs);
}

static json_t *next_public(const struct path *path, const struct path_client *client)
{
    const struct vg_map *map = path->map;
    if (client->phase >= map->phase_count)
        return json_null();
    if (client->next_step != SIZE_MAX)
        return step_public(path, client, client->next_step);
    return json_pack("{s:n, s:o}", "id", "title",
                     path_text(map->phases[client->phase].milestone));
}

static json_t *objective_public(const struct path *path, const struct path_client *client,
                                size_t index)
{
    json_t *json = path_objective_json(path, client, index);
    if (json &&
        (json_object_del(json, "weight") != 0 || json_object_del(json, "measured") != 0))
        json = (json_decref(json), NULL);
    return json;
}

json_t *path_client_public(const struct path *path, size_t index)
{
    const struct path_client *client = &path->clients[index];
    json_t *phases = json_array(), *objectives = json_array();
    bool good = phases && objectives;
    for (size_t i = 0; good && i < path->map->phase_count; i++)
        good = path_append(phases, phase_public(path, client, i));
    for (size_t i = 0; good && i < path->map->metric_count; i++)
        if ((path->measured[i] || !isnan(client->objectives[i].target)) &&
            path->map->metrics[i].weight > 0) /* where one is going, before any reading */
            good = path_append(objectives, objective_public(path, client, i));
    if (!good) {
        json_decref(phases);
        json_decref(objectives);
        return NULL;
    }
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "title",
        path_text(path->map->title), "start", path_text(client->start), "arrival",
        path_text(path->map->arrival), "enrolled", path_moment(client->at_us), "today",
        path_moment(path->today_us), "arrived", path_moment(client->arrived_us), "passed",
        (json_int_t)client->passed, "total", (json_int_t)path->map->phase_count,
        "attainment", path_number(client->attainment), "next", next_public(path, client),
        "phases", phases, "objectives", objectives, "feelings",
        path_feelings_json(client, false));
}
