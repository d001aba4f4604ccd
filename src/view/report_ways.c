/* The ways customers take: variants, single customers, the flow. */
#include "view/flow_pick.h"
#include "view/html.h"

#include <math.h>

#define VARIANTS_DRAWN  8
#define VARIANTS_LISTED 20

/* ---- variants ---- */

static void write_variants(struct page *p)
{
    static const struct {
        const char *id, *class;
        double width;
    } kinds[] = {{"variants", "wide", 1054}, {"variants-n", "narrow", 312}};
    html_raw(p, "<figure class=\"card\">\n");
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct scene *scene = NULL;
        struct variants_options options = {
            .chart = {.id = kinds[i].id, .width = kinds[i].width},
            .top = VARIANTS_DRAWN,
            .map = p->study->map,
            .log = p->study->log};
        if (html_ok(p, variants_draw(p->arena, &p->study->variants, &options, &scene,
                                     p->err)))
            html_figure(p, scene, kinds[i].class);
    }
    html_raw(p, "</figure>\n");
}

static const char *way_text(struct page *p, const struct vg_variant *variant)
{
    struct buf way = {.limit = 4000};
    for (size_t k = 0; k < variant->activity_count && !way.failed; k++)
        buf_printf(&way, "%s%s", k ? " → " : "", variant->activities[k]);
    bool cut = way.failed;
    const char *text = way.ptr ? html_format(p, "%s%s", way.ptr, cut ? " …" : "") : "";
    buf_free(&way);
    return text;
}

static void write_variant_table(struct page *p)
{
    const struct vg_variants *variants = &p->study->variants;
    const char *const headings[] = {_("The way"), _("#Customers"), _("#Share"),
                                    _("#First to last, median")};
    size_t shown = variants->variant_count < VARIANTS_LISTED ? variants->variant_count
                                                             : VARIANTS_LISTED;
    html_fold_open(p, _("The numbers as a table"), false);
    html_table_open(p,
                    html_format(p, _("The %s most travelled of %s ways"),
                                as_count(p, shown), as_count(p, variants->total)),
                    headings, COUNT_OF(headings));
    for (size_t i = 0; i < shown; i++) {
        const struct vg_variant *v = &variants->variants[i];
        html_row_open(p, way_text(p, v));
        html_number_cell(p, as_count(p, v->count));
        html_number_cell(p,
                         as_share(p, (double)v->count / (double)variants->trace_count));
        html_number_cell(p, as_duration(p, v->duration_median_s));
        html_row_close(p);
    }
    html_table_close(p);
    html_fold_close(p);
}

/* ---- single customers ---- */

/* How much a trace has to tell: texts first, then events, up to what reads well. */
static size_t richness(const struct vg_log *log, size_t trace)
{
    size_t events = (size_t)(log->first[trace + 1] - log->first[trace]), texts = 0;
    for (size_t row = (size_t)log->first[trace]; log->text && row < log->first[trace + 1];
         row++)
        texts += log->text[row] != LOG_NO_CODE32;
    return events > 30 ? 1 : texts * 40 + events;
}

/* Of the customers shown for a step the one with the most to tell; of those lost, one who
 * did little or nothing after it. */
static size_t richest(const struct page *p, size_t step, enum drill_fate fate)
{
    size_t best = SIZE_MAX, most = 0;
    if (step >= p->drill.step_count)
        return SIZE_MAX;
    const struct drill_list *list = &p->drill.steps[step].fate[fate];
    for (size_t i = 0; i < list->shown; i++) {
        size_t rich = richness(p->study->log, list->trace[i]);
        if (fate == DRILL_LOST && list->events_after[i] > 2)
            rich = 1;
        if (rich > most) {
            most = rich;
            best = list->trace[i];
        }
    }
    return best;
}

static void write_timeline(struct page *p, const char *id, size_t trace,
                           const char *summary)
{
    static const double widths[] = {460, 312};
    html_fold_open(p, summary, true);
    for (size_t i = 0; i < COUNT_OF(widths); i++) {
        struct scene *scene = NULL;
        struct timeline_options options = {
            .chart = {.id = html_format(p, "%s-%zu", id, i), .width = widths[i]},
            .map = p->study->map,
            .hide_name = p->options->hide_names};
        if (html_ok(p, timeline_draw(p->arena, p->study->log, trace, &options, &scene,
                                     p->err)))
            html_figure(p, scene, i ? "narrow" : "wide");
    }
    html_fold_close(p);
}

static void write_customers(struct page *p)
{
    const struct study *s = p->study;
    if (!s->log || s->log->traces == 0 || p->drill.step_count == 0)
        return;
    size_t last = p->drill.step_count - 1;
    while (last > 0 && (s->funnel.steps[last].optional || s->funnel.steps[last].unseen))
        last--;
    size_t lost = richest(p, p->worst, DRILL_LOST);
    size_t arrived = richest(p, last, DRILL_MOVED_ON);
    if (lost == SIZE_MAX && arrived == SIZE_MAX)
        return;
    html_element(p, "h3",
                 lost != SIZE_MAX && arrived != SIZE_MAX
                     ? _("Two customers, event by event")
                     : _("A customer, event by event"));
    html_raw(p, "<div class=\"pair\">\n");
    if (lost != SIZE_MAX) {
        const char *name = as_customer(p, log_trace_text(s->log, p->arena, lost));
        const struct vg_funnel_step *step = &s->funnel.steps[p->worst];
        write_timeline(
            p, "lost-one", lost,
            step->lost > 1
                ? html_format(p, _("%s, lost after “%s” like %s others"), name,
                              step->activity, as_count(p, step->lost - 1))
                : html_format(p, _("%s, lost after “%s”"), name, step->activity));
    }
    if (arrived != SIZE_MAX) {
        const char *name = as_customer(p, log_trace_text(s->log, p->arena, arrived));
        write_timeline(p, "arrived-one", arrived,
                       s->funnel.ended > 1
                           ? html_format(p, _("%s, who arrived like %s others"), name,
                                         as_count(p, s->funnel.ended - 1))
                           : html_format(p, _("%s, who arrived"), name));
    }
    html_raw(p, "</div>\n");
}

void report_ways(struct page *p)
{
    const struct vg_variants *variants = &p->study->variants;
    size_t top = variants->variant_count < VARIANTS_DRAWN ? variants->variant_count
                                                          : VARIANTS_DRAWN;
    uint64_t sum = 0;
    for (size_t i = 0; i < top; i++)
        sum += variants->variants[i].count;
    const char *lead = html_format(
        p,
        _n("%s customers go %s way in all; the %s most travelled hold %s of "
           "them.",
           "%s customers go %s different ways; the %s most travelled hold %s "
           "of them.",
           variants->total),
        as_count(p, variants->trace_count), as_count(p, variants->total),
        as_count(p, top),
        as_share(p, variants->trace_count ? (double)sum / (double)variants->trace_count
                                          : 0));
    html_section_open(p, "ways", _("The ways they take"), lead);
    write_variants(p);
    write_variant_table(p);
    write_customers(p);
    html_section_close(p);
}

/* ---- the flow ---- */

static const double levels[] = {0, 0.2, 0.4, 0.6, 0.8, 1};
#define LEVEL_SHOWN 0.4 /* at first */

static void write_flow_table(struct page *p)
{
    const struct vg_flow *flow = &p->study->flow;
    const char *const headings[] = {_("From"), _("To"), _("#How often"), _("#Median"),
                                    _("#95% within")};
    size_t shown = flow->edge_count < 40 ? flow->edge_count : 40;
    html_fold_open(p, _("The numbers as a table"), false);
    html_table_open(p,
                    html_format(p, _("The %s most frequent of %s passages"),
                                as_count(p, shown), as_count(p, flow->edge_count)),
                    headings, COUNT_OF(headings));
    for (size_t i = 0; i < shown; i++) {
        const struct vg_edge *e = &flow->edges[i];
        html_row_open(p, e->from);
        html_cell(p, e->to);
        html_number_cell(p, as_count(p, e->count));
        html_number_cell(p, as_duration(p, e->median_s));
        html_number_cell(p, as_duration(p, e->p95_s));
        html_row_close(p);
    }
    html_table_close(p);
    html_fold_close(p);
}

/* The next level of detail, from `at` on, that differs from the one before it. */
static size_t next_level(struct page *p, size_t at)
{
    struct flow_picked before, picked;
    for (; at > 0 && at < COUNT_OF(levels); at++) {
        if (!html_ok(p, flow_pick(p->arena, &p->study->flow, levels[at - 1], &before,
                                  p->err)) ||
            !html_ok(p,
                     flow_pick(p->arena, &p->study->flow, levels[at], &picked, p->err)))
            return COUNT_OF(levels);
        if (picked.passage_count != before.passage_count ||
            picked.node_count != before.node_count)
            break;
    }
    return at;
}

/* How many pictures there will be, and which is shown first. */
static size_t count_levels(struct page *p, size_t *ret_shown)
{
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(levels); i = next_level(p, i + 1)) {
        if (levels[i] <= LEVEL_SHOWN)
            *ret_shown = count;
        count++;
    }
    return count;
}

static void write_levels(struct page *p)
{
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(levels); i = next_level(p, i + 1)) {
        struct scene *scene = NULL;
        struct flow_options options = {
            .chart = {.id = html_format(p, "flow-%zu", count), .width = 312},
            .detail = levels[i]};
        if (!html_ok(p, flow_draw(p->arena, &p->study->flow, &options, &scene, p->err)))
            return;
        html_raw(p, "<div class=\"level scroll\" tabindex=\"0\" role=\"group\" "
                    "aria-label=\"");
        html_sayf(p, _("The flow, level of detail %s"), as_count(p, ++count));
        html_raw(p, "\">");
        html_figure(p, scene, "natural");
        html_raw(p, "</div>\n");
    }
}

void report_flow(struct page *p)
{
    const struct vg_flow *flow = &p->study->flow;
    size_t shown = 0;
    const struct vg_edge *first = NULL; /* that does not lead back to itself */
    for (size_t i = 0; i < flow->edge_count && !first; i++)
        if (strcmp(flow->edges[i].from, flow->edges[i].to) != 0)
            first = &flow->edges[i];
    const char *lead =
        first ? html_format(p,
                            _("Most often, “%s” is followed by “%s”: %s times, half of "
                              "them within %s."),
                            first->from, first->to, as_count(p, first->count),
                            as_duration(p, first->median_s))
              : NULL;
    html_section_open(p, "flow", _("The flow"), lead);
    size_t count = count_levels(p, &shown);
    if (count > 1) {
        html_raw(p, "<p class=\"slider\" hidden><label for=\"detail\">");
        html_say(p, _("Detail"));
        buf_printf(p->out,
                   "</label> <input type=\"range\" id=\"detail\" min=\"0\" max=\"%zu\" "
                   "step=\"1\" value=\"%zu\"> <output id=\"detail-out\" "
                   "for=\"detail\"></output></p>\n",
                   count - 1, shown);
    }
    html_raw(p, "<figure class=\"card\" id=\"flow-figure\">\n");
    write_levels(p);
    html_raw(p, "</figure>\n");
    write_flow_table(p);
    html_section_close(p);
}
