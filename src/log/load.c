#include "log/load.h"

#include "base/date.h"
#include "base/lang.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "log/fill_down.h"
#include "log/nothing.h"
#include "log/odd_rows.h"

#include <math.h>
#include <stdlib.h>

/* ---- why a row was left out ---- */

static const char *time_of_day_reason(const struct load *load,
                                      const struct csv_reject *at, struct buf *out)
{
    str shown = utf8_head(at->field, 40);
    (void)load;
    buf_printf(out, _("\"%.*s\" is not a time of day"), STR_ARG(shown));
    return out->ptr;
}

static const char *no_customer_reason(const struct csv_reject *reject, struct buf *out)
{
    if (!reject->field.ptr || reject->field.len == 0)
        return _("the customer is missing");
    buf_printf(out, _("the customer is missing: \"%.*s\" stands for nothing"),
               STR_ARG(reject->field));
    return out->failed ? "" : out->ptr;
}

/* How the dates of the column are written. */
static const struct time_format *format_of(const struct guess *guess, size_t column)
{
    for (size_t i = 0; i < guess->moment_count; i++)
        if (guess->moments[i].column == column)
            return &guess->moments[i].format;
    return &guess->format;
}

/* The sentence for a rejected row; it lives in `out` or for ever. */
static const char *reason_text(const struct load *load, const struct csv_reject *reject,
                               struct buf *out)
{
    buf_clear(out);
    switch (reject->reason) {
    case CSV_NO_CUSTOMER:
        return no_customer_reason(reject, out);
    case CSV_NO_ACTIVITY:
        return _("the activity is missing");
    case CSV_NO_TIME:
        return load->guess->moment_count ? _("it has no date at all")
                                         : _("the date is missing");
    case CSV_BAD_TIME: {
        enum time_fault fault =
            time_explain(format_of(load->guess, reject->column), reject->field);
        if (reject->column == load->guess->clock && load->guess->clock != SIZE_MAX)
            return time_of_day_reason(load, reject, out);
        if (fault == TIME_FINE) /* the date is; then the time of day beside it is not */
            return _("the time of day cannot be read");
        time_fault_write(fault, reject->field, out);
        return out->failed ? "" : out->ptr;
    }
    case CSV_NUL:
        return _("it contains a NUL byte");
    case CSV_LONG:
        return _("a field is longer than 1 MB");
    case CSV_UNCLOSED:
        return _("a quotation mark is opened and never closed");
    }
    return "";
}

/* Whether something that the row lacks is the reason. */
static bool lacks(enum csv_reason reason)
{
    return reason == CSV_NO_CUSTOMER || reason == CSV_NO_ACTIVITY ||
           reason == CSV_NO_TIME || reason == CSV_BAD_TIME;
}

/* ---- CSV: the parallel way ---- */

struct csv_sink {
    struct load *load;
    struct buf reason;
    str header; /* as it stands */
    enum vg_code code;
    struct vg_err err;
};

static str header_as_it_stands(const struct load *load)
{
    const struct grid *grid = load->grid;
    size_t header = load->guess->header;
    if (header == SIZE_MAX)
        return STR("");
    size_t from = grid->rows[header].offset;
    size_t to =
        header + 1 < grid->row_count ? grid->rows[header + 1].offset : grid->text.len;
    return (str){grid->text.ptr + from, to - from};
}

static void csv_rejected(void *ctx, const struct csv_reject *reject)
{
    struct csv_sink *sink = ctx;
    if (sink->code != VG_OK)
        return;
    const char *odd = lacks(reject->reason) ? odd_row(reject->row, sink->header,
                                                      sink->load->grid->delimiter)
                                            : NULL;
    const char *reason = odd ? odd : reason_text(sink->load, reject, &sink->reason);
    sink->code = rejects_add(sink->load->rejects, sink->load->file, reject->line, reason,
                             reject->row, &sink->err);
}

static struct csv_column *plan_columns(const struct load *load)
{
    const struct guess *guess = load->guess;
    struct csv_column *columns =
        arena_array(load->arena, struct csv_column, guess->column_count + 1);
    for (size_t i = 0; i < guess->column_count && columns; i++) {
        columns[i] = (struct csv_column){.role = guess->columns[i].role,
                                         .filled = guess->columns[i].filled};
        if (columns[i].role != ROLE_ATTRIBUTE)
            continue;
        columns[i].attribute = load->attribute[i];
        if (load->attribute[i] == SIZE_MAX)
            columns[i] = (struct csv_column){.role = ROLE_IGNORE};
    }
    return columns;
}

static enum vg_code load_csv(struct load *load, struct csv_counts *ret,
                             struct vg_err *err)
{
    const struct guess *guess = load->guess;
    const struct grid *grid = load->grid;
    struct csv_sink failures = {.load = load, .header = header_as_it_stands(load)};
    struct csv_reject_sink sink = {csv_rejected, &failures};
    bool any = guess->first_row < grid->row_count;
    struct csv_plan plan = {
        .name = grid->name,
        .bytes = grid->text,
        .first_row = any ? grid->rows[guess->first_row].offset : grid->text.len,
        .first_line = any ? grid->rows[guess->first_row].line : 1,
        .delimiter = grid->delimiter,
        .quote = grid->quote,
        .columns = plan_columns(load),
        .column_count = guess->column_count,
        .time = &guess->format,
        .decimal_comma = guess->decimal_comma,
        .scale = guess->scale,
        .activity_fixed = guess->activity_fixed,
        .moments = guess->moments,
        .moment_count = guess->moment_count,
    };
    if (!plan.columns)
        return err_memory(err);
    enum vg_code code = csv_load(load->builder, &plan, &sink, load->progress, ret, err);
    if (code == VG_OK && failures.code != VG_OK) {
        code = failures.code;
        if (err)
            *err = failures.err;
    }
    buf_free(&failures.reason);
    return code;
}

/* ---- the other kinds: row by row, with the same rules ---- */

struct row_loader {
    struct load *load;
    struct csv_counts counts;
    str *attributes; /* [attribute_count] */
    struct buf reason, raw, header;
    int64_t *when; /* [moment_count] of a wide row … */
    bool *has;     /* … and whether it is there */
    bool fills;    /* there are columns filled from the row above */
    struct fill_down fill;
    size_t seen; /* rows told, also those before the data */
};

static str raw_cell(const struct grid_cells *row, size_t column)
{
    return column < row->count ? row->cells[column] : STR("");
}

static str cell(const struct grid_cells *row, size_t column)
{
    str text = raw_cell(row, column);
    return cell_is_nothing(text) ? STR("") : text;
}

static bool cell_needs_quotes(str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (strchr(";\"\r\n", text.ptr[i]))
            return true;
    return false;
}

/* Cells that never were a line of text, as a line of CSV. */
static void line_of(struct buf *out, const str *cells, size_t count)
{
    buf_clear(out);
    while (count > 0 && cells[count - 1].len == 0)
        count--;
    for (size_t i = 0; i < count && out->len < LIMIT_FIELD_BYTES; i++) {
        bool quotes = cell_needs_quotes(cells[i]);
        if (i)
            buf_char(out, ';');
        if (quotes)
            buf_char(out, '"');
        for (size_t j = 0; j < cells[i].len; j++) {
            if (cells[i].ptr[j] == '"')
                buf_char(out, '"');
            buf_char(out, cells[i].ptr[j]);
        }
        if (quotes)
            buf_char(out, '"');
    }
}

static str raw_of(struct row_loader *loader, const struct grid_cells *row)
{
    if (row->raw.ptr)
        return row->raw;
    line_of(&loader->raw, row->cells, row->count);
    return buf_str(&loader->raw);
}

static enum vg_code reject(struct row_loader *loader, const struct grid_cells *row,
                           const char *reason, struct vg_err *err)
{
    loader->counts.rejected++;
    return rejects_add(loader->load->rejects, loader->load->file, row->line, reason,
                       raw_of(loader, row), err);
}

/* The names of a sheet's columns as such a line. */
static str header_of(struct row_loader *loader)
{
    const struct load *load = loader->load;
    size_t header = load->guess->header;
    if (header != SIZE_MAX && loader->header.len == 0) {
        const struct grid_row *row = &load->grid->rows[header];
        line_of(&loader->header, row->cells, row->count);
    }
    return buf_str(&loader->header);
}

static enum vg_code reject_for(struct row_loader *loader, const struct grid_cells *row,
                               enum csv_reason reason, size_t column, struct vg_err *err)
{
    struct csv_reject at = {.line = row->line,
                            .reason = reason,
                            .column = column,
                            .field =
                                column == SIZE_MAX ? STR("") : raw_cell(row, column)};
    const char *odd = lacks(reason) && !row->raw.ptr
                          ? odd_row(raw_of(loader, row), header_of(loader), ';')
                          : NULL;
    return reject(loader, row,
                  odd ? odd : reason_text(loader->load, &at, &loader->reason), err);
}

static size_t column_of(const struct load *load, enum role role)
{
    for (size_t i = 0; i < load->guess->column_count; i++)
        if (load->guess->columns[i].role == role)
            return i;
    return SIZE_MAX;
}

static str column_text(const struct load *load, const struct grid_cells *row,
                       enum role role)
{
    str value = cell(row, column_of(load, role));
    return value.len ? value : (str){NULL, 0};
}

static bool has_nul(const struct grid_cells *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->cells[i].len && memchr(row->cells[i].ptr, 0, row->cells[i].len))
            return true;
    return false;
}

static void fill_score(struct row_loader *loader, str value, struct log_event *event)
{
    const struct guess *guess = loader->load->guess;
    event->score = NAN;
    if (value.len == 0)
        return;
    if (str_to_double(value, guess->decimal_comma, &event->score))
        event->scale = guess->scale;
    else
        loader->counts.unscored++;
}

static void fill_attributes(struct row_loader *loader, const struct grid_cells *row)
{
    const struct load *load = loader->load;
    for (size_t i = 0; i < load->attribute_count; i++)
        loader->attributes[i] = (str){NULL, 0};
    for (size_t i = 0; i < load->guess->column_count; i++) {
        size_t to = load->attribute[i];
        str value = cell(row, i);
        if (load->guess->columns[i].role == ROLE_ATTRIBUTE && to != SIZE_MAX && value.len)
            loader->attributes[to] = value;
    }
}

static enum vg_code add_event(struct row_loader *loader, const struct log_event *event,
                              struct vg_err *err)
{
    struct csv_counts *counts = &loader->counts;
    enum vg_code code =
        builder_add(loader->load->builder, event, loader->attributes, err);
    if (code != VG_OK)
        return code;
    bool first = counts->events == 0;
    counts->first_us =
        first || event->at_us < counts->first_us ? event->at_us : counts->first_us;
    counts->last_us =
        first || event->at_us > counts->last_us ? event->at_us : counts->last_us;
    counts->events++;
    return VG_OK;
}

/* One event for each date of a wide row; text and score go with the last one in time. */
static enum vg_code add_moments(struct row_loader *loader, const struct log_event *of_row,
                                struct vg_err *err)
{
    const struct guess *guess = loader->load->guess;
    size_t last = SIZE_MAX;
    enum vg_code code = VG_OK;
    for (size_t i = 0; i < guess->moment_count; i++)
        if (loader->has[i] && (last == SIZE_MAX || loader->when[i] >= loader->when[last]))
            last = i;
    for (size_t i = 0; i < guess->moment_count && code == VG_OK; i++) {
        struct log_event event = *of_row;
        if (!loader->has[i])
            continue;
        event.at_us = loader->when[i];
        event.activity = guess->moments[i].activity;
        if (i != last) {
            event.text = (str){NULL, 0};
            event.score = NAN;
        }
        code = add_event(loader, &event, err);
    }
    return code;
}

static enum vg_code store(struct row_loader *loader, const struct grid_cells *row,
                          struct log_event *event, struct vg_err *err)
{
    const struct load *load = loader->load;
    event->channel = column_text(load, row, ROLE_CHANNEL);
    event->touchpoint = column_text(load, row, ROLE_TOUCHPOINT);
    event->actor = column_text(load, row, ROLE_ACTOR);
    event->text = column_text(load, row, ROLE_TEXT);
    fill_score(loader, column_text(load, row, ROLE_SCORE), event);
    fill_attributes(loader, row);
    enum vg_code code = load->guess->moment_count ? add_moments(loader, event, err)
                                                  : add_event(loader, event, err);
    loader->counts.stored += code == VG_OK;
    return code;
}

/* The dates of a wide row into loader->when and has; false: *ret_reason and *ret_column
 * say why the row cannot be used. */
static bool read_moments(struct row_loader *loader, const struct grid_cells *row,
                         enum csv_reason *ret_reason, size_t *ret_column)
{
    const struct guess *guess = loader->load->guess;
    bool any = false;
    for (size_t i = 0; i < guess->moment_count; i++) {
        const struct csv_moment *moment = &guess->moments[i];
        str date = cell(row, moment->column);
        loader->has[i] = date.len > 0;
        any |= loader->has[i];
        if (date.len && !time_parse(&moment->format, date, &loader->when[i])) {
            *ret_reason = CSV_BAD_TIME;
            *ret_column = moment->column;
            return false;
        }
    }
    *ret_reason = CSV_NO_TIME;
    *ret_column = guess->time;
    return any;
}

static enum vg_code take_wide(struct row_loader *loader, const struct grid_cells *row,
                              struct log_event *event, struct vg_err *err)
{
    enum csv_reason reason;
    size_t column;
    if (!read_moments(loader, row, &reason, &column))
        return reject_for(loader, row, reason, column, err);
    return store(loader, row, event, err);
}

static enum vg_code take_row(struct row_loader *loader, const struct grid_cells *row,
                             struct vg_err *err)
{
    const struct guess *guess = loader->load->guess;
    struct log_event event = {0};
    loader->counts.rows++;
    if (loader->counts.rows > (uint64_t)LIMIT_ROWS) {
        err_set(err, VG_ERR_LIMIT, loader->load->grid->name,
                _("it has more than %lld rows"), LIMIT_ROWS);
        err_hint(err, "%s", _("split it by period"));
        return VG_ERR_LIMIT;
    }
    if (row->fault)
        return reject(loader, row, row->fault, err);
    if (has_nul(row))
        return reject_for(loader, row, CSV_NUL, SIZE_MAX, err);
    event.customer = column_text(loader->load, row, ROLE_CUSTOMER);
    if (event.customer.len == 0)
        return reject_for(loader, row, CSV_NO_CUSTOMER,
                          column_of(loader->load, ROLE_CUSTOMER), err);
    if (guess->moment_count)
        return take_wide(loader, row, &event, err);
    event.activity = guess->activity_fixed.len
                         ? guess->activity_fixed
                         : column_text(loader->load, row, ROLE_ACTIVITY);
    if (event.activity.len == 0)
        return reject_for(loader, row, CSV_NO_ACTIVITY, SIZE_MAX, err);
    str date = cell(row, guess->time);
    if (date.len == 0)
        return reject_for(loader, row, CSV_NO_TIME, guess->time, err);
    bool read = guess->clock == SIZE_MAX
                    ? time_parse(&guess->format, date, &event.at_us)
                    : time_parse_joined(&guess->format, date, cell(row, guess->clock),
                                        &event.at_us);
    if (!read) {
        bool clock =
            guess->clock != SIZE_MAX && time_explain(&guess->format, date) == TIME_FINE;
        return reject_for(loader, row, CSV_BAD_TIME, clock ? guess->clock : guess->time,
                          err);
    }
    return store(loader, row, &event, err);
}

static enum vg_code on_row(void *ctx, const struct grid_cells *row, struct vg_err *err)
{
    struct row_loader *loader = ctx;
    const struct load *load = loader->load;
    /* Rows of a sheet up to the header are known from the sample by their number. */
    const struct grid *grid = load->grid;
    if (grid->kind == GRID_XLSX && load->guess->first_row < grid->row_count &&
        row->line < grid->rows[load->guess->first_row].line)
        return VG_OK;
    loader->seen++;
    if (loader->seen % 65536 == 0 && progress_step(load->progress, load->file->path, NAN))
        return VG_ERR_CANCELLED;
    struct grid_cells filled;
    if (!loader->fills)
        return take_row(loader, row, err);
    if (!fill_down_row(&loader->fill, load->guess, row, &filled))
        return err_memory(err);
    return take_row(loader, &filled, err);
}

static enum vg_code load_rows(struct load *load, struct csv_counts *ret,
                              struct vg_err *err)
{
    struct row_loader loader = {.load = load};
    loader.attributes = arena_array(load->arena, str, load->attribute_count + 1);
    loader.when = arena_array(load->arena, int64_t, load->guess->moment_count + 1);
    loader.has = arena_array(load->arena, bool, load->guess->moment_count + 1);
    if (!loader.attributes || !loader.when || !loader.has)
        return err_memory(err);
    for (size_t i = 0; i < load->guess->column_count; i++)
        loader.fills |= load->guess->columns[i].filled;
    load->grid->missed_keys = 0;
    load->grid->repaired = 0;
    enum vg_code code = grid_rows(load->grid, on_row, &loader, err);
    buf_free(&loader.reason);
    buf_free(&loader.raw);
    buf_free(&loader.header);
    *ret = loader.counts;
    ret->filled = loader.fill.filled;
    fill_down_free(&loader.fill, load->guess);
    ret->repaired = load->grid->repaired;
    return code;
}

enum vg_code load_file(struct load *load, struct csv_counts *ret, struct vg_err *err)
{
    *ret = (struct csv_counts){0};
    load->file->rejects =
        arena_array(load->arena, struct read_reject, LIMIT_REJECTS_SHOWN);
    if (!load->file->rejects)
        return err_memory(err);
    enum vg_code code = load->grid->kind == GRID_CSV ? load_csv(load, ret, err)
                                                     : load_rows(load, ret, err);
    load->file->rows = ret->rows;
    load->file->stored = ret->stored;
    load->file->rejected = ret->rejected;
    load->file->events = ret->events;
    return code;
}
