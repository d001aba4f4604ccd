#include "check.h"

#include "base/arena.h"
#include "view/flow_layout.h"
#include "view/flow_pick.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct vg_err err;

static void close_to(double a, double b, double within)
{
    assert_true(fabs(a - b) <= within);
}

/* A small generator of our own: the same numbers on every machine. */
static uint32_t dice_state;
static uint32_t dice(uint32_t sides)
{
    dice_state = dice_state * 1664525u + 1013904223u;
    return (dice_state >> 10) % sides;
}

/* ---- the layout ---- */

static struct flow_graph random_graph(struct arena *arena, size_t boxes, size_t links)
{
    struct flow_graph graph = {
        .boxes = arena_array(arena, struct flow_box, boxes),
        .box_count = boxes,
        .links = arena_array(arena, struct flow_link, links + 2 * boxes),
        .box_gap = 24,
        .line_gap = 12,
        .layer_gap = 20};
    for (size_t i = 0; i < boxes; i++) {
        double half = 20 + dice(60);
        graph.boxes[i] = (struct flow_box){
            .left = half, .right = half + dice(2) * 30, .height = 20 + dice(40)};
    }
    for (size_t i = 2; i < boxes; i++) { /* so that all hang together */
        graph.links[graph.link_count++] = (struct flow_link){0, i, .weight = 1 + dice(9)};
        graph.links[graph.link_count++] = (struct flow_link){i, 1, .weight = 1 + dice(9)};
    }
    for (size_t i = 0; i < links && boxes > 3; i++) {
        size_t a = 2 + dice((uint32_t)boxes - 2), b = 2 + dice((uint32_t)boxes - 2);
        if (a == b)
            continue;
        bool label = dice(2);
        graph.links[graph.link_count++] = (struct flow_link){
            a, b, .weight = 1 + dice(500), .label_width = label ? 30 + dice(80) : 0,
            .label_height = label ? 16 : 0};
    }
    return graph;
}

struct area {
    double x0, y0, x1, y1;
};
static struct area box_area(const struct flow_box *b)
{
    return (struct area){b->x - b->left, b->y, b->x + b->right, b->y + b->height};
}
static struct area label_area(const struct flow_link *l)
{
    return (struct area){
        l->label_x - l->label_width / 2, l->label_y - l->label_height / 2,
        l->label_x + l->label_width / 2, l->label_y + l->label_height / 2};
}
static bool overlap(struct area a, struct area b)
{
    double e = 1e-6;
    return a.x0 < b.x1 - e && b.x0 < a.x1 - e && a.y0 < b.y1 - e && b.y0 < a.y1 - e;
}

static void check_layout(const struct flow_graph *graph, struct arena *arena)
{
    size_t n = 0;
    struct area *areas =
        arena_array(arena, struct area, graph->box_count + graph->link_count);
    for (size_t i = 0; i < graph->box_count; i++)
        areas[n++] = box_area(&graph->boxes[i]);
    for (size_t i = 0; i < graph->link_count; i++)
        if (graph->links[i].label_width > 0)
            areas[n++] = label_area(&graph->links[i]);
    for (size_t i = 0; i < n; i++) {
        assert_true(areas[i].x0 >= -1e-6 && areas[i].x1 <= graph->width + 1e-6);
        assert_true(areas[i].y0 >= -1e-6 && areas[i].y1 <= graph->height + 1e-6);
        for (size_t j = i + 1; j < n; j++)
            assert_false(overlap(areas[i], areas[j]));
    }
    for (size_t i = 0; i < graph->link_count; i++) {
        const struct flow_link *link = &graph->links[i];
        const struct flow_box *upper = &graph->boxes[link->back ? link->to : link->from];
        const struct flow_box *lower = &graph->boxes[link->back ? link->from : link->to];
        const struct flow_station *first = link->stations,
                                  *last = &link->stations[link->station_count - 1];
        assert_true(upper->layer < lower->layer);
        close_to(first->y0, upper->y + upper->height, 1e-6);
        close_to(last->y1, lower->y, 1e-6);
        assert_true(first->x >= upper->x - upper->left &&
                    first->x <= upper->x + upper->right);
        assert_true(last->x >= lower->x - lower->left &&
                    last->x <= lower->x + lower->right);
        for (size_t k = 1; k < link->station_count; k++) {
            assert_true(link->stations[k].y0 >= link->stations[k - 1].y1);
            if (k + 1 < link->station_count) /* a passing line crosses no box */
                for (size_t b = 0; b < graph->box_count; b++) {
                    struct area a = box_area(&graph->boxes[b]);
                    double x = link->stations[k].x;
                    assert_false(x > a.x0 && x < a.x1 &&
                                 link->stations[k].y0 < a.y1 - 1e-6 &&
                                 link->stations[k].y1 > a.y0 + 1e-6);
                }
        }
    }
}

static void no_box_and_no_label_overlaps_in_two_hundred_random_flows(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 200; seed++) {
        struct arena *arena = arena_open(0);
        dice_state = seed;
        struct flow_graph graph = random_graph(arena, 2 + dice(25), dice(60));
        assert_ok(flow_layout(arena, &graph, &err));
        check_layout(&graph, arena);
        arena_close(arena);
    }
}

static void sixty_boxes_with_four_hundred_links_are_laid_out(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    dice_state = 7;
    struct flow_graph graph = random_graph(arena, 62, 280);
    assert_ok(flow_layout(arena, &graph, &err));
    check_layout(&graph, arena);
    arena_close(arena);
}

static void the_heaviest_way_runs_straight(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct flow_box boxes[6];
    for (size_t i = 0; i < 6; i++)
        boxes[i] = (struct flow_box){.left = 40, .right = 40, .height = 30};
    struct flow_link links[] = {
        {0, 2, .weight = 100},
        {2, 3, .weight = 90},
        {3, 4, .weight = 80},
        {4, 1, .weight = 70},
        {2, 5, .weight = 9},
        {5, 4, .weight = 8},
        {4, 2, .weight = 5, .label_width = 50, .label_height = 16},
        {5, 1, .weight = 3},
    };
    struct flow_graph graph = {.boxes = boxes,
                               .box_count = 6,
                               .links = links,
                               .link_count = 8,
                               .box_gap = 20,
                               .line_gap = 10,
                               .layer_gap = 20};
    assert_ok(flow_layout(arena, &graph, &err));
    check_layout(&graph, arena);
    close_to(boxes[0].x, boxes[2].x, 0.01);
    close_to(boxes[2].x, boxes[3].x, 0.01);
    close_to(boxes[3].x, boxes[4].x, 0.01);
    close_to(boxes[4].x, boxes[1].x, 0.01);
    assert_true(links[6].back);
    for (size_t i = 0; i < 6; i++)
        assert_false(links[i].back);
    arena_close(arena);
}

static void a_start_and_an_end_alone_are_laid_out(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct flow_box boxes[2] = {{.left = 5, .right = 5, .height = 10},
                                {.left = 5, .right = 5, .height = 10}};
    struct flow_graph graph = {.boxes = boxes, .box_count = 2};
    assert_ok(flow_layout(arena, &graph, &err));
    arena_close(arena);
}

/* ---- what is picked ---- */

static struct vg_flow random_flow(struct arena *arena, size_t activities)
{
    struct vg_flow flow = {
        .edges = arena_array(arena, struct vg_edge, activities * activities),
        .activities = arena_array(arena, struct vg_activity_count, activities),
        .starts = arena_array(arena, struct vg_activity_count, activities),
        .ends = arena_array(arena, struct vg_activity_count, activities)};
    /* Random traces, so that the counts fit each other. */
    uint64_t *count = arena_array(arena, uint64_t, activities * activities);
    uint64_t *start = arena_array(arena, uint64_t, activities);
    uint64_t *end = arena_array(arena, uint64_t, activities);
    uint64_t *seen = arena_array(arena, uint64_t, activities);
    for (flow.trace_count = 0; flow.trace_count < 300; flow.trace_count++) {
        size_t at = dice(3) % activities;
        start[at]++;
        seen[at]++;
        while (dice(8) != 0) {
            size_t next = dice(4) ? (at + 1) % activities : dice((uint32_t)activities);
            count[at * activities + next]++;
            seen[at = next]++;
        }
        end[at]++;
    }
    const char **names = arena_array(arena, const char *, activities);
    for (size_t i = 0; i < activities; i++) {
        names[i] = arena_printf(arena, "activity %zu", i);
        if (!seen[i])
            continue;
        flow.activities[flow.activity_count++] =
            (struct vg_activity_count){names[i], seen[i]};
        if (start[i])
            flow.starts[flow.start_count++] =
                (struct vg_activity_count){names[i], start[i]};
        if (end[i])
            flow.ends[flow.end_count++] = (struct vg_activity_count){names[i], end[i]};
    }
    for (size_t i = 0; i < activities * activities; i++)
        if (count[i])
            flow.edges[flow.edge_count++] =
                (struct vg_edge){.from = names[i / activities],
                                 .to = names[i % activities],
                                 .count = count[i],
                                 .median_s = 60};
    for (size_t i = 1; i < flow.activity_count; i++) /* most frequent first */
        for (size_t j = i;
             j > 0 && flow.activities[j].count > flow.activities[j - 1].count; j--) {
            struct vg_activity_count t = flow.activities[j];
            flow.activities[j] = flow.activities[j - 1];
            flow.activities[j - 1] = t;
        }
    return flow;
}

static void walk(const struct flow_picked *p, size_t at, bool backwards, bool *reached)
{
    reached[at] = true;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < p->passage_count; i++) {
            size_t near = backwards ? p->passages[i].to : p->passages[i].from;
            size_t far = backwards ? p->passages[i].from : p->passages[i].to;
            if (reached[near] && !reached[far])
                reached[far] = more = true;
        }
    }
}

static bool has_node(const struct flow_picked *p, const char *activity)
{
    for (size_t i = 2; i < p->node_count; i++)
        if (strcmp(p->nodes[i].activity, activity) == 0)
            return true;
    return false;
}

static bool has_passage(const struct flow_picked *p, const struct flow_picked *of,
                        const struct flow_passage *passage)
{
    for (size_t i = 0; i < p->passage_count; i++) {
        const char *a = p->nodes[p->passages[i].from].activity,
                   *b = p->nodes[p->passages[i].to].activity,
                   *c = of->nodes[passage->from].activity,
                   *d = of->nodes[passage->to].activity;
        if ((a == c || (a && c && strcmp(a, c) == 0)) &&
            (b == d || (b && d && strcmp(b, d) == 0)) &&
            (p->passages[i].from == 0) == (passage->from == 0))
            return true;
    }
    return false;
}

static void what_is_drawn_hangs_together_and_grows_with_detail(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 60; seed++) {
        struct arena *arena = arena_open(0);
        dice_state = seed * 77;
        struct vg_flow flow = random_flow(arena, 1 + dice(70));
        struct flow_picked before = {0};
        for (int step = 0; step <= 10; step++) {
            struct flow_picked p;
            assert_ok(flow_pick(arena, &flow, step / 10.0, &p, &err));
            bool forth[80] = {0}, back[80] = {0};
            walk(&p, 0, false, forth);
            walk(&p, 1, true, back);
            for (size_t i = 0; i < p.node_count; i++)
                assert_true(forth[i] && back[i]);
            assert_true(p.node_count <= FLOW_MOST_NODES + 2);
            assert_true(p.shown >= before.shown - 1e-12 && p.shown <= 1);
            for (size_t i = 2; i < before.node_count; i++)
                assert_true(has_node(&p, before.nodes[i].activity));
            for (size_t i = 0; i < before.passage_count; i++)
                assert_true(has_passage(&p, &before, &before.passages[i]));
            before = p;
        }
        if (flow.activity_count <= FLOW_MOST_NODES &&
            flow.edge_count + flow.start_count + flow.end_count <= FLOW_MOST_LINKS)
            close_to(before.shown, 1, 1e-12); /* all of it */
        arena_close(arena);
    }
}

static void an_empty_flow_has_a_start_and_an_end_only(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_flow flow = {0};
    struct flow_picked p;
    assert_ok(flow_pick(arena, &flow, 0.5, &p, &err));
    assert_int_equal(p.node_count, 2);
    assert_int_equal(p.passage_count, 0);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_box_and_no_label_overlaps_in_two_hundred_random_flows),
        cmocka_unit_test(sixty_boxes_with_four_hundred_links_are_laid_out),
        cmocka_unit_test(the_heaviest_way_runs_straight),
        cmocka_unit_test(a_start_and_an_end_alone_are_laid_out),
        cmocka_unit_test(what_is_drawn_hangs_together_and_grows_with_detail),
        cmocka_unit_test(an_empty_flow_has_a_start_and_an_end_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
