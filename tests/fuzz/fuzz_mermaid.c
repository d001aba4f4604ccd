/* A diagram that was read is a map; written as a diagram again and read, it is the same.
 * The same bytes are tried as a table, too. */
#include "fuzz.h"

#include "map/import.h"
#include "map/mermaid.h"

static void comes_back(const struct vg_map *map)
{
    struct vg_err err = {0};
    struct buf mermaid = {0}, first = {0}, second = {0};
    struct vg_map *again = NULL;
    HOLDS(map_write(map, &first, &err) == VG_OK);
    HOLDS(map_to_mermaid(map, &mermaid, &err) == VG_OK);
    HOLDS(map_from_mermaid(buf_str(&mermaid), "again", &again, NULL, &err) == VG_OK);
    HOLDS(map_write(again, &second, &err) == VG_OK);
    HOLDS(str_equal(buf_str(&first), buf_str(&second)));
    map_close(again);
    buf_free(&mermaid);
    buf_free(&first);
    buf_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    str text = {(const char *)bytes, len};
    struct vg_err err = {0};
    struct vg_map *map = NULL;
    if (map_from_mermaid(text, "m.mmd", &map, NULL, &err) == VG_OK)
        comes_back(map);
    else
        HOLDS(map == NULL && err.what[0]);
    map_close(map);
    map = NULL;
    if (map_from_table(text, "t.csv", &map, NULL, &err) == VG_OK)
        comes_back(map);
    map_close(map);
    return 0;
}
