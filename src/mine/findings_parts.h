/* findings_parts: what the findings are gathered and worded with. */
#ifndef MINE_FINDINGS_PARTS_H
#define MINE_FINDINGS_PARTS_H

#include "base/lang.h"
#include "mine/align_parts.h"
#include "mine/findings.h"

#define FEW_CASES 30 /* fewer observed than this: to be confirmed, and said so */

/* Everything that is known, and the candidates found so far. */
struct gathering {
    struct arena *arena;
    const struct vg_log *log;
    const struct vg_map *map;
    const struct vg_funnel *funnel;
    const struct vg_align *align;
    const struct vg_emotions *emotions;
    const uint64_t *came;  /* [steps] traces with an event of the step, anywhere */
    const uint64_t *again; /* [steps] of these, where it comes once more, later than a
                              slip of the hand would */
    const struct labels *labels;
    const uint32_t *step_of; /* [labels->count] the step an event is at; UINT32_MAX */
    uint64_t cases_least;    /* fewer are an anecdote */
    struct finding *items;
    size_t count, capacity;
    bool failed; /* memory is used up */
};

/* Add a finding; a text that is NULL is memory used up. */
void gather(struct gathering *all, struct finding finding);
void gather_losses(struct gathering *all);
void gather_beliefs(struct gathering *all);
void gather_shortcuts(struct gathering *all);
void gather_waits(struct gathering *all);
void gather_loops(struct gathering *all);

/* A share in words, with how many people it speaks of (one or more) for the verb:
 * "one customer in five" (1), "two customers in three" (2), "3% of customers" (2). */
const char *words_customers(struct arena *arena, double share, uint64_t *ret_number);
/* "three times in ten", "3% of the time". */
const char *words_times(struct arena *arena, double share);
/* A duration as it is said: "15 days", "40 minutes", "3,5 ore". */
const char *words_duration(struct arena *arena, double seconds);
/* A valence as it is said: "very good" … "very bad". */
const char *words_valence(double valence);
/* "19–25%" */
void write_interval(struct buf *out, double low, double high);
/* "22% (19–25%)" */
void write_share_interval(struct buf *out, double share, double low, double high);
/* " · few cases: to be confirmed" where n is small. */
void write_few(struct buf *out, uint64_t n);
/* What was written, in the arena; NULL when memory is used up. Frees the buffer. */
const char *words_take(struct arena *arena, struct buf *text);

#endif
