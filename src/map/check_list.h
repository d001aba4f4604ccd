/* check_list: what the files of map/check share: the list being filled, and what the
 * rules look at. Private to src/map/check*.c. */
#ifndef MAP_CHECK_LIST_H
#define MAP_CHECK_LIST_H

#include "base/lang.h"
#include "map/check.h"
#include "map/fields.h"
#include "map/words.h"

struct checking {
    struct arena *arena;
    const struct vg_map *map;
    const struct map_facts *facts; /* may be NULL */
    int64_t now_us;
    struct words inside_out, channel, vague, digital, crowd;
    struct map_finding *items;
    size_t count, capacity;
    struct vg_err *err;
};

/* What a finding is about. */
struct subject {
    const char *id, *title, *about;
};
#define WHOLE_MAP           ((struct subject){"", "", ""})
#define ABOUT(thing)        ((struct subject){(thing)->id, (thing)->title, ""})
#define WITHIN(thing, part) ((struct subject){(thing)->id, (thing)->title, (part)->id})

/* Add a finding; `sentence` is arena_printf's, NULL when memory ran out. */
MUST_CHECK enum vg_code finding_add(struct checking *checking, const char *rule,
                                    enum severity severity, struct subject subject,
                                    const char *sentence, const char *remedy);
static inline bool is_blank(const char *text)
{
    return str_trim(str_from(text)).len == 0;
}

MUST_CHECK enum vg_code check_persona(struct checking *checking);
MUST_CHECK enum vg_code check_objective(struct checking *checking);
MUST_CHECK enum vg_code check_lanes(struct checking *checking);
MUST_CHECK enum vg_code check_sessions(struct checking *checking);
MUST_CHECK enum vg_code check_steps(struct checking *checking);
MUST_CHECK enum vg_code check_actions(struct checking *checking);

#endif
