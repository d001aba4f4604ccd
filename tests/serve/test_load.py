"""A thousand clients that dawdle, and the others beside them. 1,000 connections from five addresses send heads and
bodies byte by byte, or read nothing of what they asked for; whoever asks meanwhile must not notice."""
import pathlib
import resource
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from served import Client, Served
from tap import run, test
from world import bring_example, good

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
served = Served(team=True).__enter__()
SLOW = 1000


def number(name):
    text = served.anybody.get("/metrics").body.decode()
    return float(text.rsplit(name + " ", 1)[1].split("\n")[0])


class Dawdlers:
    """Heads, bodies and readers that never come to an end, one byte a second each."""

    def __init__(self, count):
        self.sockets, self.stopping, self.refused = [], False, 0
        host = f"Host: {served.name}\r\n".encode()
        first = [b"GET /api/v1/session HTTP/1.1\r\n" + host + b"X: ",
                 b"POST /api/v1/session HTTP/1.1\r\n" + host + b"Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n",
                 (b"GET /api/v1/openapi.json HTTP/1.1\r\n" + host + b"\r\n") * 2]
        for i in range(count):
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.bind((f"127.0.0.{2 + i * 5 // count}", 0))
            s.settimeout(5)
            try:
                s.connect((served.host, served.port))
                s.sendall(first[i % 3])
                s.setblocking(False)
                self.sockets.append((i % 3, s))
            except OSError:
                self.refused += 1
                s.close()
        self.thread = threading.Thread(target=self.trickle)
        self.thread.start()

    def trickle(self):
        while not self.stopping:
            for kind, s in self.sockets:
                try:
                    if kind != 2:
                        s.send(b" ")
                except OSError:
                    pass  # cut off, as it should be
            time.sleep(1)

    def alive(self):
        count = 0
        for kind, s in self.sockets:
            try:
                count += s.recv(1, socket.MSG_PEEK) != b""
            except BlockingIOError:
                count += 1
            except OSError:
                pass
        return count

    def end(self):
        self.stopping = True
        self.thread.join()
        for _, s in self.sockets:
            s.close()


def memory():
    text = pathlib.Path(f"/proc/{served.process.pid}/status").read_text()
    return int(next(l for l in text.splitlines() if l.startswith("VmRSS")).split()[1]) * 1024


def times(seconds, *asks):
    took, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        for ask in asks:
            began = time.monotonic()
            got = ask()
            took.append(time.monotonic() - began)
            assert got.status == 200, got
        time.sleep(0.01)
    return sorted(took)


@test
def a_thousand_slow_clients_take_nobody_elses_turn():
    bring_example(served.editor)
    map_id = good(served.editor.post("/maps", {"template": "blank", "lang": "it"}), 201)["id"]
    asks = (lambda: served.reader.get("/session"), lambda: served.reader.get(f"/maps/{map_id}"), lambda: served.reader.get("/insight/flow"))
    times(0.5, *asks)
    before = memory()
    slow = Dawdlers(SLOW)
    try:
        took = times(6, *asks)
        held, alive = memory() - before, slow.alive()
    finally:
        slow.end()
    p99 = took[int(len(took) * 0.99)]
    print(f"# {SLOW} slow connections, {alive} alive after 6 s; {len(took)} others beside them, p99 {p99 * 1000:.0f} ms; "
          f"{held / 1e6:.0f} MB more")
    assert alive > SLOW * 0.6, alive
    assert len(took) >= 30 and p99 < 1, (len(took), p99)
    assert held < 150e6, held


@test
def slow_heads_are_gone_after_their_time_and_the_server_is_as_before():
    end = time.monotonic() + 30
    while number("viaggio_connections") > 10 and time.monotonic() < end:
        time.sleep(0.5)
    assert number("viaggio_connections") <= 10
    assert Client(served).get("/health").status == 200


try:
    run()
finally:
    served.__exit__()
