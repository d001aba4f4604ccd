#include "text/xml.h"

#include "base/lang.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { FEED_BYTES = 1024 * 1024 };

struct xml {
    XML_Parser parser;
    const struct xml_handlers *handlers;
    void *ctx;
    const char *name;
    enum vg_code code; /* why reading was stopped */
    struct vg_err *err;
    size_t depth;
    uint64_t fed, heard; /* bytes given; where the last handler was called */
};

static const char *local_name(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static void place(const struct xml *xml, char out[512])
{
    snprintf(out, 512, "%s:%llu:%llu", xml->name,
             (unsigned long long)XML_GetCurrentLineNumber(xml->parser),
             (unsigned long long)XML_GetCurrentColumnNumber(xml->parser) + 1);
}

static void stop(struct xml *xml, enum vg_code code)
{
    if (code == VG_OK || xml->code != VG_OK)
        return;
    xml->code = code;
    XML_StopParser(xml->parser, XML_FALSE);
}

static void hear(struct xml *xml)
{
    XML_Index at = XML_GetCurrentByteIndex(xml->parser);
    xml->heard = at > 0 ? (uint64_t)at : 0;
}

static void on_start(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
    struct xml *xml = ctx;
    if (xml->code != VG_OK)
        return;
    hear(xml);
    if (++xml->depth > LIMIT_DEPTH) {
        char where[512];
        place(xml, where);
        err_set(xml->err, VG_ERR_LIMIT, where,
                _("elements are nested more than %d deep, as no honest file does"),
                LIMIT_DEPTH);
        stop(xml, VG_ERR_LIMIT);
        return;
    }
    if (xml->handlers->start)
        stop(xml, xml->handlers->start(xml->ctx, local_name(name),
                                       (const char *const *)attributes, xml->err));
}

static void on_end(void *ctx, const XML_Char *name)
{
    struct xml *xml = ctx;
    if (xml->code != VG_OK)
        return;
    hear(xml);
    xml->depth--;
    if (xml->handlers->end)
        stop(xml, xml->handlers->end(xml->ctx, local_name(name), xml->err));
}

static void on_text(void *ctx, const XML_Char *text, int len)
{
    struct xml *xml = ctx;
    if (xml->code != VG_OK)
        return;
    hear(xml);
    if (xml->handlers->text)
        stop(xml, xml->handlers->text(xml->ctx, (str){text, (size_t)len}, xml->err));
}

static void on_doctype(void *ctx, const XML_Char *name, const XML_Char *system,
                       const XML_Char *public, int has_internal)
{
    struct xml *xml = ctx;
    (void)name, (void)system, (void)public, (void)has_internal;
    char where[512];
    place(xml, where);
    err_set(xml->err, VG_ERR_INPUT, where, "%s",
            _("it declares a document type (<!DOCTYPE …>), which is not read: it could "
              "reach for other files or grow without end"));
    err_hint(xml->err, "%s", _("export the file again without it, or delete that part"));
    stop(xml, VG_ERR_INPUT);
}

static int on_encoding(void *ctx, const XML_Char *name, XML_Encoding *info)
{
    (void)ctx;
    if (strcasecmp(name, "windows-1252") != 0 && strcasecmp(name, "cp1252") != 0)
        return XML_STATUS_ERROR;
    for (int i = 0; i < 256; i++) {
        struct buf utf8 = {0};
        char byte = (char)i;
        utf8_append_windows1252(&utf8, (str){&byte, 1});
        size_t n;
        info->map[i] = utf8.failed ? -1 : (int)utf8_decode(buf_str(&utf8), &n);
        buf_free(&utf8);
    }
    info->data = NULL;
    info->convert = NULL;
    info->release = NULL;
    return XML_STATUS_OK;
}

enum vg_code xml_open(const char *name, const struct xml_handlers *handlers, void *ctx,
                      struct xml **ret, struct vg_err *err)
{
    struct xml *xml = calloc(1, sizeof *xml);
    if (!xml || !(xml->parser = XML_ParserCreate(NULL))) {
        free(xml);
        return err_memory(err);
    }
    xml->handlers = handlers;
    xml->ctx = ctx;
    xml->name = name;
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, on_start, on_end);
    XML_SetCharacterDataHandler(xml->parser, on_text);
    XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
    XML_SetUnknownEncodingHandler(xml->parser, on_encoding, NULL);
    *ret = xml;
    return VG_OK;
}

static enum vg_code syntax_error(struct xml *xml, struct vg_err *err)
{
    enum XML_Error fault = XML_GetErrorCode(xml->parser);
    char where[512];
    if (fault == XML_ERROR_NO_MEMORY)
        return err_memory(err);
    place(xml, where);
    if (fault == XML_ERROR_NO_ELEMENTS || fault == XML_ERROR_UNCLOSED_TOKEN ||
        fault == XML_ERROR_UNCLOSED_CDATA_SECTION)
        err_set(err, VG_ERR_INPUT, where, "%s", _("the XML is cut off"));
    else
        err_set(err, VG_ERR_INPUT, where, _("this is not correct XML (%s)"),
                XML_ErrorString(fault));
    return VG_ERR_INPUT;
}

enum vg_code xml_feed(struct xml *xml, str bytes, bool last, struct vg_err *err)
{
    xml->err = err;
    do {
        size_t n = bytes.len < FEED_BYTES ? bytes.len : FEED_BYTES;
        bool final = last && n == bytes.len;
        enum XML_Status status = XML_Parse(xml->parser, bytes.ptr, (int)n, final);
        if (xml->code != VG_OK)
            return xml->code;
        if (status != XML_STATUS_OK)
            return syntax_error(xml, err);
        xml->fed += n;
        if (xml->fed > xml->heard && xml->fed - xml->heard > XML_PIECE_BYTES) {
            char where[512];
            place(xml, where);
            err_set(err, VG_ERR_LIMIT, where,
                    _("a piece of the XML is longer than %u MB"), XML_PIECE_BYTES >> 20);
            return VG_ERR_LIMIT;
        }
        bytes.ptr += n;
        bytes.len -= n;
    } while (bytes.len > 0);
    return VG_OK;
}

void xml_close(struct xml *xml)
{
    if (!xml)
        return;
    XML_ParserFree(xml->parser);
    free(xml);
}

uint64_t xml_line(const struct xml *xml)
{
    return XML_GetCurrentLineNumber(xml->parser);
}

enum vg_code xml_read(str bytes, const char *name, const struct xml_handlers *handlers,
                      void *ctx, struct vg_err *err)
{
    struct xml *xml;
    enum vg_code code = xml_open(name, handlers, ctx, &xml, err);
    if (code != VG_OK)
        return code;
    code = xml_feed(xml, bytes, true, err);
    xml_close(xml);
    return code;
}

const char *xml_attribute(const char *const *attributes, const char *name)
{
    for (; attributes[0]; attributes += 2)
        if (strcmp(local_name(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}
