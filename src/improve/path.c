/* Who is on the path: the enrolments, and whom the evidence shows on it. */
#include "base/lang.h"
#include "base/utf8.h"
#include "improve/path_parts.h"

#include <math.h>
#include <stdlib.h>

static const char *const state_names[PATH_STATES] = {"on-the-way", "behind",  "stuck",
                                                     "silent",     "arrived", "left"};

const char *path_state_name(enum path_state state)
{
    return state_names[state];
}

const char *path_state_text(enum path_state state)
{
    switch (state) {
    case PATH_ON_THE_WAY:
        return _c("a client", "on the way");
    case PATH_BEHIND:
        return _c("a client", "behind");
    case PATH_STUCK:
        return _c("a client", "stuck");
    case PATH_SILENT:
        return _c("a client", "silent");
    case PATH_ARRIVED:
        return _c("a client", "arrived");
    case PATH_LEFT:
        return _c("a client", "left");
    case PATH_STATES:
        break;
    }
    return "";
}

static const char *states_format(enum path_state state, uint64_t n)
{
    switch (state) {
    case PATH_ON_THE_WAY:
        return _n("%s on the way", "%s on the way", n);
    case PATH_BEHIND:
        return _n("%s behind", "%s behind", n);
    case PATH_STUCK:
        return _n("%s stuck", "%s stuck", n);
    case PATH_SILENT:
        return _n("%s silent", "%s silent", n);
    case PATH_ARRIVED:
        return _n("%s arrived", "%s arrived", n);
    case PATH_LEFT:
    case PATH_STATES:
        break;
    }
    return _n("%s left", "%s left", n);
}

const char *path_states_text(struct arena *arena, enum path_state state, uint64_t n)
{
    const char *count = text_count(arena, n), *format = states_format(state, n);
    const char *gap = strstr(format, "%s"); /* each of them holds one */
    if (!count || !gap)
        return NULL;
    return arena_printf(arena, "%.*s%s%s", (int)(gap - format), format, count, gap + 2);
}

const char *path_how_name(enum path_how how)
{
    static const char *const names[] = {"ahead", "event", "hand", "proofs", "skipped"};
    return names[how];
}

/* ---- who is on it ---- */

/* One client before the events are walked. */
struct entry {
    const char *customer;
    str folded;
    size_t trace;
    int64_t at_us;
    const struct path_enrolment *enrolment;
};
struct entries {
    struct entry *items;
    size_t count, capacity;
};

static int by_name_then_time(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = str_compare(x->folded, y->folded);
    if (!order)
        order = (x->at_us > y->at_us) - (x->at_us < y->at_us);
    if (!order && x->enrolment && y->enrolment)
        order = strcmp(x->enrolment->id ? x->enrolment->id : "",
                       y->enrolment->id ? y->enrolment->id : "");
    return order;
}

static enum vg_code entry_add(struct finding_path *finding, struct entries *entries,
                              struct entry entry)
{
    if (entries->count == PATH_CLIENTS_MAX) {
        err_set(finding->err, VG_ERR_LIMIT, NULL,
                _("there are more than %d clients on the path"), PATH_CLIENTS_MAX);
        return err_hint(finding->err, "%s",
                        _("look at a part of them: a period, a persona, a filter")),
               VG_ERR_LIMIT;
    }
    void *grown = arena_grow(finding->scratch, entries->items, entries->count,
                             &entries->capacity, sizeof entry);
    entry.folded = utf8_fold(finding->scratch, str_from(entry.customer));
    if (!grown || (!entry.folded.ptr && *entry.customer))
        return err_memory(finding->err);
    entries->items = grown;
    entries->items[entries->count++] = entry;
    return VG_OK;
}

/* The trace of each customer: the first of that name. [log->trace_names.count] */
static size_t *traces_by_name(const struct finding_path *finding)
{
    const struct vg_log *log = finding->log;
    size_t *trace_of = arena_array(finding->scratch, size_t, log->trace_names.count);
    for (size_t i = 0; trace_of && i < log->trace_names.count; i++)
        trace_of[i] = SIZE_MAX;
    for (size_t t = log->traces; trace_of && t-- > 0;)
        trace_of[log->trace_name[t]] = t;
    return trace_of;
}

static enum vg_code add_enrolled(struct finding_path *finding, struct entries *entries,
                                 bool *enrolled)
{
    const struct path_question *question = finding->question;
    const struct vg_log *log = finding->log;
    size_t *trace_of = log ? traces_by_name(finding) : NULL;
    enum vg_code code = log && !trace_of ? err_memory(finding->err) : VG_OK;
    for (size_t i = 0; code == VG_OK && i < question->enrolment_count; i++) {
        const struct path_enrolment *one = &question->enrolments[i];
        uint32_t name =
            log ? dict_find(&log->trace_names, str_from(one->customer)) : UINT32_MAX;
        size_t trace = name == UINT32_MAX ? SIZE_MAX : trace_of[name];
        if (trace != SIZE_MAX)
            enrolled[trace] = true;
        if (one->at_us <= question->today_us)
            code = entry_add(finding, entries,
                             (struct entry){one->customer, {0}, trace, one->at_us, one});
    }
    return code;
}

/* When the trace is first seen on the path: at a step, a milestone, a reading. */
static int64_t first_on_path(const struct finding_path *finding, size_t trace)
{
    const struct vg_log *log = finding->log;
    for (size_t row = log->first[trace]; row < log->first[trace + 1]; row++) {
        const struct thing *things;
        size_t count = marks_at(&finding->marks, log, row, &things);
        if (log->at_us[row] > finding->question->today_us)
            break;
        for (size_t i = 0; i < count; i++)
            if (things[i].kind <= THING_METRIC &&
                thing_holds(&things[i], &finding->marks, log, row))
                return log->at_us[row];
    }
    return NEVER_US;
}

/* Whether each name of the log is that of somebody who may be found. NULL: memory. */
static const bool *names_to_find(const struct finding_path *finding)
{
    const struct vg_log *log = finding->log, *among = finding->question->found_in;
    bool *may = arena_array(finding->scratch, bool, log->trace_names.count + 1);
    for (size_t i = 0; may && !among && i < log->trace_names.count; i++)
        may[i] = true;
    for (size_t t = 0; may && among && t < among->traces; t++) {
        str name = dict_str(&among->trace_names, among->trace_name[t]);
        uint32_t code = dict_find(&log->trace_names, name);
        if (code != UINT32_MAX)
            may[code] = true;
    }
    return may;
}

static enum vg_code add_found(struct finding_path *finding, struct entries *entries,
                              const bool *enrolled)
{
    const struct vg_log *log = finding->log;
    const bool *may = log ? names_to_find(finding) : NULL;
    enum vg_code code = log && !may ? err_memory(finding->err) : VG_OK;
    for (size_t t = 0; log && code == VG_OK && t < log->traces; t++) {
        bool no = enrolled[t] || !may[log->trace_name[t]];
        int64_t at_us = no ? NEVER_US : first_on_path(finding, t);
        if (at_us == NEVER_US)
            continue;
        const char *name = log_trace_text(log, finding->arena, t);
        code =
            name ? entry_add(finding, entries, (struct entry){name, {0}, t, at_us, NULL})
                 : err_memory(finding->err);
    }
    return code;
}

/* ---- each of them ---- */

static int64_t day_of(int64_t at_us)
{
    int64_t rest = at_us % DAY_US;
    return at_us - (rest < 0 ? rest + DAY_US : rest);
}

/* Until when events are this client's: today, the day it was left, the day before the
 * same customer's next enrolment. */
static int64_t until_of(const struct finding_path *finding, const struct entry *entry,
                        const struct entry *next)
{
    int64_t until_us = finding->question->today_us;
    const struct path_enrolment *enrolment = entry->enrolment;
    if (enrolment && enrolment->left_us != NEVER_US &&
        day_of(enrolment->left_us) + DAY_US - 1 < until_us)
        until_us = day_of(enrolment->left_us) + DAY_US - 1;
    if (next && str_equal(next->folded, entry->folded) && day_of(next->at_us) <= until_us)
        until_us = day_of(next->at_us) - 1;
    return until_us;
}

static enum vg_code fill_one(struct finding_path *finding, struct entry *entry,
                             const struct entry *next, struct path_client *client)
{
    const struct path_enrolment *enrolment = entry->enrolment;
    *client = (struct path_client){.customer = entry->customer,
                                   .trace = entry->trace,
                                   .at_us = entry->at_us,
                                   .enrolment = "",
                                   .start = finding->map->start};
    if (enrolment && enrolment->id)
        client->enrolment = enrolment->id;
    if (enrolment && enrolment->start && enrolment->start[0])
        client->start = enrolment->start;
    struct leading leading = {.finding = finding,
                              .client = client,
                              .enrolment = enrolment,
                              .from_us = day_of(entry->at_us),
                              .until_us = until_of(finding, entry, next)};
    enum vg_code code = path_client_fill(&leading);
    return code == VG_OK ? path_gates_fill(&leading) : code;
}

static enum vg_code clients_fill(struct finding_path *finding, struct entries *entries)
{
    struct path *path = finding->path;
    enum vg_code code = VG_OK;
    if (entries->count)
        qsort(entries->items, entries->count, sizeof *entries->items, by_name_then_time);
    path->clients = arena_array(finding->arena, struct path_client, entries->count);
    if (!path->clients)
        return err_memory(finding->err);
    path->client_count = entries->count;
    for (size_t i = 0; code == VG_OK && i < entries->count; i++)
        code = fill_one(finding, &entries->items[i],
                        i + 1 < entries->count ? &entries->items[i + 1] : NULL,
                        &path->clients[i]);
    return code;
}

/* ---- the whole ---- */

/* The column of that name, by any case; NULL: none, or no name. */
static const struct log_attribute *
column_named(struct arena *scratch, const struct vg_log *log, const char *name)
{
    str wanted = utf8_fold(scratch, str_from(name));
    for (size_t a = 0; name[0] && wanted.ptr && a < log->attribute_count; a++) {
        str its = utf8_fold(scratch, str_from(log->attributes[a].name));
        if (its.ptr && str_equal(its, wanted))
            return &log->attributes[a];
    }
    return NULL;
}

/* A file that is imported and what is written down by hand may each have a column of
 * their own: a metric looks into all of them. */
static enum vg_code values_find(struct finding_path *finding)
{
    const struct vg_map *map = finding->map;
    const struct vg_log *log = finding->log;
    finding->value_of =
        arena_alloc(finding->scratch, map->metric_count + 1, sizeof *finding->value_of);
    if (!finding->value_of)
        return err_memory(finding->err);
    for (size_t m = 0; log && m < map->metric_count; m++) {
        const char *named = map->metrics[m].attribute;
        const struct log_attribute **columns = finding->value_of[m];
        columns[VALUE_NAMED] = column_named(finding->scratch, log, named);
        columns[VALUE_USUAL] =
            named[0] ? NULL : column_named(finding->scratch, log, "valore");
        columns[VALUE_WRITTEN] = column_named(finding->scratch, log, "value");
    }
    return VG_OK;
}

static enum vg_code find_all(struct finding_path *finding)
{
    const struct path_question *question = finding->question;
    struct entries entries = {0};
    size_t traces = finding->log ? finding->log->traces : 0;
    bool *enrolled = arena_array(finding->scratch, bool, traces + 1);
    finding->path->measured =
        arena_array(finding->arena, bool, finding->map->metric_count);
    if (!enrolled || !finding->path->measured)
        return err_memory(finding->err);
    enum vg_code code = values_find(finding);
    if (code == VG_OK && finding->log)
        code = marks_make(finding->scratch, finding->log, finding->map, &finding->marks,
                          finding->err);
    if (code == VG_OK)
        code = add_enrolled(finding, &entries, enrolled);
    if (code == VG_OK && (question->found_too || !question->enrolment_count))
        code = add_found(finding, &entries, enrolled);
    if (code == VG_OK)
        code = clients_fill(finding, &entries);
    if (code == VG_OK)
        code = path_states_fill(finding);
    return code == VG_OK ? path_cohorts_fill(finding) : code;
}

enum vg_code path_find(struct arena *arena, const struct path_question *question,
                       struct path *ret, struct vg_err *err)
{
    struct path path = {.map = question->map, .today_us = question->today_us};
    struct finding_path finding = {.arena = arena,
                                   .question = question,
                                   .log = question->log,
                                   .map = question->map,
                                   .path = &path,
                                   .err = err};
    if (finding.log && finding.log->traces == 0)
        finding.log = NULL;
    finding.scratch = arena_open(0);
    enum vg_code code = finding.scratch ? find_all(&finding) : err_memory(err);
    arena_close(finding.scratch);
    if (code == VG_OK)
        *ret = path;
    return code;
}

size_t path_client_find(const struct path *path, const char *customer)
{
    struct arena *scratch = arena_open(0);
    size_t found = SIZE_MAX;
    str wanted = scratch ? utf8_fold(scratch, str_from(customer)) : (str){NULL, 0};
    for (size_t i = 0; wanted.ptr && i < path->client_count; i++) {
        if (strcmp(path->clients[i].customer, customer) == 0) {
            found = i;
            break;
        }
        str name = utf8_fold(scratch, str_from(path->clients[i].customer));
        if (found == SIZE_MAX && name.ptr && str_equal(name, wanted))
            found = i;
    }
    arena_close(scratch);
    return found;
}
