#include "mine/funnel_fast.h"

#include "mine/walk.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BATCH = 512, AT_ONCE = 64 }; /* traces; events looked at together */

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
            for (size_t i = 0; i < 8; i++)
                fast->code[count][i] = (uint16_t)a;
            count++;
        }
    }
    fast->code_first[fast->steps] = (uint8_t)count;
#ifdef __SSE2__
    fast->by_code = true;
#endif
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

/* The row that reached each step, and how many there are. Without branches: every event
 * is written down as the one that reached the next step, and the event after it writes
 * over it unless it did. */
static size_t walk_rows(const struct fast *fast, size_t row, size_t end, size_t *reached)
{
    const uint16_t *activity = fast->log->activity;
    size_t at = 0;
    for (; row < end; row++) {
        reached[at] = row;
        at += fast->mask[activity[row]] >> at & 1;
    }
    return at;
}

#ifdef __SSE2__
/* Which of the sixteen events from `activity` on are at step n, as bits. */
static inline uint64_t bits_of(const struct fast *fast, size_t n,
                               const uint16_t *activity)
{
    __m128i low, high, code, met = _mm_setzero_si128();
    memcpy(&low, activity, sizeof low);
    memcpy(&high, activity + 8, sizeof high);
    for (size_t c = fast->code_first[n]; c < fast->code_first[n + 1]; c++) {
        memcpy(&code, fast->code[c], sizeof code);
        met = _mm_or_si128(met, _mm_packs_epi16(_mm_cmpeq_epi16(low, code),
                                                _mm_cmpeq_epi16(high, code)));
    }
    return (uint64_t)(unsigned)_mm_movemask_epi8(met);
}

/* The same as walk_rows, for at most AT_ONCE events (as many rows must be there): of the
 * events at each step the first after that of the step before. Where there is none, none
 * is found for the later steps either, and their row is the first: read, but not used. */
static inline size_t walk_bits(const struct fast *fast, size_t row, size_t end,
                               size_t *reached)
{
    const uint16_t *activity = fast->log->activity + row;
    size_t length = end - row, at = 0;
    uint64_t left = ~UINT64_C(0) >> (AT_ONCE - length);
    for (size_t n = 0; n < fast->steps; n++) {
        uint64_t found = bits_of(fast, n, activity);
        for (size_t from = 16; from < length; from += 16)
            found |= bits_of(fast, n, activity + from) << from;
        found &= left;
        uint64_t none = found == 0;
        reached[n] = row + (size_t)__builtin_ctzll(found | (0 - none));
        at += 1 - none;
        left &= ~(found ^ (found - 1));
    }
    return at;
}
#endif

/* Write down what one trace's walk took, and what it waits for. There is room for it. */
static void tally_rows(const struct fast *fast, const size_t *reached, size_t at,
                       bool elsewhere, struct tally *tally)
{
    const struct vg_log *log = fast->log;
    if (at == 0)
        return;
    int64_t us = log->at_us[reached[0]], last_us = us;
    /* Few steps: all are written down, and the place moves on for those that were walked;
     * that is cheaper than a branch that nobody can foresee. */
    size_t written = fast->steps <= 8 ? fast->steps : at;
    for (size_t n = 0; n + 1 < written; n++) {
        int64_t next_us = log->at_us[reached[n + 1]];
        bool walked = n + 1 < at;
        *tally->moved[n].next = next_us - us;
        tally->moved[n].next += walked;
        us = next_us;
        last_us = walked ? us : last_us;
    }
    bool arrived = at == fast->steps;
    *tally->waiting[at - 1].next = log->last_us - last_us;
    tally->waiting[at - 1].next += !arrived && !elsewhere;
    tally->arrived[at - 1] += arrived;
    tally->elsewhere[at - 1] += elsewhere;
}

/* As walk_past does: whether a trace whose walk came `at` steps far has an event of a
 * later step, or of the last. */
static enum walk_past past_of(const struct fast *fast, size_t row, size_t end, size_t at)
{
    uint64_t later = 0;
    if (!fast->of_map || at == fast->steps)
        return PAST_NOTHING;
    for (; row < end; row++)
        later |= fast->mask[fast->log->activity[row]] >> at;
    if (later >> (fast->steps - 1 - at) & 1)
        return PAST_END;
    return later ? PAST_LATER : PAST_NOTHING;
}

static bool batch_room(const struct fast *fast, struct tally *tally)
{
    for (size_t n = 0; n < fast->steps; n++)
        if (!durations_room(&tally->moved[n], BATCH) ||
            !durations_room(&tally->waiting[n], BATCH))
            return false;
    return true;
}

void fast_walk(const struct fast *fast, struct slice slice, struct tally *tally)
{
    const struct vg_log *log = fast->log;
    size_t reached[FAST_STEPS + 1] = {0};
    for (size_t t = slice.first_trace; t < slice.end_trace && !tally->failed;) {
        size_t batch_end = t + BATCH < slice.end_trace ? t + BATCH : slice.end_trace;
        tally->failed = !batch_room(fast, tally);
        for (; t < batch_end && !tally->failed; t++) {
            size_t row = log->first[t], end = log->first[t + 1];
            size_t at;
#ifdef __SSE2__
            if (fast->by_code && end - row - 1 < AT_ONCE && row + AT_ONCE <= log->events)
                at = walk_bits(fast, row, end, reached);
            else
#endif
                at = walk_rows(fast, row, end, reached);
            enum walk_past past = past_of(fast, row, end, at);
            tally_rows(fast, reached, at, past != PAST_NOTHING, tally);
            tally->ended += past == PAST_END;
        }
    }
}
