#include "log/csv_scan.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

struct masks {     /* bit i: byte i of a block is … */
    uint64_t end;  /* a delimiter or line feed */
    uint64_t feed; /* a line feed */
    uint64_t back; /* a carriage return */
    uint64_t odd;  /* up to ' ', or beyond ASCII: perhaps white space */
    uint64_t quote, nul;
};

/* ---- masks of a block of 64 bytes, for each kind of machine ---- */

#if defined(__x86_64__)
static inline __attribute__((always_inline)) struct masks
masks_sse2(const char *block, char delimiter, char quote)
{
    struct masks masks = {0};
    for (unsigned i = 0; i < 4; i++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + i * 16));
        __m128i feed = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'));
        __m128i end = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(delimiter)), feed);
        /* Signed, what is beyond ASCII is less than ' ' too. */
        __m128i odd = _mm_cmplt_epi8(bytes, _mm_set1_epi8(' ' + 1));
#define BITS(vector) (uint64_t)(uint32_t) _mm_movemask_epi8(vector) << (i * 16)
        masks.end |= BITS(end);
        masks.feed |= BITS(feed);
        masks.back |= BITS(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')));
        masks.odd |= BITS(odd);
        masks.quote |= BITS(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(quote)));
        masks.nul |= BITS(_mm_cmpeq_epi8(bytes, _mm_setzero_si128()));
#undef BITS
    }
    return masks;
}

#define AVX2 __attribute__((target("avx2,bmi,popcnt,lzcnt")))
static inline __attribute__((always_inline)) AVX2 struct masks
masks_avx2(const char *block, char delimiter, char quote)
{
    struct masks masks = {0};
    for (unsigned i = 0; i < 2; i++) {
        __m256i bytes =
            _mm256_loadu_si256((const __m256i *)(const void *)(block + i * 32));
        __m256i feed = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\n'));
        __m256i end =
            _mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(delimiter)), feed);
        __m256i odd = _mm256_cmpgt_epi8(_mm256_set1_epi8(' ' + 1), bytes);
#define BITS(vector) (uint64_t)(uint32_t) _mm256_movemask_epi8(vector) << (i * 32)
        masks.end |= BITS(end);
        masks.feed |= BITS(feed);
        masks.back |= BITS(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\r')));
        masks.odd |= BITS(odd);
        masks.quote |= BITS(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(quote)));
        masks.nul |= BITS(_mm256_cmpeq_epi8(bytes, _mm256_setzero_si256()));
#undef BITS
    }
    return masks;
}
#else
static inline struct masks masks_plain(const char *block, char delimiter, char quote)
{
    struct masks masks = {0};
    for (unsigned i = 0; i < 64; i++) {
        signed char byte = (signed char)block[i];
        masks.feed |= (uint64_t)(byte == '\n') << i;
        masks.end |= (uint64_t)(block[i] == delimiter || byte == '\n') << i;
        masks.back |= (uint64_t)(byte == '\r') << i;
        masks.odd |= (uint64_t)(byte <= ' ') << i;
        masks.quote |= (uint64_t)(block[i] == quote) << i;
        masks.nul |= (uint64_t)(byte == 0) << i;
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

/* Whether a field that begins or ends in this block may need tidying. `before` holds, of
 * the block before, bit 63 of odd and of back. */
static inline bool untidy(const struct masks *masks, uint64_t starts, uint64_t before_odd,
                          uint64_t before_back)
{
    uint64_t odd = masks->odd & ~masks->end & ~masks->back;
    uint64_t odd_behind = odd << 1 | before_odd,
             back_behind = masks->back << 1 | before_back;
    return ((odd & starts) | (odd_behind & masks->end) |
            (back_behind & ((masks->end & ~masks->feed) | masks->back)) |
            (masks->back & starts)) != 0;
}

/* Positions of the bits of `ends`, eight at a time: writing too many costs less than
 * guessing wrong how many there are. */
static inline __attribute__((always_inline)) size_t
positions(uint64_t ends, uint32_t base, uint32_t *index)
{
    size_t count = (size_t)__builtin_popcountll(ends);
    for (size_t done = 0;; done += 8) {
        for (size_t i = 0; i < 8; i++) {
            index[done + i] = base + (uint32_t)__builtin_ctzll(ends | UINT64_C(1) << 63);
            ends &= ends - 1;
        }
        if (count <= done + 8)
            return count;
    }
}

/* The last bytes, fewer than 64, one by one. */
static __attribute__((noinline)) size_t rest(struct csv_scan *scan, const char *from,
                                             size_t at, size_t len, uint32_t *index,
                                             size_t count)
{
    if (at == len)
        return count;
    scan->nul |= memchr(from + at, 0, len - at) != NULL;
    uint64_t ends = ends_by_step(scan, from + at, (unsigned)(len - at));
    for (; ends; ends &= ends - 1)
        index[count++] = (uint32_t)at + (uint32_t)__builtin_ctzll(ends);
    return count;
}

/* The common case, no quotes, is all in registers. */
#define WINDOW(masks_of)                                                                 \
    size_t count = 0, at = 0;                                                            \
    enum csv_state state = scan->state;                                                  \
    uint64_t odd = 0, back = 0, nul = 0;                                                 \
    bool dirty = false;                                                                  \
    const char delimiter = scan->delimiter, quote = scan->quote;                         \
    for (; at + 64 <= len; at += 64) {                                                   \
        struct masks masks = masks_of(from + at, delimiter, quote);                      \
        uint64_t ends = masks.end;                                                       \
        nul |= masks.nul;                                                                \
        if (__builtin_expect((masks.quote && quote) || state == CSV_QUOTED, 0)) {        \
            scan->state = state;                                                         \
            ends = ends_quoted(scan, from + at, masks);                                  \
            state = scan->state;                                                         \
            dirty = true;                                                                \
        } else {                                                                         \
            uint64_t starts = ends << 1 | bit(state == CSV_FIELD_START);                 \
            dirty |= untidy(&masks, starts, odd, back);                                  \
            state = ends >> 63 ? CSV_FIELD_START : CSV_PLAIN;                            \
        }                                                                                \
        odd = (masks.odd & ~masks.end & ~masks.back) >> 63;                              \
        back = masks.back >> 63;                                                         \
        count += positions(ends, (uint32_t)at, index + count);                           \
    }                                                                                    \
    scan->state = state;                                                                 \
    /* White space may end one window, the field the next. */                            \
    scan->untidy |= dirty || odd || back || at < len;                                    \
    scan->nul |= nul != 0;                                                               \
    return rest(scan, from, at, len, index, count)

#if defined(__x86_64__)
static size_t window_sse2(struct csv_scan *scan, const char *from, size_t len,
                          uint32_t *index)
{
    WINDOW(masks_sse2);
}

AVX2 static size_t window_avx2(struct csv_scan *scan, const char *from, size_t len,
                               uint32_t *index)
{
    WINDOW(masks_avx2);
}

size_t csv_scan_window(struct csv_scan *scan, const char *from, size_t len,
                       uint32_t *index)
{
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"))
        return window_avx2(scan, from, len, index);
    return window_sse2(scan, from, len, index);
}
#else
size_t csv_scan_window(struct csv_scan *scan, const char *from, size_t len,
                       uint32_t *index)
{
    WINDOW(masks_plain);
}
#endif
