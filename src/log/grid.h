/* grid: a file as rows of cells, whatever its kind, and the first of those rows, from
 * which everything about the file is guessed. Inside of log/read.
 *
 * Columns of CSV and XLSX are places; of XES and JSON they are keys, collected from the
 * first rows ("case:concept:name", "cliente.nome"); keys that come up only later are
 * counted and left out. */
#ifndef LOG_GRID_H
#define LOG_GRID_H

#include "log/csv_load.h"
#include "log/dict.h"
#include "text/encoding.h"
#include "text/source.h"

enum { GRID_SAMPLE_ROWS = 1000, GRID_SAMPLE_BYTES = 8 * 1024 * 1024 };

enum grid_kind { GRID_CSV, GRID_XLSX, GRID_XES, GRID_JSON };

struct xlsx;
struct grid {
    struct arena *arena;
    const char *name;
    enum grid_kind kind;
    enum encoding encoding;
    struct source source;
    struct buf decoded; /* when it was not UTF-8 */
    str text;           /* UTF-8 without its mark (not of XLSX) */
    uint64_t repaired;
    struct xlsx *xlsx;
    const char *sheet; /* or NULL */
    char delimiter, quote;
    size_t begin;         /* CSV: where the first row begins, after "sep=;" */
    uint64_t begin_line;  /* and its line */
    struct dict keys;     /* XES and JSON */
    uint64_t missed_keys; /* values whose key was not among the first rows */
    struct grid_row {
        uint64_t line;
        size_t offset; /* CSV: where it begins */
        const str *cells;
        size_t count;
    } * rows; /* the first ones */
    size_t row_count, row_capacity;
    size_t width;      /* cells of the widest of them */
    const char *fault; /* of the first row that cannot be read; NULL: all can */
    uint64_t fault_line;
};

/* One row as the kinds other than CSV tell it. */
struct grid_cells {
    uint64_t line;
    const str *cells;
    size_t count;
    const char *fault; /* a sentence when the row cannot be read at all, or NULL */
    str raw;           /* as it stood; ptr NULL: make it from the cells */
};
typedef enum vg_code grid_sink(void *ctx, const struct grid_cells *row,
                               struct vg_err *err);

/* Find out what the file is, decode it and take its first rows. `source` is taken over,
 * also on failure. Options: encoding, delimiter, sheet. VG_ERR_INPUT: empty, or of a kind
 * that is not read; its message says which and what to do. */
MUST_CHECK enum vg_code grid_open(struct arena *arena, struct source *source,
                                  const struct read_options *options, struct grid *ret,
                                  struct vg_err *err);
void grid_close(struct grid *grid); /* a zeroed table is fine */
/* All rows of a table that is not a CSV. */
MUST_CHECK enum vg_code grid_rows(struct grid *grid, grid_sink *sink, void *ctx,
                                  struct vg_err *err);
/* "CSV", "XLSX", "XES", "JSON lines" */
const char *grid_kind_text(const struct grid *grid);

#endif
