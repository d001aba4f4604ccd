/* json_parts: what the JSON forms of the insights are put together from. */
#ifndef MINE_JSON_PARTS_H
#define MINE_JSON_PARTS_H

#include "text/json.h"

static inline json_t *json_count(uint64_t count)
{
    return json_integer((json_int_t)count);
}

/* Hand `item` over to `array`; false when it or the room for it is missing. */
static inline bool json_add(json_t *array, json_t *item)
{
    return item && json_array_append_new(array, item) == 0;
}

/* [text, …]; NULL when memory is used up. */
static inline json_t *json_texts(const char *const *texts, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < count; i++)
        if (!json_add(array, json_string(texts[i]))) {
            json_decref(array);
            return NULL;
        }
    return array;
}

#endif
