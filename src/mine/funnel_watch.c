#include "mine/funnel_watch.h"

#include "mine/avx2.h"
#include "mine/scratch.h"

enum {
    TRACES = 1 << 17, /* fewer are not worth a sample */
    RUNS = 128,       /* of the sample, all over the log, … */
    RUN = 64,         /* … so many traces each */
    SOME = 16, /* who moved on in the sample: fewer, and who knows how many in all … */
    OFTEN = 256, /* … and fewer say nothing about how long it takes */
    SPANS = 64   /* pieces of what was kept; more are put together */
};

/* ---- the sample ---------------------------------------------------------------------
 */

static void sample_walk(const struct fast *fast, struct tally *sample)
{
    size_t traces = fast->log->traces;
    for (size_t i = 0; i < RUNS && !sample->failed; i++) {
        size_t from = i * (traces / RUNS);
        fast_walk(fast, (struct slice){from, from + RUN}, sample);
    }
}

/* How far the patience, in whole microseconds, may be from the times it lies between: it
 * is worked out in seconds, which are rounded. */
static int64_t slack(int64_t us)
{
    return 2 + (us >> 50);
}

/* Nothing is known: all must be kept. */
static struct step_watch watch_all(void)
{
    static const struct bracket all = BRACKET_ALL;
    return (struct step_watch){
        .look = look_begin(all), .travelling_to = INT64_MIN, .lost_beyond = INT64_MAX};
}

static struct step_watch watch_within(struct bracket bracket)
{
    int64_t low = bracket.above[2], high = bracket.above[3];
    return (struct step_watch){
        .look = look_begin(bracket),
        .travelling_to = low - slack(low),
        .lost_beyond = high < INT64_MAX - slack(high) ? high + slack(high) : INT64_MAX};
}

/* From the sample's times of those who moved on. False: too few, or no memory. */
static bool step_guess(struct durations *moved, struct step_watch *ret)
{
    size_t count = durations_seal(moved), at = 0;
    int64_t *sample = count < SOME ? NULL : scratch_array(int64_t, count);
    if (!sample)
        return false;
    for (size_t b = 0; b < moved->block_count; at += moved->blocks[b++].count)
        memcpy(sample + at, moved->blocks[b].us, moved->blocks[b].count * sizeof *sample);
    *ret = count < OFTEN ? watch_all() : watch_within(bracket_guess(sample, count));
    scratch_free(sample);
    return true;
}

/* A watch for each step but the last, which nobody leaves. */
static bool guess(const struct fast *fast, struct tally *sample,
                  struct step_watch *watches)
{
    sample_walk(fast, sample);
    bool told = !sample->failed;
    for (size_t n = 0; told && n + 1 < fast->steps; n++)
        told = step_guess(&sample->moved[n], &watches[n]);
    return told;
}

bool funnel_watch_open(const struct fast *fast, struct tally *tallies, unsigned workers)
{
    struct tally sample = {0};
    size_t steps = fast->steps;
    if (fast->log->traces < TRACES)
        return true;
    struct step_watch *watches = scratch_zeroed(steps, sizeof *watches);
    bool done = watches && tally_open(&sample, steps, 0);
    bool told = done && guess(fast, &sample, watches);
    for (unsigned w = 0; told && done && w < workers; w++) {
        tallies[w].watches = scratch_array(struct step_watch, steps);
        done = tallies[w].watches != NULL;
        if (done)
            memcpy(tallies[w].watches, watches, steps * sizeof *watches);
    }
    tally_close(&sample, steps);
    scratch_free(watches);
    return done;
}

/* ---- while walking ------------------------------------------------------------------
 */

/* Count those who are lost for sure; the undecided go to `to`, which has room for all.
 * Returns how many. */
static size_t waits_plainly(struct step_watch *watch, struct span waits, size_t from,
                            size_t undecided, int64_t *to)
{
    uint64_t lost = 0;
    for (size_t i = from; i < waits.count; i++) {
        int64_t us = waits.us[i];
        bool beyond = us > watch->lost_beyond;
        lost += beyond;
        to[undecided] = us;
        undecided += !beyond & (us > watch->travelling_to);
    }
    watch->lost += lost;
    return undecided;
}

#ifdef HAVE_AVX2
AVX2 static size_t waits_wide(struct step_watch *watch, struct span waits, int64_t *to)
{
    const __m256i travelling = _mm256_set1_epi64x(watch->travelling_to);
    const __m256i beyond = _mm256_set1_epi64x(watch->lost_beyond);
    size_t whole = waits.count / 4 * 4, undecided = 0;
    uint64_t lost = 0;
    for (size_t i = 0; i < whole; i += 4) {
        __m256i us = _mm256_loadu_si256((const __m256i *)(const void *)(waits.us + i));
        __m256i gone = _mm256_cmpgt_epi64(us, beyond);
        __m256i open = _mm256_andnot_si256(gone, _mm256_cmpgt_epi64(us, travelling));
        unsigned bits = (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(open));
        lost += (uint64_t)_mm_popcnt_u32(
            (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(gone)));
        avx2_put_some(to + undecided, us, bits);
        undecided += (size_t)_mm_popcnt_u32(bits);
    }
    watch->lost += lost;
    return waits_plainly(watch, waits, whole, undecided, to);
}
#endif

static size_t waits_part(struct step_watch *watch, struct span waits, int64_t *to)
{
    watch->waiting += waits.count;
#ifdef HAVE_AVX2
    if (avx2_usable())
        return waits_wide(watch, waits, to);
#endif
    return waits_plainly(watch, waits, 0, 0, to);
}

/* What the durations have, all of it in one block; they are empty then. */
static struct span span_take(struct durations *durations)
{
    int64_t *us = durations->blocks[0].us;
    struct span span = {us, (size_t)(durations->next - us)};
    durations->next = us;
    return span;
}

bool funnel_watch_look(struct tally *tally, size_t steps)
{
    for (size_t n = 0; n + 1 < steps; n++) {
        struct step_watch *watch = &tally->watches[n];
        struct span moved = span_take(&tally->moved[n]);
        struct span waits = span_take(&tally->waiting[n]);
        if (!durations_room(&watch->kept, (ptrdiff_t)moved.count) ||
            !durations_room(&watch->undecided, (ptrdiff_t)waits.count))
            return false;
        watch->kept.next += look_at(&watch->look, moved, watch->kept.next);
        watch->undecided.next += waits_part(watch, waits, watch->undecided.next);
    }
    return true;
}

/* ---- afterwards ---------------------------------------------------------------------
 */

bool funnel_watch_end(struct tally *tallies, unsigned workers, size_t n,
                      struct spread *ret)
{
    struct look look = tallies[0].watches[n].look;
    struct span spans[SPANS];
    size_t count = 0;
    for (unsigned w = 0; w < workers; w++) {
        struct step_watch *watch = &tallies[w].watches[n];
        if (w > 0)
            look_add(&look, &watch->look);
        (void)durations_seal(&watch->kept);
        for (size_t b = 0; b < watch->kept.block_count; b++, count++)
            if (count < SPANS)
                spans[count] = watch->kept.blocks[b];
    }
    return count <= SPANS && look_end(&look, spans, count, ret);
}

bool funnel_watch_judge(const struct tally *tallies, unsigned workers, size_t n,
                        int64_t most, uint64_t *ret_lost, uint64_t *ret_travelling)
{
    const struct step_watch *guessed = &tallies[0].watches[n];
    uint64_t lost = 0, waiting = 0;
    if (most < guessed->travelling_to || most > guessed->lost_beyond)
        return false;
    for (unsigned w = 0; w < workers; w++) {
        struct step_watch *watch = &tallies[w].watches[n];
        (void)durations_seal(&watch->undecided);
        lost += watch->lost;
        waiting += watch->waiting;
        for (size_t b = 0; b < watch->undecided.block_count; b++)
            for (size_t i = 0; i < watch->undecided.blocks[b].count; i++)
                lost += watch->undecided.blocks[b].us[i] > most;
    }
    *ret_lost = lost;
    *ret_travelling = waiting - lost;
    return true;
}
