#include "log/guess.h"

#include "base/lang.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "log/fill_down.h"
#include "log/guess_parts.h"
#include "log/guess_points.h"
#include "log/header.h"
#include "log/names.h"

#include <stdio.h>

bool guess_note(struct guess *guess, struct arena *arena, const char *note)
{
    if (!note)
        return false;
    guess->notes = arena_grow(arena, guess->notes, guess->note_count,
                              &guess->note_capacity, sizeof *guess->notes);
    if (!guess->notes)
        return false;
    guess->notes[guess->note_count++] = note;
    return true;
}

void guess_say(struct guessing *g, const char *text)
{
    g->memory |= !guess_note(g->guess, g->arena, text);
}

void guess_give(struct guessing *g, size_t column, enum role role, const char *reason)
{
    g->guess->columns[column].role = role;
    g->guess->columns[column].reason = reason;
    g->memory |= reason == NULL;
}

size_t guess_column_with(const struct guessing *g, enum role role)
{
    for (size_t i = 0; i < g->guess->column_count; i++)
        if (g->guess->columns[i].role == role)
            return i;
    return SIZE_MAX;
}

/* ---- names ---- */

static enum vg_code name_columns(struct guessing *g, const struct header *header,
                                 str **ret_names, struct vg_err *err)
{
    const struct grid *grid = g->grid;
    struct guess *guess = g->guess;
    bool named = header->row != SIZE_MAX || grid->keys.count > 0;
    str *names = arena_array(g->arena, str, header->columns + 1);
    guess->columns = arena_array(g->arena, struct read_column, header->columns + 1);
    if (!names || !guess->columns)
        return err_memory(err);
    guess->column_count = header->columns;
    for (size_t i = 0; i < header->columns; i++) {
        const struct grid_row *row =
            named && !grid->keys.count ? &grid->rows[header->row] : NULL;
        str name = grid->keys.count        ? dict_str(&grid->keys, (uint32_t)i)
                   : row && i < row->count ? row->cells[i]
                                           : STR("");
        struct buf repaired = {0};
        utf8_append_repaired(&repaired, utf8_head(name, 120));
        names[i] = arena_str(g->arena, buf_str(&repaired));
        bool failed = repaired.failed || !names[i].ptr;
        buf_free(&repaired);
        guess->columns[i].name =
            names[i].len ? names[i].ptr : arena_printf(g->arena, _("column %zu"), i + 1);
        if (failed || !guess->columns[i].name)
            return err_memory(err);
    }
    *ret_names = names;
    return VG_OK;
}

/* "/x/recensioni_2025.csv.gz" → "recensioni": the name without folders, endings, and the
 * numbers and dates that people put behind it. */
static str stem_of(const char *path)
{
    str stem = str_from(path);
    for (size_t i = stem.len; i > 0; i--)
        if (stem.ptr[i - 1] == '/') {
            stem = (str){stem.ptr + i, stem.len - i};
            break;
        }
    const char *point = stem.len > 1 ? memchr(stem.ptr + 1, '.', stem.len - 1) : NULL;
    if (point)
        stem.len = (size_t)(point - stem.ptr);
    size_t n = stem.len;
    while (n > 0 && strchr("0123456789_-. ()", stem.ptr[n - 1]))
        n--;
    return (str){stem.ptr, n ? n : stem.len};
}

/* What happens in a file in which nothing says so. */
str guess_file_activity(const struct guessing *g)
{
    return strcmp(g->grid->name, "-") == 0
               ? str_from(_c("name of an activity", "contact"))
               : stem_of(g->grid->name);
}

/* ---- what the options say ---- */

/* "#3", or a header however it is written. SIZE_MAX: there is none. */
static size_t find_column(struct guessing *g, const char *wanted)
{
    int64_t place;
    if (wanted[0] == '#' && str_to_i64(str_from(wanted + 1), &place))
        return place >= 1 && (uint64_t)place <= g->guess->column_count ? (size_t)place - 1
                                                                       : SIZE_MAX;
    for (size_t i = 0; i < g->guess->column_count; i++)
        if (strcmp(g->guess->columns[i].name, wanted) == 0)
            return i;
    str plain = name_plain(g->arena, str_from(wanted));
    g->memory |= plain.ptr == NULL;
    for (size_t i = 0; i < g->guess->column_count && plain.len; i++)
        if (str_equal(g->stats[i].plain, plain))
            return i;
    return SIZE_MAX;
}

static enum vg_code no_such_column(struct guessing *g, const char *wanted,
                                   struct vg_err *err)
{
    struct buf names = {0};
    for (size_t i = 0; i < g->guess->column_count && names.len < 400; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", g->guess->columns[i].name);
    err_set(err, VG_ERR_NOT_FOUND, g->grid->name, _("there is no column \"%s\""), wanted);
    if (names.len)
        err_hint(err, _("the columns are: %s"), names.ptr);
    buf_free(&names);
    return VG_ERR_NOT_FOUND;
}

/* Several columns of dates: each is an event. */
static enum vg_code obey_times(struct guessing *g, struct vg_err *err)
{
    const struct read_options *options = g->options;
    if (options->time_count < 2)
        return VG_OK;
    if (options->column[ROLE_ACTIVITY] || options->activity_fixed) {
        err_set(err, VG_ERR_USAGE, NULL, "%s",
                _("with several --time each date is an event named after its column"));
        return err_hint(
            err, "%s", _("leave out --activity and --activity-name, or give one --time"));
    }
    for (size_t i = 0; i < options->time_count; i++) {
        size_t column = find_column(g, options->times[i]);
        if (column == SIZE_MAX)
            return no_such_column(g, options->times[i], err);
        if (!guess_moment(g, column, _("chosen by option")))
            return err_memory(err);
        g->fixed[column] = true;
    }
    return VG_OK;
}

static enum vg_code obey(struct guessing *g, struct vg_err *err)
{
    const struct read_options *options = g->options;
    for (int role = 0; role < ROLE_COUNT; role++) {
        const char *wanted = options->column[role];
        if (role == ROLE_CUSTOMER && options->journey)
            wanted = options->journey;
        if (!wanted)
            continue;
        size_t column = find_column(g, wanted);
        if (column == SIZE_MAX)
            return no_such_column(g, wanted, err);
        guess_give(g, column, (enum role)role,
                   role == ROLE_CUSTOMER && options->journey
                       ? _("chosen by option: each value is a journey")
                       : _("chosen by option"));
        g->fixed[column] = true;
    }
    enum vg_code code = obey_times(g, err);
    if (code != VG_OK)
        return code;
    for (size_t i = 0; i < options->attribute_count; i++) {
        size_t column = find_column(g, options->attributes[i]);
        if (column == SIZE_MAX || g->fixed[column])
            continue; /* another file may have it: read_files asks for one that does */
        guess_give(g, column, ROLE_ATTRIBUTE, _("kept, as asked"));
        g->fixed[column] = true;
    }
    return VG_OK;
}

/* ---- what names and values say ---- */

const char *guess_reason(struct guessing *g, enum role role, size_t column, bool by_name)
{
    const struct column_stats *stats = &g->stats[column];
    const char *header = g->guess->columns[column].name;
    struct buf format = {0};
    const char *reason = NULL;
    size_t rows = g->grid->row_count - g->guess->first_row;
    if (role == ROLE_TIME) {
        time_format_write(&stats->format, &format);
        const char *form = format.len ? format.ptr : "?";
        reason = by_name ? arena_printf(g->arena,
                                        _("named \"%s\", and its values are "
                                          "dates (%s)"),
                                        header, form)
                         : arena_printf(g->arena, _("its values are dates (%s)"), form);
    } else if (by_name) {
        reason = arena_printf(g->arena, _("\"%s\" is a name for: %s"), header,
                              role_text(role));
    } else if (role == ROLE_CUSTOMER || role == ROLE_ACTIVITY) {
        reason =
            arena_printf(g->arena,
                         _("no name says so; %zu different values recur in the first %zu "
                           "rows"),
                         stats->distinct, rows);
    } else if (role == ROLE_CHANNEL) {
        reason = _("its values are names of channels");
    } else {
        reason = _("long texts, hardly two alike");
    }
    buf_free(&format);
    return reason;
}

/* The surest pair of role and column first, then the next among what is left. */
static void assign(struct guessing *g)
{
    for (;;) {
        int best = 29;
        size_t best_column = 0;
        enum role best_role = ROLE_IGNORE;
        for (int role = ROLE_CUSTOMER; role <= ROLE_SOURCE_ID; role++) {
            bool no_activity = role == ROLE_ACTIVITY &&
                               (g->options->activity_fixed || g->guess->moment_count);
            if (guess_column_with(g, (enum role)role) != SIZE_MAX || no_activity)
                continue;
            for (size_t i = 0; i < g->guess->column_count; i++) {
                if (g->guess->columns[i].role != ROLE_IGNORE || g->fixed[i])
                    continue;
                int points = guess_points((enum role)role, &g->stats[i],
                                          g->grid->row_count - g->guess->first_row);
                if (points > best) {
                    best = points;
                    best_column = i;
                    best_role = (enum role)role;
                }
            }
        }
        if (best_role == ROLE_IGNORE)
            return;
        bool by_name = name_points(best_role, g->stats[best_column].plain) > 0;
        guess_give(g, best_column, best_role,
                   guess_reason(g, best_role, best_column, by_name));
    }
}

/* Roles that no name gave away, from the values alone. */
static void assign_by_values(struct guessing *g, enum role role)
{
    int best = 0;
    size_t best_column = SIZE_MAX;
    if (guess_column_with(g, role) != SIZE_MAX)
        return;
    for (size_t i = 0; i < g->guess->column_count; i++) {
        if (g->guess->columns[i].role != ROLE_IGNORE || g->fixed[i])
            continue;
        int points = guess_points_by_values(role, &g->stats[i],
                                            g->grid->row_count - g->guess->first_row);
        if (points > best) {
            best = points;
            best_column = i;
        }
    }
    if (best_column != SIZE_MAX)
        guess_give(g, best_column, role, guess_reason(g, role, best_column, false));
}

/* ---- time ---- */

static bool always_midnight(const struct guessing *g, size_t column)
{
    const struct time_format *format = &g->stats[column].format;
    if (!format->has_clock)
        return true;
    for (size_t i = g->guess->first_row; i < g->grid->row_count; i++) {
        const struct grid_row *row = &g->grid->rows[i];
        int64_t at_us;
        struct time_format utc = *format;
        utc.zone = NULL;
        if (column < row->count && time_parse(&utc, row->cells[column], &at_us) &&
            at_us % US_PER_DAY != 0)
            return false;
    }
    return true;
}

/* The time of day beside the date, in a column of its own. */
static void find_clock(struct guessing *g)
{
    struct guess *guess = g->guess;
    int best = 0;
    if (guess->format.kind == TIME_EPOCH || !always_midnight(g, guess->time))
        return;
    for (size_t i = 0; i < guess->column_count; i++) {
        const struct column_stats *stats = &g->stats[i];
        if (guess->columns[i].role != ROLE_IGNORE || g->fixed[i])
            continue;
        int points = guess_points_clock(stats);
        if (points && (i == guess->time + 1 || i + 1 == guess->time))
            points += 10;
        if (points > best) {
            best = points;
            guess->clock = i;
        }
    }
    if (guess->clock == SIZE_MAX)
        return;
    guess_give(g, guess->clock, ROLE_TIME,
               arena_printf(g->arena, _("times of day, joined to the dates of \"%s\""),
                            guess->columns[guess->time].name));
}

static void settle_time(struct guessing *g)
{
    struct guess *guess = g->guess;
    guess_orders(guess);
    guess->time =
        guess->moment_count ? guess->moments[0].column : guess_column_with(g, ROLE_TIME);
    if (guess->time == SIZE_MAX)
        return;
    guess->format =
        guess->moment_count ? guess->moments[0].format : g->stats[guess->time].format;
    if (!guess->moment_count)
        find_clock(g);
    if (!guess->format.assumed)
        return;
    struct buf form = {0};
    time_format_write(&guess->format, &form);
    guess_say(g,
              arena_printf(g->arena,
                           _("no date tells the day from the month: they are read as %s "
                             "(--date-order says otherwise)"),
                           form.len ? form.ptr : ""));
    buf_free(&form);
}

/* ---- score ---- */

static void settle_score(struct guessing *g)
{
    size_t column = guess_column_with(g, ROLE_SCORE);
    struct guess *guess = g->guess;
    if (column == SIZE_MAX)
        return;
    const struct column_stats *stats = &g->stats[column];
    guess->decimal_comma = stats->with_comma > stats->with_point;
    guess->scale = g->options->scale;
    if (guess->scale == SCALE_NONE)
        guess->scale = guess_scale(stats);
    static const char *const names[] = {
        "",         N_("stars, 1 to 5"), N_("NPS, 0 to 10"),
        N_("CSAT"), N_("CES, 1 to 7"),   N_("intensity, −2 to +2")};
    if (g->fixed[column] || guess->scale == SCALE_NONE)
        return;
    int decimals = stats->whole < stats->numbers;
    const char *low = text_number(g->arena, stats->low, decimals);
    const char *high = text_number(g->arena, stats->high, decimals);
    guess_give(g, column, ROLE_SCORE,
               low && high
                   ? arena_printf(g->arena, _("\"%s\", with values from %s to %s: %s"),
                                  guess->columns[column].name, low, high,
                                  _(names[guess->scale]))
                   : NULL);
}

/* ---- activity ---- */

static void settle_activity(struct guessing *g)
{
    struct guess *guess = g->guess;
    if (guess->moment_count)
        return;
    if (g->options->activity_fixed) {
        guess->activity_fixed = str_from(g->options->activity_fixed);
        return;
    }
    bool opinion = guess_column_with(g, ROLE_SCORE) != SIZE_MAX ||
                   guess_column_with(g, ROLE_TEXT) != SIZE_MAX;
    if (!opinion)
        assign_by_values(g, ROLE_ACTIVITY);
    if (guess_column_with(g, ROLE_ACTIVITY) != SIZE_MAX)
        return;
    bool standard = strcmp(g->grid->name, "-") == 0;
    str stem = guess_file_activity(g);
    guess->activity_fixed = arena_str(g->arena, stem);
    g->memory |= !guess->activity_fixed.ptr;
    guess_say(g, arena_printf(
                     g->arena,
                     standard ? _("no column says what happened: every row is \"%.*s\" "
                                  "(--activity-name says otherwise)")
                              : _("no column says what happened: every row is \"%.*s\", "
                                  "after the file’s name (--activity-name says "
                                  "otherwise)"),
                     STR_ARG(stem)));
}

/* ---- the rest ---- */

/* Columns that a question names, unless they are something already. */
static void settle_asked(struct guessing *g)
{
    for (size_t i = 0; i < g->options->asked_count; i++) {
        size_t column = find_column(g, g->options->asked[i]);
        if (column == SIZE_MAX || g->fixed[column])
            continue;
        enum role role = g->guess->columns[column].role;
        if (role == ROLE_IGNORE || role == ROLE_SOURCE_ID)
            guess_give(g, column, ROLE_ATTRIBUTE, _("kept: the question is about it"));
    }
}

static void settle_rest(struct guessing *g)
{
    size_t own_number = guess_column_with(g, ROLE_SOURCE_ID);
    if (g->options->all_attributes && own_number != SIZE_MAX)
        guess_give(g, own_number, ROLE_ATTRIBUTE,
                   _("kept: the row’s own number in its system"));
    for (size_t i = 0; i < g->guess->column_count; i++) {
        if (g->guess->columns[i].role != ROLE_IGNORE || g->fixed[i])
            continue;
        bool other_customer =
            g->options->journey && name_points(ROLE_CUSTOMER, g->stats[i].plain) >= 60;
        if (name_is_lifecycle(g->stats[i].plain))
            guess_give(g, i, ROLE_ATTRIBUTE,
                       _("kept: it tells beginning from completion"));
        else if (other_customer)
            guess_give(g, i, ROLE_ATTRIBUTE, _("the customer, kept beside the journey"));
        else if (g->options->all_attributes)
            guess_give(g, i, ROLE_ATTRIBUTE, _("kept, as all columns are"));
        else if (g->stats[i].filled == 0)
            guess_give(g, i, ROLE_IGNORE, _("it is empty"));
        else
            guess_give(g, i, ROLE_IGNORE, _("not needed (--attribute keeps it)"));
    }
}

/* `option` names what is missing; NULL: nothing can, the file has too little in it. */
static enum vg_code missing(const struct guessing *g, const char *what,
                            const char *option, struct vg_err *err)
{
    struct buf names = {0};
    for (size_t i = 0; i < g->guess->column_count && names.len < 250; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", g->guess->columns[i].name);
    err_set(err, VG_ERR_INPUT, g->grid->name, "%s", what);
    const char *columns = names.len ? names.ptr : "–";
    if (option)
        err_hint(err, _("name it with %s; the columns are: %s"), option, columns);
    else
        err_hint(err, _("export it again, with its rows; the columns are: %s"), columns);
    buf_free(&names);
    return VG_ERR_INPUT;
}

static enum vg_code guess_all(struct guessing *g, struct vg_err *err)
{
    enum vg_code code = obey(g, err);
    if (code != VG_OK)
        return code;
    assign(g);
    assign_by_values(g, ROLE_CUSTOMER);
    guess_wide(g);
    settle_time(g);
    fill_down_hint(g);
    settle_score(g);
    /* Calls and visits may be what happened as well as the channel: where names say
     * nothing, what happened comes first. */
    bool named = g->guess->header != SIZE_MAX || g->grid->keys.count > 0;
    if (named)
        assign_by_values(g, ROLE_CHANNEL);
    settle_activity(g);
    assign_by_values(g, ROLE_CHANNEL);
    settle_asked(g);
    settle_rest(g);
    if (g->memory)
        return err_memory(err);
    if (g->guess->first_row >= g->grid->row_count)
        return missing(g, _("there is a header, but not one row below it"), NULL, err);
    if (guess_column_with(g, ROLE_CUSTOMER) == SIZE_MAX)
        return missing(g, _("no column says which customer it was"), "--customer", err);
    if (g->guess->time == SIZE_MAX)
        return missing(g, _("no column says when it happened"), "--time", err);
    return VG_OK;
}

enum vg_code guess_columns(const struct grid *grid, const struct read_options *options,
                           const struct time_zone *zone, struct guess *ret,
                           struct vg_err *err)
{
    struct header header;
    str *names = NULL;
    *ret = (struct guess){.header = SIZE_MAX, .time = SIZE_MAX, .clock = SIZE_MAX};
    enum vg_code code = header_find(grid, &header, err);
    if (code != VG_OK)
        return code;
    struct guessing *g = arena_new(grid->arena, struct guessing);
    if (!g)
        return err_memory(err);
    *g = (struct guessing){
        .arena = grid->arena, .grid = grid, .options = options, .guess = ret};
    ret->header = header.row;
    ret->first_row = header.first_data;
    code = name_columns(g, &header, &names, err);
    if (code != VG_OK)
        return code;
    if (!fill_down_sample(g, names))
        return err_memory(err);
    bool named = header.row != SIZE_MAX || grid->keys.count > 0;
    g->stats =
        column_stats_make(grid->arena, grid, header.first_data, named ? names : NULL,
                          header.columns, options->date_order, zone);
    return g->stats ? guess_all(g, err) : err_memory(err);
}
