#include "log/fill_down.h"

#include "base/lang.h"
#include "log/names.h"

#include <stdlib.h>

/* ---- in the sample ---- */

static bool wanted(struct guessing *g, size_t column, str plain)
{
    const struct read_options *options = g->options;
    int64_t place;
    for (size_t i = 0; i < options->fill_down_count; i++) {
        const char *name = options->fill_down[i];
        if (name[0] == '#' && str_to_i64(str_from(name + 1), &place)) {
            if (place == (int64_t)column + 1)
                return true;
            continue;
        }
        str asked = name_plain(g->arena, str_from(name));
        g->memory |= !asked.ptr;
        if (strcmp(g->guess->columns[column].name, name) == 0 ||
            (plain.len && str_equal(plain, asked)))
            return true;
    }
    return false;
}

static bool sample_fill(struct guessing *g, size_t column)
{
    str above = STR("");
    for (size_t i = g->guess->first_row; i < g->grid->row_count; i++) {
        struct grid_row *row = &g->grid->rows[i];
        str cell = column < row->count ? row->cells[column] : STR("");
        if (cell.len || !above.len) {
            above = cell;
            continue;
        }
        size_t count = row->count > column ? row->count : column + 1;
        str *cells = arena_array(g->arena, str, count);
        if (!cells)
            return false;
        for (size_t c = 0; c < count; c++)
            cells[c] = c < row->count ? row->cells[c] : STR("");
        cells[column] = above;
        row->cells = cells;
        row->count = count;
    }
    return true;
}

bool fill_down_sample(struct guessing *g, const str *names)
{
    for (size_t c = 0; c < g->guess->column_count && g->options->fill_down_count; c++) {
        str plain = name_plain(g->arena, names[c]);
        if (!plain.ptr)
            return false;
        if (!wanted(g, c, plain))
            continue;
        g->guess->columns[c].filled = true;
        if (!sample_fill(g, c))
            return false;
        guess_say(g, arena_printf(g->arena,
                                  _("empty cells of \"%s\" take the value of the row "
                                    "above (--fill-down)"),
                                  g->guess->columns[c].name));
    }
    return !g->memory;
}

/* ---- a hint ---- */

void fill_down_hint(struct guessing *g)
{
    size_t column = guess_column_with(g, ROLE_CUSTOMER), time = g->guess->time;
    if (column == SIZE_MAX || time == SIZE_MAX || g->guess->columns[column].filled)
        return;
    size_t below = 0, rows = g->grid->row_count - g->guess->first_row;
    bool any = false;
    for (size_t i = g->guess->first_row; i < g->grid->row_count; i++) {
        const struct grid_row *row = &g->grid->rows[i];
        bool there = column < row->count && row->cells[column].len;
        bool dated = time < row->count && row->cells[time].len;
        below += any && !there && dated;
        any |= there;
    }
    /* A merged cell stands once for each group; where customers come again and again, an
     * empty cell is a customer nobody knows. */
    const struct column_stats *stats = &g->stats[column];
    if (below < 2 || below * 10 < rows || stats->distinct * 10 < stats->filled * 9)
        return;
    const char *name = g->guess->columns[column].name;
    g->guess->columns[column].merged = below;
    const char *count = text_count(g->arena, below);
    guess_say(g, count ? arena_printf(g->arena,
                                      _n("%s row has no \"%s\" and stands below one "
                                         "that has, as where cells were merged: "
                                         "--fill-down \"%s\" takes it from above",
                                         "%s rows have no \"%s\" and stand below one "
                                         "that has, as where cells were merged: "
                                         "--fill-down \"%s\" takes it from above",
                                         below),
                                      count, name, name)
                       : NULL);
}

/* ---- row by row ---- */

static bool room_make(struct fill_down *fill, const struct guess *guess, size_t count)
{
    if (!fill->above &&
        !(fill->above = calloc(guess->column_count + 1, sizeof *fill->above)))
        return false;
    if (count <= fill->capacity)
        return true;
    free(fill->cells);
    fill->capacity = 0;
    if (!(fill->cells = calloc(count, sizeof *fill->cells)))
        return false;
    fill->capacity = count;
    return true;
}

static bool cell_fill(struct fill_down *fill, size_t column)
{
    struct buf *above = &fill->above[column];
    str *cell = &fill->cells[column];
    if (cell->len) {
        buf_clear(above);
        buf_add(above, *cell);
    } else if (above->len) {
        *cell = buf_str(above);
        fill->filled++;
    }
    return !above->failed;
}

bool fill_down_row(struct fill_down *fill, const struct guess *guess,
                   const struct grid_cells *row, struct grid_cells *ret)
{
    size_t count = row->count > guess->column_count ? row->count : guess->column_count;
    if (!room_make(fill, guess, count))
        return false;
    *ret = *row;
    for (size_t c = 0; row->fault && c < guess->column_count; c++)
        buf_clear(&fill->above[c]);
    if (row->fault)
        return true;
    for (size_t c = 0; c < count; c++)
        fill->cells[c] = c < row->count ? row->cells[c] : STR("");
    for (size_t c = 0; c < guess->column_count; c++)
        if (guess->columns[c].filled && !cell_fill(fill, c))
            return false;
    ret->cells = fill->cells;
    ret->count = count;
    return true;
}

void fill_down_free(struct fill_down *fill, const struct guess *guess)
{
    for (size_t c = 0; fill->above && c < guess->column_count; c++)
        buf_free(&fill->above[c]);
    free(fill->above);
    free(fill->cells);
    *fill = (struct fill_down){0};
}
