#include "base/lang.h"
#include "view/charts.h"
#include "view/report.h"

static enum vg_code not_yet(struct vg_err *err)
{
    return err_set(err, VG_ERR_USAGE, NULL, "%s", "this picture cannot be drawn yet");
}
enum vg_code report_html(struct arena *arena, const struct study *study, str poster,
                         const struct report_options *options, struct buf *out,
                         struct vg_err *err)
{
    (void)arena, (void)study, (void)poster, (void)options, (void)out;
    return not_yet(err);
}
