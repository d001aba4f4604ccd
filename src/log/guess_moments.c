/* A wide file: each date of a row is an event. */
#include "log/guess_parts.h"

#include "base/lang.h"
#include "log/guess_wide.h"
#include "log/names.h"

/* Each date of the column is an event of its own. False when memory is used up. */
bool guess_moment(struct guessing *g, size_t column, const char *reason)
{
    struct guess *guess = g->guess;
    for (size_t i = 0; i < guess->moment_count; i++)
        if (guess->moments[i].column == column)
            return true;
    if (!guess->moments)
        guess->moments = arena_array(g->arena, struct csv_moment, guess->column_count);
    str activity = wide_activity(g->arena, str_from(guess->columns[column].name));
    if (activity.ptr && activity.len == 0)
        activity = arena_str(g->arena, guess_file_activity(g));
    if (!guess->moments || !activity.ptr)
        return false;
    guess->moments[guess->moment_count++] = (struct csv_moment){
        .column = column, .format = g->stats[column].format, .activity = activity};
    guess_give(g, column, ROLE_TIME,
               arena_printf(g->arena, _("%s: each of its dates is an event, \"%.*s\""),
                            reason, STR_ARG(activity)));
    return true;
}

/* Columns of dates, when each of their dates is an event; 0: the file is not like that.
 * ret: [column_count] true for each of them. */
static size_t find_moments(struct guessing *g, bool *ret)
{
    size_t count = 0, whole = 0;
    for (size_t i = 0; i < g->guess->column_count; i++) {
        const struct read_column *column = &g->guess->columns[i];
        bool free =
            !g->fixed[i] && (column->role == ROLE_IGNORE || column->role == ROLE_TIME);
        str activity = wide_activity(g->arena, str_from(column->name));
        g->memory |= !activity.ptr;
        ret[i] = free && activity.ptr && g->stats[i].filled &&
                 wide_is_moment(&g->stats[i], activity);
        count += ret[i];
        whole += ret[i] && !wide_is_span(activity);
    }
    return whole ? count : 0;
}

/* A date column that is empty in the first rows ("Data annullamento") is one of them. */
static bool is_empty_date(const struct guessing *g, size_t column)
{
    const struct column_stats *stats = &g->stats[column];
    str plain = stats->plain;
    bool named = str_starts(plain, STR("data ")) || str_starts(plain, STR("date ")) ||
                 str_ends(plain, STR(" date")) || str_ends(plain, STR(" at"));
    return stats->filled == 0 && named && !name_is_other_time(plain) &&
           g->guess->columns[column].role == ROLE_IGNORE && !g->fixed[column];
}

/* Dates that do not tell day from month are read as those of the other columns. */
void guess_orders(struct guess *guess)
{
    const struct time_format *told = NULL;
    for (size_t i = 0; i < guess->moment_count && !told; i++) {
        const struct time_format *format = &guess->moments[i].format;
        if (format->kind == TIME_CALENDAR && format->order != 'y' && !format->assumed)
            told = format;
    }
    for (size_t i = 0; i < guess->moment_count; i++) {
        struct time_format *format = &guess->moments[i].format;
        if (format->assumed && told) {
            format->order = told->order;
            format->assumed = false;
        }
        if (format->kind == TIME_NONE) /* nothing in the first rows */
            *format = told ? *told : guess->moments[0].format;
    }
}

/* One row for each quote or order with a column for each date: when no column says what
 * happened, at least two hold dates. A weak name for it ("Stato", "Tipo") gives way to
 * three. */
void guess_wide(struct guessing *g)
{
    const struct read_options *options = g->options;
    struct guess *guess = g->guess;
    bool *moment = arena_array(g->arena, bool, guess->column_count + 1);
    size_t activity = guess_column_with(g, ROLE_ACTIVITY);
    bool named = guess->header != SIZE_MAX || g->grid->keys.count > 0;
    bool said = options->column[ROLE_TIME] || options->column[ROLE_ACTIVITY] ||
                options->activity_fixed;
    g->memory |= !moment;
    if (guess->moment_count || said || !named || !moment)
        return;
    bool weak =
        activity != SIZE_MAX && name_points(ROLE_ACTIVITY, g->stats[activity].plain) < 78;
    size_t count = find_moments(g, moment);
    if (count < (weak ? 3u : 2u) || (activity != SIZE_MAX && !weak))
        return;
    if (weak)
        guess->columns[activity] =
            (struct read_column){.name = guess->columns[activity].name};
    for (size_t i = 0; i < guess->column_count; i++) {
        bool empty = is_empty_date(g, i);
        if (guess->columns[i].role == ROLE_TIME && !moment[i])
            guess_give(g, i, ROLE_IGNORE, _("not needed (--attribute keeps it)"));
        if (moment[i] || empty)
            g->memory |= !guess_moment(g, i,
                                       empty ? _("named like a date, empty so far")
                                             : guess_reason(g, ROLE_TIME, i, false));
    }
    guess_say(
        g, arena_printf(g->arena,
                        _("no column says what happened and %zu hold dates: each date "
                          "is an event, named after its column (--time COLUMN reads only "
                          "that one)"),
                        guess->moment_count));
}
