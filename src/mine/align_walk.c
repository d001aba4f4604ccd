/* The optimal alignment of one sequence with the map.
 *
 * cost[i][v] is the least cost of having explained i events and stood at node v of the
 * way (align_parts.h). A step of the table, in this order where costs are equal:
 *
 *     an event the map does not take here   cost[i − 1][v] + 1
 *     a step skipped                        cost[i][before v] + skip_cost v
 *     an event that is the step             cost[i − 1][before v]       if it matches
 *     … that is the repeatable step again   cost[i − 1][v]              if it matches
 *     branches joining                      the least of cost[i][their ends]
 *
 * This is the shortest path in the product of trace and map that defines an optimal
 * alignment (A. Adriansyah, "Aligning Observed and Modeled Behavior", 2014, ch. 4); the
 * map has no cycles but self-loops, so it can be filled row by row. Only the moves of one
 * block of √count rows are kept; the rows between blocks are, and blocks are filled again
 * on the way back (D. S. Hirschberg's idea of 1975, with checkpoints). */
#include "mine/align_parts.h"

#include <math.h>
#include <stdlib.h>

enum { ONE_BLOCK_CELLS = 1 << 20 }; /* up to this many, all moves are kept at once */
enum { CELLS_ROWS, CELLS_CHECKPOINTS, CELLS_MOVES };

void walk_free(struct walk *walk)
{
    free(walk->match);
    free(walk->node);
    free(walk->skip_at);
    free(walk->skip_node);
    for (size_t i = 0; i < COUNT_OF(walk->cells); i++)
        free(walk->cells[i]);
    *walk = (struct walk){0};
}

bool walk_reserve(struct walk *walk, size_t count)
{
    if (count <= walk->capacity && walk->match)
        return true;
    size_t capacity = count < 64 ? 64 : count;
    free(walk->match);
    free(walk->node);
    walk->match = calloc(capacity, sizeof *walk->match);
    walk->node = calloc(capacity, sizeof *walk->node);
    walk->capacity = capacity;
    return walk->match && walk->node;
}

/* One of the worker's buffers with room for `bytes`, or NULL. */
static void *cells(struct walk *walk, size_t which, size_t bytes)
{
    if (bytes > walk->cell_bytes[which] || !walk->cells[which]) {
        free(walk->cells[which]);
        walk->cells[which] = malloc(bytes ? bytes : 1);
        walk->cell_bytes[which] = walk->cells[which] ? bytes : 0;
    }
    return walk->cells[which];
}

/* Fill one row of the table from the one before. */
static void row_fill(const struct way *way, const uint8_t *match, const uint32_t *prev,
                     uint32_t *cur, uint16_t *moves)
{
    cur[0] = prev[0] + 1;
    moves[0] = MOVE_LOG;
    for (size_t v = 1; v < way->node_count; v++) {
        uint16_t step = way->step[v], move = MOVE_LOG;
        uint32_t least = UINT32_MAX;
        if (step == WAY_NO_STEP) {
            uint32_t first = way->join_first[v], end = way->join_first[v + 1];
            for (uint32_t j = first; j < end; j++)
                if (cur[way->join[j]] < least) {
                    least = cur[way->join[j]];
                    move = (uint16_t)(j - first);
                }
            cur[v] = least;
            moves[v] = move;
            continue;
        }
        uint32_t before = way->before[v];
        least = prev[v] + 1;
        uint32_t skip = cur[before] + way->skip_cost[v];
        if (skip < least)
            least = skip, move = MOVE_SKIP;
        if (match[step]) {
            if (prev[before] < least)
                least = prev[before], move = MOVE_SYNC;
            if (way->repeatable[v] && prev[v] < least)
                least = prev[v], move = MOVE_LOOP;
        }
        cur[v] = least;
        moves[v] = move;
    }
}

/* The table while it is filled and read back. */
struct table {
    struct walk *walk;
    const struct way *way;
    size_t count, nodes;
    size_t block;          /* rows whose moves are kept at once */
    uint32_t *rows[2];     /* the row before, the row at hand */
    uint32_t *checkpoints; /* row b × block, for b = 0, 1, … */
    uint16_t *moves;       /* [block][nodes]; or one row while only costs are wanted */
    size_t held;           /* the block whose moves are there; SIZE_MAX: none */
};

/* Rows first + 1 … last from the checkpoint at `first`; the last row ends in rows[0].
 * keep: hold on to the moves. Otherwise set down the checkpoints passed. */
static void rows_fill(struct table *t, size_t first, size_t last, bool keep)
{
    memcpy(t->rows[0], t->checkpoints + first / t->block * t->nodes,
           t->nodes * sizeof *t->rows[0]);
    for (size_t i = first + 1; i <= last; i++) {
        uint16_t *moves = keep ? t->moves + (i - first - 1) * t->nodes : t->moves;
        row_fill(t->way, t->walk->match[i - 1], t->rows[0], t->rows[1], moves);
        uint32_t *swap = t->rows[0];
        t->rows[0] = t->rows[1];
        t->rows[1] = swap;
        if (!keep && i % t->block == 0)
            memcpy(t->checkpoints + i / t->block * t->nodes, t->rows[0],
                   t->nodes * sizeof *t->rows[0]);
    }
}

static uint16_t move_at(struct table *t, size_t i, size_t v)
{
    if (i == 0)
        return t->way->row0_move[v];
    size_t block = (i - 1) / t->block, first = block * t->block;
    if (block != t->held) {
        size_t last = first + t->block < t->count ? first + t->block : t->count;
        rows_fill(t, first, last, true);
        t->held = block;
    }
    return t->moves[(i - first - 1) * t->nodes + v];
}

/* Read the table back from its end, into walk->node and walk->skip_*. */
static void read_back(struct table *t)
{
    struct walk *walk = t->walk;
    const struct way *way = t->way;
    size_t i = t->count, v = t->nodes - 1;
    walk->skip_count = 0;
    while (i > 0 || v > 0) {
        if (v == 0) {
            walk->node[--i] = 0;
            continue;
        }
        uint16_t move = move_at(t, i, v);
        if (way->step[v] == WAY_NO_STEP) {
            v = way->join[way->join_first[v] + move];
        } else if (move == MOVE_LOG) {
            walk->node[--i] = 0;
        } else if (move == MOVE_SKIP) {
            if (way->skip_cost[v]) {
                walk->skip_at[walk->skip_count] = (uint32_t)i;
                walk->skip_node[walk->skip_count++] = (uint16_t)v;
            }
            v = way->before[v];
        } else {
            walk->node[--i] = (uint16_t)v;
            v = move == MOVE_SYNC ? way->before[v] : v;
        }
    }
}

static bool table_open(struct table *t)
{
    struct walk *walk = t->walk;
    bool small = t->count <= ONE_BLOCK_CELLS / t->nodes;
    t->block = small ? t->count : (size_t)ceil(sqrt((double)t->count));
    t->block = t->block ? t->block : 1;
    t->rows[0] = cells(walk, CELLS_ROWS, 2 * t->nodes * sizeof(uint32_t));
    t->checkpoints = cells(walk, CELLS_CHECKPOINTS,
                           (t->count / t->block + 1) * t->nodes * sizeof(uint32_t));
    t->moves = cells(walk, CELLS_MOVES, t->block * t->nodes * sizeof(uint16_t));
    if (!walk->skip_at)
        walk->skip_at = calloc(t->nodes, sizeof *walk->skip_at);
    if (!walk->skip_node)
        walk->skip_node = calloc(t->nodes, sizeof *walk->skip_node);
    if (!t->rows[0] || !t->checkpoints || !t->moves || !walk->skip_at || !walk->skip_node)
        return false;
    t->rows[1] = t->rows[0] + t->nodes;
    memcpy(t->checkpoints, t->way->row0, t->nodes * sizeof *t->checkpoints);
    return true;
}

bool walk_align(struct walk *walk, const struct way *way, size_t count,
                uint32_t *ret_cost)
{
    struct table t = {.walk = walk,
                      .way = way,
                      .count = count,
                      .nodes = way->node_count,
                      .held = SIZE_MAX};
    if (!table_open(&t))
        return false;
    bool whole = t.block >= count;
    rows_fill(&t, 0, count, whole);
    t.held = whole ? 0 : SIZE_MAX;
    *ret_cost = t.rows[0][t.nodes - 1];
    read_back(&t);
    return true;
}
