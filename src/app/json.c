#include "app/json.h"

#include "base/date.h"
#include "base/lang.h"
#include "base/utf8.h"
#include "mine/json.h"

#include <math.h>
#include <stdio.h>

json_t *json_text(const char *text)
{
    if (!text)
        return json_null();
    json_t *json = json_string(text);
    if (json)
        return json;
    struct buf repaired = {0};
    utf8_append_repaired(&repaired, str_from(text));
    json = repaired.failed ? NULL : json_string(repaired.ptr ? repaired.ptr : "");
    buf_free(&repaired);
    return json;
}

json_t *json_time(int64_t at_us)
{
    char text[64];
    struct date date = date_from_us(at_us);
    int length = snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", date.year,
                          date.month, date.day, date.hour, date.minute, date.second);
    if (date.us)
        length += snprintf(text + length, sizeof text - (size_t)length, ".%06d", date.us);
    snprintf(text + length, sizeof text - (size_t)length, "Z");
    return json_string(text);
}

const char *scale_name(enum score_scale scale)
{
    static const char *const names[] = {"", "stars", "nps", "csat", "ces", "valence"};
    return scale < COUNT_OF(names) ? names[scale] : "";
}

const char *severity_name(enum severity severity)
{
    static const char *const names[] = {"note", "warning", "error"};
    return names[severity];
}

json_t *json_count(uint64_t count)
{
    return json_integer((json_int_t)count);
}

json_t *json_list(const void *items, size_t count, size_t size,
                  json_t *(*one)(const void *item))
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < count; i++)
        if (json_array_append_new(array, one((const char *)items + i * size)) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

json_t *json_one_text(const void *item)
{
    return json_text(*(const char *const *)item);
}

static json_t *one_emotion(const void *item)
{
    const struct vg_step_emotion *s = item;
    size_t quotes = 0;
    while (quotes < COUNT_OF(s->quotes) && s->quotes[quotes])
        quotes++;
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", json_text(s->id), "title",
        json_text(s->title), "n", json_count(s->n), "mean", json_number_or_null(s->mean),
        "low", json_number_or_null(s->low), "high", json_number_or_null(s->high),
        "believed", json_number_or_null(s->believed), "gap", json_number_or_null(s->gap),
        "quotes", JSON_LIST(s->quotes, quotes, json_one_text));
}

json_t *emotions_to_json(const struct vg_emotions *emotions)
{
    return json_pack("{s:o, s:o}", "n", json_count(emotions->n), "steps",
                     JSON_LIST(emotions->steps, emotions->step_count, one_emotion));
}

static json_t *one_finding(const void *item)
{
    static const char *const kinds[] = {"loss", "belief", "shortcut", "wait",
                                        "loop", "effect", "detour"};
    const struct finding *f = item;
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "kind", kinds[f->kind], "step",
                     json_text(f->step), "headline", json_text(f->headline), "detail",
                     json_text(f->detail), "advice", json_text(f->advice), "weight",
                     json_number_or_null(f->weight));
}

json_t *findings_to_json(const struct findings *findings)
{
    return JSON_LIST(findings->items, findings->count, one_finding);
}

static json_t *one_check(const void *item)
{
    const struct map_finding *f = item;
    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "rule", json_text(f->rule),
                     "severity", severity_name(f->severity), "where", json_text(f->where),
                     "about", json_text(f->about), "title", json_text(f->title),
                     "sentence", json_text(f->sentence), "remedy", json_text(f->remedy));
}

json_t *checks_to_json(const struct map_findings *checks)
{
    return JSON_LIST(checks->items, checks->count, one_check);
}

static json_t *one_rule(const void *item)
{
    const struct map_rule *rule = item;
    return json_pack("{s:s, s:s, s:o}", "rule", rule->name, "severity",
                     severity_name(rule->severity), "catches",
                     json_text(_(rule->catches)));
}

json_t *rules_to_json(void)
{
    size_t count;
    const struct map_rule *rules = map_rules(&count);
    return json_pack("{s:o}", "rules", JSON_LIST(rules, count, one_rule));
}

json_t *study_to_json(const struct study *study)
{
    bool seen = study->log != NULL;
    return json_pack(
        "{s:s, s:s, s:s, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:O}",
        "generator", "viaggio", "version", VIAGGIO_VERSION, "lang", lang_code(lang_get()),
        "made", json_time(study->now_us), "draft", study->map->draft, "findings",
        findings_to_json(&study->findings), "flow",
        seen ? flow_to_json(&study->flow) : json_null(), "variants",
        seen ? variants_to_json(&study->variants) : json_null(), "funnel",
        seen ? funnel_to_json(&study->funnel) : json_null(), "align",
        seen ? align_to_json(&study->align) : json_null(), "emotions",
        seen ? emotions_to_json(&study->emotions) : json_null(), "checks",
        checks_to_json(&study->checks), "reading",
        seen ? reading_to_json(&study->reading) : json_null(), "map", study->map->json);
}
