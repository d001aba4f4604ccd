/* log_same: two logs hold the same, value by value and code by code. */
#ifndef TESTS_LOG_SAME_H
#define TESTS_LOG_SAME_H

#include "check.h"

#include "log/log.h"

#include <math.h>

static inline void same_dict(const struct dict *a, const struct dict *b)
{
    assert_int_equal(a->count, b->count);
    for (uint32_t i = 0; i < a->count; i++)
        assert_string_equal(dict_text(a, i), dict_text(b, i));
}

static inline void same_bytes(const void *a, const void *b, size_t bytes)
{
    assert_int_equal(a == NULL, b == NULL);
    if (a)
        assert_memory_equal(a, b, bytes);
}

/* The activities' bytes are there where all fit, and say the same. */
static inline void bytes_agree(const struct vg_log *log)
{
    assert_int_equal(log->activity_byte != NULL, log->activities.count <= 256);
    for (size_t i = 0; log->activity_byte && i < log->events; i++)
        assert_int_equal(log->activity_byte[i], log->activity[i]);
}

static inline void same_scores(const struct vg_log *a, const struct vg_log *b)
{
    assert_int_equal(a->score == NULL, b->score == NULL);
    for (size_t i = 0; a->score && i < a->events; i++)
        assert_true(a->score[i] == b->score[i] ||
                    (isnan(a->score[i]) && isnan(b->score[i])));
    same_bytes(a->scale, b->scale, a->events);
}

static inline void same_log(const struct vg_log *a, const struct vg_log *b)
{
    assert_int_equal(a->events, b->events);
    assert_int_equal(a->traces, b->traces);
    same_bytes(a->first, b->first, (a->traces + 1) * sizeof *a->first);
    same_bytes(a->trace_name, b->trace_name, a->traces * sizeof *a->trace_name);
    same_bytes(a->trace_part, b->trace_part, a->traces * sizeof *a->trace_part);
    same_bytes(a->at_us, b->at_us, a->events * sizeof *a->at_us);
    same_bytes(a->activity, b->activity, a->events * sizeof *a->activity);
    bytes_agree(a);
    bytes_agree(b);
    same_bytes(a->channel, b->channel, a->events * sizeof *a->channel);
    same_bytes(a->touchpoint, b->touchpoint, a->events * sizeof *a->touchpoint);
    same_bytes(a->actor, b->actor, a->events * sizeof *a->actor);
    same_bytes(a->text, b->text, a->events * sizeof *a->text);
    same_scores(a, b);
    same_dict(&a->trace_names, &b->trace_names);
    same_dict(&a->activities, &b->activities);
    same_dict(&a->channels, &b->channels);
    same_dict(&a->touchpoints, &b->touchpoints);
    same_dict(&a->actors, &b->actors);
    same_dict(&a->texts, &b->texts);
    assert_int_equal(a->attribute_count, b->attribute_count);
    for (size_t i = 0; i < a->attribute_count; i++) {
        assert_string_equal(a->attributes[i].name, b->attributes[i].name);
        same_dict(&a->attributes[i].values, &b->attributes[i].values);
        same_bytes(a->attributes[i].code, b->attributes[i].code, a->events * 4);
    }
    if (a->events) {
        assert_int_equal(a->first_us, b->first_us);
        assert_int_equal(a->last_us, b->last_us);
    }
}

#endif
