#include "mine/tally.h"

#include "mine/funnel_watch.h"
#include "mine/scratch.h"

enum { FIRST_BLOCK = 512, GROWTH = 8, LARGEST_BLOCK = 256 * 1024 }; /* durations */

bool tally_open(struct tally *tally, size_t nodes, size_t sides)
{
    tally->moved = scratch_zeroed(nodes, sizeof *tally->moved);
    tally->waiting = scratch_zeroed(nodes, sizeof *tally->waiting);
    tally->arrived = scratch_zeroed(nodes, sizeof *tally->arrived);
    tally->elsewhere = scratch_zeroed(nodes, sizeof *tally->elsewhere);
    tally->by_side = scratch_zeroed(sides, sizeof *tally->by_side);
    return tally->moved && tally->waiting && tally->arrived && tally->elsewhere &&
           tally->by_side;
}

void durations_close(struct durations *durations)
{
    for (size_t b = 0; b < durations->block_count; b++)
        scratch_free(durations->blocks[b].us);
    scratch_free(durations->blocks);
}

void tally_close(struct tally *tally, size_t nodes)
{
    for (size_t n = 0; n < nodes; n++) {
        if (tally->moved)
            durations_close(&tally->moved[n]);
        if (tally->waiting)
            durations_close(&tally->waiting[n]);
    }
    scratch_free(tally->moved);
    scratch_free(tally->waiting);
    scratch_free(tally->arrived);
    scratch_free(tally->elsewhere);
    scratch_free(tally->by_side);
    for (size_t n = 0; tally->watches && n < nodes; n++) {
        durations_close(&tally->watches[n].kept);
        durations_close(&tally->watches[n].undecided);
    }
    scratch_free(tally->watches);
    *tally = (struct tally){0};
}

bool durations_more(struct durations *durations)
{
    size_t last =
        durations->block_count
            ? (size_t)(durations->end - durations->blocks[durations->block_count - 1].us)
            : FIRST_BLOCK / GROWTH;
    size_t size = last < LARGEST_BLOCK ? last * GROWTH : LARGEST_BLOCK;
    if (durations->block_count == durations->block_capacity) {
        struct span *grown =
            scratch_grow(durations->blocks, durations->block_count,
                         &durations->block_capacity, sizeof *durations->blocks);
        if (!grown)
            return false;
        durations->blocks = grown;
    }
    int64_t *us = scratch_array(int64_t, size);
    if (!us)
        return false;
    (void)durations_seal(durations);
    durations->blocks[durations->block_count++] = (struct span){us, 0};
    durations->next = us;
    durations->end = us + size;
    return true;
}

size_t durations_seal(struct durations *durations)
{
    size_t total = 0;
    if (durations->block_count) {
        struct span *last = &durations->blocks[durations->block_count - 1];
        last->count = (size_t)(durations->next - last->us);
    }
    for (size_t b = 0; b < durations->block_count; b++)
        total += durations->blocks[b].count;
    return total;
}
