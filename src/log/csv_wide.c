/* Wide rows: one for each quote, order or ticket, with several dates; each date becomes
 * an event. Order of events: row by row, and within a row column by column. */
#include "log/csv_parts.h"

/* Every date of the row, or the fault it has. */
static uint8_t row_read(struct csv_reader *reader, size_t row)
{
    const struct csv_layout *layout = reader->layout;
    int64_t *when = reader->when + row * layout->when_count;
    bool any = false;
    for (size_t i = 0; i < layout->when_count; i++) {
        str text = reader->texts[layout->whens[i].field][row];
        if (text.len == 0)
            continue;
        any = true;
        if (!time_parse(layout->whens[i].format, text, &when[i]))
            return CSV_BAD_TIME + 1;
    }
    return any ? 0 : CSV_NO_TIME + 1;
}

void csv_whens_read(struct csv_reader *reader)
{
    for (size_t row = 0; row < reader->batch; row++)
        if (!reader->fault[row])
            reader->fault[row] = row_read(reader, row);
}

/* The date that is last in time; of equal ones the last column. */
static size_t row_last(const struct csv_reader *reader, size_t row)
{
    const struct csv_layout *layout = reader->layout;
    const int64_t *when = reader->when + row * layout->when_count;
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < layout->when_count; i++)
        if (reader->texts[layout->whens[i].field][row].len &&
            (last == SIZE_MAX || when[i] >= when[last]))
            last = i;
    return last;
}

/* The row's date `when` as event number `event` of the batch of events. */
static void event_make(struct csv_reader *reader, size_t row, size_t when, size_t event,
                       bool last)
{
    const struct csv_layout *layout = reader->layout;
    for (size_t f = 0; f < layout->field_count; f++) {
        size_t to = layout->fields[f].goes_to;
        bool opinion = to == COLUMN_TEXT || to == COLUMN_SCORE;
        reader->event_texts[f][event] =
            opinion && !last ? (str){layout->end, 0} : reader->texts[f][row];
    }
    reader->event_texts[layout->field_count][event] = layout->whens[when].activity;
    reader->time[event] = reader->when[row * layout->when_count + when];
}

static bool events_store(struct csv_reader *reader, struct csv_chunk *chunk, size_t count)
{
    str(*texts)[CSV_BATCH] = reader->texts;
    size_t batch = reader->batch;
    reader->texts = reader->event_texts;
    reader->batch = count;
    bool ok = csv_values_store(reader, chunk);
    reader->texts = texts;
    reader->batch = batch;
    return ok;
}

bool csv_whens_store(struct csv_reader *reader, struct csv_chunk *chunk)
{
    const struct csv_layout *layout = reader->layout;
    size_t events = 0;
    for (size_t row = 0; row < reader->batch; row++) {
        size_t last = row_last(reader, row);
        for (size_t i = 0; i < layout->when_count; i++) {
            if (reader->texts[layout->whens[i].field][row].len == 0)
                continue;
            event_make(reader, row, i, events++, i == last);
            if (events < CSV_BATCH)
                continue;
            if (!events_store(reader, chunk, events))
                return false;
            events = 0;
        }
    }
    return events_store(reader, chunk, events);
}
