/* The poster as a table, for who cannot see it, and for copying: one row a step. */
#include "view/poster_parts.h"

#include "base/lang.h"

#include <math.h>

static void cell_text(struct buf *out, const char *text)
{
    buf_text(out, "<td>");
    buf_xml(out, str_from(poster_has(text) ? text : "—"));
    buf_text(out, "</td>");
}

static void cell_items(struct buf *out, const struct map_item *items, size_t count)
{
    buf_text(out, "<td>");
    for (size_t i = 0; i < count; i++) {
        buf_text(out, i ? "<br>" : "");
        buf_xml(out, str_from(items[i].text));
    }
    buf_text(out, count ? "</td>" : "—</td>");
}

static void cell_texts(struct buf *out, const struct map_texts *texts)
{
    buf_text(out, "<td>");
    for (size_t i = 0; i < texts->count; i++) {
        buf_text(out, i ? "<br>" : "");
        buf_xml(out, str_from(texts->items[i]));
    }
    buf_text(out, texts->count ? "</td>" : "—</td>");
}

static void cell_touch(struct buf *out, const struct map_step *s)
{
    buf_text(out, "<td>");
    for (size_t i = 0; i < s->touchpoint_count; i++) {
        const struct map_touchpoint *t = &s->touchpoints[i];
        buf_text(out, i ? "<br>" : "");
        buf_xml(out, str_from(t->title));
        if (poster_has(t->channel)) {
            buf_text(out, " (");
            buf_xml(out, str_from(t->channel));
            buf_text(out, ")");
        }
    }
    buf_text(out, s->touchpoint_count ? "</td>" : "—</td>");
}

/* "delusione; creduto +0,4; dalle prove −1,2 (da −1,4 a −1,0), n 318" */
static void cell_feeling(struct poster *p, struct buf *out, size_t step)
{
    const struct map_step *s = &p->map->steps[step];
    const struct vg_step_emotion *e = poster_emotion(p, step);
    size_t before = out->len;
    buf_text(out, "<td>");
    buf_xml(out, str_from(s->feeling.emotion));
    if (isfinite(s->feeling.valence)) {
        buf_printf(out, "%s%s ", poster_has(s->feeling.emotion) ? "; " : "",
                   _c("a feeling", "believed"));
        write_signed(out, s->feeling.valence, 1);
    }
    if (e) {
        buf_printf(out, "; %s ", _("from the evidence"));
        write_signed(out, e->mean, 1);
        if (isfinite(e->low) && isfinite(e->high)) {
            buf_text(out, " (");
            write_signed(out, e->low, 1);
            buf_text(out, " … ");
            write_signed(out, e->high, 1);
            buf_text(out, ")");
        }
        buf_text(out, ", n ");
        write_count(out, e->n);
    }
    buf_text(out, out->len == before + 4 ? "—</td>" : "</td>");
}

static void cell_numbers(struct poster *p, struct buf *out, size_t step)
{
    const struct vg_funnel_step *s = poster_funnel(p, step);
    uint64_t all = poster_customers(p);
    if (!s || s->reached == 0) {
        cell_text(out, _("never seen in the evidence"));
        return;
    }
    buf_text(out, "<td>");
    write_share(out, all ? (double)s->reached / (double)all : NAN, 0);
    buf_text(out, " (");
    write_count(out, s->reached);
    buf_text(out, ")");
    if (isfinite(poster_time_before(p, step))) {
        const char *time = text_duration(p->arena, poster_time_before(p, step));
        buf_text(out, "; ");
        buf_printf(out, _("after %s"), time ? time : "");
    }
    if (s->lost > 0) {
        const char *share = text_share(p->arena, s->lost_share, 0);
        buf_text(out, "; ");
        const char *lost = text_agreed(
            p->arena, arena_printf(p->arena, _("then %s are lost"), share ? share : ""));
        buf_text(out, lost ? lost : "");
        buf_text(out, " (");
        write_share(out, s->lost_low, 0);
        buf_text(out, "–");
        write_share(out, s->lost_high, 0);
        buf_text(out, ")");
    }
    buf_text(out, "</td>");
}

static void cell_actions(struct poster *p, struct buf *out, size_t step)
{
    size_t before = out->len;
    buf_text(out, "<td>");
    for (size_t i = 0; i < p->map->action_count; i++) {
        const struct map_action *a = &p->map->actions[i];
        if (!poster_action_is_about(a, &p->map->steps[step]))
            continue;
        buf_text(out, out->len > before + 4 ? "<br>" : "");
        buf_xml(out, str_from(a->title));
        buf_printf(out, " (%s)", action_state_text(a->state));
        if (poster_has(a->result)) {
            buf_text(out, ": ");
            buf_xml(out, str_from(a->result));
        }
    }
    buf_text(out, out->len == before + 4 ? "—</td>" : "</td>");
}

static void cell_of(struct poster *p, struct buf *out, enum poster_lane lane, size_t step)
{
    const struct map_step *s = &p->map->steps[step];
    switch (lane) {
    case LANE_OBJECTIVES:
        cell_texts(out, &s->objectives);
        break;
    case LANE_DOING:
        cell_text(out, s->doing);
        break;
    case LANE_TOUCHPOINT:
        cell_touch(out, s);
        break;
    case LANE_THINKING:
        cell_text(out, s->thinking);
        break;
    case LANE_FEELING:
        cell_feeling(p, out, step);
        break;
    case LANE_REALITY:
        cell_numbers(p, out, step);
        break;
    case LANE_PAINS:
        cell_items(out, s->pains, s->pain_count);
        break;
    case LANE_OPPORTUNITIES:
        cell_items(out, s->opportunities, s->opportunity_count);
        break;
    case LANE_ACTIONS:
        cell_actions(p, out, step);
        break;
    case LANE_OWNERS:
        cell_text(out, poster_has(s->owner) ? s->owner : _c("owner", "nobody"));
        break;
    case LANE_COUNT:
        break;
    }
}

static void table_row(struct poster *p, struct buf *out, size_t step)
{
    const struct map_step *s = &p->map->steps[step];
    buf_text(out, "<tr data-step=\"");
    buf_xml(out, str_from(s->id));
    buf_printf(out, "\"><td>");
    buf_xml(out, str_from(p->map->phases[s->phase].title));
    buf_printf(out, "</td><th scope=\"row\">%zu. ", step + 1);
    buf_xml(out, str_from(s->title));
    if (s->moment_of_truth)
        buf_printf(out, " (%s)", _("moment of truth"));
    buf_text(out, "</th>");
    for (size_t i = 0; i < p->order_count; i++)
        if (p->order[i].own)
            cell_text(out, s->own[p->order[i].lane]);
        else
            cell_of(p, out, (enum poster_lane)p->order[i].lane, step);
    buf_text(out, "</tr>\n");
}

enum vg_code poster_table(struct arena *arena, const struct study *study, struct buf *out,
                          struct vg_err *err)
{
    struct poster p = {.arena = arena, .study = study, .map = study->map};
    p.evidence = study->log != NULL || study->funnel.trace_count > 0;
    if (!poster_order_lanes(&p, 0))
        return err_memory(err);
    buf_text(out, "<table class=\"poster-table\">\n<caption>");
    buf_xml(out, str_from(p.map->title));
    buf_printf(
        out, "</caption>\n<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th>",
        _("Phase"), _("Step"));
    for (size_t i = 0; i < p.order_count; i++) {
        size_t lane = p.order[i].lane;
        buf_text(out, "<th scope=\"col\">");
        buf_xml(out, str_from(p.order[i].own ? p.map->lanes[lane].title
                                             : poster_lane_text((enum poster_lane)lane)));
        buf_text(out, "</th>");
    }
    buf_text(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < p.map->step_count; i++)
        table_row(&p, out, i);
    buf_text(out, "</tbody></table>\n");
    return out->failed ? err_memory(err) : VG_OK;
}
