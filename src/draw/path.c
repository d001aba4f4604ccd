/* Paths, in SVG's own words. */
#include "draw/scene_ops.h"

#include <math.h>
#include <stdio.h>

void svg_number(struct buf *out, double value)
{
    if (!isfinite(value) || fabs(value) > 1e7)
        value = 0;
    long long hundredths = llround(value * 100);
    if (hundredths < 0) {
        buf_char(out, '-');
        hundredths = -hundredths;
    }
    long long rest = hundredths % 100;
    buf_printf(out, "%lld", hundredths / 100);
    if (rest % 10 != 0)
        buf_printf(out, ".%02lld", rest);
    else if (rest != 0)
        buf_printf(out, ".%lld", rest / 10);
}

static void add_point(struct path *path, char letter, struct point to)
{
    buf_char(&path->d, letter);
    svg_number(&path->d, to.x);
    buf_char(&path->d, ' ');
    svg_number(&path->d, to.y);
}

void path_move(struct path *path, struct point to)
{
    add_point(path, 'M', to);
}

void path_line(struct path *path, struct point to)
{
    add_point(path, 'L', to);
}

void path_curve(struct path *path, struct point a, struct point b, struct point to)
{
    add_point(path, 'C', a);
    add_point(path, ' ', b);
    add_point(path, ' ', to);
}

void path_arc(struct path *path, double radius, bool clockwise, struct point to)
{
    buf_char(&path->d, 'A');
    svg_number(&path->d, radius);
    buf_char(&path->d, ' ');
    svg_number(&path->d, radius);
    buf_printf(&path->d, " 0 0 %d", clockwise);
    add_point(path, ' ', to);
}

void path_close(struct path *path)
{
    buf_char(&path->d, 'Z');
}
