/* log_maker: a small log from lines of text, for unit tests.
 *
 *     struct vg_log *log = log_from_lines("anna;Visit;2025-01-01 10:00\n"
 *                                         "anna;Buy;2025-01-02;web;carlo;4\n");
 *
 * A line is customer;activity;time[;channel[;actor[;score]]], where an empty field is
 * none and scores are stars. The time is 2025-01-01, 2025-01-01 10:00 or 2025-01-01
 * 10:00:05. Fails the test when something is wrong; the caller closes the log. */
#ifndef TESTS_LOG_MAKER_H
#define TESTS_LOG_MAKER_H

#include "check.h"

#include "base/date.h"
#include "log/build.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static inline int64_t log_maker_time(str text)
{
    char plain[64];
    struct date date = {0};
    snprintf(plain, sizeof plain, "%.*s", STR_ARG(text));
    int n = sscanf(plain, "%d-%d-%d%*1[ T]%d:%d:%d", &date.year, &date.month, &date.day,
                   &date.hour, &date.minute, &date.second);
    if (n < 3 || !date_exists(date.year, date.month, date.day))
        fail_msg("log_from_lines: not a time: %s", plain);
    return date_to_us(&date);
}

static inline struct log_event log_maker_event(str line)
{
    str field[6] = {{NULL, 0}};
    for (size_t i = 0; i < COUNT_OF(field) && line.ptr; i++)
        field[i] = str_cut(&line, ';');
    struct log_event event = {.customer = field[0],
                              .activity = field[1],
                              .at_us = log_maker_time(field[2]),
                              .channel = field[3].len ? field[3] : (str){NULL, 0},
                              .actor = field[4].len ? field[4] : (str){NULL, 0},
                              .score = NAN};
    if (str_to_double(field[5], false, &event.score))
        event.scale = SCALE_STARS;
    return event;
}

static inline struct vg_log *log_from_lines(const char *lines)
{
    struct builder *builder = NULL;
    struct vg_log *log = NULL;
    struct vg_err err = {0};
    assert_ok(builder_open(NULL, 0, &builder, &err));
    for (str rest = str_from(lines); rest.ptr;) {
        str line = str_trim(str_cut(&rest, '\n'));
        if (line.len == 0)
            continue;
        struct log_event event = log_maker_event(line);
        assert_ok(builder_add(builder, &event, NULL, &err));
    }
    assert_ok(builder_finish(builder, &log, &err));
    return log;
}

#endif
