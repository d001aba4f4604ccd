#include "log/csv_load.h"

#include "base/lang.h"

enum vg_code csv_load(struct builder *builder, const struct csv_plan *plan,
                      const struct csv_reject_sink *sink, struct progress *progress,
                      struct csv_counts *ret, struct vg_err *err)
{
    (void)builder, (void)sink, (void)progress, (void)ret;
    return err_set(err, VG_ERR_USAGE, plan->name, "CSV files cannot be read yet");
}
