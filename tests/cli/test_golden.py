"""The shell's JSON equals the reference answers on logs that nobody here wrote."""
import json
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
from tap import run, shared, test, viaggio  # noqa: E402

LOGS = ["running_example", "repair_example", "teleclaims", "reviewing", "receipt", "bpic2013_closed", "helpdesk_it"]
COLUMNS = ["--customer", "case_id", "--activity", "activity", "--time", "timestamp"]


def ask(verb, log, *options):
    return json.loads(viaggio(verb, shared(f"logs/{log}.csv"), *COLUMNS, "--json", *options))


def golden(log):
    return json.loads(shared(f"golden/{log}.json").read_text())


def close(mine, theirs, what):
    assert abs(mine - theirs) <= 1e-6 * max(1, abs(theirs)), (what, mine, theirs)


def counts(items):
    return {item["activity"]: item["count"] for item in items}


@test
def the_flow_has_every_edge_with_its_times():
    for log in LOGS:
        mine, theirs = ask("flow", log), golden(log)
        assert (mine["events"], mine["traces"]) == (theirs["events"], theirs["cases"]), log
        edges = {(e["from"], e["to"]): e for e in mine["edges"]}
        assert len(edges) == len(theirs["dfg"]), log
        for edge in theirs["dfg"]:
            own = edges[edge["a"], edge["b"]]
            assert own["count"] == edge["n"], (log, edge)
            for name in ("mean_s", "median_s", "min_s", "max_s"):
                close(own[name], edge[name], (log, edge["a"], edge["b"], name))


@test
def starts_ends_and_activities_are_counted():
    for log in LOGS:
        mine, theirs = ask("flow", log), golden(log)
        for name, other in (("starts", "start_activities"), ("ends", "end_activities"), ("activities", "activity_counts")):
            assert counts(mine[name]) == theirs[other], (log, name)


@test
def the_variants_are_the_same():
    for log in LOGS:
        mine, theirs = ask("variants", log, "--top", "0"), golden(log)
        assert mine["total"] == len(mine["variants"]) == theirs["variants_total"], log
        ways = {tuple(v["activities"]): v["count"] for v in mine["variants"]}
        for variant in theirs["variants_top50"]:
            assert ways[tuple(variant["seq"])] == variant["n"], log


@test
def as_many_variants_come_as_are_asked_for():
    assert len(ask("variants", "helpdesk_it")["variants"]) == 10
    assert len(ask("variants", "helpdesk_it", "--top", "3")["variants"]) == 3


@test
def the_funnel_counts_the_same_customers():
    for log in LOGS:
        theirs = golden(log)["funnel_ordered_subsequence"]
        options = [word for step in theirs["steps"] for word in ("--step", step)]
        steps = ask("funnel", log, *options)["steps"]
        assert [s["activity"] for s in steps] == theirs["steps"], log
        assert [s["reached"] for s in steps] == theirs["cases_reaching"], log
        assert all(s["reached"] == s["moved_on"] + s["lost"] + s["travelling"] for s in steps), log


@test
def steps_with_commas_are_the_same_as_steps_one_by_one():
    steps = golden("helpdesk_it")["funnel_ordered_subsequence"]["steps"]
    one_by_one = [word for step in steps for word in ("--step", step)]
    assert ask("funnel", "helpdesk_it", *one_by_one) == ask("funnel", "helpdesk_it", "--steps", ", ".join(steps))


run()
