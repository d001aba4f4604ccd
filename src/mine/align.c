/* align: the log held against the map. */
#include "base/lang.h"
#include "mine/mine.h"

enum vg_code align_mine(struct arena *arena, const struct vg_log *log,
                        const struct vg_map *map, struct vg_align *ret,
                        struct vg_err *err)
{
    (void)arena, (void)log, (void)map, (void)ret;
    return err_set(err, VG_ERR_USAGE, NULL, "alignment is not built yet");
}
