/* findings: the answer first. Each kind gathers its candidates (findings_*.c); here they
 * are ranked and the first three made to differ.
 *
 * The weight is how many customers a finding concerns, where a customer lost counts most
 * and one who only waits, repeats, goes another way or is disappointed counts in part.
 * These parts are judgements, written beside each kind. Nothing here says why something
 * happens: the evidence shows where and how much. */
#include "mine/align_parts.h"
#include "mine/findings_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    FINDINGS_MOST = 12,
    KIND_MOST = 3,
    FIRST = 3,
    SMALL_LOG = 100,
    KINDS = FINDING_DETOUR + 1
};
static const double comparable = 0.2; /* of the weight: then another kind comes before */

void gather(struct gathering *all, struct finding finding)
{
    if (!finding.headline || !finding.detail || !finding.advice || !finding.step) {
        all->failed = true;
        return;
    }
    struct finding *items = arena_grow(all->arena, all->items, all->count, &all->capacity,
                                       sizeof *all->items);
    if (!items) {
        all->failed = true;
        return;
    }
    all->items = items;
    all->items[all->count++] = finding;
}

static int by_weight(const void *left, const void *right)
{
    const struct finding *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    int order = strcmp(a->step, b->step);
    return order ? order : strcmp(a->headline, b->headline);
}

/* The same kind of thing about the same step, or in the same words. */
static bool said_already(const struct finding *items, size_t count,
                         const struct finding *finding)
{
    for (size_t i = 0; i < count; i++)
        if (items[i].kind == finding->kind &&
            (strcmp(items[i].step, finding->step) == 0 ||
             strcmp(items[i].headline, finding->headline) == 0))
            return true;
    return false;
}

/* Keep the weightiest few of each kind, in order. */
static size_t thin_out(struct finding *items, size_t count)
{
    size_t kept = 0, of_kind[KINDS] = {0};
    for (size_t i = 0; i < count && kept < FINDINGS_MOST; i++)
        if (!said_already(items, kept, &items[i]) && of_kind[items[i].kind]++ < KIND_MOST)
            items[kept++] = items[i];
    return kept;
}

/* The same once more within a minute: pressed twice. (At the very same time: the evidence
 * may know no hours.) */
static bool slip(int64_t us)
{
    return us > 0 && us < 60 * (int64_t)US_PER_S;
}

/* Count who came by each step, whatever the order. An activity of several steps is the
 * first of them. */
static enum vg_code came_count(struct gathering *all, struct arena *scratch,
                               struct vg_err *err)
{
    const struct vg_log *log = all->log;
    size_t steps = all->map->step_count;
    struct labels *labels = arena_array(scratch, struct labels, 1);
    enum vg_code code =
        labels ? labels_build(scratch, log, all->map, labels, err) : err_memory(err);
    if (code != VG_OK)
        return code;
    uint64_t *came = arena_array(scratch, uint64_t, steps),
             *again = arena_array(scratch, uint64_t, steps);
    int64_t *last_us = arena_array(scratch, int64_t, steps);
    size_t *counted = arena_array(scratch, size_t, steps);
    uint32_t *step_of = arena_array(scratch, uint32_t, labels->count);
    size_t *stamp = arena_array(scratch, size_t, steps);
    if (!came || !again || !last_us || !counted || !step_of || !stamp)
        return err_memory(err);
    for (uint32_t l = 0; l < labels->count; l++) {
        const uint8_t *match = labels->row[l] ? label_match(labels, l) : NULL,
                      *first = match ? memchr(match, 1, steps) : NULL;
        step_of[l] = first ? (uint32_t)(first - match) : UINT32_MAX;
    }
    for (size_t t = 0; t < log->traces; t++)
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++) {
            uint32_t step = step_of[label_of(labels, log, row)];
            if (step == UINT32_MAX)
                continue;
            bool met = stamp[step] == t + 1;
            came[step] += !met;
            if (met && counted[step] != t + 1 && !slip(log->at_us[row] - last_us[step])) {
                again[step]++;
                counted[step] = t + 1;
            }
            stamp[step] = t + 1;
            last_us[step] = log->at_us[row];
        }
    all->came = came;
    all->again = again;
    all->labels = labels;
    all->step_of = step_of;
    return VG_OK;
}

/* Among the first three, a kind that is not there yet goes before one that is, unless it
 * weighs hardly anything beside it. */
static void make_first_differ(struct finding *items, size_t count)
{
    bool there[KINDS] = {false};
    for (size_t place = 0; place < FIRST && place < count; place++) {
        size_t pick = place;
        while (pick < count && there[items[pick].kind])
            pick++;
        if (pick == count || items[pick].weight < comparable * items[place].weight)
            pick = place;
        struct finding picked = items[pick];
        memmove(&items[place + 1], &items[place], (pick - place) * sizeof picked);
        items[place] = picked;
        there[picked.kind] = true;
    }
}

enum vg_code findings_mine(struct arena *arena, const struct vg_log *log,
                           const struct vg_map *map, const struct vg_funnel *funnel,
                           const struct vg_align *align,
                           const struct vg_emotions *emotions, struct findings *ret,
                           struct vg_err *err)
{
    struct gathering all = {.arena = arena,
                            .log = log,
                            .map = map,
                            .funnel = funnel,
                            .align = align,
                            .emotions = emotions};
    all.cases_least = log->traces < SMALL_LOG ? 2 : 5;
    struct arena *scratch = arena_open(0);
    enum vg_code code = scratch ? came_count(&all, scratch, err) : err_memory(err);
    if (code == VG_OK) {
        gather_losses(&all);
        gather_beliefs(&all);
        gather_shortcuts(&all);
        gather_waits(&all);
        gather_loops(&all);
    }
    arena_close(scratch);
    if (code != VG_OK || all.failed)
        return code != VG_OK ? code : err_memory(err);
    if (all.count)
        qsort(all.items, all.count, sizeof *all.items, by_weight);
    all.count = thin_out(all.items, all.count);
    make_first_differ(all.items, all.count);
    *ret = (struct findings){all.items, all.count};
    return VG_OK;
}
