/* Rules on the steps: how they are told, their touchpoints, their evidence, and what is
 * done about their pains. */
#include "map/check_list.h"

#include "base/date.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>

#define STALE_EVIDENCE_DAYS 180
#define STALE_MAP_DAYS      365

static enum vg_code check_voice(struct checking *checking, const struct map_step *step)
{
    const struct words_pattern *pattern;
    const char *found = "";
    TRY(words_judge(checking->arena, &checking->inside_out, str_from(step->title),
                    &pattern, &found, checking->err));
    if (pattern == NULL)
        return VG_OK;
    return finding_add(
        checking, "inside-out", SEVERITY_WARNING, ABOUT(step),
        arena_printf(checking->arena,
                     _("“%s” is the company speaking: it names a procedure, not what the "
                       "customer lives."),
                     found),
        _("Say it as the customer would, beginning with “I”: “I ask for…”, “I wait "
          "for…”, “I get…”."));
}

/* ---- touchpoints ---------------------------------------------------------------------
 */

static enum vg_code check_touchpoint(struct checking *checking,
                                     const struct map_step *step,
                                     const struct map_touchpoint *touchpoint)
{
    const struct words_pattern *channel, *vague;
    str title = str_from(touchpoint->title);
    TRY(words_judge(checking->arena, &checking->channel, title, &channel, NULL,
                    checking->err));
    TRY(words_judge(checking->arena, &checking->vague, title, &vague, NULL,
                    checking->err));
    str own = utf8_fold(checking->arena, str_from(touchpoint->channel));
    str folded = utf8_fold(checking->arena, title);
    bool is_own_channel = folded.len > 0 && str_equal(own, folded);
    if (channel || is_own_channel)
        return finding_add(
            checking, "touchpoint-is-channel", SEVERITY_WARNING, WITHIN(step, touchpoint),
            arena_printf(checking->arena, _("“%s” is a channel, not a touchpoint."),
                         touchpoint->title),
            _("Write what the customer meets on it: not “E-mail” but “the quote as a "
              "PDF”, not “Website” but “the enquiry form”."));
    if (vague)
        return finding_add(
            checking, "vague-touchpoint", SEVERITY_WARNING, WITHIN(step, touchpoint),
            arena_printf(checking->arena, _("“%s” could be anything."),
                         touchpoint->title),
            _("Say which number, which desk, which page, and whether a person or a "
              "machine answers."));
    return VG_OK;
}

static enum vg_code check_digital(struct checking *checking)
{
    const struct vg_map *map = checking->map;
    size_t with_channel = 0, digital = 0;
    for (size_t i = 0; i < map->step_count; i++)
        for (size_t j = 0; j < map->steps[i].touchpoint_count; j++) {
            const struct words_pattern *found;
            const char *channel = map->steps[i].touchpoints[j].channel;
            if (is_blank(channel))
                continue;
            TRY(words_judge(checking->arena, &checking->digital, str_from(channel),
                            &found, NULL, checking->err));
            with_channel++;
            digital += found != NULL;
        }
    if (with_channel < 3 || digital < with_channel)
        return VG_OK;
    return finding_add(
        checking, "digital-only", SEVERITY_WARNING, WHOLE_MAP,
        arena_printf(checking->arena,
                     _("All %zu touchpoints are digital, as if the customer never rang "
                       "or walked in."),
                     with_channel),
        _("Ask the switchboard, the shop and the technicians: which calls and which "
          "visits are missing?"));
}

/* ---- evidence ------------------------------------------------------------------------
 */

static enum vg_code check_seen(struct checking *checking, size_t index)
{
    const struct map_step *step = &checking->map->steps[index];
    if (step->match_count == 0)
        return finding_add(
            checking, "no-evidence", checking->facts ? SEVERITY_WARNING : SEVERITY_NOTE,
            ABOUT(step), _("No evidence is tied to this step: it is only believed."),
            _("Name in “match” the activities of your data that are this step, or plan "
              "how "
              "to observe it."));
    if (checking->facts == NULL || checking->facts->seen[index] > 0)
        return VG_OK;
    return finding_add(
        checking, "believed-not-seen", SEVERITY_WARNING, ABOUT(step),
        _("The evidence meets no customer at this step."),
        _("Does the step exist, does it leave no trace, or is its activity written "
          "otherwise in the data?"));
}

static enum vg_code check_age(struct checking *checking)
{
    const struct vg_map *map = checking->map;
    if (checking->facts &&
        checking->facts->last_us < checking->now_us - STALE_EVIDENCE_DAYS * US_PER_DAY) {
        TRY(finding_add(
            checking, "stale-evidence", SEVERITY_WARNING,
            (struct subject){.id = "", .title = "", .about = "evidence"},
            arena_printf(checking->arena, _("The evidence ends on %s."),
                         text_date(checking->arena, checking->facts->last_us)),
            _("Export the last months from your systems, and look again.")));
    }
    if (map->updated_us != INT64_MIN &&
        map->updated_us < checking->now_us - STALE_MAP_DAYS * US_PER_DAY) {
        TRY(finding_add(
            checking, "stale-evidence", SEVERITY_WARNING,
            (struct subject){.id = "", .title = "", .about = "map"},
            arena_printf(checking->arena,
                         _("The map was last looked at on %s, more than a year ago."),
                         text_date(checking->arena, map->updated_us)),
            _("Go through it again with those who made it, and set a date for the next "
              "time.")));
    }
    return VG_OK;
}

static enum vg_code check_evidence(struct checking *checking)
{
    const struct vg_map *map = checking->map;
    size_t matched = 0;
    for (size_t i = 0; i < map->step_count; i++)
        matched += map->steps[i].match_count > 0;
    if (matched == 0 && map->step_count > 0)
        TRY(finding_add(
            checking, "no-evidence", checking->facts ? SEVERITY_WARNING : SEVERITY_NOTE,
            WHOLE_MAP, _("No step is tied to evidence: the whole map is only believed."),
            _("Name in each step’s “match” the activities of your data that are this "
              "step.")));
    for (size_t i = 0; matched > 0 && i < map->step_count; i++)
        TRY(check_seen(checking, i));
    return check_age(checking);
}

/* A proof that is an objective names a metric of the map that has a target. */
static enum vg_code check_proof(struct checking *checking, const struct map_phase *phase,
                                const struct map_proof *proof)
{
    const struct vg_map *map = checking->map;
    if (proof->kind != PROOF_OBJECTIVE)
        return VG_OK;
    for (size_t i = 0; i < map->metric_count; i++)
        if (strcmp(map->metrics[i].id, proof->metric) == 0 &&
            !isnan(map->metrics[i].target))
            return VG_OK;
    return finding_add(
        checking, "objective-not-measurable", SEVERITY_WARNING,
        (struct subject){phase->id, phase->title, proof->id},
        arena_printf(
            checking->arena,
            _("“%s” is to be proved by an objective, and no metric with a target "
              "is named: the milestone can never be passed by it."),
            proof->text),
        _("Choose the metric it is about, or make it a confirmation."));
}

enum vg_code check_steps(struct checking *checking)
{
    const struct vg_map *map = checking->map;
    TRY(check_digital(checking));
    for (size_t i = 0; i < map->phase_count; i++) {
        const struct map_phase *phase = &map->phases[i];
        if (map->kind == MAP_SUCCESS_PATH && is_blank(phase->milestone))
            TRY(finding_add(
                checking, "phase-without-milestone", SEVERITY_WARNING, ABOUT(phase),
                _("This phase has no milestone: nobody can tell when it is over."),
                _("Write the change that must have happened before the next phase: a "
                  "result, not a list of tasks done.")));
        for (size_t j = 0; j < phase->proof_count; j++)
            TRY(check_proof(checking, phase, &phase->proofs[j]));
        for (size_t j = 0; j < phase->step_count; j++) {
            const struct map_step *step = &map->steps[phase->first_step + j];
            TRY(check_voice(checking, step));
            for (size_t k = 0; k < step->touchpoint_count; k++)
                TRY(check_touchpoint(checking, step, &step->touchpoints[k]));
        }
    }
    return check_evidence(checking);
}

/* ---- actions -------------------------------------------------------------------------
 */

static bool is_open(const struct map_action *action)
{
    return action->state == ACTION_IDEA || action->state == ACTION_PLANNED ||
           action->state == ACTION_DOING;
}

static bool takes_care(const struct map_action *action, const char *pain)
{
    if (action->state == ACTION_DROPPED ||
        (is_blank(action->owner) && is_blank(action->department)))
        return false;
    for (size_t i = 0; i < action->pains.count; i++)
        if (strcmp(action->pains.items[i], pain) == 0)
            return true;
    return false;
}

static enum vg_code check_pain(struct checking *checking, const struct map_step *step,
                               const struct map_item *pain)
{
    const struct vg_map *map = checking->map;
    for (size_t i = 0; i < map->action_count; i++)
        if (takes_care(&map->actions[i], pain->id))
            return VG_OK;
    return finding_add(
        checking, "orphan-pain", SEVERITY_WARNING, WITHIN(step, pain),
        arena_printf(checking->arena, _("Nobody takes care of “%s”."), pain->text),
        _("Give it an action with an owner and a date, or write why it is "
          "left as it is."));
}

static enum vg_code check_late(struct checking *checking, const struct map_action *action)
{
    if (!is_open(action) || action->due_us == INT64_MIN ||
        action->due_us + US_PER_DAY > checking->now_us)
        return VG_OK;
    const char *sentence = arena_printf(
        checking->arena, _("It was to be done by %s, and is still “%s”."),
        text_date(checking->arena, action->due_us), action_state_text(action->state));
    return finding_add(checking, "late-action", SEVERITY_WARNING, ABOUT(action), sentence,
                       _("Agree on a new date with its owner, or drop it and say so."));
}

enum vg_code check_actions(struct checking *checking)
{
    const struct vg_map *map = checking->map;
    size_t pains = 0, kept = 0;
    for (size_t i = 0; i < map->step_count; i++)
        pains += map->steps[i].pain_count;
    for (size_t i = 0; i < map->action_count; i++)
        kept += map->actions[i].state != ACTION_DROPPED;
    if (pains > 0 && kept == 0)
        return finding_add(
            checking, "no-action", SEVERITY_WARNING, WHOLE_MAP,
            arena_printf(
                checking->arena,
                _n("There is %zu pain and no action: the map would be the finish "
                   "line.",
                   "There are %zu pains and no action: the map would be the "
                   "finish line.",
                   pains),
                pains),
            _("Choose the three that hurt most, and give each an action, an owner and a "
              "date."));
    for (size_t i = 0; i < map->step_count; i++)
        for (size_t j = 0; j < map->steps[i].pain_count; j++)
            TRY(check_pain(checking, &map->steps[i], &map->steps[i].pains[j]));
    for (size_t i = 0; i < map->action_count; i++)
        TRY(check_late(checking, &map->actions[i]));
    return VG_OK;
}
