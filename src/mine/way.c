#include "mine/way.h"

/* Steps of one choice stand next to each other: where the run that begins at `i` ends. */
static size_t stage_end(const struct steps *steps, size_t i)
{
    size_t end = i + 1;
    while (steps->choice[i] && end < steps->count &&
           steps->choice[end] == steps->choice[i])
        end++;
    return end;
}

static bool holds(const struct steps *steps, size_t i)
{
    return !steps->optional[i] && !steps->unseen[i];
}

/* A choice holds people up when no branch of it can be walked without a trace. */
static bool stage_holds(const struct steps *steps, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        bool branch_holds = false;
        for (size_t j = begin; j < end; j++)
            if (steps->branch[j] == steps->branch[i] && holds(steps, j))
                branch_holds = true;
        if (!branch_holds)
            return false;
    }
    return true;
}

/* The nodes that may come right before the step at `i` of the stage that begins at node
 * `stage_node`: the one before it in its branch, or else the ends of the stage before. */
static void before_find(struct way *way, struct way_node *node, uint32_t stage_node,
                        uint32_t ends_first, uint32_t ends_count, size_t *used)
{
    node->first_before = (uint32_t)*used;
    for (size_t n = way->count; n-- > stage_node;)
        if (way->nodes[n].branch == node->branch) {
            node->depth = way->nodes[n].depth + 1;
            way->before[(*used)++] = (uint32_t)n;
            node->before_count = 1;
            return;
        }
    for (uint32_t e = 0; e < ends_count; e++)
        way->before[(*used)++] = way->before[ends_first + e];
    node->before_count = ends_count;
}

/* The ends of the branches of the stage whose nodes begin at `stage_node`. */
static uint32_t ends_find(struct way *way, uint32_t stage_node, size_t *used)
{
    uint32_t count = 0;
    for (size_t n = stage_node; n < way->count; n++) {
        bool end = true;
        for (size_t m = n + 1; m < way->count; m++)
            end = end && way->nodes[m].branch != way->nodes[n].branch;
        way->nodes[n].end = end;
        if (end)
            way->before[(*used)++] = (uint32_t)n, count++;
    }
    return count;
}

static void nodes_make(struct way *way)
{
    const struct steps *steps = way->steps;
    uint32_t stage = 0, ends_first = 0, ends_count = 0;
    size_t used = 0;
    for (size_t begin = 0, end; begin < steps->count; begin = end) {
        end = stage_end(steps, begin);
        bool stage_is_way = stage_holds(steps, begin, end);
        uint32_t stage_node = (uint32_t)way->count;
        for (size_t i = begin; i < end; i++) {
            struct way_node node = {.step = (uint32_t)i,
                                    .stage = stage,
                                    .branch = stage_is_way ? steps->branch[i] : 0};
            before_find(way, &node, stage_node, ends_first, ends_count, &used);
            if (stage_is_way && holds(steps, i))
                way->nodes[way->count++] = node;
            else if (!steps->unseen[i])
                way->sides[way->side_count++] = node;
        }
        if (way->count > stage_node) {
            ends_first = (uint32_t)used;
            ends_count = ends_find(way, stage_node, &used);
            stage++;
        }
    }
    for (uint32_t e = 0; e < ends_count; e++)
        way->nodes[way->before[ends_first + e]].last = true;
}

/* For each pair, the nodes an event of it is at, the furthest first. */
static bool lists_make(struct arena *arena, const struct steps *steps,
                       const struct way_node *nodes, size_t count, uint32_t **ret_first,
                       uint32_t **ret_list)
{
    size_t pairs = steps->activity_count * (steps->channel_count + 1), total = 0;
    for (size_t n = 0; n < count; n++)
        for (size_t p = 0; p < pairs; p++)
            total += steps->match[nodes[n].step * pairs + p];
    uint32_t *first = arena_array(arena, uint32_t, pairs + 1);
    uint32_t *list = arena_array(arena, uint32_t, total);
    if (!first || !list)
        return false;
    size_t at = 0;
    for (size_t p = 0; p < pairs; p++) {
        first[p] = (uint32_t)at;
        for (size_t n = count; n-- > 0;)
            if (steps->match[nodes[n].step * pairs + p])
                list[at++] = (uint32_t)n;
    }
    first[pairs] = (uint32_t)at;
    *ret_first = first, *ret_list = list;
    return true;
}

static bool channels_alike(const struct steps *steps)
{
    size_t channels = steps->channel_count + 1;
    for (size_t i = 0; i < steps->count * steps->activity_count; i++)
        if (memchr(steps->match + i * channels, !steps->match[i * channels], channels))
            return false;
    return true;
}

enum vg_code way_make(struct arena *arena, const struct steps *steps, struct way *ret,
                      struct vg_err *err)
{
    struct way way = {.steps = steps};
    /* A step follows at most all others; the ends of each stage are listed once. */
    size_t room = (steps->count + 1) * (steps->count + 1);
    way.nodes = arena_array(arena, struct way_node, steps->count);
    way.sides = arena_array(arena, struct way_node, steps->count);
    way.before = arena_array(arena, uint32_t, room);
    if (!way.nodes || !way.sides || !way.before)
        return err_memory(err);
    nodes_make(&way);
    if (!lists_make(arena, steps, way.nodes, way.count, &way.node_first,
                    &way.node_list) ||
        !lists_make(arena, steps, way.sides, way.side_count, &way.side_first,
                    &way.side_list))
        return err_memory(err);
    way.plain = true;
    for (size_t n = 0; n < way.count; n++)
        way.plain =
            way.plain && way.nodes[n].before_count == (n > 0) && way.nodes[n].stage == n;
    way.any_channel = channels_alike(steps);
    *ret = way;
    return VG_OK;
}
