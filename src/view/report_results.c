/* What was achieved: each action against its KPI, and what is watched. */
#include "view/html.h"

#include <math.h>

static enum vg_code draw_series(struct page *p, const struct kpi_result *kpi,
                                const char *id, double width, struct scene **ret)
{
    return series_draw(p->arena, kpi, p->study->results,
                       &(struct chart_options){.id = id, .width = width}, ret, p->err);
}

/* How many got better, in one sentence. */
static const char *results_lead(struct page *p)
{
    const struct results *results = p->study->results;
    size_t told = 0, better = 0, worse = 0;
    for (size_t i = 0; i < results->effect_count; i++) {
        const struct effect_result *result = &results->effects[i];
        told += result->problem == NULL;
        better += !result->problem && result->effect.verdict == EFFECT_BETTER;
        worse += !result->problem && result->effect.verdict == EFFECT_WORSE;
    }
    if (!results->effect_count)
        return _("No action has a KPI and a day from which it holds yet: this is what is "
                 "watched.");
    if (worse)
        return html_format(p,
                           _("Of %s actions that can be looked at, %s made things better "
                             "and %s made them worse; of the others no effect can be "
                             "seen."),
                           as_count(p, told), as_count(p, better), as_count(p, worse));
    return html_format(
        p,
        _n("Of %s action that can be looked at, %s made things better; of the others no "
           "effect can be seen.",
           "Of %s actions that can be looked at, %s made things better; of the others no "
           "effect can be seen.",
           told),
        as_count(p, told), as_count(p, better));
}

static void write_effect(struct page *p, const struct effect_result *result)
{
    const char *words = effect_in_short(p->arena, result);
    html_raw(p, "<li><div class=\"row\"><b>");
    html_say(p, result->action->title);
    html_raw(p, "</b><span class=\"quiet\">");
    html_sayf(p, _("since %s"), text_date(p->arena, result->since_us));
    html_raw(p, "</span></div>\n<p>");
    html_say(p, result->problem ? words : result->effect.sentence);
    html_raw(p, "</p>\n");
    for (size_t i = 0; !result->problem && i < result->effect.warning_count; i++) {
        html_raw(p, "<p class=\"note\">");
        html_say(p, result->effect.warnings[i]);
        html_raw(p, "</p>\n");
    }
    html_raw(p, "</li>\n");
}

static void write_series_table(struct page *p, const struct kpi_result *kpi)
{
    const char *const headings[] = {_("From"), _("#Observed"), _("#Value"),
                                    /* xgettext:no-c-format */ _("#95% interval")};
    html_fold_open(p, _("The numbers as a table"), false);
    html_table_open(p, kpi->ready.kpi.name, headings, COUNT_OF(headings));
    for (size_t i = 0; i < kpi->point_count; i++) {
        const struct kpi_point *point = &kpi->points[i];
        if (isnan(point->value))
            continue;
        html_row_open(p, text_date(p->arena, point->period.from_us));
        html_number_cell(p, as_count(p, point->n));
        html_number_cell(p, kpi_said(p->arena, &kpi->ready.kpi, point->value));
        html_number_cell(
            p, isnan(point->low)
                   ? "–"
                   : html_format(p, _("%s to %s"),
                                 kpi_said(p->arena, &kpi->ready.kpi, point->low),
                                 kpi_said(p->arena, &kpi->ready.kpi, point->high)));
        html_row_close(p);
    }
    html_table_close(p);
    html_fold_close(p);
}

static void write_kpi(struct page *p, const struct kpi_result *kpi, size_t number)
{
    static const double widths[] = {1054, 312};
    html_element(p, "h3", kpi->ready.kpi.name);
    html_element(p, "p", kpi->sentence);
    if (kpi->ready.problem)
        return;
    html_raw(p, "<figure class=\"card\">\n");
    for (size_t i = 0; i < 2; i++) {
        struct scene *scene = NULL;
        const char *id = html_format(p, "series-%zu-%s", number, i ? "narrow" : "wide");
        if (html_ok(p, draw_series(p, kpi, id, widths[i], &scene)))
            html_figure(p, scene, i ? "narrow" : "wide");
    }
    html_raw(p, "<figcaption>");
    html_sayf(p,
              _("%s. The band is what is usual (XmR limits); a ring marks what is more "
                "than the usual ups and downs."),
              kpi->ready.definition);
    html_raw(p, "</figcaption>\n</figure>\n");
    write_series_table(p, kpi);
}

void report_results(struct page *p)
{
    const struct results *results = p->study->results;
    html_section_open(p, "results", _("What the changes achieved"), results_lead(p));
    if (results->effect_count)
        html_raw(p, "<ul class=\"list card\">\n");
    for (size_t i = 0; i < results->effect_count; i++)
        write_effect(p, &results->effects[i]);
    if (results->effect_count)
        html_raw(p, "</ul>\n");
    for (size_t i = 0; i < results->kpi_count; i++)
        write_kpi(p, &results->kpis[i], i);
    html_section_close(p);
}
