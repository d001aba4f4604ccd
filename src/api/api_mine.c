/* Questions and pictures. Declared in include/viaggio.h. */
#include "api/result.h"
#include "base/date.h"
#include "base/lang.h"
#include "draw/scene.h"
#include "view/poster.h"

enum vg_code vg_mine_flow(const vg_log *log, vg_result *result, struct vg_flow *ret,
                          struct vg_err *err)
{
    return flow_mine(result->arena, log, ret, err);
}

enum vg_code vg_mine_variants(const vg_log *log, size_t top, vg_result *result,
                              struct vg_variants *ret, struct vg_err *err)
{
    return variants_mine(result->arena, log, top, ret, err);
}

static const struct vg_funnel_options usual;

enum vg_code vg_mine_funnel(const vg_log *log, const char *const *steps,
                            size_t step_count, const struct vg_funnel_options *options,
                            vg_result *result, struct vg_funnel *ret, struct vg_err *err)
{
    struct steps found;
    enum vg_code code =
        steps_from_activities(result->arena, log, steps, step_count, &found, err);
    if (code != VG_OK)
        return code;
    return funnel_mine(result->arena, log, &found, options ? options : &usual, ret, err);
}

enum vg_code vg_mine_map_funnel(const vg_log *log, const vg_map *map,
                                const struct vg_funnel_options *options,
                                vg_result *result, struct vg_funnel *ret,
                                struct vg_err *err)
{
    struct steps found;
    enum vg_code code = steps_from_map(result->arena, log, map, &found, err);
    if (code != VG_OK)
        return code;
    return funnel_mine(result->arena, log, &found, options ? options : &usual, ret, err);
}

enum vg_code vg_mine_survival(const vg_log *log, const char *from, const char *to,
                              vg_result *result, struct vg_survival *ret,
                              struct vg_err *err)
{
    const char *names[] = {from, to};
    struct steps found;
    enum vg_code code = steps_from_activities(result->arena, log, names, 2, &found, err);
    if (code != VG_OK)
        return code;
    return survival_mine(result->arena, log, &found, 0, 1, ret, err);
}

enum vg_code vg_mine_align(const vg_log *log, const vg_map *map, vg_result *result,
                           struct vg_align *ret, struct vg_err *err)
{
    return align_mine(result->arena, log, map, ret, err);
}

enum vg_code vg_mine_emotions(const vg_log *log, const vg_map *map, vg_result *result,
                              struct vg_emotions *ret, struct vg_err *err)
{
    return emotion_mine(result->arena, log, map, ret, err);
}

/* Ask everything, draw it, and keep the text. */
static enum vg_code draw_poster(struct arena *arena, struct study *study,
                                const char **ret_svg, struct vg_err *err)
{
    struct scene *scene = NULL;
    struct buf svg = {0};
    struct svg_options how = {.theme = SVG_LIGHT, .embed_fonts = true};
    enum vg_code code = study_mine(arena, study, NULL, err);
    if (code == VG_OK)
        code = poster_draw(arena, study, &(struct poster_options){0}, &scene, err);
    if (code == VG_OK)
        code = scene_svg(scene, &how, &svg, err);
    const char *kept = code == VG_OK ? arena_text(arena, buf_str(&svg)) : NULL;
    buf_free(&svg);
    if (code == VG_OK && !kept)
        return err_memory(err);
    if (code == VG_OK)
        *ret_svg = kept;
    return code;
}

enum vg_code vg_poster_svg(const vg_log *log, const vg_map *map, vg_result *result,
                           const char **ret_svg, struct vg_err *err)
{
    struct vg_map *draft = NULL;
    if (!log && !map)
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("there is neither evidence nor a map"));
    enum vg_code code = map ? VG_OK : draft_mine(log, &draft, err);
    struct study study = {.log = log, .map = map ? map : draft, .now_us = date_now_us()};
    if (code == VG_OK)
        code = draw_poster(result->arena, &study, ret_svg, err);
    map_close(draft);
    return code;
}
