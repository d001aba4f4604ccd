/* random_map: maps of every shape, the same for the same seed, as the document's JSON. */
#ifndef TESTS_VIEW_RANDOM_MAP_H
#define TESTS_VIEW_RANDOM_MAP_H

#include "base/buf.h"
#include "map/map.h"

#include <stdlib.h>

struct random_map {
    uint64_t seed;
    size_t steps, personas;
    double filled; /* share of the fields that say something */
    int words;     /* 0 plain, 1 long, 2 hostile */
    bool success;  /* a success path */
};

static inline double random_next(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 33) / (double)(1u << 31);
}

static inline void random_words(struct buf *out, uint64_t *r, int kind, size_t most)
{
    static const char *const plain[] = {
        "cerco",    "una",        "soluzione", "il",         "modulo",
        "telefono", "e",          "poi",       "non",        "so",
        "chiamare", "preventivo", "attesa",    "offerta",    "finalmente",
        "arriva",   "la",         "macchina",  "assistenza", "chiarimenti"};
    static const char *const lengthy[] = {
        "precipitevolissimevolmente",
        "Rindfleischetikettierungsüberwachungsaufgabe",
        "psiconeuroendocrinoimmunologia",
        "a",
        "di",
        "controrivoluzionariamente",
        "https://esempio.it/assistenza/ricambi?codice=0012345678&lingua=it"};
    static const char *const hostile[] = {
        "<script>alert(1)</script>",
        "\\u202Eabc",
        "a\\u0300\\u0301\\u0302\\u0303\\u0304\\u0305",
        "中文字符测试没有空格的长文本行",
        "😀😀😀",
        "\\u0007\\u0001x",
        "&amp;]]>",
        "שלום",
        "\\u200B\\u200B",
        "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
        "ﷺ"};
    size_t count = 1 + (size_t)(random_next(r) * (double)most);
    buf_char(out, '"');
    for (size_t i = 0; i < count; i++) {
        double at = random_next(r);
        const char *word = plain[(size_t)(at * COUNT_OF(plain))];
        if (kind == 1 && random_next(r) < 0.4)
            word = lengthy[(size_t)(at * COUNT_OF(lengthy))];
        if (kind == 2 && random_next(r) < 0.5)
            word = hostile[(size_t)(at * COUNT_OF(hostile))];
        buf_printf(out, "%s%s", i ? " " : "", word);
    }
    buf_char(out, '"');
}

static inline void random_field(struct buf *out, uint64_t *r, const struct random_map *m,
                                const char *name, size_t most)
{
    if (random_next(r) > m->filled)
        return;
    buf_printf(out, ",\"%s\":", name);
    random_words(out, r, m->words, most);
}

static inline void random_items(struct buf *out, uint64_t *r, const struct random_map *m,
                                const char *name, const char *id, size_t step)
{
    if (random_next(r) > m->filled * 0.5)
        return;
    size_t count = 1 + (size_t)(random_next(r) * 3);
    buf_printf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%s{\"id\":\"%s-%zu-%zu\",\"text\":", i ? "," : "", id, step, i);
        random_words(out, r, m->words, 9);
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

static inline void random_step(struct buf *out, uint64_t *r, const struct random_map *m,
                               size_t i)
{
    static const char *const channels[] = {
        "Web",        "Email", "Telefono",
        "Di persona", "Chat",  "Sportello unico delle attività produttive"};
    buf_printf(out, "{\"id\":\"s%zu\",\"title\":", i);
    random_words(out, r, m->words, 5);
    random_field(out, r, m, "doing", 9);
    random_field(out, r, m, "thinking", 9);
    random_field(out, r, m, "owner", 2);
    if (random_next(r) < m->filled) {
        buf_text(out, ",\"feeling\":{\"emotion\":");
        random_words(out, r, m->words, 1);
        if (random_next(r) < 0.85)
            buf_printf(out, ",\"valence\":%.1f", 4 * random_next(r) - 2);
        buf_char(out, '}');
    }
    if (m->personas > 1 && random_next(r) < m->filled) {
        buf_text(out, ",\"feelings\":[");
        for (size_t who = 1; who < m->personas; who++)
            buf_printf(out, "%s{\"persona\":\"who%zu\",\"valence\":%.1f}",
                       who > 1 ? "," : "", who, 4 * random_next(r) - 2);
        buf_char(out, ']');
    }
    if (random_next(r) < m->filled) {
        size_t count = 1 + (size_t)(random_next(r) * 3);
        buf_text(out, ",\"touchpoints\":[");
        for (size_t t = 0; t < count; t++) {
            buf_printf(
                out, "%s{\"id\":\"t%zu-%zu\",\"channel\":\"%s\",\"title\":", t ? "," : "",
                i, t, channels[(size_t)(random_next(r) * COUNT_OF(channels))]);
            random_words(out, r, m->words, 4);
            buf_char(out, '}');
        }
        buf_char(out, ']');
    }
    if (m->success) {
        buf_text(out, ",\"objectives\":[");
        random_words(out, r, m->words, 7);
        buf_char(out, ']');
    }
    random_items(out, r, m, "pains", "p", i);
    random_items(out, r, m, "opportunities", "o", i);
    buf_printf(out, ",\"moment_of_truth\":%s,\"optional\":%s,\"repeatable\":%s}",
               random_next(r) < 0.2 ? "true" : "false",
               random_next(r) < 0.2 ? "true" : "false",
               random_next(r) < 0.3 ? "true" : "false");
}

static inline void random_actions(struct buf *out, uint64_t *r,
                                  const struct random_map *m)
{
    static const char *const states[] = {"idea", "planned",  "doing",
                                         "done", "verified", "dropped"};
    size_t count = (size_t)(random_next(r) * (double)m->steps * m->filled * 0.8);
    buf_text(out, ",\"actions\":[");
    for (size_t i = 0; i < count; i++) {
        size_t a = (size_t)(random_next(r) * (double)m->steps);
        buf_printf(out, "%s{\"id\":\"a%zu\",\"title\":", i ? "," : "", i);
        random_words(out, r, m->words, 7);
        buf_printf(out, ",\"state\":\"%s\",\"due\":\"2026-0%d-15\"",
                   states[(size_t)(random_next(r) * COUNT_OF(states))],
                   1 + (int)(random_next(r) * 8));
        if (random_next(r) < 0.8)
            buf_printf(out, ",\"steps\":[\"s%zu\",\"s%zu\"]", a,
                       (a + (size_t)(random_next(r) * 4)) % m->steps);
        random_field(out, r, m, "department", 2);
        random_field(out, r, m, "result", 6);
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

/* The document; the caller frees `out`. */
static inline void random_map_json(const struct random_map *m, struct buf *out)
{
    uint64_t random = m->seed * 104729 + 17, *r = &random;
    buf_text(out,
             "{\"format\":1,\"id\":\"m\",\"version\":3,\"state\":\"as-is\",\"title\":");
    random_words(out, r, m->words, 9);
    buf_printf(out, ",\"kind\":\"%s\"", m->success ? "success-path" : "journey");
    buf_text(out, ",\"objective\":{\"text\":");
    random_words(out, r, m->words, 20);
    buf_char(out, '}');
    random_field(out, r, m, "start", 12);
    random_field(out, r, m, "arrival", 12);
    buf_text(out, ",\"personas\":[");
    for (size_t i = 0; i < m->personas; i++) {
        buf_printf(out, "%s{\"id\":\"who%zu\",\"name\":", i ? "," : "", i);
        random_words(out, r, m->words, 3);
        random_field(out, r, m, "role", 6);
        random_field(out, r, m, "quote", 14);
        buf_char(out, '}');
    }
    buf_text(out, "],\"phases\":[");
    for (size_t i = 0, phase = 0; i < m->steps; phase++) {
        size_t count = 1 + (size_t)(random_next(r) * 5);
        buf_printf(out, "%s{\"id\":\"f%zu\",\"title\":", phase ? "," : "", phase);
        random_words(out, r, m->words, 3);
        if (m->success)
            random_field(out, r, m, "milestone", 8);
        buf_text(out, ",\"steps\":[");
        for (size_t k = 0; k < count && i < m->steps; k++, i++) {
            buf_text(out, k ? "," : "");
            random_step(out, r, m, i);
        }
        buf_text(out, "]}");
    }
    buf_char(out, ']');
    random_actions(out, r, m);
    buf_char(out, '}');
}

#endif
