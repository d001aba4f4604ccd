/* viaggio kpi, viaggio effect: what is watched, and what a change achieved. */
#include "app/improve.h"
#include "app/workspace.h"
#include "cli/run.h"
#include "improve/effect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What both verbs open: the map, the evidence with what its KPIs need, the logs. */
struct asking {
    struct vg_map *map;
    struct store *store;
    struct improve_logs *logs;
    struct results_question question;
    bool one;           /* one KPI by --kind or --kpi, not all of the map */
    struct map_kpi kpi; /* that one */
};

static bool is_ad_hoc(const struct request *request)
{
    return request->kind || request->from || request->to;
}

static enum vg_code take_kpi(struct run *run, struct asking *asking, struct vg_err *err)
{
    const struct request *request = &run->request;
    struct improve_words words = {.id = request->kpi,
                                  .kind = request->kind,
                                  .from = request->from,
                                  .to = request->to,
                                  .direction = request->direction,
                                  .every = request->every,
                                  .quantile = request->quantile,
                                  .window_s = request->window_s};
    asking->one = request->kpi || is_ad_hoc(request);
    if (request->kpi && is_ad_hoc(request))
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("--kpi names one of the map; --kind, --from and --to make a new "
                         "one: give one or the other"));
    if (request->kpi && !asking->map)
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("--kpi is one of a map: --map FILE"));
    return asking->one ? improve_kpi(run->arena, asking->map, &words, &asking->kpi, err)
                       : VG_OK;
}

static enum vg_code open_asking(struct run *run, struct asking *asking,
                                struct vg_err *err)
{
    struct request *request = &run->request;
    enum vg_code code = VG_OK;
    if (request->map)
        code = workspace_map(request->workspace, request->map, &asking->map, NULL, err);
    else if (!is_ad_hoc(request)) {
        err_set(err, VG_ERR_USAGE, NULL, _("%s wants a map"), request->verb->name);
        return err_hint(err, "%s",
                        _("--map FILE names it; or ask of any two activities: --kind "
                          "conversion --from A --to B")),
               VG_ERR_USAGE;
    }
    if (code == VG_OK)
        code = take_kpi(run, asking, err);
    if (improve_wants_all(asking->map) || request->group)
        request->read.all_attributes = true;
    if (code == VG_OK)
        code = run_evidence_about(run, asking->map, err);
    if (code == VG_OK && request->workspace)
        code = store_open(request->workspace, &asking->store, err);
    if (code == VG_OK)
        code = improve_of_evidence(run_whole(run), asking->store, asking->map,
                                   &asking->logs, err);
    if (code == VG_OK)
        improve_is_about(asking->logs, run->about, run->about_count);
    if (code == VG_OK)
        asking->question =
            (struct results_question){improve_source(asking->logs), asking->map};
    return code;
}

static void close_asking(struct asking *asking)
{
    improve_close(asking->logs);
    store_close(asking->store);
    map_close(asking->map);
}

/* ---- kpi ---- */

static enum vg_code print_series(struct run *run, const struct kpi_result *result,
                                 struct vg_err *err)
{
    static const struct column columns[] = {
        {"kpi", NULL, CELL_TEXT, TONE_PLAIN},
        {"from", NC_("table", "from"), CELL_TIME, TONE_PLAIN},
        {"n", NC_("table", "observed"), CELL_COUNT, TONE_PLAIN},
        {NULL, NC_("table", "value"), CELL_TEXT, TONE_STRONG},
        {NULL, NC_("table", "low"), CELL_TEXT, TONE_QUIET},
        {NULL, NC_("table", "high"), CELL_TEXT, TONE_QUIET},
        {NULL, NC_("table", "unusual"), CELL_TEXT, TONE_AMBER},
        {"value", NULL, CELL_NUMBER, TONE_PLAIN},
        {"low", NULL, CELL_NUMBER, TONE_PLAIN},
        {"high", NULL, CELL_NUMBER, TONE_PLAIN},
    };
    const struct kpi *kpi = &result->ready.kpi;
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < result->point_count; i++) {
        const struct kpi_point *point = &result->points[i];
        unsigned signals = result->control.signals[i];
        bool told = !isnan(point->value), sure = !isnan(point->low);
        table_text(&table, kpi->name);
        table_number(&table, (double)point->period.from_us);
        table_number(&table, (double)point->n);
        table_text(&table, told ? kpi_said(run->arena, kpi, point->value) : "");
        table_text(&table, sure ? kpi_said(run->arena, kpi, point->low) : "");
        table_text(&table, sure ? kpi_said(run->arena, kpi, point->high) : "");
        table_text(&table, signals & SIGNAL_BEYOND ? _("outside the limits")
                           : signals & SIGNAL_RUN  ? _("eight on one side")
                           : signals & SIGNAL_NEAR ? _("near the limit")
                                                   : "");
        table_number(&table, point->value);
        table_number(&table, point->low);
        table_number(&table, point->high);
    }
    return table_print(&table, &run->screen, err);
}

static enum vg_code print_kpi(struct run *run, const struct kpi_result *result,
                              struct vg_err *err)
{
    const struct kpi *kpi = &result->ready.kpi;
    if (run->screen.people) {
        screen_say(&run->screen, TONE_STRONG, "%s", result->sentence);
        if (result->ready.definition[0])
            screen_say(&run->screen, TONE_QUIET, "%s", result->ready.definition);
        if (!isnan(result->control.mean))
            screen_say(&run->screen, TONE_QUIET, _("usual: %s to %s around %s"),
                       kpi_said(run->arena, kpi, result->control.low),
                       kpi_said(run->arena, kpi, result->control.high),
                       kpi_said(run->arena, kpi, result->control.mean));
    }
    return print_series(run, result, err);
}

/* "5", "−20", "5%". */
static enum vg_code read_change(const char *text, double *ret, struct vg_err *err)
{
    str all = str_trim(str_from(text));
    bool minus = str_starts(all, STR("−"));
    if (minus)
        all = str_from(all.ptr + strlen("−"));
    if (str_ends(all, STR("%")))
        all.len--;
    all = str_trim(all);
    if (!str_to_double(all, memchr(all.ptr, ',', all.len) != NULL, ret) ||
        !isfinite(*ret) || *ret == 0)
        return err_set(err, VG_ERR_USAGE, NULL, _("--enough cannot be \"%s\""), text);
    *ret = minus ? -*ret : *ret;
    return VG_OK;
}

/* People read it in the sentence, programs in the JSON; a table would say nothing. */
static void say_problem(struct run *run, const char *problem)
{
    if (problem && !run->request.json && !run->screen.people)
        run_remark(run, _("viaggio: cannot be told: %s"), problem);
}

/* One KPI more: into the list of JSON, or onto the screen. */
static enum vg_code tell_kpi(struct run *run, const struct asking *asking,
                             const struct map_kpi *kpi, json_t *list, struct vg_err *err)
{
    struct kpi_result result;
    struct enough_result enough;
    double change = 0;
    const char *wanted = run->request.enough;
    enum vg_code code = results_kpi(run->arena, &asking->question, kpi, &result, err);
    if (code == VG_OK)
        say_problem(run, result.ready.problem);
    if (code == VG_OK && wanted)
        code = read_change(wanted, &change, err);
    if (code == VG_OK && wanted)
        code = results_enough(run->arena, &asking->question, kpi, change, &enough, err);
    if (code == VG_OK && list) {
        json_t *json = kpi_result_to_json(&result);
        if (json && wanted)
            json_object_set_new(json, "enough", enough_result_to_json(&enough));
        return json_array_append_new(list, json) == 0 ? VG_OK : err_memory(err);
    }
    if (code == VG_OK)
        code = print_kpi(run, &result, err);
    if (code == VG_OK && wanted && run->screen.people)
        screen_say(&run->screen, TONE_PLAIN, "%s", enough.sentence);
    if (code == VG_OK && !asking->one)
        screen_line(&run->screen);
    return code;
}

enum vg_code verb_kpi(struct run *run, struct vg_err *err)
{
    struct asking asking = {0};
    json_t *list = run->request.json ? json_array() : NULL;
    enum vg_code code = run->request.json && !list ? err_memory(err) : VG_OK;
    if (code == VG_OK)
        code = open_asking(run, &asking, err);
    size_t count = asking.one ? 1 : asking.map ? asking.map->kpi_count : 0;
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        code = tell_kpi(run, &asking, asking.one ? &asking.kpi : &asking.map->kpis[i],
                        list, err);
        if (code == VG_OK)
            code = run_go_on(run, err);
    }
    if (code == VG_OK && !count && !list)
        run_remark(run, "%s", _("viaggio: the map watches nothing yet: it has no KPIs"));
    if (code == VG_OK && list)
        code = run_json(run, json_pack("{s:O}", "kpis", list), err);
    json_decref(list);
    close_asking(&asking);
    return code;
}

/* ---- effect ---- */

static void print_effect(struct run *run, const struct effect_result *result)
{
    struct screen *screen = &run->screen;
    const struct effect *effect = &result->effect;
    const char *since = text_date(run->arena, result->since_us);
    if (result->action)
        screen_say(screen, TONE_STRONG, _("%s, since %s"), result->action->title,
                   since ? since : "");
    if (result->problem) {
        screen_say(screen, TONE_AMBER, _("cannot be told: %s"), result->problem);
        return;
    }
    screen_say(screen,
               effect->verdict == EFFECT_BETTER  ? TONE_GREEN
               : effect->verdict == EFFECT_WORSE ? TONE_RED
                                                 : TONE_PLAIN,
               "%s", effect->sentence);
    for (size_t i = 0; i < effect->warning_count; i++)
        screen_say(screen, TONE_QUIET, "%s", effect->warnings[i]);
}

/* For programs: a row each, numbers plain. */
static enum vg_code print_rows(struct run *run, const struct effect_result *results,
                               size_t count, struct vg_err *err)
{
    static const struct column columns[] = {
        {"action", NC_("table", "action"), CELL_TEXT, TONE_PLAIN},
        {"kpi", NC_("table", "KPI"), CELL_TEXT, TONE_PLAIN},
        {"before", NC_("table", "before"), CELL_NUMBER, TONE_PLAIN},
        {"n_before", NC_("table", "observed"), CELL_COUNT, TONE_PLAIN},
        {"after", NC_("table", "after"), CELL_NUMBER, TONE_PLAIN},
        {"n_after", NC_("table", "observed"), CELL_COUNT, TONE_PLAIN},
        {"difference", NC_("table", "difference"), CELL_NUMBER, TONE_PLAIN},
        {"low", NC_("table", "from"), CELL_NUMBER, TONE_PLAIN},
        {"high", NC_("table", "to"), CELL_NUMBER, TONE_PLAIN},
        {"p", NC_("table", "p"), CELL_NUMBER, TONE_PLAIN},
        {"verdict", NC_("table", "verdict"), CELL_TEXT, TONE_PLAIN},
    };
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < count; i++) {
        const struct effect_result *result = &results[i];
        const struct compared *c = &result->effect.compared;
        const double values[] = {c->before,     (double)c->n_before,
                                 c->after,      (double)c->n_after,
                                 c->difference, c->low,
                                 c->high,       c->p};
        table_text(&table, result->action ? result->action->id : "");
        table_text(&table, result->asked->name);
        for (size_t k = 0; k < COUNT_OF(values); k++)
            table_number(&table, result->problem ? (double)NAN : values[k]);
        table_text(&table, result->problem ? result->problem
                                           : effect_verdict_name(result->effect.verdict));
    }
    return table_print(&table, &run->screen, err);
}

static enum vg_code tell_effects(struct run *run, const struct effect_result *results,
                                 size_t count, bool one, struct vg_err *err)
{
    if (run->request.json && one && !results[0].problem)
        return run_json(run, effect_to_json(&results[0].effect), err);
    if (run->request.json) {
        json_t *list = json_array();
        for (size_t i = 0; list && i < count; i++)
            if (json_array_append_new(list, effect_result_to_json(&results[i])) != 0) {
                json_decref(list);
                return err_memory(err);
            }
        return run_json(run, json_pack("{s:o}", "effects", list), err);
    }
    if (!run->screen.people)
        return print_rows(run, results, count, err);
    for (size_t i = 0; i < count; i++) {
        if (i)
            screen_line(&run->screen);
        print_effect(run, &results[i]);
    }
    return VG_OK;
}

/* One KPI and one day: --changed, or an action's. */
static enum vg_code ask_one(struct run *run, const struct asking *asking,
                            struct effect_result *ret, struct vg_err *err)
{
    const struct request *request = &run->request;
    struct map_group group = {"", request->group ? request->group : "", ""};
    struct effect_asked asked = {.kpi = asking->one ? &asking->kpi : NULL,
                                 .since_us = INT64_MIN,
                                 .expected_change = NAN};
    enum vg_code code = VG_OK;
    if (request->action)
        code =
            improve_action(run->arena, asking->map, request->action, &asked.action, err);
    if (code == VG_OK && asked.action) {
        asked.since_us = map_action_since(asked.action);
        asked.group = &asked.action->group;
        asked.expected_change = asked.action->expected_change;
        asked.kpi =
            asking->one ? asked.kpi : map_kpi_find(asking->map, asked.action->kpi);
    }
    if (request->group)
        asked.group = &group;
    if (code == VG_OK && request->changed &&
        !instant_read(request->changed, false, &asked.since_us))
        return err_set(err, VG_ERR_USAGE, NULL, _("%s: there is no date \"%s\""),
                       "--changed", request->changed);
    if (code == VG_OK && (!asked.kpi || asked.since_us == INT64_MIN)) {
        err_set(err, VG_ERR_USAGE, NULL, "%s",
                asked.kpi ? _("say from which day the change holds")
                          : _("say which KPI it shall have changed"));
        return err_hint(err, "%s",
                        asked.kpi ? _("--changed DATE, or since in the map’s action")
                                  : _("--kpi ID, or kpi in the map’s action")),
               VG_ERR_USAGE;
    }
    return code == VG_OK ? results_effect(run->arena, &asking->question, &asked, ret, err)
                         : code;
}

enum vg_code verb_effect(struct run *run, struct vg_err *err)
{
    struct asking asking = {0};
    struct effect_result alone;
    struct results all = {0};
    enum vg_code code = open_asking(run, &asking, err);
    bool one = asking.one || run->request.action;
    if (code == VG_OK && run->request.action && !asking.map)
        code = err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("--action is one of a map: --map FILE"));
    if (code == VG_OK && one)
        code = ask_one(run, &asking, &alone, err);
    else if (code == VG_OK)
        code = results_find(run->arena, &asking.question, false, &all, err);
    progress_clear(run);
    if (code == VG_OK && !one && !all.effect_count && !run->request.json)
        run_remark(run, "%s",
                   _("viaggio: no action of the map has a KPI and a day from which it "
                     "holds"));
    if (code == VG_OK)
        code = tell_effects(run, one ? &alone : all.effects, one ? 1 : all.effect_count,
                            one, err);
    close_asking(&asking);
    return code;
}
