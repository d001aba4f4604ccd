/* align_parts: what alignment is made of, shared by align*.c, shortcuts.c and emotion.c.
 *
 * The map is a row of nodes (`way`), events become labels by the steps they match
 * (`labels`), traces with the same labels are explained once (`kinds`), and `aligned`
 * says for every event of every kind of trace at which step it was put. */
#ifndef MINE_ALIGN_PARTS_H
#define MINE_ALIGN_PARTS_H

#include "mine/mine.h"

/* way: the map as nodes in topological order. Node 0 is the start; every step has a node,
 * "after this step"; every choice has one more, where its branches join.
 * Moving from before[v] to v means walking, or skipping, step[v]. */
#define WAY_NO_STEP UINT16_MAX
struct way {
    size_t node_count, step_count;
    uint16_t *step;       /* [node] WAY_NO_STEP at the start and where branches join */
    uint32_t *before;     /* [node] for nodes with a step */
    uint8_t *skip_cost;   /* [node] 0 for an optional step, else 1 */
    uint8_t *repeatable;  /* [node] */
    uint32_t *join_first; /* [node + 1] where the branch ends of a joining node are */
    uint32_t *join;
    uint32_t *row0; /* [node] cost of coming here without any event */
    uint16_t *row0_move;
    uint32_t shortest; /* row0 of the last node: the shortest way through the map */
};
MUST_CHECK enum vg_code way_build(struct arena *arena, const struct vg_map *map,
                                  struct way *ret, struct vg_err *err);

/* How a cell of the table was reached. At a node where branches join, the value is the
 * branch's number. Equal costs: the first of these wins, so that, read from the trace's
 * end, unmatched events and skipped steps come late and matches come early. */
enum way_move { MOVE_LOG, MOVE_SKIP, MOVE_SYNC, MOVE_LOOP };

/* walk_align: the cheapest way to explain `count` events by the map.
 * match[i] is event i's row of step_count bytes: 1 where the event may be that step.
 * Cost   time count × nodes (twice that for long traces); memory √count × nodes. */
struct walk {        /* one worker's memory, grown as needed; zeroed at first */
    uint8_t **match; /* [capacity] the caller fills in */
    uint16_t *node;  /* [capacity] out: the node whose step event i walks; 0: none */
    size_t capacity;
    uint32_t
        *skip_at; /* [skip_count] out: mandatory steps skipped before event skip_at */
    uint16_t *skip_node; /* latest first */
    size_t skip_count;
    void *cells[4];
    size_t cell_bytes[4];
};
MUST_CHECK bool walk_reserve(struct walk *walk, size_t count);
/* False when memory is used up. */
MUST_CHECK bool walk_align(struct walk *walk, const struct way *way, size_t count,
                           uint32_t *ret_cost);
void walk_free(struct walk *walk);

/* labels: events that the map cannot tell apart have the same label: the activity and,
 * only where the map matches that activity on some channels, the channel. */
struct labels {
    size_t count;
    uint32_t *special_first; /* [activities + 1] labels for an activity on one channel */
    uint16_t *activity;      /* [label]; label a is activity a on any other channel */
    uint16_t *channel;       /* [label] LOG_NO_CODE16: any other */
    uint32_t *row;           /* [label] of match; 0: it matches no step */
    uint8_t *match;          /* [row_count][step_count] */
    size_t row_count, step_count;
    uint8_t *named; /* [activities] 1: the map knows it as a milestone, a proof, a reading
                       or a sign, and no way beside it */
    bool ambiguous; /* some label matches several steps */
};
MUST_CHECK enum vg_code labels_build(struct arena *arena, const struct vg_log *log,
                                     const struct vg_map *map, struct labels *ret,
                                     struct vg_err *err);
static inline uint32_t label_of(const struct labels *labels, const struct vg_log *log,
                                size_t row)
{
    uint32_t activity = log->activity[row];
    uint32_t i = labels->special_first[activity],
             end = labels->special_first[activity + 1];
    if (i < end && log->channel)
        for (; i < end; i++)
            if (labels->channel[i] == log->channel[row])
                return i;
    return activity;
}
static inline uint8_t *label_match(const struct labels *labels, uint32_t label)
{
    return labels->match + (size_t)labels->row[label] * labels->step_count;
}

/* kinds: the distinct label sequences, numbered in the order of their first trace. */
struct kinds {
    size_t count;
    uint32_t *of;      /* [traces] */
    uint32_t *example; /* [count] a trace of that kind */
    uint64_t *traces;  /* [count] how many there are */
};
MUST_CHECK enum vg_code kinds_build(struct arena *arena, const struct vg_log *log,
                                    const struct labels *labels, struct kinds *ret,
                                    struct vg_err *err);

/* Where an event was put: the step's index, and how. */
#define AT_UNKNOWN UINT16_MAX /* it matches no step */
#define AT_OFF     0x8000     /* not on the map's way */
#define AT_AGAIN   0x4000     /* a repeatable step, once more */
#define AT_JUMP    0x2000 /* on the way, and steps that had to be met before were not */
#define AT_STEP    0x1fff
static inline bool at_met(uint16_t at)
{
    return !(at & AT_OFF);
}

struct aligned {
    const struct vg_log *log;
    const struct vg_map *map;
    struct way way;
    struct labels labels;
    struct kinds kinds;
    uint64_t *at_first;   /* [kinds + 1] */
    uint16_t *at;         /* kind k's events are at_first[k] … at_first[k + 1] − 1 */
    uint32_t *cost;       /* [kinds] */
    uint8_t *has_unknown; /* [kinds] */
    uint8_t *skipped; /* [kinds][skip_bytes] a bit for each step it had to have, and had
                         not anywhere */
    size_t skip_bytes;
    struct vg_align_step *steps; /* counts only */
    uint64_t *label_events;      /* [labels] */
    /* Copies in the answer's arena, so that it needs neither log nor map any more. */
    const char **activity_name;         /* [activities] */
    const char **step_id, **step_title; /* [steps] */
};
/* The traces that were at `from`: a step's index, or −1 for the start. */
static inline uint64_t aligned_passing(const struct aligned *aligned, int from)
{
    return from < 0 ? aligned->log->traces : aligned->steps[from].seen;
}
static inline bool aligned_skipped(const struct aligned *aligned, size_t kind,
                                   size_t step)
{
    return aligned->skipped[kind * aligned->skip_bytes + step / 8] >> (step % 8) & 1;
}
/* Align every kind of trace. VG_ERR_LIMIT for a trace too long for such a map. */
MUST_CHECK enum vg_code aligned_make(struct arena *arena, const struct vg_log *log,
                                     const struct vg_map *map, struct aligned *ret,
                                     struct vg_err *err);

/* The shortcuts and jumps of an alignment; `scratch` is for what is needed meanwhile. */
MUST_CHECK enum vg_code shortcuts_mine(struct arena *arena, struct arena *scratch,
                                       const struct aligned *aligned,
                                       struct vg_align *ret, struct vg_err *err);
/* Which of the shortcuts stand instead of something the map knows. */
MUST_CHECK enum vg_code insteads_find(struct arena *scratch,
                                      const struct aligned *aligned, struct vg_align *ret,
                                      struct vg_err *err);
MUST_CHECK enum vg_code jumps_mine(struct arena *arena, struct arena *scratch,
                                   const struct aligned *aligned, struct vg_align *ret,
                                   struct vg_err *err);

#endif
