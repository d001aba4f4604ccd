/* What people say about a map. Readers may; others' words only an owner takes away. */
#include "app/json.h"
#include "serve/handlers.h"
#include "serve/live.h"
#include "store/maps.h"
#include "store/team.h"

#include <stdlib.h>

/* The ids of "@[Name](id)" in a text. */
static json_t *mentions_of(const char *text)
{
    json_t *list = json_array();
    for (const char *at = text; list && (at = strstr(at, "@[")); at++) {
        const char *close = strstr(at, "](");
        const char *end = close ? strchr(close, ')') : NULL;
        if (end && end - close > 2 && end - close < 100)
            json_array_append_new(list,
                                  json_stringn(close + 2, (size_t)(end - close) - 2));
    }
    return list;
}

static json_t *comment_json(const struct call *call, const struct comment *c)
{
    return json_pack(
        "{s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:b, s:b}",
        "id", (json_int_t)c->id, "map", c->map, "at", json_text(c->item), "field",
        json_text(c->field), "text", json_text(c->text), "who", json_text(c->who), "name",
        json_text(c->name), "on", json_time(c->at_us), "edited",
        c->edited_us ? json_time(c->edited_us) : json_null(), "resolved",
        c->resolved_us != 0, "resolved_by",
        c->resolved_us && c->resolved_by ? json_text(c->resolved_by) : json_null(),
        "reply_to", c->reply_to ? json_integer(c->reply_to) : json_null(), "mentions",
        mentions_of(c->text), "deleted", c->deleted, "mine",
        call->who.id && strcmp(c->who, call->who.id) == 0);
}

enum vg_code api_comments(struct call *call, struct vg_err *err)
{
    struct comment *list = NULL;
    struct stored_map map;
    size_t count = 0;
    const char *id = call_param(call, "id");
    json_t *items = json_array();
    enum vg_code code =
        items ? maps_get(call->store, call->arena, id, &map, err) : err_memory(err);
    if (code == VG_OK) /* not of one in the bin */
        code = comment_list(call->store, call->arena, id, &list, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (json_array_append_new(items, comment_json(call, &list[i])) != 0)
            code = err_memory(err);
    if (code == VG_OK)
        return call_items(call, items, NULL, err);
    json_decref(items);
    return code;
}

/* Answer with the comment as it is now, and tell those who watch the map. */
static enum vg_code answer(struct call *call, int64_t id, struct vg_err *err)
{
    struct comment comment;
    const char *map = call_param(call, "id");
    enum vg_code code = comment_get(call->store, call->arena, map, id, &comment, err);
    if (code != VG_OK)
        return code;
    json_t *json = comment_json(call, &comment);
    json_t *told = json_deep_copy(json);
    if (told)
        json_object_del(told, "mine");
    live_publish(call->serve, map, "comment", 0, told);
    return call_json(call, json, err);
}

enum vg_code api_comment_add(struct call *call, struct vg_err *err)
{
    const char *at = call_body_text(call, "at"), *field = call_body_text(call, "field");
    struct comment_new new = {.map = call_param(call, "id"),
                              .item = at ? at : "",
                              .field = field ? field : "",
                              .text = call_body_text(call, "text"),
                              .name = call->who.name,
                              .reply_to =
                                  json_integer_value(call_body(call, "reply_to"))};
    int64_t id = 0;
    enum vg_code code = comment_add(call->store, &new, &id, err);
    if (code != VG_OK)
        return code;
    return answer(call, id, err);
}

/* The comment of the path; *ret_mine: the caller wrote it. */
static enum vg_code find_one(struct call *call, int64_t *ret_id, bool *ret_mine,
                             struct vg_err *err)
{
    struct comment comment;
    if (!str_to_i64(str_from(call_param(call, "cid")), ret_id))
        return err_set(err, VG_ERR_NOT_FOUND, NULL, "%s", _("there is no such comment"));
    enum vg_code code = comment_get(call->store, call->arena, call_param(call, "id"),
                                    *ret_id, &comment, err);
    if (code == VG_OK)
        *ret_mine = strcmp(comment.who, call->who.id) == 0;
    return code;
}

enum vg_code api_comment_change(struct call *call, struct vg_err *err)
{
    int64_t id = 0;
    bool mine = false;
    const char *map = call_param(call, "id"), *text = call_body_text(call, "text");
    const json_t *resolved = call_body(call, "resolved");
    enum vg_code code = find_one(call, &id, &mine, err);
    if (code == VG_OK && text && !mine)
        code = err_set(err, VG_ERR_DENIED, NULL, "%s",
                       _("only who wrote a comment can change it"));
    if (code == VG_OK && json_is_boolean(resolved) && !mine &&
        call->who.rank < RANK_EDITOR)
        code = err_set(err, VG_ERR_DENIED, NULL, "%s",
                       _("only who may change the map can close a comment"));
    if (code == VG_OK && text)
        code = comment_edit(call->store, map, id, text, err);
    if (code == VG_OK && json_is_boolean(resolved))
        code = comment_resolve(call->store, map, id, json_is_true(resolved), err);
    return code == VG_OK ? answer(call, id, err) : code;
}

enum vg_code api_comment_delete(struct call *call, struct vg_err *err)
{
    int64_t id = 0;
    bool mine = false;
    const char *map = call_param(call, "id");
    enum vg_code code = find_one(call, &id, &mine, err);
    if (code == VG_OK && !mine && call->who.rank < RANK_OWNER)
        code = err_set(err, VG_ERR_DENIED, NULL, "%s",
                       _("only who wrote a comment, or an owner, can take it away"));
    if (code == VG_OK)
        code = comment_delete(call->store, map, id, err);
    if (code != VG_OK)
        return code;
    live_publish(
        call->serve, map, "comment", 0,
        json_pack("{s:s, s:I, s:b}", "map", map, "id", (json_int_t)id, "deleted", 1));
    return call_nothing(call);
}
