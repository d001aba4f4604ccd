/* lanes: the rows of a map as a table. One entry says what a lane is called in a file
 * (English, Italian) and where its text stands in the document; writing and reading a
 * table follow the same list. Private to map/csv.c and map/import.c. */
#ifndef MAP_LANES_H
#define MAP_LANES_H

#include "map/map.h"

enum lane_level {
    LEVEL_MAP,
    LEVEL_PERSONA,
    LEVEL_METRIC,
    LEVEL_SESSION,
    LEVEL_PHASE,
    LEVEL_STEP,
    LEVEL_ACTION
};
enum lane_kind {
    LANE_HEAD,   /* begins the thing: its title */
    LANE_TEXT,   /* a text at key */
    LANE_NUMBER, /* a number at key, in the column "score" */
    LANE_FLAG,   /* true at key: "yes" */
    LANE_LIST,   /* one of a list of texts */
    LANE_ITEM,   /* one of a list of {text} */
    LANE_FEELING,
    LANE_FEELING_NOTE,
    LANE_TOUCHPOINT,
    LANE_MATCH,
    LANE_CHOICE,
    LANE_PERSON,
    LANE_PAIN_REF, /* the text of a pain */
    LANE_STEP_REF  /* the title of a step */
};
struct lane {
    const char *en, *it;
    enum lane_level level;
    enum lane_kind kind;
    const char *key; /* "objective.text": one dot at most */
};
extern const struct lane lanes[];
extern const size_t lane_count;

/* The columns of the table. */
enum column {
    COLUMN_MAP,
    COLUMN_PHASE,
    COLUMN_PHASE_ORDER,
    COLUMN_STEP,
    COLUMN_STEP_ORDER,
    COLUMN_LANE,
    COLUMN_PERSONA,
    COLUMN_TEXT,
    COLUMN_SCORE,
    COLUMN_CHANNEL,
    COLUMN_OWNER,
    COLUMN_STATUS,
    COLUMN_EVIDENCE,
    COLUMN_UPDATED,
    COLUMN_COUNT
};
struct column_name {
    const char *en, *it;
};
extern const struct column_name column_names[COLUMN_COUNT];

/* The value at a key with at most one dot, or NULL. */
json_t *lane_get(const json_t *object, const char *key);
/* Takes over value. False: memory. */
bool lane_set_new(json_t *object, const char *key, json_t *value);

#endif
