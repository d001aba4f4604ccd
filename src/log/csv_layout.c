/* The plan of a CSV file, worked out: which field goes where; and a reader's memory. */
#include "log/csv_parts.h"

#include <stdlib.h>

enum { MEMOS_MAX = 32, LARGE_BYTES = 32 << 20 }; /* fields that have one: 32 KB each */

/* Where a role's values go; SIZE_MAX: nowhere. */
static size_t column_of(const struct csv_column *column)
{
    switch (column->role) {
    case ROLE_CUSTOMER:
        return COLUMN_CUSTOMER;
    case ROLE_ACTIVITY:
        return COLUMN_ACTIVITY;
    case ROLE_TIME:
        return COLUMN_TIME;
    case ROLE_CHANNEL:
        return COLUMN_CHANNEL;
    case ROLE_TOUCHPOINT:
        return COLUMN_TOUCHPOINT;
    case ROLE_ACTOR:
        return COLUMN_ACTOR;
    case ROLE_TEXT:
        return COLUMN_TEXT;
    case ROLE_SCORE:
        return COLUMN_SCORE;
    case ROLE_ATTRIBUTE:
        return COLUMN_ATTRIBUTES + column->attribute;
    default:
        return SIZE_MAX;
    }
}

static size_t field_for(const struct csv_layout *layout, size_t goes_to)
{
    for (size_t f = 0; f < layout->field_count; f++)
        if (layout->fields[f].goes_to == goes_to)
            return f;
    return SIZE_MAX;
}

static void field_add(struct csv_layout *layout, size_t column, size_t goes_to)
{
    size_t before = field_for(layout, goes_to);
    struct csv_field field = {.column = column,
                              .goes_to = goes_to,
                              .instead = before,
                              .filled = layout->plan->columns[column].filled};
    if (goes_to == COLUMN_TIME && layout->plan->moment_count) {
        field.instead = SIZE_MAX;
    } else if (goes_to == COLUMN_TIME && before != SIZE_MAX) {
        layout->clock = layout->field_count;
        field.instead = SIZE_MAX;
    }
    layout->slot[column] = (uint16_t)layout->field_count;
    layout->fields[layout->field_count++] = field;
    layout->kept[goes_to] = true;
}

/* A copy with TEXT_SHORT bytes to spare; ptr NULL when memory is used up. */
static str spacious(str text)
{
    char *copy = calloc(1, text.len + TEXT_SHORT);
    if (copy && text.len)
        memcpy(copy, text.ptr, text.len);
    return (str){copy, text.len};
}

static bool whens_make(struct csv_layout *layout, const struct csv_plan *plan)
{
    layout->whens = calloc(plan->moment_count + 1, sizeof *layout->whens);
    if (!layout->whens)
        return false;
    for (size_t i = 0; i < plan->moment_count; i++) {
        const struct csv_moment *moment = &plan->moments[i];
        struct csv_when when = {layout->slot[moment->column], &moment->format,
                                spacious(moment->activity)};
        if (!when.activity.ptr)
            return false;
        layout->whens[layout->when_count++] = when;
    }
    return true;
}

static void columns_mark(struct csv_layout *layout, struct builder *builder)
{
    if (layout->activity == SIZE_MAX)
        layout->kept[COLUMN_ACTIVITY] = true;
    layout->kept[COLUMN_SCALE] = layout->kept[COLUMN_SCORE];
    for (size_t c = 0; c < layout->column_count; c++)
        layout->coded[c] = layout->kept[c] && column_dict(builder->log, c);
}

bool csv_layout_make(struct csv_layout *layout, struct builder *builder,
                     const struct csv_plan *plan)
{
    *layout = (struct csv_layout){.plan = plan,
                                  .end = plan->bytes.ptr + plan->bytes.len,
                                  .column_count = builder->column_count,
                                  .clock = SIZE_MAX};
    size_t columns = plan->column_count ? plan->column_count : 1;
    layout->fields = calloc(columns, sizeof *layout->fields);
    layout->slot = calloc(columns, sizeof *layout->slot);
    layout->kept = calloc(builder->column_count, sizeof *layout->kept);
    layout->coded = calloc(builder->column_count, sizeof *layout->coded);
    if (!layout->fields || !layout->slot || !layout->kept || !layout->coded)
        return false;
    for (size_t c = 0; c < plan->column_count; c++) {
        size_t goes_to = column_of(&plan->columns[c]);
        if (goes_to < builder->column_count)
            field_add(layout, c, goes_to);
        else
            layout->slot[c] = UINT16_MAX;
    }
    for (size_t c = 0; c < plan->column_count; c++)
        if (layout->slot[c] == UINT16_MAX)
            layout->slot[c] = (uint16_t)layout->field_count;
    layout->customer = field_for(layout, COLUMN_CUSTOMER);
    layout->activity = field_for(layout, COLUMN_ACTIVITY);
    layout->time = field_for(layout, COLUMN_TIME);
    columns_mark(layout, builder);
    layout->large = plan->bytes.len >= LARGE_BYTES;
    layout->joined = layout->clock != SIZE_MAX || plan->moment_count > 0;
    for (size_t f = 0; f < layout->field_count; f++)
        layout->joined |= layout->fields[f].instead != SIZE_MAX;
    for (size_t f = 0; f < layout->field_count; f++)
        layout->filled |= layout->fields[f].filled;
    layout->activity_fixed = spacious(plan->activity_fixed);
    return layout->activity_fixed.ptr && whens_make(layout, plan);
}

void csv_layout_free(struct csv_layout *layout)
{
    free(layout->fields);
    free(layout->slot);
    free(layout->kept);
    free(layout->coded);
    free((char *)(uintptr_t)layout->activity_fixed.ptr); /* ours: made above */
    for (size_t i = 0; i < layout->when_count; i++)
        free((char *)(uintptr_t)layout->whens[i].activity.ptr);
    free(layout->whens);
    *layout = (struct csv_layout){0};
}

bool csv_reader_open(struct csv_reader *reader, const struct csv_layout *layout,
                     struct text_pool *pools)
{
    size_t columns = layout->column_count;
    reader->layout = layout;
    reader->pools = pools;
    reader->too_many = SIZE_MAX;
    reader->scan = (struct csv_scan){.delimiter = layout->plan->delimiter,
                                     .quote = layout->plan->quote};
    reader->pages = calloc(columns, sizeof *reader->pages);
    reader->values = calloc(columns, sizeof *reader->values);
    reader->any = calloc(columns, sizeof *reader->any);
    reader->large = calloc(layout->field_count + 1, sizeof *reader->large);
    reader->memos = calloc(layout->field_count + 1, sizeof *reader->memos);
    reader->cells = calloc(layout->plan->column_count + 1, sizeof *reader->cells);
    reader->keys = calloc(layout->field_count + 1, sizeof *reader->keys);
    reader->texts = calloc(layout->field_count + 1, sizeof *reader->texts);
    reader->numbers = calloc(layout->field_count + 1, sizeof *reader->numbers);
    reader->open = calloc(layout->field_count + 1, sizeof *reader->open);
    reader->open_count = calloc(layout->field_count + 1, sizeof *reader->open_count);
    reader->new = calloc(layout->field_count + 1, sizeof *reader->new);
    if (layout->when_count) {
        reader->when = calloc(CSV_BATCH * layout->when_count, sizeof *reader->when);
        reader->event_texts =
            calloc(layout->field_count + 1, sizeof *reader->event_texts);
        if (!reader->when || !reader->event_texts)
            return false;
    }
    if (!reader->pages || !reader->values || !reader->any || !reader->large ||
        !reader->memos || !reader->cells || !reader->keys || !reader->texts ||
        !reader->numbers || !reader->open || !reader->open_count || !reader->new)
        return false;
    for (size_t f = 0; f <= layout->field_count && f < MEMOS_MAX; f++)
        if (!(reader->memos[f] = aligned_alloc(64, sizeof *reader->memos[f])))
            return false;
    for (size_t c = 0; c < layout->plan->column_count; c++)
        reader->cells[c] = reader->texts[layout->slot[c]];
    return csv_fill_open(reader);
}

void csv_reader_close(struct csv_reader *reader)
{
    size_t columns = reader->layout ? reader->layout->column_count : 0;
    csv_fill_close(reader);
    shelf_close(&reader->shelf);
    for (size_t c = 0; c < columns; c++) {
        if (reader->pages)
            text_pages_free(&reader->pages[c]);
        if (reader->values)
            free(reader->values[c]);
    }
    free(reader->pages);
    free(reader->values);
    free(reader->any);
    free(reader->large);
    for (size_t f = 0; reader->memos && f < MEMOS_MAX && f <= reader->layout->field_count;
         f++)
        free(reader->memos[f]);
    free(reader->memos);
    free(reader->numbers);
    free(reader->open);
    free(reader->open_count);
    free(reader->new);
    free(reader->cells);
    free(reader->keys);
    free(reader->texts);
    free(reader->unquoted);
    free(reader->when);
    free(reader->event_texts);
    *reader = (struct csv_reader){0};
}
