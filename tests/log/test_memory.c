/* Whatever allocation fails, the log says so, loses nothing and leaks nothing.
 *
 * malloc and its family are this program's own here: each counts, and the one whose turn
 * has come fails. (Not under a sanitizer, which has a malloc of its own.) */
#include "check.h"

#include "fail_malloc.h"

#include "base/parallel.h"
#include "log/csv_load.h"
#include "log/filter.h"
#include "text/time_format.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef SANITIZED
int main(void)
{
    puts("1..1\nok 1 - every allocation may fail # SKIP a sanitizer has its own malloc");
    return 0;
}
#else

static const char csv[] = "anna;2025-01-02;visita;web;bene\n"
                          "bruno;2025-01-01;ordine;negozio;\"disse \"\"s\xEC\"\"\"\n"
                          "anna;2025-01-01;chiamata;;un testo che non sta in venti byte\n"
                          ";2025-01-01;chiamata;web;\n"
                          "carla;2025-03-01;visita;web;bene\n";
static const struct csv_column columns[] = {{ROLE_CUSTOMER, 0},
                                            {ROLE_TIME, 0},
                                            {ROLE_ACTIVITY, 0},
                                            {ROLE_CHANNEL, 0},
                                            {ROLE_TEXT, 0}};

static void ignore(void *ctx, const struct csv_reject *reject)
{
    (void)ctx, (void)reject;
}

static enum vg_code load_and_add(struct builder *builder, struct vg_err *err)
{
    static const struct time_format format = {.kind = TIME_CALENDAR, .order = 'y'};
    const struct csv_reject_sink sink = {ignore, NULL};
    struct csv_counts counts;
    struct csv_plan plan = {.name = "prova.csv",
                            .bytes = {csv, sizeof csv - 1},
                            .first_line = 1,
                            .delimiter = ';',
                            .quote = '"',
                            .columns = columns,
                            .column_count = COUNT_OF(columns),
                            .time = &format,
                            .chunk_bytes = 40};
    const struct log_event event = {
        .customer = STR("dora"), .activity = STR("reso"), .at_us = 5, .score = NAN};
    enum vg_code code = csv_load(builder, &plan, &sink, NULL, &counts, err);
    if (code == VG_OK)
        code = builder_add(builder, &event, NULL, err);
    return code == VG_OK ? csv_load(builder, &plan, &sink, NULL, &counts, err) : code;
}

/* Everything once: read, add, sort, filter, cut. */
static enum vg_code everything(struct vg_err *err)
{
    struct builder *builder = NULL;
    struct vg_log *log = NULL, *left = NULL, *cut = NULL;
    const char *const web[] = {"web"};
    struct log_filter filter = LOG_FILTER_ALL;
    filter.channels = web;
    filter.channel_count = 1;
    enum vg_code code = builder_open(NULL, 0, &builder, err);
    if (code == VG_OK && (code = load_and_add(builder, err)) != VG_OK)
        builder_close(builder);
    else if (code == VG_OK)
        code = builder_finish(builder, &log, err);
    if (code == VG_OK)
        code = log_filter(log, &filter, &left, err);
    if (code == VG_OK)
        code = log_cut_pauses(log, 3600, &cut, err);
    if (code == VG_OK) {
        assert_int_equal(log->events, 9);
        assert_int_equal(left->events, 4);
        assert_int_equal(cut->events, 9);
    }
    log_close(log);
    log_close(left);
    log_close(cut);
    return code;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct vg_err err = {0};
    parallel_set_workers(1);
    assert_ok(everything(&err)); /* what is made once per process is made */
    enum vg_code code = VG_ERR_MEMORY;
    long turn = 1;
    for (; code != VG_OK && turn < 100000; turn++) {
        err = (struct vg_err){0};
        atomic_store(&turns, turn);
        atomic_store(&alive, 0);
        watching = true;
        code = everything(&err);
        watching = false;
        if (atomic_load(&alive) != 0)
            fail_msg("allocation %ld failed: %ld others are still alive", turn,
                     atomic_load(&alive));
        if (code != VG_OK && code != VG_ERR_MEMORY)
            fail_msg("allocation %ld failed: code %d: %s", turn, (int)code, err.what);
    }
    assert_int_equal(code, VG_OK);
    assert_true(turn > 100); /* there were some to fail */
    parallel_set_workers(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
#endif
