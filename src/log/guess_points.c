#include "log/guess_points.h"

#include "log/names.h"

static bool most(size_t part, size_t whole, size_t pct)
{
    return whole > 0 && part * 100 >= whole * pct;
}

static bool are_dates(const struct column_stats *stats)
{
    return stats->format.kind == TIME_CALENDAR && most(stats->times, stats->filled, 90);
}

static int points_time(const struct column_stats *stats, int name)
{
    bool number = stats->format.kind == TIME_EPOCH || stats->format.kind == TIME_SERIAL;
    if (!most(stats->times, stats->filled, 50) || (number && name == 0))
        return 0;
    int points = name + 20;
    if (name == 0)
        points = most(stats->times, stats->filled, 90) ? 50 : 0;
    if (points && stats->format.has_clock)
        points += 4;
    return name_is_other_time(stats->plain) ? points / 4 : points;
}

static int points_customer(const struct column_stats *stats, size_t rows, int name)
{
    bool alone = stats->filled > 10 && stats->distinct == stats->filled;
    if (are_dates(stats) || stats->mean_len > 100)
        return 0;
    if (name > 0 && name <= 40 && alone)
        return 0; /* a plain "id" that never recurs numbers the rows */
    if (stats->filled * 2 < rows)
        name /= 2;
    return name;
}

static int points_activity(const struct column_stats *stats, int name)
{
    bool alone = stats->filled > 20 && stats->distinct * 10 > stats->filled * 9;
    if (are_dates(stats) || stats->mean_len > 120 || stats->contacts * 2 > stats->filled)
        return 0;
    if (name < 90 && (alone || most(stats->numbers, stats->filled, 90)))
        return 0; /* a weak name over texts that never recur, or over numbers */
    return name;
}

static int points_text(const struct column_stats *stats, int name)
{
    bool prose = stats->mean_len >= 40 && most(stats->spaced, stats->filled, 70) &&
                 stats->distinct * 2 > stats->filled;
    if (are_dates(stats) || most(stats->numbers, stats->filled, 90))
        return 0;
    if (name == 0)
        return prose && stats->filled >= 3 ? 32 : 0;
    return prose ? name + 10 : name;
}

static int points_channel(const struct column_stats *stats, int name)
{
    bool channels = most(stats->channels, stats->filled, 60);
    if (are_dates(stats) || most(stats->numbers, stats->filled, 50))
        return 0;
    if (name < 90 && name > 0 && !channels)
        return name / 2; /* "origine" of what? */
    return channels && name > 0 ? name + 10 : name;
}

static int points_score(const struct column_stats *stats, int name)
{
    bool fits = most(stats->numbers, stats->filled, 60) && stats->low >= -10 &&
                stats->high <= 100;
    return fits ? name : 0;
}

int guess_points(enum role role, const struct column_stats *stats, size_t rows)
{
    int name = name_points(role, stats->plain);
    if (stats->filled == 0)
        return rows == 0 ? name : 0;
    switch (role) {
    case ROLE_TIME:
        return points_time(stats, name);
    case ROLE_CUSTOMER:
        return points_customer(stats, rows, name);
    case ROLE_ACTIVITY:
        return points_activity(stats, name);
    case ROLE_TEXT:
        return points_text(stats, name);
    case ROLE_CHANNEL:
        return points_channel(stats, name);
    case ROLE_SCORE:
        return points_score(stats, name);
    case ROLE_TOUCHPOINT:
    case ROLE_ACTOR:
    case ROLE_SOURCE_ID:
        return are_dates(stats) ? 0 : name;
    case ROLE_IGNORE:
    case ROLE_ATTRIBUTE:
    case ROLE_COUNT:
        break;
    }
    return 0;
}

int guess_points_by_values(enum role role, const struct column_stats *stats, size_t rows)
{
    bool recur = stats->distinct * 20 <= stats->filled * 19 || rows <= 3;
    bool fractions = stats->whole < stats->numbers;
    if (!most(stats->filled, rows, 80) || are_dates(stats) || fractions)
        return 0;
    if (role == ROLE_CUSTOMER) {
        if (most(stats->contacts, stats->filled, 80))
            return 1000000;
        /* The column with most different values that still recur. */
        return recur && stats->mean_len <= 60 ? (int)stats->distinct + 1 : 0;
    }
    if (role == ROLE_ACTIVITY) {
        bool words = stats->numbers * 10 < stats->filled && stats->mean_len >= 2 &&
                     stats->mean_len <= 60;
        /* Any will do: the leftmost is taken, as exports go from who and what to details.
         */
        return recur && words && stats->distinct <= 500 ? 1 + (stats->distinct > 1) : 0;
    }
    if (role == ROLE_CHANNEL)
        return most(stats->channels, stats->filled, 60);
    return 0;
}

int guess_points_clock(const struct column_stats *stats)
{
    int name = name_points_clock(stats->plain);
    if (!most(stats->clocks, stats->filled, 90) || name_is_other_time(stats->plain))
        return 0;
    if (name > 0)
        return name;
    return most(stats->colon_clocks, stats->filled, 90) ? 30 : 0;
}

enum score_scale guess_scale(const struct column_stats *stats)
{
    enum score_scale named = name_scale(stats->plain);
    bool valence = stats->low >= -2 && stats->high <= 2;
    if (stats->low < 0 || (named == SCALE_VALENCE && valence)) /* nobody need feel bad */
        return valence ? SCALE_VALENCE : SCALE_NONE;
    if (named == SCALE_NPS && stats->high <= 10)
        return SCALE_NPS;
    if ((named == SCALE_CES || named == SCALE_CSAT) && stats->high <= 7)
        return named;
    if (stats->high <= 5)
        return SCALE_STARS;
    if (stats->high <= 7)
        return SCALE_CES;
    return stats->high <= 10 ? SCALE_NPS : SCALE_NONE;
}
