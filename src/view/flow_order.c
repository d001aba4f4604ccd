/* The order of each layer, so that few segments cross: sweeps down and up by barycentre,
 * then neighbours change places as long as that helps. The best order met is kept. */
#include "view/flow_layers.h"

#include <stdlib.h>

struct key {
    double middle;
    size_t place, vertex;
};
struct ordering {
    struct flow_layers *layers;
    struct key *keys;
    size_t *best;
    uint64_t *tree; /* a Fenwick tree over places of one layer */
    size_t *ends;
};

static int key_compare(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    if (x->middle != y->middle)
        return x->middle < y->middle ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static int size_compare(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

static size_t other_end(const struct flow_layers *layers, size_t segment, bool down)
{
    return down ? layers->segments[segment].lower : layers->segments[segment].upper;
}

/* Mean place of a vertex's neighbours below or above; its own place when it has none. */
static double barycentre(const struct flow_layers *layers, size_t vertex, bool down)
{
    const size_t *first = down ? layers->down_first : layers->up_first;
    const size_t *list = down ? layers->down : layers->up;
    double sum = 0;
    size_t n = first[vertex + 1] - first[vertex];
    for (size_t i = first[vertex]; i < first[vertex + 1]; i++)
        sum += (double)layers->vertices[other_end(layers, list[i], down)].place;
    return n ? sum / (double)n : (double)layers->vertices[vertex].place;
}

static void sort_layer(struct ordering *o, size_t layer, bool by_lower)
{
    struct flow_layers *layers = o->layers;
    size_t from = layers->first[layer], n = layers->first[layer + 1] - from;
    for (size_t i = 0; i < n; i++) {
        size_t vertex = layers->order[from + i];
        o->keys[i] = (struct key){barycentre(layers, vertex, by_lower), i, vertex};
    }
    qsort(o->keys, n, sizeof(*o->keys), key_compare);
    for (size_t i = 0; i < n; i++) {
        layers->order[from + i] = o->keys[i].vertex;
        layers->vertices[o->keys[i].vertex].place = i;
    }
}

/* Crossings between a layer and the next (W. Barth, M. Jünger, P. Mutzel 2002). */
static uint64_t crossings_below(struct ordering *o, size_t layer)
{
    struct flow_layers *layers = o->layers;
    size_t width = layers->first[layer + 2] - layers->first[layer + 1];
    memset(o->tree, 0, (width + 1) * sizeof(*o->tree));
    uint64_t crossings = 0, seen = 0;
    for (size_t i = layers->first[layer]; i < layers->first[layer + 1]; i++) {
        size_t vertex = layers->order[i], n = 0;
        for (size_t s = layers->down_first[vertex]; s < layers->down_first[vertex + 1];
             s++)
            o->ends[n++] =
                layers->vertices[layers->segments[layers->down[s]].lower].place;
        qsort(o->ends, n, sizeof(*o->ends), size_compare);
        for (size_t k = 0; k < n; k++) {
            uint64_t not_right = 0;
            for (size_t t = o->ends[k] + 1; t > 0; t -= t & (~t + 1))
                not_right += o->tree[t];
            crossings += seen - not_right;
        }
        for (size_t k = 0; k < n; k++) {
            for (size_t t = o->ends[k] + 1; t <= width; t += t & (~t + 1))
                o->tree[t]++;
            seen++;
        }
    }
    return crossings;
}

static uint64_t crossings_all(struct ordering *o)
{
    uint64_t sum = 0;
    for (size_t layer = 0; layer + 1 < o->layers->layer_count; layer++)
        sum += crossings_below(o, layer);
    return sum;
}

/* Crossings of the segments of two neighbours, with `left` on the left. */
static uint64_t crossings_pair(const struct flow_layers *layers, size_t left,
                               size_t right)
{
    uint64_t sum = 0;
    for (int down = 0; down < 2; down++) {
        const size_t *first = down ? layers->down_first : layers->up_first;
        const size_t *list = down ? layers->down : layers->up;
        for (size_t i = first[left]; i < first[left + 1]; i++)
            for (size_t j = first[right]; j < first[right + 1]; j++)
                sum += layers->vertices[other_end(layers, list[i], down)].place >
                       layers->vertices[other_end(layers, list[j], down)].place;
    }
    return sum;
}

static bool change_places(struct ordering *o)
{
    struct flow_layers *layers = o->layers;
    bool better = false;
    for (size_t layer = 0; layer < layers->layer_count; layer++) {
        for (size_t i = layers->first[layer]; i + 1 < layers->first[layer + 1]; i++) {
            size_t a = layers->order[i], b = layers->order[i + 1];
            if (crossings_pair(layers, b, a) >= crossings_pair(layers, a, b))
                continue;
            layers->order[i] = b;
            layers->order[i + 1] = a;
            layers->vertices[b].place--;
            layers->vertices[a].place++;
            better = true;
        }
    }
    return better;
}

static void keep_if_best(struct ordering *o, uint64_t *best)
{
    uint64_t now = crossings_all(o);
    if (now >= *best)
        return;
    *best = now;
    memcpy(o->best, o->layers->order, o->layers->vertex_count * sizeof(*o->best));
}

/* The first order: depth first from the start, so that what belongs together is together.
 */
static enum vg_code first_order(struct arena *arena, struct flow_layers *layers,
                                struct vg_err *err)
{
    size_t n = layers->vertex_count, top = 0;
    bool *met = arena_array(arena, bool, n);
    size_t *stack = arena_array(arena, size_t, layers->segment_count + n + 1);
    size_t *filled = arena_array(arena, size_t, layers->layer_count);
    if (!met || !stack || !filled)
        return err_memory(err);
    for (size_t root = 0; root < n; root++) {
        stack[top++] = root;
        while (top > 0) {
            size_t vertex = stack[--top];
            if (met[vertex])
                continue;
            met[vertex] = true;
            size_t layer = layers->vertices[vertex].layer;
            layers->vertices[vertex].place = filled[layer]++;
            layers->order[layers->first[layer] + layers->vertices[vertex].place] = vertex;
            for (size_t i = layers->down_first[vertex + 1];
                 i-- > layers->down_first[vertex];)
                stack[top++] = layers->segments[layers->down[i]].lower;
        }
    }
    return VG_OK;
}

enum vg_code flow_order(struct arena *arena, struct flow_layers *layers,
                        struct vg_err *err)
{
    size_t n = layers->vertex_count;
    struct ordering o = {.layers = layers,
                         .keys = arena_array(arena, struct key, n),
                         .best = arena_array(arena, size_t, n),
                         .tree = arena_array(arena, uint64_t, n + 2),
                         .ends = arena_array(arena, size_t, layers->segment_count + 1)};
    if (!o.keys || !o.best || !o.tree || !o.ends)
        return err_memory(err);
    enum vg_code code = first_order(arena, layers, err);
    if (code != VG_OK)
        return code;
    uint64_t best = UINT64_MAX;
    keep_if_best(&o, &best);
    for (int sweep = 0; sweep < 24 && best > 0; sweep++) {
        if (sweep % 2 == 0)
            for (size_t layer = 1; layer < layers->layer_count; layer++)
                sort_layer(&o, layer, false);
        else
            for (size_t layer = layers->layer_count - 1; layer-- > 0;)
                sort_layer(&o, layer, true);
        for (int pass = 0; pass < 4 && change_places(&o); pass++)
            ;
        keep_if_best(&o, &best);
    }
    memcpy(layers->order, o.best, n * sizeof(*o.best));
    for (size_t layer = 0; layer < layers->layer_count; layer++)
        for (size_t i = layers->first[layer]; i < layers->first[layer + 1]; i++)
            layers->vertices[layers->order[i]].place = i - layers->first[layer];
    return VG_OK;
}
