/* Chunks of random texts, read by several threads at once, held against what is in them.
 */
#include "check.h"

#include "log/text_pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHUNKS = 40, BATCHES = 40, THREADS = 3, UNIVERSE = 30000, TEXT_MAX = 48 };

/* What lengths the texts have: a mixture takes some of each. */
enum shape { TINY, MIDDLE, LONG, MIXED };

static struct trial {
    enum shape shape;
    uint32_t universe; /* so many of them are asked for */
    char (*texts)[TEXT_MAX];
    str text[UNIVERSE];
    struct text_pool pool;
    struct text_pages pages[THREADS];
    struct text_list lists[CHUNKS];
    uint16_t *asked;  /* [CHUNKS · BATCHES · TEXT_BATCH] which text */
    uint32_t *number; /* … and the number it got */
    atomic_size_t next;
} trial;

static uint32_t seed = 1;
static uint32_t dice(uint32_t n)
{
    seed = seed * 1664525U + 1013904223U;
    return (uint32_t)(((uint64_t)seed * n) >> 32);
}

static void texts_make(enum shape shape)
{
    static const char filler[] = "abcdefghijklmnopqrstuvwxyzabcdefghij";
    trial.shape = shape;
    for (unsigned i = 0; i < UNIVERSE; i++) {
        enum shape of_this = shape == MIXED ? (enum shape)dice(3) : shape;
        /* As many, and up to so many more; the number is five of them. */
        int least = of_this == TINY ? 0 : of_this == MIDDLE ? 6 : 20;
        int more = of_this == TINY ? 6 : of_this == MIDDLE ? 14 : 16;
        int n = snprintf(trial.texts[i], TEXT_MAX, "%.*s%05u",
                         least + (int)dice((uint32_t)more), filler, i);
        trial.text[i] = (str){trial.texts[i], (size_t)n};
    }
}

static void batch_read(size_t chunk, size_t batch, unsigned thread)
{
    static _Thread_local struct text_memo memos[2];
    unsigned way = (unsigned)batch % text_few_ways();
    struct text_key keys[TEXT_BATCH];
    str texts[TEXT_BATCH], new[TEXT_BATCH];
    uint8_t open[TEXT_BATCH];
    uint32_t given[TEXT_BATCH];
    size_t at = (chunk * BATCHES + batch) * TEXT_BATCH, count;
    const char *readable = trial.texts[UNIVERSE - 1] + TEXT_MAX;
    uint32_t *numbers = trial.number + at;
    for (size_t i = 0; i < TEXT_BATCH; i++)
        texts[i] = trial.text[trial.asked[at + i]];
    bool few = trial.universe < 1024 || !text_pool_is_large(&trial.pool);
    if (!few) {
        text_keys(&trial.pool, texts, TEXT_BATCH, readable, keys);
        count = text_find(&trial.pool, (uint32_t)chunk, texts, keys, TEXT_BATCH, numbers,
                          open);
    } else {
        if (batch < 2)
            memset(memos, 0, sizeof memos);
        count = text_find_few_by(way, &trial.pool, &memos[way], (uint32_t)chunk, texts,
                                 TEXT_BATCH, readable, numbers, open);
    }
    for (size_t i = 0; i < count; i++)
        new[i] = texts[open[i]];
    if (text_add(&trial.pool, &trial.pages[thread], &trial.lists[chunk], (uint32_t)chunk,
                 new, count, readable, given) != TEXT_OK)
        abort();
    for (size_t i = 0; i < count; i++)
        numbers[open[i]] = given[i];
}

static void *chunks_read(void *thread)
{
    for (size_t chunk; (chunk = atomic_fetch_add(&trial.next, 1)) < CHUNKS;)
        for (size_t batch = 0; batch < BATCHES; batch++)
            batch_read(chunk, batch, *(unsigned *)thread);
    return NULL;
}

static void all_read(unsigned threads)
{
    pthread_t thread[THREADS];
    unsigned name[THREADS];
    for (size_t i = 0; i < CHUNKS * BATCHES * TEXT_BATCH; i++)
        trial.asked[i] = (uint16_t)dice(trial.universe);
    atomic_store(&trial.next, 0);
    assert_true(text_pool_open(&trial.pool, UINT32_MAX - 1, threads));
    for (unsigned t = 0; t < threads; t++) {
        name[t] = t;
        assert_int_equal(pthread_create(&thread[t], NULL, chunks_read, &name[t]), 0);
    }
    for (unsigned t = 0; t < threads; t++)
        pthread_join(thread[t], NULL);
}

/* One number to a text, one text to a number, and it stands in the pages. */
static void numbers_hold(unsigned threads)
{
    size_t numbers = atomic_load(&trial.pool.count);
    uint32_t *of_text = malloc(UNIVERSE * sizeof *of_text);
    str *of_number = calloc(numbers, sizeof *of_number);
    memset(of_text, 0xFF, UNIVERSE * sizeof *of_text);
    for (unsigned t = 0; t < threads; t++)
        for (struct text_walk walk = {0}; text_pages_next(&trial.pages[t], &walk);) {
            assert_true(walk.number < numbers && !of_number[walk.number].ptr);
            of_number[walk.number] = walk.text;
        }
    for (size_t i = 0; i < CHUNKS * BATCHES * TEXT_BATCH; i++) {
        uint32_t text = trial.asked[i], number = trial.number[i];
        assert_true(number < numbers);
        assert_true(str_equal(of_number[number], trial.text[text]));
        assert_true(of_text[text] == UINT32_MAX || of_text[text] == number);
        of_text[text] = number;
    }
    free(of_text);
    free(of_number);
}

/* Along the lists, chunk by chunk, texts come in the order in which the file has them. */
static void lists_hold(void)
{
    size_t numbers = atomic_load(&trial.pool.count), at = 0, expected_count = 0, got = 0;
    bool *seen = calloc(numbers, 1), *met = calloc(numbers, 1);
    uint32_t *expected = malloc(numbers * sizeof *expected);
    for (; at < CHUNKS * BATCHES * TEXT_BATCH; at++)
        if (!met[trial.number[at]]) {
            met[trial.number[at]] = true;
            expected[expected_count++] = trial.number[at];
        }
    for (size_t chunk = 0; chunk < CHUNKS; chunk++)
        for (size_t i = 0; i < trial.lists[chunk].count; i++) {
            uint32_t number = trial.lists[chunk].number[i];
            if (seen[number])
                continue;
            seen[number] = true;
            assert_true(got < expected_count);
            assert_int_equal(number, expected[got++]);
        }
    assert_int_equal(got, expected_count);
    free(seen);
    free(met);
    free(expected);
}

static void try(enum shape shape, uint32_t universe, unsigned threads)
{
    trial.universe = universe;
    texts_make(shape);
    all_read(threads);
    numbers_hold(threads);
    lists_hold();
    text_pool_settle(&trial.pool);
    text_pool_close(&trial.pool);
    for (unsigned t = 0; t < THREADS; t++)
        text_pages_free(&trial.pages[t]);
    for (size_t chunk = 0; chunk < CHUNKS; chunk++) {
        free(trial.lists[chunk].number);
        trial.lists[chunk] = (struct text_list){0};
    }
    memset(&trial.pool, 0, sizeof trial.pool);
}

static void texts_of_all_lengths_have_one_number_each(void **state)
{
    (void)state;
    for (enum shape shape = TINY; shape <= MIXED; shape++) {
        try(shape, UNIVERSE, 1);
        try(shape, 100, 1);
    }
}

static void
several_threads_give_a_text_one_number_and_list_it_where_it_comes_first(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 3; round++)
        for (enum shape shape = TINY; shape <= MIXED; shape++) {
            try(shape, UNIVERSE, 2 + round % 2);
            try(shape, 100, 2 + round % 2);
        }
}

static void a_pool_gives_no_more_numbers_than_it_may(void **state)
{
    (void)state;
    struct text_pool pool = {0};
    struct text_pages pages = {0};
    struct text_list list = {0};
    uint32_t numbers[TEXT_NEW];
    texts_make(MIDDLE);
    assert_true(text_pool_open(&pool, 100, 2));
    assert_int_equal(text_add(&pool, &pages, &list, 0, trial.text, 100,
                              trial.texts[UNIVERSE - 1], numbers),
                     TEXT_OK);
    assert_int_equal(text_add(&pool, &pages, &list, 0, trial.text, 100,
                              trial.texts[UNIVERSE - 1], numbers),
                     TEXT_OK);
    assert_int_equal(text_add(&pool, &pages, &list, 0, trial.text + 100, 1,
                              trial.texts[UNIVERSE - 1], numbers),
                     TEXT_TOO_MANY);
    text_pool_close(&pool);
    text_pages_free(&pages);
    free(list.number);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_all_lengths_have_one_number_each),
        cmocka_unit_test(
            several_threads_give_a_text_one_number_and_list_it_where_it_comes_first),
        cmocka_unit_test(a_pool_gives_no_more_numbers_than_it_may),
    };
    trial.texts = calloc(UNIVERSE + 1, TEXT_MAX);
    trial.asked = calloc(CHUNKS * BATCHES * TEXT_BATCH, sizeof *trial.asked);
    trial.number = calloc(CHUNKS * BATCHES * TEXT_BATCH, sizeof *trial.number);
    if (!trial.texts || !trial.asked || !trial.number)
        return 9;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(trial.texts);
    free(trial.asked);
    free(trial.number);
    return failed;
}
