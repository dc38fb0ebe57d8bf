"""A quarter's figures for every group, against the bare GROUP BY statements; and imports.

    python -m bench.deviations [--cases 1000000] [--rows 100000] [--databases sqlite,postgres]

The bare statements are the same questions with literal values, asked through the driver alone and
fetched. Ours ask them through SQLAlchemy, put months together to periods, and hide small numbers.
Both are measured in turn on the same cases, ten years of them. An import is timed from a file's
bytes to its cases on file, CSV and Excel, into an empty database and beside those cases.
"""

import argparse
import csv
import io
import os
import random
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median
from time import perf_counter

import openpyxl

import models.tables  # noqa: F401 - every table, so that foreign keys find theirs
from bench.grounds import GROUNDS, Ground, machine
from config import clock
from intake.deviation.shapes import Source
from intake.deviations import look, read_deviations, take_in
from models.database import engine_for, reading, transaction
from models.deviation import KEPT
from reports.deviation.counting import count, statements
from reports.deviation.published import publish
from rules.periods import parse

GROUPS = ("Barn och unga", "Psykisk ohälsa", "Äldre", "")
PROCESSES = ("Egenvård", "In- och utskrivning", "Information", "Läkemedel", "SIP", "Övrigt")
CLASSES = tuple(f"Klass {n}" for n in range(24))
SEVERITIES = ("Mindre", "Måttlig", "Betydande", "Katastrofal")
STATUSES = ("Avslutad", "Avslutad", "Avslutad", "Besvarad", "Under utredning", "Makulerad")
TODAY = date(2026, 1, 20)
QUARTER = parse("2025Q4")
_HEADINGS = (
    "Ärendenummer|Registreringsdatum|Händelsedatum|Rapporterande organisation|Rapporterande enhet"
    "|Utreds av|Utredande enhet|Närområde|Målgrupp|Process|Klassificering|Händelsebeskrivning"
    "|Allvarlighetsgrad|Status|Svarsdatum|Handläggningstid (dagar)|Åtgärd"
)
_DAYS = (1, 2, 14)  # columns of an export that are days
_FAR = 500_000_000  # keys that no sequence reaches here
_OURS = 1  # the collaboration
COLUMNS = ("id", "collaboration_id", "series", "number", "first_import_id", "import_id", *KEPT)


def cases(number: int) -> Iterator[tuple[object, ...]]:
    """Made-up cases of ten years, in the order they were registered."""
    chance = random.Random(7)
    for at in range(number):
        day = date(2016, 1, 1) + timedelta(days=at * 3652 // number)
        status = chance.choice(STATUSES)
        old = (TODAY - day).days > 400
        waits = status == "Under utredning" and not old
        days = chance.randrange(1, 1200)
        unit = chance.randrange(40)
        found_by = "kommunen" if unit % 2 else "regionen"
        values = {
            "registered_on": day.isoformat(),
            "month": day.year * 12 + day.month - 1,
            "happened_on": None,
            "changed_at": None,
            "answered_on": None,
            "reporting_org": "Alms kommun",
            "reporting_unit": f"Enhet {unit}",
            "investigating_org": "Björks sjukhus",
            "investigating_unit": f"Mottagning {chance.randrange(40)}",
            "found_by": found_by,
            "area": chance.choice(("Alm", "Björk")),
            "target_group": chance.choice(GROUPS),
            "process": chance.choice(PROCESSES),
            "classified": chance.choice(CLASSES),
            "severity": chance.choice(SEVERITIES),
            "status": status,
            "handling": None if waits else days * 10,
            "answer_days": None if waits else days // 10,
            "voided": status == "Makulerad",
            "waits": waits,
        }
        yield _FAR + at, _OURS, "", f"A-{at:07d}", _FAR, _FAR, *(values[name] for name in KEPT)


def an_import() -> tuple[tuple[str, ...], tuple[object, ...]]:
    """The one file that all cases came from."""
    row = {
        **{
            "id": _FAR,
            "collaboration_id": _OURS,
            "state": "inläst",
            "file": "bench.csv",
            "sha256": "0" * 64,
            "source": "",
        },
        **{"reading": "", "at": "2026-01-01 00:00:00", "by": "bench", "headings": "[]"},
        **dict.fromkeys(("rows", "cases", "new", "updated", "unchanged", "totals", "hidden"), 0),
        **{"refused": "[]", "personnummer_rows": "[]", "undone_by": ""},
    }
    return tuple(row), tuple(row.values())


def export(rows: int, series: str = "B") -> bytes:
    """A file as the deviation system writes it, with free text in every row."""
    chance = random.Random(9)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEADINGS.split("|"))
    for at in range(rows):
        day = date(2021, 1, 1) + timedelta(days=chance.randrange(1800))
        writer.writerow(
            (
                *(f"{series}-{at:06d}", day, day, "Alms kommun", f"Enhet {chance.randrange(40)}"),
                *("Björks sjukhus", f"Mottagning {chance.randrange(40)}", "Alm"),
                *(chance.choice(GROUPS), chance.choice(PROCESSES), chance.choice(CLASSES)),
                "En beskrivning av det som hände, som ingen ska spara; " * 3,
                *(chance.choice(SEVERITIES), chance.choice(STATUSES), day + timedelta(days=20)),
                *(f"{chance.randrange(900)},5", "Tas upp på nästa möte"),
            )
        )
    return out.getvalue().encode("utf-8-sig")


def as_excel(data: bytes) -> bytes:
    """The same as a workbook, with real dates."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Avvikelser")
    heads, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    sheet.append(heads)
    for row in rows:
        sheet.append([date.fromisoformat(w) if at in _DAYS else w for at, w in enumerate(row)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def figures(ground: Ground, rounds: int) -> str:
    """A row of the first table."""
    dialect = engine_for(ground.settings).dialect
    asked = [
        str(one.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        for one in statements(_OURS, QUARTER, TODAY, 60)
    ]
    bare: list[float] = []
    ours: list[float] = []
    for at in range(rounds + 1):
        began = perf_counter()
        for sql in asked:
            ground.ask(sql)
        middle = perf_counter()
        with reading(ground.settings) as session:
            publish(count(session, _OURS, QUARTER, today=TODAY, answer_days=60), 5)
        if at:  # the first of each warms up
            bare.append(middle - began)
            ours.append(perf_counter() - middle)
    ratio = median(ours) / median(bare)
    return (
        f"| {ground.name} | {median(bare) * 1000:.0f} ms | {median(ours) * 1000:.0f} ms "
        f"| **{ratio:.2f}** |"
    )


def imported(ground: Ground, name: str, data: bytes) -> str:
    """Take a file in; the seconds of reading it, and of all."""
    began, used = perf_counter(), _used()
    read = read_deviations(name, data, Source(), key="bench")
    middle = perf_counter()
    with transaction(ground.settings) as session:
        waiting = look(session, _OURS, read, Source(), "bench", clock.now())
        take_in(session, waiting, clock.now())
    return f"{middle - began:.1f}, **{perf_counter() - began:.1f}** s ({_used() - used:.1f})"


def _used() -> float:
    """Seconds of processor time, also of the child that reads Excel; not of a database server."""
    return sum(os.times()[:4])


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--databases", default="sqlite,postgres")
    given = parser.parse_args()
    print(machine())
    files = [(f"{sign}.csv", export(given.rows, sign)) for sign in "BD"]
    files += [(f"{sign}.xlsx", as_excel(export(given.rows, sign))) for sign in "CE"]
    columns, row = an_import()
    told, taken = [], []
    for name in given.databases.split(","):
        with GROUNDS[name]() as ground:
            (csv_, other_csv), (excel, other_excel) = files[:2], files[2:]
            ground.load("collaboration", ("id", "name"), [(_OURS, "Bench")])
            empty = [imported(ground, *one) for one in (csv_, excel)]
            ground.load("deviation_import", columns, [row])
            ground.load("deviation_case", COLUMNS, cases(given.cases))
            ground.settle()
            told.append(figures(ground, given.rounds))
            beside = [imported(ground, *one) for one in (other_csv, other_excel)]
            taken.append(" | ".join((f"| {ground.name}", *empty, *beside)) + " |")
    print(f"A quarter of {given.cases:,} cases (load {os.getloadavg()[0]:.1f}):\n")
    print("| database | bare | figures | ratio |\n| --- | --- | --- | --- |", *told, sep="\n")
    print(f"\nA file of {given.rows:,} rows: read, all, and processor time.\n")
    print("| database | CSV, empty | Excel, empty | CSV, beside | Excel, beside |")
    print("| --- | --- | --- | --- | --- |", *taken, sep="\n")


if __name__ == "__main__":
    main()
