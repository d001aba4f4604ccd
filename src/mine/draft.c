/* draft: from a log alone, a proposed map to be discussed. What the evidence can say is
 * in it: steps, order, phases, what is optional, repeated or an alternative, channels,
 * where journeys begin and end. What only people can say (what customers think and feel,
 * why the map is made) is left open, not invented. */
#include "mine/draft_parts.h"

#include "base/lang.h"

enum vg_code draft_mine(const struct vg_log *log, struct vg_map **ret, struct vg_err *err)
{
    struct draft draft;
    json_t *json = NULL;
    struct arena *scratch = arena_open(0);
    enum vg_code code =
        scratch ? draft_shape(scratch, log, &draft, err) : err_memory(err);
    if (code == VG_OK) {
        json = draft_write(scratch, &draft);
        code = json ? map_from_json(json, _("the draft"), ret, err) : err_memory(err);
    }
    json_decref(json);
    arena_close(scratch);
    return code;
}
