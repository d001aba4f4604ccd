/* result: what a vg_result is. */
#ifndef API_RESULT_H
#define API_RESULT_H

#include "base/arena.h"
#include "base/err.h"

struct vg_result {
    struct arena *arena;
};

#endif
