/* What calls for somebody on success paths, what playbooks gave to do, calls out. */
#include "app/json.h"
#include "base/date.h"
#include "serve/api_paths.h"
#include "serve/inside.h"
#include "serve/live.h"

#include <math.h>

enum { DELIVERIES_SHOWN = 100 };

/* ---- alerts ---- */

static const char *phase_title(const struct vg_map *map, const char *phase)
{
    for (size_t i = 0; i < map->phase_count; i++)
        if (strcmp(map->phases[i].id, phase) == 0)
            return map->phases[i].title;
    return "";
}

/* Why, in a sentence: the state's own reason; of a feeling, what was said. */
static json_t *reason_of(struct arena *arena, const struct path *path,
                         const struct alert_row *row)
{
    size_t at = path_enrolment_find(path, row->enrolment);
    const struct path_client *client = at == SIZE_MAX ? NULL : &path->clients[at];
    if (!client)
        return json_string("");
    if (strcmp(row->kind, "low") != 0)
        return json_text(client->reason);
    const char *said =
        client->feeling_count ? client->feelings[client->feeling_count - 1].text : "";
    struct buf text = {0};
    bool whole = client->feeling == nearbyint(client->feeling);
    const char *feeling = text_number(arena, client->feeling, whole ? 0 : 1);
    buf_printf(&text, _("The last feeling was %s, of −2 to +2"), feeling ? feeling : "");
    if (said[0])
        buf_printf(&text, ": %s", said);
    json_t *json = text.failed ? NULL : json_text(text.ptr);
    buf_free(&text);
    return json;
}

static json_t *alert_json(struct arena *arena, const struct path *path,
                          const struct alert_row *row)
{
    return json_pack(
        "{s:I, s:s, s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
        (json_int_t)row->id, "map", row->map, "map_title", json_text(path->map->title),
        "enrolment", row->enrolment, "customer", json_text(row->customer), "kind",
        row->kind, "phase", json_text(row->place), "phase_title",
        json_text(phase_title(path->map, row->place)), "since", json_time(row->since_us),
        "at", json_time(row->at_us), "snoozed_until",
        row->snoozed_us > date_today_us() ? json_time(row->snoozed_us) : json_null(),
        "reason", reason_of(arena, path, row));
}

enum vg_code list_alerts(struct call *call, const struct path *path,
                         const char *enrolment, json_t **ret, struct vg_err *err)
{
    struct alert_row *rows = NULL;
    size_t count = 0;
    json_t *list = json_array();
    enum vg_code code = list ? alert_list(call->store, call->arena, path->map->id,
                                          date_today_us(), true, &rows, &count, err)
                             : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (strcmp(rows[i].enrolment, enrolment) == 0 &&
            json_array_append_new(list, alert_json(call->arena, path, &rows[i])) != 0)
            code = err_memory(err);
    *ret = list;
    return code;
}

/* Rows of one map come to their reasons together. */
static enum vg_code add_alert(struct call *call, const struct alert_row *row,
                              struct held **held, json_t *list, struct vg_err *err)
{
    enum vg_code code = VG_OK;
    if (*held && strcmp(held_path(*held)->map->id, row->map) != 0) {
        held_release(*held);
        *held = NULL;
    }
    if (!*held)
        code =
            cache_path(call_cache(call), call->store, row->map, PATH_ENROLLED, held, err);
    if (code == VG_OK &&
        json_array_append_new(list, alert_json(call->arena, held_path(*held), row)) != 0)
        code = err_memory(err);
    return code;
}

enum vg_code api_alerts(struct call *call, struct vg_err *err)
{
    struct alert_row *rows = NULL;
    size_t count = 0;
    struct held *held = NULL;
    json_t *list = json_array();
    enum vg_code code =
        list ? alert_list(call->store, call->arena, call_text(call, "map"),
                          date_today_us(), call_flag(call, "snoozed"), &rows, &count, err)
             : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        code = add_alert(call, &rows[i], &held, list, err);
    held_release(held);
    if (code == VG_OK)
        return call_items(call, list, NULL, err);
    json_decref(list);
    return code;
}

static bool read_number(struct call *call, int64_t *ret)
{
    return str_to_i64(str_from(call_param(call, "id")), ret);
}

enum vg_code api_alert_snooze(struct call *call, struct vg_err *err)
{
    int64_t id = 0, days = json_integer_value(call_body(call, "days"));
    if (!read_number(call, &id))
        return err_set(err, VG_ERR_NOT_FOUND, NULL, "%s", _("there is no such alert"));
    enum vg_code code = alert_snooze(call->store, id,
                                     days ? date_today_us() + days * US_PER_DAY : 0, err);
    if (code != VG_OK)
        return code;
    live_publish(call->serve, NULL, "alert", 0, json_pack("{s:I}", "id", (json_int_t)id));
    return call_nothing(call);
}

/* ---- tasks ---- */

static const char *title_of(struct call *call, const char *map)
{
    struct stored_map stored;
    struct vg_err ignored = {0};
    return maps_get(call->store, call->arena, map, &stored, &ignored) == VG_OK
               ? stored.title
               : "";
}

static json_t *task_json(struct call *call, const struct task_row *row)
{
    return json_pack(
        "{s:I, s:s, s:o, s:s, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o}",
        "id", (json_int_t)row->id, "map", row->map, "map_title",
        json_text(title_of(call, row->map)), "enrolment", row->enrolment, "customer",
        json_text(row->customer), "alert",
        row->alert ? json_integer(row->alert) : json_null(), "playbook", row->playbook,
        "kind", row->kind, "title", json_text(row->title), "text", json_text(row->text),
        "owner", json_text(row->owner), "state", row->state, "created",
        json_time(row->created_us), "closed",
        row->closed_us ? json_time(row->closed_us) : json_null(), "closed_by",
        row->closed_us ? json_text(api_name(call, row->closed_by)) : json_null());
}

enum vg_code list_tasks(struct call *call, const char *state, const char *enrolment,
                        json_t **ret, struct vg_err *err)
{
    struct task_row *rows = NULL;
    size_t count = 0;
    json_t *list = json_array();
    enum vg_code code =
        list ? task_list(call->store, call->arena, state, enrolment, &rows, &count, err)
             : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (json_array_append_new(list, task_json(call, &rows[i])) != 0)
            code = err_memory(err);
    *ret = list;
    return code;
}

enum vg_code api_tasks(struct call *call, struct vg_err *err)
{
    json_t *list = NULL;
    enum vg_code code = list_tasks(call, call_text(call, "state"),
                                   call_text(call, "enrolment"), &list, err);
    if (code == VG_OK)
        return call_items(call, list, NULL, err);
    json_decref(list);
    return code;
}

enum vg_code api_task_change(struct call *call, struct vg_err *err)
{
    int64_t id = 0;
    struct task_row row;
    if (!read_number(call, &id))
        return err_set(err, VG_ERR_NOT_FOUND, NULL, "%s", _("there is no such task"));
    enum vg_code code = task_change(call->store, id, call_body_text(call, "state"),
                                    call_body_text(call, "owner"), err);
    if (code == VG_OK)
        code = task_get(call->store, call->arena, id, &row, err);
    if (code != VG_OK)
        return code;
    live_publish(call->serve, NULL, "task", 0,
                 json_pack("{s:s, s:s}", "map", row.map, "enrolment", row.enrolment));
    return call_json(call, task_json(call, &row), err);
}

/* ---- calls to other programs ---- */

static json_t *delivery_json(const struct delivery_row *row)
{
    bool waits = strcmp(row->state, "waiting") == 0;
    return json_pack(
        "{s:I, s:o, s:s, s:s, s:o, s:s, s:I, s:o, s:o}", "id", (json_int_t)row->id, "at",
        json_time(row->created_us), "enrolment", row->enrolment, "playbook",
        row->playbook, "url", json_text(row->url), "state", row->state, "tries",
        (json_int_t)row->tries, "next", waits ? json_time(row->next_us) : json_null(),
        "answer", json_text(row->answer));
}

enum vg_code api_webhooks(struct call *call, struct vg_err *err)
{
    struct delivery_row *rows = NULL;
    size_t count = 0;
    const char *secret = NULL;
    json_t *list = json_array();
    enum vg_code code = list ? delivery_list(call->store, call->arena, DELIVERIES_SHOWN,
                                             &rows, &count, err)
                             : err_memory(err);
    if (code == VG_OK)
        code = webhook_secret_get(call->store, call->arena, &secret, err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (json_array_append_new(list, delivery_json(&rows[i])) != 0)
            code = err_memory(err);
    if (code != VG_OK) {
        json_decref(list);
        return code;
    }
    return call_json(call,
                     json_pack("{s:b, s:b, s:o}", "allowed",
                               call->serve->options->allow_webhooks, "has_secret",
                               secret[0] != 0, "deliveries", list),
                     err);
}

enum vg_code api_webhook_secret(struct call *call, struct vg_err *err)
{
    const char *secret = NULL;
    enum vg_code code = webhook_secret(call->store, call->arena, true, &secret, err);
    return code == VG_OK ? call_json(call, json_pack("{s:s}", "secret", secret), err)
                         : code;
}
