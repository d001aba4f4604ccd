#include "view/study.h"

#include "base/lang.h"

static enum vg_code go_on(struct progress *progress, const char *what, double done,
                          struct vg_err *err)
{
    if (!progress_step(progress, what, done))
        return VG_OK;
    return err_set(err, VG_ERR_CANCELLED, NULL, "%s", _("stopped"));
}

static enum vg_code mine_funnel(struct arena *arena, struct study *study,
                                struct vg_err *err)
{
    struct steps steps;
    enum vg_code code = steps_from_map(arena, study->log, study->map, &steps, err);
    if (code != VG_OK)
        return code;
    return funnel_mine(arena, study->log, &steps, &study->funnel_options, &study->funnel,
                       err);
}

/* The questions, one after the other; between two of them the user may stop. */
static enum vg_code mine_all(struct arena *arena, struct study *study,
                             struct progress *progress, struct vg_err *err)
{
    enum vg_code code = go_on(progress, _("following the flow"), 0.1, err);
    if (code == VG_OK)
        code = flow_mine(arena, study->log, &study->flow, err);
    if (code == VG_OK)
        code = go_on(progress, _("comparing the ways"), 0.25, err);
    if (code == VG_OK)
        code = variants_mine(arena, study->log, 10, &study->variants, err);
    if (code == VG_OK)
        code = go_on(progress, _("counting who goes on"), 0.4, err);
    if (code == VG_OK)
        code = mine_funnel(arena, study, err);
    if (code == VG_OK)
        code = go_on(progress, _("holding the evidence against the map"), 0.5, err);
    if (code == VG_OK)
        code = align_mine(arena, study->log, study->map, &study->align, err);
    if (code == VG_OK)
        code = go_on(progress, _("listening to the customers"), 0.9, err);
    if (code == VG_OK)
        code = emotion_mine(arena, study->log, study->map, &study->emotions, err);
    if (code == VG_OK)
        code = findings_mine(arena, study->log, study->map, &study->funnel, &study->align,
                             &study->emotions, &study->findings, err);
    return code;
}

/* What the checks may know from the evidence. */
static enum vg_code check(struct arena *arena, struct study *study, struct vg_err *err)
{
    uint64_t *seen = arena_array(arena, uint64_t, study->map->step_count + 1);
    if (!seen)
        return err_memory(err);
    for (size_t i = 0; i < study->align.step_count && i < study->map->step_count; i++)
        seen[i] = study->align.steps[i].seen;
    struct map_facts facts = {.seen = seen,
                              .last_us = study->log ? study->log->last_us : INT64_MIN,
                              .reached = study->reached};
    return map_check_with(arena, study->map, study->log ? &facts : NULL, study->now_us,
                          study->words, study->words_name, &study->checks, err);
}

enum vg_code study_mine(struct arena *arena, struct study *study,
                        struct progress *progress, struct vg_err *err)
{
    enum vg_code code = study->log ? mine_all(arena, study, progress, err) : VG_OK;
    return code == VG_OK ? check(arena, study, err) : code;
}
