/* viaggio enrol, progress: customers led along a success path, and what they did on it.
 */
#include "app/json.h"
#include "app/paths.h"
#include "base/date.h"
#include "cli/run.h"
#include "store/maps.h"
#include "store/rules.h"
#include "text/encoding.h"
#include "text/whole.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_BYTES = 16 * 1024 * 1024 };

/* The data file, and the map of it that is named first. */
static enum vg_code open_path(struct run *run, struct store **ret,
                              struct vg_map **ret_map, struct vg_err *err)
{
    const char *id = NULL;
    const char *user = getenv("USER");
    if (!run->request.workspace) {
        err_set(err, VG_ERR_USAGE, NULL, "%s", _("say which data file"));
        return err_hint(err, "%s", _("-w FILE.viaggio; viaggio init makes one"));
    }
    enum vg_code code = store_open(run->request.workspace, ret, err);
    if (code == VG_OK && user && user[0])
        code = store_set_who(*ret, user, err);
    if (code == VG_OK)
        code = maps_find(*ret, run->arena, run->request.arguments.items[0], &id, err);
    return code == VG_OK ? maps_read(*ret, id, -1, ret_map, NULL, err) : code;
}

/* ---- enrol ---- */

static enum vg_code enrol_names(struct run *run, struct store *store,
                                const struct vg_map *map, struct enrolled *ret,
                                struct vg_err *err)
{
    const struct texts *names = &run->request.arguments;
    struct enrolment_new *list =
        arena_array(run->arena, struct enrolment_new, names->count);
    int64_t at_us = 0;
    if (!list)
        return err_memory(err);
    enum vg_code code = enrol_day(run->request.at, "--at", &at_us, err);
    for (size_t i = 1; i < names->count; i++)
        list[i - 1] = (struct enrolment_new){.map = map->id,
                                             .customer = names->items[i],
                                             .at_us = at_us,
                                             .another = run->request.another};
    ret->found = names->count - 1;
    return code == VG_OK
               ? enrolment_add_many(store, list, ret->found, false, &ret->added, err)
               : code;
}

static enum vg_code enrol_file(struct run *run, struct store *store,
                               const struct vg_map *map, struct enrolled *ret,
                               struct vg_err *err)
{
    struct buf bytes = {0}, text = {0};
    uint64_t repaired = 0;
    const char *path = run->request.file;
    enum vg_code code = whole_read(path, TABLE_BYTES, &bytes, err);
    str all = buf_str(&bytes);
    enum encoding encoding = encoding_guess(all);
    size_t mark = code == VG_OK ? encoding_mark(encoding, all) : 0;
    if (code == VG_OK)
        code = encoding_decode(encoding, (str){all.ptr + mark, all.len - mark}, path,
                               &text, &repaired, err);
    const struct enrol_rows from = {buf_str(&text), path, run->request.another};
    if (code == VG_OK)
        code = enrol_table(store, run->arena, map, &from, ret, err);
    buf_free(&bytes);
    buf_free(&text);
    return code;
}

static enum vg_code enrol_rule(struct run *run, struct store *store,
                               const struct vg_map *map, struct enrolled *ret,
                               struct vg_err *err)
{
    struct pair *pairs = NULL;
    size_t count = 0;
    const char *id = NULL;
    run->request.arguments.count = 0; /* the evidence is that of the data file */
    enum vg_code code = run_evidence(run, err);
    if (code == VG_OK)
        code = enrol_log(store, run->arena, map, run->evidence.log, false, ret, err);
    if (code != VG_OK || run->request.once)
        return code;
    code = request_filter_pairs(run->arena, &run->request, &pairs, &count, err);
    if (code == VG_OK)
        code = rules_keep(store, run->arena, map->id, pairs, count, &id, err);
    if (code == VG_OK && !run->request.json)
        run_remark(run, _("the rule is kept, and asked again at each import: %s"), id);
    return code;
}

static enum vg_code print_rules(struct run *run, struct store *store,
                                const struct vg_map *map, struct vg_err *err)
{
    static const struct column columns[] = {
        {"id", NC_("table", "rule"), CELL_TEXT, TONE_QUIET},
        {"rule", NC_("table", "finds"), CELL_TEXT, TONE_STRONG},
        {"created", NC_("table", "when"), CELL_TIME, TONE_PLAIN},
        {"who", NC_("table", "written by"), CELL_TEXT, TONE_QUIET},
    };
    struct enrol_rule *rules = NULL;
    struct table table;
    size_t count = 0;
    enum vg_code code = enrol_rule_list(store, run->arena, map->id, &rules, &count, err);
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        const char *query = rules_query(run->arena, rules[i].rule);
        table_text(&table, rules[i].id);
        table_text(&table, query ? query : "");
        table_number(&table, (double)rules[i].created_us);
        table_text(&table, rules[i].created_by);
    }
    return code == VG_OK ? run_table(run, "rules", &table, err) : code;
}

static enum vg_code enrol(struct run *run, struct store *store, const struct vg_map *map,
                          struct enrolled *ret, struct vg_err *err)
{
    const struct request *request = &run->request;
    bool names = request->arguments.count > 1, rule = request_asks_a_part(request);
    if (names + rule + (request->file != NULL) != 1) {
        err_set(err, VG_ERR_USAGE, NULL, "%s",
                _("say who: customers, --file with a table of them, or a rule over the "
                  "evidence"));
        return err_hint(err, "%s", _("a rule is options such as --containing ACTIVITY")),
               VG_ERR_USAGE;
    }
    if (names)
        return enrol_names(run, store, map, ret, err);
    return rule ? enrol_rule(run, store, map, ret, err)
                : enrol_file(run, store, map, ret, err);
}

enum vg_code verb_enrol(struct run *run, struct vg_err *err)
{
    struct store *store = NULL;
    struct vg_map *map = NULL;
    struct enrolled done = {0};
    const char *forget = run->request.forget;
    bool rules = run->request.rules || forget;
    enum vg_code code = open_path(run, &store, &map, err);
    if (code == VG_OK && forget)
        code = enrol_rule_delete(store, map->id, forget, err);
    if (code == VG_OK)
        code = rules ? print_rules(run, store, map, err)
                     : enrol(run, store, map, &done, err);
    if (code == VG_OK && !rules && run->request.json)
        code =
            run_json(run,
                     json_pack("{s:o, s:o, s:o}", "map", json_text(map->id), "found",
                               json_count(done.found), "added", json_count(done.added)),
                     err);
    else if (code == VG_OK && !rules)
        run_remark(run,
                   _n("%s customer found, %s new on the path: %s",
                      "%s customers found, %s new on the path: %s", done.found),
                   text_count(run->arena, done.found), text_count(run->arena, done.added),
                   map->title);
    map_close(map);
    store_close(store);
    return code;
}

/* ---- progress ---- */

struct asked {
    enum progress_kind kind;
    const char *value;
};

/* The one thing that was said; false: none, or several. */
static bool what_is_said(const struct request *r, struct asked *ret)
{
    const struct asked all[] = {{PROGRESS_DONE, r->done},
                                {PROGRESS_READING, r->reading},
                                {PROGRESS_MILESTONE, r->milestone},
                                {PROGRESS_PROOF, r->proof},
                                {PROGRESS_FEELING, r->feeling},
                                {PROGRESS_MESSAGE, r->message},
                                {PROGRESS_NOTE, r->note}};
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (all[i].value) {
            *ret = all[i];
            count++;
        }
    return count == 1;
}

/* "METRIC=3,5" */
static enum vg_code read_reading(struct run *run, const char *text,
                                 struct progress_wish *ret, struct vg_err *err)
{
    const char *equals = strrchr(text, '=');
    str number = equals ? str_from(equals + 1) : STR("");
    if (!equals || equals == text ||
        !str_to_double(number, memchr(number.ptr, ',', number.len) != NULL,
                       &ret->value)) {
        err_set(err, VG_ERR_USAGE, "--reading", _("this cannot be \"%s\""), text);
        return err_hint(err, "%s", _("write METRIC=NUMBER")), VG_ERR_USAGE;
    }
    ret->item = arena_text(run->arena, (str){text, (size_t)(equals - text)});
    return ret->item ? VG_OK : err_memory(err);
}

static enum vg_code read_wish(struct run *run, const struct asked *asked,
                              struct progress_wish *ret, struct vg_err *err)
{
    *ret = (struct progress_wish){.kind = asked->kind,
                                  .item = asked->value,
                                  .text = run->request.because,
                                  .on = run->request.on,
                                  .value = NAN};
    if (asked->kind == PROGRESS_READING)
        return read_reading(run, asked->value, ret, err);
    if (asked->kind == PROGRESS_MESSAGE || asked->kind == PROGRESS_NOTE) {
        ret->text = asked->value;
        ret->item = NULL;
    }
    if (asked->kind != PROGRESS_FEELING)
        return VG_OK;
    ret->item = NULL;
    return str_to_double(str_from(asked->value), strchr(asked->value, ',') != NULL,
                         &ret->value)
               ? VG_OK
               : err_set(err, VG_ERR_USAGE, "--feeling", _("this cannot be \"%s\""),
                         asked->value);
}

static enum vg_code print_progress(struct run *run, struct store *store,
                                   const struct enrolment_row *enrolment,
                                   struct vg_err *err)
{
    static const struct column columns[] = {
        {"id", NC_("table", "number"), CELL_COUNT, TONE_QUIET},
        {"at", NC_("table", "when"), CELL_TIME, TONE_PLAIN},
        {"kind", NULL, CELL_TEXT, TONE_PLAIN},
        {"activity", NC_("table", "what"), CELL_TEXT, TONE_STRONG},
        {"value", NC_("table", "value"), CELL_NUMBER, TONE_PLAIN},
        {"text", NC_("table", "words"), CELL_TEXT, TONE_PLAIN},
        {"who", NC_("table", "written by"), CELL_TEXT, TONE_QUIET},
    };
    struct progress_row *rows = NULL;
    struct table table;
    size_t count = 0;
    enum vg_code code =
        progress_list(store, run->arena, enrolment->id, &rows, &count, err);
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        table_number(&table, (double)rows[i].id);
        table_number(&table, (double)rows[i].at_us);
        table_text(&table, progress_kind_name(rows[i].kind));
        table_text(&table, rows[i].activity);
        table_number(&table, rows[i].value);
        table_text(&table, rows[i].text);
        table_text(&table, rows[i].by_client ? _("the customer") : rows[i].who);
    }
    return code == VG_OK ? run_table(run, "progress", &table, err) : code;
}

static enum vg_code leave(struct run *run, struct store *store,
                          const struct enrolment_row *enrolment, struct vg_err *err)
{
    int64_t left_us = 0;
    struct enrolment_change change = {.left_us = &left_us,
                                      .left_because = run->request.because};
    enum vg_code code = enrol_day(run->request.on, "--on", &left_us, err);
    return code == VG_OK ? enrolment_change(store, enrolment->id, &change, -1, NULL, err)
                         : code;
}

static enum vg_code undo(struct run *run, struct store *store,
                         const struct enrolment_row *enrolment, struct vg_err *err)
{
    int64_t id = 0;
    if (!str_to_i64(str_from(run->request.undo), &id))
        return err_set(err, VG_ERR_USAGE, "--undo", _("this cannot be \"%s\""),
                       run->request.undo);
    return progress_delete(store, enrolment->id, id, err);
}

static enum vg_code work(struct run *run, struct store *store, const struct vg_map *map,
                         struct vg_err *err)
{
    struct enrolment_row enrolment;
    struct asked asked = {PROGRESS_KINDS, NULL};
    struct progress_wish wish;
    int64_t id = 0;
    bool one = what_is_said(&run->request, &asked), none = asked.kind == PROGRESS_KINDS;
    enum vg_code code = enrolment_find(store, run->arena, map->id,
                                       run->request.arguments.items[1], &enrolment, err);
    if (code == VG_OK && !one && !none)
        code =
            err_set(err, VG_ERR_USAGE, NULL, "%s", _("write down one thing at a time"));
    if (code == VG_OK && run->request.undo)
        code = undo(run, store, &enrolment, err);
    if (code == VG_OK && run->request.leaves)
        code = leave(run, store, &enrolment, err);
    if (code == VG_OK && one)
        code = read_wish(run, &asked, &wish, err);
    if (code == VG_OK && one)
        code =
            paths_progress(store, run->arena, map, enrolment.id, &wish, &id, NULL, err);
    return code == VG_OK ? print_progress(run, store, &enrolment, err) : code;
}

enum vg_code verb_progress(struct run *run, struct vg_err *err)
{
    struct store *store = NULL;
    struct vg_map *map = NULL;
    enum vg_code code = open_path(run, &store, &map, err);
    if (code == VG_OK)
        code = work(run, store, map, err);
    map_close(map);
    store_close(store);
    return code;
}
