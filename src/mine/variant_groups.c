#include "mine/variant_groups.h"

#include "base/hash.h"
#include "base/lang.h"
#include "mine/scratch.h"
#include "mine/slice.h"

#define NONE UINT32_MAX

enum { BATCH = 32 }; /* traces hashed together */

struct entry {
    uint64_t hash;
    uint32_t trace; /* the first that was met */
    uint32_t count;
};
/* An open-addressing table of distinct sequences. */
struct table {
    struct entry *entries; /* [capacity], in the order they were met */
    size_t count, capacity;
    uint32_t *slots; /* [slot_count] entry number or NONE; a power of two */
    size_t slot_count;
    uint32_t *global; /* [count] number among the variants of all workers */
    bool failed;
};
struct job {
    const struct vg_log *log;
    struct table *tables; /* one for each worker */
    size_t slices;
    unsigned *worker_of; /* [slices] whose table its traces are in */
    uint32_t *of_trace;
};

static bool same_sequence(const struct vg_log *log, size_t a, size_t b)
{
    size_t length = log->first[a + 1] - log->first[a];
    return length == log->first[b + 1] - log->first[b] &&
           memcmp(log->activity + log->first[a], log->activity + log->first[b],
                  length * sizeof *log->activity) == 0;
}

static bool slots_double(struct table *table)
{
    size_t wider = table->slot_count ? table->slot_count * 2 : 1024;
    uint32_t *slots = scratch_array(uint32_t, wider);
    if (!slots)
        return false;
    memset(slots, 0xff, wider * sizeof *slots);
    for (size_t i = 0; i < table->count; i++) {
        size_t at = table->entries[i].hash & (wider - 1);
        while (slots[at] != NONE)
            at = (at + 1) & (wider - 1);
        slots[at] = (uint32_t)i;
    }
    scratch_free(table->slots);
    table->slots = slots;
    table->slot_count = wider;
    return true;
}

static bool table_roomy(struct table *table)
{
    if (table->count == table->capacity) {
        struct entry *grown = scratch_grow(table->entries, table->count, &table->capacity,
                                           sizeof *table->entries);
        if (!grown)
            return false;
        table->entries = grown;
    }
    return table->count * 2 < table->slot_count || slots_double(table);
}

/* The number of the entry with trace's sequence, new or not; NONE when memory is used up.
 */
static uint32_t table_add(const struct vg_log *log, struct table *table, uint64_t hash,
                          uint32_t trace, uint32_t count)
{
    if (!table_roomy(table))
        return NONE;
    size_t at = hash & (table->slot_count - 1);
    while (table->slots[at] != NONE) {
        struct entry *entry = &table->entries[table->slots[at]];
        if (entry->hash == hash && same_sequence(log, entry->trace, trace)) {
            entry->count += count;
            return table->slots[at];
        }
        at = (at + 1) & (table->slot_count - 1);
    }
    table->slots[at] = (uint32_t)table->count;
    table->entries[table->count] = (struct entry){hash, trace, count};
    return (uint32_t)table->count++;
}

/* Have what adding these traces will look at on its way here: it lies anywhere. Three
 * looks, each by what the one before brought. */
static void batch_fetch(const struct vg_log *log, const struct table *table,
                        const uint64_t *hash, size_t count)
{
    uint32_t number[BATCH];
    if (table->slot_count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(&table->slots[hash[i] & (table->slot_count - 1)]);
    for (size_t i = 0; i < count; i++) {
        number[i] = table->slots[hash[i] & (table->slot_count - 1)];
        if (number[i] != NONE)
            __builtin_prefetch(&table->entries[number[i]]);
    }
    for (size_t i = 0; i < count; i++)
        if (number[i] != NONE)
            __builtin_prefetch(&log->first[table->entries[number[i]].trace]);
    for (size_t i = 0; i < count; i++)
        if (number[i] != NONE)
            __builtin_prefetch(
                &log->activity[log->first[table->entries[number[i]].trace]]);
}

static void group_turn(void *ctx, size_t i, unsigned worker)
{
    const struct job *job = ctx;
    const struct vg_log *log = job->log;
    struct table *table = &job->tables[worker];
    struct slice slice = slice_at(log, job->slices, i);
    uint64_t hash[BATCH];
    job->worker_of[i] = worker;
    for (size_t t = slice.first_trace; t < slice.end_trace && !table->failed;) {
        size_t count = slice.end_trace - t < BATCH ? slice.end_trace - t : BATCH;
        for (size_t n = 0; n < count; n++) {
            size_t row = log->first[t + n], length = log->first[t + n + 1] - row;
            hash[n] = hash_bytes(log->activity + row, length * sizeof *log->activity);
        }
        batch_fetch(log, table, hash, count);
        for (size_t n = 0; n < count && !table->failed; n++, t++) {
            job->of_trace[t] = table_add(log, table, hash[n], (uint32_t)t, 1);
            table->failed = job->of_trace[t] == NONE;
        }
    }
}

/* From a worker's number of a sequence to that among all. */
static void renumber_turn(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    const struct job *job = ctx;
    const uint32_t *global = job->tables[job->worker_of[i]].global;
    struct slice slice = slice_at(job->log, job->slices, i);
    for (size_t t = slice.first_trace; t < slice.end_trace; t++)
        job->of_trace[t] = global[job->of_trace[t]];
}

/* Put the other tables' entries into the first. */
static bool tables_merge(const struct job *job, unsigned table_count)
{
    struct table *all = &job->tables[0];
    for (unsigned w = 0; w < table_count; w++) {
        struct table *table = &job->tables[w];
        size_t count = table->count;
        if (table->failed)
            return false;
        table->global = scratch_array(uint32_t, count);
        if (!table->global)
            return false;
        for (size_t i = 0; i < count; i++) {
            const struct entry *entry = &table->entries[i];
            table->global[i] = w == 0 ? (uint32_t)i
                                      : table_add(job->log, all, entry->hash,
                                                  entry->trace, entry->count);
            if (table->global[i] == NONE)
                return false;
        }
    }
    return true;
}

static bool groups_fill(const struct table *all, struct variant_groups *groups)
{
    groups->count = all->count;
    groups->traces = scratch_array(uint64_t, all->count);
    groups->example = scratch_array(uint32_t, all->count);
    if (!groups->traces || !groups->example)
        return false;
    for (size_t i = 0; i < all->count; i++) {
        groups->traces[i] = all->entries[i].count;
        groups->example[i] = all->entries[i].trace;
    }
    return true;
}

enum vg_code variant_groups_make(const struct vg_log *log, struct variant_groups *ret,
                                 struct vg_err *err)
{
    *ret = (struct variant_groups){0};
    if (log->traces >= NONE)
        return err_set(err, VG_ERR_LIMIT, NULL, "%s",
                       _("there are too many journeys to tell their variants apart: at "
                         "most 4 billion"));
    unsigned workers = parallel_workers();
    struct job job = {.log = log, .slices = slice_count(log)};
    job.tables = scratch_zeroed(workers, sizeof *job.tables);
    job.worker_of = scratch_array(unsigned, job.slices);
    job.of_trace = ret->of_trace = scratch_array(uint32_t, log->traces);
    bool done = job.tables && job.worker_of && job.of_trace;
    if (done) {
        parallel_for(job.slices, group_turn, &job);
        done = tables_merge(&job, workers) && groups_fill(&job.tables[0], ret);
    }
    if (done)
        parallel_for(job.slices, renumber_turn, &job);
    for (unsigned w = 0; job.tables && w < workers; w++) {
        scratch_free(job.tables[w].entries);
        scratch_free(job.tables[w].slots);
        scratch_free(job.tables[w].global);
    }
    scratch_free(job.tables);
    scratch_free(job.worker_of);
    return done ? VG_OK : err_memory(err);
}

void variant_groups_free(struct variant_groups *groups)
{
    scratch_free(groups->traces);
    scratch_free(groups->example);
    scratch_free(groups->of_trace);
}
