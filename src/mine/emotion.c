/* emotion: what the evidence says customers feel, per step of the map. */
#include "mine/mine.h"

#include <math.h>

enum vg_code emotion_mine(struct arena *arena, const struct vg_log *log,
                          const struct vg_map *map, struct vg_emotions *ret,
                          struct vg_err *err)
{
    (void)arena, (void)log, (void)map, (void)ret;
    return err_set(err, VG_ERR_USAGE, NULL, "emotions are not built yet");
}

double emotion_valence(double score, enum score_scale scale)
{
    return scale == SCALE_VALENCE ? score : NAN;
}
