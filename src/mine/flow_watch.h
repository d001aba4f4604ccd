/* flow_watch: one look at every event of a slice, by which most times between are counted
 * and only few are picked to be looked at again.
 *
 * Watched  edges that a sample found often, each with a bracket (mine/bracket) of its
 * own. Of the other edges every time is picked. */
#ifndef MINE_FLOW_WATCH_H
#define MINE_FLOW_WATCH_H

#include "mine/bracket.h"
#include "mine/slice.h"
#include "mine/tally.h"

/* What one worker counted of an edge's times. */
struct watch {
    struct bracket bracket;
    uint32_t from, to;
    uint64_t sum_low, sum_high; /* of their lower and upper 32 bits */
    int64_t min, max;
    uint64_t width; /* max − min; a time beyond min + width widens it */
    uint64_t of_class[BRACKET_CLASSES];
    struct durations kept;
};

/* Watches 0 and 1 are no edge: all is picked, as of edges that are not watched; nothing
 * is, as of what is no edge at all. */
enum { WATCH_ALL, WATCH_NONE, WATCH_FIRST, WATCH_EDGES_MAX = 16384 };
/* Beyond so many activities no edge is watched: the table of pairs would be too large. */
enum { WATCH_ACTIVITIES_MAX = 2048 };

struct watched {
    size_t activities;
    uint16_t *number; /* [activities²] which watch a pair has; NULL: all WATCH_ALL */
    struct watch *watches; /* [count] as they begin */
    size_t count;
};

/* Rows that were picked, counted from the slice's first; the time is that from the row
 * before. There is room for each row and one more. */
struct picks {
    uint32_t *row;
    size_t count;
};

/* What traces are apart from their edges. */
struct trace_counts {
    uint64_t *starts, *ends; /* [activities] */
    uint64_t longest;        /* events */
    int64_t *duration_us;    /* [traces of the log] */
};

/* A watch as it begins. */
struct watch watch_begin(uint32_t from, uint32_t to, struct bracket bracket);
/* Look at a slice's events. `watches` is the worker's, and counts on. False when memory
 * is used up. */
MUST_CHECK bool watch_slice(const struct vg_log *log, const struct watched *watched,
                            struct slice slice, struct watch *watches,
                            struct trace_counts *traces, struct picks *picks);
void watch_close(struct watch *watches, size_t count);
/* Pick about one in 32 of a slice's events, some together here and there. */
void watch_sample(const struct vg_log *log, struct slice slice, struct picks *picks);

#endif
