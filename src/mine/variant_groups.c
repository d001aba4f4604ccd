#include "mine/variant_groups.h"

#include "base/lang.h"
#include "log/text_hash.h"
#include "mine/scratch.h"
#include "mine/slice.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define NONE UINT32_MAX

enum {
    BATCH = 32,        /* traces looked up together */
    SHORT = 15,        /* events: so many stand in a key, … */
    SHORT_CODES = 255, /* … of which each is a byte that is not 0 */
    SHARDS_MAX = 8
};

/* A sequence as it is looked for. A short one is its key, byte by byte the codes + 1; a
 * long one's key is its hash and its length, with the uppermost byte 0xFF, and whoever
 * has the same key is compared event by event. */
struct key {
    uint64_t word[2];
    uint64_t hash;
};
struct entry {
    struct key key;
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
    uint64_t seed;
    struct table *tables; /* [workers] of the traces that each saw */
    struct table *shards; /* [shard_count] of all, by their hashes */
    unsigned workers, shard_count;
    size_t base[SHARDS_MAX + 1]; /* number of a shard's first variant */
    size_t slices;
    unsigned *worker_of; /* [slices] whose table its traces are in */
    uint32_t *of_trace;
    struct variant_groups *groups;
};

/* ---- keys ---------------------------------------------------------------------------
 */

/* The codes of up to SHORT events as bytes; 16 can be read from `codes` on. */
static inline void short_key(uint64_t word[2], const uint16_t *codes, size_t length)
{
#ifdef __SSE2__
    static const uint8_t ones[32] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    const __m128i *at = (const void *)codes;
    __m128i bytes = _mm_packus_epi16(_mm_loadu_si128(at), _mm_loadu_si128(at + 1));
    __m128i one = _mm_loadu_si128((const void *)(ones + 16 - length));
    __m128i there = _mm_cmpeq_epi8(one, _mm_set1_epi8(1));
    _mm_storeu_si128((void *)word, _mm_and_si128(_mm_add_epi8(bytes, one), there));
#else
    uint8_t bytes[16] = {0};
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)(codes[i] + 1);
    memcpy(word, bytes, sizeof bytes);
#endif
}

static struct key key_of(const struct job *job, size_t trace)
{
    const struct vg_log *log = job->log;
    size_t row = log->first[trace], length = log->first[trace + 1] - row;
    struct key key;
    if (length <= SHORT && log->activities.count < SHORT_CODES) {
        uint16_t last[16] = {0};
        const uint16_t *codes = log->activity + row;
        if (row + 16 > log->events)
            codes = memcpy(last, codes, length * sizeof *last);
        short_key(key.word, codes, length);
    } else {
        str bytes = {(const char *)(log->activity + row), length * sizeof *log->activity};
        key.word[0] = text_hash(job->seed, bytes);
        key.word[1] = UINT64_C(0xFF) << 56 | (length & (UINT64_MAX >> 8));
    }
    key.hash = text_hash_mix(key.word[0] ^ job->seed,
                             key.word[1] ^ UINT64_C(0xE7037ED1A0B428DB));
    return key;
}

static bool same_sequence(const struct vg_log *log, size_t a, size_t b)
{
    size_t length = log->first[a + 1] - log->first[a];
    return length == log->first[b + 1] - log->first[b] &&
           memcmp(log->activity + log->first[a], log->activity + log->first[b],
                  length * sizeof *log->activity) == 0;
}

static inline bool same(const struct vg_log *log, const struct entry *entry,
                        const struct entry *other)
{
    const struct key *a = &entry->key, *b = &other->key;
    if ((a->word[0] ^ b->word[0]) | (a->word[1] ^ b->word[1]))
        return false;
    return a->word[1] >> 56 != 0xFF || same_sequence(log, entry->trace, other->trace);
}

/* ---- tables -------------------------------------------------------------------------
 */

static bool slots_double(struct table *table)
{
    size_t wider = table->slot_count ? table->slot_count * 2 : 1024;
    uint32_t *slots = scratch_array(uint32_t, wider);
    if (!slots)
        return false;
    memset(slots, 0xff, wider * sizeof *slots);
    for (size_t i = 0; i < table->count; i++) {
        size_t at = table->entries[i].key.hash & (wider - 1);
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

/* The number of the entry with the same sequence, new or not; NONE when memory is used
 * up. */
static uint32_t table_add(const struct vg_log *log, struct table *table,
                          const struct entry *added)
{
    if (!table_roomy(table))
        return NONE;
    size_t at = added->key.hash & (table->slot_count - 1);
    while (table->slots[at] != NONE) {
        struct entry *entry = &table->entries[table->slots[at]];
        if (same(log, entry, added)) {
            entry->count += added->count;
            return table->slots[at];
        }
        at = (at + 1) & (table->slot_count - 1);
    }
    table->slots[at] = (uint32_t)table->count;
    table->entries[table->count] = *added;
    return (uint32_t)table->count++;
}

/* Have what adding these will look at on its way here: it lies anywhere. Two looks, the
 * second by what the first brought. */
static void batch_fetch(const struct table *table, const struct entry *added,
                        size_t count)
{
    if (table->slot_count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(&table->slots[added[i].key.hash & (table->slot_count - 1)]);
    for (size_t i = 0; i < count; i++) {
        uint32_t number = table->slots[added[i].key.hash & (table->slot_count - 1)];
        if (number != NONE)
            __builtin_prefetch(&table->entries[number]);
    }
}

/* ---- each worker's own --------------------------------------------------------------
 */

static void group_turn(void *ctx, size_t i, unsigned worker)
{
    const struct job *job = ctx;
    struct table *table = &job->tables[worker];
    struct slice slice = slice_at(job->log, job->slices, i);
    struct entry batch[BATCH];
    job->worker_of[i] = worker;
    for (size_t t = slice.first_trace; t < slice.end_trace && !table->failed;) {
        size_t count = slice.end_trace - t < BATCH ? slice.end_trace - t : BATCH;
        for (size_t n = 0; n < count; n++)
            batch[n] = (struct entry){key_of(job, t + n), (uint32_t)(t + n), 1};
        batch_fetch(table, batch, count);
        for (size_t n = 0; n < count && !table->failed; n++, t++) {
            job->of_trace[t] = table_add(job->log, table, &batch[n]);
            table->failed = job->of_trace[t] == NONE;
        }
    }
}

/* ---- and all workers' together ------------------------------------------------------
 */

static inline size_t shard_of(const struct job *job, const struct entry *entry)
{
    return (entry->key.hash >> 40) % job->shard_count;
}

/* Of every table what belongs to shard i. */
static void merge_turn(void *ctx, size_t i, unsigned worker)
{
    const struct job *job = ctx;
    struct table *shard = &job->shards[i];
    struct entry batch[BATCH];
    size_t number[BATCH];
    (void)worker;
    for (unsigned w = 0; w < job->workers && !shard->failed; w++) {
        const struct table *table = &job->tables[w];
        for (size_t at = 0; at < table->count && !shard->failed;) {
            size_t count = 0;
            for (; at < table->count && count < BATCH; at++) {
                batch[count] = table->entries[at];
                number[count] = at;
                count += shard_of(job, &table->entries[at]) == i;
            }
            batch_fetch(shard, batch, count);
            for (size_t n = 0; n < count && !shard->failed; n++) {
                table->global[number[n]] = table_add(job->log, shard, &batch[n]);
                shard->failed = table->global[number[n]] == NONE;
            }
        }
    }
}

static void fill_turn(void *ctx, size_t i, unsigned worker)
{
    const struct job *job = ctx;
    const struct table *shard = &job->shards[i];
    (void)worker;
    for (size_t n = 0; n < shard->count; n++) {
        job->groups->traces[job->base[i] + n] = shard->entries[n].count;
        job->groups->example[job->base[i] + n] = shard->entries[n].trace;
    }
}

static void number_turn(void *ctx, size_t w, unsigned worker)
{
    const struct job *job = ctx;
    struct table *table = &job->tables[w];
    (void)worker;
    for (size_t n = 0; n < table->count; n++)
        table->global[n] += (uint32_t)job->base[shard_of(job, &table->entries[n])];
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

static bool tables_merge(struct job *job)
{
    struct variant_groups *groups = job->groups;
    for (unsigned w = 0; w < job->workers; w++) {
        struct table *table = &job->tables[w];
        if (table->failed || !(table->global = scratch_array(uint32_t, table->count)))
            return false;
    }
    parallel_for(job->shard_count, merge_turn, job);
    for (unsigned s = 0; s < job->shard_count; s++) {
        if (job->shards[s].failed)
            return false;
        job->base[s + 1] = job->base[s] + job->shards[s].count;
    }
    groups->count = job->base[job->shard_count];
    groups->traces = scratch_array(uint64_t, groups->count);
    groups->example = scratch_array(uint32_t, groups->count);
    if (!groups->traces || !groups->example)
        return false;
    parallel_for(job->shard_count, fill_turn, job);
    parallel_for(job->workers, number_turn, job);
    return true;
}

static void tables_free(struct table *tables, unsigned count)
{
    for (unsigned i = 0; tables && i < count; i++) {
        scratch_free(tables[i].entries);
        scratch_free(tables[i].slots);
        scratch_free(tables[i].global);
    }
    scratch_free(tables);
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
    struct job job = {.log = log,
                      .seed = hash_seed(),
                      .workers = workers,
                      .shard_count = workers < SHARDS_MAX ? workers : SHARDS_MAX,
                      .slices = slice_count(log),
                      .groups = ret};
    job.tables = scratch_zeroed(workers, sizeof *job.tables);
    job.shards = scratch_zeroed(job.shard_count, sizeof *job.shards);
    job.worker_of = scratch_array(unsigned, job.slices);
    job.of_trace = ret->of_trace = scratch_array(uint32_t, log->traces);
    bool done = job.tables && job.shards && job.worker_of && job.of_trace;
    if (done) {
        parallel_for(job.slices, group_turn, &job);
        done = tables_merge(&job);
    }
    if (done)
        parallel_for(job.slices, renumber_turn, &job);
    tables_free(job.tables, workers);
    tables_free(job.shards, job.shard_count);
    scratch_free(job.worker_of);
    return done ? VG_OK : err_memory(err);
}

void variant_groups_free(struct variant_groups *groups)
{
    scratch_free(groups->traces);
    scratch_free(groups->example);
    scratch_free(groups->of_trace);
}
