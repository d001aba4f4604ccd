#include "view/poster.h"

#include "view/theme.h"

enum vg_code poster_draw(struct arena *arena, const struct study *study,
                         const struct poster_options *options, struct scene **ret,
                         struct vg_err *err)
{
    struct scene *scene = scene_new(arena, &view_theme, options->id);
    if (!scene)
        return err_memory(err);
    scene_size(scene, 1240, 100);
    (void)study;
    *ret = scene;
    return VG_OK;
}

enum vg_code poster_table(struct arena *arena, const struct study *study, struct buf *out,
                          struct vg_err *err)
{
    (void)arena, (void)study, (void)out;
    return err_set(err, VG_ERR_USAGE, NULL, "not here yet");
}

const char *poster_lane_name(enum poster_lane lane)
{
    (void)lane;
    return "";
}

const char *poster_lane_text(enum poster_lane lane)
{
    (void)lane;
    return "";
}
