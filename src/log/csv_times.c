#include "log/csv_times.h"

#include "base/date.h"

#include <limits.h>

struct last_date { /* as it was written, to the minute, and what day and minute it is */
    uint64_t year_month, day;
    int64_t us, minute_us;
};

static inline uint64_t load8(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Eight characters that must be digits where `zeros` has '0' and what it has elsewhere:
 * to their values, 0 at the separators. Returns 0 when something else stands there. */
static inline unsigned digits(uint64_t word, uint64_t zeros, uint64_t *ret)
{
    const uint64_t high = UINT64_C(0x8080808080808080);
    uint64_t values = word ^ zeros;
    *ret = values;
    return (((values + UINT64_C(0x7676767676767676)) | values) & high) == 0;
}

/* The number of two digits that begins at byte `at`, once pairs() has joined them. */
static inline uint64_t pairs(uint64_t values)
{
    return values * 10 + (values >> 8);
}
static inline int pair(uint64_t joined, int at)
{
    return (int)(joined >> (8 * at) & 0xFF);
}

/* Days since 1970-01-01; INT_MIN when there is no such date. Of the years 1901 to 2099,
 * in which every fourth is a leap year; others go the slow way. */
static inline int days_of(int year, int month, int day)
{
    static const uint16_t before[2][14] = {
        {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365},
        {0, 0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366}};
    if (year < 1901 || year > 2099 || month < 1 || month > 12)
        return date_exists(year, month, day) ? (int)date_days(year, month, day) : INT_MIN;
    const uint16_t *of_year = before[year % 4 == 0];
    if (day < 1 || day > of_year[month + 1] - of_year[month])
        return INT_MIN;
    return (year - 1970) * 365 + (year - 1901) / 4 - 17 + of_year[month] + day - 1;
}

/* yyyy-mm-dd hh:mm:ss (or T between), 19 characters. False: it is not that. */
static inline bool iso_read(const char *at, struct last_date *last, int64_t *ret_us)
{
    /* "0000-00-", "00 00:00", ":00:00" in little-endian bytes */
    const uint64_t year_zeros = UINT64_C(0x2D30302D30303030);
    const uint64_t day_zeros = UINT64_C(0x30303A3030203030);
    const uint64_t clock_zeros = UINT64_C(0x30303A30303A3030);
    const uint64_t gap = UINT64_C(0xFF) << 16; /* ' ' or 'T' */
    uint64_t year_month = load8(at), day = load8(at + 8), clock = load8(at + 11);
    uint64_t a, b, c;
    if ((day & gap) == (uint64_t)'T' << 16)
        day ^= (uint64_t)('T' ^ ' ') << 16;
    unsigned fits = digits(year_month, year_zeros, &a);
    fits &= digits(day, day_zeros, &b);
    fits &= digits(clock, clock_zeros, &c);
    fits &= (b & gap) == 0;
    /* A separator must be itself, not merely a digit's distance from it. */
    fits &= (a & UINT64_C(0xFF0000FF00000000)) == 0;
    fits &=
        ((b & UINT64_C(0x0000FF0000000000)) | (c & UINT64_C(0x0000FF0000FF0000))) == 0;
    a = pairs(a);
    b = pairs(b);
    int hour = pair(b, 3), minute = pair(b, 6), second = pair(pairs(c), 6);
    if (!fits || hour > 23 || minute > 59 || second > 59)
        return false;
    if (year_month != last->year_month || ((day ^ last->day) & 0xFFFF)) {
        int days = days_of(pair(a, 0) * 100 + pair(a, 2), pair(a, 5), pair(b, 0));
        if (days == INT_MIN)
            return false;
        last->us = days * US_PER_DAY;
    }
    last->year_month = year_month;
    last->day = load8(at + 8);
    last->minute_us = last->us + (hour * 60 + minute) * 60 * US_PER_S;
    *ret_us = last->minute_us + second * US_PER_S;
    return true;
}

/* As iso_read, where all up to the minute is as in the time before: files in order of
 * time are like that. */
static inline bool seconds_read(const char *at, const struct last_date *last,
                                int64_t *ret_us)
{
    unsigned tens = (unsigned)(unsigned char)at[17] - '0';
    unsigned ones = (unsigned)(unsigned char)at[18] - '0';
    *ret_us = last->minute_us + (tens * 10 + ones) * US_PER_S;
    uint64_t differs = (load8(at) ^ last->year_month) | (load8(at + 8) ^ last->day);
    return differs == 0 && at[16] == ':' && tens < 6 && ones < 10;
}

void csv_times(const struct time_format *format, const str *texts, size_t count,
               const uint8_t *skip, int64_t *ret_us, uint8_t *bad)
{
    struct last_date last = {0};
    bool iso = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ &&
               format->kind == TIME_CALENDAR && !format->zone;
    for (size_t i = 0; i < count; i++) {
        if (iso && texts[i].len == 19 &&
            (seconds_read(texts[i].ptr, &last, &ret_us[i]) ||
             iso_read(texts[i].ptr, &last, &ret_us[i])))
            continue;
        if (!skip[i] && !time_parse(format, texts[i], &ret_us[i]))
            bad[i] = 1;
    }
}
