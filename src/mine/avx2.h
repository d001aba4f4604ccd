/* avx2: whether the wide instructions of newer processors may be used. What uses them has
 * a plain twin that gives the same answer; tests ask both. */
#ifndef MINE_AVX2_H
#define MINE_AVX2_H

#include "base/base.h"

#if defined __x86_64__ && defined __GNUC__
#define HAVE_AVX2 1
#define AVX2      __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))
/* The part that a function with AVX2 takes over whole, so that its constants count. */
#define AVX2_PART static inline __attribute__((always_inline)) AVX2
#endif

bool avx2_usable(void);
void avx2_forbid(bool forbidden); /* for tests; holds for all threads */

#endif
