#include "text/xlsx_parts.h"

#include "base/lang.h"
#include "base/limits.h"
#include "text/xml.h"

#include <ctype.h>
#include <stdlib.h>

enum { SHEETS_MAX = 4096, STYLES_MAX = 100000, FORMATS_MAX = 10000 };

struct format {
    int64_t id;
    enum cell_style style;
};
struct reading {
    struct xlsx_parts *parts;
    struct format *formats;
    size_t format_count, format_capacity;
    bool in_cell_xfs;
    bool in_text, in_phonetic; /* of a shared string */
};

static bool is_true(const char *text)
{
    return text && (strcmp(text, "1") == 0 || strcmp(text, "true") == 0);
}

/* ---- the workbook ---- */

static enum vg_code workbook_start(void *ctx, const char *name,
                                   const char *const *attributes, struct vg_err *err)
{
    struct reading *r = ctx;
    struct xlsx_parts *parts = r->parts;
    if (strcmp(name, "workbookPr") == 0)
        parts->from_1904 = is_true(xml_attribute(attributes, "date1904"));
    if (strcmp(name, "sheet") != 0 || parts->sheet_count >= SHEETS_MAX)
        return VG_OK;
    const char *title = NULL, *id = NULL;
    const char *state = xml_attribute(attributes, "state");
    for (const char *const *a = attributes; a[0]; a += 2) {
        if (strcmp(a[0], "name") == 0)
            title = a[1];
        else if (strchr(a[0], ':') && strcmp(strchr(a[0], ':'), ":id") == 0)
            id = a[1];
    }
    if (!title || !id)
        return VG_OK;
    parts->sheets = arena_grow(parts->arena, parts->sheets, parts->sheet_count,
                               &parts->sheet_capacity, sizeof *parts->sheets);
    if (!parts->sheets)
        return err_memory(err);
    struct xlsx_sheet *sheet = &parts->sheets[parts->sheet_count++];
    *sheet = (struct xlsx_sheet){.name = arena_text(parts->arena, str_from(title)),
                                 .id = arena_text(parts->arena, str_from(id)),
                                 .hidden = state && strcmp(state, "visible") != 0};
    return sheet->name && sheet->id ? VG_OK : err_memory(err);
}

static enum vg_code relations_start(void *ctx, const char *name,
                                    const char *const *attributes, struct vg_err *err)
{
    struct reading *r = ctx;
    const char *id = xml_attribute(attributes, "Id");
    const char *target = xml_attribute(attributes, "Target");
    const char *type = xml_attribute(attributes, "Type");
    if (strcmp(name, "Relationship") != 0 || !id || !target ||
        (type && !str_ends(str_from(type), STR("/worksheet"))))
        return VG_OK;
    for (size_t i = 0; i < r->parts->sheet_count; i++) {
        struct xlsx_sheet *sheet = &r->parts->sheets[i];
        if (sheet->path || strcmp(sheet->id, id) != 0)
            continue;
        sheet->path = target[0] == '/' ? arena_text(r->parts->arena, str_from(target + 1))
                                       : arena_printf(r->parts->arena, "xl/%s", target);
        if (!sheet->path)
            return err_memory(err);
    }
    return VG_OK;
}

/* ---- number formats ---- */

enum cell_style xlsx_format_style(const char *format)
{
    bool date = false, clock = false;
    for (const char *p = format; *p && *p != ';'; p++) {
        int c = tolower((unsigned char)*p);
        if (c == '"') {
            const char *close = strchr(p + 1, '"');
            if (!close)
                break;
            p = close;
        } else if (c == '[') {
            const char *close = strchr(p, ']');
            if (!close)
                break;
            int first = tolower((unsigned char)p[1]);
            int second = tolower((unsigned char)p[2]);
            bool elapsed = second == ']' || second == first; /* [h], [mm] */
            clock |= elapsed && (first == 'h' || first == 'm' || first == 's');
            p = close;
        } else if ((c == '\\' || c == '_' || c == '*') && p[1]) {
            p++;
        } else if (c == 'd' || c == 'y' || c == 'e') {
            date |= c != 'e';
        } else if (c == 'h' || c == 's') {
            clock = true;
        } else if (c == 'm') {
            bool minutes = clock || p[1] == ':' || (p[1] == 'm' && p[2] == ':');
            date |= !minutes;
            clock |= minutes;
        }
    }
    return date ? STYLE_DATE : clock ? STYLE_TIME : STYLE_PLAIN;
}

static enum cell_style builtin_style(int64_t id)
{
    if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47))
        return STYLE_TIME;
    bool date =
        (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
    return date ? STYLE_DATE : STYLE_PLAIN;
}

static enum vg_code format_add(struct reading *r, const char *const *attributes,
                               struct vg_err *err)
{
    const char *id = xml_attribute(attributes, "numFmtId");
    const char *format = xml_attribute(attributes, "formatCode");
    int64_t number;
    if (!id || !format || !str_to_i64(str_from(id), &number) ||
        r->format_count >= FORMATS_MAX)
        return VG_OK;
    r->formats = arena_grow(r->parts->arena, r->formats, r->format_count,
                            &r->format_capacity, sizeof *r->formats);
    if (!r->formats)
        return err_memory(err);
    r->formats[r->format_count++] = (struct format){number, xlsx_format_style(format)};
    return VG_OK;
}

static enum vg_code style_add(struct reading *r, const char *const *attributes,
                              struct vg_err *err)
{
    struct xlsx_parts *parts = r->parts;
    const char *id = xml_attribute(attributes, "numFmtId");
    int64_t number = 0;
    if (parts->style_count >= STYLES_MAX)
        return VG_OK;
    if (id && !str_to_i64(str_from(id), &number))
        number = 0;
    enum cell_style style = builtin_style(number);
    for (size_t i = 0; i < r->format_count && number >= 164; i++)
        if (r->formats[i].id == number) {
            style = r->formats[i].style;
            break;
        }
    parts->styles = arena_grow(parts->arena, parts->styles, parts->style_count,
                               &parts->style_capacity, sizeof *parts->styles);
    if (!parts->styles)
        return err_memory(err);
    parts->styles[parts->style_count++] = (uint8_t)style;
    return VG_OK;
}

static enum vg_code styles_start(void *ctx, const char *name,
                                 const char *const *attributes, struct vg_err *err)
{
    struct reading *r = ctx;
    if (strcmp(name, "cellXfs") == 0)
        r->in_cell_xfs = true;
    if (strcmp(name, "numFmt") == 0)
        return format_add(r, attributes, err);
    if (strcmp(name, "xf") == 0 && r->in_cell_xfs)
        return style_add(r, attributes, err);
    return VG_OK;
}

static enum vg_code styles_end(void *ctx, const char *name, struct vg_err *err)
{
    struct reading *r = ctx;
    (void)err;
    if (strcmp(name, "cellXfs") == 0)
        r->in_cell_xfs = false;
    return VG_OK;
}

/* ---- shared texts ---- */

static enum vg_code shared_start(void *ctx, const char *name,
                                 const char *const *attributes, struct vg_err *err)
{
    struct reading *r = ctx;
    (void)attributes, (void)err;
    if (strcmp(name, "rPh") == 0)
        r->in_phonetic = true;
    else if (strcmp(name, "t") == 0)
        r->in_text = !r->in_phonetic;
    return VG_OK;
}

static enum vg_code shared_text(void *ctx, str text, struct vg_err *err)
{
    struct reading *r = ctx;
    if (!r->in_text)
        return VG_OK;
    buf_add(&r->parts->shared, text);
    return r->parts->shared.failed ? err_memory(err) : VG_OK;
}

static enum vg_code shared_end(void *ctx, const char *name, struct vg_err *err)
{
    struct reading *r = ctx;
    struct xlsx_parts *parts = r->parts;
    if (strcmp(name, "rPh") == 0)
        r->in_phonetic = false;
    else if (strcmp(name, "t") == 0)
        r->in_text = false;
    if (strcmp(name, "si") != 0)
        return VG_OK;
    if (parts->shared_count + 1 >= parts->shared_capacity) {
        size_t larger = parts->shared_capacity ? parts->shared_capacity * 2 : 256;
        uint64_t *moved = realloc(parts->shared_start, larger * sizeof *moved);
        if (!moved)
            return err_memory(err);
        moved[0] = 0;
        parts->shared_start = moved;
        parts->shared_capacity = larger;
    }
    parts->shared_start[++parts->shared_count] = parts->shared.len;
    return VG_OK;
}

/* ---- all of them ---- */

static enum vg_code not_a_workbook(const char *name, struct vg_err *err)
{
    err_set(err, VG_ERR_INPUT, name, "%s",
            _("this archive is no Excel workbook (.xlsx)"));
    err_hint(err, "%s",
             _("open it with the program that made it and save it as .xlsx or "
               "CSV"));
    return VG_ERR_INPUT;
}

enum vg_code xlsx_parts_read(struct xlsx_parts *parts, const char *name,
                             part_reader *read, void *ctx, struct vg_err *err)
{
    static const struct {
        const char *path;
        bool required;
        struct xml_handlers handlers;
    } known[] = {
        {"xl/workbook.xml", true, {workbook_start, NULL, NULL}},
        {"xl/_rels/workbook.xml.rels", true, {relations_start, NULL, NULL}},
        {"xl/styles.xml", false, {styles_start, styles_end, NULL}},
        {"xl/sharedStrings.xml", false, {shared_start, shared_end, shared_text}},
    };
    struct reading reading = {.parts = parts};
    parts->arena = arena_open(0);
    if (!parts->arena)
        return err_memory(err);
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        enum vg_code code = read(ctx, known[i].path, &known[i].handlers, &reading, err);
        if (code == VG_ERR_NOT_FOUND && known[i].required)
            return not_a_workbook(name, err);
        if (code != VG_OK && code != VG_ERR_NOT_FOUND)
            return code;
    }
    return VG_OK;
}

void xlsx_parts_free(struct xlsx_parts *parts)
{
    arena_close(parts->arena);
    buf_free(&parts->shared);
    free(parts->shared_start);
}
