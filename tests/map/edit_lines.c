/* What the browser's own apply() is held against: reads lines of JSON, {"document": …,
 * "operations": […]}, and writes for each one a line: a list with, per operation,
 * [code, inverse, document]. An operation that is refused leaves [code, null, null]. */
#include "map/edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *answer(json_t *document, json_t *operations)
{
    json_t *answers = json_array();
    for (size_t i = 0; i < json_array_size(operations); i++) {
        struct vg_err err = {0};
        json_t *inverse = NULL;
        enum vg_code code =
            edit_apply(document, json_array_get(operations, i), &inverse, &err);
        json_t *row = code == VG_OK ? json_pack("[iooo]", 0, inverse,
                                                json_deep_copy(document), json_null())
                                    : json_pack("[inns]", (int)code, err.what);
        json_array_append_new(answers, row);
    }
    return answers;
}

int main(void)
{
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0) {
        json_t *request = json_loads(line, JSON_DECODE_ANY, NULL);
        json_t *answers = answer(json_object_get(request, "document"),
                                 json_object_get(request, "operations"));
        json_dumpf(answers, stdout, JSON_COMPACT | JSON_REAL_PRECISION(17));
        putchar('\n');
        json_decref(answers);
        json_decref(request);
    }
    free(line);
    return 0;
}
