/* time_format: how times are written in a file; guessed once, then read fast.
 *
 * What is read      2025-11-12, 2025-11-12T14:05:33.250+01:00 (T or space), 12/11/2025,
 *                   12-11-25, 12.11.2025 14:05, 12/11/2025 14.05, 11/12/2025 2:05 PM,
 *                   12 novembre 2025 ore 14:05, Nov 12, 2025, mer 12/11/2025,
 *                   Wed Nov 12 14:05:33 CET 2025, 20251112, 20251112140533,
 *                   1762952733 (seconds), …733250 (ms, µs), 45973.587 (spreadsheet).
 * Years             1 to 9999; two digits: 69–99 are 19xx, 00–68 are 20xx (POSIX).
 * Zones             a time without one is a wall clock in `zone` (text/time_zone.h).
 * Day and month     a year that comes first is never mistaken; otherwise `order` decides
 *                   for the whole column, and a date that does not fit it is refused
 *                   rather than turned round.
 * Threads           a format is read-only: any number of readers. */
#ifndef TEXT_TIME_FORMAT_H
#define TEXT_TIME_FORMAT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "text/time_zone.h"

enum time_kind {
    TIME_NONE,     /* not times */
    TIME_CALENDAR, /* written with separators or month names */
    TIME_COMPACT,  /* yyyymmdd[hhmm[ss]] */
    TIME_EPOCH,    /* units since 1970-01-01 */
    TIME_SERIAL    /* days since 1899-12-30, as spreadsheets count */
};
struct time_format {
    enum time_kind kind;
    char order;      /* of a calendar date: 'y' year first, 'd' 31/12, 'm' 12/31 */
    int64_t unit_us; /* of TIME_EPOCH */
    const struct time_zone *zone; /* of times that name none; NULL: UTC */
    /* What the samples looked like; for people, reading does not depend on it. */
    char separator; /* between the numbers of a date; ' ' when months are words */
    bool has_clock, has_seconds, has_zone, short_year;
    bool assumed; /* no sample told the day from the month: 31/12 was assumed */
};
#define TIME_ISO ((struct time_format){.kind = TIME_CALENDAR, .order = 'y'})

/* What could be wrong with a text. */
enum time_fault { TIME_FINE, TIME_NOT_A_DATE, TIME_NO_SUCH_DATE, TIME_WRONG_ORDER };

/* When it happened, UTC. No allocation. False: see time_explain. White space around the
 * text is fine. About 10 ns for the common forms. */
bool time_parse(const struct time_format *format, str text, int64_t *ret_us);
/* Date and time of day in two columns. An empty clock is midnight; what the date column
 * itself says of the time of day is then ignored ("12/11/2025 00:00:00", "14:05"). */
bool time_parse_joined(const struct time_format *format, str date, str clock,
                       int64_t *ret_us);
/* A time of day alone: 14:05, 14.05.33, 2:05 PM. */
bool time_of_day_parse(str text, int64_t *ret_us);
/* Why time_parse refused the text. */
enum time_fault time_explain(const struct time_format *format, str text);
/* A sentence for the reader: the date "31/02/2025" does not exist. */
void time_fault_write(enum time_fault fault, str text, struct buf *out);

/* The format that reads most of the samples (empty ones do not count), and how many it
 * reads. `order`: 'd', 'm', or 0 to guess. kind TIME_NONE when it reads none. */
struct time_format time_guess(const str *samples, size_t count, char order,
                              const struct time_zone *zone, size_t *ret_read);
/* For people, in their language: "dd/mm/yyyy hh:mm", "gg/mm/aaaa hh:mm", "ISO 8601". */
void time_format_write(const struct time_format *format, struct buf *out);
/* Days of a spreadsheet since 1899-12-30 (or 1904-01-01) → microseconds since 1970, as a
 * wall clock. False outside the years 1900 to 9999. */
bool time_from_serial(double days, bool from_1904, int64_t *ret_us);

#endif
