/* Who is lost, belief against evidence, shortcuts. */
#include "view/html.h"
#include "view/words.h"

#include <math.h>

static void two_widths(struct page *p,
                       enum vg_code draw(struct page *, const char *, double,
                                         struct scene **),
                       const char *name, double wide)
{
    static const struct {
        const char *suffix, *class;
    } kinds[] = {{"wide", "wide"}, {"narrow", "narrow"}};
    html_raw(p, "<figure class=\"card\">\n");
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct scene *scene = NULL;
        const char *id = html_format(p, "%s-%s", name, kinds[i].suffix);
        if (html_ok(p, draw(p, id, i ? 312 : wide, &scene)))
            html_figure(p, scene, kinds[i].class);
    }
    html_raw(p, "</figure>\n");
}

/* ---- who is lost ---- */

static enum vg_code draw_funnel(struct page *p, const char *id, double width,
                                struct scene **ret)
{
    return funnel_draw(p->arena, &p->study->funnel, p->study->map,
                       &(struct chart_options){.id = id, .width = width}, ret, p->err);
}

#define WORTH_SAYING 0.01 /* a smaller share lost is no place to look first */

static const char *lost_lead(struct page *p)
{
    const struct vg_funnel *funnel = &p->study->funnel;
    if (p->worst == SIZE_MAX)
        return _("Nobody can be called lost: whoever stopped has not yet waited longer "
                 "than is usual there.");
    const struct vg_funnel_step *step = &funnel->steps[p->worst];
    if (step->lost_share < WORTH_SAYING)
        return html_format(p, _("Hardly anybody is lost: most, %s of %s, after “%s”."),
                           as_count(p, step->lost), as_count(p, step->reached),
                           step->activity);
    return html_format(
        p,
        _("Look first at “%s”: of the %s customers who get there, %s are lost after it, "
          "%s (%s)."),
        step->activity, as_count(p, step->reached), as_count(p, step->lost),
        as_share(p, step->lost_share), as_range(p, step->lost_low, step->lost_high));
}

static void write_funnel_table(struct page *p)
{
    const char *const headings[] = {
        _("Step"),
        _("#Reached it"),
        _("#Moved on"),
        _("#Lost"),
        /* xgettext:no-c-format */ _("#Lost, share (95% interval)"),
        _("#Still travelling"),
        _("#To the next step, median"),
        _("#Lost after waiting")};
    const struct vg_funnel *funnel = &p->study->funnel;
    html_fold_open(p, _("The numbers as a table"), false);
    html_table_open(p, _("Who arrives, who is lost, who is still travelling"), headings,
                    COUNT_OF(headings));
    for (size_t i = 0; i < funnel->step_count; i++) {
        const struct vg_funnel_step *s = &funnel->steps[i];
        html_row_open(p, s->activity);
        html_number_cell(p, s->unseen ? _("never seen") : as_count(p, s->reached));
        html_number_cell(p, as_count(p, s->moved_on));
        html_number_cell(p, as_count(p, s->lost));
        html_number_cell(p, s->reached && !s->optional
                                ? html_format(p, "%s (%s)", as_share(p, s->lost_share),
                                              as_range(p, s->lost_low, s->lost_high))
                                : "–");
        html_number_cell(p, as_count(p, s->travelling));
        html_number_cell(p, as_duration(p, s->median_s));
        html_number_cell(p, as_duration(p, s->patience_s));
        html_row_close(p);
    }
    html_table_close(p);
    html_fold_close(p);
}

static void write_names(struct page *p, const struct drill_list *list, const char *kind)
{
    if (list->count == 0)
        return;
    html_raw(p, "<h4>");
    html_say(p, kind);
    html_raw(p, "</h4>\n<ul class=\"names\">\n");
    for (size_t i = 0; i < list->shown; i++) {
        html_raw(p, "<li>");
        html_say(p, list->names[i]);
        html_raw(p, " <span class=\"quiet\">");
        html_say(p, as_duration(p, list->waited_s[i]));
        if (list->events_after[i])
            html_sayf(
                p, _n(" · %s event since", " · %s events since", list->events_after[i]),
                as_count(p, list->events_after[i]));
        html_raw(p, "</span></li>\n");
    }
    if (list->count > list->shown) {
        uint64_t more = list->count - list->shown;
        html_raw(p, "<li class=\"quiet\">");
        html_sayf(p, _n("and %s more", "and %s more", more), as_count(p, more));
        html_raw(p, "</li>\n");
    }
    html_raw(p, "</ul>\n");
}

/* The customers behind the numbers, by name. */
static void write_people(struct page *p)
{
    if (p->options->hide_names || p->drill.step_count == 0)
        return;
    html_raw(p, "<div class=\"people\">\n");
    html_element(p, "h3", _("Who they are"));
    html_element(
        p, "p class=\"note\"",
        _("For each step the first of those who went no further, and how long they "
          "have been waiting."));
    for (size_t i = 0; i < p->drill.step_count; i++) {
        const struct drill_list *lost = &p->drill.steps[i].fate[DRILL_LOST];
        const struct drill_list *under_way = &p->drill.steps[i].fate[DRILL_TRAVELLING];
        if (lost->count + under_way->count == 0)
            continue;
        html_fold_open(p,
                       html_format(p, _("%s: %s lost, %s travelling"),
                                   p->study->funnel.steps[i].activity,
                                   as_count(p, lost->count),
                                   as_count(p, under_way->count)),
                       false);
        write_names(p, lost, _("Lost"));
        write_names(p, under_way, _("Still travelling"));
        html_fold_close(p);
    }
    html_raw(p, "</div>\n");
}

/* The step after `step` that holds people up, or SIZE_MAX. */
static size_t next_step(const struct vg_funnel *funnel, size_t step)
{
    for (size_t i = step + 1; i < funnel->step_count; i++)
        if (!funnel->steps[i].optional && !funnel->steps[i].unseen)
            return i;
    return SIZE_MAX;
}

static void write_survival(struct page *p)
{
    const struct study *s = p->study;
    size_t next = p->worst == SIZE_MAX ? SIZE_MAX : next_step(&s->funnel, p->worst);
    struct steps steps;
    struct vg_survival survival;
    struct scene *scene = NULL;
    if (next == SIZE_MAX || !s->log ||
        !html_ok(p, steps_from_map(p->arena, s->log, s->map, &steps, p->err)) ||
        !html_ok(p, survival_mine(p->arena, s->log, &steps, p->worst, next, &survival,
                                  p->err)))
        return;
    if (survival.point_count == 0)
        return;
    html_elementf(p, "h3", _("How long they wait: from “%s” to “%s”"), survival.from,
                  survival.to);
    html_raw(p, "<p class=\"note\">");
    if (isfinite(survival.median_s)) {
        const char *range =
            isfinite(survival.median_low_s) && isfinite(survival.median_high_s)
                ? html_format(p, " (%s – %s)", as_duration(p, survival.median_low_s),
                              as_duration(p, survival.median_high_s))
                : "";
        html_sayf(p, _("Half of them get there within %s%s."),
                  as_duration(p, survival.median_s), range);
    } else {
        html_say(p, _("Less than half of them were seen to get there."));
    }
    html_raw(p, " ");
    html_sayf(p,
              _("%s were watched and %s got there; the other %s were not seen to, and "
                "the curve "
                "counts them as long as they were watched."),
              as_count(p, survival.n), as_count(p, survival.happened),
              as_count(p, survival.censored));
    html_raw(p, "</p>\n<figure class=\"card\">\n");
    if (html_ok(p, survival_draw(p->arena, &survival,
                                 &(struct chart_options){.id = "survival", .width = 1054},
                                 &scene, p->err)))
        html_figure(p, scene, "wide");
    if (html_ok(p,
                survival_draw(p->arena, &survival,
                              &(struct chart_options){.id = "survival-n", .width = 312},
                              &scene, p->err)))
        html_figure(p, scene, "narrow");
    html_raw(p, "<figcaption>");
    html_say(
        p,
        _("The share of them still waiting, by time since the step (Kaplan–Meier, with "
          "its 95% band)."));
    html_raw(p, "</figcaption>\n</figure>\n");
}

void report_lost(struct page *p)
{
    html_section_open(p, "lost", _("Who arrives, who is lost, who is still travelling"),
                      lost_lead(p));
    two_widths(p, draw_funnel, "funnel", 1054);
    write_funnel_table(p);
    write_survival(p);
    write_people(p);
    html_section_close(p);
}

/* ---- belief ---- */

static enum vg_code draw_belief(struct page *p, const char *id, double width,
                                struct scene **ret)
{
    return belief_draw(p->arena, &p->study->emotions,
                       &(struct chart_options){.id = id, .width = width}, ret, p->err);
}

static const char *belief_lead(struct page *p)
{
    const struct vg_emotions *emotions = &p->study->emotions;
    size_t both = 0, wrong = 0, believed = 0;
    const struct vg_step_emotion *widest = NULL;
    for (size_t i = 0; i < emotions->step_count; i++) {
        const struct vg_step_emotion *s = &emotions->steps[i];
        believed += isfinite(s->believed) != 0;
        if (!isfinite(s->gap))
            continue;
        both++;
        wrong += fabs(s->gap) >= 0.5;
        if (!widest || fabs(s->gap) > fabs(widest->gap))
            widest = s;
    }
    if (!p->study->log && believed)
        return _("For now, what customers feel is what the workshop believed.");
    if (emotions->n == 0)
        return believed
                   ? _("No scores and no marks in the evidence: what customers feel here "
                       "is what the workshop believed.")
                   : _("Neither the map nor the evidence says how customers feel.");
    if (!widest)
        return _("The evidence says how customers feel; the map does not say what was "
                 "believed.");
    return html_format(p,
                       _("On %s of the %s steps that can be compared, belief is half a "
                         "point or more away from what customers say; most at “%s”: "
                         "believed %s, lived %s."),
                       as_count(p, wrong), as_count(p, both), widest->title,
                       as_signed(p, widest->believed), as_signed(p, widest->mean));
}

static void write_quotes(struct page *p)
{
    const struct vg_emotions *emotions = &p->study->emotions;
    size_t said = 0;
    for (size_t i = 0; i < emotions->step_count; i++)
        said += emotions->steps[i].quotes[0] != NULL;
    if (!said)
        return;
    html_element(p, "h3", _("What they say"));
    html_raw(p, "<ul class=\"quotes\">\n");
    for (size_t i = 0; i < emotions->step_count; i++)
        for (size_t k = 0; k < COUNT_OF(emotions->steps[i].quotes); k++) {
            const char *quote = emotions->steps[i].quotes[k];
            if (!quote || (k > 0 && said > 6))
                continue;
            html_raw(p, "<li><blockquote>");
            html_say(p, quote);
            html_raw(p, "</blockquote><cite>");
            html_say(p, emotions->steps[i].title);
            html_raw(p, "</cite></li>\n");
        }
    html_raw(p, "</ul>\n");
}

static void write_belief_table(struct page *p)
{
    const char *const headings[] = {_("Step"),
                                    _("#Believed"),
                                    _("#Lived"),
                                    /* xgettext:no-c-format */ _("#95% interval"),
                                    _("#n"),
                                    _("#Gap")};
    const struct vg_emotions *emotions = &p->study->emotions;
    html_fold_open(p, _("The numbers as a table"), false);
    html_table_open(p, _("Belief beside evidence"), headings, COUNT_OF(headings));
    for (size_t i = 0; i < emotions->step_count; i++) {
        const struct vg_step_emotion *s = &emotions->steps[i];
        html_row_open(p, s->title);
        html_number_cell(p, as_signed(p, s->believed));
        html_number_cell(p, s->n ? as_signed(p, s->mean) : "–");
        html_number_cell(p, s->n && isfinite(s->low)
                                ? text_number_range(p->arena, s->low, s->high, 1)
                                : "–");
        html_number_cell(p, as_count(p, s->n));
        html_number_cell(p, as_signed(p, s->gap));
        html_row_close(p);
    }
    html_table_close(p);
    html_fold_close(p);
}

void report_belief(struct page *p)
{
    html_section_open(p, "belief",
                      p->study->emotions.n ? _("Believed and lived")
                                           : _("Believed, not yet seen"),
                      belief_lead(p));
    two_widths(p, draw_belief, "belief", 1054);
    write_belief_table(p);
    write_quotes(p);
    html_section_close(p);
}

/* ---- shortcuts ---- */

static const char *between(struct page *p, const struct vg_shortcut *s)
{
    if (!*s->from && !*s->to)
        return _("outside the map");
    if (!*s->from)
        return html_format(p, _("before “%s”"), s->to_title);
    if (!*s->to)
        return html_format(p, _("after “%s”"), s->from_title);
    return html_format(p, _("between “%s” and “%s”"), s->from_title, s->to_title);
}

static bool is_instead(const struct vg_shortcut *s)
{
    return s->instead_title && *s->instead_title && isfinite(s->instead_share);
}

static void write_shortcut(struct page *p, const struct vg_shortcut *s)
{
    bool instead = is_instead(s);
    html_raw(p, "<li><div class=\"row\"><b>");
    html_say(p, s->activity);
    html_raw(p, "</b><span class=\"figure\">");
    html_say(p, as_share(p, instead ? s->instead_share : s->share));
    html_raw(p, "</span></div>\n<p>");
    if (instead)
        html_sayf(p, _("shortcut, instead of “%s”: %s times out of %s (%s)"),
                  s->instead_title, as_count(p, s->taken),
                  as_count(p, s->taken + s->instead_events),
                  as_range(p, s->instead_low, s->instead_high));
    else
        html_sayf(p, _("%s: %s of %s customers (%s)"), between(p, s),
                  as_count(p, s->traces), as_count(p, s->passing),
                  as_range(p, s->share_low, s->share_high));
    if (s->actor)
        html_sayf(p, _(" · mostly with %s"), s->actor);
    if (s->channel)
        html_sayf(p, _(" · by %s"), s->channel);
    if (isfinite(s->median_s))
        html_sayf(p, _(" · after %s"), as_duration(p, s->median_s));
    html_raw(p, "</p></li>\n");
}

static void write_shortcut_table(struct page *p)
{
    const char *const headings[] = {
        _("What they did"), _("Where"), _("#Customers"), _("#Of those there"),
        /* xgettext:no-c-format */ _("#Share (95% interval)")};
    const struct vg_align *align = &p->study->align;
    html_fold_open(p, _("All of them as a table"), false);
    html_table_open(p, _("Ways that the map does not know"), headings,
                    COUNT_OF(headings));
    for (size_t i = 0; i < align->shortcut_count; i++) {
        const struct vg_shortcut *s = &align->shortcuts[i];
        html_row_open(p, s->activity);
        html_cell(p, between(p, s));
        html_number_cell(p, as_count(p, s->traces));
        html_number_cell(p, as_count(p, s->passing));
        html_number_cell(p, html_format(p, "%s (%s)", as_share(p, s->share),
                                        as_range(p, s->share_low, s->share_high)));
        html_row_close(p);
    }
    html_table_close(p);
    html_fold_close(p);
}

static void write_jumps(struct page *p)
{
    const struct vg_align *align = &p->study->align;
    if (align->jump_count == 0)
        return;
    html_element(p, "h3", _("Steps they pass over"));
    html_raw(p, "<ul class=\"list\">\n");
    for (size_t i = 0; i < align->jump_count && i < 5; i++) {
        const struct vg_jump *j = &align->jumps[i];
        html_raw(p, "<li><div class=\"row\"><b>");
        html_sayf(p, "%s → %s", *j->from ? j->from_title : _c("flow", "Start"),
                  j->to_title);
        html_raw(p, "</b><span class=\"figure\">");
        html_say(p, as_share(p, j->share));
        html_raw(p, "</span></div>\n<p>");
        html_sayf(p, _("without “%s”"), j->over_title);
        if (j->over_count > 1)
            html_sayf(p, _n(" and %s more step", " and %s more steps", j->over_count - 1),
                      as_count(p, j->over_count - 1));
        html_sayf(p, _(": %s of %s customers (%s)"), as_count(p, j->traces),
                  as_count(p, j->passing), as_range(p, j->share_low, j->share_high));
        html_raw(p, "</p></li>\n");
    }
    html_raw(p, "</ul>\n");
}

/* Worth a line of its own: one odd journey is for the table. */
static bool worth_showing(const struct vg_shortcut *s)
{
    return s->traces >= 5 || (s->traces >= 2 && s->share >= 0.05);
}

/* How many different things customers do: the same one may be a shortcut after several
 * steps. With `instead` only those that stand in place of a step. */
static size_t things_off_the_map(const struct vg_align *align, bool instead)
{
    size_t things = 0;
    for (size_t i = 0; i < align->shortcut_count; i++) {
        const struct vg_shortcut *s = &align->shortcuts[i];
        bool counts = !instead || is_instead(s);
        for (size_t j = 0; j < i && counts; j++)
            counts = strcmp(align->shortcuts[j].activity, s->activity) != 0 ||
                     (instead && !is_instead(&align->shortcuts[j]));
        things += counts;
    }
    return things;
}

static const char *shortcuts_lead(struct page *p)
{
    const struct vg_align *align = &p->study->align;
    size_t insteads = things_off_the_map(align, true);
    const char *fitting = html_format(
        p, _("%s of the journeys go as the map says, step by step."),
        as_share(p, (double)align->fitting_count / (double)align->trace_count));
    size_t things = things_off_the_map(align, false);
    if (things == 0)
        return html_format(p, "%s %s",
                           _("The evidence shows no way that the map does not know."),
                           fitting);
    const char *ways =
        html_format(p,
                    _n("%s thing that customers do is not on the map.",
                       "%s things that customers do are not on the map.", things),
                    as_count(p, things));
    const char *real =
        insteads ? html_format(p,
                               _n("%s stands in place of a step: a shortcut.",
                                  "%s stand in place of a step: shortcuts.", insteads),
                               as_count(p, insteads))
                 : "";
    return html_format(p, "%s %s%s%s", ways, real, insteads ? " " : "", fitting);
}

void report_shortcuts(struct page *p)
{
    const struct vg_align *align = &p->study->align;
    html_section_open(p, "shortcuts", _("Shortcuts, and what the map does not know"),
                      shortcuts_lead(p));
    size_t shown = 0;
    for (size_t i = 0; i < align->shortcut_count && shown < 6; i++) {
        if (!worth_showing(&align->shortcuts[i]))
            continue;
        if (shown++ == 0)
            html_raw(p, "<ul class=\"list card\">\n");
        write_shortcut(p, &align->shortcuts[i]);
    }
    if (shown)
        html_raw(p, "</ul>\n");
    if (align->shortcut_count)
        write_shortcut_table(p);
    write_jumps(p);
    html_section_close(p);
}
