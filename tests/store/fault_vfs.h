/* fault_vfs: SQLite's files by way of us. It writes down what is written, and lets the
 * N-th call fail. */
#ifndef TESTS_FAULT_VFS_H
#define TESTS_FAULT_VFS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Make it the way to all files opened from now on. */
void fault_vfs_install(void);

/* ---- failing ---- */

enum fault_kind {
    FAULT_NONE,
    FAULT_READ = 1,
    FAULT_WRITE = 2, /* and truncate */
    FAULT_SYNC = 4,
    FAULT_ANY = 7
};
struct fault {
    unsigned kinds;
    long turn;  /* the call that fails, from 1 */
    bool stays; /* and all after it */
    int status; /* SQLITE_FULL, or 0: the kind's own SQLITE_IOERR_… */
};
void fault_set(const struct fault *fault); /* NULL: none; begins to count anew */
long fault_calls(void);                    /* of those kinds, since then */
bool fault_happened(void);

/* ---- recording ---- */

enum { OP_WRITE, OP_TRUNCATE, OP_SYNC, OP_DELETE, OP_FOLDER /* synced, too */ };
enum { FILE_MAIN, FILE_WAL, FILE_JOURNAL, FILE_OTHER };
struct fault_op {
    int kind, file;
    int64_t offset; /* of a truncate: the new length */
    size_t len;
    unsigned char *bytes;
};
void fault_record(bool on); /* on: from nothing */
const struct fault_op *fault_ops(size_t *ret_count);

#endif
