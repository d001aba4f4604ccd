/* read: files as people export them → one log, and a report of how each was understood.
 *
 * Invariant  for every file: rows = stored + rejected. A bad row is kept aside with its
 * line and reason, the rest goes in. */
#ifndef LOG_READ_H
#define LOG_READ_H

#include "log/log.h"

/* What a column of a file is for. */
enum role {
    ROLE_IGNORE,
    ROLE_CUSTOMER,
    ROLE_ACTIVITY,
    ROLE_TIME,
    ROLE_CHANNEL,
    ROLE_TOUCHPOINT,
    ROLE_ACTOR,
    ROLE_TEXT,
    ROLE_SCORE,
    ROLE_SOURCE_ID,
    ROLE_ATTRIBUTE, /* kept under its own name */
    ROLE_COUNT
};

struct read_options {
    /* Column headers (any case, accents ignored) or "#3" for the third; NULL: guess. */
    const char *column[ROLE_COUNT];
    /* Each of these columns of dates is an event of its own, named after the column: one
     * row for each order or ticket, with several dates. 0: guess whether it is so. One
     * column alone is column[ROLE_TIME]. */
    const char *const *times; /* [time_count] */
    size_t time_count;
    const char *journey; /* the column that names the journey instead of the customer */
    const char *activity_fixed; /* no activity column: every row is this ("Recensione") */
    const char *sheet;          /* of an XLSX: its name; NULL: the first */
    const char *encoding;       /* "utf-8", "windows-1252", "utf-16"; NULL: guess */
    char delimiter;             /* 0: guess */
    char date_order;            /* 'd' 31/12, 'm' 12/31, 0: guess */
    enum score_scale scale;     /* SCALE_NONE: guess from name and range */
    const char *zone;           /* for times without a zone: "Europe/Rome"; NULL: UTC */
    double pause_s;      /* cut a journey where nothing happened for longer; 0: do not */
    bool all_attributes; /* keep every other column, not only those named here */
    const char *const *attributes; /* [attribute_count] headers */
    size_t attribute_count;
    const char *const *fill_down; /* [fill_down_count] headers: an empty cell takes the
                                     value of the row above, as in merged cells */
    size_t fill_down_count;
    const char *const *asked; /* headers that a question names: kept as attributes unless
                                 they have a role already */
    size_t asked_count;
    bool one_of_several; /* others are read apart: a column named by option that this file
                            does not have is guessed, as when they are read together */
    const char *rejects; /* write rejected rows to this CSV file, or NULL */
    struct progress *progress;
};

struct read_column {
    const char *name; /* header, or "column 3" */
    enum role role;
    bool filled;        /* empty cells take the value of the row above */
    uint64_t merged;    /* cells of the first rows that look as if they should */
    const char *reason; /* a sentence: why that role */
};
struct read_reject {
    uint64_t line;      /* in the file, from 1; of an XLSX the sheet's row */
    const char *reason; /* a sentence */
    const char *row;    /* as it stood, shortened */
};
struct read_file {
    const char *path;
    const char *kind;     /* "CSV", "XLSX", "XES", "JSON lines" */
    const char *encoding; /* as read */
    char delimiter;
    uint64_t header_line;    /* 0: none */
    const char *time_format; /* for people: "dd/mm/yyyy hh:mm", "ISO 8601" */
    struct read_column *columns;
    size_t column_count;
    const char ***sample; /* [sample_count][column_count] the first rows, as text */
    size_t sample_count;
    uint64_t rows, stored, rejected;
    uint64_t events; /* of the stored rows; more than one each where rows are wide */
    struct read_reject *rejects; /* the first LIMIT_REJECTS_SHOWN */
    size_t reject_count;
    const char **notes; /* "12 dates lie in the future", "3 invalid bytes repaired" … */
    size_t note_count;
};
struct read_report {
    struct read_file *files;
    size_t file_count;
};

/* Read all files into one log. "-" is standard input. The report lives in `arena`; it is
 * filled as far as reading came even when this fails (for the file that failed, too).
 * VG_ERR_INPUT: not one row could be used, a column is missing; VG_ERR_LIMIT; VG_ERR_IO.
 */
MUST_CHECK enum vg_code read_files(struct arena *arena, const char *const *paths,
                                   size_t count, const struct read_options *options,
                                   struct vg_log **ret, struct read_report *report,
                                   struct vg_err *err);
/* Only look: guess the columns and take the first rows, read nothing else. */
MUST_CHECK enum vg_code read_explain(struct arena *arena, const char *path,
                                     const struct read_options *options,
                                     struct read_file *ret, struct vg_err *err);

/* "customer", "activity" … for options and JSON; the reader's word for it, for people. */
const char *role_name(enum role role);
const char *role_text(enum role role);

#endif
