/* fresh: data files of their own for the tests of the store, in a folder that goes away
 * with them. */
#ifndef TESTS_STORE_FRESH_H
#define TESTS_STORE_FRESH_H

#include "check.h"

#include "store/store.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

static char folder[] = "/tmp/viaggio-store-XXXXXX";
static char path[128]; /* of the file made last */
static struct arena *arena;
static struct vg_err err;

/* A new, empty data file. */
static inline struct store *fresh(void)
{
    static int files;
    struct store *store = NULL;
    snprintf(path, sizeof path, "%s/%d.viaggio", folder, files++);
    assert_ok(store_create(path, "Prova", &err));
    assert_ok(store_open(path, &store, &err));
    return store;
}

/* The file made last, closed and opened. */
static inline struct store *again(struct store *store)
{
    store_close(store);
    assert_ok(store_open(path, &store, &err));
    return store;
}

/* The same numbers below `below` in every run. */
static inline uint32_t draw(uint32_t below)
{
    static uint32_t seed = 12345;
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static inline int set_up(void **state)
{
    (void)state;
    arena = arena_open(0);
    return arena && mkdtemp(folder) && sodium_init() >= 0 ? 0 : -1;
}

static inline int tear_down(void **state)
{
    char command[64];
    (void)state;
    arena_close(arena);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

#endif
