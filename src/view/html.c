#include "view/html.h"

#include "base/date.h"
#include "draw/scene.h"
#include "view/words.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

bool html_ok(struct page *p, enum vg_code code)
{
    if (p->code == VG_OK)
        p->code = code;
    return p->code == VG_OK;
}

void html_say(struct page *p, const char *text)
{
    if (text)
        buf_xml(p->out, str_from(text));
}

static const char *format_list(struct page *p, const char *format, va_list list)
    PRINTF(2, 0);
static const char *format_list(struct page *p, const char *format, va_list list)
{
    va_list again;
    va_copy(again, list);
    int len = vsnprintf(NULL, 0, format, list);
    char *text = len < 0 ? NULL : arena_alloc(p->arena, (size_t)len + 1, 1);
    if (text)
        vsnprintf(text, (size_t)len + 1, format, again);
    else
        html_ok(p, err_memory(p->err));
    va_end(again);
    const char *agreed = text_agreed(p->arena, text);
    return agreed ? agreed : "";
}

const char *html_format(struct page *p, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    const char *text = format_list(p, format, list);
    va_end(list);
    return text;
}

void html_sayf(struct page *p, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    html_say(p, format_list(p, format, list));
    va_end(list);
}

static void element_open(struct page *p, const char *tag)
{
    buf_char(p->out, '<');
    buf_text(p->out, tag);
    buf_char(p->out, '>');
}

static void element_close(struct page *p, const char *tag)
{
    buf_text(p->out, "</");
    buf_add(p->out, (str){tag, strcspn(tag, " ")});
    buf_text(p->out, ">\n");
}

void html_element(struct page *p, const char *tag, const char *text)
{
    element_open(p, tag);
    html_say(p, text);
    element_close(p, tag);
}

void html_elementf(struct page *p, const char *tag, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    html_element(p, tag, format_list(p, format, list));
    va_end(list);
}

void html_link_to(struct page *p, const char *href, const char *text)
{
    html_raw(p, "<a href=\"");
    html_say(p, href);
    html_raw(p, "\">");
    html_say(p, text);
    html_raw(p, "</a>");
}

void html_section_open(struct page *p, const char *id, const char *heading,
                       const char *lead)
{
    buf_printf(p->out, "<section id=\"%s\" aria-labelledby=\"h-%s\">\n<h2 id=\"h-%s\">",
               id, id, id);
    html_say(p, heading);
    html_raw(p, "</h2>\n");
    if (lead)
        html_element(p, "p class=\"lead\"", lead);
}

void html_section_close(struct page *p)
{
    html_raw(p, "</section>\n");
}

void html_table_open(struct page *p, const char *caption, const char *const *headings,
                     size_t count)
{
    html_raw(p, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"");
    html_say(p, caption);
    html_raw(p, "\"><table>\n<caption>");
    html_say(p, caption);
    html_raw(p, "</caption>\n<thead><tr>");
    for (size_t i = 0; i < count; i++) {
        bool number = headings[i][0] == '#';
        buf_text(p->out,
                 number ? "<th scope=\"col\" class=\"num\">" : "<th scope=\"col\">");
        html_say(p, headings[i] + number);
        html_raw(p, "</th>");
    }
    html_raw(p, "</tr></thead>\n<tbody>\n");
}

void html_row_open(struct page *p, const char *heading)
{
    html_raw(p, "<tr><th scope=\"row\">");
    html_say(p, heading);
    html_raw(p, "</th>");
}

void html_cell(struct page *p, const char *text)
{
    html_raw(p, "<td>");
    html_say(p, text);
    html_raw(p, "</td>");
}

void html_number_cell(struct page *p, const char *text)
{
    html_raw(p, "<td class=\"num\">");
    html_say(p, text);
    html_raw(p, "</td>");
}

void html_row_close(struct page *p)
{
    html_raw(p, "</tr>\n");
}

void html_table_close(struct page *p)
{
    html_raw(p, "</tbody></table></div>\n");
}

void html_fold_open(struct page *p, const char *summary, bool open)
{
    buf_text(p->out, open ? "<details open><summary>" : "<details><summary>");
    html_say(p, summary);
    html_raw(p, "</summary>\n");
}

void html_fold_close(struct page *p)
{
    html_raw(p, "</details>\n");
}

void html_figure(struct page *p, const struct scene *scene, const char *class)
{
    buf_printf(p->out, "<div class=\"picture %s\">", class);
    html_ok(p,
            scene_svg(scene, &(struct svg_options){.inside_html = true}, p->out, p->err));
    html_raw(p, "</div>\n");
}

static const char *sure(struct page *p, const char *text)
{
    if (!text)
        html_ok(p, err_memory(p->err));
    return text ? text : "";
}

const char *as_count(struct page *p, uint64_t n)
{
    return sure(p, text_count(p->arena, n));
}

const char *as_share(struct page *p, double share)
{
    return sure(p, text_share(p->arena, share, 0));
}

const char *as_range(struct page *p, double low, double high)
{
    return sure(p, text_share_range(p->arena, low, high));
}

const char *as_signed(struct page *p, double value)
{
    return sure(p, text_signed(p->arena, value, 1));
}

const char *as_duration(struct page *p, double seconds)
{
    return sure(p, text_duration(p->arena, seconds));
}

const char *as_period(struct page *p, int64_t from_us, int64_t until_us)
{
    const char *from = sure(p, text_date_short(p->arena, from_us));
    const char *until = sure(p, text_date_short(p->arena, until_us));
    return strcmp(from, until) == 0 ? from : html_format(p, "%s – %s", from, until);
}

const char *as_customer(struct page *p, const char *name)
{
    return p->options->hide_names ? _("A customer") : name;
}
