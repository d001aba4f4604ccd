#include "check.h"

#include "base/lang.h"
#include "map/map.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void a_small_map_needs_only_titles(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct vg_map *map = NULL;
    assert_ok(map_read(STR("{\"title\":\"Prova\",\"phases\":[{\"steps\":[{\"title\":"
                           "\"Cerco l'offerta\"},"
                           "{\"title\":\"Cerco l\\u2019offerta!\"}]}]}"),
                       "m.json", &map, &err));
    assert_int_equal(map->step_count, 2);
    assert_string_equal(map->steps[0].id, "cerco-l-offerta");
    assert_string_equal(map->steps[1].id, "cerco-l-offerta-2");
    assert_string_equal(map->id, "prova");
    assert_true(isnan(map->steps[0].feeling.valence));
    assert_string_equal(map->steps[0].doing, "");
    assert_true(map->end_to_end);
    assert_true(map->updated_us == INT64_MIN);
    map_close(map);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_map_needs_only_titles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
