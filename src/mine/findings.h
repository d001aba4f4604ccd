/* findings: the answer first. What deserves attention, in sentences with their numbers,
 * the weightiest first: where customers are lost, where belief and evidence part, which
 * shortcut they take, where they wait. Text is in the thread's language. */
#ifndef MINE_FINDINGS_H
#define MINE_FINDINGS_H

#include "mine/mine.h"

enum finding_kind {
    FINDING_LOSS,
    FINDING_BELIEF,
    FINDING_SHORTCUT,
    FINDING_WAIT,
    FINDING_LOOP,
    FINDING_EFFECT,
    FINDING_DETOUR
};

struct finding {
    enum finding_kind kind;
    const char *headline; /* "Dopo il guasto, un cliente su cinque non torna" */
    const char *detail; /* "22% persi (19–25%), 431 osservati · attesa mediana 11 min" */
    const char *advice; /* what to do or ask next, one sentence */
    const char *step;   /* the map's step id it is about, or "" */
    double weight; /* customers concerned, each by how much: what they are ranked by */
    const char
        *kicker; /* what sort of thing it is, where the kind says too much; or NULL */
};
/* What sort of thing it is, in the reader's words: "Where customers are lost". */
const char *finding_kicker(const struct finding *finding);

struct findings {
    struct finding *items;
    size_t count;
};
MUST_CHECK enum vg_code findings_mine(struct arena *arena, const struct vg_log *log,
                                      const struct vg_map *map,
                                      const struct vg_funnel *funnel,
                                      const struct vg_align *align,
                                      const struct vg_emotions *emotions,
                                      struct findings *ret, struct vg_err *err);

#endif
