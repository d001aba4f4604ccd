#include "mine/avx2.h"

#include <stdatomic.h>

static atomic_bool forbidden_now;

bool avx2_usable(void)
{
#ifdef HAVE_AVX2
    return !atomic_load(&forbidden_now) && __builtin_cpu_supports("avx2") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
#else
    return false;
#endif
}

void avx2_forbid(bool forbidden)
{
    atomic_store(&forbidden_now, forbidden);
}
