#include "fault_vfs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct file {
    sqlite3_file base;
    int name;     /* FILE_… */
    bool created; /* its first sync is one of the folder, too (os_unix.c) */
    sqlite3_file *real;
};

static sqlite3_vfs *real_vfs, our_vfs;
static sqlite3_io_methods methods;
static struct fault fault;
static long calls;
static bool happened, recording;
static struct fault_op *ops;
static size_t op_count, op_capacity;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct file *)file)->real;
}

static int turn_of(unsigned kind, int status)
{
    if (!(fault.kinds & kind))
        return SQLITE_OK;
    calls++;
    if (calls != fault.turn && !(fault.stays && calls > fault.turn))
        return SQLITE_OK;
    happened = true;
    return fault.status ? fault.status : status;
}

static void note(sqlite3_file *file, int kind, int64_t offset, const void *bytes,
                 size_t len)
{
    int name = ((struct file *)file)->name;
    if (!recording || name == FILE_OTHER)
        return;
    if (op_count == op_capacity) {
        op_capacity = op_capacity ? op_capacity * 2 : 256;
        ops = realloc(ops, op_capacity * sizeof *ops);
        if (!ops)
            abort();
    }
    struct fault_op *op = &ops[op_count++];
    *op = (struct fault_op){kind, name, offset, len, NULL};
    if (len && bytes && (op->bytes = malloc(len)))
        memcpy(op->bytes, bytes, len);
}

/* ---- one file ---- */

static int our_close(sqlite3_file *file)
{
    int status = real_of(file)->pMethods ? real_of(file)->pMethods->xClose(real_of(file))
                                         : SQLITE_OK;
    free(((struct file *)file)->real);
    return status;
}
static int our_read(sqlite3_file *file, void *to, int len, sqlite3_int64 at)
{
    int status = turn_of(FAULT_READ, SQLITE_IOERR_READ);
    return status ? status : real_of(file)->pMethods->xRead(real_of(file), to, len, at);
}
static int our_write(sqlite3_file *file, const void *from, int len, sqlite3_int64 at)
{
    int status = turn_of(FAULT_WRITE, SQLITE_IOERR_WRITE);
    if (status)
        return status;
    note(file, OP_WRITE, at, from, (size_t)len);
    return real_of(file)->pMethods->xWrite(real_of(file), from, len, at);
}
static int our_truncate(sqlite3_file *file, sqlite3_int64 len)
{
    int status = turn_of(FAULT_WRITE, SQLITE_IOERR_TRUNCATE);
    if (status)
        return status;
    note(file, OP_TRUNCATE, len, NULL, 0);
    return real_of(file)->pMethods->xTruncate(real_of(file), len);
}
static int our_sync(sqlite3_file *file, int flags)
{
    int status = turn_of(FAULT_SYNC, SQLITE_IOERR_FSYNC);
    if (status)
        return status;
    note(file, OP_SYNC, 0, NULL, 0);
    if (((struct file *)file)->created)
        note(file, OP_FOLDER, 0, NULL, 0);
    ((struct file *)file)->created = false;
    return real_of(file)->pMethods->xSync(real_of(file), flags);
}
static int our_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), ret);
}
static int our_lock(sqlite3_file *file, int kind)
{
    return real_of(file)->pMethods->xLock(real_of(file), kind);
}
static int our_unlock(sqlite3_file *file, int kind)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), kind);
}
static int our_reserved(sqlite3_file *file, int *ret)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret);
}
static int our_control(sqlite3_file *file, int what, void *about)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), what, about);
}
static int our_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}
static int our_traits(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}
static int our_shm_map(sqlite3_file *file, int page, int size, int extend,
                       void volatile **ret)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, ret);
}
static int our_shm_lock(sqlite3_file *file, int at, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), at, count, flags);
}
static void our_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}
static int our_shm_unmap(sqlite3_file *file, int forget)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), forget);
}

/* ---- all files ---- */

static int name_of(const char *path)
{
    size_t len = path ? strlen(path) : 0;
    if (len > 4 && strcmp(path + len - 4, "-wal") == 0)
        return FILE_WAL;
    if (len > 8 && strcmp(path + len - 8, "-journal") == 0)
        return FILE_JOURNAL;
    return len > 8 && strcmp(path + len - 8, ".viaggio") == 0 ? FILE_MAIN : FILE_OTHER;
}

static int our_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                    int *ret_flags)
{
    struct file *ours = (struct file *)file;
    (void)vfs;
    *ours = (struct file){.name = name_of(path),
                          .created = path && access(path, F_OK) != 0,
                          .real = calloc(1, (size_t)real_vfs->szOsFile)};
    if (!ours->real)
        return SQLITE_NOMEM;
    int status = real_vfs->xOpen(real_vfs, path, ours->real, flags, ret_flags);
    if (status != SQLITE_OK) {
        free(ours->real);
        ours->real = NULL;
        return status;
    }
    ours->base.pMethods = &methods;
    return SQLITE_OK;
}

static int our_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
    struct file named = {.name = name_of(path)};
    (void)vfs;
    note(&named.base, OP_DELETE, 0, NULL, 0);
    return real_vfs->xDelete(real_vfs, path, sync);
}

void fault_vfs_install(void)
{
    real_vfs = sqlite3_vfs_find(NULL);
    our_vfs = *real_vfs;
    our_vfs.zName = "fault";
    our_vfs.szOsFile = sizeof(struct file);
    our_vfs.xOpen = our_open;
    our_vfs.xDelete = our_delete;
    methods = (sqlite3_io_methods){.iVersion = 2,
                                   .xClose = our_close,
                                   .xRead = our_read,
                                   .xWrite = our_write,
                                   .xTruncate = our_truncate,
                                   .xSync = our_sync,
                                   .xFileSize = our_size,
                                   .xLock = our_lock,
                                   .xUnlock = our_unlock,
                                   .xCheckReservedLock = our_reserved,
                                   .xFileControl = our_control,
                                   .xSectorSize = our_sector,
                                   .xDeviceCharacteristics = our_traits,
                                   .xShmMap = our_shm_map,
                                   .xShmLock = our_shm_lock,
                                   .xShmBarrier = our_shm_barrier,
                                   .xShmUnmap = our_shm_unmap};
    sqlite3_vfs_register(&our_vfs, 1);
}

void fault_set(const struct fault *one)
{
    fault = one ? *one : (struct fault){0};
    calls = 0;
    happened = false;
}

long fault_calls(void)
{
    return calls;
}

bool fault_happened(void)
{
    return happened;
}

void fault_record(bool on)
{
    recording = on;
    if (!on)
        return;
    for (size_t i = 0; i < op_count; i++)
        free(ops[i].bytes);
    op_count = 0;
}

const struct fault_op *fault_ops(size_t *ret_count)
{
    *ret_count = op_count;
    return ops;
}
