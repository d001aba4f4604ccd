/* Reading, writing and syncing that fail, a full disk, the power gone at any moment: what
 * was acknowledged is there, what was not is there whole or not at all. SQLite's files go
 * through a layer of ours (fault_vfs.h) that writes down, tears and fails.
 *
 * By default some hundred moments are tried, spread over all; VIAGGIO_FAULTS=few: a
 * quarter of them (where another run tries the rest); VIAGGIO_FAULTS=all: every
 * one. */
#include "store_work.h"

#include "fault_vfs.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECTOR = 512 };

static char folder[64];
static char path[128], base[128];
static struct vg_err err;
static struct buf told[WORK_STEPS + 1]; /* [n]: after n steps */

static bool asked_for(const char *how_many)
{
    const char *faults = getenv("VIAGGIO_FAULTS");
    return faults && strcmp(faults, how_many) == 0;
}

/* Of `count` moments every how many is tried, when about `most` are to be. */
static size_t stride_of(size_t count, size_t most)
{
    most = asked_for("few") ? most / 4 + 1 : most;
    return asked_for("all") || count < most ? 1 : count / most + 1;
}

/* ---- files ---- */

struct bytes {
    unsigned char *ptr;
    size_t len;
    bool there;
};

static struct bytes file_read(const char *name)
{
    struct bytes ret = {0};
    struct stat is;
    int handle = open(name, O_RDONLY);
    if (handle < 0)
        return ret;
    assert_int_equal(fstat(handle, &is), 0);
    ret = (struct bytes){malloc((size_t)is.st_size + 1), (size_t)is.st_size, true};
    assert_int_equal(read(handle, ret.ptr, ret.len), ret.len);
    close(handle);
    return ret;
}

static const char *with_end(const char *end)
{
    static char name[160];
    snprintf(name, sizeof name, "%s%s", path, end);
    return name;
}

static void file_write(const char *name, const struct bytes *bytes)
{
    unlink(name);
    if (!bytes->there)
        return;
    int handle = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(handle >= 0);
    assert_int_equal(write(handle, bytes->ptr, bytes->len), bytes->len);
    close(handle);
}

static void begin(void)
{
    struct bytes start = file_read(base);
    file_write(path, &start);
    free(start.ptr);
    unlink(with_end("-wal"));
    unlink(with_end("-shm"));
    work_logs_make();
}

/* The step, on logs that were not used up. */
static enum vg_code step(struct store *store, int number)
{
    if (number == 0 || number == 7 || number == 12)
        work_logs_make();
    return work_step(store, number, &err);
}

/* ---- a fault at one call ---- */

/* What the file says must be that after `steps` steps, or, when one more was under way,
 * after that. */
static void assert_told(struct store *store, int steps, bool more, const char *when,
                        long turn)
{
    struct buf now = {0};
    work_told(store, &now);
    bool same = strcmp(buf_str(&now).ptr, buf_str(&told[steps]).ptr) == 0;
    if (!same && more)
        same = strcmp(buf_str(&now).ptr, buf_str(&told[steps + 1]).ptr) == 0;
    if (!same)
        fail_msg("%s %ld, after %d steps:\n%s", when, turn, steps, buf_str(&now).ptr);
    buf_free(&now);
}

/* Work until the fault; then it is over, and the work goes on on the same handle. */
static void run_with(const struct fault *fault, const char *when)
{
    struct store *store = NULL;
    int done = 0;
    begin();
    fault_set(fault);
    enum vg_code code = store_open(path, &store, &err);
    if (code != VG_OK) {
        assert_true(fault_happened() && err.what[0]);
        fault_set(NULL);
        assert_ok(store_open(path, &store, &err));
        assert_told(store, 0, false, when, fault->turn);
        store_close(store);
        return;
    }
    for (; done < WORK_STEPS && !fault_happened(); done++)
        if ((code = step(store, done)) != VG_OK)
            break;
    if (code != VG_OK) { /* a sentence, and a code that says what to do */
        assert_true(fault_happened() && err.what[0]);
        if (code != VG_ERR_IO && code != VG_ERR_INPUT && code != VG_ERR_CONFLICT &&
            code != VG_ERR_MEMORY)
            fail_msg("%s %ld: code %d: %s", when, fault->turn, (int)code, err.what);
    }
    if (fault->stays) /* reading goes on */
        assert_told(store, done, true, when, fault->turn);
    fault_set(NULL);
    struct store *other = NULL;
    assert_ok(store_open(path, &other, &err));
    assert_told(other, done, true, when, fault->turn);
    store_close(other);
    for (; done < WORK_STEPS; done++)
        assert_ok(step(store, done));
    assert_told(store, WORK_STEPS, false, when, fault->turn);
    work_whole(store);
    store_close(store);
}

static long calls_of(unsigned kinds)
{
    struct store *store = NULL;
    const struct fault never = {.kinds = kinds, .turn = -1};
    begin();
    fault_set(&never);
    assert_ok(store_open(path, &store, &err));
    for (int i = 0; i < WORK_STEPS; i++)
        assert_ok(step(store, i));
    long calls = fault_calls();
    fault_set(NULL);
    store_close(store);
    return calls;
}

static void fail_each(unsigned kinds, bool stays, int status, const char *when, long most)
{
    long calls = calls_of(kinds);
    long stride = (long)stride_of((size_t)calls, (size_t)most);
    assert_true(calls > 10);
    for (long turn = 1; turn <= calls; turn += stride) {
        const struct fault fault = {kinds, turn, stays, status};
        run_with(&fault, when);
    }
    print_message("# %s: %ld calls, every %ld.\n", when, calls, stride);
}

static void a_write_that_fails_is_not_acknowledged(void **state)
{
    (void)state;
    fail_each(FAULT_WRITE, false, 0, "write", 60);
}

static void a_sync_that_fails_is_not_acknowledged(void **state)
{
    (void)state;
    fail_each(FAULT_SYNC, false, 0, "sync", 30);
}

static void a_read_that_fails_loses_nothing(void **state)
{
    (void)state;
    fail_each(FAULT_READ, false, 0, "read", 40);
}

static void on_a_full_disk_reading_goes_on_and_writing_when_there_is_room(void **state)
{
    (void)state;
    fail_each(FAULT_WRITE, true, SQLITE_FULL, "full", 50);
}

/* ---- the power gone ---- */

enum tearing { TEAR_LAST, LOSE_UNSYNCED, LOSE_SECTORS, TEARINGS };

static void put(struct bytes *file, int64_t at, const unsigned char *from, size_t len)
{
    size_t end = (size_t)at + len;
    file->there = true;
    if (end > file->len) {
        file->ptr = realloc(file->ptr, end + 1);
        assert_non_null(file->ptr);
        memset(file->ptr + file->len, 0, end - file->len);
        file->len = end;
    }
    memcpy(file->ptr + at, from, len);
}

static void apply(struct bytes *file, const struct fault_op *op, enum tearing tearing,
                  bool synced, bool last)
{
    if (!synced && tearing == LOSE_UNSYNCED)
        return;
    if (op->kind == OP_TRUNCATE && (size_t)op->offset < file->len &&
        (synced || tearing == TEAR_LAST || randombytes_uniform(2)))
        file->len = (size_t)op->offset;
    if (op->kind == OP_DELETE && (synced || tearing == TEAR_LAST))
        file->len = 0, file->there = false;
    if (op->kind != OP_WRITE)
        return;
    if (synced || (tearing == TEAR_LAST && !last)) {
        put(file, op->offset, op->bytes, op->len);
        return;
    }
    for (size_t at = 0; at < op->len; at += SECTOR) {
        size_t n = op->len - at < SECTOR ? op->len - at : SECTOR;
        bool lost = tearing == TEAR_LAST ? at >= op->len / 2 : randombytes_uniform(2);
        if (!lost)
            put(file, op->offset + (int64_t)at, op->bytes + at, n);
    }
}

/* The files as they may be when the power goes after `count` calls. */
static void write_files(const struct bytes *start, const struct fault_op *ops,
                        size_t count, enum tearing tearing)
{
    static const char *const ends[] = {"", "-wal", "-journal"};
    size_t synced[3] = {0}, folder_synced = 0;
    for (size_t i = 0; i < count; i++) {
        if (ops[i].kind == OP_SYNC)
            synced[ops[i].file] = i;
        if (ops[i].kind == OP_FOLDER)
            folder_synced = i;
    }
    for (int f = FILE_MAIN; f <= FILE_JOURNAL; f++) {
        struct bytes file = {0};
        if (f == FILE_MAIN)
            put(&file, 0, start->ptr, start->len);
        for (size_t i = 0; i < count; i++)
            if (ops[i].file == f)
                apply(&file, &ops[i], tearing,
                      i < (ops[i].kind == OP_DELETE ? folder_synced : synced[f]),
                      i + 1 == count);
        file_write(with_end(ends[f]), &file);
        free(file.ptr);
    }
    unlink(with_end("-shm"));
}

static void what_was_acknowledged_survives_the_power_going_at_any_moment(void **state)
{
    size_t acknowledged[WORK_STEPS + 1] = {0}, count = 0, tried = 0;
    struct store *store = NULL;
    (void)state;
    begin();
    struct bytes start = file_read(base);
    fault_record(true);
    assert_ok(store_open(path, &store, &err));
    for (int i = 0; i < WORK_STEPS; i++) {
        assert_ok(step(store, i));
        fault_ops(&acknowledged[i + 1]);
    }
    store_close(store);
    fault_record(false);
    const struct fault_op *ops = fault_ops(&count);
    size_t stride = stride_of(count, 50);
    int steps = 0;
    for (size_t at = 1; at <= count; at++) {
        while (steps < WORK_STEPS && acknowledged[steps + 1] <= at)
            steps++;
        bool edge = ops[at - 1].kind == OP_SYNC || acknowledged[steps] == at;
        if (at % stride && !edge)
            continue;
        for (int tearing = 0; tearing < TEARINGS; tearing++) {
            write_files(&start, ops, at, (enum tearing)tearing);
            assert_ok(store_open(path, &store, &err));
            assert_told(store, steps, steps < WORK_STEPS, "power gone at", (long)at);
            if (at % 7 == 0)
                work_whole(store);
            store_close(store);
            tried++;
        }
    }
    print_message("# power gone: %zu writes and syncs, %zu states of the disk.\n", count,
                  tried);
    free(start.ptr);
}

static int set_up(void **state)
{
    struct store *store = NULL;
    struct stat is;
    (void)state;
    /* in memory, where it can be: what is tested is what we ask for, not the disk */
    snprintf(folder, sizeof folder, "%s/viaggio-faults-XXXXXX",
             stat("/dev/shm", &is) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(folder) || sodium_init() < 0)
        return -1;
    fault_vfs_install();
    work_open();
    snprintf(base, sizeof base, "%s/base.viaggio", folder);
    snprintf(path, sizeof path, "%s/work.viaggio", folder);
    assert_ok(store_create(base, "Prova", &err));
    begin();
    assert_ok(store_open(path, &store, &err));
    work_told(store, &told[0]);
    for (int i = 0; i < WORK_STEPS; i++) {
        assert_ok(step(store, i));
        work_told(store, &told[i + 1]);
        bool same = strcmp(buf_str(&told[i]).ptr, buf_str(&told[i + 1]).ptr) == 0;
        assert_int_equal(same, !work_changes(i));
    }
    store_close(store);
    return 0;
}

static int tear_down(void **state)
{
    char command[128];
    (void)state;
    work_close();
    for (int i = 0; i <= WORK_STEPS; i++)
        buf_free(&told[i]);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_that_fails_is_not_acknowledged),
        cmocka_unit_test(a_sync_that_fails_is_not_acknowledged),
        cmocka_unit_test(a_read_that_fails_loses_nothing),
        cmocka_unit_test(on_a_full_disk_reading_goes_on_and_writing_when_there_is_room),
        cmocka_unit_test(what_was_acknowledged_survives_the_power_going_at_any_moment),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
