/* check: a map held against the known mistakes of the craft (design §4).
 * Each finding has a rule's stable name, a sentence in the reader's language, and what to
 * do. */
#ifndef MAP_CHECK_H
#define MAP_CHECK_H

#include "map/map.h"

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

struct map_finding {
    const char *rule; /* "no-persona" */
    enum severity severity;
    const char *where;    /* step, phase or action id; "" for the whole map */
    const char *about;    /* what within it: id of a touchpoint or pain, "evidence" or
                             "map" (what is stale); "" */
    const char *title;    /* of that step, phase or action; "" */
    const char *sentence; /* what is so */
    const char *remedy;   /* what to do */
};
struct map_findings {
    struct map_finding *items; /* errors first, then in the order of the map */
    size_t count;
};
struct map_reached {
    uint64_t clients,
        reached; /* former clients with a reading; who ever met the target */
};
/* What the evidence says, for the rules that need it; NULL when there is none at hand. */
struct map_facts {
    const uint64_t *seen;              /* [step_count] customers met at the step */
    int64_t last_us;                   /* the last event */
    const struct map_reached *reached; /* [metric_count], or NULL */
};
/* now_us: today, for what is late or stale. ERR_MEMORY. */
MUST_CHECK enum vg_code map_check(struct arena *arena, const struct vg_map *map,
                                  const struct map_facts *facts, int64_t now_us,
                                  struct map_findings *ret, struct vg_err *err);
/* The same with the user's own list of inside-out wording added to the built-in ones
 * (src/map/words/): the text of such a file, or ptr NULL. `name` is the file's. */
MUST_CHECK enum vg_code map_check_with(struct arena *arena, const struct vg_map *map,
                                       const struct map_facts *facts, int64_t now_us,
                                       str words, const char *name,
                                       struct map_findings *ret, struct vg_err *err);

/* The rules, for `viaggio check --rules` and the manual. */
struct map_rule {
    const char *name;
    enum severity severity;
    const char *catches; /* translated by the caller: N_() */
};
const struct map_rule *map_rules(size_t *ret_count);

#endif
