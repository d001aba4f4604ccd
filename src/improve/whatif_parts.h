/* What the files of whatif share. */
#ifndef IMPROVE_WHATIF_PARTS_H
#define IMPROVE_WHATIF_PARTS_H

#include "improve/whatif.h"

/* Bins of time, their ends, and a row of them: the last three stay 0, so that rows go
 * four at a time. */
enum { WHATIF_BINS = 128, WHATIF_GRID = WHATIF_BINS + 1, WHATIF_ROW = WHATIF_GRID + 3 };

/* ---- the traces as visits (whatif_visits.c) ---- */

#define NOWHERE UINT32_MAX /* not gone on when watching ended */

struct visit {
    uint32_t step, next; /* next: a step, `count` for the arrival, or NOWHERE */
    uint32_t customer, edge;
    double wait_s; /* until the next visit, or until watching ended */
};
struct journey {
    uint32_t customer, first; /* first: a step, or `count` for the arrival */
    double left_s;            /* from its first visit until watching ended */
    double took_s;            /* to the arrival; NAN */
};
struct visits {
    struct visit *items; /* by step, then wait; who went on before who did not */
    struct journey *journeys;
    size_t count, journey_count, journey_capacity, capacity;
    size_t *first; /* [steps + 1] of each step's */
};
/* scratch; visits_free also on failure. `steps` has the map's `count` steps, `arrival`
 * one row. */
MUST_CHECK enum vg_code visits_make(const struct vg_log *log, const struct steps *steps,
                                    const struct steps *arrival, struct visits *ret,
                                    struct vg_err *err);
/* Half of the share `gone_on` that goes on at all has gone by then. NAN. */
double visits_median_wait(const struct visits *visits, size_t step, double gone_on);
void visits_free(struct visits *visits);

/* ---- the chain (whatif_chain.c) ---- */

struct chain {
    size_t count;         /* steps; `count` itself is the arrival */
    uint32_t *edge_first; /* [count + 1] */
    uint32_t *edge_to;    /* [edge_first[count]] a step, or `count` */
    double bin_s;         /* width of a bin */
};
/* One estimate of a chain: of all customers, or of a resample. */
struct estimate {
    double *chance; /* [edges] */
    double *loss;   /* [count] NAN: no visit */
    double
        *wait; /* [count × WHATIF_ROW] share that goes on within bin k, of those who do */
    double *begin; /* [count + 1] where journeys begin; adds up to 1 */
    double *left;  /* [WHATIF_GRID] how long they are watched; adds up to 1 */
};
/* Doubles in one estimate. */
size_t estimate_size(const struct chain *chain);
void estimate_place(const struct chain *chain, double *memory, struct estimate *ret);
/* weight [customers]; what a resample does not hold is taken from `whole` (or NULL). */
void estimate_make(const struct chain *chain, const struct visits *visits,
                   const uint8_t *weight, const struct estimate *whole,
                   struct estimate *ret);

struct cuts { /* [count] each; NULL: none */
    const double *loss, *wait;
};
struct outcome {
    double arrivals, in_the_end, median_s; /* shares of those that begin; NAN */
};
/* memory: outcome_size doubles. */
size_t outcome_size(const struct chain *chain);
void outcome_find(const struct chain *chain, const struct estimate *estimate,
                  const struct cuts *cuts, double *memory, struct outcome *ret);
/* The share that arrives in the end, alone: memory as for outcome_find. */
double outcome_end(const struct chain *chain, const struct estimate *estimate,
                   const struct cuts *cuts, double *memory);

/* The value, and the 2.5th and 97.5th percentile of `values`, which get sorted; those
 * that are not known stand aside. */
struct estimate95 whatif_between(double value, double *values, size_t count);

/* ---- the whole ---- */

struct whatif {
    struct chain chain;
    struct estimate whole, *rounds; /* [facts.rounds] */
    struct outcome now, *now_of;    /* [facts.rounds] */
    struct whatif_facts facts;
    struct whatif_step *steps;
};

#endif
