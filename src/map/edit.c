#include "map/edit.h"

#include "base/lang.h"
#include "base/limits.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 512, EDIT_DEPTH = 32 };

/* Where an item stands: list `path` of the owner, place `index`. */
struct place {
    json_t *item, *list;
    json_t *holder; /* the object that has the list, under `key` */
    const char *key, *owner;
    size_t index;
    char path[PATH_BYTES];
};

static enum vg_code bad(struct vg_err *err, const char *what)
{
    return err_set(err, VG_ERR_INPUT, NULL, _("this is no change of a map: %s"), what);
}

static enum vg_code gone(struct vg_err *err, const char *id)
{
    return err_set(err, VG_ERR_NOT_FOUND, NULL, _("\"%s\" is not in the map (any more)"),
                   id);
}

static const char *text_of(const json_t *operation, const char *key)
{
    const char *text = json_string_value(json_object_get(operation, key));
    return text ? text : "";
}

static const char *id_of(const json_t *item)
{
    return json_is_object(item) ? text_of(item, "id") : "";
}

/* ---- finding ---- */

static bool find_in(json_t *object, const char *owner, const char *prefix, const char *id,
                    int depth, struct place *ret)
{
    const char *key;
    json_t *value;
    char path[PATH_BYTES];
    if (depth > EDIT_DEPTH)
        return false;
    json_object_foreach(object, key, value)
    {
        int len =
            snprintf(path, sizeof path, "%s%s%s", prefix, prefix[0] ? "." : "", key);
        if (len < 0 || (size_t)len >= sizeof path)
            continue;
        if (json_is_object(value) && find_in(value, owner, path, id, depth + 1, ret))
            return true;
        for (size_t i = 0; json_is_array(value) && i < json_array_size(value); i++) {
            json_t *item = json_array_get(value, i);
            if (!json_is_object(item))
                continue;
            if (strcmp(id_of(item), id) == 0) {
                *ret = (struct place){item, value, object, key, owner, i, ""};
                memcpy(ret->path, path, sizeof path);
                return true;
            }
            if (id_of(item)[0] && find_in(item, id_of(item), "", id, depth + 1, ret))
                return true;
        }
    }
    return false;
}

static bool find_item(json_t *document, const char *id, struct place *ret)
{
    return id[0] && find_in(document, "", "", id, 0, ret);
}

static enum vg_code find_owner(json_t *document, const char *id, json_t **ret,
                               struct vg_err *err)
{
    struct place place;
    if (!id[0] || strcmp(id, id_of(document)) == 0) {
        *ret = document;
        return VG_OK;
    }
    if (!find_item(document, id, &place))
        return gone(err, id);
    *ret = place.item;
    return VG_OK;
}

/* ---- going down a path, making objects that are missing ---- */

struct target {
    json_t *holder; /* an object, or a list */
    char key[PATH_BYTES];
    json_t *made;    /* the topmost object that had to be made, not yet set … */
    json_t *made_in; /* … into this one … */
    char made_key[PATH_BYTES];
    size_t made_path_len; /* … at this much of the path */
};

static json_t *child(json_t *holder, const char *key)
{
    int64_t index;
    if (json_is_object(holder))
        return json_object_get(holder, key);
    if (json_is_array(holder) && str_to_i64(str_from(key), &index) && index >= 0)
        return json_array_get(holder, (size_t)index);
    return NULL;
}

static enum vg_code go_down(json_t *owner, const char *path, struct target *ret,
                            struct vg_err *err)
{
    str left = str_from(path);
    *ret = (struct target){.holder = owner};
    for (int depth = 0;; depth++) {
        str word = str_cut(&left, '.');
        if (!word.len || word.len >= sizeof ret->key || depth > EDIT_DEPTH) {
            json_decref(ret->made);
            return bad(err, _("the name of the field"));
        }
        memcpy(ret->key, word.ptr, word.len);
        ret->key[word.len] = 0;
        if (!left.ptr)
            return VG_OK;
        json_t *next = child(ret->holder, ret->key);
        if (json_is_object(next) || json_is_array(next)) {
            ret->holder = next;
            continue;
        }
        if (!json_is_object(ret->holder) || (next && !json_is_null(next))) {
            json_decref(ret->made);
            return bad(err, _("the name of the field"));
        }
        json_t *object = json_object();
        if (!object)
            return json_decref(ret->made), err_memory(err);
        if (!ret->made) {
            ret->made = object;
            ret->made_in = ret->holder;
            memcpy(ret->made_key, ret->key, sizeof ret->key);
            ret->made_path_len = (size_t)(word.ptr + word.len - path);
        } else if (json_object_set_new(ret->holder, ret->key, object) != 0)
            return json_decref(ret->made), err_memory(err);
        ret->holder = object;
    }
}

/* What go_down made goes into the document now. */
static bool hang_in(struct target *target)
{
    json_t *made = target->made;
    target->made = NULL;
    return !made || json_object_set_new(target->made_in, target->made_key, made) == 0;
}

/* ---- set ---- */

static json_t *set_inverse(const char *at, const struct target *target, const char *field)
{
    json_t *old = child(target->holder, target->key);
    if (target->made)
        return json_pack("{s:s, s:s, s:s%}", "op", "set", "at", at, "field", field,
                         target->made_path_len);
    if (!old)
        return json_pack("{s:s, s:s, s:s}", "op", "set", "at", at, "field", field);
    return json_pack("{s:s, s:s, s:s, s:o}", "op", "set", "at", at, "field", field,
                     "value", json_deep_copy(old));
}

static int put(struct target *target, json_t *value)
{
    int64_t index;
    if (json_is_object(target->holder))
        return value ? json_object_set_new(target->holder, target->key,
                                           json_deep_copy(value))
                     : (json_object_del(target->holder, target->key), 0);
    if (!value || !str_to_i64(str_from(target->key), &index) || index < 0)
        return -1;
    return json_array_set_new(target->holder, (size_t)index, json_deep_copy(value));
}

static enum vg_code apply_set(json_t *document, const json_t *operation, json_t **inverse,
                              struct vg_err *err)
{
    const char *at = text_of(operation, "at"), *field = text_of(operation, "field");
    json_t *owner = NULL, *value = json_object_get(operation, "value");
    struct target target;
    size_t len = strlen(field);
    if (strcmp(field, "id") == 0 || (len > 3 && strcmp(field + len - 3, ".id") == 0))
        return bad(err, _("an id stays what it is"));
    enum vg_code code = find_owner(document, at, &owner, err);
    if (code == VG_OK)
        code = go_down(owner, field, &target, err);
    if (code != VG_OK)
        return code;
    if (json_is_array(target.holder) && (!value || !child(target.holder, target.key))) {
        json_decref(target.made);
        return gone(err, field);
    }
    *inverse = set_inverse(at, &target, field);
    if (!*inverse) {
        json_decref(target.made);
        return err_memory(err);
    }
    if (target.made && !value) { /* taking out what is not there */
        json_decref(target.made);
        return VG_OK;
    }
    if (put(&target, value) != 0 || !hang_in(&target)) {
        json_decref(target.made);
        json_decref(*inverse);
        *inverse = NULL;
        return err_memory(err);
    }
    return VG_OK;
}

/* ---- insert, delete, move ---- */

static size_t index_before(const json_t *list, const char *before)
{
    size_t count = json_array_size(list);
    for (size_t i = 0; before[0] && i < count; i++)
        if (strcmp(id_of(json_array_get(list, i)), before) == 0)
            return i;
    return count;
}

/* The list `path` of `at`, made when it is not there. */
static enum vg_code find_list(json_t *document, const char *at, const char *path,
                              json_t **ret, bool *ret_made, struct vg_err *err)
{
    json_t *owner = NULL;
    struct target target;
    enum vg_code code = find_owner(document, at, &owner, err);
    if (code == VG_OK)
        code = go_down(owner, path, &target, err);
    if (code != VG_OK)
        return code;
    json_t *list = child(target.holder, target.key);
    *ret_made = !list || json_is_null(list);
    if (json_is_array(list)) {
        *ret = list;
        return VG_OK;
    }
    if (!*ret_made || !json_is_object(target.holder)) {
        json_decref(target.made);
        return bad(err, _("that is no list"));
    }
    list = json_array();
    if (!list || json_object_set_new(target.holder, target.key, list) != 0 ||
        !hang_in(&target)) {
        json_decref(target.made);
        return err_memory(err);
    }
    *ret = list;
    return VG_OK;
}

/* Every id within the new item must be new to the document, and differ from the others.
 */
static enum vg_code ids_are_new(json_t *document, const json_t *value, int depth,
                                struct vg_err *err)
{
    const char *key;
    json_t *inside;
    struct place place;
    enum vg_code code = VG_OK;
    const char *id = id_of(value);
    if (depth > EDIT_DEPTH)
        return bad(err, _("it is nested too deeply"));
    if (id[0] && find_item(document, id, &place))
        return err_set(err, VG_ERR_CONFLICT, NULL, _("the id \"%s\" is taken"), id);
    json_object_foreach((json_t *)(uintptr_t)value, key, inside)
    {
        if (code == VG_OK && json_is_object(inside))
            code = ids_are_new(document, inside, depth + 1, err);
        for (size_t i = 0; code == VG_OK && i < json_array_size(inside); i++)
            if (json_is_object(json_array_get(inside, i)))
                code = ids_are_new(document, json_array_get(inside, i), depth + 1, err);
    }
    return code;
}

/* Put an item where the operation says; item and back are used up. */
static enum vg_code put_before(json_t *list, const json_t *operation, json_t *item,
                               json_t *back, json_t **inverse, struct vg_err *err)
{
    size_t at = index_before(list, text_of(operation, "before"));
    if (json_array_insert_new(list, at, item) != 0) {
        json_decref(back);
        return err_memory(err);
    }
    *inverse = back;
    return VG_OK;
}

static enum vg_code apply_insert(json_t *document, const json_t *operation,
                                 json_t **inverse, struct vg_err *err)
{
    const json_t *value = json_object_get(operation, "value");
    json_t *list = NULL;
    bool made = false;
    if (!json_is_object(value) || !id_of(value)[0])
        return bad(err, _("what is inserted needs an id"));
    enum vg_code code = ids_are_new(document, value, 0, err);
    if (code != VG_OK)
        return code;
    json_t *back = json_pack("{s:s, s:s}", "op", "delete", "item", id_of(value));
    json_t *copy = json_deep_copy(value);
    if (!back || !copy)
        code = err_memory(err);
    if (code == VG_OK)
        code = find_list(document, text_of(operation, "at"), text_of(operation, "list"),
                         &list, &made, err);
    if (code == VG_OK && made && json_object_set_new(back, "tidy", json_true()) != 0)
        code = err_memory(err);
    if (code != VG_OK) {
        json_decref(copy);
        json_decref(back);
        return code;
    }
    return put_before(list, operation, copy, back, inverse, err);
}

static enum vg_code apply_delete(json_t *document, const json_t *operation,
                                 json_t **inverse, struct vg_err *err)
{
    struct place place;
    const char *id = text_of(operation, "item");
    if (!find_item(document, id, &place))
        return gone(err, id);
    json_t *next = json_array_get(place.list, place.index + 1);
    json_t *back =
        json_pack("{s:s, s:s, s:s, s:s, s:o}", "op", "insert", "at", place.owner, "list",
                  place.path, "before", id_of(next), "value", json_deep_copy(place.item));
    if (!back)
        return err_memory(err);
    json_array_remove(place.list, place.index);
    if (json_is_true(json_object_get(operation, "tidy")) && !json_array_size(place.list))
        json_object_del(place.holder, place.key);
    *inverse = back;
    return VG_OK;
}

static bool holds(json_t *value, const json_t *wanted, int depth)
{
    const char *key;
    json_t *inside;
    if (value == wanted || depth > LIMIT_DEPTH)
        return true;
    json_object_foreach(value, key,
                        inside) if (holds(inside, wanted, depth + 1)) return true;
    for (size_t i = 0; i < json_array_size(value); i++)
        if (holds(json_array_get(value, i), wanted, depth + 1))
            return true;
    return false;
}

/* Would the list stand within the item? Its owner's id may say so, or numbers in its
 * path. */
static enum vg_code check_outside(json_t *document, json_t *item, const char *at,
                                  const char *path, struct vg_err *err)
{
    json_t *owner = NULL;
    struct target target;
    enum vg_code code = find_owner(document, at, &owner, err);
    if (code == VG_OK)
        code = go_down(owner, path, &target, err);
    if (code != VG_OK)
        return code;
    bool inside = holds(item, target.made ? target.made_in : target.holder, 0);
    json_decref(target.made);
    return inside ? bad(err, _("nothing can be moved into itself")) : VG_OK;
}

static enum vg_code apply_move(json_t *document, const json_t *operation,
                               json_t **inverse, struct vg_err *err)
{
    struct place place;
    const char *id = text_of(operation, "item"), *at = text_of(operation, "at");
    const char *path = text_of(operation, "list");
    json_t *list = NULL;
    bool made = false;
    if (!find_item(document, id, &place))
        return gone(err, id);
    enum vg_code code = check_outside(document, place.item, at, path, err);
    if (code != VG_OK)
        return code;
    json_t *next = json_array_get(place.list, place.index + 1);
    json_t *back = json_pack("{s:s, s:s, s:s, s:s, s:s}", "op", "move", "item", id, "at",
                             place.owner, "list", place.path, "before", id_of(next));
    code = back ? VG_OK : err_memory(err);
    if (code == VG_OK)
        code = find_list(document, at, path, &list, &made, err);
    if (code == VG_OK && made && json_object_set_new(back, "tidy", json_true()) != 0)
        code = err_memory(err);
    if (code != VG_OK) {
        json_decref(back);
        return code;
    }
    json_t *item = json_incref(place.item);
    json_array_remove(place.list, place.index);
    if (json_is_true(json_object_get(operation, "tidy")) && place.list != list &&
        !json_array_size(place.list))
        json_object_del(place.holder, place.key);
    return put_before(list, operation, item, back, inverse, err);
}

static enum vg_code apply_replace(json_t *document, const json_t *operation,
                                  json_t **inverse, struct vg_err *err)
{
    const json_t *value = json_object_get(operation, "value");
    if (!json_is_object(value))
        return bad(err, _("the document is missing"));
    json_t *back =
        json_pack("{s:s, s:o}", "op", "replace", "value", json_deep_copy(document));
    json_t *copy = json_deep_copy(value);
    if (!back || !copy) {
        json_decref(back);
        json_decref(copy);
        return err_memory(err);
    }
    json_object_clear(document);
    int failed = json_object_update(document, copy);
    json_decref(copy);
    *inverse = back;
    return failed ? err_memory(err) : VG_OK;
}

enum vg_code edit_apply(json_t *document, const json_t *operation, json_t **ret_inverse,
                        struct vg_err *err)
{
    static const struct {
        const char *op;
        enum vg_code (*apply)(json_t *document, const json_t *operation, json_t **inverse,
                              struct vg_err *err);
    } rows[] = {{"set", apply_set},
                {"insert", apply_insert},
                {"move", apply_move},
                {"delete", apply_delete},
                {"replace", apply_replace}};
    const char *op = text_of(operation, "op");
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (strcmp(rows[i].op, op) == 0)
            return rows[i].apply(document, operation, ret_inverse, err);
    return bad(err, _("its kind is unknown"));
}
