#include "text/source.h"

#include "base/lang.h"
#include "base/limits.h"
#include "text/source_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { CHUNK = 256 * 1024, RATIO_FROM_BYTES = 10 * 1024 * 1024 };

/* ---- spool: bytes of unknown length, in memory first, then in a file ---- */

struct spool {
    struct buf memory;
    int file; /* -1: still in memory */
    uint64_t total;
};

static void spool_close(struct spool *spool)
{
    buf_free(&spool->memory);
    if (spool->file >= 0)
        close(spool->file);
    spool->file = -1;
}

static enum vg_code write_all(int file, const char *bytes, size_t len, struct vg_err *err)
{
    while (len > 0) {
        ssize_t n = write(file, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, _("a temporary file"));
        bytes += n;
        len -= (size_t)n;
    }
    return VG_OK;
}

/* An open file that has no name: it is gone as soon as it is closed. */
static int unnamed_file(void)
{
    const char *folder = getenv("TMPDIR");
    if (!folder || folder[0] != '/')
        folder = "/tmp";
    int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0)
        return file;
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/viaggio-XXXXXX", folder);
    if (n < 0 || (size_t)n >= sizeof path)
        return -1;
    file = mkostemp(path, O_CLOEXEC);
    if (file >= 0)
        unlink(path);
    return file;
}

static enum vg_code spool_add(struct spool *spool, const char *bytes, size_t len,
                              struct vg_err *err)
{
    spool->total += len;
    if (spool->file < 0 && spool->total > SOURCE_MEMORY_BYTES) {
        spool->file = unnamed_file();
        if (spool->file < 0)
            return err_errno(err, _("a temporary file"));
        enum vg_code code =
            write_all(spool->file, spool->memory.ptr, spool->memory.len, err);
        buf_free(&spool->memory);
        if (code != VG_OK)
            return code;
    }
    if (spool->file >= 0)
        return write_all(spool->file, bytes, len, err);
    buf_add(&spool->memory, (str){bytes, len});
    return spool->memory.failed ? err_memory(err) : VG_OK;
}

static enum vg_code map_file(int file, size_t len, struct source *ret, struct vg_err *err)
{
    if (len == 0)
        return VG_OK;
    void *mapped = mmap(NULL, len, PROT_READ, MAP_PRIVATE, file, 0);
    if (mapped == MAP_FAILED)
        return err_errno(err, ret->name);
    ret->mapped = mapped;
    ret->mapped_len = len;
    ret->guard1 = guard_add(mapped, len) + 1;
    ret->bytes = (str){mapped, len};
    return VG_OK;
}

/* What was spooled becomes the bytes of `ret`. */
static enum vg_code spool_take(struct spool *spool, struct source *ret,
                               struct vg_err *err)
{
    if (spool->file >= 0)
        return map_file(spool->file, (size_t)spool->total, ret, err);
    ret->memory = spool->memory;
    spool->memory = (struct buf){0};
    ret->bytes = buf_str(&ret->memory);
    return VG_OK;
}

/* ---- .gz ---- */

static enum vg_code too_large(const char *name, struct vg_err *err)
{
    err_set(err, VG_ERR_LIMIT, name,
            _("unpacked, it is larger than the limit of %lld GB"),
            (long long)(LIMIT_UNPACKED_BYTES >> 30));
    err_hint(err, "%s", _("unpack it first and give the plain file, or split it"));
    return VG_ERR_LIMIT;
}

static enum vg_code check_size(const char *name, uint64_t unpacked, uint64_t packed,
                               struct vg_err *err)
{
    if (unpacked > (uint64_t)LIMIT_UNPACKED_BYTES)
        return too_large(name, err);
    if (unpacked > RATIO_FROM_BYTES && unpacked / LIMIT_UNPACK_RATIO > packed) {
        err_set(err, VG_ERR_LIMIT, name,
                _("it unpacks to more than %d times its size, as only a trap does"),
                LIMIT_UNPACK_RATIO);
        err_hint(err, "%s", _("if the file is honest, unpack it first and give that"));
        return VG_ERR_LIMIT;
    }
    return VG_OK;
}

static enum vg_code damaged(const char *name, struct vg_err *err)
{
    err_set(err, VG_ERR_INPUT, name, "%s",
            _("the compressed file is damaged or cut off"));
    err_hint(err, "%s", _("copy or download it again"));
    return VG_ERR_INPUT;
}

static enum vg_code inflate_into(struct spool *spool, z_stream *stream, str packed,
                                 const char *name, char *chunk, struct vg_err *err)
{
    size_t given = 0;
    for (;;) {
        if (stream->avail_in == 0) {
            size_t n = packed.len - given < (1u << 30) ? packed.len - given : 1u << 30;
            stream->next_in = (Bytef *)(uintptr_t)(packed.ptr + given);
            stream->avail_in = (uInt)n;
            given += n;
        }
        stream->next_out = (Bytef *)chunk;
        stream->avail_out = CHUNK;
        int state = inflate(stream, Z_NO_FLUSH);
        size_t made = CHUNK - stream->avail_out;
        enum vg_code code = check_size(name, spool->total + made, packed.len, err);
        if (code == VG_OK)
            code = spool_add(spool, chunk, made, err);
        if (code != VG_OK)
            return code;
        size_t left = packed.len - given + stream->avail_in;
        if (state == Z_STREAM_END) {
            bool another =
                left >= 2 && (unsigned char)packed.ptr[packed.len - left] == 0x1F;
            if (!another || inflateReset(stream) != Z_OK)
                return VG_OK; /* zeros or rubbish after the end are common, and no harm */
        } else if (state != Z_OK || (left == 0 && made == 0)) {
            return state == Z_MEM_ERROR ? err_memory(err) : damaged(name, err);
        }
    }
}

static enum vg_code unpack(str packed, struct source *ret, struct vg_err *err)
{
    struct spool spool = {.file = -1};
    z_stream stream = {0};
    enum vg_code code = VG_OK;
    char *chunk = malloc(CHUNK);
    if (!chunk || inflateInit2(&stream, 15 + 16) != Z_OK) {
        free(chunk);
        return err_memory(err);
    }
    struct source plain = {.name = ret->name, .unpacked = true};
    code = inflate_into(&spool, &stream, packed, ret->name, chunk, err);
    if (code == VG_OK)
        code = spool_take(&spool, &plain, err);
    inflateEnd(&stream);
    free(chunk);
    spool_close(&spool);
    if (code == VG_OK) {
        source_close(ret);
        *ret = plain;
    }
    return code;
}

static enum vg_code unpack_if_packed(struct source *source, struct vg_err *err)
{
    if (!str_starts(source->bytes, STR("\x1F\x8B")))
        return VG_OK;
    enum vg_code code = unpack(source->bytes, source, err);
    if (source->mapped && source_check(source, err) != VG_OK)
        code = VG_ERR_IO;
    if (code == VG_OK && str_starts(source->bytes, STR("\x1F\x8B"))) {
        code =
            err_set(err, VG_ERR_INPUT, source->name, "%s", _("it is compressed twice"));
        err_hint(err, "%s", _("unpack it once and give what comes out"));
    }
    if (code != VG_OK)
        source_close(source);
    return code;
}

/* ---- files ---- */

static enum vg_code read_stream(int file, struct source *ret, struct vg_err *err)
{
    struct spool spool = {.file = -1};
    enum vg_code code = VG_OK;
    char *chunk = malloc(CHUNK);
    if (!chunk)
        return err_memory(err);
    while (code == VG_OK) {
        ssize_t n = read(file, chunk, CHUNK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            break;
        if (n < 0)
            code = err_errno(err, ret->name);
        else if (spool.total + (uint64_t)n > (uint64_t)LIMIT_UNPACKED_BYTES)
            code = too_large(ret->name, err);
        else
            code = spool_add(&spool, chunk, (size_t)n, err);
    }
    if (code == VG_OK)
        code = spool_take(&spool, ret, err);
    spool_close(&spool);
    free(chunk);
    return code;
}

enum vg_code source_open(const char *path, struct source *ret, struct vg_err *err)
{
    struct source source = {.name = path};
    struct stat about;
    bool standard = strcmp(path, "-") == 0;
    int file = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &about) != 0) {
        enum vg_code code = err_errno(err, path);
        if (file >= 0 && !standard)
            close(file);
        return code;
    }
    enum vg_code code;
    if (S_ISDIR(about.st_mode)) {
        code = err_set(err, VG_ERR_INPUT, path, "%s", _("this is a folder, not a file"));
        err_hint(err, "%s", _("give the files in it, one by one"));
    } else if (S_ISREG(about.st_mode) && !standard) {
        code = map_file(file, (size_t)about.st_size, &source, err);
        source.device = (uint64_t)about.st_dev;
        source.number = (uint64_t)about.st_ino;
    } else {
        code = read_stream(file, &source, err);
    }
    if (!standard)
        close(file);
    if (code == VG_OK)
        code = unpack_if_packed(&source, err);
    if (code == VG_OK)
        *ret = source;
    return code;
}

enum vg_code source_from_bytes(const char *name, str bytes, struct source *ret,
                               struct vg_err *err)
{
    struct source source = {.name = name, .bytes = bytes};
    enum vg_code code = unpack_if_packed(&source, err);
    if (code == VG_OK)
        *ret = source;
    return code;
}

/* Still that file, and shorter? (A cut within the last page raises no signal.) */
static bool is_shorter(const struct source *source)
{
    struct stat about;
    return source->number && stat(source->name, &about) == 0 &&
           (uint64_t)about.st_dev == source->device &&
           (uint64_t)about.st_ino == source->number &&
           (uint64_t)about.st_size < source->mapped_len;
}

enum vg_code source_check(const struct source *source, struct vg_err *err)
{
    if (!source->mapped || !source->guard1 ||
        !(guard_was_cut(source->guard1 - 1) || is_shorter(source)))
        return VG_OK;
    err_set(err, VG_ERR_IO, source->name, "%s",
            _("the file was cut short while it was being read"));
    err_hint(err, "%s", _("let whoever writes it finish, then try again"));
    return VG_ERR_IO;
}

void source_close(struct source *source)
{
    if (source->guard1)
        guard_remove(source->guard1 - 1);
    source->guard1 = 0;
    if (source->mapped)
        munmap(source->mapped, source->mapped_len);
    buf_free(&source->memory);
    source->mapped = NULL;
    source->bytes = (str){NULL, 0};
}
