/* What the writer and the reader of a batch must agree about. */
#ifndef STORE_BATCH_PARTS_H
#define STORE_BATCH_PARTS_H

enum {
    PART_ROWS = 1 << 19,       /* values in one block */
    PART_TEXT_BYTES = 1 << 22, /* of texts in one block, unless one alone is longer */
};

#endif
