/* question: which part of a workspace's evidence is meant, as names and values; the same
 * names as the shell's options, so that an address in the browser reads like a command:
 *
 *     since=2025-03&only-channel=Telefono&where=Operatore=Anna&persona=rossi
 *
 * Besides the shell's there are persona (adds the filter kept with that persona) and
 * saved (adds a saved filter).
 * Ownership  everything lives in the arena that question_read is given. */
#ifndef APP_QUESTION_H
#define APP_QUESTION_H

#include "log/filter.h"
#include "log/read.h"
#include "map/map.h"
#include "store/store.h"

struct pair {
    const char *name, *value;
};
struct question {
    struct log_filter filter;
    const char *journey; /* the attribute that names the journey, or NULL */
    double pause_s;      /* 0: journeys are not cut */
    const char *key;     /* the same for the same question; "" asks about everything */
    bool attributes;     /* it asks about columns beyond those every log has */
    const struct question
        *whole;                /* the same without the personas it names; NULL: it is */
    struct progress *progress; /* of who asks, or NULL: may stop what takes long */
};

/* Whether a name is one of a question's. */
bool question_knows(const char *name);
/* Pairs of other names are passed over. VG_ERR_USAGE names what is wrong;
 * VG_ERR_NOT_FOUND: there is no such persona or saved filter. */
MUST_CHECK enum vg_code question_read(struct store *store, struct arena *arena,
                                      const struct pair *pairs, size_t count,
                                      struct question *ret, struct vg_err *err);
/* Whom a map is about: the filter that its protagonist carries, as pairs; *ret_count 0:
 * everybody. VG_ERR_INPUT: it is no filter. */
MUST_CHECK enum vg_code question_of_map(struct arena *arena, const struct vg_map *map,
                                        struct pair **ret, size_t *ret_count,
                                        struct vg_err *err);
/* "a=b&c=d%20e" into pairs. VG_ERR_USAGE: broken escapes; VG_ERR_LIMIT. */
MUST_CHECK enum vg_code question_split(struct arena *arena, const char *query,
                                       struct pair **ret, size_t *ret_count,
                                       struct vg_err *err);
/* The same of a filter that somebody wrote down (a rule, a group, a share), with or
 * without a leading '?': a name that is none would mean everybody, so it is refused, and
 * so is one without a value. VG_ERR_INPUT. */
MUST_CHECK enum vg_code question_filter(struct arena *arena, const char *filter,
                                        struct pair **ret, size_t *ret_count,
                                        struct vg_err *err);

#endif
