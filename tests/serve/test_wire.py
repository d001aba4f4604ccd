"""What comes over the wire and is no HTTP, or too much of it, or too slow. By raw socket."""
import pathlib
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from served import Served
from tap import PROGRAM, run, test

GET = b"GET /health HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
served = Served(team=True).__enter__()


def refused(sent, status, then=b""):
    got, closed = served.raw(sent, then=then)
    assert got.startswith(b"HTTP/1.1 %d " % status), (sent[:80], got[:200])
    assert got.count(b"HTTP/1.1 ") == 1, got
    assert closed, "the connection stayed open"
    assert b"Content-Security-Policy:" in got and b"nosniff" in got, got
    assert b"application/problem+json" in got, got


BAD = {
    "both lengths": POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    "both lengths, the other way round": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
    "the same length twice": POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "a list of lengths": POST + b"Content-Length: 2, 2\r\n\r\n{}",
    "a length with a sign": POST + b"Content-Length: +2\r\n\r\n{}",
    "a negative length": POST + b"Content-Length: -2\r\n\r\n{}",
    "a length in hexadecimal": POST + b"Content-Length: 0x2\r\n\r\n{}",
    "an empty length": POST + b"Content-Length: \r\n\r\n{}",
    "an endless length": POST + b"Content-Length: 9999999999999999999999\r\n\r\n{}",
    "a bare LF in the request line": b"GET /health HTTP/1.1\nHost: x\r\n\r\n",
    "a bare LF after a header": b"GET /health HTTP/1.1\r\nHost: x\n\r\n",
    "a bare LF as the last line": b"GET /health HTTP/1.1\r\nHost: x\r\n\n",
    "a bare CR in a value": GET + b"X: a\rb\r\n\r\n",
    "a folded header": GET + b"X: a\r\n b\r\n\r\n",
    "a header folded by a tab": GET + b"X: a\r\n\tb\r\n\r\n",
    "a space before the colon": b"GET /health HTTP/1.1\r\nHost : x\r\n\r\n",
    "a header without a colon": GET + b"nonsense\r\n\r\n",
    "a header without a name": GET + b": x\r\n\r\n",
    "a NUL in a header": GET + b"X: a\0b\r\n\r\n",
    "a NUL in the path": b"GET /he\0alth HTTP/1.1\r\nHost: x\r\n\r\n",
    "two hosts": GET + b"Host: y\r\n\r\n",
    "no host": b"GET /health HTTP/1.1\r\n\r\n",
    "a space too many": b"GET  /health HTTP/1.1\r\nHost: x\r\n\r\n",
    "an empty line first": b"\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n",
    "a byte beyond ASCII in the path": b"GET /h\xe9alth HTTP/1.1\r\nHost: x\r\n\r\n",
}


@test
def what_is_nearly_http_is_refused_and_the_connection_closed():
    for name, sent in BAD.items():
        try:
            # whatever length comes first, a Transfer-Encoding is refused by its own number
            refused(sent, 411 if b"Transfer-Encoding" in sent else 400)
        except AssertionError as why:
            raise AssertionError(f"{name}: {why}") from why


@test
def it_is_refused_however_the_bytes_are_cut():
    for name in ("a folded header", "a bare LF after a header", "two lengths"):
        sent = BAD[name]
        for at in range(1, len(sent) - 1, 7):
            refused(sent[:at], 400, then=sent[at:])


@test
def nothing_of_a_refused_request_is_carried_out():
    before = served.owner.get("/departments").json
    inner = (b"POST /api/v1/departments HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
             b"Content-Length: 12\r\n\r\n{\"name\":\"a\"}")
    refused(POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner, 411)
    refused(POST + b"Content-Length: 0\r\nContent-Length: 200\r\n\r\n" + inner, 400)
    assert served.owner.get("/departments").json == before


@test
def a_second_request_on_the_connection_is_looked_at_like_the_first():
    got, closed = served.raw(GET + b"\r\n", then=b"GET /health HTTP/1.1\nHost: x\r\n\r\n")
    assert got.count(b"HTTP/1.1 200") == 1 and got.count(b"HTTP/1.1 400") == 1 and closed, got


@test
def two_requests_sent_at_once_are_both_answered_in_order():
    got, closed = served.raw(GET + b"\r\n" + b"GET /api/v1/session HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert got.count(b"HTTP/1.1 200 OK") == 2 and got.index(b'"ok"') < got.index(b'"csrf"') and closed, got


@test
def chunks_are_refused_with_what_to_do():
    refused(POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 411)
    refused(POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 411)


@test
def another_version_or_no_version_is_refused():
    refused(b"GET /health HTTP/2.0\r\nHost: x\r\n\r\n", 505)
    refused(b"GET /health HTTP/1.2\r\nHost: x\r\n\r\n", 505)
    refused(b"GET /health\r\nHost: x\r\n\r\n", 400)
    got, _ = served.raw(b"GET /health HTTP/1.0\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 200") or got.startswith(b"HTTP/1.0 200"), got


@test
def what_is_too_large_is_refused_by_its_number():
    refused(b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414)
    refused(GET + b"X: " + b"a" * 17000 + b"\r\n\r\n", 431)
    refused(GET + b"X: a\r\n" * 65 + b"\r\n", 431)
    refused(GET + b"A" * 17000 + b": x\r\n\r\n", 431)
    many = b"&".join(b"a=1" for _ in range(300))
    got, _ = served.raw(b"GET /api/v1/departments?" + many + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 414"), got[:200]
    got, _ = served.raw(POST + b"Content-Length: 99999999\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 413"), got[:200]


@test
def a_body_where_none_is_taken_is_refused():
    got, closed = served.raw(b"GET /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
    assert got.startswith(b"HTTP/1.1 400") and closed, got[:200]


@test
def paths_that_are_no_utf_8_or_hide_something_are_refused():
    for path in ("/api/v1/people/%", "/api/v1/people/%zz", "/api/v1/people/%ff", "/api/v1/people/%00",
                 "/api/v1/people/a%0d%0ab", "/api/v1/people/%c0%ae"):
        got, _ = served.raw(f"DELETE {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert got.startswith(b"HTTP/1.1 400"), (path, got[:200])
    for path in ("/../etc/passwd", "/assets/../../etc/passwd", "/assets/%2e%2e%2fx.js", "//etc/passwd.txt", "/api/v1/../../x.y"):
        got, _ = served.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        # nothing, or the client's own page, which says that there is nothing
        assert got.startswith(b"HTTP/1.1 404") or b"<!doctype html>" in got, (path, got[:200])
        assert b"root:" not in got


@test
def methods_that_nobody_knows_are_refused():
    for method, status in (("TRACE", 501), ("CONNECT", 501), ("BREW", 501), ("OPTIONS", 501), ("PUT", 405)):
        got, _ = served.raw(f"{method} /api/v1/session HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert got.startswith(b"HTTP/1.1 %d" % status), (method, got[:200])


@test
def head_is_get_without_the_body():
    got = served.anybody.ask("HEAD", "/api/v1/session")
    assert got.status == 200 and got.body == b"" and int(got.header("Content-Length")) > 100, got


def cut_count():
    text = served.anybody.get("/metrics").body.decode()
    return int(float(text.rsplit("viaggio_cut_total ", 1)[1].split("\n")[0]))


@test
def slow_heads_are_cut_off_after_ten_seconds_slow_bodies_and_readers_after_thirty():
    ends = {}

    def dawdle(name, first, every):
        began = time.monotonic()
        s = socket.create_connection((served.host, served.port), timeout=60)
        s.sendall(first)
        try:
            while time.monotonic() - began < 60:
                s.settimeout(every)
                try:
                    if s.recv(4096) == b"":
                        break
                except socket.timeout:
                    s.sendall(b"x")
        except OSError:
            pass
        s.close()
        ends[name] = time.monotonic() - began

    idle = socket.socket()  # a reader that takes nothing of what fills the buffers of both sides
    idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    idle.connect((served.host, served.port))
    before, began_all = cut_count(), time.monotonic()
    idle.sendall(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 100)
    threads = [threading.Thread(target=dawdle, args=a) for a in (
        ("silent", b"", 30), ("head", GET + b"X: ", 1), ("line", b"GET /aaa", 1),
        ("body", POST + b"Content-Length: 1000\r\n\r\n{", 1))]
    for t in threads:
        t.start()
    worst = 0
    for _ in range(20):  # others are served meanwhile
        began = time.monotonic()
        assert served.anybody.get("/session").status == 200
        worst = max(worst, time.monotonic() - began)
        time.sleep(0.3)
    for t in threads:
        t.join()
    assert worst < 5, worst  # nobody waits until the slow ones are cut off
    while cut_count() < before + 5 and time.monotonic() - began_all < 60:
        time.sleep(0.5)
    took = time.monotonic() - began_all
    idle.close()
    assert 25 <= took <= 60, took
    for name in ("silent", "head", "line"):
        assert 9 <= ends[name] <= 20, ends
    assert 28 <= ends["body"] <= 45, ends


@test
def one_address_may_open_only_so_many_connections():
    opened = []
    try:
        for _ in range(260):
            s = socket.create_connection((served.host, served.port), timeout=5)
            opened.append(s)
        time.sleep(0.5)
        alive = 0
        for s in opened:
            s.settimeout(0.01)
            try:
                alive += s.recv(1) != b""
            except socket.timeout:
                alive += 1
            except OSError:
                pass
        assert 150 <= alive <= 200, alive
    finally:
        for s in opened:
            s.close()
    def let_in():
        try:
            return served.anybody.get("/health").status == 200
        except OSError:
            return False

    end = time.monotonic() + 30
    while not let_in():
        assert time.monotonic() < end, "nobody is let in again"
        time.sleep(0.1)


@test
def memory_and_descriptors_stay_where_they_were():
    def now():
        process = pathlib.Path(f"/proc/{served.process.pid}")
        pages = int((process / "statm").read_text().split()[1])
        return pages * 4096, len(list((process / "fd").iterdir()))

    for _ in range(200):
        served.raw(BAD["a folded header"])
    before = now()
    for _ in range(600):
        served.raw(BAD["a folded header"])
        served.raw(GET + b"Connection: close\r\n\r\n")
    after = now()
    assert after[1] <= before[1] + 2, (before, after)
    if "asan" not in PROGRAM:  # which keeps what is freed for a while
        assert after[0] <= before[0] + 4e6, (before, after)


try:
    run()
finally:
    served.__exit__()
