"""KPIs, effects, what-if and the plan over HTTP: the shell's numbers, the planted truth, and reasons."""
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from served import Served
from tap import run, test, viaggio
from world import EXAMPLE, FILES, TRUTH, bring_example, bring_map, get, good

served = Served(solo=True).__enter__()
owner = served.owner
bring_example(owner)
the_map = bring_map(owner)
EVIDENCE = [a for f in FILES for a in ("-e", str(EXAMPLE / f))]


def shell(verb, *arguments):
    return json.loads(viaggio(verb, *EVIDENCE, "--map", EXAMPLE / "mappa.json", *arguments, "--json"))


def path(rest):
    return f"/maps/{the_map}/{rest}"


@test
def the_planted_truth_lies_within_the_intervals():
    found = {e["action"]["id"]: e["effect"] for e in get(owner, path("effects"))["items"]}
    quotes, overdue = TRUTH["quotes_won"], TRUTH["overdue_paid"]
    got = found["richiamata-24-ore"]
    assert got["verdict"] == "better" and got["low"] <= quotes["after"] - quotes["before"] <= got["high"], got
    got = found["telefonata-di-cortesia"]
    assert got["verdict"] == "better" and got["low"] <= overdue["after"] - overdue["before"] <= got["high"], got
    got = found["richiamata"]
    assert got["verdict"] == "better" and got["low"] <= -TRUTH["returns"]["faster_by"] * got["before"]["value"] <= got["high"], got
    got = found["nuova-firma"]
    assert got["verdict"] == "none" and "No effect can be seen" in got["sentence"], got


def same(a, b):
    """Equal, but for the last digits of numbers: journeys may stand in another order."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= 1e-6 * max(1, abs(a))
    return a == b


@test
def server_and_shell_say_the_same():
    assert same(get(owner, path("effects"))["items"], shell("effect")["effects"])
    assert same(get(owner, path("kpis"))["items"], shell("kpi")["kpis"])
    web = get(owner, path("whatif"), loss=["offerta:0.2"], wait=["commerciale:0.5"])
    told = shell("whatif", "--less-loss", "offerta=20%", "--less-wait", "commerciale=50%")
    for name in ("arrival", "journeys", "arrived", "horizon_s", "value_each"):
        assert web[name] == told[name], name
    # The resamples are drawn by the customers' place in the log: the intervals may differ by chance.
    for name in ("more", "more_in_the_end", "sooner_s"):
        assert same(web[name]["value"], told[name]["value"]) and abs(web[name]["low"] - told[name]["low"]) < 0.15 * abs(told[name]["value"]), name
    assert same([s["loss"]["value"] for s in web["steps"]], [s["loss"]["value"] for s in told["steps"]])
    assert same(get(owner, path("enough"), kpi="resi", change=-10), shell("kpi", "--kpi", "resi", "--enough", "-10")["kpis"][0]["enough"])
    one = get(owner, "/insight/effect", map=the_map, kpi="resi", changed="2025-01-13")
    assert one["action"] is None and same(one["effect"], shell("effect", "--kpi", "resi", "--changed", "2025-01-13"))
    bare = get(owner, "/insight/effect", kind="time", **{"from": "Reso aperto", "to": "Reso chiuso"}, changed="2025-01-13")["effect"]
    assert same(bare["difference"], one["effect"]["difference"]) and bare["verdict"] == "better"


@test
def what_is_asked_wrongly_is_refused():
    for rest, status in (("enough?kpi=nessuno&change=5", 404), ("enough?kpi=resi&change=x", 400), ("whatif?loss=offerta", 400),
                         ("whatif?loss=offerta:2", 400), ("whatif?loss=nessuna:0.2", 404), ("whatif?arrival=Mai%20visto", 404), ("whatif?value=-1", 400),
                         ("plan.pdf?paper=a9x", 400)):
        assert owner.get(path(rest)).status == status, (rest, owner.get(path(rest)))
    for query, status in (("changed=ieri&kind=time&from=Reso%20aperto&to=Reso%20chiuso", 400), ("changed=2025-01-13", 400),
                          ("changed=2025-01-13&kpi=resi", 404), ("changed=2025-01-13&kind=time&from=Reso%20aperto", 400)):
        assert owner.get("/insight/effect?" + query).status == status, (query, owner.get("/insight/effect?" + query))
    assert owner.get("/maps/nessuna/kpis").status == 404


@test
def a_filter_is_a_filter_here_too():
    whole = get(owner, path("kpis"))["items"]
    part = get(owner, path("kpis"), started_since="2025-03-01")["items"]
    assert 0 < part[1]["n"] < whole[1]["n"], (part[1]["n"], whole[1]["n"])
    nothing = get(owner, path("kpis"), only_channel="Di persona")["items"]
    assert all(k["problem"] for k in nothing), [k["problem"] for k in nothing]


@test
def the_reader_gets_sentences_in_their_language():
    found = {e["action"]["id"]: e for e in get(owner, path("effects"), lang="it")["items"]}
    assert "Non si vede alcun effetto" in found["nuova-firma"]["effect"]["sentence"]
    assert "Così com’è" in get(owner, path("whatif"), lang="it")["sentence"]


@test
def a_slider_costs_milliseconds_once_the_chain_is_made():
    get(owner, path("whatif"))
    took = []
    for i in range(8):
        began = time.monotonic()
        get(owner, path("whatif"), loss=[f"offerta:{0.05 * i:.2f}"])
        took.append(time.monotonic() - began)
    print(f"# a slider is answered in {1000 * sorted(took)[4]:.0f} ms")
    assert min(took) < 2, took


@test
def a_kpi_whose_step_is_deleted_says_so_and_the_map_lives_on():
    document = json.loads((EXAMPLE / "mappa.json").read_text())
    document["id"] = "per-prova"
    document["kpis"].append({"id": "prova", "name": "Prova", "kind": "state", "from": "recensione"})
    other = bring_map(owner, document)
    assert get(owner, f"/maps/{other}/kpis")["items"][-1]["problem"] is None
    got = good(owner.post(f"/maps/{other}/operations", {"operations": [{"client": "d1", "op": {"op": "delete", "item": "recensione"}}]}))
    assert got["results"][0]["problem"] is None, got
    last = get(owner, f"/maps/{other}/kpis")["items"][-1]
    assert last["value"] is None and "recensione" in last["problem"], last
    good(owner.delete(f"/maps/{other}"), 204)


@test
def the_plan_and_the_matrix_are_files_to_hand_out():
    got = owner.get(path("plan.pdf?lang=it"))
    assert got.status == 200 and got.body.startswith(b"%PDF-") and "piano.pdf" in got.header("Content-Disposition"), got
    assert owner.get(path("plan.pdf?paper=a3")).body.startswith(b"%PDF-")
    got = owner.get(f"/pictures/matrix.svg?map={the_map}&lang=it")
    assert got.status == 200 and "molto valore" in got.body.decode() and "Nuova firma nelle email" in got.body.decode()
    poster = owner.get(f"/pictures/poster.svg?map={the_map}&lang=it").body.decode()
    assert "24% → 37%" in poster, "the poster's actions tell what they achieved"
    page = owner.get(path("export?format=html&lang=it")).body.decode()
    assert 'id="results"' in page and "Non si vede alcun effetto" in page


try:
    run()
finally:
    served.__exit__()
