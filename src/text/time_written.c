/* Times as people write them, in Italian and English, read piece by piece. */
#include "text/time_moment.h"

#include "base/date.h"

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
        if (!moment_read_offset(begin, (size_t)(in->at - begin), m))
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

enum time_fault moment_read_written(str text, char order, struct moment *m)
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
    return moment_date_fits(m) ? TIME_FINE : TIME_NO_SUCH_DATE;
}

/* With T or a space in the middle if so. */
enum time_fault moment_read_compact(str text, struct moment *m)
{
    char digits[14];
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (i == 8 && (c == 'T' || c == ' ' || c == '-' || c == '_'))
            continue;
        if (i > 8 && n > 8 && !is_digit(c)) {
            if (!moment_read_offset(text.ptr + i, text.len - i, m))
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
    return clock && moment_date_fits(m) ? TIME_FINE : TIME_NO_SUCH_DATE;
}

bool moment_read_clock(str text, struct moment *m)
{
    struct cursor in = {text.ptr, text.ptr + text.len};
    return text.len > 0 && text.len <= 40 && take_clock(&in, m) && in.at == in.end;
}
