/* csv_load: the rows of a CSV file, in parallel, into a builder.
 *
 * What a row is   fields between delimiters, up to a line feed (a carriage return before
 * it is dropped) or the end of the file. A field that begins with the quote (spaces
 * before it do not count as beginning) ends at the next quote that is not doubled; within
 * it delimiters and line breaks are text and a doubled quote is one quote; what follows
 * the closing quote up to the delimiter belongs to the field too. A quote anywhere else
 * is text. Fields are taken without white space at both ends. A line that is empty, or
 *   holds only spaces, is no row.
 * Ragged rows     fields beyond the plan's columns are ignored; missing fields are empty.
 *   So a short row is rejected only when customer, activity or time is among the missing.
 * Filled down     an empty cell of a column that is filled takes the value of the last
 * row that had one, unless a row between them cannot be used as such (CSV_NUL, CSV_LONG,
 * CSV_UNCLOSED). Such a file is read by one worker.
 * Nothing         a cell that stands for nothing (log/nothing.h) is an empty one.
 * Wide rows       with moments, each date of a row that is not empty is an event; what
 * the row says else goes to all of them, its text and score to the last one in time. A
 * row is rejected, whole, when none of its dates is there or one cannot be read. Broken
 * text     ill-formed UTF-8 is repaired (U+FFFD) and counted, never rejected. Invariant
 * rows = stored + rejected; a row is stored as one event, or as several where it is wide.
 * The log is the same for any number of workers and any chunk size, and the same as
 * builder_add would make, row by row. Cost            one pass over the bytes, two when
 * quoted line breaks deceive it. */
#ifndef LOG_CSV_LOAD_H
#define LOG_CSV_LOAD_H

#include "base/progress.h"
#include "log/build.h"
#include "log/read.h"
#include "text/time_format.h"

struct csv_column {
    enum role role;   /* one column each, but ROLE_IGNORE and ROLE_ATTRIBUTE. A second
                         ROLE_TIME column is the time of day: time_parse_joined */
    bool filled;      /* empty cells take the value of the row above */
    size_t attribute; /* ROLE_ATTRIBUTE: index into the builder's attributes. Two columns
                         of one index: the last that is not empty */
};

/* A column of dates of a wide file, and what happened then. */
struct csv_moment {
    size_t column;
    struct time_format format;
    str activity;
};

/* How to read a file. Everything is borrowed until csv_load returns.
 * Shape  bytes is the whole file, UTF-8, without or with its BOM; mapped or in memory. */
struct csv_plan {
    const char *name; /* the file's, for messages and progress */
    str bytes;
    size_t first_row;      /* offset of the first data row: what is before is not read */
    uint64_t first_line;   /* its line in the file, from 1 */
    char delimiter, quote; /* quote 0: none */
    const struct csv_column *columns;
    size_t column_count;
    const struct time_format *time;
    bool decimal_comma; /* in scores */
    enum score_scale scale;
    str activity_fixed;               /* without an activity column: every row is this */
    const struct csv_moment *moments; /* [moment_count] of a wide file, whose columns have
                                         ROLE_TIME; `time` is then of no use */
    size_t moment_count;
    size_t chunk_bytes; /* 0: chosen; tests make it small */
};

enum csv_reason {
    CSV_NO_CUSTOMER, /* empty or missing */
    CSV_NO_ACTIVITY,
    CSV_NO_TIME,
    CSV_BAD_TIME, /* `field` is the text; time_explain says why */
    CSV_NUL,      /* a NUL byte somewhere in the row */
    CSV_LONG,     /* a field beyond LIMIT_FIELD_BYTES */
    CSV_UNCLOSED  /* a quote that is not closed within LIMIT_FIELD_BYTES or the file: the
                     row ends at its first line break, reading goes on after it */
};
struct csv_reject {
    uint64_t line; /* in the file, where the row begins */
    enum csv_reason reason;
    str row;       /* its bytes in the file, without the line break */
    size_t column; /* of the field at fault; SIZE_MAX: the row as such */
    str field;     /* as it stands, quotes taken off; ptr NULL where it is missing */
};
/* Called for each rejected row, in the order of the file, from the calling thread. */
struct csv_reject_sink {
    void (*reject)(void *ctx, const struct csv_reject *reject);
    void *ctx;
};

struct csv_counts {
    uint64_t rows, stored, rejected;
    uint64_t events;   /* of the stored rows: as many, but of wide ones more */
    uint64_t repaired; /* fields with ill-formed UTF-8, of the columns that are read */
    uint64_t filled;   /* empty cells that took the value of the row above */
    uint64_t unscored; /* stored rows whose score was not a number: they have none */
    int64_t first_us, last_us; /* of the stored rows */
};

/* Add all rows of the plan. sink and progress may be NULL. VG_ERR_LIMIT: too many
 * activities, channels, touchpoints or rows; VG_ERR_MEMORY; VG_ERR_CANCELLED. After a
 * failure the builder can only be closed. */
MUST_CHECK enum vg_code csv_load(struct builder *builder, const struct csv_plan *plan,
                                 const struct csv_reject_sink *sink,
                                 struct progress *progress, struct csv_counts *ret,
                                 struct vg_err *err);

#endif
