#include "improve/whatif_parts.h"

#include "base/lang.h"
#include "base/parallel.h"
#include "base/utf8.h"
#include "mine/scratch.h"

#include <math.h>

#define ROUNDS       400
#define ROUNDS_LEAST 100
#define ROUNDS_BYTES ((size_t)64 << 20) /* more than that: fewer rounds */

/* ---- which arrival ---- */

struct arriving {
    struct steps steps; /* one row */
    const char *id, *title;
    double value_each;
};

static enum vg_code arrive_at_activity(struct arena *arena, const struct vg_log *log,
                                       const char *activity, struct arriving *ret,
                                       struct vg_err *err)
{
    enum vg_code code = steps_from_activities(arena, log, &activity, 1, &ret->steps, err);
    ret->id = "";
    ret->title = arena_text(arena, str_from(activity));
    return code == VG_OK && !ret->title ? err_memory(err) : code;
}

/* Copies: the map may be closed while the answer lives. */
static enum vg_code arrive_at_step(struct arena *arena, const struct vg_map *map,
                                   const struct steps *steps, size_t step,
                                   struct arriving *ret, struct vg_err *err)
{
    size_t flags = steps->activity_count * (steps->channel_count + 1);
    ret->steps = *steps;
    ret->steps.count = 1;
    ret->steps.match = steps->match + step * flags;
    ret->id = arena_text(arena, str_from(map->steps[step].id));
    ret->title = arena_text(arena, str_from(map->steps[step].title));
    return ret->id && ret->title ? VG_OK : err_memory(err);
}

static size_t step_named(struct arena *arena, const struct vg_map *map, const char *name)
{
    str wanted = utf8_fold(arena, str_from(name));
    for (size_t i = 0; i < map->step_count; i++) {
        str title = utf8_fold(arena, str_from(map->steps[i].title));
        if (strcmp(map->steps[i].id, name) == 0 ||
            (title.ptr && wanted.ptr && str_equal(title, wanted)))
            return i;
    }
    return map->step_count;
}

/* The last step that is on everybody's way and was seen. */
static size_t last_step(const struct steps *steps)
{
    size_t last = steps->count ? steps->count - 1 : 0;
    for (size_t i = steps->count; i-- > 0;)
        if (!steps->unseen[i] && !steps->optional[i])
            return i;
    return last;
}

/* The first KPI that says what a success is worth, and whose end the log has. */
static const struct map_kpi *worth_kpi(const struct vg_log *log, const struct vg_map *map,
                                       const struct steps *steps)
{
    for (size_t i = 0; i < map->kpi_count; i++) {
        const struct map_kpi *kpi = &map->kpis[i];
        bool by_activity = kpi->to_activity[0] != '\0';
        if (!(kpi->value_each > 0) || kpi->kind != MAP_KPI_CONVERSION)
            continue;
        if (by_activity &&
            log_activity_find(log, str_from(kpi->to_activity)) != LOG_NO_CODE16)
            return kpi;
        for (size_t s = 0; !by_activity && s < map->step_count; s++)
            if (strcmp(map->steps[s].id, kpi->to) == 0 && !steps->unseen[s])
                return kpi;
    }
    return NULL;
}

static enum vg_code find_arrival(struct arena *arena, const struct vg_log *log,
                                 const struct vg_map *map, const struct steps *steps,
                                 const struct whatif_options *options,
                                 struct arriving *ret, struct vg_err *err)
{
    const struct map_kpi *kpi = worth_kpi(log, map, steps);
    const char *name = options->arrival && options->arrival[0] ? options->arrival : NULL;
    ret->value_each = options->value_each;
    if (!name && kpi)
        name = kpi->to_activity[0] ? kpi->to_activity : kpi->to;
    if (isnan(ret->value_each) && kpi)
        ret->value_each = kpi->value_each;
    if (!map->step_count)
        return err_set(err, VG_ERR_NOT_FOUND, NULL, "%s", _("the map has no step"));
    size_t step = name ? step_named(arena, map, name) : last_step(steps);
    /* The KPI's worth is that of its own end. */
    if (options->arrival && options->arrival[0] && kpi && isnan(options->value_each) &&
        strcmp(name, kpi->to_activity) != 0 &&
        (step == map->step_count || strcmp(map->steps[step].id, kpi->to) != 0))
        ret->value_each = NAN;
    return step < map->step_count ? arrive_at_step(arena, map, steps, step, ret, err)
                                  : arrive_at_activity(arena, log, name, ret, err);
}

/* ---- making ---- */

static uint32_t edge_between(const struct chain *chain, uint32_t from, uint32_t to)
{
    uint32_t e = chain->edge_first[from];
    while (chain->edge_to[e] != to)
        e++;
    return e;
}

/* Which steps follow which: each pair once. */
static enum vg_code make_edges(struct arena *arena, struct visits *visits,
                               struct chain *chain, struct vg_err *err)
{
    size_t count = chain->count, used = 0, most = 0;
    uint8_t *seen = scratch_alloc(count + 1, 1);
    if (!seen)
        return err_memory(err);
    for (int pass = 0; pass < 2 && seen; pass++) {
        if (pass == 1)
            chain->edge_to = arena_array(arena, uint32_t, most + 1);
        if (pass == 1 && !chain->edge_to)
            break;
        for (size_t step = 0; step < count; step++) {
            memset(seen, 0, count + 1);
            if (pass == 1)
                chain->edge_first[step] = (uint32_t)used;
            for (size_t i = visits->first[step]; i < visits->first[step + 1]; i++)
                if (visits->items[i].next != NOWHERE)
                    seen[visits->items[i].next] = 1;
            for (size_t to = 0; to <= count; to++) {
                most += pass == 0 && seen[to];
                if (pass == 1 && seen[to])
                    chain->edge_to[used++] = (uint32_t)to;
            }
        }
    }
    scratch_free(seen);
    if (!chain->edge_to)
        return err_memory(err);
    chain->edge_first[count] = (uint32_t)used;
    for (size_t i = 0; i < visits->count; i++)
        if (visits->items[i].next != NOWHERE)
            visits->items[i].edge =
                edge_between(chain, visits->items[i].step, visits->items[i].next);
    return VG_OK;
}

/* Twice the longest time anybody took to arrive, but no longer than watching went on. */
static double horizon_of(const struct visits *visits)
{
    double longest = 0, watched = 0;
    for (size_t i = 0; i < visits->journey_count; i++) {
        watched = fmax(watched, visits->journeys[i].left_s);
        if (visits->journeys[i].took_s > longest) /* not NAN */
            longest = visits->journeys[i].took_s;
    }
    double horizon = longest > 0 ? fmin(watched, 2 * longest) : watched;
    return horizon > 0 ? horizon : 1;
}

/* How often a customer is in a resample: Poisson with mean 1 (splitmix64's mixing, G.
 * Steele, D. Lea & C. Flood, OOPSLA 2014). */
static uint8_t resampled(uint64_t seed, uint64_t round, uint64_t customer)
{
    static const double up_to[] = {0.36787944117144233, 0.73575888234288467,
                                   0.91969860292860584, 0.98101184312384630,
                                   0.99634015317265640, 0.99940581518241843,
                                   0.99991675885071207, 0.99998975080332526};
    uint64_t x = seed + 0x9E3779B97F4A7C15u * (round * 0x100000001B3u + customer + 1);
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    x ^= x >> 31;
    double u = (double)(x >> 11) * 0x1p-53;
    uint8_t times = 0;
    while (times < COUNT_OF(up_to) && u >= up_to[times])
        times++;
    return times;
}

/* What the workers need; memory of each is its own. */
struct work {
    const struct whatif *whatif;
    const struct visits *visits;
    uint64_t seed;
    uint32_t customers;
    uint8_t *weights; /* [workers × customers] */
    double *memory;   /* [workers × outcome_size] */
    double *cut;      /* [workers × 2 × steps] of worth_turn */
    double *ends;     /* [steps × rounds] */
};

static double *memory_of(const struct work *work, unsigned worker)
{
    return work->memory + worker * outcome_size(&work->whatif->chain);
}

static void round_turn(void *ctx, size_t i, unsigned worker)
{
    struct work *work = ctx;
    const struct whatif *whatif = work->whatif;
    uint8_t *weight = work->weights + (size_t)worker * work->customers;
    for (uint32_t c = 0; c < work->customers; c++)
        weight[c] = resampled(work->seed, i, c);
    estimate_make(&whatif->chain, work->visits, weight, &whatif->whole,
                  &whatif->rounds[i]);
    outcome_find(&whatif->chain, &whatif->rounds[i], &(struct cuts){0},
                 memory_of(work, worker), &whatif->now_of[i]);
}

static enum vg_code make_rounds(struct whatif *whatif, struct arena *arena,
                                const struct visits *visits, uint32_t customers,
                                uint64_t seed, struct vg_err *err)
{
    size_t rounds = whatif->facts.rounds, size = estimate_size(&whatif->chain);
    size_t workers = parallel_workers();
    double *memory = arena_array(arena, double, size *(rounds + 1));
    whatif->rounds = arena_array(arena, struct estimate, rounds);
    whatif->now_of = arena_array(arena, struct outcome, rounds);
    struct work work = {.whatif = whatif,
                        .visits = visits,
                        .seed = seed,
                        .customers = customers,
                        .weights = scratch_alloc(workers * ((size_t)customers + 1), 1),
                        .memory =
                            scratch_array(double, workers *outcome_size(&whatif->chain))};
    enum vg_code code = VG_OK;
    if (!memory || !whatif->rounds || !whatif->now_of || !work.weights || !work.memory)
        code = err_memory(err);
    if (code == VG_OK) {
        estimate_place(&whatif->chain, memory, &whatif->whole);
        for (size_t i = 0; i < rounds; i++)
            estimate_place(&whatif->chain, memory + (i + 1) * size, &whatif->rounds[i]);
        estimate_make(&whatif->chain, visits, NULL, NULL, &whatif->whole);
        for (size_t s = 0; s < whatif->chain.count; s++)
            if (isnan(whatif->whole.loss[s]))
                whatif->whole.loss[s] = 1;
        outcome_find(&whatif->chain, &whatif->whole, &(struct cuts){0}, work.memory,
                     &whatif->now);
        parallel_for(rounds, round_turn, &work);
    }
    scratch_free(work.weights);
    scratch_free(work.memory);
    return code;
}

/* ---- what each step would be worth ---- */

static void worth_turn(void *ctx, size_t step, unsigned worker)
{
    struct work *work = ctx;
    const struct whatif *whatif = work->whatif;
    size_t count = whatif->chain.count, rounds = whatif->facts.rounds;
    double *memory = memory_of(work, worker), *cut = work->cut + worker * count;
    double *ends = work->ends + step * rounds, n = (double)whatif->facts.journeys;
    struct whatif_step *told = &whatif->steps[step];
    for (size_t i = 0; i < count; i++)
        cut[i] = i == step ? WHATIF_MEND : 0;
    struct cuts less_loss = {cut, NULL}, less_wait = {NULL, cut};
    if (!told->visits)
        return;
    double more = outcome_end(&whatif->chain, &whatif->whole, &less_loss, memory) -
                  whatif->now.in_the_end;
    for (size_t i = 0; i < rounds; i++)
        ends[i] = (outcome_end(&whatif->chain, &whatif->rounds[i], &less_loss, memory) -
                   whatif->now_of[i].in_the_end) *
                  n;
    told->worth = whatif_between(more * n, ends, rounds);
    for (size_t i = 0; i < rounds; i++)
        ends[i] = whatif->rounds[i].loss[step];
    told->loss = whatif_between(whatif->whole.loss[step], ends, rounds);
    struct outcome sooner;
    outcome_find(&whatif->chain, &whatif->whole, &less_wait, memory, &sooner);
    double by_s = whatif->now.median_s - sooner.median_s;
    told->sooner_s = by_s > 0 ? by_s : 0;
}

static enum vg_code tell_steps(struct whatif *whatif, struct arena *arena,
                               const struct vg_map *map, const struct visits *visits,
                               struct vg_err *err)
{
    size_t count = whatif->chain.count, workers = parallel_workers();
    whatif->steps = arena_array(arena, struct whatif_step, count + 1);
    struct work work = {.whatif = whatif,
                        .memory =
                            scratch_array(double, workers *outcome_size(&whatif->chain)),
                        .cut = scratch_array(double, workers *count + 1),
                        .ends = scratch_array(double, count * whatif->facts.rounds + 1)};
    bool good = whatif->steps && work.memory && work.cut && work.ends;
    for (size_t s = 0; good && s < count; s++) {
        struct whatif_step *step = &whatif->steps[s];
        *step = (struct whatif_step){
            .id = arena_text(arena, str_from(map->steps[s].id)),
            .title = arena_text(arena, str_from(map->steps[s].title)),
            .visits = visits->first[s + 1] - visits->first[s],
            .loss = {NAN, NAN, NAN},
            .worth = {0, NAN, NAN},
            .wait_s = visits_median_wait(visits, s, 1 - whatif->whole.loss[s])};
        step->reached = step->visits > 0;
        for (size_t i = visits->first[s]; i < visits->first[s + 1]; i++) {
            step->gone_on += visits->items[i].next != NOWHERE;
            step->arrived_from += visits->items[i].next == count;
        }
        good = step->id && step->title;
    }
    if (good)
        parallel_for(count, worth_turn, &work);
    whatif->facts.steps = whatif->steps;
    whatif->facts.step_count = count;
    scratch_free(work.memory);
    scratch_free(work.cut);
    scratch_free(work.ends);
    return good ? VG_OK : err_memory(err);
}

static uint64_t customers_of(const struct visits *visits, uint8_t *seen)
{
    uint64_t count = 0;
    for (size_t i = 0; i < visits->journey_count; i++) {
        count += !seen[visits->journeys[i].customer];
        seen[visits->journeys[i].customer] = 1;
    }
    return count;
}

static enum vg_code fill(struct whatif *whatif, struct arena *arena,
                         const struct vg_log *log, const struct vg_map *map,
                         const struct whatif_options *options, struct visits *visits,
                         struct vg_err *err)
{
    struct whatif_facts *facts = &whatif->facts;
    uint8_t *seen = scratch_zeroed((size_t)log->trace_names.count + 1, 1);
    if (!seen)
        return err_memory(err);
    facts->journeys = visits->journey_count;
    facts->customers = customers_of(visits, seen);
    scratch_free(seen);
    for (size_t i = 0; i < visits->journey_count; i++)
        facts->arrived += isnan(visits->journeys[i].took_s) ? 0 : 1;
    facts->horizon_s = horizon_of(visits);
    whatif->chain.bin_s = facts->horizon_s / WHATIF_BINS;
    whatif->chain.edge_first = arena_array(arena, uint32_t, map->step_count + 2);
    if (!whatif->chain.edge_first)
        return err_memory(err);
    enum vg_code code = make_edges(arena, visits, &whatif->chain, err);
    if (code != VG_OK)
        return code;
    size_t fit = ROUNDS_BYTES / (estimate_size(&whatif->chain) * sizeof(double));
    facts->rounds = options->rounds      ? options->rounds
                    : fit > ROUNDS       ? ROUNDS
                    : fit < ROUNDS_LEAST ? ROUNDS_LEAST
                                         : fit;
    code = make_rounds(whatif, arena, visits, log->trace_names.count, options->seed, err);
    return code == VG_OK ? tell_steps(whatif, arena, map, visits, err) : code;
}

enum vg_code whatif_make(struct arena *arena, const struct vg_log *log,
                         const struct vg_map *map, const struct whatif_options *options,
                         struct whatif **ret, struct vg_err *err)
{
    struct arriving arriving;
    struct visits visits = {0};
    struct steps steps;
    struct whatif *whatif = arena_new(arena, struct whatif);
    struct arena *passing = arena_open(0);
    enum vg_code code = whatif && passing ? VG_OK : err_memory(err);
    if (code == VG_OK)
        code = steps_from_map(passing, log, map, &steps, err);
    if (code == VG_OK)
        code = find_arrival(passing, log, map, &steps, options, &arriving, err);
    if (code == VG_OK)
        code = visits_make(log, &steps, &arriving.steps, &visits, err);
    if (code == VG_OK) {
        whatif->chain.count = map->step_count;
        whatif->facts.value_each = arriving.value_each;
        whatif->facts.arrival_id = arena_text(arena, str_from(arriving.id));
        whatif->facts.arrival_title = arena_text(arena, str_from(arriving.title));
        code = whatif->facts.arrival_id && whatif->facts.arrival_title
                   ? fill(whatif, arena, log, map, options, &visits, err)
                   : err_memory(err);
    }
    visits_free(&visits);
    arena_close(passing);
    if (code == VG_OK)
        *ret = whatif;
    return code;
}

struct whatif_facts whatif_facts(const struct whatif *whatif)
{
    return whatif->facts;
}
