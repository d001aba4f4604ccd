/* viaggio customers, actions, search: who, what will be done, and what was said. */
#include "app/actions.h"
#include "app/customers.h"
#include "app/json.h"
#include "base/date.h"
#include "cli/run.h"

#include <math.h>
#include <string.h>

#define USUAL_ROWS 50

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* ---- customers ---- */

static enum vg_code customers_table(struct run *run, size_t top, struct vg_err *err)
{
    static const struct column columns[] = {
        {"customer", NC_("table", "customer"), CELL_TEXT, TONE_STRONG},
        {"events", NC_("table", "events"), CELL_COUNT, TONE_PLAIN},
        {"first", NC_("table", "first event"), CELL_TIME, TONE_QUIET},
        {"last", NC_("table", "last event"), CELL_TIME, TONE_PLAIN},
        {"last_activity", NC_("table", "what happened last"), CELL_TEXT, TONE_PLAIN},
    };
    const struct vg_log *log = run->evidence.log;
    struct table table;
    size_t shown = 0;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (; shown < log->traces && shown < top; shown++) {
        uint64_t first = log->first[shown], end = log->first[shown + 1];
        const char *name = log_trace_text(log, run->arena, shown);
        if (!name)
            return err_memory(err);
        bool any = first < end;
        table_text(&table, name);
        table_number(&table, (double)(end - first));
        table_number(&table, any ? (double)log->at_us[first] : NAN);
        table_number(&table, any ? (double)log->at_us[end - 1] : NAN);
        table_text(&table,
                   any ? dict_text(&log->activities, log->activity[end - 1]) : "");
    }
    enum vg_code code = table_print(&table, &run->screen, err);
    if (shown < log->traces)
        screen_say(&run->screen, TONE_QUIET, _("… and %s more: --top 0 shows all"),
                   text_count(run->arena, log->traces - shown));
    return code;
}

enum vg_code verb_customers(struct run *run, struct vg_err *err)
{
    enum vg_code code = run_evidence(run, err);
    if (code != VG_OK)
        return code;
    const struct vg_log *log = run->evidence.log;
    size_t top = run_top(run, USUAL_ROWS, log->traces), total = 0;
    struct customers_page page = {.after = "", .limit = top};
    const char *next = NULL;
    json_t *items = NULL;
    if (!run->request.json)
        return customers_table(run, top, err);
    code = customers_list(run->arena, log, &page, &items, &next, &total, err);
    if (code != VG_OK)
        return code;
    return run_json(
        run, json_pack("{s:o, s:o}", "total", json_count(total), "customers", items),
        err);
}

/* ---- actions ---- */

static enum vg_code actions_table(struct run *run, const json_t *list, struct vg_err *err)
{
    static const struct column columns[] = {
        {"action", NC_("table", "action"), CELL_TEXT, TONE_STRONG},
        {"state", NC_("table", "state"), CELL_TEXT, TONE_PLAIN},
        {"due", NC_("table", "due"), CELL_TEXT, TONE_PLAIN},
        {"late", NC_("table", "late"), CELL_TEXT, TONE_RED},
        {"owner", NC_("table", "owner"), CELL_TEXT, TONE_PLAIN},
        {"department", NC_("table", "department"), CELL_TEXT, TONE_PLAIN},
        {"map", NC_("table", "map"), CELL_TEXT, TONE_QUIET},
    };
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *action = json_array_get(list, i);
        bool late = json_is_true(json_object_get(action, "overdue"));
        table_text(&table, text_of(action, "title"));
        table_text(&table, actions_state_text(text_of(action, "state")));
        table_text(&table, text_of(action, "due"));
        table_text(&table, late ? _c("table", "late") : "");
        table_text(&table, text_of(action, "owner"));
        table_text(&table, text_of(action, "department"));
        table_text(&table, text_of(action, "map_title"));
    }
    if (!json_array_size(list))
        screen_say(&run->screen, TONE_QUIET, "%s", _("there is no action in it yet"));
    return table_print(&table, &run->screen, err);
}

enum vg_code verb_actions(struct run *run, struct vg_err *err)
{
    struct store *store = NULL;
    json_t *list = NULL;
    struct actions_wanted wanted = {0};
    if (!run->request.workspace) {
        err_set(err, VG_ERR_USAGE, NULL, "%s", _("say which data file"));
        return err_hint(err, "%s", _("-w FILE.viaggio; viaggio init makes one"));
    }
    enum vg_code code = store_open(run->request.workspace, &store, err);
    if (code == VG_OK)
        code = actions_list(store, run->arena, &wanted, date_today_us(), &list, err);
    store_close(store);
    if (code == VG_OK && run->request.json)
        return run_json(run, json_pack("{s:o}", "actions", list), err);
    if (code == VG_OK)
        code = actions_table(run, list, err);
    json_decref(list);
    return code;
}
