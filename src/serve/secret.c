/* Tokens and passwords. Declared in serve/inside.h. Only hashes of either are kept; the
 * store never sees more. */
#include "serve/inside.h"

#include "base/lang.h"
#include "base/utf8.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

/* OWASP's least for Argon2id is 19 MiB and two passes. */
#define PASSES       2ULL
#define MEMORY_BYTES (19U * 1024 * 1024)

#define LEAST_LETTERS 10
#define MOST_BYTES    256

void secret_make(char ret[TOKEN_TEXT])
{
    unsigned char bytes[TOKEN_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(ret, TOKEN_TEXT, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

/* A token has 256 random bits: a fast hash is enough, nobody can try them all. */
void secret_hash(str token, unsigned char ret[HASH_BYTES])
{
    static const unsigned char purpose[] = "viaggio token";
    crypto_generichash(ret, HASH_BYTES, (const unsigned char *)token.ptr, token.len,
                       purpose, sizeof purpose - 1);
}

void secret_csrf(const struct serve *serve, str session, char ret[TOKEN_TEXT])
{
    static const char purpose[] = "viaggio csrf";
    unsigned char hash[HASH_BYTES];
    str key = session.len ? session : (str){(const char *)serve->key, sizeof serve->key};
    crypto_generichash(hash, sizeof hash, (const unsigned char *)purpose,
                       sizeof purpose - 1, (const unsigned char *)key.ptr,
                       key.len > crypto_generichash_KEYBYTES_MAX
                           ? crypto_generichash_KEYBYTES_MAX
                           : key.len);
    sodium_bin2base64(ret, TOKEN_TEXT, hash, sizeof hash,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool secret_equal(const char *a, const char *b)
{
    size_t len = strlen(a);
    return len == strlen(b) && sodium_memcmp(a, b, len) == 0;
}

enum vg_code secret_password(const char *password, char ret[128], struct vg_err *err)
{
    _Static_assert(crypto_pwhash_STRBYTES <= 128, "the hash fits");
    if (crypto_pwhash_str_alg(ret, password, strlen(password), PASSES, MEMORY_BYTES,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return err_memory(err);
    return VG_OK;
}

bool secret_is_password(const char *hash, const char *password)
{
    /* Of nobody: "viaggio", hashed as all are, so that trying costs the same. */
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static char nobody[128];
    pthread_mutex_lock(&lock);
    if (!nobody[0] && secret_password("viaggio", nobody, NULL) != VG_OK)
        nobody[0] = 0;
    pthread_mutex_unlock(&lock);
    bool fits =
        crypto_pwhash_str_verify(hash ? hash : nobody, password, strlen(password)) == 0;
    return fits && hash;
}

enum vg_code secret_check_new(const char *password, struct vg_err *err)
{
    /* The first of every list of passwords that leaked, of this length. */
    static const char *const known[] = {
        "1234567890", "0123456789",   "password123", "password1234", "passwordpassword",
        "qwertyuiop", "qwerty123456", "1q2w3e4r5t",  "iloveyou123",  "viaggio123",
        "aaaaaaaaaa", "1111111111",   "0000000000",  "abcdefghij",   "password12",
    };
    size_t letters = 0, len = strlen(password);
    for (str rest = {password, len}; rest.len; letters++) {
        size_t step;
        utf8_decode(rest, &step);
        rest.ptr += step;
        rest.len -= step;
    }
    if (len > MOST_BYTES)
        return err_set(err, VG_ERR_USAGE, "password",
                       _("a password has at most %d bytes"), MOST_BYTES);
    bool weak = letters < LEAST_LETTERS;
    for (size_t i = 0; i < COUNT_OF(known); i++)
        weak = weak || strcmp(known[i], password) == 0;
    if (!weak)
        return VG_OK;
    err_set(err, VG_ERR_USAGE, "password",
            _("a password has at least %d characters, and is none of the usual ones"),
            LEAST_LETTERS);
    return err_hint(err, "%s", _("a few words that only you put together do well")),
           VG_ERR_USAGE;
}
