#include "map/import.h"

#include "base/lang.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "map/import_list.h"
#include "map/lanes.h"
#include "map/mermaid.h"
#include "text/csv_rows.h"
#include "text/encoding.h"
#include "text/whole.h"

#include <math.h>
#include <stdio.h>

#define MOST_ROWS  100000
#define MOST_CELLS 4000000

void grid_note(struct grid *grid, const char *text)
{
    if (text && json_array_size(grid->notes) < 1000)
        (void)json_array_append_new(grid->notes, json_string(text));
}

/* Folded letters and digits only. NULL: memory, or a text that is no name. */
static const char *plain_name(struct arena *arena, const char *text)
{
    str folded = strlen(text) <= 100 ? utf8_fold(arena, str_from(text)) : (str){0};
    char *plain = folded.ptr ? arena_array(arena, char, folded.len + 1) : NULL;
    size_t len = 0;
    for (size_t i = 0; plain && i < folded.len; i++) {
        char c = folded.ptr[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '%')
            plain[len++] = c;
    }
    return plain;
}

bool names_add(json_t *names, struct arena *arena, const char *name, size_t code)
{
    const char *plain = plain_name(arena, name);
    if (plain == NULL)
        return false;
    return json_object_get(names, plain) ||
           json_object_set_new(names, plain, json_integer((json_int_t)code)) == 0;
}

size_t names_find(const json_t *names, struct arena *arena, const char *text)
{
    const char *plain = text[0] ? plain_name(arena, text) : NULL;
    const json_t *code = plain && plain[0] ? json_object_get(names, plain) : NULL;
    return code ? (size_t)json_integer_value(code) : SIZE_MAX;
}

bool read_amount(const char *text, double *ret)
{
    str trimmed = str_trim(str_from(text));
    if (str_starts(trimmed, STR("+")))
        trimmed = (str){trimmed.ptr + 1, trimmed.len - 1};
    bool comma = memchr(trimmed.ptr, ',', trimmed.len) != NULL;
    return str_to_double(trimmed, comma, ret);
}

json_t *json_amount(double value)
{
    bool whole = value == nearbyint(value) && fabs(value) < 1e15;
    return whole ? json_integer((json_int_t)value) : json_real(value);
}

/* ---- the cells -----------------------------------------------------------------------
 */

/* The guard that map_to_csv puts before what a spreadsheet would take for a formula. */
static str unguarded(str cell)
{
    if (cell.len >= 2 && cell.ptr[0] == '\'' && strchr("=+-@\t\r'", cell.ptr[1]))
        return (str){cell.ptr + 1, cell.len - 1};
    return cell;
}

static enum vg_code fail_empty(const struct grid *grid)
{
    err_set(grid->err, VG_ERR_INPUT, grid->name, "%s", _("there is no table in it"));
    err_hint(grid->err, "%s", _("a table has a row of column names, and rows below it"));
    return VG_ERR_INPUT;
}

static enum vg_code fail_large(const struct grid *grid)
{
    err_set(grid->err, VG_ERR_LIMIT, grid->name, _("the table has more than %d rows"),
            MOST_ROWS);
    err_hint(grid->err, "%s", _("is it evidence? Then give it to “viaggio import”"));
    return VG_ERR_LIMIT;
}

static enum vg_code fill_grid(struct grid *grid, const struct csv_row *rows)
{
    grid->cells = arena_array(grid->arena, const char *, grid->rows * grid->columns);
    grid->lines = arena_array(grid->arena, uint64_t, grid->rows);
    if (grid->cells == NULL || grid->lines == NULL)
        return err_memory(grid->err);
    for (size_t row = 0; row < grid->rows; row++) {
        grid->lines[row] = rows[row].line;
        for (size_t column = 0; column < grid->columns; column++) {
            str cell = column < rows[row].count ? unguarded(rows[row].cells[column])
                                                : (str){"", 0};
            const char *text = arena_text(grid->arena, cell);
            if (text == NULL)
                return err_memory(grid->err);
            grid->cells[row * grid->columns + column] = text;
        }
    }
    return VG_OK;
}

static enum vg_code read_grid(struct grid *grid, str text)
{
    struct csv_rows rows = {.bytes = text, .line = 1};
    struct csv_row *all = NULL, row;
    size_t capacity = 0, sep = 0;
    rows.delimiter = csv_sep_line(text, &sep);
    rows.at = rows.delimiter ? sep : 0;
    char guessed;
    csv_dialect_guess(text, &guessed, &rows.quote);
    if (rows.delimiter == 0)
        rows.delimiter = guessed;
    row.count = 0;
    while (csv_rows_next(&rows, grid->arena, &row)) {
        if (grid->rows >= MOST_ROWS)
            return fail_large(grid);
        all = arena_grow(grid->arena, all, grid->rows, &capacity, sizeof(*all));
        if (all == NULL)
            return err_memory(grid->err);
        all[grid->rows++] = row;
        if (row.count > grid->columns)
            grid->columns = row.count;
    }
    if (row.count == SIZE_MAX)
        return err_memory(grid->err);
    if (grid->rows == 0 || grid->columns == 0)
        return fail_empty(grid);
    if (grid->rows * grid->columns > MOST_CELLS)
        return fail_large(grid);
    return fill_grid(grid, all);
}

static enum vg_code decode(const char *name, str text, struct buf *out,
                           struct vg_err *err)
{
    enum encoding encoding = encoding_guess(text);
    size_t mark = encoding_mark(encoding, text);
    struct buf decoded = {0};
    uint64_t repaired = 0;
    enum vg_code code = encoding_decode(encoding, (str){text.ptr + mark, text.len - mark},
                                        name, &decoded, &repaired, err);
    if (code == VG_OK)
        utf8_append_repaired(out, buf_str(&decoded));
    if (code == VG_OK && (decoded.failed || out->failed))
        code = err_memory(err);
    buf_free(&decoded);
    return code;
}

/* ---- which form ----------------------------------------------------------------------
 */

/* Is the row the header of the one-row-a-cell form? Then where each column is. */
static bool is_cells_header(const struct grid *grid, const json_t *names, size_t row,
                            size_t *columns)
{
    for (size_t c = 0; c < COLUMN_COUNT; c++)
        columns[c] = SIZE_MAX;
    for (size_t i = 0; i < grid->columns; i++) {
        size_t c = names_find(names, grid->arena, grid_at(grid, row, i));
        if (c < COLUMN_COUNT && columns[c] == SIZE_MAX)
            columns[c] = i;
    }
    return columns[COLUMN_LANE] != SIZE_MAX && columns[COLUMN_TEXT] != SIZE_MAX &&
           columns[COLUMN_STEP] != SIZE_MAX;
}

/* The row with the names of the one-row-a-cell form, or SIZE_MAX. */
static enum vg_code find_cells_header(struct grid *grid, size_t *columns, size_t *ret)
{
    json_t *names = json_object();
    bool good = names != NULL;
    for (size_t c = 0; good && c < COLUMN_COUNT; c++)
        good = names_add(names, grid->arena, column_names[c].en, c) &&
               names_add(names, grid->arena, column_names[c].it, c);
    *ret = SIZE_MAX;
    for (size_t row = 0; good && row < grid->rows && row < 10 && *ret == SIZE_MAX; row++)
        if (is_cells_header(grid, names, row, columns))
            *ret = row;
    json_decref(names);
    return good ? VG_OK : err_memory(grid->err);
}

static enum vg_code read_map(struct grid *grid, str text, struct vg_map **ret)
{
    size_t columns[COLUMN_COUNT], header;
    TRY(read_grid(grid, text));
    TRY(find_cells_header(grid, columns, &header));
    if (header != SIZE_MAX)
        return import_cells(grid, columns, header, ret);
    TRY(import_stages(grid, ret));
    if (*ret)
        return VG_OK;
    err_set(grid->err, VG_ERR_INPUT, grid->name, "%s",
            _("the column names are not those of a map"));
    err_hint(
        grid->err, "%s",
        _("a template has columns such as Stage, Touchpoints, Pain points, Emotions"));
    return VG_ERR_INPUT;
}

static enum vg_code keep_notes(const json_t *notes, const struct vg_map *map,
                               struct map_texts *ret, struct vg_err *err)
{
    size_t count = json_array_size(notes);
    const char **items = arena_array(map->arena, const char *, count);
    for (size_t i = 0; i < count && items; i++) {
        const char *text = json_string_value(json_array_get(notes, i));
        items[i] = arena_text(map->arena, str_from(text));
        if (items[i] == NULL)
            return err_memory(err);
    }
    if (items == NULL && count > 0)
        return err_memory(err);
    *ret = (struct map_texts){items, count};
    return VG_OK;
}

enum vg_code map_from_table(str text, const char *name, struct vg_map **ret,
                            struct map_texts *ret_notes, struct vg_err *err)
{
    struct grid grid = {.name = name, .err = err};
    struct buf utf8 = {0};
    struct vg_map *map = NULL;
    enum vg_code code = VG_OK;
    if (text.len > LIMIT_MAP_BYTES)
        return fail_large(&grid);
    grid.arena = arena_open(0);
    grid.notes = json_array();
    if (grid.arena == NULL || grid.notes == NULL)
        code = err_memory(err);
    if (code == VG_OK)
        code = decode(name, text, &utf8, err);
    if (code == VG_OK)
        code = read_map(&grid, buf_str(&utf8), &map);
    if (code == VG_OK && ret_notes)
        code = keep_notes(grid.notes, map, ret_notes, err);
    if (code == VG_OK)
        *ret = map;
    else
        map_close(map);
    buf_free(&utf8);
    json_decref(grid.notes);
    arena_close(grid.arena);
    return code;
}

/* ---- any file ------------------------------------------------------------------------
 */

static bool looks_like_mermaid(str text)
{
    for (size_t lines = 0; text.ptr && lines < 1000; lines++) {
        str line = str_trim(str_cut(&text, '\n'));
        if (str_equal(line, STR("journey")))
            return true;
    }
    return false;
}

/* What the name says counts where the text does not tell: who gives a broken .json wants
 * to hear of JSON, not of columns. */
static bool named(const char *name, const char *ending)
{
    return name && str_ends(str_from(name), str_from(ending));
}

enum vg_code map_from_text(str text, const char *name, struct vg_map **ret,
                           struct map_texts *ret_notes, struct vg_err *err)
{
    struct map_texts notes = {0};
    enum vg_code code;
    str start =
        str_starts(text, STR("\xEF\xBB\xBF")) ? (str){text.ptr + 3, text.len - 3} : text;
    start = str_trim(start);
    if (start.len == 0 || start.ptr[0] == '{' || start.ptr[0] == '[' ||
        named(name, ".json"))
        code = map_read(text, name, ret, err);
    else if (looks_like_mermaid(start) || named(name, ".mmd") || named(name, ".mermaid"))
        code = map_from_mermaid(start, name, ret, &notes, err);
    else
        code = map_from_table(text, name, ret, &notes, err);
    if (code == VG_OK && ret_notes)
        *ret_notes = notes;
    return code;
}

enum vg_code map_open_file(const char *path, struct vg_map **ret,
                           struct map_texts *ret_notes, struct vg_err *err)
{
    struct buf bytes = {0};
    enum vg_code code = whole_read(path, LIMIT_MAP_BYTES, &bytes, err);
    if (code == VG_OK)
        code = map_from_text(buf_str(&bytes), path, ret, ret_notes, err);
    buf_free(&bytes);
    return code;
}
