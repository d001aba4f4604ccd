#include "view/words.h"

#include "base/lang.h"

#include <string.h>

const char *text_share_range(struct arena *arena, double low, double high)
{
    const char *from = text_share(arena, low, 0), *to = text_share(arena, high, 0);
    if (!from || !to || strcmp(from, to) == 0)
        return to;
    size_t len = strlen(from);
    bool plain = from[0] != '<' && from[0] != '>' && from[len - 1] == '%' &&
                 to[0] != '<' && to[0] != '>';
    return arena_printf(arena, "%.*s–%s", (int)(plain ? len - 1 : len), from, to);
}

const char *text_number_range(struct arena *arena, double low, double high, int decimals)
{
    const char *from = text_signed(arena, low, decimals);
    const char *to = text_signed(arena, high, decimals);
    return from && to ? arena_printf(arena, "%s … %s", from, to) : NULL;
}

size_t phase_of_activity(const struct vg_map *map, const char *activity)
{
    for (size_t i = 0; map && activity && i < map->step_count; i++)
        for (size_t k = 0; k < map->steps[i].match_count; k++)
            if (strcmp(map->steps[i].matches[k].activity, activity) == 0)
                return map->steps[i].phase;
    return SIZE_MAX;
}
