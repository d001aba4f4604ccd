/* Numbers, dates and durations as the reader writes them. Declared in base/lang.h. */
#include "base/lang.h"

#include "base/date.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MINUS      "\xE2\x88\x92" /* U+2212 */
#define THIN_SPACE "\xE2\x80\xAF" /* U+202F, no break */
#define DASH       "\xE2\x80\x93" /* U+2013 */

/* Digits with the reader's separators: `plain` is "1234.5", without a sign. Four-digit
 * whole numbers are separated too, as the tables of both languages do. */
static void write_digits(struct buf *out, const char *plain)
{
    bool italian = lang_get() == LANG_IT;
    size_t whole = strcspn(plain, ".");
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            buf_char(out, italian ? '.' : ',');
        buf_char(out, plain[i]);
    }
    if (plain[whole] == '.') {
        buf_char(out, italian ? ',' : '.');
        buf_text(out, plain + whole + 1);
    }
}

void write_count(struct buf *out, uint64_t n)
{
    char plain[32];
    snprintf(plain, sizeof plain, "%llu", (unsigned long long)n);
    write_digits(out, plain);
}

static void write_with_sign(struct buf *out, double value, int decimals, const char *plus)
{
    if (!isfinite(value)) {
        buf_text(out, DASH);
        return;
    }
    char plain[400];
    snprintf(plain, sizeof plain, "%.*f", decimals, fabs(value));
    bool zero = strspn(plain, "0.") == strlen(plain);
    if (!zero)
        buf_text(out, value < 0 ? MINUS : plus);
    write_digits(out, plain);
}

void write_number(struct buf *out, double value, int decimals)
{
    write_with_sign(out, value, decimals, "");
}

void write_signed(struct buf *out, double value, int decimals)
{
    write_with_sign(out, value, decimals, "+");
}

void write_share(struct buf *out, double share, int decimals)
{
    double least = pow(10, -decimals);
    double pct = share * 100;
    if (isfinite(pct) && pct > 0 && pct < least / 2) {
        buf_char(out, '<');
        pct = least;
    } else if (isfinite(pct) && pct < 100 && pct >= 100 - least / 2) {
        buf_char(out, '>');
        pct = 100 - least;
    }
    write_number(out, pct, decimals);
    if (isfinite(pct))
        buf_char(out, '%');
}

void write_duration(struct buf *out, double seconds)
{
    if (!isfinite(seconds)) {
        buf_text(out, DASH);
        return;
    }
    static const struct {
        double below, unit;
    } steps[] = {{60, 1}, {3600, 60}, {48 * 3600.0, 3600}, {HUGE_VAL, 86400}};
    size_t i = 0;
    while (fabs(seconds) >= steps[i].below)
        i++;
    double value = seconds / steps[i].unit;
    bool whole = fabs(value) >= 9.95 || fabs(value - round(value)) < 0.05 || i == 0;
    write_number(out, value, whole ? 0 : 1);
    buf_text(out, THIN_SPACE);
    bool one = whole && fabs(fabs(value) - 1) < 0.5;
    const char *units[] = {_c("seconds", "s"), _c("minutes", "min"), _c("hours", "h"),
                           one ? _c("one day", "day") : _c("days", "days")};
    buf_text(out, units[i]);
}

static const char *month_name(int month)
{
    static const char *const names[] = {N_("January"), N_("February"), N_("March"),
                                        N_("April"),   N_("May"),      N_("June"),
                                        N_("July"),    N_("August"),   N_("September"),
                                        N_("October"), N_("November"), N_("December")};
    return _(names[month - 1]);
}

void write_date(struct buf *out, int64_t at_us)
{
    struct date date = date_from_us(at_us);
    buf_printf(out, "%d %s %d", date.day, month_name(date.month), date.year);
}

void write_date_short(struct buf *out, int64_t at_us)
{
    struct date date = date_from_us(at_us);
    /* The first three letters, in both languages: gen, feb, mar … / Jan, Feb, Mar … */
    buf_printf(out, "%d %.3s %d", date.day, month_name(date.month), date.year);
}

void write_time(struct buf *out, int64_t at_us)
{
    struct date date = date_from_us(at_us);
    buf_printf(out, "%04d-%02d-%02d %02d:%02d", date.year, date.month, date.day,
               date.hour, date.minute);
}

/* What was written into `buf`, in the arena. */
static const char *settle(struct arena *arena, struct buf *buf)
{
    const char *text = buf->failed ? NULL : arena_text(arena, buf_str(buf));
    buf_free(buf);
    return text;
}

const char *text_count(struct arena *arena, uint64_t n)
{
    struct buf buf = {0};
    write_count(&buf, n);
    return settle(arena, &buf);
}

const char *text_number(struct arena *arena, double value, int decimals)
{
    struct buf buf = {0};
    write_number(&buf, value, decimals);
    return settle(arena, &buf);
}

const char *text_signed(struct arena *arena, double value, int decimals)
{
    struct buf buf = {0};
    write_signed(&buf, value, decimals);
    return settle(arena, &buf);
}

const char *text_share(struct arena *arena, double share, int decimals)
{
    struct buf buf = {0};
    write_share(&buf, share, decimals);
    return settle(arena, &buf);
}

const char *text_duration(struct arena *arena, double seconds)
{
    struct buf buf = {0};
    write_duration(&buf, seconds);
    return settle(arena, &buf);
}

const char *text_duration_unit(const char *duration)
{
    const char *unit = strstr(duration, THIN_SPACE);
    return unit ? unit : duration + strlen(duration);
}

const char *text_date(struct arena *arena, int64_t at_us)
{
    struct buf buf = {0};
    write_date(&buf, at_us);
    return settle(arena, &buf);
}

const char *text_date_short(struct arena *arena, int64_t at_us)
{
    struct buf buf = {0};
    write_date_short(&buf, at_us);
    return settle(arena, &buf);
}

const char *text_time(struct arena *arena, int64_t at_us)
{
    struct buf buf = {0};
    write_time(&buf, at_us);
    return settle(arena, &buf);
}

/* Whether a percentage or a day of a month begins here that is read with a vowel first:
 * uno, otto, undici, ottanta… A first of the month is read "primo". */
static bool vowel_first(const char *text)
{
    size_t digits = strspn(text, "0123456789"), end = digits;
    if (text[digits] == ',')
        end += 1 + strspn(text + digits + 1, "0123456789");
    bool share = text[end] == '%';
    bool day =
        end == digits && text[end] == ' ' && text[end + 1] >= 'a' && text[end + 1] <= 'z';
    bool eight = text[0] == '8' && digits <= 2;
    bool eleven = digits == 2 && text[0] == '1' && text[1] == '1';
    bool one = digits == 1 && text[0] == '1';
    return (share && (eight || eleven || one)) || (day && (eight || eleven));
}

/* «il 8%» is «l’8%»: the article that begins here, and what it becomes; NULL: none does.
 */
static const char *elided(const char *at, size_t *ret_length)
{
    static const char *const articles[][2] = {
        {"il ", "l’"},     {"Il ", "L’"},     {"dal ", "dall’"}, {"Dal ", "Dall’"},
        {"al ", "all’"},   {"Al ", "All’"},   {"del ", "dell’"}, {"Del ", "Dell’"},
        {"nel ", "nell’"}, {"Nel ", "Nell’"}, {"sul ", "sull’"}, {"Sul ", "Sull’"},
    };
    for (size_t i = 0; i < sizeof articles / sizeof *articles; i++) {
        size_t length = strlen(articles[i][0]);
        if (strncmp(at, articles[i][0], length) == 0 && vowel_first(at + length)) {
            *ret_length = length;
            return articles[i][1];
        }
    }
    return NULL;
}

const char *text_agreed(struct arena *arena, const char *text)
{
    if (!text || lang_get() != LANG_IT)
        return text;
    struct buf buf = {0};
    for (const char *at = text; *at;) {
        bool word = at == text || at[-1] == ' ' || at[-1] == '(';
        size_t length = 0;
        const char *instead = word ? elided(at, &length) : NULL;
        if (instead) {
            buf_text(&buf, instead);
            at += length;
            continue;
        }
        buf_char(&buf, *at++);
    }
    return settle(arena, &buf);
}
