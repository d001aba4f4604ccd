/* text_hash: the hash of the log's dictionaries, inline because it is asked once per
 * field. Multiply and fold (128-bit product, halves xored) as in W. Yi's wyhash, seeded
 * once per process so that nobody can prepare a file whose keys all collide. */
#ifndef LOG_TEXT_HASH_H
#define LOG_TEXT_HASH_H

#include "base/hash.h"

static inline uint64_t text_hash_load(const char *at, size_t bytes)
{
    uint64_t word = 0;
    memcpy(&word, at, bytes);
    return word;
}

static inline uint64_t text_hash_mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The first and last bytes of a text of up to 16, as two words that overlap. */
static inline void text_hash_ends(str text, uint64_t *ret_a, uint64_t *ret_b)
{
    if (text.len >= 8) {
        *ret_a = text_hash_load(text.ptr, 8);
        *ret_b = text_hash_load(text.ptr + text.len - 8, 8);
    } else if (text.len >= 4) {
        *ret_a = text_hash_load(text.ptr, 4);
        *ret_b = text_hash_load(text.ptr + text.len - 4, 4);
    } else if (text.len > 0) {
        *ret_a = (uint64_t)(unsigned char)text.ptr[0] << 8 |
                 (unsigned char)text.ptr[text.len / 2];
        *ret_b = (unsigned char)text.ptr[text.len - 1];
    } else {
        *ret_a = *ret_b = 0;
    }
}

/* seed: hash_seed(), asked once by the caller and not per field. */
static inline uint64_t text_hash(uint64_t seed, str text)
{
    const uint64_t p0 = 0xA0761D6478BD642Fu, p1 = 0xE7037ED1A0B428DBu;
    uint64_t a, b, state = seed ^ p0;
    size_t at = 0;
    for (; text.len - at > 16; at += 16)
        state = text_hash_mix(text_hash_load(text.ptr + at, 8) ^ p1,
                              text_hash_load(text.ptr + at + 8, 8) ^ state);
    text_hash_ends((str){text.ptr + at, text.len - at}, &a, &b);
    return text_hash_mix(p0 ^ text.len, text_hash_mix(a ^ p1, b ^ state));
}

#endif
