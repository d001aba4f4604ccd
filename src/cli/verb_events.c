/* viaggio events, viaggio timeline: single events, as they were. */
#include "app/json.h"
#include "cli/run.h"
#include "store/evidence.h"

#include <math.h>
#include <string.h>

#define USUAL_EVENTS 50

static const char *text_at(const struct dict *dict, bool there, uint32_t code)
{
    return there ? dict_text(dict, code) : "";
}

static const char *channel_at(const struct vg_log *log, size_t row)
{
    uint32_t code = log->channel ? log->channel[row] : LOG_NO_CODE16;
    return text_at(&log->channels, code != LOG_NO_CODE16, code);
}

static const char *actor_at(const struct vg_log *log, size_t row)
{
    uint32_t code = log->actor ? log->actor[row] : LOG_NO_CODE32;
    return text_at(&log->actors, code != LOG_NO_CODE32, code);
}

static const char *text_said(const struct vg_log *log, size_t row)
{
    uint32_t code = log->text ? log->text[row] : LOG_NO_CODE32;
    return text_at(&log->texts, code != LOG_NO_CODE32, code);
}

/* ---- events ---- */

/* One event per line, so that a long list is written as it goes. */
static enum vg_code write_event(struct run *run, const char *customer, size_t row,
                                bool first, struct vg_err *err)
{
    json_t *json = event_to_json(run->evidence.log, customer, row);
    struct buf text = {0};
    enum vg_code code = json ? json_write_compact(json, &text, err) : err_memory(err);
    buf_text(&run->screen.buf, first ? "\n    " : ",\n    ");
    if (code == VG_OK)
        run_json_text(run, buf_str(&text));
    json_decref(json);
    buf_free(&text);
    if (code == VG_OK && run->screen.buf.len > 1 << 16)
        code = screen_flush(&run->screen, err);
    return code;
}

static enum vg_code events_json(struct run *run, size_t top, struct vg_err *err)
{
    const struct vg_log *log = run->evidence.log;
    size_t shown = 0;
    enum vg_code code = VG_OK;
    struct arena *scratch = NULL;
    buf_printf(&run->screen.buf, "{\n  \"total\": %zu,\n  \"events\": [", log->events);
    for (size_t t = 0; code == VG_OK && t < log->traces && shown < top; t++) {
        scratch = arena_open(0);
        const char *customer = scratch ? log_trace_text(log, scratch, t) : NULL;
        code = customer ? VG_OK : err_memory(err);
        for (uint64_t row = log->first[t]; row < log->first[t + 1] && shown < top;
             row++) {
            if (code == VG_OK)
                code = write_event(run, customer, row, shown == 0, err);
            shown++;
        }
        arena_close(scratch);
    }
    buf_text(&run->screen.buf, shown ? "\n  ]\n}\n" : "]\n}\n");
    return code;
}

/* Some thousand rows at a time: a table is laid out in memory. */
static enum vg_code events_table(struct run *run, size_t top, struct vg_err *err)
{
    static const struct column columns[] = {
        {"customer", NC_("table", "customer"), CELL_TEXT, TONE_PLAIN},
        {"time", NC_("table", "time"), CELL_TIME, TONE_QUIET},
        {"activity", NC_("table", "activity"), CELL_TEXT, TONE_STRONG},
        {"channel", NC_("table", "channel"), CELL_TEXT, TONE_PLAIN},
        {"actor", NC_("table", "served by"), CELL_TEXT, TONE_PLAIN},
        {"score", NC_("table", "score"), CELL_NUMBER, TONE_PLAIN},
        {"text", NC_("table", "text"), CELL_TEXT, TONE_QUIET},
    };
    const struct vg_log *log = run->evidence.log;
    struct table table;
    size_t shown = 0;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t t = 0; t < log->traces && shown < top; t++) {
        const char *customer = log_trace_text(log, run->arena, t);
        if (!customer)
            return err_memory(err);
        for (uint64_t row = log->first[t]; row < log->first[t + 1] && shown < top;
             row++) {
            table_text(&table, customer);
            table_number(&table, (double)log->at_us[row]);
            table_text(&table, dict_text(&log->activities, log->activity[row]));
            table_text(&table, channel_at(log, row));
            table_text(&table, actor_at(log, row));
            table_number(&table, log->score ? (double)log->score[row] : NAN);
            table_text(&table, text_said(log, row));
            shown++;
        }
    }
    enum vg_code code = table_print(&table, &run->screen, err);
    if (shown < log->events)
        screen_say(&run->screen, TONE_QUIET, _("… and %s more: --top 0 shows all"),
                   text_events(run, log->events - shown));
    return code;
}

enum vg_code verb_events(struct run *run, struct vg_err *err)
{
    run->request.read.all_attributes |= run->request.json; /* a table has no room */
    enum vg_code code = run_evidence(run, err);
    if (code != VG_OK)
        return code;
    size_t top = run_top(run, USUAL_EVENTS, run->evidence.log->events);
    return run->request.json ? events_json(run, top, err) : events_table(run, top, err);
}

/* ---- timeline ---- */

/* Of a data file: which file each event came from; else *ret stays NULL. */
static enum vg_code timeline_sources(struct run *run, size_t trace, const char *customer,
                                     const char ***ret, struct vg_err *err)
{
    struct store *store = NULL;
    const char **names = NULL;
    size_t count = 0;
    if (!run->request.workspace)
        return VG_OK;
    enum vg_code code = store_open(run->request.workspace, &store, err);
    if (code == VG_OK)
        code = alias_names(store, run->arena, customer, &names, &count, err);
    if (code == VG_OK)
        code = store_origins(store, run->arena, run->evidence.log, trace, names, count,
                             ret, err);
    store_close(store);
    return code;
}

static json_t *timeline_json(struct run *run, size_t trace, const char *customer,
                             const char **sources)
{
    const struct vg_log *log = run->evidence.log;
    json_t *events = json_array();
    for (uint64_t row = log->first[trace]; events && row < log->first[trace + 1]; row++) {
        json_t *event = event_to_json(log, customer, row);
        bool first = row == log->first[trace];
        double wait_s =
            first ? NAN : (double)(log->at_us[row] - log->at_us[row - 1]) / US_PER_S;
        if (!event ||
            json_object_set_new(event, "since_previous_s", json_number_or_null(wait_s)) !=
                0 ||
            (sources &&
             json_object_set_new(event, "source",
                                 json_text(sources[row - log->first[trace]]))) ||
            json_array_append_new(events, json_incref(event)) != 0) {
            json_decref(events);
            events = NULL;
        }
        json_decref(event);
    }
    return json_pack("{s:o, s:o}", "customer", json_text(customer), "events", events);
}

static enum vg_code timeline_table(struct run *run, size_t trace, struct vg_err *err)
{
    static const struct column columns[] = {
        {"time", NC_("table", "time"), CELL_TIME, TONE_QUIET},
        {"since_previous_s", NC_("table", "after"), CELL_DURATION, TONE_PLAIN},
        {"activity", NC_("table", "what happened"), CELL_TEXT, TONE_STRONG},
        {"channel", NC_("table", "channel"), CELL_TEXT, TONE_PLAIN},
        {"actor", NC_("table", "served by"), CELL_TEXT, TONE_PLAIN},
        {"score", NC_("table", "score"), CELL_NUMBER, TONE_PLAIN},
        {"text", NC_("table", "said"), CELL_TEXT, TONE_PLAIN},
    };
    const struct vg_log *log = run->evidence.log;
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (uint64_t row = log->first[trace]; row < log->first[trace + 1]; row++) {
        bool first = row == log->first[trace];
        table_number(&table, (double)log->at_us[row]);
        table_number(&table,
                     first ? NAN
                           : (double)(log->at_us[row] - log->at_us[row - 1]) / US_PER_S);
        table_text(&table, dict_text(&log->activities, log->activity[row]));
        table_text(&table, channel_at(log, row));
        table_text(&table, actor_at(log, row));
        table_number(&table, log->score ? (double)log->score[row] : NAN);
        table_text(&table, text_said(log, row));
    }
    return table_print(&table, &run->screen, err);
}

enum vg_code verb_timeline(struct run *run, struct vg_err *err)
{
    struct request *request = &run->request;
    request->read.all_attributes |= request->json;
    if (!request->arguments.count)
        return err_set(err, VG_ERR_USAGE, NULL, "%s", _("say which customer"));
    const char *name[1] = {request->arguments.items[0]};
    request->arguments.items++;
    request->arguments.count--;
    request->only_customers = (struct texts){.items = name, .count = 1};
    enum vg_code code = run_evidence(run, err);
    const struct vg_log *log = run->evidence.log;
    if (code != VG_OK)
        return code;
    json_t *all = json_array();
    for (size_t t = 0; code == VG_OK && t < log->traces; t++) {
        const char *customer = log_trace_text(log, run->arena, t), **sources = NULL;
        code = !customer       ? err_memory(err)
               : request->json ? timeline_sources(run, t, customer, &sources, err)
                               : VG_OK;
        if (code != VG_OK)
            break;
        if (request->json &&
            json_array_append_new(all, timeline_json(run, t, customer, sources)) != 0)
            code = err_memory(err);
        if (!request->json) {
            screen_say(&run->screen, TONE_STRONG, "%s", customer);
            code = timeline_table(run, t, err);
        }
    }
    if (code == VG_OK && request->json)
        return run_json(run, json_pack("{s:o}", "journeys", all), err);
    json_decref(all);
    return code;
}
