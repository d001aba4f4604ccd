/* Success paths: boards, who is on them, one client. */
#include "serve/api_paths.h"
#include "app/json.h"
#include "app/path_sheet.h"
#include "app/paths.h"
#include "base/date.h"
#include "serve/live.h"
#include "serve/lookout.h"
#include "store/rules.h"

#include <math.h>

void paths_changed(struct call *call, const char *map, const char *enrolment,
                   bool evidence)
{
    live_publish(call->serve, NULL, "path", 0,
                 json_pack("{s:s, s:s?}", "map", map, "enrolment", enrolment));
    if (evidence)
        live_publish(call->serve, NULL, "evidence", 0, NULL);
    lookout_poke(call->serve);
}

/* ---- boards ---- */

enum vg_code api_paths(struct call *call, struct vg_err *err)
{
    json_t *list = NULL;
    enum vg_code code =
        paths_cards(call_cache(call), call->store, call->arena, &list, err);
    return code == VG_OK ? call_items(call, list, NULL, err) : code;
}

static enum vg_code take_path(struct call *call, enum path_whom whom, struct held **ret,
                              struct vg_err *err)
{
    return cache_path(call_cache(call), call->store, call_param(call, "id"), whom, ret,
                      err);
}

static enum path_whom whom_asked(struct call *call)
{
    return call_flag(call, "everybody") ? PATH_FOUND_OF_ALL
           : call_flag(call, "found")   ? PATH_FOUND_TOO
                                        : PATH_ENROLLED;
}

enum vg_code api_path(struct call *call, struct vg_err *err)
{
    struct held *held = NULL;
    enum vg_code code = take_path(call, whom_asked(call), &held, err);
    if (code != VG_OK)
        return code;
    const struct path *path = held_path(held);
    const struct map_persona *own = path->map->persona_count ? path->map->personas : NULL;
    json_t *json = json_pack(
        "{s:o, s:o, s:I, s:o, s:o}", "map", json_text(path->map->id), "title",
        json_text(path->map->title), "head", (json_int_t)held_head(held), "own_customers",
        own && own->filter[0] ? json_text(own->name[0] ? own->name : own->id)
                              : json_null(),
        "path", path_to_json(path));
    held_release(held);
    return call_json(call, json, err);
}

enum vg_code api_path_client(struct call *call, struct vg_err *err)
{
    struct held *held = NULL;
    const char *customer = call_text(call, "customer");
    enum vg_code code = take_path(call, PATH_FOUND_OF_ALL, &held, err);
    if (code != VG_OK)
        return code;
    const struct path *path = held_path(held);
    size_t at = path_client_find(path, customer);
    const char *enrolment = at == SIZE_MAX ? "" : path->clients[at].enrolment;
    json_t *json =
        at == SIZE_MAX
            ? NULL
            : json_pack("{s:o, s:o, s:I, s:o, s:o}", "map", json_text(path->map->id),
                        "title", json_text(path->map->title), "head",
                        (json_int_t)held_head(held), "enrolment",
                        enrolment[0] ? json_text(enrolment) : json_null(), "client",
                        path_client_to_json(path, at));
    held_release(held);
    return at == SIZE_MAX ? err_set(err, VG_ERR_NOT_FOUND, NULL,
                                    _("\"%s\" is not on this path"), customer)
                          : call_json(call, json, err);
}

enum vg_code api_path_csv(struct call *call, struct vg_err *err)
{
    struct held *held = NULL;
    struct buf out = {0};
    enum vg_code code = take_path(call, whom_asked(call), &held, err);
    if (code == VG_OK)
        code = paths_csv(held_path(held), &out, err);
    held_release(held);
    call_download(call, _("path.csv"));
    if (code == VG_OK)
        code = call_buf(call, "text/csv; charset=utf-8", &out, err);
    buf_free(&out);
    return code;
}

/* ---- enrolling ---- */

static enum vg_code enrol_one(struct call *call, const struct vg_map *map,
                              struct enrolled *ret, const char **ret_id,
                              struct vg_err *err)
{
    char id[STORE_ID_BYTES];
    struct enrolment_new new = {.map = map->id,
                                .customer = call_body_text(call, "customer"),
                                .another = json_is_true(call_body(call, "another"))};
    enum vg_code code = enrol_day(call_body_text(call, "at"), "at", &new.at_us, err);
    if (code == VG_OK)
        code = enrol_body(call->arena, map, call_body_text(call, "start"),
                          call_body(call, "metrics"), &new.body, err);
    if (code == VG_OK)
        code = enrolment_add(call->store, &new, id, err);
    if (code == VG_OK && !(*ret_id = arena_text(call->arena, str_from(id))))
        code = err_memory(err);
    *ret = (struct enrolled){1, 1};
    return code;
}

static enum vg_code enrol_by_rule(struct call *call, const struct vg_map *map,
                                  const char *rule, struct enrolled *ret,
                                  const char **ret_rule, struct vg_err *err)
{
    struct pair *pairs = NULL;
    size_t count = 0;
    struct question question;
    struct held *held = NULL;
    bool look = json_is_true(call_body(call, "look"));
    enum vg_code code = question_filter(call->arena, rule, &pairs, &count, err);
    if (code == VG_OK && !count)
        code = err_set(err, VG_ERR_INPUT, "rule", "%s",
                       _("a rule says who: without it everybody would be on the path"));
    if (code == VG_OK)
        code = question_read(call->store, call->arena, pairs, count, &question, err);
    if (code == VG_OK && question.journey) /* orders and tickets are nobody */
        code = err_set(err, VG_ERR_USAGE, "rule", "%s",
                       _("customers are enrolled, not orders or tickets"));
    if (code == VG_OK)
        code =
            cache_evidence(call_cache(call), call->store, &question, false, &held, err);
    if (code == VG_OK)
        code = enrol_log(call->store, call->arena, map, held_evidence(held)->log, look,
                         ret, err);
    held_release(held);
    if (code == VG_OK && !look && !json_is_true(call_body(call, "once")))
        code = rules_keep(call->store, call->arena, map->id, pairs, count, ret_rule, err);
    return code;
}

static enum vg_code enrol(struct call *call, const struct vg_map *map,
                          struct enrolled *ret, const char **ret_id,
                          const char **ret_rule, struct vg_err *err)
{
    const char *customer = call_body_text(call, "customer"),
               *text = call_body_text(call, "text"), *rule = call_body_text(call, "rule"),
               *name = call_body_text(call, "name");
    if ((customer != NULL) + (text != NULL) + (rule != NULL) != 1)
        return err_set(err, VG_ERR_USAGE, "customer", "%s",
                       _("say who: a customer, a table (text), or a rule"));
    if (customer)
        return enrol_one(call, map, ret, ret_id, err);
    if (rule)
        return enrol_by_rule(call, map, rule, ret, ret_rule, err);
    const struct enrol_rows from = {str_from(text), name ? name : _("the table"),
                                    json_is_true(call_body(call, "another"))};
    return enrol_table(call->store, call->arena, map, &from, ret, err);
}

enum vg_code api_enrol(struct call *call, struct vg_err *err)
{
    struct vg_map *map = NULL;
    struct enrolled done = {0};
    const char *id = NULL, *rule = NULL;
    enum vg_code code =
        maps_read(call->store, call_param(call, "id"), -1, &map, NULL, err);
    if (code == VG_OK)
        code = enrol(call, map, &done, &id, &rule, err);
    if (code == VG_OK && done.added)
        paths_changed(call, map->id, id, false);
    map_close(map);
    if (code != VG_OK)
        return code;
    return call_json(call,
                     json_pack("{s:o, s:o, s:o, s:o}", "found", json_count(done.found),
                               "added", json_count(done.added), "enrolment",
                               id ? json_text(id) : json_null(), "rule",
                               rule ? json_text(rule) : json_null()),
                     err);
}

/* ---- rules that go on enrolling ---- */

enum vg_code api_enrol_rules(struct call *call, struct vg_err *err)
{
    struct enrol_rule *rows = NULL;
    size_t count = 0;
    json_t *list = json_array();
    enum vg_code code = list ? enrol_rule_list(call->store, call->arena,
                                               call_param(call, "id"), &rows, &count, err)
                             : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        const char *query = rules_query(call->arena, rows[i].rule);
        if (json_array_append_new(
                list, json_pack("{s:s, s:o, s:o, s:o}", "id", rows[i].id, "rule",
                                json_text(query), "created",
                                json_time(rows[i].created_us), "created_by",
                                json_text(api_name(call, rows[i].created_by)))) != 0)
            code = err_memory(err);
    }
    if (code == VG_OK)
        return call_items(call, list, NULL, err);
    json_decref(list);
    return code;
}

enum vg_code api_enrol_rule_delete(struct call *call, struct vg_err *err)
{
    enum vg_code code = enrol_rule_delete(call->store, call_param(call, "id"),
                                          call_param(call, "rid"), err);
    if (code != VG_OK)
        return code;
    paths_changed(call, call_param(call, "id"), NULL, false);
    return call_nothing(call);
}

/* ---- one client ---- */

static enum vg_code list_progress(struct call *call, const char *enrolment, json_t **ret,
                                  struct vg_err *err)
{
    struct progress_row *rows = NULL;
    size_t count = 0;
    json_t *list = json_array();
    enum vg_code code =
        list ? progress_list(call->store, call->arena, enrolment, &rows, &count, err)
             : err_memory(err);
    for (size_t i = count; code == VG_OK && i-- > 0;) /* the latest first */
        if (json_array_append_new(
                list,
                progress_json(&rows[i],
                              rows[i].by_client ? "" : api_name(call, rows[i].who))) != 0)
            code = err_memory(err);
    *ret = list;
    return code;
}

static enum vg_code list_links(struct call *call, const char *enrolment, json_t **ret,
                               struct vg_err *err)
{
    struct client_link *rows = NULL;
    size_t count = 0;
    json_t *list = json_array();
    enum vg_code code =
        list ? client_link_list(call->store, call->arena, enrolment, &rows, &count, err)
             : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (json_array_append_new(list, client_link_json(call, &rows[i])) != 0)
            code = err_memory(err);
    *ret = list;
    return code;
}

size_t path_enrolment_find(const struct path *path, const char *enrolment)
{
    for (size_t i = 0; i < path->client_count; i++)
        if (strcmp(path->clients[i].enrolment, enrolment) == 0)
            return i;
    return SIZE_MAX;
}

/* What is about the enrolment itself. */
static json_t *enrolment_head(struct call *call, const struct enrolment_row *row,
                              struct vg_err *err)
{
    json_t *body = NULL;
    if (json_read(str_from(row->body), "enrolment", LIMIT_ENROLMENT_BYTES, &body, err) !=
        VG_OK)
        return NULL;
    json_t *start = json_object_get(body, "start"),
           *metrics = json_object_get(body, "metrics");
    json_t *json =
        json_pack("{s:s, s:I, s:s, s:o, s:o, s:O?, s:o, s:o, s:o, s:o}", "id", row->id,
                  "version", (json_int_t)row->version, "map", row->map, "customer",
                  json_text(row->name), "at", json_time(row->at_us), "start", start,
                  "metrics", metrics ? json_incref(metrics) : json_object(), "left",
                  row->left_us ? json_pack("{s:o, s:o}", "on", json_time(row->left_us),
                                           "because", json_text(row->left_because))
                               : json_null(),
                  "created", json_time(row->created_us), "created_by",
                  json_text(api_name(call, row->created_by)));
    if (json && !start)
        json_object_set_new(json, "start", json_string(""));
    json_decref(body);
    return json;
}

static enum vg_code add_lists(struct call *call, const struct path *path,
                              const char *enrolment, json_t *json, struct vg_err *err)
{
    json_t *progress = NULL, *links = NULL, *alerts = NULL, *tasks = NULL;
    enum vg_code code = list_progress(call, enrolment, &progress, err);
    if (code == VG_OK)
        code = list_links(call, enrolment, &links, err);
    if (code == VG_OK)
        code = list_alerts(call, path, enrolment, &alerts, err);
    if (code == VG_OK)
        code = list_tasks(call, NULL, enrolment, &tasks, err);
    json_object_set_new(json, "progress", progress);
    json_object_set_new(json, "links", links);
    json_object_set_new(json, "alerts", alerts);
    json_object_set_new(json, "tasks", tasks);
    return code;
}

enum vg_code api_enrolment(struct call *call, struct vg_err *err)
{
    struct enrolment_row row;
    struct held *held = NULL;
    enum vg_code code =
        enrolment_get(call->store, call->arena, call_param(call, "id"), &row, err);
    if (code == VG_OK)
        code =
            cache_path(call_cache(call), call->store, row.map, PATH_ENROLLED, &held, err);
    if (code != VG_OK)
        return code;
    const struct path *path = held_path(held);
    size_t at = path_enrolment_find(path, row.id);
    json_t *json = enrolment_head(call, &row, err);
    if (!json)
        code = err && err->code ? err->code : err_memory(err);
    else if (at == SIZE_MAX) /* gone between the two */
        code = err_set(err, VG_ERR_NOT_FOUND, NULL, "%s",
                       _("there is no such customer on a path (any more)"));
    if (code == VG_OK) {
        json_object_set_new(json, "title", json_text(path->map->title));
        json_object_set_new(json, "head", json_integer(held_head(held)));
        json_object_set_new(json, "client", path_client_to_json(path, at));
        code = add_lists(call, path, row.id, json, err);
    }
    held_release(held);
    if (code == VG_OK)
        return call_json(call, json, err);
    json_decref(json);
    return code;
}

/* The body as it will be: what was, with what the caller said. */
static enum vg_code new_body(struct call *call, const struct enrolment_row *row,
                             const char **ret, struct vg_err *err)
{
    json_t *start = call_body(call, "start"), *metrics = call_body(call, "metrics"),
           *body = NULL;
    struct vg_map *map = NULL;
    if (!start && !metrics)
        return VG_OK;
    enum vg_code code =
        json_read(str_from(row->body), "enrolment", LIMIT_ENROLMENT_BYTES, &body, err);
    if (code == VG_OK)
        code = maps_read(call->store, row->map, -1, &map, NULL, err);
    if (code == VG_OK)
        code =
            enrol_body(call->arena, map,
                       json_string_value(start ? start : json_object_get(body, "start")),
                       metrics ? metrics : json_object_get(body, "metrics"), ret, err);
    map_close(map);
    json_decref(body);
    return code;
}

static enum vg_code read_left(struct call *call, int64_t *left_us,
                              struct enrolment_change *ret, struct vg_err *err)
{
    json_t *left = call_body(call, "left");
    if (!left)
        return VG_OK;
    *left_us = 0;
    ret->left_us = left_us;
    ret->left_because = call_body_text(call, "because");
    return json_is_true(left) ? enrol_day(call_body_text(call, "on"), "on", left_us, err)
                              : VG_OK;
}

enum vg_code api_enrolment_change(struct call *call, struct vg_err *err)
{
    struct enrolment_row row;
    struct enrolment_change change = {0};
    int64_t at_us = 0, left_us = 0;
    const char *at = call_body_text(call, "at");
    enum vg_code code =
        enrolment_get(call->store, call->arena, call_param(call, "id"), &row, err);
    if (code == VG_OK && at) {
        code = enrol_day(at, "at", &at_us, err);
        change.at_us = &at_us;
    }
    if (code == VG_OK)
        code = new_body(call, &row, &change.body, err);
    if (code == VG_OK)
        code = read_left(call, &left_us, &change, err);
    if (code == VG_OK)
        code = enrolment_change(call->store, row.id, &change, -1, NULL, err);
    if (code != VG_OK)
        return code;
    paths_changed(call, row.map, row.id, false);
    return call_nothing(call);
}

enum vg_code api_enrolment_delete(struct call *call, struct vg_err *err)
{
    struct enrolment_row row;
    enum vg_code code =
        enrolment_get(call->store, call->arena, call_param(call, "id"), &row, err);
    if (code == VG_OK)
        code = call_flag(call, "undo") ? enrolment_undo(call->store, row.id, err)
                                       : enrolment_delete(call->store, row.id, err);
    if (code != VG_OK)
        return code;
    paths_changed(call, row.map, row.id, true);
    return call_nothing(call);
}

/* ---- to print ---- */

enum vg_code answer_sheet(struct call *call, const char *map, const char *enrolment,
                          struct vg_err *err)
{
    struct held *held = NULL;
    struct buf out = {0};
    enum vg_code code =
        cache_path(call_cache(call), call->store, map, PATH_ENROLLED, &held, err);
    if (code != VG_OK)
        return code;
    size_t at = path_enrolment_find(held_path(held), enrolment);
    code = at == SIZE_MAX ? err_set(err, VG_ERR_NOT_FOUND, NULL, "%s",
                                    _("there is no such customer on a path (any more)"))
                          : path_sheet(held_path(held), at, PICTURE_PDF, &out, err);
    held_release(held);
    call_download(call, _("path.pdf"));
    if (code == VG_OK)
        code = call_buf(call, "application/pdf", &out, err);
    buf_free(&out);
    return code;
}

enum vg_code api_enrolment_sheet(struct call *call, struct vg_err *err)
{
    struct enrolment_row row;
    enum vg_code code =
        enrolment_get(call->store, call->arena, call_param(call, "id"), &row, err);
    return code == VG_OK ? answer_sheet(call, row.map, row.id, err) : code;
}
