/* steps: which events are at which step, of a list of activities or of a map. */
#include "base/lang.h"
#include "base/limits.h"
#include "base/near.h"
#include "base/utf8.h"
#include "mine/mine.h"
#include "mine/scratch.h"
#include "mine/slice.h"

/* Of the table of matches; activities × channels × steps may be far apart from what
 * anybody needs. */
#define MATCH_BYTES_MAX (512ULL << 20)

static enum vg_code steps_open(struct arena *arena, const struct vg_log *log,
                               size_t count, struct steps *steps, struct vg_err *err)
{
    *steps = (struct steps){.count = count,
                            .activity_count = log->activities.count,
                            .channel_count = log->channel ? log->channels.count : 0};
    size_t pairs = steps->activity_count * (steps->channel_count + 1);
    if (count > LIMIT_MAP_STEPS) {
        err_set(err, VG_ERR_LIMIT, NULL,
                _("%zu steps are too many: at most %d can be asked for"), count,
                LIMIT_MAP_STEPS);
        return VG_ERR_LIMIT;
    }
    if (count > 0 && pairs > MATCH_BYTES_MAX / count) {
        err_set(err, VG_ERR_LIMIT, NULL,
                _("%zu steps over %zu activities on %zu channels are too many"), count,
                steps->activity_count, steps->channel_count);
        err_hint(err, "%s",
                 _("check which columns hold the activity and the channel: few different "
                   "names are expected there"));
        return VG_ERR_LIMIT;
    }
    steps->name = arena_array(arena, const char *, count);
    steps->id = arena_array(arena, const char *, count);
    steps->match = arena_array(arena, uint8_t, count * pairs);
    steps->optional = arena_array(arena, uint8_t, count);
    steps->unseen = arena_array(arena, uint8_t, count);
    steps->choice = arena_array(arena, uint32_t, count);
    steps->branch = arena_array(arena, uint32_t, count);
    if (!steps->name || !steps->id || !steps->match || !steps->optional ||
        !steps->unseen || !steps->choice || !steps->branch)
        return err_memory(err);
    return VG_OK;
}

/* Where in match the flags of a step's activity begin: one for each channel, and none. */
static uint8_t *flags_of(const struct steps *steps, size_t step, size_t activity)
{
    return steps->match +
           (step * steps->activity_count + activity) * (steps->channel_count + 1);
}

static str activity_name(const void *ctx, size_t i)
{
    const struct dict *dict = ctx;
    return dict_str(dict, (uint32_t)i);
}

static enum vg_code unknown_activity(struct arena *arena, const struct vg_log *log,
                                     const char *name, struct vg_err *err)
{
    size_t near = near_find(arena, str_from(name), log->activities.count, activity_name,
                            &log->activities);
    err_set(err, VG_ERR_NOT_FOUND, NULL, _("the evidence has no activity \"%s\""), name);
    if (near != SIZE_MAX)
        err_hint(err, _("perhaps \"%s\" is meant?"),
                 dict_text(&log->activities, (uint32_t)near));
    else
        err_hint(err, "%s", _("`viaggio flow` lists the activities there are"));
    return VG_ERR_NOT_FOUND;
}

/* Names of a dictionary as they are compared: without case and accents. */
struct folded {
    str *names; /* [count] */
    size_t count;
};

static bool folded_make(struct arena *arena, const struct dict *dict,
                        struct folded *folded)
{
    folded->count = dict->count;
    folded->names = arena_array(arena, str, dict->count);
    for (uint32_t i = 0; folded->names && i < dict->count; i++) {
        folded->names[i] = utf8_fold(arena, dict_str(dict, i));
        if (!folded->names[i].ptr)
            return false;
    }
    return folded->names != NULL;
}

/* The next name from `i` on that is `name` but for case and accents; count when none. */
static size_t folded_next(const struct folded *folded, str name, size_t i)
{
    while (i < folded->count && !str_equal(folded->names[i], name))
        i++;
    return i;
}

/* The activity of exactly that name, or else the one that differs in case or accents
 * only, when there is one such. ret UINT32_MAX: none. */
static bool activity_find(struct arena *scratch, const struct vg_log *log,
                          const char *name, uint32_t *ret)
{
    *ret = dict_find(&log->activities, str_from(name));
    if (*ret != UINT32_MAX)
        return true;
    struct folded folded;
    str wanted = utf8_fold(scratch, str_from(name));
    if (!wanted.ptr || !folded_make(scratch, &log->activities, &folded))
        return false;
    size_t found = folded_next(&folded, wanted, 0);
    if (found < folded.count && folded_next(&folded, wanted, found + 1) == folded.count)
        *ret = (uint32_t)found;
    return true;
}

static enum vg_code activities_fill(struct arena *scratch, const struct vg_log *log,
                                    const char *const *activities,
                                    const struct steps *steps, struct vg_err *err)
{
    for (size_t i = 0; i < steps->count; i++) {
        uint32_t activity;
        if (!activity_find(scratch, log, activities[i], &activity))
            return err_memory(err);
        if (activity == UINT32_MAX)
            return unknown_activity(scratch, log, activities[i], err);
        steps->name[i] = steps->id[i] = dict_text(&log->activities, activity);
        memset(flags_of(steps, i, activity), 1, steps->channel_count + 1);
    }
    return VG_OK;
}

enum vg_code steps_from_activities(struct arena *arena, const struct vg_log *log,
                                   const char *const *activities, size_t count,
                                   struct steps *ret, struct vg_err *err)
{
    struct steps steps;
    enum vg_code code = steps_open(arena, log, count, &steps, err);
    if (code != VG_OK)
        return code;
    struct arena *scratch = arena_open(0);
    if (!scratch)
        return err_memory(err);
    code = activities_fill(scratch, log, activities, &steps, err);
    arena_close(scratch);
    if (code == VG_OK)
        *ret = steps;
    return code;
}

/* The dictionaries of a log, folded. */
struct log_names {
    struct arena *scratch;
    struct folded activities, channels;
};

/* Flag `activity` of a step, on the channels of that name, or on all and none. */
static void channels_flag(const struct steps *steps, const struct log_names *names,
                          uint8_t *flags, str channel)
{
    if (channel.len == 0) {
        memset(flags, 1, steps->channel_count + 1);
        return;
    }
    for (size_t c = folded_next(&names->channels, channel, 0); c < steps->channel_count;
         c = folded_next(&names->channels, channel, c + 1))
        flags[c] = 1;
}

static bool matches_flag(const struct steps *steps, const struct log_names *names,
                         size_t step, const struct map_step *from)
{
    for (size_t m = 0; m < from->match_count; m++) {
        str activity = utf8_fold(names->scratch, str_from(from->matches[m].activity));
        str channel = utf8_fold(names->scratch, str_from(from->matches[m].channel));
        if (!activity.ptr || !channel.ptr)
            return false;
        for (size_t a = folded_next(&names->activities, activity, 0);
             a < steps->activity_count;
             a = folded_next(&names->activities, activity, a + 1))
            channels_flag(steps, names, flags_of(steps, step, a), channel);
    }
    return true;
}

static const char *branch_of(const struct map_step *step)
{
    return step->branch[0] ? step->branch : step->id;
}

/* Number the choices and their branches from 1, in the order of the map. */
static void choices_number(const struct vg_map *map, const struct steps *steps)
{
    for (size_t i = 0; i < map->step_count; i++) {
        const struct map_step *step = &map->steps[i];
        if (step->choice[0] == 0)
            continue;
        uint32_t choice = 0, branch = 0;
        for (size_t j = 0; j < i; j++) {
            choice = steps->choice[j] > choice ? steps->choice[j] : choice;
            branch = steps->branch[j] > branch ? steps->branch[j] : branch;
        }
        steps->choice[i] = choice + 1;
        steps->branch[i] = branch + 1;
        for (size_t j = 0; j < i; j++) {
            if (strcmp(map->steps[j].choice, step->choice) != 0)
                continue;
            steps->choice[i] = steps->choice[j];
            if (strcmp(branch_of(&map->steps[j]), branch_of(step)) == 0)
                steps->branch[i] = steps->branch[j];
        }
    }
}

/* Which pairs of activity and channel the log has at all. */
struct sight {
    const struct vg_log *log;
    const struct steps *steps;
    size_t slices;
    uint8_t **seen; /* [workers][activities × (channels + 1)] */
};

static void sight_turn(void *ctx, size_t i, unsigned worker)
{
    const struct sight *sight = ctx;
    const struct vg_log *log = sight->log;
    struct slice slice = slice_at(log, sight->slices, i);
    uint8_t *seen = sight->seen[worker];
    size_t channels = sight->steps->channel_count;
    size_t end = slice.end_trace ? log->first[slice.end_trace] : 0;
    for (size_t row = slice.end_trace ? log->first[slice.first_trace] : 0; row < end;
         row++) {
        size_t channel = log->channel && log->channel[row] != LOG_NO_CODE16
                             ? log->channel[row]
                             : channels;
        seen[log->activity[row] * (channels + 1) + channel] = 1;
    }
}

static bool unseen_mark(const struct vg_log *log, const struct steps *steps)
{
    unsigned workers = parallel_workers();
    size_t pairs = steps->activity_count * (steps->channel_count + 1);
    struct sight sight = {log, steps, slice_count(log), NULL};
    uint8_t *seen = scratch_zeroed(workers * pairs, 1);
    sight.seen = scratch_alloc(workers, sizeof *sight.seen);
    bool done = seen && sight.seen;
    for (unsigned w = 0; done && w < workers; w++)
        sight.seen[w] = seen + w * pairs;
    if (done)
        parallel_for(sight.slices, sight_turn, &sight);
    for (size_t p = pairs; done && p < workers * pairs; p++)
        seen[p % pairs] |= seen[p];
    for (size_t i = 0; done && i < steps->count; i++) {
        steps->unseen[i] = 1;
        for (size_t p = 0; p < pairs; p++)
            if (seen[p] && steps->match[i * pairs + p])
                steps->unseen[i] = 0;
    }
    scratch_free(sight.seen);
    scratch_free(seen);
    return done;
}

enum vg_code steps_from_map(struct arena *arena, const struct vg_log *log,
                            const struct vg_map *map, struct steps *ret,
                            struct vg_err *err)
{
    struct steps steps;
    enum vg_code code = steps_open(arena, log, map->step_count, &steps, err);
    if (code != VG_OK)
        return code;
    struct log_names names = {.scratch = arena_open(0)};
    bool done = names.scratch &&
                folded_make(names.scratch, &log->activities, &names.activities) &&
                folded_make(names.scratch, &log->channels, &names.channels);
    for (size_t i = 0; done && i < steps.count; i++) {
        const struct map_step *step = &map->steps[i];
        steps.name[i] = arena_text(arena, str_from(step->title));
        steps.id[i] = arena_text(arena, str_from(step->id));
        steps.optional[i] = step->optional;
        done = steps.name[i] && steps.id[i] && matches_flag(&steps, &names, i, step);
    }
    steps.of_map = true;
    arena_close(names.scratch);
    choices_number(map, &steps);
    if (!done || !unseen_mark(log, &steps))
        return err_memory(err);
    *ret = steps;
    return VG_OK;
}
