/* csv_scan: where fields and rows end, 64 bytes at a time.
 *
 * A bit mask per block says where delimiters, line feeds and quotes are; within quotes
 * (found by a running exclusive-or over the quotes) the others do not count. A quote that
 * stands where none may open a field makes the block go through the state machine of
 * csv_step instead, which is what a CSV file means; the masks are only faster. After
 * G. Langdale, D. Lemire, "Parsing Gigabytes of JSON per Second", VLDB Journal 28 (2019).
 */
#ifndef LOG_CSV_SCAN_H
#define LOG_CSV_SCAN_H

#include "base/base.h"

enum csv_state {
    CSV_FIELD_START,
    CSV_PLAIN,       /* in a field that no quote opened, or behind its closing quote */
    CSV_QUOTED,      /* within quotes */
    CSV_QUOTE_ENDING /* behind a quote that closes, unless another one follows */
};
struct csv_scan {
    char delimiter, quote; /* quote 0: none */
    enum csv_state state;
    const char *quote_at; /* CSV_QUOTED: the quote that opened the field */
    bool nul;             /* a NUL byte was met; cleared by the caller */
    bool untidy;  /* a field may have quotes, or white space at an end; likewise. A
                     carriage return before a line feed does not count. */
    size_t feeds; /* line feeds that end a field, of the last window */
};

enum { CSV_WINDOW = 16 << 10, CSV_INDEX = CSV_WINDOW + 64 };

static inline enum csv_state csv_step(const struct csv_scan *scan, enum csv_state state,
                                      char c)
{
    bool quote = c == scan->quote && scan->quote;
    if (state == CSV_QUOTED)
        return quote ? CSV_QUOTE_ENDING : CSV_QUOTED;
    if (quote && state != CSV_PLAIN)
        return CSV_QUOTED;
    return c == scan->delimiter || c == '\n' ? CSV_FIELD_START : CSV_PLAIN;
}

/* Write the offsets, from `from`, of the delimiters and line feeds that end a field among
 * `len` bytes (at most CSV_WINDOW). index has room for CSV_INDEX. Returns how many. */
size_t csv_scan_window(struct csv_scan *scan, const char *from, size_t len,
                       uint32_t *index);

/* For tests: how many ways this machine knows, the last of which csv_scan_window takes;
 * and one of them. */
unsigned csv_scan_ways(void);
size_t csv_scan_window_by(unsigned way, struct csv_scan *scan, const char *from,
                          size_t len, uint32_t *index);

#endif
