/* hash: fast hashing of bytes (XXH3, 64 bits), seeded once per process from the system's
 * random source, so that nobody can prepare a file whose keys all collide. Not for
 * anything stored: use hash_stable for that. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/str.h"

uint64_t hash_seed(void);
uint64_t hash_bytes(const void *bytes, size_t len);
/* The same on every run and every machine (seed 0). */
uint64_t hash_stable(const void *bytes, size_t len);

#endif
