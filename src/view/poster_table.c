/* The poster as a table, for who cannot see it. */
#include "view/poster_parts.h"

#include "base/lang.h"

enum vg_code poster_table(struct arena *arena, const struct study *study, struct buf *out,
                          struct vg_err *err)
{
    (void)arena, (void)study, (void)out;
    return err_set(err, VG_ERR_USAGE, NULL, "not here yet");
}
