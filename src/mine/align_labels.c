/* Events as labels, and the traces that are the same sequence of them (align_parts.h). */
#include "base/hash.h"
#include "base/lang.h"
#include "base/parallel.h"
#include "mine/align_parts.h"

#include <stdlib.h>
#include <string.h>

enum { MATCH_BYTES_MOST = 256 * 1024 * 1024 };

/* One `match` of a step that names something the log has. */
struct hit {
    uint16_t activity, channel; /* LOG_NO_CODE16: on any channel */
    uint16_t step;
};

static int hit_compare(const void *left, const void *right)
{
    const struct hit *a = left, *b = right;
    if (a->activity != b->activity)
        return a->activity < b->activity ? -1 : 1;
    if (a->channel != b->channel)
        return a->channel < b->channel ? -1 : 1;
    return a->step < b->step ? -1 : a->step > b->step;
}

/* All matches of the map that the log knows, ordered by activity, then channel. */
static struct hit *hits_find(struct arena *arena, const struct vg_log *log,
                             const struct vg_map *map, size_t *ret_count)
{
    size_t most = 0, count = 0;
    for (size_t s = 0; s < map->step_count; s++)
        most += map->steps[s].match_count;
    struct hit *hits = arena_array(arena, struct hit, most);
    for (size_t s = 0; hits && s < map->step_count; s++)
        for (size_t m = 0; m < map->steps[s].match_count; m++) {
            const struct map_match *match = &map->steps[s].matches[m];
            uint32_t channel = LOG_NO_CODE16;
            uint32_t activity = dict_find(&log->activities, str_from(match->activity));
            if (activity != UINT32_MAX && match->channel && match->channel[0])
                channel = log->channel
                              ? dict_find(&log->channels, str_from(match->channel))
                              : UINT32_MAX;
            if (activity == UINT32_MAX || channel == UINT32_MAX)
                continue;
            hits[count++] =
                (struct hit){(uint16_t)activity, (uint16_t)channel, (uint16_t)s};
        }
    if (hits && count)
        qsort(hits, count, sizeof *hits, hit_compare);
    *ret_count = count;
    return hits;
}

/* A row of the match table for `label`, made when it has none. */
static uint8_t *row_for(struct labels *labels, uint32_t label)
{
    if (!labels->row[label])
        labels->row[label] = (uint32_t)labels->row_count++;
    return label_match(labels, label);
}

/* The hits of one activity: first those on a channel, then those on any, which hold for
 * each of the activity's labels. */
static void activity_fill(struct labels *labels, const struct hit *hits, size_t count)
{
    uint32_t activity = hits[0].activity;
    uint32_t first = labels->special_first[activity],
             end = labels->special_first[activity + 1], label = first;
    for (size_t i = 0; i < count; i++) {
        if (hits[i].channel == LOG_NO_CODE16) {
            row_for(labels, activity)[hits[i].step] = 1;
            for (uint32_t l = first; l < end; l++)
                row_for(labels, l)[hits[i].step] = 1;
            continue;
        }
        if (i > 0 && hits[i].channel != hits[i - 1].channel)
            label++;
        labels->activity[label] = (uint16_t)activity;
        labels->channel[label] = hits[i].channel;
        row_for(labels, label)[hits[i].step] = 1;
    }
}

/* Number the labels for an activity on one channel: special_first. */
static void specials_number(struct labels *labels, const struct hit *hits, size_t count,
                            size_t activities)
{
    labels->count = activities;
    size_t h = 0;
    for (size_t a = 0; a < activities; a++) {
        labels->special_first[a] = (uint32_t)labels->count;
        for (; h < count && hits[h].activity == a; h++)
            if (hits[h].channel != LOG_NO_CODE16 &&
                (h == 0 || hits[h - 1].activity != a ||
                 hits[h - 1].channel != hits[h].channel))
                labels->count++;
    }
    labels->special_first[activities] = (uint32_t)labels->count;
}

static void ambiguous_find(struct labels *labels)
{
    for (size_t row = 1; row < labels->row_count; row++) {
        size_t steps = 0;
        for (size_t s = 0; s < labels->step_count; s++)
            steps += labels->match[row * labels->step_count + s];
        labels->ambiguous |= steps > 1;
    }
}

enum vg_code labels_build(struct arena *arena, const struct vg_log *log,
                          const struct vg_map *map, struct labels *ret,
                          struct vg_err *err)
{
    size_t hit_count = 0, activities = log->activities.count;
    struct hit *hits = hits_find(arena, log, map, &hit_count);
    struct labels labels = {.step_count = map->step_count, .row_count = 1};
    labels.special_first = arena_array(arena, uint32_t, activities + 1);
    if (!hits || !labels.special_first)
        return err_memory(err);
    specials_number(&labels, hits, hit_count, activities);
    size_t matched = hit_count < labels.count ? hit_count : labels.count;
    size_t steps = map->step_count ? map->step_count : 1;
    if ((matched + 1) * steps > MATCH_BYTES_MOST)
        return err_set(err, VG_ERR_LIMIT, NULL,
                       _("the map's steps match too many activities: %zu"), hit_count);
    labels.activity = arena_array(arena, uint16_t, labels.count);
    labels.channel = arena_array(arena, uint16_t, labels.count);
    labels.row = arena_array(arena, uint32_t, labels.count);
    labels.match = arena_array(arena, uint8_t, (matched + 1) * steps);
    if (!labels.activity || !labels.channel || !labels.row || !labels.match)
        return err_memory(err);
    for (size_t a = 0; a < activities; a++) {
        labels.activity[a] = (uint16_t)a;
        labels.channel[a] = LOG_NO_CODE16;
    }
    for (size_t h = 0, end; h < hit_count; h = end) {
        for (end = h + 1; end < hit_count && hits[end].activity == hits[h].activity;)
            end++;
        activity_fill(&labels, hits + h, end - h);
    }
    ambiguous_find(&labels);
    *ret = labels;
    return VG_OK;
}

/* Traces hashed in parallel, a thousand at a time. */
enum { HASH_CHUNK = 1024 };
struct hashing {
    const struct vg_log *log;
    const struct labels *labels;
    uint64_t *hash; /* [traces] */
};

static uint64_t hash_mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 29);
}

static void hash_turn(void *ctx, size_t chunk, unsigned worker)
{
    (void)worker;
    struct hashing *h = ctx;
    size_t end = (chunk + 1) * HASH_CHUNK;
    end = end < h->log->traces ? end : h->log->traces;
    for (size_t t = chunk * HASH_CHUNK; t < end; t++) {
        uint64_t hash = hash_seed();
        for (size_t row = h->log->first[t]; row < h->log->first[t + 1]; row++)
            hash = hash_mix(hash, label_of(h->labels, h->log, row) + UINT64_C(1));
        h->hash[t] = hash;
    }
}

static bool same_labels(const struct hashing *h, size_t a, size_t b)
{
    const struct vg_log *log = h->log;
    size_t length = log->first[a + 1] - log->first[a];
    if (h->hash[a] != h->hash[b] || log->first[b + 1] - log->first[b] != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (label_of(h->labels, log, log->first[a] + i) !=
            label_of(h->labels, log, log->first[b] + i))
            return false;
    return true;
}

/* Number the kinds by their first trace; table is 2^bits slots, zeroed. */
static void kinds_number(const struct hashing *h, uint32_t *table, unsigned bits,
                         struct kinds *kinds)
{
    size_t mask = ((size_t)1 << bits) - 1;
    for (size_t t = 0; t < h->log->traces; t++) {
        size_t slot = h->hash[t] >> (64 - bits);
        while (table[slot] && !same_labels(h, t, kinds->example[table[slot] - 1]))
            slot = (slot + 1) & mask;
        if (!table[slot]) {
            kinds->example[kinds->count++] = (uint32_t)t;
            table[slot] = (uint32_t)kinds->count;
        }
        kinds->of[t] = table[slot] - 1;
        kinds->traces[table[slot] - 1]++;
    }
}

enum vg_code kinds_build(struct arena *arena, const struct vg_log *log,
                         const struct labels *labels, struct kinds *ret,
                         struct vg_err *err)
{
    unsigned bits = 4;
    while (((size_t)1 << bits) < log->traces * 2)
        bits++;
    struct kinds kinds = {.of = arena_array(arena, uint32_t, log->traces),
                          .example = arena_array(arena, uint32_t, log->traces),
                          .traces = arena_array(arena, uint64_t, log->traces)};
    struct hashing hashing = {.log = log, .labels = labels};
    hashing.hash = calloc(log->traces + 1, sizeof *hashing.hash);
    uint32_t *table = calloc((size_t)1 << bits, sizeof *table);
    enum vg_code code = VG_OK;
    if (!kinds.of || !kinds.example || !kinds.traces || !hashing.hash || !table) {
        code = err_memory(err);
        goto out;
    }
    parallel_for((log->traces + HASH_CHUNK - 1) / HASH_CHUNK, hash_turn, &hashing);
    kinds_number(&hashing, table, bits, &kinds);
    *ret = kinds;
out:
    free(hashing.hash);
    free(table);
    return code;
}
