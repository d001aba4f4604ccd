#include "view/sample_study.h"

#include "base/date.h"
#include "base/lang.h"
#include "log/build.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct vg_err err;

static void check(enum vg_code code, const char *what)
{
    if (code == VG_OK)
        return;
    fprintf(stderr, "sample: %s: %s: %s\n", what, err.where, err.what);
    exit(1);
}

static uint32_t dice_state;
static uint32_t dice(uint32_t sides)
{
    dice_state = dice_state * 1664525u + 1013904223u;
    return (dice_state >> 10) % sides;
}

static const char small_map[] =
    "{\"format\":1,\"id\":\"small\",\"title\":\"%1$sA machine that "
    "stops\",\"state\":\"as-is\","
    "\"objective\":{\"text\":\"%1$sWhy do they leave?\"},"
    "\"personas\":[{\"id\":\"p\",\"name\":\"%1$sMarco\",\"role\":\"%1$sbuyer\"}],"
    "\"start\":\"%1$sit stops\",\"arrival\":\"%1$sit runs\",\"phases\":["
    "{\"id\":\"one\",\"title\":\"%1$sLooking\",\"steps\":["
    "{\"id\":\"search\",\"title\":\"%1$sI look for help\",\"doing\":\"%1$sreads\","
    "\"feeling\":{\"emotion\":\"%1$shope\",\"valence\":1},\"match\":[\"%1$sSearch\"]},"
    "{\"id\":\"ask\",\"title\":\"%1$sI ask for a quote\",\"thinking\":\"%1$swhen?\","
    "\"feeling\":{\"emotion\":\"%1$sdoubt\",\"valence\":0},\"match\":[\"%1$sQuote\"],"
    "\"pains\":[{\"id\":\"x\",\"text\":\"%1$sno answer\"}]}]},"
    "{\"id\":\"two\",\"title\":\"%1$sUsing\",\"steps\":["
    "{\"id\":\"use\",\"title\":\"%1$sIt arrives\",\"match\":[\"%1$sDelivery\"],"
    "\"feeling\":{\"emotion\":\"%1$sjoy\",\"valence\":2}},"
    "{\"id\":\"fault\",\"title\":\"%1$sIt stops again\",\"match\":[\"%1$sFault\"],"
    "\"feeling\":{\"emotion\":\"%1$sanger\",\"valence\":0.5},\"owner\":\"%1$sService\"}]}"
    "],"
    "\"actions\":[{\"id\":\"a\",\"title\":\"%1$sCall back\",\"owner\":\"%1$sRosa\","
    "\"pains\":[\"x\"],\"state\":\"doing\"}]}";

/* The map's own text, with the payload as JSON would carry it. */
static struct vg_map *read_map(struct arena *arena, const struct sample *sample)
{
    struct vg_map *map = NULL;
    struct buf text = {0};
    if (sample->map) {
        buf_text(&text, sample->map);
    } else {
        const char *payload = sample->payload ? sample->payload : "";
        json_t *string = json_string(payload);
        struct buf quoted = {0};
        check(json_write_compact(string, &quoted, &err), "payload");
        const char *inner =
            arena_text(arena, (str){quoted.ptr + 1, quoted.len - 2}); /* without quotes */
        for (const char *at = small_map; *at;) {
            const char *mark = strstr(at, "%1$s");
            buf_add(&text, (str){at, mark ? (size_t)(mark - at) : strlen(at)});
            if (!mark)
                break;
            buf_text(&text, inner);
            at = mark + 4;
        }
        buf_free(&quoted);
        json_decref(string);
    }
    check(map_read(buf_str(&text), "sample.json", &map, &err), "map");
    buf_free(&text);
    return map;
}

static const char *const said[] = {
    "Undici minuti in attesa, poi è caduta la linea",
    "Mi ha risposto un robot",
    "Il tecnico ha sistemato tutto in un’ora",
    "Nessuno sa dirmi i tempi",
    "Gentili, ma tre uffici diversi e tre risposte diverse",
    NULL};

static void add_event(struct builder *builder, struct arena *arena,
                      const struct sample *sample, const char *customer,
                      const char *activity, int64_t at_us, double mood)
{
    static const char *const channels[] = {"Telefono", "Email", "Sito", "Di persona"};
    static const char *const actors[] = {"Laura Neri", "Capo produzione", "Ufficio resi"};
    const char *p = sample->payload ? sample->payload : "";
    const char *text = NULL;
    bool scored = !sample->no_scores && dice(3) == 0;
    if (scored && dice(2))
        text = said[dice(COUNT_OF(said))];
    struct log_event event = {
        .customer = str_from(customer),
        .activity = str_from(activity),
        .at_us = at_us,
        .channel = str_from(arena_printf(arena, "%s%s", p, channels[dice(4)])),
        .actor = str_from(arena_printf(arena, "%s%s", p, actors[dice(3)])),
        .text = text ? str_from(arena_printf(arena, "%s%s", p, text)) : (str){0},
        .score = scored ? fmax(1, fmin(5, round(3 + mood + dice(3) - 1.0))) : NAN,
        .scale = scored ? SCALE_STARS : SCALE_NONE,
    };
    check(builder_add(builder, &event, NULL, &err), "event");
}

static struct vg_log *make_log(struct arena *arena, const struct sample *sample,
                               const struct vg_map *map)
{
    struct builder *builder = NULL;
    struct vg_log *log = NULL;
    const char *p = sample->payload ? sample->payload : "";
    check(builder_open(NULL, 0, &builder, &err), "builder");
    for (size_t c = 0; c < sample->customers; c++) {
        const char *name = arena_printf(arena, "%sCliente %zu S.r.l.", p, c + 1);
        int64_t at = date_to_us(&(struct date){2025, 1, 1, 8, 0, 0, 0}) +
                     (int64_t)dice(290) * US_PER_DAY;
        int64_t end = date_to_us(&(struct date){2025, 10, 31, 18, 0, 0, 0});
        for (size_t i = 0; i < map->step_count && at < end; i++) {
            const struct map_step *step = &map->steps[i];
            if (step->match_count == 0 || (i > 0 && dice(12) == 0))
                continue;
            add_event(builder, arena, sample, name, step->matches[0].activity, at,
                      i % 4 == 3 ? -1.5 : 0.5);
            if (dice(9) == 0)
                add_event(builder, arena, sample, name,
                          arena_printf(arena, "%sChiama il capo produzione", p),
                          at + 40 * 60 * US_PER_S, -1);
            if (dice(8) == 0)
                break;
            at += (int64_t)(3600 + dice(15) * 40000) * US_PER_S;
        }
    }
    check(builder_finish(builder, &log, &err), "log");
    return log;
}

static void fill_reading(struct arena *arena, const struct sample *sample,
                         struct study *study)
{
    const char *p = sample->payload ? sample->payload : "";
    struct read_file *file = arena_new(arena, struct read_file);
    static const enum role roles[] = {ROLE_CUSTOMER, ROLE_ACTIVITY, ROLE_TIME,
                                      ROLE_CHANNEL, ROLE_IGNORE};
    static const char *const names[] = {"Cliente", "Evento", "Data e ora", "Canale",
                                        "Note interne"};
    *file = (struct read_file){.path = arena_printf(arena, "%scrm.csv", p),
                               .kind = "CSV",
                               .encoding = "windows-1252",
                               .delimiter = ';',
                               .header_line = 1,
                               .time_format = "dd/mm/yyyy hh:mm",
                               .column_count = 5,
                               .rows = study->log->events + 3,
                               .stored = study->log->events,
                               .rejected = 3,
                               .reject_count = 1,
                               .note_count = 1};
    file->columns = arena_array(arena, struct read_column, 5);
    for (size_t i = 0; i < 5; i++)
        file->columns[i] =
            (struct read_column){.name = arena_printf(arena, "%s%s", p, names[i]),
                                 .role = roles[i],
                                 .reason = "its name says so"};
    file->rejects = arena_new(arena, struct read_reject);
    file->rejects[0] = (struct read_reject){118, "the date “31/02/2025” does not exist",
                                            arena_printf(arena, "%s;x;31/02/2025", p)};
    file->notes = arena_array(arena, const char *, 1);
    file->notes[0] = arena_printf(arena, "%s12 dates lie in the future", p);
    study->reading = (struct read_report){file, 1};
}

static void ask(struct arena *arena, struct study *study)
{
    struct steps steps;
    check(flow_mine(arena, study->log, &study->flow, &err), "flow");
    check(variants_mine(arena, study->log, 0, &study->variants, &err), "variants");
    check(steps_from_map(arena, study->log, study->map, &steps, &err), "steps");
    check(funnel_mine(arena, study->log, &steps, &study->funnel_options, &study->funnel,
                      &err),
          "funnel");
    check(align_mine(arena, study->log, study->map, &study->align, &err), "align");
    check(emotion_mine(arena, study->log, study->map, &study->emotions, &err), "emotion");
    if (findings_mine(arena, study->log, study->map, &study->funnel, &study->align,
                      &study->emotions, &study->findings, &err) != VG_OK) {
        static struct finding made_up[] = {
            {FINDING_LOSS, "Dopo il guasto, un cliente su cinque non torna",
             "22% persi (19–25%), 431 osservati · attesa mediana 11 min",
             "Chiedete a cinque di loro che cosa hanno fatto dopo.", "guasto", 90, NULL},
            {FINDING_BELIEF, "L’email automatica: la credete cortese, la trovano fredda",
             "workshop +0,4 · prove −1,2 (±0,2), 318 commenti",
             "Rileggetela con un cliente accanto.", "email", 80, NULL},
            {FINDING_SHORTCUT, "Uno su tre chiama il capo produzione",
             "31% (28–34%), 134 clienti, risposta in 40 min contro 3,1 giorni",
             "Decidete se farne la strada di tutti.", "", 70, NULL},
            {FINDING_WAIT, "Fra guasto e recensione passano 23 giorni",
             "mediana 23 g, 95% entro 60 g", "", "", 7, NULL},
        };
        study->findings = (struct findings){made_up, 4};
    }
}

struct study *sample_study(struct arena *arena, const struct sample *sample)
{
    dice_state = 11;
    struct study *study = arena_new(arena, struct study);
    struct vg_map *map = read_map(arena, sample);
    study->map = map;
    study->now_us = date_to_us(&(struct date){2025, 11, 12, 9, 0, 0, 0});
    struct map_facts facts = {.last_us = study->now_us};
    if (sample->customers > 0) {
        study->log = make_log(arena, sample, map);
        fill_reading(arena, sample, study);
        ask(arena, study);
        facts.last_us = study->log->last_us;
        uint64_t *seen = arena_array(arena, uint64_t, map->step_count + 1);
        for (size_t i = 0; i < study->align.step_count; i++)
            seen[i] = study->align.steps[i].seen;
        facts.seen = seen;
    } else {
        study->emotions.steps =
            arena_array(arena, struct vg_step_emotion, map->step_count + 1);
        study->emotions.step_count = map->step_count;
        for (size_t i = 0; i < map->step_count; i++)
            study->emotions.steps[i] =
                (struct vg_step_emotion){.id = map->steps[i].id,
                                         .title = map->steps[i].title,
                                         .mean = NAN,
                                         .low = NAN,
                                         .high = NAN,
                                         .believed = map->steps[i].feeling.valence,
                                         .gap = NAN};
    }
    check(map_check(arena, map, sample->customers ? &facts : NULL, study->now_us,
                    &study->checks, &err),
          "checks");
    return study;
}

void sample_study_close(struct study *study)
{
    log_close((struct vg_log *)(uintptr_t)study->log);
    map_close((struct vg_map *)(uintptr_t)study->map);
}
