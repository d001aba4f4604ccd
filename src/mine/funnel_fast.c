#include "mine/funnel_fast.h"

#include "mine/avx2.h"
#include "mine/funnel_watch.h"
#include "mine/walk.h"

enum {
    BATCH = 512,  /* traces between two looks at how much room there is */
    AT_ONCE = 64, /* events compared together */
    SIMPLE = 8,   /* up to so many steps the compiler writes out one after the other */
    TOGETHER =
        256, /* traces of simple steps, whose times are then gone through by step */
    AHEAD = 512
};

/* Note which activities each step is looked for by, unless they are too many. */
static void codes_make(struct fast *fast, size_t activities)
{
    size_t count = 0;
    for (size_t n = 0; n < fast->steps; n++) {
        fast->code_first[n] = (uint8_t)count;
        for (size_t a = 0; a < activities; a++) {
            if (!(fast->mask[a] >> n & 1))
                continue;
            if (count == FAST_CODES)
                return;
            fast->code[count++] = (uint16_t)a;
        }
    }
    fast->code_first[fast->steps] = (uint8_t)count;
    fast->single = count == fast->steps;
    for (size_t n = 0; n < fast->steps; n++)
        fast->single = fast->single && fast->code_first[n] == n;
    fast->by_code = avx2_usable();
}

bool fast_make(struct arena *arena, const struct vg_log *log, const struct way *way,
               const struct vg_funnel_options *options, struct fast *ret,
               bool *ret_failed)
{
    const struct steps *steps = way->steps;
    struct fast fast = {.log = log, .steps = way->count, .of_map = steps->of_map};
    if (!way->plain || !way->any_channel || way->count == 0 || way->count > FAST_STEPS ||
        way->side_count > 0 || (options && (options->strict || options->window_s > 0)))
        return false;
    fast.mask = arena_array(arena, uint64_t, steps->activity_count);
    *ret_failed = !fast.mask;
    size_t channels = steps->channel_count + 1;
    for (size_t a = 0; fast.mask && a < steps->activity_count; a++)
        for (uint32_t l = way->node_first[a * channels];
             l < way->node_first[a * channels + 1]; l++)
            fast.mask[a] |= UINT64_C(1) << way->node_list[l];
    if (fast.mask)
        codes_make(&fast, steps->activity_count);
    *ret = fast;
    return fast.mask != NULL;
}

/* ---- one trace ----------------------------------------------------------------------
 */

/* What the walk of a trace came to: at_us[n + 1] is when it reached step n, for the first
 * `at` steps; those behind are read, but not used. at_us[0] is anything. */
struct trip {
    size_t at;
    uint64_t seen; /* bit n: the trace has an event at step n; only over a map */
    int64_t at_us[FAST_STEPS + 1];
};

/* Event by event: every event is written down as the one that reached the next step, and
 * the event after it writes over it unless it did. */
static __attribute__((noinline)) void walk_rows(const struct fast *fast, size_t row,
                                                size_t end, struct trip *trip)
{
    const uint16_t *activity = fast->log->activity;
    const int64_t *at_us = fast->log->at_us;
    size_t reached[FAST_STEPS + 1], at = 0;
    uint64_t seen = 0;
    for (; row < end; row++) {
        uint64_t mask = fast->mask[activity[row]];
        reached[at] = row;
        at += mask >> at & 1;
        seen |= mask;
    }
    for (size_t n = 0; n < at; n++)
        trip->at_us[n + 1] = at_us[reached[n]];
    for (size_t n = at; n < fast->steps; n++)
        trip->at_us[n + 1] = 0;
    trip->at = at;
    trip->seen = seen;
}

#ifdef HAVE_AVX2
/* The codes of 32 events: as bytes, or, of a log with many activities, in two parts, put
 * so that packing them to bytes gives them in order. */
struct codes {
    __m256i low, high, bytes;
};

AVX2_PART __m256i codes_loaded(const void *from)
{
    return _mm256_loadu_si256((const __m256i *)from);
}

AVX2_PART struct codes codes_read(const struct vg_log *log, size_t row)
{
    struct codes codes = {0};
    if (log->activity_byte) {
        codes.bytes = codes_loaded(log->activity_byte + row);
    } else {
        __m256i a = codes_loaded(log->activity + row);
        __m256i b = codes_loaded(log->activity + row + 16);
        codes.low = _mm256_permute2x128_si256(a, b, 0x20);
        codes.high = _mm256_permute2x128_si256(a, b, 0x31);
    }
    return codes;
}

/* Which of them are `code`, as bits. */
AVX2_PART uint64_t codes_equal(const struct vg_log *log, const struct codes *codes,
                               uint16_t code)
{
    __m256i met;
    if (log->activity_byte) {
        met = _mm256_cmpeq_epi8(codes->bytes, _mm256_set1_epi8((char)code));
    } else {
        __m256i wanted = _mm256_set1_epi16((short)code);
        met = _mm256_packs_epi16(_mm256_cmpeq_epi16(codes->low, wanted),
                                 _mm256_cmpeq_epi16(codes->high, wanted));
    }
    return (uint32_t)_mm256_movemask_epi8(met);
}

/* What a batch looks for, in registers where there is room: the first SIMPLE steps'
 * codes. */
struct wanted {
    __m256i code[SIMPLE];
};

AVX2_PART uint64_t step_bits(const struct fast *fast, const struct codes *codes, size_t n)
{
    uint64_t found = 0;
    for (size_t c = fast->code_first[n]; c < fast->code_first[n + 1]; c++)
        found |= codes_equal(fast->log, codes, fast->code[c]);
    return found;
}

/* At most 64 events, and more than as many behind `row` in the log. Of the events at each
 * step the first after that of the step before; where there is none, none is found for
 * the later steps either. */
AVX2_PART void walk_bits(const struct fast *fast, size_t row, size_t end,
                         struct trip *trip)
{
    const int64_t *at_us = fast->log->at_us + row;
    struct codes codes = codes_read(fast->log, row), more = codes;
    uint64_t left = _bzhi_u64(~UINT64_C(0), (unsigned)(end - row)), whole = left;
    bool wide = end - row > 32;
    if (wide)
        more = codes_read(fast->log, row + 32);
    size_t at = 0;
    trip->seen = 0;
    for (size_t n = 0; n < fast->steps; n++) {
        uint64_t found = step_bits(fast, &codes, n);
        if (wide)
            found |= step_bits(fast, &more, n) << 32;
        trip->seen |= (uint64_t)((found & whole) != 0) << n;
        found &= left;
        trip->at_us[n + 1] = at_us[_tzcnt_u64(found)];
        at += found != 0;
        left &= ~_blsmsk_u64(found);
    }
    trip->at = at;
}

/* What the walks of some traces came to, step by step: us[n][i] is when trace i reached
 * step n, if at[i] > n. */
struct trips {
    int64_t us[SIMPLE][TOGETHER];
    uint8_t at[TOGETHER];
};

AVX2_PART uint64_t simple_bits(const struct wanted *wanted, __m256i codes, size_t n)
{
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(codes, wanted->code[n]));
}

/* As walk_bits, where each step is one activity whose code is a byte, and nobody asks who
 * was seen further on. */
AVX2_PART void walk_simple(const struct fast *fast, const struct wanted *wanted,
                           size_t row, size_t end, size_t steps, bool wide,
                           struct trips *trips, size_t i)
{
    const int64_t *at_us = fast->log->at_us + row;
    const uint8_t *activity = fast->log->activity_byte + row;
    __m256i codes = codes_loaded(activity), more = codes;
    uint64_t left = _bzhi_u64(~UINT64_C(0), (unsigned)(end - row));
    if (wide)
        more = codes_loaded(activity + 32);
    size_t at = 0;
    for (size_t n = 0; n < steps; n++) {
        uint64_t found = simple_bits(wanted, codes, n);
        if (wide)
            found |= simple_bits(wanted, more, n) << 32;
        found &= left;
        trips->us[n][i] = at_us[_tzcnt_u64(found)];
        at += found != 0;
        left &= ~_blsmsk_u64(found);
    }
    trips->at[i] = (uint8_t)at;
}

/* The common trace: of at most 32 events, and not at the end of the log. Begins with
 * trace t + i, and stops at t + count or at the first that is another kind. Returns its
 * i. */
AVX2_PART size_t walk_short(const struct fast *fast, const struct wanted *wanted,
                            size_t t, size_t i, size_t count, size_t steps,
                            struct trips *trips)
{
    const struct vg_log *log = fast->log;
    const uint64_t *first = log->first + t;
    size_t last = log->events > AT_ONCE ? log->events - AT_ONCE : 0;
    for (; i < count; i++) {
        size_t row = first[i], end = first[i + 1];
        __builtin_prefetch(log->at_us + row + AHEAD);
        __builtin_prefetch(log->at_us + row + AHEAD + 8);
        __builtin_prefetch(log->activity_byte + row + 8 * AHEAD);
        if (__builtin_expect((row >= last) | (end - row > 32), 0))
            break;
        walk_simple(fast, wanted, row, end, steps, false, trips, i);
    }
    return i;
}

/* The others. */
static __attribute__((noinline)) AVX2 void walk_seldom(const struct fast *fast,
                                                       const struct wanted *wanted,
                                                       size_t trace, struct trips *trips,
                                                       size_t i)
{
    const struct vg_log *log = fast->log;
    size_t row = log->first[trace], end = log->first[trace + 1];
    struct trip trip;
    if (row + AT_ONCE < log->events && end - row <= AT_ONCE) {
        walk_simple(fast, wanted, row, end, fast->steps, true, trips, i);
        return;
    }
    walk_rows(fast, row, end, &trip);
    for (size_t n = 0; n < fast->steps; n++)
        trips->us[n][i] = trip.at_us[n + 1];
    trips->at[i] = (uint8_t)trip.at;
}
#endif

/* ---- many traces --------------------------------------------------------------------
 */

/* Where the next durations of each step go, in the tally's blocks. */
struct places {
    int64_t *moved[FAST_STEPS], *waiting[FAST_STEPS + 1]; /* waiting at n − 1 */
    uint64_t arrived, elsewhere[FAST_STEPS + 1];
    int64_t nobody; /* who never set out waits here */
};

static bool places_open(const struct fast *fast, struct tally *tally,
                        struct places *places)
{
    places->waiting[0] = &places->nobody;
    places->arrived = places->elsewhere[0] = 0;
    for (size_t n = 0; n < fast->steps; n++) {
        if (!durations_room(&tally->moved[n], BATCH) ||
            !durations_room(&tally->waiting[n], BATCH))
            return false;
        places->moved[n] = tally->moved[n].next;
        places->waiting[n + 1] = tally->waiting[n].next;
        places->elsewhere[n + 1] = 0;
    }
    return true;
}

static void places_close(const struct fast *fast, const struct places *places,
                         struct tally *tally)
{
    for (size_t n = 0; n < fast->steps; n++) {
        tally->moved[n].next = places->moved[n];
        tally->waiting[n].next = places->waiting[n + 1];
        tally->elsewhere[n] += places->elsewhere[n + 1];
    }
    tally->arrived[fast->steps - 1] += places->arrived;
}

/* As walk_past does: whether a trace whose walk came `at` steps far has an event of a
 * later step, or of the last. */
static inline enum walk_past past_of(const struct trip *trip, size_t at, size_t steps)
{
    if (at == steps || !(trip->seen >> at))
        return PAST_NOTHING;
    return trip->seen >> (steps - 1) ? PAST_END : PAST_LATER;
}

/* Write down what one trace's walk took, and what it waits for. All steps are written
 * down, and the place moves on for those that were walked. */
static inline void note(const struct trip *trip, size_t steps, int64_t watched_us,
                        bool of_map, struct places *places, struct tally *tally)
{
    size_t at = trip->at;
    uint64_t reached = (UINT64_C(1) << at) - 1; /* bits, lest compilers branch */
    bool elsewhere = false;
    if (of_map) {
        enum walk_past past = past_of(trip, at, steps);
        elsewhere = past != PAST_NOTHING;
        tally->ended += past == PAST_END;
        places->elsewhere[at] += elsewhere;
    }
    for (size_t n = 0; n + 1 < steps; n++) {
        *places->moved[n] =
            (int64_t)((uint64_t)trip->at_us[n + 2] - (uint64_t)trip->at_us[n + 1]);
        places->moved[n] += reached >> (n + 1) & 1;
    }
    *places->waiting[at] = (int64_t)((uint64_t)watched_us - (uint64_t)trip->at_us[at]);
    uint64_t arrived = reached >> (steps - 1) & 1;
    places->waiting[at] += reached & 1 & ~arrived & !elsewhere;
    places->arrived += arrived;
}

static void batch_by_rows(const struct fast *fast, size_t t, size_t batch_end,
                          struct places *places, struct tally *tally)
{
    struct trip trip = {0};
    for (; t < batch_end; t++) {
        walk_rows(fast, fast->log->first[t], fast->log->first[t + 1], &trip);
        note(&trip, fast->steps, log_watched_us(fast->log), fast->of_map, places, tally);
    }
}

#ifdef HAVE_AVX2
AVX2_PART __m256i four_of(const int64_t *us)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)us);
}

AVX2_PART unsigned which_of(__m256i mask)
{
    return (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(mask));
}

/* Write down what the walks of `count` traces took, and what they wait for, four at a
 * time: those behind `count` are nowhere. */
AVX2_PART void note_simple(struct trips *trips, size_t count, size_t steps,
                           int64_t watched_us, struct places *places)
{
    const __m256i last = _mm256_set1_epi64x(watched_us);
    for (size_t i = count; i % 4; i++)
        trips->at[i] = 0;
    for (size_t n = 0; n + 1 < steps; n++) {
        int64_t *moved = places->moved[n], *waiting = places->waiting[n + 1];
        const __m256i here = _mm256_set1_epi64x((int64_t)n + 1);
        for (size_t i = 0; i < count; i += 4) {
            __m256i at = _mm256_cvtepu8_epi64(_mm_loadu_si32(trips->at + i));
            __m256i now = four_of(trips->us[n] + i), then = four_of(trips->us[n + 1] + i);
            unsigned on = which_of(_mm256_cmpgt_epi64(at, here));
            unsigned stay = which_of(_mm256_cmpeq_epi64(at, here));
            avx2_put_some(moved, _mm256_sub_epi64(then, now), on);
            moved += _mm_popcnt_u32(on);
            avx2_put_some(waiting, _mm256_sub_epi64(last, now), stay);
            waiting += _mm_popcnt_u32(stay);
        }
        places->moved[n] = moved;
        places->waiting[n + 1] = waiting;
    }
    for (size_t i = 0; i < count; i++)
        places->arrived += trips->at[i] == steps;
}

AVX2_PART void batch_simple(const struct fast *fast, size_t t, size_t batch_end,
                            size_t steps, struct places *places)
{
    const struct vg_log *log = fast->log;
    struct trips trips;
    struct wanted wanted;
    for (size_t n = 0; n < steps; n++)
        wanted.code[n] = _mm256_set1_epi8((char)fast->code[n]);
    while (t < batch_end) {
        size_t count = batch_end - t < TOGETHER ? batch_end - t : TOGETHER;
        for (size_t i = walk_short(fast, &wanted, t, 0, count, steps, &trips); i < count;
             i = walk_short(fast, &wanted, t, i + 1, count, steps, &trips))
            walk_seldom(fast, &wanted, t + i, &trips, i);
        note_simple(&trips, count, steps, log_watched_us(log), places);
        t += count;
    }
}

/* One function for each number of simple steps, and one for whatever else. */
#define BATCH_OF(steps)                                                                  \
    AVX2 static void batch_of_##steps(const struct fast *fast, size_t t,                 \
                                      size_t batch_end, struct places *places,           \
                                      struct tally *tally)                               \
    {                                                                                    \
        (void)tally;                                                                     \
        batch_simple(fast, t, batch_end, steps, places);                                 \
    }
BATCH_OF(1)
BATCH_OF(2)
BATCH_OF(3)
BATCH_OF(4)
BATCH_OF(5)
BATCH_OF(6)
BATCH_OF(7)
BATCH_OF(8)
AVX2 static void batch_of_any(const struct fast *fast, size_t t, size_t batch_end,
                              struct places *places, struct tally *tally)
{
    const struct vg_log *log = fast->log;
    struct trip trip = {0};
    for (; t < batch_end; t++) {
        size_t row = log->first[t], end = log->first[t + 1];
        if (row + AT_ONCE >= log->events || end - row > AT_ONCE)
            walk_rows(fast, row, end, &trip);
        else
            walk_bits(fast, row, end, &trip);
        note(&trip, fast->steps, log_watched_us(log), fast->of_map, places, tally);
    }
}
#endif

typedef void batch_walker(const struct fast *fast, size_t t, size_t batch_end,
                          struct places *places, struct tally *tally);

static batch_walker *walker_for(const struct fast *fast)
{
#ifdef HAVE_AVX2
    static batch_walker *const unrolled[SIMPLE] = {batch_of_1, batch_of_2, batch_of_3,
                                                   batch_of_4, batch_of_5, batch_of_6,
                                                   batch_of_7, batch_of_8};
    if (fast->by_code && fast->log->activity_byte && fast->single && !fast->of_map &&
        fast->steps <= SIMPLE)
        return unrolled[fast->steps - 1];
    if (fast->by_code)
        return batch_of_any;
#endif
    return batch_by_rows;
}

void fast_walk(const struct fast *fast, struct slice slice, struct tally *tally)
{
    batch_walker *walk = walker_for(fast);
    struct places places;
    for (size_t t = slice.first_trace; t < slice.end_trace && !tally->failed;) {
        size_t batch_end = t + BATCH < slice.end_trace ? t + BATCH : slice.end_trace;
        tally->failed = !places_open(fast, tally, &places);
        if (tally->failed)
            return;
        walk(fast, t, batch_end, &places, tally);
        places_close(fast, &places, tally);
        tally->failed = tally->watches && !funnel_watch_look(tally, fast->steps);
        t = batch_end;
    }
}
