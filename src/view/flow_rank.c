/* Which links point back, and which layer each box belongs to.
 *
 * Cycles: the boxes are put in a row so that little weight points backwards; first depth
 * first, and by the greedy rule of P. Eades, X. Lin, W. Smyth (1993), "A fast and
 * effective heuristic for the feedback arc set problem", then by moving single boxes as
 * long as that helps. Layers: longest path, then boxes slide to where their links are
 * shortest. */
#include "view/flow_layers.h"

struct row {
    struct flow_graph *graph;
    size_t *at;       /* [box_count] box → position */
    size_t *box;      /* [box_count] position → box */
    double *matrix;   /* [box_count][box_count] weight of links from, to */
    size_t box_count; /* as graph's */
};

static double weight(const struct row *row, size_t from, size_t to)
{
    return row->matrix[from * row->box_count + to];
}

/* The box that is best taken next: a sink or source, else the one with the most weight
 * out over in. Ties: the first. `*ret_last`: it goes to the end of the row. */
static size_t choose_next(const struct row *row, const bool *taken, bool *ret_last)
{
    size_t best = NOWHERE;
    double best_gain = 0;
    for (size_t i = 2; i < row->box_count; i++) {
        if (taken[i])
            continue;
        double in = 0, out = 0;
        for (size_t j = 2; j < row->box_count; j++) {
            if (taken[j] || j == i)
                continue;
            in += weight(row, j, i);
            out += weight(row, i, j);
        }
        if (out == 0 || in == 0) {
            *ret_last = out == 0 && in > 0;
            return i;
        }
        if (best == NOWHERE || out - in > best_gain) {
            best = i;
            best_gain = out - in;
        }
    }
    *ret_last = false;
    return best;
}

static enum vg_code row_greedy(struct arena *arena, struct row *row, struct vg_err *err)
{
    size_t n = row->box_count;
    bool *taken = arena_array(arena, bool, n);
    if (!taken)
        return err_memory(err);
    size_t front = 0, back = n;
    row->box[front++] = 0;
    if (n > 1)
        row->box[--back] = 1;
    while (front < back) {
        bool last = false;
        size_t next = choose_next(row, taken, &last);
        taken[next] = true;
        if (last)
            row->box[--back] = next;
        else
            row->box[front++] = next;
    }
    return VG_OK;
}

/* The child of `box` that is visited next: the one not yet met to which least weight
 * goes, so that the heaviest comes to stand right behind it. */
static size_t lightest_child(const struct row *row, size_t box, const bool *met)
{
    size_t best = NOWHERE;
    for (size_t i = 0; i < row->box_count; i++)
        if (!met[i] && weight(row, box, i) > 0 &&
            (best == NOWHERE || weight(row, box, i) < weight(row, box, best)))
            best = i;
    return best;
}

/* Depth first from the start; the row is the order in which boxes were left, reversed. */
static enum vg_code row_depth_first(struct arena *arena, struct row *row,
                                    struct vg_err *err)
{
    size_t n = row->box_count, depth = 0, back = n;
    bool *met = arena_array(arena, bool, n);
    size_t *stack = arena_array(arena, size_t, n);
    if (!met || !stack)
        return err_memory(err);
    if (n > 1) {
        met[1] = true;
        row->box[--back] = 1;
    }
    for (size_t root = 0; root < n; root++) { /* all hangs on box 0: one turn, mostly */
        if (met[root])
            continue;
        met[root] = true;
        stack[depth++] = root;
        while (depth > 0) {
            size_t child = lightest_child(row, stack[depth - 1], met);
            if (child == NOWHERE) {
                row->box[--back] = stack[--depth];
                continue;
            }
            met[child] = true;
            stack[depth++] = child;
        }
    }
    size_t start = 0;
    while (row->box[start] != 0)
        start++;
    memmove(row->box + 1, row->box, start * sizeof(*row->box));
    row->box[0] = 0;
    return VG_OK;
}

static double weight_behind(const struct row *row)
{
    double sum = 0;
    for (size_t p = 0; p < row->box_count; p++)
        for (size_t q = p + 1; q < row->box_count; q++)
            sum += weight(row, row->box[q], row->box[p]);
    return sum;
}

/* Where in the row the box at `from` would have the least weight behind it. */
static size_t best_position(const struct row *row, size_t from)
{
    size_t box = row->box[from], best = from;
    double change = 0, best_change = -1e-9;
    for (size_t p = from; p-- > 1;) { /* moving left past p */
        change += weight(row, box, row->box[p]) * -1 + weight(row, row->box[p], box);
        if (change < best_change) {
            best_change = change;
            best = p;
        }
    }
    change = 0;
    for (size_t p = from + 1; p + 1 < row->box_count; p++) {
        change += weight(row, box, row->box[p]) - weight(row, row->box[p], box);
        if (change < best_change) {
            best_change = change;
            best = p;
        }
    }
    return best;
}

static void row_improve(struct row *row)
{
    for (int pass = 0; pass < 20; pass++) {
        bool moved = false;
        for (size_t p = 1; p + 1 < row->box_count; p++) {
            size_t to = best_position(row, p), box = row->box[p];
            if (to == p)
                continue;
            if (to < p)
                memmove(row->box + to + 1, row->box + to, (p - to) * sizeof(*row->box));
            else
                memmove(row->box + p, row->box + p + 1, (to - p) * sizeof(*row->box));
            row->box[to] = box;
            moved = true;
        }
        if (!moved)
            return;
    }
}

/* The place in the row of what most often comes before the box at p: of what stands left
 * of it, or NOWHERE when all of that stands right of it. `*ret_any` is the same of all.
 */
static size_t comes_from(const struct row *row, size_t p, size_t *ret_any)
{
    size_t left = NOWHERE, any = NOWHERE;
    double left_weight = 0, any_weight = 0;
    for (size_t q = 0; q < row->box_count; q++) {
        double w = q == p ? 0 : weight(row, row->box[q], row->box[p]);
        if (w > any_weight) {
            any_weight = w;
            any = q;
        }
        if (q < p && w > left_weight) {
            left_weight = w;
            left = q;
        }
    }
    *ret_any = any;
    return left;
}

/* Who looks at a flow expects every box to be entered from above, even where it is left
 * more often than entered: a box that is not goes right behind what it comes from. */
static void enter_from_above(struct row *row)
{
    for (size_t pass = 0; pass < 4; pass++) {
        bool moved = false;
        for (size_t p = row->box_count; p-- > 1;) {
            size_t from, box = row->box[p];
            if (box == 1 || comes_from(row, p, &from) != NOWHERE || from == NOWHERE)
                continue;
            memmove(row->box + p, row->box + p + 1, (from - p) * sizeof(*row->box));
            row->box[from] = box;
            moved = true;
        }
        if (!moved)
            return;
    }
}

/* Both ways to begin, improved; the better one. */
static enum vg_code row_choose(struct arena *arena, struct row *row, struct vg_err *err)
{
    struct row other = *row;
    other.box = arena_array(arena, size_t, row->box_count);
    if (!other.box)
        return err_memory(err);
    enum vg_code code = row_depth_first(arena, row, err);
    if (code == VG_OK)
        code = row_greedy(arena, &other, err);
    if (code != VG_OK)
        return code;
    row_improve(row);
    row_improve(&other);
    if (weight_behind(&other) < weight_behind(row))
        memcpy(row->box, other.box, row->box_count * sizeof(*row->box));
    enter_from_above(row);
    return VG_OK;
}

static void longest_path(struct row *row)
{
    struct flow_graph *graph = row->graph;
    for (size_t i = 0; i < graph->box_count; i++)
        graph->boxes[i].layer = 0;
    for (size_t p = 0; p < row->box_count; p++) {
        size_t box = row->box[p];
        for (size_t q = p + 1; q < row->box_count; q++) {
            size_t next = row->box[q];
            if (weight(row, box, next) + weight(row, next, box) > 0 &&
                graph->boxes[next].layer <= graph->boxes[box].layer)
                graph->boxes[next].layer = graph->boxes[box].layer + 1;
        }
    }
}

/* Slide each box within its freedom towards the side that pulls more. */
static void tighten(struct row *row)
{
    struct flow_graph *graph = row->graph;
    for (int pass = 0; pass < 20; pass++) {
        bool moved = false;
        for (size_t p = 1; p + 1 < row->box_count; p++) {
            size_t box = row->box[p], low = 0, high = NOWHERE;
            double above = 0, below = 0;
            for (size_t q = 0; q < row->box_count; q++) {
                size_t other = row->box[q];
                double w = weight(row, box, other) + weight(row, other, box);
                if (w <= 0 || other == box)
                    continue;
                size_t layer = graph->boxes[other].layer;
                if (q < p) {
                    above += w;
                    low = layer + 1 > low ? layer + 1 : low;
                } else {
                    below += w;
                    high = layer - 1 < high ? layer - 1 : high;
                }
            }
            size_t to = graph->boxes[box].layer;
            if (above > below)
                to = low;
            else if (below > above && high != NOWHERE)
                to = high;
            moved |= to != graph->boxes[box].layer;
            graph->boxes[box].layer = to;
        }
        if (!moved)
            return;
    }
}

/* Layers without a box are closed up; the end stands alone at the bottom. */
static enum vg_code close_up(struct arena *arena, struct flow_graph *graph,
                             struct vg_err *err)
{
    size_t n = graph->box_count;
    bool *used = arena_array(arena, bool, n + 1);
    size_t *new_layer = arena_array(arena, size_t, n + 1);
    if (!used || !new_layer)
        return err_memory(err);
    for (size_t i = 0; i < n; i++)
        used[graph->boxes[i].layer] = true;
    size_t count = 0;
    for (size_t layer = 0; layer <= n; layer++) {
        new_layer[layer] = count;
        count += used[layer];
    }
    for (size_t i = 0; i < n; i++)
        graph->boxes[i].layer = new_layer[graph->boxes[i].layer];
    return VG_OK;
}

enum vg_code flow_rank(struct arena *arena, struct flow_graph *graph, struct vg_err *err)
{
    size_t n = graph->box_count;
    struct row row = {.graph = graph,
                      .at = arena_array(arena, size_t, n),
                      .box = arena_array(arena, size_t, n),
                      .matrix = arena_array(arena, double, n *n),
                      .box_count = n};
    if (!row.at || !row.box || !row.matrix)
        return err_memory(err);
    for (size_t i = 0; i < graph->link_count; i++)
        row.matrix[graph->links[i].from * n + graph->links[i].to] +=
            graph->links[i].weight > 0 ? graph->links[i].weight : 1e-6;
    enum vg_code code = row_choose(arena, &row, err);
    if (code != VG_OK)
        return code;
    longest_path(&row);
    tighten(&row);
    for (size_t p = 0; p < n; p++)
        row.at[row.box[p]] = p;
    for (size_t i = 0; i < graph->link_count; i++)
        graph->links[i].back = row.at[graph->links[i].from] > row.at[graph->links[i].to];
    return close_up(arena, graph, err);
}
