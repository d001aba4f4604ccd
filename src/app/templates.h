/* templates: maps to begin with (share/templates/), embedded in the program, in both
 * languages. */
#ifndef APP_TEMPLATES_H
#define APP_TEMPLATES_H

#include "text/json.h"

/* [{id, title, about, steps}] in the thread's language. NULL: memory. */
json_t *templates_list(void) MUST_CHECK;
/* The map of template `id` in the thread's language, the caller's. VG_ERR_NOT_FOUND. */
MUST_CHECK enum vg_code templates_get(const char *id, json_t **ret, struct vg_err *err);

#endif
