/* sample_study: a study made up by dice, with everything asked of it, for tests and for
 * looking at pictures. The map is one of the examples. */
#ifndef TESTS_VIEW_SAMPLE_STUDY_H
#define TESTS_VIEW_SAMPLE_STUDY_H

#include "view/study.h"

struct sample {
    const char *map;     /* JSON text of a map; NULL: a small one of its own */
    size_t customers;    /* 0: no evidence */
    const char *payload; /* put into every text; NULL: none */
    bool no_scores;
};
/* Fails by printing and leaving the program. */
struct study *sample_study(struct arena *arena, const struct sample *sample);
void sample_study_close(struct study *study);

#endif
