"""A stream of events as a browser reads it."""
import json
import socket
import threading
import time


class Stream:
    """A stream of events, read in a thread of its own."""

    def __init__(self, served, client, query=""):
        self.events, self.over, self.text = [], False, b""
        self.socket = socket.create_connection((served.host, served.port), timeout=60)
        cookie = f"Cookie: __Host-viaggio={client.cookie}\r\n" if client.cookie else ""
        self.socket.sendall(f"GET /api/v1/live{query} HTTP/1.1\r\nHost: {served.name}\r\n{cookie}\r\n".encode())
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()
        self.wait(lambda: self.over or any(e == "hello" for e, _ in self.events))

    def read(self):
        try:
            while part := self.socket.recv(65536):
                self.text += part
                body = self.text.split(b"\r\n\r\n", 1)[-1]
                events = []
                for block in body.replace(b"\r\n", b"").decode("utf-8", "replace").split("\n\n"):
                    if "event: " in block and "data: " in block:
                        name = block.split("event: ")[1].split("\n")[0]
                        data = block.split("data: ", 1)[1].split("\n")[0]
                        try:
                            events.append((name, json.loads(data)))
                        except ValueError:
                            pass
                self.events = events
        except OSError:
            pass
        self.over = True

    def wait(self, until, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if until():
                return True
            time.sleep(0.02)
        return False

    def names(self):
        return [name for name, _ in self.events]

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
