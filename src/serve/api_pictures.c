/* Pictures and files of a map, and the page somebody sees first. */
#include "app/cards.h"
#include "app/convert.h"
#include "app/customers.h"
#include "app/page.h"
#include "app/picture.h"
#include "app/workbook.h"
#include "base/hash.h"
#include "serve/handlers.h"

#include <math.h>
#include <stdio.h>

static const char *const types[] = {"image/svg+xml", "image/png", "application/pdf"};

/* ---- pictures ---- */

/* A study without a map: what a flow, a funnel, variants or a timeline are drawn of. */
static enum vg_code bare_study(struct call *call, const struct vg_log *log,
                               enum picture_kind kind, struct study *ret,
                               struct vg_err *err)
{
    struct funnel_question question = {0};
    *ret = (struct study){.log = log};
    switch (kind) {
    case PICTURE_FLOW:
        return flow_mine(call->arena, log, &ret->flow, err);
    case PICTURE_VARIANTS:
        return variants_mine(call->arena, log, 10, &ret->variants, err);
    case PICTURE_FUNNEL:
        return study_funnel(call->arena, log, &question, &ret->funnel, err);
    case PICTURE_POSTER:
    case PICTURE_TIMELINE:
    case PICTURE_PLAN:
    case PICTURE_MATRIX:
        break;
    }
    return VG_OK;
}

/* The log of one customer alone. */
static enum vg_code one_customer(struct call *call, const struct vg_log *log,
                                 struct vg_log **ret, struct vg_err *err)
{
    struct log_filter filter = LOG_FILTER_ALL;
    const char *name = call_text(call, "customer");
    if (!name)
        return err_set(err, VG_ERR_USAGE, "customer", "%s",
                       _("say whose timeline: customer="));
    filter.customers = &name;
    filter.customer_count = 1;
    return log_filter(log, &filter, ret, err);
}

static enum vg_code draw_timeline(struct call *call, const struct vg_log *log,
                                  const struct vg_map *map,
                                  const struct picture_options *options, struct buf *out,
                                  struct vg_err *err)
{
    struct vg_log *one = NULL;
    enum vg_code code = one_customer(call, log, &one, err);
    if (code == VG_OK) {
        struct study study = {.log = one, .map = map};
        code = picture_draw(call->arena, &study, options, out, err);
    }
    log_close(one);
    return code;
}

static enum vg_code draw(struct call *call, const char *map,
                         const struct picture_options *options, struct buf *out,
                         struct vg_err *err)
{
    struct held *held = NULL;
    struct study bare = {0};
    bool worth = options->kind == PICTURE_PLAN || options->kind == PICTURE_MATRIX;
    bool poster = options->kind == PICTURE_POSTER || worth;
    struct held *chain = NULL;
    enum vg_code code;
    if (!map && poster)
        return err_set(err, VG_ERR_USAGE, "map", "%s", _("say of which map: map="));
    code = poster ? api_study_results(call, map, false, &held, &bare, err)
           : map  ? api_study(call, map, &held, err)
                  : api_evidence(call, false, &held, err);
    if (code == VG_OK && worth)
        code = api_worth(call, map, &bare, &chain, err);
    if (code != VG_OK) {
        held_release(held);
        return code;
    }
    const struct vg_log *log = held_evidence(held)->log;
    const struct study *study = map && !poster ? held_study(held) : &bare;
    if (options->kind == PICTURE_TIMELINE)
        code = draw_timeline(call, log, map ? study->map : NULL, options, out, err);
    else {
        if (!map)
            code = bare_study(call, log, options->kind, &bare, err);
        if (code == VG_OK)
            code = picture_draw(call->arena, study, options, out, err);
    }
    held_release(chain);
    held_release(held);
    return code;
}

/* An SVG that is opened by itself may look as it looks, and do nothing. */
static const char *svg_policy(struct arena *arena, str svg)
{
    char hash[HASH_SHA256_BASE64];
    size_t from = str_find(svg, STR("<style>")), end = str_find(svg, STR("</style>"));
    if (from == SIZE_MAX || end == SIZE_MAX || end < from)
        return "default-src 'none'; sandbox; frame-ancestors 'none'";
    from += sizeof "<style>" - 1;
    hash_sha256_base64((str){svg.ptr + from, end - from}, hash);
    return arena_printf(arena,
                        "default-src 'none'; style-src 'sha256-%s'; img-src data:; "
                        "font-src data:; sandbox; frame-ancestors 'none'",
                        hash);
}

enum vg_code api_picture(struct call *call, struct vg_err *err)
{
    const char *what = call_param(call, "what"), *format = call_param(call, "format");
    struct picture_options options = {.paper = call_text(call, "paper"),
                                      .dark = call_flag(call, "dark"),
                                      .detail = call_number(call, "detail", NAN),
                                      .top = (size_t)call_count(call, "top", 0)};
    struct buf out = {0};
    if (!picture_kind_from_text(what, &options.kind) ||
        !picture_format_from_text(format, &options.format))
        return err_set(err, VG_ERR_NOT_FOUND, NULL, "%s", _("there is no such picture"));
    if (!(options.detail >= 0 && options.detail <= 1))
        options.detail = NAN;
    enum vg_code code = draw(call, call_text(call, "map"), &options, &out, err);
    if (code == VG_OK) {
        if (options.format == PICTURE_SVG)
            call_policy(call, svg_policy(call->arena, buf_str(&out)));
        code = call_buf(call, types[options.format], &out, err);
    }
    buf_free(&out);
    return code;
}

enum vg_code api_map_plan(struct call *call, struct vg_err *err)
{
    struct picture_options options = {.kind = PICTURE_PLAN,
                                      .format = PICTURE_PDF,
                                      .paper = call_text(call, "paper"),
                                      .detail = NAN,
                                      .title = _("Plan")};
    struct buf out = {0};
    enum vg_code code = draw(call, call_param(call, "id"), &options, &out, err);
    call_download(call, _("plan.pdf"));
    if (code == VG_OK)
        code = call_audit(call, "export-map", call_param(call, "id"), err);
    if (code == VG_OK)
        code = call_buf(call, "application/pdf", &out, err);
    buf_free(&out);
    return code;
}

/* ---- a map as a file ---- */

enum export_kind { AS_MAP, AS_PICTURE, AS_BOOK, AS_PAGE };
static const struct export_row {
    const char *name, *type, *end;
    enum export_kind kind;
    int what; /* enum map_format or enum picture_format */
} exports[] = {
    {"json", "application/json", "json", AS_MAP, MAP_JSON},
    {"mermaid", "text/plain; charset=utf-8", "mmd", AS_MAP, MAP_MERMAID},
    {"markdown", "text/markdown; charset=utf-8", "md", AS_MAP, MAP_MARKDOWN},
    {"csv", "text/csv; charset=utf-8", "csv", AS_MAP, MAP_CSV},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
     AS_BOOK, 0},
    {"svg", "image/svg+xml", "svg", AS_PICTURE, PICTURE_SVG},
    {"png", "image/png", "png", AS_PICTURE, PICTURE_PNG},
    {"pdf", "application/pdf", "pdf", AS_PICTURE, PICTURE_PDF},
    {"html", "text/html; charset=utf-8", "html", AS_PAGE, 0},
};

static enum vg_code export_now(struct call *call, const struct export_row *row,
                               const struct study *study, struct buf *out,
                               struct vg_err *err)
{
    const char *policy = NULL;
    struct picture_options picture = {.kind = PICTURE_POSTER,
                                      .format = (enum picture_format)row->what,
                                      .paper = call_text(call, "paper"),
                                      .dark = call_flag(call, "dark"),
                                      .detail = NAN,
                                      .title = study->map->title};
    struct page_options page = {.whole = true,
                                .hide_names = call_flag(call, "hide-names")};
    switch (row->kind) {
    case AS_MAP:
        return map_write_as(study->map, (enum map_format)row->what, out, err);
    case AS_PICTURE:
        return picture_draw(call->arena, study, &picture, out, err);
    case AS_BOOK:
        return workbook_write(study, out, err);
    case AS_PAGE:
        break;
    }
    enum vg_code code = page_write(call->arena, study, &page, out, &policy, err);
    call_policy(call, policy);
    return code;
}

enum vg_code api_map_export(struct call *call, struct vg_err *err)
{
    const char *format = call_text(call, "format");
    const struct export_row *row = &exports[0];
    struct held *held = NULL;
    struct buf out = {0};
    for (size_t i = 0; i < COUNT_OF(exports); i++)
        if (format && strcmp(exports[i].name, format) == 0)
            row = &exports[i];
    struct study study;
    enum vg_code code = api_study_results(call, call_param(call, "id"),
                                          row->kind == AS_PAGE, &held, &study, err);
    if (code == VG_OK)
        code = export_now(call, row, &study, &out, err);
    const char *name =
        code == VG_OK
            ? arena_printf(call->arena, "%s.%s", held_study(held)->map->title, row->end)
            : NULL;
    held_release(held);
    if (code == VG_OK && !name)
        code = err_memory(err);
    if (code == VG_OK)
        code = call_audit(call, "export-map", call_param(call, "id"), err);
    if (code == VG_OK) {
        call_download(call, name);
        code = call_buf(call, row->type, &out, err);
    }
    buf_free(&out);
    return code;
}

enum vg_code api_home(struct call *call, struct vg_err *err)
{
    json_t *home = NULL;
    enum vg_code code = home_make(call_cache(call), call->store, call->arena, &home, err);
    return code == VG_OK ? call_json(call, home, err) : code;
}
