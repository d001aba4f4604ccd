/* rules: filters of the evidence that go on enrolling whoever comes to fit them. Nobody
 * is enrolled twice, nor again after somebody took him off the path. */
#ifndef STORE_RULES_H
#define STORE_RULES_H

#include "store/paths.h"

#define LIMIT_ENROL_RULES      20 /* of one map */
#define LIMIT_ENROL_RULE_BYTES (32 * 1024)

struct enrol_rule {
    const char *id, *map, *rule, *created_by; /* rule: JSON [[name, value], …] */
    int64_t created_us, seen_version;
};
/* The same rule on the same map is kept once: *ret_id is that one. VG_ERR_LIMIT. */
MUST_CHECK enum vg_code enrol_rule_add(struct store *store, const char *map,
                                       const char *rule,
                                       char ret_id[static STORE_ID_BYTES],
                                       struct vg_err *err);
/* Of a map, the oldest first; map NULL: of all that are not in the bin. */
MUST_CHECK enum vg_code enrol_rule_list(struct store *store, struct arena *arena,
                                        const char *map, struct enrol_rule **ret,
                                        size_t *ret_count, struct vg_err *err);
/* Whom it enrolled stays. VG_ERR_NOT_FOUND. */
MUST_CHECK enum vg_code enrol_rule_delete(struct store *store, const char *map,
                                          const char *id, struct vg_err *err);
/* It was asked of this version of the evidence. */
MUST_CHECK enum vg_code enrol_rule_seen(struct store *store, const char *id,
                                        int64_t version, struct vg_err *err);
/* A map that a customer (any of the names) was taken off, and not put back on. */
struct taken_out {
    const char *map;
    int64_t at_us;
};
MUST_CHECK enum vg_code taken_out_of(struct store *store, struct arena *arena,
                                     const char *const *names, size_t name_count,
                                     struct taken_out **ret, size_t *ret_count,
                                     struct vg_err *err);

#endif
