/* viaggio path: clients led along a success path. */
#include "app/path_sheet.h"
#include "app/paths.h"
#include "app/workspace.h"
#include "base/date.h"
#include "cli/path_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY_US (24LL * 3600 * US_PER_S)

enum tone path_tone(enum path_state state)
{
    switch (state) {
    case PATH_STUCK:
    case PATH_SILENT:
        return TONE_RED;
    case PATH_BEHIND:
        return TONE_AMBER;
    case PATH_ARRIVED:
        return TONE_GREEN;
    case PATH_LEFT:
        return TONE_QUIET;
    case PATH_ON_THE_WAY:
    case PATH_STATES:
        break;
    }
    return TONE_PLAIN;
}

const char *path_share(const struct run *run, double share)
{
    const char *text = isnan(share) ? "–" : text_share(run->arena, share, 0);
    return text ? text : "";
}

/* Whoever wants attention most comes first. */
static int urgency(enum path_state state)
{
    static const int order[PATH_STATES] = {
        [PATH_STUCK] = 0,      [PATH_SILENT] = 1,  [PATH_BEHIND] = 2,
        [PATH_ON_THE_WAY] = 3, [PATH_ARRIVED] = 4, [PATH_LEFT] = 5};
    return order[state];
}

static int by_urgency(const void *a, const void *b)
{
    const struct path_client *x = *(const struct path_client *const *)a,
                             *y = *(const struct path_client *const *)b;
    int order = urgency(x->state) - urgency(y->state);
    if (!order) /* who has been so for longest */
        order = (x->since_us > y->since_us) - (x->since_us < y->since_us);
    return order ? order : strcmp(x->customer, y->customer);
}

static const struct path_client **by_need(struct run *run, const struct path *path)
{
    const struct path_client **list =
        arena_array(run->arena, const struct path_client *, path->client_count);
    for (size_t i = 0; list && i < path->client_count; i++)
        list[i] = &path->clients[i];
    if (list && path->client_count)
        qsort(list, path->client_count, sizeof *list, by_urgency);
    return list;
}

/* "40 clients on 14 November 2025: 4 stuck, 3 silent …" */
static void say_states(struct run *run, const struct path *path)
{
    static const enum path_state order[] = {PATH_STUCK,      PATH_SILENT,  PATH_BEHIND,
                                            PATH_ON_THE_WAY, PATH_ARRIVED, PATH_LEFT};
    struct buf states = {0};
    const char *count = text_count(run->arena, path->client_count);
    const char *today = text_date(run->arena, path->today_us);
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        if (!path->states[order[i]])
            continue;
        const char *text = path_states_text(run->arena, order[i], path->states[order[i]]);
        buf_printf(&states, "%s%s", states.len ? ", " : "", text ? text : "");
    }
    screen_say(&run->screen, TONE_STRONG,
               _n("%s client on “%s”, as of %s", "%s clients on “%s”, as of %s",
                  path->client_count),
               count ? count : "", path->map->title, today ? today : "");
    if (states.ptr)
        screen_say(&run->screen, TONE_PLAIN, "%s", states.ptr);
    if (path->low)
        screen_say(&run->screen, TONE_AMBER,
                   _n("%s of those under way last said to feel bad",
                      "%s of those under way last said to feel bad", path->low),
                   text_count(run->arena, path->low));
    screen_line(&run->screen);
    buf_free(&states);
}

static enum vg_code print_clients(struct run *run, const struct path *path,
                                  struct vg_err *err)
{
    static const struct column columns[] = {
        {"customer", NC_("table", "client"), CELL_TEXT, TONE_STRONG},
        {NULL, NC_("table", "state"), CELL_TEXT, TONE_AMBER},
        {"state", NULL, CELL_TEXT, TONE_PLAIN},
        {"phase", NC_("table", "phase"), CELL_TEXT, TONE_PLAIN},
        {NULL, NC_("table", "milestones"), CELL_TEXT, TONE_PLAIN},
        {"passed", NULL, CELL_COUNT, TONE_PLAIN},
        {"attainment", NC_("table", "objectives"), CELL_PERCENT, TONE_PLAIN},
        {"days", NULL, CELL_NUMBER, TONE_PLAIN},
        {"phase_days", NULL, CELL_NUMBER, TONE_PLAIN},
        {"feeling", NC_("table", "feeling"), CELL_SIGNED, TONE_PLAIN},
        {"reason", NC_("table", "why"), CELL_TEXT, TONE_QUIET},
    };
    const struct path_client **list = by_need(run, path);
    size_t shown = run_top(run, path->client_count, path->client_count);
    struct table table;
    if (!list)
        return err_memory(err);
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < shown && i < path->client_count; i++) {
        const struct path_client *client = list[i];
        bool placed = client->phase < path->map->phase_count;
        const char *passed =
            arena_printf(run->arena, "%zu/%zu", client->passed, path->map->phase_count);
        table_text(&table, client->customer);
        table_text(&table, path_state_text(client->state));
        table_text(&table, path_state_name(client->state));
        table_text(&table, placed ? path->map->phases[client->phase].title : "");
        table_text(&table, passed);
        table_number(&table, (double)client->passed);
        table_number(&table, client->attainment);
        table_number(&table, client->days);
        table_number(&table, client->phase_days);
        table_number(&table, client->feeling);
        table_text(&table, client->reason);
    }
    return table_print(&table, &run->screen, err);
}

/* The board in numbers: who is in which phase, and what the phase usually takes. */
static enum vg_code print_board(struct run *run, const struct path *path,
                                struct vg_err *err)
{
    static const struct column columns[] = {
        {NULL, NC_("table", "phase"), CELL_TEXT, TONE_STRONG},
        {NULL, NC_("table", "on the way"), CELL_COUNT, TONE_PLAIN},
        {NULL, NC_("table", "behind"), CELL_COUNT, TONE_AMBER},
        {NULL, NC_("table", "stuck"), CELL_COUNT, TONE_RED},
        {NULL, NC_("table", "silent"), CELL_COUNT, TONE_RED},
        {NULL, NC_("table", "left"), CELL_COUNT, TONE_QUIET},
        {NULL, NC_("table", "passed"), CELL_COUNT, TONE_GREEN},
        {NULL, NC_("table", "behind after"), CELL_DURATION, TONE_PLAIN},
        {NULL, NC_("table", "stuck after"), CELL_DURATION, TONE_PLAIN},
    };
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < path->map->phase_count; i++) {
        const struct path_phase *phase = &path->phases[i];
        const struct path_threshold *limit = &phase->threshold;
        table_text(&table, path->map->phases[i].title);
        table_number(&table, (double)phase->here[PATH_ON_THE_WAY]);
        table_number(&table, (double)phase->here[PATH_BEHIND]);
        table_number(&table, (double)phase->here[PATH_STUCK]);
        table_number(&table, (double)phase->here[PATH_SILENT]);
        table_number(&table, (double)phase->left);
        table_number(&table, (double)phase->passed);
        table_number(&table, limit->behind_days * 86400);
        table_number(&table, limit->stuck_days * 86400);
    }
    return table_print(&table, &run->screen, err);
}

/* What "behind" and "stuck" mean here. */
static void say_thresholds(struct run *run, const struct path *path)
{
    uint64_t history = 0;
    for (size_t i = 0; i < path->map->phase_count; i++)
        history += path->phases[i].threshold.from == FROM_HISTORY;
    if (history)
        screen_say(
            &run->screen, TONE_QUIET, "%s",
            _("Behind: longer than half of those who passed the phase took; stuck: "
              "longer than nine in ten (where at least ten have passed)."));
    else
        screen_say(&run->screen, TONE_QUIET, "%s",
                   _("Behind and stuck as the map says, until ten clients have passed a "
                     "phase."));
    screen_say(&run->screen, TONE_QUIET, _("Silent: no sign for more than %s."),
               text_duration(run->arena, path->silent_days * 86400));
    screen_line(&run->screen);
}

static enum vg_code print_path(struct run *run, const struct path *path,
                               struct vg_err *err)
{
    enum vg_code code = VG_OK;
    if (run->request.cohorts)
        return print_cohorts(run, path, err);
    say_states(run, path);
    if (run->screen.people)
        code = print_board(run, path, err);
    screen_line(&run->screen);
    say_thresholds(run, path);
    return code == VG_OK ? print_clients(run, path, err) : code;
}

/* Files are looked at as of the end of their last day; a data file as of now. */
static enum vg_code find_today(struct run *run, int64_t *ret, struct vg_err *err)
{
    const struct vg_log *log = run->evidence.log;
    enum vg_code code = request_today(&run->request, ret, err);
    if (code != VG_OK || *ret)
        return code;
    *ret = date_today_us();
    if (!run->request.workspace && log->events) {
        int64_t rest = log->last_us % DAY_US;
        *ret = log->last_us - (rest < 0 ? rest + DAY_US : rest) + DAY_US - 1;
    }
    return VG_OK;
}

static enum vg_code find_client(const struct path *path, const char *name, size_t *ret,
                                struct vg_err *err)
{
    *ret = path_client_find(path, name);
    if (*ret != SIZE_MAX)
        return VG_OK;
    err_set(err, VG_ERR_NOT_FOUND, NULL, _("“%s” is not on this path"), name);
    return err_hint(err, "%s", _("viaggio path without --client lists who is")),
           VG_ERR_NOT_FOUND;
}

static enum vg_code write_sheet(const struct path *path, size_t client, const char *name,
                                struct vg_err *err)
{
    enum picture_format format;
    struct buf bytes = {0};
    if (!picture_format_from_text(name, &format)) {
        err_set(err, VG_ERR_USAGE, NULL, _("--print: what kind of file is “%s”?"), name);
        return err_hint(err, "%s", _("the name ends in .pdf, .svg or .png")),
               VG_ERR_USAGE;
    }
    enum vg_code code = path_sheet(path, client, format, &bytes, err);
    if (code == VG_OK)
        code = file_write(name, buf_str(&bytes), err);
    buf_free(&bytes);
    return code;
}

static enum vg_code answer(struct run *run, const struct path *path, struct vg_err *err)
{
    const struct request *request = &run->request;
    size_t client = SIZE_MAX;
    enum vg_code code =
        request->client ? find_client(path, request->client, &client, err) : VG_OK;
    if (code == VG_OK && request->sheet)
        code = write_sheet(path, client, request->sheet, err);
    if (code != VG_OK)
        return code;
    if (request->json)
        return run_json(
            run, request->client ? path_client_to_json(path, client) : path_to_json(path),
            err);
    return request->client ? print_client(run, path, client, err)
                           : print_path(run, path, err);
}

/* Enrol whom the path is found to have by the evidence. */
static enum vg_code enrol(struct run *run, struct store *store, const struct path *found,
                          struct vg_err *err)
{
    struct enrolment_new *list =
        arena_array(run->arena, struct enrolment_new, found->client_count + 1);
    size_t count = 0, added = 0;
    if (!list)
        return err_memory(err);
    for (size_t i = 0; i < found->client_count; i++)
        if (!found->clients[i].enrolment[0])
            list[count++] = (struct enrolment_new){.map = found->map->id,
                                                   .customer = found->clients[i].customer,
                                                   .at_us = found->clients[i].at_us};
    enum vg_code code = enrolment_add_many(store, list, count, true, &added, err);
    if (code == VG_OK)
        run_remark(run, _n("%zu client enrolled", "%zu clients enrolled", added), added);
    return code;
}

/* With a data file, whoever is enrolled there; else whom the evidence shows. */
static enum vg_code find_in_workspace(struct run *run, const struct vg_map *map,
                                      int64_t today_us, struct path *ret,
                                      struct vg_err *err)
{
    bool wanted = run->request.enrol;
    struct store *store = NULL;
    const struct path_enrolment *enrolled = NULL;
    size_t count = 0;
    enum vg_code code = store_open(run->request.workspace, &store, err);
    if (code == VG_OK)
        code = paths_enrolments(run->arena, store, map->id, NULL, &enrolled, &count, err);
    if (code == VG_OK && (wanted || !count)) /* who is enrolled is, whatever a filter */
        code = run_about(run, map, err);
    if (code == VG_OK)
        code = paths_find(run->arena, store,
                          &(struct path_question){.log = run->evidence.log,
                                                  .map = map,
                                                  .found_too = wanted,
                                                  .today_us = today_us},
                          ret, err);
    if (code == VG_OK && wanted)
        code = enrol(run, store, ret, err);
    if (code == VG_OK && wanted)
        code =
            paths_find(run->arena, store,
                       &(struct path_question){
                           .log = run_whole(run)->log, .map = map, .today_us = today_us},
                       ret, err);
    store_close(store);
    return code;
}

static enum vg_code find(struct run *run, const struct vg_map *map, struct path *ret,
                         struct vg_err *err)
{
    const struct request *request = &run->request;
    struct path_question question = {.map = map};
    enum vg_code code = find_today(run, &question.today_us, err);
    if (code == VG_OK && request->workspace)
        return find_in_workspace(run, map, question.today_us, ret, err);
    if (code == VG_OK)
        code = run_about(run, map, err);
    question.log = run->evidence.log;
    return code == VG_OK ? path_find(run->arena, &question, ret, err) : code;
}

static enum vg_code check_request(const struct request *request, struct vg_err *err)
{
    if (request->enrol && !request->workspace)
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("--enrol writes into a data file: -w FILE.viaggio"));
    if (request->sheet && !request->client)
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("--print is of one client: --client NAME"));
    if (request->map)
        return VG_OK;
    err_set(err, VG_ERR_USAGE, NULL, "%s", _("path wants a map"));
    return err_hint(err, "%s", _("--map FILE names it: one with phases and milestones")),
           VG_ERR_USAGE;
}

enum vg_code verb_path(struct run *run, struct vg_err *err)
{
    struct request *request = &run->request;
    struct vg_map *map = NULL;
    struct path path;
    enum vg_code code = check_request(request, err);
    if (code != VG_OK)
        return code;
    request->read.all_attributes = true; /* readings are in a column of the file's */
    code = workspace_map(request->workspace, request->map, &map, NULL, err);
    if (code == VG_OK)
        code = run_evidence(run, err);
    if (code == VG_OK)
        code = find(run, map, &path, err);
    if (code == VG_OK)
        code = answer(run, &path, err);
    map_close(map);
    return code;
}
