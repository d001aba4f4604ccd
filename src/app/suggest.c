/* Words are compared by what they begin with: «preventivo», «preventivi» and
 * «preventivato» are near each other in both languages without a stemmer. Declared in
 * app/suggest.h. */
#include "app/suggest.h"

#include "app/json.h"
#include "base/lang.h"
#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 64, SUGGESTIONS_MAX = 500 };
#define LEAST_SCORE 0.34

struct bag {
    str word[WORDS_MAX];
    double weight[WORDS_MAX]; /* where it stands: in the title it says more */
    size_t count;
};

/* Words that say nothing about what happens. */
static bool is_small(str word)
{
    static const char *const small[] = {
        "dell", "della", "delle", "degli",  "dalla", "nella", "sulla", "alla", "alle",
        "agli", "come",  "cosa",  "quando", "loro",  "sono",  "mio",   "mia",  "miei",
        "per",  "con",   "che",   "non",    "una",   "uno",   "the",   "and",  "for",
        "with", "that",  "this",  "they",   "from",  "into",  "about", "what", "when",
        "your", "their", "del",   "dei",    "gli",   "nel",   "sul",   "dal",  "una",
        "mi",   "lo",    "la",    "le",     "il",    "un",    "di",    "da",   "in",
        "my",   "to",    "of",    "is",     "it",    "on",    "at",    "al",   "ai"};
    if (word.len < 2)
        return true;
    for (size_t i = 0; i < COUNT_OF(small); i++)
        if (str_equal(word, str_from(small[i])))
            return true;
    return false;
}

static bool is_letter(unsigned char c)
{
    return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool add_words(struct arena *arena, struct bag *bag, const char *text,
                      double weight)
{
    str folded = utf8_fold(arena, str_from(text));
    if (!folded.ptr)
        return false;
    for (size_t i = 0, end; i < folded.len && bag->count < WORDS_MAX; i = end) {
        for (end = i; end < folded.len && is_letter((unsigned char)folded.ptr[end]);)
            end++;
        str word = {folded.ptr + i, end - i};
        if (!is_small(word)) {
            bag->word[bag->count] = word;
            bag->weight[bag->count++] = weight;
        }
        end += end == i;
    }
    return true;
}

/* 1 for the same word, less the sooner they part; 0 where they differ early. */
static double word_likeness(str a, str b)
{
    size_t common = 0, longest = a.len > b.len ? a.len : b.len;
    while (common < a.len && common < b.len && a.ptr[common] == b.ptr[common])
        common++;
    if (common == longest)
        return 1;
    return common >= 4 && common * 3 >= longest * 2 - 2 ? (double)common / (double)longest
                                                        : 0;
}

/* How much of the activity is said by the step. */
static double likeness(const struct bag *activity, const struct bag *step)
{
    double sum = 0;
    for (size_t i = 0; i < activity->count; i++) {
        double best = 0;
        for (size_t j = 0; j < step->count; j++) {
            double like =
                word_likeness(activity->word[i], step->word[j]) * step->weight[j];
            best = like > best ? like : best;
        }
        sum += best;
    }
    return activity->count ? sum / (double)activity->count : 0;
}

static bool bag_of_step(struct arena *arena, const struct map_step *step, struct bag *ret)
{
    bool fine = add_words(arena, ret, step->title, 1);
    for (size_t i = 0; fine && i < step->touchpoint_count; i++)
        fine = add_words(arena, ret, step->touchpoints[i].title, 0.9);
    fine = fine && add_words(arena, ret, step->doing, 0.7);
    for (size_t i = 0; fine && i < step->backstage.count; i++)
        fine = add_words(arena, ret, step->backstage.items[i], 0.5);
    return fine;
}

static bool on_channel(struct arena *arena, const struct map_step *step, str channel)
{
    str wanted = utf8_fold(arena, channel);
    for (size_t i = 0; wanted.ptr && wanted.len && i < step->touchpoint_count; i++) {
        str there = utf8_fold(arena, str_from(step->touchpoints[i].channel));
        if (there.ptr && str_equal(there, wanted))
            return true;
    }
    return false;
}

/* The channel most of an activity's events are on; "" when they are on none. */
static void usual_channels(const struct vg_log *log, uint64_t *counts, str *ret)
{
    size_t channels = log->channels.count;
    for (size_t row = 0; log->channel && row < log->events; row++)
        if (log->channel[row] != LOG_NO_CODE16)
            counts[log->activity[row] * channels + log->channel[row]]++;
    for (size_t a = 0; a < log->activities.count; a++) {
        uint64_t most = 0;
        ret[a] = (str){"", 0};
        for (size_t c = 0; log->channel && c < channels; c++)
            if (counts[a * channels + c] > most) {
                most = counts[a * channels + c];
                ret[a] = dict_str(&log->channels, (uint32_t)c);
            }
    }
}

static bool is_matched(const struct vg_map *map, const char *activity)
{
    for (size_t s = 0; s < map->step_count; s++)
        for (size_t i = 0; i < map->steps[s].match_count; i++)
            if (strcmp(map->steps[s].matches[i].activity, activity) == 0)
                return true;
    return false;
}

struct suggestion {
    size_t step;
    uint32_t activity;
    double score;
    bool same_channel;
};

static int likeliest_first(const void *left, const void *right)
{
    const struct suggestion *a = left, *b = right;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return a->activity < b->activity ? -1 : a->activity > b->activity;
}

static json_t *suggestion_json(const struct vg_log *log, const struct vg_map *map,
                               const struct suggestion *s, str channel)
{
    const struct map_step *step = &map->steps[s->step];
    struct arena *arena = arena_open(0);
    const char *activity = dict_text(&log->activities, s->activity);
    const char *shown = arena ? arena_text(arena, channel) : NULL;
    const char *reason = NULL;
    if (shown && s->same_channel)
        reason = arena_printf(arena,
                              _("“%s” speaks of the same as “%s”, and on the same "
                                "channel (%s)"),
                              activity, step->title, shown);
    else if (shown)
        reason = arena_printf(arena, _("“%s” speaks of the same as “%s”"), activity,
                              step->title);
    json_t *json =
        reason ? json_pack("{s:o, s:o, s:o, s:o, s:f, s:o}", "step", json_text(step->id),
                           "step_title", json_text(step->title), "activity",
                           json_text(activity), "channel", json_text(shown), "score",
                           s->score, "reason", json_text(reason))
               : NULL;
    arena_close(arena);
    return json;
}

static enum vg_code find_all(struct arena *arena, const struct vg_log *log,
                             const struct vg_map *map, const str *channels,
                             struct suggestion *list, size_t *ret_count,
                             struct vg_err *err)
{
    struct bag *steps = arena_array(arena, struct bag, map->step_count + 1);
    if (!steps)
        return err_memory(err);
    for (size_t s = 0; s < map->step_count; s++)
        if (!bag_of_step(arena, &map->steps[s], &steps[s]))
            return err_memory(err);
    for (uint32_t a = 0; a < log->activities.count && *ret_count < SUGGESTIONS_MAX; a++) {
        const char *name = dict_text(&log->activities, a);
        struct bag bag = {.count = 0};
        struct suggestion best = {.activity = a};
        if (is_matched(map, name))
            continue;
        if (!add_words(arena, &bag, name, 1))
            return err_memory(err);
        for (size_t s = 0; s < map->step_count; s++) {
            double score = likeness(&bag, &steps[s]);
            bool same = score > 0 && on_channel(arena, &map->steps[s], channels[a]);
            score = fmin(1, score + (same ? 0.1 : 0));
            if (score > best.score)
                best = (struct suggestion){s, a, score, same};
        }
        if (best.score >= LEAST_SCORE)
            list[(*ret_count)++] = best;
    }
    return VG_OK;
}

enum vg_code suggest_matches(struct arena *arena, const struct vg_log *log,
                             const struct vg_map *map, json_t **ret, struct vg_err *err)
{
    size_t activities = log->activities.count, count = 0;
    struct arena *scratch = arena_open(0);
    uint64_t *counts =
        scratch ? arena_array(scratch, uint64_t, activities * log->channels.count + 1)
                : NULL;
    str *channels = scratch ? arena_array(scratch, str, activities + 1) : NULL;
    struct suggestion *list =
        scratch ? arena_array(scratch, struct suggestion, SUGGESTIONS_MAX) : NULL;
    json_t *items = json_array();
    enum vg_code code = counts && channels && list && items ? VG_OK : err_memory(err);
    (void)arena;
    if (code == VG_OK) {
        usual_channels(log, counts, channels);
        code = find_all(scratch, log, map, channels, list, &count, err);
    }
    if (code == VG_OK && count)
        qsort(list, count, sizeof *list, likeliest_first);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (json_array_append_new(
                items, suggestion_json(log, map, &list[i], channels[list[i].activity])))
            code = err_memory(err);
    arena_close(scratch);
    if (code == VG_OK)
        *ret = items;
    else
        json_decref(items);
    return code;
}
