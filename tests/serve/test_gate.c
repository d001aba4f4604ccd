/* What of HTTP passes, and the parts that need no server to be tried. */
#include "check.h"

#include "serve/inside.h"

#include <stdio.h>

static unsigned feed(const char *text)
{
    struct gate gate = {0};
    return gate_feed(&gate, str_from(text));
}

#define HEAD "GET /a HTTP/1.1\r\nHost: x\r\n"

static void what_is_http_passes_the_gate(void **state)
{
    (void)state;
    static const char *const good[] = {
        HEAD "\r\n",
        HEAD "Content-Length: 3\r\n\r\nabc",
        HEAD "Content-Length:3\r\n\r\nabc" HEAD "\r\n",
        HEAD "Content-Length:\t 3 \t\r\n\r\nabc",
        HEAD "Empty:\r\nX: a b\tc \xC3\xA8\r\n\r\n",
        "GET /?a=b&c=%20 HTTP/1.0\r\n\r\n",
        "M-SEARCH * HTTP/1.1\r\nhOST: x\r\n\r\n",
    };
    for (size_t i = 0; i < COUNT_OF(good); i++)
        if (feed(good[i]) != 0)
            fail_msg("refused by %u: %s", feed(good[i]), good[i]);
}

static void it_knows_where_a_body_ends_and_the_next_head_begins(void **state)
{
    struct gate gate = {0};
    (void)state;
    assert_int_equal(gate_feed(&gate, STR(HEAD "Content-Length: 5\r\n\r\nab")), 0);
    assert_int_equal(gate.state, GATE_BODY);
    assert_int_equal(gate.body_left, 3);
    assert_int_equal(gate_feed(&gate, STR("\n\n\n")), 0); /* a body may be anything */
    assert_true(gate_is_idle(&gate));
    assert_int_equal(gate_feed(&gate, STR("GE")), 0);
    assert_true(gate_in_head(&gate));
    assert_int_equal(gate_feed(&gate, STR("T / HTTP/1.1\n")), 400);
}

static void limits_are_just_where_they_are_said_to_be(void **state)
{
    static char text[GATE_HEAD_BYTES * 2];
    (void)state;
    for (int over = 0; over < 2; over++) {
        int path = GATE_LINE_BYTES - (int)strlen("GET / HTTP/1.1\r") + over;
        snprintf(text, sizeof text, "GET /%0*d HTTP/1.1\r\nHost: x\r\n\r\n", path, 0);
        assert_int_equal(feed(text), over ? 414 : 0);
        char *at = text + sprintf(text, "%s", HEAD);
        for (int i = 1; i < GATE_HEADER_COUNT + over; i++)
            at += sprintf(at, "a: b\r\n");
        sprintf(at, "\r\n");
        assert_int_equal(feed(text), over ? 431 : 0);
    }
}

static void a_route_is_found_by_its_whole_path(void **state)
{
    struct route_found found;
    (void)state;
    route_find(METHOD_GET, "/api/v1/maps/abc", &found);
    assert_non_null(found.route);
    assert_string_equal(found.route->path, "/maps/{id}");
    assert_int_equal(found.param_len[0], 3);
    route_find(METHOD_GET, "/api/v1/pictures/poster.svg", &found);
    assert_non_null(found.route);
    assert_memory_equal(found.param[0], "poster", found.param_len[0]);
    assert_memory_equal(found.param[1], "svg", found.param_len[1]);
    static const char *const none[] = {
        "/maps/abc", "/api/v1/maps/",  "/api/v1/maps//checks",
        "/api/v1",   "/api/v1/health", "/healthy"};
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        route_find(METHOD_GET, none[i], &found);
        assert_null(found.route);
    }
    route_find(METHOD_PUT, "/api/v1/people", &found);
    assert_null(found.route);
    assert_int_equal(found.methods, 1U << METHOD_GET);
}

static void an_address_is_in_a_net_or_not(void **state)
{
    static const struct {
        const char *net, *address;
        bool in;
    } rows[] = {
        {"127.0.0.1", "127.0.0.1", true},
        {"127.0.0.1", "127.0.0.2", false},
        {"10.0.0.0/8", "10.9.8.7", true},
        {"10.0.0.0/8", "11.0.0.1", false},
        {"10.0.0.0/31", "10.0.0.1", true},
        {"10.0.0.0/31", "10.0.0.2", false},
        {"0.0.0.0/0", "8.8.8.8", true},
        {"0.0.0.0/0", "::1", false},
        {"fd00::/8", "fd12::1", true},
        {"fd00::/8", "fe80::1", false},
        {"::1", "::1", true},
        {"unix", "unix", true},
        {"10.0.0.0/33", "10.0.0.0", false},
        {"nonsense", "10.0.0.1", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (address_in(rows[i].net, rows[i].address) != rows[i].in)
            fail_msg("%s in %s", rows[i].address, rows[i].net);
}

static void names_of_loopback_are_those_and_no_others(void **state)
{
    static const char *const good[] = {"127.0.0.1",  "127.0.0.1:80", "localhost:8020",
                                       "[::1]:8020", "[::1]",        "127.1.2.3:1"};
    static const char *const bad[] = {"",           "esempio.it",  "127.0.0.1.esempio.it",
                                      "localhost.", "127.0.0.256", "localhost:80@x",
                                      "::1",        "0.0.0.0",     "[::2]"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        if (!address_is_loopback_name(good[i]))
            fail_msg("%s", good[i]);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (address_is_loopback_name(bad[i]))
            fail_msg("%s", bad[i]);
}

static void every_row_holds_together(void **state)
{
    (void)state;
    assert_true(route_count() > 80);
    for (size_t i = 0; i < route_count(); i++) {
        const struct route *row = route_at(i);
        if (!row->run || !row->about || row->path[0] != '/')
            fail_msg("%s", row->path);
        if ((row->flags & (ROUTE_PAGED | ROUTE_LIST)) && !row->answer)
            fail_msg("%s: a list of what?", row->path);
        if (row->method == METHOD_GET && (row->body || (row->flags & ROUTE_STREAM)))
            fail_msg("%s: a GET with a body", row->path);
        for (size_t j = 0; j < i; j++)
            if (row->method == route_at(j)->method &&
                strcmp(row->path, route_at(j)->path) == 0)
                fail_msg("%s stands there twice", row->path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_http_passes_the_gate),
        cmocka_unit_test(it_knows_where_a_body_ends_and_the_next_head_begins),
        cmocka_unit_test(limits_are_just_where_they_are_said_to_be),
        cmocka_unit_test(a_route_is_found_by_its_whole_path),
        cmocka_unit_test(an_address_is_in_a_net_or_not),
        cmocka_unit_test(names_of_loopback_are_those_and_no_others),
        cmocka_unit_test(every_row_holds_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
