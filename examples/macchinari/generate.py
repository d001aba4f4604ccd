#!/usr/bin/env python3
"""Writes the evidence of Officine Ferri, an invented maker of food machinery, as three silos export it:

    crm.csv            `;` CSV in Windows-1252 with title rows, as the CRM writes it
    telefonate.xlsx    the switchboard's log
    recensioni.jsonl   reviews, one JSON object a line

and truth.json, what was planted and must be found again. Deterministic: the same bytes every time.
Shares are planted as quotas (exactly so many of a shuffled group), so that the sample differs from the
truth by rounding and by who is still travelling at the end, and by nothing else.
"""
import collections
import datetime as dt
import json
import math
import pathlib
import random
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
FIRST = dt.datetime(2024, 3, 1)
LAST = dt.datetime(2025, 10, 31, 23, 59)
CALL_BACK = dt.datetime(2025, 3, 3)     # «Richiamata entro 24 ore»: quotes won 24 % -> 37 %
RETURNS_DESK = dt.datetime(2025, 1, 13)  # «Sportello resi»: returns 34 % faster
REMINDERS = dt.datetime(2025, 2, 3)      # «Telefonata di cortesia»: overdue invoices paid 38 % -> 56 %
NOTHING = dt.datetime(2025, 5, 5)        # «Nuova firma nelle email»: planted without effect
CUSTOMERS = 1284

rng = random.Random(20251112)

# Where a customer goes on, out of those who were there before.
GOES_ON = {
    "Visita articolo": 0.83, "Modulo preventivo": 0.86, "Email automatica": 0.97,
    "Chiamata commerciale": 0.84, "Offerta inviata": 0.95,
}
# Hours until it happens: median and spread (sigma of the logarithm).
WAIT = {
    "Visita articolo": (48, 0.9), "Modulo preventivo": (1, 1.1), "Email automatica": (0.05, 0.3),
    "Chiamata commerciale": (4.2 * 24, 0.5), "Offerta inviata": (6 * 24, 0.5),
    "Richiesta chiarimenti": (1.5 * 24, 0.7), "Ordine confermato": (9 * 24, 0.5),
    "Macchina consegnata": (38 * 24, 0.25), "Guasto segnalato": (112 * 24, 0.45),
    "Recensione": (3 * 24, 0.8),
}
# What evidence says customers feel: mean valence, how many votes there are.
FEELS = {
    "Ricerca": (0.1, 24), "Visita articolo": (1.1, 120), "Modulo preventivo": (0.7, 150),
    "Email automatica": (-1.2, 318), "Chiamata commerciale": (-0.5, 140), "Offerta inviata": (-0.2, 180),
    "Richiesta chiarimenti": (-1.4, 160), "Macchina consegnata": (1.5, 150), "Chiamata al numero verde": (-1.7, 205),
}
SAYS = {
    "Email automatica": ["Mi ha risposto un robot", "Nessun nome, nessun tempo: «la ricontatteremo»",
                         "Ho scritto a lungo e mi arriva una mail uguale per tutti", "Nemmeno una firma",
                         "Almeno ho la conferma che è arrivata"],
    "Chiamata commerciale": ["Ho dovuto raccontare tutto da capo", "L'avevo già scritto nel modulo",
                             "Gentile, ma non sapeva nulla della mia linea"],
    "Offerta inviata": ["Perché costa di più?", "Chiara, ma manca il tempo di consegna", "Non capisco la voce «oneri»"],
    "Richiesta chiarimenti": ["Nessuno sa dirmi i tempi", "Mi hanno passato tre persone", "Ho chiamato due volte"],
    "Macchina consegnata": ["Finalmente, lavora bene", "Il tecnico ha sistemato tutto in un'ora",
                            "Collaudo impeccabile"],
    "Chiamata al numero verde": ["Undici minuti in attesa, poi è caduta la linea", "Dopo l'acquisto spariscono",
                                 "La linea è ferma e nessuno richiama"],
    "Visita articolo": ["Questi ne capiscono", "Guida utile, l'ho salvata"],
    "Modulo preventivo": ["Semplice", "Speriamo rispondano presto"],
    "Recensione": ["Macchina buona, assistenza inesistente", "Ogni ora di fermo mi costa 900 euro e nessuno risponde",
                   "Al numero verde solo musica", "Prima dell'acquisto gentilissimi, dopo non esistono più",
                   "Il tecnico è bravo, ma per averlo ho dovuto chiamare il capo produzione"],
}
FIRST_NAMES = ["Anna", "Luca", "Giulia", "Paolo", "Sara", "Nicolò", "Chiara", "Davide"]
TRADES = ["Salumificio", "Caseificio", "Panificio", "Pastificio", "Confetture", "Torrefazione", "Oleificio",
          "Molino", "Dolciaria", "Gastronomia"]
PLACES = ["San Marco", "Val d'Enza", "del Borgo", "F.lli Conti", "La Fattoria", "Monteverdi", "Rossi & Figli",
          "Pianura", "Città di Parma", "Sant'Andrea", "Bellavista", "Podere Grande", "Tre Valli", "Più Buono"]


def quota(group, share):
    """Exactly that share of the group, at random."""
    group = list(group)
    rng.shuffle(group)
    return set(group[:round(len(group) * share)])


def after(at, activity, factor=1.0):
    median, sigma = WAIT[activity]
    return at + dt.timedelta(hours=factor * median * math.exp(rng.gauss(0, sigma)))


def office(at):
    """The same day, or the next working day, in office hours."""
    while at.weekday() > 4:
        at += dt.timedelta(days=1)
    return at.replace(hour=rng.randrange(8, 18), minute=rng.randrange(60))


events = []  # (customer, at, activity, fields)


def add(customer, at, activity, **fields):
    events.append((customer, at.replace(second=0, microsecond=0), activity, fields))
    return at


def grow(customers):
    """Everybody's way to the offer."""
    for c in customers:
        at = FIRST + (LAST - FIRST) * rng.random()
        start[c] = at
        for extra in range(rng.choice([1, 1, 2, 2, 3])):
            add(c, at, "Ricerca", canale="Web", punto="Risultato di ricerca")
            at += dt.timedelta(hours=rng.random() * 30)
        reached["Ricerca"][c] = at
    here = list(customers)
    for activity, share in GOES_ON.items():
        here = [c for c in here if c in quota_of(here, share)]
        for c in here:
            before = reached[PREVIOUS[activity]][c]
            at = after(before, activity)
            if activity == "Visita articolo":
                for extra in range(rng.choice([0, 0, 1, 1, 2, 3])):
                    add(c, at, activity, canale="Sito", punto="Articolo del blog")
                    at += dt.timedelta(hours=rng.random() * 50)
                add(c, at, activity, canale="Sito", punto="Articolo del blog")
            elif activity == "Modulo preventivo":
                add(c, at, activity, canale="Sito", punto="Modulo preventivo")
            elif activity == "Email automatica":
                add(c, at, activity, canale="Email", punto="Conferma richiesta")
            elif activity == "Chiamata commerciale":
                at = office(at)
                for extra in range(rng.choice([0, 0, 1])):
                    add(c, at, activity, canale="Telefono", punto="Chiamata in uscita", addetto=rng.choice(SALES), reparto="Commerciale")
                    at = office(at + dt.timedelta(days=1))
                add(c, at, activity, canale="Telefono", punto="Chiamata in uscita", addetto=rng.choice(SALES), reparto="Commerciale")
            else:
                at = office(at)
            reached[activity][c] = at
    return here


def quota_of(group, share):
    key = (tuple(group[:3]), len(group), share)
    if key not in quota_cache:
        quota_cache[key] = quota(group, share)
    return quota_cache[key]


quota_cache = {}
PREVIOUS = {"Visita articolo": "Ricerca", "Modulo preventivo": "Visita articolo", "Email automatica": "Modulo preventivo",
            "Chiamata commerciale": "Email automatica", "Offerta inviata": "Chiamata commerciale"}
SALES = ["Bassi Elena", "Morini Andrea", "Testa Irene"]
DESK = ["Gatti Laura", "Neri Ivan", "Sala Pia"]
start = {}
reached = collections.defaultdict(dict)
customers = list(range(1, CUSTOMERS + 1))
resellers = quota(customers, 0.18)
offered = grow(customers)

# Quotes: several a customer, each won or not; won more often after the call-back began.
quotes = []
for c in offered:
    at = reached["Offerta inviata"][c]
    for i in range(rng.choices([1, 2, 3, 4, 5], [15, 25, 30, 20, 10])[0]):
        sent = at + dt.timedelta(minutes=rng.randrange(5, 240)) if i else at
        quotes.append((c, sent, f"OF-{len(quotes) + 1:05d}"))
before = [q for q in quotes if q[1] < CALL_BACK]
since = [q for q in quotes if q[1] >= CALL_BACK and q[1] <= LAST - dt.timedelta(days=45)]
late = [q for q in quotes if q[1] > LAST - dt.timedelta(days=45)]
won = quota(before, 0.24) | quota(since, 0.37) | quota(late, 0.37)
amount = {q[2]: round(rng.lognormvariate(10.4, 0.6), 2) for q in quotes}
for q in quotes:
    add(q[0], q[1], "Offerta inviata", canale="Email", punto="Offerta in PDF", addetto=rng.choice(SALES),
        reparto="Commerciale", offerta=q[2], importo=amount[q[2]])
for c in sorted(quota(offered, 0.09)):
    add(c, office(after(reached["Offerta inviata"][c], "Richiesta chiarimenti")), "Chiamata al titolare", canale="Telefono",
        punto="Cellulare del titolare", addetto="Ferri Giorgio", reparto="Direzione")

ordered = collections.defaultdict(list)
for q in won:
    ordered[q[0]].append(q)
asks = quota([c for c in offered if c in ordered], 0.92) | quota([c for c in offered if c not in ordered], 0.30)
for c in offered:
    at = reached["Offerta inviata"][c] + dt.timedelta(hours=5)
    if c in asks:
        for extra in range(rng.choice([1, 2, 2, 3])):
            at = office(after(at, "Richiesta chiarimenti"))
            add(c, at, "Richiesta chiarimenti", canale="Telefono", punto="Centralino, interno 2", addetto=rng.choice(DESK),
                reparto="Servizio clienti")
    for q in sorted(ordered[c], key=lambda q: q[2]):
        order = office(after(max(at, q[1]), "Ordine confermato"))
        add(c, order, "Ordine confermato", canale="Email", punto="Conferma d'ordine", reparto="Commerciale", offerta=q[2],
            importo=amount[q[2]])
        reached["Ordine confermato"].setdefault(c, order)

buyers = sorted(reached["Ordine confermato"])
for c in buyers:
    at = office(after(reached["Ordine confermato"][c], "Macchina consegnata"))
    reached["Macchina consegnata"][c] = add(c, at, "Macchina consegnata", canale="Di persona", punto="Consegna e collaudo",
                                            addetto="Squadra collaudi", reparto="Logistica")

# Breakdowns: 31 % of the calls go to the production manager, who sends somebody in 40 minutes.
breaks = [c for c in buyers if c in quota_of(buyers, 0.92)]
calls = []
for c in breaks:
    at = reached["Macchina consegnata"][c]
    for n in range(rng.choices([1, 2, 3], [70, 20, 10])[0]):
        at = after(at, "Guasto segnalato") if n == 0 else at + dt.timedelta(days=rng.uniform(15, 60))
        calls.append((c, at, n))
seen_calls = [call for call in calls if call[1] <= LAST - dt.timedelta(days=5)]
short = quota(seen_calls, 0.31)
for call in calls:
    c, at, n = call
    add(c, at, "Guasto segnalato", canale="Web", punto="Segnalazione dalla macchina", reparto="Assistenza")
    reached["Guasto segnalato"].setdefault(c, at)
    if call in short:
        add(c, at + dt.timedelta(minutes=rng.randrange(4, 30)), "Chiamata al capo produzione", canale="Telefono",
            punto="Cellulare del capo produzione", addetto="Ferri Paolo", reparto="Produzione", attesa=0,
            durata=rng.randrange(3, 12))
        done = at + dt.timedelta(minutes=40 * math.exp(rng.gauss(0, 0.4)) + 30)
    else:
        add(c, at + dt.timedelta(minutes=rng.randrange(4, 90)), "Chiamata al numero verde", canale="Telefono",
            punto="Numero verde assistenza", addetto=rng.choice(DESK), reparto="Assistenza",
            attesa=round(11 * math.exp(rng.gauss(0, 0.4))), durata=rng.randrange(2, 15))
        done = at + dt.timedelta(days=3.1 * math.exp(rng.gauss(0, 0.5)))
    add(c, done, "Intervento tecnico", canale="Di persona", punto="Tecnico in sede", addetto="Squadra assistenza", reparto="Assistenza")
reviewers = quota(breaks, 0.37)
for c in sorted(reviewers):
    last = max(at for who, at, _ in calls if who == c)
    add(c, after(last + dt.timedelta(days=4), "Recensione"), "Recensione", canale="Web", punto="Scheda Google")

# Returns of spare parts: 34 % faster since the returns desk; some are carried to the warehouse by resellers.
returning = [c for c in buyers if c in quota_of(buyers + [0], 0.45)]
for c in returning:
    opened = office(reached["Macchina consegnata"][c] + dt.timedelta(days=rng.uniform(3, 80)))
    add(c, opened, "Reso aperto", canale="Email", punto="Richiesta di reso", reparto="Servizio clienti")
    if c in resellers and rng.random() < 0.6:
        add(c, opened + dt.timedelta(hours=rng.uniform(1, 30)), "Reso portato in magazzino", canale="Di persona",
            punto="Banco del magazzino", addetto="Riva Oscar", reparto="Magazzino")
    days = 21 * math.exp(rng.gauss(0, 0.35)) * (0.66 if opened >= RETURNS_DESK else 1)
    add(c, opened + dt.timedelta(days=days), "Reso chiuso", canale="Email", punto="Nota di credito", reparto="Amministrazione")

# Overdue invoices: the courtesy call brings 56 % to pay within 30 days, where it was 38 %.
invoices = [(c, reached["Ordine confermato"][c] + dt.timedelta(days=62)) for c in buyers if c in quota_of(buyers + [-1], 0.6)]
paid = quota([i for i in invoices if i[1] < REMINDERS], 0.38) | quota([i for i in invoices if i[1] >= REMINDERS], 0.56)
for c, at in invoices:
    add(c, office(at), "Fattura scaduta", canale="Email", punto="Sollecito di pagamento", reparto="Amministrazione")
    if (c, at) in paid:
        add(c, office(at + dt.timedelta(days=rng.uniform(2, 29))), "Fattura pagata", canale="Email", punto="Ricevuta", reparto="Amministrazione")

# Nothing after the last day is known yet.
cut = sum(1 for e in events if e[1] > LAST)
events = sorted((e for e in events if e[1] <= LAST), key=lambda e: (e[1], e[0], e[2]))

# Votes, 1 to 5: valence + 3, around what the step is felt like.
for activity, (mean, n) in FEELS.items():
    here = [e for e in events if e[2] == activity]
    for e in sorted(rng.sample(range(len(here)), min(n, len(here)))):
        vote = min(5, max(1, round(3 + mean + rng.gauss(0, 0.75))))
        here[e][3]["voto"] = vote
        lines = SAYS.get(activity)
        if lines and rng.random() < 0.45:
            here[e][3]["testo"] = lines[-1] if vote > 3 else rng.choice(lines[:-1] if activity == "Email automatica" else lines)
for e in events:
    if e[2] == "Recensione":
        e[3]["voto"] = rng.choices([1, 2, 3, 4], [62, 28, 7, 3])[0]
        e[3]["testo"] = rng.choice(SAYS["Recensione"])


def code(c):
    return f"C{c:05d}"


names = {c: f"{rng.choice(TRADES)} {rng.choice(PLACES)}" for c in customers}
people = {c: rng.choice(FIRST_NAMES) for c in customers}
PHONE = {"Chiamata commerciale", "Richiesta chiarimenti", "Chiamata al numero verde", "Chiamata al capo produzione",
         "Chiamata al titolare"}


def euro(value):
    whole, cents = f"{value:.2f}".split(".")
    groups = []
    while len(whole) > 3:
        groups.insert(0, whole[-3:])
        whole = whole[:-3]
    return ".".join([whole, *groups]) + "," + cents


def quoted(text):
    return '"' + text.replace('"', '""') + '"' if any(x in text for x in ';"\n') else text


def crm():
    head = ["Codice cliente", "Ragione sociale", "Tipo cliente", "Data", "Ora", "Attività", "Canale",
            "Punto di contatto", "Addetto", "Reparto", "N. offerta", "Importo", "Voto", "Note"]
    rows = []
    for c, at, activity, f in events:
        if activity in PHONE or activity == "Recensione":
            continue
        note = f.get("testo", "")
        if activity == "Ordine confermato" and c % 9 == 0:
            note = "Consegna concordata:\nscarico dal retro, chiedere di " + people[c]
        rows.append([code(c), names[c], "Rivenditore" if c in resellers else "Cliente finale", f"{at:%d/%m/%Y}", f"{at:%H:%M}", activity,
                     f.get("canale", ""), f.get("punto", ""), f.get("addetto", ""), f.get("reparto", ""), f.get("offerta", ""),
                     euro(f["importo"]) if "importo" in f else "", str(f.get("voto", "")), note])
    # What every real export has: rows that cannot be right.
    blank = [""] * len(head)
    bad = [dict(Data="31/02/2025"), {"Codice cliente": ""}, dict(Data=""), {"Attività": ""}, dict(Data="00/00/0000")]
    for i, wrong in enumerate(bad):
        row = list(rows[400 + 700 * i])
        for name, value in wrong.items():
            row[head.index(name)] = value
        rows.insert(401 + 701 * i, row)
    lines = ["Officine Ferri Srl - Esportazione attività CRM" + ";" * (len(head) - 1),
             f"Dal 01/03/2024 al 31/10/2025" + ";" * (len(head) - 1), ";".join(blank), ";".join(head)]
    lines += [";".join(map(quoted, row)) for row in rows]
    text = "\n".join(lines) + "\n"
    # Rows end in CR LF; a line break inside a note is a bare LF, as the CRM's database holds it.
    out, inside = [], False
    for ch in text:
        if ch == '"':
            inside = not inside
        out.append("\r\n" if ch == "\n" and not inside else ch)
    (HERE / "crm.csv").write_bytes("".join(out).encode("cp1252"))
    return len(rows) - len(bad), len(bad)


def xlsx(path, sheet, rows, date_columns):
    """A minimal workbook, as a switchboard would write it: shared strings, dates as serial numbers."""
    strings, order = {}, []

    def cell(r, c, value):
        ref = f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[c]}{r}"
        if value is None or value == "":
            return ""
        if isinstance(value, dt.datetime):
            serial = (value - dt.datetime(1899, 12, 30)).total_seconds() / 86400
            return f'<c r="{ref}" s="1"><v>{serial:.9f}</v></c>'
        if isinstance(value, (int, float)):
            return f'<c r="{ref}"><v>{value}</v></c>'
        if value not in strings:
            strings[value] = len(order)
            order.append(value)
        return f'<c r="{ref}" t="s"><v>{strings[value]}</v></c>'

    def escape(text):
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    body = "".join(f'<row r="{r}">' + "".join(cell(r, c, v) for c, v in enumerate(row)) + "</row>" for r, row in enumerate(rows, 1))
    ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    pkg = "http://schemas.openxmlformats.org/package/2006"
    xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    ct = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{pkg}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                               f'<Override PartName="/xl/workbook.xml" ContentType="{ct}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{ct}.worksheet+xml"/>'
                               f'<Override PartName="/xl/styles.xml" ContentType="{ct}.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="{ct}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{pkg}/relationships"><Relationship Id="rId1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {ns} xmlns:r="{rel}"><sheets><sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{pkg}/relationships"><Relationship Id="rId1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/>'
                                      f'<Relationship Id="rId2" Type="{rel}/styles" Target="styles.xml"/><Relationship Id="rId3" Type="{rel}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet {ns}><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
                         '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet {ns}><sheetData>{body}</sheetData></worksheet>',
    }
    parts["xl/sharedStrings.xml"] = (f'<sst {ns} count="{len(order)}" uniqueCount="{len(order)}">' +
                                     "".join(f'<si><t xml:space="preserve">{escape(s)}</t></si>' for s in order) + "</sst>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in parts.items():
            z.writestr(zipfile.ZipInfo(name, (2025, 11, 3, 9, 0, 0)), xml + text, zipfile.ZIP_DEFLATED)


def phone():
    rows = [["Centralino Officine Ferri: registro chiamate"], [],
            ["Data e ora", "Codice cliente", "Tipo di chiamata", "Canale", "Punto di contatto", "Operatore", "Reparto", "Attesa (minuti)", "Durata (minuti)",
             "Voto (1-5)", "Commento"]]
    for c, at, activity, f in events:
        if activity in PHONE:
            rows.append([at, code(c), activity, "Telefono", f.get("punto"), f.get("addetto"), f.get("reparto"), f.get("attesa"), f.get("durata"), f.get("voto"),
                         f.get("testo")])
    xlsx(HERE / "telefonate.xlsx", "Telefonate", rows, [0])
    return len(rows) - 3


def reviews():
    n = 0
    with open(HERE / "recensioni.jsonl", "w", encoding="utf-8") as out:
        for c, at, activity, f in events:
            if activity == "Recensione":
                n += 1
                out.write(json.dumps({"data": f"{at:%Y-%m-%dT%H:%M:00}", "cliente": {"codice": code(c)}, "evento": activity,
                                      "canale": f["canale"], "punto_di_contatto": f["punto"], "stelle": f["voto"],
                                      "testo": f["testo"]}, ensure_ascii=False) + "\n")
    return n


stored, rejected = crm()
rows = {"crm.csv": {"stored": stored, "rejected": rejected}, "telefonate.xlsx": {"stored": phone(), "rejected": 0},
        "recensioni.jsonl": {"stored": reviews(), "rejected": 0}}
truth = {
    "rows": rows,
    "customers": len({e[0] for e in events}),
    "last_day": f"{LAST:%Y-%m-%d}",
    "quotes_won": {"since": f"{CALL_BACK:%Y-%m-%d}", "before": 0.24, "after": 0.37,
                   "how": "journeys by «N. offerta»: the share that contains «Ordine confermato», quotes of the last 45 days aside"},
    "returns": {"since": f"{RETURNS_DESK:%Y-%m-%d}", "faster_by": 0.34, "how": "median from «Reso aperto» to «Reso chiuso»"},
    "shortcut": {"share": 0.31, "how": "of the breakdown calls, those to «Chiamata al capo produzione» instead of «Chiamata al numero verde»"},
    "overdue_paid": {"since": f"{REMINDERS:%Y-%m-%d}", "before": 0.38, "after": 0.56, "how": "«Fattura scaduta» followed by «Fattura pagata» within 30 days"},
    "no_effect": {"since": f"{NOTHING:%Y-%m-%d}", "how": "«Nuova firma nelle email»: nothing was changed in the data"},
    "goes_on": GOES_ON,
    "feels": {a: {"mean": m, "n": n} for a, (m, n) in FEELS.items()},
    "cut_off_at_the_end": cut,
}
(HERE / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
if __name__ == "__main__":
    print(json.dumps(rows), truth["customers"], "customers")
