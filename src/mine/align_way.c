/* The map as a row of nodes (align_parts.h). */
#include "mine/align_parts.h"

#include <string.h>

/* A run of neighbouring steps with the same choice, while its branches are laid out. */
struct fork {
    size_t first, end; /* steps */
    uint32_t entry;    /* node before the choice */
    uint32_t *last;    /* [branch] its last node so far */
    const char **name; /* [branch] */
    size_t branches;
};

static uint32_t node_add(struct way *way, const struct map_step *step, size_t index,
                         uint32_t before)
{
    uint32_t node = (uint32_t)way->node_count++;
    way->step[node] = (uint16_t)index;
    way->before[node] = before;
    way->skip_cost[node] = !step->optional;
    way->repeatable[node] = step->repeatable;
    way->join_first[node + 1] = way->join_first[node];
    return node;
}

static size_t fork_branch(struct fork *fork, const struct map_step *step)
{
    const char *name = step->branch[0] ? step->branch : step->id;
    for (size_t i = 0; i < fork->branches; i++)
        if (strcmp(fork->name[i], name) == 0)
            return i;
    fork->name[fork->branches] = name;
    fork->last[fork->branches] = fork->entry;
    return fork->branches++;
}

/* Lay out the choice that begins at step fork->first; returns the node behind it. */
static uint32_t fork_add(struct way *way, const struct vg_map *map, struct fork *fork)
{
    const char *choice = map->steps[fork->first].choice;
    size_t i = fork->first;
    for (; i < map->step_count && strcmp(map->steps[i].choice, choice) == 0; i++) {
        size_t branch = fork_branch(fork, &map->steps[i]);
        fork->last[branch] = node_add(way, &map->steps[i], i, fork->last[branch]);
    }
    fork->end = i;
    uint32_t node = (uint32_t)way->node_count++;
    way->step[node] = WAY_NO_STEP;
    uint32_t end = way->join_first[node];
    for (size_t b = 0; b < fork->branches; b++)
        way->join[end++] = fork->last[b];
    way->join_first[node + 1] = end;
    return node;
}

static void row0_fill(struct way *way)
{
    way->row0[0] = 0;
    for (size_t v = 1; v < way->node_count; v++) {
        if (way->step[v] != WAY_NO_STEP) {
            way->row0[v] = way->row0[way->before[v]] + way->skip_cost[v];
            way->row0_move[v] = MOVE_SKIP;
            continue;
        }
        uint32_t first = way->join_first[v];
        way->row0[v] = UINT32_MAX;
        for (uint32_t j = first; j < way->join_first[v + 1]; j++)
            if (way->row0[way->join[j]] < way->row0[v]) {
                way->row0[v] = way->row0[way->join[j]];
                way->row0_move[v] = (uint16_t)(j - first);
            }
    }
    way->shortest = way->row0[way->node_count - 1];
}

enum vg_code way_build(struct arena *arena, const struct vg_map *map, struct way *ret,
                       struct vg_err *err)
{
    size_t most = 2 * map->step_count + 1; /* a choice has at least one step */
    struct way way = {.step_count = map->step_count,
                      .step = arena_array(arena, uint16_t, most),
                      .before = arena_array(arena, uint32_t, most),
                      .skip_cost = arena_array(arena, uint8_t, most),
                      .repeatable = arena_array(arena, uint8_t, most),
                      .join_first = arena_array(arena, uint32_t, most + 1),
                      .join = arena_array(arena, uint32_t, map->step_count),
                      .row0 = arena_array(arena, uint32_t, most),
                      .row0_move = arena_array(arena, uint16_t, most)};
    struct fork fork = {.last = arena_array(arena, uint32_t, map->step_count),
                        .name = arena_array(arena, const char *, map->step_count)};
    if (!way.step || !way.before || !way.skip_cost || !way.repeatable ||
        !way.join_first || !way.join || !way.row0 || !way.row0_move || !fork.last ||
        !fork.name)
        return err_memory(err);
    way.step[0] = WAY_NO_STEP;
    way.node_count = 1;
    uint32_t here = 0;
    for (size_t i = 0; i < map->step_count;) {
        const struct map_step *step = &map->steps[i];
        if (!step->choice[0]) {
            here = node_add(&way, step, i++, here);
            continue;
        }
        fork.first = i;
        fork.entry = here;
        fork.branches = 0;
        here = fork_add(&way, map, &fork);
        i = fork.end;
    }
    row0_fill(&way);
    *ret = way;
    return VG_OK;
}
