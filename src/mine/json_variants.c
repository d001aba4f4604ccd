#include "mine/json.h"
#include "mine/json_parts.h"

static json_t *variant_json(const struct vg_variant *variant, uint64_t traces)
{
    double share = traces ? (double)variant->count / (double)traces : 0;
    return json_pack("{s:o, s:o, s:o, s:o, s:s}", "count", json_count(variant->count),
                     "share", json_number_or_null(share), "activities",
                     json_texts(variant->activities, variant->activity_count),
                     "duration_median_s", json_number_or_null(variant->duration_median_s),
                     "example", variant->example);
}

json_t *variants_to_json(const struct vg_variants *variants)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < variants->variant_count; i++)
        if (!json_add(array,
                      variant_json(&variants->variants[i], variants->trace_count))) {
            json_decref(array);
            return NULL;
        }
    return json_pack("{s:o, s:o, s:o}", "total", json_count(variants->total), "traces",
                     json_count(variants->trace_count), "variants", array);
}
