#include "base/near.h"

#include "base/utf8.h"

enum { LONGEST = 200 }; /* bytes of a name that are compared at all */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment on bytes; both at most LONGEST long. */
static size_t distance(str a, str b)
{
    uint8_t rows[3][LONGEST + 1];
    uint8_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b.len; j++)
        last[j] = (uint8_t)j;
    for (size_t i = 1; i <= a.len; i++) {
        now[0] = (uint8_t)i;
        for (size_t j = 1; j <= b.len; j++) {
            bool same = a.ptr[i - 1] == b.ptr[j - 1];
            size_t cost = least(last[j], now[j - 1]) + 1u;
            cost = least(cost, last[j - 1] + (same ? 0u : 1u));
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] &&
                a.ptr[i - 2] == b.ptr[j - 1])
                cost = least(cost, before[j - 2] + 1u);
            now[j] = (uint8_t)cost;
        }
        uint8_t *freed = before;
        before = last, last = now, now = freed;
    }
    return last[b.len];
}

/* SIZE_MAX: too far apart to be meant. */
static size_t apart(str wanted, str name)
{
    if (wanted.len == 0 || name.len == 0 || wanted.len > LONGEST || name.len > LONGEST)
        return SIZE_MAX;
    size_t longer = wanted.len > name.len ? wanted.len : name.len;
    size_t shorter = least(wanted.len, name.len);
    if (longer - shorter <= longer / 3) {
        size_t far = distance(wanted, name);
        if (far <= longer / 3)
            return far;
    }
    bool holds = str_find(name, wanted) != SIZE_MAX || str_find(wanted, name) != SIZE_MAX;
    return shorter >= 3 && holds ? longer : SIZE_MAX;
}

size_t near_find(struct arena *arena, str wanted, size_t count,
                 str (*name)(const void *ctx, size_t i), const void *ctx)
{
    size_t best = SIZE_MAX, best_apart = SIZE_MAX;
    str folded = utf8_fold(arena, wanted);
    for (size_t i = 0; folded.ptr && i < count; i++) {
        str candidate = name(ctx, i);
        if (candidate.len > 2 * LONGEST)
            continue;
        candidate = utf8_fold(arena, candidate);
        if (!candidate.ptr)
            break;
        size_t far = apart(folded, candidate);
        if (far < best_apart)
            best = i, best_apart = far;
    }
    return best;
}
