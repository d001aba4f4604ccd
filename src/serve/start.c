/* Declared in serve/start.h. */
#include "serve/start.h"

#include "app/file.h"
#include "app/json.h"
#include "base/date.h"
#include "base/lang.h"
#include "store/records.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define HANDLES      4096
#define SETUP_HOURS  24
#define UPLOAD_HOURS 24 /* an upload that nobody imports */

void start_private(void)
{
    struct rlimit none = {0, 0}, handles;
    umask(S_IRWXG | S_IRWXO);
    setrlimit(RLIMIT_CORE, &none); /* passwords and customers stand in memory */
    /* Every connection is a handle, and every worker has some on the data file. */
    if (getrlimit(RLIMIT_NOFILE, &handles) == 0 && handles.rlim_cur < HANDLES) {
        handles.rlim_cur = handles.rlim_max < HANDLES ? handles.rlim_max : HANDLES;
        setrlimit(RLIMIT_NOFILE, &handles);
    }
}

/* ---- the folder ---- */

static void empty_folder(int folder)
{
    int copy = dup(folder);
    DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
    if (!dir) {
        if (copy >= 0)
            close(copy);
        return;
    }
    rewinddir(dir);
    for (const struct dirent *entry; (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(folder, entry->d_name, 0);
    closedir(dir);
}

enum vg_code start_folder(struct serve *serve, struct vg_err *err)
{
    struct buf path = {0};
    serve->folder_lock = -1;
    buf_printf(&path, "%s.serving", serve->options->workspace);
    serve->folder = buf_take(&path);
    buf_free(&path);
    if (!serve->folder)
        return err_memory(err);
    if (mkdir(serve->folder, S_IRWXU) != 0 && errno != EEXIST)
        return err_errno(err, serve->folder);
    int lock = open(serve->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (lock < 0)
        return err_errno(err, serve->folder);
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        close(lock);
        err_set(err, VG_ERR_CONFLICT, serve->options->workspace, "%s",
                _("another viaggio serves this data file already"));
        return err_hint(err, "%s", _("use that one, or stop it first")), VG_ERR_CONFLICT;
    }
    serve->folder_lock = lock;
    empty_folder(lock); /* of one that was killed */
    return VG_OK;
}

void start_sweep(struct serve *serve)
{
    struct store *store = NULL;
    struct stat file;
    time_t now = time(NULL);
    int copy = dup(serve->folder_lock);
    DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
    if (dir)
        rewinddir(dir);
    for (const struct dirent *entry; dir && (entry = readdir(dir));)
        if (fstatat(serve->folder_lock, entry->d_name, &file, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(file.st_mode) && now - file.st_mtime > UPLOAD_HOURS * 3600)
            unlinkat(serve->folder_lock, entry->d_name, 0);
    if (dir)
        closedir(dir);
    else if (copy >= 0)
        close(copy);
    struct vg_err err = {0};
    if (store_open(serve->options->workspace, &store, &err) != VG_OK ||
        session_sweep(store, date_now_us(), &err) != VG_OK)
        log_line(serve, "warning", "sweep", "detail", json_text(err.what), NULL);
    store_close(store);
}

void start_close_folder(struct serve *serve)
{
    if (serve->folder_lock >= 0) {
        empty_folder(serve->folder_lock);
        rmdir(serve->folder);
        close(serve->folder_lock);
    }
    free(serve->folder);
    serve->folder = NULL;
    serve->folder_lock = -1;
}

/* ---- words ---- */

/* "READY=1" for Type=notify units (sd_notify(3)). */
static void tell_systemd(void)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (!path || !path[0] || strlen(path) >= sizeof to.sun_path)
        return;
    memcpy(to.sun_path, path, strlen(path));
    socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    if (to.sun_path[0] == '@')
        to.sun_path[0] = 0;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (sendto(fd, "READY=1", 7, MSG_NOSIGNAL, (const struct sockaddr *)&to, len) < 0)
        errno = 0; /* systemd will say so itself */
    close(fd);
}

/* What the browser has to say on its way is not ours to show. */
static void spawn_silently(pid_t *ret_child, char *const *words)
{
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return;
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnp(ret_child, words[0], &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
}

/* The one-time link would be seen in the list of processes: the browser is shown a
 * private file that goes on to it. Without a screen there is nothing to open. */
static void open_browser(struct serve *serve, const char *address)
{
    if (!getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY"))
        return;
    struct buf path = {0}, page = {0};
    pid_t child;
    buf_printf(&path, "%s/open.html", serve->folder);
    buf_printf(&page,
               "<!doctype html><meta charset=utf-8>"
               "<meta http-equiv=refresh content=\"0;url=%s\">"
               "<p><a href=\"%s\">Viaggio</a>",
               address, address);
    char program[] = "xdg-open";
    char *const words[] = {program, path.ptr, NULL};
    if (!path.failed && !page.failed &&
        file_write(path.ptr, buf_str(&page), NULL) == VG_OK)
        spawn_silently(&child, words);
    buf_free(&path);
    buf_free(&page);
}

static enum vg_code make_setup(struct store *store, char ret_token[TOKEN_TEXT],
                               struct vg_err *err)
{
    int64_t owners = 0;
    unsigned char hash[HASH_BYTES];
    ret_token[0] = 0;
    enum vg_code code = people_owners(store, &owners, err);
    if (code != VG_OK || owners)
        return code;
    secret_make(ret_token);
    secret_hash(str_from(ret_token), hash);
    return setup_put(store, (str){(const char *)hash, sizeof hash},
                     date_now_us() + SETUP_HOURS * 3600 * US_PER_S, err);
}

static void say(const struct serve *serve, const char *token)
{
    if (token[0]) {
        printf(
            _("Viaggio is ready. The first owner comes in by this link, once and within "
              "%d hours:\n"),
            SETUP_HOURS);
        printf("  http://%s/setup#%s\n", serve->name, token);
    } else if (serve->options->solo) {
        printf(_("Viaggio is ready, without login, on this machine only: http://%s/\n"),
               serve->name);
    } else {
        printf(_("Viaggio is ready: http://%s/\n"), serve->name);
    }
    if (!serve->loopback && !serve->options->proxy_count)
        printf("%s\n",
               _("Others can reach it only by HTTPS: put a proxy in front and name "
                 "it with --trust-proxy (docs/serve.md)."));
    fflush(stdout);
}

enum vg_code start_say(struct serve *serve, struct vg_err *err)
{
    struct store *store = NULL;
    char token[TOKEN_TEXT] = "", address[256];
    enum vg_code code = store_open(serve->options->workspace, &store, err);
    if (code == VG_OK && !serve->options->solo)
        code = make_setup(store, token, err);
    store_close(store);
    if (code != VG_OK)
        return code;
    log_line(serve, "info", "start", "listen", json_text(serve->name), "solo",
             json_boolean(serve->options->solo), "version", json_string(VIAGGIO_VERSION),
             NULL);
    say(serve, token); /* from here on somebody may ask */
    tell_systemd();
    snprintf(address, sizeof address, token[0] ? "http://%s/setup#%s" : "http://%s/",
             serve->name, token);
    if (serve->options->open)
        open_browser(serve, address);
    return VG_OK;
}
