/* Which lanes a poster shows, and in which order: the team's, where it has one, as in the
 * editor's grid. */
#include "view/poster_parts.h"

#include <math.h>

/* What the map's document calls the lanes that every map has. */
static const char *const kinds[LANE_COUNT] = {
    [LANE_OBJECTIVES] = "objectives",
    [LANE_DOING] = "doing",
    [LANE_TOUCHPOINT] = "touchpoints",
    [LANE_THINKING] = "thinking",
    [LANE_FEELING] = "feeling",
    [LANE_REALITY] = "reality",
    [LANE_PAINS] = "pains",
    [LANE_OPPORTUNITIES] = "opportunities",
    [LANE_ACTIONS] = "actions",
    [LANE_OWNERS] = "owner",
};

static unsigned step_lanes(const struct map_step *step)
{
    unsigned lanes = 0;
    if (step->objectives.count)
        lanes |= 1u << LANE_OBJECTIVES;
    if (poster_has(step->doing))
        lanes |= 1u << LANE_DOING;
    if (step->touchpoint_count)
        lanes |= 1u << LANE_TOUCHPOINT;
    if (poster_has(step->thinking))
        lanes |= 1u << LANE_THINKING;
    if (isfinite(step->feeling.valence) || poster_has(step->feeling.emotion))
        lanes |= 1u << LANE_FEELING;
    if (step->pain_count)
        lanes |= 1u << LANE_PAINS;
    if (step->opportunity_count)
        lanes |= 1u << LANE_OPPORTUNITIES;
    if (poster_has(step->owner))
        lanes |= 1u << LANE_OWNERS;
    return lanes;
}

/* Whether the map's lane is the team's own, shown, and says something of some step. */
static bool has_own(const struct vg_map *map, size_t lane)
{
    if (map->lanes[lane].hidden || !poster_has(map->lanes[lane].title))
        return false;
    for (size_t i = 0; i < map->step_count; i++)
        if (poster_has(map->steps[i].own[lane]))
            return true;
    return false;
}

/* The lane that every map has and this entry of the document is about; LANE_COUNT: none.
 */
static size_t built_in(const struct map_lane *lane)
{
    size_t i = 0;
    while (i < LANE_COUNT && strcmp(kinds[i], lane->kind) != 0)
        i++;
    return i;
}

/* The three lanes that no map may lack are shown even when empty, as what is missing. */
static unsigned with_content(const struct poster *p)
{
    unsigned lanes = 1u << LANE_DOING | 1u << LANE_THINKING | 1u << LANE_FEELING;
    if (p->map->draft) /* of a draft only what the evidence can say */
        lanes = 0;
    for (size_t i = 0; i < p->map->step_count; i++) {
        lanes |= step_lanes(&p->map->steps[i]);
        if (poster_emotion(p, i))
            lanes |= 1u << LANE_FEELING;
    }
    if (p->map->action_count)
        lanes |= 1u << LANE_ACTIONS;
    if (p->evidence)
        lanes |= 1u << LANE_REALITY;
    for (size_t i = 0; i < p->map->lane_count; i++) {
        size_t lane = built_in(&p->map->lanes[i]);
        if (lane < LANE_COUNT && p->map->lanes[i].hidden)
            lanes &= ~(1u << lane);
    }
    return lanes;
}

/* A lane that nobody gave a place stands behind the one that usually stands before it. */
static void put_in(struct poster *p, size_t lane)
{
    size_t at = 0;
    for (size_t before = lane; before-- > 0 && !at;)
        for (size_t i = 0; i < p->order_count; i++)
            if (!p->order[i].own && p->order[i].lane == before)
                at = i + 1;
    for (size_t i = p->order_count++; i > at; i--)
        p->order[i] = p->order[i - 1];
    p->order[at] = (struct poster_lane_row){.lane = lane};
}

bool poster_order_lanes(struct poster *p, unsigned wanted)
{
    const struct vg_map *map = p->map;
    unsigned placed = 0;
    size_t left = 0;
    p->lanes = wanted ? wanted : with_content(p);
    p->order =
        arena_array(p->arena, struct poster_lane_row, LANE_COUNT + map->lane_count);
    if (!p->order)
        return false;
    p->order_count = 0;
    for (size_t i = 0; i < map->lane_count; i++) {
        size_t lane = built_in(&map->lanes[i]);
        bool own = lane == LANE_COUNT;
        if (own ? !has_own(map, i) : placed >> lane & 1)
            continue;
        p->order[p->order_count++] = (struct poster_lane_row){own, own ? i : lane};
        placed |= own ? 0 : 1u << lane;
    }
    for (size_t lane = 0; lane < LANE_COUNT; lane++)
        if (!(placed >> lane & 1))
            put_in(p, lane);
    for (size_t i = 0; i < p->order_count; i++)
        if (p->order[i].own || p->lanes >> p->order[i].lane & 1)
            p->order[left++] = p->order[i];
    p->order_count = left;
    return true;
}
