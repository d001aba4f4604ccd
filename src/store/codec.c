#include "store/codec.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "the data file is little-endian");

bool pack_bytes(const void *raw, size_t len, int level, struct packed *ret)
{
    size_t most = ZSTD_compressBound(len);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    void *bytes = malloc(most ? most : 1);
    size_t written = 0;
    bool ok = context && bytes;
    if (ok) {
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
        written = ZSTD_compress2(context, bytes, most, raw, len);
        ok = !ZSTD_isError(written);
    }
    ZSTD_freeCCtx(context);
    if (!ok) {
        free(bytes);
        return false;
    }
    void *fitted = realloc(bytes, written ? written : 1);
    *ret = (struct packed){fitted ? fitted : bytes, written, len};
    return true;
}

enum vg_code unpack_bytes(const void *bytes, size_t len, void *raw, size_t raw_bytes)
{
    ZSTD_DCtx *context = ZSTD_createDCtx();
    if (!context)
        return VG_ERR_MEMORY;
    size_t got = ZSTD_decompressDCtx(context, raw, raw_bytes, bytes, len);
    ZSTD_freeDCtx(context);
    return !ZSTD_isError(got) && got == raw_bytes ? VG_OK : VG_ERR_INPUT;
}

/* ---- times ---- */

struct time_head {
    int64_t unit_us, first_us;
    int64_t width; /* bytes of a difference: 4 or 8 */
};

/* Differences wrap around like unsigned numbers: nothing overflows, nothing is lost. */
static int64_t step_of(const int64_t *at_us, size_t i)
{
    return (int64_t)((uint64_t)at_us[i] - (uint64_t)at_us[i - 1]);
}

static struct time_head head_of(const int64_t *at_us, size_t count)
{
    static const int64_t units[] = {60 * US_PER_S, US_PER_S, 1000, 1};
    struct time_head head = {1, count ? at_us[0] : 0, 4};
    for (size_t u = 0; u < COUNT_OF(units); u++) {
        size_t i = 1;
        while (i < count && step_of(at_us, i) % units[u] == 0)
            i++;
        if (i >= count) {
            head.unit_us = units[u];
            break;
        }
    }
    for (size_t i = 1; i < count; i++) {
        int64_t step = step_of(at_us, i) / head.unit_us;
        if (step < INT32_MIN || step > INT32_MAX)
            head.width = 8;
    }
    return head;
}

bool pack_times(const int64_t *at_us, size_t count, int level, struct packed *ret)
{
    struct time_head head = head_of(at_us, count);
    size_t len = sizeof head + count * (size_t)head.width;
    char *raw = malloc(len);
    if (!raw)
        return false;
    memcpy(raw, &head, sizeof head);
    for (size_t i = 0; i < count; i++) {
        int64_t step = i ? step_of(at_us, i) / head.unit_us : 0;
        int32_t narrow = (int32_t)step;
        if (head.width == 4)
            memcpy(raw + sizeof head + i * 4, &narrow, 4);
        else
            memcpy(raw + sizeof head + i * 8, &step, 8);
    }
    bool ok = pack_bytes(raw, len, level, ret);
    free(raw);
    return ok;
}

static void sum_up(const struct time_head *head, const char *steps, int64_t *at_us,
                   size_t count)
{
    uint64_t at = (uint64_t)head->first_us, unit = (uint64_t)head->unit_us;
    if (head->width == 4)
        for (size_t i = 0; i < count; i++) {
            int32_t step;
            memcpy(&step, steps + i * 4, 4);
            at_us[i] = (int64_t)(at += (uint64_t)(int64_t)step * unit);
        }
    else
        for (size_t i = 0; i < count; i++) {
            uint64_t step;
            memcpy(&step, steps + i * 8, 8);
            at_us[i] = (int64_t)(at += step * unit);
        }
}

enum vg_code unpack_times(const void *bytes, size_t len, size_t raw_bytes, int64_t *at_us,
                          size_t count)
{
    struct time_head head;
    if (raw_bytes != sizeof head + count * 4 && raw_bytes != sizeof head + count * 8)
        return VG_ERR_INPUT;
    char *raw = malloc(raw_bytes);
    if (!raw)
        return VG_ERR_MEMORY;
    enum vg_code code = unpack_bytes(bytes, len, raw, raw_bytes);
    if (code == VG_OK) {
        memcpy(&head, raw, sizeof head);
        bool whole = (head.width == 4 || head.width == 8) &&
                     raw_bytes == sizeof head + count * (size_t)head.width;
        code = whole ? VG_OK : VG_ERR_INPUT;
    }
    if (code == VG_OK)
        sum_up(&head, raw + sizeof head, at_us, count);
    free(raw);
    return code;
}
