/* How the poster fits its paper: on one sheet where it can be read there, else on
 * several; and wide enough to fill them. */
#include "view/poster_parts.h"

#include <math.h>

#define WIDEN_MAX 1.3
#define PX_PER_MM (96 / 25.4)
#define HEAD      300.0 /* px, about: title, cards and foot */
#define COLUMN    160.0 /* px of one step more in a row */

/* How large the whole poster would be on one sheet. */
static double sheet_scale(const struct poster *p, const struct paper *paper)
{
    double width = (paper->width_mm - 2 * paper->margin_mm) * PX_PER_MM;
    double height = (paper->height_mm - 2 * paper->margin_mm) * PX_PER_MM;
    return fmin(width / scene_width(p->scene), height / scene_height(p->scene));
}

/* What so many rows would come to, guessed from a poster drawn before. */
struct guess {
    size_t rows, pages;
    double scale;
};

static struct guess guess_rows(const struct poster *p, const struct paper *paper,
                               size_t rows)
{
    double sheet_w = (paper->width_mm - 2 * paper->margin_mm) * PX_PER_MM;
    double sheet_h = (paper->height_mm - 2 * paper->margin_mm) * PX_PER_MM;
    double piece = (scene_height(p->scene) - HEAD) / (double)p->row_count;
    size_t columns = (p->map->step_count + rows - 1) / rows;
    double width = scene_width(p->scene) +
                   COLUMN * ((double)columns - (double)poster_longest_row(p));
    double height = HEAD + piece * (double)rows;
    double whole = fmin(sheet_w / width, sheet_h / height);
    if (whole >= READABLE_SCALE)
        return (struct guess){rows, 1, whole};
    double scale = fmin(sheet_w / width, sheet_h / (piece + HEAD));
    double on_one = floor(sheet_h / scale / piece);
    size_t each = on_one < 1 ? 1 : (size_t)on_one;
    return (struct guess){rows, (rows + each - 1) / each, scale};
}

/* Fewest sheets, of what can be read; of those the largest. */
static struct guess best_rows(const struct poster *p, const struct paper *paper)
{
    struct guess best = {.rows = p->row_count};
    for (size_t rows = p->row_count; rows > 0; rows--) {
        struct guess guess = guess_rows(p, paper, rows);
        bool readable = guess.scale >= READABLE_SCALE;
        if (best.pages == 0 ||
            (readable && (guess.pages < best.pages ||
                          (guess.pages == best.pages && guess.scale > best.scale))))
            best = guess;
    }
    return best;
}

/* The highest piece that a new page may not cut. */
static double highest_piece(const struct poster *p)
{
    const double *breaks;
    size_t count = scene_pages(p->scene, &breaks);
    double from = 0, most = 0;
    for (size_t i = 0; i < count; i++) {
        most = fmax(most, breaks[i] - from);
        from = breaks[i];
    }
    return fmax(most, scene_height(p->scene) - from);
}

/* A piece that is higher than its paper would leave the sides blank: the width at which
 * it fills the sheet, if it stays as large as it is in area. 0: it is well. */
static double fuller_width(const struct poster *p, const struct paper *paper)
{
    double width = scene_width(p->scene);
    double fuller = sqrt(width * highest_piece(p) * paper->width_mm / paper->height_mm);
    return fuller > width * 1.02 ? fmin(fuller, width * WIDEN_MAX) : 0;
}

static enum vg_code fit(struct arena *arena, const struct study *study,
                        struct poster_options options, struct poster *p,
                        struct vg_err *err)
{
    enum vg_code code = VG_OK;
    struct guess best = best_rows(p, options.paper);
    bool one_sheet = best.pages == 1;
    if (best.rows < p->row_count) {
        options.row_steps = (study->map->step_count + best.rows - 1) / best.rows;
        code = poster_draw_once(arena, study, &options, one_sheet, p, err);
    }
    double fuller = code == VG_OK ? fuller_width(p, options.paper) : 0;
    if (fuller > 0) {
        options.width = fuller;
        options.row_steps = poster_longest_row(p);
        code = poster_draw_once(arena, study, &options, one_sheet, p, err);
    }
    /* Where the guess was too bold, pages may begin between rows after all. */
    if (code == VG_OK && one_sheet && p->row_count > 1 &&
        sheet_scale(p, options.paper) < READABLE_SCALE * 0.93)
        code = poster_draw_once(arena, study, &options, false, p, err);
    return code;
}

enum vg_code poster_draw(struct arena *arena, const struct study *study,
                         const struct poster_options *options, struct scene **ret,
                         struct vg_err *err)
{
    struct poster p;
    enum vg_code code = poster_draw_once(arena, study, options, false, &p, err);
    if (code == VG_OK && options->paper)
        code = fit(arena, study, *options, &p, err);
    if (code == VG_OK)
        *ret = p.scene;
    return code;
}
