/* Numbers as people say them. Whole phrases are translated, so that each language agrees
 * as it must. */
#include "mine/findings_parts.h"

#include <math.h>

/* The fractions people use, and the phrases for them. */
static const struct fraction {
    unsigned number, of;
    const char *customers, *times;
} fractions[] = {
    {1, 20, N_("one customer in twenty"), N_("one time in twenty")},
    {1, 10, N_("one customer in ten"), N_("one time in ten")},
    {1, 8, N_("one customer in eight"), N_("one time in eight")},
    {1, 6, N_("one customer in six"), N_("one time in six")},
    {1, 5, N_("one customer in five"), N_("one time in five")},
    {1, 4, N_("one customer in four"), N_("one time in four")},
    {3, 10, N_("three customers in ten"), N_("three times in ten")},
    {1, 3, N_("one customer in three"), N_("one time in three")},
    {2, 5, N_("two customers in five"), N_("two times in five")},
    {1, 2, N_("one customer in two"), N_("one time in two")},
    {3, 5, N_("three customers in five"), N_("three times in five")},
    {2, 3, N_("two customers in three"), N_("two times in three")},
    {3, 4, N_("three customers in four"), N_("three times in four")},
    {4, 5, N_("four customers in five"), N_("four times in five")},
    {9, 10, N_("nine customers in ten"), N_("nine times in ten")},
};

/* The fraction nearest to a share, or NULL when none is within an eighth of it (or, near
 * all and none, would mislead). */
static const struct fraction *nearest(double share)
{
    const struct fraction *best = NULL;
    double least = log(1.125);
    for (size_t i = 0; i < COUNT_OF(fractions); i++) {
        double off = fabs(log(share * fractions[i].of / fractions[i].number));
        if (off < least) {
            least = off;
            best = &fractions[i];
        }
    }
    return share > 0.95 ? NULL : best;
}

const char *words_customers(struct arena *arena, double share, uint64_t *ret_number)
{
    const struct fraction *fraction = nearest(share);
    /* "3% of customers go", but «il 3% dei clienti va». */
    *ret_number = fraction ? fraction->number : lang_get() == LANG_IT ? 1 : 2;
    if (fraction)
        return lang_text(fraction->customers);
    const char *percent = text_share(arena, share, 0);
    if (!percent)
        return NULL;
    double rounded = round(share * 100); /* eight and eleven begin with a vowel */
    return rounded == 8 || rounded == 11 || (rounded >= 80 && rounded < 90)
               ? arena_printf(arena, _c("before a vowel", "%s of customers"), percent)
               : arena_printf(arena, _("%s of customers"), percent);
}

const char *words_times(struct arena *arena, double share)
{
    const struct fraction *fraction = nearest(share);
    if (fraction)
        return lang_text(fraction->times);
    const char *percent = text_share(arena, share, 0);
    return percent ? arena_printf(arena, _("%s of the time"), percent) : NULL;
}

const char *words_duration(struct arena *arena, double seconds)
{
    static const double units[] = {1, 60, 3600, 86400};
    static const double below[] = {60, 3600, 48 * 3600.0, HUGE_VAL};
    size_t unit = 0;
    while (seconds >= below[unit])
        unit++;
    double value = seconds / units[unit];
    bool whole = unit == 0 || value >= 9.95 || fabs(value - round(value)) < 0.05;
    const char *number = text_number(arena, value, whole ? 0 : 1);
    uint64_t n = whole && value < 1.5 ? 1 : 2;
    if (!number)
        return NULL;
    switch (unit) {
    case 0:
        return arena_printf(arena, _n("%s second", "%s seconds", n), number);
    case 1:
        return arena_printf(arena, _n("%s minute", "%s minutes", n), number);
    case 2:
        return arena_printf(arena, _n("%s hour", "%s hours", n), number);
    default:
        return arena_printf(arena, _n("%s day", "%s days", n), number);
    }
}

const char *words_valence(double valence)
{
    if (valence <= -1.2)
        return _c("how a step is lived", "very bad");
    if (valence <= -0.4)
        return _c("how a step is lived", "bad");
    if (valence < 0.4)
        return _c("how a step is lived", "so-so");
    return valence < 1.2 ? _c("how a step is lived", "good")
                         : _c("how a step is lived", "very good");
}

void write_interval(struct buf *out, double low, double high)
{
    double from = round(low * 100), to = round(high * 100);
    if (from >= 1 && to <= 99)
        write_number(out, from, 0); /* 19–25%: the sign is written once */
    else
        write_share(out, low, 0);
    buf_text(out, "–");
    write_share(out, high, 0);
}

void write_share_interval(struct buf *out, double share, double low, double high)
{
    write_share(out, share, 0);
    buf_text(out, " (");
    write_interval(out, low, high);
    buf_text(out, ")");
}

void write_few(struct buf *out, uint64_t n)
{
    if (n < FEW_CASES)
        buf_text(out, _(" · few cases: to be confirmed"));
}

const char *words_take(struct arena *arena, struct buf *text)
{
    const char *copy = text->failed ? NULL : arena_text(arena, buf_str(text));
    buf_free(text);
    return copy;
}

const char *finding_kicker(const struct finding *finding)
{
    static const char *const kickers[] = {
        [FINDING_LOSS] = N_("Where customers are lost"),
        [FINDING_BELIEF] = N_("Believed and lived"),
        [FINDING_SHORTCUT] = N_("A shortcut"),
        [FINDING_WAIT] = N_("Where they wait"),
        [FINDING_LOOP] = N_("Where they go round"),
        [FINDING_EFFECT] = N_("What worked"),
        [FINDING_DETOUR] = N_("Who takes longer"),
    };
    return finding->kicker ? finding->kicker : _(kickers[finding->kind]);
}
