#include "view/report.h"

#include "draw/fonts.h"
#include "draw/scene.h"
#include "view/html.h"
#include "view/report_hash.h"
#include "view/theme.h"

#include <math.h>

extern const unsigned char report_css[], report_js[];
extern const size_t report_css_len, report_js_len;

#define PAGE_FACES                                                                       \
    (1u << FACE_REGULAR | 1u << FACE_MEDIUM | 1u << FACE_SEMIBOLD | 1u << FACE_BOLD |    \
     1u << FACE_ITALIC)

/* The step where losing customers weighs most: the one the findings name, else the one
 * where most are lost. */
static size_t worst_step(const struct study *study)
{
    const struct vg_funnel *funnel = &study->funnel;
    size_t worst = SIZE_MAX;
    uint64_t most = 0;
    for (size_t f = 0; f < study->findings.count; f++)
        for (size_t i = 0; i < funnel->step_count; i++)
            if (study->findings.items[f].kind == FINDING_LOSS && funnel->steps[i].lost &&
                strcmp(study->findings.items[f].step, funnel->steps[i].id) == 0)
                return i;
    for (size_t i = 0; i < funnel->step_count; i++) {
        if (funnel->steps[i].lost <= most)
            continue;
        most = funnel->steps[i].lost;
        worst = i;
    }
    return worst;
}

static void mine_drill(struct page *p)
{
    const struct study *study = p->study;
    struct steps steps;
    if (!study->log || study->funnel.step_count == 0 ||
        study->funnel.step_count != study->map->step_count)
        return;
    if (!html_ok(p, steps_from_map(p->arena, study->log, study->map, &steps, p->err)))
        return;
    html_ok(p, drill_mine(p->arena, study->log, &steps, &study->funnel_options,
                          &study->funnel, 20, &p->drill, p->err));
}

/* What may run in the page: its own style and script, told by their hashes; pictures and
 * fonts it carries itself; nothing from anywhere else. */
static void write_head(struct page *p, str style)
{
    str script = {(const char *)report_js, report_js_len};
    html_raw(p, "<!doctype html>\n<html lang=\"");
    buf_text(p->out, lang_code(lang_get()));
    html_raw(
        p,
        "\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "base-uri 'none'; form-action 'none'; img-src data:; font-src data:; style-src ");
    report_hash(style, p->out);
    html_raw(p, "; script-src ");
    report_hash(script, p->out);
    html_raw(
        p,
        "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<meta name=\"generator\" content=\"Viaggio " VIAGGIO_VERSION "\">\n<title>");
    html_say(p, p->study->map->title);
    html_raw(p, "</title>\n<style>");
    buf_add(p->out, style);
    html_raw(p, "</style>\n</head>\n");
}

static void write_style(struct buf *style)
{
    fonts_css(PAGE_FACES, style);
    theme_css(&view_theme, ":root", style);
    buf_add(style, (str){(const char *)report_css, report_css_len});
}

static const struct {
    const char *id, *label;
    void (*write)(struct page *);
} sections[] = {
    {"answer", N_("Where to begin"), report_answer},
    {"map", N_("The map"), report_poster},
    {"path", N_("The path"), report_path},
    {"lost", N_("Who is lost"), report_lost},
    {"belief", N_("Believed and lived"), report_belief},
    {"results", N_("What was achieved"), report_results},
    {"shortcuts", N_("Shortcuts"), report_shortcuts},
    {"ways", N_("The ways they take"), report_ways},
    {"flow", N_("The flow"), report_flow},
    {"checks", N_("The map’s soundness"), report_checks},
    {"data", N_("The data"), report_data},
    {"method", N_("How it was counted"), report_method},
};

static bool any_feeling(const struct vg_emotions *emotions)
{
    for (size_t i = 0; i < emotions->step_count; i++)
        if (emotions->steps[i].n > 0 || isfinite(emotions->steps[i].believed))
            return true;
    return false;
}

bool report_has(const struct page *p, const char *section)
{
    const struct study *s = p->study;
    const struct {
        const char *id;
        bool has;
    } needs[] = {
        {"map", p->poster.ptr != NULL},
        {"path", s->path != NULL},
        {"lost", s->funnel.step_count > 0 && s->funnel.trace_count > 0},
        {"belief", any_feeling(&s->emotions)},
        {"results", s->results && s->results->kpi_count + s->results->effect_count > 0},
        {"shortcuts", s->align.trace_count > 0},
        {"ways", s->variants.variant_count > 0},
        {"flow", s->flow.event_count > 0},
        {"data", s->reading.file_count > 0},
    };
    if (p->options->only_map && strcmp(section, "map") != 0)
        return false;
    for (size_t i = 0; i < COUNT_OF(needs); i++)
        if (strcmp(needs[i].id, section) == 0)
            return needs[i].has;
    return true;
}

static void write_contents(struct page *p)
{
    html_raw(p, "<header class=\"rail\">\n<a class=\"skip\" href=\"#answer\">");
    html_say(p, _("Skip to the answer"));
    html_raw(p, "</a>\n<p class=\"mark\">viaggio<span>.</span></p>\n<nav aria-label=\"");
    html_say(p, _("Contents"));
    html_raw(p, "\"><ul>\n");
    for (size_t i = 0; i < COUNT_OF(sections); i++) {
        if (!report_has(p, sections[i].id))
            continue;
        buf_printf(p->out, "<li><a href=\"#%s\">", sections[i].id);
        html_say(p, _(sections[i].label));
        html_raw(p, "</a></li>\n");
    }
    html_raw(
        p,
        "</ul></nav>\n<p class=\"tools\" hidden><button type=\"button\" id=\"theme\">");
    html_say(p, _("Light or dark"));
    html_raw(p, "</button> <button type=\"button\" id=\"print\">");
    html_say(p, _("Print"));
    html_raw(p, "</button></p>\n</header>\n");
}

static void write_footer(struct page *p)
{
    html_raw(p, "<footer>\n<p>");
    if (p->options->beside_count) {
        html_say(p, _("Beside this page:"));
        for (size_t i = 0; i < p->options->beside_count; i++) {
            html_raw(p, " ");
            html_link_to(p, p->options->beside[i], p->options->beside[i]);
        }
        html_raw(p, "</p>\n<p>");
    }
    html_sayf(p, _("Made with Viaggio %s on %s."), VIAGGIO_VERSION,
              text_date(p->arena, p->study->now_us));
    html_raw(p, "</p>\n</footer>\n");
}

enum vg_code report_html(struct arena *arena, const struct study *study, str poster,
                         const struct report_options *options, struct buf *out,
                         struct vg_err *err)
{
    static const struct report_options plain = {0};
    struct page p = {.arena = arena,
                     .study = study,
                     .options = options ? options : &plain,
                     .poster = poster,
                     .out = out,
                     .err = err,
                     .worst = worst_step(study)};
    struct buf style = {0};
    write_style(&style);
    mine_drill(&p);
    write_head(&p, buf_str(&style));
    html_raw(&p, "<body>\n");
    write_contents(&p);
    html_raw(&p, "<div class=\"column\">\n<main>\n");
    report_masthead(&p);
    for (size_t i = 0; i < COUNT_OF(sections) && p.code == VG_OK; i++)
        if (report_has(&p, sections[i].id))
            sections[i].write(&p);
    html_raw(&p, "</main>\n");
    write_footer(&p);
    html_raw(&p, "</div>\n");
    report_script_data(&p);
    html_raw(&p, "<script>");
    buf_add(out, (str){(const char *)report_js, report_js_len});
    html_raw(&p, "</script>\n</body>\n</html>\n");
    bool failed = style.failed || out->failed;
    buf_free(&style);
    if (p.code == VG_OK && failed)
        return err_memory(err);
    return p.code;
}
