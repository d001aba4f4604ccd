#include "map/diff.h"

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
