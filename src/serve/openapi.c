/* The OpenAPI 3.1 document, made of the route table. Declared in serve/serve.h. */
#include "serve/document.h"
#include "serve/route.h"
#include "serve/serve.h"
#include "serve/tables.h"

#include "base/limits.h"

#include <stdio.h>
#include <string.h>

static const char *const open_scheme = "#/components/schemas/";

/* Add to an object; a failure shows at the end, since NULL values fail, too. */
static bool put(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new(object, name, value) == 0;
}

static json_t *ref_to(const char *name)
{
    char text[200];
    snprintf(text, sizeof text, "%s%s", open_scheme, name);
    return json_pack("{s:s}", "$ref", text);
}

/* "path-client" → "PathClientDocument". */
static void document_name(const char *schema, char ret[static 100])
{
    size_t len = 0;
    bool capital = true;
    for (; *schema && *schema != '.' && len < 80; schema++) {
        if (*schema != '-')
            ret[len++] = capital && *schema >= 'a' && *schema <= 'z'
                             ? (char)(*schema - 32)
                             : *schema;
        capital = *schema == '-';
    }
    snprintf(ret + len, 100 - len, "Document");
}

/* ---- fields ---- */

static json_t *list_of(json_t *items, size_t most)
{
    json_t *list = json_pack("{s:s, s:o}", "type", "array", "items", items);
    if (list && most)
        put(list, "maxItems", json_integer((json_int_t)most));
    return list;
}

static json_t *choice(const char *choices)
{
    json_t *list = json_array();
    str rest = {choices, strlen(choices)};
    while (rest.ptr) {
        str one = str_cut(&rest, '|');
        json_array_append_new(list, json_stringn(one.ptr, one.len));
    }
    return json_pack("{s:s, s:o}", "type", "string", "enum", list);
}

static json_t *object_of(const struct field *fields);

static json_t *members(const struct field *field)
{
    return field->shape ? ref_to(field->shape->name) : object_of(field->fields);
}

static json_t *any_of(const struct field *field)
{
    char name[100];
    if (!field->schema)
        return json_object();
    document_name(field->schema, name);
    return ref_to(name);
}

static json_t *plain(const struct field *field)
{
    switch (field->kind) {
    case FIELD_CHOICE:
        return choice(field->choices);
    case FIELD_FLAG:
        return json_pack("{s:s}", "type", "boolean");
    case FIELD_COUNT:
        return json_pack("{s:s, s:i}", "type", "integer", "minimum", 0);
    case FIELD_NUMBER:
        return json_pack("{s:s}", "type", "number");
    case FIELD_TIME:
        return json_pack("{s:s, s:s}", "type", "string", "format", "date-time");
    case FIELD_TEXTS:
        return list_of(json_pack("{s:s}", "type", "string"), field->items);
    case FIELD_NUMBERS:
        return list_of(json_pack("{s:[ss]}", "type", "number", "null"), field->items);
    case FIELD_OBJECT:
        return members(field);
    case FIELD_OBJECTS:
        return list_of(members(field), field->items);
    case FIELD_MAP:
        return json_pack("{s:s, s:o}", "type", "object", "additionalProperties",
                         members(field));
    case FIELD_ANY:
        return any_of(field);
    case FIELD_ANYS:
        return list_of(any_of(field), field->items);
    default:
        return json_pack("{s:s}", "type", "string");
    }
}

static json_t *schema_of(const struct field *field)
{
    json_t *schema = plain(field);
    if (!schema || !field->nullable || field->kind == FIELD_ANY)
        return schema;
    const json_t *type = json_object_get(schema, "type");
    if (type && !json_object_get(schema, "enum")) {
        put(schema, "type", json_pack("[ss]", json_string_value(type), "null"));
        return schema;
    }
    return json_pack("{s:[o{s:s}]}", "anyOf", schema, "type", "null");
}

static json_t *object_of(const struct field *fields)
{
    json_t *properties = json_object(), *needed = json_array();
    for (; fields && fields->kind != FIELD_END; fields++) {
        put(properties, fields->name, schema_of(fields));
        if (fields->needed)
            json_array_append_new(needed, json_string(fields->name));
    }
    json_t *object = json_pack("{s:s, s:o, s:b}", "type", "object", "properties",
                               properties, "additionalProperties", 0);
    if (object && json_array_size(needed))
        return put(object, "required", needed), object;
    json_decref(needed);
    return object;
}

/* ---- shapes: every one that a route or a field names ---- */

static void collect(json_t *schemas, const struct shape *shape);

static void collect_fields(json_t *schemas, const struct field *fields)
{
    for (; fields && fields->kind != FIELD_END; fields++) {
        if (fields->shape)
            collect(schemas, fields->shape);
        collect_fields(schemas, fields->fields);
    }
}

static void collect(json_t *schemas, const struct shape *shape)
{
    char name[100];
    if (json_object_get(schemas, shape->name))
        return;
    if (shape->schema) {
        document_name(shape->schema, name);
        put(schemas, shape->name, ref_to(name));
    } else if (shape->fields) {
        put(schemas, shape->name, object_of(shape->fields));
        collect_fields(schemas, shape->fields);
    } else {
        put(schemas, shape->name, json_pack("{s:s}", "type", "object"));
    }
}

/* Point what a published schema names to where it stands here. */
static void move_refs(json_t *json, const char *name, int depth)
{
    const char *key, *ref = json_string_value(json_object_get(json, "$ref"));
    char text[300], other[100];
    size_t at;
    json_t *value;
    if (depth > LIMIT_DEPTH)
        return;
    if (ref && ref[0] == '#') {
        snprintf(text, sizeof text, "%s%s%s", open_scheme, name, ref + 1);
        put(json, "$ref", json_string(text));
    } else if (ref) {
        document_name(ref, other);
        snprintf(text, sizeof text, "%s%s", open_scheme, other);
        put(json, "$ref", json_string(text));
    }
    if (json_is_object(json))
        json_object_foreach(json, key, value) move_refs(value, name, depth + 1);
    json_array_foreach(json, at, value) move_refs(value, name, depth + 1);
}

static void add_documents(json_t *schemas)
{
    for (size_t i = 0; i < document_count; i++) {
        char name[100];
        json_t *json = NULL;
        str text = {(const char *)documents[i].text, *documents[i].len};
        document_name(documents[i].name, name);
        if (json_read(text, documents[i].name, LIMIT_MAP_BYTES, &json, NULL) != VG_OK)
            continue;
        json_object_del(json, "$id");
        json_object_del(json, "$schema");
        move_refs(json, name, 0);
        put(schemas, name, json);
    }
}

/* ---- routes ---- */

static json_t *parameter(const struct field *field, const char *where)
{
    bool path = strcmp(where, "path") == 0;
    json_t *schema = field->kind == FIELD_FLAG ? choice("0|1") : plain(field);
    json_t *json = json_pack("{s:s, s:s, s:b, s:o}", "name", field->name, "in", where,
                             "required", path || field->needed, "schema", schema);
    if (json && field->kind == FIELD_TEXTS) {
        put(json, "style", json_string("form"));
        put(json, "explode", json_true());
    }
    return json;
}

static void add_parameters(json_t *list, const struct field *fields)
{
    for (; fields && fields->kind != FIELD_END; fields++)
        json_array_append_new(list, parameter(fields, "query"));
}

static json_t *parameters(const struct route *route)
{
    static const struct field lang = {"lang", FIELD_CHOICE, .choices = "it|en"};
    static const struct field match = {"If-Match", FIELD_TEXT, .needed = true};
    static const struct field link = {"X-Path-Token", FIELD_TEXT, .needed = true};
    json_t *list = json_array();
    const char *open = route->path;
    while ((open = strchr(open, '{'))) {
        char name[50];
        size_t len = strcspn(++open, "}");
        snprintf(name, sizeof name, "%.*s", (int)len, open);
        struct field field = {name, FIELD_TEXT, .needed = true};
        json_array_append_new(list, parameter(&field, "path"));
    }
    add_parameters(list, route->query);
    if (route->flags & ROUTE_FILTER)
        add_parameters(list, filter_fields);
    if (route->flags & ROUTE_PAGED)
        add_parameters(list, page_fields);
    json_array_append_new(list, parameter(&lang, "query"));
    if (route->flags & ROUTE_MATCH)
        json_array_append_new(list, parameter(&match, "header"));
    if (route->flags & ROUTE_LINK)
        json_array_append_new(list, parameter(&link, "header"));
    return list;
}

static json_t *content(const char *type, json_t *schema)
{
    return json_pack("{s:{s:o}}", type, "schema", schema);
}

static json_t *answer_schema(const struct route *route)
{
    json_t *one = ref_to(route->answer->name);
    if (!(route->flags & (ROUTE_PAGED | ROUTE_LIST)))
        return one;
    return json_pack("{s:s, s:[ss], s:{s:o, s:{s:[ss]}}, s:b}", "type", "object",
                     "required", "items", "next", "properties", "items", list_of(one, 0),
                     "next", "type", "string", "null", "additionalProperties", 0);
}

static json_t *responses(const struct route *route)
{
    char status[12];
    json_t *json = json_object(), *good = json_pack("{s:s}", "description", "done");
    bool something = route->answer || route->type || (route->flags & ROUTE_ASYNC);
    unsigned wanted = route->flags & ROUTE_ASYNC ? 202 : something ? 200 : 204;
    snprintf(status, sizeof status, "%u", route->status ? route->status : wanted);
    if (route->flags & ROUTE_ASYNC)
        put(good, "content", content("application/json", ref_to("JobStarted")));
    else if (route->answer)
        put(good, "content", content("application/json", answer_schema(route)));
    else if (route->type)
        put(good, "content",
            content(strchr(route->type, '/') ? route->type : "application/octet-stream",
                    json_object()));
    put(json, status, good);
    put(json, "default",
        json_pack("{s:s, s:o}", "description", "an error (RFC 9457)", "content",
                  content("application/problem+json", ref_to("Problem"))));
    return json;
}

static json_t *request_body(const struct route *route)
{
    const char *type = route->flags & ROUTE_STREAM ? "application/octet-stream"
                       : route->flags & ROUTE_FORM ? "application/x-www-form-urlencoded"
                                                   : "application/json";
    json_t *schema = route->body ? object_of(route->body) : json_object();
    return json_pack("{s:b, s:o}", "required", 1, "content", content(type, schema));
}

static json_t *operation(const struct route *route)
{
    json_t *json =
        json_pack("{s:s, s:o, s:o, s:s}", "summary", route->about, "parameters",
                  parameters(route), "responses", responses(route), "x-role",
                  route->rank ? rank_name(route->rank) : "open");
    char id[200] = "";
    snprintf(id, sizeof id, "%s%s", method_name(route->method), route->path);
    for (char *c = id; *c; c++)
        if (strchr("/{}.-", *c))
            *c = '_';
    put(json, "operationId", json_string(id));
    if (route->body || (route->flags & (ROUTE_STREAM | ROUTE_FORM)))
        put(json, "requestBody", request_body(route));
    if (route->rank == RANK_NOBODY)
        put(json, "security", json_array());
    return json;
}

static json_t *paths(void)
{
    json_t *all = json_object();
    for (size_t i = 0; i < route_count(); i++) {
        const struct route *route = route_at(i);
        char path[200], method[8] = "";
        snprintf(path, sizeof path, "%s%s", route->flags & ROUTE_ROOT ? "" : "/api/v1",
                 route->path);
        const char *upper = method_name(route->method);
        for (size_t c = 0; upper[c]; c++)
            method[c] = (char)(upper[c] + 32);
        json_t *item = json_object_get(all, path);
        if (!item && put(all, path, json_object()))
            item = json_object_get(all, path);
        put(item, method, operation(route));
    }
    return all;
}

static json_t *components(void)
{
    static const struct field started_fields[] = {{"job", FIELD_TEXT, .needed = true},
                                                  {0}};
    static const struct shape started = {"JobStarted", started_fields, NULL};
    json_t *schemas = json_object();
    collect(schemas, &shape_problem);
    collect(schemas, &started);
    for (size_t i = 0; i < route_count(); i++) {
        if (route_at(i)->answer)
            collect(schemas, route_at(i)->answer);
        collect_fields(schemas, route_at(i)->body);
    }
    add_documents(schemas);
    return json_pack("{s:o, s:{s:{s:s, s:s, s:s}, s:{s:s, s:s}}}", "schemas", schemas,
                     "securitySchemes", "session", "type", "apiKey", "in", "cookie",
                     "name", "__Host-viaggio", "token", "type", "http", "scheme",
                     "bearer");
}

json_t *serve_openapi(void)
{
    return json_pack(
        "{s:s, s:{s:s, s:s, s:s, s:{s:s, s:s}}, s:[{s:s}], s:[{s:[]}, {s:[]}], s:o, s:o}",
        "openapi", "3.1.0", "info", "title", "Viaggio", "version", VIAGGIO_VERSION,
        "description",
        "Customer journeys: what people believe held against what happens. Writing with "
        "the session’s cookie needs the header X-CSRF-Token (GET /api/v1/session) and a "
        "fitting Origin; programs use a token.",
        "license", "name", "Apache-2.0", "identifier", "Apache-2.0", "servers", "url",
        "/", "security", "session", "token", "paths", paths(), "components",
        components());
}
