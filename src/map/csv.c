/* A map as rows, one a cell: map/lanes.c says which. */
#include "map/export.h"

#include "base/lang.h"
#include "map/fields.h"
#include "map/lanes.h"

struct table {
    const struct vg_map *map;
    struct buf *out;
    bool italian;
    str cells[COLUMN_COUNT]; /* of the row being made */
    str persona;             /* whose rows these are; empty outside personas */
    struct buf numbers[3];   /* phase_order, step_order, score */
};

/* RFC 4180; what a spreadsheet would take for a formula gets an apostrophe in front. */
static void write_cell(struct table *table, str text, bool number)
{
    struct buf *out = table->out;
    bool formula = text.len > 0 && !number && strchr("=+-@\t\r'", text.ptr[0]);
    bool quoted = formula;
    for (size_t i = 0; i < text.len && !quoted; i++)
        quoted = text.ptr[i] == (table->italian ? ';' : ',') ||
                 strchr("\"\r\n", text.ptr[i]) != NULL;
    quoted =
        quoted || (text.len > 0 && (text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' '));
    if (quoted)
        buf_char(out, '"');
    if (formula)
        buf_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            buf_char(out, '"');
        buf_char(out, text.ptr[i]);
    }
    if (quoted)
        buf_char(out, '"');
}

static void write_row(struct table *table)
{
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        bool number =
            i == COLUMN_PHASE_ORDER || i == COLUMN_STEP_ORDER || i == COLUMN_SCORE;
        if (i > 0)
            buf_char(table->out, table->italian ? ';' : ',');
        write_cell(table, table->cells[i], number);
    }
    buf_text(table->out, "\r\n");
}

/* A row of this lane; what it does not set is empty. */
static void begin_row(struct table *table, const struct lane *lane)
{
    for (size_t i = COLUMN_PERSONA; i <= COLUMN_EVIDENCE; i++)
        table->cells[i] = (str){0};
    table->cells[COLUMN_PERSONA] = table->persona;
    table->cells[COLUMN_LANE] = str_from(table->italian ? lane->it : lane->en);
}

static void set_text(struct table *table, enum column column, const json_t *value)
{
    if (json_is_string(value))
        table->cells[column] = (str){json_string_value(value), json_string_length(value)};
}

static void set_score(struct table *table, const json_t *value)
{
    struct buf *score = &table->numbers[2];
    buf_clear(score);
    if (!json_is_number(value))
        return;
    buf_printf(score, "%.15g", json_number_value(value));
    for (size_t i = 0; i < score->len && table->italian; i++)
        if (score->ptr[i] == '.')
            score->ptr[i] = ',';
    table->cells[COLUMN_SCORE] = buf_str(score);
}

static void write_feeling(struct table *table, const struct lane *lane,
                          const json_t *feeling, const json_t *persona)
{
    bool note = lane->kind == LANE_FEELING_NOTE;
    json_t *text = field_get(feeling, note ? "note" : "emotion");
    json_t *valence = note ? NULL : field_get(feeling, "valence");
    if (text == NULL && valence == NULL)
        return;
    begin_row(table, lane);
    set_text(table, COLUMN_PERSONA, field_get(persona, "name"));
    set_text(table, COLUMN_TEXT, text);
    set_score(table, valence);
    write_row(table);
}

static const json_t *persona_of(const struct table *table, const json_t *id)
{
    json_t *personas = field_get(table->map->json, "personas"), *persona;
    size_t index;
    json_array_foreach(personas, index, persona) if (json_equal(field_get(persona, "id"),
                                                                id)) return persona;
    return NULL;
}

static void write_feelings(struct table *table, const struct lane *lane,
                           const json_t *step)
{
    json_t *item, *first = json_array_get(field_get(table->map->json, "personas"), 0);
    size_t index;
    if (field_get(step, "feeling"))
        write_feeling(table, lane, field_get(step, "feeling"), first);
    json_array_foreach(field_get(step, "feelings"), index, item)
    {
        const json_t *persona = persona_of(table, field_get(item, "persona"));
        if (persona != first || field_get(step, "feeling") == NULL)
            write_feeling(table, lane, item, persona);
    }
}

/* The text of the pain, or title of the step, that has this id. */
static const char *referred(const struct vg_map *map, const struct lane *lane,
                            const char *id)
{
    for (size_t i = 0; i < map->step_count; i++) {
        const struct map_step *step = &map->steps[i];
        if (lane->kind == LANE_STEP_REF && strcmp(step->id, id) == 0)
            return step->title;
        for (size_t j = 0; lane->kind == LANE_PAIN_REF && j < step->pain_count; j++)
            if (strcmp(step->pains[j].id, id) == 0)
                return step->pains[j].text;
    }
    return "";
}

static void write_item(struct table *table, const struct lane *lane, const json_t *item)
{
    begin_row(table, lane);
    switch (lane->kind) {
    case LANE_ITEM:
        set_text(table, COLUMN_TEXT, field_get(item, "text"));
        break;
    case LANE_TOUCHPOINT:
        set_text(table, COLUMN_TEXT, field_get(item, "title"));
        set_text(table, COLUMN_CHANNEL, field_get(item, "channel"));
        set_text(table, COLUMN_OWNER, field_get(item, "department"));
        break;
    case LANE_MATCH:
        set_text(table, COLUMN_TEXT,
                 json_is_string(item) ? item : field_get(item, "activity"));
        set_text(table, COLUMN_CHANNEL, field_get(item, "channel"));
        break;
    case LANE_PERSON:
        set_text(table, COLUMN_TEXT, field_get(item, "name"));
        set_text(table, COLUMN_OWNER, field_get(item, "department"));
        set_text(table, COLUMN_STATUS, field_get(item, "level"));
        break;
    case LANE_PAIN_REF:
    case LANE_STEP_REF:
        table->cells[COLUMN_TEXT] =
            str_from(referred(table->map, lane, json_string_value(item)));
        break;
    default:
        set_text(table, COLUMN_TEXT, item);
    }
    write_row(table);
}

/* The activities that are this step, for who reads the table; read from their own lane.
 */
static void write_head(struct table *table, const struct lane *lane, const json_t *object)
{
    struct buf seen = {0};
    json_t *match;
    size_t index;
    begin_row(table, lane);
    set_text(table, COLUMN_TEXT, field_get(object, lane->key));
    set_text(table, COLUMN_OWNER, field_get(object, "owner"));
    set_text(table, COLUMN_STATUS,
             lane->level == LEVEL_ACTION ? field_get(object, "state") : NULL);
    json_array_foreach(field_get(object, "match"), index, match)
    {
        json_t *name = json_is_string(match) ? match : field_get(match, "activity");
        buf_printf(&seen, "%s%s", index ? " | " : "", json_string_value(name));
    }
    table->cells[COLUMN_EVIDENCE] = buf_str(&seen);
    table->out->failed = table->out->failed || seen.failed;
    write_row(table);
    buf_free(&seen);
}

static void write_choice(struct table *table, const struct lane *lane,
                         const json_t *choice)
{
    begin_row(table, lane);
    set_text(table, COLUMN_TEXT,
             json_is_string(choice) ? choice : field_get(choice, "group"));
    set_text(table, COLUMN_STATUS, field_get(choice, "branch"));
    write_row(table);
}

static void write_lane(struct table *table, const struct lane *lane, const json_t *object)
{
    json_t *value = lane_get(object, lane->key), *item;
    size_t index;
    if (lane->kind == LANE_HEAD) {
        write_head(table, lane, object);
    } else if (lane->kind == LANE_FEELING || lane->kind == LANE_FEELING_NOTE) {
        write_feelings(table, lane, object);
    } else if (lane->kind == LANE_CHOICE && value) {
        write_choice(table, lane, value);
    } else if (json_is_array(value)) {
        json_array_foreach(value, index, item)
        {
            write_item(table, lane, item);
        }
    } else if (value && (lane->kind != LANE_FLAG || json_is_true(value))) {
        begin_row(table, lane);
        set_text(table, COLUMN_TEXT, value);
        if (lane->kind == LANE_NUMBER)
            set_score(table, value);
        if (lane->kind == LANE_FLAG)
            table->cells[COLUMN_TEXT] = table->italian ? STR("sì") : STR("yes");
        write_row(table);
    }
}

static void write_level(struct table *table, enum lane_level level, const json_t *object)
{
    const char *name = json_string_value(field_get(object, "name"));
    table->persona = level == LEVEL_PERSONA && name ? str_from(name) : (str){0};
    for (size_t i = 0; i < lane_count; i++)
        if (lanes[i].level == level)
            write_lane(table, &lanes[i], object);
    table->persona = (str){0};
}

static void write_list(struct table *table, enum lane_level level, const json_t *list)
{
    json_t *object;
    size_t index;
    json_array_foreach((json_t *)list, index, object) write_level(table, level, object);
}

static void set_order(struct table *table, enum column column, struct buf *number,
                      size_t order)
{
    buf_clear(number);
    buf_printf(number, "%zu", order);
    table->cells[column] = buf_str(number);
}

static void write_phases(struct table *table)
{
    json_t *phase, *step;
    size_t i, j, step_order = 0;
    json_array_foreach(field_get(table->map->json, "phases"), i, phase)
    {
        set_text(table, COLUMN_PHASE, field_get(phase, "title"));
        set_order(table, COLUMN_PHASE_ORDER, &table->numbers[0], i + 1);
        write_level(table, LEVEL_PHASE, phase);
        json_array_foreach(field_get(phase, "steps"), j, step)
        {
            set_text(table, COLUMN_STEP, field_get(step, "title"));
            set_order(table, COLUMN_STEP_ORDER, &table->numbers[1], ++step_order);
            write_level(table, LEVEL_STEP, step);
        }
        table->cells[COLUMN_STEP] = table->cells[COLUMN_STEP_ORDER] = (str){0};
        table->cells[COLUMN_PHASE] = (str){0};
    }
    table->cells[COLUMN_PHASE_ORDER] = (str){0};
}

enum vg_code map_to_csv(const struct vg_map *map, struct buf *out, struct vg_err *err)
{
    struct table table = {.map = map, .out = out, .italian = lang_get() == LANG_IT};
    const json_t *json = map->json;
    buf_text(out, "\xEF\xBB\xBF");
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        table.cells[i] =
            str_from(table.italian ? column_names[i].it : column_names[i].en);
    write_row(&table);
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        table.cells[i] = (str){0};
    table.cells[COLUMN_MAP] = str_from(map->title);
    set_text(&table, COLUMN_UPDATED, field_get(json, "updated"));
    write_level(&table, LEVEL_MAP, json);
    write_list(&table, LEVEL_METRIC, lane_get(json, "objective.metrics"));
    write_list(&table, LEVEL_PERSONA, field_get(json, "personas"));
    write_phases(&table);
    write_list(&table, LEVEL_ACTION, field_get(json, "actions"));
    write_list(&table, LEVEL_SESSION, field_get(json, "sessions"));
    for (size_t i = 0; i < COUNT_OF(table.numbers); i++) {
        out->failed = out->failed || table.numbers[i].failed;
        buf_free(&table.numbers[i]);
    }
    return out->failed ? err_memory(err) : VG_OK;
}
