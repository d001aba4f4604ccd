/* Declared in app/page.h. */
#include "app/page.h"

#include "base/lang.h"
#include "base/limits.h"
#include "draw/scene.h"
#include "view/poster.h"
#include "view/report.h"

/* What the page says of itself, for the header: the first such attribute, which stands
 * before any text of a person's. */
static const char *policy_of(struct arena *arena, str page)
{
    static const char before[] = "http-equiv=\"Content-Security-Policy\" content=\"";
    size_t at = str_find(page, STR(before));
    if (at == SIZE_MAX)
        return arena_text(arena, STR("default-src 'none'; frame-ancestors 'none'"));
    str rest = {page.ptr + at + sizeof before - 1, page.len - at - (sizeof before - 1)};
    str policy = str_cut(&rest, '"');
    return arena_printf(arena, "%.*s; frame-ancestors 'none'", STR_ARG(policy));
}

enum vg_code page_write(struct arena *arena, const struct study *study,
                        const struct page_options *options, struct buf *out,
                        const char **ret_policy, struct vg_err *err)
{
    struct scene *poster = NULL;
    struct buf svg = {.limit = LIMIT_SVG_BYTES};
    struct svg_options how = {.theme = SVG_AUTO, .inside_html = true};
    struct report_options report = {.hide_names = options->hide_names,
                                    .only_map = !options->whole};
    enum vg_code code =
        poster_draw(arena, study, &(struct poster_options){0}, &poster, err);
    if (code == VG_OK)
        code = scene_svg(poster, &how, &svg, err);
    if (code == VG_OK)
        code = report_html(arena, study, buf_str(&svg), &report, out, err);
    buf_free(&svg);
    if (code == VG_OK && !(*ret_policy = policy_of(arena, buf_str(out))))
        code = err_memory(err);
    return code;
}
