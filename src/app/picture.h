/* picture: a study or an insight as a file that people open: SVG, PNG or PDF. */
#ifndef APP_PICTURE_H
#define APP_PICTURE_H

#include "app/study.h"

struct scene;
enum picture_format { PICTURE_SVG, PICTURE_PNG, PICTURE_PDF };
enum picture_kind {
    PICTURE_POSTER,
    PICTURE_FLOW,
    PICTURE_FUNNEL,
    PICTURE_VARIANTS,
    PICTURE_TIMELINE,
    PICTURE_PLAN,  /* of a study with results and what-if (app/improve.h) */
    PICTURE_MATRIX /* the same */
};

struct picture_options {
    enum picture_kind kind;
    enum picture_format format;
    const char *paper; /* "a3", "420x297"; NULL: the picture's own size (PDF: A3) */
    bool dark;
    bool alone; /* a file that is opened by itself: never without a ground of its own */
    double detail;     /* of the flow; NAN: 0.5 */
    size_t top;        /* variants to draw; 0: as many as suit */
    const char *title; /* of the PDF; NULL: none */
};

/* What "svg", "png", "pdf", or a file's name says; false for anything else. */
bool picture_format_from_text(const char *text, enum picture_format *ret);
bool picture_kind_from_text(const char *text, enum picture_kind *ret);

/* Draw, and append the file's bytes to `out`. The study needs what the kind shows: a
 * flow, a funnel, variants; the timeline is that of the log's first trace.
 * VG_ERR_USAGE for a paper that is none. */
MUST_CHECK enum vg_code picture_draw(struct arena *arena, const struct study *study,
                                     const struct picture_options *options,
                                     struct buf *out, struct vg_err *err);
/* A scene that is at hand, as a file's bytes. */
MUST_CHECK enum vg_code picture_write(const struct scene *scene,
                                      const struct picture_options *options,
                                      struct buf *out, struct vg_err *err);

#endif
