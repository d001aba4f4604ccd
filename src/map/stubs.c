#include "map/check.h"
#include "map/diff.h"
#include "map/export.h"
#include "map/import.h"
#include "map/mermaid.h"

static enum vg_code later(struct vg_err *err)
{
    return err_set(err, VG_ERR_USAGE, "", "%s", "not built yet");
}
enum vg_code map_diff(struct arena *arena, const struct vg_map *before,
                      const struct vg_map *after, struct map_diff *ret,
                      struct vg_err *err)
{
    (void)arena, (void)before, (void)after, (void)ret;
    return later(err);
}
enum vg_code map_diff_json(const struct map_diff *diff, json_t **ret, struct vg_err *err)
{
    (void)diff, (void)ret;
    return later(err);
}
enum vg_code map_to_markdown(const struct vg_map *map, struct buf *out,
                             struct vg_err *err)
{
    (void)map, (void)out;
    return later(err);
}
enum vg_code map_to_csv(const struct vg_map *map, struct buf *out, struct vg_err *err)
{
    (void)map, (void)out;
    return later(err);
}
enum vg_code map_from_table(str text, const char *name, struct vg_map **ret,
                            struct map_texts *ret_notes, struct vg_err *err)
{
    (void)text, (void)name, (void)ret, (void)ret_notes;
    return later(err);
}
enum vg_code map_open_file(const char *path, struct vg_map **ret,
                           struct map_texts *ret_notes, struct vg_err *err)
{
    if (ret_notes)
        *ret_notes = (struct map_texts){0};
    return map_read_file(path, ret, err);
}
