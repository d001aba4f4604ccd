#include "check.h"

#include "base/buf.h"
#include "log/dict.h"

#include <stdio.h>
#include <stdlib.h>

static uint32_t seed = 1;
static uint32_t dice(uint32_t n)
{
    seed = seed * 1664525U + 1013904223U;
    return (uint32_t)(((uint64_t)seed * n) >> 32);
}

enum { TEXTS = 20000 };
static char texts[TEXTS][48];

/* Different texts of all lengths, many with the same beginning or end. */
static str text_number(uint32_t i)
{
    static const char filler[] = "abcdefghijklmnopqrstuvwxyzabcdefghij";
    int n = snprintf(texts[i], sizeof texts[i], "%.*s%u%.*s", (int)(i % 19), filler, i,
                     (int)(i % 7), filler);
    return (str){texts[i], (size_t)n};
}

static void holds(const struct dict *dict, const uint32_t *order, uint32_t count)
{
    assert_int_equal(dict->count, count);
    for (uint32_t code = 0; code < count; code++) {
        str text = text_number(order[code]);
        assert_true(str_equal(dict_str(dict, code), text));
        assert_int_equal(strlen(dict_text(dict, code)), text.len);
        assert_int_equal(dict_find(dict, text), code);
    }
    assert_int_equal(dict_find(dict, STR("not there")), UINT32_MAX);
}

static void codes_are_given_in_the_order_in_which_texts_are_met(void **state)
{
    (void)state;
    struct dict dict = {0};
    struct vg_err err = {0};
    uint32_t *order = calloc(TEXTS, sizeof *order),
             *code_of = calloc(TEXTS, sizeof *order);
    uint32_t count = 0;
    assert_int_equal(dict_find(&dict, STR("")), UINT32_MAX);
    for (uint32_t i = 0; i < 5 * TEXTS; i++) {
        uint32_t number = dice(TEXTS), code;
        assert_ok(dict_add(&dict, text_number(number), UINT32_MAX - 1, &code, &err));
        if (!code_of[number]) {
            order[count] = number;
            code_of[number] = ++count;
        }
        assert_int_equal(code, code_of[number] - 1);
    }
    holds(&dict, order, count);
    free(order);
    free(code_of);
    dict_free(&dict);
}

static void many_at_once_are_as_one_by_one(void **state)
{
    (void)state;
    struct dict one = {0}, many = {0};
    struct vg_err err = {0};
    enum { BATCH = 1000 };
    for (uint32_t round = 0; round < 60; round++) {
        str batch[BATCH];
        uint32_t a[BATCH], b[BATCH];
        for (uint32_t i = 0; i < BATCH; i++) {
            batch[i] = text_number(dice(TEXTS));
            assert_ok(dict_add(&one, batch[i], UINT32_MAX - 1, &a[i], &err));
        }
        assert_ok(dict_add_many(&many, batch, BATCH, UINT32_MAX - 1, b, &err));
        assert_memory_equal(a, b, sizeof a);
    }
    dict_free(&one);
    dict_free(&many);
}

static void a_full_dictionary_still_knows_what_it_has(void **state)
{
    (void)state;
    struct dict dict = {0};
    struct vg_err err = {0};
    uint32_t code;
    assert_ok(dict_add(&dict, STR("uno"), 2, &code, &err));
    assert_ok(dict_add(&dict, STR(""), 2, &code, &err));
    assert_int_equal(dict_add(&dict, STR("tre"), 2, &code, &err), VG_ERR_LIMIT);
    assert_int_equal(dict.count, 2);
    assert_ok(dict_add(&dict, STR("uno"), 2, &code, &err));
    assert_int_equal(code, 0);
    assert_int_equal(dict_find(&dict, STR("")), 1);
    dict_free(&dict);
}

static void copies_and_selections_can_be_asked_and_added_to(void **state)
{
    (void)state;
    struct dict dict = {0}, clone = {0}, picked = {0}, empty = {0}, nothing = {0};
    struct vg_err err = {0};
    uint32_t code, order[300], kept[300], map[300], count = 0;
    uint8_t used[300];
    for (uint32_t i = 0; i < 300; i++) {
        order[i] = i * 3;
        used[i] = dice(2) ? 1 : 0;
        assert_ok(dict_add(&dict, text_number(i * 3), UINT32_MAX - 1, &code, &err));
        if (used[i])
            kept[count++] = i * 3;
    }
    assert_ok(dict_clone(&dict, &clone, &err));
    holds(&clone, order, 300);
    assert_ok(dict_pick(&dict, used, &picked, map, &err));
    holds(&picked, kept, count);
    for (uint32_t i = 0; i < 300; i++)
        if (used[i])
            assert_int_equal(dict_find(&picked, text_number(i * 3)), map[i]);
    assert_ok(dict_add(&picked, STR("one more"), UINT32_MAX - 1, &code, &err));
    assert_int_equal(code, count);
    assert_int_equal(dict_find(&picked, STR("one more")), count);
    assert_ok(dict_clone(&empty, &nothing, &err));
    assert_int_equal(dict_find(&nothing, STR("x")), UINT32_MAX);
    dict_free(&dict);
    dict_free(&clone);
    dict_free(&picked);
    dict_free(&nothing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_given_in_the_order_in_which_texts_are_met),
        cmocka_unit_test(many_at_once_are_as_one_by_one),
        cmocka_unit_test(a_full_dictionary_still_knows_what_it_has),
        cmocka_unit_test(copies_and_selections_can_be_asked_and_added_to),
    };
    return cmocka_run_group_tests_name("dict", tests, NULL, NULL);
}
