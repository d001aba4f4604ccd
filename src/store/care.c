/* Backup, restore, rebuild. Declared in store/store.h. */
#include "store/evidence_parts.h"

#include "base/lang.h"
#include "store/audit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum vg_code store_backup(struct store *store, const char *path,
                          struct progress *progress, struct vg_err *err)
{
    if (strcmp(path, store->path) == 0)
        return err_set(err, VG_ERR_USAGE, path, "%s",
                       _("the copy needs another name than the data file"));
    enum vg_code code = db_copy_to(store, path, progress, err);
    if (code == VG_OK)
        code = db_begin(store, err);
    else
        return code;
    if (code == VG_OK)
        code = db_end(store, audit_add(store, "backup", "", err), err);
    return code;
}

enum vg_code store_rebuild(struct store *store, struct vg_err *err)
{
    struct vg_log *log = NULL;
    const struct store_wants none = {0};
    enum vg_code code = db_begin(store, err);
    if (code == VG_OK)
        code = db_end(store, image_drop(store, err), err);
    if (code == VG_OK)
        code = db_run(store, err, "VACUUM", "");
    if (code == VG_OK)
        code = store_log(store, &none, &log, err);
    log_close(log);
    return code == VG_OK ? store_empty_wal(store, err) : code;
}

/* ---- restore ---- */

/* Whether a copy can be trusted to take the file's place. */
static enum vg_code check_copy(struct store *copy, struct vg_err *err)
{
    struct store_health health;
    struct arena *arena = arena_open(0);
    if (!arena)
        return err_memory(err);
    enum vg_code code = store_examine(copy, arena, &health, err);
    if (code == VG_OK && health.fault_count)
        code = db_damaged(copy, health.faults[0], err);
    arena_close(arena);
    return code;
}

/* Nobody may have the old file open: its write-ahead log must not outlive it. A damaged
 * one cannot be asked. */
static enum vg_code close_down(const char *path, struct vg_err *err)
{
    struct store *old = NULL;
    struct vg_err why = {0};
    enum vg_code code = store_open(path, &old, &why);
    if (code == VG_OK)
        code = store_empty_wal(old, &why);
    if (code == VG_OK)
        code = db_run(old, &why, "PRAGMA journal_mode = DELETE", "");
    store_close(old);
    if (code == VG_ERR_CONFLICT)
        return err_set(err, VG_ERR_CONFLICT, path, "%s",
                       _("another program has it open: close that first"));
    return VG_OK;
}

/* A name for what is in the way, that nobody has. "": nothing is. */
static enum vg_code name_aside(const char *path, char ret_kept[static 4096],
                               struct vg_err *err)
{
    ret_kept[0] = 0;
    if (access(path, F_OK) != 0)
        return VG_OK;
    for (int i = 1;; i++) {
        if (snprintf(ret_kept, 4096, "%s.before-restore-%d", path, i) >= 4096)
            return err_set(err, VG_ERR_USAGE, path, "%s", _("the name is too long"));
        if (access(ret_kept, F_OK) != 0)
            return VG_OK;
    }
}

static enum vg_code rename_beside(const char *path, const char *kept, const char *end,
                                  struct vg_err *err)
{
    char from[4096 + 8], to[4096 + 8];
    snprintf(from, sizeof from, "%s%s", path, end);
    snprintf(to, sizeof to, "%s%s", kept, end);
    return rename(from, to) != 0 && errno != ENOENT ? err_errno(err, from) : VG_OK;
}

/* `temporary` becomes `path`, what was there `kept`. At every moment there is a file of
 * that name; its write-ahead log (of one that could not be opened) goes before the new
 * one comes, which it would spoil. */
static enum vg_code swap_in(const char *temporary, const char *path, const char *kept,
                            struct vg_err *err)
{
    enum vg_code code = VG_OK;
    if (kept[0] && link(path, kept) != 0) /* not on every kind of disk */
        code = rename_beside(path, kept, "", err);
    if (kept[0] && code == VG_OK)
        code = rename_beside(path, kept, "-wal", err);
    if (kept[0] && code == VG_OK)
        code = rename_beside(path, kept, "-shm", err);
    if (code == VG_OK && rename(temporary, path) != 0)
        code = err_errno(err, path);
    return code;
}

enum vg_code store_restore(const char *copy, const char *path, char ret_kept[static 4096],
                           struct vg_err *err)
{
    char temporary[4096 + 16];
    struct store *from = NULL;
    ret_kept[0] = 0;
    if (strcmp(copy, path) == 0)
        return err_set(err, VG_ERR_USAGE, path, "%s",
                       _("the copy needs another name than the data file"));
    snprintf(temporary, sizeof temporary, "%s.restoring", path);
    enum vg_code code = store_open(copy, &from, err);
    if (code == VG_OK)
        code = check_copy(from, err);
    if (code == VG_OK)
        code = db_copy_to(from, temporary, NULL, err);
    store_close(from);
    if (code == VG_OK && access(path, F_OK) == 0)
        code = close_down(path, err);
    if (code == VG_OK)
        code = name_aside(path, ret_kept, err);
    if (code == VG_OK)
        code = swap_in(temporary, path, ret_kept, err);
    if (code == VG_OK)
        db_sync_folder(path);
    else
        unlink(temporary);
    return code;
}
