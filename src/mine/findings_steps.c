/* Findings about one step: where customers are lost, what they feel, what they repeat. */
#include "mine/findings_parts.h"
#include "mine/stats.h"

#include <math.h>

/* How much a customer counts who is not lost. */
static const double part_disappointed = 0.25, part_pleased = 0.05, part_repeating = 0.3;
static const double loss_least = 0.03, gap_least = 0.5, low_point = -0.4;
/* A repeat that nearly everybody makes is how the step is recorded, not rework. */
static const double everybody = 0.9;
static const char *loss_detail(struct arena *arena, const struct vg_funnel_step *step)
{
    struct buf text = {0};
    const char *observed = text_count(arena, step->reached);
    struct buf share = {0};
    write_share(&share, step->lost_share, 0);
    const char *lost = words_take(arena, &share);
    write_interval(&share, step->lost_low, step->lost_high);
    const char *interval = words_take(arena, &share);
    if (!observed || !lost || !interval)
        return NULL;
    buf_printf(&text, _("%s lost (%s), %s observed"), lost, interval, observed);
    if (step->travelling) {
        const char *travelling = text_count(arena, step->travelling);
        buf_printf(&text, _(" · %s still travelling"), travelling ? travelling : "");
    }
    if (step->moved_on && isfinite(step->median_s)) {
        const char *wait = words_duration(arena, step->median_s);
        buf_printf(&text, _(" · half of the others go on within %s"), wait ? wait : "");
    }
    write_few(&text, step->reached);
    return words_take(arena, &text);
}

/* The worst losses. Many lost of very many is the way of every journey's beginning, and
 * nearly all of a few is a corner: between the two, the lost times the root of their
 * share. */
void gather_losses(struct gathering *all)
{
    for (size_t s = 0; s + 1 < all->funnel->step_count && s < all->map->step_count; s++) {
        const struct vg_funnel_step *step = &all->funnel->steps[s];
        uint64_t number;
        if (step->lost < all->cases_least || step->lost_share < loss_least)
            continue;
        const char *who = words_customers(all->arena, step->lost_share, &number);
        struct finding finding = {
            .kind = FINDING_LOSS,
            .step = all->map->steps[s].id,
            .weight = (double)step->lost * sqrt(step->lost_share),
            .headline = who ? arena_printf(all->arena,
                                           _n("After “%s”, %s goes no further",
                                              "After “%s”, %s go no further", number),
                                           all->map->steps[s].title, who)
                            : NULL,
            .detail = loss_detail(all->arena, step),
            .advice = _("Ring ten of those who stopped here and ask what was missing: "
                        "the data say where, only they know why."),
        };
        gather(all, finding);
    }
}

static const char *feeling_detail(struct arena *arena, const struct vg_step_emotion *step)
{
    struct buf text = {0};
    const char *mean = text_signed(arena, step->mean, 1),
               *believed = text_signed(arena, step->believed, 1),
               *half = text_number(arena, (step->high - step->low) / 2, 1),
               *n = text_count(arena, step->n);
    if (!mean || !believed || !half || !n)
        return NULL;
    if (isfinite(step->believed))
        buf_printf(&text, _("workshop %s · "), believed);
    buf_printf(&text, _("evidence %s (±%s), %s scores"), mean, half, n);
    if (step->quotes[0] && step->mean < 0) {
        str quote = str_from(step->quotes[0]);
        if (quote.len <= 120)
            buf_printf(&text, _(" · “%s”"), step->quotes[0]);
    }
    write_few(&text, step->n);
    return words_take(arena, &text);
}

static const char *belief_headline(struct arena *arena,
                                   const struct vg_step_emotion *step)
{
    const char *believed = words_valence(step->believed),
               *lived = words_valence(step->mean);
    if (believed != lived)
        return arena_printf(arena, _("“%s”: believed %s, lived as %s"), step->title,
                            believed, lived);
    return step->gap < 0
               ? arena_printf(arena, _("“%s” is lived worse than believed"), step->title)
               : arena_printf(arena, _("“%s” is lived better than believed"),
                              step->title);
}

/* Where the evidence is surely not what the workshop believed. */
static bool belief_parts(const struct gathering *all, const struct vg_step_emotion *step)
{
    return step->n >= all->cases_least && isfinite(step->gap) &&
           fabs(step->gap) >= gap_least &&
           (step->believed < step->low || step->believed > step->high);
}

/* The lowest step of a map that nobody's belief stands beside; −1: none is low. */
static int lowest_step(const struct gathering *all)
{
    int lowest = -1;
    for (size_t s = 0; s < all->emotions->step_count; s++) {
        const struct vg_step_emotion *step = &all->emotions->steps[s];
        if (step->n >= all->cases_least && !isfinite(step->believed) &&
            step->mean < low_point &&
            (lowest < 0 || step->mean < all->emotions->steps[lowest].mean))
            lowest = (int)s;
    }
    return lowest;
}

/* A customer at a step that is a whole scale worse than believed would count ¼; better
 * than believed, little: good news can wait. */
void gather_beliefs(struct gathering *all)
{
    int lowest = lowest_step(all);
    for (size_t s = 0; s < all->emotions->step_count && s < all->align->step_count; s++) {
        const struct vg_step_emotion *step = &all->emotions->steps[s];
        bool parts = belief_parts(all, step), worse = !(step->gap > 0);
        if (!parts && (int)s != lowest)
            continue;
        double off = parts ? fabs(step->gap) : -step->mean;
        const char *advice =
            worse
                ? _("Read what customers wrote together with those who drew the map, and "
                    "correct it; then look at what they meet here.")
                : _("Find out what works here, and keep it.");
        struct finding finding = {
            .kind = FINDING_BELIEF,
            .step = all->map->steps[s].id,
            .weight = (double)all->align->steps[s].seen * off / 4 *
                      (worse ? part_disappointed : part_pleased),
            .headline =
                parts ? belief_headline(all->arena, step)
                      : arena_printf(all->arena, _("“%s” is the low point: lived as %s"),
                                     step->title, words_valence(step->mean)),
            .detail = feeling_detail(all->arena, step),
            .advice = advice,
        };
        gather(all, finding);
    }
}

static const char *loop_detail(struct arena *arena, const struct vg_align_step *step,
                               uint64_t repeated, uint64_t met)
{
    struct buf text = {0};
    struct interval interval = stats_wilson(repeated, met);
    write_share_interval(&text, (double)repeated / (double)met, interval.low,
                         interval.high);
    const char *share = words_take(arena, &text), *n = text_count(arena, met),
               *mean = text_number(arena, (double)step->events / (double)met, 1);
    if (!share || !n || !mean)
        return NULL;
    buf_printf(&text, _("%s of the %s who come by here · %s times each on average"),
               share, n, mean);
    write_few(&text, met);
    return words_take(arena, &text);
}

/* Steps that come again though the map does not expect it (a drafted map expects
 * nothing: it took the repeats from the evidence). */
void gather_loops(struct gathering *all)
{
    for (size_t s = 0; s < all->align->step_count; s++) {
        const struct vg_align_step *step = &all->align->steps[s];
        const struct map_step *on_map = &all->map->steps[s];
        uint64_t repeated = step->repeated, number;
        if (all->came[s] && all->again[s] < repeated)
            repeated = all->again[s];
        uint64_t met = all->came[s] > repeated ? all->came[s] : repeated;
        if (repeated < all->cases_least || (on_map->repeatable && !all->map->draft) ||
            (double)repeated < loss_least * (double)met ||
            (double)repeated > everybody * (double)met)
            continue;
        const char *who =
            words_customers(all->arena, (double)repeated / (double)met, &number);
        struct finding finding = {
            .kind = FINDING_LOOP,
            .step = on_map->id,
            .weight = (double)repeated * part_repeating,
            .headline =
                who ? arena_printf(all->arena, _("“%s” comes more than once for %s"),
                                   on_map->title, who)
                    : NULL,
            .detail = loop_detail(all->arena, step, repeated, met),
            .advice =
                _("Look at ten of these journeys: what was missing the first time?"),
        };
        gather(all, finding);
    }
}
