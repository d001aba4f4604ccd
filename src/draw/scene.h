/* scene: a picture as boxes, lines, curves and text, before it becomes SVG, PNG or PDF.
 * It knows no customers. Coordinates are CSS pixels, y downwards; 1 px is 1/96 inch.
 *
 * (Contract being written by draw/: see draw/README.md.) */
#ifndef DRAW_SCENE_H
#define DRAW_SCENE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#endif
