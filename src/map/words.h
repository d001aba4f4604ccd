/* words: lists of wording that a person can read and extend (src/map/words/).
 *
 * One pattern a line; '#' begins a comment. A pattern is words that follow each other,
 * compared without capitals, accents or punctuation:
 *
 *     presa in carico     these words, anywhere
 *     protocoll*          words that begin so; *isco: that end so; * alone: any word
 *     ^invio preventivo   at the beginning of the text; $ behind: at its end
 *     + mi                acquits: where this is found, plain patterns do not count
 *     ! il cliente viene  counts even where something acquits
 *
 * Cost  a text of t words against a list of p patterns: t × p comparisons. */
#ifndef MAP_WORDS_H
#define MAP_WORDS_H

#include "base/arena.h"
#include "base/err.h"

struct words_pattern {
    const str *words;
    size_t count;
    const char *text; /* as written, for the reader */
    char mark;        /* '+', '!' or 0 */
    bool at_start, at_end;
};
struct words {
    struct words_pattern *items;
    size_t count, capacity;
};
/* Add the patterns of a list. VG_ERR_INPUT names the line; VG_ERR_LIMIT. */
MUST_CHECK enum vg_code words_read(struct arena *arena, str list, const char *name,
                                   struct words *words, struct vg_err *err);
/* The pattern that condemns the text, or NULL; *ret_found (may be NULL): the words of the
 * text that it met, in the arena. ERR_MEMORY. */
MUST_CHECK enum vg_code words_judge(struct arena *arena, const struct words *words,
                                    str text, const struct words_pattern **ret,
                                    const char **ret_found, struct vg_err *err);

#endif
