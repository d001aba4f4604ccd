"""A served workspace and those who use it, for the tests of src/serve.

    with Served(solo=True) as served:
        got = served.owner.get("/api/v1/session")
"""
import http.client
import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import PROGRAM, viaggio

PASSWORD = "cavallo corretto batteria"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


class Client:
    """One browser: keeps its cookie and its CSRF token, says where it comes from."""

    def __init__(self, served, token=None):
        self.served, self.token, self.cookie, self.csrf = served, token, None, ""

    def ask(self, method, path, body=None, headers=None, plain=False, timeout=30):
        """`plain`: no header that a browser would add."""
        if not path.startswith(("/api", "/health", "/metrics", "/s/")) and path != "/" and not path.startswith("/assets"):
            path = "/api/v1" + path
        sent = {"Host": self.served.name}
        data = body
        if body is not None and not isinstance(body, bytes):
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        if not plain:
            if self.token:
                sent["Authorization"] = "Bearer " + self.token
            if self.cookie:
                sent["Cookie"] = "__Host-viaggio=" + self.cookie
            if method not in ("GET", "HEAD") and not self.token:
                sent["Origin"] = "http://" + self.served.name
                sent["Sec-Fetch-Site"] = "same-origin"
                sent["X-CSRF-Token"] = self.csrf
        for name, value in (headers or {}).items():
            if value is None:
                sent.pop(name, None)
            else:
                sent[name] = value
        connection = http.client.HTTPConnection(self.served.host, self.served.port, timeout=timeout)
        connection.request(method, path, data, sent)
        got = connection.getresponse()
        answer = Answer(got.status, got.getheaders(), got.read())
        connection.close()
        cookie = answer.header("Set-Cookie")
        if cookie:
            self.cookie = re.match(r"__Host-viaggio=([^;]*)", cookie).group(1) or None
            self.csrf = answer.json["csrf"] if answer.body else ""
        return answer

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.ask("POST", path, body, **more)

    def put(self, path, body=None, **more):
        return self.ask("PUT", path, body, **more)

    def patch(self, path, body=None, **more):
        return self.ask("PATCH", path, body, **more)

    def delete(self, path, **more):
        return self.ask("DELETE", path, **more)

    def log_in(self, email, password=PASSWORD):
        return self.post("/session", {"email": email, "password": password})


class Served:
    def __init__(self, *arguments, solo=False, workspace=None, team=False, env=None):
        self.folder = tempfile.TemporaryDirectory()
        self.arguments, self.solo, self.team, self.env = arguments, solo, team, env
        self.workspace = pathlib.Path(workspace or pathlib.Path(self.folder.name) / "azienda.viaggio")
        self.people = {}

    def __enter__(self):
        if not self.workspace.exists():
            viaggio("init", self.workspace, "--title", "Macchinari S.r.l.")
        self.start()
        self.anybody = Client(self)
        self.owner = Client(self)
        if self.solo:
            self.owner.csrf = self.owner.get("/session").json["csrf"]
        elif self.team:
            self.make_team()
        return self

    def start(self):
        self.log = open(pathlib.Path(self.folder.name) / "log", "ab")
        import os
        environment = {**os.environ, "LANG": "C.UTF-8", **(self.env or {})}
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "-w", str(self.workspace), "--listen", "127.0.0.1:0",
             *(["--solo"] if self.solo else []), *map(str, self.arguments)],
            stdout=subprocess.PIPE, stderr=self.log, env=environment)
        self.said = self.process.stdout.readline().decode()
        if "link" in self.said:
            self.said += self.process.stdout.readline().decode()
        found = re.search(r"http://(([0-9.]+):([0-9]+))/(?:setup#(\S+))?", self.said)
        if not found:
            self.process.wait(10)
            raise AssertionError("it did not start: " + self.said + self.lines_text())
        self.name, self.host, self.port = found.group(1), found.group(2), int(found.group(3))
        self.setup_token = found.group(4)

    def stop(self, wait=30, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        status = self.process.wait(wait)
        self.process.stdout.close()
        self.log.close()
        return status

    def __exit__(self, *what):
        status = self.stop() if self.process.poll() is None else 0
        said = self.lines_text() if status else ""
        self.folder.cleanup()
        assert status == 0, f"it ended with status {status}: {said[-3000:]}"  # a sanitizer found something, perhaps

    def make_team(self):
        """An owner, an editor, a reader: Anna, Elena, Luca."""
        got = self.owner.post("/setup", {"token": self.setup_token, "name": "Anna", "email": "anna@esempio.it",
                                         "password": PASSWORD})
        assert got.status == 200, got
        self.editor = self.join("editor", "Elena")
        self.reader = self.join("reader", "Luca")

    def join(self, role, name):
        made = self.owner.post("/invitations", {"role": role, "days": 1})
        assert made.status == 201, made
        client = Client(self)
        email = f"{name.lower()}@esempio.it"
        got = client.post("/invitations/accept", {"token": made.json["link"].split("#")[1], "name": name,
                                                  "email": email, "password": PASSWORD})
        assert got.status == 200, got
        self.people[name] = got.json["person"]["id"]
        return client

    def lines_text(self):
        return (pathlib.Path(self.folder.name) / "log").read_text()

    def lines(self):
        return [json.loads(line) for line in self.lines_text().splitlines()]

    def raw(self, sent, timeout=5, then=b""):
        """Send bytes, read until the other side closes or is silent for `timeout`."""
        got = b""
        with socket.create_connection((self.host, self.port), timeout=timeout) as s:
            s.sendall(sent)
            if then:
                time.sleep(0.2)
                s.sendall(then)
            try:
                while True:
                    part = s.recv(65536)
                    if not part:
                        return got, True
                    got += part
            except socket.timeout:
                return got, False
            except ConnectionResetError:
                return got, True
