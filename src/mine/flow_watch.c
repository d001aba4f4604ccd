#include "mine/flow_watch.h"

#include "mine/avx2.h"

#ifdef HAVE_AVX2
#include <immintrin.h>
#endif

enum { BLOCK = 2048, SAMPLE_ROWS = 128, SAMPLE_EVERY = 4096 }; /* rows */

struct watch watch_begin(uint32_t from, uint32_t to, struct bracket bracket)
{
    return (struct watch){
        .bracket = bracket, .from = from, .to = to, .min = INT64_MAX, .max = INT64_MIN};
}

/* The numbers of the watches of the rows from `begin` on. */
static void numbers_find(const struct vg_log *log, const struct watched *watched,
                         size_t begin, size_t end, uint16_t *number)
{
    const uint16_t *activity = log->activity, *of_pair = watched->number;
    size_t count = watched->activities;
    if (!of_pair) {
        memset(number, 0, (end - begin) * sizeof *number);
        return;
    }
    for (size_t row = begin == 0 ? 1 : begin; row < end; row++)
        number[row - begin] = of_pair[activity[row - 1] * count + activity[row]];
}

static void trace_count(const struct vg_log *log, size_t trace,
                        struct trace_counts *traces)
{
    size_t row = log->first[trace], end = log->first[trace + 1];
    traces->duration_us[trace] = 0;
    if (row == end)
        return;
    traces->duration_us[trace] = log->at_us[end - 1] - log->at_us[row];
    traces->longest = end - row > traces->longest ? end - row : traces->longest;
    traces->starts[log->activity[row]]++;
    traces->ends[log->activity[end - 1]]++;
}

/* Take leave of the traces that begin before `end`: their first rows are no edge. Returns
 * the next trace. */
static size_t starts_mark(const struct vg_log *log, struct slice slice, size_t trace,
                          size_t begin, size_t end, struct trace_counts *traces,
                          uint16_t *number)
{
    for (; trace < slice.end_trace && log->first[trace] < end; trace++) {
        number[log->first[trace] - begin] = WATCH_NONE;
        if (traces)
            trace_count(log, trace, traces);
    }
    return trace;
}

static void widen(struct watch *watch, int64_t us)
{
    watch->min = us < watch->min ? us : watch->min;
    watch->max = us > watch->max ? us : watch->max;
    watch->width = (uint64_t)watch->max - (uint64_t)watch->min;
}

/* Sum up one time. Where no trace goes on it may be anything, and does not count. */
static inline __attribute__((always_inline)) void sum_up(struct watch *watch, int64_t us)
{
    watch->sum_low += (uint64_t)us & UINT32_MAX;
    watch->sum_high += (uint64_t)us >> 32;
    if ((uint64_t)us - (uint64_t)watch->min > watch->width)
        widen(watch, us);
}

static inline __attribute__((always_inline)) int64_t time_between(const int64_t *at_us,
                                                                  size_t row)
{
    return (int64_t)((uint64_t)at_us[row] - (uint64_t)at_us[row - 1]);
}

/* Count the times of the rows from `begin` on, and pick. Returns how many were picked;
 * none is, when there is nothing before the first row: it begins a trace. */
static size_t block_plain(const int64_t *at_us, size_t begin, size_t end, size_t base,
                          const uint16_t *number, struct watch *watches, uint32_t *row)
{
    size_t count = 0;
    for (size_t r = begin; r < end; r++) {
        struct watch *watch = &watches[number[r - begin]];
        int64_t us = time_between(at_us, r);
        unsigned class = bracket_class(&watch->bracket, us);
        sum_up(watch, us);
        watch->of_class[class]++;
        row[count] = (uint32_t)(r - base);
        count += watch->bracket.keep >> class & 1;
    }
    return count;
}

#ifdef HAVE_AVX2
/* The same; a time is compared with its four bounds at once. */
AVX2 static size_t block_wide(const int64_t *at_us, size_t begin, size_t end, size_t base,
                              const uint16_t *number, struct watch *watches,
                              uint32_t *row)
{
    size_t count = 0;
    for (size_t r = begin; r < end; r++) {
        struct watch *watch = &watches[number[r - begin]];
        int64_t us = time_between(at_us, r);
        __m256i bounds =
            _mm256_loadu_si256((const __m256i *)(const void *)watch->bracket.above);
        __m256i above = _mm256_cmpgt_epi64(_mm256_set1_epi64x(us), bounds);
        unsigned class = (unsigned)_mm_popcnt_u32(
            (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(above)));
        sum_up(watch, us);
        watch->of_class[class]++;
        row[count] = (uint32_t)(r - base);
        count += watch->bracket.keep >> class & 1;
    }
    return count;
}
#endif

static size_t block_look(const int64_t *at_us, size_t begin, size_t end, size_t base,
                         const uint16_t *number, struct watch *watches, uint32_t *row)
{
#ifdef HAVE_AVX2
    if (avx2_usable())
        return block_wide(at_us, begin, end, base, number, watches, row);
#endif
    return block_plain(at_us, begin, end, base, number, watches, row);
}

/* Of what was noted, keep the times of watched edges; the rest stays picked. Returns how
 * many, or SIZE_MAX when memory is used up. */
static size_t keep_watched(const int64_t *at_us, size_t begin, size_t base,
                           const uint16_t *number, struct watch *watches, uint32_t *row,
                           size_t count)
{
    size_t picked = 0;
    for (size_t i = 0; i < count; i++) {
        size_t r = base + row[i];
        uint16_t watch = number[r - begin];
        row[picked] = row[i];
        if (watch == WATCH_ALL)
            picked++;
        else if (!durations_add(&watches[watch].kept, at_us[r] - at_us[r - 1]))
            return SIZE_MAX;
    }
    return picked;
}

bool watch_slice(const struct vg_log *log, const struct watched *watched,
                 struct slice slice, struct watch *watches, struct trace_counts *traces,
                 struct picks *picks)
{
    size_t base = log->first[slice.first_trace], end = log->first[slice.end_trace];
    size_t trace = slice.first_trace;
    uint16_t number[BLOCK];
    picks->count = 0;
    for (size_t begin = base; begin < end;) {
        size_t block_end = begin + BLOCK < end ? begin + BLOCK : end;
        numbers_find(log, watched, begin, block_end, number);
        trace = starts_mark(log, slice, trace, begin, block_end, traces, number);
        /* The log's first row has none before it. */
        size_t from = begin == 0 ? 1 : begin;
        uint32_t *row = picks->row + picks->count;
        size_t noted = block_look(log->at_us, from, block_end, base,
                                  number + (from - begin), watches, row);
        size_t picked =
            keep_watched(log->at_us, begin, base, number, watches, row, noted);
        if (picked == SIZE_MAX)
            return false;
        picks->count += picked;
        begin = block_end;
    }
    /* Those at the end that have no events. */
    for (; traces && trace < slice.end_trace; trace++)
        trace_count(log, trace, traces);
    return true;
}

void watch_close(struct watch *watches, size_t count)
{
    for (size_t i = 0; watches && i < count; i++)
        durations_close(&watches[i].kept);
}

void watch_sample(const struct vg_log *log, struct slice slice, struct picks *picks)
{
    size_t base = log->first[slice.first_trace], end = log->first[slice.end_trace];
    picks->count = 0;
    for (size_t begin = base; begin < end; begin += SAMPLE_EVERY) {
        size_t some_end = begin + SAMPLE_ROWS < end ? begin + SAMPLE_ROWS : end;
        size_t trace = slice_trace_at(log, begin);
        for (size_t row = begin; row < some_end; row++) {
            bool begins = false;
            for (; trace < log->traces && log->first[trace] <= row; trace++)
                begins = true;
            picks->row[picks->count] = (uint32_t)(row - base);
            picks->count += !begins;
        }
    }
}
