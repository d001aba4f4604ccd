/* Operations on a map document: what they do, and that each can be taken back. */
#include "check.h"

#include "map/edit.h"
#include "map/map.h"

#include <stdio.h>
#include <stdlib.h>

static const char document[] =
    "{\"id\":\"m\",\"title\":\"T\",\"personas\":[{\"id\":\"p\",\"name\":\"Anna\"}],"
    "\"objective\":{\"text\":\"O\",\"metrics\":[{\"id\":\"k\",\"name\":\"K\"}]},"
    "\"phases\":[{\"id\":\"f1\",\"title\":\"F1\",\"steps\":["
    "{\"id\":\"s1\",\"title\":\"S1\",\"feeling\":{\"emotion\":\"gioia\",\"valence\":1},"
    "\"pains\":[{\"id\":\"d1\",\"text\":\"D\"}]},{\"id\":\"s2\",\"title\":\"S2\"}]},"
    "{\"id\":\"f2\",\"title\":\"F2\",\"steps\":[{\"id\":\"s3\",\"title\":\"S3\"}]}]}";

static json_t *json(const char *text)
{
    struct vg_err err = {0};
    json_t *value = NULL;
    assert_ok(json_read(str_from(text), "test", 1 << 20, &value, &err));
    return value;
}

/* Apply; returns the inverse. */
static json_t *apply(json_t *map, const char *operation)
{
    struct vg_err err = {0};
    json_t *op = json(operation), *inverse = NULL;
    assert_ok(edit_apply(map, op, &inverse, &err));
    json_decref(op);
    return inverse;
}

static void assert_value(json_t *map, const char *expected)
{
    json_t *other = json(expected);
    if (!json_equal(map, other))
        fail_msg("%s", json_dumps(map, JSON_COMPACT));
    json_decref(other);
}

static void every_operation_can_be_taken_back(void **state)
{
    static const char *const operations[] = {
        "{\"op\":\"set\",\"at\":\"s1\",\"field\":\"title\",\"value\":\"X\"}",
        "{\"op\":\"set\",\"at\":\"s2\",\"field\":\"feeling.valence\",\"value\":-2}",
        "{\"op\":\"set\",\"at\":\"s1\",\"field\":\"feeling\"}",
        "{\"op\":\"set\",\"at\":\"\",\"field\":\"objective.text\",\"value\":\"Y\"}",
        "{\"op\":\"set\",\"at\":\"\",\"field\":\"a.b.c\",\"value\":[1,2]}",
        "{\"op\":\"set\",\"at\":\"s2\",\"field\":\"missing.field\"}",
        "{\"op\":\"insert\",\"at\":\"f1\",\"list\":\"steps\",\"before\":\"s2\","
        "\"value\":{\"id\":\"n\",\"title\":\"N\"}}",
        "{\"op\":\"insert\",\"at\":\"s3\",\"list\":\"pains\","
        "\"value\":{\"id\":\"n\",\"text\":\"N\"}}",
        "{\"op\":\"move\",\"item\":\"s1\",\"at\":\"f2\",\"list\":\"steps\",\"before\":"
        "\"s3\"}",
        "{\"op\":\"move\",\"item\":\"s2\",\"at\":\"f1\",\"list\":\"steps\",\"before\":"
        "\"s1\"}",
        "{\"op\":\"move\",\"item\":\"d1\",\"at\":\"s3\",\"list\":\"pains\"}",
        "{\"op\":\"move\",\"item\":\"d1\",\"at\":\"s1\",\"list\":\"pains\",\"tidy\":"
        "true}",
        "{\"op\":\"delete\",\"item\":\"s1\"}",
        "{\"op\":\"delete\",\"item\":\"k\"}",
        "{\"op\":\"delete\",\"item\":\"f1\"}",
        "{\"op\":\"replace\",\"value\":{\"id\":\"m\",\"title\":\"Z\"}}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(operations); i++) {
        json_t *map = json(document), *again = NULL, *changed;
        struct vg_err err = {0};
        json_t *inverse = apply(map, operations[i]);
        changed = json_deep_copy(map);
        assert_ok(edit_apply(map, inverse, &again, &err));
        assert_value(map, document);
        json_t *third = NULL; /* and the undoing, too, can be taken back */
        assert_ok(edit_apply(map, again, &third, &err));
        assert_true(json_equal(map, changed));
        json_decref(third);
        json_decref(again);
        json_decref(inverse);
        json_decref(changed);
        json_decref(map);
    }
}

static void two_peoples_changes_of_different_fields_both_stay(void **state)
{
    static const char *const operations[] = {
        "{\"op\":\"set\",\"at\":\"s1\",\"field\":\"title\",\"value\":\"A\"}",
        "{\"op\":\"set\",\"at\":\"s1\",\"field\":\"feeling.valence\",\"value\":2}",
        "{\"op\":\"move\",\"item\":\"s1\",\"at\":\"f2\",\"list\":\"steps\"}"};
    (void)state;
    json_t *first = NULL;
    for (size_t turn = 0; turn < 6; turn++) { /* in all six orders */
        size_t order[3] = {turn % 3, (turn % 3 + 1 + turn / 3) % 3, 0};
        order[2] = 3 - order[0] - order[1];
        json_t *map = json(document);
        for (size_t i = 0; i < 3; i++)
            json_decref(apply(map, operations[order[i]]));
        if (first)
            assert_true(json_equal(map, first));
        else
            first = json_incref(map);
        json_decref(map);
    }
    json_decref(first);
}

static void what_cannot_be_is_refused_and_changes_nothing(void **state)
{
    static const struct {
        const char *operation;
        enum vg_code code;
    } cases[] = {
        {"{\"op\":\"set\",\"at\":\"nobody\",\"field\":\"title\",\"value\":1}",
         VG_ERR_NOT_FOUND},
        {"{\"op\":\"delete\",\"item\":\"nobody\"}", VG_ERR_NOT_FOUND},
        {"{\"op\":\"move\",\"item\":\"s1\",\"at\":\"nobody\",\"list\":\"steps\"}",
         VG_ERR_NOT_FOUND},
        {"{\"op\":\"move\",\"item\":\"f1\",\"at\":\"s1\",\"list\":\"steps\"}",
         VG_ERR_INPUT},
        {"{\"op\":\"move\",\"item\":\"f1\",\"at\":\"\",\"list\":\"phases.0.steps\"}",
         VG_ERR_INPUT},
        {"{\"op\":\"move\",\"item\":\"s1\",\"at\":\"f1\",\"list\":\"steps.0.needs\"}",
         VG_ERR_INPUT},
        {"{\"op\":\"insert\",\"at\":\"f1\",\"list\":\"steps\",\"value\":{\"id\":\"s3\"}}",
         VG_ERR_CONFLICT},
        {"{\"op\":\"insert\",\"at\":\"f1\",\"list\":\"title\",\"value\":{\"id\":\"n\"}}",
         VG_ERR_INPUT},
        {"{\"op\":\"insert\",\"at\":\"f1\",\"list\":\"steps\",\"value\":{\"title\":\"\"}"
         "}",
         VG_ERR_INPUT},
        {"{\"op\":\"set\",\"at\":\"s1\",\"field\":\"id\",\"value\":\"x\"}", VG_ERR_INPUT},
        {"{\"op\":\"set\",\"at\":\"s1\",\"field\":\"title.x\",\"value\":\"x\"}",
         VG_ERR_INPUT},
        {"{\"op\":\"set\",\"at\":\"s1\",\"field\":\"a.b.c.\",\"value\":\"x\"}",
         VG_ERR_INPUT},
        {"{\"op\":\"set\",\"at\":\"s1\",\"value\":\"x\"}", VG_ERR_INPUT},
        {"{\"op\":\"dance\"}", VG_ERR_INPUT},
        {"{}", VG_ERR_INPUT},
        {"[]", VG_ERR_INPUT},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        json_t *map = json(document), *op = json(cases[i].operation), *inverse = NULL;
        struct vg_err err = {0};
        enum vg_code code = edit_apply(map, op, &inverse, &err);
        if (code != cases[i].code)
            fail_msg("%s: %d", cases[i].operation, (int)code);
        assert_null(inverse);
        assert_true(err.what[0]);
        assert_value(map, document);
        json_decref(op);
        json_decref(map);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_can_be_taken_back),
        cmocka_unit_test(two_peoples_changes_of_different_fields_both_stay),
        cmocka_unit_test(what_cannot_be_is_refused_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
