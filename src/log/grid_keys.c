#include "log/grid_keys.h"

#include "base/lang.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "text/json.h"
#include "text/json_rows.h"
#include "text/xes.h"
#include "text/xlsx.h"

#include <math.h>
#include <stdlib.h>

enum { OBJECT_BYTES = 4 * LIMIT_FIELD_BYTES };

/* A row that is being put together. Texts that exist nowhere else live in `own`, which
 * moves as it grows: until the row is told they are offsets. */
struct keyed {
    struct grid *grid;
    grid_sink *sink; /* NULL: only learn the keys */
    void *ctx;
    size_t width;   /* columns; grows while keys are learned */
    str *cells;     /* [LIMIT_COLUMNS + 1] */
    size_t *own_at; /* [LIMIT_COLUMNS + 1] 1 + offset into own; 0: cells[i].ptr is it */
    struct buf own, path;
    size_t learned;
};

static enum vg_code keyed_open(struct keyed *keyed, struct grid *grid, grid_sink *sink,
                               void *ctx, struct vg_err *err)
{
    *keyed =
        (struct keyed){.grid = grid, .sink = sink, .ctx = ctx, .width = grid->keys.count};
    keyed->cells = calloc(LIMIT_COLUMNS + 1, sizeof *keyed->cells);
    keyed->own_at = calloc(LIMIT_COLUMNS + 1, sizeof *keyed->own_at);
    return keyed->cells && keyed->own_at ? VG_OK : err_memory(err);
}

static void keyed_close(struct keyed *keyed)
{
    free(keyed->cells);
    free(keyed->own_at);
    buf_free(&keyed->own);
    buf_free(&keyed->path);
}

static void keyed_begin(struct keyed *keyed)
{
    for (size_t i = 0; i < keyed->width; i++) {
        keyed->cells[i] = STR("");
        keyed->own_at[i] = 0;
    }
    buf_clear(&keyed->own);
    buf_clear(&keyed->path);
}

/* The column of a key; SIZE_MAX when there is none, or when the code is not VG_OK. */
static enum vg_code column_of(struct keyed *keyed, str key, size_t *ret,
                              struct vg_err *err)
{
    uint32_t code = dict_find(&keyed->grid->keys, key);
    *ret = code == UINT32_MAX ? SIZE_MAX : code;
    if (code != UINT32_MAX || keyed->sink) {
        keyed->grid->missed_keys += code == UINT32_MAX;
        return VG_OK;
    }
    if (keyed->grid->keys.count >= LIMIT_COLUMNS) {
        err_set(err, VG_ERR_LIMIT, keyed->grid->name, _("it has more than %d columns"),
                LIMIT_COLUMNS);
        err_hint(err, "%s", _("keep the columns that tell who, what and when"));
        return VG_ERR_LIMIT;
    }
    enum vg_code added = dict_add(&keyed->grid->keys, key, LIMIT_COLUMNS, &code, err);
    if (added == VG_OK) {
        *ret = code;
        keyed->width = keyed->grid->keys.count;
    }
    return added;
}

static enum vg_code put(struct keyed *keyed, str key, str value, bool own,
                        struct vg_err *err)
{
    size_t column;
    enum vg_code code = column_of(keyed, key, &column, err);
    if (code != VG_OK || column == SIZE_MAX || !keyed->sink)
        return code;
    keyed->cells[column] = str_trim(value);
    keyed->own_at[column] = 0;
    if (own && value.len) {
        keyed->own_at[column] = 1 + keyed->own.len;
        keyed->cells[column].len = value.len;
        buf_add(&keyed->own, value);
    }
    return keyed->own.failed ? err_memory(err) : VG_OK;
}

static enum vg_code tell(struct keyed *keyed, uint64_t line, const char *fault, str raw,
                         struct vg_err *err)
{
    if (!keyed->sink) {
        keyed->learned++;
        return keyed->learned >= GRID_SAMPLE_ROWS ? VG_ERR_CANCELLED : VG_OK;
    }
    for (size_t i = 0; i < keyed->width; i++)
        if (keyed->own_at[i])
            keyed->cells[i].ptr = keyed->own.ptr + keyed->own_at[i] - 1;
    struct grid_cells row = {.line = line,
                             .cells = keyed->cells,
                             .count = keyed->width,
                             .fault = fault,
                             .raw = raw};
    return keyed->sink(keyed->ctx, &row, err);
}

/* ---- XES ---- */

static enum vg_code put_case(struct keyed *keyed, const struct xes_attribute *attribute,
                             struct vg_err *err)
{
    buf_clear(&keyed->path);
    buf_text(&keyed->path, "case:");
    buf_text(&keyed->path, attribute->key);
    if (keyed->path.failed)
        return err_memory(err);
    return put(keyed, buf_str(&keyed->path), attribute->value, false, err);
}

static enum vg_code xes_event(void *ctx, const struct xes_event *event,
                              struct vg_err *err)
{
    struct keyed *keyed = ctx;
    enum vg_code code = VG_OK;
    keyed_begin(keyed);
    bool named = event->trace == 0;
    for (size_t i = 0; i < event->of_trace_count && code == VG_OK; i++) {
        named |= strcmp(event->of_trace[i].key, "concept:name") == 0;
        code = put_case(keyed, &event->of_trace[i], err);
    }
    if (code == VG_OK && !named) { /* the standard does not oblige traces to have one */
        char number[32];
        snprintf(number, sizeof number, "#%llu", (unsigned long long)event->trace);
        code = put(keyed, STR("case:concept:name"), str_from(number), true, err);
    }
    for (size_t i = 0; i < event->of_event_count && code == VG_OK; i++)
        code = put(keyed, str_from(event->of_event[i].key), event->of_event[i].value,
                   false, err);
    const char *fault = event->too_long ? _("a field is longer than 1 MB") : NULL;
    return code == VG_OK ? tell(keyed, event->line, fault, (str){NULL, 0}, err) : code;
}

/* ---- JSON ---- */

static enum vg_code put_json(struct keyed *keyed, const json_t *value, size_t depth,
                             struct vg_err *err);

/* Lists of plain values are joined by commas; others stand as JSON. */
static void write_list(struct buf *out, const json_t *list)
{
    size_t i;
    json_t *item;
    bool plain = true;
    json_array_foreach(list, i, item) plain &=
        json_is_string(item) || json_is_number(item);
    if (!plain) {
        struct vg_err ignored;
        if (json_write_compact(list, out, &ignored) != VG_OK)
            out->failed = true;
        return;
    }
    json_array_foreach(list, i, item)
    {
        if (i)
            buf_text(out, ", ");
        if (json_is_string(item))
            buf_add(out, (str){json_string_value(item), json_string_length(item)});
        else if (json_is_integer(item))
            buf_printf(out, "%lld", (long long)json_integer_value(item));
        else
            buf_printf(out, "%.15g", json_real_value(item));
    }
}

static enum vg_code put_object(struct keyed *keyed, const json_t *object, size_t depth,
                               struct vg_err *err)
{
    enum vg_code code = VG_OK;
    const char *key;
    json_t *value;
    size_t len = keyed->path.len;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        keyed->path.len = len;
        if (len)
            buf_char(&keyed->path, '.');
        buf_text(&keyed->path, key);
        if (keyed->path.failed)
            return err_memory(err);
        code = put_json(keyed, value, depth + 1, err);
        if (code != VG_OK)
            return code;
    }
    return VG_OK;
}

static enum vg_code put_json(struct keyed *keyed, const json_t *value, size_t depth,
                             struct vg_err *err)
{
    char number[64];
    str key = buf_str(&keyed->path);
    if (json_is_object(value) && depth <= LIMIT_DEPTH) /* json_read keeps to it as well */
        return put_object(keyed, value, depth, err);
    if (json_is_string(value))
        return put(keyed, key, (str){json_string_value(value), json_string_length(value)},
                   false, err);
    if (json_is_boolean(value))
        return put(keyed, key, str_from(json_is_true(value) ? "true" : "false"), false,
                   err);
    if (json_is_integer(value))
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        snprintf(number, sizeof number, "%.15g", json_real_value(value));
    if (json_is_number(value))
        return put(keyed, key, str_from(number), true, err);
    struct buf list = {0};
    if (json_is_array(value))
        write_list(&list, value);
    enum vg_code code =
        list.failed ? err_memory(err) : put(keyed, key, buf_str(&list), true, err);
    buf_free(&list);
    return code;
}

static bool any_too_long(const struct keyed *keyed)
{
    for (size_t i = 0; i < keyed->width; i++)
        if (keyed->cells[i].len > LIMIT_FIELD_BYTES)
            return true;
    return false;
}

/* The reason a piece cannot be read, in words, without the name and line that the reject
 * carries anyway. */
static const char *json_fault(const struct vg_err *fault, char *out, size_t len)
{
    snprintf(out, len, "%s", fault->what);
    return out;
}

static enum vg_code json_row(struct keyed *keyed, str piece, uint64_t line,
                             struct vg_err *err)
{
    json_t *json = NULL;
    struct vg_err fault = {0};
    char reason[1024];
    struct buf repaired = {0};
    str raw = piece;
    keyed_begin(keyed);
    if (!utf8_valid(piece)) {
        keyed->grid->repaired += utf8_append_repaired(&repaired, piece);
        piece = buf_str(&repaired);
    }
    enum vg_code code = repaired.failed ? err_memory(&fault)
                                        : json_read(piece, keyed->grid->name,
                                                    OBJECT_BYTES, &json, &fault);
    if (code == VG_ERR_MEMORY) {
        code = err_memory(err);
    } else if (code != VG_OK) {
        code = tell(keyed, line, json_fault(&fault, reason, sizeof reason), raw, err);
    } else if (!json_is_object(json)) {
        code = tell(keyed, line, _("this is no object with names and values"), raw, err);
    } else {
        code = put_object(keyed, json, 1, err);
        const char *long_one =
            any_too_long(keyed) ? _("a field is longer than 1 MB") : NULL;
        if (code == VG_OK)
            code = tell(keyed, line, long_one, raw, err);
    }
    json_decref(json);
    buf_free(&repaired);
    return code;
}

static enum vg_code json_rows_tell(struct keyed *keyed, struct vg_err *err)
{
    struct json_rows rows = json_rows_open(keyed->grid->text);
    str piece;
    uint64_t line;
    enum vg_code code = VG_OK;
    while (code == VG_OK && json_rows_next(&rows, &piece, &line))
        code = json_row(keyed, piece, line, err);
    return code;
}

/* ---- all kinds ---- */

enum vg_code grid_keys_learn(struct grid *grid, struct vg_err *err)
{
    struct keyed keyed;
    if (grid->kind != GRID_XES && grid->kind != GRID_JSON)
        return VG_OK;
    enum vg_code code = keyed_open(&keyed, grid, NULL, NULL, err);
    if (code == VG_OK && grid->kind == GRID_XES)
        code = xes_read(grid->text, grid->name, xes_event, &keyed, err);
    else if (code == VG_OK)
        code = json_rows_tell(&keyed, err);
    keyed_close(&keyed);
    return code == VG_ERR_CANCELLED ? VG_OK : code;
}

struct sheet_rows {
    grid_sink *sink;
    void *ctx;
};

static enum vg_code sheet_row(void *ctx, const struct xlsx_row *row, struct vg_err *err)
{
    const struct sheet_rows *to = ctx;
    struct grid_cells cells = {.line = row->number,
                               .cells = row->cells,
                               .count = row->count,
                               .fault = row->too_long ? _("a field is longer than 1 MB")
                                                      : NULL};
    return to->sink(to->ctx, &cells, err);
}

enum vg_code grid_rows(struct grid *grid, grid_sink *sink, void *ctx, struct vg_err *err)
{
    if (grid->kind == GRID_XLSX) {
        struct sheet_rows to = {sink, ctx};
        return xlsx_rows(grid->xlsx, grid->sheet, sheet_row, &to, err);
    }
    struct keyed keyed;
    enum vg_code code = keyed_open(&keyed, grid, sink, ctx, err);
    if (code == VG_OK && grid->kind == GRID_XES)
        code = xes_read(grid->text, grid->name, xes_event, &keyed, err);
    else if (code == VG_OK)
        code = json_rows_tell(&keyed, err);
    keyed_close(&keyed);
    return code;
}
