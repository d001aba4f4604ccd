/* The wide form of templates: one row a stage, or one column a stage. */
#include "map/import_list.h"

#include "base/lang.h"

#include <math.h>
#include <stdlib.h>

enum stage_column {
    STAGE_PHASE,
    STAGE_STEP,
    STAGE_DOING,
    STAGE_TOUCHPOINTS,
    STAGE_CHANNELS,
    STAGE_GOALS,
    STAGE_THINKING,
    STAGE_EMOTIONS,
    STAGE_PAINS,
    STAGE_OPPORTUNITIES,
    STAGE_METRICS,
    STAGE_OWNER,
    STAGE_BACKSTAGE,
    STAGE_COUNT
};
static const char *const names[STAGE_COUNT][9] = {
    [STAGE_PHASE] = {"stage", "stages", "phase", "phases", "fase", "fasi", "stadio",
                     "momento"},
    [STAGE_STEP] = {"step", "steps", "tappa", "tappe", "passo", "passaggio"},
    [STAGE_DOING] = {"actions", "customer actions", "activities", "doing", "azioni",
                     "azioni del cliente", "cosa fa", "attività"},
    [STAGE_TOUCHPOINTS] = {"touchpoints", "touchpoint", "touch points",
                           "punti di contatto", "punto di contatto", "contatti"},
    [STAGE_CHANNELS] = {"channels", "channel", "canali", "canale"},
    [STAGE_GOALS] = {"goals", "goal", "customer goals", "needs", "obiettivi", "bisogni",
                     "scopi", "esigenze"},
    [STAGE_THINKING] = {"thinking", "thoughts", "pensieri", "cosa pensa"},
    [STAGE_EMOTIONS] = {"emotions", "emotion", "feelings", "feeling", "emozioni",
                        "emozione", "cosa prova", "sentimenti"},
    [STAGE_PAINS] = {"pain points", "pains", "pain point", "problems", "criticità",
                     "punti critici", "problemi", "frustrazioni"},
    [STAGE_OPPORTUNITIES] = {"opportunities", "opportunity", "ideas", "opportunità",
                             "idee", "spunti"},
    [STAGE_METRICS] = {"metrics", "metric", "kpi", "kpis", "metriche", "indicatori",
                       "misure"},
    [STAGE_OWNER] = {"owner", "owners", "ownership", "department", "responsabile",
                     "reparto", "chi presidia"},
    [STAGE_BACKSTAGE] = {"backstage", "back stage", "internal processes",
                         "dietro le quinte", "processi interni"},
};

static json_t *stage_names(struct arena *arena)
{
    json_t *index = json_object();
    bool good = index != NULL;
    for (size_t c = 0; c < STAGE_COUNT; c++)
        for (size_t i = 0; good && i < COUNT_OF(names[c]) && names[c][i]; i++)
            good = names_add(index, arena, names[c][i], c);
    if (good)
        return index;
    json_decref(index);
    return NULL;
}

/* Where each column is; how many were known. */
static size_t find_columns(const struct grid *grid, const json_t *index, size_t row,
                           size_t *columns)
{
    size_t known = 0;
    for (size_t c = 0; c < STAGE_COUNT; c++)
        columns[c] = SIZE_MAX;
    for (size_t i = 0; i < grid->columns; i++) {
        size_t c = names_find(index, grid->arena, grid_at(grid, row, i));
        if (c < STAGE_COUNT && columns[c] == SIZE_MAX) {
            columns[c] = i;
            known++;
        }
    }
    return known;
}

/* Stages side by side: rows and columns change places. */
static bool transpose(struct grid *grid)
{
    const char **cells =
        arena_array(grid->arena, const char *, grid->rows * grid->columns);
    uint64_t *lines = arena_array(grid->arena, uint64_t, grid->columns);
    if (cells == NULL || lines == NULL)
        return false;
    for (size_t row = 0; row < grid->rows; row++)
        for (size_t column = 0; column < grid->columns; column++)
            cells[column * grid->rows + row] = grid_at(grid, row, column);
    for (size_t column = 0; column < grid->columns; column++)
        lines[column] = grid->lines[0];
    size_t rows = grid->rows;
    grid->rows = grid->columns;
    grid->columns = rows;
    grid->cells = cells;
    grid->lines = lines;
    return true;
}

struct stages {
    struct grid *grid;
    size_t columns[STAGE_COUNT];
    size_t row;
    json_t *document, *phases, *metrics;
};

static const char *cell(const struct stages *stages, enum stage_column column)
{
    size_t at = stages->columns[column];
    return at == SIZE_MAX ? "" : grid_at(stages->grid, stages->row, at);
}

/* Lines, ';' and bullets part a cell. False when there is nothing left. */
static bool next_part(str *rest, str *ret)
{
    while (rest->ptr && rest->len > 0) {
        size_t len = 0;
        while (len < rest->len && rest->ptr[len] != '\n' && rest->ptr[len] != ';')
            len++;
        str part = str_trim((str){rest->ptr, len});
        size_t skip = len < rest->len ? len + 1 : len;
        *rest = (str){rest->ptr + skip, rest->len - skip};
        static const char *const bullets[] = {"•", "-", "*", "–", "·"};
        for (size_t i = 0; i < COUNT_OF(bullets); i++)
            if (str_starts(part, str_from(bullets[i])) &&
                part.len > strlen(bullets[i]) + 1)
                part = str_trim(
                    (str){part.ptr + strlen(bullets[i]), part.len - strlen(bullets[i])});
        if (part.len > 0) {
            *ret = part;
            return true;
        }
    }
    return false;
}

/* Each part of the cell into the list at key, as a text or as {text}. */
static bool add_parts(json_t *object, const char *key, const char *text, bool items)
{
    json_t *list = json_array();
    str rest = str_from(text), part;
    while (next_part(&rest, &part)) {
        json_t *value = json_stringn(part.ptr, part.len);
        if (items)
            value = json_pack("{s:o}", "text", value);
        if (json_array_append_new(list, value) != 0)
            break;
    }
    bool good = json_array_size(list) == 0 || json_object_set(object, key, list) == 0;
    json_decref(list);
    return good;
}

/* The n-th channel belongs to the n-th touchpoint; the last one to those that follow. */
static bool add_touchpoints(const struct stages *stages, json_t *step)
{
    json_t *list = json_array();
    str titles = str_from(cell(stages, STAGE_TOUCHPOINTS)), title;
    str channels = str_from(cell(stages, STAGE_CHANNELS)), channel = {0};
    while (next_part(&titles, &title)) {
        json_t *touchpoint = json_object();
        (void)json_object_set_new(touchpoint, "title",
                                  json_stringn(title.ptr, title.len));
        (void)next_part(&channels, &channel);
        if (channel.len > 0)
            (void)json_object_set_new(touchpoint, "channel",
                                      json_stringn(channel.ptr, channel.len));
        if (json_array_append_new(list, touchpoint) != 0)
            break;
    }
    bool good =
        json_array_size(list) == 0 || json_object_set(step, "touchpoints", list) == 0;
    json_decref(list);
    return good;
}

/* "frustrato (-2)", "+1", "sollievo": a word, a number between −2 and 2, or both. */
static bool add_feeling(const struct stages *stages, json_t *step)
{
    const char *text = cell(stages, STAGE_EMOTIONS);
    json_t *feeling;
    double valence = NAN, found;
    size_t start = 0, len = strlen(text);
    if (len == 0)
        return true;
    if (read_amount(text, &found)) {
        valence = found;
        len = 0;
    } else if (text[len - 1] == ')') {
        start = len - 1;
        while (start > 0 && text[start] != '(')
            start--;
        const char *inside =
            arena_text(stages->grid->arena, (str){text + start + 1, len - start - 2});
        if (text[start] == '(' && inside && read_amount(inside, &found)) {
            valence = found;
            len = start;
        }
    }
    feeling = json_object();
    str word = str_trim((str){text, len});
    if (word.len > 0)
        (void)json_object_set_new(feeling, "emotion", json_stringn(word.ptr, word.len));
    if (valence >= -2 && valence <= 2)
        (void)json_object_set_new(feeling, "valence", json_amount(valence));
    else if (!isnan(valence))
        grid_note(
            stages->grid,
            arena_printf(stages->grid->arena,
                         _("line %llu: the emotion “%.60s” has a number outside −2 … "
                           "2: it was left out"),
                         (unsigned long long)stages->grid->lines[stages->row], text));
    return json_object_set_new(step, "feeling", feeling) == 0;
}

static bool add_metrics(const struct stages *stages)
{
    str rest = str_from(cell(stages, STAGE_METRICS)), part;
    while (next_part(&rest, &part)) {
        json_t *name = json_stringn(part.ptr, part.len), *known;
        size_t index;
        bool twice = false;
        json_array_foreach(stages->metrics, index, known) twice =
            twice || json_equal(field_get(known, "name"), name);
        if (twice)
            json_decref(name);
        else if (json_array_append_new(stages->metrics,
                                       json_pack("{s:o}", "name", name)) != 0)
            return false;
    }
    return true;
}

static bool set_text(json_t *object, const char *key, const char *text)
{
    return text[0] == 0 || json_object_set_new(object, key, json_string(text)) == 0;
}

/* A row with a new stage begins a phase; without a step's title the stage is its step. */
static bool add_row(struct stages *stages)
{
    const char *phase_title = cell(stages, STAGE_PHASE);
    const char *title = cell(stages, STAGE_STEP);
    size_t count = json_array_size(stages->phases);
    json_t *phase = count ? json_array_get(stages->phases, count - 1) : NULL;
    if (title[0] == 0)
        title = phase_title;
    if (title[0] == 0)
        return true;
    const char *last = json_string_value(field_get(phase, "title"));
    bool same =
        phase && (phase_title[0] == 0 || (last && strcmp(last, phase_title) == 0));
    if (!same) {
        phase = json_pack("{s:s, s:[]}", "title", phase_title[0] ? phase_title : title,
                          "steps");
        if (json_array_append_new(stages->phases, phase) != 0)
            return false;
    }
    json_t *step = json_pack("{s:s}", "title", title);
    if (json_array_append_new(field_get(phase, "steps"), step) != 0)
        return false;
    return set_text(step, "doing", cell(stages, STAGE_DOING)) &&
           set_text(step, "thinking", cell(stages, STAGE_THINKING)) &&
           add_feeling(stages, step) && add_touchpoints(stages, step) &&
           add_parts(step, "needs", cell(stages, STAGE_GOALS), false) &&
           add_parts(step, "pains", cell(stages, STAGE_PAINS), true) &&
           add_parts(step, "opportunities", cell(stages, STAGE_OPPORTUNITIES), true) &&
           add_parts(step, "backstage", cell(stages, STAGE_BACKSTAGE), false) &&
           set_text(step, "owner", cell(stages, STAGE_OWNER)) && add_metrics(stages);
}

static enum vg_code read_stages(struct stages *stages, size_t header, struct vg_map **ret)
{
    struct grid *grid = stages->grid;
    /* A title row above the header is the map's title. */
    const char *title = header > 0 ? grid_at(grid, 0, 0) : "";
    if (!set_text(stages->document, "title", title[0] ? title : _("Untitled")))
        return err_memory(grid->err);
    for (stages->row = header + 1; stages->row < grid->rows; stages->row++)
        if (!add_row(stages))
            return err_memory(grid->err);
    if (json_array_size(stages->metrics) > 0)
        (void)json_object_set_new(stages->document, "objective",
                                  json_pack("{s:O}", "metrics", stages->metrics));
    if (json_object_set(stages->document, "phases", stages->phases) != 0)
        return err_memory(grid->err);
    return map_from_json(stages->document, grid->name, ret, grid->err);
}

/* The row of the names, where there is one; the grid is turned when they stand below each
 * other. */
static enum vg_code find_header(struct stages *stages, size_t *ret)
{
    struct grid *grid = stages->grid;
    json_t *index = stage_names(grid->arena);
    *ret = SIZE_MAX;
    if (index == NULL)
        return err_memory(grid->err);
    for (int turned = 0; turned < 2 && *ret == SIZE_MAX; turned++) {
        if (turned && (grid->rows > 2048 || !transpose(grid)))
            break;
        for (size_t row = 0; row < grid->rows && row < 10 && *ret == SIZE_MAX; row++) {
            size_t known = find_columns(grid, index, row, stages->columns);
            if (known >= 2 && (stages->columns[STAGE_PHASE] != SIZE_MAX ||
                               stages->columns[STAGE_STEP] != SIZE_MAX))
                *ret = row;
        }
    }
    json_decref(index);
    return VG_OK;
}

enum vg_code import_stages(struct grid *grid, struct vg_map **ret)
{
    struct stages stages = {.grid = grid};
    size_t header;
    *ret = NULL;
    TRY(find_header(&stages, &header));
    if (header == SIZE_MAX)
        return VG_OK;
    stages.document = json_pack("{s:i}", "format", 1);
    stages.phases = json_array();
    stages.metrics = json_array();
    enum vg_code code = stages.document && stages.phases && stages.metrics
                            ? read_stages(&stages, header, ret)
                            : err_memory(grid->err);
    json_decref(stages.document);
    json_decref(stages.phases);
    json_decref(stages.metrics);
    return code;
}
