/* golden: the shared logs and the reference answers of an independent tool. Absent, the
 * test is skipped. */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include "check.h"

#include "base/date.h"
#include "log/build.h"
#include "text/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const golden_logs[] = {
    "running_example", "helpdesk_it",    "receipt",   "bpic2013_closed",
    "reviewing",       "repair_example", "teleclaims"};

static inline void golden_path(char *out, size_t size, const char *folder,
                               const char *name, const char *ending)
{
    const char *source = getenv("VIAGGIO_SOURCE");
    snprintf(out, size, "%s/../shared/data/%s/%s.%s", source ? source : ".", folder, name,
             ending);
    FILE *file = fopen(out, "r");
    if (!file) {
        print_message("the shared data is not here\n");
        skip();
    }
    fclose(file);
}

static inline int64_t golden_time(str text)
{
    char plain[40];
    struct date date = {0};
    double second = 0;
    snprintf(plain, sizeof plain, "%.*s", STR_ARG(text));
    if (sscanf(plain, "%d-%d-%dT%d:%d:%lf", &date.year, &date.month, &date.day,
               &date.hour, &date.minute, &second) != 6)
        fail_msg("not a time: %s", plain);
    return date_to_us(&date) + llround(second * 1000) * 1000;
}

/* logs/NAME.csv: case_id,activity,timestamp[,resource[,lifecycle]], nothing quoted. */
static inline struct vg_log *golden_log(const char *name)
{
    char path[1024], line[1024];
    struct builder *builder = NULL;
    struct vg_log *log = NULL;
    struct vg_err err = {0};
    golden_path(path, sizeof path, "logs", name, "csv");
    FILE *file = fopen(path, "r");
    assert_ok(builder_open(NULL, 0, &builder, &err));
    for (bool header = true; fgets(line, sizeof line, file); header = false) {
        if (header)
            continue;
        str rest = str_trim(str_from(line));
        struct log_event event = {.score = NAN};
        event.customer = str_cut(&rest, ',');
        event.activity = str_cut(&rest, ',');
        event.at_us = golden_time(str_cut(&rest, ','));
        event.actor = rest.ptr ? str_cut(&rest, ',') : rest;
        if (event.actor.len == 0)
            event.actor.ptr = NULL;
        assert_ok(builder_add(builder, &event, NULL, &err));
    }
    fclose(file);
    assert_ok(builder_finish(builder, &log, &err));
    return log;
}

static inline json_t *golden_answers(const char *name)
{
    char path[1024];
    json_t *json = NULL;
    struct vg_err err = {0};
    golden_path(path, sizeof path, "golden", name, "json");
    assert_ok(json_read_file(path, 64 << 20, &json, &err));
    return json;
}

#endif
