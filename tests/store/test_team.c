/* Who may log in, what they say to each other, what they share: the data file from
 * inside. */
#include "fresh.h"

#include "base/date.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/maps.h"
#include "store/people.h"
#include "store/records.h"
#include "store/team.h"

#include <stdio.h>
#include <stdlib.h>

static const char *add_person(struct store *store, const char *email,
                              enum person_role role)
{
    static char id[STORE_ID_BYTES];
    const struct person_new person = {
        .name = "Nome", .email = email, .role = role, .password_hash = "$argon2id$x"};
    assert_ok(people_add(store, &person, id, &err));
    return arena_text(arena, str_from(id));
}

/* ---- people ---- */

static void a_workspace_that_has_an_owner_keeps_one(void **state)
{
    (void)state;
    struct store *store = fresh();
    const enum person_role reader = PERSON_READER, owner = PERSON_OWNER;
    const bool yes = true;
    int64_t owners = -1;
    assert_ok(people_owners(store, &owners, &err));
    assert_int_equal(owners, 0);
    const char *anna = add_person(store, "Anna@Esempio.it", PERSON_OWNER);
    const char *carlo = add_person(store, "carlo@esempio.it", PERSON_EDITOR);
    /* each way to lose her, also those past our own checks */
    assert_int_equal(person_change(store, anna, &reader, NULL, &err), VG_ERR_CONFLICT);
    assert_int_equal(person_change(store, anna, NULL, &yes, &err), VG_ERR_CONFLICT);
    assert_int_equal(person_delete(store, anna, &err), VG_ERR_CONFLICT);
    assert_int_equal(record_delete(store, RECORD_PERSON, anna, -1, &err),
                     VG_ERR_CONFLICT);
    assert_int_equal(db_run(store, &err, "UPDATE person SET role = 'editor'", ""),
                     VG_ERR_CONFLICT);
    assert_int_equal(db_run(store, &err, "UPDATE person SET disabled = 1", ""),
                     VG_ERR_CONFLICT);
    assert_int_equal(db_run(store, &err, "DELETE FROM person", ""), VG_ERR_CONFLICT);
    assert_ok(people_owners(store, &owners, &err));
    assert_int_equal(owners, 1);
    /* a second one, and the first may go */
    assert_ok(person_change(store, carlo, &owner, NULL, &err));
    assert_ok(person_change(store, anna, &reader, NULL, &err));
    assert_int_equal(person_change(store, carlo, NULL, &yes, &err), VG_ERR_CONFLICT);
    assert_ok(person_delete(store, anna, &err));
    store_close(store);
}

static void no_body_changes_a_role(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct person person;
    const char *id = add_person(store, "a@b.it", PERSON_READER);
    assert_ok(record_put(store, RECORD_PERSON, id,
                         "{\"name\":\"Anna\",\"email\":\"A@B.it\",\"role\":\"owner\","
                         "\"disabled\":true}",
                         -1, NULL, &err));
    assert_ok(person_get(store, arena, id, &person, &err));
    assert_int_equal(person.role, PERSON_READER);
    assert_false(person.disabled);
    assert_string_equal(person.name, "Anna");
    assert_string_equal(person.email, "a@b.it");
    assert_ok(person_rename(store, id, "Anna B.", "it", &err));
    assert_ok(person_by_email(store, arena, "A@b.IT", &person, &err));
    assert_string_equal(person.name, "Anna B.");
    assert_string_equal(person.lang, "it");
    assert_int_equal(person_by_email(store, arena, "x@b.it", &person, &err),
                     VG_ERR_NOT_FOUND);
    store_close(store);
}

static void two_people_have_two_addresses(void **state)
{
    (void)state;
    struct store *store = fresh();
    char id[STORE_ID_BYTES];
    const struct person_new same = {.name = "B", .email = "ANNA@esempio.it"};
    const struct person_new none = {.name = "C", .email = ""};
    struct person *list = NULL;
    size_t count = 0;
    add_person(store, "anna@esempio.it", PERSON_OWNER);
    assert_int_equal(people_add(store, &same, id, &err), VG_ERR_CONFLICT);
    assert_ok(people_add(store, &none, id, &err));
    assert_ok(people_add(store, &none, id, &err));
    assert_ok(people_list(store, arena, "", 100, &list, &count, &err));
    assert_int_equal(count, 3);
    store_close(store);
}

static void a_new_password_or_role_ends_sessions(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct session session, *list = NULL;
    struct credential credential;
    size_t count = 0;
    const enum person_role owner = PERSON_OWNER;
    const char *anna = add_person(store, "anna@esempio.it", PERSON_OWNER);
    assert_ok(session_put(store, STR("one"), anna, INT64_MAX, &err));
    assert_ok(session_put(store, STR("two"), anna, INT64_MAX, &err));
    assert_ok(session_list(store, arena, anna, STR("one"), 1, &list, &count, &err));
    assert_int_equal(count, 2);
    assert_int_equal(list[0].current + list[1].current, 1);
    assert_ok(credential_set(store, anna, "$argon2id$y", STR("one"), &err));
    assert_ok(session_get(store, arena, STR("one"), 1, &session, &err));
    assert_int_equal(session_get(store, arena, STR("two"), 1, &session, &err),
                     VG_ERR_NOT_FOUND);
    assert_ok(person_change(store, anna, &owner, NULL, &err));
    assert_int_equal(session_get(store, arena, STR("one"), 1, &session, &err),
                     VG_ERR_NOT_FOUND);
    assert_ok(credential_tried(store, anna, false, &err));
    assert_ok(credential_tried(store, anna, false, &err));
    assert_ok(credential_get(store, arena, anna, &credential, &err));
    assert_string_equal(credential.hash, "$argon2id$y");
    assert_int_equal(credential.tries, 2);
    assert_ok(credential_tried(store, anna, true, &err));
    assert_ok(credential_get(store, arena, anna, &credential, &err));
    assert_int_equal(credential.tries, 0);
    store_close(store);
}

static void sessions_and_tokens_end(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct session session;
    struct api_token token, *list = NULL;
    size_t count = 0;
    char id[STORE_ID_BYTES];
    const bool yes = true, no = false;
    const int64_t now = date_now_us(), hour = 3600 * US_PER_S;
    add_person(store, "owner@esempio.it", PERSON_OWNER);
    const char *anna = add_person(store, "anna@esempio.it", PERSON_EDITOR);
    const struct session_new idle = {.token_hash = STR("idle"),
                                     .person = anna,
                                     .expires_us = now + 10 * hour,
                                     .idle_us = hour};
    assert_ok(session_add(store, &idle, &err));
    assert_ok(session_get(store, arena, STR("idle"), now + hour / 2, &session, &err));
    assert_ok(session_get(store, arena, STR("idle"), now + hour, &session, &err));
    assert_int_equal(
        session_get(store, arena, STR("idle"), now + 2 * hour + 1, &session, &err),
        VG_ERR_NOT_FOUND);
    assert_ok(session_sweep(store, now + 2 * hour + 1, &err));
    assert_int_equal(session_get(store, arena, STR("idle"), now, &session, &err),
                     VG_ERR_NOT_FOUND);

    const struct api_token_new new = {.token_hash = STR("t"),
                                      .name = "script",
                                      .person = anna,
                                      .scopes = TOKEN_READ | TOKEN_WRITE,
                                      .expires_us = now + hour};
    assert_ok(token_add(store, &new, id, &err));
    assert_ok(token_get(store, arena, STR("t"), now, &token, &err));
    assert_int_equal(token.scopes, TOKEN_READ | TOKEN_WRITE);
    assert_string_equal(token.person, anna);
    assert_ok(token_list(store, arena, &list, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(list[0].used_us, now);
    assert_int_equal(token_get(store, arena, STR("t"), now + hour, &token, &err),
                     VG_ERR_NOT_FOUND);
    assert_ok(person_change(store, anna, NULL, &yes, &err));
    assert_int_equal(token_get(store, arena, STR("t"), now, &token, &err),
                     VG_ERR_NOT_FOUND);
    assert_ok(person_change(store, anna, NULL, &no, &err));
    assert_ok(token_revoke(store, id, &err));
    assert_int_equal(token_get(store, arena, STR("t"), now, &token, &err),
                     VG_ERR_NOT_FOUND);
    assert_int_equal(token_revoke(store, id, &err), VG_ERR_NOT_FOUND);
    assert_ok(token_list(store, arena, &list, &count, &err));
    assert_int_equal(count, 0);
    store_close(store);
}

/* ---- links ---- */

static void a_link_makes_one_person(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct invitation *list = NULL;
    struct person person;
    size_t count = 0;
    const char *title = NULL;
    char id[STORE_ID_BYTES];
    const struct person_new first = {.name = "Anna", .email = "anna@esempio.it"};
    const struct person_new second = {.name = "Carlo", .email = "carlo@esempio.it"};
    assert_ok(setup_put(store, STR("old"), 1000, &err));
    assert_ok(setup_put(store, STR("new"), 1000, &err));
    assert_int_equal(setup_use(store, STR("old"), 1, &first, NULL, id, &err),
                     VG_ERR_NOT_FOUND);
    assert_int_equal(setup_use(store, STR("new"), 1000, &first, NULL, id, &err),
                     VG_ERR_NOT_FOUND);
    assert_ok(setup_use(store, STR("new"), 1, &first, "Ditta", id, &err));
    assert_ok(person_get(store, arena, id, &person, &err));
    assert_int_equal(person.role, PERSON_OWNER);
    assert_ok(store_title(store, arena, &title, &err));
    assert_string_equal(title, "Ditta");
    assert_int_equal(setup_use(store, STR("new"), 1, &second, NULL, id, &err),
                     VG_ERR_CONFLICT);
    assert_int_equal(setup_put(store, STR("more"), 1000, &err), VG_ERR_CONFLICT);

    const struct invitation_new mine = {.token_hash = STR("i"),
                                        .role = PERSON_EDITOR,
                                        .email = "Carlo@Esempio.it",
                                        .expires_us = 1000};
    assert_ok(invitation_add(store, &mine, id, &err));
    assert_ok(invitation_list(store, arena, 1, &list, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(invitation_accept(store, STR("i"), 1000, &second, id, &err),
                     VG_ERR_NOT_FOUND);
    assert_int_equal(invitation_accept(store, STR("i"), 1, &first, id, &err),
                     VG_ERR_DENIED);
    assert_ok(invitation_accept(store, STR("i"), 1, &second, id, &err));
    assert_ok(person_get(store, arena, id, &person, &err));
    assert_int_equal(person.role, PERSON_EDITOR);
    assert_int_equal(invitation_accept(store, STR("i"), 1, &second, id, &err),
                     VG_ERR_NOT_FOUND);
    assert_ok(invitation_list(store, arena, 1, &list, &count, &err));
    assert_int_equal(count, 0);

    const struct invitation_new open = {
        .token_hash = STR("o"), .role = PERSON_READER, .expires_us = 1000};
    assert_ok(invitation_add(store, &open, id, &err));
    assert_int_equal(invitation_accept(store, STR("o"), 1, &second, id, &err),
                     VG_ERR_CONFLICT); /* the address is taken: the link is not used up */
    assert_ok(invitation_list(store, arena, 1, &list, &count, &err));
    assert_int_equal(count, 1);
    assert_ok(invitation_delete(store, list[0].id, &err));
    const struct person_new third = {.name = "Eva", .email = "eva@esempio.it"};
    assert_int_equal(invitation_accept(store, STR("o"), 1, &third, id, &err),
                     VG_ERR_NOT_FOUND);
    store_close(store);
}

/* ---- comments, pictures, shares ---- */

static void keep_map(struct store *store, const char *id)
{
    struct vg_map *map = NULL;
    const char *text =
        arena_printf(arena, "{\"id\":\"%s\",\"title\":\"Mappa\",\"phases\":[]}", id);
    assert_ok(map_read(str_from(text), "test", &map, &err));
    assert_ok(maps_keep(store, map, NULL, &err));
    map_close(map);
}

static void answers_stay_when_what_they_answer_goes(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct comment *list = NULL, one;
    size_t count = 0;
    int64_t first = 0, second = 0, third = 0, id = 0;
    keep_map(store, "m");
    keep_map(store, "other");
    struct comment_new new = {
        .map = "m", .item = "s1", .text = "perché?", .name = "Anna"};
    assert_ok(comment_add(store, &new, &first, &err));
    new.reply_to = first;
    new.text = "perché sì";
    assert_ok(comment_add(store, &new, &second, &err));
    new.reply_to = second; /* joins the thread */
    assert_ok(comment_add(store, &new, &third, &err));
    new.text = " \n";
    assert_int_equal(comment_add(store, &new, &id, &err), VG_ERR_INPUT);
    new.text = "x";
    new.map = "other"; /* an answer is of its own map */
    assert_int_equal(comment_add(store, &new, &id, &err), VG_ERR_NOT_FOUND);
    new.map = "none";
    new.reply_to = 0;
    assert_int_equal(comment_add(store, &new, &id, &err), VG_ERR_NOT_FOUND);
    assert_int_equal(comment_edit(store, "other", first, "y", &err), VG_ERR_NOT_FOUND);
    assert_ok(comment_edit(store, "m", first, "come mai?", &err));
    assert_ok(comment_resolve(store, "m", first, true, &err));
    assert_ok(comment_list(store, arena, "m", &list, &count, &err));
    assert_int_equal(count, 3);
    assert_string_equal(list[0].text, "come mai?");
    assert_true(list[0].edited_us > 0 && list[0].resolved_us > 0);
    assert_string_equal(list[0].resolved_by, "shell");
    assert_int_equal(list[2].reply_to, first);
    assert_ok(comment_resolve(store, "m", first, false, &err));
    assert_ok(comment_delete(store, "m", first, &err));
    assert_ok(comment_list(store, arena, "m", &list, &count, &err));
    assert_int_equal(count, 3);
    assert_true(list[0].deleted && !list[0].text[0] && !list[0].resolved_us);
    assert_int_equal(comment_get(store, arena, "m", first, &one, &err), VG_ERR_NOT_FOUND);
    assert_ok(comment_delete(store, "m", second, &err));
    assert_ok(comment_delete(store, "m", third, &err));
    assert_ok(comment_list(store, arena, "m", &list, &count, &err));
    assert_int_equal(count, 0); /* the emptied beginning went with its last answer */
    store_close(store);
}

static void a_picture_is_known_by_its_bytes_and_kept_once(void **state)
{
    static const struct {
        const char *bytes, *type;
    } cases[] = {{"\x89PNG\r\n\x1a\n.................", "image/png"},
                 {"\xFF\xD8\xFF\xE0.....................", "image/jpeg"},
                 {"RIFF....WEBPVP8 ............", "image/webp"},
                 {"<svg onload='alert(1)'></svg>  ", NULL},
                 {"GIF89a.......................", NULL},
                 {"", NULL}};
    (void)state;
    struct store *store = fresh();
    struct picture picture;
    int64_t rows = 0;
    char id[STORE_ID_BYTES], same[STORE_ID_BYTES];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t len = strlen(cases[i].bytes);
        enum vg_code code = picture_add(store, cases[i].bytes, len, id, &err);
        assert_int_equal(code, cases[i].type ? VG_OK : VG_ERR_INPUT);
        if (!cases[i].type)
            continue;
        assert_ok(picture_add(store, cases[i].bytes, len, same, &err));
        assert_string_equal(id, same);
        assert_ok(picture_get(store, arena, id, &picture, &err));
        assert_string_equal(picture.type, cases[i].type);
        assert_int_equal(picture.len, len);
        assert_memory_equal(picture.bytes, cases[i].bytes, len);
    }
    assert_ok(db_number(store, &rows, &err, "SELECT count(*) FROM file", ""));
    assert_int_equal(rows, 3);
    char *large = calloc(1, LIMIT_PICTURE_BYTES + 1);
    memcpy(large, cases[0].bytes, 8);
    assert_ok(picture_add(store, large, LIMIT_PICTURE_BYTES, id, &err));
    assert_int_equal(picture_add(store, large, LIMIT_PICTURE_BYTES + 1, id, &err),
                     VG_ERR_LIMIT);
    free(large);
    assert_int_equal(picture_get(store, arena, "none", &picture, &err), VG_ERR_NOT_FOUND);
    store_close(store);
}

static void a_share_ends_by_time_by_hand_and_with_its_map(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct share share, *list = NULL;
    size_t count = 0;
    char id[STORE_ID_BYTES];
    keep_map(store, "m");
    struct share_new new = {
        .token_hash = STR("t"), .map = "m", .what = "map", .expires_us = 1000};
    assert_ok(share_add(store, &new, id, &err));
    assert_ok(share_get(store, arena, STR("t"), 999, &share, &err));
    assert_null(share.password_hash);
    assert_string_equal(share.map_title, "Mappa");
    assert_ok(share_opened(store, id, &err));
    assert_ok(share_list(store, arena, &list, &count, &err));
    assert_int_equal(list[0].opened, 1);
    assert_int_equal(share_get(store, arena, STR("t"), 1000, &share, &err),
                     VG_ERR_NOT_FOUND);
    assert_ok(maps_delete(store, "m", &err));
    assert_int_equal(share_get(store, arena, STR("t"), 1, &share, &err),
                     VG_ERR_NOT_FOUND);
    assert_int_equal(share_add(store, &new, id, &err), VG_ERR_NOT_FOUND);
    assert_ok(maps_undelete(store, "m", &err));
    assert_ok(share_get(store, arena, STR("t"), 1, &share, &err));
    assert_ok(share_revoke(store, share.id, &err));
    assert_int_equal(share_get(store, arena, STR("t"), 1, &share, &err),
                     VG_ERR_NOT_FOUND);
    new.token_hash = STR("u");
    new.what = "everything";
    assert_int_equal(share_add(store, &new, id, &err), VG_ERR_CONFLICT);
    store_close(store);
}

/* ---- maps: the bin, versions ---- */

static void set_title(struct store *store, const char *title)
{
    json_t *operation = json_pack("{s:s, s:s, s:s, s:s}", "op", "set", "at", "", "field",
                                  "title", "value", title);
    assert_ok(maps_edit(store, "m", operation, NULL, NULL, &err));
    json_decref(operation);
}

static void versions_are_labels_and_pauses(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct stored_version *list = NULL;
    struct stored_map *bin = NULL;
    size_t count = 0;
    static const struct {
        int64_t seq;
        uint64_t changes;
        const char *label, *who;
    } expected[] = {{8, 1, "", "eva"},
                    {7, 3, "", ""},
                    {4, 1, "per Eva", "shell"},
                    {3, 3, "", "shell"},
                    {0, 0, "", "shell"}};
    keep_map(store, "m");
    for (int i = 0; i < 8; i++) {
        if (i == 5)
            assert_ok(store_set_who(store, "eva", &err));
        set_title(store, arena_printf(arena, "T%d", i));
        if (i == 3)
            assert_ok(maps_label(store, "m", "per Eva", &err));
    }
    /* a pause after the third, and one after the seventh */
    assert_ok(db_run(store, &err,
                     "UPDATE map_operation SET at_us = (CASE WHEN seq <= 3 THEN 0 WHEN "
                     "seq <= 7 THEN 2 ELSE 4 END) * 1800000000 + seq",
                     ""));
    assert_ok(maps_versions(store, arena, "m", &list, &count, &err));
    assert_int_equal(count, COUNT_OF(expected));
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(list[i].seq, expected[i].seq);
        assert_int_equal(list[i].changes, expected[i].changes);
        assert_string_equal(list[i].label, expected[i].label);
        assert_string_equal(list[i].who, expected[i].who);
    }
    assert_ok(maps_delete(store, "m", &err));
    assert_int_equal(maps_versions(store, arena, "m", &list, &count, &err),
                     VG_ERR_NOT_FOUND);
    assert_ok(maps_deleted(store, arena, &bin, &count, &err));
    assert_int_equal(count, 1);
    assert_string_equal(bin[0].title, "T7");
    assert_ok(maps_undelete(store, "m", &err));
    assert_int_equal(maps_undelete(store, "m", &err), VG_ERR_NOT_FOUND);
    assert_ok(maps_versions(store, arena, "m", &list, &count, &err));
    assert_int_equal(count, COUNT_OF(expected));
    store_close(store);
}

static void the_audit_comes_in_pages(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct audit_row *rows = NULL;
    size_t count = 0;
    int64_t before = 0, bad = -1;
    uint64_t seen = 0, all = 0;
    for (int i = 0; i < 9; i++)
        assert_ok(audit_write(store, "something", "", &err));
    do {
        assert_ok(audit_page(store, arena, before, 4, &rows, &count, &err));
        seen += count;
        before = count ? rows[count - 1].seq : before;
    } while (count == 4);
    assert_ok(audit_check(store, &bad, &all, &err));
    assert_int_equal(bad, 0);
    assert_int_equal(seen, all);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_workspace_that_has_an_owner_keeps_one),
        cmocka_unit_test(no_body_changes_a_role),
        cmocka_unit_test(two_people_have_two_addresses),
        cmocka_unit_test(a_new_password_or_role_ends_sessions),
        cmocka_unit_test(sessions_and_tokens_end),
        cmocka_unit_test(a_link_makes_one_person),
        cmocka_unit_test(answers_stay_when_what_they_answer_goes),
        cmocka_unit_test(a_picture_is_known_by_its_bytes_and_kept_once),
        cmocka_unit_test(a_share_ends_by_time_by_hand_and_with_its_map),
        cmocka_unit_test(versions_are_labels_and_pauses),
        cmocka_unit_test(the_audit_comes_in_pages),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
