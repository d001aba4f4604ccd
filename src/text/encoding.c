#include "text/encoding.h"

#include "base/lang.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "base/utf8.h"

#include <stdatomic.h>

#include <strings.h>

const char *encoding_text(enum encoding encoding)
{
    static const char *const names[] = {"UTF-8", "Windows-1252", "UTF-16", "UTF-16"};
    return names[encoding];
}

enum vg_code encoding_from_name(const char *name, str bytes, enum encoding *ret,
                                struct vg_err *err)
{
    static const struct {
        const char *name;
        enum encoding encoding;
    } known[] = {
        {"utf-8", ENCODING_UTF8},
        {"utf8", ENCODING_UTF8},
        {"ascii", ENCODING_UTF8},
        {"windows-1252", ENCODING_WINDOWS1252},
        {"cp1252", ENCODING_WINDOWS1252},
        {"1252", ENCODING_WINDOWS1252},
        {"ansi", ENCODING_WINDOWS1252},
        {"latin1", ENCODING_WINDOWS1252},
        {"latin-1", ENCODING_WINDOWS1252},
        {"iso-8859-1", ENCODING_WINDOWS1252},
        {"iso-8859-15", ENCODING_WINDOWS1252},
        {"utf-16", ENCODING_UTF16LE},
        {"utf16", ENCODING_UTF16LE},
        {"utf-16le", ENCODING_UTF16LE},
        {"utf-16be", ENCODING_UTF16BE},
    };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcasecmp(known[i].name, name) == 0) {
            bool reversed = known[i].encoding == ENCODING_UTF16LE &&
                            str_starts(bytes, STR("\xFE\xFF"));
            *ret = reversed ? ENCODING_UTF16BE : known[i].encoding;
            return VG_OK;
        }
    err_set(err, VG_ERR_USAGE, NULL, _("there is no encoding \"%s\""), name);
    err_hint(err, "%s", _("choose utf-8, windows-1252 or utf-16"));
    return VG_ERR_USAGE;
}

size_t encoding_mark(enum encoding encoding, str bytes)
{
    if (encoding == ENCODING_UTF8)
        return str_starts(bytes, STR("\xEF\xBB\xBF")) ? 3 : 0;
    if (encoding == ENCODING_UTF16LE)
        return str_starts(bytes, STR("\xFF\xFE")) ? 2 : 0;
    if (encoding == ENCODING_UTF16BE)
        return str_starts(bytes, STR("\xFE\xFF")) ? 2 : 0;
    return 0;
}

struct tally {
    uint64_t good, bad; /* sequences beyond ASCII */
};

/* 64 bytes, all of them ASCII. */
static inline bool ascii_64(const char *at)
{
    uint64_t word[8], all = 0;
    memcpy(word, at, sizeof word);
    for (unsigned i = 0; i < 8; i++)
        all |= word[i];
    return (all & UINT64_C(0x8080808080808080)) == 0;
}

static void tally_add(struct tally *tally, str bytes)
{
    size_t i = 0;
    while (i < bytes.len) {
        if (bytes.len - i >= 64 && ascii_64(bytes.ptr + i)) {
            i += 64;
            continue;
        }
        if ((unsigned char)bytes.ptr[i] < 0x80) {
            i++;
            continue;
        }
        size_t n;
        uint32_t c = utf8_decode((str){bytes.ptr + i, bytes.len - i}, &n);
        bool cut = bytes.len - i < 4; /* the slice may end within a character */
        if (c == 0xFFFD && n == 1)
            tally->bad += !cut;
        else
            tally->good++;
        i += n;
    }
}

/* UTF-16 without a mark: text in our alphabets has a zero in every other byte. */
static bool looks_utf16(str bytes, size_t zero_at)
{
    size_t n = bytes.len < 4096 ? bytes.len & ~(size_t)1 : 4096, zeros = 0, others = 0;
    for (size_t i = 0; i + 1 < n; i += 2) {
        zeros += bytes.ptr[i + zero_at] == 0;
        others += bytes.ptr[i + 1 - zero_at] == 0;
    }
    return n >= 8 && zeros * 10 >= n / 2 * 7 && others * 20 < n / 2;
}

/* What is looked at of a large file: its beginning, then slices from all over it. */
enum { WHOLE = 64 << 20, FIRST = 8 << 20, SLICE = 64 << 10, SLICES = 256 };

struct sample {
    str bytes;
    atomic_ullong good, bad;
};

/* Slice i; those of the beginning go on into the next, lest a character be in none. */
static void slice_turn(void *ctx, size_t i, unsigned worker)
{
    struct sample *sample = ctx;
    str bytes = sample->bytes;
    struct tally tally = {0, 0};
    bool beginning = i < FIRST / SLICE;
    size_t at = beginning
                    ? i * SLICE
                    : FIRST + (bytes.len - FIRST - SLICE) / SLICES * (i - FIRST / SLICE);
    size_t end = at + SLICE + (beginning ? 3 : 0);
    (void)worker;
    while (i > 0 && at < end && ((unsigned char)bytes.ptr[at] & 0xC0) == 0x80)
        at++;
    tally_add(&tally, (str){bytes.ptr + at, end - at});
    atomic_fetch_add(&sample->good, tally.good);
    atomic_fetch_add(&sample->bad, tally.bad);
}

enum encoding encoding_guess(str bytes)
{
    struct tally tally = {0, 0};
    if (str_starts(bytes, STR("\xEF\xBB\xBF")))
        return ENCODING_UTF8;
    if (str_starts(bytes, STR("\xFF\xFE")))
        return ENCODING_UTF16LE;
    if (str_starts(bytes, STR("\xFE\xFF")))
        return ENCODING_UTF16BE;
    if (looks_utf16(bytes, 1))
        return ENCODING_UTF16LE;
    if (looks_utf16(bytes, 0))
        return ENCODING_UTF16BE;
    if (bytes.len <= WHOLE) {
        tally_add(&tally, bytes);
    } else {
        struct sample sample = {.bytes = bytes};
        parallel_for(FIRST / SLICE + SLICES, slice_turn, &sample);
        tally = (struct tally){atomic_load(&sample.good), atomic_load(&sample.bad)};
    }
    return tally.bad > tally.good ? ENCODING_WINDOWS1252 : ENCODING_UTF8;
}

static uint32_t unit_at(const unsigned char *p, bool big)
{
    return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static uint64_t decode_utf16(str bytes, bool big, struct buf *out)
{
    uint64_t repaired = 0;
    const unsigned char *p = (const unsigned char *)bytes.ptr;
    size_t i = 0;
    for (; i + 1 < bytes.len && !out->failed; i += 2) {
        uint32_t c = unit_at(p + i, big);
        if (c >= 0xD800 && c < 0xDC00 && i + 3 < bytes.len) {
            uint32_t low = unit_at(p + i + 2, big);
            if (low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        bool lone = c >= 0xD800 && c < 0xE000;
        repaired += lone;
        if (c < 0x80)
            buf_char(out, (char)c);
        else
            utf8_append(out, lone ? 0xFFFD : c);
    }
    return repaired + (i < bytes.len);
}

enum vg_code encoding_decode(enum encoding encoding, str bytes, const char *name,
                             struct buf *out, uint64_t *ret_repaired, struct vg_err *err)
{
    size_t mark = encoding_mark(encoding, bytes);
    bytes.ptr += mark;
    bytes.len -= mark;
    *ret_repaired = 0;
    if (bytes.len > (size_t)LIMIT_UNPACKED_BYTES / 3) {
        err_set(err, VG_ERR_LIMIT, name, _("it is too large to be read as %s"),
                encoding_text(encoding));
        err_hint(err, "%s", _("save it as UTF-8: then there is no limit but the rows'"));
        return VG_ERR_LIMIT;
    }
    if (encoding == ENCODING_UTF8)
        buf_add(out, bytes);
    else if (encoding == ENCODING_WINDOWS1252)
        utf8_append_windows1252(out, bytes);
    else
        *ret_repaired = decode_utf16(bytes, encoding == ENCODING_UTF16BE, out);
    return out->failed ? err_memory(err) : VG_OK;
}
