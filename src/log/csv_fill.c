/* Empty cells of a batch take the value of the row above, which may be in the batch
 * before, or in the chunk before: such a file is read from front to back. */
#include "log/csv_parts.h"

#include <stdlib.h>

/* Keep the text for the batches to come. The rows of this one may name the text that was
 * kept before, so there are two places. */
static bool above_keep(struct csv_above *above, str text)
{
    unsigned other = !above->now;
    if (text.len > above->capacity[other]) {
        free(above->bytes[other]);
        above->capacity[other] = 0;
        /* text_pool reads on behind it */
        if (!(above->bytes[other] = calloc(1, text.len + TEXT_SHORT)))
            return false;
        above->capacity[other] = text.len;
    }
    if (text.len)
        memcpy(above->bytes[other], text.ptr, text.len);
    above->now = other;
    above->text = (str){above->bytes[other], text.len};
    return true;
}

static bool field_fill(struct csv_reader *reader, struct csv_chunk *chunk, size_t field)
{
    struct csv_above *above = &reader->above[field];
    str *texts = reader->texts[field], last = above->text;
    for (size_t row = 0; row < reader->batch; row++) {
        if (reader->fault[row]) /* nobody knows what it was to say */
            last.len = 0;
        else if (texts[row].len)
            last = texts[row];
        else if (last.len) {
            texts[row] = last;
            chunk->filled++;
        }
    }
    return last.ptr == above->text.ptr && last.len == above->text.len
               ? true
               : above_keep(above, last);
}

bool csv_fill_down(struct csv_reader *reader, struct csv_chunk *chunk)
{
    for (size_t f = 0; reader->above && f < reader->layout->field_count; f++)
        if (reader->layout->fields[f].filled && !field_fill(reader, chunk, f))
            return false;
    return true;
}

bool csv_fill_open(struct csv_reader *reader)
{
    const struct csv_layout *layout = reader->layout;
    if (!layout->filled)
        return true;
    reader->above = calloc(layout->field_count + 1, sizeof *reader->above);
    return reader->above != NULL;
}

void csv_fill_close(struct csv_reader *reader)
{
    for (size_t f = 0; reader->above && f < reader->layout->field_count; f++) {
        free(reader->above[f].bytes[0]);
        free(reader->above[f].bytes[1]);
    }
    free(reader->above);
}
