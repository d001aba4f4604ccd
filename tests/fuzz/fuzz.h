/* fuzz: what a fuzz target is, and what it may say.
 * A target is one function that takes bytes and aborts when a property does not hold. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* As assert, but never compiled out. */
#define HOLDS(property)                                                                  \
    do {                                                                                 \
        if (!(property)) {                                                               \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__,            \
                    #property);                                                          \
            abort();                                                                     \
        }                                                                                \
    } while (0)

#endif
