"""Everything at once on one server: people edit a map, ask, import, listen, log in and out, download, go away in the
middle; at the end it must be whole. Under ThreadSanitizer (./dev sanitize thread) every race is a failure."""
import concurrent.futures
import os
import pathlib
import random
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from live import Stream
from served import Client, Served
from tap import PROGRAM, run, test
from world import bring, bring_example, get, good

SECONDS = float(os.environ.get("VIAGGIO_RACE_SECONDS", "4"))
served = Served(team=True).__enter__()
bring_example(served.editor)
the_map = good(served.editor.post("/maps", {"template": "b2b-machinery", "lang": "it"}), 201)["id"]
step = get(served.reader, f"/maps/{the_map}")["map"]["phases"][0]["steps"][0]["id"]
failures, done = [], {}
until = time.monotonic() + SECONDS * (1 if "tsan" not in PROGRAM else 3)


def again(name, deed):
    """Do it until time is up, each turn with its number."""
    def work():
        turn = 0
        while time.monotonic() < until and not failures:
            try:
                deed(turn)
            except Exception as wrong:  # told at the end, whatever it was
                failures.append((name, repr(wrong)[:600]))
            turn += 1
        done[name] = turn
    return work


def fine(answer, status=200):
    assert answer.status == status, answer


def copy(client):
    other = Client(served)
    other.cookie, other.csrf = client.cookie, client.csrf
    return other


def edits(who, name):
    client = copy(who)

    def deed(turn):
        op = {"op": "set", "at": step, "field": "doing", "value": f"{name} {turn}"}
        good(client.post(f"/maps/{the_map}/operations", {"operations": [{"client": f"{name}-{turn}", "op": op}]}))
        if turn % 5 == 0:
            good(client.get(f"/maps/{the_map}/versions"))
    return deed


def asks(turn, chosen=random.Random(1)):
    client = copy(served.reader)
    path = chosen.choice(["/insight/flow", "/insight/variants?top=3", "/evidence", f"/maps/{the_map}/study", "/home", "/maps", "/customers?limit=5",
                          f"/pictures/poster.svg?map={the_map}", "/insight/flow?only-channel=Telefono", "/insight/flow?since=2025", "/session",
                          f"/maps/{the_map}/checks", "/sources", "/actions", "/openapi.json", f"/maps/{the_map}/export?format=xlsx"])
    fine(client.get(path, timeout=120))


def imports(turn):
    client = copy(served.editor)
    rows = "cliente;attività;data\n" + "".join(f"N{turn};Passo {i};2025-03-{1 + i % 28:02}\n" for i in range(40))
    job = bring(client, "nuovo.csv", rows.encode())
    assert job["state"] == "done", job
    if turn % 2:
        newest = get(client, "/imports")["items"][0]["id"]
        assert client.delete(f"/imports/{newest}", timeout=60).status in (200, 204)


def leaves(turn):
    """Ask for what takes long, and go at once."""
    with socket.create_connection((served.host, served.port), timeout=10) as s:
        s.sendall(f"GET /api/v1/maps/{the_map}/study?since={2024 + turn % 2}-0{1 + turn % 9} HTTP/1.1\r\nHost: {served.name}\r\n"
                  f"Cookie: __Host-viaggio={served.reader.cookie}\r\n\r\n".encode())
        time.sleep(0.05 + 0.02 * (turn % 4))


def listens(turn):
    stream = Stream(served, served.reader, "?map=" + the_map)
    time.sleep(0.2)
    stream.close()


def logs_in(turn):
    client = Client(served)
    assert client.log_in("luca@esempio.it").status in (200, 429, 503)
    if client.cookie:
        client.delete("/session")
    time.sleep(0.2)


def keeps(turn):
    client = copy(served.owner)
    made = good(client.post("/departments", {"name": f"Reparto {turn} {random.random()}"}), 201)
    fine(client.get("/metrics") if turn % 2 else client.get("/health"))
    good(client.delete(f"/departments/{made['id']}", headers={"If-Match": f'"{made["version"]}"'}), 204)
    if turn % 7 == 0:
        good(client.get("/doctor", timeout=120))


@test
def everything_at_once_breaks_nothing():
    deeds = {"Elena": edits(served.editor, "Elena"), "Anna": edits(served.owner, "Anna"), "one asks": asks, "another asks": asks,
             "imports": imports, "leaves": leaves, "listens": listens, "logs in": logs_in, "keeps lists": keeps}
    with concurrent.futures.ThreadPoolExecutor(len(deeds)) as pool:
        for work in [again(name, deed) for name, deed in deeds.items()]:
            pool.submit(work)
    print("# " + ", ".join(f"{name}: {n}" for name, n in sorted(done.items())))
    assert not failures, failures[:3]
    assert served.owner.get("/doctor", timeout=120).json["healthy"]


@test
def no_race_was_seen():
    status = served.stop(60)
    said = served.lines_text()
    races = said.split("WARNING: ThreadSanitizer")[1:]
    assert not races, f"{len(races)} races, the first: {races[0][:6000]}"
    assert status == 0, (status, said[-2000:])


try:
    run()
finally:
    served.__exit__()
