#include "mine/flow_groups.h"

#include "mine/scratch.h"

#include <stdlib.h>

enum {
    BY_EDGE_MAX = 128,     /* activities: up to 16,384 edges have a group each */
    SAMPLE_FROM = 1 << 18, /* events: fewer are not worth a sample */
    OFTEN = 256            /* in the sample: such an edge is watched */
};

enum round { SAMPLE, WATCH, AGAIN };

/* The whole job: written by all workers, each at places of its own. */
struct job {
    const struct vg_log *log;
    struct flow_groups *groups;
    enum round round;
    size_t activities, group_count, slices;
    bool by_edge;
    struct watched watched;
    uint8_t *wrong;       /* [watched.count] its bracket: look again */
    uint8_t *found;       /* [watched.count] its edge is done */
    struct picks *picks;  /* [slices] */
    uint32_t *rows;       /* of the picks: room for all events, and one more a slice */
    size_t *place;        /* [slices][group_count] how many, then where the next goes */
    size_t *group_end;    /* [group_count] */
    size_t *order;        /* [group_count] the largest group first */
    int64_t *gap_us;      /* [picked] times between, group by group */
    uint16_t *to;         /* [picked] or NULL when groups are edges */
    int64_t *duration_us; /* [traces] */
};

static inline size_t group_of(const struct job *job, uint16_t from, uint16_t to)
{
    return job->by_edge ? (size_t)from * job->activities + to : from;
}

/* ---- picking ------------------------------------------------------------------------
 */

/* First step: what is picked, and how much of it in each group. */
static void pick_turn(void *ctx, size_t i, unsigned worker_number)
{
    const struct job *job = ctx;
    const struct vg_log *log = job->log;
    struct flow_worker *worker = &job->groups->workers[worker_number];
    struct slice slice = slice_at(log, job->slices, i);
    size_t base = log->first[slice.first_trace];
    struct picks *picks = &job->picks[i];
    picks->row = job->rows + base + i;
    if (job->round == SAMPLE)
        watch_sample(log, slice, picks);
    else if (!watch_slice(log, &job->watched, slice, worker->watches,
                          job->round == WATCH ? &worker->traces : NULL, picks))
        worker->failed = true;
    size_t *place = job->place + i * job->group_count;
    for (size_t p = 0; p < picks->count; p++) {
        size_t row = base + picks->row[p];
        place[group_of(job, log->activity[row - 1], log->activity[row])]++;
    }
}

/* Turn counts into places: group by group, within a group slice by slice. Returns how
 * many were picked. */
static size_t places_make(struct job *job)
{
    size_t at = 0;
    for (size_t g = 0; g < job->group_count; g++) {
        for (size_t s = 0; s < job->slices; s++) {
            size_t *place = &job->place[s * job->group_count + g];
            size_t count = *place;
            *place = at;
            at += count;
        }
        job->group_end[g] = at;
    }
    return at;
}

/* Second step: every picked time goes to its group. */
static void scatter_turn(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    const struct job *job = ctx;
    const struct vg_log *log = job->log;
    struct slice slice = slice_at(log, job->slices, i);
    size_t base = log->first[slice.first_trace];
    size_t *place = job->place + i * job->group_count;
    const struct picks *picks = &job->picks[i];
    for (size_t p = 0; p < picks->count; p++) {
        size_t row = base + picks->row[p];
        uint16_t to = log->activity[row];
        size_t where = place[group_of(job, log->activity[row - 1], to)]++;
        job->gap_us[where] = log->at_us[row] - log->at_us[row - 1];
        if (job->to)
            job->to[where] = to;
    }
}

/* ---- edges --------------------------------------------------------------------------
 */

static void edge_add(struct flow_worker *worker, uint32_t from, uint32_t to,
                     struct spread spread)
{
    if (worker->edge_count == worker->edge_capacity) {
        struct flow_edge *grown =
            scratch_grow(worker->edges, worker->edge_count, &worker->edge_capacity,
                         sizeof *worker->edges);
        if (!grown) {
            worker->failed = true;
            return;
        }
        worker->edges = grown;
    }
    worker->edges[worker->edge_count++] =
        (struct flow_edge){(uint16_t)from, (uint16_t)to, spread};
}

/* An edge of the sample. */
static void edge_guess(struct flow_worker *worker, uint32_t from, uint32_t to,
                       int64_t *gap_us, size_t count)
{
    if (count < OFTEN)
        return;
    if (worker->watch_count == worker->watch_capacity) {
        struct watch *grown =
            scratch_grow(worker->watches, worker->watch_count, &worker->watch_capacity,
                         sizeof *worker->watches);
        if (!grown) {
            worker->failed = true;
            return;
        }
        worker->watches = grown;
    }
    worker->watches[worker->watch_count++] =
        watch_begin(from, to, bracket_guess(gap_us, count));
}

/* What all workers counted of a watched edge. */
static struct watch watch_sum(const struct flow_groups *groups, size_t number)
{
    struct watch sum = groups->workers[0].watches[number];
    for (unsigned w = 1; w < groups->worker_count; w++) {
        const struct watch *watch = &groups->workers[w].watches[number];
        sum.sum_low += watch->sum_low;
        sum.sum_high += watch->sum_high;
        sum.min = watch->min < sum.min ? watch->min : sum.min;
        sum.max = watch->max > sum.max ? watch->max : sum.max;
        for (size_t c = 0; c < BRACKET_CLASSES; c++)
            sum.of_class[c] += watch->of_class[c];
    }
    return sum;
}

/* The times that all workers kept of a watched edge. */
static size_t kept_spans(const struct flow_groups *groups, size_t number,
                         struct span **ret)
{
    size_t count = 0, at = 0;
    for (unsigned w = 0; w < groups->worker_count; w++) {
        (void)durations_seal(&groups->workers[w].watches[number].kept);
        count += groups->workers[w].watches[number].kept.block_count;
    }
    *ret = scratch_array(struct span, count);
    for (unsigned w = 0; *ret && w < groups->worker_count; w++) {
        const struct durations *kept = &groups->workers[w].watches[number].kept;
        for (size_t b = 0; b < kept->block_count; b++)
            (*ret)[at++] = kept->blocks[b];
    }
    return count;
}

/* Turn: a watched edge, from what was counted and kept. */
static void watched_turn(void *ctx, size_t i, unsigned worker_number)
{
    struct job *job = ctx;
    struct flow_worker *worker = &job->groups->workers[worker_number];
    struct watch watch = watch_sum(job->groups, WATCH_FIRST + i);
    struct bracket_found found[2];
    struct span *spans = NULL;
    int64_t at_rank[RANKS];
    size_t count = 0;
    for (size_t c = 0; c < BRACKET_CLASSES; c++)
        count += watch.of_class[c];
    if (count == 0)
        return;
    struct quantile_ranks ranks = bracket_ranks(count);
    if (!bracket_find(&watch.bracket, watch.of_class, &ranks, watch.max, found)) {
        job->wrong[WATCH_FIRST + i] = 1;
        return;
    }
    size_t span_count = kept_spans(job->groups, WATCH_FIRST + i, &spans);
    if (!spans) {
        worker->failed = true;
        return;
    }
    bracket_read(found, spans, span_count, at_rank);
    scratch_free(spans);
    edge_add(worker, watch.from, watch.to,
             spread_from(count, watch.sum_low, watch.sum_high, watch.min, watch.max,
                         &ranks, at_rank));
}

static void edge_look(const struct job *job, struct flow_worker *worker, uint16_t from,
                      uint16_t to, int64_t *gap_us, size_t count)
{
    if (job->round == SAMPLE)
        edge_guess(worker, from, to, gap_us, count);
    else
        edge_add(worker, from, to, spread_of_one(gap_us, count));
}

static bool worker_ready(struct flow_worker *worker, size_t activities, size_t count)
{
    if (!worker->count_to)
        worker->count_to = scratch_zeroed(activities, sizeof *worker->count_to);
    if (!worker->met)
        worker->met = scratch_array(uint16_t, activities);
    if (worker->sorted_capacity < count) {
        scratch_free(worker->sorted);
        worker->sorted = scratch_array(int64_t, count);
        worker->sorted_capacity = worker->sorted ? count : 0;
    }
    return worker->count_to && worker->met && worker->sorted;
}

/* The times of all edges that leave one activity, sorted by where they lead. */
static void cut_into_edges(const struct job *job, struct flow_worker *worker,
                           uint16_t from, size_t begin, size_t end)
{
    if (!worker_ready(worker, job->activities, end - begin)) {
        worker->failed = true;
        return;
    }
    size_t met = 0, at = 0;
    for (size_t i = begin; i < end; i++)
        if (worker->count_to[job->to[i]]++ == 0)
            worker->met[met++] = job->to[i];
    for (size_t m = 0; m < met; m++) {
        size_t count = worker->count_to[worker->met[m]];
        worker->count_to[worker->met[m]] = at;
        at += count;
    }
    for (size_t i = begin; i < end; i++)
        worker->sorted[worker->count_to[job->to[i]]++] = job->gap_us[i];
    at = 0;
    for (size_t m = 0; m < met; m++) {
        size_t next = worker->count_to[worker->met[m]];
        edge_look(job, worker, from, worker->met[m], worker->sorted + at, next - at);
        worker->count_to[worker->met[m]] = 0;
        at = next;
    }
}

/* Third step: each group alone. Turn 0 is the durations of the traces. */
static void look_turn(void *ctx, size_t i, unsigned worker_number)
{
    struct job *job = ctx;
    struct flow_worker *worker = &job->groups->workers[worker_number];
    if (i == 0) {
        if (job->round == WATCH)
            job->groups->durations = spread_of_one(job->duration_us, job->log->traces);
        return;
    }
    size_t group = job->order[i - 1];
    size_t begin = group == 0 ? 0 : job->group_end[group - 1];
    size_t end = job->group_end[group];
    if (worker->failed)
        return;
    if (job->by_edge)
        edge_look(job, worker, (uint16_t)(group / job->activities),
                  (uint16_t)(group % job->activities), job->gap_us + begin, end - begin);
    else
        cut_into_edges(job, worker, (uint16_t)group, begin, end);
}

static int by_size(const void *a, const void *b, void *ctx)
{
    const size_t *group_end = ctx;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    size_t size_x = group_end[x] - (x ? group_end[x - 1] : 0);
    size_t size_y = group_end[y] - (y ? group_end[y - 1] : 0);
    return size_x > size_y ? -1 : size_x < size_y;
}

/* The groups that have something in them, the largest first: so no worker is left alone
 * with it at the end. Returns how many. */
static size_t groups_order(struct job *job)
{
    size_t count = 0;
    for (size_t g = 0; g < job->group_count; g++)
        if (job->group_end[g] > (g ? job->group_end[g - 1] : 0))
            job->order[count++] = g;
    qsort_r(job->order, count, sizeof *job->order, by_size, job->group_end);
    return count;
}

/* ---- rounds -------------------------------------------------------------------------
 */

static bool round_run(struct job *job, enum round round)
{
    const struct flow_groups *groups = job->groups;
    job->round = round;
    memset(job->place, 0, job->slices * job->group_count * sizeof *job->place);
    parallel_for(job->slices, pick_turn, job);
    size_t picked = places_make(job);
    job->gap_us = scratch_array(int64_t, picked);
    job->to = job->by_edge ? NULL : scratch_array(uint16_t, picked);
    bool done = job->gap_us && (job->by_edge || job->to);
    if (done) {
        parallel_for(job->slices, scatter_turn, job);
        parallel_for(1 + groups_order(job), look_turn, job);
        if (round == WATCH)
            parallel_for(job->watched.count - WATCH_FIRST, watched_turn, job);
    }
    for (unsigned w = 0; w < groups->worker_count; w++)
        done = done && !groups->workers[w].failed;
    scratch_free(job->gap_us);
    scratch_free(job->to);
    return done;
}

/* Let the edges that the sample found often be watched from here on. */
static bool watched_make(struct job *job)
{
    struct watched *watched = &job->watched;
    struct flow_groups *groups = job->groups;
    size_t pairs = job->activities * job->activities;
    watched->activities = job->activities;
    watched->count = WATCH_FIRST;
    for (unsigned w = 0; w < groups->worker_count; w++)
        watched->count += groups->workers[w].watch_count;
    watched->watches = scratch_array(struct watch, watched->count);
    job->wrong = scratch_zeroed(watched->count, sizeof *job->wrong);
    if (watched->count > WATCH_FIRST)
        watched->number = scratch_zeroed(pairs, sizeof *watched->number);
    if (!watched->watches || !job->wrong ||
        (watched->count > WATCH_FIRST && !watched->number))
        return false;
    static const struct bracket all = BRACKET_ALL, none = BRACKET_NONE;
    watched->watches[WATCH_ALL] = watch_begin(0, 0, all);
    watched->watches[WATCH_NONE] = watch_begin(0, 0, none);
    watched->watches[WATCH_ALL].width = UINT64_MAX; /* nobody wants to know */
    watched->watches[WATCH_NONE].width = UINT64_MAX;
    size_t at = WATCH_FIRST;
    for (unsigned w = 0; w < groups->worker_count; w++)
        for (size_t i = 0; i < groups->workers[w].watch_count && at < WATCH_EDGES_MAX;
             i++) {
            const struct watch *watch = &groups->workers[w].watches[i];
            watched->number[watch->from * job->activities + watch->to] = (uint16_t)at;
            watched->watches[at++] = *watch;
        }
    watched->count = at;
    return true;
}

/* Every worker counts for itself. */
static bool watches_share(struct job *job)
{
    const struct watched *watched = &job->watched;
    for (unsigned w = 0; w < job->groups->worker_count; w++) {
        struct flow_worker *worker = &job->groups->workers[w];
        watch_close(worker->watches, worker->watch_count);
        scratch_free(worker->watches);
        worker->watches = scratch_array(struct watch, watched->count);
        if (!worker->watches)
            return false;
        worker->watch_count = watched->count;
        memcpy(worker->watches, watched->watches,
               watched->count * sizeof *worker->watches);
    }
    return true;
}

/* Of edges whose bracket was wrong all is picked from here on, and of no others anything.
 * True when there are any. */
static bool watched_wrong(struct job *job)
{
    const struct watched *watched = &job->watched;
    bool any = false;
    for (size_t number = WATCH_FIRST; number < watched->count; number++) {
        any = any || job->wrong[number];
    }
    size_t pairs = any ? job->activities * job->activities : 0;
    for (size_t pair = 0; pair < pairs; pair++) {
        uint16_t number = watched->number[pair];
        watched->number[pair] = job->wrong[number] ? WATCH_ALL : WATCH_NONE;
    }
    return any;
}

/* Starts, ends and the longest from the workers; every event is a start or comes after
 * something. */
static void counts_sum(struct job *job)
{
    struct flow_groups *groups = job->groups;
    for (unsigned w = 0; w < groups->worker_count; w++) {
        const struct flow_worker *worker = &groups->workers[w];
        groups->longest = worker->traces.longest > groups->longest
                              ? worker->traces.longest
                              : groups->longest;
        groups->edge_count += worker->edge_count;
        for (size_t a = 0; a < job->activities; a++) {
            groups->starts[a] += worker->traces.starts[a];
            groups->ends[a] += worker->traces.ends[a];
            groups->events[a] += worker->traces.starts[a];
        }
        for (size_t e = 0; e < worker->edge_count; e++)
            groups->events[worker->edges[e].to] += worker->edges[e].spread.count;
    }
}

static bool workers_open(struct flow_groups *groups, size_t activities,
                         int64_t *duration_us)
{
    groups->worker_count = parallel_workers();
    groups->workers = scratch_zeroed(groups->worker_count, sizeof *groups->workers);
    bool done = groups->workers != NULL;
    for (unsigned w = 0; done && w < groups->worker_count; w++) {
        struct flow_worker *worker = &groups->workers[w];
        worker->traces.starts = scratch_zeroed(activities, sizeof *worker->traces.starts);
        worker->traces.ends = scratch_zeroed(activities, sizeof *worker->traces.ends);
        worker->traces.duration_us = duration_us;
        done = worker->traces.starts && worker->traces.ends;
    }
    return done;
}

static bool job_open(struct job *job)
{
    struct flow_groups *groups = job->groups;
    const struct vg_log *log = job->log;
    groups->events = scratch_zeroed(job->activities, sizeof *groups->events);
    groups->starts = scratch_zeroed(job->activities, sizeof *groups->starts);
    groups->ends = scratch_zeroed(job->activities, sizeof *groups->ends);
    job->picks = scratch_array(struct picks, job->slices);
    job->rows = scratch_array(uint32_t, log->events + job->slices);
    job->place = scratch_array(size_t, job->slices * job->group_count);
    job->group_end = scratch_array(size_t, job->group_count);
    job->order = scratch_array(size_t, job->group_count);
    job->duration_us = scratch_array(int64_t, log->traces);
    return workers_open(groups, job->activities, job->duration_us) && groups->events &&
           groups->starts && groups->ends && job->picks && job->rows && job->place &&
           job->group_end && job->order && job->duration_us;
}

static void job_close(struct job *job)
{
    scratch_free(job->watched.number);
    scratch_free(job->watched.watches);
    scratch_free(job->wrong);
    scratch_free(job->picks);
    scratch_free(job->rows);
    scratch_free(job->place);
    scratch_free(job->group_end);
    scratch_free(job->order);
    scratch_free(job->duration_us);
}

enum vg_code flow_groups_make(const struct vg_log *log, struct flow_groups *groups,
                              struct vg_err *err)
{
    size_t activities = log->activities.count;
    struct job job = {.log = log,
                      .groups = groups,
                      .activities = activities,
                      .by_edge = activities <= BY_EDGE_MAX,
                      .slices = slice_count(log)};
    job.group_count = job.by_edge ? activities * activities : activities;
    bool sample = log->events >= SAMPLE_FROM && activities <= WATCH_ACTIVITIES_MAX;
    bool done = job_open(&job) && (!sample || round_run(&job, SAMPLE)) &&
                watched_make(&job) && watches_share(&job) && round_run(&job, WATCH);
    if (done && watched_wrong(&job))
        done = watches_share(&job) && round_run(&job, AGAIN);
    if (done)
        counts_sum(&job);
    job_close(&job);
    return done ? VG_OK : err_memory(err);
}

void flow_groups_free(struct flow_groups *groups)
{
    for (unsigned w = 0; groups->workers && w < groups->worker_count; w++) {
        struct flow_worker *worker = &groups->workers[w];
        scratch_free(worker->edges);
        scratch_free(worker->count_to);
        scratch_free(worker->met);
        scratch_free(worker->sorted);
        watch_close(worker->watches, worker->watch_count);
        scratch_free(worker->watches);
        scratch_free(worker->traces.starts);
        scratch_free(worker->traces.ends);
    }
    scratch_free(groups->workers);
    scratch_free(groups->events);
    scratch_free(groups->starts);
    scratch_free(groups->ends);
}
