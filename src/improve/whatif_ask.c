/* Asking a chain: now and then. */
#include "improve/whatif_parts.h"

#include "base/lang.h"
#include "base/parallel.h"
#include "mine/scratch.h"
#include "mine/stats.h"

#include <math.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The value, and the 2.5th and 97.5th percentile of `values`, which are sorted; those
 * that are not known stand aside. */
struct estimate95 whatif_between(double value, double *values, size_t count)
{
    size_t known = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(values[i]))
            values[known++] = values[i];
    qsort(values, known, sizeof *values, by_size);
    if (isnan(value) || known < count / 2 + 1)
        return (struct estimate95){value, NAN, NAN};
    return (struct estimate95){value, stats_quantile(values, known, 0.025),
                               stats_quantile(values, known, 0.975)};
}

struct asking {
    const struct whatif *whatif;
    const struct cuts *cuts;
    double *memory; /* [workers × outcome_size] */
    struct outcome *outcomes;
};

static void ask_turn(void *ctx, size_t i, unsigned worker)
{
    struct asking *work = ctx;
    outcome_find(&work->whatif->chain, &work->whatif->rounds[i], work->cuts,
                 work->memory + worker * outcome_size(&work->whatif->chain),
                 &work->outcomes[i]);
}

static double arrivals_of(const struct outcome *outcome)
{
    return outcome->arrivals;
}
static double end_of(const struct outcome *outcome)
{
    return outcome->in_the_end;
}
static double median_of(const struct outcome *outcome)
{
    return outcome->median_s;
}

/* One number of an outcome, now and then, and the difference; times `scale`. */
struct telling {
    double (*of)(const struct outcome *outcome);
    double scale;
    struct estimate95 *now, *then, *difference;
};

static void tell(const struct whatif *whatif, const struct outcome *then,
                 const struct outcome *rounds, const struct telling *telling,
                 double *values)
{
    size_t count = whatif->facts.rounds;
    double scale = telling->scale, (*of)(const struct outcome *) = telling->of;
    for (size_t i = 0; i < count; i++)
        values[i] = of(&whatif->now_of[i]) * fabs(scale);
    *telling->now = whatif_between(of(&whatif->now) * fabs(scale), values, count);
    for (size_t i = 0; i < count; i++)
        values[i] = of(&rounds[i]) * fabs(scale);
    *telling->then = whatif_between(of(then) * fabs(scale), values, count);
    for (size_t i = 0; i < count; i++)
        values[i] = (of(&rounds[i]) - of(&whatif->now_of[i])) * scale;
    *telling->difference =
        whatif_between((of(then) - of(&whatif->now)) * scale, values, count);
}

static void answer(const struct whatif *whatif, const struct outcome *then,
                   const struct outcome *rounds, double *values,
                   struct whatif_answer *ret)
{
    double n = (double)whatif->facts.journeys;
    const struct telling tellings[] = {
        {arrivals_of, n, &ret->now.arrivals, &ret->then.arrivals, &ret->more},
        {end_of, n, &ret->now.in_the_end, &ret->then.in_the_end, &ret->more_in_the_end},
        {median_of, -1, &ret->now.median_s, &ret->then.median_s, &ret->sooner_s}};
    for (size_t i = 0; i < COUNT_OF(tellings); i++)
        tell(whatif, then, rounds, &tellings[i], values);
}

static enum vg_code read_changes(const struct whatif *whatif,
                                 const struct whatif_change *changes, size_t count,
                                 double *less_loss, double *less_wait, struct vg_err *err)
{
    for (size_t s = 0; s < whatif->chain.count; s++)
        less_loss[s] = less_wait[s] = 0;
    for (size_t i = 0; i < count; i++) {
        const struct whatif_change *change = &changes[i];
        size_t step = 0;
        while (step < whatif->chain.count &&
               strcmp(whatif->steps[step].id, change->step) != 0)
            step++;
        if (step == whatif->chain.count)
            return err_set(err, VG_ERR_NOT_FOUND, NULL, _("\"%s\" is no step of the map"),
                           change->step);
        bool shares = change->less_loss >= 0 && change->less_loss <= 1 &&
                      change->less_wait >= 0 && change->less_wait <= 1;
        if (!shares)
            return err_set(err, VG_ERR_USAGE, NULL, "%s",
                           _("how much less is a share from 0 to 1"));
        less_loss[step] = fmax(less_loss[step], change->less_loss);
        less_wait[step] = fmax(less_wait[step], change->less_wait);
    }
    return VG_OK;
}

enum vg_code whatif_ask(const struct whatif *whatif, const struct whatif_change *changes,
                        size_t count, struct whatif_answer *ret, struct vg_err *err)
{
    size_t steps = whatif->chain.count, rounds = whatif->facts.rounds;
    double *less = scratch_array(double, 2 * steps + 1);
    double *values = scratch_array(double, rounds + 1);
    struct outcome *outcomes = scratch_array(struct outcome, rounds + 1), then;
    struct asking work = {.whatif = whatif,
                          .memory = scratch_array(
                              double, parallel_workers() * outcome_size(&whatif->chain)),
                          .outcomes = outcomes};
    enum vg_code code =
        less && values && outcomes && work.memory ? VG_OK : err_memory(err);
    if (code == VG_OK)
        code = read_changes(whatif, changes, count, less, less + steps, err);
    if (code == VG_OK) {
        struct cuts cuts = {less, less + steps};
        work.cuts = &cuts;
        outcome_find(&whatif->chain, &whatif->whole, &cuts, work.memory, &then);
        parallel_for(rounds, ask_turn, &work);
        answer(whatif, &then, outcomes, values, ret);
    }
    scratch_free(less);
    scratch_free(values);
    scratch_free(outcomes);
    scratch_free(work.memory);
    return code;
}

/* ---- pains ---- */

static int by_worth(const void *left, const void *right)
{
    const struct whatif_step *a = ((const struct whatif_pain *)left)->step;
    const struct whatif_step *b = ((const struct whatif_pain *)right)->step;
    if (a->worth.value != b->worth.value)
        return a->worth.value > b->worth.value ? -1 : 1;
    if (a->sooner_s != b->sooner_s)
        return a->sooner_s > b->sooner_s ? -1 : 1;
    if (a != b)
        return a < b ? -1 : 1;
    return strcmp(((const struct whatif_pain *)left)->id,
                  ((const struct whatif_pain *)right)->id);
}

enum vg_code whatif_pains(struct arena *arena, const struct whatif *whatif,
                          const struct vg_map *map, struct whatif_pain **ret,
                          size_t *ret_count, struct vg_err *err)
{
    size_t count = 0, most = map->step_count + 1;
    for (size_t s = 0; s < map->step_count; s++)
        most += map->steps[s].pain_count;
    struct whatif_pain *pains = arena_array(arena, struct whatif_pain, most);
    if (!pains)
        return err_memory(err);
    for (size_t s = 0; s < whatif->facts.step_count && s < map->step_count; s++) {
        const struct whatif_step *step = &whatif->steps[s];
        for (size_t i = 0; i < map->steps[s].pain_count; i++)
            pains[count++] = (struct whatif_pain){map->steps[s].pains[i].id,
                                                  map->steps[s].pains[i].text, step};
        if (!map->steps[s].pain_count && step->worth.value >= 0.5)
            pains[count++] = (struct whatif_pain){"", "", step};
    }
    qsort(pains, count, sizeof *pains, by_worth);
    *ret = pains;
    *ret_count = count;
    return VG_OK;
}
