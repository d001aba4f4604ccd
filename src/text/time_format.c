#include "text/time_format.h"

#include "base/date.h"

#include <math.h>

/* A time as it stands on the page, before its zone. */
struct moment {
    int year, month, day;
    int64_t clock_us; /* since midnight */
    int64_t offset_s; /* east of UTC */
    bool has_clock, has_offset;
};

static bool month_fits(const struct moment *m)
{
    static const signed char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (m->month < 1 || m->month > 12 || m->year < 1 || m->year > 9999 || m->day < 1)
        return false;
    if (m->day <= days[m->month - 1])
        return true;
    return date_exists(m->year, m->month, m->day);
}

/* ---- the two commonest forms, without branches on every digit ---- */

#define DIGITS(pattern) (UINT64_C(0x3030303030303030) | (pattern))

static uint64_t load8(const char *p)
{
    uint64_t word;
    memcpy(&word, p, 8);
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? word : __builtin_bswap64(word);
}

/* Take `separators` (a mask of whole bytes) out; true when the other bytes are digits.
 * Byte i of *ret is then the value of digit i. */
static bool digits_only(uint64_t word, uint64_t separators, uint64_t *ret)
{
    uint64_t x = (word ^ UINT64_C(0x3030303030303030)) & ~separators;
    *ret = x;
    return ((x | (x + UINT64_C(0x0606060606060606))) & UINT64_C(0xF0F0F0F0F0F0F0F0)) == 0;
}
static int two(uint64_t digits, int at)
{
    return (int)(digits >> (8 * at) & 0xF) * 10 + (int)(digits >> (8 * at + 8) & 0xF);
}
static char byte_of(uint64_t word, int at)
{
    return (char)(word >> (8 * at) & 0xFF);
}

/* ":ss", ".fff" after hh:mm; *ret_n is how much of p was taken. */
static bool seconds_read(const char *p, size_t len, int64_t *ret_us, size_t *ret_n)
{
    *ret_us = 0;
    *ret_n = 0;
    if (len < 3 || p[0] != ':')
        return true;
    unsigned tens = (unsigned)p[1] - '0', ones = (unsigned)p[2] - '0';
    if (tens > 6 || ones > 9 || tens * 10 + ones > 60)
        return false;
    *ret_us = (int64_t)(tens * 10 + ones) * US_PER_S;
    *ret_n = 3;
    if (len < 5 || (p[3] != '.' && p[3] != ','))
        return true;
    int64_t unit = US_PER_S / 10;
    size_t i = 4;
    for (; i < len && (unsigned)p[i] - '0' <= 9; i++, unit /= 10)
        *ret_us += (p[i] - '0') * unit;
    *ret_n = i;
    return i > 4 && i <= 4 + 12;
}

/* Nothing, Z, +hh, +hhmm, +hh:mm, to the end of the text. */
static bool offset_read(const char *p, size_t len, struct moment *m)
{
    if (len == 0)
        return true;
    m->has_offset = true;
    m->offset_s = 0;
    if (p[0] == 'Z' || p[0] == 'z')
        return len == 1;
    if (p[0] != '+' && p[0] != '-')
        return false;
    int digit[4] = {0, 0, 0, 0}, n = 0;
    for (size_t i = 1; i < len; i++) {
        if (p[i] == ':' && n == 2 && i == 3)
            continue;
        if ((unsigned)p[i] - '0' > 9 || n == 4)
            return false;
        digit[n++] = p[i] - '0';
    }
    int hours = digit[0] * 10 + digit[1], minutes = digit[2] * 10 + digit[3];
    m->offset_s = (p[0] == '-' ? -60 : 60) * (int64_t)(hours * 60 + minutes);
    return (n == 2 || n == 4) && hours <= 18 && minutes < 60;
}

/* yyyy-mm-dd[(T| )hh:mm[:ss[.f]][zone]]. False: not of this form, or no such time. */
static bool iso_read(const char *p, size_t len, struct moment *m)
{
    uint64_t a, b, word = load8(p);
    if (byte_of(word, 4) != '-' || byte_of(word, 7) != '-' ||
        !digits_only(word, UINT64_C(0xFF0000FF00000000), &a))
        return false;
    m->year = two(a, 0) * 100 + two(a, 2);
    m->month = two(a, 5);
    if (len == 10) {
        unsigned tens = (unsigned)p[8] - '0', ones = (unsigned)p[9] - '0';
        m->day = (int)(tens * 10 + ones);
        return tens <= 9 && ones <= 9 && month_fits(m);
    }
    if (len < 16)
        return false;
    word = load8(p + 8);
    if ((byte_of(word, 2) != 'T' && byte_of(word, 2) != ' ') || byte_of(word, 5) != ':' ||
        !digits_only(word, UINT64_C(0x0000FF0000FF0000), &b))
        return false;
    int64_t second_us;
    size_t n;
    m->day = two(b, 0);
    if (!seconds_read(p + 16, len - 16, &second_us, &n))
        return false;
    m->clock_us = (two(b, 3) * 60 + two(b, 6)) * 60 * US_PER_S + second_us;
    m->has_clock = true;
    return two(b, 3) < 24 && two(b, 6) < 60 && month_fits(m) &&
           offset_read(p + 16 + n, len - 16 - n, m);
}

/* dd/mm/yyyy[ hh:mm[:ss]], with / - or .; month first when `order` is 'm'. */
static bool slash_read(const char *p, size_t len, char order, struct moment *m)
{
    uint64_t a, word = load8(p);
    char separator = byte_of(word, 2);
    if (separator != byte_of(word, 5) ||
        (separator != '/' && separator != '-' && separator != '.') ||
        !digits_only(word, UINT64_C(0x0000FF0000FF0000), &a))
        return false;
    unsigned tens = (unsigned)p[8] - '0', ones = (unsigned)p[9] - '0';
    if (tens > 9 || ones > 9)
        return false;
    m->year = two(a, 6) * 100 + (int)(tens * 10 + ones);
    m->day = two(a, order == 'm' ? 3 : 0);
    m->month = two(a, order == 'm' ? 0 : 3);
    if (len == 10)
        return month_fits(m);
    if (len != 16 && len != 19)
        return false;
    uint64_t c, clock = (uint64_t)0;
    memcpy(&clock, p + 10, 6);
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
        clock = __builtin_bswap64(clock);
    clock |= DIGITS(0) & UINT64_C(0xFFFF000000000000);
    if (byte_of(clock, 0) != ' ' || byte_of(clock, 3) != ':' ||
        !digits_only(clock, UINT64_C(0x00000000FF0000FF), &c))
        return false;
    int64_t second_us;
    size_t n;
    if (!seconds_read(p + 16, len - 16, &second_us, &n) || n != len - 16)
        return false;
    m->clock_us = (two(c, 1) * 60 + two(c, 4)) * 60 * US_PER_S + second_us;
    m->has_clock = true;
    return two(c, 1) < 24 && two(c, 4) < 60 && month_fits(m);
}

/* ---- everything else that people write ---- */

struct cursor {
    const char *at, *end;
};

static char peek(const struct cursor *in)
{
    return in->at < in->end ? *in->at : 0;
}
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}
static bool take(struct cursor *in, char c)
{
    if (peek(in) != c || in->at == in->end)
        return false;
    in->at++;
    return true;
}
static void skip(struct cursor *in, const char *any)
{
    while (in->at < in->end && strchr(any, *in->at) && *in->at)
        in->at++;
}

/* One to `most` digits. *ret_digits tells how many. */
static bool take_number(struct cursor *in, int most, int *ret, int *ret_digits)
{
    int value = 0, n = 0;
    for (; n <= most && is_digit(peek(in)); in->at++, n++)
        value = value * 10 + (*in->at - '0');
    *ret = value;
    *ret_digits = n;
    return n > 0 && n <= most;
}

/* The next word, without case; longer words are cut. */
static size_t take_word(struct cursor *in, char ret[16])
{
    size_t n = 0;
    while (is_letter(peek(in))) {
        char c = *in->at++;
        if (n < 15)
            ret[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    ret[n] = 0;
    return n;
}

/* 1 … 12 for the first three letters or more of a month in Italian or English. */
static int month_of(const char *word, size_t len)
{
    static const struct {
        const char *name;
        int month;
    } months[] = {{"gennaio", 1},   {"january", 1},   {"febbraio", 2},  {"february", 2},
                  {"marzo", 3},     {"march", 3},     {"aprile", 4},    {"april", 4},
                  {"maggio", 5},    {"may", 5},       {"giugno", 6},    {"june", 6},
                  {"luglio", 7},    {"july", 7},      {"agosto", 8},    {"august", 8},
                  {"settembre", 9}, {"september", 9}, {"ottobre", 10},  {"october", 10},
                  {"novembre", 11}, {"november", 11}, {"dicembre", 12}, {"december", 12}};
    if (len < 3)
        return 0;
    for (size_t i = 0; i < COUNT_OF(months); i++)
        if (strncmp(months[i].name, word, len) == 0)
            return months[i].month;
    return 0;
}

static bool weekday(const char *word, size_t len)
{
    static const char days[] = "lun mar mer gio ven sab dom mon tue wed thu fri sat sun";
    if (len < 3)
        return false;
    for (size_t i = 0; i < sizeof days - 1; i += 4)
        if (memcmp(days + i, word, 3) == 0)
            return true;
    return false;
}

static int year_of(int year, int digits)
{
    if (digits > 2)
        return year;
    return year < 69 ? 2000 + year : 1900 + year;
}

/* AM, PM, a.m., p.m.: 'a', 'p', or 0 and nothing taken. */
static char take_half(struct cursor *in)
{
    struct cursor ahead = *in;
    skip(&ahead, " ");
    char half = peek(&ahead);
    half = (char)(half >= 'A' && half <= 'Z' ? half + 32 : half);
    if (half != 'a' && half != 'p')
        return 0;
    ahead.at++;
    take(&ahead, '.');
    if (!take(&ahead, 'm') && !take(&ahead, 'M'))
        return 0;
    take(&ahead, '.');
    if (is_letter(peek(&ahead)))
        return 0;
    *in = ahead;
    return half;
}

/* hh:mm[:ss[.fff]] [AM|PM], hh.mm, 14h05, or "2 PM". */
static bool take_clock(struct cursor *in, struct moment *m)
{
    int hour, minute = 0, second = 0, digits, n;
    int64_t part_us = 0;
    bool minutes = false;
    if (!take_number(in, 2, &hour, &digits))
        return false;
    if (take(in, ':') || take(in, '.') || take(in, 'h')) {
        minutes = true;
        if (!take_number(in, 2, &minute, &n) || n != 2)
            return false;
        if (take(in, ':') || take(in, '.')) {
            if (!take_number(in, 2, &second, &n) || n != 2)
                return false;
            if (take(in, '.') || take(in, ',') || take(in, ':')) {
                int64_t unit = US_PER_S / 10;
                const char *begin = in->at;
                for (; is_digit(peek(in)); in->at++, unit /= 10)
                    part_us += (*in->at - '0') * unit;
                if (in->at == begin || in->at - begin > 12)
                    return false;
            }
        }
    }
    char half = take_half(in);
    if (half && (hour < 1 || hour > 12))
        return false;
    if (!half && !minutes)
        return false;
    if (half)
        hour = hour % 12 + (half == 'p' ? 12 : 0);
    bool midnight = hour == 24 && minute == 0 && second == 0 && part_us == 0;
    if ((hour > 23 && !midnight) || minute > 59 || second > 60)
        return false;
    m->clock_us = ((int64_t)(hour * 60 + minute) * 60 + second) * US_PER_S + part_us;
    m->has_clock = true;
    return true;
}

/* Zones by name, then perhaps a distance: "GMT+0100", "CEST", "(CET)". */
static bool take_zone(struct cursor *in, struct moment *m)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = {{"z", 0},   {"utc", 0}, {"gmt", 0},  {"wet", 0},
                 {"cet", 1}, {"met", 1}, {"cest", 2}, {"west", 1}};
    skip(in, " ");
    if (is_letter(peek(in))) {
        struct cursor ahead = *in;
        char word[16];
        take_word(&ahead, word);
        for (size_t i = 0; i < COUNT_OF(zones); i++)
            if (strcmp(zones[i].name, word) == 0) {
                m->has_offset = true;
                m->offset_s = zones[i].hours * 3600;
                *in = ahead;
            }
        if (in->at != ahead.at)
            return false;
    }
    if (peek(in) == '+' || peek(in) == '-') {
        const char *begin = in->at++;
        while (is_digit(peek(in)) || peek(in) == ':')
            in->at++;
        if (!offset_read(begin, (size_t)(in->at - begin), m))
            return false;
    }
    skip(in, " ");
    if (take(in, '(')) /* what a browser adds: (Central European Standard Time) */
        in->at = in->end;
    return true;
}

/* What may stand between date and clock. */
static bool take_bridge(struct cursor *in)
{
    skip(in, " ,");
    if (peek(in) == 'T' && in->end - in->at > 1 && is_digit(in->at[1])) {
        in->at++;
        return true;
    }
    if (peek(in) == '-' && in->end - in->at > 1 && in->at[1] == ' ')
        in->at += 2;
    for (int words = 0; words < 2 && is_letter(peek(in)); words++) {
        char word[16];
        take_word(in, word);
        if (strcmp(word, "ore") != 0 && strcmp(word, "alle") != 0 &&
            strcmp(word, "at") != 0 && strcmp(word, "h") != 0)
            return false;
        skip(in, " .");
    }
    return true;
}

static bool clock_and_zone(struct cursor *in, struct moment *m)
{
    if (in->at == in->end)
        return true;
    if (!take_bridge(in))
        return false;
    return (in->at == in->end || (take_clock(in, m) && take_zone(in, m))) &&
           in->at == in->end;
}

/* November 12, 2025 14:05; Nov 12 14:05:33 CET 2025 */
static bool month_first(struct cursor in, struct moment *m)
{
    char word[16];
    int digits;
    size_t len = take_word(&in, word);
    m->month = month_of(word, len);
    skip(&in, " .-");
    if (m->month == 0 || !take_number(&in, 2, &m->day, &digits))
        return false;
    skip(&in, " ,-");
    struct cursor ahead = in;
    if (take_number(&ahead, 2, &m->year, &digits) && peek(&ahead) == ':') {
        if (!take_clock(&in, m) || !take_zone(&in, m))
            return false;
        skip(&in, " ");
        return take_number(&in, 4, &m->year, &digits) && digits == 4 && in.at == in.end;
    }
    if (!take_number(&in, 4, &m->year, &digits) || (digits != 2 && digits != 4))
        return false;
    m->year = year_of(m->year, digits);
    return clock_and_zone(&in, m);
}

/* Three numbers, or a number, a month's name and a number. *ret_fault tells a date of
 * the other order from no date at all. */
static bool number_first(struct cursor in, char order, struct moment *m,
                         enum time_fault *ret_fault)
{
    int part[3], digits[3];
    bool named = false;
    if (!take_number(&in, 4, &part[0], &digits[0]))
        return false;
    take(&in, '.');
    skip(&in, " /-");
    if (is_letter(peek(&in))) {
        char word[16];
        size_t len = take_word(&in, word);
        if (strcmp(word, "di") == 0 || strcmp(word, "of") == 0) {
            skip(&in, " ");
            len = take_word(&in, word);
        }
        part[1] = month_of(word, len);
        named = true;
        if (part[1] == 0)
            return false;
    } else if (!take_number(&in, 2, &part[1], &digits[1])) {
        return false;
    }
    skip(&in, " /-.,'");
    if (!take_number(&in, 4, &part[2], &digits[2]) || digits[2] == 3)
        return false;
    bool year_first = digits[0] == 4;
    if (digits[0] == 3 || (year_first && digits[2] > 2))
        return false;
    if (!year_first && digits[0] > 2)
        return false;
    if (!year_first && order == 'y' && !named) {
        int year = year_of(part[2], digits[2]);
        bool somehow =
            date_exists(year, part[1], part[0]) || date_exists(year, part[0], part[1]);
        *ret_fault = somehow ? TIME_WRONG_ORDER : TIME_NO_SUCH_DATE;
        return false;
    }
    bool month_is_first = order == 'm' && !named && !year_first;
    m->year = year_first ? year_of(part[0], digits[0]) : year_of(part[2], digits[2]);
    m->month = month_is_first ? part[0] : part[1];
    m->day = year_first ? part[2] : month_is_first ? part[1] : part[0];
    if (!clock_and_zone(&in, m))
        return false;
    if (!year_first && m->month > 12 && date_exists(m->year, m->day, m->month)) {
        *ret_fault = TIME_WRONG_ORDER;
        return false;
    }
    return true;
}

static enum time_fault calendar_read(str text, char order, struct moment *m)
{
    struct cursor in = {text.ptr, text.ptr + text.len};
    struct moment blank = {0};
    enum time_fault fault = TIME_NOT_A_DATE;
    if (text.len == 0 || text.len > 100)
        return TIME_NOT_A_DATE;
    bool read = false;
    if (is_letter(peek(&in))) {
        read = month_first(in, m);
        char word[16];
        size_t len = take_word(&in, word);
        if (!read && !weekday(word, len))
            return TIME_NOT_A_DATE;
        skip(&in, " .,");
        if (!read && is_letter(peek(&in))) {
            *m = blank;
            read = month_first(in, m);
        }
    }
    if (!read) {
        *m = blank;
        read = number_first(in, order, m, &fault);
    }
    if (!read)
        return fault;
    return month_fits(m) ? TIME_FINE : TIME_NO_SUCH_DATE;
}

/* yyyymmdd[hhmm[ss]], with T or a space in the middle if so. */
static enum time_fault compact_read(str text, struct moment *m)
{
    char digits[14];
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (i == 8 && (c == 'T' || c == ' ' || c == '-' || c == '_'))
            continue;
        if (i > 8 && n > 8 && !is_digit(c)) {
            if (!offset_read(text.ptr + i, text.len - i, m))
                return TIME_NOT_A_DATE;
            break;
        }
        if (!is_digit(c) || n == sizeof digits)
            return TIME_NOT_A_DATE;
        digits[n++] = (char)(c - '0');
    }
    if (n != 8 && n != 12 && n != 14)
        return TIME_NOT_A_DATE;
    int pair[7] = {0};
    for (size_t i = 0; i < n; i += 2)
        pair[i / 2] = digits[i] * 10 + digits[i + 1];
    m->year = pair[0] * 100 + pair[1];
    m->month = pair[2];
    m->day = pair[3];
    m->clock_us = ((int64_t)(pair[4] * 60 + pair[5]) * 60 + pair[6]) * US_PER_S;
    m->has_clock = n > 8;
    bool clock = pair[4] < 24 && pair[5] < 60 && pair[6] <= 60;
    return clock && month_fits(m) ? TIME_FINE : TIME_NO_SUCH_DATE;
}

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
    for (; i < text.len && i < 17 && is_digit(text.ptr[i]); i++)
        whole = whole * 10 + (text.ptr[i] - '0');
    if (i == 0 || i == 17 || (i > 1 && text.ptr[0] == '0')) /* 051… is a telephone */
        return false;
    if (i < text.len && (text.ptr[i] == '.' || text.ptr[i] == ',')) {
        size_t begin = ++i;
        for (; i < text.len && is_digit(text.ptr[i]); i++, unit /= 10)
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
        return compact_read(text, m);
    struct moment blank = {0};
    if (text.len >= 10 && text.len <= 40) {
        bool fast = text.ptr[4] == '-'
                        ? iso_read(text.ptr, text.len, m)
                        : format->order != 'y' &&
                              slash_read(text.ptr, text.len, format->order, m);
        if (fast)
            return TIME_FINE;
        *m = blank;
    }
    return calendar_read(text, format->order, m);
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
    text = str_trim(text);
    struct cursor in = {text.ptr, text.ptr + text.len};
    struct moment m = {0};
    if (text.len == 0 || text.len > 40 || !take_clock(&in, &m) || in.at != in.end)
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
