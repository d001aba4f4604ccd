"""Every route × every role, from the route table itself: what is in no row is not there, and
what is in one holds. The rows come from `viaggio serve --print openapi`."""
import pathlib
import re
import sqlite3
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from routes import RANKS, document, fill, request, rows
from served import Client, Served
from tap import run, test
from world import bring_client, bring_path

served = Served(team=True).__enter__()
LINK = bring_client(served.editor, bring_path(served.editor))[1]
HEADERS = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
}


def clients():
    tokens = {}
    for scopes in (["read"], ["read", "write"], ["read", "write", "admin"]):
        made = served.owner.post("/tokens", {"name": "matrice", "scopes": scopes}).json["token"]
        tokens[scopes[-1]] = Client(served, made)
    return [("nobody", 0, Client(served)), ("reader", 1, served.reader), ("editor", 2, served.editor), ("owner", 3, served.owner),
            ("token read", 1, tokens["read"]), ("token write", 2, tokens["write"]), ("token admin", 3, tokens["admin"])]


def ask(client, doc, method, path, operation, **more):
    query, headers, body = request(doc, operation)
    if "X-Path-Token" in headers:
        headers.update(LINK)
    headers.update(more.pop("headers", {}))
    return client.ask(method, fill(path) + ("?" + query if query else ""), more.pop("body", body), headers=headers, timeout=20)


def streams(operation):
    return any("event-stream" in kind for answer in operation["responses"].values() for kind in answer.get("content", {}))


def ends_a_session(method, path):
    return (method, path) in (("DELETE", "/api/v1/session"), ("PUT", "/api/v1/me/password"))


@test
def no_handler_answers_to_a_role_too_low():
    tried = 0
    people = clients()
    for doc, method, path, role, operation in rows():
        for name, rank, client in people:
            if rank >= RANKS[role]:
                continue
            got = ask(client, doc, method, path, operation)
            tried += 1
            assert got.status == (401 if rank == 0 else 403), (method, path, role, name, got)
            assert got.header("Content-Type") == "application/problem+json" and got.json["code"] == "denied", got
    assert tried > 100, tried
    print(f"# {tried} requests by a role too low, all refused")


@test
def whoever_may_is_not_refused_for_his_role():
    tried = 0
    for doc, method, path, role, operation in rows():
        if streams(operation) or ends_a_session(method, path):
            continue
        for name, rank, client in [("reader", 1, served.reader), ("editor", 2, served.editor), ("owner", 3, served.owner)]:
            if rank < RANKS[role] or (role == "open" and method != "GET"):
                continue
            got = ask(client, doc, method, path, operation)
            tried += 1
            assert got.status not in (401, 500) and not (got.status == 403 and "role" in got.json["detail"]), (method, path, name, got)
    print(f"# {tried} requests by whoever may")


@test
def a_token_that_only_reads_writes_nothing():
    reads = Client(served, served.owner.post("/tokens", {"name": "legge", "scopes": ["read"]}).json["token"])
    for doc, method, path, role, operation in rows():
        if method != "GET" and role != "open":
            got = ask(reads, doc, method, path, operation)
            assert got.status == 403 or (got.status < 300 and "read" in operation.get("x-scope", "")), (method, path, got)


@test
def every_answer_has_the_headers_of_safety():
    seen = set()
    for doc, method, path, role, operation in rows():
        if streams(operation):
            continue
        for client in (Client(served), served.reader):
            if ends_a_session(method, path):
                client = Client(served)
            got = ask(client, doc, method, path, operation)
            seen.add(got.status)
            check_headers(got, (method, path))
            if path.startswith("/api"):
                cache = got.header("Cache-Control") or ""
                assert "no-store" in cache or "private" in cache, (method, path, cache)
    for path in ("/", "/map/abc", "/nulla.js", "/assets/nulla.js", "/api/v1/nulla", "/s/nulla"):
        got = served.anybody.get(path)
        seen.add(got.status)
        check_headers(got, path)
    assert {200, 400, 401, 403, 404} <= seen, seen


def check_headers(got, about):
    for name, value in HEADERS.items():
        assert got.header(name) == value, (about, name, got.header(name))
    policy = got.header("Content-Security-Policy") or ""
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, (about, policy)
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy and "*" not in policy, (about, policy)
    assert len([k for k, _ in got.headers if k.lower() == "content-security-policy"]) == 1
    assert got.header("Access-Control-Allow-Origin") is None


@test
def writing_without_origin_and_token_is_403_on_every_route():
    tried = 0
    for doc, method, path, role, operation in rows():
        if method == "GET":
            continue
        client = {1: served.reader, 2: served.editor, 3: served.owner}.get(RANKS[role], Client(served))
        wrong = [{"Origin": None, "Sec-Fetch-Site": None}, {"Origin": "https://esempio.it", "Sec-Fetch-Site": "cross-site"}]
        if role != "open":
            wrong.append({"X-CSRF-Token": None})
        for headers in wrong:
            got = ask(client, doc, method, path, operation, headers=headers)
            tried += 1
            assert got.status == 403, (method, path, headers, got)
    assert tried > 50
    print(f"# {tried} forged requests, all refused")


@test
def a_body_with_a_field_too_many_is_refused():
    import json
    tried = 0
    for doc, method, path, role, operation in rows():
        body = request(doc, operation)[2]
        if "application/json" not in operation.get("requestBody", {}).get("content", {}):
            continue
        client = {1: served.reader, 2: served.editor, 3: served.owner}.get(RANKS[role], Client(served))
        wrong = {**json.loads(body), "in_piu": 1}
        got = ask(client, doc, method, path, operation, body=json.dumps(wrong).encode())
        assert got.status == 400 and got.json["where"] == "in_piu", (method, path, got)
        for sent in (b"", b"[]", b"null", b'"x"', b"{", b'{"a":1,"a":2}', b'{"a":"\\ud800"}', b'{"a":1e400}', b"[" * 500 + b"]" * 500):
            got = ask(client, doc, method, path, operation, body=sent)
            assert got.status == (413 if sent[:2] == b"[[" else 400), (method, path, sent[:30], got)
        got = ask(client, doc, method, path, operation, headers={"Content-Type": "text/plain"})
        assert got.status == 415, (method, path, got)
        tried += 1
    assert tried > 10


@test
def a_parameter_that_nobody_knows_is_refused():
    for doc, method, path, role, operation in rows():
        if streams(operation) or method != "GET":
            continue
        client = {1: served.reader, 2: served.editor, 3: served.owner}.get(RANKS[role], Client(served))
        got = client.get(fill(path) + "?in_piu=1", headers=LINK)
        assert got.status == 400 and got.json["where"] == "in_piu", (path, got)


def contents():
    """Everything in the data file that a person could call a change: not when somebody was here last."""
    with sqlite3.connect(f"file:{served.workspace}?mode=ro", uri=True) as db:
        names = [n for n, in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
                 if n not in ("session", "audit", "api_token", "client_link", "sqlite_sequence") and not n.startswith("sqlite_stat")]
        return {n: db.execute(f"SELECT * FROM {n}").fetchall() for n in names}


@test
def reading_changes_nothing():
    served.owner.post("/departments", {"name": "Vendite"})
    before = contents()
    for doc, method, path, role, operation in rows():
        if method == "GET" and not streams(operation):
            for client in (served.owner, Client(served)):
                ask(client, doc, method, path, operation)
                client.ask("HEAD", fill(path))
    after = contents()
    # the image is derived: the first question makes it
    derived = {"image", "batch", "block", "identity"}
    assert {k: v for k, v in after.items() if k not in derived} == {k: v for k, v in before.items() if k not in derived}


@test
def another_method_is_405_and_what_is_in_no_row_is_404():
    doc = document()
    for path, item in doc["paths"].items():
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if method.lower() not in item:
                got = served.owner.ask(method, fill(path), b"{}" if method in ("POST", "PUT", "PATCH") else None)
                other = any(method.lower() in i and re.fullmatch(re.sub(r"{[^}]*}", "[^/]+", p), fill(path))
                            for p, i in doc["paths"].items())
                assert got.status == 405 or other, (method, path, got)
    for path in ("/api/v1/", "/api/v1/people/", "/api/v1/people/a/b", "/api/v2/people", "/api/v1/PEOPLE", "/api"):
        assert served.owner.get(path).status == 404, path


try:
    run()
finally:
    served.__exit__()
