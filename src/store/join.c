/* Several logs into one: names sorted and joined, codes translated, then the builder's
 * sort. Declared in store/evidence_parts.h. */
#include "store/evidence_parts.h"

#include "base/limits.h"
#include "log/blocks.h"
#include "log/names.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_ROWS = 1 << 17 };

/* ---- names of customers: one sorted list of all ---- */

struct name_ref {
    str text;
    uint32_t input, code;
};

static int by_text(const void *a, const void *b)
{
    return str_compare(((const struct name_ref *)a)->text,
                       ((const struct name_ref *)b)->text);
}

struct join {
    struct join_input *inputs;
    size_t count;
    const struct alias_map *aliases;
    struct arena *arena;
    struct builder *builder;
    size_t origin_column; /* the builder's last attribute: ids, not texts */
    uint32_t **customer;  /* [count][trace] code in the joined log */
    struct vg_err *err;
};

/* Merge neighbouring sorted runs until one is left. */
static struct name_ref *merge_runs(struct name_ref *from, struct name_ref *to,
                                   size_t *starts, size_t runs)
{
    while (runs > 1) {
        size_t left = 0;
        for (size_t r = 0; r < runs; r += 2) {
            size_t a = starts[r], a_end = starts[r + 1], b = a_end, at = a;
            size_t b_end = r + 1 < runs ? starts[r + 2] : b;
            while (a < a_end || b < b_end) {
                bool first = b == b_end ||
                             (a < a_end && str_compare(from[a].text, from[b].text) <= 0);
                to[at++] = first ? from[a++] : from[b++];
            }
            starts[left++] = starts[r];
        }
        starts[left] = starts[runs];
        runs = left;
        struct name_ref *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

static void collect_names(struct join *join, struct name_ref *names, size_t *starts)
{
    size_t at = 0;
    for (size_t i = 0; i < join->count; i++) {
        const struct vg_log *log = join->inputs[i].log;
        bool sorted = true;
        starts[i] = at;
        for (size_t t = 0; t < log->traces; t++, at++) {
            str name = alias_main(join->aliases,
                                  dict_str(&log->trace_names, log->trace_name[t]));
            names[at] = (struct name_ref){name, (uint32_t)i, (uint32_t)t};
            sorted &= t == 0 || str_compare(names[at - 1].text, name) <= 0;
        }
        if (!sorted)
            qsort(names + starts[i], log->traces, sizeof *names, by_text);
    }
    starts[join->count] = at;
}

/* Sorted names become the codes of the joined log, 0 … in order. */
static enum vg_code give_codes(struct join *join, const struct name_ref *names,
                               size_t count)
{
    enum { BATCH = 64 };
    struct dict *dict = &join->builder->log->trace_names;
    uint32_t code = 0;
    for (size_t i = 0; i < count; i++) {
        bool same = i > 0 && str_equal(names[i - 1].text, names[i].text);
        if (!same) {
            enum vg_code status =
                dict_add(dict, names[i].text, UINT32_MAX - 1, &code, join->err);
            if (status != VG_OK)
                return status;
        }
        join->customer[names[i].input][names[i].code] = code;
    }
    return VG_OK;
}

static enum vg_code join_names(struct join *join)
{
    size_t traces = 0;
    join->customer = arena_array(join->arena, uint32_t *, join->count + 1);
    size_t *starts = arena_array(join->arena, size_t, join->count + 2);
    if (!join->customer || !starts)
        return err_memory(join->err);
    for (size_t i = 0; i < join->count; i++) {
        size_t own = join->inputs[i].log->traces;
        join->customer[i] = arena_array(join->arena, uint32_t, own + 1);
        if (!join->customer[i])
            return err_memory(join->err);
        traces += own;
    }
    struct name_ref *one = malloc((traces + 1) * sizeof *one);
    struct name_ref *two = malloc((traces + 1) * sizeof *two);
    enum vg_code code = VG_ERR_MEMORY;
    if (one && two) {
        collect_names(join, one, starts);
        code = give_codes(join, merge_runs(one, two, starts, join->count), traces);
    } else
        err_memory(join->err);
    free(one);
    free(two);
    return code;
}

/* ---- attributes: one list, whatever their spelling ---- */

struct joined_attribute {
    str name, plain;
};

static int by_plain(const void *a, const void *b)
{
    const struct joined_attribute *one = a, *two = b;
    int order = str_compare(one->plain, two->plain);
    return order ? order : str_compare(one->name, two->name);
}

static enum vg_code join_attributes(struct join *join, struct joined_attribute **ret,
                                    size_t *ret_count)
{
    size_t most = 0, count = 0;
    for (size_t i = 0; i < join->count; i++)
        most += join->inputs[i].log->attribute_count;
    struct joined_attribute *list =
        arena_array(join->arena, struct joined_attribute, most + 1);
    if (!list)
        return err_memory(join->err);
    for (size_t i = 0; i < join->count; i++)
        for (size_t a = 0; a < join->inputs[i].log->attribute_count; a++) {
            str name =
                arena_str(join->arena, str_from(join->inputs[i].log->attributes[a].name));
            str plain = name_plain(join->arena, name);
            if (!name.ptr || !plain.ptr)
                return err_memory(join->err);
            list[count++] = (struct joined_attribute){name, plain.len ? plain : name};
        }
    qsort(list, count, sizeof *list, by_plain);
    size_t left = 0;
    for (size_t i = 0; i < count; i++)
        if (!left || !str_equal(list[left - 1].plain, list[i].plain))
            list[left++] = list[i];
    *ret = list;
    *ret_count = left;
    return VG_OK;
}

static enum vg_code open_builder(struct join *join, struct joined_attribute *list,
                                 size_t count)
{
    str *names = arena_array(join->arena, str, count + 2);
    if (!names)
        return err_memory(join->err);
    for (size_t i = 0; i < count; i++)
        names[i] = list[i].name;
    names[count] = STR("origin");
    join->origin_column = COLUMN_ATTRIBUTES + count;
    return builder_open(names, count + 1, &join->builder, join->err);
}

/* ---- rows ---- */

/* Of one input: for each column of the builder, the input's codes in the builder's. */
struct translation {
    uint32_t **to; /* [builder columns] NULL: the input has no such column */
    void **from;   /* [builder columns] the input's values */
};

static size_t builder_column(const struct join *join, struct vg_log *log, size_t i,
                             const struct joined_attribute *list, size_t count)
{
    static const size_t plain_columns[CODE_COLUMNS_PLAIN] = {
        COLUMN_ACTIVITY, COLUMN_CHANNEL, COLUMN_TOUCHPOINT, COLUMN_ACTOR, COLUMN_TEXT};
    if (i < CODE_COLUMNS_PLAIN)
        return plain_columns[i];
    str name = str_from(log->attributes[i - CODE_COLUMNS_PLAIN].name);
    str plain = name_plain(join->arena, name);
    for (size_t a = 0; a < count; a++)
        if (plain.ptr && str_equal(list[a].plain, plain.len ? plain : name))
            return COLUMN_ATTRIBUTES + a;
    return SIZE_MAX;
}

static enum vg_code translation_make(struct join *join, struct vg_log *log,
                                     const struct joined_attribute *list, size_t count,
                                     struct translation *ret)
{
    enum vg_code code = VG_OK;
    ret->to = arena_array(join->arena, uint32_t *, join->builder->column_count);
    ret->from = arena_array(join->arena, void *, join->builder->column_count);
    if (!ret->to || !ret->from)
        return err_memory(join->err);
    for (size_t i = 0; code == VG_OK && i < CODE_COLUMNS_PLAIN + log->attribute_count;
         i++) {
        struct code_column column = code_column(log, i);
        size_t to = builder_column(join, log, i, list, count);
        if (to == SIZE_MAX)
            return err_memory(join->err);
        if (!*column.codes || ret->to[to])
            continue;
        ret->from[to] = *column.codes;
        code = dict_translate(column_dict(join->builder->log, to), column.dict,
                              column_limit(to), &ret->to[to], join->err);
    }
    ret->from[COLUMN_TIME] = log->at_us;
    ret->from[COLUMN_SCORE] = log->score;
    ret->from[COLUMN_SCALE] = log->scale;
    return code;
}

static void fill_codes(void *column, size_t width, const void *from, const uint32_t *to,
                       size_t row, uint32_t rows)
{
    if (width == 2) {
        const uint16_t *codes = (const uint16_t *)from + row;
        for (uint32_t i = 0; i < rows; i++)
            ((uint16_t *)column)[i] =
                codes[i] == LOG_NO_CODE16 ? LOG_NO_CODE16 : (uint16_t)to[codes[i]];
        return;
    }
    const uint32_t *codes = (const uint32_t *)from + row;
    for (uint32_t i = 0; i < rows; i++)
        ((uint32_t *)column)[i] =
            codes[i] == LOG_NO_CODE32 ? LOG_NO_CODE32 : to[codes[i]];
}

static enum vg_code add_chunk(struct join *join, const struct join_input *input,
                              const struct translation *translation,
                              const uint32_t *customer, size_t row, uint32_t rows)
{
    size_t columns = join->builder->column_count;
    struct block block = {0};
    bool *has = calloc(columns, sizeof *has);
    if (!has)
        return err_memory(join->err);
    for (size_t c = 0; c < columns; c++)
        has[c] = translation->from[c] != NULL;
    has[COLUMN_CUSTOMER] = has[join->origin_column] = true;
    bool made = block_make(&block, columns, has, rows, NULL);
    free(has);
    if (!made)
        return err_memory(join->err);
    block.rows = rows;
    memcpy(block.column[COLUMN_CUSTOMER], customer, rows * sizeof *customer);
    uint32_t *origin = block.column[join->origin_column];
    for (uint32_t i = 0; i < rows; i++)
        origin[i] = input->origin ? input->origin[row + i] : input->import;
    for (size_t c = COLUMN_TIME; c < columns; c++) {
        size_t width = column_width(c);
        if (!translation->from[c])
            continue;
        if (translation->to[c])
            fill_codes(block.column[c], width, translation->from[c], translation->to[c],
                       row, rows);
        else
            memcpy(block.column[c], (char *)translation->from[c] + row * width,
                   rows * width);
    }
    return builder_take(join->builder, &block, join->err);
}

static enum vg_code add_rows(struct join *join, size_t number,
                             const struct translation *translation)
{
    const struct join_input *input = &join->inputs[number];
    const struct vg_log *log = input->log;
    uint32_t *customer = malloc(CHUNK_ROWS * sizeof *customer);
    enum vg_code code = customer ? VG_OK : err_memory(join->err);
    size_t trace = 0;
    for (size_t row = 0; code == VG_OK && row < log->events;) {
        uint32_t rows = 0;
        while (rows < CHUNK_ROWS && row + rows < log->events) {
            while (log->first[trace + 1] <= row + rows)
                trace++;
            customer[rows++] = join->customer[number][trace];
        }
        code = add_chunk(join, input, translation, customer, row, rows);
        row += rows;
    }
    free(customer);
    return code;
}

static enum vg_code add_input(struct join *join, size_t number,
                              const struct joined_attribute *list, size_t count)
{
    struct translation translation = {0};
    struct join_input *input = &join->inputs[number];
    enum vg_code code = translation_make(join, input->log, list, count, &translation);
    if (code == VG_OK)
        code = add_rows(join, number, &translation);
    for (size_t c = 0; translation.to && c < join->builder->column_count; c++)
        free(translation.to[c]);
    log_close(input->log); /* its memory is needed no more */
    free(input->origin);
    input->log = NULL;
    input->origin = NULL;
    return code;
}

/* ---- ties between what was sorted before and what came later ---- */

uint32_t rank_of(const struct join_ranks *ranks, uint32_t id)
{
    size_t low = 0, high = ranks->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ranks->ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < ranks->count ? ranks->ranks[low] : UINT32_MAX;
}

struct tie {
    uint32_t rank, row; /* row: within the run */
};

static int by_rank(const void *a, const void *b)
{
    const struct tie *one = a, *two = b;
    if (one->rank != two->rank)
        return one->rank < two->rank ? -1 : 1;
    return one->row < two->row ? -1 : one->row > two->row;
}

static void permute(void *column, size_t width, size_t from, const struct tie *ties,
                    size_t count, char *scratch)
{
    char *values = column;
    if (!values)
        return;
    for (size_t i = 0; i < count; i++)
        memcpy(scratch + i * width, values + (from + ties[i].row) * width, width);
    memcpy(values + from * width, scratch, count * width);
}

/* Events from … from + count − 1 are of one customer and time: put them by rank. */
static bool order_run(struct vg_log *log, uint32_t *origin,
                      const struct join_ranks *ranks, size_t from, size_t count)
{
    struct tie *ties = malloc(count * sizeof *ties);
    char *scratch = malloc(count * 8);
    bool ok = ties && scratch;
    for (size_t i = 0; ok && i < count; i++)
        ties[i] = (struct tie){rank_of(ranks, origin[from + i]), (uint32_t)i};
    if (ok) {
        qsort(ties, count, sizeof *ties, by_rank);
        permute(log->score, 4, from, ties, count, scratch);
        permute(log->scale, 1, from, ties, count, scratch);
        permute(origin, 4, from, ties, count, scratch);
        for (size_t i = 0; i < CODE_COLUMNS_PLAIN + log->attribute_count; i++) {
            struct code_column column = code_column(log, i);
            permute(*column.codes, column.width, from, ties, count, scratch);
        }
    }
    free(ties);
    free(scratch);
    return ok;
}

/* Runs of events of one customer and time are nearly always in order, or of one import.
 */
static bool order_ties(struct vg_log *log, uint32_t *origin,
                       const struct join_ranks *ranks)
{
    for (size_t t = 0; t < log->traces; t++)
        for (uint64_t row = log->first[t], next; row < log->first[t + 1]; row = next) {
            bool in_order = true;
            for (next = row + 1;
                 next < log->first[t + 1] && log->at_us[next] == log->at_us[row]; next++)
                in_order &=
                    origin[next] == origin[next - 1] ||
                    rank_of(ranks, origin[next - 1]) < rank_of(ranks, origin[next]);
            if (!in_order && !order_run(log, origin, ranks, row, next - row))
                return false;
        }
    return true;
}

/* The last attribute was no attribute. */
static uint32_t *take_origin(struct vg_log *log)
{
    struct log_attribute *last = &log->attributes[--log->attribute_count];
    uint32_t *origin = last->code;
    free((char *)(uintptr_t)last->name);
    dict_free(&last->values);
    *last = (struct log_attribute){0};
    return origin;
}

enum vg_code join_logs(struct join_input *inputs, size_t count,
                       const struct alias_map *aliases, const struct join_ranks *ranks,
                       struct vg_log **ret, uint32_t **ret_origin, struct vg_err *err)
{
    struct join join = {.inputs = inputs, .count = count, .aliases = aliases, .err = err};
    struct joined_attribute *list = NULL;
    size_t attributes = 0;
    struct vg_log *log = NULL;
    join.arena = arena_open(0);
    enum vg_code code = join.arena ? VG_OK : err_memory(err);
    if (code == VG_OK)
        code = join_attributes(&join, &list, &attributes);
    if (code == VG_OK)
        code = open_builder(&join, list, attributes);
    if (code == VG_OK)
        code = join_names(&join);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        code = add_input(&join, i, list, attributes);
    if (code == VG_OK) {
        code = builder_finish(join.builder, &log, err);
        join.builder = NULL;
    }
    builder_close(join.builder);
    for (size_t i = 0; i < count; i++) {
        log_close(inputs[i].log);
        free(inputs[i].origin);
        inputs[i] = (struct join_input){0};
    }
    arena_close(join.arena);
    if (code != VG_OK)
        return code;
    uint32_t *origin = take_origin(log);
    if (!order_ties(log, origin, ranks)) {
        log_close(log);
        free(origin);
        return err_memory(err);
    }
    *ret = log;
    *ret_origin = origin;
    return VG_OK;
}
