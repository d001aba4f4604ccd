#include "text/time_format.h"

#include "base/date.h"
#include "base/lang.h"

/* Numbers count as times only within these: nobody exports evidence from elsewhere. */
#define NUMBER_MIN_US (INT64_C(315532800) * US_PER_S)  /* 1980-01-01 */
#define NUMBER_MAX_US (INT64_C(2524608000) * US_PER_S) /* 2050-01-01 */

static size_t count_read(const struct time_format *format, const str *samples,
                         size_t count)
{
    size_t read = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t at_us;
        if (time_parse(format, samples[i], &at_us))
            read += format->kind == TIME_CALENDAR ||
                    (at_us >= NUMBER_MIN_US && at_us < NUMBER_MAX_US);
    }
    return read;
}

/* Digits at the front, the first two bytes that are neither digit nor letter. */
struct shape {
    size_t first_digits;
    char separator;
    bool letters, half_day, colon, zone;
    size_t colons;
    size_t last_digits; /* of the third number */
};

static struct shape shape_of(str text)
{
    struct shape shape = {0};
    size_t run = 0, runs = 0;
    text = str_trim(text);
    for (size_t i = 0; i <= text.len; i++) {
        char c = i < text.len ? text.ptr[i] : 0;
        if (c >= '0' && c <= '9') {
            run++;
            continue;
        }
        if (run && ++runs == 1)
            shape.first_digits = run;
        if (run && runs == 3)
            shape.last_digits = run;
        if (run && runs == 1 && !shape.separator)
            shape.separator = c;
        run = 0;
        shape.colons += c == ':';
        if (c == 'M' || c == 'm')
            shape.half_day |= i > 0 && strchr("aApP.", text.ptr[i - 1]) != NULL;
        shape.letters |= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Y' && c != 'T');
        shape.zone |= c == '+' || c == 'Z' || (c == '-' && shape.colons > 0);
    }
    return shape;
}

/* Whether dates that fit both orders were rather written month first: AM and PM are used
 * where months come first, unless points part the numbers. */
static char likely_order(const str *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct shape shape = shape_of(samples[i]);
        if (shape.half_day && shape.separator == '/')
            return 'm';
    }
    return 'd';
}

static void describe(struct time_format *format, const str *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t at_us;
        if (!time_parse(format, samples[i], &at_us))
            continue;
        struct shape shape = shape_of(samples[i]);
        format->has_clock |= shape.colons > 0;
        format->has_seconds |= shape.colons > 1;
        format->has_zone |= shape.zone;
        if (format->separator)
            continue;
        format->separator = shape.letters && !shape.half_day && !shape.zone
                                ? ' '
                                : (char)(shape.separator ? shape.separator : '-');
        format->short_year = format->order != 'y' && shape.last_digits == 2;
    }
}

struct time_format time_guess(const str *samples, size_t count, char order,
                              const struct time_zone *zone, size_t *ret_read)
{
    /* In order of preference; a later one must read more samples to win. */
    const struct time_format candidates[] = {
        {.kind = TIME_CALENDAR, .order = 'y'},
        {.kind = TIME_CALENDAR, .order = 'd'},
        {.kind = TIME_CALENDAR, .order = 'm'},
        {.kind = TIME_COMPACT},
        {.kind = TIME_EPOCH, .unit_us = US_PER_S},
        {.kind = TIME_EPOCH, .unit_us = US_PER_S / 1000},
        {.kind = TIME_EPOCH, .unit_us = 1},
        {.kind = TIME_SERIAL},
    };
    struct time_format best = {.kind = TIME_NONE};
    size_t most = 0, day_first = 0, month_first = 0;
    for (size_t i = 0; i < COUNT_OF(candidates); i++) {
        struct time_format format = candidates[i];
        format.zone = zone;
        size_t read = count_read(&format, samples, count);
        if (format.kind == TIME_CALENDAR && format.order == 'd')
            day_first = read;
        if (format.kind == TIME_CALENDAR && format.order == 'm')
            month_first = read;
        bool barred = format.kind == TIME_CALENDAR && format.order != 'y' && order != 0 &&
                      format.order != order;
        if (!barred && read > most) {
            most = read;
            best = format;
        }
    }
    if (best.kind == TIME_CALENDAR && best.order != 'y' && order == 0 &&
        day_first == month_first) {
        best.order = likely_order(samples, count);
        best.assumed = true;
    }
    if (best.kind != TIME_NONE)
        describe(&best, samples, count);
    *ret_read = most;
    return best;
}

/* ---- for people ---- */

void time_format_write(const struct time_format *format, struct buf *out)
{
    const char *day = _c("pattern of a date", "dd"),
               *month = _c("pattern of a date", "mm");
    const char *year = format->short_year ? _c("pattern of a date", "yy")
                                          : _c("pattern of a date", "yyyy");
    switch (format->kind) {
    case TIME_NONE:
        return;
    case TIME_EPOCH:
        buf_text(out, format->unit_us == US_PER_S ? _("seconds since 1970")
                      : format->unit_us == 1      ? _("microseconds since 1970")
                                                  : _("milliseconds since 1970"));
        return;
    case TIME_SERIAL:
        buf_text(out, _("spreadsheet day numbers"));
        return;
    case TIME_COMPACT:
        buf_printf(out, "%s%s%s", year, month, day);
        return;
    case TIME_CALENDAR:
        break;
    }
    char separator = format->separator ? format->separator : '-';
    if (format->order == 'y' && separator == '-') {
        buf_text(out, "ISO 8601");
        return;
    }
    if (separator == ' ')
        buf_printf(out, "%s %s %s", day, _c("pattern of a date", "month"), year);
    else
        buf_printf(out, "%s%c%s%c%s",
                   format->order == 'y'   ? year
                   : format->order == 'm' ? month
                                          : day,
                   separator, format->order == 'm' ? day : month, separator,
                   format->order == 'y' ? day : year);
    if (format->has_clock)
        buf_text(out, format->has_seconds ? " hh:mm:ss" : " hh:mm");
}

void time_fault_write(enum time_fault fault, str text, struct buf *out)
{
    char shown[64];
    size_t n = text.len < sizeof shown - 4 ? text.len : sizeof shown - 4;
    while (n < text.len && n > 0 && ((unsigned char)text.ptr[n] & 0xC0) == 0x80)
        n--; /* never half a character */
    if (n)
        memcpy(shown, text.ptr, n);
    memcpy(shown + n, n < text.len ? "…" : "", n < text.len ? 4 : 1);
    switch (fault) {
    case TIME_FINE:
        return;
    case TIME_NOT_A_DATE:
        if (text.len == 0)
            buf_text(out, _("the date is missing"));
        else
            buf_printf(out, _("\"%s\" is not a date"), shown);
        return;
    case TIME_NO_SUCH_DATE:
        buf_printf(out, _("the date \"%s\" does not exist"), shown);
        return;
    case TIME_WRONG_ORDER:
        buf_printf(out, _("the date \"%s\" is not written in the order of the others"),
                   shown);
        return;
    }
}
