/* html: how the report's HTML is written. Two ways in, never mixed up: `html_raw` for
 * markup, which is always a literal of ours, and `html_say` for text, which is always
 * escaped. Errors     sticky: the first is kept in p->code and told in p->err. */
#ifndef VIEW_HTML_H
#define VIEW_HTML_H

#include "base/lang.h"
#include "improve/effect.h"
#include "mine/drill.h"
#include "view/charts.h"
#include "view/report.h"

struct page {
    struct arena *arena;
    const struct study *study;
    const struct report_options *options;
    str poster;
    struct buf *out;
    struct vg_err *err;
    enum vg_code code;
    struct drill drill; /* the customers behind the funnel; no steps: not known */
    size_t worst;       /* the step where most are lost, or SIZE_MAX */
};

/* Markup, as it is. Only ever a literal. */
#define html_raw(p, literal) buf_add((p)->out, STR(literal ""))
/* A text, escaped; NULL is nothing. */
void html_say(struct page *p, const char *text);
void html_sayf(struct page *p, const char *format, ...) PRINTF(2, 3);
/* <tag>text</tag>; tag may carry attributes: "p class=\"lead\"". A literal. */
void html_element(struct page *p, const char *tag, const char *text);
void html_elementf(struct page *p, const char *tag, const char *format, ...) PRINTF(3, 4);
/* <a href="…">text</a> to something beside or within the page. */
void html_link_to(struct page *p, const char *href, const char *text);
const char *html_format(struct page *p, const char *format, ...) PRINTF(2, 3);

/* A section with its heading and the sentence that says it all (may be NULL). */
void html_section_open(struct page *p, const char *id, const char *heading,
                       const char *lead);
void html_section_close(struct page *p);

/* A table: headings first; those that start with '#' hold numbers. */
void html_table_open(struct page *p, const char *caption, const char *const *headings,
                     size_t count);
void html_row_open(struct page *p,
                   const char *heading); /* its first cell heads the row */
void html_cell(struct page *p, const char *text);
void html_number_cell(struct page *p, const char *text);
void html_row_close(struct page *p);
void html_table_close(struct page *p);
/* <details><summary>…</summary> … */
void html_fold_open(struct page *p, const char *summary, bool open);
void html_fold_close(struct page *p);

/* A picture; class: "wide", "narrow" (each shows on its kind of screen), or "". */
void html_figure(struct page *p, const struct scene *scene, const char *class);
/* Remember a failure. True when all is well. */
bool html_ok(struct page *p, enum vg_code code);

/* Numbers as the reader writes them; never NULL. */
const char *as_count(struct page *p, uint64_t n);
const char *as_share(struct page *p, double share);
const char *as_range(struct page *p, double low, double high);
const char *as_signed(struct page *p, double value);
const char *as_duration(struct page *p, double seconds);
const char *as_period(struct page *p, int64_t from_us, int64_t until_us);
/* "A customer", when names are to be hidden. */
const char *as_customer(struct page *p, const char *name);

/* ---- the parts of the report, in their order ---- */
void report_masthead(struct page *p);
void report_answer(struct page *p);
void report_poster(struct page *p);
void report_path(struct page *p);
void report_lost(struct page *p);
void report_belief(struct page *p);
void report_shortcuts(struct page *p);
void report_results(struct page *p);
void report_ways(struct page *p);
void report_flow(struct page *p);
void report_checks(struct page *p);
void report_data(struct page *p);
void report_method(struct page *p);
void report_script_data(struct page *p);
bool report_has(const struct page *p, const char *section);

#endif
