#include "text/time_format.h"

#include "base/date.h"
#include "text/time_moment.h"

#include <math.h>

bool time_from_serial(double days, bool from_1904, int64_t *ret_us)
{
    if (from_1904)
        days += 1462;
    else if (days < 60)
        days += 1; /* the spreadsheet believes in 29 February 1900 */
    if (!(days >= 1 && days < 2958466))
        return false;
    int64_t whole = (int64_t)floor(days);
    /* A double holds a day of this century to about a microsecond: round to ms. */
    int64_t clock_ms = llround((days - (double)whole) * 86400e3);
    *ret_us = (date_days(1899, 12, 30) + whole) * US_PER_DAY + clock_ms * 1000;
    return true;
}

/* Digits, and perhaps a fraction after '.' or ','. */
static bool number_read(str text, int64_t *ret_whole, double *ret_part)
{
    int64_t whole = 0;
    double part = 0, unit = 0.1;
    size_t i = 0;
    for (; i < text.len && i < 17 && (unsigned)text.ptr[i] - '0' <= 9; i++)
        whole = whole * 10 + (text.ptr[i] - '0');
    if (i == 0 || i == 17 || (i > 1 && text.ptr[0] == '0')) /* 051… is a telephone */
        return false;
    if (i < text.len && (text.ptr[i] == '.' || text.ptr[i] == ',')) {
        size_t begin = ++i;
        for (; i < text.len && (unsigned)text.ptr[i] - '0' <= 9; i++, unit /= 10)
            part += (text.ptr[i] - '0') * unit;
        if (i == begin || i - begin > 20)
            return false;
    }
    *ret_whole = whole;
    *ret_part = part;
    return i == text.len;
}

static enum time_fault moment_to_us(const struct time_format *format,
                                    const struct moment *m, int64_t *ret_us)
{
    int64_t at_us = date_days(m->year, m->month, m->day) * US_PER_DAY + m->clock_us;
    if (m->has_offset)
        at_us -= m->offset_s * US_PER_S;
    else if (format->zone)
        at_us = time_zone_to_utc(format->zone, at_us);
    if (at_us < DATE_MIN_US || at_us > DATE_MAX_US)
        return TIME_NO_SUCH_DATE;
    *ret_us = at_us;
    return TIME_FINE;
}

static enum time_fault number_to_us(const struct time_format *format, str text,
                                    int64_t *ret_us)
{
    int64_t whole, at_us;
    double part;
    if (!number_read(text, &whole, &part))
        return TIME_NOT_A_DATE;
    if (format->kind == TIME_SERIAL) {
        if (!time_from_serial((double)whole + part, false, &at_us))
            return TIME_NO_SUCH_DATE;
        at_us = time_zone_to_utc(format->zone, at_us);
    } else if (__builtin_mul_overflow(whole, format->unit_us, &at_us)) {
        return TIME_NO_SUCH_DATE;
    } else {
        at_us += llround(part * (double)format->unit_us);
    }
    if (at_us < DATE_MIN_US || at_us > DATE_MAX_US)
        return TIME_NO_SUCH_DATE;
    *ret_us = at_us;
    return TIME_FINE;
}

/* The wall clock of a calendar or compact text. */
static enum time_fault moment_read(const struct time_format *format, str text,
                                   struct moment *m)
{
    if (format->kind == TIME_COMPACT)
        return moment_read_compact(text, m);
    struct moment blank = {0};
    if (text.len >= 10 && text.len <= 40) {
        bool fast = text.ptr[4] == '-'
                        ? moment_read_iso(text.ptr, text.len, m)
                        : format->order != 'y' &&
                              moment_read_slash(text.ptr, text.len, format->order, m);
        if (fast)
            return TIME_FINE;
        *m = blank;
    }
    return moment_read_written(text, format->order, m);
}

static enum time_fault time_read(const struct time_format *format, str text,
                                 int64_t *ret_us)
{
    struct moment m = {0};
    if (text.len && ((unsigned char)text.ptr[0] <= ' ' ||
                     (unsigned char)text.ptr[text.len - 1] <= ' ' ||
                     (unsigned char)text.ptr[0] >= 0x80 ||
                     (unsigned char)text.ptr[text.len - 1] >= 0x80))
        text = str_trim(text);
    if (format->kind == TIME_EPOCH || format->kind == TIME_SERIAL)
        return number_to_us(format, text, ret_us);
    if (format->kind == TIME_NONE)
        return TIME_NOT_A_DATE;
    enum time_fault fault = moment_read(format, text, &m);
    return fault == TIME_FINE ? moment_to_us(format, &m, ret_us) : fault;
}

bool time_parse(const struct time_format *format, str text, int64_t *ret_us)
{
    return time_read(format, text, ret_us) == TIME_FINE;
}

enum time_fault time_explain(const struct time_format *format, str text)
{
    int64_t ignored;
    return time_read(format, text, &ignored);
}

bool time_of_day_parse(str text, int64_t *ret_us)
{
    struct moment m = {0};
    if (!moment_read_clock(str_trim(text), &m))
        return false;
    *ret_us = m.clock_us;
    return true;
}

bool time_parse_joined(const struct time_format *format, str date, str clock,
                       int64_t *ret_us)
{
    struct moment m = {0};
    int64_t at_us;
    date = str_trim(date);
    clock = str_trim(clock);
    if (format->kind == TIME_EPOCH || format->kind == TIME_SERIAL) {
        struct time_format utc = *format;
        utc.zone = NULL;
        if (!time_parse(&utc, date, &at_us))
            return false;
        struct date day = date_from_us(at_us);
        m = (struct moment){.year = day.year, .month = day.month, .day = day.day};
    } else if (format->kind == TIME_NONE || moment_read(format, date, &m) != TIME_FINE) {
        return false;
    }
    m.clock_us = 0;
    /* A clock column may itself come with the spreadsheet's day 0: 30/12/1899 14:05. */
    size_t space = clock.len > 10 ? str_find(clock, STR(" ")) : SIZE_MAX;
    bool day_zero = str_find(clock, STR("1899")) != SIZE_MAX;
    if (day_zero && space != SIZE_MAX)
        clock = (str){clock.ptr + space + 1, clock.len - space - 1};
    if (clock.len && !time_of_day_parse(clock, &m.clock_us))
        return false;
    return moment_to_us(format, &m, ret_us) == TIME_FINE;
}
