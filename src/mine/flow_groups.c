#include "mine/flow_groups.h"

#include "mine/scratch.h"
#include "mine/slice.h"

#include <stdlib.h>

enum { BY_EDGE_MAX = 128 }; /* activities: up to 16,384 edges have a group each */

/* The whole job: written by all workers, each at places of its own. */
struct job {
    const struct vg_log *log;
    struct flow_groups *groups;
    size_t activities, group_count, slices;
    bool by_edge;
    size_t *place;        /* [slices][group_count] how many, then where the next goes */
    size_t *group_end;    /* [group_count] */
    size_t *order;        /* [group_count] the largest group first */
    uint64_t *starts;     /* [slices][activities] */
    uint64_t *ends;       /* [slices][activities] */
    uint64_t *longest;    /* [slices] */
    int64_t *gap_us;      /* [events] times between, group by group */
    uint16_t *to;         /* [events] or NULL when groups are edges */
    int64_t *duration_us; /* [traces] */
};

static inline size_t group_of(const struct job *job, uint16_t from, uint16_t to)
{
    return job->by_edge ? (size_t)from * job->activities + to : from;
}

/* First pass: how many in each group, for each slice. */
static void count_turn(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    const struct job *job = ctx;
    const struct vg_log *log = job->log;
    struct slice slice = slice_at(log, job->slices, i);
    size_t *place = job->place + i * job->group_count;
    uint64_t *starts = job->starts + i * job->activities;
    uint64_t *ends = job->ends + i * job->activities;
    uint64_t longest = 0;
    for (size_t t = slice.first_trace; t < slice.end_trace; t++) {
        size_t row = log->first[t], end = log->first[t + 1];
        if (row == end)
            continue;
        longest = end - row > longest ? end - row : longest;
        uint16_t from = log->activity[row];
        starts[from]++;
        while (++row < end) {
            uint16_t to = log->activity[row];
            place[group_of(job, from, to)]++;
            from = to;
        }
        ends[from]++;
    }
    job->longest[i] = longest;
}

/* Turn counts into places: group by group, within a group slice by slice. */
static void places_make(struct job *job)
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
}

static inline void scatter_trace(const struct job *job, size_t *place, size_t row,
                                 size_t end)
{
    const int64_t *at_us = job->log->at_us;
    const uint16_t *activity = job->log->activity;
    uint16_t from = activity[row];
    int64_t before_us = at_us[row];
    while (++row < end) {
        uint16_t to = activity[row];
        size_t where = place[group_of(job, from, to)]++;
        job->gap_us[where] = at_us[row] - before_us;
        if (job->to)
            job->to[where] = to;
        before_us = at_us[row];
        from = to;
    }
}

/* Second pass: every time between goes to its group. */
static void scatter_turn(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    const struct job *job = ctx;
    const struct vg_log *log = job->log;
    struct slice slice = slice_at(log, job->slices, i);
    size_t *place = job->place + i * job->group_count;
    for (size_t t = slice.first_trace; t < slice.end_trace; t++) {
        size_t row = log->first[t], end = log->first[t + 1];
        job->duration_us[t] = 0;
        if (row == end)
            continue;
        job->duration_us[t] = log->at_us[end - 1] - log->at_us[row];
        scatter_trace(job, place, row, end);
    }
}

static void edge_add(struct flow_worker *worker, uint16_t from, uint16_t to,
                     int64_t *gap_us, size_t count)
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
        (struct flow_edge){from, to, spread_of_one(gap_us, count)};
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
        edge_add(worker, from, worker->met[m], worker->sorted + at, next - at);
        worker->count_to[worker->met[m]] = 0;
        at = next;
    }
}

/* Third pass: each group alone. Turn 0 is the durations of the traces. */
static void spread_turn(void *ctx, size_t i, unsigned worker_number)
{
    struct job *job = ctx;
    struct flow_worker *worker = &job->groups->workers[worker_number];
    if (i == 0) {
        job->groups->durations = spread_of_one(job->duration_us, job->log->traces);
        return;
    }
    size_t group = job->order[i - 1];
    size_t begin = group == 0 ? 0 : job->group_end[group - 1];
    size_t end = job->group_end[group];
    if (worker->failed || begin == end)
        return;
    if (job->by_edge)
        edge_add(worker, (uint16_t)(group / job->activities),
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

/* Starts and ends from the slices; every event is a start or comes after something. */
static void counts_sum(struct job *job)
{
    struct flow_groups *groups = job->groups;
    for (size_t s = 0; s < job->slices; s++) {
        groups->longest =
            job->longest[s] > groups->longest ? job->longest[s] : groups->longest;
        for (size_t a = 0; a < job->activities; a++) {
            groups->starts[a] += job->starts[s * job->activities + a];
            groups->ends[a] += job->ends[s * job->activities + a];
        }
    }
    for (size_t a = 0; a < job->activities; a++)
        groups->events[a] = groups->starts[a];
    for (unsigned w = 0; w < groups->worker_count; w++) {
        const struct flow_worker *worker = &groups->workers[w];
        groups->edge_count += worker->edge_count;
        for (size_t e = 0; e < worker->edge_count; e++)
            groups->events[worker->edges[e].to] += worker->edges[e].spread.count;
    }
}

static bool job_open(struct job *job)
{
    struct flow_groups *groups = job->groups;
    const struct vg_log *log = job->log;
    groups->worker_count = parallel_workers();
    groups->workers = scratch_zeroed(groups->worker_count, sizeof *groups->workers);
    groups->events = scratch_zeroed(job->activities, sizeof *groups->events);
    groups->starts = scratch_zeroed(job->activities, sizeof *groups->starts);
    groups->ends = scratch_zeroed(job->activities, sizeof *groups->ends);
    job->place = scratch_zeroed(job->slices * job->group_count, sizeof *job->place);
    job->group_end = scratch_array(size_t, job->group_count);
    job->order = scratch_array(size_t, job->group_count);
    job->starts = scratch_zeroed(job->slices * job->activities, sizeof *job->starts);
    job->ends = scratch_zeroed(job->slices * job->activities, sizeof *job->ends);
    job->longest = scratch_zeroed(job->slices, sizeof *job->longest);
    job->gap_us = scratch_array(int64_t, log->events);
    job->to = job->by_edge ? NULL : scratch_array(uint16_t, log->events);
    job->duration_us = scratch_array(int64_t, log->traces);
    return groups->workers && groups->events && groups->starts && groups->ends &&
           job->place && job->group_end && job->order && job->starts && job->ends &&
           job->longest && job->gap_us && (job->by_edge || job->to) && job->duration_us;
}

static void job_close(struct job *job)
{
    scratch_free(job->place);
    scratch_free(job->group_end);
    scratch_free(job->order);
    scratch_free(job->starts);
    scratch_free(job->ends);
    scratch_free(job->longest);
    scratch_free(job->gap_us);
    scratch_free(job->to);
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
    bool done = job_open(&job);
    if (done) {
        parallel_for(job.slices, count_turn, &job);
        places_make(&job);
        parallel_for(job.slices, scatter_turn, &job);
        parallel_for(1 + groups_order(&job), spread_turn, &job);
        for (unsigned w = 0; w < groups->worker_count; w++)
            done = done && !groups->workers[w].failed;
    }
    if (done)
        counts_sum(&job);
    job_close(&job);
    return done ? VG_OK : err_memory(err);
}

void flow_groups_free(struct flow_groups *groups)
{
    for (unsigned w = 0; groups->workers && w < groups->worker_count; w++) {
        scratch_free(groups->workers[w].edges);
        scratch_free(groups->workers[w].count_to);
        scratch_free(groups->workers[w].met);
        scratch_free(groups->workers[w].sorted);
    }
    scratch_free(groups->workers);
    scratch_free(groups->events);
    scratch_free(groups->starts);
    scratch_free(groups->ends);
}
