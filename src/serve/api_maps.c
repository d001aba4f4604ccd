/* Maps: the cards, making one, its document, its operations, its checks. */
#include "app/actions.h"
#include "app/cards.h"
#include "app/json.h"
#include "app/making.h"
#include "base/date.h"
#include "base/limits.h"
#include "serve/handlers.h"
#include "serve/live.h"
#include "serve/lookout.h"

/* ---- the list ---- */

static enum vg_code bin(struct call *call, struct vg_err *err)
{
    struct stored_map *list = NULL;
    size_t count = 0;
    json_t *items = json_array();
    enum vg_code code = items ? maps_deleted(call->store, call->arena, &list, &count, err)
                              : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (json_array_append_new(
                items, json_pack("{s:o, s:o, s:I, s:o, s:b}", "id", json_text(list[i].id),
                                 "title", json_text(list[i].title), "head",
                                 (json_int_t)list[i].head, "updated",
                                 json_time(list[i].updated_us), "deleted", 1)) != 0)
            code = err_memory(err);
    if (code == VG_OK)
        return call_items(call, items, NULL, err);
    json_decref(items);
    return code;
}

enum vg_code api_maps(struct call *call, struct vg_err *err)
{
    json_t *items = NULL;
    if (call_flag(call, "deleted"))
        return bin(call, err);
    enum vg_code code =
        cards_list(call_cache(call), call->store, call->arena, &items, err);
    return code == VG_OK ? call_items(call, items, NULL, err) : code;
}

static void tell_maps(struct call *call, const char *id)
{
    live_publish(call->serve, NULL, "maps", 0, json_pack("{s:s}", "map", id));
    lookout_poke(call->serve);
}

/* ---- one that is new ---- */

static enum vg_code read_draft(struct call *call, struct question *ret,
                               struct vg_err *err)
{
    const json_t *draft = call_body(call, "draft");
    const char *filter = json_string_value(json_object_get(draft, "filter"));
    struct pair *pairs = NULL;
    size_t count = 0;
    enum vg_code code = VG_OK;
    if (filter)
        code = question_filter(call->arena, filter, &pairs, &count, err);
    return code == VG_OK ? question_read(call->store, call->arena, pairs, count, ret, err)
                         : code;
}

enum vg_code api_map_add(struct call *call, struct vg_err *err)
{
    struct question question;
    struct making making = {.template = call_body_text(call, "template"),
                            .copy_of = call_body_text(call, "copy_of"),
                            .document = call_body(call, "document"),
                            .text = call_body_text(call, "text"),
                            .name = call_body_text(call, "name"),
                            .title = call_body_text(call, "title")};
    enum lang lang;
    const char *id = NULL, *wanted = call_body_text(call, "lang");
    int64_t head = 0;
    json_t *notes = NULL;
    enum vg_code code = VG_OK;
    if (call_body(call, "text") && !making.text)
        code = err_set(err, VG_ERR_INPUT, "text", "%s", _("this is no text"));
    if (making.text && strlen(making.text) > LIMIT_MAP_BYTES)
        code = err_set(err, VG_ERR_LIMIT, "text", "%s", _("the file is too large"));
    if (wanted && lang_from_text(wanted, &lang))
        lang_set(lang); /* a template, a draft */
    if (code == VG_OK && json_is_object(call_body(call, "draft"))) {
        code = read_draft(call, &question, err);
        making.draft = &question;
    }
    if (code == VG_OK)
        code = making_keep(call_cache(call), call->store, call->arena, &making, &id,
                           &head, &notes, err);
    lang_set(call->lang);
    if (code != VG_OK)
        return code;
    tell_maps(call, id);
    return call_json(
        call,
        json_pack("{s:s, s:I, s:o}", "id", id, "head", (json_int_t)head, "notes", notes),
        err);
}

/* ---- one of them ---- */

enum vg_code api_map_get(struct call *call, struct vg_err *err)
{
    struct vg_map *map = NULL;
    const char *id = call_param(call, "id"), *version = call_text(call, "version");
    int64_t wanted = version ? (int64_t)call_count(call, "version", 0) : -1, seq = 0;
    enum vg_code code = maps_read(call->store, id, wanted, &map, &seq, err);
    if (code != VG_OK)
        return code;
    call_etag(call, "%lld", (long long)seq);
    if (!call_has_it(call))
        code = call_json(call,
                         json_pack("{s:s, s:I, s:O}", "id", id, "head", (json_int_t)seq,
                                   "map", map->json),
                         err);
    map_close(map);
    return code;
}

enum vg_code api_map_delete(struct call *call, struct vg_err *err)
{
    const char *id = call_param(call, "id");
    enum vg_code code = maps_delete(call->store, id, err);
    if (code != VG_OK)
        return code;
    tell_maps(call, id);
    return call_nothing(call);
}

enum vg_code api_map_undelete(struct call *call, struct vg_err *err)
{
    const char *id = call_param(call, "id");
    enum vg_code code = maps_undelete(call->store, id, err);
    if (code != VG_OK)
        return code;
    tell_maps(call, id);
    return call_nothing(call);
}

/* ---- operations ---- */

static json_t *change_json(struct call *call, const struct stored_change *change)
{
    json_t *op = NULL;
    if (json_read(str_from(change->body), "operation", LIMIT_MAP_BYTES * 2, &op, NULL) !=
        VG_OK)
        op = json_object();
    return json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:o, s:b}", "seq", (json_int_t)change->seq, "at",
        json_time(change->at_us), "who", json_text(change->who), "name",
        json_text(api_name(call, change->who)), "client",
        json_text(change->client ? change->client : ""), "op", op, "late", change->late);
}

enum vg_code api_map_operations(struct call *call, struct vg_err *err)
{
    const char *id = call_param(call, "id"), *after = call_after(call);
    struct stored_map map;
    struct stored_change *list = NULL;
    size_t count = 0, limit = call_limit(call);
    int64_t from = 0;
    json_t *items = NULL;
    if (after[0] && !str_to_i64(str_from(after), &from))
        return err_set(err, VG_ERR_USAGE, "after", "%s", _("this is no number"));
    enum vg_code code = maps_get(call->store, call->arena, id, &map, err);
    if (code == VG_OK)
        code = maps_history(call->store, call->arena, id, from, limit + 1, &list, &count,
                            err);
    if (code == VG_OK && !(items = json_array()))
        code = err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count && i < limit; i++)
        if (json_array_append_new(items, change_json(call, &list[i])) != 0)
            code = err_memory(err);
    if (code != VG_OK) {
        json_decref(items);
        return code;
    }
    json_t *next = count > limit ? json_sprintf("%lld", (long long)list[limit - 1].seq)
                                 : json_null();
    return call_json(call,
                     json_pack("{s:o, s:I, s:o}", "items", items, "head",
                               (json_int_t)map.head, "next", next),
                     err);
}

static void tell_operation(struct call *call, const char *id, int64_t seq,
                           const char *client, json_t *op, bool late)
{
    live_publish(call->serve, id, "operation", seq,
                 json_pack("{s:s, s:I, s:o, s:o, s:o, s:s, s:O, s:b}", "map", id, "seq",
                           (json_int_t)seq, "at", json_time(date_now_us()), "who",
                           json_text(call->who.id), "name", json_text(call->who.name),
                           "client", client, "op", op, "late", late));
}

/* What became of one operation: its place in the history, or why it has none. */
static enum vg_code edit_one(struct call *call, const char *id, json_t *sent,
                             json_t **ret, struct vg_err *err)
{
    const char *client = json_string_value(json_object_get(sent, "client"));
    json_t *op = json_object_get(sent, "op");
    struct vg_err why = {0};
    int64_t seq = -1;
    enum vg_code code = maps_edit(call->store, id, op, client, &seq, &why);
    bool late = code == VG_ERR_CONFLICT && seq > 0;
    if (code == VG_OK || late) {
        tell_operation(call, id, seq, client, op, late);
        *ret = json_pack("{s:s, s:I, s:b, s:n}", "client", client, "seq", (json_int_t)seq,
                         "late", late, "problem");
    } else if (code == VG_ERR_INPUT || code == VG_ERR_CONFLICT || code == VG_ERR_LIMIT ||
               code == VG_ERR_USAGE) {
        *ret = json_pack("{s:s, s:n, s:b, s:{s:s, s:o, s:o, s:o}}", "client", client,
                         "seq", "late", 0, "problem", "code", err_row(code)->name,
                         "detail", json_text(why.what), "where", json_text(why.where),
                         "hint", json_text(why.hint));
    } else {
        *err = why;
        return code;
    }
    return *ret ? VG_OK : err_memory(err);
}

enum vg_code api_map_edit(struct call *call, struct vg_err *err)
{
    const char *id = call_param(call, "id");
    const json_t *operations = call_body(call, "operations");
    struct stored_map map;
    json_t *results = json_array();
    enum vg_code code =
        results ? maps_get(call->store, call->arena, id, &map, err) : err_memory(err);
    int64_t before = code == VG_OK ? map.head : 0;
    for (size_t i = 0; code == VG_OK && i < json_array_size(operations); i++) {
        json_t *result = NULL;
        code = edit_one(call, id, json_array_get(operations, i), &result, err);
        if (code == VG_OK && json_array_append_new(results, result) != 0)
            code = err_memory(err);
    }
    if (code == VG_OK)
        code = maps_get(call->store, call->arena, id, &map, err);
    if (code != VG_OK) {
        json_decref(results);
        return code;
    }
    if (map.head != before) /* cards and actions of the maps, on other pages */
        tell_maps(call, id);
    return call_json(
        call, json_pack("{s:I, s:o}", "head", (json_int_t)map.head, "results", results),
        err);
}

/* ---- checks ---- */

enum vg_code api_map_checks(struct call *call, struct vg_err *err)
{
    struct held *held = NULL;
    size_t open = 0;
    enum vg_code code = api_study(call, call_param(call, "id"), &held, err);
    if (code != VG_OK)
        return code;
    const struct study *study = held_study(held);
    json_t *items = checks_with_dismissals(study->map, &study->checks, &open);
    held_release(held);
    return items ? call_items(call, items, NULL, err) : err_memory(err);
}

/* ---- actions ---- */

static enum vg_code wanted_actions(struct call *call, json_t **ret, struct vg_err *err)
{
    struct actions_wanted wanted = {.state = call_text(call, "state"),
                                    .department = call_text(call, "department"),
                                    .late = call_flag(call, "late")};
    return actions_list(call->store, call->arena, &wanted, date_today_us(), ret, err);
}

enum vg_code api_actions(struct call *call, struct vg_err *err)
{
    json_t *list = NULL;
    enum vg_code code = wanted_actions(call, &list, err);
    return code == VG_OK ? call_items(call, list, NULL, err) : code;
}

enum vg_code api_orphan_pains(struct call *call, struct vg_err *err)
{
    json_t *list = NULL;
    enum vg_code code = actions_orphans(call->store, call->arena, &list, err);
    return code == VG_OK ? call_items(call, list, NULL, err) : code;
}

enum vg_code api_actions_csv(struct call *call, struct vg_err *err)
{
    json_t *list = NULL;
    struct buf text = {0};
    enum vg_code code = wanted_actions(call, &list, err);
    if (code == VG_OK)
        code = actions_csv(call->arena, list, &text, err);
    json_decref(list);
    call_download(call, _("actions.csv"));
    if (code == VG_OK)
        code = call_buf(call, "text/csv; charset=utf-8", &text, err);
    buf_free(&text);
    return code;
}

enum vg_code api_actions_ics(struct call *call, struct vg_err *err)
{
    json_t *list = NULL;
    struct buf text = {0};
    enum vg_code code = wanted_actions(call, &list, err);
    if (code == VG_OK)
        code = actions_ics(list, date_now_us(), &text, err);
    json_decref(list);
    call_download(call, _("actions.ics"));
    if (code == VG_OK)
        code = call_buf(call, "text/calendar; charset=utf-8", &text, err);
    buf_free(&text);
    return code;
}
