"""Success paths over HTTP: the client’s own page by a private link, alerts, playbooks and their calls out."""
import hashlib
import hmac
import http.server
import json
import pathlib
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from live import Stream
from served import Client, Served
from tap import run, test
from world import bring_client, bring_path, edit, get, good, playbook, until

PDF = b"%PDF-1.7 " + b"x" * 60
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


# ---- the client's own page ----


@test
def whatever_is_wrong_with_a_link_the_answer_is_the_same():
    with Served(team=True) as served:
        map_id = bring_path(served.editor)
        enrolment, link = bring_client(served.editor, map_id)
        anybody = Client(served)
        assert anybody.get("/client", headers=link).status == 200
        made = good(served.editor.post(f"/enrolments/{enrolment}/links", {"days": 1}), 201)
        revoked = {"X-Path-Token": made["link"].split("#")[1]}
        assert served.editor.delete(f"/enrolments/{enrolment}/links/{made['id']}").status == 204
        old = good(served.editor.post(f"/enrolments/{enrolment}/links", {"days": 1}), 201)
        expired = {"X-Path-Token": old["link"].split("#")[1]}
        with sqlite3.connect(served.workspace) as db:
            db.execute("UPDATE client_link SET expires_us = 1 WHERE id = ?", [old["id"]])
        db.close()
        wrong = {"X-Path-Token": "A" * 43}
        bodies, times = set(), {}
        for name, headers in (("revoked", revoked), ("expired", expired), ("wrong", wrong), ("none", {})):
            began = time.perf_counter()
            got = anybody.get("/client?lang=it", headers=headers)
            times[name] = time.perf_counter() - began
            bodies.add((got.status, got.body))
        assert len(bodies) == 1 and next(iter(bodies))[0] == 404, bodies
        assert max(times.values()) < 5, times
        # the fifth is the last free one; then also who has a good link waits, so nothing is told
        assert anybody.get("/client", headers=wrong).status == 404
        got = anybody.get("/client", headers=wrong)
        assert got.status == 429 and int(got.header("Retry-After")) >= 1, got
        assert anybody.get("/client", headers=link).status == 429
        # nor do links open anything of the team's
        assert anybody.get("/maps", headers=link).status == 401
        # in the log there is no token
        for headers in (link, revoked, expired):
            assert headers["X-Path-Token"] not in served.lines_text()
            assert headers["X-Path-Token"].encode() not in served.workspace.read_bytes()


@test
def what_is_internal_never_leaves():
    with Served(team=True) as served:
        map_id = bring_path(served.editor)
        edit(served.editor, map_id, {"op": "set", "at": "", "field": "path", "value": {"stuck_days": 7717, "behind_days": 7718, "silent_days": 7719}},
             {"op": "set", "at": "", "field": "playbooks", "value": [playbook(
                 when="low", kind="task", title="SEGRETOtitolo", text="SEGRETOtesto", owner="SEGRETOowner")]})
        enrolment, link = bring_client(served.editor, map_id, "Giulia Neri", at="2025-01-01")
        other, _ = bring_client(served.editor, map_id, "SEGRETOaltra")
        for body in ({"kind": "note", "text": "SEGRETOnota"}, {"kind": "milestone", "phase": "decido", "text": "SEGRETOmotivo"},
                     {"kind": "feeling", "value": -2, "text": "giornata no"}):
            good(served.editor.post(f"/enrolments/{enrolment}/progress", body), 201)
        good(served.editor.post(f"/enrolments/{other}/progress", {"kind": "message", "text": "SEGRETOmessaggio"}), 201)
        until(lambda: get(served.reader, "/tasks")["items"])
        anybody = Client(served)
        answers = [anybody.get("/client", headers=link), anybody.get("/client?lang=en", headers=link),
                   anybody.post("/client/progress", {"kind": "message", "text": "grazie"}, headers=link),
                   anybody.post("/client/progress", {"kind": "done", "step": "nulla"}, headers=link),
                   anybody.post("/client/file?name=a.pdf", PDF, headers={**link, "Content-Type": "application/pdf"}),
                   anybody.get("/client/sheet.pdf", headers=link), anybody.delete("/client/progress/1", headers=link),
                   anybody.get("/client", headers=link)]
        assert [a.status for a in answers] == [200, 200, 201, 422, 201, 200, 404, 200], answers
        sheet = answers[5]
        assert sheet.body.startswith(b"%PDF-") and sheet.header("Content-Type") == "application/pdf"
        assert served.reader.get(f"/enrolments/{enrolment}/sheet.pdf").body.startswith(b"%PDF-")
        if shutil.which("pdftotext"):
            words = subprocess.run(["pdftotext", "-", "-"], input=sheet.body, capture_output=True, check=True).stdout
            assert b"Giulia Neri" in words and b"SEGRETO" not in words and b"7717" not in words, words
        said = b"\n".join(a.body + repr(a.headers).encode() for a in answers)
        for word in (b"SEGRETO", b"7717", b"7718", b"7719", b"stuck", b"silent", b"behind_days", b"bloccat", b"esempio.it", b"Elena", b"playbook", b"owner"):
            assert word not in said, (word, said[max(0, said.index(word) - 100):][:300])
        shown = answers[-1].json
        assert shown["customer"] == "Giulia Neri" and shown["path"]["passed"] == 1 and {m["kind"] for m in shown["mine"]} == {"message", "proof"}
        # a feeling that the team wrote down is the client's own; the note is not
        assert [f["valence"] for f in shown["path"]["feelings"]] == [-2]


@test
def a_client_sends_what_is_his_and_takes_back_only_that():
    with Served(team=True) as served:
        map_id = bring_path(served.editor)
        enrolment, link = bring_client(served.editor, map_id)
        _, other = bring_client(served.editor, map_id, "Nadia")
        anybody = Client(served)
        done = good(anybody.post("/client/progress", {"kind": "done", "step": "chiedo-aiuto", "client": "1"}, headers=link), 201)
        assert good(anybody.post("/client/progress", {"kind": "done", "step": "chiedo-aiuto", "client": "1"}, headers=link), 201)["known"]
        good(anybody.post("/client/progress", {"kind": "feeling", "value": 2}, headers=link), 201)
        for wrong in ({"kind": "milestone", "phase": "decido", "text": "x"}, {"kind": "note", "text": "x"}):
            assert anybody.post("/client/progress", wrong, headers=link).status == 400, wrong
        teams = good(served.editor.post(f"/enrolments/{enrolment}/progress", {"kind": "message", "text": "a voce"}), 201)["id"]
        assert anybody.delete(f"/client/progress/{teams}", headers=link).status == 404
        assert anybody.delete(f"/client/progress/{done['id']}", headers=other).status == 404
        assert anybody.delete(f"/client/progress/{done['id']}", headers=link).status == 204
        # files: by their bytes, not by what they are called
        sent = {**link, "Content-Type": "image/png"}
        good(anybody.post("/client/file?name=foto.png", PNG, headers=sent), 201)
        for bytes_ in (b"<svg onload=alert(1)>" + bytes(40), b""):
            assert anybody.post("/client/file?name=foto.png", bytes_, headers=sent).status == 422, bytes_[:10]
        head = f"POST /api/v1/client/file HTTP/1.1\r\nHost: {served.name}\r\nOrigin: http://{served.name}\r\nSec-Fetch-Site: same-origin\r\n"
        for token, length, status in ((link["X-Path-Token"], 2 * 1024 * 1024 + 1, b"413"), ("A" * 43, 1000, b"404")):
            got, closed = served.raw(f"{head}X-Path-Token: {token}\r\nContent-Length: {length}\r\n\r\n".encode())
            assert closed and got.split(b" ")[1] == status, got  # before any of it was read
        proof = next(p["file"] for p in get(served.reader, "/enrolments/" + enrolment)["progress"] if p["file"])
        got = served.reader.get(f"/enrolments/{enrolment}/files/{proof['id']}")
        assert got.body == PNG and got.header("Content-Type") == "image/png" and "sandbox" in got.header("Content-Security-Policy")
        assert Client(served).get(f"/enrolments/{enrolment}/files/{proof['id']}").status == 401
        # not without end
        with sqlite3.connect(served.workspace) as db:
            db.executemany("INSERT INTO progress(enrolment_id, kind, item, at_us, activity, text, by_client, who, created_us) "
                           "VALUES (?, 'message', '', 1, 'Messaggio', 'x', 1, 'client', ?)", [(enrolment, time.time_ns() // 1000)] * 300)
        db.close()
        got = anybody.post("/client/progress", {"kind": "message", "text": "ancora"}, headers=link)
        assert got.status == 429 and got.header("Retry-After"), got


@test
def who_asks_gets_all_there_is_and_who_is_erased_is_nowhere():
    with Served(team=True) as served:
        map_id = bring_path(served.editor)
        enrolment, link = bring_client(served.editor, map_id, "CANARINO")
        good(Client(served).post("/client/file?name=CANARINO.pdf", PDF + b"CANARINObytes", headers={**link, "Content-Type": "x/y"}), 201)
        good(served.editor.post(f"/enrolments/{enrolment}/progress", {"kind": "note", "text": "CANARINOnota"}), 201)
        exported = served.owner.get("/customer/export?name=CANARINO&format=json").json
        assert exported["paths"][0]["map"] == map_id and {p["kind"] for p in exported["paths"][0]["progress"]} == {"proof", "note"}
        import base64
        file = next(p["file"] for p in exported["paths"][0]["progress"] if p["file"])
        assert base64.b64decode(file["base64"]) == PDF + b"CANARINObytes"
        got = served.owner.delete("/customer?name=CANARINO")
        assert got.status == 200, got
        assert Client(served).get("/client", headers=link).status == 404
        served.stop()
        for path in pathlib.Path(served.folder.name).rglob("*"):
            assert not path.is_file() or b"CANARINO" not in path.read_bytes(), path


# ---- alerts and playbooks ----


@test
def boards_are_told_and_each_crossing_makes_one_task():
    with Served(team=True) as served:
        map_id = bring_path(served.editor)
        edit(served.editor, map_id, {"op": "set", "at": "", "field": "playbooks", "value": [
            playbook(when="low", kind="email", title="Come va, {cliente}?", text="{fase}: {tappa}", owner="Marta"),
            playbook(when="silent", kind="task", title="Chiamare {customer}", text="{giorni} giorni")]})
        stream = Stream(served, served.reader)

        def told(name, **data):
            assert stream.wait(lambda: any(e == name and data.items() <= d.items() for e, d in stream.events), 10), (name, data, stream.events)

        enrolment, link = bring_client(served.editor, map_id, at="2025-01-01")
        told("path", map=map_id, enrolment=enrolment)
        told("alert", map=map_id, enrolment=enrolment, kind="silent")
        told("task", map=map_id)
        good(Client(served).post("/client/progress", {"kind": "feeling", "value": -2, "text": "male"}, headers=link), 201)
        told("alert", map=map_id, kind="low")
        told("evidence")
        stream.close()
        tasks = until(lambda: [t for t in get(served.reader, "/tasks")["items"] if t["kind"] == "email"])
        assert tasks[0]["title"] == "Come va, Giulia Neri?" and tasks[0]["text"] == "Decido: Chiedo aiuto" and tasks[0]["owner"] == "Marta", tasks
        silent = next(t for t in get(served.reader, "/tasks")["items"] if t["kind"] == "task")
        assert re.fullmatch(r"\d{3,} giorni", silent["text"]), silent
        alerts = get(served.reader, "/alerts")["items"]
        assert {a["kind"] for a in alerts} == {"low", "stuck"}, alerts  # the feeling was a sign of life: silent is over
        assert all(a["reason"] for a in alerts) and "male" in next(a for a in alerts if a["kind"] == "low")["reason"], alerts
        # changes that change nothing of it make nothing anew
        good(served.editor.post(f"/enrolments/{enrolment}/progress", {"kind": "note", "text": "x"}), 201)
        edit(served.editor, map_id, {"op": "set", "at": "", "field": "sponsor", "value": "Anna"})
        time.sleep(1)
        assert len(get(served.reader, "/tasks")["items"]) == 2
        # better, and low again: another crossing
        good(Client(served).post("/client/progress", {"kind": "feeling", "value": 2}, headers=link), 201)
        until(lambda: "low" not in [a["kind"] for a in get(served.reader, "/alerts")["items"]])
        good(Client(served).post("/client/progress", {"kind": "feeling", "value": -1}, headers=link), 201)
        until(lambda: len([t for t in get(served.reader, "/tasks")["items"] if t["kind"] == "email"]) == 2)
        # later
        before = get(served.reader, "/alerts")["items"]
        alert = before[0]["id"]
        assert served.editor.post(f"/alerts/{alert}/snooze", {"days": 7}).status == 204
        assert [a["id"] for a in get(served.reader, "/alerts")["items"]] == [a["id"] for a in before[1:]]
        assert get(served.reader, "/alerts", snoozed=1)["items"][0]["snoozed_until"]
        assert served.reader.post(f"/alerts/{alert}/snooze", {"days": 0}).status == 403
        got = good(served.editor.patch(f"/tasks/{tasks[0]['id']}", {"state": "done"}))
        assert got["closed_by"] == "Elena" and got["state"] == "done"
        assert len(get(served.reader, "/tasks", state="open")["items"]) == 2


@test
def with_another_day_as_today_time_goes_on_too():
    with Served("--today", "2025-11-01", team=True) as served:
        map_id = bring_path(served.editor)
        enrolment, link = bring_client(served.editor, map_id, at="2025-10-01")
        for value in (-2, 2):
            good(Client(served).post("/client/progress", {"kind": "feeling", "value": value}, headers=link), 201)
        client = get(served.reader, "/enrolments/" + enrolment)["client"]
        assert client["feeling"] == 2 and not client["low"] and client["last_sign"]["at"].startswith("2025-11-01T00:"), client


@test
def an_alert_sleeps_by_the_day_that_counts_as_today():
    for today, until_day, after in (("2025-11-01", "2025-11-08", "2025-11-09"), ("2099-11-01", "2099-11-08", "2099-11-09")):
        with Served("--today", today, team=True) as served:
            map_id = bring_path(served.editor)
            edit(served.editor, map_id, {"op": "set", "at": "", "field": "playbooks", "value": [playbook(when="silent", kind="task", title="Chiamare", text="")]})
            bring_client(served.editor, map_id, at="2025-01-01")
            alert = until(lambda: get(served.reader, "/alerts")["items"])[0]
            assert alert["at"].startswith(today), alert
            assert until(lambda: get(served.reader, "/tasks")["items"])[0]["created"].startswith(today)
            assert served.editor.post(f"/alerts/{alert['id']}/snooze", {"days": 7}).status == 204
            awake, asleep = get(served.reader, "/alerts")["items"], get(served.reader, "/alerts", snoozed=1)["items"]
            assert alert["id"] not in [a["id"] for a in awake], awake
            assert next(a["snoozed_until"] for a in asleep if a["id"] == alert["id"]).startswith(until_day), asleep
            served.stop()
            served.arguments = ("--today", after)  # its sleep is over: shown again
            served.start()
            assert alert["id"] in [a["id"] for a in get(served.reader, "/alerts")["items"]]


# ---- calls out ----


class Listener:
    """Hears what comes, and answers as it is told."""

    def __init__(self, answers=(200,), location=None):
        self.heard, self.connections, self.answers, self.location = [], 0, list(answers), location
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.heard.append((self.path, self.headers, body))
                self.send_response(listener.answers.pop(0) if len(listener.answers) > 1 else listener.answers[0])
                if listener.location:
                    self.send_header("Location", listener.location)
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def get_request(self):
                listener.connections += 1
                return super().get_request()

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def with_webhook(served, url):
    """A client who is silent, and a playbook that tells `url` of it."""
    map_id = bring_path(served.editor)
    edit(served.editor, map_id, {"op": "set", "at": "", "field": "playbooks", "value": [
        playbook(when="silent", kind="webhook", title="Silenzio", text="{cliente} tace", url=url)]})
    bring_client(served.editor, map_id, at="2025-01-01")
    until(lambda: get(served.reader, "/alerts")["items"])
    return map_id


@test
def a_listener_hears_nothing_unless_the_server_was_started_for_it():
    with Listener() as listener:
        with Served(team=True) as served:
            with_webhook(served, f"http://127.0.0.1:{listener.port}/")
            time.sleep(1)
            got = get(served.owner, "/webhooks")
            assert got == {"allowed": False, "has_secret": False, "deliveries": []}, got
        assert listener.connections == 0


@test
def private_addresses_are_refused_also_behind_a_name():
    with Listener() as listener:
        names = [f"http://127.0.0.1:{listener.port}/", f"http://localhost:{listener.port}/", f"http://[::ffff:127.0.0.1]:{listener.port}/",
                 f"http://0.0.0.0:{listener.port}/", f"http://127.1:{listener.port}/", f"http://2130706433:{listener.port}/",
                 f"http://{socket.gethostname()}:{listener.port}/", "http://169.254.169.254/latest/", "http://10.0.0.1/", "file:///etc/passwd",
                 f"gopher://127.0.0.1:{listener.port}/"]
        with Served("--allow-webhooks", team=True, env={"http_proxy": f"http://127.0.0.1:{listener.port}"}) as served:
            map_id = bring_path(served.editor)
            edit(served.editor, map_id, {"op": "set", "at": "", "field": "playbooks", "value": [
                {**playbook(when="silent", kind="webhook", title="x", text="x", url=url), "id": f"p{i}"} for i, url in enumerate(names)]})
            bring_client(served.editor, map_id, at="2025-01-01")
            got = until(lambda: (lambda d: len(d) == len(names) and all(x["state"] != "waiting" for x in d) and d)(
                get(served.owner, "/webhooks")["deliveries"]), 30)
            assert {d["state"] for d in got} == {"failed"}, got
            assert all(d["answer"] == "the address is private" for d in got if d["url"].startswith("http:")), got
        assert listener.connections == 0


@test
def the_key_of_calls_is_told_once_to_the_owner_and_each_new_one_voids_the_old():
    with Served(team=True) as served:
        first, second = (good(served.owner.post("/webhooks/secret"))["secret"] for _ in range(2))
        assert first != second and len(second) >= 32, (first, second)
        got = served.owner.get("/webhooks")
        assert got.json["has_secret"] is True and second not in str(got.body) and first not in str(got.body), got.body
        for other in (served.editor, served.reader):
            assert other.get("/webhooks").status == 403 and other.post("/webhooks/secret").status == 403
        assert sum(1 for row in get(served.owner, "/audit")["items"] if row["what"] == "webhook-secret") == 2
        assert second not in str(served.owner.get("/audit").body)


@test
def a_call_is_signed_follows_nothing_and_is_made_again_when_it_failed():
    with Listener([500, 302, 200], location="http://127.0.0.1:9/other") as listener:
        with Served("--allow-webhooks", "--webhook-net", "127.0.0.0/8", team=True) as served:
            secret = good(served.owner.post("/webhooks/secret"))["secret"]
            map_id = with_webhook(served, f"http://127.0.0.1:{listener.port}/hook")

            def hurry(tries):
                """Wait until it was tried so often, and do not wait for the next time."""
                got = until(lambda: [d for d in get(served.owner, "/webhooks")["deliveries"] if d["tries"] == tries])[0]
                if got["state"] == "waiting":
                    with sqlite3.connect(served.workspace, timeout=10) as db:
                        wait = db.execute("SELECT next_us FROM delivery").fetchone()[0] / 1e6 - time.time()
                        db.execute("UPDATE delivery SET next_us = 0")
                    db.close()
                    edit(served.editor, map_id, {"op": "set", "at": "", "field": "sponsor", "value": f"n{tries}"})
                    return got, wait
                return got, 0

            first, wait = hurry(1)
            assert first["answer"] == "500" and 50 < wait < 70, (first, wait)
            second, wait = hurry(2)
            assert second["answer"] == "302" and 290 < wait < 310, (second, wait)
            third, _ = hurry(3)
            assert third["state"] == "sent" and third["answer"] == "200", third
            time.sleep(0.7)
        assert len(listener.heard) == 3 == listener.connections
        for path, headers, body in listener.heard:
            assert path == "/hook" and headers["Content-Type"] == "application/json"
            at, signature = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", headers["X-Viaggio-Signature"]).groups()
            assert abs(int(at) - time.time()) < 60
            assert hmac.compare_digest(signature, hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest())
            told = json.loads(body)
            assert told["event"] == "path-alert" and told["kind"] == "silent" and told["text"] == "Giulia Neri tace", told
        assert len({h["X-Viaggio-Delivery"] for _, h, _ in listener.heard}) == 1


run()
