/* encoding: how the characters of a text file are written, and how to make UTF-8 of them.
 */
#ifndef TEXT_ENCODING_H
#define TEXT_ENCODING_H

#include "base/buf.h"
#include "base/err.h"

enum encoding { ENCODING_UTF8, ENCODING_WINDOWS1252, ENCODING_UTF16LE, ENCODING_UTF16BE };

const char *encoding_text(enum encoding encoding); /* "UTF-8", "Windows-1252" … */
/* "utf-8", "windows-1252", "latin1", "utf-16" (by its mark, else little-endian) …
 * VG_ERR_USAGE: not one we read. */
MUST_CHECK enum vg_code encoding_from_name(const char *name, str bytes,
                                           enum encoding *ret, struct vg_err *err);
/* By its mark (BOM); else UTF-16 when every other byte is mostly zero; else UTF-8 when
 * what is not ASCII is mostly well-formed; else Windows-1252. Files beyond 64 MB are
 * judged by their first 8 MB and 256 slices. */
enum encoding encoding_guess(str bytes);
/* How long the mark at the front is: 0, 2 or 3 bytes. */
size_t encoding_mark(enum encoding encoding, str bytes);
/* Append bytes (without the mark) as UTF-8. *ret_repaired counts what made no sense and
 * became U+FFFD. UTF-8 itself is copied as it is. VG_ERR_LIMIT beyond
 * LIMIT_UNPACKED_BYTES. */
MUST_CHECK enum vg_code encoding_decode(enum encoding encoding, str bytes,
                                        const char *name, struct buf *out,
                                        uint64_t *ret_repaired, struct vg_err *err);

#endif
