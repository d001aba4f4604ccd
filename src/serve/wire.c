/* Every connection: whether it may come, what it sends, how slowly. Declared in
 * serve/inside.h.
 *
 * libmicrohttpd reads with recv(), which this file puts itself in front of (the program's
 * own symbol comes before the C library's): so each byte passes the gate first. A second
 * thread looks once a second for those who dawdle and cuts them off; libmicrohttpd's own
 * time-out starts anew with every byte, and one byte now and then would hold it for ever.
 */
#undef _FORTIFY_SOURCE /* whose recv() is an inline function of its own */

#include "serve/inside.h"

#include "base/date.h"
#include "base/lang.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_HANDLES = 8192 };

static struct {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    struct peer *by_fd[MOST_HANDLES];
    size_t count;
    int highest;
    bool watching;
    pthread_t watcher;
    struct serve *serve;
} wire = {.lock = PTHREAD_MUTEX_INITIALIZER, .highest = -1};

/* ---- reading ---- */

ssize_t recv(int fd, void *buf, size_t len, int flags)
    __attribute__((used, visibility("default")));

/* Say why, as far as the other side still reads, and be done with it. */
static void refuse(struct peer *peer, unsigned status)
{
    char text[2048], rest[4096];
    size_t len = answer_raw(status, text, sizeof text);
    peer->refused = true;
    wire.serve->metrics.refused++;
    if (len && send(peer->fd, text, len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return;
    shutdown(peer->fd, SHUT_WR);
    /* What was sent already is taken in: otherwise closing says "reset", and the answer
     * is lost on its way. */
    for (int i = 0; i < 64; i++)
        if (recvfrom(peer->fd, rest, sizeof rest, MSG_DONTWAIT, NULL, NULL) <= 0)
            break;
}

static bool passes(struct peer *peer, str bytes)
{
    bool was_in_head = gate_in_head(&peer->gate), was_idle = gate_is_idle(&peer->gate);
    unsigned status = gate_feed(&peer->gate, bytes);
    wire.serve->metrics.bytes_in += bytes.len;
    if (status) {
        refuse(peer, status);
        return false;
    }
    peer->body_bytes += bytes.len;
    if (peer->phase == PHASE_IDLE && was_idle) {
        peer->phase = PHASE_HEAD;
        peer->since_us = date_now_us();
    }
    if (peer->phase == PHASE_HEAD && (was_in_head || was_idle) &&
        peer->gate.state == GATE_BODY) {
        peer->phase = PHASE_BODY;
        peer->since_us = date_now_us();
        peer->body_bytes = 0;
    }
    return true;
}

ssize_t recv(int fd, void *buf, size_t len, int flags)
{
    ssize_t got = recvfrom(fd, buf, len, flags, NULL, NULL);
    if (got <= 0 || fd < 0 || fd >= MOST_HANDLES || !wire.watching)
        return got;
    pthread_mutex_lock(&wire.lock);
    struct peer *peer = wire.by_fd[fd];
    bool fine = !peer || (!peer->refused && passes(peer, (str){buf, (size_t)got}));
    pthread_mutex_unlock(&wire.lock);
    if (fine)
        return got;
    errno = ECONNRESET;
    return -1;
}

/* ---- coming and going ---- */

enum MHD_Result wire_admit(void *serve, const struct sockaddr *address, socklen_t len)
{
    char text[64];
    size_t same = 0;
    (void)len;
    address_text(address, text);
    if (address_is_trusted(serve, text))
        return MHD_YES;
    pthread_mutex_lock(&wire.lock);
    for (int i = 0; i <= wire.highest; i++)
        same += wire.by_fd[i] && strcmp(wire.by_fd[i]->address, text) == 0;
    pthread_mutex_unlock(&wire.lock);
    return same < SERVE_PER_ADDRESS ? MHD_YES : MHD_NO;
}

/* How long it has kept us waiting, less what it did meanwhile; INT64_MIN: not its fault.
 */
static int64_t dawdled_us(const struct peer *peer, int64_t now)
{
    const int64_t byte_us = US_PER_S / SERVE_LEAST_BYTES_PER_S;
    int64_t took = now - peer->since_us;
    switch (peer->phase) {
    case PHASE_IDLE:
    case PHASE_HEAD:
        return took;
    case PHASE_BODY:
        return took - (int64_t)peer->body_bytes * byte_us;
    case PHASE_ANSWER:
        return took - (int64_t)(peer->acked - peer->acked_first) * byte_us;
    default:
        return INT64_MIN;
    }
}

/* Before all places are taken, and newcomers wait outside, who dawdles most must go. */
static void make_room(int64_t now)
{
    struct peer *slowest = NULL;
    int64_t most = INT64_MIN;
    if (wire.count + SERVE_ROOM <= SERVE_CONNECTIONS)
        return;
    for (int i = 0; i <= wire.highest; i++) {
        struct peer *peer = wire.by_fd[i];
        int64_t took = peer && !peer->refused ? dawdled_us(peer, now) : INT64_MIN;
        if (took > most) {
            most = took;
            slowest = peer;
        }
    }
    if (!slowest)
        return;
    slowest->refused = true;
    wire.serve->metrics.cut++;
    shutdown(slowest->fd, SHUT_RDWR);
}

static void come(struct MHD_Connection *connection, void **ret_peer)
{
    const union MHD_ConnectionInfo *handle =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    int fd = handle ? (int)handle->connect_fd : -1;
    struct peer *peer = calloc(1, sizeof *peer);
    *ret_peer = peer;
    if (!peer || fd < 0 || fd >= MOST_HANDLES) {
        if (fd >= 0)
            shutdown(fd, SHUT_RDWR);
        return;
    }
    peer->fd = fd;
    peer->since_us = date_now_us();
    /* The first head is waited for like any other. */
    peer->phase = PHASE_HEAD;
    address_text(address ? address->client_addr : NULL, peer->address);
    pthread_mutex_lock(&wire.lock);
    wire.by_fd[fd] = peer;
    wire.count++;
    if (fd > wire.highest)
        wire.highest = fd;
    make_room(peer->since_us);
    pthread_mutex_unlock(&wire.lock);
}

void wire_notify(void *serve, struct MHD_Connection *connection, void **ret_peer,
                 enum MHD_ConnectionNotificationCode what)
{
    struct peer *peer = *ret_peer;
    (void)serve;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        come(connection, ret_peer);
        return;
    }
    if (!peer)
        return;
    pthread_mutex_lock(&wire.lock);
    if (peer->fd >= 0 && peer->fd < MOST_HANDLES && wire.by_fd[peer->fd] == peer) {
        wire.by_fd[peer->fd] = NULL;
        wire.count--;
    }
    pthread_mutex_unlock(&wire.lock);
    free(peer);
    *ret_peer = NULL;
}

static uint64_t acked(int fd)
{
    struct tcp_info info;
    socklen_t len = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0 ||
        len < offsetof(struct tcp_info, tcpi_bytes_acked) + sizeof info.tcpi_bytes_acked)
        return 0;
    return info.tcpi_bytes_acked;
}

void wire_phase(struct peer *peer, enum phase phase, struct exchange *exchange)
{
    if (!peer)
        return;
    pthread_mutex_lock(&wire.lock);
    if (phase == PHASE_IDLE && gate_in_head(&peer->gate))
        phase = PHASE_HEAD; /* the next one has begun already */
    peer->phase = phase;
    peer->exchange = exchange;
    peer->since_us = peer->acked_us = date_now_us();
    if (phase == PHASE_ANSWER || phase == PHASE_LIVE)
        peer->acked = peer->acked_first = acked(peer->fd);
    pthread_mutex_unlock(&wire.lock);
}

size_t wire_count(void)
{
    pthread_mutex_lock(&wire.lock);
    size_t count = wire.count;
    pthread_mutex_unlock(&wire.lock);
    return count;
}

bool wire_is_busy(void)
{
    bool busy = false;
    pthread_mutex_lock(&wire.lock);
    for (int i = 0; i <= wire.highest && !busy; i++)
        busy = wire.by_fd[i] && (wire.by_fd[i]->phase >= PHASE_WORK);
    pthread_mutex_unlock(&wire.lock);
    return busy;
}

/* ---- watching ---- */

static bool reads_too_slowly(struct peer *peer, int64_t now)
{
    uint64_t has = acked(peer->fd);
    if (has != peer->acked) {
        peer->acked = has;
        peer->acked_us = now;
    }
    int64_t still = (now - peer->acked_us) / US_PER_S;
    int64_t took = (now - peer->since_us) / US_PER_S;
    uint64_t sent = has - peer->acked_first;
    if (peer->phase == PHASE_LIVE) { /* is something waiting that is not taken? */
        struct pollfd out = {.fd = peer->fd, .events = POLLOUT};
        return still > SERVE_SLOW_S && poll(&out, 1, 0) == 0;
    }
    return still > SERVE_SLOW_S ||
           (took > SERVE_SLOW_S && sent / SERVE_LEAST_BYTES_PER_S < (uint64_t)took);
}

static bool dawdles(struct peer *peer, int64_t now)
{
    int64_t took = (now - peer->since_us) / US_PER_S;
    switch (peer->phase) {
    case PHASE_HEAD:
        return took >= SERVE_HEAD_S;
    case PHASE_BODY:
        return took >
               SERVE_SLOW_S + (int64_t)(peer->body_bytes / SERVE_LEAST_BYTES_PER_S);
    case PHASE_ANSWER:
    case PHASE_LIVE:
        return reads_too_slowly(peer, now);
    default:
        return false;
    }
}

/* Nobody waits any more for what takes long: say so to the handler. */
static void look_for_leavers(struct peer *peer)
{
    struct pollfd in = {.fd = peer->fd, .events = POLLRDHUP};
    if (peer->exchange && peer->exchange->lane == LANE_SLOW && poll(&in, 1, 0) > 0 &&
        (in.revents & (POLLRDHUP | POLLHUP | POLLERR)))
        atomic_store(&peer->exchange->call.progress.stop, true);
}

static void look_around(void)
{
    int64_t now = date_now_us();
    for (int i = 0; i <= wire.highest; i++) {
        struct peer *peer = wire.by_fd[i];
        if (peer && peer->phase == PHASE_WORK)
            look_for_leavers(peer);
        if (!peer || !dawdles(peer, now))
            continue;
        wire.serve->metrics.cut++;
        if (peer->phase == PHASE_HEAD || peer->phase == PHASE_BODY)
            refuse(peer, 408);
        shutdown(peer->fd, SHUT_RDWR);
    }
}

static void *watch(void *unused)
{
    struct timespec until;
    (void)unused;
    pthread_mutex_lock(&wire.lock);
    clock_gettime(CLOCK_REALTIME, &until);
    for (int turn = 0; wire.watching; turn++) {
        until.tv_sec++;
        while (wire.watching &&
               pthread_cond_timedwait(&wire.ended, &wire.lock, &until) == 0)
            ;
        clock_gettime(CLOCK_REALTIME, &until);
        look_around();
        if (turn % 15 == 14) {
            pthread_mutex_unlock(&wire.lock);
            live_beat(wire.serve);
            pthread_mutex_lock(&wire.lock);
        }
    }
    pthread_mutex_unlock(&wire.lock);
    return NULL;
}

enum vg_code wire_open(struct serve *serve, struct vg_err *err)
{
    wire.serve = serve;
    wire.watching = true;
    pthread_cond_init(&wire.ended, NULL);
    if (pthread_create(&wire.watcher, NULL, watch, NULL) == 0)
        return VG_OK;
    wire.watching = false;
    return err_memory(err);
}

void wire_close(struct serve *serve)
{
    if (!wire.watching || wire.serve != serve)
        return;
    pthread_mutex_lock(&wire.lock);
    wire.watching = false;
    pthread_cond_signal(&wire.ended);
    pthread_mutex_unlock(&wire.lock);
    pthread_join(wire.watcher, NULL);
    pthread_cond_destroy(&wire.ended);
}
