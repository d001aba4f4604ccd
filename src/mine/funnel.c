/* funnel: how many come how far, and whether the others are lost or still travelling.
 * What each number means stands in mine/funnel.h.
 *
 * Way    one pass over the traces, all cores; then each step's times by mine/spread, or
 * as they come by mine/funnel_watch. Cost   linear in events. Scratch: 8 bytes for each
 * trace at each step it reached, of which those that watch keep about a tenth. */
#include "mine/funnel.h"

#include "mine/funnel_watch.h"
#include "mine/scratch.h"
#include "mine/slice.h"
#include "mine/stats.h"
#include "mine/tally.h"
#include "mine/walk.h"

#include <math.h>
#include <stdatomic.h>

enum { FINER = 4 }; /* slices cost nothing here, and the last ones leave a core waiting */

struct job {
    const struct vg_log *log;
    const struct way *way;
    struct walker *walkers; /* [workers] */
    struct tally *tallies;  /* [workers] */
    unsigned workers;
    size_t slices;
    struct fast fast;
    bool is_fast, watched;
    atomic_bool wrong;              /* what the watch guessed */
    struct vg_funnel_step *by_node; /* [way->count] */
    struct span **spans;            /* [way->count] the workers' blocks of moved */
    size_t *span_count;             /* [way->count] */
};

/* ---- walking, and counting what comes of it ---------------------------------------- */

static void visit_side(void *ctx, size_t side, size_t row)
{
    struct tally *tally = ctx;
    (void)row;
    tally->by_side[side]++;
}

static bool count_walk(const struct vg_log *log, struct walker *walker, size_t trace,
                       struct tally *tally)
{
    const struct stop *stops = walker->stops;
    size_t count = walker->stop_count;
    enum walk_past past = walk_past(walker, trace);
    tally->ended += past == PAST_END;
    for (size_t i = 0; i + 1 < count; i++)
        if (!durations_add(&tally->moved[stops[i].node],
                           log->at_us[stops[i + 1].row] - log->at_us[stops[i].row]))
            return false;
    if (count == 0)
        return true;
    const struct stop *last = &stops[count - 1];
    if (walker->arrived)
        tally->arrived[last->node]++;
    else if (past != PAST_NOTHING)
        tally->elsewhere[last->node]++;
    else if (!durations_add(&tally->waiting[last->node],
                            walker->over ? TALLY_FOREVER
                                         : log_watched_us(log) - log->at_us[last->row]))
        return false;
    return true;
}

static void walk_turn(void *ctx, size_t i, unsigned worker)
{
    const struct job *job = ctx;
    struct walker *walker = &job->walkers[worker];
    struct tally *tally = &job->tallies[worker];
    struct slice slice = slice_at(job->log, job->slices, i);
    for (size_t t = slice.first_trace; t < slice.end_trace && !tally->failed; t++) {
        walk_trace(walker, t);
        tally->failed = !count_walk(job->log, walker, t, tally);
        if (job->way->side_count > 0)
            walk_sides(walker, t, visit_side, tally);
    }
}

static void walk_fast_turn(void *ctx, size_t i, unsigned worker)
{
    const struct job *job = ctx;
    fast_walk(&job->fast, slice_at(job->log, job->slices, i), &job->tallies[worker]);
}

/* ---- patience ------------------------------------------------------------------------
 */

/* All times from one event to the next, for the 95th percentile of last resort. */
struct gaps {
    const struct vg_log *log;
    size_t slices;
    int64_t *us;        /* [events] */
    struct span *spans; /* [slices] */
};

static void gaps_turn(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    const struct gaps *gaps = ctx;
    const struct vg_log *log = gaps->log;
    struct slice slice = slice_at(log, gaps->slices, i);
    int64_t *us = gaps->us + log->first[slice.first_trace];
    size_t count = 0;
    for (size_t t = slice.first_trace; t < slice.end_trace; t++)
        for (size_t row = log->first[t] + 1; row < log->first[t + 1]; row++)
            us[count++] = log->at_us[row] - log->at_us[row - 1];
    gaps->spans[i] = (struct span){us, count};
}

static bool gaps_spread(const struct vg_log *log, struct spread *ret)
{
    struct gaps gaps = {log, slice_count(log), NULL, NULL};
    gaps.us = scratch_array(int64_t, log->events);
    gaps.spans = scratch_array(struct span, gaps.slices);
    bool done = gaps.us && gaps.spans;
    if (done) {
        parallel_for(gaps.slices, gaps_turn, &gaps);
        *ret = spread_of(gaps.spans, gaps.slices);
    }
    scratch_free(gaps.us);
    scratch_free(gaps.spans);
    return done;
}

/* All times of the funnel together. They are copied: a spread uses up what it is given.
 */
static bool pooled_spread(const struct job *job, struct spread *ret)
{
    size_t total = 0, at = 0;
    for (size_t n = 0; n < job->way->count; n++)
        for (size_t s = 0; s < job->span_count[n]; s++)
            total += job->spans[n][s].count;
    int64_t *us = scratch_array(int64_t, total);
    for (size_t n = 0; us && n < job->way->count; n++)
        for (size_t s = 0; s < job->span_count[n]; s++) {
            memcpy(us + at, job->spans[n][s].us, job->spans[n][s].count * sizeof *us);
            at += job->spans[n][s].count;
        }
    if (us)
        *ret = spread_of_one(us, total);
    scratch_free(us);
    return us != NULL;
}

/* The patience that steps with few conversions share. */
struct common {
    double p95_s;
    const char *basis;
};

static bool common_patience(const struct job *job, struct common *ret)
{
    struct spread spread = {0};
    if (!pooled_spread(job, &spread))
        return false;
    *ret = (struct common){spread.p95_s, "funnel"};
    if (spread.count >= FUNNEL_FEW)
        return true;
    if (!gaps_spread(job->log, &spread))
        return false;
    *ret = (struct common){spread.p95_s, spread.count ? "log" : "none"};
    return true;
}

static void patience_set(struct vg_funnel_step *step, const struct spread *moved,
                         const struct common *common)
{
    step->patience_s = moved->p95_s;
    step->patience_basis = "step";
    if (moved->count >= FUNNEL_FEW)
        return;
    /* fmax leaves a NAN aside. */
    step->patience_s = fmax(common->p95_s, moved->max_s);
    step->patience_basis = common->basis;
}

/* ---- from tallies to steps -----------------------------------------------------------
 */

/* The longest wait that is not longer than so many seconds. */
static int64_t wait_most(double seconds)
{
    if (!(seconds < 9e12)) /* not a number, too: nobody waits too long but for ever */
        return TALLY_FOREVER - 1;
    int64_t us = (int64_t)(seconds * (double)US_PER_S);
    while ((double)us / (double)US_PER_S > seconds)
        us--;
    while ((double)(us + 1) / (double)US_PER_S <= seconds)
        us++;
    return us;
}

static void waiting_judge(struct job *job, size_t node, struct vg_funnel_step *step)
{
    int64_t most = wait_most(step->patience_s);
    if (job->watched) {
        if (!funnel_watch_judge(job->tallies, job->workers, node, most, &step->lost,
                                &step->travelling))
            atomic_store(&job->wrong, true);
        return;
    }
    for (unsigned w = 0; w < job->workers; w++) {
        const struct durations *waiting = &job->tallies[w].waiting[node];
        for (size_t b = 0; b < waiting->block_count; b++) {
            uint64_t lost = 0, count = waiting->blocks[b].count;
            for (size_t i = 0; i < count; i++)
                lost += waiting->blocks[b].us[i] > most;
            step->lost += lost;
            step->travelling += count - lost;
        }
    }
}

static struct spread moved_spread(struct job *job, size_t node)
{
    struct spread spread = {0, NAN, NAN, NAN, NAN, NAN};
    if (!job->watched)
        return spread_of(job->spans[node], job->span_count[node]);
    if (!funnel_watch_end(job->tallies, job->workers, node, &spread) ||
        spread.count < FUNNEL_FEW)
        atomic_store(&job->wrong, true);
    return spread;
}

static void node_turn(void *ctx, size_t n, unsigned worker)
{
    (void)worker;
    struct job *job = ctx;
    struct vg_funnel_step *step = &job->by_node[n];
    const struct common common = {step->patience_s, step->patience_basis};
    for (unsigned w = 0; w < job->workers; w++)
        step->elsewhere += job->tallies[w].elsewhere[n];
    for (unsigned w = 0; w < job->workers; w++)
        step->moved_on += job->tallies[w].arrived[n];
    if (job->way->nodes[n].last) {
        step->median_s = step->p95_s = step->patience_s = NAN;
        step->patience_basis = "none";
    } else {
        struct spread moved = moved_spread(job, n);
        step->moved_on += moved.count;
        step->median_s = moved.median_s;
        step->p95_s = moved.p95_s;
        patience_set(step, &moved, &common);
    }
    step->moved_on += step->elsewhere;
    if (!job->way->nodes[n].last || !job->watched)
        waiting_judge(job, n, step);
    step->reached = step->moved_on + step->lost + step->travelling;
}

/* Put the workers' blocks of each node's times side by side. *ret_few: some step has too
 * few conversions for a percentile of its own. */
static bool spans_make(struct arena *arena, struct job *job, bool *ret_few)
{
    size_t nodes = job->way->count;
    job->spans = arena_array(arena, struct span *, nodes);
    job->span_count = arena_array(arena, size_t, nodes);
    if (!job->spans || !job->span_count)
        return false;
    for (size_t n = 0; n < nodes; n++) {
        size_t count = 0, moved = 0;
        for (unsigned w = 0; w < job->workers; w++) {
            moved += durations_seal(&job->tallies[w].moved[n]);
            (void)durations_seal(&job->tallies[w].waiting[n]);
            count += job->tallies[w].moved[n].block_count;
        }
        *ret_few = *ret_few || (moved < FUNNEL_FEW && !job->way->nodes[n].last);
        job->spans[n] = arena_array(arena, struct span, count);
        if (!job->spans[n])
            return false;
        for (unsigned w = 0; w < job->workers; w++) {
            const struct durations *of_worker = &job->tallies[w].moved[n];
            for (size_t b = 0; b < of_worker->block_count; b++)
                job->spans[n][job->span_count[n]++] = of_worker->blocks[b];
        }
    }
    return true;
}

static bool walk_all(struct job *job)
{
    bool done = true;
    parallel_for(job->slices, job->is_fast ? walk_fast_turn : walk_turn, job);
    for (unsigned w = 0; w < job->workers; w++)
        done = done && !job->tallies[w].failed;
    return done;
}

/* The steps from what was watched. False: a guess was wrong; nothing is left of it. */
static bool watched_run(struct job *job)
{
    atomic_store(&job->wrong, false);
    parallel_for(job->way->count, node_turn, job);
    return !atomic_load(&job->wrong);
}

static bool tallies_renew(struct job *job)
{
    bool done = true;
    for (unsigned w = 0; w < job->workers; w++) {
        tally_close(&job->tallies[w], job->way->count);
        done =
            done && tally_open(&job->tallies[w], job->way->count, job->way->side_count);
    }
    return done;
}

static bool steps_run(struct arena *scratch, struct job *job)
{
    bool few = false;
    struct common common = {NAN, "none"};
    if (!spans_make(scratch, job, &few) || (few && !common_patience(job, &common)))
        return false;
    for (size_t n = 0; n < job->way->count; n++)
        job->by_node[n] = (struct vg_funnel_step){.patience_s = common.p95_s,
                                                  .patience_basis = common.basis};
    parallel_for(job->way->count, node_turn, job);
    return true;
}

static bool job_run(struct arena *scratch, struct job *job,
                    const struct vg_funnel_options *options)
{
    bool failed = false;
    job->by_node = arena_array(scratch, struct vg_funnel_step, job->way->count);
    job->is_fast = fast_make(scratch, job->log, job->way, options, &job->fast, &failed);
    if (failed || !job->by_node)
        return false;
    if (job->is_fast && !funnel_watch_open(&job->fast, job->tallies, job->workers))
        return false;
    job->watched = job->tallies[0].watches != NULL;
    if (!walk_all(job))
        return false;
    if (job->watched) {
        if (watched_run(job))
            return true;
        job->watched = false;
        if (!tallies_renew(job) || !walk_all(job))
            return false;
    }
    return steps_run(scratch, job);
}

static void shares_set(struct vg_funnel_step *step)
{
    struct interval share = stats_wilson(step->lost, step->reached);
    step->lost_share = step->reached ? (double)step->lost / (double)step->reached : NAN;
    step->lost_low = share.low;
    step->lost_high = share.high;
}

static bool funnel_fill(struct arena *arena, const struct job *job,
                        struct vg_funnel *funnel)
{
    const struct steps *steps = job->way->steps;
    funnel->step_count = steps->count;
    funnel->steps = arena_array(arena, struct vg_funnel_step, steps->count);
    if (!funnel->steps)
        return false;
    for (size_t i = 0; i < steps->count; i++)
        funnel->steps[i] = (struct vg_funnel_step){.optional = true,
                                                   .median_s = NAN,
                                                   .p95_s = NAN,
                                                   .patience_s = NAN,
                                                   .patience_basis = "none"};
    for (size_t n = 0; n < job->way->count; n++) {
        funnel->steps[job->way->nodes[n].step] = job->by_node[n];
        for (unsigned w = 0; w < job->workers; w++)
            funnel->arrived += job->tallies[w].arrived[n];
    }
    funnel->ended = funnel->arrived;
    for (unsigned w = 0; w < job->workers; w++)
        funnel->ended += job->tallies[w].ended;
    for (size_t s = 0; s < job->way->side_count; s++)
        for (unsigned w = 0; w < job->workers; w++)
            funnel->steps[job->way->sides[s].step].reached += job->tallies[w].by_side[s];
    for (size_t i = 0; i < steps->count; i++) {
        struct vg_funnel_step *step = &funnel->steps[i];
        step->activity = steps->name[i];
        step->id = steps->id[i];
        step->unseen = steps->unseen[i];
        if (step->optional)
            step->moved_on = step->reached;
        shares_set(step);
    }
    return true;
}

static enum vg_code job_open(struct arena *scratch, struct job *job,
                             const struct vg_funnel_options *options, struct vg_err *err)
{
    job->walkers = arena_array(scratch, struct walker, job->workers);
    job->tallies = arena_array(scratch, struct tally, job->workers);
    if (!job->walkers || !job->tallies)
        return err_memory(err);
    enum vg_code code = VG_OK;
    for (unsigned w = 0; code == VG_OK && w < job->workers; w++) {
        code = walker_make(scratch, job->way, job->log, options, &job->walkers[w], err);
        if (code == VG_OK &&
            !tally_open(&job->tallies[w], job->way->count, job->way->side_count))
            code = err_memory(err);
    }
    return code;
}

enum vg_code funnel_mine(struct arena *arena, const struct vg_log *log,
                         const struct steps *steps,
                         const struct vg_funnel_options *options, struct vg_funnel *ret,
                         struct vg_err *err)
{
    struct way way = {0};
    struct job job = {.log = log,
                      .way = &way,
                      .workers = parallel_workers(),
                      .slices = slice_count(log) * FINER};
    struct vg_funnel funnel = {.trace_count = log->traces,
                               .seen_until_us = log_watched_us(log)};
    struct arena *scratch = arena_open(0);
    if (!scratch)
        return err_memory(err);
    enum vg_code code = way_make(scratch, steps, &way, err);
    if (code == VG_OK)
        code = job_open(scratch, &job, options, err);
    if (code == VG_OK &&
        (!job_run(scratch, &job, options) || !funnel_fill(arena, &job, &funnel)))
        code = err_memory(err);
    for (unsigned w = 0; job.tallies && w < job.workers; w++)
        tally_close(&job.tallies[w], way.count);
    arena_close(scratch);
    if (code == VG_OK)
        *ret = funnel;
    return code;
}
