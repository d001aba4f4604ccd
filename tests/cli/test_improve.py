"""viaggio kpi, effect, whatif, plan: what is asked wrongly is refused with a reason, what cannot be told says why."""
import json
import os
import sys

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
from data import FOLDER, write  # noqa: E402
from tap import SOURCE, run, test, viaggio  # noqa: E402

EXAMPLE = SOURCE / "examples" / "macchinari"
CRM, MAP = EXAMPLE / "crm.csv", EXAMPLE / "mappa.json"


def refused(*arguments, status=2):
    viaggio(*arguments, status=status)
    return viaggio.error


@test
def a_kpi_without_map_is_asked_of_any_two_activities():
    kpi = json.loads(viaggio("kpi", CRM, "--kind", "time", "--from", "Reso aperto", "--to", "Reso chiuso", "--quantile", "90%", "--json"))["kpis"][0]
    assert kpi["measure"] == "seconds" and kpi["direction"] == "down" and kpi["value"] > 20 * 86400
    median = json.loads(viaggio("kpi", CRM, "--kind", "time", "--from", "Reso aperto", "--to", "Reso chiuso", "--json"))["kpis"][0]
    assert median["value"] < kpi["value"] and sum(p["n"] for p in median["points"]) == median["n"]
    weeks = json.loads(viaggio("kpi", CRM, "--kind", "time", "--from", "Reso aperto", "--to", "Reso chiuso", "--every", "week", "--json"))["kpis"][0]
    assert len(weeks["points"]) > 3 * len(median["points"]) and sum(p["n"] for p in weeks["points"]) == median["n"]


@test
def a_month_still_under_way_says_nothing_of_what_is_usual():
    kpis = json.loads(viaggio("kpi", CRM, "--map", MAP, "--json"))["kpis"]
    returns = next(k for k in kpis if k["name"] == "Tempo dei resi")
    told = [p for p in returns["points"] if p["from"] <= returns["latest"]["from"]]
    young = returns["points"][len(told):]
    assert any(p["n"] >= 3 for p in young)  # October's returns: most are still open
    values = [p["value"] for p in told if p["value"] is not None and p["n"] >= 5]
    assert returns["control"]["values"] == len(values)
    assert abs(returns["control"]["mean"] - sum(values) / len(values)) < 1e-6 * values[0]
    assert not any(p["signals"] for p in young)


@test
def what_is_missing_is_said():
    assert "map" in refused("kpi", CRM)
    assert "begins" in refused("kpi", CRM, "--kind", "conversion", "--to", "Reso chiuso")
    assert "ends" in refused("kpi", CRM, "--kind", "time", "--from", "Reso aperto")
    assert "day" in refused("effect", CRM, "--map", MAP, "--kpi", "resi")
    assert "date" in refused("effect", CRM, "--map", MAP, "--kpi", "resi", "--changed", "31/02/2025")
    assert "no KPI" in refused("kpi", CRM, "--map", MAP, "--kpi", "nessuno", status=None)
    assert "no action" in refused("effect", CRM, "--map", MAP, "--action", "nessuna", status=None)
    assert "no step" in refused("whatif", CRM, "--map", MAP, "--less-loss", "nessuna=20%", status=None)
    assert "--less-loss" in refused("whatif", CRM, "--map", MAP, "--less-loss", "offerta=200%")
    assert "--less-wait" in refused("whatif", CRM, "--map", MAP, "--less-wait", "offerta")
    assert "map" in refused("whatif", CRM)
    assert "--enough" in refused("kpi", CRM, "--map", MAP, "--kpi", "resi", "--enough", "tanto")


@test
def what_the_evidence_does_not_have_is_a_reason_and_no_failure():
    kpi = json.loads(viaggio("kpi", CRM, "--kind", "conversion", "--from", "Reso aperto", "--to", "Mai visto", "--json"))["kpis"][0]
    assert kpi["value"] is None and "Mai visto" in kpi["problem"] and kpi["points"] == []
    document = json.loads(MAP.read_text())
    document["kpis"][0]["from_activity"] = ""
    document["kpis"][0]["from"] = "tappa-che-non-esiste"
    document["kpis"][1]["journey"] = "Nessuna colonna"
    other = write("altri-kpi.json", json.dumps(document))
    kpis = json.loads(viaggio("kpi", CRM, "--map", other, "--json"))["kpis"]
    assert "tappa-che-non-esiste" in kpis[0]["problem"] and "Nessuna colonna" in kpis[1]["problem"] and kpis[2]["problem"] is None
    effects = json.loads(viaggio("effect", CRM, "--map", other, "--json"))["effects"]
    assert [e["effect"] is None for e in effects] == [True, True, False, False], [e["problem"] for e in effects]


@test
def one_effect_is_the_object_of_the_manual():
    one = json.loads(viaggio("effect", CRM, "--map", MAP, "--kpi", "resi", "--changed", "2025-01-13", "--json"))
    for name in ("kpi", "kind", "before", "after", "difference", "low", "high", "p", "verdict", "sentence"):
        assert name in one, name
    assert one["kind"] == "time" and one["low"] <= one["difference"] <= one["high"] < 0 and one["p"] < 0.01
    again = json.loads(viaggio("effect", CRM, "--map", MAP, "--action", "richiamata", "--json"))
    assert again == one


@test
def a_comparison_group_gives_a_difference_of_differences():
    alone = json.loads(viaggio("effect", CRM, "--map", MAP, "--kpi", "resi", "--changed", "2025-01-13", "--json"))
    same = json.loads(viaggio("effect", CRM, "--map", MAP, "--kpi", "resi", "--changed", "2025-01-13", "--group", "until=2025", "--json"))
    # The group is everybody: what changed there changed here, and nothing is left.
    assert abs(same["difference"]) < 1e-6 and same["verdict"] == "none", same
    assert same["group"]["difference"] == alone["difference"]


@test
def how_many_it_takes_grows_as_the_change_shrinks():
    needed = [json.loads(viaggio("kpi", CRM, "--map", MAP, "--kpi", kpi, "--enough", change, "--json"))["kpis"][0]["enough"]["needed"]
              for kpi, change in (("preventivi", "10"), ("preventivi", "5"), ("resi", "-30"), ("resi", "-10"))]
    assert 0 < needed[0] < needed[1] and 0 < needed[2] < needed[3], needed


@test
def the_plan_says_its_format_by_its_name_and_keeps_to_one_page():
    for name, begins in (("p.pdf", b"%PDF-"), ("p.svg", b"<?xml"), ("p.png", b"\x89PNG")):
        viaggio("plan", MAP, "-e", CRM, "--out", FOLDER / name, "-q")
        assert (FOLDER / name).read_bytes().startswith(begins), name
    viaggio("plan", MAP, "--out", FOLDER / "ohne.svg", "-q")
    assert "No action can be looked at yet" in (FOLDER / "ohne.svg").read_text()
    many = json.loads(MAP.read_text())
    many["actions"] += [{"id": f"a{i}", "title": f"Azione {i} con un titolo piuttosto lungo che va a capo una volta o due"} for i in range(60)]
    viaggio("plan", write("molte.json", json.dumps(many)), "-e", CRM, "--out", FOLDER / "molte.svg", "-q")
    assert "more" in (FOLDER / "molte.svg").read_text()


run()
