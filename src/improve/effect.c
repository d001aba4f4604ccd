#include "improve/effect_parts.h"

#include "base/date.h"
#include "base/lang.h"
#include "mine/scratch.h"

#include <math.h>

#define ROUNDS        1000
#define WARNINGS_MOST 4

const char *effect_verdict_name(enum effect_verdict verdict)
{
    static const char *const names[] = {"too-few", "none", "better", "worse"};
    return names[verdict];
}

/* ---- two samples by the comparison that suits the kind ---- */

struct plain { /* a sample's values, side by side */
    double *value;
    bool *over;
    size_t count;
    double sum;
};

static void plain_free(struct plain *plain)
{
    scratch_free(plain->value);
    scratch_free(plain->over);
}

static bool plain_make(const struct kpi_sample *sample, struct plain *ret)
{
    *ret = (struct plain){scratch_array(double, sample->count + 1),
                          scratch_array(bool, sample->count + 1), sample->count, 0};
    if (!ret->value || !ret->over)
        return false;
    for (size_t i = 0; i < sample->count; i++) {
        ret->value[i] = sample->items[i].value;
        ret->over[i] = sample->items[i].over;
        ret->sum += sample->items[i].value;
    }
    return true;
}

/* How much more the counts of journeys vary than chance alone would make them (quasi
 * Poisson: P. McCullagh & J. A. Nelder, Generalized Linear Models, 1989, §6.2), at least
 * 1. */
static double spread_of_counts(const struct plain *plain)
{
    double mean = plain->sum / (double)plain->count, squares = 0;
    if (plain->count < 2 || !(mean > 0))
        return 1;
    for (size_t i = 0; i < plain->count; i++)
        squares += (plain->value[i] - mean) * (plain->value[i] - mean);
    return fmax(1, squares / (double)(plain->count - 1) / mean);
}

static uint64_t reduced(double count, double by)
{
    return (uint64_t)llround(count / by);
}

static struct compared compare_conversions(const struct kpi_sample *before,
                                           const struct kpi_sample *after,
                                           const struct plain *b, const struct plain *a)
{
    double by = kpi_design_effect(before), ay = kpi_design_effect(after);
    struct compared plain = compare_shares((uint64_t)llround(b->sum), b->count,
                                           (uint64_t)llround(a->sum), a->count);
    struct compared careful =
        compare_shares(reduced(b->sum, by), reduced((double)b->count, by),
                       reduced(a->sum, ay), reduced((double)a->count, ay));
    /* Values and n as counted; the uncertainty as of independent journeys. */
    plain.low = plain.difference - (careful.difference - careful.low);
    plain.high = plain.difference + (careful.high - careful.difference);
    plain.p = careful.p;
    return plain;
}

static struct compared compare_counts(const struct plain *b, const struct plain *a)
{
    double by = spread_of_counts(b), ay = spread_of_counts(a);
    double phi = fmax(1, ((double)b->count * by + (double)a->count * ay) /
                             (double)(b->count + a->count));
    struct compared c = compare_rates(reduced(b->sum, phi), (double)b->count / phi,
                                      reduced(a->sum, phi), (double)a->count / phi);
    double before = b->sum / (double)b->count, after = a->sum / (double)a->count;
    c.low += after - before - c.difference;
    c.high += after - before - c.difference;
    c.before = before;
    c.after = after;
    c.difference = after - before;
    c.n_before = b->count;
    c.n_after = a->count;
    return c;
}

/* What one side shows by itself while nothing has been observed on the other. */
static enum vg_code one_side(const struct kpi *kpi, const struct plain *plain,
                             double *ret, struct vg_err *err)
{
    double low, high;
    *ret = plain->count ? plain->sum / (double)plain->count : NAN;
    if (kpi->kind != KPI_TIME || !plain->count)
        return VG_OK;
    return waits_quantile(
        &(struct waits){plain->value, plain->over, plain->count},
        &(struct wait_options){kpi->quantile > 0 ? kpi->quantile : 0.5, 0, 1}, ret, &low,
        &high, err);
}

static enum vg_code compare_samples(const struct kpi *kpi, size_t rounds,
                                    const struct kpi_sample *before,
                                    const struct kpi_sample *after, struct compared *ret,
                                    struct vg_err *err)
{
    struct plain b = {0}, a = {0};
    enum vg_code code = VG_OK;
    if (!plain_make(before, &b) || !plain_make(after, &a))
        code = err_memory(err);
    else if (b.count == 0 || a.count == 0) {
        *ret = (struct compared){NAN, NAN, NAN, NAN, NAN, NAN, b.count, a.count};
        code = one_side(kpi, &b, &ret->before, err);
        code = code == VG_OK ? one_side(kpi, &a, &ret->after, err) : code;
    } else if (kpi->kind == KPI_CONVERSION || kpi->kind == KPI_STATE)
        *ret = compare_conversions(before, after, &b, &a);
    else if (kpi->kind == KPI_TIME)
        code =
            compare_waits(&(struct waits){b.value, b.over, b.count},
                          &(struct waits){a.value, a.over, a.count},
                          &(struct wait_options){kpi->quantile > 0 ? kpi->quantile : 0.5,
                                                 rounds, b.count + 31 * a.count},
                          ret, err);
    else if (kpi->kind == KPI_RATE)
        *ret = compare_counts(&b, &a);
    else
        *ret = compare_means(b.value, b.count, a.value, a.count);
    plain_free(&b);
    plain_free(&a);
    return code;
}

/* ---- what a careful reader would ask ---- */

static void warn(struct effect *effect, const char *sentence)
{
    if (effect->warning_count < WARNINGS_MOST)
        effect->warnings[effect->warning_count++] = sentence;
}

/* The months of the year that a period touches, by bits. */
static unsigned months_of(int64_t from_us, int64_t to_us)
{
    struct date from = date_from_us(from_us), to = date_from_us(to_us);
    int count = (to.year - from.year) * 12 + to.month - from.month + 1;
    unsigned months = 0;
    for (int i = 0; i < count && i < 12; i++)
        months |= 1U << (from.month - 1 + i) % 12;
    return months;
}

static void warn_of_season(const struct effect_question *question, struct period all,
                           struct effect *effect)
{
    unsigned before = months_of(all.from_us, question->at_us - 1);
    unsigned after = months_of(question->at_us, all.to_us - 1);
    if (after & ~before)
        warn(effect, _("before and after are not the same months of the year: what comes "
                       "with the season looks like an effect"));
}

/* What was changing already, half against half of the time before. */
static enum vg_code warn_of_trend(struct arena *arena,
                                  const struct effect_question *question,
                                  struct period all, struct effect *effect,
                                  struct vg_err *err)
{
    int64_t middle = all.from_us + (question->at_us - all.from_us) / 2;
    struct kpi_sample first, second;
    struct compared halves = {.p = NAN};
    enum vg_code code = kpi_sample(arena, question->log, question->steps, question->kpi,
                                   (struct period){all.from_us, middle}, &first, err);
    if (code == VG_OK)
        code = kpi_sample(arena, question->log, question->steps, question->kpi,
                          (struct period){middle, question->at_us}, &second, err);
    if (code == VG_OK && first.count >= EFFECT_FEW && second.count >= EFFECT_FEW)
        code = compare_samples(question->kpi, 200, &first, &second, &halves, err);
    bool same_way = (halves.difference > 0) == (effect->compared.difference > 0);
    if (code == VG_OK && halves.p < 0.05 && same_way)
        warn(effect, _("it was changing the same way already before"));
    return code;
}

/* ---- together ---- */

struct group {
    const struct vg_log *log;
    const struct steps *steps;
};

/* Within the same time and on the same scale: those that *kpi comes to have. */
static enum vg_code compare_around(struct arena *arena,
                                   const struct effect_question *question,
                                   struct group group, struct period all, struct kpi *kpi,
                                   struct compared *ret, struct kpi_sample *ret_before,
                                   struct kpi_sample *ret_after, struct vg_err *err)
{
    size_t rounds = question->rounds ? question->rounds : ROUNDS;
    enum vg_code code =
        kpi_sample(arena, group.log, group.steps, kpi,
                   (struct period){all.from_us, question->at_us}, ret_before, err);
    if (code != VG_OK)
        return code;
    kpi->window_us = ret_before->window_us;
    kpi->scale = ret_before->scale;
    code = kpi_sample(arena, group.log, group.steps, kpi,
                      (struct period){question->at_us, all.to_us}, ret_after, err);
    if (code == VG_OK)
        code = compare_samples(kpi, rounds, ret_before, ret_after, ret, err);
    return code;
}

static bool too_few(const struct compared *c)
{
    return c->n_before < EFFECT_FEW || c->n_after < EFFECT_FEW;
}

static enum effect_verdict way_of(const struct kpi *kpi, double difference)
{
    return (difference > 0) == !kpi->down_is_good ? EFFECT_BETTER : EFFECT_WORSE;
}

/* Test and interval have to agree; but of waits, some of them not over, the test tells
 * about all of them, also when the quantile alone does not. */
static void judge(const struct kpi *kpi, struct effect *effect)
{
    const struct compared *c = &effect->compared;
    bool apart = c->low > 0 || c->high < 0; /* not when they are not known */
    effect->verdict = EFFECT_NONE;
    if (too_few(&effect->here) || (effect->has_group && too_few(&effect->group)) ||
        isnan(c->p)) {
        effect->verdict = EFFECT_TOO_FEW;
    } else if (c->p < 0.05 && apart) {
        effect->verdict = way_of(kpi, c->difference);
    } else if (c->p < 0.05 && kpi->kind == KPI_TIME && !effect->has_group && c->longer) {
        effect->verdict = way_of(kpi, c->longer);
        effect->as_a_whole = true;
    }
}

/* How many it takes for a change by a tenth of what was before. */
static uint64_t enough_for(const struct kpi *kpi, const struct compared *c,
                           const struct kpi_sample *before)
{
    if (kpi->kind == KPI_CONVERSION || kpi->kind == KPI_STATE)
        return compare_enough_shares(c->before, c->before * 0.9);
    double squares = 0;
    for (size_t i = 0; i < before->count; i++)
        squares +=
            (before->items[i].value - c->before) * (before->items[i].value - c->before);
    if (before->count < 2 || kpi->kind == KPI_TIME)
        return 0;
    return compare_enough_means(c->before * 0.1,
                                sqrt(squares / (double)(before->count - 1)));
}

/* The interval of one side by itself, where it is of the same number. */
static enum vg_code side_value(const struct kpi *kpi, const struct kpi_sample *sample,
                               double value, struct kpi_point *ret, struct vg_err *err)
{
    enum vg_code code = kpi_value(kpi, sample, ret, err);
    if (code == VG_OK && !(fabs(ret->value - value) <= 1e-9 * fmax(1, fabs(value))))
        ret->low = ret->high = NAN;
    return code;
}

enum vg_code effect_find(struct arena *arena, const struct effect_question *question,
                         struct effect *ret, struct vg_err *err)
{
    const struct kpi *kpi = question->kpi;
    struct period all = {question->from_us, question->to_us};
    if (all.from_us == all.to_us)
        all = kpi->kind == KPI_TYPED
                  ? (struct period){DATE_MIN_US, DATE_MAX_US}
                  : (struct period){question->log->first_us, question->log->last_us + 1};
    struct kpi_sample before, after;
    struct effect effect = {.name = kpi->name, .kind = kpi->kind};
    struct kpi same = *kpi;
    effect.warnings = arena_array(arena, const char *, WARNINGS_MOST);
    if (!effect.warnings)
        return err_memory(err);
    enum vg_code code =
        compare_around(arena, question, (struct group){question->log, question->steps},
                       all, &same, &effect.here, &before, &after, err);
    if (code != VG_OK)
        return code;
    effect.compared = effect.here;
    effect.scale = same.scale;
    effect.under_way = before.under_way + after.under_way;
    effect.enough = enough_for(kpi, &effect.here, &before);
    if (question->group_log) {
        struct kpi_sample group_before, group_after;
        effect.has_group = true;
        code = compare_around(
            arena, question, (struct group){question->group_log, question->group_steps},
            all, &same, &effect.group, &group_before, &group_after, err);
        if (code != VG_OK)
            return code;
        effect.compared = compare_with_group(&effect.here, &effect.group);
    }
    code = side_value(kpi, &before, effect.here.before, &effect.before, err);
    if (code == VG_OK)
        code = side_value(kpi, &after, effect.here.after, &effect.after, err);
    if (code != VG_OK)
        return code;
    judge(kpi, &effect);
    if (kpi->kind != KPI_TYPED && before.count && after.count)
        warn_of_season(question, all, &effect);
    if (effect.verdict == EFFECT_BETTER || effect.verdict == EFFECT_WORSE)
        code = warn_of_trend(arena, question, all, &effect, err);
    if (code == VG_OK && !(effect.sentence = effect_sentence(arena, kpi, &effect)))
        code = err_memory(err);
    if (code == VG_OK)
        *ret = effect;
    return code;
}
