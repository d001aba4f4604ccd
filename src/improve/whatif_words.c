/* What a chain answers, in a sentence and as JSON. */
#include "improve/whatif.h"

#include "base/lang.h"

#include <math.h>

/* ---- the sentence ---- */

static const struct whatif_step *step_of(const struct whatif_facts *facts, const char *id)
{
    for (size_t i = 0; i < facts->step_count; i++)
        if (strcmp(facts->steps[i].id, id) == 0)
            return &facts->steps[i];
    return NULL;
}

/* "20% less loss and 30% less wait at “Ricevo l'offerta”" */
static const char *change_said(struct arena *arena, const struct whatif_facts *facts,
                               const struct whatif_change *change)
{
    const struct whatif_step *step = step_of(facts, change->step);
    const char *loss = text_share(arena, change->less_loss, 0);
    const char *wait = text_share(arena, change->less_wait, 0);
    if (!loss || !wait || !step)
        return step ? NULL : "";
    if (change->less_loss > 0 && change->less_wait > 0)
        return arena_printf(arena, _("%s less loss and %s less wait at “%s”"), loss, wait,
                            step->title);
    return arena_printf(arena,
                        change->less_wait > 0 ? _("%s less wait at “%s”")
                                              : _("%s less loss at “%s”"),
                        change->less_wait > 0 ? wait : loss, step->title);
}

static const char *changes_said(struct arena *arena, const struct whatif_facts *facts,
                                const struct whatif_change *changes, size_t count)
{
    const char *all = "";
    for (size_t i = 0; all && i < count; i++) {
        if (!(changes[i].less_loss > 0) && !(changes[i].less_wait > 0))
            continue;
        const char *one = change_said(arena, facts, &changes[i]);
        all = one ? arena_printf(arena, "%s%s%s", all, all[0] ? ", " : "", one) : NULL;
    }
    return all;
}

static uint64_t rounded(double value)
{
    return value > 0 ? (uint64_t)llround(value) : 0;
}

/* Money to three figures: more would be said than is known. */
static uint64_t three_figures(double value)
{
    double unit = 1;
    while (value / unit >= 1000)
        unit *= 10;
    return rounded(round(value / unit) * unit);
}

static const char *now_said(struct arena *arena, const struct whatif_facts *facts,
                            const struct whatif_answer *answer)
{
    const char *journeys = text_count(arena, facts->journeys);
    const char *arrived = text_count(arena, rounded(answer->now.arrivals.value));
    const char *end = text_count(arena, rounded(answer->now.in_the_end.value));
    if (!journeys || !arrived || !end)
        return NULL;
    return arena_printf(arena,
                        _("As it is, of %s journeys %s come to “%s” while they are "
                          "watched, and %s in the end."),
                        journeys, arrived, facts->arrival_title, end);
}

static const char *sooner_said(struct arena *arena, const struct whatif_answer *answer)
{
    double sooner = answer->sooner_s.value;
    if (!(sooner >= 60))
        return "";
    const char *by = text_duration(arena, sooner);
    return by ? arena_printf(arena, _("; half of them arrive %s sooner"), by) : NULL;
}

static const char *money_said(struct arena *arena, const struct whatif_facts *facts,
                              const struct whatif_answer *answer)
{
    if (!(facts->value_each > 0))
        return "";
    const char *worth =
        text_count(arena, three_figures(answer->more.value * facts->value_each));
    return worth ? arena_printf(arena, _("; worth %s"), worth) : NULL;
}

const char *whatif_sentence(struct arena *arena, const struct whatif *whatif,
                            const struct whatif_change *changes, size_t count,
                            const struct whatif_answer *answer)
{
    struct whatif_facts facts = whatif_facts(whatif);
    const char *what = changes_said(arena, &facts, changes, count);
    if (!what)
        return NULL;
    if (!what[0])
        return now_said(arena, &facts, answer);
    const char *more = text_number(arena, answer->more.value, answer->more.value < 10);
    const char *low = text_number(arena, answer->more.low, answer->more.value < 10);
    const char *high = text_number(arena, answer->more.high, answer->more.value < 10);
    const char *journeys = text_count(arena, facts.journeys);
    const char *sooner = sooner_said(arena, answer);
    const char *money = money_said(arena, &facts, answer);
    if (!more || !low || !high || !journeys || !sooner || !money)
        return NULL;
    return arena_printf(
        arena, _("With %s, %s more of %s journeys come to “%s” (%s to %s)%s%s."), what,
        more, journeys, facts.arrival_title, low, high, money, sooner);
}

/* ---- JSON ---- */

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *interval(struct estimate95 estimate)
{
    return json_pack("{s:o, s:o, s:o}", "value", number(estimate.value), "low",
                     number(estimate.low), "high", number(estimate.high));
}

static json_t *money(const struct whatif_facts *facts, struct estimate95 estimate)
{
    if (!(facts->value_each > 0))
        return json_null();
    return interval((struct estimate95){estimate.value * facts->value_each,
                                        estimate.low * facts->value_each,
                                        estimate.high * facts->value_each});
}

static json_t *side(const struct whatif_side *side)
{
    return json_pack("{s:o, s:o, s:o}", "arrivals", interval(side->arrivals),
                     "in_the_end", interval(side->in_the_end), "median_s",
                     interval(side->median_s));
}

static json_t *step_to_json(const struct whatif_facts *facts,
                            const struct whatif_step *step,
                            const struct whatif_change *changes, size_t count)
{
    double less_loss = 0, less_wait = 0;
    for (size_t i = 0; i < count; i++)
        if (strcmp(changes[i].step, step->id) == 0) {
            less_loss = fmax(less_loss, changes[i].less_loss);
            less_wait = fmax(less_wait, changes[i].less_wait);
        }
    return json_pack("{s:s, s:s, s:I, s:I, s:o, s:o, s:f, s:f, s:o, s:o, s:o}", "id",
                     step->id, "title", step->title, "visits", (json_int_t)step->visits,
                     "gone_on", (json_int_t)step->gone_on, "loss", interval(step->loss),
                     "wait_s", number(step->wait_s), "less_loss", less_loss, "less_wait",
                     less_wait, "worth", interval(step->worth), "worth_money",
                     money(facts, step->worth), "sooner_s", number(step->sooner_s));
}

static json_t *steps_to_json(const struct whatif_facts *facts,
                             const struct whatif_change *changes, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < facts->step_count; i++)
        if (json_array_append_new(
                list, step_to_json(facts, &facts->steps[i], changes, count)) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *pains_to_json(struct arena *arena, const struct whatif *whatif,
                             const struct vg_map *map)
{
    struct whatif_facts facts = whatif_facts(whatif);
    struct whatif_pain *pains;
    struct vg_err err = {0};
    size_t count;
    json_t *list = json_array();
    if (whatif_pains(arena, whatif, map, &pains, &count, &err) != VG_OK)
        count = 0;
    for (size_t i = 0; list && i < count; i++) {
        const struct whatif_step *step = pains[i].step;
        json_t *one =
            json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "id", pains[i].id, "text",
                      pains[i].text, "step", step->id, "title", step->title, "worth",
                      interval(step->worth), "worth_money", money(&facts, step->worth),
                      "sooner_s", number(step->sooner_s));
        if (json_array_append_new(list, one) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

json_t *whatif_to_json(struct arena *arena, const struct whatif *whatif,
                       const struct vg_map *map, const struct whatif_change *changes,
                       size_t count, const struct whatif_answer *answer)
{
    struct whatif_facts facts = whatif_facts(whatif);
    const char *sentence = whatif_sentence(arena, whatif, changes, count, answer);
    if (!sentence)
        return NULL;
    return json_pack(
        "{s:{s:s, s:s}, s:I, s:I, s:I, s:o, s:f, s:I, s:f, s:o, s:o, s:o, s:o, s:o, s:o, "
        "s:o, s:o, s:s}",
        "arrival", "id", facts.arrival_id, "title", facts.arrival_title, "journeys",
        (json_int_t)facts.journeys, "customers", (json_int_t)facts.customers, "arrived",
        (json_int_t)facts.arrived, "value_each", number(facts.value_each), "horizon_s",
        facts.horizon_s, "rounds", (json_int_t)facts.rounds, "mend", WHATIF_MEND, "now",
        side(&answer->now), "then", side(&answer->then), "more", interval(answer->more),
        "more_money", money(&facts, answer->more), "more_in_the_end",
        interval(answer->more_in_the_end), "sooner_s", interval(answer->sooner_s),
        "steps", steps_to_json(&facts, changes, count), "pains",
        pains_to_json(arena, whatif, map), "sentence", sentence);
}
