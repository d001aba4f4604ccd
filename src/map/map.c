#include "map/map.h"

#include "base/lang.h"

enum vg_code map_write(const struct vg_map *map, struct buf *out, struct vg_err *err)
{
    return json_write(map->json, out, err);
}

void map_close(struct vg_map *map)
{
    if (map == NULL)
        return;
    json_decref(map->json);
    arena_close(map->arena);
}

const struct map_step *map_step_find(const struct vg_map *map, const char *id)
{
    for (size_t i = 0; i < map->step_count; i++)
        if (strcmp(map->steps[i].id, id) == 0)
            return &map->steps[i];
    return NULL;
}

const struct map_kpi *map_kpi_find(const struct vg_map *map, const char *id)
{
    for (size_t i = 0; i < map->kpi_count; i++)
        if (strcmp(map->kpis[i].id, id) == 0)
            return &map->kpis[i];
    return NULL;
}

int64_t map_action_since(const struct map_action *action)
{
    return action->since_us != INT64_MIN ? action->since_us : action->done_us;
}

const char *action_state_text(enum action_state state)
{
    switch (state) {
    case ACTION_IDEA:
        return _c("an action", "idea");
    case ACTION_PLANNED:
        return _c("an action", "planned");
    case ACTION_DOING:
        return _c("an action", "under way");
    case ACTION_DONE:
        return _c("an action", "done");
    case ACTION_VERIFIED:
        return _c("an action", "verified");
    case ACTION_DROPPED:
        return _c("an action", "dropped");
    }
    return "";
}

const char *map_own_word(const struct vg_map *map, enum own_word word)
{
    static const char *const words[OWN_WORDS][2] = {
        [OWN_FEELING] = {"Come sto", "How I feel"},
        [OWN_MESSAGE] = {"Messaggio", "Message"},
        [OWN_DOCUMENT] = {"Documento", "Document"},
        [OWN_NOTE] = {"Nota", "Note"}};
    return words[word][strncmp(map->lang, "en", 2) == 0];
}
