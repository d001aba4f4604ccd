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

/* SHA-256 (FIPS 180-4) by libsodium, in base64 with padding, ended by NUL. */
enum { HASH_SHA256_BASE64 = 45 };
void hash_sha256_base64(str text, char ret[HASH_SHA256_BASE64]);

#endif
