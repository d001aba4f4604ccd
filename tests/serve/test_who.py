"""Who may come in, by what, and for how long."""
import concurrent.futures
import pathlib
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from served import PASSWORD, Client, Served
from tap import run, test

served = Served(team=True).__enter__()


def fresh(email="anna@esempio.it", password=PASSWORD):
    client = Client(served)
    got = client.log_in(email, password)
    assert got.status == 200, got
    return client


def rows(sql):
    with sqlite3.connect(f"file:{served.workspace}?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def audit():
    return [(r["what"], r["about"]) for r in served.owner.get("/audit?limit=500").json["items"]]


@test
def the_first_link_makes_one_owner_and_no_second():
    got = Client(served).post("/setup", {"token": served.setup_token, "name": "Eva", "email": "eva@esempio.it", "password": PASSWORD})
    assert got.status in (404, 409), got
    assert [p["name"] for p in served.owner.get("/people").json["items"] if p["role"] == "owner"] == ["Anna"]
    with Served() as other:
        assert other.anybody.get("/session").json["needs_owner"] is True
        for token in ("", "x", "A" * 43):
            got = Client(other).post("/setup", {"token": token, "name": "Eva", "email": "eva@esempio.it", "password": PASSWORD})
            assert got.status == 404, got
        first = other.setup_token
        other.stop()
        other.start()
        body = {"name": "Eva", "email": "eva@esempio.it", "password": PASSWORD, "title": "Nuova"}
        got = Client(other).post("/setup", {"token": first, **body})
        assert got.status == 404, "a link of an earlier start is void"
        got = Client(other).post("/setup", {"token": other.setup_token, **body})
        assert got.status == 200 and got.json["workspace"]["title"] == "Nuova", got
        assert got.json["needs_owner"] is False
        other.stop()
        other.start()
        assert other.setup_token is None, other.said


@test
def the_cookie_is_as_it_should_be():
    got = Client(served).log_in("anna@esempio.it")
    cookie = got.header("Set-Cookie")
    name, value = cookie.split(";")[0].split("=", 1)
    flags = {part.strip().split("=")[0].lower(): part.strip() for part in cookie.split(";")[1:]}
    assert name == "__Host-viaggio" and len(value) == 43, cookie
    assert {"secure", "httponly", "path", "samesite"} <= set(flags) and "domain" not in flags, cookie
    assert flags["path"] == "Path=/" and flags["samesite"] in ("SameSite=Lax", "SameSite=Strict")
    values = {fresh().cookie for _ in range(5)}
    assert len(values) == 5


@test
def only_hashes_are_kept_and_no_secret_is_in_the_log():
    client = fresh()
    token = served.owner.post("/tokens", {"name": "t", "scopes": ["read"]}).json["token"]
    link = served.owner.post("/invitations", {"role": "reader"}).json["link"].split("#")[1]
    client.get("/people?after=Mario%20Rossi")
    log = served.lines_text().encode()
    files = b"".join(p.read_bytes() for p in served.workspace.parent.glob("azienda.viaggio*") if p.is_file())
    for secret in (client.cookie, client.csrf, token, token[4:], link, served.setup_token, PASSWORD, "Mario"):
        assert secret.encode() not in log, secret
    for secret in (client.cookie, token, token[4:], link, served.setup_token, PASSWORD):
        assert secret.encode() not in files, secret
    hashes = rows("SELECT hash FROM credential")
    assert all(h.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for h, in hashes), hashes


@test
def a_session_is_dead_after_logout_password_change_disabling_and_demotion():
    def replay(cookie):
        client = Client(served)
        client.cookie = cookie
        return client.get("/people").status

    one = fresh("luca@esempio.it")
    cookie = one.cookie
    assert replay(cookie) == 200
    assert one.delete("/session").status == 204
    assert replay(cookie) == 401, "logout"

    one, two = fresh("luca@esempio.it"), fresh("luca@esempio.it")
    before = one.cookie
    got = one.put("/me/password", {"old": PASSWORD, "new": "una parola del tutto nuova"})
    assert got.status == 200 and one.cookie != before, got
    assert replay(before) == 401 and replay(two.cookie) == 401 and replay(one.cookie) == 200, "password"
    assert one.put("/me/password", {"old": "una parola del tutto nuova", "new": PASSWORD}).status == 200

    luca = served.people["Luca"]
    for change in ({"role": "editor"}, {"disabled": True}):
        one = fresh("luca@esempio.it")
        assert served.owner.patch(f"/people/{luca}", change).status == 200
        assert replay(one.cookie) == 401, change
    assert Client(served).log_in("luca@esempio.it").status == 401, "who is disabled cannot log in"
    assert served.owner.patch(f"/people/{luca}", {"role": "reader", "disabled": False}).status == 200
    served.reader = fresh("luca@esempio.it")


@test
def a_session_is_renewed_at_login_so_that_none_can_be_given_to_somebody():
    client = fresh()
    before = client.cookie
    assert client.log_in("anna@esempio.it").status == 200
    assert client.cookie != before
    old = Client(served)
    old.cookie = before
    assert old.get("/people").status == 401
    old.cookie = "A" * 43
    assert old.log_in("anna@esempio.it").status == 200 and old.cookie != "A" * 43


@test
def sessions_end_when_unused_and_in_any_case():
    client = fresh()
    with sqlite3.connect(served.workspace) as db:
        row = db.execute("SELECT expires_us - created_us, idle_us FROM session ORDER BY created_us DESC LIMIT 1").fetchone()
        assert abs(row[0] - 7 * 86400 * 10**6) < 10**6 and row[1] == 12 * 3600 * 10**6, row
        db.execute("UPDATE session SET seen_us = seen_us - idle_us - 1000000")
    assert client.get("/people").status == 401
    client = fresh()
    with sqlite3.connect(served.workspace) as db:
        db.execute("UPDATE session SET expires_us = 1")
    assert client.get("/people").status == 401
    served.owner, served.editor, served.reader = fresh(), fresh("elena@esempio.it"), fresh("luca@esempio.it")


@test
def writing_needs_the_token_of_the_session_and_a_fitting_origin():
    body = {"name": "X"}
    wrong = [
        {"X-CSRF-Token": None}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": served.reader.csrf}, {"X-CSRF-Token": "A" * 43},
        {"Origin": "http://esempio.it", "Sec-Fetch-Site": None}, {"Origin": "null"}, {"Origin": "http://" + served.name + ".it"},
        {"Origin": "https://" + served.name}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"}, {"Origin": None, "Sec-Fetch-Site": None},
    ]
    for headers in wrong:
        got = served.editor.post("/departments", body, headers=headers)
        assert got.status == 403, (headers, got)
    for name, headers in (("Uno", {"Origin": None}), ("Due", {"Sec-Fetch-Site": None})):
        assert served.editor.post("/departments", {"name": name}, headers=headers).status == 201, headers
    for headers in ({"Origin": "http://esempio.it"}, {"Origin": None, "Sec-Fetch-Site": None}):
        got = Client(served).ask("POST", "/session", {"email": "anna@esempio.it", "password": PASSWORD}, headers=headers)
        assert got.status == 403 and not got.header("Set-Cookie"), (headers, got)


@test
def unknown_addresses_cost_the_same_time_and_get_the_same_words():
    def try_it(email):
        began = time.perf_counter()
        got = Client(served).log_in(email, "sbagliata davvero")
        return time.perf_counter() - began, got

    with Served(team=True) as other:
        global_served = other
        known, unknown, bodies = [], [], set()
        for i in range(4):
            for email, times in ((f"nessuno{i}@esempio.it", unknown), ("elena@esempio.it", known)):
                began = time.perf_counter()
                got = Client(global_served).log_in(email, "sbagliata davvero")
                times.append(time.perf_counter() - began)
                assert got.status == 401, got
                bodies.add(got.body)
        assert len(bodies) == 1, bodies
        # the least of each: what else the machine does only adds
        assert abs(min(known) - min(unknown)) < 0.5 * min(known), (known, unknown)


@test
def guessing_has_to_wait_longer_and_longer():
    with Served(team=True) as other:
        statuses, waits = [], []
        for i in range(8):
            got = Client(other).log_in("elena@esempio.it", f"prova numero {i}")
            statuses.append(got.status)
            if got.status == 429:
                waits.append(int(got.header("Retry-After")))
        assert statuses[:5] == [401] * 5 and 429 in statuses[5:], statuses
        assert Client(other).log_in("elena@esempio.it").status == 429, "also with the right password"
        assert Client(other).log_in("anna@esempio.it").status == 200, "others are let in"
        time.sleep(waits[-1] + 0.5)
        assert Client(other).log_in("elena@esempio.it").status == 200
        for i in range(25):  # many names from one address
            got = Client(other).log_in(f"nessuno{i}@esempio.it", "prova")
        assert got.status == 429, got
        text = other.owner.get("/audit?limit=500").json["items"]
        assert sum(r["what"] == "login-failed" for r in text) >= 5


@test
def many_logins_at_once_take_bounded_memory_and_leave_others_served():
    with Served(team=True) as other:
        status = pathlib.Path(f"/proc/{other.process.pid}/status")
        worst = 0
        with concurrent.futures.ThreadPoolExecutor(120) as pool:
            futures = [pool.submit(lambda i=i: Client(other).log_in(f"p{i}@esempio.it", "una qualunque").status) for i in range(200)]
            while not all(f.done() for f in futures):
                began = time.monotonic()
                assert other.owner.get("/people").status == 200
                worst = max(worst, time.monotonic() - began)
        got = {s: [f.result() for f in futures].count(s) for s in (401, 429, 503)}
        assert sum(got.values()) == 200, got
        peak = int(next(l for l in status.read_text().splitlines() if l.startswith("VmHWM")).split()[1])
        assert peak < 200_000, f"{peak} kB"
        assert worst < 5, worst


@test
def an_invitation_works_once_and_gives_the_role_it_says():
    made = served.owner.post("/invitations", {"role": "reader", "email": "rosa@esempio.it", "days": 2}).json
    token = made["link"].split("#")[1]
    body = {"token": token, "name": "Rosa", "email": "rosa@esempio.it", "password": PASSWORD}
    assert served.anybody.post("/invitations/accept", {**body, "role": "owner"}).status == 400
    assert served.anybody.post("/invitations/accept", {**body, "email": "altri@esempio.it"}).status == 403
    assert served.anybody.post("/invitations/accept", {**body, "password": "corta"}).status == 400
    assert served.anybody.post("/invitations/accept", {**body, "password": "password123"}).status == 400
    rosa = Client(served)
    got = rosa.post("/invitations/accept", body)
    assert got.status == 200 and got.json["person"]["role"] == "reader", got
    assert Client(served).post("/invitations/accept", {**body, "email": "x@esempio.it"}).status == 404
    other = served.owner.post("/invitations", {"role": "editor"}).json
    assert served.owner.delete("/invitations/" + other["id"]).status == 204
    assert Client(served).post("/invitations/accept", {**body, "token": other["link"].split("#")[1], "email": "y@esempio.it"}).status == 404
    assert served.owner.delete("/people/" + got.json["person"]["id"]).status == 204
    assert rosa.get("/people").status == 401


@test
def a_workspace_keeps_an_owner():
    anna = next(p["id"] for p in served.owner.get("/people").json["items"] if p["name"] == "Anna")
    for got in (served.owner.patch(f"/people/{anna}", {"role": "reader"}), served.owner.patch(f"/people/{anna}", {"disabled": True}),
                served.owner.delete(f"/people/{anna}")):
        assert got.status == 409, got
    assert served.owner.get("/tokens").status == 200


@test
def a_token_may_what_its_scopes_say_and_no_more_than_its_person():
    def client(*scopes):
        made = served.owner.post("/tokens", {"name": "prova", "scopes": scopes, "days": 1}).json
        return Client(served, made["token"]), made["id"]

    reads, reads_id = client("read")
    writes, _ = client("read", "write")
    everything, _ = client("read", "write", "admin")
    assert reads.get("/departments").status == 200 and reads.post("/departments", {"name": "a"}).status == 403
    assert reads.get("/audit").status == 403
    assert writes.post("/departments", {"name": "a"}).status == 201 and writes.get("/audit").status == 403
    assert everything.get("/audit").status == 200
    assert served.owner.post("/tokens", {"name": "x", "scopes": ["tutto"]}).status == 400
    assert served.owner.post("/tokens", {"name": "x", "scopes": []}).status == 400
    listed = served.owner.get("/tokens").json["items"]
    assert all("token" not in t for t in listed) and reads_id in [t["id"] for t in listed]
    assert served.owner.delete("/tokens/" + reads_id).status == 204
    assert reads.get("/departments").status == 401
    assert Client(served, "vgt_" + "A" * 43).get("/departments").status == 401
    assert Client(served, "").get("/departments").status == 401


@test
def what_matters_is_in_the_audit_and_its_chain_holds():
    done = {what for what, _ in audit()}
    assert {"setup", "joined", "login", "login-failed", "logout", "password", "refused"} <= done or \
        {"setup", "joined", "login", "logout", "password"} <= done, done
    served.reader.get("/audit")
    assert ("refused", "/audit") in audit()
    served.owner.get("/backup")
    assert ("backup", "") in audit()
    assert served.owner.get("/doctor").json["healthy"] is True


@test
def solo_answers_only_on_this_machine_and_to_its_own_name():
    with Served(solo=True) as solo:
        assert solo.owner.get("/session").json["person"]["role"] == "owner"
        for host in ("esempio.it", f"esempio.it:{solo.port}", f"127.0.0.1.esempio.it:{solo.port}", "192.168.1.10", "0.0.0.0", ""):
            got = solo.owner.get("/session", headers={"Host": host})
            assert got.status == 421, (host, got)
        for host in (f"localhost:{solo.port}", f"[::1]:{solo.port}", "127.0.0.1"):
            assert solo.owner.get("/session", headers={"Host": host}).status == 200, host
        for name in ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via"):
            assert solo.owner.get("/session", headers={name: "1.2.3.4"}).status == 421, name
        assert solo.owner.post("/departments", {"name": "a"}).status == 201
        assert solo.owner.post("/departments", {"name": "a"}, headers={"X-CSRF-Token": None}).status == 403
        assert solo.owner.post("/departments", {"name": "a"}, headers={"Origin": "http://esempio.it"}).status == 403
        assert solo.owner.put("/me", {"name": "X"}).status == 409
    from tap import viaggio
    viaggio("serve", "-w", served.workspace, "--solo", "--listen", "0.0.0.0:0", status=None)
    assert viaggio.status in (2, 6), viaggio.error
    with Served() as other:
        other.stop()
        viaggio("serve", "-w", other.workspace, "--solo", "--listen", "0.0.0.0:0", status=2)
        assert "--solo" in viaggio.error


@test
def a_proxy_is_believed_only_when_it_is_named():
    headers = {"X-Forwarded-For": "9.9.9.9, 203.0.113.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "viaggio.esempio.it"}

    def seen(other):
        end = time.monotonic() + 30  # the line comes when the answer is out
        while time.monotonic() < end:
            found = [line for line in other.lines() if line["event"] == "request"]
            if found and found[-1].get("route") == "/invitations":
                return found[-1]["address"]
            time.sleep(0.05)
        raise AssertionError("no line of the request")

    got = served.owner.post("/invitations", {"role": "reader"}, headers=headers)
    assert got.status == 201 and got.json["link"].startswith("http://" + served.name), got
    assert seen(served) == "127.0.0.1"
    assert served.owner.get("/health", headers=headers).header("Strict-Transport-Security") is None
    assert served.anybody.get("/metrics").status == 200
    assert served.anybody.get("/metrics", headers=headers).status == 403, "through a proxy that nobody named"
    with Served("--trust-proxy", "127.0.0.1", team=True) as other:
        own = {**headers, "Origin": "https://viaggio.esempio.it"}
        got = other.owner.post("/invitations", {"role": "reader"}, headers=own)
        assert got.status == 201 and got.json["link"].startswith("https://viaggio.esempio.it/invite#"), got
        assert seen(other) == "203.0.113.7", "the last address that the proxy itself wrote"
        assert other.owner.get("/health", headers=headers).header("Strict-Transport-Security")
        assert other.owner.get("/metrics", headers=headers).status == 200
        assert Client(other).get("/metrics", headers=headers).status == 403
        assert other.owner.post("/invitations", {"role": "reader"}, headers={**headers, "Origin": "https://altrove.it"}).status == 403


try:
    run()
finally:
    served.__exit__()
