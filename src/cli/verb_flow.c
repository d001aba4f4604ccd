/* viaggio flow, viaggio variants: what follows what, and the ways customers go. */
#include "app/picture.h"
#include "cli/run.h"
#include "mine/json.h"

#include <string.h>

#define USUAL_EDGES 25

static enum vg_code draw_flow(struct run *run, const struct vg_flow *flow,
                              struct vg_err *err)
{
    const struct request *request = &run->request;
    if (!request->svg)
        return VG_OK;
    struct study study = {.log = run->evidence.log, .flow = *flow};
    struct picture_options options = {.kind = PICTURE_FLOW,
                                      .format = PICTURE_SVG,
                                      .alone = true,
                                      .dark = request->theme &&
                                              strcmp(request->theme, "dark") == 0,
                                      .detail = request->detail};
    struct buf svg = {0};
    enum vg_code code = picture_draw(run->arena, &study, &options, &svg, err);
    if (code == VG_OK)
        code = file_write(request->svg, buf_str(&svg), err);
    buf_free(&svg);
    return code;
}

static enum vg_code print_edges(struct run *run, const struct vg_flow *flow,
                                struct vg_err *err)
{
    static const struct column columns[] = {
        {"from", NC_("table", "from"), CELL_TEXT, TONE_STRONG},
        {"to", NC_("table", "to"), CELL_TEXT, TONE_STRONG},
        {"count", NC_("table", "times"), CELL_COUNT, TONE_PLAIN},
        {NULL, "", CELL_BAR, TONE_BLUE},
        {"mean_s", NC_("table", "mean"), CELL_DURATION, TONE_PLAIN},
        {"median_s", NC_("table", "median"), CELL_DURATION, TONE_PLAIN},
        {"p95_s", NC_("table", "95% within"), CELL_DURATION, TONE_PLAIN},
    };
    size_t top = run_top(run, USUAL_EDGES, flow->edge_count);
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < top; i++) {
        const struct vg_edge *edge = &flow->edges[i];
        table_text(&table, edge->from);
        table_text(&table, edge->to);
        table_number(&table, (double)edge->count);
        table_number(&table, (double)edge->count / (double)flow->edges[0].count);
        table_number(&table, edge->mean_s);
        table_number(&table, edge->median_s);
        table_number(&table, edge->p95_s);
    }
    enum vg_code code = table_print(&table, &run->screen, err);
    if (top < flow->edge_count)
        screen_say(&run->screen, TONE_QUIET, _("… and %s more: --top 0 shows all"),
                   text_count(run->arena, flow->edge_count - top));
    return code;
}

/* Where journeys begin or end, for people. */
static enum vg_code print_ends(struct run *run, const char *title,
                               const struct vg_activity_count *items, size_t count,
                               uint64_t traces, struct vg_err *err)
{
    static const struct column columns[] = {
        {NULL, NC_("table", "activity"), CELL_TEXT, TONE_STRONG},
        {NULL, NC_("table", "journeys"), CELL_COUNT, TONE_PLAIN},
        {NULL, NC_("table", "share"), CELL_SHARE, TONE_PLAIN},
        {NULL, "", CELL_BAR, TONE_BLUE},
    };
    if (!run->screen.people || !traces)
        return VG_OK;
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < count && i < 5; i++) {
        double share = (double)items[i].count / (double)traces;
        table_text(&table, items[i].activity);
        table_number(&table, (double)items[i].count);
        table_number(&table, share);
        table_number(&table, share);
    }
    screen_line(&run->screen);
    screen_say(&run->screen, TONE_STRONG, "%s", title);
    return table_print(&table, &run->screen, err);
}

enum vg_code verb_flow(struct run *run, struct vg_err *err)
{
    struct vg_flow flow;
    enum vg_code code = run_evidence(run, err);
    if (code == VG_OK)
        code = flow_mine(run->arena, run->evidence.log, &flow, err);
    if (code == VG_OK)
        code = draw_flow(run, &flow, err);
    if (code != VG_OK)
        return code;
    if (run->request.json)
        return run_json(run, flow_to_json(&flow), err);
    screen_say(&run->screen, TONE_STRONG, _("%s in %s; the median journey takes %s"),
               text_events(run, flow.event_count), text_journeys(run, flow.trace_count),
               text_duration(run->arena, flow.duration_median_s));
    screen_line(&run->screen);
    code = print_edges(run, &flow, err);
    if (code == VG_OK)
        code = print_ends(run, _("Where journeys begin"), flow.starts, flow.start_count,
                          flow.trace_count, err);
    if (code == VG_OK)
        code = print_ends(run, _("Where journeys end"), flow.ends, flow.end_count,
                          flow.trace_count, err);
    return code;
}

/* "A → B → C". NULL when memory is used up. */
static const char *way_text(struct arena *arena, const struct vg_variant *variant)
{
    struct buf text = {0};
    for (size_t i = 0; i < variant->activity_count; i++) {
        buf_text(&text, i ? " \u2192 " : "");
        buf_text(&text, variant->activities[i]);
    }
    const char *ret =
        text.failed ? NULL : arena_text(arena, text.ptr ? buf_str(&text) : STR(""));
    buf_free(&text);
    return ret;
}

static enum vg_code print_variants(struct run *run, const struct vg_variants *variants,
                                   struct vg_err *err)
{
    static const struct column columns[] = {
        {"count", NC_("table", "journeys"), CELL_COUNT, TONE_PLAIN},
        {"share", NC_("table", "share"), CELL_SHARE, TONE_PLAIN},
        {NULL, "", CELL_BAR, TONE_BLUE},
        {"duration_median_s", NC_("table", "median time"), CELL_DURATION, TONE_PLAIN},
        {"example", NC_("table", "such as"), CELL_TEXT, TONE_QUIET},
        {"activities", NC_("table", "the way"), CELL_TEXT, TONE_PLAIN},
    };
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < variants->variant_count; i++) {
        const struct vg_variant *variant = &variants->variants[i];
        const char *way = way_text(run->arena, variant);
        double share = (double)variant->count / (double)variants->trace_count;
        if (!way)
            return err_memory(err);
        table_number(&table, (double)variant->count);
        table_number(&table, share);
        table_number(&table, share);
        table_number(&table, variant->duration_median_s);
        table_text(&table, variant->example);
        table_text(&table, way);
    }
    return table_print(&table, &run->screen, err);
}

enum vg_code verb_variants(struct run *run, struct vg_err *err)
{
    struct vg_variants variants;
    enum vg_code code = run_evidence(run, err);
    if (code == VG_OK)
        code = variants_mine(run->arena, run->evidence.log, run->request.top, &variants,
                             err);
    if (code != VG_OK)
        return code;
    if (run->request.json)
        return run_json(run, variants_to_json(&variants), err);
    screen_say(&run->screen, TONE_STRONG,
               _n("%s, %s way", "%s, %s different ways", variants.total),
               text_journeys(run, variants.trace_count),
               text_count(run->arena, variants.total));
    screen_line(&run->screen);
    code = print_variants(run, &variants, err);
    if (variants.variant_count < variants.total)
        screen_say(&run->screen, TONE_QUIET, _("… and %s more: --top 0 shows all"),
                   text_count(run->arena, variants.total - variants.variant_count));
    return code;
}
