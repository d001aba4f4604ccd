/* flow_layout: a directed graph set in layers from top to bottom, so that most arrows
 * point down, few cross, and the heavy ones run straight. It knows boxes and lengths
 * only.
 *
 * The five steps of K. Sugiyama, S. Tagawa, M. Toda (1981), "Methods for visual
 * understanding of hierarchical system structures": break cycles (flow_rank.c), choose
 * layers (flow_rank.c), order each layer (flow_order.c), place (flow_place.c), route
 * (flow_layout.c).
 *
 * Units        CSS pixels, y downwards.
 * Invariant    no two boxes and no two labels overlap, and no label lies on a box: a
 * label has a place of its own among the boxes of a layer. Same input, same picture:
 * nothing depends on addresses, time or chance. */
#ifndef VIEW_FLOW_LAYOUT_H
#define VIEW_FLOW_LAYOUT_H

#include "base/arena.h"
#include "base/err.h"

struct flow_box {
    double left, right, height; /* how far it reaches from its centre line */
    size_t layer;               /* out: 0 is the first */
    double x, y;                /* out: the centre line, and its upper edge */
};
/* Where a line passes: straight down from y0 to y1 at x. */
struct flow_station {
    double x, y0, y1;
};
struct flow_link {
    size_t from, to; /* boxes; never the same one */
    double weight;   /* heavier ones are kept straight and short */
    double thick;    /* of the line */
    double label_width, label_height;
    bool back;                     /* out: it points up, against the way */
    struct flow_station *stations; /* out: [station_count] from the upper to the lower
                                      box, whichever of them is `from` */
    size_t station_count;
    double label_x, label_y; /* out: the label's centre */
};
struct flow_graph {
    struct flow_box *boxes; /* box 0 is the start, box 1 the end */
    size_t box_count;
    struct flow_link *links;
    size_t link_count;
    double box_gap, line_gap; /* between boxes of a layer; between lines, and a line and a
                                 box */
    double layer_gap;         /* between one layer and the next, at least */
    double width, height;     /* out */
};

/* Sets every "out" above. VG_ERR_MEMORY. Cost  links × layers, times a constant. */
MUST_CHECK enum vg_code flow_layout(struct arena *arena, struct flow_graph *graph,
                                    struct vg_err *err);

#endif
