/* Shortcuts: evidence that goes where the map has no way. An event that no step matches
 * (an activity the map does not know, or a known one on a channel it does not know),
 * after the step `from` at which the trace was last met. A trace counts once for each
 * (from, activity); `to` is where most of them are met next. */
#include "mine/align_parts.h"
#include "mine/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHORTCUTS_KEPT = 100 };

/* One (from, label) while it is counted. */
struct way_off {
    uint64_t key; /* 1 + (from + 1) × labels + label; 0: an empty slot */
    uint64_t traces;
    uint32_t stamp; /* 1 + the kind or trace that was counted last */
    int from;       /* −1: the start */
    uint32_t label;
    struct tally *tally; /* of those that are kept */
};
/* What is told of a kept one; each trace votes once, with its first such event. */
struct tally {
    uint64_t count;
    uint32_t *actor;   /* [traces] */
    uint32_t *channel; /* [traces] */
    double *wait_s;    /* [waits] */
    size_t waits;
    uint64_t *to; /* [steps + 1] the last one: never met again */
};
struct hunt {
    const struct aligned *aligned;
    struct way_off *slots; /* 2^bits, by key */
    unsigned bits;
    size_t count;
    struct way_off **kept; /* most traces first */
    size_t kept_count;
};

static struct way_off *slot_for(struct way_off *slots, unsigned bits, uint64_t key)
{
    size_t slot = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - bits));
    while (slots[slot].key && slots[slot].key != key)
        slot = (slot + 1) & (((size_t)1 << bits) - 1);
    return &slots[slot];
}

static bool slots_grow(struct hunt *hunt)
{
    unsigned bits = hunt->slots ? hunt->bits + 1 : 8;
    struct way_off *slots = calloc((size_t)1 << bits, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; hunt->slots && i < (size_t)1 << hunt->bits; i++)
        if (hunt->slots[i].key)
            *slot_for(slots, bits, hunt->slots[i].key) = hunt->slots[i];
    free(hunt->slots);
    hunt->slots = slots;
    hunt->bits = bits;
    return true;
}

static uint64_t way_off_key(const struct hunt *hunt, int from, uint32_t label)
{
    return 1 + (uint64_t)(from + 1) * hunt->aligned->labels.count + label;
}

/* The slot of (from, label), made when it is new. NULL when memory is used up. */
static struct way_off *way_off_for(struct hunt *hunt, int from, uint32_t label)
{
    if (!hunt->slots || hunt->count >= (size_t)1 << (hunt->bits - 1))
        if (!slots_grow(hunt))
            return NULL;
    uint64_t key = way_off_key(hunt, from, label);
    struct way_off *way = slot_for(hunt->slots, hunt->bits, key);
    if (!way->key) {
        *way = (struct way_off){.key = key, .from = from, .label = label};
        hunt->count++;
    }
    return way;
}

/* First: how many traces take each, kind by kind. */
static bool kinds_count(struct hunt *hunt)
{
    const struct aligned *aligned = hunt->aligned;
    for (size_t k = 0; k < aligned->kinds.count; k++) {
        if (!aligned->has_unknown[k])
            continue;
        size_t row = aligned->log->first[aligned->kinds.example[k]];
        int from = -1;
        for (uint64_t e = aligned->at_first[k]; e < aligned->at_first[k + 1];
             e++, row++) {
            uint16_t at = aligned->at[e];
            if (at_met(at))
                from = at & AT_STEP;
            if (at != AT_UNKNOWN)
                continue;
            uint32_t label = label_of(&aligned->labels, aligned->log, row);
            if (aligned->labels.named[aligned->labels.activity[label]])
                continue;
            struct way_off *way = way_off_for(hunt, from, label);
            if (!way)
                return false;
            if (way->stamp != k + 1)
                way->traces += aligned->kinds.traces[k];
            way->stamp = (uint32_t)k + 1;
        }
    }
    return true;
}

static int way_off_compare(const void *left, const void *right, void *ctx)
{
    const struct aligned *aligned = ctx;
    const struct way_off *a = *(struct way_off *const *)left,
                         *b = *(struct way_off *const *)right;
    if (a->traces != b->traces)
        return a->traces > b->traces ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return strcmp(aligned->activity_name[aligned->labels.activity[a->label]],
                  aligned->activity_name[aligned->labels.activity[b->label]]);
}

static enum vg_code kept_choose(struct hunt *hunt, struct arena *scratch,
                                struct vg_err *err)
{
    size_t steps = hunt->aligned->way.step_count;
    hunt->kept = arena_array(scratch, struct way_off *, hunt->count);
    if (!hunt->kept)
        return err_memory(err);
    for (size_t i = 0; hunt->slots && i < (size_t)1 << hunt->bits; i++)
        if (hunt->slots[i].key)
            hunt->kept[hunt->kept_count++] = &hunt->slots[i];
    if (hunt->kept_count)
        qsort_r(hunt->kept, hunt->kept_count, sizeof(struct way_off *), way_off_compare,
                (void *)hunt->aligned);
    if (hunt->kept_count > SHORTCUTS_KEPT)
        hunt->kept_count = SHORTCUTS_KEPT;
    for (size_t i = 0; i < hunt->kept_count; i++) {
        size_t traces = (size_t)hunt->kept[i]->traces;
        struct tally *tally = arena_new(scratch, struct tally);
        if (!tally)
            return err_memory(err);
        hunt->kept[i]->tally = tally;
        hunt->kept[i]->stamp = 0;
        tally->actor = arena_array(scratch, uint32_t, traces);
        tally->channel = arena_array(scratch, uint32_t, traces);
        tally->wait_s = arena_array(scratch, double, traces);
        tally->to = arena_array(scratch, uint64_t, steps + 1);
        if (!tally->actor || !tally->channel || !tally->wait_s || !tally->to)
            return err_memory(err);
    }
    return VG_OK;
}

/* A trace's first event on this shortcut: with whom, on which channel, after how long. */
static void tally_vote(const struct vg_log *log, struct tally *tally, size_t row,
                       size_t from_row)
{
    tally->actor[tally->count] = log->actor ? log->actor[row] : LOG_NO_CODE32;
    tally->channel[tally->count] = log->channel && log->channel[row] != LOG_NO_CODE16
                                       ? log->channel[row]
                                       : LOG_NO_CODE32;
    tally->count++;
    if (from_row != SIZE_MAX)
        tally->wait_s[tally->waits++] =
            (double)(log->at_us[row] - log->at_us[from_row]) / (double)US_PER_S;
}

/* Everybody who was off the way is met again at `to`. `open` lists their tallies. */
static void open_close(struct tally **open, size_t *count, size_t to)
{
    for (size_t i = 0; i < *count; i++)
        open[i]->to[to]++;
    *count = 0;
}

static void trace_tally(struct hunt *hunt, size_t trace)
{
    const struct aligned *aligned = hunt->aligned;
    const struct vg_log *log = aligned->log;
    const uint16_t *at = aligned->at + aligned->at_first[aligned->kinds.of[trace]];
    struct tally *open[SHORTCUTS_KEPT];
    size_t open_count = 0, from_row = SIZE_MAX;
    int from = -1;
    for (size_t row = log->first[trace]; row < log->first[trace + 1]; row++, at++) {
        if (at_met(*at)) {
            from = *at & AT_STEP;
            from_row = row;
            open_close(open, &open_count, (size_t)from);
        }
        if (*at != AT_UNKNOWN)
            continue;
        uint64_t key = way_off_key(hunt, from, label_of(&aligned->labels, log, row));
        struct way_off *way = slot_for(hunt->slots, hunt->bits, key);
        if (!way->tally || way->stamp == trace + 1)
            continue;
        way->stamp = (uint32_t)trace + 1;
        tally_vote(log, way->tally, row, from_row);
        open[open_count++] = way->tally;
    }
    open_close(open, &open_count, aligned->way.step_count);
}

static int code_compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}
static int double_compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* The code that comes most often (of equals the first by name); LOG_NO_CODE32: none has
 * one. */
static uint32_t most_frequent(const struct dict *names, uint32_t *codes, size_t count,
                              uint64_t *ret_count)
{
    uint32_t best = LOG_NO_CODE32;
    *ret_count = 0;
    if (count)
        qsort(codes, count, sizeof *codes, code_compare);
    for (size_t i = 0, end; i < count && codes[i] != LOG_NO_CODE32; i = end) {
        for (end = i + 1; end < count && codes[end] == codes[i];)
            end++;
        bool equal = end - i == *ret_count && best != LOG_NO_CODE32;
        if (end - i > *ret_count || (equal && str_compare(dict_str(names, codes[i]),
                                                          dict_str(names, best)) < 0)) {
            *ret_count = end - i;
            best = codes[i];
        }
    }
    return best;
}

/* The names that the tally voted for. False when memory is used up. */
static bool names_fill(struct arena *arena, const struct vg_log *log, struct tally *tally,
                       struct vg_shortcut *shortcut)
{
    uint64_t channel_count;
    uint32_t actor = most_frequent(&log->actors, tally->actor, tally->count,
                                   &shortcut->actor_count),
             channel = most_frequent(&log->channels, tally->channel, tally->count,
                                     &channel_count);
    if (actor != LOG_NO_CODE32 &&
        !(shortcut->actor = arena_text(arena, dict_str(&log->actors, actor))))
        return false;
    return channel == LOG_NO_CODE32 ||
           (shortcut->channel = arena_text(arena, dict_str(&log->channels, channel)));
}

static bool shortcut_fill(struct arena *arena, const struct aligned *aligned,
                          const struct way_off *way, struct vg_shortcut *ret)
{
    struct tally *tally = way->tally;
    size_t steps = aligned->way.step_count, to = 0;
    for (size_t s = 1; s <= steps; s++)
        if (tally->to[s] > tally->to[to])
            to = s;
    uint64_t passing = aligned_passing(aligned, way->from);
    struct interval interval = stats_wilson(way->traces, passing);
    if (tally->waits)
        qsort(tally->wait_s, tally->waits, sizeof *tally->wait_s, double_compare);
    *ret = (struct vg_shortcut){
        .from = way->from < 0 ? "" : aligned->step_id[way->from],
        .from_title = way->from < 0 ? "" : aligned->step_title[way->from],
        .to = to == steps ? "" : aligned->step_id[to],
        .to_title = to == steps ? "" : aligned->step_title[to],
        .to_count = tally->to[to],
        .activity = aligned->activity_name[aligned->labels.activity[way->label]],
        .traces = way->traces,
        .passing = passing,
        .share = (double)way->traces / (double)passing,
        .share_low = interval.low,
        .share_high = interval.high,
        .median_s = stats_quantile(tally->wait_s, tally->waits, 0.5),
    };
    return names_fill(arena, aligned->log, tally, ret);
}

static int shortcut_compare(const void *left, const void *right)
{
    const struct vg_shortcut *a = left, *b = right;
    if ((a->instead_of[0] != 0) != (b->instead_of[0] != 0))
        return a->instead_of[0] ? -1 : 1;
    if (a->traces != b->traces)
        return a->traces > b->traces ? -1 : 1;
    int order = strcmp(a->activity, b->activity);
    return order ? order : strcmp(a->from, b->from);
}

enum vg_code shortcuts_mine(struct arena *arena, struct arena *scratch,
                            const struct aligned *aligned, struct vg_align *ret,
                            struct vg_err *err)
{
    struct hunt hunt = {.aligned = aligned};
    enum vg_code code = kinds_count(&hunt) ? VG_OK : err_memory(err);
    if (code == VG_OK)
        code = kept_choose(&hunt, scratch, err);
    for (size_t t = 0; code == VG_OK && hunt.kept_count && t < aligned->log->traces; t++)
        if (aligned->has_unknown[aligned->kinds.of[t]])
            trace_tally(&hunt, t);
    ret->shortcut_count = hunt.kept_count;
    ret->shortcuts = arena_array(arena, struct vg_shortcut, hunt.kept_count);
    if (code == VG_OK && !ret->shortcuts)
        code = err_memory(err);
    for (size_t i = 0; code == VG_OK && i < hunt.kept_count; i++)
        if (!shortcut_fill(arena, aligned, hunt.kept[i], &ret->shortcuts[i]))
            code = err_memory(err);
    if (code == VG_OK)
        code = insteads_find(scratch, aligned, ret, err);
    if (code == VG_OK && ret->shortcut_count)
        qsort(ret->shortcuts, ret->shortcut_count, sizeof *ret->shortcuts,
              shortcut_compare);
    free(hunt.slots);
    return code;
}
