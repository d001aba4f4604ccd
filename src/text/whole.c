#include "text/whole.h"

#include "base/lang.h"

#include <errno.h>
#include <stdio.h>

static enum vg_code read_all(FILE *file, const char *path, size_t limit_bytes,
                             struct buf *out, struct vg_err *err)
{
    char chunk[65536];
    size_t total = 0;
    for (;;) {
        size_t got = fread(chunk, 1, sizeof(chunk), file);
        if (ferror(file))
            return err_errno(err, path);
        if (got == 0)
            break;
        total += got;
        if (total > limit_bytes) {
            err_set(err, VG_ERR_LIMIT, path, _("the file is larger than %zu bytes"),
                    limit_bytes);
            err_hint(err, "%s", _("is it the right file?"));
            return VG_ERR_LIMIT;
        }
        buf_add(out, (str){chunk, got});
    }
    return out->failed ? err_memory(err) : VG_OK;
}

enum vg_code whole_read(const char *path, size_t limit_bytes, struct buf *out,
                        struct vg_err *err)
{
    if (strcmp(path, "-") == 0)
        return read_all(stdin, path, limit_bytes, out, err);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return err_errno(err, path);
    enum vg_code code = read_all(file, path, limit_bytes, out, err);
    fclose(file);
    return code;
}
