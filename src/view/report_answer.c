/* The head of the report: what it is about, the answer, the poster. */
#include "base/date.h"
#include "view/html.h"
#include "view/poster.h"

#include <math.h>

/* ---- masthead ---- */

static void write_about(struct page *p)
{
    const struct study *s = p->study;
    html_raw(p, "<p class=\"about\">");
    if (s->log) {
        html_sayf(p, _n("%s customer", "%s customers", s->log->traces),
                  as_count(p, s->log->traces));
        html_raw(p, " · ");
        html_sayf(p, _n("%s event", "%s events", s->log->events),
                  as_count(p, s->log->events));
        if (s->log->events) {
            html_raw(p, " · ");
            html_say(p, as_period(p, s->log->first_us, s->log->last_us));
        }
    } else {
        html_say(p, _("a map without evidence"));
    }
    html_raw(p, "</p>\n");
}

static void write_persona(struct page *p)
{
    const struct vg_map *map = p->study->map;
    if (map->persona_count == 0)
        return;
    const struct map_persona *persona = &map->personas[0];
    html_raw(p, "<p class=\"persona\">");
    html_say(p, _("The journey of"));
    html_raw(p, " <b>");
    html_say(p, persona->name);
    html_raw(p, "</b>");
    if (*persona->role)
        html_sayf(p, ", %s", persona->role);
    for (size_t i = 1; i < map->persona_count; i++)
        html_sayf(p, " · %s", map->personas[i].name);
    html_raw(p, "</p>\n");
}

static void write_notice(struct page *p)
{
    const struct study *s = p->study;
    if (s->map->draft)
        html_element(
            p, "p class=\"notice\"",
            _("This map is a proposal drawn from the data: it orders what was seen, "
              "and knows nothing of what customers think and expect. Discuss it with "
              "the people who live the journey and those who serve it, before "
              "deciding anything on it."));
    if (!s->log)
        html_element(
            p, "p class=\"notice\"",
            _("No evidence was given: what follows is what people believe, not what "
              "customers did. Add the exports of the systems at hand, and the same "
              "report will say where the two part."));
    else if (s->log->traces == 1)
        html_element(
            p, "p class=\"notice\"",
            _("The evidence is of one customer: it tells a story, not how often it "
              "happens. The shares below mean little."));
}

static void write_fact(struct page *p, const char *number, const char *what)
{
    html_raw(p, "<div><dt>");
    html_say(p, what);
    html_raw(p, "</dt><dd>");
    html_say(p, number);
    html_raw(p, "</dd></div>\n");
}

static void write_facts(struct page *p)
{
    const struct study *s = p->study;
    if (!s->log || s->log->traces == 0)
        return;
    size_t seen = 0;
    for (size_t i = 0; i < s->align.step_count; i++)
        seen += s->align.steps[i].events > 0;
    html_raw(p, "<dl class=\"facts\">\n");
    if (s->align.step_count)
        write_fact(p,
                   html_format(p, _("%s of %s"), as_count(p, seen),
                               as_count(p, s->align.step_count)),
                   _("steps with evidence"));
    if (s->funnel.step_count && s->funnel.trace_count)
        write_fact(p,
                   as_share(p, (double)s->funnel.ended / (double)s->funnel.trace_count),
                   _("arrive at the end"));
    if (s->flow.trace_count)
        write_fact(p, as_duration(p, s->flow.duration_median_s),
                   _("from first to last event, median"));
    if (s->align.trace_count)
        write_fact(p, as_share(p, s->align.fitness_mean),
                   _("how well the map fits what they do"));
    html_raw(p, "</dl>\n");
}

void report_masthead(struct page *p)
{
    const struct vg_map *map = p->study->map;
    html_raw(p, "<div class=\"masthead\">\n");
    html_element(p, "p class=\"kicker\"",
                 map->kind == MAP_SUCCESS_PATH ? _("Success path")
                                               : _("Customer journey"));
    html_element(p, "h1", *map->title ? map->title : _("A journey without a title"));
    if (*map->objective)
        html_element(p, "p class=\"question\"", map->objective);
    write_about(p);
    write_persona(p);
    write_notice(p);
    html_raw(p, "</div>\n");
}

/* ---- the answer ---- */

static const struct {
    const char *class, *section, *more;
} kinds[] = {
    [FINDING_LOSS] = {"loss", "lost", N_("See the steps")},
    [FINDING_BELIEF] = {"belief", "belief", N_("See all the gaps")},
    [FINDING_SHORTCUT] = {"shortcut", "shortcuts", N_("See the shortcuts")},
    [FINDING_WAIT] = {"wait", "lost", N_("See the steps")},
    [FINDING_LOOP] = {"loop", "flow", N_("See the flow")},
    [FINDING_DETOUR] = {"wait", "flow", N_("See the flow")},
    [FINDING_EFFECT] = {"effect", "map", N_("See the map")},
};

static void write_finding(struct page *p, const struct finding *finding)
{
    size_t kind = finding->kind < COUNT_OF(kinds) ? finding->kind : FINDING_LOSS;
    buf_printf(p->out, "<article class=\"card finding %s\">\n", kinds[kind].class);
    html_element(p, "p class=\"kicker\"", finding_kicker(finding));
    html_element(p, "h3", finding->headline);
    if (finding->detail && *finding->detail)
        html_element(p, "p class=\"detail\"", finding->detail);
    if (finding->advice && *finding->advice)
        html_element(p, "p class=\"advice\"", finding->advice);
    if (report_has(p, kinds[kind].section)) {
        buf_printf(p->out, "<p class=\"more\"><a href=\"#%s\">", kinds[kind].section);
        html_say(p, _(kinds[kind].more));
        html_raw(p, "</a></p>\n");
    }
    html_raw(p, "</article>\n");
}

static void write_other_findings(struct page *p, size_t from)
{
    const struct findings *findings = &p->study->findings;
    if (findings->count <= from)
        return;
    size_t left = findings->count - from;
    html_fold_open(p,
                   html_format(p, _n("%s more finding", "%s more findings", left),
                               as_count(p, left)),
                   false);
    html_raw(p, "<ul class=\"others\">\n");
    for (size_t i = from; i < findings->count; i++) {
        html_raw(p, "<li><b>");
        html_say(p, findings->items[i].headline);
        html_raw(p, "</b> ");
        html_say(p, findings->items[i].detail);
        if (findings->items[i].advice) {
            html_raw(p, " <span class=\"quiet\">");
            html_say(p, findings->items[i].advice);
            html_raw(p, "</span>");
        }
        html_raw(p, "</li>\n");
    }
    html_raw(p, "</ul>\n");
    html_fold_close(p);
}

static const char *answer_lead(struct page *p)
{
    const struct study *s = p->study;
    if (s->findings.count)
        return NULL;
    if (s->log)
        return _(
            "Nothing stands out in this evidence: no step loses more than the others, "
            "and the map fits. Look at the steps one by one, or add more evidence.");
    return s->checks.count
               ? _("Begin with what the map still lacks; it is listed under “The map’s "
                   "soundness”. Then bring evidence.")
               : _("The map is sound as far as it can be checked without evidence. Bring "
                   "evidence next.");
}

void report_answer(struct page *p)
{
    const struct findings *findings = &p->study->findings;
    size_t first = findings->count < 3 ? findings->count : 3;
    html_section_open(p, "answer", _("Where to begin"), answer_lead(p));
    if (first) {
        buf_printf(p->out, "<div class=\"findings of-%zu\">\n", first);
        for (size_t i = 0; i < first; i++)
            write_finding(p, &findings->items[i]);
        html_raw(p, "</div>\n");
    }
    write_facts(p);
    write_other_findings(p, first);
    html_section_close(p);
}

/* ---- the poster ---- */

static void write_lanes(struct page *p)
{
    html_raw(p, "<fieldset class=\"lanes\"><legend>");
    html_say(p, _("Show"));
    html_raw(p, "</legend>");
    for (size_t i = 0; i < LANE_COUNT; i++) {
        const char *name = poster_lane_name((enum poster_lane)i);
        const char *mark = html_format(p, "data-lane=\"%s\"", name);
        if (str_find(p->poster, str_from(mark)) == SIZE_MAX)
            continue;
        html_raw(p, "<label><input type=\"checkbox\" checked data-shows=\"");
        html_say(p, name);
        html_raw(p, "\"> ");
        html_say(p, poster_lane_text((enum poster_lane)i));
        html_raw(p, "</label> ");
    }
    html_raw(p, "</fieldset>\n");
}

void report_poster(struct page *p)
{
    html_section_open(
        p, "map", p->study->log ? _("The map, with reality on it") : _("The map"), NULL);
    html_raw(p, "<div class=\"toolbar\" hidden>\n<div class=\"buttons\">"
                "<button type=\"button\" data-zoom=\"out\" aria-label=\"");
    html_say(p, _("Smaller"));
    html_raw(p, "\">−</button> <button type=\"button\" data-zoom=\"in\" aria-label=\"");
    html_say(p, _("Larger"));
    html_raw(p, "\">+</button> <button type=\"button\" data-zoom=\"fit\">");
    html_say(p, _("Fit"));
    html_raw(p,
             "</button> <button type=\"button\" data-zoom=\"one\">100%</button></div>\n");
    write_lanes(p);
    html_raw(p, "</div>\n<div class=\"frame\" id=\"frame\" tabindex=\"0\" role=\"group\" "
                "aria-label=\"");
    html_say(
        p, _("The map as a picture: + and − change its size, the arrows move it, F fits "
             "it, Tab goes from step to step"));
    html_raw(p, "\">\n");
    buf_add(p->out, p->poster);
    html_raw(p, "</div>\n<div id=\"tip\" class=\"tip\" role=\"status\" hidden></div>\n");
    html_fold_open(p, _("The map as a table"), false);
    html_raw(p, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"");
    html_say(p, _("The map as a table"));
    html_raw(p, "\">");
    html_ok(p, poster_table(p->arena, p->study, p->out, p->err));
    html_raw(p, "</div>\n");
    html_fold_close(p);
    html_section_close(p);
}
