/* Declared in app/making.h. */
#include "app/making.h"

#include "app/adopt.h"

#include "app/json.h"
#include "app/templates.h"
#include "base/lang.h"
#include "base/utf8.h"
#include "map/import.h"

#include <string.h>
#include <sys/random.h>

enum { SLUG_BYTES = 40, TAIL_LETTERS = 6 };

/* ---- where it comes from ---- */

static enum vg_code from_draft(struct app_cache *cache, struct store *store,
                               const struct question *question, struct vg_map **ret,
                               struct vg_err *err)
{
    struct held *held = NULL;
    enum vg_code code = cache_evidence(cache, store, question, false, &held, err);
    if (code != VG_OK)
        return code;
    const struct vg_log *log = held_evidence(held)->log;
    code = log->events ? draft_mine(log, ret, err)
                       : err_set(err, VG_ERR_INPUT, NULL, "%s",
                                 _("there is no evidence to draft a map from"));
    held_release(held);
    return code;
}

static enum vg_code from_template(const char *id, struct vg_map **ret, struct vg_err *err)
{
    json_t *json = NULL;
    enum vg_code code = templates_get(id, &json, err);
    if (code == VG_OK)
        code = map_from_json(json, id, ret, err);
    json_decref(json);
    return code;
}

static enum vg_code from_document(const json_t *document, struct vg_map **ret,
                                  struct vg_err *err)
{
    json_t *json = json_deep_copy(document);
    if (!json)
        return err_memory(err);
    enum vg_code code = map_from_json(json, "document", ret, err);
    json_decref(json);
    return code;
}

static enum vg_code begin(struct app_cache *cache, struct store *store,
                          const struct making *making, struct vg_map **ret,
                          struct map_texts *notes, struct vg_err *err)
{
    int sources = !!making->template + !!making->copy_of + !!making->document +
                  !!making->text + !!making->draft;
    if (sources != 1)
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("say what the map begins with: one of template, copy_of, "
                         "document, text, draft"));
    if (making->template)
        return from_template(making->template, ret, err);
    if (making->copy_of)
        return maps_read(store, making->copy_of, -1, ret, NULL, err);
    if (making->document)
        return from_document(making->document, ret, err);
    if (making->draft)
        return from_draft(cache, store, making->draft, ret, err);
    return map_from_text(str_from(making->text), making->name ? making->name : "map", ret,
                         notes, err);
}

/* ---- what it is called ---- */

static const char *slug_of(struct arena *arena, const char *title)
{
    str plain = utf8_fold(arena, str_from(title));
    char *slug = arena_array(arena, char, SLUG_BYTES + 1);
    size_t length = 0;
    if (!slug || !plain.ptr)
        return NULL;
    for (size_t i = 0; i < plain.len && length < SLUG_BYTES; i++) {
        char c = plain.ptr[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            slug[length++] = c;
        else if (length && slug[length - 1] != '-')
            slug[length++] = '-';
    }
    while (length && slug[length - 1] == '-')
        length--;
    slug[length] = 0;
    return length ? slug : "map";
}

/* Maps that were deleted keep their ids, so chance decides, not a list. */
const char *making_id(struct arena *arena, const char *title)
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    unsigned char random[TAIL_LETTERS];
    char tail[TAIL_LETTERS + 1] = "";
    const char *slug = slug_of(arena, title);
    if (!slug || getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return NULL;
    for (size_t i = 0; i < TAIL_LETTERS; i++)
        tail[i] = letters[random[i] % (sizeof letters - 1)];
    return arena_printf(arena, "%s-%s", slug, tail);
}

static const char *title_of(struct arena *arena, const struct making *making,
                            const struct vg_map *map)
{
    if (making->title && making->title[0])
        return making->title;
    return making->copy_of ? arena_printf(arena, _("%s (copy)"), map->title) : map->title;
}

static enum vg_code rename_map(struct arena *arena, const struct making *making,
                               struct vg_map **map, struct vg_err *err)
{
    struct vg_map *named = NULL;
    const char *title = title_of(arena, making, *map);
    const char *id = title ? making_id(arena, title) : NULL;
    json_t *json = id ? json_deep_copy((*map)->json) : NULL;
    if (!json || json_object_set_new(json, "id", json_string(id)) != 0 ||
        json_object_set_new(json, "title", json_string(title)) != 0) {
        json_decref(json);
        return err_memory(err);
    }
    json_object_del(json, "version");
    enum vg_code code = map_from_json(json, id, &named, err);
    json_decref(json);
    if (code != VG_OK)
        return code;
    map_close(*map);
    *map = named;
    return VG_OK;
}

enum vg_code making_keep(struct app_cache *cache, struct store *store,
                         struct arena *arena, const struct making *making,
                         const char **ret_id, int64_t *ret_head, json_t **ret_notes,
                         struct vg_err *err)
{
    struct vg_map *map = NULL;
    struct map_texts notes = {0};
    json_t *told = NULL;
    enum vg_code code = begin(cache, store, making, &map, &notes, err);
    if (code == VG_OK && !(told = JSON_LIST(notes.items, notes.count, json_one_text)))
        code = err_memory(err);
    if (code == VG_OK)
        code = rename_map(arena, making, &map, err);
    if (code == VG_OK)
        code = maps_keep(store, map, ret_head, err);
    if (code == VG_OK)
        code = adopt_lists(store, arena, map, err);
    if (code == VG_OK && !(*ret_id = arena_text(arena, str_from(map->id))))
        code = err_memory(err);
    map_close(map);
    if (code == VG_OK)
        *ret_notes = told;
    else
        json_decref(told);
    return code;
}
