/* The gates of one client: proofs, which are passed and how, where that leaves them. */
#include "base/lang.h"
#include "improve/path_parts.h"

#include <math.h>
#include <stdlib.h>

/* ---- steps ---- */

/* One branch of the choice that begins at `step`: how many of its steps are done, the
 * first that is not, when the last was. */
struct branch {
    size_t done, next; /* next SIZE_MAX: all */
    int64_t done_us;
};
static struct branch branch_at(const struct vg_map *map, const struct path_done *steps,
                               size_t step, size_t end)
{
    struct branch branch = {0, SIZE_MAX, NEVER_US};
    for (size_t i = step; i < end; i++) {
        if (strcmp(map->steps[i].choice, map->steps[step].choice) != 0 ||
            strcmp(map->steps[i].branch, map->steps[step].branch) != 0 ||
            map->steps[i].optional)
            continue;
        if (steps[i].count) {
            branch.done++;
            branch.done_us =
                branch.done_us > steps[i].first_us ? branch.done_us : steps[i].first_us;
        } else if (branch.next == SIZE_MAX) {
            branch.next = i;
        }
    }
    return branch;
}

/* The choice that begins at `step`: the branch that was done first, else the one with
 * most of it done. *ret_end: behind the choice. */
static struct branch choice_at(const struct vg_map *map, const struct path_done *steps,
                               size_t step, size_t end, size_t *ret_end)
{
    struct branch best = branch_at(map, steps, step, end);
    size_t i = step;
    for (; i < end && strcmp(map->steps[i].choice, map->steps[step].choice) == 0; i++) {
        struct branch other = branch_at(map, steps, i, end);
        bool whole = other.next == SIZE_MAX, whole_best = best.next == SIZE_MAX;
        if (whole != whole_best ? whole
            : whole             ? earlier(other.done_us, best.done_us)
                                : other.done > best.done)
            best = other;
    }
    *ret_end = i;
    return best;
}

size_t path_next_step(const struct vg_map *map, const struct path_done *steps,
                      size_t phase, int64_t *ret_done_us)
{
    size_t i = map->phases[phase].first_step;
    size_t end = i + map->phases[phase].step_count;
    int64_t done_us = NEVER_US;
    while (i < end) {
        struct branch one = {0, steps[i].count || map->steps[i].optional ? SIZE_MAX : i,
                             map->steps[i].optional ? NEVER_US : steps[i].first_us};
        size_t after = i + 1;
        if (map->steps[i].choice[0])
            one = choice_at(map, steps, i, end, &after);
        if (one.next != SIZE_MAX)
            return one.next;
        done_us = one.done_us > done_us ? one.done_us : done_us;
        i = after;
    }
    *ret_done_us = done_us;
    return SIZE_MAX;
}

/* ---- proofs ---- */

/* An objective's proof: so many readings at the target. */
static void objective_held(const struct leading *leading, const struct map_proof *proof,
                           struct path_proof *held)
{
    const struct vg_map *map = leading->finding->map;
    uint64_t enough = proof->at_least > 0 ? (uint64_t)proof->at_least : 1;
    for (size_t m = 0; m < map->metric_count; m++) {
        const struct path_objective *objective = &leading->client->objectives[m];
        if (strcmp(map->metrics[m].id, proof->metric) != 0)
            continue;
        for (size_t i = 0; i < objective->reading_count; i++) {
            double value = objective->readings[i].value;
            bool there = map->metrics[m].down_is_good ? value <= objective->target
                                                      : value >= objective->target;
            if (there && ++held->count == enough)
                held->held_us = objective->readings[i].at_us;
        }
    }
}

/* What is given by hand is kept as an event of the log, too: told already? */
static bool proof_told(const struct path_client *client, size_t phase, size_t index,
                       int64_t at_us)
{
    for (size_t i = 0; i < client->history_count; i++) {
        const struct path_happening *what = &client->history[i];
        if (what->kind == HAPPENED_PROOF && what->phase == phase &&
            what->index == index && what->at_us == at_us)
            return true;
    }
    return false;
}

static enum vg_code proof_fill(struct leading *leading, size_t phase, size_t index)
{
    const struct map_proof *proof = &leading->finding->map->phases[phase].proofs[index];
    struct path_proof *held = &leading->client->gates[phase].held[index];
    const struct path_enrolment *enrolment = leading->enrolment;
    enum vg_code code = VG_OK;
    uint64_t count = 0;
    if (proof->kind == PROOF_OBJECTIVE) {
        objective_held(leading, proof, held);
        return VG_OK;
    }
    for (size_t i = 0; code == VG_OK && enrolment && i < enrolment->confirmation_count;
         i++) {
        const struct path_confirmation *given = &enrolment->confirmations[i];
        if (strcmp(given->proof, proof->id) != 0 ||
            given->at_us > leading->finding->question->today_us)
            continue;
        count++;
        if (earlier(given->at_us, held->held_us))
            held->held_us = given->at_us;
        if (proof_told(leading->client, phase, index, given->at_us))
            continue;
        code = path_happened(
            leading,
            (struct path_happening){given->at_us, HAPPENED_PROOF, index, phase, SIZE_MAX,
                                    proof->text, given->text ? given->text : "", NAN});
    }
    if (count > held->count)
        held->count = count;
    return code;
}

/* When all required proofs are held; *ret_any: there are such. Of a phase that has
 * neither milestone nor proofs: when all its steps are done. */
static int64_t proofs_held(const struct leading *leading, size_t phase)
{
    const struct map_phase *shape = &leading->finding->map->phases[phase];
    const struct path_client *client = leading->client;
    int64_t held_us = NEVER_US;
    bool any = false;
    for (size_t i = 0; i < shape->proof_count; i++) {
        int64_t one_us = client->gates[phase].held[i].held_us;
        if (!shape->proofs[i].required)
            continue;
        if (one_us == NEVER_US)
            return NEVER_US;
        any = true;
        held_us = one_us > held_us ? one_us : held_us;
    }
    if (!any && !shape->proof_count && !shape->match_count &&
        !str_trim(str_from(shape->milestone)).len &&
        path_next_step(leading->finding->map, client->steps, phase, &held_us) != SIZE_MAX)
        return NEVER_US;
    return held_us;
}

/* ---- gates ---- */

static void hands_fill(struct leading *leading, size_t phase)
{
    const struct path_enrolment *enrolment = leading->enrolment;
    struct path_gate *gate = &leading->client->gates[phase];
    const char *id = leading->finding->map->phases[phase].id;
    for (size_t i = 0; enrolment && i < enrolment->hand_count; i++) {
        const struct path_hand *hand = &enrolment->hands[i];
        if (strcmp(hand->phase, id) != 0 ||
            hand->at_us > leading->finding->question->today_us ||
            earlier(gate->passed_us, hand->at_us))
            continue; /* of the same moment the one that has a reason */
        gate->passed_us = hand->at_us;
        gate->how = GATE_BY_HAND;
        gate->who = hand->who ? hand->who : "";
        gate->why = hand->why ? hand->why : "";
    }
    if (gate->passed_us != NEVER_US && gate->passed_us < leading->client->at_us)
        gate->passed_us = leading->client->at_us; /* the day of the enrolment */
}

/* The gate at `phase`, entered at `entered_us`; `later_us`: when one behind it was
 * passed. */
static void gate_fill(struct leading *leading, size_t phase, int64_t entered_us,
                      int64_t later_us)
{
    struct path_gate *gate = &leading->client->gates[phase];
    int64_t held_us = entered_us == NEVER_US ? NEVER_US : proofs_held(leading, phase);
    if (held_us != NEVER_US && held_us < entered_us)
        held_us = entered_us;
    if (earlier(held_us, gate->passed_us)) {
        gate->passed_us = held_us;
        gate->how = GATE_BY_PROOFS;
        gate->who = gate->why = "";
    }
    gate->behind_us = earlier(later_us, gate->passed_us) ? later_us : gate->passed_us;
    if (gate->how == GATE_AHEAD && later_us != NEVER_US)
        gate->how = GATE_SKIPPED;
}

/* Where the gates leave the client. */
static void place_fill(struct leading *leading)
{
    const struct vg_map *map = leading->finding->map;
    struct path_client *client = leading->client;
    int64_t done_us;
    client->phase = client->passed = 0;
    client->next_step = SIZE_MAX;
    client->arrived_us = NEVER_US;
    for (size_t i = 0; i < map->phase_count; i++) {
        client->passed += client->gates[i].passed_us != NEVER_US;
        if (client->gates[i].behind_us != NEVER_US)
            client->phase = i + 1;
    }
    if (client->phase < map->phase_count)
        client->next_step = path_next_step(map, client->steps, client->phase, &done_us);
    else if (map->phase_count)
        client->arrived_us = client->gates[map->phase_count - 1].behind_us;
}

/* Who passed a gate after having left by what the evidence says came back; who arrived
 * has not left. */
static void leaving_check(struct leading *leading)
{
    const struct path_enrolment *enrolment = leading->enrolment;
    struct path_client *client = leading->client;
    bool back = client->arrived_us != NEVER_US;
    for (size_t i = 0; i < leading->finding->map->phase_count; i++)
        back |= client->gates[i].passed_us > client->left_us &&
                !(enrolment && enrolment->left_us != NEVER_US);
    if (back) {
        client->left_us = NEVER_US;
        client->left_why = "";
    }
}

static void days_fill(struct leading *leading)
{
    const struct vg_map *map = leading->finding->map;
    struct path_client *client = leading->client;
    int64_t today_us = leading->finding->question->today_us, entered_us = client->at_us;
    bool known = true; /* whether anybody saw the client enter */
    for (size_t i = 0; i < map->phase_count && entered_us != NEVER_US; i++) {
        struct path_gate *gate = &client->gates[i];
        int64_t until_us = gate->behind_us != NEVER_US   ? gate->behind_us
                           : client->left_us != NEVER_US ? client->left_us
                                                         : today_us;
        gate->entered_us = known ? entered_us : NEVER_US;
        if (known && gate->how != GATE_SKIPPED)
            gate->days = fmax(0, days_between(entered_us, until_us));
        known = gate->how != GATE_SKIPPED;
        entered_us = gate->behind_us;
    }
    /* Whoever is in a phase behind a skipped gate entered it when the gate was. */
    if (client->phase && client->phase < map->phase_count) {
        struct path_gate *here = &client->gates[client->phase];
        here->entered_us = client->gates[client->phase - 1].behind_us;
    }
}

/* The longest silence until the last gate that was passed. */
static void silence_fill(struct leading *leading)
{
    struct path_client *client = leading->client;
    int64_t before_us = client->at_us, last_us = NEVER_US;
    for (size_t i = 0; i < leading->finding->map->phase_count; i++)
        if (client->gates[i].passed_us > last_us)
            last_us = client->gates[i].passed_us;
    client->silence_days = last_us == NEVER_US ? NAN : 0;
    for (size_t i = 0; i < leading->sign_count && leading->signs[i] <= last_us; i++) {
        double silence = days_between(before_us, leading->signs[i]);
        client->silence_days = fmax(client->silence_days, silence);
        before_us = leading->signs[i];
    }
    if (last_us != NEVER_US) /* passed by hand while the client said nothing */
        client->silence_days =
            fmax(client->silence_days, days_between(before_us, last_us));
}

static int by_time_then_kind(const void *a, const void *b)
{
    const struct path_happening *x = a, *y = b;
    int order = (x->at_us > y->at_us) - (x->at_us < y->at_us);
    if (!order)
        order = (x->kind > y->kind) - (x->kind < y->kind);
    if (!order)
        order = (x->index > y->index) - (x->index < y->index);
    if (!order)
        order = strcmp(x->what, y->what);
    if (!order)
        order = (x->value > y->value) - (x->value < y->value);
    return order ? order : strcmp(x->text, y->text);
}

static enum vg_code history_close(struct leading *leading)
{
    const struct vg_map *map = leading->finding->map;
    struct path_client *client = leading->client;
    enum vg_code code = VG_OK;
    for (size_t i = 0; code == VG_OK && i < map->phase_count; i++)
        if (client->gates[i].passed_us != NEVER_US)
            code = path_happened(
                leading,
                (struct path_happening){client->gates[i].passed_us, HAPPENED_MILESTONE, i,
                                        i, SIZE_MAX, map->phases[i].milestone,
                                        client->gates[i].why, NAN});
    if (code == VG_OK && client->left_us != NEVER_US)
        code = path_happened(
            leading, (struct path_happening){client->left_us, HAPPENED_LEFT, 0, 0,
                                             SIZE_MAX, "", client->left_why, NAN});
    if (code == VG_OK)
        qsort(client->history, client->history_count, sizeof *client->history,
              by_time_then_kind);
    return code;
}

enum vg_code path_gates_fill(struct leading *leading)
{
    const struct vg_map *map = leading->finding->map;
    struct path_client *client = leading->client;
    enum vg_code code = VG_OK;
    int64_t *later_us = /* [phase]: the first of those from it on */
        arena_array(leading->finding->scratch, int64_t, map->phase_count + 1);
    if (!later_us)
        return err_memory(leading->finding->err);
    later_us[map->phase_count] = NEVER_US;
    for (size_t i = map->phase_count; code == VG_OK && i-- > 0;) {
        hands_fill(leading, i);
        later_us[i] = earlier(client->gates[i].passed_us, later_us[i + 1])
                          ? client->gates[i].passed_us
                          : later_us[i + 1];
        for (size_t p = 0; code == VG_OK && p < map->phases[i].proof_count; p++)
            code = proof_fill(leading, i, p);
    }
    int64_t entered_us = client->at_us;
    for (size_t i = 0; code == VG_OK && i < map->phase_count; i++) {
        gate_fill(leading, i, entered_us, later_us[i + 1]);
        entered_us = client->gates[i].behind_us;
    }
    place_fill(leading);
    leaving_check(leading);
    days_fill(leading);
    silence_fill(leading);
    return code == VG_OK ? history_close(leading) : code;
}
