/* Declared in app/study_path.h. */
#include "app/study_path.h"

#include "improve/path.h"
#include "view/path_board.h"

#include <math.h>

#define DAY_US (24LL * 3600 * US_PER_S)

_Static_assert(BOARD_STATES == PATH_STATES, "the board shows every state");

/* The most urgent state first. */
static const enum path_state urgent[] = {PATH_STUCK, PATH_SILENT, PATH_BEHIND};

static enum vg_code fill_attention(struct arena *arena, const struct path *path,
                                   struct path_board *board, struct vg_err *err)
{
    struct board_client *list =
        arena_array(arena, struct board_client, path->client_count);
    if (!list)
        return err_memory(err);
    for (size_t u = 0; u < COUNT_OF(urgent); u++)
        for (size_t i = 0; i < path->client_count; i++) {
            const struct path_client *client = &path->clients[i];
            if (client->state != urgent[u])
                continue;
            bool placed = client->phase < path->map->phase_count;
            list[board->attention_count++] = (struct board_client){
                client->customer, path_state_text(client->state),
                placed ? path->map->phases[client->phase].title : "", client->reason};
        }
    board->attention = list;
    return VG_OK;
}

static enum vg_code fill_phases(struct arena *arena, const struct path *path,
                                struct path_board *board, struct vg_err *err)
{
    struct board_phase *phases =
        arena_array(arena, struct board_phase, path->map->phase_count);
    if (!phases)
        return err_memory(err);
    for (size_t i = 0; i < path->map->phase_count; i++) {
        const struct path_phase *from = &path->phases[i];
        phases[i] =
            (struct board_phase){.title = path->map->phases[i].title,
                                 .milestone = path->map->phases[i].milestone,
                                 .passed = from->passed,
                                 .left = from->left,
                                 .behind_days = from->threshold.behind_days,
                                 .stuck_days = from->threshold.stuck_days,
                                 .by_history = from->threshold.from == FROM_HISTORY,
                                 .survival = &path->cohorts[0].survival[i]};
        for (size_t s = 0; s < BOARD_STATES; s++)
            phases[i].here[s] = from->here[s];
    }
    board->phases = phases;
    board->phase_count = path->map->phase_count;
    return VG_OK;
}

static enum vg_code fill_board(struct arena *arena, const struct path *path,
                               struct study *study, struct vg_err *err)
{
    struct path_board *board = arena_new(arena, struct path_board);
    if (!board)
        return err_memory(err);
    for (size_t s = 0; s < BOARD_STATES; s++) {
        board->state_text[s] = path_state_text((enum path_state)s);
        board->states[s] = path->states[s];
        board->states_said[s] =
            path_states_text(arena, (enum path_state)s, path->states[s]);
        if (!board->states_said[s])
            return err_memory(err);
    }
    board->client_count = path->client_count;
    board->silent_days = path->silent_days;
    board->arrival_days = path->cohorts[0].arrival_days;
    board->today_us = path->today_us;
    enum vg_code code = fill_phases(arena, path, board, err);
    if (code == VG_OK)
        code = fill_attention(arena, path, board, err);
    study->path = board;
    return code;
}

/* How many of those who arrived or left ever had a reading at the target. */
static enum vg_code fill_reached(struct arena *arena, const struct path *path,
                                 struct study *study, struct vg_err *err)
{
    struct map_reached *reached =
        arena_array(arena, struct map_reached, path->map->metric_count);
    if (!reached)
        return err_memory(err);
    for (size_t i = 0; i < path->client_count; i++) {
        const struct path_client *client = &path->clients[i];
        if (client->state != PATH_ARRIVED && client->state != PATH_LEFT)
            continue;
        for (size_t m = 0; m < path->map->metric_count; m++) {
            reached[m].clients += client->objectives[m].reading_count > 0;
            reached[m].reached += client->objectives[m].reached_us != INT64_MIN;
        }
    }
    study->reached = reached;
    return VG_OK;
}

/* The end of the last day that was watched. */
static int64_t watched_until(const struct vg_log *log)
{
    int64_t rest = log->last_us % DAY_US;
    return log->last_us - (rest < 0 ? rest + DAY_US : rest) + DAY_US - 1;
}

enum vg_code study_path_fill(struct arena *arena, struct study *study,
                             const struct study_options *options, struct vg_err *err)
{
    struct path *path = arena_new(arena, struct path);
    size_t enrolled = options->enrolment_count;
    bool others = enrolled && options->people_log;
    const struct vg_log *log = others ? options->people_log : study->log;
    bool seen = log && log->events;
    if (study->map->kind != MAP_SUCCESS_PATH || (!seen && !enrolled))
        return VG_OK;
    if (!path)
        return err_memory(err);
    struct path_question question = {.log = seen ? log : NULL,
                                     .map = study->map,
                                     .enrolments = options->enrolments,
                                     .enrolment_count = enrolled,
                                     .today_us = study->now_us};
    if (!enrolled && watched_until(log) < study->now_us)
        question.today_us = watched_until(log);
    enum vg_code code = path_find(arena, &question, path, err);
    if (code == VG_OK)
        code = fill_reached(arena, path, study, err);
    if (code == VG_OK && path->client_count)
        code = fill_board(arena, path, study, err);
    return code;
}
