/* The flow as a picture. Declared in view/charts.h. */
#include "base/lang.h"
#include "view/charts.h"
#include "view/flow_layout.h"
#include "view/flow_pick.h"
#include "view/theme.h"

#include <math.h>

#define NODE_TEXT   148.0 /* the widest a name may get before it breaks */
#define NODE_PAD_X  12.0
#define NODE_PAD_Y  8.0
#define LOOP_WIDTH  22.0
#define MARGIN      12.0
#define MOST_LABELS 48

static const struct text_style node_style = {
    .size = 12.5, .face = FACE_SEMIBOLD, .leading = 16};
static const struct text_style count_style = {.size = 11, .leading = 15, .tabular = true};

struct node_words {
    struct text_block name, count, loop;
};
struct drawing {
    struct arena *arena;
    struct scene *scene;
    struct flow_picked picked;
    struct flow_graph graph;
    struct node_words *nodes;
    struct text_block *labels; /* of passages; count 0: none */
    uint64_t most_node, most_passage;
};

static const char *node_name(const struct drawing *d, size_t node)
{
    const char *activity = d->picked.nodes[node].activity;
    return activity ? activity : node == 0 ? _c("flow", "Start") : _c("flow", "End");
}

/* A link's thickness grows with the root of its weight, so that rare ones still show. */
static double thickness(const struct drawing *d, const struct flow_passage *passage)
{
    return 1.2 + 7.8 * sqrt((double)passage->count / (double)d->most_passage);
}

static void measure_node(struct drawing *d, size_t i)
{
    const struct flow_node *node = &d->picked.nodes[i];
    struct node_words *words = &d->nodes[i];
    struct flow_box *box = &d->graph.boxes[i];
    words->name = text_break(d->arena, node_name(d, i), &node_style, NODE_TEXT, 3);
    words->count =
        text_break(d->arena, text_count(d->arena, node->count), &count_style, 0, 1);
    double inner = fmax(words->name.width, words->count.width);
    box->left = box->right = fmax(inner / 2 + NODE_PAD_X, 34);
    box->height = words->name.height + words->count.height + 2 * NODE_PAD_Y;
    if (node->loops) {
        const char *loop =
            arena_printf(d->arena, "%s×", text_count(d->arena, node->loops));
        words->loop = text_break(d->arena, loop ? loop : "", &count_style, 0, 1);
        box->right += LOOP_WIDTH + 4 + words->loop.width;
    }
}

/* Which passages say their number: the main ones. */
static void measure_label(struct drawing *d, size_t i, size_t *labelled)
{
    const struct flow_passage *passage = &d->picked.passages[i];
    struct flow_link *link = &d->graph.links[i];
    bool main = passage->count * 25 >= d->most_passage || d->picked.passage_count <= 24;
    bool only = (passage->from == 0 || passage->to == 1) &&
                passage->count == d->picked.nodes[0].count;
    if (!main || only || *labelled >= MOST_LABELS)
        return;
    (*labelled)++;
    const char *count = text_count(d->arena, passage->count);
    const char *label = count;
    if (isfinite(passage->median_s))
        label = arena_printf(d->arena, "%s · %s", count ? count : "",
                             text_duration(d->arena, passage->median_s));
    d->labels[i] = text_break(d->arena, label ? label : "", &count_style, 0, 1);
    link->label_width = d->labels[i].width + 10;
    link->label_height = d->labels[i].height + 4;
}

static enum vg_code measure(struct drawing *d, struct vg_err *err)
{
    size_t n = d->picked.node_count, m = d->picked.passage_count, labelled = 0;
    d->nodes = arena_array(d->arena, struct node_words, n);
    d->labels = arena_array(d->arena, struct text_block, m + 1);
    d->graph =
        (struct flow_graph){.boxes = arena_array(d->arena, struct flow_box, n),
                            .box_count = n,
                            .links = arena_array(d->arena, struct flow_link, m + 1),
                            .link_count = m,
                            .box_gap = 26,
                            .line_gap = 12,
                            .layer_gap = 15};
    if (!d->nodes || !d->labels || !d->graph.boxes || !d->graph.links)
        return err_memory(err);
    d->most_node = d->most_passage = 1;
    for (size_t i = 2; i < n; i++)
        if (d->picked.nodes[i].count > d->most_node)
            d->most_node = d->picked.nodes[i].count;
    for (size_t i = 0; i < m; i++)
        if (d->picked.passages[i].count > d->most_passage)
            d->most_passage = d->picked.passages[i].count;
    for (size_t i = 0; i < n; i++)
        measure_node(d, i);
    for (size_t i = 0; i < m; i++) {
        const struct flow_passage *passage = &d->picked.passages[i];
        d->graph.links[i] = (struct flow_link){.from = passage->from,
                                               .to = passage->to,
                                               .weight = (double)passage->count,
                                               .thick = thickness(d, passage)};
        measure_label(d, i, &labelled);
    }
    return VG_OK;
}

/* ---- drawing ---- */

static void arrow_head(struct scene *scene, struct point tip, double width, bool up,
                       unsigned ink)
{
    double length = (5 + width) * (up ? 1 : -1), half = 3 + width * 0.62;
    struct path path = {0};
    path_move(&path, tip);
    path_line(&path, (struct point){tip.x - half, tip.y + length});
    path_line(&path, (struct point){tip.x + half, tip.y + length});
    path_close(&path);
    scene_path(scene, &path, (struct paint){.fill = ink});
}

static unsigned link_ink(const struct flow_link *link)
{
    if (link->back)
        return INK_PHASE_4;
    return link->from == 0 || link->to == 1 ? INK_IDLE_FILL : INK_EVIDENCE;
}

static void draw_link(struct drawing *d, size_t i)
{
    const struct flow_link *link = &d->graph.links[i];
    const struct flow_passage *passage = &d->picked.passages[i];
    unsigned ink = link_ink(link);
    double head = 4 + link->thick, bottom = link->back ? 0 : head,
           top = link->back ? head : 0;
    bool edge = link->from == 0 || link->to == 1;
    struct path path = {0};
    for (size_t k = 0; k < link->station_count; k++) {
        struct flow_station s = link->stations[k];
        if (k == 0)
            s.y0 = s.y1 = s.y0 + top;
        if (k + 1 == link->station_count)
            s.y0 = s.y1 = s.y1 - bottom;
        if (k == 0) {
            path_move(&path, (struct point){s.x, s.y0});
        } else {
            const struct flow_station *before = &link->stations[k - 1];
            double y = before->y1 + (k == 1 ? top : 0), bend = (s.y0 - y) * 0.55;
            if (fabs(before->x - s.x) < 0.05)
                path_line(&path, (struct point){s.x, s.y0});
            else
                path_curve(&path, (struct point){before->x, y + bend},
                           (struct point){s.x, s.y0 - bend}, (struct point){s.x, s.y0});
        }
        if (s.y1 > s.y0)
            path_line(&path, (struct point){s.x, s.y1});
    }
    const char *title =
        arena_printf(d->arena, "%s → %s: %s", node_name(d, link->from),
                     node_name(d, link->to), text_count(d->arena, passage->count));
    if (isfinite(passage->median_s))
        title =
            arena_printf(d->arena, _("%s · half of them within %s, 95%% within %s"),
                         title ? title : "", text_duration(d->arena, passage->median_s),
                         text_duration(d->arena, passage->p95_s));
    scene_group(d->scene, &(struct scene_group){.class = "passage", .title = title});
    scene_path(d->scene, &path,
               (struct paint){.stroke = ink,
                              .width = link->thick,
                              .stroke_alpha = edge ? 0.55 : 0.8,
                              .dash = edge && link->thick < 4 ? "4 3" : NULL});
    const struct flow_station *first = link->stations,
                              *last = &link->stations[link->station_count - 1];
    if (link->back)
        arrow_head(d->scene, (struct point){first->x, first->y0}, link->thick, true, ink);
    else
        arrow_head(d->scene, (struct point){last->x, last->y1}, link->thick, false, ink);
    scene_end(d->scene);
}

static void draw_label(struct drawing *d, size_t i)
{
    const struct flow_link *link = &d->graph.links[i];
    if (link->label_width <= 0)
        return;
    struct rect box = {link->label_x - link->label_width / 2,
                       link->label_y - link->label_height / 2, link->label_width,
                       link->label_height};
    scene_group(d->scene, &(struct scene_group){.class = "passage-label", .holds = &box});
    scene_box(d->scene, box, 8,
              (struct paint){
                  .fill = INK_PAPER, .stroke = link_ink(link), .stroke_alpha = 0.45});
    scene_text(d->scene, link->label_x, box.y + 2, TEXT_MIDDLE, &d->labels[i], INK_TEXT);
    scene_end(d->scene);
}

static void draw_loop(struct drawing *d, size_t i, double right)
{
    const struct flow_box *box = &d->graph.boxes[i];
    const struct node_words *words = &d->nodes[i];
    double low = box->y + box->height * 0.72, high = box->y + box->height * 0.28,
           out = right + LOOP_WIDTH - 3;
    struct path path = {0};
    path_move(&path, (struct point){right, high});
    path_curve(&path, (struct point){out + 4, high - 4}, (struct point){out + 4, low + 4},
               (struct point){right + 5, low});
    scene_path(d->scene, &path, (struct paint){.stroke = INK_PHASE_4, .width = 1.8});
    struct path head = {0};
    path_move(&head, (struct point){right, low});
    path_line(&head, (struct point){right + 7, low - 4});
    path_line(&head, (struct point){right + 7, low + 4});
    path_close(&head);
    scene_path(d->scene, &head, (struct paint){.fill = INK_PHASE_4});
    scene_text(d->scene, right + LOOP_WIDTH + 2,
               box->y + (box->height - words->loop.height) / 2, TEXT_START, &words->loop,
               INK_TEXT);
}

static const char *node_title(struct drawing *d, size_t i)
{
    const struct flow_node *node = &d->picked.nodes[i];
    const char *count = text_count(d->arena, node->count);
    if (!node->activity)
        return arena_printf(d->arena,
                            _n("%s: %s journey", "%s: %s journeys", node->count),
                            node_name(d, i), count);
    const char *title = arena_printf(
        d->arena, _n("%s: %s time", "%s: %s times", node->count), node->activity, count);
    if (node->loops)
        title = arena_printf(d->arena, _("%s · again right after itself: %s"),
                             title ? title : "", text_count(d->arena, node->loops));
    return title;
}

static void draw_node(struct drawing *d, size_t i)
{
    const struct flow_node *node = &d->picked.nodes[i];
    const struct flow_box *box = &d->graph.boxes[i];
    const struct node_words *words = &d->nodes[i];
    struct rect body = {box->x - box->left, box->y, 2 * box->left, box->height};
    bool end = !node->activity;
    scene_group(d->scene,
                &(struct scene_group){.class = "node", .title = node_title(d, i)});
    if (end) {
        scene_box(d->scene, body, body.h / 2, (struct paint){.fill = INK_TEXT});
    } else {
        double tint = 0.05 + 0.30 * sqrt((double)node->count / (double)d->most_node);
        scene_box(d->scene, body, 9, (struct paint){.fill = INK_CARD});
        scene_box(d->scene, body, 9,
                  (struct paint){.fill = INK_EVIDENCE,
                                 .fill_alpha = tint,
                                 .stroke = INK_EVIDENCE,
                                 .stroke_alpha = 0.7,
                                 .width = 1.2});
    }
    unsigned ink = end ? INK_PAPER : INK_TEXT;
    scene_text(d->scene, box->x, box->y + NODE_PAD_Y, TEXT_MIDDLE, &words->name, ink);
    scene_text(d->scene, box->x, box->y + NODE_PAD_Y + words->name.height, TEXT_MIDDLE,
               &words->count, ink);
    if (node->loops)
        draw_loop(d, i, body.x + body.w);
    scene_end(d->scene);
}

/* ---- words ---- */

static const char *describe(struct drawing *d)
{
    struct buf out = {0};
    buf_printf(&out, "%s", _("Which activity comes right after which."));
    size_t said = 0;
    for (size_t i = 0; i < d->picked.passage_count && said < 6; i++) {
        const struct flow_passage *p = &d->picked.passages[i];
        if (p->from == 0 || p->to == 1)
            continue;
        buf_text(&out, said++ ? "; " : " ");
        buf_printf(&out, "%s → %s: ", node_name(d, p->from), node_name(d, p->to));
        write_count(&out, p->count);
    }
    const char *text = out.failed ? NULL : arena_text(d->arena, buf_str(&out));
    buf_free(&out);
    return text ? text : "";
}

static double draw_legend(struct drawing *d, double y, double width)
{
    const char *share = text_share(d->arena, d->picked.shown, 0);
    const char *text =
        d->picked.activities_left_out
            ? arena_printf(
                  d->arena,
                  _n("%s of all passages are shown; %s rare activity is left out.",
                     "%s of all passages are shown; %s rare activities are left out.",
                     d->picked.activities_left_out),
                  share, text_count(d->arena, d->picked.activities_left_out))
            : arena_printf(d->arena, _("%s of all passages are shown."), share);
    const char *legend = arena_printf(d->arena, "%s %s",
                                      _("On each line: how often, and the median time. "
                                        "Thick: often. Red: back again."),
                                      text ? text : "");
    legend = text_agreed(d->arena, legend);
    return scene_words(d->scene, MARGIN, y, fmin(width - 2 * MARGIN, 520),
                       legend ? legend : "", &type_small, INK_QUIET);
}

static void draw_nothing(struct drawing *d, double width)
{
    double h = scene_words(d->scene, MARGIN, MARGIN, width - 2 * MARGIN,
                           _("There is no evidence yet: no flow to draw."), &type_body,
                           INK_QUIET);
    scene_size(d->scene, width, h + 2 * MARGIN);
}

static void move_by(struct flow_graph *graph, double dx, double dy)
{
    for (size_t i = 0; i < graph->box_count; i++) {
        graph->boxes[i].x += dx;
        graph->boxes[i].y += dy;
    }
    for (size_t i = 0; i < graph->link_count; i++) {
        struct flow_link *link = &graph->links[i];
        link->label_x += dx;
        link->label_y += dy;
        for (size_t k = 0; k < link->station_count; k++) {
            link->stations[k].x += dx;
            link->stations[k].y0 += dy;
            link->stations[k].y1 += dy;
        }
    }
}

static enum vg_code draw_all(struct drawing *d, double width, struct vg_err *err)
{
    enum vg_code code = measure(d, err);
    if (code == VG_OK)
        code = flow_layout(d->arena, &d->graph, err);
    if (code != VG_OK)
        return code;
    double whole = fmax(width, d->graph.width + 2 * MARGIN);
    move_by(&d->graph, (whole - d->graph.width) / 2, MARGIN);
    for (size_t i = d->graph.link_count; i-- > 0;) /* the rare ones below */
        draw_link(d, i);
    for (size_t i = 0; i < d->graph.link_count; i++)
        draw_label(d, i);
    for (size_t i = 0; i < d->graph.box_count; i++)
        draw_node(d, i);
    double y = d->graph.height + 2 * MARGIN + 6;
    y += draw_legend(d, y, whole);
    scene_size(d->scene, whole, y + MARGIN);
    return VG_OK;
}

enum vg_code flow_draw(struct arena *arena, const struct vg_flow *flow,
                       const struct flow_options *options, struct scene **ret,
                       struct vg_err *err)
{
    struct flow_options plain = {.detail = 0.4};
    const struct flow_options *o = options ? options : &plain;
    struct drawing d = {
        .arena = arena,
        .scene = scene_new(arena, &view_theme, o->chart.id ? o->chart.id : "flow")};
    if (!d.scene)
        return err_memory(err);
    double width = o->chart.width > 0 ? o->chart.width : 320;
    enum vg_code code = flow_pick(arena, flow, o->detail, &d.picked, err);
    if (code != VG_OK)
        return code;
    scene_title(d.scene, "img", _("The flow"), describe(&d));
    if (d.picked.passage_count == 0)
        draw_nothing(&d, width);
    else
        code = draw_all(&d, width, err);
    if (code != VG_OK)
        return code;
    if (scene_failed(d.scene))
        return err_memory(err);
    *ret = d.scene;
    return VG_OK;
}
