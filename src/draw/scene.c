/* Recording a picture. */
#include "base/utf8.h"
#include "draw/scene_ops.h"

#include <math.h>

#define DEPTH_MAX (COUNT_OF(((struct scene *)0)->holders))

struct scene *scene_new(struct arena *arena, const struct theme *theme, const char *id)
{
    struct scene *scene = arena_new(arena, struct scene);
    if (!scene)
        return NULL;
    scene->arena = arena;
    scene->theme = theme;
    scene->id = arena_text(arena, str_from(id));
    scene->role = "img";
    scene->title = scene->desc = "";
    return scene->id ? scene : NULL;
}

struct arena *scene_arena(const struct scene *scene)
{
    return scene->arena;
}

bool scene_failed(const struct scene *scene)
{
    return scene->failed;
}

void scene_size(struct scene *scene, double width, double height)
{
    scene->width = ceil(width);
    scene->height = ceil(height);
}

double scene_width(const struct scene *scene)
{
    return scene->width;
}

double scene_height(const struct scene *scene)
{
    return scene->height;
}

/* A copy in the arena; what is no UTF-8 is replaced, since XML would not have it. */
static const char *keep(struct scene *scene, const char *text)
{
    if (!text)
        return NULL;
    str given = str_from(text);
    struct buf repaired = {0};
    if (!utf8_valid(given)) {
        utf8_append_repaired(&repaired, given);
        given = buf_str(&repaired);
    }
    const char *copy = repaired.failed ? NULL : arena_text(scene->arena, given);
    buf_free(&repaired);
    if (!copy)
        scene->failed = true;
    return copy;
}

void scene_title(struct scene *scene, const char *role, const char *title,
                 const char *desc)
{
    scene->role = keep(scene, role);
    scene->title = keep(scene, title);
    scene->desc = keep(scene, desc);
}

void scene_ground(struct scene *scene, unsigned ink)
{
    scene->ground = ink;
}

void scene_sheet(struct scene *scene, unsigned ink, double margin)
{
    if (scene->ground)
        return;
    scene->ground = ink;
    scene->margin = margin;
}

void scene_mute(struct scene *scene, bool muted)
{
    if (muted)
        scene->muted++;
    else if (scene->muted > 0)
        scene->muted--;
}

void scene_page(struct scene *scene, double y)
{
    if (scene->muted)
        return;
    double *pages = arena_grow(scene->arena, scene->pages, scene->page_count,
                               &scene->page_capacity, sizeof *pages);
    if (!pages) {
        scene->failed = true;
        return;
    }
    scene->pages = pages;
    pages[scene->page_count++] = y;
}

size_t scene_pages(const struct scene *scene, const double **ret_y)
{
    *ret_y = scene->pages;
    return scene->page_count;
}

static struct op *add(struct scene *scene, enum op_kind kind)
{
    if (scene->failed || scene->muted)
        return NULL;
    struct op *ops =
        arena_grow(scene->arena, scene->ops, scene->count, &scene->capacity, sizeof *ops);
    if (!ops) {
        scene->failed = true;
        return NULL;
    }
    scene->ops = ops;
    struct op *op = &ops[scene->count++];
    *op = (struct op){.kind = kind};
    return op;
}

static void keep_group(struct scene *scene, struct scene_group *copy)
{
    copy->class = keep(scene, copy->class);
    copy->id = keep(scene, copy->id);
    copy->role = keep(scene, copy->role);
    copy->label = keep(scene, copy->label);
    copy->title = keep(scene, copy->title);
    copy->desc = keep(scene, copy->desc);
    for (size_t i = 0; i < COUNT_OF(copy->data) && copy->data[i].name; i++) {
        copy->data[i].name = keep(scene, copy->data[i].name);
        copy->data[i].value = keep(scene, copy->data[i].value);
    }
    if (copy->clip) {
        struct rect *clip = arena_new(scene->arena, struct rect);
        if (!clip) {
            scene->failed = true;
            return;
        }
        *clip = *copy->clip;
        copy->clip = clip;
    }
}

void scene_group(struct scene *scene, const struct scene_group *group)
{
    if (scene->muted)
        return;
    struct scene_group *copy = arena_new(scene->arena, struct scene_group);
    struct op *op = add(scene, OP_GROUP);
    if (!op || !copy || scene->depth >= DEPTH_MAX) {
        scene->failed = true;
        return;
    }
    *copy = *group;
    keep_group(scene, copy);
    size_t at = scene->depth++;
    scene->holds[at] = group->holds != NULL;
    if (group->holds)
        scene->holders[at] = *group->holds;
    copy->holds = NULL;
    op->group = copy;
}

void scene_end(struct scene *scene)
{
    if (scene->muted)
        return;
    if (scene->depth > 0)
        scene->depth--;
    add(scene, OP_END);
}

static struct paint keep_paint(struct scene *scene, struct paint paint)
{
    paint.dash = keep(scene, paint.dash);
    paint.class = keep(scene, paint.class);
    return paint;
}

void scene_box(struct scene *scene, struct rect box, double radius, struct paint paint)
{
    struct op *op = add(scene, OP_BOX);
    if (!op)
        return;
    op->box = box;
    op->radius = radius;
    op->paint = keep_paint(scene, paint);
}

void scene_circle(struct scene *scene, struct point centre, double radius,
                  struct paint paint)
{
    struct op *op = add(scene, OP_CIRCLE);
    if (!op)
        return;
    op->box = (struct rect){centre.x, centre.y, radius, radius};
    op->paint = keep_paint(scene, paint);
}

void scene_line(struct scene *scene, struct point from, struct point to,
                struct paint paint)
{
    struct path path = {0};
    path_move(&path, from);
    path_line(&path, to);
    scene_path(scene, &path, paint);
}

void scene_path(struct scene *scene, struct path *path, struct paint paint)
{
    struct op *op = path->d.failed ? NULL : add(scene, OP_PATH);
    if (scene->muted) {
        scene->failed = scene->failed || path->d.failed;
    } else if (op) {
        op->d = path->d.ptr ? keep(scene, path->d.ptr) : "";
        op->paint = keep_paint(scene, paint);
    } else {
        scene->failed = true;
    }
    buf_free(&path->d);
}

/* The innermost open group that says what it holds, or the page (height 0: not known
 * yet). */
static struct rect holder(const struct scene *scene)
{
    for (size_t i = scene->depth; i-- > 0;)
        if (scene->holds[i])
            return scene->holders[i];
    return (struct rect){0, 0, scene->width, scene->height};
}

static void note_text(struct scene *scene, struct rect box, const char *text)
{
    struct scene_text_box *texts =
        arena_grow(scene->arena, scene->texts, scene->text_count, &scene->text_capacity,
                   sizeof *texts);
    if (!texts) {
        scene->failed = true;
        return;
    }
    scene->texts = texts;
    texts[scene->text_count++] = (struct scene_text_box){box, holder(scene), text};
}

void scene_text(struct scene *scene, double x, double y, enum text_anchor anchor,
                const struct text_block *block, unsigned ink)
{
    if (block->failed)
        scene->failed = true;
    if (scene->muted)
        return;
    struct text_block *copy = arena_new(scene->arena, struct text_block);
    if (!copy)
        scene->failed = true;
    if (scene->failed || block->count == 0)
        return;
    struct op *op = add(scene, OP_TEXT);
    if (!op)
        return;
    *copy = *block;
    op->block = copy;
    op->anchor = anchor;
    op->box = (struct rect){x, y, block->width, block->height};
    op->paint = (struct paint){.fill = ink};
    scene->faces |= 1u << block->style.face;
    double left = anchor == TEXT_START    ? x
                  : anchor == TEXT_MIDDLE ? x - block->width / 2
                                          : x - block->width;
    note_text(scene, (struct rect){left, y, block->width, block->height},
              block->lines[0].text.ptr);
}

double scene_words(struct scene *scene, double x, double y, double width,
                   const char *text, const struct text_style *style, unsigned ink)
{
    struct text_block block = text_break(scene->arena, text, style, width, 0);
    scene_text(scene, x, y, TEXT_START, &block, ink);
    return block.height;
}

size_t scene_text_boxes(const struct scene *scene, const struct scene_text_box **ret)
{
    *ret = scene->texts;
    return scene->text_count;
}
