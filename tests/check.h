/* check: what every unit test includes. A test is a function whose name, with spaces for
 * underscores, is a sentence about behaviour. */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

/* Fails with the error's own words. */
#define assert_ok(call)                                                                  \
    do {                                                                                 \
        enum vg_code code_ = (call);                                                     \
        if (code_ != VG_OK)                                                              \
            fail_msg("%s: code %d: %s: %s (%s)", #call, (int)code_, err.where, err.what, \
                     err.hint);                                                          \
    } while (0)

/* Two doubles at most `apart` from each other; two that are not known are equal. */
#define assert_near(value, expected, apart)                                              \
    do {                                                                                 \
        double value_ = (value), expected_ = (expected);                                 \
        if (!(value_ - expected_ <= (apart) && expected_ - value_ <= (apart)) &&         \
            !(value_ != value_ && expected_ != expected_))                               \
            fail_msg("%s: %.17g, not %.17g", #value, value_, expected_);                 \
    } while (0)

#endif
