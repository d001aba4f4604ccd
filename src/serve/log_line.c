/* The log: one event, one line of JSON on standard error. No secret, no path with a
 * token in it, no query, no name: a route's pattern, ids and numbers. Declared in
 * serve/inside.h. */
#include "serve/inside.h"

#include "app/json.h"
#include "base/date.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void log_line(const struct serve *serve, const char *level, const char *event, ...)
{
    va_list args;
    struct buf text = {0};
    json_t *line = json_object();
    bool quiet = serve->options->quiet && strcmp(level, "info") == 0;
    if (line) {
        json_object_set_new(line, "at", json_time(date_now_us()));
        json_object_set_new(line, "level", json_string(level));
        json_object_set_new(line, "event", json_string(event));
    }
    va_start(args, event);
    for (const char *name; (name = va_arg(args, const char *));) {
        json_t *value = va_arg(args, json_t *);
        if (line)
            json_object_set_new(line, name, value);
        else
            json_decref(value);
    }
    va_end(args);
    if (line && !quiet && json_write_compact(line, &text, NULL) == VG_OK) {
        buf_char(&text, '\n');
        /* In one write: lines of several threads do not mix. */
        if (!text.failed && write(STDERR_FILENO, text.ptr, text.len) < 0)
            text.failed = true;
    }
    json_decref(line);
    buf_free(&text);
}

void log_exchange(const struct exchange *exchange, bool whole)
{
    const struct route *route = exchange->route;
    const char *who = exchange->call.who.id;
    unsigned status = exchange->status;
    log_line(exchange->serve,
             status >= 500                    ? "error"
             : status >= 400 && status != 404 ? "warning"
                                              : "info",
             "request", "method",
             json_string(exchange->head ? "HEAD" : method_name(exchange->method)),
             "route",
             json_string(route           ? route->path
                         : status == 200 ? "asset"
                                         : ""),
             "status", json_integer(status), "ms",
             json_integer((date_now_us() - exchange->began_us) / 1000), "bytes",
             json_integer((json_int_t)exchange->answer_bytes), "address",
             json_text(exchange->address ? exchange->address : ""), "who",
             json_text(who ? who : ""), "whole", json_boolean(whole), NULL);
}
