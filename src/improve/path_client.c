/* One client: what the events of the log say was done, measured and felt. */
#include "base/lang.h"
#include "improve/path_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Lists that grow while the events are walked. */
struct walking {
    struct leading *leading;
    struct path_client *client;
    size_t feeling_capacity;
    size_t *reading_capacity;  /* [metric_count] */
    int64_t left_us, moved_us; /* the last event that says left; that a step was done */
    const char *left_why;
};

static const char *activity_at(const struct vg_log *log, size_t row)
{
    return dict_text(&log->activities, log->activity[row]);
}

static const char *text_at(const struct vg_log *log, size_t row)
{
    return log->text && log->text[row] != LOG_NO_CODE32
               ? dict_text(&log->texts, log->text[row])
               : "";
}

enum vg_code path_happened(struct leading *leading, struct path_happening what)
{
    struct path_client *client = leading->client;
    void *grown =
        arena_grow(leading->finding->arena, client->history, client->history_count,
                   &leading->history_capacity, sizeof what);
    if (!grown)
        return err_memory(leading->finding->err);
    client->history = grown;
    client->history[client->history_count++] = what;
    return VG_OK;
}

static enum vg_code happened_at(struct walking *walking, size_t row, enum path_kind kind,
                                size_t index, const char *what, double value)
{
    const struct vg_log *log = walking->leading->finding->log;
    return path_happened(walking->leading,
                         (struct path_happening){log->at_us[row], kind, index, 0, row,
                                                 what, text_at(log, row), value});
}

/* ---- what one event is ---- */

/* "4,5", "1.250" as people write them; NAN when it is no number. */
static double number_in(str text)
{
    double value;
    bool comma = str_find(text, STR(",")) != SIZE_MAX;
    return str_to_double(str_trim(text), comma, &value) ? value : NAN;
}

/* The log keeps scores as floats of seven digits: 4.1 is what was written, not 4.0999999,
 * which would miss a target of 4.1. */
static double as_written(float score)
{
    char text[32];
    double value;
    snprintf(text, sizeof text, "%.7g", (double)score);
    return str_to_double(str_from(text), false, &value) ? value : (double)score;
}

static double reading_at(const struct finding_path *finding, size_t metric, size_t row)
{
    const struct vg_log *log = finding->log;
    bool named = finding->map->metrics[metric].attribute[0] != 0;
    if (!named && log->score && !isnan(log->score[row]))
        return as_written(log->score[row]);
    for (size_t i = 0; i < VALUE_COLUMNS; i++) {
        const struct log_attribute *column = finding->value_of[metric][i];
        if (column && column->code[row] != LOG_NO_CODE32)
            return number_in(dict_str(&column->values, column->code[row]));
    }
    return NAN;
}

static enum vg_code add_reading(struct walking *walking, size_t metric, size_t row,
                                bool *ret_read)
{
    const struct finding_path *finding = walking->leading->finding;
    struct path_objective *objective = &walking->client->objectives[metric];
    double value = reading_at(finding, metric, row);
    if (!isfinite(value))
        return VG_OK;
    void *grown =
        arena_grow(finding->arena, objective->readings, objective->reading_count,
                   &walking->reading_capacity[metric], sizeof *objective->readings);
    if (!grown)
        return err_memory(finding->err);
    objective->readings = grown;
    objective->readings[objective->reading_count++] =
        (struct path_reading){finding->log->at_us[row], value};
    *ret_read = true;
    return happened_at(walking, row, HAPPENED_READING, metric,
                       finding->map->metrics[metric].name, value);
}

static enum vg_code add_step(struct walking *walking, size_t step, size_t row)
{
    const struct finding_path *finding = walking->leading->finding;
    struct path_done *done = &walking->client->steps[step];
    int64_t at_us = finding->log->at_us[row];
    if (done->count++ == 0)
        done->first_us = at_us;
    done->last_us = walking->moved_us = at_us;
    return happened_at(walking, row, HAPPENED_DONE, step, finding->map->steps[step].title,
                       NAN);
}

static enum vg_code add_proof(struct walking *walking, const struct thing *thing,
                              size_t row, bool also)
{
    const struct finding_path *finding = walking->leading->finding;
    const struct map_proof *proof =
        &finding->map->phases[thing->phase].proofs[thing->index];
    struct path_proof *held = &walking->client->gates[thing->phase].held[thing->index];
    int64_t at_us = finding->log->at_us[row];
    uint64_t enough = proof->at_least > 0 ? (uint64_t)proof->at_least : 1;
    if (++held->count == enough)
        held->held_us = at_us;
    if (held->count != enough || also)
        return VG_OK;
    return path_happened(walking->leading,
                         (struct path_happening){at_us, HAPPENED_PROOF, thing->index,
                                                 thing->phase, row, proof->text,
                                                 text_at(finding->log, row), NAN});
}

static enum vg_code add_feeling(struct walking *walking, size_t row)
{
    const struct finding_path *finding = walking->leading->finding;
    const struct vg_log *log = finding->log;
    struct path_client *client = walking->client;
    double valence =
        log->score && log->scale && !isnan(log->score[row])
            ? emotion_valence((double)log->score[row], (enum score_scale)log->scale[row])
            : NAN;
    if (isnan(valence))
        return VG_OK;
    void *grown = arena_grow(finding->arena, client->feelings, client->feeling_count,
                             &walking->feeling_capacity, sizeof *client->feelings);
    if (!grown)
        return err_memory(finding->err);
    client->feelings = grown;
    client->feelings[client->feeling_count++] =
        (struct path_feeling){log->at_us[row], valence, text_at(log, row)};
    return happened_at(walking, row, HAPPENED_FEELING, 0, activity_at(log, row), valence);
}

/* A sign: the client did or said something. Ties are broken by name, so that the order in
 * the files changes nothing. */
static enum vg_code add_sign(struct walking *walking, size_t row)
{
    struct leading *leading = walking->leading;
    const struct vg_log *log = leading->finding->log;
    struct path_client *client = walking->client;
    const char *activity = activity_at(log, row);
    if (log->at_us[row] == client->sign_us) {
        client->sign = strcmp(activity, client->sign) < 0 ? activity : client->sign;
        return VG_OK;
    }
    void *grown =
        arena_grow(leading->finding->scratch, leading->signs, leading->sign_count,
                   &leading->sign_capacity, sizeof *leading->signs);
    if (!grown)
        return err_memory(leading->finding->err);
    leading->signs = grown;
    leading->signs[leading->sign_count++] = log->at_us[row];
    client->sign_us = log->at_us[row];
    client->sign = activity;
    return VG_OK;
}

/* ---- the whole event ---- */

struct seen { /* what one event turned out to be */
    bool step, gate, reading, proof, left, note;
};

static enum vg_code see_thing(struct walking *walking, const struct thing *thing,
                              size_t row, struct seen *seen)
{
    const struct vg_log *log = walking->leading->finding->log;
    struct path_gate *gate = &walking->client->gates[thing->index];
    switch (thing->kind) {
    case THING_STEP:
        seen->step = true;
        return add_step(walking, thing->index, row);
    case THING_GATE:
        seen->gate = true;
        walking->moved_us = log->at_us[row];
        if (earlier(log->at_us[row], gate->passed_us)) {
            gate->passed_us = log->at_us[row];
            gate->how = GATE_BY_EVENT;
        }
        return VG_OK;
    case THING_METRIC:
        return add_reading(walking, thing->index, row, &seen->reading);
    case THING_PROOF:
        seen->proof = true;
        return VG_OK; /* when it is known what else the event is */
    case THING_LEFT:
        seen->left = true;
        if (log->at_us[row] != walking->left_us ||
            strcmp(text_at(log, row), walking->left_why) < 0)
            walking->left_why = text_at(log, row);
        walking->left_us = log->at_us[row];
        return VG_OK;
    case THING_NO_SIGN:
        seen->note = true;
        return VG_OK;
    }
    return VG_OK;
}

static enum vg_code see_event(struct walking *walking, size_t row)
{
    const struct finding_path *finding = walking->leading->finding;
    const struct vg_log *log = finding->log;
    const struct thing *things;
    struct seen seen = {0};
    size_t count = marks_at(&finding->marks, log, row, &things);
    enum vg_code code = VG_OK;
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (thing_holds(&things[i], &finding->marks, log, row))
            code = see_thing(walking, &things[i], row, &seen);
    bool told = seen.step || seen.gate || seen.reading;
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (things[i].kind == THING_PROOF &&
            thing_holds(&things[i], &finding->marks, log, row))
            code = add_proof(walking, &things[i], row, told);
    if (code == VG_OK && !seen.left && !seen.note)
        code = add_sign(walking, row);
    size_t before = walking->client->feeling_count;
    if (code == VG_OK && !seen.reading && !seen.note)
        code = add_feeling(walking, row);
    bool felt = walking->client->feeling_count > before;
    if (code == VG_OK && !told && !seen.proof && !seen.left && !felt)
        code = happened_at(walking, row, seen.note ? HAPPENED_NOTE : HAPPENED_SIGN, 0,
                           activity_at(log, row), NAN);
    return code;
}

/* ---- in order ---- */

static int by_time_then_value(const void *a, const void *b)
{
    const struct path_reading *x = a, *y = b;
    int order = (x->at_us > y->at_us) - (x->at_us < y->at_us);
    return order ? order : (x->value > y->value) - (x->value < y->value);
}

/* Of the same moment the worst last: it is the one that wants somebody. */
static int by_time_then_worse(const void *a, const void *b)
{
    const struct path_feeling *x = a, *y = b;
    int order = (x->at_us > y->at_us) - (x->at_us < y->at_us);
    if (!order)
        order = (x->valence < y->valence) - (x->valence > y->valence);
    return order ? order : strcmp(x->text, y->text);
}

static void lists_sort(struct walking *walking)
{
    struct path_client *client = walking->client;
    const struct vg_map *map = walking->leading->finding->map;
    for (size_t i = 0; i < map->metric_count; i++)
        if (client->objectives[i].reading_count > 1)
            qsort(client->objectives[i].readings, client->objectives[i].reading_count,
                  sizeof *client->objectives[i].readings, by_time_then_value);
    if (client->feeling_count > 1)
        qsort(client->feelings, client->feeling_count, sizeof *client->feelings,
              by_time_then_worse);
}

/* ---- objectives ---- */

double path_attained(double now, double baseline, double target, bool down_is_good)
{
    if (isnan(now) || isnan(baseline) || isnan(target))
        return NAN;
    if (down_is_good ? baseline <= target : baseline >= target)
        return (down_is_good ? now <= target : now >= target) ? 1 : 0;
    return fmin(1, fmax(0, (now - baseline) / (target - baseline)));
}

static const struct path_start *start_of(const struct path_enrolment *enrolment,
                                         const char *metric)
{
    for (size_t i = 0; enrolment && i < enrolment->start_count; i++)
        if (strcmp(enrolment->starts[i].metric, metric) == 0)
            return &enrolment->starts[i];
    return NULL;
}

static double baseline_of(const struct map_metric *metric, const struct path_start *start,
                          const struct path_objective *objective, int64_t from_us)
{
    if (start && !isnan(start->baseline))
        return start->baseline;
    if (objective->reading_count &&
        objective->readings[0].at_us < from_us + PATH_START_DAYS * DAY_US)
        return objective->readings[0].value;
    return metric->baseline;
}

static void objective_fill(struct leading *leading, size_t index)
{
    const struct map_metric *metric = &leading->finding->map->metrics[index];
    const struct path_start *start = start_of(leading->enrolment, metric->id);
    struct path_objective *objective = &leading->client->objectives[index];
    size_t count = objective->reading_count;
    objective->target = start && !isnan(start->target) ? start->target : metric->target;
    objective->due_us =
        start && start->due_us != NEVER_US ? start->due_us : metric->due_us;
    objective->baseline = baseline_of(metric, start, objective, leading->from_us);
    objective->now = count ? objective->readings[count - 1].value : objective->baseline;
    objective->attained = path_attained(objective->now, objective->baseline,
                                        objective->target, metric->down_is_good);
    objective->reached_us = NEVER_US;
    for (size_t i = 0; i < count && objective->reached_us == NEVER_US; i++)
        if (metric->down_is_good ? objective->readings[i].value <= objective->target
                                 : objective->readings[i].value >= objective->target)
            objective->reached_us = objective->readings[i].at_us;
    if (count || start)
        leading->finding->path->measured[index] = true;
}

/* ---- the whole ---- */

static enum vg_code client_room(struct leading *leading)
{
    const struct vg_map *map = leading->finding->map;
    struct arena *arena = leading->finding->arena;
    struct path_client *client = leading->client;
    client->gates = arena_array(arena, struct path_gate, map->phase_count);
    client->steps = arena_array(arena, struct path_done, map->step_count);
    client->objectives = arena_array(arena, struct path_objective, map->metric_count);
    if (!client->gates || !client->steps || !client->objectives)
        return err_memory(leading->finding->err);
    for (size_t i = 0; i < map->step_count; i++)
        client->steps[i] = (struct path_done){0, NEVER_US, NEVER_US};
    for (size_t i = 0; i < map->phase_count; i++) {
        struct path_gate *gate = &client->gates[i];
        *gate = (struct path_gate){.passed_us = NEVER_US,
                                   .behind_us = NEVER_US,
                                   .entered_us = NEVER_US,
                                   .days = NAN,
                                   .who = "",
                                   .why = ""};
        gate->held = arena_array(arena, struct path_proof, map->phases[i].proof_count);
        if (!gate->held)
            return err_memory(leading->finding->err);
        for (size_t p = 0; p < map->phases[i].proof_count; p++)
            gate->held[p].held_us = NEVER_US;
    }
    return VG_OK;
}

static enum vg_code events_walk(struct walking *walking)
{
    struct leading *leading = walking->leading;
    const struct vg_log *log = leading->finding->log;
    enum vg_code code = VG_OK;
    if (leading->client->trace == SIZE_MAX)
        return VG_OK;
    size_t end = log->first[leading->client->trace + 1];
    for (size_t row = log->first[leading->client->trace]; code == VG_OK && row < end;
         row++)
        if (log->at_us[row] >= leading->from_us && log->at_us[row] <= leading->until_us)
            code = see_event(walking, row);
    return code;
}

/* Who left and came back has not left. */
static void leaving_fill(struct walking *walking)
{
    const struct path_enrolment *enrolment = walking->leading->enrolment;
    struct path_client *client = walking->client;
    int64_t today_us = walking->leading->finding->question->today_us;
    client->left_us = NEVER_US;
    client->left_why = "";
    if (enrolment && enrolment->left_us != NEVER_US && enrolment->left_us <= today_us) {
        client->left_us = enrolment->left_us;
        client->left_why = enrolment->left_why ? enrolment->left_why : "";
    } else if (walking->left_us != NEVER_US && walking->left_us >= walking->moved_us) {
        client->left_us = walking->left_us;
        client->left_why = walking->left_why;
    }
}

enum vg_code path_client_fill(struct leading *leading)
{
    struct finding_path *finding = leading->finding;
    struct walking walking = {.leading = leading,
                              .client = leading->client,
                              .left_us = NEVER_US,
                              .moved_us = NEVER_US};
    enum vg_code code = client_room(leading);
    leading->client->sign_us = NEVER_US;
    leading->client->sign = "";
    walking.reading_capacity =
        arena_array(finding->scratch, size_t, finding->map->metric_count);
    if (code == VG_OK && !walking.reading_capacity)
        code = err_memory(finding->err);
    if (code == VG_OK)
        code = path_happened(
            leading, (struct path_happening){leading->client->at_us, HAPPENED_STARTED, 0,
                                             0, SIZE_MAX, _c("a client", "Start"),
                                             leading->client->start, NAN});
    if (code == VG_OK)
        code = events_walk(&walking);
    if (code != VG_OK)
        return code;
    lists_sort(&walking);
    for (size_t i = 0; i < finding->map->metric_count; i++)
        objective_fill(leading, i);
    leaving_fill(&walking);
    return VG_OK;
}
