/* What the report rests on: the map's checks, the files, the definitions; and what the
 * page's script needs to know. */
#include "base/date.h"
#include "view/html.h"

#include <math.h>

/* ---- checks ---- */

static const struct {
    const char *class, *label;
} severities[] = {
    [SEVERITY_NOTE] = {"note", N_("Note")},
    [SEVERITY_WARNING] = {"warning", N_("To mend")},
    [SEVERITY_ERROR] = {"error", N_("Mend first")},
};

static void write_check(struct page *p, const struct map_finding *check)
{
    size_t severity = check->severity < COUNT_OF(severities) ? check->severity : 0;
    html_raw(p, "<li><span class=\"tag ");
    buf_text(p->out, severities[severity].class);
    html_raw(p, "\">");
    html_say(p, _(severities[severity].label));
    html_raw(p, "</span><div><p>");
    if (check->title && *check->title) {
        html_raw(p, "<b>");
        html_say(p, check->title);
        html_raw(p, "</b> · ");
    }
    html_say(p, check->sentence);
    html_raw(p, "</p><p class=\"quiet\">");
    html_say(p, check->remedy);
    html_raw(p, "</p></div></li>\n");
}

void report_checks(struct page *p)
{
    const struct map_findings *checks = &p->study->checks;
    size_t grave = 0;
    for (size_t i = 0; i < checks->count; i++)
        grave += checks->items[i].severity == SEVERITY_ERROR;
    const char *lead =
        checks->count == 0
            ? _("Held against the known mistakes of the craft, the map has none.")
            : html_format(p,
                          _n("Held against the known mistakes of the craft, the map has "
                             "%s thing to look at; %s should be mended first.",
                             "Held against the known mistakes of the craft, the map has "
                             "%s things to look at; %s should be mended first.",
                             checks->count),
                          as_count(p, checks->count), as_count(p, grave));
    html_section_open(p, "checks", _("The map’s soundness"), lead);
    size_t shown = checks->count <= 9 ? checks->count : 8;
    if (shown) {
        html_raw(p, "<ul class=\"checks card\">\n");
        for (size_t i = 0; i < shown; i++)
            write_check(p, &checks->items[i]);
        html_raw(p, "</ul>\n");
    }
    if (shown < checks->count) {
        size_t more = checks->count - shown;
        html_fold_open(
            p, html_format(p, _n("and %s more", "and %s more", more), as_count(p, more)),
            false);
        html_raw(p, "<ul class=\"checks card\">\n");
        for (size_t i = shown; i < checks->count; i++)
            write_check(p, &checks->items[i]);
        html_raw(p, "</ul>\n");
        html_fold_close(p);
    }
    html_section_close(p);
}

/* ---- data quality ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

static const char *delimiter_text(char delimiter)
{
    switch (delimiter) {
    case ';':
        return _("semicolon");
    case ',':
        return _("comma");
    case '\t':
        return _("tab");
    case '|':
        return _("vertical bar");
    default:
        return NULL;
    }
}

static void write_how_read(struct page *p, const struct read_file *f)
{
    html_raw(p, "<p class=\"note\">");
    html_say(p, f->kind);
    if (f->encoding && *f->encoding)
        html_sayf(p, " · %s", f->encoding);
    if (delimiter_text(f->delimiter))
        html_sayf(p, _(" · columns parted by %s"), delimiter_text(f->delimiter));
    if (f->header_line)
        html_sayf(p, _(" · headings in line %s"), as_count(p, f->header_line));
    if (f->time_format && *f->time_format)
        html_sayf(p, _(" · times as %s"), f->time_format);
    html_raw(p, "</p>\n");
    if (f->note_count) {
        html_raw(p, "<ul>\n");
        for (size_t i = 0; i < f->note_count; i++)
            html_element(p, "li", f->notes[i]);
        html_raw(p, "</ul>\n");
    }
}

static void write_columns(struct page *p, const struct read_file *f)
{
    const char *const headings[] = {_("Column"), _("Read as"), _("Why")};
    if (f->column_count == 0)
        return;
    html_table_open(
        p, html_format(p, _("How the columns of %s were read"), base_name(f->path)),
        headings, COUNT_OF(headings));
    for (size_t i = 0; i < f->column_count && i < 60; i++) {
        html_row_open(p, f->columns[i].name);
        html_cell(p, role_text(f->columns[i].role));
        html_cell(p, f->columns[i].reason);
        html_row_close(p);
    }
    html_table_close(p);
}

static void write_rejects(struct page *p, const struct read_file *f)
{
    const char *const headings[] = {_("#Line"), _("Why it was kept aside"), _("The row")};
    size_t shown = f->reject_count < 20 ? f->reject_count : 20;
    if (shown == 0)
        return;
    html_table_open(p,
                    html_format(p, _("The first of the rows of %s that were kept aside"),
                                base_name(f->path)),
                    headings, COUNT_OF(headings));
    for (size_t i = 0; i < shown; i++) {
        html_row_open(p, as_count(p, f->rejects[i].line));
        html_cell(p, f->rejects[i].reason);
        html_cell(p, f->rejects[i].row);
        html_row_close(p);
    }
    html_table_close(p);
}

static void write_files(struct page *p)
{
    const struct read_report *reading = &p->study->reading;
    const char *const headings[] = {_("File"), _("#Rows"), _("#Taken in"),
                                    _("#Kept aside")};
    html_table_open(p, _("The files"), headings, COUNT_OF(headings));
    for (size_t i = 0; i < reading->file_count; i++) {
        const struct read_file *f = &reading->files[i];
        html_row_open(p, base_name(f->path));
        html_number_cell(p, as_count(p, f->rows));
        html_number_cell(p, as_count(p, f->stored));
        html_number_cell(p, as_count(p, f->rejected));
        html_row_close(p);
    }
    html_table_close(p);
}

static void write_unknown(struct page *p)
{
    const struct vg_align *align = &p->study->align;
    if (align->unknown_count == 0)
        return;
    html_element(p, "h3", _("Seen, but on no step of the map"));
    html_raw(p, "<ul class=\"names\">\n");
    for (size_t i = 0; i < align->unknown_count && i < 20; i++) {
        html_raw(p, "<li>");
        html_say(p, align->unknown[i]);
        html_raw(p, " <span class=\"quiet\">");
        html_say(p, as_count(p, align->unknown_events[i]));
        html_raw(p, "</span></li>\n");
    }
    html_raw(p, "</ul>\n");
}

void report_data(struct page *p)
{
    const struct read_report *reading = &p->study->reading;
    uint64_t rows = 0, rejected = 0;
    for (size_t i = 0; i < reading->file_count; i++) {
        rows += reading->files[i].rows;
        rejected += reading->files[i].rejected;
    }
    const char *files = html_format(p, _n("%s file", "%s files", reading->file_count),
                                    as_count(p, reading->file_count));
    const char *lead =
        rejected
            ? html_format(p,
                          _("%s, %s rows: all taken in but %s, which were kept aside "
                            "with their reason."),
                          files, as_count(p, rows), as_count(p, rejected))
            : html_format(p, _("%s, %s rows: every one taken in."), files,
                          as_count(p, rows));
    html_section_open(p, "data", _("The data"), lead);
    write_files(p);
    for (size_t i = 0; i < reading->file_count; i++) {
        const struct read_file *f = &reading->files[i];
        html_fold_open(p, html_format(p, _("How %s was read"), base_name(f->path)),
                       false);
        write_how_read(p, f);
        write_columns(p, f);
        write_rejects(p, f);
        html_fold_close(p);
    }
    write_unknown(p);
    html_section_close(p);
}

/* ---- method ---- */

static const struct {
    const char *word, *meaning;
    bool evidence; /* only where there is evidence */
} words[] = {
    {N_("Event"),
     N_("Something a customer did or said at a time: a call, an e-mail, an order, a "
        "review. A customer’s events in their order are a real journey."),
     true},
    {N_("Step"),
     N_("A column of the map. A customer is at a step when one of the activities that "
        "the "
        "map ties to it is found in the evidence."),
     false},
    {N_("Reached"),
     N_("How many customers came to a step after having come to those before it; other "
        "events may lie between. Who jumps over a step, and is seen further on, has gone "
        "on by another way and is not lost; when many do, mark the step as optional in "
        "the map."),
     true},
    {N_("Lost, or still travelling"),
     N_("A customer seen last week is not lost. Of those who have not moved on, only who "
        "has waited longer than 95 out of 100 of those who did is counted as lost; the "
        "others are still travelling."),
     true},
    {N_("(19–25%)"),
     /* xgettext:no-c-format */
     N_("The 95% interval: with as many customers as were watched, the true share lies "
        "in it 95 times out of 100. The fewer customers, the wider it is. For shares it "
        "is Wilson’s, for means Student’s."),
     true},
    {N_("n"), N_("How many observations a number rests on."), true},
    {N_("Median"),
     N_("Half of the cases lie below it, half above; a few very long waits "
        "do not move it."),
     true},
    {N_("Curve of those who wait"),
     N_("The Kaplan–Meier estimate: it also uses the customers whose wait was not over "
        "when watching ended, for as long as they were seen."),
     true},
    {N_("Believed"),
     N_("What the people in the workshop thought that customers feel, from −2 (very bad) "
        "to +2 (very good)."),
     false},
    {N_("Lived"),
     N_("The scores that customers gave, put on the same scale from −2 to +2, as a mean "
        "with its interval."),
     true},
    {N_("How well the map fits"),
     N_("100% when every journey goes exactly as the map says. Each step of the map that "
        "was missed and each event that the map does not know counts as one error; the "
        "explanation with the fewest errors is taken."),
     true},
    {N_("Shortcut"),
     N_("What customers did that the map does not know: where on the way, how many, and "
        "with whom most often."),
     true},
    {N_("Way"),
     N_("Customers with the same activities in the same order took the same "
        "way."),
     true},
    {N_("Flow"),
     N_("Which activity came right after which, how often, and after how long."), true},
    {N_("Moment of truth"),
     N_("A step at which the customer decides whether to stay. It carries a star."),
     false},
};

void report_method(struct page *p)
{
    html_section_open(p, "method", _("How it was counted"),
                      _("In plain words, what the numbers of this page mean."));
    html_raw(p, "<dl class=\"glossary\">\n");
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (words[i].evidence && !p->study->log)
            continue;
        html_raw(p, "<div>");
        html_element(p, "dt", _(words[i].word));
        html_element(p, "dd", _(words[i].meaning));
        html_raw(p, "</div>\n");
    }
    html_raw(p, "</dl>\n");
    const struct study *s = p->study;
    if (s->log && s->log->events)
        html_elementf(p, "p class=\"note\"",
                      _("Watching ended on %s, with the last event."),
                      text_date(p->arena, s->funnel.step_count ? s->funnel.seen_until_us
                                                               : s->log->last_us));
    html_section_close(p);
}

/* ---- what the script knows ---- */

static void add_line(json_t *lines, const char *text)
{
    json_array_append_new(lines, json_string(text ? text : ""));
}

static json_t *step_lines(struct page *p, size_t i)
{
    const struct study *s = p->study;
    json_t *lines = json_array();
    if (i < s->funnel.step_count && s->funnel.trace_count) {
        const struct vg_funnel_step *f = &s->funnel.steps[i];
        if (f->unseen)
            add_line(lines, _("never seen in the evidence"));
        else
            add_line(lines, html_format(p,
                                        _n("%s customer reached it",
                                           "%s customers reached it", f->reached),
                                        as_count(p, f->reached)));
        if (f->lost)
            add_line(lines, html_format(p, _("%s lost: %s (%s)"), as_count(p, f->lost),
                                        as_share(p, f->lost_share),
                                        as_range(p, f->lost_low, f->lost_high)));
        if (f->travelling)
            add_line(lines, html_format(p, _("%s still travelling"),
                                        as_count(p, f->travelling)));
        if (isfinite(f->median_s))
            add_line(lines, html_format(p, _("to the next step: %s, median"),
                                        as_duration(p, f->median_s)));
    }
    if (i < s->emotions.step_count && s->emotions.steps[i].n) {
        const struct vg_step_emotion *e = &s->emotions.steps[i];
        add_line(lines, isfinite(e->believed)
                            ? html_format(p, _("lived %s, believed %s (n %s)"),
                                          as_signed(p, e->mean),
                                          as_signed(p, e->believed), as_count(p, e->n))
                            : html_format(p, _("lived %s (n %s)"), as_signed(p, e->mean),
                                          as_count(p, e->n)));
    }
    return lines;
}

void report_script_data(struct page *p)
{
    const struct vg_map *map = p->study->map;
    json_t *data = json_object(), *steps = json_object();
    for (size_t i = 0; i < map->step_count; i++) {
        json_t *step = json_object();
        json_object_set_new(step, "title", json_string(map->steps[i].title));
        json_object_set_new(step, "lines", step_lines(p, i));
        json_object_set_new(steps, map->steps[i].id, step);
    }
    json_object_set_new(data, "steps", steps);
    json_t *text = json_object();
    json_object_set_new(text, "detail", json_string(_("%1 of %2")));
    json_object_set_new(text, "auto", json_string(_("Colours: system")));
    json_object_set_new(text, "light", json_string(_("Colours: light")));
    json_object_set_new(text, "dark", json_string(_("Colours: dark")));
    json_object_set_new(data, "text", text);
    html_raw(p, "<script type=\"application/json\" id=\"report-data\">");
    html_ok(p, data ? json_write_compact(data, p->out, p->err) : err_memory(p->err));
    html_raw(p, "</script>\n");
    json_decref(data);
}
