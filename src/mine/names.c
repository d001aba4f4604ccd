#include "mine/names.h"

#include "mine/scratch.h"

#include <stdlib.h>

static int by_name(const void *a, const void *b, void *ctx)
{
    const struct dict *dict = ctx;
    return str_compare(dict_str(dict, *(const uint32_t *)a),
                       dict_str(dict, *(const uint32_t *)b));
}

enum vg_code names_rank(const struct dict *dict, uint32_t **ret_rank, struct vg_err *err)
{
    uint32_t *codes = scratch_array(uint32_t, (size_t)dict->count + 1);
    uint32_t *rank = scratch_array(uint32_t, (size_t)dict->count + 1);
    if (!codes || !rank) {
        scratch_free(codes);
        scratch_free(rank);
        return err_memory(err);
    }
    for (uint32_t i = 0; i < dict->count; i++)
        codes[i] = i;
    qsort_r(codes, dict->count, sizeof *codes, by_name, (void *)(uintptr_t)dict);
    for (uint32_t i = 0; i < dict->count; i++)
        rank[codes[i]] = i;
    scratch_free(codes);
    *ret_rank = rank;
    return VG_OK;
}
