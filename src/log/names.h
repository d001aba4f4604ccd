/* names: what columns are called in exports, in Italian and English. */
#ifndef LOG_NAMES_H
#define LOG_NAMES_H

#include "base/arena.h"
#include "log/read.h"

/* A header made comparable: lower case, without accents, words parted by one space
 * ("DataOra" and "data_ora" are both "data ora"). ptr NULL when memory is used up. */
str name_plain(struct arena *arena, str header) MUST_CHECK;
/* How surely a column of this plain name has the role, 0 … 100: all of it when the name
 * is a known one, less when a known one is only part of it. */
int name_points(enum role role, str plain);
/* The time of day beside a date: "ora", "orario". 0 … 100. */
int name_points_clock(str plain);
/* "data di nascita", "scadenza", "durata": dates and times that are not when it happened.
 */
bool name_is_other_time(str plain);
/* "lifecycle:transition": kept even when nobody asks. */
bool name_is_lifecycle(str plain);
/* The scale its name promises, or SCALE_NONE. */
enum score_scale name_scale(str plain);
/* Whether a value names a channel: "telefono", "e-mail", "web" … plain as above. */
bool name_is_channel(str plain);

#endif
