/* findings: the answer first. */
#include "mine/findings.h"

enum vg_code findings_mine(struct arena *arena, const struct vg_log *log,
                           const struct vg_map *map, const struct vg_funnel *funnel,
                           const struct vg_align *align,
                           const struct vg_emotions *emotions, struct findings *ret,
                           struct vg_err *err)
{
    (void)arena, (void)log, (void)map, (void)funnel, (void)align, (void)emotions,
        (void)ret;
    return err_set(err, VG_ERR_USAGE, NULL, "findings are not built yet");
}
