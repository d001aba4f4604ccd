/* The success path in the report: the board, who wants attention, the curves. */
#include "view/html.h"
#include "view/path_board.h"

#include <math.h>

#define ATTENTION_MAX 30

static const char *lead(struct page *p, const struct path_board *board)
{
    struct buf states = {0};
    for (size_t i = 0; i < BOARD_STATES; i++)
        if (board->states[i])
            buf_printf(&states, "%s%s", states.len ? ", " : "", board->states_said[i]);
    const char *text =
        html_format(p,
                    _n("%s client is on the path: %s.", "%s clients are on the path: %s.",
                       board->client_count),
                    as_count(p, board->client_count), states.ptr ? states.ptr : "");
    buf_free(&states);
    return text;
}

static void number_or_none(struct page *p, uint64_t n)
{
    html_number_cell(p, n ? as_count(p, n) : "–");
}

static void write_board(struct page *p, const struct path_board *board)
{
    const char *headings[BOARD_STATES + 4] = {_("Phase")};
    size_t count = 1;
    for (size_t s = 0; s < 4; s++) /* under way */
        headings[count++] = html_format(p, "#%s", board->state_text[s]);
    headings[count++] = _("#Left here");
    headings[count++] = _("#Passed it");
    headings[count++] = _("#Behind after");
    headings[count++] = _("#Stuck after");
    html_table_open(p, _("Clients by phase"), headings, count);
    for (size_t i = 0; i < board->phase_count; i++) {
        const struct board_phase *phase = &board->phases[i];
        html_row_open(p, phase->title);
        for (size_t s = 0; s < 4; s++)
            number_or_none(p, phase->here[s]);
        number_or_none(p, phase->left);
        number_or_none(p, phase->passed);
        html_number_cell(p, isnan(phase->behind_days)
                                ? "–"
                                : as_duration(p, phase->behind_days * 86400));
        html_number_cell(p, isnan(phase->stuck_days)
                                ? "–"
                                : as_duration(p, phase->stuck_days * 86400));
        html_row_close(p);
    }
    html_table_close(p);
    html_elementf(
        p, "p class=\"note\"",
        _("Behind and stuck are what the phase took those who passed it (median, "
          "90th percentile) once ten have, and what the map says before. Silent: "
          "no sign for more than %s."),
        as_duration(p, board->silent_days * 86400));
}

static void write_attention(struct page *p, const struct path_board *board)
{
    const char *const headings[] = {_("Client"), _("State"), _("Why")};
    size_t shown =
        board->attention_count < ATTENTION_MAX ? board->attention_count : ATTENTION_MAX;
    if (!board->attention_count)
        return;
    html_fold_open(p, _("Who wants attention, and why"), true);
    html_table_open(p,
                    html_format(p, _("%s of %s who want attention"), as_count(p, shown),
                                as_count(p, board->attention_count)),
                    headings, COUNT_OF(headings));
    for (size_t i = 0; i < shown; i++) {
        const struct board_client *client = &board->attention[i];
        html_row_open(p, as_customer(p, client->customer));
        html_cell(p, client->state);
        html_cell(p, client->reason);
        html_row_close(p);
    }
    html_table_close(p);
    html_fold_close(p);
}

static void write_curves(struct page *p, const struct path_board *board)
{
    static const struct {
        const char *id, *class;
        double width;
    } kinds[] = {{"cohort", "wide", 846}, {"cohort-n", "narrow", 312}};
    html_raw(p, "<figure class=\"card\">\n");
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct scene *scene = NULL;
        struct chart_options options = {.id = kinds[i].id, .width = kinds[i].width};
        if (html_ok(p, path_curves_draw(p->arena, board, &options, &scene, p->err)))
            html_figure(p, scene, kinds[i].class);
    }
    html_element(p, "figcaption",
                 _("The share of clients that have passed each milestone, by days since "
                   "they enrolled (Kaplan–Meier; who left counts as not there)."));
    html_raw(p, "</figure>\n");
}

void report_path(struct page *p)
{
    const struct path_board *board = p->study->path;
    html_section_open(p, "path", _("The path of the clients"), lead(p, board));
    write_board(p, board);
    write_curves(p, board);
    write_attention(p, board);
    html_section_close(p);
}
