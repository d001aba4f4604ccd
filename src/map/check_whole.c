/* Rules on who and why: persona, objective, start and arrival, who sat at the table. */
#include "map/check_list.h"

#include <math.h>
#include <stdio.h>

#define MOST_PERSONAS 4

/* "Marco e Giulia", "Anna / Luca": two people in one name. An initial ("Maria E. Rossi")
 * is not a joint. */
static bool is_joined(const char *name)
{
    static const char *const joints[] = {" e ", " ed ", " and ", " & ", "/", " + ", ";"};
    for (size_t i = 0; i < COUNT_OF(joints); i++)
        if (strstr(name, joints[i]))
            return true;
    return false;
}

static enum vg_code check_crowd(struct checking *checking,
                                const struct map_persona *persona)
{
    const struct words_pattern *found;
    TRY(words_judge(checking->arena, &checking->crowd, str_from(persona->name), &found,
                    NULL, checking->err));
    if (found == NULL && !is_joined(persona->name))
        return VG_OK;
    return finding_add(
        checking, "crowded-persona", SEVERITY_WARNING,
        (struct subject){persona->id, persona->name, ""},
        arena_printf(checking->arena, _("“%s” is more than one person."), persona->name),
        _("Choose one, with a name, a trade and a quote of their own; the others get a "
          "map "
          "of theirs."));
}

enum vg_code check_persona(struct checking *checking)
{
    const struct vg_map *map = checking->map;
    if (map->persona_count == 0)
        return finding_add(
            checking, "no-persona", SEVERITY_ERROR, WHOLE_MAP,
            _("The map has no protagonist."),
            _("Say whose journey it is: name, role, what they need and expect, and a "
              "sentence they really said."));
    if (map->persona_count > MOST_PERSONAS)
        TRY(finding_add(checking, "crowded-persona", SEVERITY_WARNING, WHOLE_MAP,
                        arena_printf(checking->arena,
                                     _("The map has %zu protagonists: nobody’s journey "
                                       "can be read in it."),
                                     map->persona_count),
                        _("Keep the one who matters most, and draw another map for each "
                          "of those who live something else.")));
    for (size_t i = 0; i < map->persona_count; i++)
        TRY(check_crowd(checking, &map->personas[i]));
    return VG_OK;
}

/* What a metric lacks, or NULL. */
static const char *metric_lack(const struct map_metric *metric)
{
    if (isnan(metric->target))
        return _("“%s” has no target.");
    if (metric->due_us == INT64_MIN)
        return _("“%s” has no date by which the target is to be reached.");
    if (metric->reached_by_pct == 0)
        return _("The target of “%s” was never reached by anyone.");
    if (isnan(metric->baseline))
        return _("It is not said where “%s” stands today.");
    if (metric->down_is_good ? metric->target >= metric->baseline
                             : metric->target <= metric->baseline)
        return _("The target of “%s” is no better than where it stands today.");
    return NULL;
}

static const char *metric_remedy(const struct map_metric *metric)
{
    if (metric->reached_by_pct == 0)
        return _("Set a target that somebody like you has reached: it is to stretch, not "
                 "to discourage.");
    return _("Write the number of today, the number wanted, and by when.");
}

#define FEW_REACHED_PCT                                                                  \
    10                /* a target that fewer of those before reached is out of reach */
#define FORMER_FEW 10 /* fewer former clients tell nothing */

/* A target that hardly anybody reached: by what the map says, or by former clients. */
static enum vg_code check_reach(struct checking *checking, size_t index)
{
    const struct map_metric *metric = &checking->map->metrics[index];
    const struct map_reached *seen = checking->facts && checking->facts->reached
                                         ? &checking->facts->reached[index]
                                         : NULL;
    const char *sentence = NULL;
    if (seen && seen->clients >= FORMER_FEW)
        sentence =
            seen->reached * 100 >= seen->clients * FEW_REACHED_PCT
                ? ""
                : arena_printf(checking->arena,
                               _("Of %s former clients, %s reached the target of "
                                 "“%s”."),
                               text_count(checking->arena, seen->clients),
                               text_count(checking->arena, seen->reached), metric->name);
    else if (metric->reached_by_pct > 0 && metric->reached_by_pct < FEW_REACHED_PCT)
        sentence = arena_printf(
            checking->arena, _("Fewer than one in ten ever reached the target of “%s”."),
            metric->name);
    else
        return VG_OK;
    if (sentence && !sentence[0])
        return VG_OK;
    return finding_add(checking, "objective-not-measurable", SEVERITY_WARNING,
                       (struct subject){metric->id, metric->name, "reach"}, sentence,
                       _("Set a target that somebody like you has reached: it is to "
                         "stretch, not to discourage."));
}

static enum vg_code check_metric(struct checking *checking,
                                 const struct map_metric *metric)
{
    const char *lack = metric_lack(metric);
    struct buf sentence = {0};
    if (lack == NULL)
        return VG_OK;
    const char *gap = strstr(lack, "%s"); /* each of them holds one */
    buf_add(&sentence, (str){lack, (size_t)(gap - lack)});
    buf_text(&sentence, metric->name);
    buf_text(&sentence, gap + 2);
    const char *text =
        sentence.failed ? NULL : arena_text(checking->arena, buf_str(&sentence));
    buf_free(&sentence);
    return finding_add(checking, "objective-not-measurable", SEVERITY_WARNING,
                       (struct subject){metric->id, metric->name, ""}, text,
                       metric_remedy(metric));
}

static enum vg_code check_ends(struct checking *checking)
{
    if (is_blank(checking->map->start))
        TRY(finding_add(
            checking, "no-start", SEVERITY_WARNING, WHOLE_MAP,
            _("It is not said where the journey begins."),
            _("Write what happens to the customer before they have ever heard "
              "of you: the need, not the first click.")));
    if (is_blank(checking->map->arrival))
        TRY(finding_add(checking, "no-arrival", SEVERITY_WARNING, WHOLE_MAP,
                        _("It is not said where the journey leads."),
                        _("Write how the customer is doing when it has gone well.")));
    return VG_OK;
}

enum vg_code check_objective(struct checking *checking)
{
    const struct vg_map *map = checking->map;
    if (is_blank(map->objective))
        TRY(finding_add(checking, "no-objective", SEVERITY_ERROR, WHOLE_MAP,
                        _("It is not said why this map is drawn."),
                        _("Write the question it is to answer: “why do we lose customers "
                          "between the quote and the second order?”")));
    else if (map->metric_count == 0)
        TRY(finding_add(checking, "objective-not-measurable", SEVERITY_WARNING, WHOLE_MAP,
                        _("The objective has no number: nobody will know whether it was "
                          "reached."),
                        _("Add a metric: the number of today, the number wanted, and by "
                          "when.")));
    for (size_t i = 0; i < map->metric_count; i++) {
        TRY(check_metric(checking, &map->metrics[i]));
        TRY(check_reach(checking, i));
    }
    return check_ends(checking);
}

/* ---- lanes ---------------------------------------------------------------------------
 */

static bool is_felt(const struct map_step *step, size_t persona_count)
{
    if (!isnan(step->feeling.valence) || step->feeling.emotion[0])
        return true;
    for (size_t i = 0; i < persona_count; i++)
        if (!isnan(step->feelings[i].valence) || step->feelings[i].emotion[0])
            return true;
    return false;
}

/* The lowest valence of the step, of anybody; NAN where there is none. */
static double lowest(const struct map_step *step, size_t persona_count)
{
    double low = step->feeling.valence;
    for (size_t i = 0; i < persona_count; i++)
        low = fmin(low, step->feelings[i].valence); /* fmin passes over NAN */
    return low;
}

static enum vg_code check_feelings(struct checking *checking)
{
    const struct vg_map *map = checking->map;
    size_t felt = 0, valued = 0;
    double low = NAN;
    for (size_t i = 0; i < map->step_count; i++) {
        felt += is_felt(&map->steps[i], map->persona_count);
        valued += isnan(lowest(&map->steps[i], map->persona_count)) ? 0 : 1;
        low = fmin(low, lowest(&map->steps[i], map->persona_count));
    }
    if (felt == 0)
        return finding_add(
            checking, "no-feeling", SEVERITY_ERROR, WHOLE_MAP,
            _("The map does not say what the customer feels, at any step."),
            _("Ask somebody who lived it: at each step an emotion, in their "
              "own word, and how strong it was."));
    for (size_t i = 0; i < map->step_count; i++)
        if (!is_felt(&map->steps[i], map->persona_count))
            TRY(finding_add(
                checking, "no-feeling", SEVERITY_NOTE, ABOUT(&map->steps[i]),
                _("It is not said what the customer feels here."),
                _("Ask a customer; if nobody knows, leave the gap and plan how "
                  "to find out.")));
    if (valued >= 3 && low >= 0)
        return finding_add(
            checking, "all-rosy", SEVERITY_WARNING, WHOLE_MAP,
            arena_printf(checking->arena,
                         _("Of %zu steps with a feeling none is negative: a journey like "
                           "that does not exist."),
                         valued),
            _("Read complaints and bad reviews, and ask who left: where did it hurt?"));
    return VG_OK;
}

enum vg_code check_lanes(struct checking *checking)
{
    const struct vg_map *map = checking->map;
    size_t doing = 0, thinking = 0;
    for (size_t i = 0; i < map->step_count; i++) {
        doing += !is_blank(map->steps[i].doing);
        thinking += !is_blank(map->steps[i].thinking);
    }
    if (map->step_count == 0)
        return VG_OK;
    if (doing == 0)
        TRY(finding_add(checking, "no-doing", SEVERITY_ERROR, WHOLE_MAP,
                        _("The map does not say what the customer does, at any step."),
                        _("Write for each step what could be filmed: looks for, rings, "
                          "compares, waits.")));
    if (thinking == 0)
        TRY(finding_add(checking, "no-thinking", SEVERITY_WARNING, WHOLE_MAP,
                        _("The map does not say what the customer thinks, at any step."),
                        _("Write the sentence the customer says to themselves, as they "
                          "would say it.")));
    return check_feelings(checking);
}

/* ---- who sat at the table ------------------------------------------------------------
 */

static size_t count_departments(const struct vg_map *map)
{
    const char *seen[2] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < map->session_count; i++)
        for (size_t j = 0; j < map->sessions[i].people_count; j++) {
            const char *department = map->sessions[i].people[j].department;
            if (is_blank(department) || (count > 0 && strcmp(seen[0], department) == 0))
                continue;
            seen[count++] = department;
            if (count == 2)
                return 2; /* two are enough */
        }
    return count;
}

static enum vg_code check_levels(struct checking *checking,
                                 const struct map_session *session)
{
    size_t of_level[3] = {0};
    for (size_t i = 0; i < session->people_count; i++)
        of_level[session->people[i].level]++;
    if (of_level[LEVEL_OPERATIONAL] == 0 || of_level[LEVEL_RESPONSIBLE] == 0)
        return VG_OK;
    const char *when =
        session->title[0] ? arena_printf(checking->arena, "“%s”", session->title)
        : session->at_us != INT64_MIN ? text_date(checking->arena, session->at_us)
                                      : _("without a title");
    if (when == NULL)
        return err_memory(checking->err);
    const char *sentence =
        arena_printf(checking->arena,
                     _("In the session %s operational staff (%zu) sat with those who "
                       "answer for them (%zu)."),
                     when, of_level[LEVEL_OPERATIONAL], of_level[LEVEL_RESPONSIBLE]);
    return finding_add(checking, "mixed-levels", SEVERITY_WARNING, WHOLE_MAP, sentence,
                       _("Hold two sessions: in front of the boss people tell how it "
                         "should be, not how it is."));
}

enum vg_code check_sessions(struct checking *checking)
{
    const struct vg_map *map = checking->map;
    size_t customers = 0;
    for (size_t i = 0; i < map->session_count; i++) {
        customers += map->sessions[i].customers.count;
        TRY(check_levels(checking, &map->sessions[i]));
    }
    if (map->session_count == 0)
        TRY(finding_add(checking, "one-department", SEVERITY_NOTE, WHOLE_MAP,
                        _("It is not said who made this map."),
                        _("Write down the sessions: when, who, from which department.")));
    else if (count_departments(map) < 2)
        TRY(finding_add(
            checking, "one-department", SEVERITY_WARNING, WHOLE_MAP,
            _("Everybody at the table came from the same department."),
            _("Invite who answers the phone, who delivers, who invoices: each "
              "sees another piece of the journey.")));
    if (customers == 0)
        TRY(finding_add(
            checking, "no-customer", SEVERITY_WARNING, WHOLE_MAP,
            _("No customer took part: the map says what the company believes."),
            _("Ring two customers and a lost one, and go through the steps "
              "with them.")));
    if (is_blank(map->sponsor))
        TRY(finding_add(checking, "no-sponsor", SEVERITY_WARNING, WHOLE_MAP,
                        _("Nobody at the top has undertaken to act on what comes out."),
                        _("Before the next session find who decides on money and people, "
                          "and write their name.")));
    return VG_OK;
}
