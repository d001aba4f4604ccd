#include "base/date.h"

#include <time.h>

bool date_exists(int year, int month, int day)
{
    static const signed char days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > days[month - 1])
        return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month != 2 || day < 29 || leap;
}

int64_t date_to_us(const struct date *date)
{
    int64_t seconds = date_days(date->year, date->month, date->day) * 86400 +
                      date->hour * 3600 + date->minute * 60 + date->second;
    return seconds * US_PER_S + date->us;
}

struct date date_from_us(int64_t at_us)
{
    int64_t days = at_us / US_PER_DAY;
    int64_t rest = at_us % US_PER_DAY;
    if (rest < 0) {
        rest += US_PER_DAY;
        days--;
    }
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct date){
        .year = (int)(yoe + era * 400 + (month <= 2)),
        .month = month,
        .day = (int)(doy - (153 * mp + 2) / 5 + 1),
        .hour = (int)(rest / (3600 * US_PER_S)),
        .minute = (int)(rest / (60 * US_PER_S) % 60),
        .second = (int)(rest / US_PER_S % 60),
        .us = (int)(rest % US_PER_S),
    };
}

int64_t date_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

static int64_t today_us = INT64_MIN, goes_on_from_us = INT64_MIN;

int64_t date_today_us(void)
{
    if (today_us == INT64_MIN)
        return date_now_us();
    return goes_on_from_us == INT64_MIN ? today_us
                                        : today_us + (date_now_us() - goes_on_from_us);
}

void date_run_today(int64_t at_us)
{
    goes_on_from_us = date_now_us();
    today_us = at_us;
}

void date_set_today(int64_t at_us)
{
    today_us = at_us;
}
