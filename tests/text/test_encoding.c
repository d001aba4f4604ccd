#include "check.h"

#include "text/encoding.h"

#include <stdlib.h>

/* More than is looked at whole; the beginning goes in slices. */
enum { LARGE = 70 << 20, SLICE = 64 << 10 };

static void one_character_of_a_large_file_tells_wherever_slices_end(void **state)
{
    (void)state;
    static const char *const texts[] = {"\xC3\xA8", "\xE2\x82\xAC", "\xE8 "};
    char *bytes = malloc(LARGE);
    assert_non_null(bytes);
    memset(bytes, 'a', LARGE);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        for (size_t at = SLICE - 4; at < SLICE + 4; at++) {
            memcpy(bytes + at, texts[i], strlen(texts[i]));
            enum encoding expected = i == 2 ? ENCODING_WINDOWS1252 : ENCODING_UTF8;
            assert_int_equal(encoding_guess((str){bytes, LARGE}), expected);
            memset(bytes + at, 'a', strlen(texts[i]));
        }
    free(bytes);
}

static void a_large_file_is_what_most_of_its_slices_are(void **state)
{
    (void)state;
    char *bytes = malloc(LARGE);
    assert_non_null(bytes);
    memset(bytes, 'a', LARGE);
    for (size_t at = LARGE / 2; at + 2 < LARGE; at += 1000)
        bytes[at] = '\xE8';
    assert_int_equal(encoding_guess((str){bytes, LARGE}), ENCODING_WINDOWS1252);
    for (size_t at = 0; at + 2 < LARGE; at += 100)
        memcpy(bytes + at, "\xC3\xA8", 2);
    assert_int_equal(encoding_guess((str){bytes, LARGE}), ENCODING_UTF8);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_character_of_a_large_file_tells_wherever_slices_end),
        cmocka_unit_test(a_large_file_is_what_most_of_its_slices_are),
    };
    return cmocka_run_group_tests_name("encoding", tests, NULL, NULL);
}
