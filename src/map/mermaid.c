#include "map/mermaid.h"

#include "base/lang.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "map/fields.h"
#include "text/mermaid.h"

#include <math.h>
#include <stdio.h>

/* What both ways agree on: how a step's JSON looks as a task. */

static double number_or_nan(const json_t *value)
{
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* The valence shown: the protagonist's, or the mean of those there are; NAN: none. */
static double shown_valence(const json_t *step)
{
    double valence = number_or_nan(field_get(field_get(step, "feeling"), "valence"));
    json_t *list = field_get(step, "feelings"), *item;
    double sum = 0;
    size_t index, count = 0;
    if (!isnan(valence))
        return valence;
    json_array_foreach(list, index, item)
    {
        double other = number_or_nan(field_get(item, "valence"));
        if (isnan(other))
            continue;
        sum += other;
        count++;
    }
    return count ? sum / (double)count : NAN;
}

/* 1 … 5; 3 where nothing is said. */
static int shown_score(const json_t *step)
{
    double valence = shown_valence(step);
    if (isnan(valence))
        return 3;
    return (int)lround(fmax(-2, fmin(2, valence))) + 3;
}

/* The personas who feel something at the step, or else the protagonist. */
static void write_actors(struct buf *out, const json_t *document, const json_t *step)
{
    json_t *personas = field_get(document, "personas"), *feelings, *persona, *item;
    size_t i, j, written = 0;
    feelings = field_get(step, "feelings");
    json_array_foreach(personas, i, persona)
    {
        const char *name = json_string_value(field_get(persona, "name"));
        const char *id = json_string_value(field_get(persona, "id"));
        bool feels = i == 0 && (field_get(step, "feeling") || !feelings);
        json_array_foreach(feelings, j, item)
        {
            const char *who = json_string_value(field_get(item, "persona"));
            feels = feels || (who && id && strcmp(who, id) == 0);
        }
        if (!feels || name == NULL || name[0] == 0)
            continue;
        buf_text(out, written++ ? ", " : "");
        mermaid_encode(out, str_from(name), false);
    }
}

static const char *title_of(const json_t *object)
{
    const char *title = json_string_value(field_get(object, "title"));
    return title && str_trim(str_from(title)).len > 0 ? title : "–";
}

/* ---- out -----------------------------------------------------------------------------
 */

/* "%% viaggio-step {…}": everything the thing says, on one line; `without` is left to the
 * lines that follow. '%' is escaped, so that nothing in it is taken for a directive. */
static enum vg_code write_comment(struct buf *out, const char *thing,
                                  const json_t *object, const char *without,
                                  struct vg_err *err)
{
    struct buf text = {0};
    json_t *copy = json_copy((json_t *)object);
    if (without && json_is_array(json_object_get(copy, without)))
        (void)json_object_set_new(copy, without, json_array());
    enum vg_code code = json_write_compact(copy, &text, err);
    json_decref(copy);
    buf_printf(out, "%%%% viaggio-%s ", thing);
    for (size_t i = 0; code == VG_OK && i < text.len; i++) {
        if (text.ptr[i] == '%')
            buf_text(out, "\\u0025");
        else
            buf_char(out, text.ptr[i]);
    }
    buf_char(out, '\n');
    buf_free(&text);
    return code;
}

static void write_keyword(struct buf *out, const char *keyword, const char *text)
{
    buf_text(out, keyword);
    mermaid_encode(out, str_from(text), false);
    buf_char(out, '\n');
}

static void write_head(const struct vg_map *map, struct buf *out)
{
    const char *description = json_string_value(field_get(map->json, "description"));
    write_keyword(out, "title ", map->title);
    write_keyword(out, "accTitle: ", map->title);
    if (description && description[0]) {
        write_keyword(out, "accDescr: ", description);
        return;
    }
    buf_text(out, "accDescr: ");
    if (map->objective[0]) {
        mermaid_encode(out, str_from(map->objective), false);
        buf_char(out, ' ');
    }
    buf_printf(out, _n("%zu step.", "%zu steps.", map->step_count), map->step_count);
    for (size_t i = 0; i < 2; i++) {
        const char *text = i ? map->arrival : map->start;
        if (text[0] == 0)
            continue;
        buf_text(out, i ? " → " : " ");
        mermaid_encode(out, str_from(text), false);
    }
    buf_char(out, '\n');
}

enum vg_code map_to_mermaid(const struct vg_map *map, struct buf *out, struct vg_err *err)
{
    json_t *phase, *step;
    size_t i, j;
    buf_text(out, "journey\n");
    TRY(write_comment(out, "map", map->json, "phases", err));
    write_head(map, out);
    json_array_foreach(field_get(map->json, "phases"), i, phase)
    {
        TRY(write_comment(out, "phase", phase, "steps", err));
        write_keyword(out, "section ", title_of(phase));
        json_array_foreach(field_get(phase, "steps"), j, step)
        {
            TRY(write_comment(out, "step", step, NULL, err));
            buf_text(out, "  ");
            mermaid_encode(out, str_from(title_of(step)), true);
            buf_printf(out, ": %d: ", shown_score(step));
            write_actors(out, map->json, step);
            buf_char(out, '\n');
        }
    }
    return out->failed ? err_memory(err) : VG_OK;
}

/* ---- in ------------------------------------------------------------------------------
 */

struct reading {
    struct arena *arena; /* scratch */
    const char *name;
    json_t *document, *phases, *personas;
    json_t *map_said, *phase_said, *step_said; /* by comments that wait for their line */
    json_t *notes;                             /* texts */
    bool titled, foreign;                      /* foreign: without comments of ours */
    size_t steps;
    struct vg_err *err;
};

static void note(struct reading *reading, const char *text)
{
    if (json_array_size(reading->notes) < 1000 && text)
        (void)json_array_append_new(reading->notes, json_string(text));
}

static void drop(json_t **object)
{
    json_decref(*object);
    *object = NULL;
}

static void note_lost(struct reading *reading, json_t **said, size_t line)
{
    if (*said)
        note(reading,
             arena_printf(reading->arena,
                          _("line %zu: “%s” was described in a comment, but its line is "
                            "gone: it was left out"),
                          line, title_of(*said)));
    drop(said);
}

static enum vg_code read_comment(struct reading *reading, const struct mermaid_line *line)
{
    const struct {
        str word;
        json_t **at;
    } things[] = {{STR("viaggio-map "), &reading->map_said},
                  {STR("viaggio-phase "), &reading->phase_said},
                  {STR("viaggio-step "), &reading->step_said}};
    for (size_t i = 0; i < COUNT_OF(things); i++) {
        struct vg_err why = {0};
        json_t *json = NULL;
        if (!str_starts(line->text, things[i].word))
            continue;
        str text = {line->text.ptr + things[i].word.len,
                    line->text.len - things[i].word.len};
        note_lost(reading, things[i].at, line->line);
        if (json_read(text, reading->name, LIMIT_MAP_BYTES, &json, &why) == VG_OK &&
            json_is_object(json)) {
            *things[i].at = json;
            reading->foreign = false;
            return VG_OK;
        }
        json_decref(json);
        if (why.code == VG_ERR_MEMORY)
            return err_memory(reading->err);
        note(reading,
             arena_printf(reading->arena,
                          _("line %zu: the comment is damaged, and was not read"),
                          line->line));
        return VG_OK;
    }
    return VG_OK;
}

/* The title on the line wins where somebody changed it; as exported, the exact one of the
 * comment stays. */
static enum vg_code set_title(struct reading *reading, json_t *object, str shown,
                              bool task)
{
    struct buf exported = {0};
    const char *decoded = mermaid_decode(reading->arena, shown);
    mermaid_encode(&exported, str_from(title_of(object)), task);
    bool same = str_equal(str_trim(buf_str(&exported)), str_trim(shown));
    bool failed = exported.failed || decoded == NULL;
    buf_free(&exported);
    if (failed ||
        (!same && json_object_set_new(object, "title", json_string(decoded)) != 0))
        return err_memory(reading->err);
    return VG_OK;
}

/* The document, made when the first line speaks of it. */
static enum vg_code need_document(struct reading *reading)
{
    if (reading->document)
        return VG_OK;
    reading->document = reading->map_said ? reading->map_said : json_object();
    if (reading->map_said == NULL)
        (void)json_object_set_new(reading->document, "format", json_integer(1));
    reading->map_said = NULL;
    reading->personas = json_incref(field_get(reading->document, "personas"));
    return reading->document ? VG_OK : err_memory(reading->err);
}

static enum vg_code open_phase(struct reading *reading, str title)
{
    json_t *phase = reading->phase_said ? reading->phase_said : json_object();
    reading->phase_said = NULL;
    if (json_array_append_new(reading->phases, phase) != 0)
        return err_memory(reading->err);
    if (title.ptr)
        TRY(set_title(reading, phase, title, false));
    return VG_OK;
}

static enum vg_code add_step(struct reading *reading, json_t *step)
{
    json_t *phase = json_array_get(reading->phases, json_array_size(reading->phases) - 1);
    if (!json_is_array(json_object_get(phase, "steps")) &&
        json_object_set_new(phase, "steps", json_array()) != 0) {
        json_decref(step);
        return err_memory(reading->err);
    }
    return json_array_append_new(json_object_get(phase, "steps"), step) == 0
               ? VG_OK
               : err_memory(reading->err);
}

/* "5" → +2. Beyond 1 … 5 it is clamped, and a note says so. NAN: no score. */
static double read_score(struct reading *reading, const struct mermaid_line *line)
{
    double score;
    if (line->score.ptr == NULL || !str_to_double(line->score, false, &score)) {
        note(reading,
             arena_printf(reading->arena,
                          _("line %zu: “%.*s” is no score; the step has none"),
                          line->line, (int)(line->score.len < 40 ? line->score.len : 40),
                          line->score.ptr ? line->score.ptr : ""));
        return NAN;
    }
    double clamped = fmax(1, fmin(5, score));
    if (clamped != score)
        note(reading,
             arena_printf(reading->arena,
                          _("line %zu: the score %.*s lies outside 1 … 5, and was "
                            "read as %d"),
                          line->line, (int)(line->score.len < 40 ? line->score.len : 40),
                          line->score.ptr, (int)clamped));
    return clamped - 3;
}

static json_t *json_valence(double valence)
{
    return valence == nearbyint(valence) ? json_integer((json_int_t)valence)
                                         : json_real(valence);
}

/* The id of the persona with this name; made when there is none yet. NULL: memory, or too
 * many. */
static const char *persona_id(struct reading *reading, const char *name)
{
    json_t *persona;
    size_t index;
    json_array_foreach(reading->personas, index, persona)
    {
        const char *other = json_string_value(field_get(persona, "name"));
        if (other && strcmp(other, name) == 0)
            return json_string_value(field_get(persona, "id"));
    }
    if (json_array_size(reading->personas) >= LIMIT_MAP_PERSONAS)
        return NULL;
    persona =
        json_pack("{s:o, s:s}", "id",
                  json_sprintf("persona-%zu", json_array_size(reading->personas) + 1),
                  "name", name);
    if (reading->personas == NULL) {
        reading->personas = json_array();
        (void)json_object_set(reading->document, "personas", reading->personas);
    }
    if (json_array_append_new(reading->personas, persona) != 0)
        return NULL;
    return json_string_value(field_get(persona, "id"));
}

/* A diagram of somebody else's: actors become personas, the score is felt by each. */
static enum vg_code feel(struct reading *reading, json_t *step,
                         const struct mermaid_line *line, double valence)
{
    json_t *feelings = json_array();
    str actors = line->actors;
    bool known = true;
    while (actors.ptr && known) {
        const char *name = mermaid_decode(reading->arena, str_cut(&actors, ','));
        if (name == NULL || name[0] == 0)
            continue;
        const char *id = persona_id(reading, name);
        known = id != NULL;
        if (known && !isnan(valence))
            (void)json_array_append_new(
                feelings,
                json_pack("{s:s, s:o}", "persona", id, "valence", json_valence(valence)));
    }
    if (!known)
        note(reading,
             arena_printf(reading->arena,
                          _("line %zu: more actors than a map can hold; the rest "
                            "were left out"),
                          line->line));
    if (json_array_size(feelings) > 0)
        (void)json_object_set(step, "feelings", feelings);
    else if (!isnan(valence))
        (void)json_object_set_new(step, "feeling",
                                  json_pack("{s:o}", "valence", json_valence(valence)));
    json_decref(feelings);
    return VG_OK;
}

/* One of ours: only what somebody changed on the line is taken from it. */
static void compare(struct reading *reading, json_t *step,
                    const struct mermaid_line *line)
{
    struct buf actors = {0};
    char exported[16];
    snprintf(exported, sizeof(exported), "%d", shown_score(step));
    if (line->score.ptr == NULL || !str_equal(line->score, str_from(exported))) {
        double valence = read_score(reading, line);
        json_t *feeling = field_get(step, "feeling");
        json_t *changed = json_is_object(feeling) ? json_incref(feeling) : json_object();
        if (!isnan(valence)) {
            (void)json_object_set_new(changed, "valence", json_valence(valence));
            (void)json_object_set(step, "feeling", changed);
        }
        json_decref(changed);
    }
    write_actors(&actors, reading->document, step);
    if (!str_equal(str_trim(buf_str(&actors)), str_trim(line->actors)))
        note(
            reading,
            arena_printf(reading->arena,
                         _("line %zu: the actors were changed by hand; the map keeps the "
                           "personas of its comment"),
                         line->line));
    buf_free(&actors);
}

static enum vg_code read_task(struct reading *reading, const struct mermaid_line *line)
{
    if (json_array_size(reading->phases) == 0)
        TRY(open_phase(reading, (str){0}));
    json_t *step = reading->step_said;
    bool ours = step != NULL;
    reading->step_said = NULL;
    if (!ours)
        step = json_object();
    TRY(add_step(reading, step));
    if (++reading->steps > LIMIT_MAP_STEPS) {
        char where[512];
        snprintf(where, sizeof(where), "%.480s:%zu", reading->name, line->line);
        err_set(reading->err, VG_ERR_LIMIT, where, _("more than %d steps"),
                LIMIT_MAP_STEPS);
        err_hint(reading->err, "%s", _("make two maps of it"));
        return VG_ERR_LIMIT;
    }
    TRY(set_title(reading, step, line->text, true));
    if (ours)
        compare(reading, step, line);
    else
        TRY(feel(reading, step, line, read_score(reading, line)));
    return VG_OK;
}

static enum vg_code read_text_line(struct reading *reading, const char *key, str text,
                                   bool always)
{
    if (!always && field_get(reading->document, key))
        return VG_OK;
    const char *decoded = mermaid_decode(reading->arena, text);
    if (decoded == NULL ||
        json_object_set_new(reading->document, key, json_string(decoded)) != 0)
        return err_memory(reading->err);
    return VG_OK;
}

static enum vg_code read_line(struct reading *reading, const struct mermaid_line *line)
{
    if (line->kind == MERMAID_COMMENT)
        return read_comment(reading, line);
    TRY(need_document(reading));
    switch (line->kind) {
    case MERMAID_TITLE:
        reading->titled = true;
        return set_title(reading, reading->document, line->text, false);
    case MERMAID_ACC_TITLE:
        return reading->titled ? VG_OK
                               : read_text_line(reading, "title", line->text, false);
    case MERMAID_ACC_DESCR:
        return reading->foreign ? read_text_line(reading, "description", line->text, true)
                                : VG_OK;
    case MERMAID_SECTION:
        return open_phase(reading, line->text);
    case MERMAID_TASK:
        if (line->text.len > 0)
            return read_task(reading, line);
        note(reading,
             arena_printf(reading->arena,
                          _("line %zu: a task without a name was left out"), line->line));
        return VG_OK;
    default:
        return VG_OK;
    }
}

static enum vg_code read_lines(struct reading *reading, str text)
{
    struct mermaid_reader lines = {.rest = text};
    struct mermaid_line line;
    do {
        TRY(mermaid_next(&lines, reading->name, &line, reading->err));
        TRY(read_line(reading, &line));
    } while (line.kind != MERMAID_END);
    TRY(need_document(reading));
    note_lost(reading, &reading->phase_said, line.line);
    note_lost(reading, &reading->step_said, line.line);
    if (field_get(reading->document, "title") == NULL &&
        json_object_set_new(reading->document, "title", json_string(_("Untitled"))) != 0)
        return err_memory(reading->err);
    return json_object_set(reading->document, "phases", reading->phases) == 0
               ? VG_OK
               : err_memory(reading->err);
}

static enum vg_code keep_notes(const struct reading *reading, const struct vg_map *map,
                               struct map_texts *ret)
{
    size_t count = json_array_size(reading->notes);
    ret->items = arena_array(map->arena, const char *, count);
    ret->count = count;
    for (size_t i = 0; i < count && ret->items; i++) {
        const char *text = json_string_value(json_array_get(reading->notes, i));
        ret->items[i] = arena_text(map->arena, str_from(text));
        if (ret->items[i] == NULL)
            return err_memory(reading->err);
    }
    return ret->items || count == 0 ? VG_OK : err_memory(reading->err);
}

enum vg_code map_from_mermaid(str text, const char *name, struct vg_map **ret,
                              struct map_texts *ret_notes, struct vg_err *err)
{
    struct reading reading = {.name = name, .err = err, .foreign = true};
    struct vg_map *map = NULL;
    enum vg_code code = VG_OK;
    if (!utf8_valid(text)) {
        err_set(err, VG_ERR_INPUT, name, "%s", _("the text is not UTF-8"));
        return err_hint(err, "%s", _("save the file as UTF-8")), VG_ERR_INPUT;
    }
    if (text.len > LIMIT_MAP_BYTES) {
        err_set(err, VG_ERR_LIMIT, name, _("the text is larger than %zu bytes"),
                (size_t)LIMIT_MAP_BYTES);
        return err_hint(err, "%s", _("is it the right file?")), VG_ERR_LIMIT;
    }
    reading.arena = arena_open(0);
    reading.phases = json_array();
    reading.notes = json_array();
    if (reading.arena == NULL || reading.phases == NULL || reading.notes == NULL)
        code = err_memory(err);
    if (code == VG_OK)
        code = read_lines(&reading, text);
    if (code == VG_OK)
        code = map_from_json(reading.document, name, &map, err);
    if (code == VG_OK && ret_notes)
        code = keep_notes(&reading, map, ret_notes);
    if (code == VG_OK)
        *ret = map;
    else
        map_close(map);
    json_decref(reading.document);
    json_decref(reading.phases);
    json_decref(reading.personas);
    json_decref(reading.notes);
    drop(&reading.map_said);
    drop(&reading.phase_said);
    drop(&reading.step_said);
    arena_close(reading.arena);
    return code;
}
