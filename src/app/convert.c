#include "app/convert.h"

#include "map/export.h"
#include "map/mermaid.h"

#include <string.h>
#include <strings.h>

bool map_format_from_text(const char *text, enum map_format *ret)
{
    static const struct {
        const char *name;
        enum map_format format;
    } names[] = {{"json", MAP_JSON},   {"mermaid", MAP_MERMAID},
                 {"mmd", MAP_MERMAID}, {"markdown", MAP_MARKDOWN},
                 {"md", MAP_MARKDOWN}, {"csv", MAP_CSV}};
    const char *dot = strrchr(text, '.');
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcasecmp(dot ? dot + 1 : text, names[i].name) == 0) {
            *ret = names[i].format;
            return true;
        }
    return false;
}

enum vg_code map_write_as(const struct vg_map *map, enum map_format format,
                          struct buf *out, struct vg_err *err)
{
    switch (format) {
    case MAP_JSON:
        return map_write(map, out, err);
    case MAP_MERMAID:
        return map_to_mermaid(map, out, err);
    case MAP_MARKDOWN:
        return map_to_markdown(map, out, err);
    case MAP_CSV:
        return map_to_csv(map, out, err);
    }
    return VG_ERR_USAGE;
}
