#include "check.h"

#include "app/file.h"
#include "base/date.h"
#include "base/utf8.h"
#include "cli/request.h"
#include "cli/screen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/viaggio-app-XXXXXX";

static const char *inside(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void content(const char *path, char *ret, size_t size)
{
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(ret, 1, size - 1, file) : 0;
    ret[length] = 0;
    if (file)
        fclose(file);
}

static void a_file_is_whole_or_as_it_was(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct file_out out;
    char text[64];
    assert_ok(file_write(inside("a"), STR("first"), &err));
    assert_ok(file_open(inside("a"), &out, &err));
    assert_ok(file_add(&out, STR("sec"), &err));
    content(inside("a"), text, sizeof text);
    assert_string_equal(text, "first");
    file_drop(&out);
    content(inside("a"), text, sizeof text);
    assert_string_equal(text, "first");
    assert_ok(file_open(inside("a"), &out, &err));
    assert_ok(file_add(&out, STR("second"), &err));
    assert_ok(file_finish(&out, &err));
    content(inside("a"), text, sizeof text);
    assert_string_equal(text, "second");
}

static void a_sweep_takes_every_temporary_away(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct file_out out;
    char temporary[256];
    int slot;
    struct stat about;
    assert_ok(file_open(inside("b"), &out, &err));
    assert_ok(file_folder_open(inside("c/"), temporary, sizeof temporary, &slot, &err));
    char page[300];
    snprintf(page, sizeof page, "%s/index.html", temporary);
    assert_ok(file_write(page, STR("x"), &err));
    file_sweep();
    assert_int_not_equal(stat(temporary, &about), 0);
    assert_int_not_equal(stat(inside("b"), &about), 0);
    file_drop(&out);
    file_folder_drop(slot);
    assert_int_equal(rmdir(folder) != 0, 1); /* "a" is still there */
    unlink(inside("a"));
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(mkdir(folder, 0700), 0);
}

static void durations_are_numbers_with_a_unit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double seconds; /* NAN: refused */
    } cases[] = {
        {"90s", 90},     {"15m", 900},     {"4h", 14400},  {"30d", 30 * 86400.0},
        {"2w", 1209600}, {"30g", 2592000}, {"1,5h", 5400}, {"0.5 d", 43200},
        {"0s", 0},       {"30", NAN},      {"", NAN},      {"d", NAN},
        {"-3d", NAN},    {"3x", NAN},      {"1e9d", NAN},  {"99999999999999w", NAN}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        double seconds = NAN;
        bool read = duration_read(cases[i].text, &seconds);
        if (read != !isnan(cases[i].seconds) ||
            (read && fabs(seconds - cases[i].seconds) > 1e-6))
            fail_msg("%s: %g", cases[i].text, seconds);
    }
}

static void a_period_ends_with_the_last_of_what_was_written(void **state)
{
    (void)state;
    static const struct {
        const char *text, *begins, *ends; /* NULL: refused */
    } cases[] = {
        {"2025", "2025-01-01 00:00", "2026-01-01 00:00"},
        {"2025-10", "2025-10-01 00:00", "2025-11-01 00:00"},
        {"2025-12", "2025-12-01 00:00", "2026-01-01 00:00"},
        {"2025-10-31", "2025-10-31 00:00", "2025-11-01 00:00"},
        {"31/10/2025", "2025-10-31 00:00", "2025-11-01 00:00"},
        {"31.10.2025", "2025-10-31 00:00", "2025-11-01 00:00"},
        {"2025-10-31 14:05", "2025-10-31 14:05", "2025-10-31 14:06"},
        {"2025-10-31T14:05", "2025-10-31 14:05", "2025-10-31 14:06"},
        {"2024-02-29", "2024-02-29 00:00", "2024-03-01 00:00"},
        {"2025-02-29", NULL, NULL},
        {"31/02/2025", NULL, NULL},
        {"2025-13", NULL, NULL},
        {"2025-10-31 24:00", NULL, NULL},
        {"2025-10-31 boh", NULL, NULL},
        {"ieri", NULL, NULL},
        {"", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t at_us[2];
        bool read = instant_read(cases[i].text, false, &at_us[0]) &&
                    instant_read(cases[i].text, true, &at_us[1]);
        if (read != (cases[i].begins != NULL))
            fail_msg("%s: %d", cases[i].text, read);
        for (int end = 0; read && end < 2; end++) {
            struct buf text = {0};
            write_time(&text, at_us[end]);
            assert_string_equal(text.ptr, end ? cases[i].ends : cases[i].begins);
            buf_free(&text);
        }
    }
}

static void the_nearest_name_is_near(void **state)
{
    (void)state;
    static const char *const names[] = {"flow", "funnel", "variants", "timeline"};
    assert_string_equal(nearest_name("fnnel", names, 4), "funnel");
    assert_string_equal(nearest_name("folw", names, 4), "flow");
    assert_string_equal(nearest_name("vari", names, 4), "variants");
    assert_null(nearest_name("quark", names, 4));
    assert_null(nearest_name("", names, 4));
    assert_null(nearest_name("a-word-much-longer-than-any-option-there-is", names, 4));
}

static void nothing_that_a_terminal_obeys_gets_through(void **state)
{
    (void)state;
    struct buf all = {0}, safe = {0};
    for (uint32_t c = 1; c < 0x2100; c++)
        utf8_append(&all, c);
    buf_text(&all, "\xff\x9b\xc2");
    screen_safe(&safe, buf_str(&all));
    for (size_t at = 0, length; at < safe.len; at += length) {
        uint32_t c = utf8_decode((str){safe.ptr + at, safe.len - at}, &length);
        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e))
            fail_msg("U+%04X at %zu", c, at);
    }
    assert_true(utf8_valid(buf_str(&safe)));
    buf_free(&all);
    buf_free(&safe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_whole_or_as_it_was),
        cmocka_unit_test(a_sweep_takes_every_temporary_away),
        cmocka_unit_test(durations_are_numbers_with_a_unit),
        cmocka_unit_test(a_period_ends_with_the_last_of_what_was_written),
        cmocka_unit_test(the_nearest_name_is_near),
        cmocka_unit_test(nothing_that_a_terminal_obeys_gets_through),
    };
    if (!mkdtemp(folder))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(folder);
    return failed;
}
