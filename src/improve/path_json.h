/* path_json: the pieces that the whole JSON of a client and the public one share. Private
 * to src/improve/path*.c. NULL when memory is used up. */
#ifndef IMPROVE_PATH_JSON_H
#define IMPROVE_PATH_JSON_H

#include "improve/path_parts.h"

json_t *path_text(const char *text); /* what is not UTF-8 is repaired */
json_t *path_number(double value);   /* NAN is null */
json_t *path_moment(int64_t at_us);  /* "2026-03-01T10:00:00Z"; NEVER_US is null */
bool path_append(json_t *list, json_t *item); /* takes the item; false: no memory */
json_t *path_objective_json(const struct path *path, const struct path_client *client,
                            size_t index);
json_t *path_proof_json(const struct path *path, const struct path_client *client,
                        size_t phase, size_t index);
json_t *path_feelings_json(const struct path_client *client, bool texts);
const char *path_kind_name(enum path_kind kind);

#endif
