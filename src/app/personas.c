/* Declared in app/personas.h. */
#include "app/personas.h"

#include <string.h>

/* The fields that a map's persona and one of the list have in common. */
static const char *const fields[] = {"name",   "role",         "aim",      "quote",
                                     "needs",  "expectations", "relation", "standing",
                                     "weight", "company",      "picture",  "filter"};

static json_t *persona_in(const struct vg_map *map, const char *id)
{
    const json_t *list = json_object_get(map->json, "personas");
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *one = json_array_get(list, i);
        const char *own = json_string_value(json_object_get(one, "id"));
        if (own && strcmp(own, id) == 0)
            return one;
    }
    return NULL;
}

static enum vg_code carry_field(struct store *store, const struct vg_map *map,
                                const char *id, const char *field, json_t *value,
                                struct vg_err *err)
{
    struct vg_err late = {0};
    json_t *operation =
        json_pack("{s:s, s:s, s:s}", "op", "set", "at", id, "field", field);
    if (!operation || (value && json_object_set(operation, "value", value) != 0)) {
        json_decref(operation);
        return err_memory(err);
    }
    enum vg_code code = maps_edit(store, map->id, operation, NULL, NULL, &late);
    json_decref(operation);
    if (code == VG_ERR_CONFLICT) /* deleted meanwhile: nothing to carry it into */
        return VG_OK;
    if (code != VG_OK && err)
        *err = late;
    return code;
}

static enum vg_code carry_into(struct store *store, const char *map_id, const char *id,
                               const json_t *body, struct vg_err *err)
{
    struct vg_map *map = NULL;
    enum vg_code code = maps_read(store, map_id, -1, &map, NULL, err);
    const json_t *there = code == VG_OK ? persona_in(map, id) : NULL;
    for (size_t i = 0; code == VG_OK && there && i < COUNT_OF(fields); i++) {
        json_t *new = json_object_get(body, fields[i]);
        const json_t *old = json_object_get(there, fields[i]);
        new = json_is_null(new) ? NULL : new;
        if (new ? !json_equal(new, old) : old && !json_is_null(old))
            code = carry_field(store, map, id, fields[i], new, err);
    }
    map_close(map);
    return code;
}

enum vg_code personas_carry(struct store *store, struct arena *arena, const char *id,
                            const json_t *body, struct vg_err *err)
{
    struct stored_map *maps = NULL;
    size_t count = 0;
    enum vg_code code = maps_list(store, arena, &maps, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        code = carry_into(store, maps[i].id, id, body, err);
    return code;
}
