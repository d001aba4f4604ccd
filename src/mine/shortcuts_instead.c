/* What a shortcut takes the place of. Of the activities the map knows, the one that comes
 * right after the same activity as the shortcut, is not just the next thing the customer
 * does, and is followed by much the same. So «Call to the production manager» stands
 * instead of «Call to the hotline»: both right after the breakdown, and after both comes
 * the technician. It is a likeness in the data, not a proof of what customers meant. */
#include "mine/align_parts.h"
#include "mine/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST = 10 }; /* events on either way */
static const double sole_before = 0.4, most_between = 0.25, least_alike = 0.5;

/* How often one activity directly follows another: a hash table of pairs. An event's
 * number is its activity + 1; 0 is the end of a trace. */
struct pair {
    uint32_t from, to;
    uint64_t count;
};
struct pairs {
    const struct dict *names; /* ties go to the first by name */
    struct pair *slots;
    size_t mask, used;
    uint64_t *all; /* [activities + 1] events of each */
    size_t numbers;
};

static struct pair *pair_slot(struct pair *slots, size_t mask, uint32_t from, uint32_t to)
{
    uint64_t key = ((uint64_t)from << 32 | to) * UINT64_C(0x9e3779b97f4a7c15);
    size_t slot = (size_t)(key >> 32) & mask;
    while (slots[slot].from && (slots[slot].from != from || slots[slot].to != to))
        slot = (slot + 1) & mask;
    return &slots[slot];
}

static bool pairs_grow(struct pairs *pairs)
{
    size_t mask = pairs->slots ? pairs->mask * 2 + 1 : 1023;
    struct pair *slots = calloc(mask + 1, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; pairs->slots && i <= pairs->mask; i++)
        if (pairs->slots[i].from)
            *pair_slot(slots, mask, pairs->slots[i].from, pairs->slots[i].to) =
                pairs->slots[i];
    free(pairs->slots);
    pairs->slots = slots;
    pairs->mask = mask;
    return true;
}

/* Whether the event number `a` (0: the end) comes before `b` by name. */
static bool name_before(const struct pairs *pairs, uint32_t a, uint32_t b)
{
    if (a == 0 || b == 0)
        return b != 0;
    return str_compare(dict_str(pairs->names, a - 1), dict_str(pairs->names, b - 1)) < 0;
}

static bool pair_add(struct pairs *pairs, uint32_t from, uint32_t to, uint64_t count)
{
    if (!pairs->slots || pairs->used * 2 > pairs->mask)
        if (!pairs_grow(pairs))
            return false;
    struct pair *pair = pair_slot(pairs->slots, pairs->mask, from, to);
    pairs->used += pair->from == 0;
    *pair = (struct pair){from, to, pair->count + count};
    pairs->all[from] += count;
    return true;
}

static uint64_t pair_count(const struct pairs *pairs, uint32_t from, uint32_t to)
{
    return pair_slot(pairs->slots, pairs->mask, from, to)->count;
}

static bool pairs_count(struct pairs *pairs, const struct aligned *aligned)
{
    const struct vg_log *log = aligned->log;
    for (size_t k = 0; k < aligned->kinds.count; k++) {
        size_t trace = aligned->kinds.example[k];
        for (size_t row = log->first[trace]; row < log->first[trace + 1]; row++) {
            bool last = row + 1 == log->first[trace + 1];
            uint32_t to = last ? 0 : log->activity[row + 1] + UINT32_C(1);
            if (!pair_add(pairs, log->activity[row] + UINT32_C(1), to,
                          aligned->kinds.traces[k]))
                return false;
        }
    }
    return true;
}

/* What most often comes right before `number`, if that is most of the time; else 0. */
static uint32_t sole_predecessor(const struct pairs *pairs, uint32_t number)
{
    uint32_t best = 0;
    uint64_t most = 0;
    for (uint32_t from = 1; from < pairs->numbers; from++) {
        uint64_t count = pair_count(pairs, from, number);
        if (from != number && (count > most || (count && count == most &&
                                                name_before(pairs, from, best)))) {
            most = count;
            best = from;
        }
    }
    return (double)most >= sole_before * (double)pairs->all[number] ? best : 0;
}

/* How alike what follows two activities is, 0 … 1; *ret_then is what most often follows
 * both (0: the end). */
static double likeness(const struct pairs *pairs, uint32_t a, uint32_t b,
                       uint32_t *ret_then)
{
    double sum = 0, most = 0;
    for (uint32_t to = 0; to < pairs->numbers; to++) {
        double in_a = (double)pair_count(pairs, a, to) / (double)pairs->all[a],
               in_b = (double)pair_count(pairs, b, to) / (double)pairs->all[b],
               both = in_a < in_b ? in_a : in_b;
        sum += both;
        if (both > most ||
            (both > 0 && both == most && name_before(pairs, to, *ret_then))) {
            most = both;
            *ret_then = to;
        }
    }
    return sum;
}

static bool known_anywhere(const struct labels *labels, size_t activity)
{
    return labels->row[activity] ||
           labels->special_first[activity] < labels->special_first[activity + 1];
}

/* What the shortcut `number` after `before` stands instead of; 0: nothing. */
static uint32_t instead_choose(const struct pairs *pairs, const struct labels *labels,
                               uint32_t number, uint32_t before, uint32_t *ret_then)
{
    uint32_t best = 0, then = 0;
    uint64_t most = LEAST - 1;
    double all = (double)pairs->all[number];
    for (uint32_t other = 1; other < pairs->numbers; other++) {
        uint64_t count = pair_count(pairs, before, other);
        bool better =
            count > most || (best && count == most && name_before(pairs, other, best));
        if (!better || other == number || other == before ||
            !known_anywhere(labels, other - 1))
            continue;
        double other_all = (double)pairs->all[other];
        if ((double)pair_count(pairs, number, other) > most_between * all ||
            (double)pair_count(pairs, other, number) > most_between * other_all ||
            likeness(pairs, number, other, &then) < least_alike)
            continue;
        most = count;
        best = other;
        *ret_then = then;
    }
    return best;
}

static int double_compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* The median time from one activity to another right after it. False: no memory. */
static bool between_median(struct arena *scratch, const struct pairs *pairs,
                           const struct vg_log *log, uint32_t from, uint32_t to,
                           double *ret)
{
    double *waits = arena_array(scratch, double, (size_t)pair_count(pairs, from, to));
    size_t count = 0;
    for (size_t t = 0; waits && t < log->traces; t++)
        for (size_t row = log->first[t]; row + 1 < log->first[t + 1]; row++)
            if (log->activity[row] + UINT32_C(1) == from &&
                log->activity[row + 1] + UINT32_C(1) == to)
                waits[count++] =
                    (double)(log->at_us[row + 1] - log->at_us[row]) / (double)US_PER_S;
    if (count)
        qsort(waits, count, sizeof *waits, double_compare);
    *ret = stats_quantile(waits, count, 0.5);
    return waits != NULL;
}

/* The first step that the activity is. */
static size_t step_of(const struct labels *labels, size_t activity)
{
    size_t end = labels->special_first[activity + 1];
    for (size_t s = 0; s < labels->step_count; s++)
        for (size_t l = activity, next = labels->special_first[activity];; l = next++) {
            if (labels->row[l] && label_match(labels, (uint32_t)l)[s])
                return s;
            if (next >= end)
                break;
        }
    return 0;
}

static bool instead_fill(struct arena *scratch, const struct aligned *aligned,
                         const struct pairs *pairs, uint32_t number,
                         struct vg_shortcut *shortcut)
{
    uint32_t before = sole_predecessor(pairs, number), then = 0;
    uint64_t taken = before ? pair_count(pairs, before, number) : 0;
    if (taken < LEAST)
        return true;
    uint32_t other = instead_choose(pairs, &aligned->labels, number, before, &then);
    if (!other)
        return true;
    size_t step = step_of(&aligned->labels, other - 1);
    uint64_t events = pair_count(pairs, before, other);
    struct interval interval = stats_wilson(taken, taken + events);
    shortcut->instead_of = aligned->activity_name[other - 1];
    shortcut->instead_step = aligned->step_id[step];
    shortcut->instead_title = aligned->step_title[step];
    shortcut->after = aligned->activity_name[before - 1];
    shortcut->taken = taken;
    shortcut->instead_events = events;
    shortcut->instead_share = (double)taken / (double)(taken + events);
    shortcut->instead_low = interval.low;
    shortcut->instead_high = interval.high;
    if (then == 0)
        return true;
    shortcut->then = aligned->activity_name[then - 1];
    return between_median(scratch, pairs, aligned->log, number, then,
                          &shortcut->then_s) &&
           between_median(scratch, pairs, aligned->log, other, then,
                          &shortcut->instead_then_s);
}

enum vg_code insteads_find(struct arena *scratch, const struct aligned *aligned,
                           struct vg_align *ret, struct vg_err *err)
{
    size_t activities = aligned->log->activities.count;
    struct pairs pairs = {.names = &aligned->log->activities,
                          .numbers = activities + 1,
                          .all = arena_array(scratch, uint64_t, activities + 1)};
    bool done = pairs.all && (ret->shortcut_count == 0 || pairs_count(&pairs, aligned));
    for (size_t i = 0; done && i < ret->shortcut_count; i++) {
        struct vg_shortcut *shortcut = &ret->shortcuts[i];
        shortcut->instead_of = shortcut->instead_step = shortcut->instead_title = "";
        shortcut->after = shortcut->then = "";
        shortcut->instead_share = shortcut->instead_low = shortcut->instead_high = NAN;
        shortcut->then_s = shortcut->instead_then_s = NAN;
        uint32_t number = log_activity_find(aligned->log, str_from(shortcut->activity));
        if (!known_anywhere(&aligned->labels, number))
            done = instead_fill(scratch, aligned, &pairs, number + 1, shortcut);
    }
    free(pairs.slots);
    return done ? VG_OK : err_memory(err);
}
