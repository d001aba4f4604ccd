/* Stand-ins until each question has its file. */
#include "mine/json.h"

static enum vg_code not_yet(struct vg_err *err)
{
    return err_set(err, VG_ERR_USAGE, NULL, "%s", "not built yet");
}
enum vg_code flow_mine(struct arena *arena, const struct vg_log *log, struct vg_flow *ret,
                       struct vg_err *err)
{
    (void)arena, (void)log, (void)ret;
    return not_yet(err);
}
enum vg_code variants_mine(struct arena *arena, const struct vg_log *log, size_t top,
                           struct vg_variants *ret, struct vg_err *err)
{
    (void)arena, (void)log, (void)ret, (void)top;
    return not_yet(err);
}
enum vg_code steps_from_activities(struct arena *arena, const struct vg_log *log,
                                   const char *const *activities, size_t count,
                                   struct steps *ret, struct vg_err *err)
{
    (void)arena, (void)log, (void)ret, (void)activities, (void)count;
    return not_yet(err);
}
enum vg_code steps_from_map(struct arena *arena, const struct vg_log *log,
                            const struct vg_map *map, struct steps *ret,
                            struct vg_err *err)
{
    (void)arena, (void)log, (void)ret, (void)map;
    return not_yet(err);
}
enum vg_code funnel_mine(struct arena *arena, const struct vg_log *log,
                         const struct steps *steps,
                         const struct vg_funnel_options *options, struct vg_funnel *ret,
                         struct vg_err *err)
{
    (void)arena, (void)log, (void)ret, (void)steps, (void)options;
    return not_yet(err);
}
enum vg_code survival_mine(struct arena *arena, const struct vg_log *log,
                           const struct steps *steps, size_t from, size_t to,
                           struct vg_survival *ret, struct vg_err *err)
{
    (void)arena, (void)log, (void)ret, (void)steps, (void)from, (void)to;
    return not_yet(err);
}
json_t *flow_to_json(const struct vg_flow *flow)
{
    (void)flow;
    return json_object();
}
json_t *variants_to_json(const struct vg_variants *variants)
{
    (void)variants;
    return json_object();
}
json_t *funnel_to_json(const struct vg_funnel *funnel)
{
    (void)funnel;
    return json_object();
}
json_t *survival_to_json(const struct vg_survival *survival, size_t points_max)
{
    (void)survival, (void)points_max;
    return json_object();
}
