/* Monotone cubic curves. Declared in view/theme.h. */
#include "view/theme.h"

#include <math.h>

static double slope(const struct point *p, size_t i)
{
    return (p[i + 1].y - p[i].y) / (p[i + 1].x - p[i].x);
}

/* The tangent at point i: none at a turning point, else the harmonic mean of the slopes
 * on both sides weighted by their lengths (Fritsch and Butland 1984), which keeps every
 * piece monotone. Flat at both ends. */
static double tangent(const struct point *p, size_t count, size_t i)
{
    if (i == 0 || i + 1 == count)
        return 0;
    double before = slope(p, i - 1), after = slope(p, i);
    if (before * after <= 0)
        return 0;
    double h0 = p[i].x - p[i - 1].x, h1 = p[i + 1].x - p[i].x;
    double w0 = 2 * h1 + h0, w1 = h1 + 2 * h0;
    return (w0 + w1) / (w0 / before + w1 / after);
}

static void piece(struct path *path, const struct point *p, size_t count, size_t i,
                  bool backwards)
{
    double third = (p[i + 1].x - p[i].x) / 3;
    struct point a = {p[i].x + third, p[i].y + third * tangent(p, count, i)};
    struct point b = {p[i + 1].x - third, p[i + 1].y - third * tangent(p, count, i + 1)};
    if (backwards)
        path_curve(path, b, a, p[i]);
    else
        path_curve(path, a, b, p[i + 1]);
}

void curve_add(struct path *path, const struct point *points, size_t count)
{
    if (count == 0)
        return;
    path_move(path, points[0]);
    for (size_t i = 0; i + 1 < count; i++)
        piece(path, points, count, i, false);
}

void curve_band(struct path *path, const struct point *upper, const struct point *lower,
                size_t count)
{
    if (count == 0)
        return;
    curve_add(path, upper, count);
    path_line(path, lower[count - 1]);
    for (size_t i = count - 1; i > 0; i--)
        piece(path, lower, count, i - 1, true);
    path_close(path);
}

double curve_at(const struct point *points, size_t count, double x)
{
    for (size_t i = 0; i + 1 < count; i++) {
        const struct point *p = &points[i];
        if (x < p[0].x || x > p[1].x)
            continue;
        double h = p[1].x - p[0].x, t = (x - p[0].x) / h;
        double t2 = t * t, t3 = t2 * t;
        return (2 * t3 - 3 * t2 + 1) * p[0].y +
               (t3 - 2 * t2 + t) * h * tangent(points, count, i) +
               (-2 * t3 + 3 * t2) * p[1].y +
               (t3 - t2) * h * tangent(points, count, i + 1);
    }
    return count == 1 && x == points[0].x ? points[0].y : NAN;
}
