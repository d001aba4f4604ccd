#include "check.h"

#include "base/err.h"
#include "view/report_hash.h"

static struct vg_err err;

static void the_hash_is_that_of_the_standard(void **state)
{
    (void)state;
    (void)err;
    char a[1000];
    memset(a, 'a', sizeof(a));
    /* From sha256sum, written in base64. */
    const struct {
        str text;
        const char *hash;
    } cases[] = {
        {STR(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"},
        {STR("abc"), "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='"},
        {{a, 55}, "'sha256-n0OQ+NMMLdkuyfCVtl4rmumwqSWlJY4kHJ8ekQ9zQxg='"},
        {{a, 56}, "'sha256-s1Q5pKxvCUi21vnjxq8PX1kM4g8b3nCQ73lwaG7Gc4o='"},
        {{a, 64}, "'sha256-/+BU/nrgy23GXDr5th1SCfQ5hR20PQulmXM33xVGaOs='"},
        {{a, 1000}, "'sha256-Qe3s5C1j6Nm/UVqbppMuHCDLyfWl0TRkWttdsblzfqM='"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf out = {0};
        report_hash(cases[i].text, &out);
        assert_string_equal(buf_str(&out).ptr, cases[i].hash);
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_is_that_of_the_standard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
