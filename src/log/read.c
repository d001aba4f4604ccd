#include "log/read.h"

#include "base/lang.h"

enum vg_code read_files(struct arena *arena, const char *const *paths, size_t count,
                        const struct read_options *options, struct vg_log **ret,
                        struct read_report *report, struct vg_err *err)
{
    (void)arena, (void)paths, (void)count, (void)options, (void)ret;
    *report = (struct read_report){0};
    return err_set(err, VG_ERR_USAGE, NULL, "evidence cannot be read yet");
}

enum vg_code read_explain(struct arena *arena, const char *path,
                          const struct read_options *options, struct read_file *ret,
                          struct vg_err *err)
{
    (void)arena, (void)options;
    *ret = (struct read_file){.path = path};
    return err_set(err, VG_ERR_USAGE, path, "evidence cannot be read yet");
}
