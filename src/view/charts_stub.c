#include "base/lang.h"
#include "view/charts.h"
#include "view/report.h"

static enum vg_code not_yet(struct vg_err *err)
{
    return err_set(err, VG_ERR_USAGE, NULL, "%s", "this picture cannot be drawn yet");
}
enum vg_code funnel_draw(struct arena *arena, const struct vg_funnel *funnel,
                         const struct vg_map *map, const struct chart_options *options,
                         struct scene **ret, struct vg_err *err)
{
    (void)arena, (void)funnel, (void)map, (void)options, (void)ret;
    return not_yet(err);
}
enum vg_code belief_draw(struct arena *arena, const struct vg_emotions *emotions,
                         const struct chart_options *options, struct scene **ret,
                         struct vg_err *err)
{
    (void)arena, (void)emotions, (void)options, (void)ret;
    return not_yet(err);
}
enum vg_code variants_draw(struct arena *arena, const struct vg_variants *variants,
                           const struct variants_options *options, struct scene **ret,
                           struct vg_err *err)
{
    (void)arena, (void)variants, (void)options, (void)ret;
    return not_yet(err);
}
enum vg_code survival_draw(struct arena *arena, const struct vg_survival *survival,
                           const struct chart_options *options, struct scene **ret,
                           struct vg_err *err)
{
    (void)arena, (void)survival, (void)options, (void)ret;
    return not_yet(err);
}
enum vg_code timeline_draw(struct arena *arena, const struct vg_log *log, size_t trace,
                           const struct timeline_options *options, struct scene **ret,
                           struct vg_err *err)
{
    (void)arena, (void)log, (void)trace, (void)options, (void)ret;
    return not_yet(err);
}
enum vg_code report_html(struct arena *arena, const struct study *study, str poster,
                         const struct report_options *options, struct buf *out,
                         struct vg_err *err)
{
    (void)arena, (void)study, (void)poster, (void)options, (void)out;
    return not_yet(err);
}
