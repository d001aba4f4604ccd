#include "text/xlsx.h"

#include "base/date.h"
#include "base/lang.h"
#include "base/limits.h"
#include "text/time_format.h"
#include "text/xlsx_parts.h"
#include "text/xml.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <zip.h>

enum { CHUNK = 256 * 1024, RATIO_FROM_BYTES = 10 * 1024 * 1024 };

struct xlsx {
    const char *name;
    zip_t *zip;
    struct xlsx_parts parts;
    uint64_t unpacked; /* of all parts read so far */
    char *chunk;
};

/* ---- parts of the archive ---- */

static enum vg_code archive_damaged(const struct xlsx *xlsx, struct vg_err *err)
{
    err_set(err, VG_ERR_INPUT, xlsx->name, "%s", _("the workbook is damaged or cut off"));
    err_hint(err, "%s", _("open it in Excel or LibreOffice and save it again"));
    return VG_ERR_INPUT;
}

static enum vg_code check_unpacked(const struct xlsx *xlsx, uint64_t part,
                                   uint64_t packed, struct vg_err *err)
{
    bool bomb = part > RATIO_FROM_BYTES && part / LIMIT_UNPACK_RATIO > packed;
    if (!bomb && xlsx->unpacked <= (uint64_t)LIMIT_UNPACKED_BYTES)
        return VG_OK;
    if (bomb)
        err_set(err, VG_ERR_LIMIT, xlsx->name,
                _("it unpacks to more than %d times its size, as only a trap does"),
                LIMIT_UNPACK_RATIO);
    else
        err_set(err, VG_ERR_LIMIT, xlsx->name,
                _("unpacked, it is larger than the limit of %lld GB"),
                (long long)(LIMIT_UNPACKED_BYTES >> 30));
    err_hint(err, "%s", _("save the sheet as CSV and give that"));
    return VG_ERR_LIMIT;
}

static enum vg_code part_feed(struct xlsx *xlsx, zip_file_t *file, uint64_t packed,
                              struct xml *xml, struct vg_err *err)
{
    uint64_t total = 0;
    for (;;) {
        zip_int64_t n = zip_fread(file, xlsx->chunk, CHUNK);
        if (n < 0)
            return archive_damaged(xlsx, err);
        total += (uint64_t)n;
        xlsx->unpacked += (uint64_t)n;
        enum vg_code code = check_unpacked(xlsx, total, packed, err);
        if (code == VG_OK)
            code = xml_feed(xml, (str){xlsx->chunk, (size_t)n}, n == 0, err);
        if (code != VG_OK || n == 0)
            return code;
    }
}

static enum vg_code part_read(void *ctx, const char *path, const void *handlers,
                              void *handlers_ctx, struct vg_err *err)
{
    struct xlsx *xlsx = ctx;
    struct zip_stat about;
    zip_int64_t at = zip_name_locate(xlsx->zip, path, ZIP_FL_NOCASE);
    if (at < 0)
        return VG_ERR_NOT_FOUND;
    zip_file_t *file = NULL;
    struct xml *xml = NULL;
    enum vg_code code;
    if (zip_stat_index(xlsx->zip, (zip_uint64_t)at, 0, &about) != 0 ||
        !(about.valid & ZIP_STAT_COMP_SIZE) ||
        !(file = zip_fopen_index(xlsx->zip, (zip_uint64_t)at, 0)))
        return archive_damaged(xlsx, err);
    code = xml_open(xlsx->name, handlers, handlers_ctx, &xml, err);
    if (code == VG_OK)
        code = part_feed(xlsx, file, about.comp_size, xml, err);
    xml_close(xml);
    zip_fclose(file);
    return code;
}

static enum vg_code archive_open(struct xlsx *xlsx, str bytes, struct vg_err *err)
{
    zip_error_t fault;
    zip_error_init(&fault);
    zip_source_t *source = zip_source_buffer_create(bytes.ptr, bytes.len, 0, &fault);
    if (!source)
        return err_memory(err);
    xlsx->zip = zip_open_from_source(source, ZIP_RDONLY, &fault);
    if (!xlsx->zip) {
        zip_source_free(source);
        return archive_damaged(xlsx, err);
    }
    if (zip_get_num_entries(xlsx->zip, 0) > LIMIT_ARCHIVE_ENTRIES) {
        err_set(err, VG_ERR_LIMIT, xlsx->name,
                _("the archive holds more than %d files, as no workbook does"),
                LIMIT_ARCHIVE_ENTRIES);
        return VG_ERR_LIMIT;
    }
    return VG_OK;
}

enum vg_code xlsx_open(str bytes, const char *name, struct xlsx **ret, struct vg_err *err)
{
    struct xlsx *xlsx = calloc(1, sizeof *xlsx);
    if (!xlsx)
        return err_memory(err);
    xlsx->name = name;
    xlsx->chunk = malloc(CHUNK);
    enum vg_code code = xlsx->chunk ? archive_open(xlsx, bytes, err) : err_memory(err);
    if (code == VG_OK)
        code = xlsx_parts_read(&xlsx->parts, name, part_read, xlsx, err);
    if (code != VG_OK)
        xlsx_close(xlsx);
    else
        *ret = xlsx;
    return code;
}

void xlsx_close(struct xlsx *xlsx)
{
    if (!xlsx)
        return;
    if (xlsx->zip)
        zip_discard(xlsx->zip);
    xlsx_parts_free(&xlsx->parts);
    free(xlsx->chunk);
    free(xlsx);
}

/* ---- the cells of a sheet ---- */

struct cell {
    bool shared;
    size_t at, len; /* in the shared texts, or in this row's own */
};
struct sheet {
    const char *name;
    const struct xlsx_parts *parts;
    xlsx_sink *sink;
    void *ctx;
    struct buf own; /* texts of this row that are not shared */
    struct cell cells[LIMIT_COLUMNS];
    str shown[LIMIT_COLUMNS];
    size_t count;      /* cells of this row */
    size_t column;     /* of the cell that is being read */
    uint64_t number;   /* of the row */
    uint64_t expanded; /* bytes told so far, shared texts as often as they are used */
    struct buf value;  /* <v> or <t> of the cell that is being read */
    char type;         /* 's' shared, 'i' inline, 't' text, 'b', 'e', 'd', 'n' */
    enum cell_style style;
    bool in_cell, in_value, too_long;
};

/* "AB12" → 27; SIZE_MAX when there is no column in it. */
static size_t column_of(const char *place)
{
    size_t column = 0, letters = 0;
    for (; place[letters] >= 'A' && place[letters] <= 'Z' && letters < 4; letters++)
        column = column * 26 + (size_t)(place[letters] - 'A') + 1;
    return letters ? column - 1 : SIZE_MAX;
}

static void cell_begin(struct sheet *sheet, const char *const *attributes)
{
    static const struct {
        const char *name;
        char type;
    } types[] = {{"s", 's'}, {"inlineStr", 'i'}, {"str", 't'}, {"b", 'b'},
                 {"e", 'e'}, {"d", 'd'},         {"n", 'n'}};
    const char *place = xml_attribute(attributes, "r");
    const char *type = xml_attribute(attributes, "t");
    const char *style = xml_attribute(attributes, "s");
    size_t column = place ? column_of(place) : SIZE_MAX;
    int64_t number;
    sheet->column = column == SIZE_MAX ? sheet->column + 1 : column;
    sheet->type = 'n';
    for (size_t i = 0; type && i < COUNT_OF(types); i++)
        if (strcmp(types[i].name, type) == 0)
            sheet->type = types[i].type;
    sheet->style = STYLE_PLAIN;
    if (style && str_to_i64(str_from(style), &number) && number >= 0 &&
        (uint64_t)number < sheet->parts->style_count)
        sheet->style = (enum cell_style)sheet->parts->styles[number];
    sheet->in_cell = true;
    buf_clear(&sheet->value);
}

static void write_wall_clock(struct buf *out, int64_t at_us, bool date)
{
    struct date d = date_from_us(at_us);
    bool clock = d.hour || d.minute || d.second || d.us || !date;
    if (date)
        buf_printf(out, "%04d-%02d-%02d", d.year, d.month, d.day);
    if (date && clock)
        buf_char(out, ' ');
    if (clock)
        buf_printf(out, "%02d:%02d:%02d", d.hour, d.minute, d.second);
    if (clock && d.us)
        buf_printf(out, ".%03d", d.us / 1000);
}

/* A number as it is meant: a date, a time of day, or digits without needless zeros. */
static void write_value(struct sheet *sheet, str text)
{
    double value;
    int64_t at_us;
    if (!str_to_double(text, false, &value)) {
        buf_add(&sheet->own, text);
        return;
    }
    bool alone = value >= 0 && value < 1; /* day 0: a time of day */
    if (sheet->style != STYLE_PLAIN && alone) {
        write_wall_clock(&sheet->own, llround(value * 86400e3) * 1000, false);
        return;
    }
    /* [h]:mm with a small number is a duration; with a large one, a date shown so. */
    bool dated =
        sheet->style == STYLE_DATE || (sheet->style == STYLE_TIME && value > 20000);
    if (dated && time_from_serial(value, sheet->parts->from_1904, &at_us)) {
        write_wall_clock(&sheet->own, at_us, true);
        return;
    }
    if (fabs(value) < 1e15 && value == floor(value))
        buf_printf(&sheet->own, "%.0f", value == 0 ? 0 : value);
    else
        buf_printf(&sheet->own, "%.15g", value);
}

static void cell_own(struct sheet *sheet, struct cell *cell)
{
    str text = buf_str(&sheet->value);
    cell->shared = false;
    cell->at = sheet->own.len;
    if (sheet->type == 'n')
        write_value(sheet, text);
    else if (sheet->type == 'b')
        buf_text(&sheet->own, str_equal(str_trim(text), STR("1")) ? "true" : "false");
    else if (sheet->type != 'e')
        buf_add(&sheet->own, text);
    cell->len = sheet->own.len - cell->at;
}

static enum vg_code too_wide(const struct sheet *sheet, struct vg_err *err)
{
    char where[512];
    snprintf(where, sizeof where, "%s:%llu", sheet->name,
             (unsigned long long)sheet->number);
    err_set(err, VG_ERR_LIMIT, where, _("it has more than %d columns"), LIMIT_COLUMNS);
    err_hint(err, "%s", _("keep the columns that tell who, what and when"));
    return VG_ERR_LIMIT;
}

static enum vg_code cell_end(struct sheet *sheet, struct vg_err *err)
{
    const struct xlsx_parts *parts = sheet->parts;
    sheet->in_cell = false;
    if (sheet->value.len == 0 && !sheet->value.failed)
        return VG_OK;
    if (sheet->column >= LIMIT_COLUMNS)
        return too_wide(sheet, err);
    for (; sheet->count <= sheet->column; sheet->count++)
        sheet->cells[sheet->count] = (struct cell){0};
    struct cell *cell = &sheet->cells[sheet->column];
    int64_t index;
    if (sheet->type == 's') {
        if (!str_to_i64(str_trim(buf_str(&sheet->value)), &index) || index < 0 ||
            (uint64_t)index >= parts->shared_count)
            return VG_OK;
        cell->shared = true;
        cell->at = (size_t)parts->shared_start[index];
        cell->len = (size_t)(parts->shared_start[index + 1] - parts->shared_start[index]);
    } else {
        cell_own(sheet, cell);
    }
    if (cell->len > LIMIT_FIELD_BYTES) {
        *cell = (struct cell){0};
        sheet->too_long = true;
    }
    sheet->expanded += cell->len;
    if (sheet->expanded > (uint64_t)LIMIT_UNPACKED_BYTES) {
        err_set(err, VG_ERR_LIMIT, sheet->name,
                _("its cells hold more than %lld GB of text"),
                (long long)(LIMIT_UNPACKED_BYTES >> 30));
        return VG_ERR_LIMIT;
    }
    return sheet->own.failed || sheet->value.failed ? err_memory(err) : VG_OK;
}

static void row_begin(struct sheet *sheet, const char *const *attributes)
{
    const char *place = xml_attribute(attributes, "r");
    int64_t number;
    if (place && str_to_i64(str_from(place), &number) && number > 0)
        sheet->number = (uint64_t)number;
    else
        sheet->number++;
    sheet->count = 0;
    sheet->column = SIZE_MAX; /* the next one is the first */
    sheet->too_long = false;
    buf_clear(&sheet->own);
}

static enum vg_code row_end(struct sheet *sheet, struct vg_err *err)
{
    bool any = sheet->too_long;
    for (size_t i = 0; i < sheet->count; i++) {
        const struct cell *cell = &sheet->cells[i];
        const char *from = cell->shared ? sheet->parts->shared.ptr : sheet->own.ptr;
        sheet->shown[i] =
            cell->len ? str_trim((str){from + cell->at, cell->len}) : STR("");
        any |= sheet->shown[i].len > 0;
    }
    struct xlsx_row row = {.number = sheet->number,
                           .cells = sheet->shown,
                           .count = sheet->count,
                           .too_long = sheet->too_long};
    return any ? sheet->sink(sheet->ctx, &row, err) : VG_OK;
}

static enum vg_code sheet_start(void *ctx, const char *name,
                                const char *const *attributes, struct vg_err *err)
{
    struct sheet *sheet = ctx;
    (void)err;
    if (strcmp(name, "row") == 0)
        row_begin(sheet, attributes);
    else if (strcmp(name, "c") == 0)
        cell_begin(sheet, attributes);
    else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        sheet->in_value = sheet->in_cell;
    return VG_OK;
}

static enum vg_code sheet_text(void *ctx, str text, struct vg_err *err)
{
    struct sheet *sheet = ctx;
    if (!sheet->in_value)
        return VG_OK;
    if (sheet->value.len + text.len > LIMIT_FIELD_BYTES) {
        sheet->too_long = true;
        buf_clear(&sheet->value);
        sheet->in_value = false;
        return VG_OK;
    }
    buf_add(&sheet->value, text);
    return sheet->value.failed ? err_memory(err) : VG_OK;
}

static enum vg_code sheet_end(void *ctx, const char *name, struct vg_err *err)
{
    struct sheet *sheet = ctx;
    if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        sheet->in_value = false;
    else if (strcmp(name, "c") == 0)
        return cell_end(sheet, err);
    else if (strcmp(name, "row") == 0)
        return row_end(sheet, err);
    return VG_OK;
}

/* ---- which sheet ---- */

static enum vg_code no_such_sheet(const struct xlsx *xlsx, const char *name,
                                  struct vg_err *err)
{
    struct buf names = {0};
    for (size_t i = 0; i < xlsx->parts.sheet_count && names.len < 300; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", xlsx->parts.sheets[i].name);
    if (name)
        err_set(err, VG_ERR_NOT_FOUND, xlsx->name, _("there is no sheet \"%s\""), name);
    else
        err_set(err, VG_ERR_INPUT, xlsx->name, "%s", _("the workbook has no sheet"));
    if (names.len)
        err_hint(err, _("the sheets are: %s"), names.ptr);
    buf_free(&names);
    return name ? VG_ERR_NOT_FOUND : VG_ERR_INPUT;
}

static enum vg_code sheet_find(const struct xlsx *xlsx, const char *name,
                               const char **ret_path, struct vg_err *err)
{
    const char *hidden = NULL;
    for (size_t i = 0; i < xlsx->parts.sheet_count; i++) {
        const struct xlsx_sheet *sheet = &xlsx->parts.sheets[i];
        if (!sheet->path || (name && strcmp(sheet->name, name) != 0))
            continue;
        if (name || !sheet->hidden) {
            *ret_path = sheet->path;
            return VG_OK;
        }
        hidden = hidden ? hidden : sheet->path;
    }
    *ret_path = hidden;
    return hidden && !name ? VG_OK : no_such_sheet(xlsx, name, err);
}

enum vg_code xlsx_rows(struct xlsx *xlsx, const char *name, xlsx_sink *sink, void *ctx,
                       struct vg_err *err)
{
    static const struct xml_handlers handlers = {sheet_start, sheet_end, sheet_text};
    const char *path;
    enum vg_code code = sheet_find(xlsx, name, &path, err);
    if (code != VG_OK)
        return code;
    struct sheet *sheet = calloc(1, sizeof *sheet);
    if (!sheet)
        return err_memory(err);
    sheet->name = xlsx->name;
    sheet->parts = &xlsx->parts;
    sheet->sink = sink;
    sheet->ctx = ctx;
    code = part_read(xlsx, path, &handlers, sheet, err);
    if (code == VG_ERR_NOT_FOUND)
        code = archive_damaged(xlsx, err);
    buf_free(&sheet->own);
    buf_free(&sheet->value);
    free(sheet);
    return code;
}
