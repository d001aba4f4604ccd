/* Findings about the way between steps: shortcuts, steps passed over. */
#include "mine/findings_parts.h"

#include <math.h>
#include <string.h>

/* How much a customer counts who is not lost. */
static const double part_instead = 0.5, part_unknown = 0.15, part_jumping = 0.3,
                    part_drafted = 0.1;
static const double share_least = 0.03, common = 0.5;

/* " · mostly with Ferri Paolo" where one person stands out. */
static void write_actor(struct buf *out, const struct vg_shortcut *shortcut)
{
    if (shortcut->actor && shortcut->actor_count * 2 > shortcut->traces)
        buf_printf(out, _(" · mostly with %s"), shortcut->actor);
}

static const char *instead_detail(struct arena *arena, const struct vg_shortcut *shortcut)
{
    struct buf text = {0};
    uint64_t all = shortcut->taken + shortcut->instead_events;
    write_share_interval(&text, shortcut->instead_share, shortcut->instead_low,
                         shortcut->instead_high);
    const char *share = words_take(arena, &text), *n = text_count(arena, all);
    if (!share || !n)
        return NULL;
    buf_printf(&text, _("%s of %s times after “%s”"), share, n, shortcut->after);
    if (isfinite(shortcut->then_s) && isfinite(shortcut->instead_then_s)) {
        const char *here = words_duration(arena, shortcut->then_s),
                   *there = words_duration(arena, shortcut->instead_then_s);
        buf_printf(&text, _(" · then “%s” after %s, against %s"), shortcut->then,
                   here ? here : "", there ? there : "");
    }
    write_actor(&text, shortcut);
    write_few(&text, all);
    return words_take(arena, &text);
}

static void gather_instead(struct gathering *all, const struct vg_shortcut *shortcut)
{
    const char *times = words_times(all->arena, shortcut->instead_share);
    struct finding finding = {
        .kind = FINDING_SHORTCUT,
        .step = shortcut->from[0] ? shortcut->from : shortcut->instead_step,
        .weight = (double)shortcut->traces * part_instead,
        .headline = times ? arena_printf(all->arena, _("“%s” instead of “%s”: %s"),
                                         shortcut->activity, shortcut->instead_of, times)
                          : NULL,
        .detail = instead_detail(all->arena, shortcut),
        .advice = _("Ask those who take this way what they find there; then either open "
                    "it to everybody or make the official one as good."),
    };
    gather(all, finding);
}

static const char *unknown_detail(struct arena *arena, const struct vg_shortcut *shortcut)
{
    struct buf text = {0};
    write_share_interval(&text, shortcut->share, shortcut->share_low,
                         shortcut->share_high);
    const char *share = words_take(arena, &text),
               *taking = text_count(arena, shortcut->traces),
               *passing = text_count(arena, shortcut->passing);
    if (!share || !taking || !passing)
        return NULL;
    buf_printf(&text, _("%s: %s of %s"), share, taking, passing);
    if (shortcut->channel)
        buf_printf(&text, _(" · mostly by “%s”"), shortcut->channel);
    write_actor(&text, shortcut);
    write_few(&text, shortcut->passing);
    return words_take(arena, &text);
}

/* What the map does not know: a step it lacks, when most do it; else a way off. */
static void gather_unknown(struct gathering *all, const struct vg_shortcut *shortcut)
{
    uint64_t number;
    bool lacking = shortcut->share >= common;
    const char *who = words_customers(all->arena, shortcut->share, &number);
    if (!who) {
        all->failed = true;
        return;
    }
    const char *headline =
        shortcut->from[0]
            ? arena_printf(all->arena,
                           _n("After “%s”, %s goes by “%s”, unknown to the map",
                              "After “%s”, %s go by “%s”, unknown to the map", number),
                           shortcut->from_title, who, shortcut->activity)
            : arena_printf(all->arena,
                           _n("%s begins with “%s”, unknown to the map",
                              "%s begin with “%s”, unknown to the map", number),
                           who, shortcut->activity);
    struct finding finding = {
        .kind = FINDING_SHORTCUT,
        .kicker = _("Not on the map"),
        .step = shortcut->from,
        .weight =
            (double)shortcut->traces * (all->map->draft ? part_drafted : part_unknown),
        .headline = headline,
        .detail = unknown_detail(all->arena, shortcut),
        .advice = lacking
                      ? _("Give it a step of its own, or a place in the `match` of the "
                          "step it belongs to.")
                      : _("Ask who is met there what customers come for, and whether "
                          "the map should have this way."),
    };
    gather(all, finding);
}

static const char *jump_detail(struct arena *arena, const struct vg_jump *jump)
{
    struct buf text = {0};
    write_share_interval(&text, jump->share, jump->share_low, jump->share_high);
    const char *share = words_take(arena, &text),
               *jumping = text_count(arena, jump->traces),
               *passing = text_count(arena, jump->passing);
    if (!share || !jumping || !passing)
        return NULL;
    buf_printf(&text, _("%s: %s of %s go straight to “%s”"), share, jumping, passing,
               jump->to_title);
    write_few(&text, jump->passing);
    return words_take(arena, &text);
}

static void gather_jump(struct gathering *all, const struct vg_jump *jump)
{
    uint64_t number;
    const char *who = words_customers(all->arena, jump->share, &number);
    struct finding finding = {
        .kind = FINDING_SHORTCUT,
        .kicker = _("A step passed over"),
        .step = jump->over,
        .weight = (double)jump->traces * (all->map->draft ? part_drafted : part_jumping),
        .headline = who ? arena_printf(all->arena, _("“%s” is passed over by %s"),
                                       jump->over_title, who)
                        : NULL,
        .detail = jump_detail(all->arena, jump),
        .advice = _("Check whether the step is not needed or not recorded: in the first "
                    "case make it optional, in the second mend the evidence."),
    };
    gather(all, finding);
}

/* Journeys that are met nowhere on the map are none of its customers' ways: another
 * map's, most likely. */
static bool of_others(const struct vg_shortcut *shortcut)
{
    return !shortcut->from[0] && !shortcut->to[0] &&
           shortcut->to_count == shortcut->traces;
}

void gather_shortcuts(struct gathering *all)
{
    for (size_t i = 0; i < all->align->shortcut_count; i++) {
        const struct vg_shortcut *shortcut = &all->align->shortcuts[i];
        if (shortcut->traces < all->cases_least || of_others(shortcut))
            continue;
        if (shortcut->instead_of && shortcut->instead_of[0])
            gather_instead(all, shortcut);
        else if (shortcut->share >= share_least)
            gather_unknown(all, shortcut);
    }
    for (size_t i = 0; i < all->align->jump_count; i++) {
        const struct vg_jump *jump = &all->align->jumps[i];
        if (jump->traces >= all->cases_least && jump->share >= share_least &&
            jump->over_title[0])
            gather_jump(all, jump);
    }
}
