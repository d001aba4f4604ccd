#include "mine/spread.h"

#include "mine/avx2.h"
#include "mine/bracket.h"

#include <math.h>
#include <string.h>

/* So many durations are worth a sample, and its size; of very many a larger one, which
 * leaves fewer of them between its bounds. */
enum { MANY = 16384, SAMPLE = 1024, VERY_MANY = 262144, SAMPLE_MAX = 8192 };

static void look_plainly(const int64_t *us, size_t count, struct look *sums)
{
    const struct bracket *bracket = &sums->bracket;
    for (size_t i = 0; i < count; i++) {
        sums->low += (uint64_t)us[i] & UINT32_MAX;
        sums->high += (uint64_t)us[i] >> 32;
        sums->min = us[i] < sums->min ? us[i] : sums->min;
        sums->max = us[i] > sums->max ? us[i] : sums->max;
        sums->of_class[bracket_class(bracket, us[i])]++;
    }
}

/* Bring those that must be kept together, behind the `kept` that are there already; `to`
 * may be the span itself. */
static size_t keep_plainly(struct span span, size_t from, size_t kept,
                           const struct bracket *bracket, int64_t *to)
{
    for (size_t i = from; i < span.count; i++) {
        int64_t us = span.us[i];
        to[kept] = us;
        kept += bracket->keep >> bracket_class(bracket, us) & 1;
    }
    return kept;
}

#ifdef HAVE_AVX2
enum { LANES = 4 };

AVX2_PART __m256i four(const int64_t *us)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)us);
}

AVX2_PART uint64_t sum_of(__m256i vector)
{
    uint64_t lanes[LANES];
    memcpy(lanes, &vector, sizeof lanes);
    return lanes[0] + lanes[1] + lanes[2] + lanes[3];
}

/* What four sums by vectors come to. passed: how many were above each bound. */
AVX2_PART void sums_add(struct look *sums, uint64_t count, __m256i low, __m256i high,
                        const __m256i passed[RANKS])
{
    sums->low += sum_of(low);
    sums->high += sum_of(high);
    for (size_t b = 0; b < RANKS; b++) {
        uint64_t beyond = sum_of(passed[b]);
        sums->of_class[b] += count - beyond;
        count = beyond;
    }
    sums->of_class[RANKS] += count;
}

/* The bounds, and the two classes that may have to be kept, as vectors. */
struct bounds {
    __m256i above[RANKS], keep_1, keep_3;
};

AVX2_PART struct bounds bounds_of(const struct bracket *bracket)
{
    struct bounds bounds = {.keep_1 = _mm256_set1_epi64x(bracket->keep >> 1 & 1 ? -1 : 0),
                            .keep_3 =
                                _mm256_set1_epi64x(bracket->keep >> 3 & 1 ? -1 : 0)};
    for (size_t b = 0; b < RANKS; b++)
        bounds.above[b] = _mm256_set1_epi64x(bracket->above[b]);
    return bounds;
}

/* Which of four must be kept, as bits, of those that are above the bounds. */
AVX2_PART unsigned kept_of(const struct bounds *bounds, const __m256i beyond[RANKS])
{
    __m256i in_1 =
        _mm256_and_si256(_mm256_andnot_si256(beyond[1], beyond[0]), bounds->keep_1);
    __m256i in_3 =
        _mm256_and_si256(_mm256_andnot_si256(beyond[3], beyond[2]), bounds->keep_3);
    return (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_or_si256(in_1, in_3)));
}

/* Sum up, and where `to` is given, put there those that must be kept. Returns how many
 * of the whole vectors; those behind them are only summed up. */
AVX2_PART size_t look_vectors(const int64_t *us, size_t count, struct look *sums,
                              int64_t *to)
{
    __m256i zero = _mm256_setzero_si256(), low = zero, high = zero;
    __m256i passed[RANKS] = {zero, zero, zero, zero};
    __m256i min = _mm256_set1_epi64x(INT64_MAX), max = _mm256_set1_epi64x(INT64_MIN);
    __m256i low_half = _mm256_set1_epi64x(UINT32_MAX);
    struct bounds bounds = bounds_of(&sums->bracket);
    size_t whole = count / LANES * LANES, kept = 0;
    for (size_t i = 0; i < whole; i += LANES) {
        __m256i now = four(us + i), beyond[RANKS];
        for (size_t b = 0; b < RANKS; b++) {
            beyond[b] = _mm256_cmpgt_epi64(now, bounds.above[b]);
            passed[b] = _mm256_sub_epi64(passed[b], beyond[b]);
        }
        low = _mm256_add_epi64(low, _mm256_and_si256(now, low_half));
        high = _mm256_add_epi64(high, _mm256_srli_epi64(now, 32));
        min = _mm256_blendv_epi8(min, now, _mm256_cmpgt_epi64(min, now));
        max = _mm256_blendv_epi8(max, now, _mm256_cmpgt_epi64(now, max));
        if (to) {
            unsigned keep = kept_of(&bounds, beyond);
            avx2_put_some(to + kept, now, keep);
            kept += (size_t)_mm_popcnt_u32(keep);
        }
    }
    sums_add(sums, whole, low, high, passed);
    int64_t least[LANES], most[LANES];
    memcpy(least, &min, sizeof least);
    memcpy(most, &max, sizeof most);
    for (size_t lane = 0; lane < LANES; lane++) {
        sums->min = least[lane] < sums->min ? least[lane] : sums->min;
        sums->max = most[lane] > sums->max ? most[lane] : sums->max;
    }
    look_plainly(us + whole, count - whole, sums);
    return kept;
}

AVX2 static void look_wide(const int64_t *us, size_t count, struct look *sums)
{
    (void)look_vectors(us, count, sums, NULL);
}

AVX2 static size_t look_and_keep_wide(struct span span, struct look *sums, int64_t *to)
{
    size_t kept = look_vectors(span.us, span.count, sums, to);
    return keep_plainly(span, span.count / LANES * LANES, kept, &sums->bracket, to);
}

AVX2 static size_t keep_wide(struct span span, const struct bracket *bracket)
{
    struct bounds bounds = bounds_of(bracket);
    size_t whole = span.count / LANES * LANES, kept = 0;
    for (size_t i = 0; i < whole; i += LANES) {
        __m256i now = four(span.us + i), beyond[RANKS];
        for (size_t b = 0; b < RANKS; b++)
            beyond[b] = _mm256_cmpgt_epi64(now, bounds.above[b]);
        unsigned keep = kept_of(&bounds, beyond);
        avx2_put_some(span.us + kept, now, keep);
        kept += (size_t)_mm_popcnt_u32(keep);
    }
    return keep_plainly(span, whole, kept, bracket, span.us);
}
#endif

static void look(struct span span, struct look *sums)
{
#ifdef HAVE_AVX2
    if (avx2_usable()) {
        look_wide(span.us, span.count, sums);
        return;
    }
#endif
    look_plainly(span.us, span.count, sums);
}

static size_t keep(struct span span, const struct bracket *bracket)
{
#ifdef HAVE_AVX2
    if (avx2_usable())
        return keep_wide(span, bracket);
#endif
    return keep_plainly(span, 0, 0, bracket, span.us);
}

/* Bounds from a sample taken evenly from all spans. */
static struct bracket bracket_of(const struct span *spans, size_t count)
{
    int64_t sample[SAMPLE_MAX];
    size_t s = 0, before = 0, size = count < VERY_MANY ? SAMPLE : SAMPLE_MAX;
    for (size_t i = 0; i < size; i++) {
        size_t at = i * (count / size) + i * (count % size) / size;
        while (at - before >= spans[s].count)
            before += spans[s++].count;
        sample[i] = spans[s].us[at - before];
    }
    return bracket_guess(sample, size);
}

static double seconds_between(int64_t low, int64_t high, double fraction)
{
    return ((double)low + (fraction > 0 ? fraction * (double)(high - low) : 0)) /
           (double)US_PER_S;
}

static size_t count_all(const struct span *spans, size_t span_count)
{
    size_t count = 0;
    for (size_t s = 0; s < span_count; s++)
        count += spans[s].count;
    return count;
}

struct spread spread_from(size_t count, uint64_t sum_low, uint64_t sum_high, int64_t min,
                          int64_t max, const struct quantile_ranks *ranks,
                          const int64_t at_rank[RANKS])
{
    double total = (double)sum_high * 4294967296.0 + (double)sum_low;
    return (struct spread){
        .count = count,
        .mean_s = total / (double)count / (double)US_PER_S,
        .median_s = seconds_between(at_rank[0], at_rank[1], ranks->median_part),
        .p95_s = seconds_between(at_rank[2], at_rank[3], ranks->p95_part),
        .min_s = (double)min / (double)US_PER_S,
        .max_s = (double)max / (double)US_PER_S};
}

struct look look_begin(struct bracket bracket)
{
    return (struct look){.bracket = bracket, .min = INT64_MAX, .max = INT64_MIN};
}

size_t look_at(struct look *sums, struct span piece, int64_t *to)
{
#ifdef HAVE_AVX2
    if (avx2_usable())
        return look_and_keep_wide(piece, sums, to);
#endif
    look_plainly(piece.us, piece.count, sums);
    return keep_plainly(piece, 0, 0, &sums->bracket, to);
}

void look_add(struct look *to, const struct look *from)
{
    to->low += from->low;
    to->high += from->high;
    to->min = from->min < to->min ? from->min : to->min;
    to->max = from->max > to->max ? from->max : to->max;
    for (size_t c = 0; c < BRACKET_CLASSES; c++)
        to->of_class[c] += from->of_class[c];
}

bool look_end(const struct look *sums, const struct span *kept, size_t kept_count,
              struct spread *ret)
{
    struct bracket_found found[2];
    int64_t at_rank[RANKS];
    size_t count = 0;
    for (size_t c = 0; c < BRACKET_CLASSES; c++)
        count += sums->of_class[c];
    if (count == 0)
        return false;
    struct quantile_ranks ranks = bracket_ranks(count);
    if (!bracket_find(&sums->bracket, sums->of_class, &ranks, sums->max, found))
        return false;
    bracket_read(found, kept, kept_count, at_rank);
    *ret =
        spread_from(count, sums->low, sums->high, sums->min, sums->max, &ranks, at_rank);
    return true;
}

struct spread spread_of(struct span *spans, size_t span_count)
{
    size_t count = count_all(spans, span_count);
    if (count == 0)
        return (struct spread){0, NAN, NAN, NAN, NAN, NAN};
    struct quantile_ranks ranks = bracket_ranks(count);
    struct bracket none = BRACKET_NONE;
    struct look sums = look_begin(count >= MANY ? bracket_of(spans, count) : none);
    struct bracket_found found[2];
    int64_t at_rank[RANKS];
    for (size_t s = 0; s < span_count; s++)
        look(spans[s], &sums);
    if (bracket_find(&sums.bracket, sums.of_class, &ranks, sums.max, found)) {
        bool open = bracket_open(found);
        for (size_t s = 0; s < span_count && open; s++)
            spans[s].count = keep(spans[s], &sums.bracket);
        bracket_read(found, spans, span_count, at_rank);
    } else {
        ranks_of(spans, span_count, ranks.rank, at_rank);
    }
    return spread_from(count, sums.low, sums.high, sums.min, sums.max, &ranks, at_rank);
}

struct spread spread_of_one(int64_t *us, size_t count)
{
    struct span span = {us, count};
    return spread_of(&span, 1);
}
