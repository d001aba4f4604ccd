/* time_moment: a time as it stands on the page, and the ways to read one. Inside of
 * text/time_format. All take exactly the text given, no more, and allocate nothing. */
#ifndef TEXT_TIME_MOMENT_H
#define TEXT_TIME_MOMENT_H

#include "text/time_format.h"

/* Before its zone. */
struct moment {
    int year, month, day;
    int64_t clock_us; /* since midnight */
    int64_t offset_s; /* east of UTC */
    bool has_clock, has_offset;
};

/* Whether the month has that day. */
bool moment_date_fits(const struct moment *m);
/* Nothing, Z, +hh, +hhmm, +hh:mm, to the end of the text. */
bool moment_read_offset(const char *p, size_t len, struct moment *m);

/* The two commonest forms, fast; p has at least 10 bytes. False: it is not of this form,
 * or there is no such time; *m is then spoilt. */
/* yyyy-mm-dd[(T| )hh:mm[:ss[.f]][zone]] */
bool moment_read_iso(const char *p, size_t len, struct moment *m);
/* dd/mm/yyyy[ hh:mm[:ss]], with / - or .; month first when `order` is 'm'. */
bool moment_read_slash(const char *p, size_t len, char order, struct moment *m);

/* Everything that people write with separators or month names. */
enum time_fault moment_read_written(str text, char order, struct moment *m);
/* yyyymmdd[hhmm[ss]] */
enum time_fault moment_read_compact(str text, struct moment *m);
/* A time of day alone, the whole text. */
bool moment_read_clock(str text, struct moment *m);

#endif
