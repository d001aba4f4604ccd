#include "log/grid.h"

#include "base/lang.h"
#include "base/limits.h"
#include "log/grid_keys.h"
#include "text/csv_rows.h"
#include "text/xlsx.h"

const char *grid_kind_text(const struct grid *grid)
{
    static const char *const names[] = {"CSV", "XLSX", "XES", "JSON lines"};
    return names[grid->kind];
}

/* ---- what it is ---- */

static enum vg_code not_read(const struct grid *grid, const char *what, const char *hint,
                             struct vg_err *err)
{
    err_set(err, VG_ERR_INPUT, grid->name, "%s", what);
    err_hint(err, "%s", hint);
    return VG_ERR_INPUT;
}

/* Kinds that people try and that are not evidence, each with its remedy. */
static enum vg_code check_kind(const struct grid *grid, struct vg_err *err)
{
    static const struct {
        str mark;
        const char *what, *hint;
    } others[] = {
        {{"\xD0\xCF\x11\xE0", 4},
         N_("this is an old Excel workbook (.xls), or one protected by a password"),
         N_("open it and save it as .xlsx without a password, or as CSV")},
        {{"%PDF", 4},
         N_("this is a PDF, not a table"),
         N_("ask whoever made it for the table behind it, as CSV or .xlsx")},
        {{"\x89PNG", 4}, N_("this is a picture, not a table"), ""},
        {{"\xFF\xD8\xFF", 3}, N_("this is a picture, not a table"), ""},
        {{"SQLite format 3", 15},
         N_("this is a database, not a table"),
         N_("export the table from it as CSV")},
        {{"BZh", 3}, N_("this compression is not read"), N_("unpack it first")},
        {{"\xFD"
          "7zXZ",
          5},
         N_("this compression is not read"),
         N_("unpack it first")},
        {{"\x28\xB5\x2F\xFD", 4},
         N_("this compression is not read"),
         N_("unpack it first")},
        {{"PAR1", 4}, N_("Parquet files are not read"), N_("export the table as CSV")},
    };
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (str_starts(grid->source.bytes, others[i].mark))
            return not_read(grid, _(others[i].what),
                            others[i].hint[0] ? _(others[i].hint) : "", err);
    return VG_OK;
}

/* A text has few control characters; programs, pictures and the like have many. */
static bool looks_binary(str text)
{
    size_t n = text.len < 65536 ? text.len : 65536, control = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        control += c < 32 && c != '\t' && c != '\n' && c != '\r' && c != '\f';
    }
    return control * 10 > n;
}

static enum grid_kind kind_of(str text)
{
    text = str_trim(text.len > 4096 ? (str){text.ptr, 4096} : text);
    if (str_starts(text, STR("<?xml")) || str_starts(text, STR("<log")) ||
        str_starts(text, STR("<!")))
        return GRID_XES;
    if (str_starts(text, STR("{")) || str_starts(text, STR("[")))
        return GRID_JSON;
    return GRID_CSV;
}

/* <?xml … encoding="windows-1252"?> and its like. */
static bool declares_one_byte(str bytes)
{
    str head = bytes.len > 200 ? (str){bytes.ptr, 200} : bytes;
    return str_find(head, STR("1252")) != SIZE_MAX ||
           str_find(head, STR("8859")) != SIZE_MAX;
}

static enum vg_code decode(struct grid *grid, const struct read_options *options,
                           struct vg_err *err)
{
    str bytes = grid->source.bytes;
    enum vg_code code = VG_OK;
    grid->encoding = ENCODING_UTF8;
    if (options->encoding)
        code = encoding_from_name(options->encoding, bytes, &grid->encoding, err);
    else
        grid->encoding = encoding_guess(bytes);
    if (code != VG_OK)
        return code;
    /* XML says itself how it is written; expat believes it, unless it is plainly wrong.
     */
    bool lies = grid->encoding == ENCODING_WINDOWS1252 && !declares_one_byte(bytes);
    bool plain = grid->encoding == ENCODING_UTF8 ||
                 (kind_of(bytes) == GRID_XES && !options->encoding && !lies);
    if (plain) {
        size_t mark = encoding_mark(ENCODING_UTF8, bytes);
        grid->text = (str){bytes.ptr + mark, bytes.len - mark};
        return VG_OK;
    }
    code = encoding_decode(grid->encoding, bytes, grid->name, &grid->decoded,
                           &grid->repaired, err);
    grid->text = buf_str(&grid->decoded);
    return code;
}

/* ---- the first rows ---- */

static enum vg_code keep_row(struct grid *grid, const struct grid_row *row,
                             struct vg_err *err)
{
    grid->rows = arena_grow(grid->arena, grid->rows, grid->row_count, &grid->row_capacity,
                            sizeof *grid->rows);
    if (!grid->rows)
        return err_memory(err);
    grid->rows[grid->row_count++] = *row;
    if (row->count > grid->width)
        grid->width = row->count;
    return VG_OK;
}

static enum vg_code too_wide(const struct grid *grid, uint64_t line, struct vg_err *err)
{
    err_set(err, VG_ERR_LIMIT,
            arena_printf(grid->arena, "%s:%llu", grid->name, (unsigned long long)line),
            _("it has more than %d columns"), LIMIT_COLUMNS);
    err_hint(err, "%s", _("keep the columns that tell who, what and when"));
    return VG_ERR_LIMIT;
}

static enum vg_code sample_csv(struct grid *grid, const struct read_options *options,
                               struct vg_err *err)
{
    size_t sep_len = 0;
    char sep = csv_sep_line(grid->text, &sep_len);
    str rest = {grid->text.ptr + sep_len, grid->text.len - sep_len};
    csv_dialect_guess(rest, &grid->delimiter, &grid->quote);
    if (sep)
        grid->delimiter = sep;
    if (options->delimiter)
        grid->delimiter = options->delimiter;
    grid->begin = sep_len;
    grid->begin_line = sep_len ? 2 : 1;
    struct csv_rows rows = {.bytes = grid->text,
                            .at = grid->begin,
                            .line = grid->begin_line,
                            .delimiter = grid->delimiter,
                            .quote = grid->quote};
    struct csv_row row;
    enum vg_code code = VG_OK;
    while (code == VG_OK && grid->row_count < GRID_SAMPLE_ROWS &&
           rows.at - grid->begin < GRID_SAMPLE_BYTES &&
           csv_rows_next(&rows, grid->arena, &row)) {
        struct grid_row kept = {row.line, row.offset, row.cells, row.count};
        code = row.too_wide ? too_wide(grid, row.line, err) : keep_row(grid, &kept, err);
        if (row.count == SIZE_MAX)
            code = err_memory(err);
    }
    return code;
}

struct sampling {
    struct grid *grid;
    size_t bytes;
};

static enum vg_code sample_row(void *ctx, const struct grid_cells *row,
                               struct vg_err *err)
{
    struct sampling *sampling = ctx;
    struct grid *grid = sampling->grid;
    if (row->fault) {
        if (!grid->fault) {
            grid->fault = arena_printf(grid->arena, "%s", row->fault);
            grid->fault_line = row->line;
        }
        return VG_OK;
    }
    str *cells = arena_array(grid->arena, str, row->count);
    if (!cells)
        return err_memory(err);
    for (size_t i = 0; i < row->count; i++) {
        cells[i] = arena_str(grid->arena, row->cells[i]);
        if (!cells[i].ptr)
            return err_memory(err);
        sampling->bytes += row->cells[i].len;
    }
    struct grid_row kept = {row->line, 0, cells, row->count};
    enum vg_code code = keep_row(grid, &kept, err);
    bool enough =
        grid->row_count == GRID_SAMPLE_ROWS || sampling->bytes > GRID_SAMPLE_BYTES;
    return code == VG_OK && enough ? VG_ERR_CANCELLED : code;
}

static enum vg_code sample_rows(struct grid *grid, struct vg_err *err)
{
    struct sampling sampling = {.grid = grid};
    enum vg_code code = grid_keys_learn(grid, err);
    if (code == VG_OK)
        code = grid_rows(grid, sample_row, &sampling, err);
    return code == VG_ERR_CANCELLED ? VG_OK : code;
}

/* ---- all of it ---- */

/* Excel's "CSV (Macintosh)" ends its rows with a CR alone: as line feeds they are read
 * like those of everyone else. */
static enum vg_code end_rows(struct grid *grid, struct vg_err *err)
{
    str text = grid->text;
    size_t head = text.len < 65536 ? text.len : 65536;
    if (!head || memchr(text.ptr, '\n', head) || !memchr(text.ptr, '\r', head))
        return VG_OK;
    struct buf ended = {0};
    buf_add(&ended, text);
    if (ended.failed) {
        buf_free(&ended);
        return err_memory(err);
    }
    for (char *at = ended.ptr, *end = at + ended.len; at < end; at++)
        *at = *at == '\r' ? '\n' : *at;
    buf_free(&grid->decoded);
    grid->decoded = ended;
    grid->text = buf_str(&grid->decoded);
    return VG_OK;
}

static enum vg_code open_text(struct grid *grid, const struct read_options *options,
                              struct vg_err *err)
{
    enum vg_code code = decode(grid, options, err);
    if (code != VG_OK)
        return code;
    grid->kind = kind_of(grid->text);
    bool wide = grid->encoding == ENCODING_UTF16LE || grid->encoding == ENCODING_UTF16BE;
    str text = wide ? grid->text : grid->source.bytes;
    if (wide && grid->kind == GRID_XES && !options->encoding)
        grid->text = grid->source.bytes; /* expat reads it as it declares itself */
    if (grid->kind != GRID_XES && looks_binary(text))
        return not_read(grid, _("this is not a text: no table can be read from it"),
                        _("give a CSV, XLSX, XES or JSON file; if it is text, name its "
                          "encoding"),
                        err);
    if (grid->kind == GRID_CSV) {
        code = end_rows(grid, err);
        return code == VG_OK ? sample_csv(grid, options, err) : code;
    }
    return sample_rows(grid, err);
}

static enum vg_code open_rows(struct grid *grid, const struct read_options *options,
                              struct vg_err *err)
{
    enum vg_code code = check_kind(grid, err);
    if (code != VG_OK)
        return code;
    if (str_trim(grid->source.bytes).len == 0)
        return not_read(grid, _("the file is empty"), _("export it again"), err);
    if (!str_starts(grid->source.bytes, STR("PK")))
        return open_text(grid, options, err);
    grid->kind = GRID_XLSX;
    grid->sheet = options->sheet;
    code = xlsx_open(grid->source.bytes, grid->name, &grid->xlsx, err);
    return code == VG_OK ? sample_rows(grid, err) : code;
}

/* Nothing to guess from: what was wrong with the first row says more than that. */
static enum vg_code no_row(const struct grid *grid, struct vg_err *err)
{
    if (!grid->fault && grid->kind == GRID_XLSX)
        return not_read(grid, _("there is not one row in this sheet"),
                        _("name the sheet that has them with --sheet"), err);
    if (!grid->fault)
        return not_read(grid, _("there is not one row in it"), _("export it again"), err);
    const char *where = arena_printf(grid->arena, "%s:%llu", grid->name,
                                     (unsigned long long)grid->fault_line);
    err_set(err, VG_ERR_INPUT, where, "%s", grid->fault);
    return err_hint(err, "%s", _("no row of it can be read: is it the right file?"));
}

enum vg_code grid_open(struct arena *arena, struct source *source,
                       const struct read_options *options, struct grid *ret,
                       struct vg_err *err)
{
    struct grid grid = {.arena = arena, .name = source->name, .source = *source};
    *source = (struct source){0};
    enum vg_code code = open_rows(&grid, options, err);
    if (code == VG_OK && grid.row_count == 0)
        code = no_row(&grid, err);
    if (source_check(&grid.source, err) != VG_OK)
        code = VG_ERR_IO;
    *ret = grid;
    if (code != VG_OK)
        grid_close(ret);
    return code;
}

void grid_close(struct grid *grid)
{
    xlsx_close(grid->xlsx);
    buf_free(&grid->decoded);
    dict_free(&grid->keys);
    source_close(&grid->source);
    *grid = (struct grid){0};
}
