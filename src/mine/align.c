/* Alignment: the cheapest way to explain each trace by the map, one unit for a map step
 * skipped and one for an event the map does not know or has no way to; optional steps may
 * be skipped and repeatable steps repeated for nothing, and of a choice exactly one
 * branch is walked. Fitness is 1 − cost / (trace length + shortest way through the map).
 *
 * Optimal, not heuristic (align_walk.c), and computed once for every kind of trace, in
 * parallel. Where several explanations cost the same, the one is taken that matches the
 * earlier event with the earlier step. */
#include "base/lang.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "mine/align_parts.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS_CHUNK = 32 };

/* What one worker needs for the trace at hand, and has counted so far. */
struct desk {
    struct walk walk;
    size_t *position; /* [length] of the events that match some step */
    size_t position_capacity;
    uint32_t *met, *come;        /* [steps] events on the way; events put at the step */
    uint8_t *off;                /* [steps] came where the map has no way to it */
    struct vg_align_step *steps; /* counts */
    uint64_t *label_events;
};
struct job {
    struct aligned *aligned;
    struct desk *desks;
    atomic_bool no_memory;
};

/* The step among those that the event may be that is nearest to `here`, where the trace
 * is; the earlier of two equally near. */
static uint16_t nearest_step(const uint8_t *match, size_t steps, int here)
{
    int best = -1;
    for (int s = 0; s < (int)steps; s++)
        if (match[s] && (best < 0 || abs(s - here) < abs(best - here)))
            best = s;
    return (uint16_t)best;
}

/* Set down where each event was put, from what the walk says; count per step. */
static void events_place(const struct aligned *aligned, struct desk *desk, size_t count,
                         uint16_t *at)
{
    const struct way *way = &aligned->way;
    int here = -1;
    for (size_t i = 0; i < count; i++) {
        uint16_t node = desk->walk.node[i], step;
        if (node == 0) {
            step = nearest_step(desk->walk.match[i], way->step_count, here);
            at[desk->position[i]] = step | AT_OFF;
            desk->off[step] |= step != here;
        } else {
            step = way->step[node];
            at[desk->position[i]] = step == here ? step | AT_AGAIN : step;
            desk->met[step]++;
            here = step;
        }
        desk->come[step]++;
    }
}

/* Mark the events met just after a step that was skipped and never came at all. */
static void skips_place(const struct aligned *aligned, struct desk *desk, size_t count,
                        uint16_t *at, size_t kind)
{
    uint64_t traces = aligned->kinds.traces[kind];
    uint8_t *skipped = aligned->skipped + kind * aligned->skip_bytes;
    const struct walk *walk = &desk->walk;
    size_t next = count; /* the first event met at or after the skip; count: none */
    size_t i = count;
    for (size_t s = 0; s < walk->skip_count; s++) {
        uint16_t step = aligned->way.step[walk->skip_node[s]];
        for (; i > walk->skip_at[s]; i--)
            if (walk->node[i - 1])
                next = i - 1;
        if (desk->come[step])
            continue;
        desk->steps[step].skipped += traces;
        skipped[step / 8] = (uint8_t)(skipped[step / 8] | 1u << (step % 8));
        if (next < count) {
            desk->steps[step].passed_over += traces;
            at[desk->position[next]] |= AT_JUMP;
        }
    }
}

static void steps_count(const struct aligned *aligned, struct desk *desk, uint64_t traces)
{
    for (size_t s = 0; s < aligned->way.step_count; s++) {
        struct vg_align_step *step = &desk->steps[s];
        step->seen += desk->met[s] ? traces : 0;
        step->repeated += desk->come[s] > 1 ? traces : 0;
        step->out_of_order += desk->off[s] ? traces : 0;
        desk->met[s] = desk->come[s] = desk->off[s] = 0;
    }
}

static bool desk_reserve(struct desk *desk, size_t length)
{
    if (length > desk->position_capacity || !desk->position) {
        free(desk->position);
        desk->position_capacity = length + 64;
        desk->position = calloc(desk->position_capacity, sizeof *desk->position);
    }
    return desk->position && walk_reserve(&desk->walk, length);
}

/* Align one kind of trace. Events that match no step cost one each and move nothing. */
static bool kind_align(struct aligned *aligned, struct desk *desk, size_t kind)
{
    const struct vg_log *log = aligned->log;
    size_t first = log->first[aligned->kinds.example[kind]], count = 0;
    size_t length = (size_t)(aligned->at_first[kind + 1] - aligned->at_first[kind]);
    uint16_t *at = aligned->at + aligned->at_first[kind];
    uint64_t traces = aligned->kinds.traces[kind];
    if (!desk_reserve(desk, length))
        return false;
    for (size_t i = 0; i < length; i++) {
        uint32_t label = label_of(&aligned->labels, log, first + i);
        desk->label_events[label] += traces;
        at[i] = AT_UNKNOWN;
        if (!aligned->labels.row[label])
            continue;
        desk->walk.match[count] = label_match(&aligned->labels, label);
        desk->position[count++] = i;
    }
    uint32_t cost;
    if (!walk_align(&desk->walk, &aligned->way, count, &cost))
        return false;
    aligned->cost[kind] = cost + (uint32_t)(length - count);
    aligned->has_unknown[kind] = count < length;
    events_place(aligned, desk, count, at);
    skips_place(aligned, desk, count, at, kind);
    steps_count(aligned, desk, traces);
    return true;
}

static void kinds_turn(void *ctx, size_t chunk, unsigned worker)
{
    struct job *job = ctx;
    size_t end = (chunk + 1) * KINDS_CHUNK;
    end = end < job->aligned->kinds.count ? end : job->aligned->kinds.count;
    for (size_t kind = chunk * KINDS_CHUNK; kind < end; kind++)
        if (atomic_load(&job->no_memory) ||
            !kind_align(job->aligned, &job->desks[worker], kind)) {
            atomic_store(&job->no_memory, true);
            return;
        }
}

static bool desk_open(struct desk *desk, const struct aligned *aligned)
{
    size_t steps = aligned->way.step_count + 1;
    desk->met = calloc(steps, sizeof *desk->met);
    desk->come = calloc(steps, sizeof *desk->come);
    desk->off = calloc(steps, sizeof *desk->off);
    desk->steps = calloc(steps, sizeof *desk->steps);
    desk->label_events = calloc(aligned->labels.count + 1, sizeof *desk->label_events);
    return desk->met && desk->come && desk->off && desk->steps && desk->label_events;
}

/* Add the worker's counts to the whole; free what it used. */
static void desk_close(struct desk *desk, struct aligned *aligned)
{
    for (size_t s = 0; desk->steps && s < aligned->way.step_count; s++) {
        aligned->steps[s].seen += desk->steps[s].seen;
        aligned->steps[s].skipped += desk->steps[s].skipped;
        aligned->steps[s].passed_over += desk->steps[s].passed_over;
        aligned->steps[s].repeated += desk->steps[s].repeated;
        aligned->steps[s].out_of_order += desk->steps[s].out_of_order;
    }
    for (size_t l = 0; desk->label_events && l < aligned->labels.count; l++)
        aligned->label_events[l] += desk->label_events[l];
    walk_free(&desk->walk);
    free(desk->position);
    free(desk->met);
    free(desk->come);
    free(desk->off);
    free(desk->steps);
    free(desk->label_events);
}

static enum vg_code kinds_align(struct aligned *aligned, struct vg_err *err)
{
    unsigned workers = parallel_workers();
    struct job job = {.aligned = aligned};
    job.desks = calloc(workers, sizeof *job.desks);
    if (!job.desks)
        return err_memory(err);
    for (unsigned w = 0; w < workers; w++)
        if (!desk_open(&job.desks[w], aligned))
            atomic_store(&job.no_memory, true);
    parallel_for((aligned->kinds.count + KINDS_CHUNK - 1) / KINDS_CHUNK, kinds_turn,
                 &job);
    for (unsigned w = 0; w < workers; w++)
        desk_close(&job.desks[w], aligned);
    free(job.desks);
    return atomic_load(&job.no_memory) ? err_memory(err) : VG_OK;
}

/* Refuse a trace that is too long for such a map. */
static enum vg_code traces_check(struct arena *arena, const struct aligned *aligned,
                                 struct vg_err *err)
{
    const struct vg_log *log = aligned->log;
    uint64_t most = LIMIT_ALIGN_CELLS / aligned->way.node_count;
    for (size_t t = 0; t < log->traces; t++) {
        uint64_t length = log->first[t + 1] - log->first[t];
        if (length <= most)
            continue;
        const char *name = log_trace_text(log, arena, t);
        err_set(err, VG_ERR_LIMIT, NULL,
                _("the journey \"%s\" has %llu events: too many to hold against a map of "
                  "%zu steps"),
                name ? name : "", (unsigned long long)length, aligned->way.step_count);
        err_hint(
            err, "%s",
            _("cut journeys where there is a long pause, look at a shorter period, or "
              "use a shorter map"));
        return VG_ERR_LIMIT;
    }
    return VG_OK;
}

/* Lay the kinds' events out one after another. */
static enum vg_code at_reserve(struct arena *arena, struct aligned *aligned,
                               struct vg_err *err)
{
    const struct vg_log *log = aligned->log;
    size_t kinds = aligned->kinds.count;
    aligned->at_first = arena_array(arena, uint64_t, kinds + 1);
    if (!aligned->at_first)
        return err_memory(err);
    for (size_t k = 0; k < kinds; k++) {
        size_t trace = aligned->kinds.example[k];
        aligned->at_first[k + 1] =
            aligned->at_first[k] + log->first[trace + 1] - log->first[trace];
    }
    aligned->at = arena_array(arena, uint16_t, (size_t)aligned->at_first[kinds]);
    aligned->cost = arena_array(arena, uint32_t, kinds);
    aligned->has_unknown = arena_array(arena, uint8_t, kinds);
    aligned->skip_bytes = aligned->way.step_count / 8 + 1;
    aligned->skipped = arena_array(arena, uint8_t, kinds * aligned->skip_bytes);
    aligned->steps = arena_array(arena, struct vg_align_step, aligned->way.step_count);
    aligned->label_events = arena_array(arena, uint64_t, aligned->labels.count);
    return aligned->at && aligned->cost && aligned->has_unknown && aligned->skipped &&
                   aligned->steps && aligned->label_events
               ? VG_OK
               : err_memory(err);
}

enum vg_code aligned_make(struct arena *arena, const struct vg_log *log,
                          const struct vg_map *map, struct aligned *ret,
                          struct vg_err *err)
{
    struct aligned aligned = {.log = log, .map = map};
    enum vg_code code = way_build(arena, map, &aligned.way, err);
    if (code == VG_OK)
        code = traces_check(arena, &aligned, err);
    if (code == VG_OK)
        code = labels_build(arena, log, map, &aligned.labels, err);
    if (code == VG_OK)
        code = kinds_build(arena, log, &aligned.labels, &aligned.kinds, err);
    if (code == VG_OK)
        code = at_reserve(arena, &aligned, err);
    if (code == VG_OK)
        code = kinds_align(&aligned, err);
    if (code == VG_OK)
        *ret = aligned;
    return code;
}
