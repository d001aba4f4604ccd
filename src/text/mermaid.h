/* mermaid: the lines of a Mermaid `journey` diagram, as Mermaid's own lexer sees them.
 *
 * '#' begins a comment, unless it is an entity (#35; #quot;); ';' ends a line; what
 * follows the third ':' of a task is dropped; keywords are read in any case; a front
 * matter's title counts as the title. */
#ifndef TEXT_MERMAID_H
#define TEXT_MERMAID_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum mermaid_kind {
    MERMAID_END,
    MERMAID_TITLE,
    MERMAID_ACC_TITLE,
    MERMAID_ACC_DESCR,
    MERMAID_SECTION,
    MERMAID_TASK,
    MERMAID_COMMENT /* %% …: text is what follows */
};
struct mermaid_line {
    enum mermaid_kind kind;
    size_t line;       /* from 1 */
    str text;          /* as written: read it with mermaid_decode */
    str score, actors; /* of a task; ptr NULL when not there */
};
struct mermaid_reader {
    str rest;
    size_t line;
    bool started;   /* the line `journey` was met */
    bool in_front;  /* inside --- … --- */
    bool in_braces; /* inside accDescr { … } */
    bool same_line; /* behind a ';' */
};
/* The next line that says something; kind MERMAID_END at the end. VG_ERR_INPUT when the
 * text is no journey. `name` is the file's. */
MUST_CHECK enum vg_code mermaid_next(struct mermaid_reader *reader, const char *name,
                                     struct mermaid_line *ret, struct vg_err *err);

/* Entities and <br/> as the characters they stand for; trimmed. NULL: memory. */
const char *mermaid_decode(struct arena *arena, str text);
/* Text that Mermaid takes as part of a name: what would end it becomes an entity.
 * task: line breaks become <br/> (elsewhere a space). */
void mermaid_encode(struct buf *out, str text, bool task);

#endif
