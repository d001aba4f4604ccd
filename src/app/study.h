/* study: everything there is to say about one map and one log (view/study.h), computed.
 * Ownership  results live in `arena`; log and map stay the caller's, but for a draft. */
#ifndef APP_STUDY_H
#define APP_STUDY_H

#include "app/evidence.h"
#include "view/study.h"

struct path_enrolment;
struct study_options {
    const struct evidence *evidence; /* NULL: only the map */
    const struct vg_map *map;        /* NULL: draft one from the evidence */
    const char *title;               /* of a drafted map; NULL: as drafted */
    struct vg_funnel_options funnel;
    str words; /* the user's own list of inside-out wording; ptr NULL: none */
    const char *words_name; /* of that file */
    int64_t now_us;         /* 0: now */
    /* Who is on a success path; without any, whom the evidence shows on it. */
    const struct path_enrolment *enrolments;
    size_t enrolment_count;
    const struct vg_log *people_log; /* what they did; NULL: as in the evidence */
    struct progress *progress;
};

/* VG_ERR_USAGE without evidence and map; VG_ERR_CANCELLED between two questions.
 * *ret_draft is the drafted map, which the caller closes, or NULL. */
MUST_CHECK enum vg_code study_fill(struct arena *arena,
                                   const struct study_options *options, struct study *ret,
                                   struct vg_map **ret_draft, struct vg_err *err);

/* The steps a funnel is asked over: `names` (activities, with a map also its steps by id
 * or title), else the map's, else those that a drafted map says everybody must come by
 * (or, fewer than two, the most frequent way: its activities, each once, at most 12). */
struct funnel_question {
    const char *const *names;
    size_t name_count;
    const struct vg_map *map;
    struct vg_funnel_options options;
};
MUST_CHECK enum vg_code study_funnel_steps(struct arena *arena, const struct vg_log *log,
                                           const struct funnel_question *question,
                                           struct steps *ret, struct vg_err *err);
MUST_CHECK enum vg_code study_funnel(struct arena *arena, const struct vg_log *log,
                                     const struct funnel_question *question,
                                     struct vg_funnel *ret, struct vg_err *err);

/* From one step to another, each named by the id or title of one of the map's, or both
 * by activities of the log. */
MUST_CHECK enum vg_code study_survival_steps(struct arena *arena,
                                             const struct vg_log *log,
                                             const struct vg_map *map, const char *from,
                                             const char *to, struct steps *ret,
                                             size_t *ret_from, size_t *ret_to,
                                             struct vg_err *err);
MUST_CHECK enum vg_code study_survival(struct arena *arena, const struct vg_log *log,
                                       const struct vg_map *map, const char *from,
                                       const char *to, struct vg_survival *ret,
                                       struct vg_err *err);

#endif
