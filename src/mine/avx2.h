/* avx2: whether the wide instructions of newer processors may be used. What uses them has
 * a plain twin that gives the same answer; tests ask both. */
#ifndef MINE_AVX2_H
#define MINE_AVX2_H

#include "base/base.h"

#if defined __x86_64__ && defined __GNUC__
#include <immintrin.h>
#define HAVE_AVX2 1
#define AVX2      __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))
/* The part that a function with AVX2 takes over whole, so that its constants count. */
#define AVX2_PART static inline __attribute__((always_inline)) AVX2
#endif

/* For each of the sixteen ways to keep some of four: the halves of those, then others. */
extern const uint32_t avx2_together[16][8];

#ifdef HAVE_AVX2
/* Of four values those that `bits` says, one behind the other; others come behind them.
 */
AVX2_PART void avx2_put_some(int64_t to[4], __m256i four, unsigned bits)
{
    __m256i order =
        _mm256_loadu_si256((const __m256i *)(const void *)avx2_together[bits]);
    _mm256_storeu_si256((__m256i *)(void *)to, _mm256_permutevar8x32_epi32(four, order));
}
#endif

bool avx2_usable(void);
void avx2_forbid(bool forbidden); /* for tests; holds for all threads */

#endif
