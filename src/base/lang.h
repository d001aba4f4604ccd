/* lang: the reader's language, and how that reader writes numbers, dates and times.
 *
 * The language belongs to the thread, not to the process, so that a server can answer two
 * readers at once; parallel loops pass it on to their workers. Translations are made with
 * gettext's tools (po/it.po) and compiled into the program, so that they work on a
 * machine that has no Italian locale installed (docs/adr/0003-translations-inside.md).
 * LC_NUMERIC is never set: strtod and printf stay with the '.'. */
#ifndef BASE_LANG_H
#define BASE_LANG_H

#include "base/arena.h"
#include "base/buf.h"

enum lang { LANG_EN, LANG_IT };

void lang_set(enum lang lang); /* of this thread */
enum lang lang_get(void);
/* "it", "it_IT.UTF-8", "en" … to a language; false when it is neither. */
bool lang_from_text(const char *text, enum lang *ret);
/* What LC_ALL, LC_MESSAGES, LANG (in that order) say; English otherwise. */
enum lang lang_from_environment(void);
const char *lang_code(enum lang lang); /* "en", "it" */

/* The message in the thread's language; English, the source language, where there is
 * none. xgettext collects these. */
const char *lang_text(const char *message) __attribute__((format_arg(1)));
const char *lang_text_n(const char *one, const char *many, uint64_t n)
    __attribute__((format_arg(1), format_arg(2)));
/* A message whose meaning depends on where it stands: lang_text_in("verb", "Open"). */
const char *lang_text_in(const char *context, const char *message)
    __attribute__((format_arg(2)));
#define _(message)           lang_text(message)
#define N_(message)          (message) /* collected now, translated where it is shown */
#define _n(one, many, n)     lang_text_n(one, many, n)
#define _c(context, message) lang_text_in(context, message)

/* Written for the thread's reader: 1.284 and −1,2 in Italian, 1,284 and −1.2 in English,
 * with a true minus sign. A value that is not finite is written "–". */
void write_count(struct buf *out, uint64_t n);
void write_number(struct buf *out, double value, int decimals);
/* Always with its sign: +1,3. */
void write_signed(struct buf *out, double value, int decimals);
/* A share 0…1 as 22% (0 decimals) or 21,7%; never 0% for what is not none, nor 100% for
 * what is not all: <1%, >99%. */
void write_share(struct buf *out, double share, int decimals);
/* A duration in the unit people would use: 40 s, 11 min, 3,1 h, 4,2 g / 4.2 days; one
 * decimal below ten, none above. */
void write_duration(struct buf *out, double seconds);
/* 12 novembre 2025 / 12 November 2025; short: 12 nov 2025. Times are UTC microseconds. */
void write_date(struct buf *out, int64_t at_us);
void write_date_short(struct buf *out, int64_t at_us);
/* 2025-11-12 14:05, the same in both languages. */
void write_time(struct buf *out, int64_t at_us);

/* The same, into an arena. NULL when memory is used up. */
const char *text_count(struct arena *arena, uint64_t n);
const char *text_number(struct arena *arena, double value, int decimals);
const char *text_signed(struct arena *arena, double value, int decimals);
const char *text_share(struct arena *arena, double share, int decimals);
const char *text_duration(struct arena *arena, double seconds);
/* Where the unit of such a duration begins, with the space before it; or its end. */
const char *text_duration_unit(const char *duration);
const char *text_date(struct arena *arena, int64_t at_us);
const char *text_date_short(struct arena *arena, int64_t at_us);
const char *text_time(struct arena *arena, int64_t at_us);
/* The sentence with its articles as the language wants them before a share or a date:
 * «l’8%» for "il 8%", «dall’11 marzo» for "dal 11 marzo". NULL when memory is used up, or
 * the text is. */
const char *text_agreed(struct arena *arena, const char *text);

#endif
