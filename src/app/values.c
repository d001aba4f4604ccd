/* Declared in app/values.h. */
#include "app/values.h"

#include "base/date.h"
#include "base/str.h"

bool duration_read(const char *text, double *ret_s)
{
    static const struct {
        const char *unit;
        double seconds;
    } units[] = {{"s", 1},         {"sec", 1},     {"m", 60},         {"min", 60},
                 {"h", 3600},      {"d", 86400},   {"g", 86400},      {"gg", 86400},
                 {"days", 86400},  {"day", 86400}, {"giorni", 86400}, {"giorno", 86400},
                 {"w", 7 * 86400}, {"ore", 3600},  {"hours", 3600}};
    str all = str_trim(str_from(text));
    size_t digits = 0;
    while (digits < all.len && strchr("0123456789.,", all.ptr[digits]))
        digits++;
    str number = {all.ptr, digits};
    str unit = str_trim((str){all.ptr + digits, all.len - digits});
    double value;
    if (!str_to_double(number, memchr(number.ptr, ',', number.len) != NULL, &value))
        return false;
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (str_equal(unit, str_from(units[i].unit))) {
            *ret_s = value * units[i].seconds;
            return value >= 0 && *ret_s < 1e11;
        }
    return false;
}

/* A run of digits of 1 to `most` places, taken off the front. */
static bool take_number(str *text, size_t most, int *ret)
{
    int value = 0;
    size_t at = 0;
    while (at < text->len && at < most && text->ptr[at] >= '0' && text->ptr[at] <= '9')
        value = value * 10 + (text->ptr[at++] - '0');
    *text = (str){text->ptr + at, text->len - at};
    *ret = value;
    return at > 0;
}

static bool take_char(str *text, const char *any)
{
    if (!text->len || !strchr(any, text->ptr[0]))
        return false;
    *text = (str){text->ptr + 1, text->len - 1};
    return true;
}

/* The finest part that was written: what an `end` is counted on by. */
enum part { PART_YEAR, PART_MONTH, PART_DAY, PART_MINUTE, PART_SECOND };

static bool read_day(str *text, struct date *date, enum part *part)
{
    int first, year_digits = (int)text->len;
    str start = *text;
    if (!take_number(text, 4, &first))
        return false;
    year_digits = (int)(start.len - text->len);
    *part = PART_YEAR;
    if (year_digits <= 2) { /* 31/10/2025 */
        date->day = first;
        *part = PART_DAY;
        return take_char(text, "/.-") && take_number(text, 2, &date->month) &&
               take_char(text, "/.-") && take_number(text, 4, &date->year);
    }
    date->year = first;
    if (!take_char(text, "-/"))
        return true;
    *part = PART_MONTH;
    if (!take_number(text, 2, &date->month))
        return false;
    if (!take_char(text, "-/"))
        return true;
    *part = PART_DAY;
    return take_number(text, 2, &date->day);
}

static bool read_clock(str *text, struct date *date, enum part *part)
{
    if (!text->len)
        return true;
    if (!take_char(text, " T") || !take_number(text, 2, &date->hour) ||
        !take_char(text, ":") || !take_number(text, 2, &date->minute))
        return false;
    *part = PART_MINUTE;
    if (take_char(text, ":")) {
        *part = PART_SECOND;
        if (!take_number(text, 2, &date->second))
            return false;
    }
    return date->hour < 24 && date->minute < 60 && date->second < 60;
}

/* The instant at which the part that begins at `date` is over. */
static int64_t part_end(struct date date, enum part part)
{
    int64_t at_us = date_to_us(&date);
    switch (part) {
    case PART_YEAR:
        date.year++;
        break;
    case PART_MONTH:
        date.year += date.month == 12;
        date.month = date.month == 12 ? 1 : date.month + 1;
        break;
    case PART_DAY:
        return at_us + US_PER_DAY;
    case PART_MINUTE:
        return at_us + 60 * US_PER_S;
    case PART_SECOND:
        return at_us + US_PER_S;
    }
    return date.year > 9999 ? DATE_MAX_US : date_to_us(&date);
}

bool instant_read(const char *text, bool end, int64_t *ret_us)
{
    str left = str_trim(str_from(text));
    struct date date = {.month = 1, .day = 1};
    enum part part;
    if (!read_day(&left, &date, &part) ||
        (part == PART_DAY && !read_clock(&left, &date, &part)))
        return false;
    take_char(&left, "Z");
    if (left.len || !date_exists(date.year, date.month, date.day))
        return false;
    *ret_us = end ? part_end(date, part) : date_to_us(&date);
    return true;
}
