/* live: what happens, told to those who watch (server-sent events).
 * Each watcher has a queue of LIVE_QUEUE events; one that does not keep up gets `reload`
 * instead of what it missed. Threads    any. */
#ifndef SERVE_LIVE_H
#define SERVE_LIVE_H

#include "text/json.h"

struct serve;

#define LIVE_QUEUE 256

/* Tell everybody who watches `map` (NULL: everybody) of `event` ("operation", "comment",
 * "maps", "import", "evidence"). `id` > 0 goes out as the event's id. Takes `data`; NULL
 * is fine ({}). What cannot be told for want of memory is told as `reload`. */
void live_publish(struct serve *serve, const char *map, const char *event, int64_t id,
                  json_t *data);
/* End the streams of a person whose rights changed, with `bye`; NULL: everybody's. */
void live_end(struct serve *serve, const char *person);
/* Where a person is on a map: `place` is an item's id or "". Told as `presence`. */
void live_present(struct serve *serve, const char *map, const char *person,
                  const char *name, const char *place, const char *field);
/* [{id, name, where}] of those who watch a map. NULL: memory. */
json_t *live_people(struct serve *serve, const char *map) MUST_CHECK;

#endif
