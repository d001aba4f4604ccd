/* Events as labels, and the traces that are the same sequence of them (align_parts.h). */
#include "base/hash.h"
#include "base/lang.h"
#include "base/parallel.h"
#include "base/utf8.h"
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

/* The names of a dictionary as people compare them, without case and accents, sorted. */
struct folded {
    str name;
    uint32_t code;
};
struct index {
    struct folded *names;
    size_t count;
};

static int folded_compare(const void *left, const void *right)
{
    const struct folded *a = left, *b = right;
    int order = str_compare(a->name, b->name);
    return order ? order : a->code < b->code ? -1 : a->code > b->code;
}

static bool index_make(struct arena *scratch, const struct dict *dict,
                       struct index *index)
{
    index->names = arena_array(scratch, struct folded, dict->count);
    for (uint32_t i = 0; index->names && i < dict->count; i++) {
        index->names[i] = (struct folded){utf8_fold(scratch, dict_str(dict, i)), i};
        if (!index->names[i].name.ptr)
            return false;
    }
    index->count = dict->count;
    if (index->names && index->count)
        qsort(index->names, index->count, sizeof *index->names, folded_compare);
    return index->names != NULL;
}

/* The names that are `name` but for case and accents: [*ret_first, *ret_end). */
static void index_find(const struct index *index, str name, size_t *ret_first,
                       size_t *ret_end)
{
    size_t low = 0, high = index->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (str_compare(index->names[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_first = low;
    while (low < index->count && str_equal(index->names[low].name, name))
        low++;
    *ret_end = low;
}

/* All matches of the map that name something the log has. */
struct hits {
    struct arena *scratch;
    struct index activities, channels;
    struct hit *items;
    size_t count, capacity;
};

static bool hit_add(struct hits *hits, uint32_t activity, uint32_t channel, size_t step)
{
    hits->items = arena_grow(hits->scratch, hits->items, hits->count, &hits->capacity,
                             sizeof *hits->items);
    if (hits->items)
        hits->items[hits->count++] =
            (struct hit){(uint16_t)activity, (uint16_t)channel, (uint16_t)step};
    return hits->items != NULL;
}

/* As steps_from_map does: names are the same but for case and accents; without a channel
 * the match is for all of them. */
static bool match_find(struct hits *hits, const struct map_match *match, size_t step)
{
    size_t a, a_end, c, c_end;
    str activity = utf8_fold(hits->scratch, str_from(match->activity)),
        channel = utf8_fold(hits->scratch, str_from(match->channel));
    if (!activity.ptr || !channel.ptr)
        return false;
    index_find(&hits->activities, activity, &a, &a_end);
    index_find(&hits->channels, channel, &c, &c_end);
    for (; a < a_end; a++) {
        uint32_t code = hits->activities.names[a].code;
        if (channel.len == 0 && !hit_add(hits, code, LOG_NO_CODE16, step))
            return false;
        for (size_t i = c; channel.len && i < c_end; i++)
            if (!hit_add(hits, code, hits->channels.names[i].code, step))
                return false;
    }
    return true;
}

/* Ordered by activity, then channel. False when memory is used up. */
static bool hits_find(struct hits *hits, const struct vg_log *log,
                      const struct vg_map *map)
{
    if (!index_make(hits->scratch, &log->activities, &hits->activities) ||
        !index_make(hits->scratch, &log->channels, &hits->channels))
        return false;
    for (size_t s = 0; s < map->step_count; s++)
        for (size_t m = 0; m < map->steps[s].match_count; m++)
            if (!match_find(hits, &map->steps[s].matches[m], s))
                return false;
    if (hits->count)
        qsort(hits->items, hits->count, sizeof *hits->items, hit_compare);
    return true;
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

static enum vg_code labels_fill(struct arena *arena, const struct vg_log *log,
                                const struct hits *hits, struct labels *labels,
                                struct vg_err *err)
{
    size_t activities = log->activities.count;
    specials_number(labels, hits->items, hits->count, activities);
    size_t rows = 1 + (hits->count < labels->count ? hits->count : labels->count);
    if (labels->step_count && rows > MATCH_BYTES_MOST / labels->step_count)
        return err_set(err, VG_ERR_LIMIT, NULL,
                       _("the map’s steps match too many activities: %zu"), hits->count);
    labels->activity = arena_array(arena, uint16_t, labels->count);
    labels->channel = arena_array(arena, uint16_t, labels->count);
    labels->row = arena_array(arena, uint32_t, labels->count);
    labels->match = arena_array(arena, uint8_t, rows * labels->step_count);
    if (!labels->activity || !labels->channel || !labels->row || !labels->match)
        return err_memory(err);
    for (size_t a = 0; a < activities; a++) {
        labels->activity[a] = (uint16_t)a;
        labels->channel[a] = LOG_NO_CODE16;
    }
    for (size_t h = 0, end; h < hits->count; h = end) {
        for (end = h + 1;
             end < hits->count && hits->items[end].activity == hits->items[h].activity;)
            end++;
        activity_fill(labels, hits->items + h, end - h);
    }
    ambiguous_find(labels);
    return VG_OK;
}

static bool name_mark(const struct hits *hits, const char *activity, uint8_t *named)
{
    size_t a, end;
    str name = utf8_fold(hits->scratch, str_from(activity));
    if (!name.ptr)
        return !*activity;
    index_find(&hits->activities, name, &a, &end);
    for (; a < end; a++)
        named[hits->activities.names[a].code] = 1;
    return true;
}

/* What `matches` name, on any channel; without any, what `otherwise` does. */
static bool names_mark(const struct hits *hits, const struct map_match *matches,
                       size_t count, const char *otherwise, uint8_t *named)
{
    bool ok = count > 0 || name_mark(hits, otherwise, named);
    for (size_t i = 0; ok && i < count; i++)
        ok = name_mark(hits, matches[i].activity, named);
    return ok;
}

/* What a success path names beside its steps. */
static bool named_find(const struct hits *hits, const struct vg_map *map, uint8_t *named)
{
    if (map->kind != MAP_SUCCESS_PATH)
        return true;
    bool ok = names_mark(hits, map->path.left, map->path.left_count, "", named) &&
              names_mark(hits, map->path.no_sign, map->path.no_sign_count, "", named);
    for (enum own_word word = 0; ok && word < OWN_WORDS; word++)
        ok = name_mark(hits, map_own_word(map, word), named);
    for (size_t i = 0; ok && i < map->metric_count; i++) {
        const struct map_metric *metric = &map->metrics[i];
        ok = names_mark(hits, metric->matches, metric->match_count, metric->name, named);
    }
    for (size_t p = 0; ok && p < map->phase_count; p++) {
        const struct map_phase *phase = &map->phases[p];
        ok =
            names_mark(hits, phase->matches, phase->match_count, phase->milestone, named);
        for (size_t i = 0; ok && i < phase->proof_count; i++)
            ok = names_mark(hits, phase->proofs[i].matches, phase->proofs[i].match_count,
                            phase->proofs[i].text, named);
    }
    return ok;
}

enum vg_code labels_build(struct arena *arena, const struct vg_log *log,
                          const struct vg_map *map, struct labels *ret,
                          struct vg_err *err)
{
    struct hits hits = {.scratch = arena_open(0)};
    struct labels labels = {.step_count = map->step_count, .row_count = 1};
    labels.special_first = arena_array(arena, uint32_t, log->activities.count + 1);
    labels.named = arena_array(arena, uint8_t, log->activities.count + 1);
    enum vg_code code = VG_OK;
    if (!hits.scratch || !labels.special_first || !labels.named ||
        !hits_find(&hits, log, map) || !named_find(&hits, map, labels.named))
        code = err_memory(err);
    if (code == VG_OK)
        code = labels_fill(arena, log, &hits, &labels, err);
    arena_close(hits.scratch);
    if (code == VG_OK)
        *ret = labels;
    return code;
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
