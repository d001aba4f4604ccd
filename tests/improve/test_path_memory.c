/* Whatever allocation fails, a path says so, and leaks nothing; its JSON is NULL then.
 * malloc is this program's own here (not under a sanitizer, which has one of its own). */
#include "path_world.h"

#include "fail_malloc.h"

#include "base/parallel.h"
#include "mine/scratch.h"

static const struct line lines[] = {
    {"Ada", 0, "Call", NULL, -1},      {"Ada", 8, "A passed", NULL, NAN},
    {"Ada", 12, "Evenings", "5", NAN}, {"Ada", 20, "gate b", NULL, 2},
    {"Ada", 21, "Sign", NULL, NAN},    {"Ada", 22, "Sign", NULL, NAN},
    {"Bea", 3, "Rain", NULL, NAN},     {"Bea", 4, "Call", NULL, NAN},
    {"Cleo", 5, "Call", NULL, NAN},    {"Cleo", 9, "Left the path", NULL, NAN},
};

static enum vg_code find(struct arena *arena, const struct vg_map *map,
                         const struct vg_log *log, struct path *ret, struct vg_err *err)
{
    static const struct path_confirmation given[] = {{"word", 0, "Marta", "yes"}};
    const struct path_enrolment enrolments[] = {{.id = "1",
                                                 .customer = "Ada",
                                                 .at_us = noon(0),
                                                 .left_us = NONE,
                                                 .confirmations = given,
                                                 .confirmation_count = 1}};
    struct path_question question = {.log = log,
                                     .map = map,
                                     .enrolments = enrolments,
                                     .enrolment_count = 1,
                                     .found_too = true,
                                     .today_us = noon(40)};
    return path_find(arena, &question, ret, err);
}

static void a_full_arena_is_told(void **state)
{
    (void)state;
    struct vg_map *map = NULL;
    struct vg_log *log = log_of(lines, COUNT_OF(lines));
    struct vg_err err = {0};
    struct path path;
    enum vg_code code = VG_ERR_MEMORY;
    size_t limit = 16;
    assert_ok(map_read(str_from(world_map), "map", &map, &err));
    for (; code != VG_OK && limit < 1 << 20; limit += 16) {
        struct arena *arena = arena_open(limit);
        code = find(arena, map, log, &path, &err);
        assert_true(code == VG_OK || code == VG_ERR_MEMORY);
        arena_close(arena);
    }
    assert_int_equal(code, VG_OK);
    assert_true(limit > 1000);
    map_close(map);
    log_close(log);
}

#ifndef SANITIZED
/* Find it, and tell it. */
static enum vg_code everything(const struct vg_map *map, const struct vg_log *log)
{
    struct arena *arena = arena_open(0);
    struct path path;
    json_t *whole = NULL, *page = NULL, *own = NULL;
    enum vg_code code = arena ? find(arena, map, log, &path, NULL) : VG_ERR_MEMORY;
    if (code == VG_OK) {
        whole = path_to_json(&path);
        page = path_client_to_json(&path, 0);
        own = path_client_public(&path, 0);
        code = whole && page && own ? VG_OK : VG_ERR_MEMORY;
    }
    json_decref(whole);
    json_decref(page);
    json_decref(own);
    arena_close(arena);
    scratch_trim();
    return code;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct vg_map *map = NULL;
    struct vg_log *log = log_of(lines, COUNT_OF(lines));
    struct vg_err err = {0};
    enum vg_code code = VG_ERR_MEMORY;
    long turn = 1;
    parallel_set_workers(1);
    assert_ok(map_read(str_from(world_map), "map", &map, &err));
    assert_ok(everything(map, log)); /* what is made once per process is made */
    bool failed = true; /* some failures are made good: the loop ends where none came */
    for (; failed && turn < 100000; turn++) {
        atomic_store(&turns, turn);
        atomic_store(&alive, 0);
        watching = true;
        code = everything(map, log);
        watching = false;
        failed = atomic_load(&turns) <= 0;
        if (atomic_load(&alive) != 0)
            fail_msg("allocation %ld failed: %ld others are still alive", turn,
                     atomic_load(&alive));
        assert_true(code == VG_OK || code == VG_ERR_MEMORY);
    }
    assert_int_equal(code, VG_OK);
    if (turn < 200)
        fail_msg("only %ld allocations", turn);
    parallel_set_workers(0);
    map_close(map);
    log_close(log);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_arena_is_told),
#ifndef SANITIZED
        cmocka_unit_test(every_allocation_may_fail),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
