/* A drafted map as a document, in the thread's language. Titles are the activities' own
 * names: what customers would call them is for the discussion. Ids are left to the map.
 */
#include "mine/draft_parts.h"

#include "base/lang.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { TITLE_COLUMNS = 120, TOUCHPOINTS_MOST = 3, ENDS_NAMED = 3 };
static const double touchpoint_least = 0.05, ends_enough = 0.8, repeats_least = 0.1,
                    passed_least = 0.05, aside_least = 0.1;

/* An activity's name, short enough for a title. */
static const char *title_of(struct arena *arena, const struct draft *draft,
                            uint32_t activity)
{
    str name = str_trim(dict_str(&draft->log->activities, activity));
    str head = utf8_head(name, TITLE_COLUMNS);
    return arena_printf(arena, "%.*s%s", STR_ARG(head), head.len < name.len ? "…" : "");
}

/* Set `key`; false when memory is used up, also for making the value. */
static bool put(json_t *object, const char *key, json_t *value)
{
    return value && json_object_set_new(object, key, value) == 0;
}

/* How often something came, by code; the most frequent are picked out. */
struct tops {
    const struct dict *names; /* of the codes: ties go to the first by name */
    uint64_t *counts;
    size_t count;
    uint64_t all;
};

/* The code that came most often, taken out; *ret_count 0: there is none left. */
static uint32_t tops_next(struct tops *tops, uint64_t *ret_count)
{
    size_t best = 0;
    for (size_t i = 1; i < tops->count; i++)
        if (tops->counts[i] > tops->counts[best] ||
            (tops->counts[i] && tops->counts[i] == tops->counts[best] &&
             str_compare(dict_str(tops->names, (uint32_t)i),
                         dict_str(tops->names, (uint32_t)best)) < 0))
            best = i;
    *ret_count = tops->count ? tops->counts[best] : 0;
    if (*ret_count)
        tops->counts[best] = 0;
    return (uint32_t)best;
}

/* Where step s happened: on each code of a column, `of` NULL for all its events or only
 * for those with code `only` in that column. */
static bool tops_count(struct arena *arena, const struct draft *draft, size_t s,
                       const uint16_t *column, const struct dict *names,
                       const uint16_t *of, uint16_t only, struct tops *ret)
{
    const struct vg_log *log = draft->log;
    *ret =
        (struct tops){names, arena_array(arena, uint64_t, names->count), names->count, 0};
    for (size_t row = 0; ret->counts && row < log->events; row++) {
        if (draft->step_of[log->activity[row]] != s || (of && of[row] != only))
            continue;
        ret->all++;
        if (column[row] != LOG_NO_CODE16)
            ret->counts[column[row]]++;
    }
    return ret->counts != NULL;
}

/* One touchpoint: its own name where the log has one, and its channel. */
static json_t *touchpoint_write(struct arena *arena, const struct draft *draft, size_t s,
                                uint32_t code)
{
    const struct vg_log *log = draft->log;
    const char *channel = "";
    if (!log->touchpoint) {
        channel = dict_text(&log->channels, code);
        const char *title = title_of(arena, draft, draft->steps[s].activity);
        return title ? json_pack("{s:s, s:s}", "title", title, "channel", channel) : NULL;
    }
    struct tops tops;
    uint64_t count = 0;
    if (log->channel) {
        if (!tops_count(arena, draft, s, log->channel, &log->channels, log->touchpoint,
                        (uint16_t)code, &tops))
            return NULL;
        uint32_t best = tops_next(&tops, &count);
        channel = count ? dict_text(&log->channels, best) : "";
    }
    return json_pack("{s:s, s:s}", "title", dict_text(&log->touchpoints, code), "channel",
                     channel);
}

/* The touchpoints that at least one event in twenty names, the most frequent first. */
static json_t *touchpoints_write(struct arena *arena, const struct draft *draft, size_t s)
{
    const struct vg_log *log = draft->log;
    json_t *list = json_array();
    struct tops tops;
    const uint16_t *column = log->touchpoint ? log->touchpoint : log->channel;
    const struct dict *names = log->touchpoint ? &log->touchpoints : &log->channels;
    if (!list || !column)
        return list;
    bool done = tops_count(arena, draft, s, column, names, NULL, 0, &tops);
    for (size_t i = 0; done && i < TOUCHPOINTS_MOST; i++) {
        uint64_t count;
        uint32_t code = tops_next(&tops, &count);
        if ((double)count < touchpoint_least * (double)tops.all || count == 0)
            break;
        json_t *touchpoint = touchpoint_write(arena, draft, s, code);
        done = touchpoint && json_array_append_new(list, touchpoint) == 0;
    }
    if (done)
        return list;
    json_decref(list);
    return NULL;
}

/* Journeys that have step s, or another branch of its choice. */
static uint64_t come_by(const struct draft *draft, size_t s)
{
    unsigned group = draft->steps[s].group;
    uint64_t sum = 0;
    for (size_t i = 0; group && i < draft->count; i++)
        sum += draft->steps[i].group == group ? draft->steps[i].traces : 0;
    return group ? sum : draft->steps[s].traces;
}

/* One in twenty of those who come further does not come by here: the funnel would call
 * lost whoever goes on without it. Or fewer than one in ten of those at the step before
 * do, as few write a review: then most journeys are complete without it. A step that few
 * reach because most are lost before it is no such thing, and hiding it would hide the
 * loss. */
static bool is_optional(const struct draft *draft, size_t s)
{
    uint64_t come = draft->log->traces;
    bool optional = false;
    for (size_t i = 0; i <= s; i++) {
        const struct sketch *sketch = &draft->steps[i];
        uint64_t further = sketch->traces + sketch->passed;
        optional = sketch->group == 0 &&
                   ((double)sketch->traces < aside_least * (double)come ||
                    (double)sketch->passed >= passed_least * (double)further);
        if (!optional)
            come = come_by(draft, i);
    }
    return optional;
}

static json_t *step_write(struct arena *arena, const struct draft *draft, size_t s)
{
    const struct sketch *sketch = &draft->steps[s];
    const char *title = title_of(arena, draft, sketch->activity);
    char group[16];
    json_t *step = json_object();
    bool done =
        title && step && put(step, "title", json_string(title)) &&
        put(step, "touchpoints", touchpoints_write(arena, draft, s)) &&
        put(step, "match",
            json_pack("[s]", dict_text(&draft->log->activities, sketch->activity)));
    if (done && is_optional(draft, s))
        done = put(step, "optional", json_true());
    if (done && (double)sketch->repeated >= repeats_least * (double)sketch->traces)
        done = put(step, "repeatable", json_true());
    if (done && sketch->group) {
        snprintf(group, sizeof group, "%s-%u", _c("of a map's steps", "choice"),
                 sketch->group);
        done = put(step, "choice", json_string(group));
    }
    if (done)
        return step;
    json_decref(step);
    return NULL;
}

static const char *phase_title(struct arena *arena, const struct draft *draft, size_t p)
{
    if (draft->phases == 1)
        return _("The journey");
    if (p == 0)
        return _c("of a journey", "Beginning");
    if (p + 1 == draft->phases)
        return _c("of a journey", "Conclusion");
    if (draft->phases == 3)
        return _c("of a journey", "Middle");
    return arena_printf(arena, _("Phase %zu"), p + 1);
}

static json_t *phase_write(struct arena *arena, const struct draft *draft, size_t p)
{
    const char *title = phase_title(arena, draft, p);
    json_t *steps = json_array();
    bool done = title && steps;
    for (size_t s = p ? draft->phase_end[p - 1] : 0; done && s < draft->phase_end[p];
         s++) {
        json_t *step = step_write(arena, draft, s);
        done = step && json_array_append_new(steps, step) == 0;
    }
    if (done)
        return json_pack("{s:s, s:o}", "title", title, "steps", steps);
    json_decref(steps);
    return NULL;
}

/* With what journeys begin, or end (`last`): the most frequent first, with their shares,
 * until four in five are told. */
static const char *ends_text(struct arena *arena, const struct draft *draft, bool last)
{
    const struct vg_log *log = draft->log;
    struct tops tops = {&log->activities,
                        arena_array(arena, uint64_t, log->activities.count),
                        log->activities.count, 0};
    struct buf text = {0};
    double told = 0;
    if (!tops.counts)
        return NULL;
    for (size_t t = 0; t < log->traces; t++)
        if (log->first[t] < log->first[t + 1]) {
            tops.counts[log->activity[last ? log->first[t + 1] - 1 : log->first[t]]]++;
            tops.all++;
        }
    for (size_t i = 0; i < ENDS_NAMED && told < ends_enough; i++) {
        uint64_t count;
        uint32_t activity = tops_next(&tops, &count);
        const char *title = count ? title_of(arena, draft, activity) : NULL;
        if (!title)
            break;
        double share = (double)count / (double)tops.all;
        buf_text(&text, i ? ", " : "");
        buf_text(&text, title);
        buf_text(&text, " (");
        write_share(&text, share, 0);
        buf_text(&text, ")");
        told += share;
    }
    const char *copy = text.failed ? NULL : arena_text(arena, buf_str(&text));
    buf_free(&text);
    return copy;
}

static const char *map_title(struct arena *arena, const struct draft *draft)
{
    if (draft->count == 0)
        return _("Draft: no evidence yet");
    if (draft->count == 1)
        return arena_printf(arena, _("Draft: %s"),
                            title_of(arena, draft, draft->steps[0].activity));
    /* The first and last steps that are on everybody's way, if there are such. */
    size_t first = 0, last = draft->count - 1;
    while (first < last && is_optional(draft, first))
        first++;
    while (last > first + 1 && is_optional(draft, last))
        last--;
    return arena_printf(arena, _("Draft: from “%s” to “%s”"),
                        title_of(arena, draft, draft->steps[first].activity),
                        title_of(arena, draft, draft->steps[last].activity));
}

json_t *draft_write(struct arena *scratch, const struct draft *draft)
{
    const char *title = map_title(scratch, draft),
               *start = ends_text(scratch, draft, false),
               *arrival = ends_text(scratch, draft, true);
    json_t *phases = json_array();
    bool done = title && start && arrival && phases;
    for (size_t p = 0; done && p < draft->phases; p++) {
        json_t *phase = phase_write(scratch, draft, p);
        done = phase && json_array_append_new(phases, phase) == 0;
    }
    if (!done) {
        json_decref(phases);
        return NULL;
    }
    return json_pack("{s:i, s:s, s:i, s:s, s:b, s:s, s:s, s:s, s:{s:s}, s:s, s:s, s:o}",
                     "format", 1, "id", "draft", "version", 1, "lang",
                     lang_code(lang_get()), "draft", 1, "title", title, "state", "as-is",
                     "kind", "journey", "scope", "kind", "end-to-end", "start", start,
                     "arrival", arrival, "phases", phases);
}
