/* random_log: small logs for properties, the same for the same seed. */
#ifndef TESTS_MINE_RANDOM_LOG_H
#define TESTS_MINE_RANDOM_LOG_H

#include "check.h"

#include "log/build.h"

#include <math.h>
#include <stdio.h>

static inline uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}
static inline size_t random_below(uint64_t *state, size_t end)
{
    return (size_t)(random_next(state) >> 33) % end;
}

struct random_event {
    char customer[16], activity[16], channel[16];
    int64_t at_us;
};

/* Events of `customers` customers, up to `longest` each, over activities A, B, C … and
 * channels c0, c1 or none. No two events of a customer at the same time. */
static inline size_t random_events(uint64_t *state, size_t customers, size_t longest,
                                   size_t activities, struct random_event *ret)
{
    size_t count = 0;
    for (size_t c = 0; c < customers; c++) {
        int64_t at_us = (int64_t)random_below(state, 100) * US_PER_DAY;
        for (size_t i = 1 + random_below(state, longest); i-- > 0;) {
            struct random_event *event = &ret[count++];
            size_t channel = random_below(state, 3);
            snprintf(event->customer, sizeof event->customer, "k%zu", c);
            snprintf(event->activity, sizeof event->activity, "%c",
                     (char)('A' + random_below(state, activities)));
            snprintf(event->channel, sizeof event->channel, "c%zu", channel);
            if (channel == 2)
                event->channel[0] = 0;
            event->at_us = at_us;
            at_us += 1 + (int64_t)random_below(state, 1u << (random_below(state, 30)));
        }
    }
    return count;
}

static inline void random_shuffle(uint64_t *state, struct random_event *events,
                                  size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = random_below(state, i);
        struct random_event moved = events[i - 1];
        events[i - 1] = events[j];
        events[j] = moved;
    }
}

static inline struct vg_log *log_from_events(const struct random_event *events,
                                             size_t count)
{
    struct builder *builder = NULL;
    struct vg_log *log = NULL;
    struct vg_err err = {0};
    assert_ok(builder_open(NULL, 0, &builder, &err));
    for (size_t i = 0; i < count; i++) {
        struct log_event event = {.customer = str_from(events[i].customer),
                                  .activity = str_from(events[i].activity),
                                  .at_us = events[i].at_us,
                                  .score = NAN};
        if (events[i].channel[0])
            event.channel = str_from(events[i].channel);
        assert_ok(builder_add(builder, &event, NULL, &err));
    }
    assert_ok(builder_finish(builder, &log, &err));
    return log;
}

#endif
