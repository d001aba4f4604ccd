/* A map that was read is written, and read again is the same; its checks, exports and
 * difference from itself say something sensible. */
#include "fuzz.h"

#include "map/check.h"
#include "map/diff.h"
#include "map/export.h"
#include "map/import.h"
#include "map/mermaid.h"

static void comes_back(const struct vg_map *map)
{
    struct vg_err err = {0};
    struct buf first = {0}, second = {0}, mermaid = {0};
    struct vg_map *again = NULL;
    HOLDS(map_write(map, &first, &err) == VG_OK);
    HOLDS(map_read(buf_str(&first), "again", &again, &err) == VG_OK);
    HOLDS(map_write(again, &second, &err) == VG_OK);
    HOLDS(str_equal(buf_str(&first), buf_str(&second)));
    map_close(again);
    again = NULL;
    HOLDS(map_to_mermaid(map, &mermaid, &err) == VG_OK);
    HOLDS(map_from_mermaid(buf_str(&mermaid), "mermaid", &again, NULL, &err) == VG_OK);
    buf_clear(&second);
    HOLDS(map_write(again, &second, &err) == VG_OK);
    HOLDS(str_equal(buf_str(&first), buf_str(&second)));
    map_close(again);
    buf_free(&first);
    buf_free(&second);
    buf_free(&mermaid);
}

static void is_exported(const struct vg_map *map)
{
    struct vg_err err = {0};
    struct buf page = {0}, csv = {0};
    struct vg_map *back = NULL;
    HOLDS(map_to_markdown(map, &page, &err) == VG_OK);
    HOLDS(map_to_csv(map, &csv, &err) == VG_OK);
    if (map_from_table(buf_str(&csv), "table", &back, NULL, &err) == VG_OK)
        map_close(back);
    buf_free(&page);
    buf_free(&csv);
}

static void is_judged(const struct vg_map *map)
{
    struct vg_err err = {0};
    struct map_findings found;
    struct map_diff diff;
    struct arena *arena = arena_open(0);
    HOLDS(map_check(arena, map, NULL, 0, &found, &err) == VG_OK);
    HOLDS(map_diff(arena, map, map, &diff, &err) == VG_OK);
    HOLDS(diff.count == 0);
    arena_close(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct vg_err err = {0};
    struct vg_map *map = NULL;
    enum vg_code code = map_read((str){(const char *)bytes, len}, "map.json", &map, &err);
    if (code != VG_OK) {
        HOLDS(map == NULL && err.code == code && err.what[0]);
        return 0;
    }
    comes_back(map);
    is_exported(map);
    is_judged(map);
    map_close(map);
    return 0;
}
