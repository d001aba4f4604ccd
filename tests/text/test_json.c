#include "check.h"

#include "base/lang.h"
#include "base/limits.h"
#include "text/json.h"

#include <math.h>
#include <stdio.h>

static void what_must_not_be_json_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t len; /* 0: its own */
        enum vg_code code;
        const char *where;
    } cases[] = {
        {"", 0, VG_ERR_INPUT, "x"},
        {" \n ", 0, VG_ERR_INPUT, "x"},
        {"{\"a\":1,\"a\":2}", 0, VG_ERR_INPUT, "x:1:10"},
        {"{\"a\":{\"b\":1,\n\"b\":2}}", 0, VG_ERR_INPUT, "x:2:3"},
        {"\"\\ud800\"", 0, VG_ERR_INPUT, NULL},
        {"\"\\udc00\\ud800\"", 0, VG_ERR_INPUT, NULL},
        {"[1e400]", 0, VG_ERR_INPUT, NULL},
        {"[99999999999999999999]", 0, VG_ERR_INPUT, NULL},
        {"[\"\\u0000\"]", 0, VG_ERR_INPUT, NULL},
        {"{\"a\\u0000b\":1}", 0, VG_ERR_INPUT, NULL},
        {"[\"a\0b\"]", 7, VG_ERR_INPUT, NULL},
        {"[1]\0", 4, VG_ERR_INPUT, NULL},
        {"[\"\xff\"]", 0, VG_ERR_INPUT, NULL},
        {"[\"\xed\xa0\x80\"]", 0, VG_ERR_INPUT, NULL},
        {"[1,]", 0, VG_ERR_INPUT, NULL},
        {"[1] 2", 0, VG_ERR_INPUT, NULL},
        {"[1", 0, VG_ERR_INPUT, NULL},
        {"[NaN]", 0, VG_ERR_INPUT, NULL},
        {"[01]", 0, VG_ERR_INPUT, NULL},
        {"[+1]", 0, VG_ERR_INPUT, NULL},
        {"[.5]", 0, VG_ERR_INPUT, NULL},
        {"{a:1}", 0, VG_ERR_INPUT, NULL},
        {"['a']", 0, VG_ERR_INPUT, NULL},
        {"// c\n[]", 0, VG_ERR_INPUT, NULL},
        {"[\"a\nb\"]", 0, VG_ERR_INPUT, NULL},
        {"]", 0, VG_ERR_INPUT, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct vg_err err = {0};
        json_t *json = NULL;
        str text = {cases[i].text, cases[i].len ? cases[i].len : strlen(cases[i].text)};
        enum vg_code code = json_read(text, "x", 1000, &json, &err);
        if (code != cases[i].code ||
            (cases[i].where && strcmp(err.where, cases[i].where) != 0) ||
            err.hint[0] == 0 || json != NULL)
            fail_msg("%s: %d at “%s”: %s", cases[i].text, (int)code, err.where, err.what);
    }
}

static void nesting_is_bounded_and_brackets_in_texts_do_not_count(void **state)
{
    (void)state;
    struct buf deep = {0}, fine = {0}, bomb = {0};
    struct vg_err err = {0};
    json_t *json = NULL;
    for (size_t i = 0; i < LIMIT_DEPTH + 1; i++)
        buf_char(&deep, '[');
    buf_text(&fine, "[\"\\\"");
    for (size_t i = 0; i < 5000; i++)
        buf_text(&fine, "[{");
    buf_text(&fine, "\\\\\",");
    for (size_t i = 0; i < LIMIT_DEPTH - 1; i++)
        buf_char(&fine, '[');
    for (size_t i = 0; i < LIMIT_DEPTH; i++)
        buf_char(&fine, ']');
    for (size_t i = 0; i < 1000000; i++)
        buf_text(&bomb, "{\"a\":");
    assert_int_equal(json_read(buf_str(&deep), "x", 1 << 20, &json, &err), VG_ERR_LIMIT);
    assert_string_equal(err.where, "x:1:129");
    assert_int_equal(json_read(buf_str(&bomb), "x", 1 << 24, &json, &err), VG_ERR_LIMIT);
    assert_int_equal(json_read(buf_str(&bomb), "x", 1 << 20, &json, &err), VG_ERR_LIMIT);
    assert_ok(json_read(buf_str(&fine), "x", 1 << 20, &json, &err));
    json_decref(json);
    buf_free(&deep);
    buf_free(&fine);
    buf_free(&bomb);
}

static void numbers_are_as_short_as_they_stay_exact(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *expected;
    } cases[] = {{0.1, "0.1"},
                 {-1.2, "-1.2"},
                 {1, "1.0"},
                 {0.1 + 0.2, "0.30000000000000004"},
                 {1e300, "1e+300"},
                 {5e-324, "4.94065645841247e-324"},
                 {1.0 / 3, "0.3333333333333333"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct vg_err err = {0};
        struct buf out = {0};
        json_t *json = json_real(cases[i].value), *back = NULL;
        assert_ok(json_write_compact(json, &out, &err));
        assert_string_equal(out.ptr, cases[i].expected);
        assert_ok(json_read(buf_str(&out), "x", 100, &back, &err));
        assert_true(json_real_value(back) == cases[i].value);
        json_decref(json);
        json_decref(back);
        buf_free(&out);
    }
    json_t *none = json_number_or_null(NAN);
    assert_true(json_is_null(none));
}

static void text_in_a_script_cannot_end_it(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct buf out = {0};
    json_t *json =
        json_pack("{s:s, s:s}", "a<", "</script>&\xE2\x80\xA8\x01\x7F\"\\\n\t", "b", "è");
    assert_ok(json_write_compact(json, &out, &err));
    assert_string_equal(out.ptr, "{\"a\\u003c\":\"\\u003c/script\\u003e\\u0026\\u2028"
                                 "\\u0001\\u007f\\\"\\\\\\n\\t\",\"b\":\"è\"}");
    json_t *back = NULL;
    assert_ok(json_read(buf_str(&out), "x", 1000, &back, &err));
    assert_true(json_equal(json, back));
    json_decref(json);
    json_decref(back);
    buf_free(&out);
}

static void a_document_without_end_is_not_written(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct buf out = {0};
    json_t *json = json_array(), *inner = json;
    for (size_t i = 0; i < LIMIT_DEPTH + 10; i++) {
        json_t *next = json_array();
        json_array_append_new(inner, next);
        inner = next;
    }
    assert_int_equal(json_write(json, &out, &err), VG_ERR_LIMIT);
    json_decref(json);
    buf_free(&out);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_must_not_be_json_is_refused_with_its_place),
        cmocka_unit_test(nesting_is_bounded_and_brackets_in_texts_do_not_count),
        cmocka_unit_test(numbers_are_as_short_as_they_stay_exact),
        cmocka_unit_test(text_in_a_script_cannot_end_it),
        cmocka_unit_test(a_document_without_end_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
