/* Faces, stars and chips. Declared in view/theme.h. */
#include "base/lang.h"
#include "view/theme.h"

#include <math.h>

#define PI 3.14159265358979323846

static const char *valence_words(double valence)
{
    static const char *const words[] = {N_("very bad"), N_("bad"), N_("so-so"),
                                        N_("good"), N_("very good")};
    return _(words[lround(fmin(fmax(valence, -2), 2) + 2)]);
}

void draw_face(struct scene *scene, struct point centre, double radius, double valence)
{
    double v = fmin(fmax(valence, -2), 2);
    double r = radius;
    struct paint ink = {.fill = INK_ON_VALENCE};
    struct paint mouth = {.stroke = INK_ON_VALENCE, .width = r * 0.17, .round = true};
    scene_group(scene, &(struct scene_group){.class = "face",
                                             .role = "img",
                                             .label = valence_words(valence)});
    scene_circle(scene, centre, r + 2.5, (struct paint){.fill = INK_PAPER});
    scene_circle(scene, centre, r, (struct paint){.fill = ink_valence(v)});
    scene_circle(scene, (struct point){centre.x - r * 0.34, centre.y - r * 0.22},
                 r * 0.11, ink);
    scene_circle(scene, (struct point){centre.x + r * 0.34, centre.y - r * 0.22},
                 r * 0.11, ink);
    /* The corners rise and the middle falls with a smile, and the other way round. */
    double corner = centre.y + r * (0.36 - 0.09 * v), bend = r * 0.20 * v;
    struct path path = {0};
    path_move(&path, (struct point){centre.x - r * 0.42, corner});
    path_curve(&path, (struct point){centre.x - r * 0.2, corner + bend * 1.3},
               (struct point){centre.x + r * 0.2, corner + bend * 1.3},
               (struct point){centre.x + r * 0.42, corner});
    scene_path(scene, &path, mouth);
    scene_end(scene);
}

void draw_star(struct scene *scene, struct point centre, double radius, unsigned ink)
{
    struct path path = {0};
    for (int i = 0; i < 10; i++) {
        double r = i % 2 ? radius * 0.45 : radius;
        double angle = -PI / 2 + i * PI / 5;
        struct point at = {centre.x + r * cos(angle), centre.y + r * sin(angle)};
        if (i == 0)
            path_move(&path, at);
        else
            path_line(&path, at);
    }
    path_close(&path);
    scene_path(scene, &path,
               (struct paint){.fill = ink, .stroke = ink, .width = 1.5, .round = true});
}

#define CHIP_PAD 9.0
#define CHIP_DOT 12.0

static struct text_block chip_block(struct arena *arena, const struct chip *chip,
                                    double max_width)
{
    double inner = max_width - 2 * CHIP_PAD - (chip->dot ? CHIP_DOT : 0);
    return text_break(arena, chip->text, chip->strong ? &type_small_strong : &type_small,
                      fmax(inner, 20), 0);
}

static struct rect chip_size(const struct chip *chip, const struct text_block *block)
{
    return (struct rect){0, 0,
                         ceil(block->width) + 2 * CHIP_PAD + (chip->dot ? CHIP_DOT : 0),
                         block->height + 6};
}

struct rect chip_measure(struct arena *arena, const struct chip *chip, double max_width)
{
    struct text_block block = chip_block(arena, chip, max_width);
    return chip_size(chip, &block);
}

struct rect chip_draw(struct scene *scene, const struct chip *chip, double x, double y,
                      double max_width)
{
    struct text_block block = chip_block(scene_arena(scene), chip, max_width);
    struct rect size = chip_size(chip, &block);
    size.x = x;
    size.y = y;
    scene_group(scene, &(struct scene_group){.class = "chip", .holds = &size});
    scene_box(scene, size, 10.5, (struct paint){.fill = chip->ground});
    if (chip->dot) {
        double middle = y + 3 + text_leading(&block.style) / 2;
        scene_circle(scene, (struct point){x + CHIP_PAD + 3, middle}, 3,
                     (struct paint){.fill = chip->dot});
    }
    scene_text(scene, x + CHIP_PAD + (chip->dot ? CHIP_DOT : 0), y + 3, TEXT_START,
               &block, chip->ink);
    scene_end(scene);
    return size;
}
