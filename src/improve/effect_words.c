/* The sentence, and the JSON. */
#include "improve/effect_parts.h"

#include "base/buf.h"
#include "base/lang.h"

#include <math.h>
#include <string.h>

/* A value of the KPI as it is said. */
const char *kpi_said(struct arena *arena, const struct kpi *kpi, double value)
{
    if (isnan(value))
        return _("not reached");
    if (kpi->kind == KPI_CONVERSION || kpi->kind == KPI_STATE)
        return text_share(arena, value, 0);
    if (kpi->kind == KPI_TIME)
        return text_duration(arena, value);
    return text_number(arena, value, fabs(value) < 10 ? 2 : 1);
}

/* A difference as it is said: points, time, or a number, always with its sign. */
const char *kpi_gap_said(struct arena *arena, const struct kpi *kpi, double gap)
{
    if (kpi->kind == KPI_CONVERSION || kpi->kind == KPI_STATE)
        return text_signed(arena, gap * 100, fabs(gap) < 0.1 ? 1 : 0);
    if (kpi->kind == KPI_TIME) {
        const char *length = text_duration(arena, fabs(gap));
        return length ? arena_printf(arena, "%s%s", gap < 0 ? "−" : "+", length) : NULL;
    }
    return text_signed(arena, gap, 2);
}

/* "−10 days" beside "−3.7 days" needs its unit only once: "−10". */
static const char *without_unit_of(struct arena *arena, const char *said,
                                   const char *other)
{
    const char *unit = text_duration_unit(said);
    if (strcmp(unit, text_duration_unit(other)) != 0)
        return said;
    return arena_text(arena, (str){said, (size_t)(unit - said)});
}

static const char *interval_said(struct arena *arena, const struct kpi *kpi,
                                 const struct compared *c)
{
    if (isnan(c->low) || isnan(c->high))
        return "";
    const char *low = kpi_gap_said(arena, kpi, c->low),
               *high = kpi_gap_said(arena, kpi, c->high);
    bool points = kpi->kind == KPI_CONVERSION || kpi->kind == KPI_STATE;
    if (!low || !high)
        return NULL;
    low = without_unit_of(arena, low, high);
    if (!low)
        return NULL;
    return arena_printf(arena,
                        points ? _("between %s and %s points") : _("between %s and %s"),
                        low, high);
}

/* "24% before (312 observed)" */
static const char *side_said(struct arena *arena, const struct kpi *kpi, bool after,
                             double value, uint64_t n)
{
    const char *said = kpi_said(arena, kpi, value), *count = text_count(arena, n);
    if (!n)
        return after ? _("nothing observed after") : _("nothing observed before");
    return said && count ? arena_printf(arena,
                                        after ? _("%s after (%s observed)")
                                              : _("%s before (%s observed)"),
                                        said, count)
                         : NULL;
}

static const char *values_said(struct arena *arena, const struct kpi *kpi,
                               const struct compared *c)
{
    const char *before = side_said(arena, kpi, false, c->before, c->n_before),
               *after = side_said(arena, kpi, true, c->after, c->n_after);
    return before && after ? arena_printf(arena, "%s, %s", before, after) : NULL;
}

static const char *chance_said(struct arena *arena, double p)
{
    if (p < 0.001)
        return _("chance alone would do this less than once in a thousand times");
    const char *times = text_count(arena, (uint64_t)llround(1 / p));
    return times ? arena_printf(arena, _("chance alone would do this once in %s times"),
                                times)
                 : NULL;
}

static const char *none_said(struct arena *arena, const struct effect *effect,
                             const char *interval)
{
    bool known = *interval != '\0';
    uint64_t least = effect->here.n_before < effect->here.n_after ? effect->here.n_before
                                                                  : effect->here.n_after;
    bool apart = effect->compared.low > 0 || effect->compared.high < 0;
    const char *first =
        apart   ? arena_printf(arena,
                               _("No effect can be seen for certain: the true difference "
                                   "may lie %s, but test and interval do not agree"),
                               interval)
        : known ? arena_printf(arena,
                               _("No effect can be seen: the true difference may lie %s"),
                               interval)
                : _("No effect can be seen");
    if (!first || effect->enough == 0 || effect->enough <= least)
        return first;
    const char *enough = text_count(arena, effect->enough);
    return enough ? arena_printf(
                        arena,
                        _("%s. For a change by a tenth to show, %s are needed before "
                          "and as many after"),
                        first, enough)
                  : NULL;
}

/* So many are needed on each side; of a quantile, so many that not all of them lie on one
 * side of it (compare.h). */
static uint64_t least_of(const struct kpi *kpi)
{
    double quantile = kpi->quantile > 0 ? kpi->quantile : 0.5;
    double least = ceil(log(0.05) / log(fmax(quantile, 1 - quantile)));
    return kpi->kind == KPI_TIME && least > EFFECT_FEW ? (uint64_t)least : EFFECT_FEW;
}

static const char *few_said(struct arena *arena, const struct kpi *kpi,
                            const struct effect *effect)
{
    const struct compared *here = &effect->here, *group = &effect->group;
    uint64_t least = least_of(kpi);
    bool few = here->n_before < least || here->n_after < least;
    bool few_there =
        effect->has_group && (group->n_before < least || group->n_after < least);
    if (!few && !few_there)
        return _(
            "It cannot be told: what was observed does not vary, or has not come far "
            "enough yet");
    const char *count = text_count(arena, least);
    return count ? arena_printf(
                       arena,
                       effect->has_group
                           ? _("Too few to tell: at least %s on each side are needed, in "
                               "the comparison group as well")
                           : _("Too few to tell: at least %s on each side are needed"),
                       count)
                 : NULL;
}

static const char *change_said(struct arena *arena, const struct kpi *kpi,
                               const struct effect *effect, const char *interval)
{
    const char *gap = kpi_gap_said(arena, kpi, effect->compared.difference);
    const char *chance = chance_said(arena, effect->compared.p);
    const char *how = effect->verdict == EFFECT_BETTER ? _("Better") : _("Worse");
    const char *beyond =
        effect->has_group ? _(", beyond what changed where nothing was done") : "";
    if (!gap || !chance)
        return NULL;
    if (effect->as_a_whole && *interval == '\0')
        return arena_printf(arena, _("%s, taking all waits together: %s"), how, chance);
    if (effect->as_a_whole)
        return arena_printf(arena,
                            _("%s, taking all waits together: %s. How much the value by "
                              "itself moved cannot be told: it may lie %s"),
                            how, chance, interval);
    return arena_printf(arena, _("%s: %s (%s)%s; %s"), how, gap, interval, beyond,
                        chance);
}

static const char *verdict_said(struct arena *arena, const struct kpi *kpi,
                                const struct effect *effect)
{
    const char *interval = interval_said(arena, kpi, &effect->compared);
    if (!interval)
        return NULL;
    if (effect->verdict == EFFECT_TOO_FEW)
        return few_said(arena, kpi, effect);
    return effect->verdict == EFFECT_NONE ? none_said(arena, effect, interval)
                                          : change_said(arena, kpi, effect, interval);
}

const char *effect_sentence(struct arena *arena, const struct kpi *kpi,
                            const struct effect *effect)
{
    const char *values = values_said(arena, kpi, &effect->here);
    const char *group =
        effect->has_group ? values_said(arena, kpi, &effect->group) : NULL;
    const char *verdict = verdict_said(arena, kpi, effect);
    if (!values || !verdict || (effect->has_group && !group))
        return NULL;
    return group ? arena_printf(arena, _("%s: %s. Where nothing was done, %s. %s."),
                                kpi->name, values, group, verdict)
                 : arena_printf(arena, "%s: %s. %s.", kpi->name, values, verdict);
}

/* ---- JSON ---- */

static json_t *number(double value)
{
    return isnan(value) || isinf(value) ? json_null() : json_real(value);
}

static json_t *side(uint64_t n, double value, double low, double high)
{
    return json_pack("{s:I, s:o, s:o, s:o}", "n", (json_int_t)n, "value", number(value),
                     "low", number(low), "high", number(high));
}

/* before, after: each side by itself; NULL: not told. */
static json_t *compared_to_json(const struct compared *c, const struct kpi_point *before,
                                const struct kpi_point *after)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o}", "before",
        side(c->n_before, c->before, before ? before->low : NAN,
             before ? before->high : NAN),
        "after",
        side(c->n_after, c->after, after ? after->low : NAN, after ? after->high : NAN),
        "difference", number(c->difference), "low", number(c->low), "high",
        number(c->high), "p", number(c->p));
}

json_t *effect_to_json(const struct effect *effect)
{
    json_t *json = compared_to_json(&effect->compared, &effect->before, &effect->after);
    json_t *warnings = json_array();
    for (size_t i = 0; i < effect->warning_count; i++)
        if (json_array_append_new(warnings, json_string(effect->warnings[i])))
            json = (json_decref(json), NULL);
    json_t *rest = json_pack(
        "{s:s, s:s, s:s, s:s, s:I, s:I, s:o, s:o*}", "kpi", effect->name, "kind",
        kpi_kind_name(effect->kind), "verdict", effect_verdict_name(effect->verdict),
        "sentence", effect->sentence, "under_way", (json_int_t)effect->under_way,
        "enough", (json_int_t)effect->enough, "warnings", warnings, "group",
        effect->has_group ? compared_to_json(&effect->group, NULL, NULL) : NULL);
    if (!json || !rest || json_object_update(json, rest)) {
        json_decref(json);
        json = NULL;
    }
    json_decref(rest);
    return json;
}
