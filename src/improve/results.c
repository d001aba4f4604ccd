#include "improve/effect_parts.h"
#include "improve/results_parts.h"

#include "base/date.h"
#include "base/lang.h"

#include <math.h>

_Static_assert((int)MAP_KPI_TYPED == (int)KPI_TYPED, "the map's kinds are these");

#define CHART_FEW 5
#define DAY_S     86400.0
#define MONTH_S   (30.4375 * DAY_S)

/* ---- ready to be asked ---- */

static size_t step_index(const struct vg_map *map, const char *id)
{
    for (size_t i = 0; map && i < map->step_count; i++)
        if (strcmp(map->steps[i].id, id) == 0)
            return i;
    return SIZE_MAX;
}

struct side { /* one end of a KPI */
    const char *step, *activity;
};

static enum vg_code put_step(struct arena *arena, const struct vg_map *map, size_t at,
                             struct kpi_ready *ready, size_t row, struct vg_err *err)
{
    struct steps of_map;
    enum vg_code code = steps_from_map(arena, ready->log, map, &of_map, err);
    size_t flags = ready->steps.activity_count * (ready->steps.channel_count + 1);
    if (code != VG_OK)
        return code;
    memcpy(ready->steps.match + row * flags, of_map.match + at * flags, flags);
    ready->steps.name[row] = map->steps[at].title;
    ready->steps.id[row] = map->steps[at].id;
    if (of_map.unseen[at] && !ready->is_part)
        ready->problem =
            arena_printf(arena, _("no event of the evidence is at the step “%s”"),
                         map->steps[at].title);
    return VG_OK;
}

static void put_activity(struct arena *arena, const char *activity,
                         struct kpi_ready *ready, size_t row)
{
    uint16_t code = log_activity_find(ready->log, str_from(activity));
    size_t channels = ready->steps.channel_count + 1;
    size_t flags = ready->steps.activity_count * channels;
    ready->steps.name[row] = ready->steps.id[row] = activity;
    if (code == LOG_NO_CODE16 && !ready->is_part)
        ready->problem = arena_printf(arena, _("the evidence has no “%s”"), activity);
    else if (code != LOG_NO_CODE16)
        memset(ready->steps.match + row * flags + code * channels, 1, channels);
}

/* Which events are at one end. Without a name: every event, for kinds with one end. */
static enum vg_code put_side(struct arena *arena, const struct vg_map *map,
                             struct side side, struct kpi_ready *ready, size_t row,
                             struct vg_err *err)
{
    size_t at = step_index(map, side.step);
    size_t flags = ready->steps.activity_count * (ready->steps.channel_count + 1);
    bool two_ends = ready->kpi.kind == KPI_CONVERSION || ready->kpi.kind == KPI_TIME;
    ready->steps.name[row] = ready->steps.id[row] = "";
    if (side.activity[0]) {
        put_activity(arena, side.activity, ready, row);
    } else if (at != SIZE_MAX) {
        return put_step(arena, map, at, ready, row, err);
    } else if (side.step[0]) {
        ready->problem =
            arena_printf(arena, _("its step “%s” is not in the map any more"), side.step);
    } else if (two_ends || ready->kpi.kind == KPI_STATE) {
        ready->problem = row ? _("it does not say where it ends")
                             : _("it does not say where it begins");
    } else if (row == 0) {
        memset(ready->steps.match, 1, flags);
    }
    return VG_OK;
}

static enum vg_code make_steps(struct arena *arena, const struct vg_map *map,
                               struct kpi_ready *ready, struct vg_err *err)
{
    const struct map_kpi *asked = ready->asked;
    const struct vg_log *log = ready->log;
    bool two_ends = ready->kpi.kind == KPI_CONVERSION || ready->kpi.kind == KPI_TIME;
    struct steps *steps = &ready->steps;
    *steps = (struct steps){.count = 2,
                            .name = arena_array(arena, const char *, 2),
                            .id = arena_array(arena, const char *, 2),
                            .activity_count = log->activities.count,
                            .channel_count = log->channels.count,
                            .optional = arena_array(arena, uint8_t, 2),
                            .unseen = arena_array(arena, uint8_t, 2),
                            .choice = arena_array(arena, uint32_t, 2),
                            .branch = arena_array(arena, uint32_t, 2)};
    size_t flags = steps->activity_count * (steps->channel_count + 1);
    steps->match = arena_array(arena, uint8_t, 2 * flags + 1);
    if (!steps->name || !steps->id || !steps->match || !steps->optional ||
        !steps->unseen || !steps->choice || !steps->branch)
        return err_memory(err);
    steps->name[1] = steps->id[1] = "";
    enum vg_code code = put_side(
        arena, map, (struct side){asked->from, asked->from_activity}, ready, 0, err);
    if (code == VG_OK && two_ends && !ready->problem)
        code = put_side(arena, map, (struct side){asked->to, asked->to_activity}, ready,
                        1, err);
    return code;
}

/* Targets are written in percent and days, values are shares and seconds. */
static double in_own_unit(enum kpi_kind kind, double written)
{
    if (kpi_is_share(kind))
        return written / 100;
    return kind == KPI_TIME ? written * DAY_S : written;
}

static enum vg_code take_readings(struct arena *arena, struct kpi_ready *ready,
                                  struct vg_err *err)
{
    const struct map_kpi *asked = ready->asked;
    ready->kpi.readings = arena_array(arena, struct kpi_reading, asked->reading_count);
    if (asked->reading_count && !ready->kpi.readings)
        return err_memory(err);
    for (size_t i = 0; i < asked->reading_count; i++)
        if (asked->readings[i].on_us != INT64_MIN && !isnan(asked->readings[i].value))
            ready->kpi.readings[ready->kpi.reading_count++] =
                (struct kpi_reading){asked->readings[i].on_us, asked->readings[i].value};
    if (!ready->kpi.reading_count)
        ready->problem = _("no number was written down yet");
    return VG_OK;
}

static const char *nobody_said(struct results_part part)
{
    return !part.group   ? _("there is no evidence yet")
           : part.others ? _("everybody is in the comparison group")
                         : _("nobody is in the comparison group");
}

enum vg_code results_ready(struct arena *arena, const struct results_question *question,
                           const struct map_kpi *asked, struct results_part part,
                           struct kpi_ready *ret, struct vg_err *err)
{
    struct vg_err why = {0};
    struct kpi_ready ready = {
        .asked = asked, .definition = "", .is_part = part.group != NULL};
    bool windowed = asked->window_days > 0;
    ready.kpi = (struct kpi){
        .id = asked->id,
        .name = asked->name[0] ? asked->name : asked->id,
        .kind = (enum kpi_kind)asked->kind,
        .to = 1,
        .window_us =
            windowed ? (int64_t)(asked->window_days * DAY_S) * US_PER_S : INT64_MAX,
        .quantile = asked->quantile > 0 ? asked->quantile : 0.5,
        .down_is_good = asked->down_is_good};
    ready.target = in_own_unit(ready.kpi.kind, asked->target);
    ready.threshold = in_own_unit(ready.kpi.kind, asked->threshold);
    enum vg_code code = VG_OK;
    if (ready.kpi.kind == KPI_TYPED) {
        code = take_readings(arena, &ready, err);
    } else {
        code = question->source->find(question->source->ctx, asked->journey, part.group,
                                      part.others, &ready.log, &why);
        if (code == VG_ERR_NOT_FOUND || code == VG_ERR_USAGE) {
            ready.problem = arena_text(arena, str_from(why.what));
            code = ready.problem ? VG_OK : err_memory(err);
        } else if (code != VG_OK && err) {
            *err = why;
        } else if (code == VG_OK && !ready.log->events) {
            ready.problem = nobody_said(part);
        } else if (code == VG_OK) {
            code = make_steps(arena, question->map, &ready, err);
        }
    }
    if (code == VG_OK)
        *ret = ready;
    return code;
}

/* ---- a KPI ---- */

/* The last point that can be told: of ten at least, when there is one. */
static size_t latest_of(const struct kpi_point *points, size_t count)
{
    size_t any = count, good = count;
    for (size_t i = 0; i < count; i++) {
        if (isnan(points[i].value))
            continue;
        any = i;
        if (points[i].n >= EFFECT_FEW)
            good = i;
    }
    return good < count ? good : any;
}

/* Does the interval of the latest point lie on one side of the target? */
static enum target_state on_target(const struct kpi_result *result)
{
    double target = result->ready.target;
    if (isnan(target) || result->latest == result->point_count)
        return TARGET_NONE;
    const struct kpi_point *point = &result->points[result->latest];
    double low = isnan(point->low) ? point->value : point->low;
    double high = isnan(point->high) ? point->value : point->high;
    bool down = result->ready.kpi.down_is_good;
    if (down ? high <= target : low >= target)
        return TARGET_REACHED;
    return (down ? low > target : high < target) ? TARGET_MISSED : TARGET_OPEN;
}

/* No share is below none or above all, no wait and no count below nothing: limits are
 * told within what can be. (Unknown ones stay so.) */
static void hold_limits(enum kpi_kind kind, struct control *control)
{
    bool share = kind == KPI_CONVERSION || kind == KPI_STATE;
    if ((share || kind == KPI_TIME || kind == KPI_RATE) && control->low < 0)
        control->low = 0;
    if (share && control->high > 1)
        control->high = 1;
}

/* A month of two or three says nothing about what is usual, nor does what comes after the
 * latest that can be told, where most are still under way: left out of the chart. */
static enum vg_code chart(struct arena *arena, struct kpi_result *result,
                          struct vg_err *err)
{
    struct kpi_point *points = arena_array(arena, struct kpi_point, result->point_count);
    if (!points)
        return err_memory(err);
    for (size_t i = 0; i < result->point_count; i++) {
        points[i] = result->points[i];
        bool few = points[i].n < CHART_FEW && result->ready.kpi.kind != KPI_TYPED;
        if (few || i > result->latest)
            points[i].value = NAN;
    }
    enum vg_code code =
        control_chart(arena, points, result->point_count, &result->control, err);
    if (code == VG_OK)
        hold_limits(result->ready.kpi.kind, &result->control);
    return code;
}

enum vg_code results_kpi(struct arena *arena, const struct results_question *question,
                         const struct map_kpi *asked, struct kpi_result *ret,
                         struct vg_err *err)
{
    struct kpi_result result = {.whole = {.value = NAN, .low = NAN, .high = NAN},
                                .control = {.mean = NAN, .low = NAN, .high = NAN},
                                .seen = {.window_us = INT64_MAX},
                                .sentence = ""};
    struct kpi_ready *ready = &result.ready;
    enum vg_code code =
        results_ready(arena, question, asked, (struct results_part){0}, ready, err);
    if (code == VG_OK && !ready->problem)
        code = kpi_sample(arena, ready->log, &ready->steps, &ready->kpi,
                          (struct period){INT64_MIN, INT64_MAX}, &result.seen, err);
    if (code == VG_OK && !ready->problem)
        code = kpi_value(&ready->kpi, &result.seen, &result.whole, err);
    if (code == VG_OK && !ready->problem)
        code = kpi_series(arena, ready->log, &ready->steps, &ready->kpi,
                          asked->weekly ? EVERY_WEEK : EVERY_MONTH, &result.points,
                          &result.point_count, err);
    result.latest = latest_of(result.points, result.point_count);
    if (code == VG_OK && result.point_count)
        code = chart(arena, &result, err);
    result.seen.items = NULL;
    result.on_target = on_target(&result);
    if (code == VG_OK) {
        ready->definition = kpi_definition(arena, ready, &result.seen);
        result.sentence = kpi_sentence(arena, &result);
        if (!ready->definition || !result.sentence)
            code = err_memory(err);
    }
    if (code == VG_OK)
        *ret = result;
    return code;
}

/* ---- an effect ---- */

/* A change as it is written, in the value's own unit: points of a share, and of a score
 * that is told in points; of anything else, percent of what it was. */
static double change_meant(const struct kpi *kpi, enum score_scale scale, double was,
                           double written)
{
    if (kpi_is_share(kpi->kind))
        return written / 100;
    bool points = kpi->kind == KPI_SCORE && scale_is_points(scale);
    return points ? written : fabs(was) * written / 100;
}

/* Who was treated, and the comparison group: nobody is in both. */
static enum vg_code ready_sides(struct arena *arena,
                                const struct results_question *question,
                                const struct effect_asked *asked, struct kpi_ready *ret,
                                struct kpi_ready *ret_group, struct vg_err *err)
{
    const struct map_group *group = asked->group;
    bool grouped = group && (group->persona[0] || group->filter[0]);
    enum vg_code code =
        results_ready(arena, question, asked->kpi, (struct results_part){0}, ret, err);
    if (code != VG_OK || ret->problem || !grouped || ret->kpi.kind == KPI_TYPED)
        return code;
    code = results_ready(arena, question, asked->kpi, (struct results_part){group, false},
                         ret_group, err);
    if (code == VG_OK && !ret_group->problem)
        code = results_ready(arena, question, asked->kpi,
                             (struct results_part){group, true}, ret, err);
    return code;
}

enum vg_code results_effect(struct arena *arena, const struct results_question *question,
                            const struct effect_asked *asked, struct effect_result *ret,
                            struct vg_err *err)
{
    struct kpi_ready ready, group = {0};
    struct effect_result result = {.action = asked->action,
                                   .asked = asked->kpi,
                                   .since_us = asked->since_us,
                                   .expected = NAN};
    enum vg_code code = ready_sides(arena, question, asked, &ready, &group, err);
    if (code != VG_OK)
        return code;
    result.problem = group.problem ? group.problem : ready.problem;
    if (!result.problem) {
        struct effect_question effect = {.kpi = &ready.kpi,
                                         .log = ready.log,
                                         .steps = &ready.steps,
                                         .at_us = asked->since_us,
                                         .group_log = group.log,
                                         .group_steps = &group.steps};
        code = effect_find(arena, &effect, &result.effect, err);
        if (code == VG_OK)
            result.expected =
                change_meant(&ready.kpi, result.effect.scale, result.effect.here.before,
                             asked->expected_change);
    }
    if (code == VG_OK)
        *ret = result;
    return code;
}

static enum vg_code find_effects(struct arena *arena,
                                 const struct results_question *question,
                                 struct results *results, struct vg_err *err)
{
    const struct vg_map *map = question->map;
    enum vg_code code = VG_OK;
    results->effects = arena_array(arena, struct effect_result, map->action_count + 1);
    if (!results->effects)
        return err_memory(err);
    for (size_t i = 0; code == VG_OK && i < map->action_count; i++) {
        const struct map_action *action = &map->actions[i];
        const struct map_kpi *kpi = map_kpi_find(map, action->kpi);
        struct effect_asked asked = {action, kpi, map_action_since(action),
                                     &action->group, action->expected_change};
        if (!kpi || asked.since_us == INT64_MIN || action->state == ACTION_DROPPED)
            continue;
        code = results_effect(arena, question, &asked,
                              &results->effects[results->effect_count++], err);
    }
    return code;
}

enum vg_code results_find(struct arena *arena, const struct results_question *question,
                          bool kpis, struct results *ret, struct vg_err *err)
{
    const struct vg_map *map = question->map;
    struct results results = {0};
    enum vg_code code = VG_OK;
    results.kpis = arena_array(arena, struct kpi_result, map->kpi_count + 1);
    if (!results.kpis)
        return err_memory(err);
    for (size_t i = 0; code == VG_OK && kpis && i < map->kpi_count; i++)
        code = results_kpi(arena, question, &map->kpis[i],
                           &results.kpis[results.kpi_count++], err);
    if (code == VG_OK)
        code = find_effects(arena, question, &results, err);
    if (code == VG_OK)
        *ret = results;
    return code;
}

/* ---- how many it takes ---- */

/* Mean and standard deviation of what was observed; of a time, of its logarithm (waits
 * are skewed, and a change of them is told in percent). */
static void spread_of(const struct kpi_sample *seen, bool logarithm, double *ret_mean,
                      double *ret_sd)
{
    double sum = 0, squares = 0, n = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < seen->count; i++) {
            double value = seen->items[i].value;
            if (logarithm && (!seen->items[i].over || !(value > 0)))
                continue;
            value = logarithm ? log(value) : value;
            if (pass == 0) {
                sum += value;
                n++;
            } else {
                squares += (value - sum / n) * (value - sum / n);
            }
        }
    *ret_mean = n > 0 ? sum / n : NAN;
    *ret_sd = n > 1 ? sqrt(squares / (n - 1)) : NAN;
}

static void count_enough(const struct kpi_ready *ready, const struct kpi_sample *seen,
                         double change, struct enough_result *result)
{
    enum kpi_kind kind = ready->kpi.kind;
    bool points =
        kpi_is_share(kind) || (kind == KPI_SCORE && scale_is_points(seen->scale));
    double mean, sd, design = kpi_design_effect(seen);
    spread_of(seen, kind == KPI_TIME, &mean, &sd);
    result->change = change_meant(&ready->kpi, seen->scale, result->value, change);
    double after = result->value + result->change;
    if ((points && !kpi_is_share(kind) && fabs(after) > 100) ||
        (kind == KPI_RATE && after < 0))
        result->needed = 0; /* there is no such value */
    else if (kpi_is_share(kind) && after >= 0 && after <= 1)
        result->needed = compare_enough_shares(result->value, after);
    else if (kind == KPI_TIME && change > -100 && !isnan(sd))
        result->needed = compare_enough_means(log1p(change / 100), sd);
    else if (!kpi_is_share(kind) && kind != KPI_TIME && !isnan(sd))
        result->needed = compare_enough_means(result->change, sd);
    result->needed = (uint64_t)ceil((double)result->needed * design);
}

enum vg_code results_enough(struct arena *arena, const struct results_question *question,
                            const struct map_kpi *asked, double change,
                            struct enough_result *ret, struct vg_err *err)
{
    struct kpi_ready ready;
    struct kpi_sample seen = {0};
    struct kpi_point whole = {.value = NAN};
    struct enough_result result = {
        .asked = asked, .value = NAN, .change = NAN, .per_month = NAN, .sentence = ""};
    enum vg_code code =
        results_ready(arena, question, asked, (struct results_part){0}, &ready, err);
    if (code == VG_OK && !ready.problem)
        code = kpi_sample(arena, ready.log, &ready.steps, &ready.kpi,
                          (struct period){INT64_MIN, INT64_MAX}, &seen, err);
    if (code == VG_OK && !ready.problem)
        code = kpi_value(&ready.kpi, &seen, &whole, err);
    if (code != VG_OK)
        return code;
    result.problem = ready.problem;
    result.value = whole.value;
    result.n = seen.count;
    if (!result.problem && seen.count > 1 && !isnan(whole.value)) {
        int64_t first_us = INT64_MAX, last_us = INT64_MIN;
        for (size_t i = 0; i < seen.count; i++) {
            int64_t at_us = seen.items[i].at_us;
            first_us = at_us < first_us ? at_us : first_us;
            last_us = at_us > last_us ? at_us : last_us;
        }
        double months = (double)(last_us - first_us) / (double)US_PER_S / MONTH_S;
        result.per_month = months > 0 ? (double)seen.count / months : (double)NAN;
        count_enough(&ready, &seen, change, &result);
    }
    if (!(result.sentence = enough_sentence(arena, &ready, &result)))
        return err_memory(err);
    *ret = result;
    return VG_OK;
}
