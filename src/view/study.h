/* study: one map held against one log, with everything asked of them: what the poster and
 * the report are drawn from. Filled by app/study.c; drawn here. Shape  without evidence
 * log is NULL and the insights are empty; map is never NULL (a draft when none was given:
 * map->draft). */
#ifndef VIEW_STUDY_H
#define VIEW_STUDY_H

#include "log/read.h"
#include "map/check.h"
#include "mine/findings.h"

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
    int64_t now_us;
};

#endif
