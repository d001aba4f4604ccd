/* csv_parts: what csv_load.c (the whole file), csv_rows.c (a chunk → texts), csv_batch.c
 * (texts → columns) and csv_merge.c (all readers' texts → the log's) share. */
#ifndef LOG_CSV_PARTS_H
#define LOG_CSV_PARTS_H

#include "log/blocks.h"
#include "log/csv_load.h"
#include "log/csv_scan.h"
#include "log/text_pool.h"

enum { CSV_BATCH = TEXT_BATCH };

/* A column of the file that is read. */
struct csv_field {
    size_t column;  /* of the plan */
    size_t goes_to; /* COLUMN_…; of the time of day COLUMN_TIME too */
    size_t instead; /* fills an earlier field where this one has a text; or SIZE_MAX */
    bool filled;    /* empty cells take the value of the row above */
};

/* The plan, worked out once and read by all. */
struct csv_layout {
    const struct csv_plan *plan;
    const char *end;     /* of the file */
    size_t column_count; /* of the builder */
    struct csv_field *fields;
    size_t field_count;
    uint16_t *slot; /* [plan columns] its field, or field_count: not read */
    size_t customer, activity, time, clock; /* fields; SIZE_MAX: none */
    str activity_fixed;                     /* a copy with TEXT_SHORT bytes to spare */
    struct csv_when {
        size_t field;
        const struct time_format *format;
        str activity; /* a copy as above */
    } * whens;        /* [when_count] of a wide file */
    size_t when_count;
    bool large;  /* the file is: its blocks lie in slabs */
    bool joined; /* there are fields that fill others */
    bool filled; /* … and that are filled from the row above */
    bool *kept;  /* [column_count] something is put there */
    bool *coded; /* [column_count] … and it is codes of a dictionary */
};

struct csv_bad {                  /* a rejected row */
    uint64_t at : 56, reason : 8; /* offset in the file */
    uint32_t bytes;
};

/* What one chunk gave. */
struct csv_chunk {
    const char *begin, *limit; /* rows that begin in this range are its own */
    const char *start, *end;   /* where its first row was taken to begin; where the row
                                  after its last one begins. start NULL: no row */
    unsigned reader;
    struct block block;
    uint64_t rows, unscored, filled;
    struct csv_bad *bads;
    size_t bad_count, bad_capacity;
    uint32_t number;         /* of the chunk, for text_pool */
    struct text_list *lists; /* [column_count] texts that it is the first to have */
    bool scattered;          /* the lists may lack some: its rows must be asked */
    int64_t first_us, last_us;
};

/* The last value of a field that is filled from the row above. */
struct csv_above {
    char *bytes[2];
    size_t capacity[2];
    unsigned now; /* which of them */
    str text;
};

/* Texts that are new, and where in the chunk their numbers go. */
struct csv_new {
    str text[TEXT_NEW];
    uint32_t row[TEXT_NEW], number[TEXT_NEW];
    size_t count;
};

/* One worker's things. */
struct csv_reader {
    const struct csv_layout *layout;
    struct csv_scan scan;
    struct text_pool *pools;  /* [column_count] of the coded ones; everybody's */
    struct text_pages *pages; /* [column_count] the texts it met first */
    bool no_memory;
    size_t too_many; /* the column that has too many different values, or SIZE_MAX */
    /* The row under way. */
    const char *row, *field, *nul_end;
    size_t fields_seen;
    /* The batch: rows whose fields are known and not yet turned into values. */
    size_t batch;
    bool *large;                        /* [field_count] its pool is so, in this chunk */
    struct text_memo **memos;           /* [field_count] for the others that are coded */
    struct text_key (*keys)[CSV_BATCH]; /* [field_count] of the large ones */
    uint32_t (*numbers)[CSV_BATCH]; /* [field_count + 1] of the texts; UINT32_MAX: none */
    uint8_t (*open)[CSV_BATCH];     /* [field_count + 1] rows whose text is new … */
    size_t *open_count;             /* … and how many */
    struct csv_new *new;            /* [field_count + 1] */
    bool untidy, untidy_window; /* a field of it may have quotes or outer white space */
    str (*texts)[CSV_BATCH];    /* [field_count + 1], the last for what is not read */
    str **cells;                /* [plan columns] the row of texts that each goes to */
    const char *row_at[CSV_BATCH];
    const char *row_end[CSV_BATCH];
    uint8_t fault[CSV_BATCH]; /* enum csv_reason + 1; 0: none */
    uint8_t bad[CSV_BATCH];   /* its time cannot be read */
    int64_t time[CSV_BATCH];
    int64_t *when;                 /* of a wide file: [CSV_BATCH][when_count] */
    str (*event_texts)[CSV_BATCH]; /* of a wide file: as texts, of its events */
    char *unquoted;                /* texts that had doubled quotes */
    size_t unquoted_capacity;
    struct csv_above *above; /* [field_count], or NULL: none is filled */
    struct shelf shelf;      /* of the chunks' blocks */
    /* The values of the chunk. */
    void **values; /* [column_count] */
    bool *any;     /* [column_count] */
    uint32_t rows, capacity;
    uint32_t index[CSV_INDEX];
};

MUST_CHECK bool csv_layout_make(struct csv_layout *layout, struct builder *builder,
                                const struct csv_plan *plan);
void csv_layout_free(struct csv_layout *layout);
MUST_CHECK bool csv_reader_open(struct csv_reader *reader,
                                const struct csv_layout *layout, struct text_pool *pools);
void csv_reader_close(struct csv_reader *reader);

/* Read the rows of the chunk, from chunk->start on. False: reader->no_memory, too_many.
 */
MUST_CHECK bool csv_chunk_read(struct csv_reader *reader, struct csv_chunk *chunk);
void csv_chunk_free(struct csv_chunk *chunk, size_t column_count);
/* The batch of rows into the chunk's columns, without those that must be rejected. */
MUST_CHECK bool csv_batch_flush(struct csv_reader *reader, struct csv_chunk *chunk);
/* Texts and times of the batch, none of them at fault, into the chunk's columns. */
MUST_CHECK bool csv_values_store(struct csv_reader *reader, struct csv_chunk *chunk);
/* The field's new texts into its pool, their numbers into the chunk's column. */
MUST_CHECK bool csv_new_add(struct csv_reader *reader, struct csv_chunk *chunk,
                            size_t field);
/* A chunk begins: which pools are large, and nothing is remembered. */
void csv_batch_begin(struct csv_reader *reader);
/* Behind the quote that closes the field, or NULL when none does before `end`. */
const char *csv_quote_close(const char *field, const char *end, char quote);
/* Of a wide file: read the dates of the batch's rows, marking those at fault … */
void csv_whens_read(struct csv_reader *reader);
/* … and store the events of the others, row by row, date by date. */
MUST_CHECK bool csv_whens_store(struct csv_reader *reader, struct csv_chunk *chunk);
/* Fill the batch's empty cells from the row above; and a reader's memory for it. */
MUST_CHECK bool csv_fill_down(struct csv_reader *reader, struct csv_chunk *chunk);
MUST_CHECK bool csv_fill_open(struct csv_reader *reader);
void csv_fill_close(struct csv_reader *reader);
/* Take quotes and outer white space off a field as it stands; `space` has room for it. */
str csv_text(str raw, char quote, char *space);

/* What all chunks of a file gave. */
struct csv_harvest {
    const struct csv_layout *layout;
    struct text_pool *pools; /* [column_count] */
    struct csv_reader *readers;
    unsigned reader_count;
    struct csv_chunk *chunks;
    size_t chunk_count;
};
/* Its texts into the builder's dictionaries, in the order of the file; the chunks'
 * numbers become the log's codes; their blocks go to the builder. */
MUST_CHECK enum vg_code csv_merge(struct builder *builder,
                                  const struct csv_harvest *harvest,
                                  struct csv_counts *counts, struct vg_err *err);
/* Fills err for a column that has more different values than its codes can name. */
enum vg_code csv_too_many(const struct csv_plan *plan, size_t column, struct vg_err *err);

#endif
