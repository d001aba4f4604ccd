#!/usr/bin/env python3
"""Writes percorso.csv, the evidence of forty invented clients of «Casa in ordine» on the success path of mappa.json,
and truth.json: who is where, in what state and why, which must be found again. Deterministic: the same bytes every time.

Each client has a fate: arrived, left, silent, stuck, behind, on the way. How long each phase took those who passed it is
planted, so that the path's own history (median: behind, 90th percentile: stuck) follows from it; whoever is stuck has been
in the phase for longer than that and still gives signs, whoever is silent gives none.
"""
import collections
import csv
import datetime as dt
import io
import json
import math
import pathlib
import random

HERE = pathlib.Path(__file__).resolve().parent
TODAY = dt.datetime(2025, 11, 1)  # when the evidence of the other example ends, too
PHASES = ["decido", "comincio", "allargo", "mantengo"]
rng = random.Random(20251101)

# How many days each phase took those who passed it; each is drawn once, then from the start again.
TOOK = {
    "decido": [8, 9, 10, 10, 11, 12, 12, 13, 13, 14, 15, 17],
    "comincio": [15, 17, 18, 19, 20, 21, 21, 22, 24, 25, 27, 29],
    "allargo": [33, 35, 37, 38, 40, 41, 43, 44, 46, 48, 51, 54],
    "mantengo": [88, 90, 91, 92, 93, 94, 95, 97, 98, 99, 101, 104],
}
# fate, phase in which the client is (or was last), days in it until today (or until it was left), how long ago it ended
FATES = (
    [("arrived", "mantengo", None, ago) for ago in (4, 11, 19, 33, 46, 58, 71, 85, 99, 112, 124, 137, 151)] +
    [("on-the-way", "mantengo", days, 0) for days in (12, 25, 40, 57, 76)] +
    [("on-the-way", "allargo", days, 0) for days in (6, 18, 31)] +
    [("on-the-way", "comincio", days, 0) for days in (5, 13)] +
    [("on-the-way", "decido", days, 0) for days in (3, 7)] +
    [("behind", "mantengo", 98, 0), ("behind", "allargo", 46, 0), ("behind", "comincio", 24, 0)] +
    [("stuck", "comincio", 172, 0), ("stuck", "comincio", 47, 0), ("stuck", "allargo", 149, 0), ("stuck", "allargo", 71, 0)] +
    [("silent", "comincio", 150, 124), ("silent", "allargo", 95, 61), ("silent", "decido", 205, 196)] +
    [("left", "decido", 16, 245), ("left", "comincio", 33, 205), ("left", "comincio", 26, 292), ("left", "allargo", 40, 150),
     ("left", "allargo", 52, 75)]
)
NAMES = ["Adele Fontana", "Alba Marchetti", "Anita Sorrentino", "Barbara Neri", "Bruna Caputo", "Carla Ferrero", "Cecilia Grasso",
         "Chiara Longo", "Claudia Rinaldi", "Cristina Amato", "Daniela Vitale", "Debora Costa", "Elena Piras", "Elisa Barone",
         "Emma Giordano", "Erica Bassi", "Federica Monti", "Flavia Ricci", "Franca Testa", "Gaia Pellegrini", "Giovanna Sala",
         "Grazia De Santis", "Ilaria Fabbri", "Irene Colombo", "Lara Martini", "Letizia Ruggiero", "Lidia Farina", "Lucia Esposito",
         "Manuela Villa", "Mara Conte", "Michela Serra", "Monica D’Angelo", "Nadia Palumbo", "Ornella Gatti", "Paola Bianco",
         "Roberta Leone", "Sabrina Mancini", "Silvana Orlando", "Tiziana Rizzo", "Valeria Coppola"]
SAYS = {
    -2: ["Non fa per me", "Mi vergogno di mandare le foto", "È tornato tutto com’era", "Ho pianto davanti all’armadio"],
    -1: ["Settimana pesante", "In casa nessuno mi aiuta", "Rimando da tre giorni"],
    0: ["Così così", "Procedo piano"],
    1: ["Il primo cassetto è finito!", "Stasera il piano era libero", "Mi costa meno di prima"],
    2: ["Ho invitato un’amica senza riordinare prima", "Mi viene senza pensarci", "I ragazzi hanno fatto da soli"],
}
LEAVES = {"decido": ["Non è il momento"], "comincio": ["Il lavoro non mi lascia il tempo", "Mi sono trasferita"],
          "allargo": ["In famiglia non ne vogliono sapere", "Mi bastava la cucina"]}

rows = []  # (customer, at, activity, channel, value, feeling, text)


def add(customer, at, activity, channel, value="", feeling="", text=""):
    rows.append((customer, at.replace(second=0, microsecond=0), activity, channel, value, feeling, text))


def moment(start, days):
    """So many days later, at an hour of the day that depends on nothing else."""
    return start + dt.timedelta(days=days, minutes=rng.randrange(-100, 100))


def mood(customer, at, mean):
    """How the client feels: a tap on the phone, now and then with a word."""
    valence = max(-2, min(2, round(rng.gauss(mean, 0.7))))
    add(customer, at, "Come sto", "App", feeling=valence, text=rng.choice(SAYS[valence]) if rng.random() < 0.35 else "")


class Client:
    """One client's way. `reach` is how much of what is to be gained has been gained, 0 … 1."""

    def __init__(self, name, start):
        self.name, self.start = name, start
        self.evenings, self.minutes = rng.choice([0, 1, 1, 2]), rng.choice([18, 20, 25, 25, 30, 35])

    def count(self, at, reach):
        evenings = max(0, min(7, round(self.evenings + reach * (5.6 - self.evenings) + rng.gauss(0, 0.35))))
        minutes = max(2, round(self.minutes + reach * (5 - self.minutes) + rng.gauss(0, 1.5)))
        add(self.name, at, "Conta delle sere", "App", value=evenings)
        add(self.name, at + dt.timedelta(minutes=2), "Minuti a cercare", "App", value=minutes)

    def decido(self, at, days, until, passes):
        add(self.name, at, "Prima telefonata", "Telefono", feeling=rng.choice([-1, -1, 0]))
        if until > 2:
            add(self.name, moment(at, 2), "Foto di partenza", "App", feeling=rng.choice([-2, -2, -1]))
        if until > 3:
            add(self.name, moment(at, 3), "Conta delle sere", "App", value=self.evenings)
            add(self.name, moment(at, 3), "Minuti a cercare", "App", value=self.minutes)
        if until > 6:
            add(self.name, moment(at, 6), "Primo incontro", "Di persona", feeling=rng.choice([1, 1, 2]))
        if passes:
            add(self.name, at + dt.timedelta(days=days), "Traguardo dichiarato", "Di persona")

    def comincio(self, at, days, until, passes):
        plan = [(2, "Primo cassetto", "Carta", rng.choice([1, 1, 2])), (5, "Prima e dopo", "App", rng.choice([1, 2, 2])),
                (11, "Prima e dopo", "App", 1)]
        if rng.random() < 0.65:
            plan.append((min(14, days - 1), "Ricaduta segnalata", "Telefono", rng.choice([-2, -1])))
        for day, activity, channel, feeling in plan:
            if day < until:
                add(self.name, moment(at, day), activity, channel, feeling=feeling)
        self.weekly(at, min(days, until), 0.05, 0.35, 0.2)
        if passes:
            add(self.name, at + dt.timedelta(days=days), "Tre punti in ordine", "Di persona", feeling=rng.choice([1, 2]))

    def allargo(self, at, days, until, passes):
        if until > 8:
            add(self.name, moment(at, 8), "Visita a casa", "Di persona", feeling=rng.choice([-1, 0, 1]))
        if until > 14 and passes:
            add(self.name, moment(at, 14), "Patto di famiglia", "Carta", feeling=rng.choice([-1, 0, 0]))
        signs = 15 if passes else 11
        for i in range(signs):
            day = 12 + (days - 12) * (i + 1) / 15
            if day <= until:
                last = passes and i == 14
                add(self.name, at + dt.timedelta(days=days) if last else moment(at, round(day)) + dt.timedelta(hours=4), "Segno della sera", "App")
        self.weekly(at, min(days, until), 0.35, 0.75, 0.4)

    def mantengo(self, at, days, until, passes):
        if until > 4:
            add(self.name, moment(at, 4), "Ultimo incontro", "Di persona", feeling=2)
        if until > 34:
            add(self.name, moment(at, 34), "Cartolina spedita", "Posta")
        for day in range(9, math.ceil(until), 7):
            if day < min(days, until) - 1:
                add(self.name, moment(at, round(day)) + dt.timedelta(hours=4), "Segno della sera", "App")
        self.weekly(at, min(days, until), 0.75, 1, 1.2, every=19)
        if passes:
            self.count(at + dt.timedelta(days=days, minutes=-30), 1.05)
            self.evenings_met(at + dt.timedelta(days=days, minutes=-20))
            add(self.name, at + dt.timedelta(days=days), "Telefonata dei tre mesi", "Telefono", feeling=2)

    def evenings_met(self, at):
        """The last count is the one that opens the gate together with the call."""
        add(self.name, at, "Conta delle sere", "App", value=rng.choice([5, 5, 6]))

    def weekly(self, at, until, first, last, mean, every=6):
        day = 3.0
        while day < until - 0.5:
            reach = first + (last - first) * day / max(until, 1)
            if rng.random() < 0.6:
                self.count(moment(at, round(day)), reach)
            else:
                mood(self.name, moment(at, round(day)), mean)
            day += every + rng.uniform(-1, 1)


def lingering(client, at, from_day, until, mean):
    """Still there, and no further: a sign every four or five days."""
    day = from_day + 3
    while day < until - 1:
        if rng.random() < 0.5:
            mood(client.name, moment(at, round(day)), mean)
        else:
            client.count(moment(at, round(day)), 0.15)
        day += rng.uniform(3.5, 5.5)


draws = {phase: [] for phase in PHASES}


def took(phase):
    if not draws[phase]:
        draws[phase] = list(TOOK[phase])
        rng.shuffle(draws[phase])
    return draws[phase].pop()


names = list(NAMES)
rng.shuffle(names)
fates = list(FATES)
rng.shuffle(fates)
passed = collections.defaultdict(list)
clients = []
for name, (fate, phase, days, ago) in zip(names, fates):
    last = PHASES.index(phase)
    before = [took(p) for p in PHASES[:last + (fate == "arrived")]]
    end = TODAY - dt.timedelta(days=ago if fate in ("arrived", "left") else 0)
    start = end - dt.timedelta(days=sum(before) + (0 if fate == "arrived" else days))
    start = start.replace(hour=rng.randrange(9, 18), minute=rng.choice([0, 10, 20, 30, 40, 50]))
    client = Client(name, start)
    at = start
    for i, length in enumerate(before):
        getattr(client, PHASES[i])(at, length, length, True)
        passed[PHASES[i]].append(length)
        at += dt.timedelta(days=length)
    if fate != "arrived":
        until = days - ago if fate == "silent" else days
        length = {"decido": 12, "comincio": 21, "allargo": 42, "mantengo": 95}[phase]
        getattr(client, phase)(at, length, until, False)
        if fate in ("stuck", "behind"):
            lingering(client, at, length, until, -0.9 if fate == "stuck" else 0.2)
        if fate == "left":
            add(name, moment(at, days - 0.5), "Abbandono", "Telefono", text=rng.choice(LEAVES[phase]))
        if fate == "silent":
            for week in (7, 14, 28):
                add(name, moment(at, until + week), "Nessun segno da sette giorni", "Interno")
            add(name, moment(at, until + 15), "Nota della coach", "Interno", text="Lasciato un messaggio in segreteria")
    clients.append({"name": name, "state": fate, "phase": None if fate == "arrived" else phase,
                    "enrolled": f"{start:%Y-%m-%d}", "passed": len(before), "days_in_phase": days if fate != "arrived" else None})

rows = sorted((r for r in rows if r[1] < TODAY), key=lambda r: (r[1], r[0], r[2]))
text = io.StringIO()
out = csv.writer(text, delimiter=";", lineterminator="\r\n")
out.writerow(["Cliente", "Data e ora", "Attività", "Canale", "Valore", "Valenza", "Testo", "Percorso"])
for customer, at, activity, channel, value, feeling, words in rows:
    out.writerow([customer, f"{at:%d/%m/%Y %H:%M}", activity, channel, value, feeling, words, "Casa in ordine"])
(HERE / "percorso.csv").write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode("utf-8"))


def quantile(values, p):
    """Hyndman and Fan's type 7, as mine/stats has it."""
    values = sorted(values)
    at = p * (len(values) - 1)
    low = math.floor(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (at - low) * (values[high] - values[low])


truth = {
    "today": f"{TODAY:%Y-%m-%d}",
    "rows": {"stored": len(rows), "rejected": 0},
    "clients": sorted(clients, key=lambda c: c["name"]),
    "states": dict(sorted(collections.Counter(c["state"] for c in clients).items())),
    "phases": {p: {"passed": len(passed[p]), "median_days": quantile(passed[p], 0.5), "p90_days": round(quantile(passed[p], 0.9), 6)}
               for p in PHASES},
}
(HERE / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
if __name__ == "__main__":
    print(len(rows), "rows;", truth["states"], truth["phases"])
    print(collections.Counter(c["enrolled"][:7] for c in clients))
