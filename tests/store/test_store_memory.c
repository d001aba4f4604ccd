/* Whatever allocation fails, ours, SQLite's or the JSON library's: the data file says so,
 * nothing leaks, nothing is half written, and what is asked next is answered.
 *
 * malloc and its family are this program's own here, in fail_malloc.h. By
 * default every so many fail, spread over all; VIAGGIO_FAULTS=all: every one. */
#include "store_work.h"

#include "fail_malloc.h"

#include "base/parallel.h"

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef SANITIZED
int main(void)
{
    puts("1..1\nok 1 - every allocation may fail # SKIP a sanitizer has its own malloc");
    return 0;
}
#else

static char folder[64], path[128];
static struct vg_err err;

/* Open, one step, close: all of it may fail, anywhere. */
static enum vg_code one_step(int step)
{
    struct store *store = NULL;
    enum vg_code code = store_open(path, &store, &err);
    if (code == VG_OK)
        code = work_step(store, step, &err);
    store_close(store);
    return code;
}

static char *told_now(void)
{
    struct store *store = NULL;
    struct buf text = {0};
    assert_ok(store_open(path, &store, &err));
    work_told(store, &text);
    store_close(store);
    return buf_take(&text);
}

static void copy_file(const char *from, const char *to)
{
    char command[300];
    snprintf(command, sizeof command, "cp %s %s", from, to);
    assert_int_equal(system(command), 0);
}

/* How many allocations the step makes; afterwards the file is as it was. */
static long allocations(int step, const char *kept)
{
    work_logs_make();
    atomic_store(&turns, LONG_MAX);
    watching = true;
    enum vg_code code = one_step(step);
    watching = false;
    assert_int_equal(code, VG_OK);
    copy_file(kept, path);
    return LONG_MAX - atomic_load(&turns);
}

static void fail_at(int step, long turn, const char *before, const char *after)
{
    work_logs_make();
    atomic_store(&turns, turn);
    err = (struct vg_err){0};
    watching = true;
    atomic_store(&alive, 0);
    enum vg_code code = one_step(step);
    long left = atomic_load(&alive);
    watching = false;
    atomic_store(&turns, LONG_MAX);
    /* the logs that the step was given lose their rows, and that is their own memory */
    if (left > 0)
        fail_msg("step %d, allocation %ld: %ld others are still alive", step, turn, left);
    /* a courtesy (the image, the log of what was learnt) may be left out: VG_OK */
    if (code != VG_OK && code != VG_ERR_MEMORY)
        fail_msg("step %d, allocation %ld: code %d: %s", step, turn, (int)code, err.what);
    char *now = told_now();
    bool same = strcmp(now, after) == 0;
    if (!same && code != VG_OK)
        same = strcmp(now, before) == 0;
    if (!same)
        fail_msg("step %d, allocation %ld:\n%s", step, turn, now);
    free(now);
}

static void every_allocation_may_fail(void **state)
{
    const char *faults = getenv("VIAGGIO_FAULTS");
    bool all = faults && strcmp(faults, "all") == 0;
    char kept[160], next[160];
    long tried = 0, made = 0;
    (void)state;
    parallel_set_workers(1);
    snprintf(kept, sizeof kept, "%s.kept", path);
    snprintf(next, sizeof next, "%s.next", path);
    for (int step = 0; step < WORK_STEPS; step++) {
        copy_file(path, kept);
        char *before = told_now();
        work_logs_make();
        assert_int_equal(one_step(step), VG_OK); /* made once per process is made */
        char *after = told_now();
        copy_file(path, next);
        copy_file(kept, path);
        long count = allocations(step, kept);
        long stride = all ? 1 : count / 15 + 1;
        for (long turn = 1 + step % stride; turn <= count; turn += stride, tried++) {
            fail_at(step, turn, before, after);
            copy_file(kept, path);
        }
        made += count;
        free(before);
        free(after);
        copy_file(next, path);
    }
    struct store *store = NULL;
    assert_ok(store_open(path, &store, &err));
    work_whole(store);
    store_close(store);
    print_message("# allocations: %ld in %d steps, %ld failed.\n", made, WORK_STEPS,
                  tried);
    parallel_set_workers(0);
}

static int set_up(void **state)
{
    struct stat is;
    (void)state;
    snprintf(folder, sizeof folder, "%s/viaggio-memory-XXXXXX",
             stat("/dev/shm", &is) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(folder) || sodium_init() < 0)
        return -1;
    work_open();
    snprintf(path, sizeof path, "%s/work.viaggio", folder);
    assert_ok(store_create(path, "Prova", &err));
    return 0;
}

static int tear_down(void **state)
{
    char command[128];
    (void)state;
    work_close();
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
#endif
