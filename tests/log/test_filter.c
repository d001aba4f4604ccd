/* Filters and pauses against a reading of the definition, event by event. */
#include "log_maker.h"
#include "log_same.h"

#include "base/buf.h"
#include "base/parallel.h"
#include "log/filter.h"

static uint32_t seed = 1;
static uint32_t dice(uint32_t n)
{
    seed = seed * 1664525U + 1013904223U;
    return (uint32_t)(((uint64_t)seed * n) >> 32);
}

static const char *const activities[] = {"visita", "chiamata", "ordine", "reso"};
static const char *const channels[] = {"web", "negozio", NULL};
static const char *const regions[] = {"nord", "sud", NULL};

static struct vg_log *random_log(uint32_t events, uint32_t customers)
{
    struct builder *builder = NULL;
    struct vg_log *log = NULL;
    struct vg_err err = {0};
    str names[] = {STR("zona")};
    assert_ok(builder_open(names, 1, &builder, &err));
    for (uint32_t i = 0; i < events; i++) {
        char customer[16];
        snprintf(customer, sizeof customer, "c%u", dice(customers));
        struct log_event event = {.customer = str_from(customer),
                                  .activity = str_from(activities[dice(4)]),
                                  .channel = str_from(channels[dice(3)]),
                                  .at_us = (int64_t)dice(40) * US_PER_DAY,
                                  .score = dice(2) ? (double)dice(5) : NAN,
                                  .scale = SCALE_STARS};
        str region = str_from(regions[dice(3)]);
        assert_ok(builder_add(builder, &event, &region, &err));
    }
    assert_ok(builder_finish(builder, &log, &err));
    return log;
}

static const char *text16(const struct dict *dict, const uint16_t *codes, size_t row)
{
    return codes && codes[row] != LOG_NO_CODE16 ? dict_text(dict, codes[row]) : "-";
}

static void event_write(const struct vg_log *log, size_t row, struct buf *out)
{
    const struct log_attribute *zone = &log->attributes[0];
    buf_printf(out, " %ld/%s/%s/%s/%g", (long)(log->at_us[row] / US_PER_DAY),
               dict_text(&log->activities, log->activity[row]),
               text16(&log->channels, log->channel, row),
               zone->code[row] == LOG_NO_CODE32
                   ? "-"
                   : dict_text(&zone->values, zone->code[row]),
               log->score ? (double)log->score[row] : NAN);
}

static void log_write(const struct vg_log *log, struct buf *out)
{
    struct arena *arena = arena_open(0);
    for (size_t t = 0; t < log->traces; t++) {
        buf_printf(out, "%s:", log_trace_text(log, arena, t));
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++)
            event_write(log, row, out);
        buf_char(out, '\n');
    }
    arena_close(arena);
}

/* ---- the definition, word by word ---- */

static bool among(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return count == 0;
}

static bool event_fits(const struct vg_log *log, const struct log_filter *f, size_t row)
{
    const struct log_attribute *zone = &log->attributes[0];
    const char *region = zone->code[row] == LOG_NO_CODE32
                             ? "-"
                             : dict_text(&zone->values, zone->code[row]);
    if (log->at_us[row] < f->from_us || log->at_us[row] >= f->until_us ||
        !among(f->activities, f->activity_count,
               dict_text(&log->activities, log->activity[row])) ||
        !among(f->channels, f->channel_count, text16(&log->channels, log->channel, row)))
        return false;
    for (size_t i = 0; i < f->where_count; i++)
        if ((strcmp(region, f->where[i].value) == 0) == f->where[i].not )
            return false;
    return true;
}

static bool journey_has(const struct vg_log *log, const size_t *rows, size_t count,
                        const char *activity)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(dict_text(&log->activities, log->activity[rows[i]]), activity) == 0)
            return true;
    return false;
}

/* Is one event of that customer, in any of the journeys, from this region? */
static bool customer_has(const struct vg_log *log, const char *name, const char *region)
{
    const struct log_attribute *zone = &log->attributes[0];
    for (size_t t = 0; t < log->traces; t++)
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++)
            if (strcmp(dict_text(&log->trace_names, log->trace_name[t]), name) == 0 &&
                zone->code[row] != LOG_NO_CODE32 &&
                strcmp(dict_text(&zone->values, zone->code[row]), region) == 0)
                return true;
    return false;
}

static bool journey_fits(const struct vg_log *log, const struct log_filter *f,
                         const char *name, const size_t *rows, size_t count)
{
    if (count == 0 || !among(f->customers, f->customer_count, name))
        return false;
    for (size_t i = 0; i < f->customers_where_count; i++)
        if (customer_has(log, name, f->customers_where[i].value) ==
            f->customers_where[i].not )
            return false;
    double duration = (double)(log->at_us[rows[count - 1]] - log->at_us[rows[0]]) / 1e6;
    for (size_t i = 0; i < f->containing_count; i++)
        if (!journey_has(log, rows, count, f->containing[i]))
            return false;
    for (size_t i = 0; i < f->missing_count; i++)
        if (journey_has(log, rows, count, f->missing[i]))
            return false;
    return !(!isnan(f->longer_than_s) && duration <= f->longer_than_s) &&
           !(!isnan(f->shorter_than_s) && duration >= f->shorter_than_s);
}

static void expected_write(const struct vg_log *log, const struct log_filter *f,
                           struct buf *out)
{
    struct arena *arena = arena_open(0);
    size_t *rows = calloc(log->events + 1, sizeof *rows);
    for (size_t t = 0; t < log->traces; t++) {
        size_t count = 0;
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++)
            if (event_fits(log, f, row))
                rows[count++] = row;
        const char *name = log_trace_text(log, arena, t);
        const char *customer = dict_text(&log->trace_names, log->trace_name[t]);
        if (!journey_fits(log, f, customer, rows, count))
            continue;
        buf_printf(out, "%s:", name);
        for (size_t i = 0; i < count; i++)
            event_write(log, rows[i], out);
        buf_char(out, '\n');
    }
    free(rows);
    arena_close(arena);
}

static void same_filtered(const struct vg_log *log, const struct log_filter *filter)
{
    struct vg_log *left = NULL;
    struct vg_err err = {0};
    struct buf got = {0}, want = {0};
    assert_ok(log_filter(log, filter, &left, &err));
    log_write(left, &got);
    expected_write(log, filter, &want);
    assert_string_equal(got.len ? got.ptr : "", want.len ? want.ptr : "");
    bytes_agree(left);
    bool used[8] = {0};
    for (size_t i = 0; i < left->events; i++)
        used[left->activity[i]] = true;
    for (uint32_t i = 0; i < left->activities.count; i++)
        assert_true(used[i]);
    assert_true(left->trace_names.count <= left->traces);
    for (size_t i = 0; i < left->traces; i++)
        assert_int_equal(dict_find(&left->trace_names,
                                   dict_str(&left->trace_names, left->trace_name[i])),
                         left->trace_name[i]);
    log_close(left);
    buf_free(&got);
    buf_free(&want);
}

/* ---- tests ---- */

static void every_filter_leaves_what_its_definition_says(void **state)
{
    (void)state;
    const char *const visit[] = {"visita"}, *const two[] = {"ordine", "reso"};
    const char *const web[] = {"web"}, *const some[] = {"c1", "c2"};
    const struct filter_where north = {"zona", "nord", false},
                              not_south = {"zona", "sud", true};
    struct log_filter filters[12];
    for (size_t i = 0; i < COUNT_OF(filters); i++)
        filters[i] = LOG_FILTER_ALL;
    filters[1].from_us = 10 * US_PER_DAY;
    filters[2].until_us = 20 * US_PER_DAY;
    filters[3].channels = web, filters[3].channel_count = 1;
    filters[4].activities = two, filters[4].activity_count = 2;
    filters[5].where = &north, filters[5].where_count = 1;
    filters[6].where = &not_south, filters[6].where_count = 1;
    filters[7].containing = two, filters[7].containing_count = 2;
    filters[8].missing = visit, filters[8].missing_count = 1;
    filters[9].longer_than_s = 86400.0 * 20, filters[9].shorter_than_s = 86400.0 * 35;
    filters[10].customers = some, filters[10].customer_count = 2;
    filters[11] = filters[7];
    filters[11].from_us = 5 * US_PER_DAY, filters[11].channels = web;
    filters[11].channel_count = 1, filters[11].shorter_than_s = 86400.0 * 30;
    for (unsigned workers = 1; workers <= 3; workers++) {
        parallel_set_workers(workers);
        for (uint32_t size = 30; size <= 30000; size *= 10) {
            struct vg_log *log = random_log(size, size / 6);
            for (size_t i = 0; i < COUNT_OF(filters); i++)
                same_filtered(log, &filters[i]);
            log_close(log);
        }
    }
    parallel_set_workers(0);
}

static void customers_with_a_value_keep_all_they_did(void **state)
{
    (void)state;
    const struct filter_where north = {"zona", "nord", false},
                              not_south = {"zona", "sud", true},
                              both[] = {north, not_south};
    const char *const web[] = {"web"}, *const order[] = {"ordine"};
    struct log_filter filters[6];
    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        filters[i] = LOG_FILTER_ALL;
        filters[i].customers_where = &north, filters[i].customers_where_count = 1;
    }
    filters[1].customers_where = &not_south;
    filters[2].customers_where = both, filters[2].customers_where_count = 2;
    /* What only a later event says still counts for the events that are asked about. */
    filters[3].until_us = 8 * US_PER_DAY;
    filters[4].channels = web, filters[4].channel_count = 1;
    filters[4].containing = order, filters[4].containing_count = 1;
    filters[5].where = &not_south, filters[5].where_count = 1;
    for (uint32_t size = 30; size <= 3000; size *= 10) {
        struct vg_log *log = random_log(size, size / 3 + 1), *cut = NULL, *left = NULL;
        struct vg_err err = {0};
        assert_ok(log_cut_pauses(log, 9 * 86400, &cut, &err));
        for (size_t i = 0; i < COUNT_OF(filters); i++) {
            same_filtered(log, &filters[i]);
            same_filtered(cut, &filters[i]);
        }
        const struct filter_where first = {"customer", dict_text(&log->trace_names, 0),
                                           true};
        struct log_filter but_one = LOG_FILTER_ALL;
        but_one.customers_where = &first, but_one.customers_where_count = 1;
        assert_ok(log_filter(log, &but_one, &left, &err));
        assert_int_equal(left->traces, log->traces - 1);
        log_close(left);
        log_close(log);
        log_close(cut);
    }
}

static void the_end_of_watching_stays_that_of_the_whole_log(void **state)
{
    (void)state;
    struct vg_log *log =
        log_from_lines("a;x;2025-01-01\na;y;2025-01-09\nb;x;2025-01-05\n");
    struct vg_log *left = NULL;
    struct vg_err err = {0};
    const char *const customer[] = {"b"};
    struct log_filter filter = LOG_FILTER_ALL;
    filter.customers = customer;
    filter.customer_count = 1;
    assert_ok(log_filter(log, &filter, &left, &err));
    assert_int_equal(left->events, 1);
    assert_int_equal(left->last_us, log->last_us);
    log_close(left);
    filter.until_us = log_maker_time(STR("2025-01-07"));
    assert_ok(log_filter(log, &filter, &left, &err));
    assert_int_equal(left->last_us, filter.until_us);
    log_close(left);
    log_close(log);
}

static void a_name_that_is_not_there_is_told_with_the_nearest_one(void **state)
{
    (void)state;
    struct vg_log *log = log_from_lines("anna;Preventivo;2025-01-01;telefono\n");
    const char *const activity[] = {"Preventvo"}, *const channel[] = {"telefon"};
    const char *const customer[] = {"ana"};
    const struct filter_where attribute = {"zona", "nord", false},
                              value = {"channel", "telefno", false};
    struct log_filter filters[8];
    static const char *const words[] = {"Preventivo", "telefono",   "anna", "",
                                        "telefono",   "Preventivo", "",     "telefono"};
    for (size_t i = 0; i < COUNT_OF(filters); i++)
        filters[i] = LOG_FILTER_ALL;
    filters[0].activities = activity, filters[0].activity_count = 1;
    filters[1].channels = channel, filters[1].channel_count = 1;
    filters[2].customers = customer, filters[2].customer_count = 1;
    filters[3].where = &attribute, filters[3].where_count = 1;
    filters[4].where = &value, filters[4].where_count = 1;
    filters[5].missing = activity, filters[5].missing_count = 1;
    filters[6].customers_where = &attribute, filters[6].customers_where_count = 1;
    filters[7].customers_where = &value, filters[7].customers_where_count = 1;
    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        struct vg_log *left = NULL;
        struct vg_err err = {0};
        assert_int_equal(log_filter(log, &filters[i], &left, &err), VG_ERR_NOT_FOUND);
        assert_null(left);
        assert_non_null(strstr(err.hint, words[i]));
    }
    log_close(log);
}

static void pauses_cut_journeys_and_number_the_parts(void **state)
{
    (void)state;
    struct vg_log *log = log_from_lines("a;x;2025-01-01 00:00\na;y;2025-01-03 00:00\n"
                                        "a;x;2025-01-05 00:01\na;y;2025-02-01\n"
                                        "b;x;2025-01-01\n");
    struct vg_log *cut = NULL, *again = NULL, *uncut = NULL;
    struct vg_err err = {0};
    struct arena *arena = arena_open(0);
    static const char *const names[] = {"a", "a (2)", "a (3)", "b"};
    static const uint64_t first[] = {0, 2, 3, 4, 5};
    assert_ok(log_cut_pauses(log, 2 * 86400, &cut, &err));
    assert_int_equal(cut->traces, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(log_trace_text(cut, arena, i), names[i]);
    assert_memory_equal(cut->first, first, sizeof first);
    assert_memory_equal(cut->at_us, log->at_us, 5 * sizeof *log->at_us);
    /* Cut again with a shorter pause: the parts are numbered anew. */
    assert_ok(log_cut_pauses(cut, 86400, &again, &err));
    assert_int_equal(again->traces, 5);
    assert_string_equal(log_trace_text(again, arena, 3), "a (4)");
    /* With a long one there is nothing to cut, and no parts. */
    assert_ok(log_cut_pauses(log, 1e9, &uncut, &err));
    assert_int_equal(uncut->traces, 2);
    assert_null(uncut->trace_part);
    arena_close(arena);
    log_close(log);
    log_close(cut);
    log_close(again);
    log_close(uncut);
}

static void parts_of_random_journeys_have_no_pause_within_and_one_between(void **state)
{
    (void)state;
    const int64_t pause = 3 * US_PER_DAY;
    for (uint32_t size = 10; size <= 100000; size *= 10) {
        struct vg_log *log = random_log(size, size / 8 + 1), *cut = NULL;
        struct vg_err err = {0};
        assert_ok(log_cut_pauses(log, 3 * 86400, &cut, &err));
        assert_int_equal(cut->events, log->events);
        bytes_agree(cut);
        for (size_t t = 0; t < cut->traces; t++) {
            uint64_t from = cut->first[t];
            for (uint64_t row = from + 1; row < cut->first[t + 1]; row++)
                assert_true(cut->at_us[row] - cut->at_us[row - 1] <= pause);
            bool later = t > 0 && cut->trace_name[t] == cut->trace_name[t - 1];
            if (later)
                assert_true(cut->at_us[from] - cut->at_us[from - 1] > pause);
            if (cut->trace_part)
                assert_int_equal(cut->trace_part[t],
                                 later ? cut->trace_part[t - 1] + 1 : 0);
        }
        log_close(log);
        log_close(cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_filter_leaves_what_its_definition_says),
        cmocka_unit_test(customers_with_a_value_keep_all_they_did),
        cmocka_unit_test(the_end_of_watching_stays_that_of_the_whole_log),
        cmocka_unit_test(a_name_that_is_not_there_is_told_with_the_nearest_one),
        cmocka_unit_test(pauses_cut_journeys_and_number_the_parts),
        cmocka_unit_test(parts_of_random_journeys_have_no_pause_within_and_one_between),
    };
    return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
