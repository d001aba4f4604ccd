/* xlsx_parts: the small parts of a workbook that its sheets lean on: the list of sheets,
 * the number formats, the shared texts. Inside of text/xlsx. */
#ifndef TEXT_XLSX_PARTS_H
#define TEXT_XLSX_PARTS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum cell_style { STYLE_PLAIN, STYLE_DATE, STYLE_TIME };

struct xlsx_sheet {
    const char *name, *id; /* id: into the relations */
    const char *path;      /* inside the archive; NULL: not there */
    bool hidden;
};
struct xlsx_parts {
    struct arena *arena; /* everything below lives in it but `shared` */
    struct xlsx_sheet *sheets;
    size_t sheet_count, sheet_capacity;
    bool from_1904;
    uint8_t *styles; /* [style_count] enum cell_style, by the cell's s="" */
    size_t style_count, style_capacity;
    struct buf shared;      /* all shared texts, one after the other */
    uint64_t *shared_start; /* [shared_count + 1] */
    size_t shared_count, shared_capacity;
};

/* Feeds one part of the archive to the handlers. VG_ERR_NOT_FOUND when there is none. */
typedef enum vg_code part_reader(void *ctx, const char *path, const void *handlers,
                                 void *handlers_ctx, struct vg_err *err);

/* Read workbook, relations, styles and shared texts. */
MUST_CHECK enum vg_code xlsx_parts_read(struct xlsx_parts *parts, const char *name,
                                        part_reader *read, void *ctx, struct vg_err *err);
void xlsx_parts_free(struct xlsx_parts *parts);
/* The kind of a number format such as dd/mm/yyyy or 0.00. */
enum cell_style xlsx_format_style(const char *format);

#endif
