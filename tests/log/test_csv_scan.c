/* Every way of scanning that the machine knows gives what csv_step says, byte by byte. */
#include "check.h"

#include "log/csv_scan.h"

#include <string.h>

static uint32_t seed = 1;
static uint32_t dice(uint32_t n)
{
    seed = seed * 1664525U + 1013904223U;
    return (uint32_t)(((uint64_t)seed * n) >> 32);
}

enum { BYTES = 1024 }; /* whole blocks: a rest counts as untidy */

/* Fields of some letters, ended by what ends fields; now and then `odd` characters. */
static void text_make(char *text, unsigned kind)
{
    static const char *const kinds[] = {
        "aaaaaaa;\n",      "aaa;\n",          ";;\n", "aaaaaa;\n\"", "aa;\n\" \r",
        "aaaaaa;;\n \r\t", "a;\xC3\xA0\xC2\n"};
    const char *letters = kinds[kind % COUNT_OF(kinds)];
    for (size_t i = 0; i < BYTES; i++)
        text[i] = letters[dice((uint32_t)strlen(letters))];
    if (dice(4) == 0)
        text[dice(BYTES)] = 0;
}

static size_t ends_by_step(enum csv_state state, const char *text, uint32_t *index,
                           size_t *ret_feeds, enum csv_state *ret_state)
{
    const struct csv_scan scan = {.delimiter = ';', .quote = '"'};
    size_t count = 0, feeds = 0;
    for (uint32_t i = 0; i < BYTES; i++) {
        state = csv_step(&scan, state, text[i]);
        if (state != CSV_FIELD_START)
            continue;
        index[count++] = i;
        feeds += text[i] == '\n';
    }
    *ret_feeds = feeds;
    *ret_state = state;
    return count;
}

/* Has a field of the window a quote, or white space at an end (but for \r\n)? What goes
 * beyond the window counts as such. */
static bool is_tidy(const char *text, const uint32_t *index, size_t count)
{
    size_t from = 0;
    for (size_t i = 0; i < count; from = index[i++] + 1) {
        size_t to = index[i];
        if (to > from && text[to] == '\n' && text[to - 1] == '\r')
            to--;
        for (size_t at = from; at < to; at++)
            if (text[at] == '"' || ((at == from || at == to - 1) && text[at] <= ' '))
                return false;
    }
    return true;
}

static void every_way_finds_the_ends_that_the_states_say(void **state)
{
    (void)state;
    static uint32_t want[CSV_INDEX], got[CSV_INDEX];
    char text[BYTES];
    for (unsigned kind = 0; kind < 7000; kind++) {
        size_t feeds = 0;
        enum csv_state begin = kind % 3 ? CSV_FIELD_START : CSV_QUOTED, end;
        text_make(text, kind);
        size_t count = ends_by_step(begin, text, want, &feeds, &end);
        for (unsigned way = 0; way < csv_scan_ways(); way++) {
            struct csv_scan scan = {
                .delimiter = ';', .quote = '"', .state = begin, .quote_at = text};
            assert_int_equal(csv_scan_window_by(way, &scan, text, BYTES, got), count);
            assert_memory_equal(got, want, count * sizeof *got);
            assert_int_equal(scan.feeds, feeds);
            assert_int_equal(scan.state, end);
            assert_int_equal(scan.nul, memchr(text, 0, BYTES) != NULL);
            assert_true(scan.untidy || is_tidy(text, want, count));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_finds_the_ends_that_the_states_say),
    };
    return cmocka_run_group_tests_name("csv_scan", tests, NULL, NULL);
}
