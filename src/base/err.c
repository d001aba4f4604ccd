#include "base/err.h"

#include "base/lang.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct err_row rows[] = {
    {VG_OK, "ok", 0, 200},
    {VG_ERR_USAGE, "usage", 2, 400},
    {VG_ERR_INPUT, "input", 3, 422},
    {VG_ERR_LIMIT, "limit", 4, 413},
    {VG_ERR_NOT_FOUND, "not-found", 5, 404},
    {VG_ERR_CONFLICT, "conflict", 6, 409},
    {VG_ERR_DENIED, "denied", 7, 403},
    {VG_ERR_IO, "io", 8, 500},
    {VG_ERR_MEMORY, "memory", 9, 503},
    {VG_ERR_CANCELLED, "cancelled", 10, 503},
};

enum vg_code err_set(struct vg_err *err, enum vg_code code, const char *where,
                     const char *format, ...)
{
    if (!err)
        return code;
    err->code = code;
    snprintf(err->where, sizeof err->where, "%s", where ? where : "");
    va_list args;
    va_start(args, format);
    vsnprintf(err->what, sizeof err->what, format, args);
    va_end(args);
    err->hint[0] = 0;
    return code;
}

enum vg_code err_hint(struct vg_err *err, const char *format, ...)
{
    if (!err)
        return VG_OK;
    va_list args;
    va_start(args, format);
    vsnprintf(err->hint, sizeof err->hint, format, args);
    va_end(args);
    return err->code;
}

enum vg_code err_memory(struct vg_err *err)
{
    err_set(err, VG_ERR_MEMORY, NULL, "%s", _("there is not enough memory"));
    err_hint(err, "%s", _("close other programs, or work on a shorter period"));
    return VG_ERR_MEMORY;
}

/* What a user may well meet; the rest is told as the system tells it. */
static const struct {
    int error;
    enum vg_code code;
    const char *what;
} faults[] = {
    {ENOENT, VG_ERR_NOT_FOUND, N_("there is no such file or folder")},
    {EACCES, VG_ERR_DENIED, N_("you may not read or write it: check its permissions")},
    {EPERM, VG_ERR_DENIED, N_("you may not read or write it: check its permissions")},
    {EROFS, VG_ERR_DENIED, N_("you may not read or write it: check its permissions")},
    {ENOSPC, VG_ERR_IO, N_("the disk is full")},
    {EDQUOT, VG_ERR_IO, N_("the disk is full")},
    {EISDIR, VG_ERR_IO, N_("this is a folder, not a file")},
    {ENOTDIR, VG_ERR_IO, N_("a part of this path is a file, not a folder")},
    {ENAMETOOLONG, VG_ERR_IO, N_("the name is too long")},
    {EBADF, VG_ERR_IO, N_("it is closed")},
};

enum vg_code err_errno(struct vg_err *err, const char *where)
{
    int error = errno;
    char text[128];
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        if (faults[i].error == error)
            return err_set(err, faults[i].code, where, "%s", _(faults[i].what));
    return err_set(err, VG_ERR_IO, where, "%s", strerror_r(error, text, sizeof text));
}

const struct err_row *err_row(enum vg_code code)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (rows[i].code == code)
            return &rows[i];
    return &rows[2];
}
