/* fields: tables that say how an object of the document is read into a struct.
 *
 * A `shape` is one kind of object: its fields, and where each goes. Fields the table does
 * not name are left alone in the document. null is the same as not there. */
#ifndef MAP_FIELDS_H
#define MAP_FIELDS_H

#include "map/map.h"

#define TRY(call)                                                                        \
    do {                                                                                 \
        enum vg_code code_ = (call);                                                     \
        if (code_ != VG_OK)                                                              \
            return code_;                                                                \
    } while (0)

enum field_kind {
    FIELD_TEXT,   /* const char *       */
    FIELD_TEXTS,  /* struct map_texts   */
    FIELD_NUMBER, /* double, NAN: not said; between low and high */
    FIELD_WHOLE,  /* int64_t, 0: not said */
    FIELD_BOOL,   /* bool: true or false */
    FIELD_WORD,   /* int-sized enum: the index in `words` */
    FIELD_FLAG,   /* bool: the word is words[1] */
    FIELD_DATE,   /* int64_t us, INT64_MIN: not said */
    FIELD_OBJECT, /* a struct of `shape`, in place */
    FIELD_LIST,   /* pointer to structs of `shape`; how many at count_offset */
    FIELD_MATCHES /* struct map_match *; how many at count_offset */
};
struct field {
    const char *key;
    enum field_kind kind;
    size_t offset;
    double low, high;
    const char *const *words; /* ends in NULL */
    int first_word;           /* value of words[0] */
    const struct shape *shape;
    size_t count_offset;
    bool required; /* a text that must be there and not be blank */
    double
        preset; /* of a number or a bool, where the document says nothing; 0: as above */
};
struct shape {
    const struct field *fields;
    size_t field_count, size, limit; /* limit: of a list of these */
};

/* Where the reader is in the document, for messages. */
struct reader {
    struct arena *arena;
    const char *name; /* of the file */
    struct vg_err *err;
    struct {
        const char *key; /* NULL: [index] */
        size_t index;
    } path[16];
    size_t depth;
};
void reader_enter(struct reader *reader, const char *key);
void reader_enter_at(struct reader *reader, size_t index);
void reader_leave(struct reader *reader);

/* Fill err with "file: path" and the sentence; the hint is added with err_hint. */
enum vg_code reader_fail(struct reader *reader, enum vg_code code, const char *format,
                         ...) PRINTF(3, 4);
/* "must be a list, is a text", by what jansson calls the type. */
enum vg_code reader_fail_type(struct reader *reader, json_type wanted,
                              const json_t *found);

/* The value at key, or NULL when it is not there or null. */
json_t *field_get(const json_t *object, const char *key);
/* A list: at most `limit` long; *ret NULL and *ret_count 0 when it is not there. */
MUST_CHECK enum vg_code field_list(struct reader *reader, const json_t *object,
                                   const char *key, size_t limit, json_t **ret,
                                   size_t *ret_count);
/* A text into the arena: of a sensible length, without control characters (they are taken
 * out of the document too). */
MUST_CHECK enum vg_code field_text(struct reader *reader, json_t *value,
                                   const char **ret);
/* The object at which the reader stands, into `ret` (zeroed, of shape->size). */
MUST_CHECK enum vg_code shape_read(struct reader *reader, const struct shape *shape,
                                   json_t *object, void *ret);

#endif
