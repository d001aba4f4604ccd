/* The x of each vertex. Segments that do not cross a weightier one, and whose ends are
 * not yet taken, tie their ends into one straight block, the weightiest first; blocks are
 * packed once from the left and once from the right, set between the two, and then drawn
 * to where their other segments are short, never past their neighbours.
 * (After U. Brandes, B. Köpf (2002), "Fast and simple horizontal coordinate assignment",
 * with weights in place of their four directions.) */
#include "view/flow_layers.h"

#include <math.h>
#include <stdlib.h>

struct placing {
    struct flow_layers *layers;
    size_t *block;                 /* [vertex_count] vertex → block */
    size_t *member_first, *member; /* block → its vertices */
    size_t block_count;
    double *x; /* [block_count] */
};

static int heavier_first(const void *a, const void *b)
{
    const struct flow_segment *x = *(const struct flow_segment *const *)a,
                              *y = *(const struct flow_segment *const *)b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x < y ? -1 : x > y;
}

/* Tie segments between a layer and the next. `tied` is vertex → vertex below, or NOWHERE;
 * `taken` says that a vertex has one above. */
static void tie_layer(struct flow_layers *layers, size_t layer, size_t *tied, bool *taken,
                      const struct flow_segment **list)
{
    size_t n = 0;
    for (size_t i = layers->first[layer]; i < layers->first[layer + 1]; i++)
        for (size_t s = layers->down_first[layers->order[i]];
             s < layers->down_first[layers->order[i] + 1]; s++)
            list[n++] = &layers->segments[layers->down[s]];
    qsort(list, n, sizeof(*list), heavier_first);
    for (size_t k = 0; k < n; k++) {
        size_t upper = list[k]->upper, lower = list[k]->lower;
        if (tied[upper] != NOWHERE || taken[lower])
            continue;
        bool crosses = false;
        for (size_t i = layers->first[layer]; i < layers->first[layer + 1]; i++) {
            size_t u = layers->order[i], l = tied[u];
            if (l == NOWHERE)
                continue;
            bool left = layers->vertices[u].place < layers->vertices[upper].place;
            bool left_below = layers->vertices[l].place < layers->vertices[lower].place;
            crosses |= left != left_below;
        }
        if (crosses)
            continue;
        tied[upper] = lower;
        taken[lower] = true;
    }
}

static enum vg_code make_blocks(struct arena *arena, struct placing *p,
                                struct vg_err *err)
{
    struct flow_layers *layers = p->layers;
    size_t n = layers->vertex_count;
    size_t *tied = arena_array(arena, size_t, n);
    bool *taken = arena_array(arena, bool, n);
    const struct flow_segment **list =
        arena_array(arena, const struct flow_segment *, layers->segment_count + 1);
    p->block = arena_array(arena, size_t, n);
    p->member_first = arena_array(arena, size_t, n + 1);
    p->member = arena_array(arena, size_t, n);
    p->x = arena_array(arena, double, n);
    if (!tied || !taken || !list || !p->block || !p->member_first || !p->member || !p->x)
        return err_memory(err);
    for (size_t i = 0; i < n; i++)
        tied[i] = NOWHERE;
    for (size_t layer = 0; layer + 1 < layers->layer_count; layer++)
        tie_layer(layers, layer, tied, taken, list);
    size_t filled = 0;
    for (size_t i = 0; i < n; i++) {
        if (taken[layers->order[i]])
            continue;
        for (size_t v = layers->order[i]; v != NOWHERE; v = tied[v]) {
            p->block[v] = p->block_count;
            p->member[filled++] = v;
        }
        p->member_first[++p->block_count] = filled;
    }
    return VG_OK;
}

/* The vertex beside `vertex` in its layer, or NOWHERE. */
static size_t beside(const struct flow_layers *layers, size_t vertex, bool right)
{
    const struct flow_vertex *v = &layers->vertices[vertex];
    size_t at = layers->first[v->layer] + v->place;
    if (right)
        return at + 1 < layers->first[v->layer + 1] ? layers->order[at + 1] : NOWHERE;
    return v->place > 0 ? layers->order[at - 1] : NOWHERE;
}

/* Every block as far to one side as the others let it: longest paths, in the order in
 * which blocks have nobody left to wait for. x grows away from that side. */
static void pack(struct placing *p, bool from_right, double *x, size_t *waiting,
                 size_t *queue)
{
    struct flow_layers *layers = p->layers;
    size_t head = 0, tail = 0;
    for (size_t b = 0; b < p->block_count; b++) {
        x[b] = 0;
        waiting[b] = 0;
        for (size_t m = p->member_first[b]; m < p->member_first[b + 1]; m++) {
            const struct flow_vertex *v = &layers->vertices[p->member[m]];
            double own = from_right ? v->right : v->left;
            if (beside(layers, p->member[m], from_right) != NOWHERE)
                waiting[b]++;
            else if (own > x[b])
                x[b] = own;
        }
        if (waiting[b] == 0)
            queue[tail++] = b;
    }
    for (; head < tail; head++) {
        size_t b = queue[head];
        for (size_t m = p->member_first[b]; m < p->member_first[b + 1]; m++) {
            size_t next = beside(layers, p->member[m], !from_right);
            if (next == NOWHERE)
                continue;
            double apart = from_right ? flow_apart(layers, next, p->member[m])
                                      : flow_apart(layers, p->member[m], next);
            size_t other = p->block[next];
            if (x[b] + apart > x[other])
                x[other] = x[b] + apart;
            if (--waiting[other] == 0)
                queue[tail++] = other;
        }
    }
}

/* How far a block may go, and where its segments want it. */
static double wanted(const struct placing *p, size_t b, double *ret_low, double *ret_high)
{
    const struct flow_layers *layers = p->layers;
    double sum = 0, weight = 0, low = -INFINITY, high = INFINITY;
    for (size_t m = p->member_first[b]; m < p->member_first[b + 1]; m++) {
        size_t v = p->member[m];
        size_t left = beside(layers, v, false), right = beside(layers, v, true);
        if (left != NOWHERE)
            low = fmax(low, p->x[p->block[left]] + flow_apart(layers, left, v));
        if (right != NOWHERE)
            high = fmin(high, p->x[p->block[right]] - flow_apart(layers, v, right));
        for (int down = 0; down < 2; down++) {
            const size_t *first = down ? layers->down_first : layers->up_first;
            const size_t *list = down ? layers->down : layers->up;
            for (size_t i = first[v]; i < first[v + 1]; i++) {
                const struct flow_segment *s = &layers->segments[list[i]];
                size_t other = p->block[down ? s->lower : s->upper];
                if (other == b)
                    continue;
                sum += p->x[other] * s->weight;
                weight += s->weight;
            }
        }
    }
    *ret_low = low;
    *ret_high = high;
    return weight > 0 ? sum / weight : p->x[b];
}

static void draw_together(struct placing *p)
{
    for (int sweep = 0; sweep < 80; sweep++) {
        double moved = 0;
        for (size_t k = 0; k < p->block_count; k++) {
            size_t b = sweep % 2 ? p->block_count - 1 - k : k;
            double low, high, to = wanted(p, b, &low, &high);
            to = fmax(low, fmin(high, to));
            if (low > high) /* rounding only: leave it */
                to = p->x[b];
            moved = fmax(moved, fabs(to - p->x[b]));
            p->x[b] = to;
        }
        if (moved < 0.25)
            return;
    }
}

enum vg_code flow_place(struct arena *arena, struct flow_layers *layers,
                        struct vg_err *err)
{
    struct placing p = {.layers = layers};
    enum vg_code code = make_blocks(arena, &p, err);
    if (code != VG_OK)
        return code;
    size_t n = p.block_count;
    double *from_right = arena_array(arena, double, n);
    size_t *waiting = arena_array(arena, size_t, n);
    size_t *queue = arena_array(arena, size_t, n);
    if (!from_right || !waiting || !queue)
        return err_memory(err);
    pack(&p, false, p.x, waiting, queue);
    pack(&p, true, from_right, waiting, queue);
    double width = 0;
    for (size_t b = 0; b < n; b++)
        width = fmax(width, fmax(p.x[b], from_right[b]));
    for (size_t b = 0; b < n; b++)
        p.x[b] = (p.x[b] + width - from_right[b]) / 2;
    draw_together(&p);
    double least = INFINITY;
    for (size_t v = 0; v < layers->vertex_count; v++) {
        layers->vertices[v].x = p.x[p.block[v]];
        least = fmin(least, layers->vertices[v].x - layers->vertices[v].left);
    }
    for (size_t v = 0; v < layers->vertex_count; v++)
        layers->vertices[v].x -= least;
    return VG_OK;
}
