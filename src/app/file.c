#include "app/file.h"

#include "base/lang.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_FILES 16

/* The temporaries under way. `used` is written last when one is added and first when it
 * is taken away, so that file_sweep never sees half a name. */
static struct temporary {
    volatile sig_atomic_t used;
    bool folder;
    char path[4200];
} temporaries[FILE_TEMPORARIES];

/* What a folder of ours may hold; kept here so that sweeping needs no directory scan,
 * which a signal handler may not do. */
static const char *const folder_files[FOLDER_FILES] = {
    "index.html", "poster.svg", "poster.png", "poster.pdf", "insight.json", "map.json"};

static int remember(const char *path, bool folder)
{
    for (int i = 0; i < FILE_TEMPORARIES; i++) {
        if (temporaries[i].used)
            continue;
        snprintf(temporaries[i].path, sizeof temporaries[i].path, "%s", path);
        temporaries[i].folder = folder;
        temporaries[i].used = 1;
        return i;
    }
    return -1;
}

static void forget(int slot)
{
    if (slot >= 0)
        temporaries[slot].used = 0;
}

/* Only calls that a signal handler may make. */
static void take_away(struct temporary *temporary)
{
    if (!temporary->folder) {
        unlink(temporary->path);
        return;
    }
    int folder = open(temporary->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return;
    for (size_t i = 0; i < FOLDER_FILES && folder_files[i]; i++)
        unlinkat(folder, folder_files[i], 0);
    close(folder);
    rmdir(temporary->path);
}

void file_sweep(void)
{
    for (int i = 0; i < FILE_TEMPORARIES; i++)
        if (temporaries[i].used)
            take_away(&temporaries[i]);
}

/* The permissions a new file gets from the caller's umask. */
static mode_t usual_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* Anything but a plain file (/dev/null, a pipe) is written to as it is. */
static bool is_special(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && !S_ISREG(about.st_mode);
}

static enum vg_code open_special(const char *path, struct file_out *ret,
                                 struct vg_err *err)
{
    ret->handle = open(path, O_WRONLY | O_CLOEXEC);
    return ret->handle < 0 ? err_errno(err, path) : VG_OK;
}

enum vg_code file_open(const char *path, struct file_out *ret, struct vg_err *err)
{
    *ret = (struct file_out){.handle = -1, .slot = -1};
    if (!path || strcmp(path, "-") == 0) {
        ret->handle = STDOUT_FILENO;
        return VG_OK;
    }
    if (strlen(path) >= sizeof ret->path - 16)
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("the name of the file is too long"));
    snprintf(ret->path, sizeof ret->path, "%s", path);
    if (is_special(path))
        return open_special(path, ret, err);
    char temporary[sizeof ret->path];
    if ((size_t)snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >=
        sizeof temporary)
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("the name of the file is too long"));
    ret->handle = mkostemp(temporary, O_CLOEXEC);
    if (ret->handle < 0)
        return err_errno(err, path);
    ret->slot = remember(temporary, false);
    if (ret->slot < 0) {
        close(ret->handle);
        unlink(temporary);
        return err_memory(err);
    }
    return fchmod(ret->handle, usual_mode()) ? err_errno(err, path) : VG_OK;
}

static const char *shown_path(const struct file_out *file)
{
    return file->path[0] ? file->path : _("standard output");
}

enum vg_code file_add(struct file_out *file, str bytes, struct vg_err *err)
{
    while (bytes.len > 0) {
        ssize_t done = write(file->handle, bytes.ptr, bytes.len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return err_errno(err, shown_path(file));
        bytes.ptr += done;
        bytes.len -= (size_t)done;
    }
    return VG_OK;
}

enum vg_code file_finish(struct file_out *file, struct vg_err *err)
{
    int handle = file->handle, slot = file->slot;
    file->handle = -1;
    if (handle < 0 || handle == STDOUT_FILENO)
        return VG_OK;
    bool synced = slot < 0 || fsync(handle) == 0;
    int error = errno;
    bool closed = close(handle) == 0;
    if (synced && !closed)
        error = errno;
    if (synced && closed && slot >= 0 &&
        rename(temporaries[slot].path, file->path) != 0) {
        error = errno;
        closed = false;
    }
    if (slot >= 0 && !(synced && closed))
        take_away(&temporaries[slot]);
    forget(slot);
    file->slot = -1;
    errno = error;
    return synced && closed ? VG_OK : err_errno(err, file->path);
}

void file_drop(struct file_out *file)
{
    if (file->handle < 0)
        return;
    if (file->handle != STDOUT_FILENO)
        close(file->handle);
    file->handle = -1;
    if (file->slot >= 0)
        take_away(&temporaries[file->slot]);
    forget(file->slot);
    file->slot = -1;
}

enum vg_code file_write(const char *path, str bytes, struct vg_err *err)
{
    struct file_out file;
    enum vg_code code = file_open(path, &file, err);
    if (code == VG_OK)
        code = file_add(&file, bytes, err);
    if (code == VG_OK)
        return file_finish(&file, err);
    file_drop(&file);
    return code;
}

enum vg_code file_folder_open(const char *path, char *ret_path, size_t size,
                              int *ret_slot, struct vg_err *err)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    if ((size_t)snprintf(ret_path, size, "%.*s.XXXXXX", (int)length, path) >= size)
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("the name of the folder is too long"));
    if (!mkdtemp(ret_path))
        return err_errno(err, path);
    *ret_slot = remember(ret_path, true);
    if (*ret_slot < 0) {
        rmdir(ret_path);
        return err_memory(err);
    }
    return chmod(ret_path, usual_mode() | ((usual_mode() & 0444) >> 2))
               ? err_errno(err, path)
               : VG_OK;
}

void file_folder_drop(int slot)
{
    if (slot < 0 || !temporaries[slot].used)
        return;
    take_away(&temporaries[slot]);
    forget(slot);
}

void file_folder_keep(int slot)
{
    forget(slot);
}
