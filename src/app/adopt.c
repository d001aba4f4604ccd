/* Declared in app/adopt.h. */
#include "app/adopt.h"

#include "app/making.h"
#include "base/utf8.h"
#include "store/records.h"
#include "text/json.h"

#include <string.h>

#define LIST_MOST 5000

static const char *folded_text(struct arena *arena, const char *name)
{
    str folded = utf8_fold(arena, str_from(name));
    return folded.ptr ? arena_text(arena, folded) : NULL;
}

/* The names of a list, as they are compared. */
struct names {
    struct store *store;
    struct arena *arena;
    enum record_kind kind;
    const char **folded;
    size_t count, capacity;
};

static bool names_add(struct names *names, const char *folded)
{
    if (names->count == names->capacity) {
        void *grown = arena_grow(names->arena, names->folded, names->count,
                                 &names->capacity, sizeof *names->folded);
        if (!grown)
            return false;
        names->folded = grown;
    }
    names->folded[names->count++] = folded;
    return true;
}

static bool names_have(const struct names *names, const char *folded)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->folded[i], folded) == 0)
            return true;
    return false;
}

static enum vg_code names_open(struct names *names, struct vg_err *err)
{
    struct record *records = NULL;
    size_t count = 0;
    enum vg_code code = record_list(names->store, names->arena, names->kind, "",
                                    LIST_MOST, &records, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        json_t *body = json_loads(records[i].body, 0, NULL);
        const char *name = json_string_value(json_object_get(body, "name"));
        const char *folded = folded_text(names->arena, name ? name : "");
        json_decref(body);
        if (!folded || !names_add(names, folded))
            code = err_memory(err);
    }
    return code;
}

static enum vg_code put(struct names *names, const char *id, const json_t *body,
                        struct vg_err *err)
{
    struct buf text = {0};
    struct vg_err known = {0};
    enum vg_code code = json_write_compact(body, &text, err);
    if (code == VG_OK)
        code = record_put(names->store, names->kind, id, buf_str(&text).ptr, 0, NULL,
                          &known);
    buf_free(&text);
    if (code == VG_ERR_CONFLICT) /* of that id there is one: it stays */
        return VG_OK;
    if (code != VG_OK && err)
        *err = known;
    return code;
}

/* A department or channel by its name, unless the list has it. */
static enum vg_code adopt_name(struct names *names, const char *name, struct vg_err *err)
{
    if (!name[0])
        return VG_OK;
    const char *folded = folded_text(names->arena, name);
    const char *id = making_id(names->arena, name);
    if (!folded || !id)
        return err_memory(err);
    if (names_have(names, folded))
        return VG_OK;
    json_t *body = json_pack("{s:s}", "name", name);
    enum vg_code code = body ? put(names, id, body, err) : err_memory(err);
    json_decref(body);
    return code == VG_OK && !names_add(names, folded) ? err_memory(err) : code;
}

static enum vg_code adopt_personas(struct names *names, const struct vg_map *map,
                                   struct vg_err *err)
{
    const json_t *list = json_object_get(map->json, "personas");
    enum vg_code code = VG_OK;
    for (size_t i = 0; code == VG_OK && i < json_array_size(list); i++) {
        static const char *const shared[] = {
            "name",     "role",     "aim",    "quote",   "needs", "expectations",
            "relation", "standing", "weight", "company", "filter"};
        const json_t *one = json_array_get(list, i);
        const char *id = json_string_value(json_object_get(one, "id"));
        const char *name = json_string_value(json_object_get(one, "name"));
        if (!id || !id[0] || !name || !name[0])
            continue;
        json_t *body = json_object();
        for (size_t f = 0; f < COUNT_OF(shared); f++) {
            json_t *value = json_object_get(one, shared[f]);
            if (value && !json_is_null(value) &&
                json_object_set(body, shared[f], value) != 0)
                code = err_memory(err);
        }
        if (code == VG_OK)
            code = put(names, id, body, err);
        json_decref(body);
    }
    return code;
}

enum vg_code adopt_lists(struct store *store, struct arena *arena,
                         const struct vg_map *map, struct vg_err *err)
{
    struct names personas = {store, arena, RECORD_PERSONA, NULL, 0, 0};
    struct names departments = {store, arena, RECORD_DEPARTMENT, NULL, 0, 0};
    struct names channels = {store, arena, RECORD_CHANNEL, NULL, 0, 0};
    enum vg_code code = adopt_personas(&personas, map, err);
    if (code == VG_OK)
        code = names_open(&departments, err);
    if (code == VG_OK)
        code = names_open(&channels, err);
    for (size_t s = 0; code == VG_OK && s < map->step_count; s++)
        for (size_t i = 0; code == VG_OK && i < map->steps[s].touchpoint_count; i++) {
            const struct map_touchpoint *point = &map->steps[s].touchpoints[i];
            code = adopt_name(&departments, point->department, err);
            if (code == VG_OK)
                code = adopt_name(&channels, point->channel, err);
        }
    for (size_t i = 0; code == VG_OK && i < map->action_count; i++)
        code = adopt_name(&departments, map->actions[i].department, err);
    return code;
}
