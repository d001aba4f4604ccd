/* A map's versions: what changed, when, by whom; compared, named, made the newest. */
#include "app/json.h"
#include "map/diff.h"
#include "serve/handlers.h"
#include "serve/live.h"
#include "store/maps.h"

enum { SENTENCES = 3 };

/* The first sentences of what changed from one version to another. */
static enum vg_code summarise(struct call *call, const char *id, int64_t from, int64_t to,
                              json_t **ret, struct vg_err *err)
{
    struct vg_map *before = NULL, *after = NULL;
    struct map_diff diff = {0};
    struct buf text = {0};
    enum vg_code code = maps_read(call->store, id, from, &before, NULL, err);
    if (code == VG_OK)
        code = maps_read(call->store, id, to, &after, NULL, err);
    if (code == VG_OK)
        code = map_diff(call->arena, before, after, &diff, err);
    for (size_t i = 0; code == VG_OK && i < diff.count && i < SENTENCES; i++)
        buf_printf(&text, "%s%s", i ? " · " : "", diff.items[i].sentence);
    if (code == VG_OK && diff.count > SENTENCES)
        buf_printf(&text,
                   _n(" · and %zu more", " · and %zu more", diff.count - SENTENCES),
                   diff.count - SENTENCES);
    if (code == VG_OK && text.failed)
        code = err_memory(err);
    if (code == VG_OK)
        *ret = json_text(text.len ? buf_str(&text).ptr : "");
    buf_free(&text);
    map_close(before);
    map_close(after);
    return code;
}

static enum vg_code version_json(struct call *call, const char *id,
                                 const struct stored_version *version, int64_t before,
                                 json_t **ret, struct vg_err *err)
{
    json_t *summary = NULL;
    enum vg_code code = VG_OK;
    if (before >= 0)
        code = summarise(call, id, before, version->seq, &summary, err);
    else
        summary = json_text(_("as it came"));
    if (code != VG_OK)
        return code;
    *ret =
        json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "seq", (json_int_t)version->seq,
                  "at", json_time(version->at_us), "who", json_text(version->who), "name",
                  json_text(api_name(call, version->who)), "label",
                  version->label[0] ? json_text(version->label) : json_null(), "changes",
                  json_count(version->changes), "summary", summary);
    return *ret ? VG_OK : err_memory(err);
}

enum vg_code api_map_versions(struct call *call, struct vg_err *err)
{
    const char *id = call_param(call, "id"), *after = call_after(call), *next = NULL;
    struct stored_version *list = NULL;
    size_t count = 0, limit = call_limit(call);
    int64_t below = INT64_MAX;
    json_t *items = json_array();
    if (after[0] && !str_to_i64(str_from(after), &below)) {
        json_decref(items);
        return err_set(err, VG_ERR_USAGE, "after", "%s", _("this is no number"));
    }
    enum vg_code code =
        items ? maps_versions(call->store, call->arena, id, &list, &count, err)
              : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        json_t *one = NULL;
        if (list[i].seq >= below)
            continue;
        if (json_array_size(items) == limit) {
            next = arena_printf(call->arena, "%lld", (long long)list[i - 1].seq);
            break;
        }
        code = version_json(call, id, &list[i], i + 1 < count ? list[i + 1].seq : -1,
                            &one, err);
        if (code == VG_OK && json_array_append_new(items, one) != 0)
            code = err_memory(err);
    }
    if (code == VG_OK)
        return call_items(call, items, next, err);
    json_decref(items);
    return code;
}

enum vg_code api_map_label(struct call *call, struct vg_err *err)
{
    enum vg_code code = maps_label(call->store, call_param(call, "id"),
                                   call_body_text(call, "label"), err);
    return code == VG_OK ? call_nothing(call) : code;
}

enum vg_code api_map_restore(struct call *call, struct vg_err *err)
{
    const char *id = call_param(call, "id");
    int64_t seq = json_integer_value(call_body(call, "seq")), head = 0;
    struct vg_map *map = NULL;
    enum vg_code code = maps_restore(call->store, id, seq, &head, err);
    if (code == VG_OK)
        code = maps_read(call->store, id, head, &map, NULL, err);
    if (code != VG_OK)
        return code;
    live_publish(call->serve, id, "operation", head,
                 json_pack("{s:s, s:I, s:o, s:o, s:s, s:{s:s, s:O}, s:b}", "map", id,
                           "seq", (json_int_t)head, "who", json_text(call->who.id),
                           "name", json_text(call->who.name), "client", "", "op", "op",
                           "replace", "value", map->json, "late", 0));
    map_close(map);
    return call_json(call, json_pack("{s:I}", "head", (json_int_t)head), err);
}

/* The two sides: versions of one map, or the heads of two. */
static enum vg_code read_sides(struct call *call, struct vg_map **before,
                               struct vg_map **after, struct vg_err *err)
{
    const char *id = call_param(call, "id"), *other = call_text(call, "other");
    int64_t from = call_text(call, "from") ? (int64_t)call_count(call, "from", 0) : 0;
    int64_t to = call_text(call, "to") ? (int64_t)call_count(call, "to", 0) : -1;
    enum vg_code code =
        maps_read(call->store, id, other && !call_text(call, "from") ? -1 : from, before,
                  NULL, err);
    if (code == VG_OK)
        code = maps_read(call->store, other ? other : id, to, after, NULL, err);
    return code;
}

enum vg_code api_map_diff(struct call *call, struct vg_err *err)
{
    struct vg_map *before = NULL, *after = NULL;
    struct map_diff diff = {0};
    json_t *json = NULL;
    enum vg_code code = read_sides(call, &before, &after, err);
    if (code == VG_OK)
        code = map_diff(call->arena, before, after, &diff, err);
    if (code == VG_OK)
        code = map_diff_json(&diff, &json, err);
    map_close(before);
    map_close(after);
    return code == VG_OK ? call_json(call, json, err) : code;
}
