#include "log/column_stats.h"

#include "base/hash.h"
#include "log/names.h"
#include "log/nothing.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static size_t count_distinct(uint64_t *hashes, size_t count)
{
    size_t distinct = 0;
    qsort(hashes, count, sizeof *hashes, by_value);
    for (size_t i = 0; i < count; i++)
        distinct += i == 0 || hashes[i] != hashes[i - 1];
    return distinct;
}

static void add_number(struct column_stats *stats, str value)
{
    bool comma = memchr(value.ptr, ',', value.len) != NULL;
    bool point = memchr(value.ptr, '.', value.len) != NULL;
    double number;
    if (!str_to_double(value, comma, &number))
        return;
    stats->low = stats->numbers == 0 || number < stats->low ? number : stats->low;
    stats->high = stats->numbers == 0 || number > stats->high ? number : stats->high;
    stats->numbers++;
    stats->whole += number == floor(number);
    stats->with_comma += comma;
    stats->with_point += point;
}

static bool has_digit(str value)
{
    for (size_t i = 0; i < value.len; i++)
        if (value.ptr[i] >= '0' && value.ptr[i] <= '9')
            return true;
    return false;
}

static void add_value(struct column_stats *stats, struct arena *scratch, str value)
{
    int64_t ignored;
    stats->filled++;
    stats->mean_len += (double)value.len;
    add_number(stats, value);
    bool colon = memchr(value.ptr, ':', value.len) != NULL;
    bool clock = time_of_day_parse(value, &ignored);
    stats->clocks += clock;
    stats->colon_clocks += clock && colon;
    stats->spaced += memchr(value.ptr, ' ', value.len) != NULL;
    const char *at = memchr(value.ptr, '@', value.len);
    stats->contacts += at && at > value.ptr &&
                       memchr(at, '.', value.len - (size_t)(at - value.ptr)) != NULL;
    if (value.len <= 40 && !has_digit(value)) { /* no name of a channel has one */
        str plain = name_plain(scratch, value);
        stats->channels += plain.ptr && name_is_channel(plain);
    }
}

static bool fill(struct arena *scratch, const struct grid *grid, size_t first_row,
                 size_t column, char order, const struct time_zone *zone,
                 struct column_stats *stats)
{
    size_t rows = grid->row_count - first_row;
    uint64_t *hashes = arena_array(scratch, uint64_t, rows + 1);
    str *values = arena_array(scratch, str, rows + 1);
    if (!hashes || !values)
        return false;
    for (size_t i = 0; i < rows; i++) {
        const struct grid_row *row = &grid->rows[first_row + i];
        if (column >= row->count || row->cells[column].len == 0 ||
            cell_is_nothing(row->cells[column]))
            continue;
        str value = row->cells[column];
        values[stats->filled] = value;
        hashes[stats->filled] = hash_bytes(value.ptr, value.len);
        add_value(stats, scratch, value);
    }
    stats->mean_len /= stats->filled ? (double)stats->filled : 1;
    stats->distinct = count_distinct(hashes, stats->filled);
    stats->format = time_guess(values, stats->filled, order, zone, &stats->times);
    return true;
}

struct column_stats *column_stats_make(struct arena *arena, const struct grid *grid,
                                       size_t first_row, const str *names, size_t count,
                                       char order, const struct time_zone *zone)
{
    struct column_stats *all = arena_array(arena, struct column_stats, count + 1);
    if (!all)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        struct arena *scratch = arena_open(0);
        bool done = scratch && fill(scratch, grid, first_row, i, order, zone, &all[i]);
        arena_close(scratch);
        all[i].plain = names ? name_plain(arena, names[i]) : STR("");
        if (!done || !all[i].plain.ptr)
            return NULL;
    }
    return all;
}
