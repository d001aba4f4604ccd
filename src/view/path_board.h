/* path_board: a success path as the report shows it: who is in which phase and how, who
 * wants attention, how many reach each milestone and when. improve/path counts it;
 * app/study_path puts it into these plain structs.
 *
 * Shape      states are numbered as enum path_state of improve/path.h.
 * Ownership  texts and curves are borrowed. */
#ifndef VIEW_PATH_BOARD_H
#define VIEW_PATH_BOARD_H

#include "view/charts.h"

#define BOARD_STATES 6

struct board_phase {
    const char *title, *milestone;
    uint64_t here[BOARD_STATES], passed, left;
    double behind_days, stuck_days;     /* NAN: not known */
    bool by_history;                    /* what those who passed took; else the map's */
    const struct vg_survival *survival; /* from enrolment to its milestone */
};
struct board_client { /* one who wants attention: stuck, silent or behind */
    const char *customer, *state, *phase, *reason;
};
struct path_board {
    const char *state_text[BOARD_STATES];  /* "stuck", in the reader's words */
    const char *states_said[BOARD_STATES]; /* "4 stuck" */
    uint64_t states[BOARD_STATES], client_count;
    const struct board_phase *phases;
    size_t phase_count;
    const struct board_client *attention; /* the most urgent first */
    size_t attention_count;
    double silent_days, arrival_days; /* arrival: median; NAN: nobody has arrived */
    int64_t today_us;
};

/* The share of clients that have passed each milestone, by days since enrolment
 * (Kaplan–Meier, as steps). VG_ERR_MEMORY. */
MUST_CHECK enum vg_code path_curves_draw(struct arena *arena,
                                         const struct path_board *board,
                                         const struct chart_options *options,
                                         struct scene **ret, struct vg_err *err);

#endif
