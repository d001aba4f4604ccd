/* A data file cut off at every page, and spoilt in every page: refused with a sentence,
 * or what it says is what it said; never a crash. In this process, so that a crash is
 * one. */
#include "store_work.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 16384 };

static char folder[64], path[128];
static struct vg_err err;
static unsigned char *good, *spoilt;
static size_t size;

static void write_file(const unsigned char *bytes, size_t len)
{
    char name[160];
    snprintf(name, sizeof name, "%s-wal", path);
    unlink(name);
    snprintf(name, sizeof name, "%s-shm", path);
    unlink(name);
    int handle = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(handle >= 0);
    assert_int_equal(write(handle, bytes, len), len);
    close(handle);
}

/* An answer, or a sentence. Returns whether something was found to be wrong. */
static bool survives(bool *ret_log_differs)
{
    const struct store_wants wants = {.all_attributes = true};
    struct store *store = NULL;
    struct vg_log *log = NULL;
    struct vg_map *map = NULL;
    struct store_health health = {0};
    struct arena *arena = arena_open(0);
    err = (struct vg_err){0};
    enum vg_code code = store_open(path, &store, &err);
    *ret_log_differs = false;
    if (code == VG_OK) {
        enum vg_code read = store_log(store, &wants, &log, &err);
        *ret_log_differs = read == VG_OK && log->events != 5;
        code = read;
        log_close(log);
        read = maps_read(store, "m", -1, &map, NULL, &err);
        code = code == VG_OK ? read : code;
        if (read == VG_OK)
            map_close(map);
        read = store_examine(store, arena, &health, &err);
        code = code == VG_OK ? read : code;
    }
    if (code != VG_OK) {
        assert_true(err.what[0] != 0);
        if (code != VG_ERR_INPUT && code != VG_ERR_IO && code != VG_ERR_NOT_FOUND &&
            code != VG_ERR_CONFLICT)
            fail_msg("code %d: %s", (int)code, err.what);
    }
    store_close(store);
    arena_close(arena);
    return code != VG_OK || health.fault_count > 0;
}

static void a_file_cut_off_anywhere_is_refused(void **state)
{
    (void)state;
    bool differs;
    size_t pages = size / PAGE;
    for (size_t page = 0; page < pages; page++)
        for (int part = 0; part < 2; part++) {
            size_t len = page * PAGE + (part ? 1 + randombytes_uniform(PAGE - 1) : 0);
            write_file(good, len);
            if (!survives(&differs) || differs)
                fail_msg("cut off at %zu: nobody saw it", len);
        }
    print_message("# cut off at %zu places, each refused or reported.\n", pages * 2);
}

static void a_file_spoilt_anywhere_never_answers_wrongly_unseen(void **state)
{
    (void)state;
    size_t seen = 0, tried = 0;
    for (size_t page = 0; page < size / PAGE; page++)
        for (int turn = 0; turn < 6; turn++, tried++) {
            static const size_t lengths[] = {1, 1, 8, 64, 512, PAGE};
            size_t len = lengths[turn];
            size_t at = page * PAGE + (len < PAGE ? randombytes_uniform(PAGE) : 0);
            bool differs;
            len = at + len > size ? size - at : len;
            memcpy(spoilt, good, size);
            if (turn == 5 && page % 2)
                memset(spoilt + at, 0, len);
            else
                randombytes_buf(spoilt + at, len);
            write_file(spoilt, size);
            bool found = survives(&differs);
            if (differs && !found)
                fail_msg("spoilt at %zu, %zu bytes: other events, and nobody saw it", at,
                         len);
            seen += found;
        }
    assert_true(seen > 0);
    print_message("# spoilt at %zu places, %zu seen.\n", tried, seen);
}

static int set_up(void **state)
{
    struct store *store = NULL;
    struct stat is;
    (void)state;
    snprintf(folder, sizeof folder, "%s/viaggio-damage-XXXXXX",
             stat("/dev/shm", &is) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(folder) || sodium_init() < 0)
        return -1;
    work_open();
    work_logs_make();
    snprintf(path, sizeof path, "%s/work.viaggio", folder);
    assert_ok(store_create(path, "Prova", &err));
    assert_ok(store_open(path, &store, &err));
    for (int step = 0; step < 12; step++)
        assert_ok(work_step(store, step, &err));
    store_close(store);
    int handle = open(path, O_RDONLY);
    assert_int_equal(fstat(handle, &is), 0);
    size = (size_t)is.st_size;
    good = malloc(size);
    spoilt = malloc(size);
    assert_int_equal(read(handle, good, size), size);
    close(handle);
    return size % PAGE;
}

static int tear_down(void **state)
{
    char command[128];
    (void)state;
    work_close();
    free(good);
    free(spoilt);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_cut_off_anywhere_is_refused),
        cmocka_unit_test(a_file_spoilt_anywhere_never_answers_wrongly_unseen),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
