/* xml: expat, made safe for files of strangers. The one place that includes it.
 *
 * Refused  any document type (so: no entities of one's own, inside or outside), nesting
 *          beyond LIMIT_DEPTH, a tag or piece longer than XML_PIECE_BYTES.
 * Names come without their prefix ("x:row" is "row"). UTF-8, UTF-16, Latin-1 and
 * Windows-1252 are read; handlers get UTF-8. */
#ifndef TEXT_XML_H
#define TEXT_XML_H

#include "base/err.h"
#include "base/str.h"

#define XML_PIECE_BYTES (8u * 1024 * 1024)

struct xml;
struct xml_handlers {
    /* attributes: name, value, name, value … NULL. Any of the three may be NULL. A code
     * other than VG_OK stops the reading and is what xml_feed returns. */
    enum vg_code (*start)(void *ctx, const char *name, const char *const *attributes,
                          struct vg_err *err);
    enum vg_code (*end)(void *ctx, const char *name, struct vg_err *err);
    enum vg_code (*text)(void *ctx, str text, struct vg_err *err);
};

/* name: the file's, for messages; borrowed, as the handlers are. */
MUST_CHECK enum vg_code xml_open(const char *name, const struct xml_handlers *handlers,
                                 void *ctx, struct xml **ret, struct vg_err *err);
/* The next bytes of the document. VG_ERR_INPUT with "name:line:column". */
MUST_CHECK enum vg_code xml_feed(struct xml *xml, str bytes, bool last,
                                 struct vg_err *err);
void xml_close(struct xml *xml);          /* NULL is fine */
uint64_t xml_line(const struct xml *xml); /* of what a handler is being told */
/* A whole document that is in memory. */
MUST_CHECK enum vg_code xml_read(str bytes, const char *name,
                                 const struct xml_handlers *handlers, void *ctx,
                                 struct vg_err *err);
/* The value of an attribute, or NULL. Prefixes do not count. */
const char *xml_attribute(const char *const *attributes, const char *name);

#endif
