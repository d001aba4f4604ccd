#include "log/header.h"

#include "base/utf8.h"
#include "log/names.h"
#include "text/time_format.h"

enum { TITLES_MAX = 40, BELOW_MAX = 50 };

static size_t filled_cells(const struct grid_row *row)
{
    size_t filled = 0;
    for (size_t i = 0; i < row->count; i++)
        filled += row->cells[i].len > 0;
    return filled;
}

/* How many cells most rows have filled; the larger number where two are as common. */
static size_t usual_width(const struct grid *grid)
{
    size_t tally[256] = {0}, best = 0;
    for (size_t i = 0; i < grid->row_count; i++) {
        size_t filled = filled_cells(&grid->rows[i]);
        tally[filled < COUNT_OF(tally) ? filled : COUNT_OF(tally) - 1]++;
    }
    for (size_t i = 1; i < COUNT_OF(tally); i++)
        if (tally[i] > 0 && (best == 0 || tally[i] >= tally[best]))
            best = i;
    return best;
}

static bool is_number(str value)
{
    double ignored;
    return str_to_double(value, true, &ignored) || str_to_double(value, false, &ignored);
}

static bool is_time(str value)
{
    static const struct time_format forms[] = {{.kind = TIME_CALENDAR, .order = 'd'},
                                               {.kind = TIME_CALENDAR, .order = 'm'}};
    int64_t ignored;
    return time_parse(&forms[0], value, &ignored) ||
           time_parse(&forms[1], value, &ignored) || time_of_day_parse(value, &ignored);
}

/* Only names: neither numbers nor dates, nor addresses; none very long. `ret_twice`: a
 * name comes again, as exports of joined tables have it. */
static bool could_name(const struct grid_row *row, bool *ret_twice)
{
    *ret_twice = false;
    for (size_t i = 0; i < row->count; i++) {
        str cell = row->cells[i];
        if (cell.len == 0)
            continue;
        if (cell.len > 120 || is_number(cell) || is_time(cell) ||
            memchr(cell.ptr, '@', cell.len))
            return false;
        for (size_t j = 0; j < i; j++)
            *ret_twice |= str_equal(cell, row->cells[j]);
    }
    return true;
}

static enum vg_code has_known_name(const struct grid_row *row, bool *ret,
                                   struct vg_err *err)
{
    struct arena *arena = arena_open(0);
    enum vg_code code = arena ? VG_OK : err_memory(err);
    size_t known = 0;
    for (size_t i = 0; i < row->count && code == VG_OK; i++) {
        str plain = name_plain(arena, row->cells[i]);
        if (!plain.ptr)
            code = err_memory(err);
        for (int role = ROLE_CUSTOMER; role <= ROLE_SOURCE_ID && plain.ptr; role++)
            if (name_points((enum role)role, plain) >= 60) {
                known++;
                break;
            }
    }
    arena_close(arena);
    *ret = known >= 2 || (known == 1 && row->count <= 3);
    return code;
}

/* Whether the column below looks unlike the header's cell: dates or numbers, or texts
 * that recur while the header's own does not. */
static bool differs_below(const struct grid *grid, size_t header, size_t column)
{
    size_t end = header + 1 + BELOW_MAX;
    size_t typed = 0, filled = 0, recur = 0;
    str name = grid->rows[header].cells[column];
    if (end > grid->row_count)
        end = grid->row_count;
    for (size_t i = header + 1; i < end; i++) {
        const struct grid_row *row = &grid->rows[i];
        if (column >= row->count || row->cells[column].len == 0)
            continue;
        if (str_equal(row->cells[column], name))
            return false;
        filled++;
        typed += is_number(row->cells[column]) || is_time(row->cells[column]);
        for (size_t j = header + 1; j < i && j < header + 12; j++)
            if (column < grid->rows[j].count &&
                str_equal(grid->rows[j].cells[column], row->cells[column])) {
                recur++;
                break;
            }
    }
    return filled > 0 &&
           (typed * 10 >= filled * 8 || (filled >= 5 && recur * 2 > filled));
}

static enum vg_code is_header(const struct grid *grid, size_t at, bool *ret,
                              struct vg_err *err)
{
    const struct grid_row *row = &grid->rows[at];
    bool twice;
    *ret = false;
    if (!could_name(row, &twice))
        return VG_OK;
    enum vg_code code = has_known_name(row, ret, err);
    if (code != VG_OK || *ret || twice)
        return code;
    for (size_t i = 0; i < row->count && !*ret; i++)
        *ret = row->cells[i].len > 0 && differs_below(grid, at, i);
    return VG_OK;
}

/* As many as the header names; more only when most rows have more: a row with stray
 * delimiters makes no columns. */
static size_t columns_below(const struct grid *grid, size_t header)
{
    size_t named = grid->rows[header].count, wider = 0, widest = named;
    for (size_t i = header + 1; i < grid->row_count; i++) {
        const struct grid_row *row = &grid->rows[i];
        size_t last = row->count;
        while (last > named && row->cells[last - 1].len == 0)
            last--;
        wider += last > named;
        widest = last > widest ? last : widest;
    }
    return wider * 2 > grid->row_count - header - 1 ? widest : named;
}

enum vg_code header_find(const struct grid *grid, struct header *ret, struct vg_err *err)
{
    size_t usual = usual_width(grid);
    *ret = (struct header){.row = SIZE_MAX, .columns = grid->width};
    if (grid->keys.count > 0) { /* keys are names */
        ret->columns = grid->keys.count;
        return VG_OK;
    }
    for (size_t i = 0; i < grid->row_count && i < TITLES_MAX; i++) {
        size_t filled = filled_cells(&grid->rows[i]);
        bool wide = filled * 10 >= usual * 6 && (filled >= 2 || usual < 2);
        bool header, twice;
        if (!wide)
            continue;
        enum vg_code code = is_header(grid, i, &header, err);
        if (code != VG_OK)
            return code;
        if (header) {
            ret->row = i;
            ret->first_data = i + 1;
            ret->columns = columns_below(grid, i);
            return VG_OK;
        }
        /* Data already: nobody names the columns. */
        if (!could_name(&grid->rows[i], &twice) || twice) {
            ret->first_data = i;
            return VG_OK;
        }
    }
    return VG_OK;
}
