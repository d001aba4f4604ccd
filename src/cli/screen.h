/* screen: results as people or other programs read them.
 *
 * On a terminal, and with --table, results are aligned tables with small bars and
 * numbers as the reader writes them. Into a pipe or a file they are rows with tabs
 * between, one header line of stable English names, and plain numbers: seconds for
 * durations, 0 … 1 for shares, ISO 8601 for times. Colour appears on a terminal only, and
 * not when NO_COLOR is set.
 * Invariant  no control character of the data gets out: a customer's name cannot speak to
 *            the terminal. */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include "app/file.h"
#include "base/arena.h"

#include <stdio.h>

enum tone {
    TONE_PLAIN,
    TONE_STRONG,
    TONE_QUIET,
    TONE_BLUE,
    TONE_RED,
    TONE_GREEN,
    TONE_AMBER
};

struct screen {
    struct file_out out;
    struct buf buf; /* not yet written */
    bool people;    /* for people: tables, sentences */
    bool colour;
    size_t columns; /* of the terminal */
};

struct screen_options {
    const char *out; /* a file; NULL: standard output */
    bool table;      /* for people, whatever it goes to */
};
MUST_CHECK enum vg_code screen_open(const struct screen_options *options,
                                    struct screen *ret, struct vg_err *err);
/* Write what is left, and give the file its name. */
MUST_CHECK enum vg_code screen_finish(struct screen *screen, struct vg_err *err);
void screen_drop(struct screen *screen); /* after finish: nothing */
/* Write what has gathered, now and then, while much is printed. */
MUST_CHECK enum vg_code screen_flush(struct screen *screen, struct vg_err *err);

/* A line for people: left out where programs read. */
void screen_say(struct screen *screen, enum tone tone, const char *format, ...)
    PRINTF(3, 4);
void screen_line(struct screen *screen); /* an empty one, for people */

/* Append text with nothing in it that a terminal would obey: control characters, and
 * those that turn the direction of writing, are shown as signs; tabs and line breaks
 * become spaces. */
void screen_safe(struct buf *out, str text);
/* The same onto a stream, for messages. */
void screen_safe_print(FILE *stream, const char *text);
const char *tone_code(const struct screen *screen,
                      enum tone tone); /* "" without colour */

/* ---- tables ---- */

/* Like N_(), with a context: the titles of columns are short, and other places use the
 * same words otherwise. */
#define NC_(context, message) (message)

enum cell_kind {
    CELL_TEXT,
    CELL_COUNT,
    CELL_NUMBER,   /* two decimals */
    CELL_SIGNED,   /* one decimal, with its sign: a valence */
    CELL_SHARE,    /* with one decimal */
    CELL_PERCENT,  /* a share without decimals: the ends of an interval */
    CELL_DURATION, /* seconds */
    CELL_TIME,     /* microseconds */
    CELL_BAR,      /* 0 … 1, drawn; left out where programs read */
};
struct column {
    const char *name;  /* for programs: stable, English; NULL: for people only */
    const char *title; /* NC_("table", …), for people; NULL: for programs only */
    enum cell_kind kind;
    enum tone tone;
};
struct cell {
    const char *text;
    double number;
};
struct table {
    struct arena *arena;
    const struct column *columns;
    size_t column_count;
    struct cell *cells; /* [rows * column_count] */
    size_t count, capacity;
    bool failed;
};

void table_open(struct arena *arena, const struct column *columns, size_t count,
                struct table *ret);
/* The next cell, row by row. A number that is not finite is "–" or empty. */
void table_text(struct table *table, const char *text); /* NULL is "" */
void table_number(struct table *table, double number);
MUST_CHECK enum vg_code table_print(struct table *table, struct screen *screen,
                                    struct vg_err *err);

#endif
