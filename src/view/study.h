/* study: one map held against one log, with everything asked of them: what the poster and
 * the report are drawn from. Log, map and options come from the caller (app/study.c),
 * the insights from study_mine.
 *
 * Shape  without evidence log is NULL and the insights are empty; map is never NULL (a
 * draft when none was given: map->draft). */
#ifndef VIEW_STUDY_H
#define VIEW_STUDY_H

#include "improve/results.h"
#include "improve/whatif.h"
#include "log/read.h"
#include "map/check.h"
#include "mine/findings.h"

struct path_board; /* view/path_board.h */

struct study {
    const struct vg_log *log;
    const struct vg_map *map;
    struct vg_flow flow;
    struct vg_variants variants;
    struct vg_funnel_options funnel_options; /* what the funnel was mined with */
    struct vg_funnel funnel; /* over the map's steps: funnel.steps[i] is map->steps[i] */
    struct vg_align align;   /* align.steps[i] is map->steps[i] */
    struct vg_emotions emotions; /* emotions.steps[i] is map->steps[i] */
    struct findings findings;
    struct map_findings checks;
    struct read_report reading;
    const struct path_board *path; /* of a success path with clients; NULL: none */
    const struct map_reached
        *reached; /* [metric_count] for the checks; NULL: not known */
    int64_t now_us;
    str words; /* the user's own list of inside-out wording; ptr NULL: none */
    const char *words_name; /* the file it came from */
    /* What was achieved, and what mending would be worth: asked by who needs them
     * (app/improve.h); NULL: not asked. */
    const struct results *results;
    const struct whatif *whatif;
};

/* Ask everything: from log, map, funnel_options, now_us and words to all the insights and
 * the checks. Without a log only the checks. VG_ERR_CANCELLED between two questions; on
 * failure the study is not to be drawn. */
MUST_CHECK enum vg_code study_mine(struct arena *arena, struct study *study,
                                   struct progress *progress, struct vg_err *err);

#endif
