/* align_mine: what the alignment of every kind of trace says, as struct vg_align. */
#include "mine/align_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VARIANTS_KEPT = 10000 };

/* A kind of trace with what it is sorted by. */
struct ranked {
    uint64_t traces;
    const struct aligned *aligned;
    uint32_t kind;
};

/* Labels of the same activity: on any other channel first, then by the channel's name. */
static int channel_compare(const struct aligned *aligned, uint32_t a, uint32_t b)
{
    uint16_t channel_a = aligned->labels.channel[a],
             channel_b = aligned->labels.channel[b];
    if (channel_a == LOG_NO_CODE16 || channel_b == LOG_NO_CODE16)
        return channel_a == LOG_NO_CODE16 ? -1 : 1;
    return str_compare(dict_str(&aligned->log->channels, channel_a),
                       dict_str(&aligned->log->channels, channel_b));
}

/* By activities, one after another; then by channels, where the map tells them apart. */
static int kind_compare(const struct aligned *aligned, uint32_t a, uint32_t b)
{
    const struct vg_log *log = aligned->log;
    uint64_t row_a = log->first[aligned->kinds.example[a]],
             row_b = log->first[aligned->kinds.example[b]];
    uint64_t length_a = aligned->at_first[a + 1] - aligned->at_first[a],
             length_b = aligned->at_first[b + 1] - aligned->at_first[b];
    uint64_t shorter = length_a < length_b ? length_a : length_b;
    for (uint64_t i = 0; i < shorter; i++)
        if (log->activity[row_a + i] != log->activity[row_b + i])
            return str_compare(dict_str(&log->activities, log->activity[row_a + i]),
                               dict_str(&log->activities, log->activity[row_b + i]));
    if (length_a != length_b)
        return length_a < length_b ? -1 : 1;
    for (uint64_t i = 0; i < shorter; i++) {
        uint32_t label_a = label_of(&aligned->labels, log, row_a + i),
                 label_b = label_of(&aligned->labels, log, row_b + i);
        if (label_a != label_b)
            return channel_compare(aligned, label_a, label_b);
    }
    return 0;
}

static int ranked_compare(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->traces != b->traces)
        return a->traces > b->traces ? -1 : 1;
    return kind_compare(a->aligned, a->kind, b->kind);
}

static double kind_fitness(const struct aligned *aligned, size_t kind)
{
    double most = (double)(aligned->at_first[kind + 1] - aligned->at_first[kind]) +
                  aligned->way.shortest;
    return most > 0 ? 1 - aligned->cost[kind] / most : 1;
}

static bool variant_fill(struct arena *arena, const struct aligned *aligned, size_t kind,
                         struct vg_align_variant *variant)
{
    size_t length = (size_t)(aligned->at_first[kind + 1] - aligned->at_first[kind]);
    size_t row = aligned->log->first[aligned->kinds.example[kind]];
    *variant = (struct vg_align_variant){
        .count = aligned->kinds.traces[kind],
        .cost = aligned->cost[kind],
        .fitness = kind_fitness(aligned, kind),
        .activities = arena_array(arena, const char *, length),
        .activity_count = length,
    };
    for (size_t i = 0; variant->activities && i < length; i++)
        variant->activities[i] = aligned->activity_name[aligned->log->activity[row + i]];
    return variant->activities != NULL;
}

static enum vg_code variants_fill(struct arena *arena, struct arena *scratch,
                                  const struct aligned *aligned, struct vg_align *ret,
                                  struct vg_err *err)
{
    size_t total = aligned->kinds.count;
    struct ranked *ranked = arena_array(scratch, struct ranked, total);
    ret->variant_total = total;
    ret->variant_count = total < VARIANTS_KEPT ? total : VARIANTS_KEPT;
    ret->variants = arena_array(arena, struct vg_align_variant, ret->variant_count);
    if (!ranked || !ret->variants)
        return err_memory(err);
    double fitness = 0;
    for (size_t k = 0; k < total; k++) {
        uint64_t traces = aligned->kinds.traces[k];
        ranked[k] = (struct ranked){traces, aligned, (uint32_t)k};
        ret->fitting_count += aligned->cost[k] ? 0 : traces;
    }
    if (total)
        qsort(ranked, total, sizeof *ranked, ranked_compare);
    for (size_t i = 0; i < total; i++) /* in this order, whatever order they came in */
        fitness += (double)ranked[i].traces * kind_fitness(aligned, ranked[i].kind);
    ret->trace_count = aligned->log->traces;
    ret->fitness_mean = ret->trace_count ? fitness / (double)ret->trace_count : NAN;
    for (size_t i = 0; i < ret->variant_count; i++)
        if (!variant_fill(arena, aligned, ranked[i].kind, &ret->variants[i]))
            return err_memory(err);
    return VG_OK;
}

/* Whether the activity is step s on some channel; adds its events to *ret_events. */
static bool activity_is(const struct labels *labels, const uint64_t *label_events,
                        size_t activity, size_t s, uint64_t *ret_events)
{
    bool is = false;
    size_t end = labels->special_first[activity + 1];
    for (size_t l = activity, next = labels->special_first[activity];; l = next++) {
        if (labels->row[l] && label_match(labels, (uint32_t)l)[s]) {
            is = true;
            *ret_events += label_events[l];
        }
        if (next >= end)
            return is;
    }
}

static int text_compare(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The activities that match step s, by name, and how many events do. */
static bool step_activities(struct arena *arena, const struct aligned *aligned, size_t s,
                            struct vg_align_step *step)
{
    size_t capacity = 0;
    for (size_t a = 0; a < aligned->log->activities.count; a++) {
        if (!activity_is(&aligned->labels, aligned->label_events, a, s, &step->events))
            continue;
        step->activities = arena_grow(arena, step->activities, step->activity_count,
                                      &capacity, sizeof *step->activities);
        if (!step->activities)
            return false;
        step->activities[step->activity_count++] = aligned->activity_name[a];
    }
    if (step->activity_count)
        qsort(step->activities, step->activity_count, sizeof *step->activities,
              text_compare);
    return true;
}

static enum vg_code steps_fill(struct arena *arena, const struct aligned *aligned,
                               struct vg_align *ret, struct vg_err *err)
{
    ret->step_count = aligned->way.step_count;
    ret->shortest = aligned->way.shortest;
    ret->steps = arena_array(arena, struct vg_align_step, ret->step_count);
    if (!ret->steps)
        return err_memory(err);
    for (size_t s = 0; s < ret->step_count; s++) {
        ret->steps[s] = aligned->steps[s];
        ret->steps[s].id = aligned->step_id[s];
        ret->steps[s].title = aligned->step_title[s];
        if (!step_activities(arena, aligned, s, &ret->steps[s]))
            return err_memory(err);
    }
    return VG_OK;
}

static int unknown_compare(const void *left, const void *right)
{
    const struct vg_activity_count *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return strcmp(a->activity, b->activity);
}

/* The activities that no step matches, on whatever channel. */
static enum vg_code unknown_fill(struct arena *arena, struct arena *scratch,
                                 const struct aligned *aligned, struct vg_align *ret,
                                 struct vg_err *err)
{
    const struct labels *labels = &aligned->labels;
    size_t activities = aligned->log->activities.count, count = 0;
    struct vg_activity_count *found =
        arena_array(scratch, struct vg_activity_count, activities);
    if (!found)
        return err_memory(err);
    for (size_t a = 0; a < activities; a++)
        if (!labels->row[a] && labels->special_first[a] == labels->special_first[a + 1] &&
            aligned->label_events[a])
            found[count++] = (struct vg_activity_count){aligned->activity_name[a],
                                                        aligned->label_events[a]};
    if (count)
        qsort(found, count, sizeof *found, unknown_compare);
    ret->unknown = arena_array(arena, const char *, count);
    ret->unknown_events = arena_array(arena, uint64_t, count);
    if (!ret->unknown || !ret->unknown_events)
        return err_memory(err);
    for (size_t i = 0; i < count; i++) {
        ret->unknown[i] = found[i].activity;
        ret->unknown_events[i] = found[i].count;
    }
    ret->unknown_count = count;
    return VG_OK;
}

static enum vg_code names_copy(struct arena *arena, struct arena *scratch,
                               struct aligned *aligned, struct vg_err *err)
{
    size_t activities = aligned->log->activities.count, steps = aligned->map->step_count;
    aligned->activity_name = arena_array(scratch, const char *, activities);
    aligned->step_id = arena_array(scratch, const char *, steps);
    aligned->step_title = arena_array(scratch, const char *, steps);
    if (!aligned->activity_name || !aligned->step_id || !aligned->step_title)
        return err_memory(err);
    for (size_t a = 0; a < activities; a++) {
        aligned->activity_name[a] =
            arena_text(arena, dict_str(&aligned->log->activities, (uint32_t)a));
        if (!aligned->activity_name[a])
            return err_memory(err);
    }
    for (size_t s = 0; s < steps; s++) {
        const struct map_step *step = &aligned->map->steps[s];
        aligned->step_id[s] = arena_text(arena, str_from(step->id));
        aligned->step_title[s] = arena_text(arena, str_from(step->title));
        if (!aligned->step_id[s] || !aligned->step_title[s])
            return err_memory(err);
    }
    return VG_OK;
}

enum vg_code align_mine(struct arena *arena, const struct vg_log *log,
                        const struct vg_map *map, struct vg_align *ret,
                        struct vg_err *err)
{
    struct arena *scratch = arena_open(0);
    struct aligned aligned;
    struct vg_align align = {0};
    enum vg_code code =
        scratch ? aligned_make(scratch, log, map, &aligned, err) : err_memory(err);
    if (code == VG_OK)
        code = names_copy(arena, scratch, &aligned, err);
    if (code == VG_OK)
        code = variants_fill(arena, scratch, &aligned, &align, err);
    if (code == VG_OK)
        code = steps_fill(arena, &aligned, &align, err);
    if (code == VG_OK)
        code = unknown_fill(arena, scratch, &aligned, &align, err);
    if (code == VG_OK)
        code = shortcuts_mine(arena, scratch, &aligned, &align, err);
    if (code == VG_OK)
        code = jumps_mine(arena, scratch, &aligned, &align, err);
    arena_close(scratch);
    if (code == VG_OK)
        *ret = align;
    return code;
}
