/* The shapes of the API as TypeScript, made of the OpenAPI document, so that both say the
 * same. Declared in serve/serve.h. */
#include "serve/serve.h"

#include "base/limits.h"

#include <string.h>

static void write_type(struct buf *out, const json_t *schema, int depth);

/* "#/components/schemas/MapDocument/$defs/step" → MapDocumentStep. */
static void write_name(struct buf *out, const char *ref)
{
    static const char below[] = "#/components/schemas/";
    if (strncmp(ref, below, sizeof below - 1) == 0)
        ref += sizeof below - 1;
    size_t len = strcspn(ref, "/");
    buf_add(out, (str){ref, len});
    const char *inner = strstr(ref, "/$defs/");
    if (inner && inner[7]) {
        buf_char(out,
                 (char)(inner[7] >= 'a' && inner[7] <= 'z' ? inner[7] - 32 : inner[7]));
        buf_text(out, inner + 8);
    }
}

static void write_key(struct buf *out, const char *name)
{
    bool plain = name[0] && !strpbrk(name, "-./: $") && !(*name >= '0' && *name <= '9');
    buf_printf(out, plain ? "%s" : "\"%s\"", name);
}

static bool is_needed(const json_t *schema, const char *name)
{
    size_t at;
    const json_t *one;
    json_array_foreach(json_object_get(schema, "required"), at,
                       one) if (strcmp(json_string_value(one), name) == 0) return true;
    return false;
}

static void write_object(struct buf *out, const json_t *schema, int depth)
{
    const json_t *properties = json_object_get(schema, "properties");
    const json_t *others = json_object_get(schema, "additionalProperties");
    const char *name;
    json_t *one;
    if (!json_object_size(properties) && json_is_object(others)) {
        buf_text(out, "Record<string, ");
        write_type(out, others, depth + 1);
        buf_char(out, '>');
        return;
    }
    if (!json_object_size(properties)) {
        buf_text(out, "Record<string, unknown>");
        return;
    }
    buf_text(out, "{ ");
    json_object_foreach((json_t *)(uintptr_t)properties, name, one)
    {
        write_key(out, name);
        buf_text(out, is_needed(schema, name) ? ": " : "?: ");
        write_type(out, one, depth + 1);
        buf_text(out, "; ");
    }
    if (!others || json_is_true(others))
        buf_text(out, "[more: string]: unknown; ");
    buf_char(out, '}');
}

static void write_value(struct buf *out, const json_t *value)
{
    if (json_is_string(value))
        buf_printf(out, "\"%s\"", json_string_value(value));
    else if (json_is_integer(value))
        buf_printf(out, "%lld", (long long)json_integer_value(value));
    else
        buf_text(out, json_is_true(value)    ? "true"
                      : json_is_false(value) ? "false"
                                             : "null");
}

static void write_several(struct buf *out, const json_t *list, const char *between,
                          int depth, bool values)
{
    size_t at;
    const json_t *one;
    json_array_foreach(list, at, one)
    {
        if (at)
            buf_text(out, between);
        if (values)
            write_value(out, one);
        else
            write_type(out, one, depth + 1);
    }
}

static void write_array(struct buf *out, const json_t *schema, int depth)
{
    const json_t *items = json_object_get(schema, "items");
    buf_text(out, "Array<");
    if (items)
        write_type(out, items, depth + 1);
    else
        buf_text(out, "unknown");
    buf_char(out, '>');
}

static void write_kind(struct buf *out, const json_t *schema, const char *type, int depth)
{
    if (strcmp(type, "object") == 0)
        write_object(out, schema, depth);
    else if (strcmp(type, "array") == 0)
        write_array(out, schema, depth);
    else if (strcmp(type, "integer") == 0)
        buf_text(out, "number");
    else
        buf_text(out, type);
}

static void write_type(struct buf *out, const json_t *schema, int depth)
{
    const char *ref = json_string_value(json_object_get(schema, "$ref"));
    const json_t *type = json_object_get(schema, "type");
    const json_t *any = json_object_get(schema, "anyOf");
    const json_t *fixed = json_object_get(schema, "const");
    if (!any)
        any = json_object_get(schema, "oneOf");
    if (depth > LIMIT_DEPTH)
        buf_text(out, "unknown");
    else if (ref)
        write_name(out, ref);
    else if (fixed)
        write_value(out, fixed);
    else if (json_object_get(schema, "enum"))
        write_several(out, json_object_get(schema, "enum"), " | ", depth, true);
    else if (any)
        write_several(out, any, " | ", depth, false);
    else if (json_is_array(type)) {
        for (size_t i = 0; i < json_array_size(type); i++) {
            buf_text(out, i ? " | " : "");
            write_kind(out, schema, json_string_value(json_array_get(type, i)), depth);
        }
    } else if (json_is_string(type))
        write_kind(out, schema, json_string_value(type), depth);
    else if (json_object_get(schema, "properties"))
        write_object(out, schema, depth);
    else
        buf_text(out, "unknown");
}

static void write_one(struct buf *out, const char *name, const json_t *schema)
{
    const char *inner;
    json_t *one;
    buf_printf(out, "export type %s = ", name);
    write_type(out, schema, 0);
    buf_text(out, ";\n");
    json_object_foreach(json_object_get(schema, "$defs"), inner, one)
    {
        buf_printf(out, "export type %s%c%s = ", name,
                   inner[0] >= 'a' && inner[0] <= 'z' ? inner[0] - 32 : inner[0],
                   inner + 1);
        write_type(out, one, 0);
        buf_text(out, ";\n");
    }
}

enum vg_code serve_types(struct buf *out, struct vg_err *err)
{
    json_t *document = serve_openapi();
    const char *name;
    json_t *schema;
    buf_text(out, "/* Made by `viaggio serve --print typescript` from the server’s route "
                  "table: a test "
                  "compares. */\n/* prettier-ignore */\n");
    json_object_foreach(
        json_object_get(json_object_get(document, "components"), "schemas"), name, schema)
        write_one(out, name, schema);
    bool whole = document != NULL;
    json_decref(document);
    return whole && !out->failed ? VG_OK : err_memory(err);
}
