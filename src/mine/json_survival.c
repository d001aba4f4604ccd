#include "mine/json.h"
#include "mine/json_parts.h"

static json_t *point_json(const struct vg_survival_point *point)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "t_s", json_number_or_null(point->t_s),
        "at_risk", json_count(point->at_risk), "happened", json_count(point->happened),
        "censored", json_count(point->censored), "waiting",
        json_number_or_null(point->waiting), "low", json_number_or_null(point->low),
        "high", json_number_or_null(point->high));
}

/* Every point, or points_max of them spread evenly from the first to the last. */
static json_t *points_json(const struct vg_survival *survival, size_t points_max)
{
    size_t all = survival->point_count;
    size_t listed = points_max && points_max < all ? points_max : all;
    json_t *array = json_array();
    for (size_t i = 0; array && i < listed; i++) {
        /* Whole and remainder apart, so that nothing overflows. */
        size_t gaps = listed > 1 ? listed - 1 : 1;
        size_t at = (all - 1) / gaps * i + (all - 1) % gaps * i / gaps;
        if (!json_add(array, point_json(&survival->points[at]))) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

json_t *survival_to_json(const struct vg_survival *survival, size_t points_max)
{
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "from", survival->from,
        "to", survival->to, "n", json_count(survival->n), "happened",
        json_count(survival->happened), "censored", json_count(survival->censored),
        "median_s", json_number_or_null(survival->median_s), "median_low_s",
        json_number_or_null(survival->median_low_s), "median_high_s",
        json_number_or_null(survival->median_high_s), "points_total",
        json_count(survival->point_count), "points", points_json(survival, points_max));
}
