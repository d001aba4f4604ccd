/* The two commonest forms of a time, without a branch on every digit. */
#include "text/time_moment.h"

#include "base/date.h"

bool moment_date_fits(const struct moment *m)
{
    static const signed char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (m->month < 1 || m->month > 12 || m->year < 1 || m->year > 9999 || m->day < 1)
        return false;
    if (m->day <= days[m->month - 1])
        return true;
    return date_exists(m->year, m->month, m->day);
}

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

bool moment_read_offset(const char *p, size_t len, struct moment *m)
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

bool moment_read_iso(const char *p, size_t len, struct moment *m)
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
        return tens <= 9 && ones <= 9 && moment_date_fits(m);
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
    return two(b, 3) < 24 && two(b, 6) < 60 && moment_date_fits(m) &&
           moment_read_offset(p + 16 + n, len - 16 - n, m);
}

bool moment_read_slash(const char *p, size_t len, char order, struct moment *m)
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
        return moment_date_fits(m);
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
    return two(c, 1) < 24 && two(c, 4) < 60 && moment_date_fits(m);
}
