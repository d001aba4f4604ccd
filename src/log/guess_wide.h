/* guess_wide: files with one row for each quote, order or ticket and several columns of
 * dates ("Data richiesta; Data offerta; Data ordine"). Inside of log/guess. */
#ifndef LOG_GUESS_WIDE_H
#define LOG_GUESS_WIDE_H

#include "log/column_stats.h"

/* What a date under this header is the date of: the header without its words for date and
 * time ("Data di consegna" → "Consegna", "order_date" → "Order", "Creato il" → "Creato").
 * Nothing left ("Data"): len 0. ptr NULL when memory is used up. */
str wide_activity(struct arena *arena, str header) MUST_CHECK;
/* Whether dates in the column tell when something happened: not those of birth,
 * deadlines, plans or the last change of the row, nor a bare beginning or end. */
bool wide_is_moment(const struct column_stats *stats, str activity);
/* "Inizio lavori", "end of call": such columns alone are one event with its duration. */
bool wide_is_span(str activity);

#endif
