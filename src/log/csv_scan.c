#include "log/csv_scan.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Bytes that memory is asked for before they are looked at: by itself it brings what is
 * behind, but not beyond a page of 4 KB. Behind the file it is no harm. */
enum { AHEAD = 4096 };

struct masks {                 /* bit i: byte i of a block is … */
    uint64_t end, feed, quote; /* a delimiter or line feed; a line feed; a quote */
    uint64_t odd;              /* up to ' ', or beyond ASCII: perhaps white space */
};

/* ---- masks of a block of 64 bytes, for each kind of machine ----
 * `least` gathers the smallest byte at each place, to tell whether there was a NUL. All
 * is written out: at -O2 compilers leave such loops as they are. */

#if defined(__x86_64__)
#define BITS16(vector, at) (uint64_t)(uint32_t) _mm_movemask_epi8(vector) << (at)
#define PART16(at)                                                                       \
    {                                                                                    \
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + (at)));  \
        __m128i feed = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'));                       \
        __m128i end = _mm_or_si128(_mm_cmpeq_epi8(bytes, delimiters), feed);             \
        /* Signed, what is beyond ASCII is less than ' ' too. */                         \
        __m128i odd = _mm_cmplt_epi8(bytes, _mm_set1_epi8(' ' + 1));                     \
        masks.end |= BITS16(end, at);                                                    \
        masks.feed |= BITS16(feed, at);                                                  \
        masks.odd |= BITS16(odd, at);                                                    \
        masks.quote |= BITS16(_mm_cmpeq_epi8(bytes, quotes), at);                        \
        *least = _mm_min_epu8(*least, bytes);                                            \
    }
static inline __attribute__((always_inline)) struct masks
masks_sse2(const char *block, char delimiter, char quote, __m128i *least)
{
    const __m128i delimiters = _mm_set1_epi8(delimiter), quotes = _mm_set1_epi8(quote);
    struct masks masks = {0, 0, 0, 0};
    PART16(0)
    PART16(16)
    PART16(32)
    PART16(48)
    return masks;
}

#define AVX2               __attribute__((target("avx2,bmi,popcnt,lzcnt")))
#define BITS32(vector, at) (uint64_t)(uint32_t) _mm256_movemask_epi8(vector) << (at)
#define PART32(at)                                                                       \
    {                                                                                    \
        __m256i bytes =                                                                  \
            _mm256_loadu_si256((const __m256i *)(const void *)(block + (at)));           \
        __m256i feed = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\n'));                 \
        __m256i end = _mm256_or_si256(_mm256_cmpeq_epi8(bytes, delimiters), feed);       \
        __m256i odd = _mm256_cmpgt_epi8(_mm256_set1_epi8(' ' + 1), bytes);               \
        masks.end |= BITS32(end, at);                                                    \
        masks.feed |= BITS32(feed, at);                                                  \
        masks.odd |= BITS32(odd, at);                                                    \
        masks.quote |= BITS32(_mm256_cmpeq_epi8(bytes, quotes), at);                     \
        *least = _mm256_min_epu8(*least, bytes);                                         \
    }
static inline __attribute__((always_inline)) AVX2 struct masks
masks_avx2(const char *block, char delimiter, char quote, __m256i *least)
{
    const __m256i delimiters = _mm256_set1_epi8(delimiter),
                  quotes = _mm256_set1_epi8(quote);
    struct masks masks = {0, 0, 0, 0};
    PART32(0)
    PART32(32)
    return masks;
}

#define AVX512 __attribute__((target("avx512bw,avx512vbmi2,bmi,popcnt,lzcnt")))
static inline __attribute__((always_inline)) AVX512 struct masks
masks_avx512(const char *block, char delimiter, char quote, __m512i *least)
{
    const __m512i bytes = _mm512_loadu_si512((const void *)block);
    struct masks masks;
    masks.feed = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n'));
    masks.end = masks.feed | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(delimiter));
    masks.quote = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(quote));
    masks.odd = _mm512_cmplt_epi8_mask(bytes, _mm512_set1_epi8(' ' + 1));
    *least = _mm512_min_epu8(*least, bytes);
    return masks;
}

/* Where the byte is in a block. */
static uint64_t found(const char *block, char wanted)
{
    uint64_t mask = 0;
    for (unsigned at = 0; at < 64; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + at));
        mask |= BITS16(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(wanted)), at);
    }
    return mask;
}
#else
static uint64_t found(const char *block, char wanted)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < 64; i++)
        mask |= (uint64_t)(block[i] == wanted) << i;
    return mask;
}

static inline struct masks masks_plain(const char *block, char delimiter, char quote,
                                       unsigned char *least)
{
    struct masks masks = {0, 0, 0, 0};
    for (unsigned i = 0; i < 64; i++) {
        signed char byte = (signed char)block[i];
        masks.end |= (uint64_t)(block[i] == delimiter || byte == '\n') << i;
        masks.feed |= (uint64_t)(byte == '\n') << i;
        masks.odd |= (uint64_t)(byte <= ' ') << i;
        masks.quote |= (uint64_t)(block[i] == quote) << i;
        *least &= byte ? 0xFF : 0;
    }
    return masks;
}
#endif

/* ---- what the masks mean ---- */

/* Bit i of the result: the parity of the bits up to and including i. */
static inline uint64_t parity_up_to(uint64_t bits)
{
    for (unsigned shift = 1; shift < 64; shift *= 2)
        bits ^= bits << shift;
    return bits;
}

static inline uint64_t bit(bool set)
{
    return set ? 1 : 0;
}

/* Byte by byte, as csv_step says. `len` of the block's bytes. */
static uint64_t ends_by_step(struct csv_scan *scan, const char *block, unsigned len)
{
    uint64_t ends = 0;
    for (unsigned i = 0; i < len; i++) {
        enum csv_state next = csv_step(scan, scan->state, block[i]);
        if (next == CSV_QUOTED && scan->state == CSV_FIELD_START)
            scan->quote_at = block + i;
        if (next == CSV_FIELD_START)
            ends |= UINT64_C(1) << i;
        scan->state = next;
    }
    return ends;
}

/* A block that has quotes, or lies within them. */
static __attribute__((noinline)) uint64_t
ends_quoted(struct csv_scan *scan, const char *block, struct masks masks)
{
    uint64_t within = parity_up_to(masks.quote) ^ -bit(scan->state == CSV_QUOTED);
    uint64_t ends = masks.end & ~within;
    uint64_t opening = masks.quote & within, closing = masks.quote & ~within;
    uint64_t may_open = (ends | closing) << 1 | bit(scan->state == CSV_FIELD_START ||
                                                    scan->state == CSV_QUOTE_ENDING);
    if (opening & ~may_open)
        return ends_by_step(scan, block, 64);
    uint64_t last = UINT64_C(1) << 63;
    /* Those that open a field, not the second of a doubled quote. */
    uint64_t starts = ends << 1 | bit(scan->state == CSV_FIELD_START);
    uint64_t fields = opening & starts;
    if (fields)
        scan->quote_at = block + (63 - __builtin_clzll(fields));
    scan->state = within & last    ? CSV_QUOTED
                  : closing & last ? CSV_QUOTE_ENDING
                  : ends & last    ? CSV_FIELD_START
                                   : CSV_PLAIN;
    return ends;
}

/* What surrounds the block: was the byte before it odd, and does a field start with it?
 */
struct edge {
    uint64_t odd, start;
};

/* A field may begin or end with white space in this block. Does one, other than a lone
 * carriage return before a line feed? */
static __attribute__((noinline)) bool untidy(const char *block, const struct masks *masks,
                                             struct edge edge)
{
    uint64_t feed = found(block, '\n'), back = found(block, '\r');
    uint64_t back_behind = back << 1 | bit(edge.odd && block[-1] == '\r');
    uint64_t odd = masks->odd & ~masks->end, odd_behind = odd << 1 | edge.odd;
    uint64_t starts = masks->end << 1 | edge.start;
    return ((odd & starts & ~(back & feed >> 1)) |
            (odd_behind & masks->end & ~(feed & back_behind)) | (back & odd_behind)) != 0;
}

#define POSITION(i)                                                                      \
    index[done + (i)] = base + (uint32_t)__builtin_ctzll(ends | UINT64_C(1) << 63);      \
    ends &= ends - 1;

/* Positions of the bits of `ends`, eight at a time: writing too many costs less than
 * guessing wrong how many there are. */
static inline __attribute__((always_inline)) size_t
positions(uint64_t ends, uint32_t base, uint32_t *index)
{
    size_t count = (size_t)__builtin_popcountll(ends);
    for (size_t done = 0;; done += 8) {
        POSITION(0)
        POSITION(1)
        POSITION(2)
        POSITION(3)
        POSITION(4)
        POSITION(5)
        POSITION(6)
        POSITION(7)
        if (__builtin_expect(count <= done + 8, 1))
            return count;
    }
}

#if defined(__x86_64__)
/* The same, sixteen at a time. */
static inline __attribute__((always_inline)) AVX512 size_t
positions_avx512(uint64_t ends, uint32_t base, uint32_t *index)
{
    static const uint8_t numbers[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
        32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
        48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    size_t count = (size_t)__builtin_popcountll(ends);
    __m512i at = _mm512_maskz_compress_epi8(ends, _mm512_loadu_si512(numbers));
    for (size_t done = 0;; done += 16) {
        __m512i wide = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(at));
        wide = _mm512_add_epi32(wide, _mm512_set1_epi32((int)base));
        _mm512_storeu_si512(index + done, wide);
        if (__builtin_expect(count <= done + 16, 1))
            return count;
        at = _mm512_alignr_epi64(at, at, 2);
    }
}
#endif

/* The last bytes, fewer than 64, one by one. */
static __attribute__((noinline)) size_t rest(struct csv_scan *scan, const char *from,
                                             size_t at, size_t len, uint32_t *index,
                                             size_t count)
{
    if (at == len)
        return count;
    scan->nul |= memchr(from + at, 0, len - at) != NULL;
    uint64_t ends = ends_by_step(scan, from + at, (unsigned)(len - at));
    for (; ends; ends &= ends - 1) {
        index[count] = (uint32_t)at + (uint32_t)__builtin_ctzll(ends);
        scan->feeds += from[index[count++]] == '\n';
    }
    return count;
}

/* The common case, no quotes, is all in registers. */
#define WINDOW(masks_of, positions_of, least, least_is_nul)                              \
    size_t count = 0, feeds = 0, at = 0;                                                 \
    enum csv_state state = scan->state;                                                  \
    struct edge edge = {0, 0};                                                           \
    bool dirty = false;                                                                  \
    const char delimiter = scan->delimiter, quote = scan->quote;                         \
    const uint64_t quotes = quote ? UINT64_MAX : 0;                                      \
    for (; at + 64 <= len; at += 64) {                                                   \
        struct masks masks = masks_of(from + at, delimiter, quote, &least);              \
        __builtin_prefetch(from + at + AHEAD);                                           \
        uint64_t ends = masks.end;                                                       \
        masks.quote &= quotes;                                                           \
        if (__builtin_expect(masks.quote || state == CSV_QUOTED, 0)) {                   \
            scan->state = state;                                                         \
            ends = ends_quoted(scan, from + at, masks);                                  \
            state = scan->state;                                                         \
            dirty = true;                                                                \
        } else {                                                                         \
            uint64_t odd = masks.odd & ~ends;                                            \
            edge.start = bit(state == CSV_FIELD_START);                                  \
            uint64_t touched =                                                           \
                (odd & (ends << 1 | edge.start)) | ((odd << 1 | edge.odd) & ends);       \
            if (__builtin_expect(touched != 0, 0) && !dirty)                             \
                dirty = untidy(from + at, &masks, edge);                                 \
            state = ends >> 63 ? CSV_FIELD_START : CSV_PLAIN;                            \
        }                                                                                \
        edge.odd = (masks.odd & ~masks.end) >> 63;                                       \
        count += positions_of(ends, (uint32_t)at, index + count);                        \
        feeds += (size_t)__builtin_popcountll(masks.feed & ends);                        \
    }                                                                                    \
    scan->state = state;                                                                 \
    scan->feeds = feeds;                                                                 \
    /* White space may end one window, the field the next. */                            \
    scan->untidy |= dirty || edge.odd || at < len;                                       \
    scan->nul |= least_is_nul;                                                           \
    return rest(scan, from, at, len, index, count)

typedef size_t window_fn(struct csv_scan *scan, const char *from, size_t len,
                         uint32_t *index);

#if defined(__x86_64__)
static size_t window_sse2(struct csv_scan *scan, const char *from, size_t len,
                          uint32_t *index)
{
    __m128i least = _mm_set1_epi8(-1);
    WINDOW(masks_sse2, positions, least,
           _mm_movemask_epi8(_mm_cmpeq_epi8(least, _mm_setzero_si128())) != 0);
}

AVX2 static size_t window_avx2(struct csv_scan *scan, const char *from, size_t len,
                               uint32_t *index)
{
    __m256i least = _mm256_set1_epi8(-1);
    WINDOW(masks_avx2, positions, least,
           _mm256_movemask_epi8(_mm256_cmpeq_epi8(least, _mm256_setzero_si256())) != 0);
}

AVX512 static size_t window_avx512(struct csv_scan *scan, const char *from, size_t len,
                                   uint32_t *index)
{
    __m512i least = _mm512_set1_epi8(-1);
    WINDOW(masks_avx512, positions_avx512, least,
           _mm512_cmpeq_epi8_mask(least, _mm512_setzero_si512()) != 0);
}

static window_fn *const windows[] = {window_sse2, window_avx2, window_avx512};

unsigned csv_scan_ways(void)
{
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi"))
        return 1;
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2")
               ? 3
               : 2;
}
#else
static size_t window_plain(struct csv_scan *scan, const char *from, size_t len,
                           uint32_t *index)
{
    unsigned char least = 0xFF;
    WINDOW(masks_plain, positions, least, least == 0);
}

static window_fn *const windows[] = {window_plain};

unsigned csv_scan_ways(void)
{
    return 1;
}
#endif

size_t csv_scan_window(struct csv_scan *scan, const char *from, size_t len,
                       uint32_t *index)
{
    return windows[csv_scan_ways() - 1](scan, from, len, index);
}

size_t csv_scan_window_by(unsigned way, struct csv_scan *scan, const char *from,
                          size_t len, uint32_t *index)
{
    return windows[way](scan, from, len, index);
}
