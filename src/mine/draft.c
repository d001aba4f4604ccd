/* draft: from a log alone, a proposed map. */
#include "mine/mine.h"

enum vg_code draft_mine(const struct vg_log *log, struct vg_map **ret, struct vg_err *err)
{
    (void)log, (void)ret;
    return err_set(err, VG_ERR_USAGE, NULL, "drafting is not built yet");
}
