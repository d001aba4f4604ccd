#include "check.h"

#include "text/source.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BYTES = 1 << 20 };

/* A file of BYTES letters a. */
static void file_make(char path[64])
{
    snprintf(path, 64, "/tmp/viaggio-source-XXXXXX");
    int file = mkstemp(path);
    char *text = malloc(BYTES);
    assert_non_null(text);
    memset(text, 'a', BYTES);
    assert_int_equal(write(file, text, BYTES), BYTES);
    free(text);
    close(file);
}

static size_t count_letters(str bytes)
{
    size_t letters = 0;
    for (size_t i = 0; i < bytes.len; i++)
        letters += ((const volatile char *)bytes.ptr)[i] == 'a';
    return letters;
}

static void a_file_cut_while_it_is_read_reads_as_zeros_and_is_told(void **state)
{
    (void)state;
    static const long lengths[] = {0, 1, 4096, 5000, BYTES / 2, BYTES - 1};
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        char path[64];
        struct source source;
        struct vg_err err = {0};
        file_make(path);
        assert_ok(source_open(path, &source, &err));
        assert_int_equal(count_letters((str){source.bytes.ptr, 10}), 10);
        assert_ok(source_check(&source, &err));
        assert_int_equal(truncate(path, lengths[i]), 0);
        assert_int_equal(count_letters(source.bytes), lengths[i]);
        assert_int_equal(source_check(&source, &err), VG_ERR_IO);
        assert_string_equal(err.where, path);
        assert_true(err.hint[0] != 0);
        source_close(&source);
        unlink(path);
    }
}

static void a_file_that_grows_or_is_replaced_is_read_as_it_was(void **state)
{
    (void)state;
    char path[64], other[64];
    struct source source;
    struct vg_err err = {0};
    file_make(path);
    file_make(other);
    assert_ok(source_open(path, &source, &err));
    FILE *more = fopen(path, "ab");
    assert_non_null(more);
    fputs("more", more);
    fclose(more);
    assert_ok(source_check(&source, &err));
    assert_int_equal(truncate(other, 3), 0);
    assert_int_equal(rename(other, path), 0);
    assert_int_equal(count_letters(source.bytes), BYTES);
    assert_ok(source_check(&source, &err));
    source_close(&source);
    unlink(path);
}

/* Elsewhere SIGBUS ends the program as ever, guarded files or not. */
static void a_bus_error_elsewhere_is_not_swallowed(void **state)
{
    (void)state;
    char path[64];
    struct source source;
    struct vg_err err = {0};
    file_make(path);
    pid_t child = fork();
    if (child == 0) {
        struct sigaction plain = {.sa_handler = SIG_DFL};
        sigaction(SIGBUS, &plain, NULL);
        if (source_open(path, &source, &err) == VG_OK)
            kill(getpid(), SIGBUS);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_cut_while_it_is_read_reads_as_zeros_and_is_told),
        cmocka_unit_test(a_file_that_grows_or_is_replaced_is_read_as_it_was),
        cmocka_unit_test(a_bus_error_elsewhere_is_not_swallowed),
    };
    return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
