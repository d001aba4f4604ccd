/* One client's page, and the cohorts, as text. */
#include "cli/path_page.h"

#include <math.h>

/* ---- one client ---- */

/* "5", "4,5"; "" when it is not known. */
static const char *number_text(const struct run *run, double value)
{
    if (isnan(value))
        return "";
    const char *text = text_number(run->arena, value, value == nearbyint(value) ? 0 : 1);
    return text ? text : "";
}

static const char *date_text(const struct run *run, int64_t at_us)
{
    const char *text =
        at_us == PATH_DAY_NOT_SAID ? "" : text_date_short(run->arena, at_us);
    return text ? text : "";
}

static void say_head(struct run *run, const struct path *path,
                     const struct path_client *client)
{
    struct screen *screen = &run->screen;
    screen_say(screen, TONE_STRONG, "%s", client->customer);
    screen_say(screen, path_tone(client->state), "%s: %s", path_state_text(client->state),
               client->reason);
    screen_line(screen);
    screen_say(screen, TONE_PLAIN, _("Start, %s: %s"), date_text(run, client->at_us),
               client->start);
    screen_say(screen, TONE_PLAIN, _("Arrival: %s"), path->map->arrival);
    screen_say(screen, TONE_PLAIN,
               _("Milestones %zu of %zu · objectives %s · %s of %s days"), client->passed,
               path->map->phase_count, path_share(run, client->attainment),
               text_number(run->arena, client->days, 0),
               text_number(run->arena, client->expected_days, 0));
    if (!isnan(client->feeling))
        screen_say(screen, client->low ? TONE_AMBER : TONE_PLAIN,
                   _("Last feeling %s, on %s"),
                   text_signed(run->arena, client->feeling, 0),
                   date_text(run, client->feelings[client->feeling_count - 1].at_us));
    screen_line(screen);
}

static const char *how_text(enum path_how how)
{
    switch (how) {
    case GATE_BY_EVENT:
        return _c("a milestone", "seen in the evidence");
    case GATE_BY_HAND:
        return _c("a milestone", "by hand");
    case GATE_BY_PROOFS:
        return _c("a milestone", "by its proofs");
    case GATE_SKIPPED:
        return _c("a milestone", "skipped");
    case GATE_AHEAD:
        break;
    }
    return "";
}

static enum vg_code print_gates(struct run *run, const struct path *path,
                                const struct path_client *client, struct vg_err *err)
{
    static const struct column columns[] = {
        {NULL, NC_("table", "phase"), CELL_TEXT, TONE_STRONG},
        {NULL, NC_("table", "milestone"), CELL_TEXT, TONE_PLAIN},
        {NULL, NC_("table", "passed on"), CELL_TEXT, TONE_GREEN},
        {NULL, NC_("table", "after"), CELL_DURATION, TONE_PLAIN},
        {NULL, NC_("table", "how"), CELL_TEXT, TONE_QUIET},
    };
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < path->map->phase_count; i++) {
        const struct path_gate *gate = &client->gates[i];
        const char *how = how_text(gate->how);
        table_text(&table, path->map->phases[i].title);
        table_text(&table, path->map->phases[i].milestone);
        table_text(&table, date_text(run, gate->passed_us));
        table_number(&table,
                     gate->passed_us == PATH_DAY_NOT_SAID ? NAN : gate->days * 86400);
        table_text(&table, gate->why[0]
                               ? arena_printf(run->arena, "%s: %s", how, gate->why)
                               : how);
    }
    return table_print(&table, &run->screen, err);
}

static enum vg_code print_objectives(struct run *run, const struct path *path,
                                     const struct path_client *client, struct vg_err *err)
{
    static const struct column columns[] = {
        {NULL, NC_("table", "objective"), CELL_TEXT, TONE_STRONG},
        {NULL, NC_("table", "from"), CELL_TEXT, TONE_PLAIN},
        {NULL, NC_("table", "now"), CELL_TEXT, TONE_PLAIN},
        {NULL, NC_("table", "target"), CELL_TEXT, TONE_PLAIN},
        {NULL, NC_("table", "attained"), CELL_PERCENT, TONE_GREEN},
        {NULL, NC_("table", "readings"), CELL_COUNT, TONE_QUIET},
    };
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < path->map->metric_count; i++) {
        const struct path_objective *objective = &client->objectives[i];
        if (!path->measured[i])
            continue;
        table_text(&table, path->map->metrics[i].name);
        table_text(&table, number_text(run, objective->baseline));
        table_text(&table, number_text(run, objective->now));
        table_text(&table, number_text(run, objective->target));
        table_number(&table, objective->attained);
        table_number(&table, (double)objective->reading_count);
    }
    return table_print(&table, &run->screen, err);
}

static const char *kind_text(enum path_kind kind)
{
    switch (kind) {
    case HAPPENED_STARTED:
        return _c("on a path", "start");
    case HAPPENED_DONE:
        return _c("on a path", "done");
    case HAPPENED_READING:
        return _c("on a path", "reading");
    case HAPPENED_MILESTONE:
        return _c("on a path", "milestone");
    case HAPPENED_FEELING:
        return _c("on a path", "feeling");
    case HAPPENED_PROOF:
        return _c("on a path", "proof");
    case HAPPENED_SIGN:
        return _c("on a path", "sign");
    case HAPPENED_NOTE:
        return _c("on a path", "note");
    case HAPPENED_LEFT:
        return _c("on a path", "left");
    case HAPPENED_KINDS:
        break;
    }
    return "";
}

/* For programs this table is the whole answer. */
static enum vg_code print_history(struct run *run, const struct path_client *client,
                                  struct vg_err *err)
{
    static const struct column columns[] = {
        {"time", NC_("table", "time"), CELL_TIME, TONE_QUIET},
        {NULL, NC_("table", "what"), CELL_TEXT, TONE_PLAIN},
        {"what", NC_("table", "what happened"), CELL_TEXT, TONE_STRONG},
        {NULL, NC_("table", "value"), CELL_TEXT, TONE_PLAIN},
        {"value", NULL, CELL_NUMBER, TONE_PLAIN},
        {"text", NC_("table", "said"), CELL_TEXT, TONE_PLAIN},
    };
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < client->history_count; i++) {
        const struct path_happening *what = &client->history[i];
        table_number(&table, (double)what->at_us);
        table_text(&table, kind_text(what->kind));
        table_text(&table, what->what);
        table_text(&table, number_text(run, what->value));
        table_number(&table, what->value);
        table_text(&table, what->text);
    }
    return table_print(&table, &run->screen, err);
}

enum vg_code print_client(struct run *run, const struct path *path, size_t index,
                          struct vg_err *err)
{
    const struct path_client *client = &path->clients[index];
    enum vg_code code = VG_OK;
    say_head(run, path, client);
    if (run->screen.people) {
        code = print_gates(run, path, client, err);
        screen_line(&run->screen);
        if (code == VG_OK)
            code = print_objectives(run, path, client, err);
        screen_line(&run->screen);
    }
    return code == VG_OK ? print_history(run, client, err) : code;
}

/* ---- cohorts ---- */

enum vg_code print_cohorts(struct run *run, const struct path *path, struct vg_err *err)
{
    static const struct column columns[] = {
        {"month", NC_("table", "enrolled in"), CELL_TEXT, TONE_STRONG},
        {NULL, NC_("table", "clients"), CELL_TEXT, TONE_PLAIN},
        {"clients", NULL, CELL_COUNT, TONE_PLAIN},
        {"milestone", NC_("table", "milestone"), CELL_TEXT, TONE_PLAIN},
        {"passed", NC_("table", "passed"), CELL_COUNT, TONE_GREEN},
        {"share", NC_("table", "share"), CELL_PERCENT, TONE_PLAIN},
        {NULL, NC_("table", "between"), CELL_TEXT, TONE_QUIET},
        {"low", NULL, CELL_SHARE, TONE_PLAIN},
        {"high", NULL, CELL_SHARE, TONE_PLAIN},
        {NULL, "", CELL_BAR, TONE_GREEN},
        {"median_s", NC_("table", "half within"), CELL_DURATION, TONE_PLAIN},
    };
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t c = 0; c < path->cohort_count; c++)
        for (size_t p = 0; p < path->map->phase_count; p++) {
            const struct path_cohort *cohort = &path->cohorts[c];
            const struct vg_survival *survival = &cohort->survival[p];
            const struct vg_survival_point *last =
                survival->point_count ? &survival->points[survival->point_count - 1]
                                      : NULL;
            double share = last ? 1 - last->waiting : cohort->n ? 0 : NAN;
            double low = last ? 1 - last->high : NAN, high = last ? 1 - last->low : NAN;
            bool first = p == 0 || !run->screen.people;
            const char *month = cohort->month[0] ? cohort->month : _c("table", "all");
            table_text(&table, first ? month : "");
            table_text(&table, first ? text_count(run->arena, cohort->n) : "");
            table_number(&table, (double)cohort->n);
            table_text(&table, path->map->phases[p].title);
            table_number(&table, (double)survival->happened);
            table_number(&table, share);
            table_text(&table, isnan(low) ? "" : text_between(run, low, high));
            table_number(&table, low);
            table_number(&table, high);
            table_number(&table, share);
            table_number(&table, survival->median_s);
        }
    return table_print(&table, &run->screen, err);
}
