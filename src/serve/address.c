/* Where to listen, and who is whom on the network. Declared in serve/inside.h. */
#include "serve/inside.h"

#include "base/lang.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { FIRST_GIVEN = 3, BACKLOG = 511 }; /* SD_LISTEN_FDS_START */

/* ---- reading ---- */

enum vg_code address_read(const char *text, struct listen_at *ret, struct vg_err *err)
{
    str whole = str_from(text ? text : "127.0.0.1:8020"), host = whole, port = {0};
    int64_t number;
    size_t colon = whole.len;
    while (colon > 0 && whole.ptr[colon - 1] != ':')
        colon--;
    if (colon) {
        host.len = colon - 1;
        port = (str){whole.ptr + colon, whole.len - colon};
    }
    if (host.len > 1 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']') {
        host.ptr++;
        host.len -= 2;
    }
    if (!colon || !host.len || host.len >= sizeof ret->host ||
        !str_to_i64(port, &number) || number < 0 || number > 65535) {
        err_set(err, VG_ERR_USAGE, NULL, _("--listen: \"%s\" is no address and port"),
                text);
        return err_hint(err, "%s", _("such as 127.0.0.1:8020 or [::1]:8020"));
    }
    snprintf(ret->host, sizeof ret->host, "%.*s", STR_ARG(host));
    snprintf(ret->port, sizeof ret->port, "%.*s", STR_ARG(port));
    return VG_OK;
}

void address_text(const struct sockaddr *address, char ret[static 64])
{
    snprintf(ret, 64, "%s", "unix");
    if (address && address->sa_family == AF_INET) {
        const struct sockaddr_in *four = (const void *)address;
        inet_ntop(AF_INET, &four->sin_addr, ret, 64);
    } else if (address && address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const void *)address;
        inet_ntop(AF_INET6, &six->sin6_addr, ret, 64);
        if (strncmp(ret, "::ffff:", 7) == 0 && strchr(ret, '.'))
            memmove(ret, ret + 7, strlen(ret + 7) + 1);
    }
}

static int read_bytes(str text, unsigned char ret[static 16])
{
    char copy[64];
    snprintf(copy, sizeof copy, "%.*s", STR_ARG(text));
    if (inet_pton(AF_INET, copy, ret) == 1)
        return 4;
    return inet_pton(AF_INET6, copy, ret) == 1 ? 16 : 0;
}

bool address_in(const char *net, const char *address)
{
    unsigned char a[16], b[16];
    str bits_text = str_from(net);
    str base = str_cut(&bits_text, '/');
    int len = read_bytes(base, a);
    int64_t bits = len * 8;
    if (strcmp(net, address) == 0)
        return true;
    if (!len || read_bytes(str_from(address), b) != len ||
        (bits_text.ptr && !str_to_i64(bits_text, &bits)) || bits < 0 || bits > len * 8)
        return false;
    size_t whole = (size_t)bits / 8, rest = (size_t)bits % 8;
    if (memcmp(a, b, whole) != 0)
        return false;
    return !rest || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

enum vg_code address_check_net(const char *option, const char *net, struct vg_err *err)
{
    unsigned char bytes[16];
    str bits_text = str_from(net);
    str base = str_cut(&bits_text, '/');
    int len = read_bytes(base, bytes);
    int64_t bits = 0;
    if (strcmp(net, "unix") == 0 ||
        (len && (!bits_text.ptr ||
                 (str_to_i64(bits_text, &bits) && bits >= 0 && bits <= len * 8))))
        return VG_OK;
    err_set(err, VG_ERR_USAGE, NULL, _("%s: \"%s\" is no address or net"), option, net);
    return err_hint(err, "%s", _("such as 127.0.0.1 or 10.0.0.0/8")), VG_ERR_USAGE;
}

bool address_is_trusted(const struct serve *serve, const char *address)
{
    for (size_t i = 0; i < serve->options->proxy_count; i++)
        if (address_in(serve->options->proxies[i], address))
            return true;
    return false;
}

bool address_is_loopback_name(const char *host)
{
    char name[64];
    const char *end = host[0] == '[' ? strchr(host, ']') : host + strcspn(host, ":");
    if (host[0] == '[' && end)
        end++;
    if (!end || end == host || (size_t)(end - host) >= sizeof name)
        return false;
    if (*end && (*end != ':' || !end[1] || end[1 + strspn(end + 1, "0123456789")]))
        return false;
    snprintf(name, sizeof name, "%.*s", (int)(end - host), host);
    return strcmp(name, "localhost") == 0 || strcmp(name, "[::1]") == 0 ||
           (strncmp(name, "127.", 4) == 0 && address_in("127.0.0.0/8", name));
}

/* ---- listening ---- */

/* Sockets that systemd opened for us (sd_listen_fds(3)): the first one. −1: none. */
static int given_socket(void)
{
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    int64_t number;
    if (!pid || !count || !str_to_i64(str_from(pid), &number) || number != getpid() ||
        !str_to_i64(str_from(count), &number) || number < 1)
        return -1;
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    fcntl(FIRST_GIVEN, F_SETFD, FD_CLOEXEC);
    fcntl(FIRST_GIVEN, F_SETFL, fcntl(FIRST_GIVEN, F_GETFL) | O_NONBLOCK);
    return FIRST_GIVEN;
}

static enum vg_code own_socket(const char *text, int *ret_fd, struct vg_err *err)
{
    struct listen_at at;
    struct addrinfo wish = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
                            .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int yes = 1;
    enum vg_code code = address_read(text, &at, err);
    if (code != VG_OK)
        return code;
    const char *host = strcmp(at.host, "localhost") == 0 ? "127.0.0.1" : at.host;
    if (getaddrinfo(host, at.port, &wish, &found) != 0) {
        err_set(err, VG_ERR_USAGE, NULL, _("--listen: \"%s\" is no address"), at.host);
        return err_hint(err, "%s", _("such as 127.0.0.1:8020 or [::1]:8020"));
    }
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 ||
        listen(fd, BACKLOG) != 0) {
        bool taken = errno == EADDRINUSE;
        code = err_errno(err, text ? text : "127.0.0.1:8020");
        if (taken)
            err_hint(err, "%s",
                     _("another program listens there: --listen ADDRESS:PORT"));
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    *ret_fd = fd;
    return code;
}

enum vg_code address_listen(const char *text, int *ret_fd, bool *ret_loopback,
                            char ret_name[static 80], struct vg_err *err)
{
    struct sockaddr_storage at = {0};
    socklen_t len = sizeof at;
    char name[64];
    int fd = given_socket();
    enum vg_code code = fd >= 0 ? VG_OK : own_socket(text, &fd, err);
    if (code != VG_OK)
        return code;
    if (getsockname(fd, (struct sockaddr *)&at, &len) != 0) {
        close(fd);
        return err_errno(err, text);
    }
    address_text((const struct sockaddr *)&at, name);
    unsigned port = 0;
    if (at.ss_family == AF_INET)
        port = ntohs(((const struct sockaddr_in *)(const void *)&at)->sin_port);
    if (at.ss_family == AF_INET6)
        port = ntohs(((const struct sockaddr_in6 *)(const void *)&at)->sin6_port);
    bool six = strchr(name, ':') != NULL;
    *ret_loopback = address_in("127.0.0.0/8", name) || strcmp(name, "::1") == 0 ||
                    at.ss_family == AF_UNIX;
    if (port)
        snprintf(ret_name, 80, six ? "[%s]:%u" : "%s:%u", name, port);
    else
        snprintf(ret_name, 80, "%s", name);
    *ret_fd = fd;
    return VG_OK;
}
