/* What the data file costs, counted in pages of it that are read and written, not timed:
 * it must not depend on how much there is already. And merging what came since against
 * making everything anew. */
#include "log_maker.h"

#include "fresh.h"

#include "store/db.h"
#include "store/evidence.h"
#include "store/evidence_parts.h"

#include <strings.h>

struct shape {
    unsigned events, customers;
    int64_t from_us, step_us;
    const char *attribute; /* a column, or NULL */
    bool channel;
};
static struct vg_log *made(const struct shape *shape)
{
    static const char *const activities[] = {"Visit", "Buy", "Call", "Return"};
    struct builder *builder = NULL;
    struct vg_log *log = NULL;
    char customer[32], value[32];
    str name = str_from(shape->attribute ? shape->attribute : "");
    assert_ok(builder_open(&name, shape->attribute ? 1 : 0, &builder, &err));
    for (unsigned i = 0; i < shape->events; i++) {
        snprintf(customer, sizeof customer, "C%u", draw(shape->customers));
        snprintf(value, sizeof value, "v%u", draw(7));
        struct log_event event = {.customer = str_from(customer),
                                  .activity = str_from(activities[draw(4)]),
                                  .at_us = shape->from_us + i / 3 * shape->step_us,
                                  .score = NAN};
        if (shape->channel)
            event.channel = draw(3) ? STR("web") : STR("phone");
        str text = str_from(value);
        assert_ok(builder_add(builder, &event, &text, &err));
    }
    assert_ok(builder_finish(builder, &log, &err));
    return log;
}

static void import(struct store *store, const char *source, const struct shape *shape)
{
    struct store_imported imported;
    struct vg_log *log = made(shape);
    struct store_import about = {
        .source = source, .row_count = log->events, .report = "{}"};
    assert_ok(store_import(store, log, &about, &imported, &err));
    log_close(log);
}

static int pages(struct store *store)
{
    int read = 0, written = 0, high = 0;
    sqlite3_db_status(store->db, SQLITE_DBSTATUS_CACHE_MISS, &read, &high, 1);
    sqlite3_db_status(store->db, SQLITE_DBSTATUS_CACHE_WRITE, &written, &high, 1);
    return read + written;
}

static void adding_costs_what_is_added_however_much_is_there(void **state)
{
    static const unsigned sizes[] = {20000, 80000, 320000};
    int added[COUNT_OF(sizes)], asked[COUNT_OF(sizes)], image[COUNT_OF(sizes)];
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct store *store = fresh();
        struct vg_log *log = NULL;
        const struct store_wants wants = {0};
        struct shape base = {sizes[i], sizes[i] / 10, 0, US_PER_S, NULL, true};
        struct shape more = {1000, 500, sizes[i] * US_PER_S, US_PER_S, NULL, true};
        import(store, "base", &base);
        assert_ok(store_log(store, &wants, &log, &err));
        log_close(log);
        store = again(store);
        pages(store);
        assert_ok(store_log(store, &wants, &log, &err));
        log_close(log);
        image[i] = pages(store);
        store = again(store);
        pages(store);
        import(store, "more", &more);
        added[i] = pages(store);
        store = again(store);
        pages(store);
        assert_ok(store_log(store, &wants, &log, &err));
        assert_int_equal(log->events, sizes[i] + 1000);
        log_close(log);
        asked[i] = pages(store);
        store_close(store);
    }
    for (size_t i = 1; i < COUNT_OF(sizes); i++) {
        /* the same work; a page or so more for deeper trees */
        if (added[i] > added[0] + 8)
            fail_msg("%d pages to add to %u events, %d to %u", added[i], sizes[i],
                     added[0], sizes[0]);
        /* the question after reads the image and what was added, and writes nothing */
        if (asked[i] > image[i] + image[i] / 4 + 20)
            fail_msg("%d pages for the question after, %d before", asked[i], image[i]);
    }
}

/* Everything, as one hash per event, in order. */
static uint64_t *all_of(struct store *store, size_t *ret_count)
{
    const struct store_wants wants = {.all_attributes = true};
    struct vg_log *log = NULL;
    assert_ok(store_log(store, &wants, &log, &err));
    uint64_t *hashes = identity_hash(log);
    assert_non_null(hashes);
    for (size_t i = 0; i + 1 < log->attribute_count; i++)
        assert_true(strcasecmp(log->attributes[i].name, log->attributes[i + 1].name) < 0);
    for (size_t t = 0; t < log->traces; t++)
        assert_int_equal(log->trace_name[t], t);
    assert_int_equal(log->first[log->traces], log->events);
    *ret_count = log->events;
    log_close(log);
    return hashes;
}

static void merging_is_as_making_anew(void **state)
{
    static const char *const attributes[] = {NULL, "Nota", "nota", "Zona", NULL};
    static const char *const sources[] = {"b", "a", "c"};
    (void)state;
    for (int round = 0; round < 40; round++) {
        struct store *store = fresh();
        struct vg_log *log = NULL;
        const struct store_wants none = {0};
        size_t merged_count = 0, anew_count = 0;
        struct shape base = {400 + draw(400), 5 + draw(60),        0,
                             US_PER_DAY,      attributes[draw(5)], draw(2) == 0};
        import(store, "b", &base);
        assert_ok(store_log(store, &none, &log, &err)); /* the image is there */
        log_close(log);
        for (unsigned i = 0; i <= draw(3); i++) {
            /* the same days again: many ties; customers old and new; other columns */
            struct shape more = {1 + draw(15),          90,
                                 draw(50) * US_PER_DAY, US_PER_DAY,
                                 attributes[draw(5)],   draw(2) == 0};
            import(store, sources[draw(3)], &more);
        }
        uint64_t *merged = all_of(store, &merged_count);
        assert_ok(store_rebuild(store, &err));
        uint64_t *anew = all_of(store, &anew_count);
        assert_int_equal(merged_count, anew_count);
        assert_memory_equal(merged, anew, anew_count * sizeof *anew);
        free(merged);
        free(anew);
        store_close(store);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adding_costs_what_is_added_however_much_is_there),
        cmocka_unit_test(merging_is_as_making_anew),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
