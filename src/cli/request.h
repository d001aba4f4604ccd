/* request: what the user asked for, read from the command line by the tables of
 * cli/options.c and cli/verbs.c. One row of a table feeds the parser, the help, the shell
 * completion and the manual page. */
#ifndef CLI_REQUEST_H
#define CLI_REQUEST_H

#include "app/evidence.h"
#include "app/values.h"
#include "base/lang.h"
#include "base/limits.h"

struct texts {
    const char **items;
    size_t count, capacity;
};

struct request {
    const struct verb *verb;
    struct texts arguments; /* what stands without an option: files, mostly */
    struct texts evidence;
    /* for every command */
    const char *lang, *out;
    bool help, quiet, json, table;
    /* how evidence is read, and which part of it */
    struct read_options read;
    const char *date_order, *delimiter,
        *scale; /* as written; read holds what they mean */
    struct texts times, attributes, fill_down, only_channels, only_activities,
        only_customers, where, customers_where, containing, missing;
    const char *since, *until, *started_since, *started_until;
    double longer_than_s, shorter_than_s;
    /* of one command or another */
    const char *map, *workspace, *undo, *listen, *print;
    const char *at, *file, *done, *reading, *milestone, *feeling, *proof, *message, *note,
        *because, *on; /* of paths */
    bool leaves, once, another, everybody;
    const char *forget;
    struct texts proxies, webhook_nets;
    bool allow_webhooks;
    const char *client, *sheet;
    bool cohorts, enrol;
    bool explain, rules, strict, force, hide_names, solo, open;
    struct texts step;
    const char *steps, *from, *to, *what, *format, *paper, *theme, *svg, *title, *words,
        *today;
    const char *kpi, *action, *kind, *every, *direction, *changed, *group, *enough,
        *arrival, *value_each;
    struct texts less_loss, less_wait;
    size_t top;
    bool top_given;
    double window_s, detail, quantile;
};

/* Which options a command takes: each option belongs to one of these groups. */
enum option_group {
    FOR_ALL = 1 << 0,
    FOR_READING = 1 << 1,
    FOR_FILTERING = 1 << 2,
    FOR_JSON = 1 << 3,
    FOR_TABLE = 1 << 4,
    FOR_OUT = 1 << 5,
    FOR_MAP = 1 << 6,
    FOR_TOP = 1 << 7,
    FOR_FUNNEL = 1 << 8,
    FOR_SURVIVAL = 1 << 9,
    FOR_IMPORT = 1 << 10,
    FOR_CHECK = 1 << 11,
    FOR_FORMAT = 1 << 12,
    FOR_THEME = 1 << 13,
    FOR_DETAIL = 1 << 14,
    FOR_REPORT = 1 << 15,
    FOR_RENDER = 1 << 16,
    FOR_CONVERT = 1 << 17,
    FOR_PAPER = 1 << 18,
    FOR_WORKSPACE = 1 << 19,
    FOR_ALIAS = 1 << 20,
    FOR_TITLE = 1 << 21,
    FOR_SERVE = 1 << 22,
    FOR_UNDO = 1 << 23,
    FOR_KPI = 1 << 24,
    FOR_EFFECT = 1 << 25,
    FOR_PATH = 1 << 28,
    FOR_ENROL = 1 << 27,
    FOR_PROGRESS = 1 << 29,
    FOR_WHATIF = 1 << 26,
    FOR_PLAN = 1 << 30,
    FOR_EVIDENCE = FOR_READING | FOR_FILTERING,
};

enum option_kind {
    OPTION_FLAG,     /* bool */
    OPTION_TEXT,     /* const char * */
    OPTION_LIST,     /* struct texts: may be given again */
    OPTION_COUNT,    /* size_t */
    OPTION_DURATION, /* double, seconds: 90s, 15m, 4h, 30d, 2w */
    OPTION_SPAN,     /* the same, and more than nothing */
    OPTION_SHARE,    /* double 0…1: 25 or 25% */
    OPTION_CHOICE,   /* const char *: one of `choices` */
};

struct option_row {
    const char *name; /* without the dashes */
    char letter;      /* 0: none */
    enum option_kind kind;
    unsigned groups;      /* taken by a command that is in any of these */
    size_t at;            /* where in struct request */
    const char *argument; /* N_(): "FILE"; NULL for a flag */
    const char *choices;  /* "svg|png|pdf", or NULL */
    const char *help;     /* N_() */
};
const struct option_row *option_rows(size_t *ret_count);

/* What --today says, or 0. */
MUST_CHECK enum vg_code request_today(const struct request *request, int64_t *ret_us,
                                      struct vg_err *err);

struct run; /* cli/run.h */
struct verb {
    const char *name;
    const char *arguments; /* N_(): "FILE…", for the synopsis */
    const char *summary;   /* N_(): one line */
    const char *about;     /* N_(): a paragraph for the help and the manual */
    const char *example;   /* works in examples/primi-passi */
    unsigned groups;
    size_t least, most; /* arguments without an option; evidence counts towards `least` */
    enum vg_code (*run)(struct run *run, struct vg_err *err);
};
const struct verb *verb_rows(size_t *ret_count);
const struct verb *verb_find(const char *name);

/* Fill a request from the words behind the verb. VG_ERR_USAGE with the nearest option as
 * the hint. Texts are those of `words`; lists live in `arena`. */
MUST_CHECK enum vg_code request_read(struct arena *arena, const struct verb *verb,
                                     char **words, size_t count, struct request *ret,
                                     struct vg_err *err);
/* With a data file: no option that would have no effect on it. VG_ERR_USAGE. */
MUST_CHECK enum vg_code request_fits(const struct request *request, struct vg_err *err);
/* No result may be written over a file that is read, and no evidence read twice. */
MUST_CHECK enum vg_code request_guard(const struct request *request, struct vg_err *err);
/* How evidence is to be opened, as the request says. */
/* Does it ask about a part of the evidence only? */
bool request_asks_a_part(const struct request *request);
/* The same part as a filter by names and values; *ret lives in the arena. VG_ERR_LIMIT.
 */
struct pair;
MUST_CHECK enum vg_code request_filter_pairs(struct arena *arena,
                                             const struct request *request,
                                             struct pair **ret, size_t *ret_count,
                                             struct vg_err *err);
MUST_CHECK enum vg_code request_evidence(struct arena *arena,
                                         const struct request *request,
                                         struct evidence_options *ret,
                                         struct vg_err *err);

/* The nearest of `count` names to `word`, or NULL when none is near. */
const char *nearest_name(const char *word, const char *const *names, size_t count);

#endif
