/* What KPIs are, and where they stand, in sentences. */
#include "improve/effect.h"
#include "improve/results_parts.h"

#include "base/lang.h"

#include <math.h>

const char *target_state_name(enum target_state state)
{
    static const char *const names[] = {NULL, "reached", "missed", "open"};
    return names[state];
}

/* ---- what is counted ---- */

static const char *window_said(struct arena *arena, int64_t window_us)
{
    return text_duration(arena, (double)window_us / (double)US_PER_S);
}

static const char *score_defined(struct arena *arena, const char *at,
                                 enum score_scale scale)
{
    static const char *const of_scale[] = {
        [SCALE_NONE] = N_("the mean of the scores"),
        [SCALE_STARS] = N_("the mean of the stars, 1 to 5"),
        [SCALE_NPS] = N_("NPS: the share of 9 and 10 less the share of 0 to 6, in points "
                         "from −100 to +100"),
        [SCALE_CSAT] = N_("CSAT: the share of 4 and 5 out of five, in points"),
        [SCALE_CES] = N_("CES: the mean of the effort, 1 to 7"),
        [SCALE_VALENCE] = N_("the mean of how it felt, −2 to +2"),
    };
    const char *what = lang_text(of_scale[scale]);
    return at[0] ? arena_printf(arena, _("%s, at “%s”; one voice per journey"), what, at)
                 : arena_printf(arena, _("%s, wherever given; one voice per journey"),
                                what);
}

static const char *conversion_defined(struct arena *arena, const struct kpi_ready *ready,
                                      const struct kpi_sample *seen)
{
    const char *window = window_said(arena, seen->window_us);
    bool usual = ready->kpi.window_us == INT64_MAX;
    if (!window)
        return NULL;
    return arena_printf(
        arena,
        usual
            ? _("of the times “%s”, the share that “%s” follows within %s, as long as "
                "nearly all (95%%) of those took; younger ones are not counted yet")
            : _("of the times “%s”, the share that “%s” follows within %s; younger ones "
                "are not counted yet"),
        ready->steps.name[0], ready->steps.name[1], window);
}

static const char *time_defined(struct arena *arena, const struct kpi_ready *ready)
{
    const char *from = ready->steps.name[0], *to = ready->steps.name[1];
    double quantile = ready->kpi.quantile;
    if (quantile == 0.5)
        return arena_printf(
            arena,
            _("from “%s” to the next “%s”: half take at most so long; who "
              "still waits counts as long as they were watched"),
            from, to);
    const char *share = text_share(arena, quantile, 0);
    return share ? arena_printf(
                       arena,
                       _("from “%s” to the next “%s”: %s take at most so long; who "
                         "still waits counts as long as they were watched"),
                       from, to, share)
                 : NULL;
}

const char *kpi_definition(struct arena *arena, const struct kpi_ready *ready,
                           const struct kpi_sample *seen)
{
    const char *at = ready->steps.name ? ready->steps.name[0] : "", *window;
    if (ready->kpi.kind == KPI_TYPED)
        return _("numbers that somebody wrote down");
    if (ready->problem)
        return "";
    switch (ready->kpi.kind) {
    case KPI_CONVERSION:
        return conversion_defined(arena, ready, seen);
    case KPI_TIME:
        return time_defined(arena, ready);
    case KPI_RATE:
        window = window_said(arena, seen->window_us);
        return !window ? NULL
               : at[0]
                   ? arena_printf(
                         arena, _("how often “%s” happens in the first %s of a journey"),
                         at, window)
                   : arena_printf(arena,
                                  _("how much happens in the first %s of a journey"),
                                  window);
    case KPI_SCORE:
        return score_defined(arena, at, seen->scale);
    case KPI_STATE:
        return arena_printf(arena,
                            _("of the journeys in which something happened, the share "
                              "whose last event was at “%s”"),
                            at);
    case KPI_TYPED:
    case KPI_KINDS:
        break;
    }
    return "";
}

/* ---- where it stands ---- */

static const char *target_said(struct arena *arena, const struct kpi_result *result)
{
    const char *target = kpi_said(arena, &result->ready.kpi, result->ready.target);
    if (result->on_target == TARGET_NONE || !target)
        return target ? "" : NULL;
    return arena_printf(
        arena,
        result->on_target == TARGET_REACHED ? _("; the target, %s, is reached")
        : result->on_target == TARGET_MISSED
            ? _("; the target, %s, is not reached yet")
            : _("; it cannot be told yet whether the target, %s, is reached"),
        target);
}

/* "31–43%, 112 observed" */
static const char *trust_said(struct arena *arena, const struct kpi *kpi,
                              const struct kpi_point *point)
{
    const char *n = text_count(arena, point->n);
    const char *low = kpi_said(arena, kpi, point->low);
    const char *high = kpi_said(arena, kpi, point->high);
    if (!n || !low || !high)
        return NULL;
    if (isnan(point->low) || isnan(point->high))
        return arena_printf(arena, _("%s observed"), n);
    return arena_printf(arena, _("%s to %s, %s observed"), low, high, n);
}

const char *kpi_sentence(struct arena *arena, const struct kpi_result *result)
{
    const struct kpi *kpi = &result->ready.kpi;
    if (result->ready.problem)
        return arena_printf(arena, _("%s cannot be told: %s"), kpi->name,
                            result->ready.problem);
    if (result->latest == result->point_count)
        return arena_printf(arena, _("%s cannot be told yet: too few are observed"),
                            kpi->name);
    const struct kpi_point *point = &result->points[result->latest];
    const char *value = kpi_said(arena, kpi, point->value);
    const char *from = text_date(arena, point->period.from_us);
    const char *trust = trust_said(arena, kpi, point);
    const char *target = target_said(arena, result);
    if (!value || !from || !trust || !target)
        return NULL;
    if (kpi->kind == KPI_TYPED)
        return arena_printf(arena, "%s: %s%s.", kpi->name, value, target);
    return text_agreed(arena, arena_printf(arena,
                                           result->ready.asked->weekly
                                               ? _("%s: %s in the week from %s (%s)%s.")
                                               : _("%s: %s in the month from %s (%s)%s."),
                                           kpi->name, value, from, trust, target));
}

/* ---- how many it takes ---- */

const char *enough_sentence(struct arena *arena, const struct kpi_ready *ready,
                            const struct enough_result *result)
{
    const struct kpi *kpi = &ready->kpi;
    if (result->problem)
        return arena_printf(arena, _("%s cannot be told: %s"), kpi->name,
                            result->problem);
    if (!result->needed)
        return arena_printf(arena, _("%s: how many it takes cannot be told"), kpi->name);
    const char *now = kpi_said(arena, kpi, result->value);
    const char *then = kpi_said(arena, kpi, result->value + result->change);
    const char *needed = text_count(arena, result->needed);
    double months = (double)result->needed / result->per_month;
    const char *rate = text_count(arena, (uint64_t)llround(result->per_month));
    if (!now || !then || !needed || !rate)
        return NULL;
    if (!isfinite(months))
        return arena_printf(arena,
                            _("For a change of %s from %s to %s to show, %s are "
                              "needed before and as many after."),
                            kpi->name, now, then, needed);
    const char *wait = months < 1.5
                           ? _("about a month")
                           : arena_printf(arena,
                                          _n("about %s month", "about %s months",
                                             (uint64_t)llround(months)),
                                          text_count(arena, (uint64_t)llround(months)));
    return wait
               ? arena_printf(arena,
                              _("For a change of %s from %s to %s to show, %s are needed "
                                "before and as many after: at %s a month, %s after the "
                                "change."),
                              kpi->name, now, then, needed, rate, wait)
               : NULL;
}

/* ---- in a few words ---- */

const struct effect_result *results_of_action(const struct results *results,
                                              const struct map_action *action)
{
    for (size_t i = 0; results && i < results->effect_count; i++)
        if (results->effects[i].action &&
            strcmp(results->effects[i].action->id, action->id) == 0)
            return &results->effects[i];
    return NULL;
}

const char *effect_in_short(struct arena *arena, const struct effect_result *result)
{
    const struct effect *effect = &result->effect;
    struct kpi kpi = {.name = result->asked->name,
                      .kind = (enum kpi_kind)result->asked->kind};
    const struct compared *c = &effect->compared;
    if (result->problem)
        return arena_printf(arena, _("%s cannot be told: %s"), kpi.name, result->problem);
    if (effect->verdict == EFFECT_TOO_FEW)
        return arena_printf(arena, _("%s: too few to tell yet"), kpi.name);
    const char *before = kpi_said(arena, &kpi, effect->here.before);
    const char *after = kpi_said(arena, &kpi, effect->here.after);
    if (!before || !after)
        return NULL;
    if (effect->verdict == EFFECT_NONE)
        return arena_printf(arena, _("%s: %s → %s, no effect can be seen"), kpi.name,
                            before, after);
    if (effect->as_a_whole)
        return arena_printf(arena,
                            effect->verdict == EFFECT_BETTER
                                ? _("%s: %s → %s, better taking all waits together")
                                : _("%s: %s → %s, worse taking all waits together"),
                            kpi.name, before, after);
    const char *low = kpi_gap_said(arena, &kpi, c->low);
    const char *high = kpi_gap_said(arena, &kpi, c->high);
    if (!low || !high)
        return NULL;
    return arena_printf(arena,
                        kpi_is_share(kpi.kind) ? _("%s: %s → %s (%s to %s points)")
                                               : _("%s: %s → %s (%s to %s)"),
                        kpi.name, before, after, low, high);
}
