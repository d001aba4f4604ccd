/* A table as JSON: {"name": [{"column": value…}…]}. */
#include "app/json.h"
#include "base/date.h"
#include "cli/run.h"

#include <math.h>

static json_t *time_value(double at_us)
{
    struct date date = date_from_us((int64_t)at_us);
    return json_sprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", date.year, date.month, date.day,
                        date.hour, date.minute, date.second);
}

static json_t *cell_value(const struct column *column, struct cell cell)
{
    if (column->kind == CELL_TEXT)
        return json_text(cell.text);
    if (!isfinite(cell.number))
        return json_null();
    if (column->kind == CELL_TIME)
        return time_value(cell.number);
    return column->kind == CELL_COUNT ? json_count((uint64_t)cell.number)
                                      : json_real(cell.number);
}

static json_t *row_value(const struct table *table, const struct cell *cells)
{
    json_t *row = json_object();
    for (size_t c = 0; row && c < table->column_count; c++) {
        const struct column *column = &table->columns[c];
        if (column->name &&
            json_object_set_new(row, column->name, cell_value(column, cells[c])) != 0) {
            json_decref(row);
            return NULL;
        }
    }
    return row;
}

static json_t *table_value(const struct table *table)
{
    json_t *rows = json_array();
    for (size_t at = 0; rows && at < table->count; at += table->column_count)
        if (json_array_append_new(rows, row_value(table, table->cells + at)) != 0) {
            json_decref(rows);
            return NULL;
        }
    return rows;
}

enum vg_code run_table(struct run *run, const char *name, struct table *table,
                       struct vg_err *err)
{
    if (!run->request.json)
        return table_print(table, &run->screen, err);
    if (table->failed)
        return err_memory(err);
    return run_json(run, json_pack("{s:o}", name, table_value(table)), err);
}
