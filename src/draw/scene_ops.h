/* scene_ops: what a scene keeps, between scene.c that records and svg.c that writes. */
#ifndef DRAW_SCENE_OPS_H
#define DRAW_SCENE_OPS_H

#include "draw/scene.h"

enum op_kind { OP_GROUP, OP_END, OP_BOX, OP_CIRCLE, OP_PATH, OP_TEXT };

struct op {
    enum op_kind kind;
    struct paint paint;
    struct rect box; /* OP_CIRCLE: centre and, as w, the radius; OP_TEXT: x and y */
    double radius;
    const char *d; /* OP_PATH */
    const struct scene_group *group;
    const struct text_block *block;
    enum text_anchor anchor;
};
struct scene {
    struct arena *arena;
    const struct theme *theme;
    const char *id, *role, *title, *desc;
    double width, height;
    struct op *ops;
    size_t count, capacity;
    struct scene_text_box *texts;
    size_t text_count, text_capacity;
    double *pages;
    size_t page_count, page_capacity;
    struct rect holders[32]; /* of the groups that are open */
    bool holds[32];
    size_t depth;
    unsigned faces; /* bits of the faces in use */
    unsigned ground;
    double margin;  /* around the picture; only with a ground */
    unsigned muted; /* how many times */
    bool failed;
};

/* Append a number with two decimals at most, as short as it goes. */
void svg_number(struct buf *out, double value);

#endif
