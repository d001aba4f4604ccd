#include "view/flow_layout.h"

#include "view/flow_layers.h"

#include <math.h>
#include <stdlib.h>

/* ---- links become chains of segments ---- */

static size_t upper_box(const struct flow_link *link)
{
    return link->back ? link->to : link->from;
}
static size_t lower_box(const struct flow_link *link)
{
    return link->back ? link->from : link->to;
}

/* The vertices between the two boxes of a link: one in each of the fine layers between.
 */
static size_t between(const struct flow_graph *graph, const struct flow_link *link)
{
    return 2 * (graph->boxes[lower_box(link)].layer -
                graph->boxes[upper_box(link)].layer) -
           1;
}

static void add_chain(struct flow_layers *layers, const struct flow_graph *graph,
                      size_t i)
{
    const struct flow_link *link = &graph->links[i];
    size_t n = between(graph, link), above = upper_box(link);
    size_t layer = 2 * graph->boxes[above].layer;
    size_t middle = n / 4 * 2; /* an odd layer, in the middle or just above it */
    for (size_t k = 0; k <= n; k++) {
        size_t below = lower_box(link);
        if (k < n) {
            bool label = k == middle && link->label_width > 0;
            below = layers->vertex_count++;
            layers->vertices[below] = (struct flow_vertex){
                .layer = layer + 1 + k,
                .left = fmax(label ? link->label_width : 2, link->thick) / 2,
                .right = fmax(label ? link->label_width : 2, link->thick) / 2,
                .height = label ? link->label_height : 0,
                .box = NOWHERE,
                .link = i,
                .label = label,
            };
        }
        bool inner = k > 0 && k < n;
        layers->segments[layers->segment_count++] = (struct flow_segment){
            above, below, i, (link->weight > 0 ? link->weight : 1e-6) * (inner ? 8 : 1)};
        above = below;
    }
}

static enum vg_code neighbours(struct arena *arena, struct flow_layers *layers,
                               struct vg_err *err)
{
    size_t n = layers->vertex_count, m = layers->segment_count;
    layers->down_first = arena_array(arena, size_t, n + 2);
    layers->up_first = arena_array(arena, size_t, n + 2);
    layers->down = arena_array(arena, size_t, m + 1);
    layers->up = arena_array(arena, size_t, m + 1);
    if (!layers->down_first || !layers->up_first || !layers->down || !layers->up)
        return err_memory(err);
    for (size_t i = 0; i < m; i++) {
        layers->down_first[layers->segments[i].upper + 2]++;
        layers->up_first[layers->segments[i].lower + 2]++;
    }
    for (size_t v = 2; v < n + 2; v++) {
        layers->down_first[v] += layers->down_first[v - 1];
        layers->up_first[v] += layers->up_first[v - 1];
    }
    for (size_t i = 0; i < m; i++) {
        layers->down[layers->down_first[layers->segments[i].upper + 1]++] = i;
        layers->up[layers->up_first[layers->segments[i].lower + 1]++] = i;
    }
    return VG_OK;
}

static enum vg_code build(struct arena *arena, const struct flow_graph *graph,
                          struct flow_layers *layers, struct vg_err *err)
{
    size_t vertices = graph->box_count, last = 0;
    for (size_t i = 0; i < graph->link_count; i++)
        vertices += between(graph, &graph->links[i]);
    for (size_t i = 0; i < graph->box_count; i++)
        last = graph->boxes[i].layer > last ? graph->boxes[i].layer : last;
    layers->layer_count = 2 * last + 1;
    layers->box_gap = graph->box_gap;
    layers->line_gap = graph->line_gap;
    layers->vertices = arena_array(arena, struct flow_vertex, vertices);
    layers->segments =
        arena_array(arena, struct flow_segment, vertices + graph->link_count);
    layers->first = arena_array(arena, size_t, layers->layer_count + 1);
    layers->order = arena_array(arena, size_t, vertices);
    if (!layers->vertices || !layers->segments || !layers->first || !layers->order)
        return err_memory(err);
    for (size_t i = 0; i < graph->box_count; i++)
        layers->vertices[i] = (struct flow_vertex){.layer = 2 * graph->boxes[i].layer,
                                                   .left = graph->boxes[i].left,
                                                   .right = graph->boxes[i].right,
                                                   .height = graph->boxes[i].height,
                                                   .box = i,
                                                   .link = NOWHERE};
    layers->vertex_count = graph->box_count;
    for (size_t i = 0; i < graph->link_count; i++)
        add_chain(layers, graph, i);
    for (size_t v = 0; v < layers->vertex_count; v++)
        layers->first[layers->vertices[v].layer + 1]++;
    for (size_t layer = 0; layer < layers->layer_count; layer++)
        layers->first[layer + 1] += layers->first[layer];
    return neighbours(arena, layers, err);
}

/* ---- from places to coordinates ---- */

struct band { /* of one fine layer */
    double y, height;
    double reach; /* how far the segments below it go sideways */
};

static void bands_set(const struct flow_graph *graph, const struct flow_layers *layers,
                      struct band *bands)
{
    for (size_t v = 0; v < layers->vertex_count; v++) {
        struct band *band = &bands[layers->vertices[v].layer];
        band->height = fmax(band->height, layers->vertices[v].height);
    }
    for (size_t i = 0; i < layers->segment_count; i++) {
        const struct flow_vertex *upper = &layers->vertices[layers->segments[i].upper],
                                 *lower = &layers->vertices[layers->segments[i].lower];
        struct band *band = &bands[upper->layer];
        band->reach = fmax(band->reach, fabs(upper->x - lower->x));
    }
    double y = 0;
    for (size_t layer = 0; layer < layers->layer_count; layer++) {
        bands[layer].y = y;
        y += bands[layer].height;
        if (layer + 1 < layers->layer_count)
            y += fmin(graph->layer_gap * 3, graph->layer_gap + bands[layer].reach * 0.06);
    }
}

struct port {
    double toward; /* the x of the other end */
    size_t segment;
};

static int port_compare(const void *a, const void *b)
{
    const struct port *x = a, *y = b;
    if (x->toward != y->toward)
        return x->toward < y->toward ? -1 : 1;
    return x->segment < y->segment ? -1 : x->segment > y->segment;
}

/* Where the segments of one side of a box leave it: in the order of where they go. The
 * heaviest goes straight to its other end if it can; the others stand beside it. */
static void ports_set(const struct flow_layers *layers, size_t box, bool down,
                      struct port *ports, double *port_x)
{
    const size_t *first = down ? layers->down_first : layers->up_first;
    const size_t *list = down ? layers->down : layers->up;
    const struct flow_vertex *v = &layers->vertices[box];
    size_t n = 0, heaviest = 0;
    for (size_t i = first[box]; i < first[box + 1]; i++) {
        const struct flow_segment *s = &layers->segments[list[i]];
        ports[n++] =
            (struct port){layers->vertices[down ? s->lower : s->upper].x, list[i]};
    }
    if (n == 0)
        return;
    qsort(ports, n, sizeof(*ports), port_compare);
    for (size_t k = 1; k < n; k++)
        if (layers->segments[ports[k].segment].weight >
            layers->segments[ports[heaviest].segment].weight)
            heaviest = k;
    double half = fmin(v->left, v->right) * 0.8, room = half / 3;
    double low = v->x - half, high = v->x + half;
    double x = fmax(low + (heaviest ? room : 0),
                    fmin(high - (heaviest + 1 < n ? room : 0), ports[heaviest].toward));
    for (size_t k = 0; k < n; k++) {
        double steps = (double)k - (double)heaviest;
        double apart = k < heaviest
                           ? (x - low) / (double)heaviest
                           : (high - x) / (double)(n - 1 - heaviest + (k == heaviest));
        port_x[ports[k].segment] = k == heaviest ? x : x + steps * fmin(apart, 20);
    }
}

static enum vg_code route(struct arena *arena, struct flow_graph *graph,
                          const struct flow_layers *layers, const struct band *bands,
                          struct vg_err *err)
{
    size_t m = layers->segment_count + 1;
    struct port *ports = arena_array(arena, struct port, m);
    double *leave = arena_array(arena, double, m),
           *arrive = arena_array(arena, double, m);
    if (!ports || !leave || !arrive)
        return err_memory(err);
    for (size_t box = 0; box < graph->box_count; box++) {
        ports_set(layers, box, true, ports, leave);
        ports_set(layers, box, false, ports, arrive);
    }
    size_t segment = 0;
    for (size_t i = 0; i < graph->link_count; i++) { /* segments stand link by link */
        struct flow_link *link = &graph->links[i];
        size_t n = between(graph, link) + 2;
        link->stations = arena_array(arena, struct flow_station, n);
        if (!link->stations)
            return err_memory(err);
        link->station_count = n;
        const struct flow_box *above = &graph->boxes[upper_box(link)],
                              *below = &graph->boxes[lower_box(link)];
        link->stations[0] = (struct flow_station){
            leave[segment], above->y + above->height, above->y + above->height};
        for (size_t k = 1; k + 1 < n; k++, segment++) {
            const struct flow_vertex *v =
                &layers->vertices[layers->segments[segment].lower];
            const struct band *band = &bands[v->layer];
            link->stations[k] =
                (struct flow_station){v->x, band->y, band->y + band->height};
            if (v->label) {
                link->label_x = v->x;
                link->label_y = band->y + band->height / 2;
            }
        }
        link->stations[n - 1] =
            (struct flow_station){arrive[segment++], below->y, below->y};
    }
    return VG_OK;
}

enum vg_code flow_layout(struct arena *arena, struct flow_graph *graph,
                         struct vg_err *err)
{
    struct flow_layers layers = {0};
    enum vg_code code = flow_rank(arena, graph, err);
    if (code == VG_OK)
        code = build(arena, graph, &layers, err);
    if (code == VG_OK)
        code = flow_order(arena, &layers, err);
    if (code == VG_OK)
        code = flow_place(arena, &layers, err);
    if (code != VG_OK)
        return code;
    struct band *bands = arena_array(arena, struct band, layers.layer_count);
    if (!bands)
        return err_memory(err);
    bands_set(graph, &layers, bands);
    graph->width = 0;
    for (size_t v = 0; v < layers.vertex_count; v++)
        graph->width =
            fmax(graph->width, layers.vertices[v].x + layers.vertices[v].right);
    for (size_t i = 0; i < graph->box_count; i++) {
        const struct band *band = &bands[layers.vertices[i].layer];
        graph->boxes[i].x = layers.vertices[i].x;
        graph->boxes[i].y = band->y + (band->height - graph->boxes[i].height) / 2;
    }
    const struct band *last = &bands[layers.layer_count - 1];
    graph->height = last->y + last->height;
    return route(arena, graph, &layers, bands, err);
}
