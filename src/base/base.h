/* base: the words that every module uses.
 * MUST_CHECK  the caller may not ignore the result.
 * PRINTF      the compiler checks the format string against its arguments. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK        __attribute__((warn_unused_result))
#define PRINTF(at, first) __attribute__((format(printf, at, first)))
#define COUNT_OF(array)   (sizeof(array) / sizeof((array)[0]))

#define US_PER_S   INT64_C(1000000)
#define US_PER_DAY (INT64_C(86400) * US_PER_S)

#endif
