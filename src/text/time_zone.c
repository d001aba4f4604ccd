#include "text/time_zone.h"

#include "base/date.h"
#include "base/lang.h"

#include <ctype.h>
#include <stdio.h>

#define ZONE_FOLDER "/usr/share/zoneinfo/"

enum {
    ZONE_BYTES_MAX = 256 * 1024,
    ZONE_SPANS_MAX = 8192,
    RULE_YEARS = 400 /* the calendar repeats after 400 years */
};

/* A span of time during which the distance from UTC is the same. */
struct span {
    int64_t begin_s; /* UTC; the first span begins at INT64_MIN */
    int64_t offset_s;
    int64_t local_end_s; /* what the wall clock shows when it ends; INT64_MAX: never */
};
struct time_zone {
    size_t count;
    int64_t repeat_from_s; /* wall clock: later times are moved back by 400 years */
    struct span spans[];
};

/* ---- TZif ---- */

struct reader {
    const unsigned char *at, *end;
};
struct counts {
    uint32_t is_ut, is_std, leap, times, types, chars;
};

static uint32_t big32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
static int64_t big64(const unsigned char *p)
{
    return (int64_t)((uint64_t)big32(p) << 32 | big32(p + 4));
}

static bool header_read(struct reader *in, struct counts *ret, char *ret_version)
{
    if (in->end - in->at < 44 || memcmp(in->at, "TZif", 4) != 0)
        return false;
    const unsigned char *p = in->at + 20;
    *ret_version = (char)in->at[4];
    *ret = (struct counts){big32(p),      big32(p + 4),  big32(p + 8),
                           big32(p + 12), big32(p + 16), big32(p + 20)};
    in->at += 44;
    return ret->times < ZONE_SPANS_MAX / 2 && ret->types > 0 && ret->types <= 256 &&
           ret->chars <= 4096 && ret->leap <= 4096 && ret->is_ut <= 256 &&
           ret->is_std <= 256;
}

static size_t body_bytes(const struct counts *c, size_t time_bytes)
{
    return c->times * (time_bytes + 1) + c->types * 6u + c->chars +
           c->leap * (time_bytes + 4) + c->is_std + c->is_ut;
}

/* ---- the POSIX rule ---- */

struct rule_day {
    char kind; /* 'M' month.week.day, 'J' day without 29 February, 'D' day from 0 */
    int month, week, day;
    int64_t at_s; /* wall clock, from midnight */
};
struct rule {
    int64_t std_s, dst_s; /* distance from UTC, east positive */
    bool has_dst;
    struct rule_day begin, end;
};

static bool rule_number(const char **at, int *ret)
{
    int value = 0, digits = 0;
    for (; isdigit((unsigned char)**at) && digits < 4; ++*at, digits++)
        value = value * 10 + (**at - '0');
    *ret = value;
    return digits > 0;
}

static bool rule_name(const char **at)
{
    const char *start = *at;
    if (**at == '<') {
        while (**at && **at != '>')
            ++*at;
        return *(*at)++ == '>';
    }
    while (isalpha((unsigned char)**at))
        ++*at;
    return *at - start >= 3;
}

/* [+-]hh[:mm[:ss]] */
static bool rule_clock(const char **at, int64_t *ret_s)
{
    int sign = 1, part[3] = {0, 0, 0};
    if (**at == '+' || **at == '-')
        sign = *(*at)++ == '-' ? -1 : 1;
    if (!rule_number(at, &part[0]))
        return false;
    for (int i = 1; i < 3 && **at == ':'; i++) {
        ++*at;
        if (!rule_number(at, &part[i]))
            return false;
    }
    *ret_s = sign * (part[0] * INT64_C(3600) + part[1] * 60 + part[2]);
    return part[0] <= 167 && part[1] < 60 && part[2] < 60;
}

static bool rule_day_read(const char **at, struct rule_day *ret)
{
    *ret = (struct rule_day){.kind = 'D', .at_s = 7200};
    if (**at == 'M' || **at == 'J')
        ret->kind = *(*at)++;
    if (ret->kind == 'M') {
        if (!rule_number(at, &ret->month) || *(*at)++ != '.' ||
            !rule_number(at, &ret->week) || *(*at)++ != '.')
            return false;
    }
    if (!rule_number(at, &ret->day))
        return false;
    if (ret->kind == 'M' && (ret->month < 1 || ret->month > 12 || ret->week < 1 ||
                             ret->week > 5 || ret->day > 6))
        return false;
    if (ret->kind != 'M' && ret->day > 366)
        return false;
    if (**at != '/')
        return true;
    ++*at;
    return rule_clock(at, &ret->at_s);
}

static bool rule_read(const char *text, struct rule *ret)
{
    if (!rule_name(&text) || !rule_clock(&text, &ret->std_s))
        return false;
    ret->std_s = -ret->std_s;
    ret->has_dst = *text != 0;
    if (!ret->has_dst)
        return true;
    ret->dst_s = ret->std_s + 3600;
    if (!rule_name(&text))
        return false;
    if (*text != ',') {
        if (!rule_clock(&text, &ret->dst_s))
            return false;
        ret->dst_s = -ret->dst_s;
    }
    return *text++ == ',' && rule_day_read(&text, &ret->begin) && *text++ == ',' &&
           rule_day_read(&text, &ret->end) && *text == 0;
}

/* Wall-clock second at which the rule strikes in a year. */
static int64_t rule_day_s(const struct rule_day *rule, int year)
{
    int64_t day;
    if (rule->kind == 'M') {
        int64_t first = date_days(year, rule->month, 1);
        int64_t weekday = (first % 7 + 11) % 7; /* 1970-01-01 was a Thursday */
        day = first + (rule->day - weekday + 7) % 7 + (rule->week - 1) * 7;
        if (!date_exists(year, rule->month, (int)(day - first) + 1))
            day -= 7;
    } else {
        day = date_days(year, 1, 1) + rule->day - (rule->kind == 'J');
        if (rule->kind == 'J' && rule->day >= 60 && date_exists(year, 2, 29))
            day++;
    }
    return day * 86400 + rule->at_s;
}

/* ---- spans ---- */

static void span_add(struct time_zone *zone, int64_t begin_s, int64_t offset_s)
{
    struct span *last = zone->count ? &zone->spans[zone->count - 1] : NULL;
    if (last && last->offset_s == offset_s)
        return;
    if (last && begin_s <= last->begin_s)
        return;
    if (last)
        last->local_end_s = begin_s + last->offset_s;
    zone->spans[zone->count++] = (struct span){begin_s, offset_s, INT64_MAX};
}

static void spans_from_rule(struct time_zone *zone, const struct rule *rule)
{
    int64_t last_s = zone->count > 1 ? zone->spans[zone->count - 1].begin_s : 0;
    int first = date_from_us(last_s * US_PER_S).year;
    for (int year = first; year <= first + RULE_YEARS && year < 9999; year++) {
        int64_t begin = rule_day_s(&rule->begin, year) - rule->std_s;
        int64_t end = rule_day_s(&rule->end, year) - rule->dst_s;
        if (begin < end && begin > last_s)
            span_add(zone, begin, rule->dst_s);
        if (end > last_s)
            span_add(zone, end, rule->std_s);
        if (begin > end && begin > last_s)
            span_add(zone, begin, rule->dst_s);
    }
    zone->repeat_from_s = date_days(first + RULE_YEARS, 1, 15) * 86400;
}

static struct time_zone *zone_new(struct arena *arena)
{
    struct time_zone *zone = arena_alloc(
        arena, 1, sizeof(struct time_zone) + ZONE_SPANS_MAX / 4 * sizeof(struct span));
    if (zone)
        zone->repeat_from_s = INT64_MAX;
    return zone;
}

/* The 64-bit block of the file, then its rule. */
static struct time_zone *zone_parse(struct arena *arena, struct reader in, bool *ret_bad)
{
    struct counts c;
    char version;
    *ret_bad = true;
    if (!header_read(&in, &c, &version) || version < '2' ||
        (size_t)(in.end - in.at) < body_bytes(&c, 4))
        return NULL;
    in.at += body_bytes(&c, 4);
    if (!header_read(&in, &c, &version) || (size_t)(in.end - in.at) < body_bytes(&c, 8) ||
        c.times > ZONE_SPANS_MAX / 4 - 2 * RULE_YEARS - 4)
        return NULL;
    const unsigned char *times = in.at, *kinds = times + c.times * 8u;
    const unsigned char *types = kinds + c.times;
    in.at += body_bytes(&c, 8);
    *ret_bad = false;
    struct time_zone *zone = zone_new(arena);
    if (!zone)
        return NULL;
    span_add(zone, INT64_MIN, (int32_t)big32(types));
    for (uint32_t i = 0; i < c.times; i++)
        if (kinds[i] < c.types && big64(times + i * 8u) > INT64_C(-100000000000))
            span_add(zone, big64(times + i * 8u), (int32_t)big32(types + kinds[i] * 6u));
    char text[128];
    size_t n = 0;
    for (const unsigned char *p = in.at + 1; p < in.end && *p != '\n'; p++)
        if (n < sizeof text - 1)
            text[n++] = (char)*p;
    text[n] = 0;
    struct rule rule = {0};
    if (rule_read(text, &rule) && rule.has_dst)
        spans_from_rule(zone, &rule);
    return zone;
}

/* A name of the zone database, never a way out of its folder. */
static bool zone_name_fine(const char *name)
{
    size_t n = strlen(name);
    if (n == 0 || n > 64 || name[0] == '/' || strstr(name, ".."))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)name[i]) && !strchr("/_+-", name[i]))
            return false;
    return true;
}

/* "+01:00", "-0330" */
static bool fixed_offset(const char *name, int64_t *ret_s)
{
    if (name[0] != '+' && name[0] != '-')
        return false;
    char plain[5];
    size_t n = 0;
    for (const char *p = name + 1; *p; p++) {
        if (*p == ':' && n == 2)
            continue;
        if (!isdigit((unsigned char)*p) || n == 4)
            return false;
        plain[n++] = (char)(*p - '0');
    }
    if (n != 2 && n != 4)
        return false;
    int64_t minutes = (plain[0] * 10 + plain[1]) * 60;
    if (n == 4)
        minutes += plain[2] * 10 + plain[3];
    *ret_s = (name[0] == '-' ? -60 : 60) * minutes;
    return minutes <= 18 * 60;
}

static enum vg_code zone_unknown(const char *name, struct vg_err *err)
{
    err_set(err, VG_ERR_NOT_FOUND, NULL, _("there is no time zone \"%s\""), name);
    err_hint(err, "%s",
             _("give a name such as Europe/Rome, or a distance such as +01:00; "
               "names come from the system package tzdata"));
    return VG_ERR_NOT_FOUND;
}

enum vg_code time_zone_open(struct arena *arena, const char *name,
                            const struct time_zone **ret, struct vg_err *err)
{
    int64_t offset_s;
    bool is_utc = !name || strcmp(name, "UTC") == 0 || strcmp(name, "Z") == 0;
    if (is_utc) {
        *ret = NULL;
        return VG_OK;
    }
    if (fixed_offset(name, &offset_s)) {
        struct time_zone *fixed = zone_new(arena);
        if (!fixed)
            return err_memory(err);
        span_add(fixed, INT64_MIN, offset_s);
        *ret = fixed;
        return VG_OK;
    }
    if (!zone_name_fine(name))
        return zone_unknown(name, err);
    char path[128];
    snprintf(path, sizeof path, ZONE_FOLDER "%s", name);
    FILE *file = fopen(path, "rbe");
    if (!file)
        return zone_unknown(name, err);
    unsigned char *bytes = arena_alloc(arena, ZONE_BYTES_MAX, 1);
    size_t n = bytes ? fread(bytes, 1, ZONE_BYTES_MAX, file) : 0;
    fclose(file);
    if (!bytes)
        return err_memory(err);
    bool bad;
    struct time_zone *zone = zone_parse(arena, (struct reader){bytes, bytes + n}, &bad);
    if (!zone)
        return bad ? zone_unknown(name, err) : err_memory(err);
    *ret = zone;
    return VG_OK;
}

int64_t time_zone_to_utc(const struct time_zone *zone, int64_t local_us)
{
    if (!zone)
        return local_us;
    int64_t local_s = local_us / US_PER_S - (local_us % US_PER_S < 0);
    int64_t cycle_s = INT64_C(146097) * 86400, moved_s = 0;
    if (local_s >= zone->repeat_from_s) {
        moved_s = ((local_s - zone->repeat_from_s) / cycle_s + 1) * cycle_s;
        local_s -= moved_s;
    }
    size_t low = 0, high = zone->count - 1;
    while (low < high) { /* the first span whose wall clock has not yet passed it */
        size_t middle = low + (high - low) / 2;
        if (local_s < zone->spans[middle].local_end_s)
            high = middle;
        else
            low = middle + 1;
    }
    const struct span *span = &zone->spans[low];
    bool never = low > 0 && local_s - span->offset_s < span->begin_s;
    int64_t offset_s = never ? zone->spans[low - 1].offset_s : span->offset_s;
    return local_us - offset_s * US_PER_S;
}
