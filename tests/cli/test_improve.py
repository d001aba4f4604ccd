"""viaggio kpi, effect, whatif, plan: what is asked wrongly is refused with a reason, what cannot be told says why."""
import datetime
import json
import re
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


def regions(rows):
    """Evidence of (customer, region, began, took days or None): what waits, as a file."""
    lines = ["Cliente;Regione;Attività;Data;Ordine"]
    for i, (customer, region, began, took) in enumerate(rows):
        day = datetime.date(2025, 1, 1) + datetime.timedelta(began)
        lines.append(f"{customer};{region};Aperto;{day};O{i}")
        if took is not None:
            lines.append(f"{customer};{region};Chiuso;{day + datetime.timedelta(took)};O{i}")
    return write("regioni.csv", "\n".join(lines + ["Ultimo;Nord;Altro;2025-12-31;"]) + "\n")


def effect(*more):
    return json.loads(viaggio("effect", FOLDER / "regioni.csv", "--changed", "2025-05-01", "--json", "-q", *more))


@test
def a_comparison_group_gives_a_difference_of_differences_and_nobody_is_in_both():
    # 40 in the south before and after, 40 in the north; one of the north has an order in the south as well
    rows = [(f"S{i}", "Sud", 10 + i, 20) for i in range(40)] + [(f"S{i + 40}", "Sud", 130 + i, 10 if i % 2 else 20) for i in range(40)]
    rows += [(f"N{i}", "Nord", 10 + i, 20 + i % 3) for i in range(40)] + [(f"N{i + 40}", "Nord", 130 + i, 18 + i % 3) for i in range(40)]
    regions(rows + [("N0", "Sud", 12, 90), ("N41", "Sud", 140, 90)])
    ask = ["--kind", "rate", "--from", "Chiuso", "--window", "15d"]
    alone, nord = effect(*ask), effect(*ask, "--group", "where=Regione=Nord")
    assert (alone["before"]["n"], alone["after"]["n"]) == (80, 80), alone
    assert (nord["before"]["n"], nord["after"]["n"]) == (40, 40), nord  # S alone: who is in the group is in the group only
    assert (nord["group"]["before"]["n"], nord["group"]["after"]["n"]) == (40, 40), nord
    assert (nord["before"]["value"], nord["after"]["value"], nord["difference"]) == (0, 0.5, 0.5), nord
    assert nord["verdict"] == "better" and "Where nothing was done, 0.00 before (40 observed)" in nord["sentence"], nord
    # orders are told apart, yet it is customers who are in the group
    by_order = effect("--kpi", "ordini", "--map", ordini(), "--group", "where=Regione=Nord")
    assert (by_order["before"]["n"], by_order["after"]["n"]) == (40, 40), by_order
    # a group that knows nothing of what is asked is a group all the same
    none = effect("--kind", "conversion", "--from", "Aperto", "--to", "Chiuso", "--window", "30d", "--group", "where=Regione=Nord&only-activity=Aperto")
    assert none["group"]["after"] == {"n": 40, "value": 0, "low": None, "high": None}, none


def ordini():
    return write("ordini.json", json.dumps({"format": 1, "id": "o", "title": "O", "phases": [{"id": "p", "title": "P", "steps": [{"id": "s", "title": "S"}]}],
                                            "kpis": [{"id": "ordini", "name": "Ordini chiusi", "kind": "conversion", "from_activity": "Aperto",
                                                      "to_activity": "Chiuso", "journey": "Ordine", "window_days": 30}]}))


@test
def a_group_of_everybody_or_of_nobody_and_a_filter_that_is_none_are_said():
    regions([(f"C{i}", "Sud" if i % 2 else "Nord", i, 3) for i in range(200)])
    ask = ["--kind", "time", "--from", "Aperto", "--to", "Chiuso"]
    for group, said in (("since=2024", "everybody is in the comparison group"), ("until=2025-01-01&where=Regione=Sud", "nobody is in the comparison group"),
                        ("where=Colore=blu", "Colore")):
        got = effect(*ask, "--group", group)["effects"][0]
        assert got["effect"] is None and said in got["problem"], got
    for group in ("reginoe=Sud", "where=", "garbage"):  # would be everybody
        assert "this is no part of a filter" in refused("effect", FOLDER / "regioni.csv", "--changed", "2025-05-01", *ask, "--group", group, status=3)


@test
def a_step_that_is_misspelled_is_said_to_a_pipe_as_well_and_a_quantile_that_is_none_refused():
    viaggio("kpi", CRM, "--kind", "conversion", "--from", "Offerta inviata", "--to", "Ordine")
    assert "cannot be told: the evidence has no “Ordine”" in viaggio.error
    for quantile in ("0", "100%"):
        viaggio("kpi", CRM, "--kind", "time", "--from", "Reso aperto", "--to", "Reso chiuso", "--quantile", quantile, status=2)
    head = viaggio("kpi", CRM, "--map", MAP, "-q").splitlines()[0].split("\t")
    assert head[:2] == ["kpi", "from"], head


@test
def nothing_is_claimed_when_test_and_interval_do_not_agree():
    # 0 of 50 before, 4 of 50 after: p is 0.042, and Newcombe's interval from below 0
    regions([(f"B{i}", "Sud", i, None) for i in range(50)] + [(f"A{i}", "Sud", 125 + i, 3 if i < 4 else None) for i in range(50)])
    got = effect("--kind", "conversion", "--from", "Aperto", "--to", "Chiuso", "--window", "10d")
    assert got["p"] < 0.05 and got["low"] < 0 < got["high"] and got["verdict"] == "none", got


@test
def waits_that_half_never_end_are_worse_though_no_median_is_reached():
    regions([(f"B{i}", "Sud", i, 10 + i % 5) for i in range(60)] + [(f"A{i}", "Sud", 125 + i, 10 + i % 5 if i % 4 == 0 else None) for i in range(60)])
    got = effect("--kind", "time", "--from", "Aperto", "--to", "Chiuso")
    assert got["difference"] is None and got["p"] < 0.001 and got["verdict"] == "worse", got
    assert "Worse, taking all waits together" in got["sentence"] and "not reached after (60 observed)" in got["sentence"], got
    better = effect("--kind", "time", "--from", "Aperto", "--to", "Chiuso", "--better", "up")
    assert better["verdict"] == "better", better


@test
def an_interval_says_its_unit_once_where_both_ends_have_the_same():
    regions([(f"B{i}", "Sud", i, 20 + i % 9) for i in range(60)] + [(f"A{i}", "Sud", 125 + i, 10 + i % 9) for i in range(60)])
    sentence = effect("--kind", "time", "--from", "Aperto", "--to", "Chiuso")["sentence"]
    assert re.search(r"between −[0-9.]+ and −[0-9.]+\u202fdays", sentence), sentence


@test
def what_cannot_be_has_no_number_that_it_takes():
    regions([(f"C{i}", "Sud", i, 3) for i in range(60)])
    for change, needed in (("-200", 0), ("-50", None)):
        enough = json.loads(viaggio("kpi", FOLDER / "regioni.csv", "--kind", "rate", "--from", "Chiuso", "--window", "90d", "--enough", change, "--json", "-q"))["kpis"][0]["enough"]
        assert needed is None or enough["needed"] == needed, enough


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


@test
def what_is_usual_lies_within_what_can_be():
    rows = ["Cliente;Data;Evento"]
    for month in range(1, 13):
        for i in range(10):
            rows.append(f"C{month}-{i};01/{month:02}/2025;Offerta")
            if i < (9 if month % 2 else 1):
                rows.append(f"C{month}-{i};{2 + (12 if month % 2 else 0):02}/{month:02}/2025;Ordine")
    rows.append("Z;01/03/2026;Altro")
    path = write("altalena.csv", "\n".join(rows) + "\n")
    for kind, most in (("conversion", 1), ("time", None), ("rate", None)):
        control = json.loads(viaggio("kpi", path, "--kind", kind, "--from", "Offerta", *([] if kind == "rate" else ["--to", "Ordine", "--window", "20d"]), "--json", "-q"))["kpis"][0]["control"]
        assert control["low"] is None or control["low"] >= 0, (kind, control)
        assert most is None or control["high"] == most and control["low"] == 0, (kind, control)


run()
