/* personas: a persona that is kept once, and stands in maps. */
#ifndef APP_PERSONAS_H
#define APP_PERSONAS_H

#include "store/maps.h"
#include "text/json.h"

/* What is different in a persona of this id in any map becomes as `body` says, field by
 * field, as operations. */
MUST_CHECK enum vg_code personas_carry(struct store *store, struct arena *arena,
                                       const char *id, const json_t *body,
                                       struct vg_err *err);

#endif
