/* path_world: a small path and the evidence of its clients, written down in tests. */
#ifndef TESTS_IMPROVE_PATH_WORLD_H
#define TESTS_IMPROVE_PATH_WORLD_H

#include "check.h"

#include "base/date.h"
#include "base/lang.h"
#include "improve/path.h"
#include "log/build.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DAYS (24LL * 3600 * US_PER_S)
#define NONE INT64_MIN

/* Noon of the n-th day of the world; day 0 is the 1st of January 2026. */
static inline int64_t noon(int n)
{
    return (date_days(2026, 1, 1) + n) * DAYS + DAYS / 2;
}

struct line {
    const char *customer;
    int day;
    const char *activity, *value; /* of the column valore; NULL */
    double feeling;               /* −2 … +2; NAN */
};

/* Three phases of 10, 20 and 30 days; two metrics, one counts three times; the third gate
 * opens by proofs. */
static const char world_map[] =
    "{\"format\": 1, \"id\": \"w\", \"title\": \"Way\", \"kind\": \"success-path\","
    " \"start\": \"lost\", \"arrival\": \"found\","
    " \"objective\": {\"text\": \"o\", \"metrics\": ["
    "  {\"id\": \"evenings\", \"name\": \"Evenings\", \"baseline\": 1, \"target\": 5,"
    "   \"weight\": 3},"
    "  {\"id\": \"minutes\", \"name\": \"Minutes\", \"baseline\": 25, \"target\": 5,"
    "   \"direction\": \"down\"},"
    "  {\"id\": \"group\", \"name\": \"Group\", \"baseline\": 60, \"target\": 80}]},"
    " \"path\": {\"silent_days\": 25, \"no_sign\": [\"Office note\"]},"
    " \"phases\": ["
    "  {\"id\": \"a\", \"title\": \"Alpha\", \"milestone\": \"A passed\", \"days\": 10,"
    "   \"steps\": [{\"id\": \"call\", \"title\": \"Call\"},"
    "               {\"id\": \"photo\", \"title\": \"Photo\", \"match\": [\"Foto\"]},"
    "               {\"id\": \"slip\", \"title\": \"Slip\", \"optional\": true}]},"
    "  {\"id\": \"b\", \"title\": \"Beta\", \"milestone\": \"B passed\", \"days\": 20,"
    "   \"match\": [\"Gate B\"],"
    "   \"steps\": [{\"id\": \"east\", \"title\": \"East\", \"choice\": \"way\"},"
    "               {\"id\": \"west\", \"title\": \"West\", \"choice\": \"way\"},"
    "               {\"id\": \"visit\", \"title\": \"Visit\"}]},"
    "  {\"id\": \"c\", \"title\": \"Gamma\", \"milestone\": \"C passed\", \"days\": 30,"
    "   \"proofs\": ["
    "    {\"id\": \"goal\", \"kind\": \"objective\", \"metric\": \"evenings\","
    "     \"text\": \"five evenings\"},"
    "    {\"id\": \"signs\", \"kind\": \"rule\", \"match\": [\"Sign\"], \"at_least\": 3,"
    "     \"text\": \"three signs\"},"
    "    {\"id\": \"word\", \"text\": \"my word\", \"required\": false}],"
    "   \"steps\": [{\"id\": \"feast\", \"title\": \"Feast\"}]}]}";

struct world {
    struct arena *arena;
    struct vg_map *map;
    struct vg_log *log;
    struct path path;
};

static inline struct vg_log *log_of(const struct line *lines, size_t count)
{
    struct builder *builder;
    struct vg_log *log = NULL;
    struct vg_err err = {0};
    str column = STR("valore");
    assert_ok(builder_open(&column, 1, &builder, &err));
    for (size_t i = 0; i < count; i++) {
        str value = lines[i].value ? str_from(lines[i].value) : (str){NULL, 0};
        assert_ok(builder_add(builder,
                              &(struct log_event){.customer = str_from(lines[i].customer),
                                                  .activity = str_from(lines[i].activity),
                                                  .at_us = noon(lines[i].day),
                                                  .score = lines[i].feeling,
                                                  .scale = isnan(lines[i].feeling)
                                                               ? SCALE_NONE
                                                               : SCALE_VALENCE},
                              &value, &err));
    }
    assert_ok(builder_finish(builder, &log, &err));
    return log;
}

static inline struct world world_ask(const char *map, const struct line *lines,
                                     size_t count, struct path_question question,
                                     int today)
{
    struct world world = {arena_open(0), NULL, count ? log_of(lines, count) : NULL, {0}};
    struct vg_err err = {0};
    lang_set(LANG_EN);
    assert_ok(map_read(str_from(map), "map", &world.map, &err));
    question.map = world.map;
    question.log = world.log;
    question.today_us = noon(today);
    assert_ok(path_find(world.arena, &question, &world.path, &err));
    return world;
}
#define ASK(today, ...)                                                                  \
    world_ask(world_map, (const struct line[]){__VA_ARGS__},                             \
              sizeof((const struct line[]){__VA_ARGS__}) / sizeof(struct line),          \
              (struct path_question){0}, (today))

static inline void world_end(struct world world)
{
    log_close(world.log);
    map_close(world.map);
    arena_close(world.arena);
}

static inline const struct path_client *client_of(const struct world *world,
                                                  const char *name)
{
    size_t i = path_client_find(&world->path, name);
    if (i == SIZE_MAX)
        fail_msg("%s is not on the path", name);
    return &world->path.clients[i];
}

#endif
