/* load: all rows of one file into the builder, by what was guessed of it. Inside of
 * log/read. */
#ifndef LOG_LOAD_H
#define LOG_LOAD_H

#include "log/guess.h"
#include "log/rejects.h"

struct load {
    struct arena *arena;
    struct grid *grid;
    const struct guess *guess;
    const size_t *attribute; /* [guess->column_count] index in the builder, or SIZE_MAX */
    size_t attribute_count;  /* of the builder */
    struct builder *builder;
    struct rejects *rejects;
    struct read_file *file; /* its rows, stored, rejected and rejects are filled */
    struct progress *progress;
};

MUST_CHECK enum vg_code load_file(struct load *load, struct csv_counts *ret,
                                  struct vg_err *err);

#endif
