/* path_sheet: one client's progress as a sheet to print and to keep. */
#ifndef APP_PATH_SHEET_H
#define APP_PATH_SHEET_H

#include "app/picture.h"
#include "improve/path.h"

/* Only what the client may see. Appends the file's bytes; a PDF is one A4 sheet. */
MUST_CHECK enum vg_code path_sheet(const struct path *path, size_t client,
                                   enum picture_format format, struct buf *out,
                                   struct vg_err *err);

#endif
