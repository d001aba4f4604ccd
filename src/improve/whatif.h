/* whatif: the map as a chain of steps that customers walk until they arrive or are lost,
 * estimated from the traces; and how many more would arrive, and how much sooner, if
 * fewer were lost at a step or the wait there were shorter.
 *
 * Definition (docs/method.md, "What if"):
 *   visit     the run of a journey's events at one step; it begins with the first. An
 * event at several steps is at the first of them from where the journey stands, else at
 * the first of all. The first event of the arrival ends the journey. chain     from the
 * visit of a step a journey goes to the visit of another one, arrives, or is lost. The
 * chance of each, and of having gone by a time, is estimated by Kaplan–Meier with
 * competing ends (O. Aalen & S. Johansen, Scandinavian Journal of Statistics 5 (1978)
 * 141–150): who has not gone on is censored when watching ends. Lost is what remains: 1
 * less all that ever go on. wait      from the beginning of a visit to that of the next;
 * the same wherever the journey goes on to (semi-Markov: R. Pyke, Annals of Mathematical
 * Statistics 32 (1961) 1231–1242). less loss x of a step: its loss times (1 − x); those
 * who now go on do so in the same proportions as the others. Less wait y: each wait times
 * (1 − y). arrivals  of the journeys that began, those that arrive before watching ends,
 * each in the time it is watched. In the end: those that ever arrive. median    half of
 * those who arrive (within the horizon) do so in this time. interval  95 %, percentiles
 * of a bootstrap over customers (Poisson weights; fixed seed), the difference of now and
 * then within each resample. Units      seconds; shares 0 … 1; arrivals are of the
 * `journeys` that began. Ownership  lives in `arena`; log and map are not needed any more
 * once it is made. Threads    made by all cores; asking is read-only, and uses all cores,
 * too. Cost       making: rounds × visits. Asking: rounds × steps × bins² ∕ 2. */
#ifndef IMPROVE_WHATIF_H
#define IMPROVE_WHATIF_H

#include "mine/mine.h"

struct whatif;

struct whatif_options {
    const char *arrival; /* id or title of a step, or an activity; NULL: see below */
    double value_each;   /* what an arrival is worth, in money; NAN: as the KPI says */
    size_t rounds;       /* 0: 400, fewer for very large maps */
    uint64_t seed;
};
/* Without an arrival it is where the map's first KPI with value_each ends, else the last
 * step that is on everybody's way and was seen. VG_ERR_NOT_FOUND, VG_ERR_MEMORY; a log in
 * which nobody arrives is no error. */
MUST_CHECK enum vg_code whatif_make(struct arena *arena, const struct vg_log *log,
                                    const struct vg_map *map,
                                    const struct whatif_options *options,
                                    struct whatif **ret, struct vg_err *err);

struct whatif_change {
    const char *step;            /* id */
    double less_loss, less_wait; /* 0 … 1; 0: as it is */
};
struct estimate95 {
    double value, low, high;
};
struct whatif_side {
    struct estimate95 arrivals, in_the_end, median_s;
};
struct whatif_answer {
    struct whatif_side now, then;
    struct estimate95 more, more_in_the_end, sooner_s; /* then less now; sooner: > 0 */
};
/* VG_ERR_NOT_FOUND: there is no such step; VG_ERR_USAGE: a share that is none. */
MUST_CHECK enum vg_code whatif_ask(const struct whatif *whatif,
                                   const struct whatif_change *changes, size_t count,
                                   struct whatif_answer *ret, struct vg_err *err);

struct whatif_step {
    const char *id, *title;
    uint64_t visits, gone_on, arrived_from; /* gone on to another step, or arrived */
    struct estimate95 loss;
    double wait_s;           /* half of those who go on have gone by then; NAN */
    bool reached;            /* some journey comes by here before it arrives */
    struct estimate95 worth; /* more arrivals in the end, were WHATIF_MEND less lost */
    double sooner_s; /* were the wait WHATIF_MEND shorter, half would have arrived so much
                        earlier */
};
#define WHATIF_MEND 0.2 /* a fifth */
struct whatif_facts {
    const struct whatif_step *steps; /* [step_count] the map's, in its order */
    size_t step_count, rounds;
    const char *arrival_id, *arrival_title; /* id "": an activity */
    uint64_t journeys, customers,
        arrived; /* that began; whose they are; seen to arrive */
    double horizon_s, value_each;
};
struct whatif_facts whatif_facts(const struct whatif *whatif);

/* A pain, and what mending its step would be worth; steps where much is lost and nobody
 * wrote down a pain, too. */
struct whatif_pain {
    const char *id, *text; /* "" : none was written down */
    const struct whatif_step *step;
};
/* Best first. */
MUST_CHECK enum vg_code whatif_pains(struct arena *arena, const struct whatif *whatif,
                                     const struct vg_map *map, struct whatif_pain **ret,
                                     size_t *ret_count, struct vg_err *err);

/* What a reader is told: "With a fifth less loss at …, 31 more of 1,284 arrive (18 to
 * 45)". NULL when memory is used up. */
const char *whatif_sentence(struct arena *arena, const struct whatif *whatif,
                            const struct whatif_change *changes, size_t count,
                            const struct whatif_answer *answer) MUST_CHECK;
/* docs/schema/whatif.schema.json. NULL when memory is used up. */
json_t *whatif_to_json(struct arena *arena, const struct whatif *whatif,
                       const struct vg_map *map, const struct whatif_change *changes,
                       size_t count, const struct whatif_answer *answer) MUST_CHECK;

#endif
