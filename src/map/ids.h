/* ids: every thing of a map that can be pointed at has an id, unique within the map.
 * Those that are missing are made from the title ("Chiedo un'offerta" →
 * "chiedo-un-offerta", then "…-2"), the same on every read, and put into the document. */
#ifndef MAP_IDS_H
#define MAP_IDS_H

#include "map/fields.h"

enum id_kind {
    ID_NONE,
    ID_PERSONA,
    ID_PHASE,
    ID_STEP,
    ID_TOUCHPOINT,
    ID_PAIN,
    ID_OPPORTUNITY,
    ID_METRIC,
    ID_ACTION,
    ID_KPI,
    ID_PROOF,
    ID_PLAYBOOK
};
/* The ids of a document: which kind of thing each names. */
struct ids {
    json_t *kinds;    /* id → enum id_kind */
    json_t *suffixes; /* "title" → the last number tried behind it */
};
/* Collect the ids of the document and make those that are missing. VG_ERR_INPUT for an id
 * that is used twice, with both places. The caller calls ids_free also on failure. */
MUST_CHECK enum vg_code ids_fill(struct reader *reader, json_t *document,
                                 struct ids *ids);
void ids_free(struct ids *ids);
enum id_kind ids_kind(const struct ids *ids, const char *id);
const char *id_kind_text(enum id_kind kind); /* "a step", in the reader's words */

#endif
