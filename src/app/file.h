/* file: results written so that a reader finds the old file or the new one, never half.
 *
 * Everything goes into a temporary neighbour first and takes its name at the end. The
 * temporary names are remembered, so that a program that is stopped can take them away.
 * Threads    one at a time; file_sweep may be called from a signal handler. */
#ifndef APP_FILE_H
#define APP_FILE_H

#include "base/buf.h"
#include "base/err.h"

#define FILE_TEMPORARIES 16 /* how many may be under way at once */

struct file_out {
    int handle;      /* −1: not open */
    int slot;        /* in the list of temporary names; −1: none */
    char path[4096]; /* where it goes; "" is standard output */
};

/* path NULL or "-" is standard output. VG_ERR_IO, VG_ERR_DENIED, VG_ERR_NOT_FOUND. */
MUST_CHECK enum vg_code file_open(const char *path, struct file_out *ret,
                                  struct vg_err *err);
MUST_CHECK enum vg_code file_add(struct file_out *file, str bytes, struct vg_err *err);
/* On disk, and under its name. The file is closed in any case. */
MUST_CHECK enum vg_code file_finish(struct file_out *file, struct vg_err *err);
/* Close and forget what was written; after file_finish it does nothing. */
void file_drop(struct file_out *file);

/* All of it at once. */
MUST_CHECK enum vg_code file_write(const char *path, str bytes, struct vg_err *err);
/* A new, empty folder beside `path`, named in ret_path. */
MUST_CHECK enum vg_code file_folder_open(const char *path, char *ret_path, size_t size,
                                         int *ret_slot, struct vg_err *err);
/* Take the folder away, with the files in it, unless it has been renamed meanwhile. */
void file_folder_drop(int slot);
void file_folder_keep(int slot); /* it is no temporary any more */

/* Take away every temporary there is: for a program that must stop now. */
void file_sweep(void);

#endif
