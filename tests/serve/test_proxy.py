"""Behind nginx, configured as docs/serve.md says."""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from live import Stream
from served import Client, Served
from tap import SOURCE, Skip, run, test

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
PUBLIC = {"Host": "viaggio.azienda.it", "Origin": "https://viaggio.azienda.it"}


class Proxied:
    """The same server, by another address."""

    def __init__(self, served, port):
        self.host, self.port, self.name = "127.0.0.1", port, "viaggio.azienda.it"
        self.raw = lambda *a, **k: Served.raw(self, *a, **k)


class Proxy:
    def __init__(self, served):
        if not NGINX:
            raise Skip("nginx is not here")
        text = (SOURCE / "docs" / "serve.md").read_text()
        location = re.search(r"\n( +location / \{.*?\n +\})\n", text, re.S).group(1)
        # TLS is nginx's own business: here it only says that it was there
        location = location.replace("127.0.0.1:8020", served.name).replace("$scheme", "https")
        self.folder = tempfile.TemporaryDirectory()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        folder = self.folder.name
        conf = pathlib.Path(folder) / "nginx.conf"
        conf.write_text(f"""
            {"user root;" if os.geteuid() == 0 else ""} worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
            events {{ worker_connections 256; }}
            http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
                   uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; client_max_body_size 2g;
                   server {{ listen 127.0.0.1:{port}; server_name viaggio.azienda.it;
                   {location} }} }}""")
        self.process = subprocess.Popen([NGINX, "-c", conf, "-p", folder, "-e", f"{folder}/error.log"], stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        self.served = Proxied(served, port)

    def __enter__(self):
        return self.served

    def __exit__(self, *what):
        self.process.terminate()
        self.process.wait(10)
        self.folder.cleanup()


def through(proxied, served, email):
    client = Client(proxied)
    ask = client.ask
    client.ask = lambda method, path, body=None, headers=None, **more: ask(
        method, path, body, headers={**PUBLIC, **(headers or {})}, **more)
    got = client.log_in(email)
    assert got.status == 200, got
    return client


@test
def people_log_in_write_and_watch_through_it():
    with Served("--trust-proxy", "127.0.0.1", team=True) as served, Proxy(served) as proxied:
        anna = through(proxied, served, "anna@esempio.it")
        assert anna.post("/departments", {"name": "Vendite"}).status == 201
        made = anna.post("/invitations", {"role": "reader"})
        assert made.json["link"].startswith("https://viaggio.azienda.it/invite#"), made
        assert anna.get("/session").header("Strict-Transport-Security")
        assert anna.post("/departments", {"name": "x"}, headers={"Origin": "https://altrove.it"}).status == 403
        stream = Stream(proxied, anna)
        took = []
        for n in range(1, 6):  # the quickest of five: this machine may be busy with other things
            began = time.monotonic()
            assert anna.post("/channels", {"name": f"Telefono {n}"}).status == 201
            assert stream.wait(lambda: stream.names().count("list") >= n, 10), stream.text
            took.append(time.monotonic() - began)
        assert min(took) < 1, took
        time.sleep(0.3)
        seen = {line["address"] for line in served.lines() if line.get("route") == "/invitations"}
        assert seen == {"127.0.0.1"}, seen


@test
def chunks_and_large_bodies_pass_since_the_proxy_says_their_length():
    with Served("--trust-proxy", "127.0.0.1", team=True) as served, Proxy(served) as proxied:
        anna = through(proxied, served, "anna@esempio.it")
        data = b"customer,activity,time\n" + b"a,b,2025-01-01\n" * 400_000
        got = anna.post("/uploads?name=grande.csv", data, headers={"Content-Type": "application/octet-stream"})
        assert got.status == 201 and got.json["bytes"] == len(data), got
        chunked = (f"POST /api/v1/departments HTTP/1.1\r\nHost: viaggio.azienda.it\r\nOrigin: https://viaggio.azienda.it\r\n"
                   f"Content-Type: application/json\r\nCookie: __Host-viaggio={anna.cookie}\r\nX-CSRF-Token: {anna.csrf}\r\n"
                   "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n10\r\n{\"name\":\"pezzi\"}\r\n0\r\n\r\n").encode()
        got, _ = proxied.raw(chunked)
        assert got.startswith(b"HTTP/1.1 201"), got[:300]


@test
def a_request_cannot_hide_in_another_one():
    with Served("--trust-proxy", "127.0.0.1", team=True) as served, Proxy(served) as proxied:
        anna = through(proxied, served, "anna@esempio.it")
        before = served.owner.get("/departments").json["items"]
        hidden = (f"POST /api/v1/departments HTTP/1.1\r\nHost: viaggio.azienda.it\r\nOrigin: https://viaggio.azienda.it\r\n"
                  f"Content-Type: application/json\r\nCookie: __Host-viaggio={anna.cookie}\r\nX-CSRF-Token: {anna.csrf}\r\n"
                  "Content-Length: 18\r\n\r\n{\"name\":\"nascosta\"}").encode()
        head = b"POST /api/v1/session HTTP/1.1\r\nHost: viaggio.azienda.it\r\nContent-Type: application/json\r\n"
        for name, first in {
            "both lengths": head + b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % (len(hidden) + 5),
            "a chunk of a strange size": head + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
            "a folded coding": head + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
            "a tab before the coding": head + b"Transfer-Encoding:\tchunked, identity\r\n\r\n0\r\n\r\n",
            "a bare LF": head + b"X: a\nContent-Length: 0\r\n\r\n",
            "two lengths": head + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(hidden),
        }.items():
            # what is behind the first request is a request of its own for nginx, or nothing: never more than it says
            got, _ = proxied.raw(first + hidden, timeout=2)
            for answer in got.split(b"HTTP/1.1 ")[1:]:
                assert answer[:3] in (b"400", b"401", b"403", b"411", b"415", b"501", b"201"), (name, answer[:200])
            direct, closed = served.raw(first + hidden, timeout=2)
            if b"Transfer" in first or b"two" in name.encode() or b"\nContent" in first:
                assert closed and direct.count(b"HTTP/1.1 ") == 1, (name, direct[:300])
        after = [d for d in served.owner.get("/departments").json["items"] if d not in before]
        # nginx took "a bare LF" for a line's end, as it may, and passed two whole requests on
        assert len(after) <= 1, after


run()
