/* date: the proleptic Gregorian calendar, without time zones.
 * Units  at_us is microseconds since 1970-01-01 00:00 UTC; days are since the same day.
 * Years 1 to 9999. Source: H. Hinnant, "chrono-compatible low-level date algorithms". */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/base.h"

struct date {
    int year, month, day; /* month 1…12, day 1…31 */
    int hour, minute, second, us;
};

#define DATE_MIN_US INT64_C(-62135596800000000) /* 0001-01-01 00:00:00 */
#define DATE_MAX_US INT64_C(253402300799999999) /* 9999-12-31 23:59:59.999999 */

static inline int64_t date_days(int year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t yoe = year - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

bool date_exists(int year, int month, int day);
int64_t date_to_us(const struct date *date);
struct date date_from_us(int64_t at_us);
int64_t date_now_us(void);
/* The moment that counts as today for what is late or out of date: now, unless one was
 * set (for demonstrations; once, before there are threads). Sessions and links always go
 * by the real clock. */
int64_t date_today_us(void);
void date_set_today(int64_t at_us);
/* The same, and time goes on from there: what comes later is later. */
void date_run_today(int64_t at_us);

#endif
