/* words: small texts that the pictures and the report share. All into an arena; NULL when
 * memory is used up. */
#ifndef VIEW_WORDS_H
#define VIEW_WORDS_H

#include "base/arena.h"
#include "view/study.h"

/* 19–25%, or 19% where both ends read alike. */
const char *text_share_range(struct arena *arena, double low, double high);
/* −1,4 … −1,0 */
const char *text_number_range(struct arena *arena, double low, double high, int decimals);
/* The phase of the map that an activity belongs to, on any channel; SIZE_MAX: none. */
size_t phase_of_activity(const struct vg_map *map, const char *activity);

#endif
