/* flow_layers: what the steps of flow_layout hand to each other. Not for others.
 *
 * A link that spans several layers is cut into segments by vertices without a box, one in
 * each layer between; so every segment joins neighbouring layers. Layers are counted
 * twice as fine as those of boxes: the odd ones hold the labels. */
#ifndef VIEW_FLOW_LAYERS_H
#define VIEW_FLOW_LAYERS_H

#include "view/flow_layout.h"

#define NOWHERE SIZE_MAX

struct flow_vertex {
    size_t layer, place; /* place: from the left, 0 first */
    double left, right, height;
    size_t box, link; /* one of them is NOWHERE */
    bool label;       /* it holds its link's label */
    double x;
};
struct flow_segment {
    size_t upper, lower; /* vertices */
    size_t link;
    double weight; /* how much it wants to be straight */
};
struct flow_layers {
    struct flow_vertex *vertices;
    size_t vertex_count;
    struct flow_segment *segments;
    size_t segment_count;
    size_t *down_first, *down; /* vertex → its segments downwards */
    size_t *up_first, *up;     /* vertex → its segments upwards   */
    size_t *first;             /* [layer_count + 1] in order */
    size_t *order;             /* vertices of each layer, from the left */
    size_t layer_count;
    double box_gap, line_gap;
};

/* Sets links[].back and boxes[].layer. */
MUST_CHECK enum vg_code flow_rank(struct arena *arena, struct flow_graph *graph,
                                  struct vg_err *err);
/* Sets order and place so that few segments cross. */
MUST_CHECK enum vg_code flow_order(struct arena *arena, struct flow_layers *layers,
                                   struct vg_err *err);
/* Sets x. */
MUST_CHECK enum vg_code flow_place(struct arena *arena, struct flow_layers *layers,
                                   struct vg_err *err);

static inline double flow_apart(const struct flow_layers *layers, size_t left,
                                size_t right)
{
    const struct flow_vertex *a = &layers->vertices[left], *b = &layers->vertices[right];
    bool boxes = a->box != NOWHERE && b->box != NOWHERE;
    return a->right + b->left + (boxes ? layers->box_gap : layers->line_gap);
}

#endif
