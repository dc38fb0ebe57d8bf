"""Every number in a deviation report's sentences is that of its table, and of the cases.

Drawn worlds (`test_deviations_twins.py`), every report of three years: each group's, the whole's,
the year's. A sentence is read as its reader reads it, and so is the table below it.
"""

import re
from collections.abc import Iterator
from datetime import date

from models.edition import EditionState, ReportKind
from reports.blocks import Paragraph, Report, Table, Tone
from reports.deviation.words import deviation_report
from reports.editions import Facts, Frozen, Of, canonical, fingerprint
from rules.periods import Kind, parse
from tests.recount.page import number
from tests.test_deviations_twins import counted, everything_told, world

_FIGURE = r"([A-Za-zåäöÅÄÖ]+|\d+)"
_BEFORE = r"(?:kvartalet|tertialen|halvåret|året) före"


def report_of(facts: Facts) -> Report:
    """A report as it is shown."""
    of = Of(ReportKind.DEVIATIONS, 1, None, facts["period"])
    words = fingerprint(canonical(facts))
    cut_off = date.fromisoformat(facts["until"])
    return deviation_report(
        Frozen(1, of, 1, cut_off, EditionState.COMPILED, facts["schema"], words, facts), {}
    )


def shown_in(words: str) -> str:
    """What a sentence says of a number, as its table writes it: "mellan 3 och 12" -> "3–12"."""
    if between := re.search(r"mellan (\d+) och (\d+)", words, re.IGNORECASE):
        return f"{between[1]}–{between[2]}"
    if fewer := re.search(r"färre än (\d+)", words, re.IGNORECASE):
        return f"<{fewer[1]}"
    if re.search(r"\binga\b", words, re.IGNORECASE):
        return "0"
    if came := re.match(rf"{_FIGURE} avvikelser? ", words):
        return str(number(came[1]))
    told = re.search(r"(\d+)$", words)
    return told[1] if told else ""


def over_time(report: Report, name: str) -> dict[str, str]:
    """The table of periods and years of a target group."""
    (table,) = [t for t in report.tables() if t.caption == f"{name}: avvikelser över tid"]
    return {row[0]: row[1] for row in table.rows}


def disagreements(facts: Facts) -> Iterator[str]:
    """Every sentence that says another number than its table."""
    report = report_of(facts)
    said = [b.text for b in report.blocks if isinstance(b, Paragraph) and b.tone is Tone.LEAD]
    now, *earlier = (parse(words) for words in facts["compared"])
    for target, words in zip(facts["targets"], said, strict=True):
        table = over_time(report, target["name"])
        came, *rest = re.split(r"(?<=\.) ", words)
        pairs = [(now.name, came)]
        for sentence in rest:
            if year := re.match(r"Under ett helt år, till och med (.+), var de (.+)\.$", sentence):
                pairs.append((f"Ett år till och med {year[1]}", year[2]))
            if same := re.search(r"samma tid året före (var det .*?)(?= och kv|\.$)", sentence):
                pairs.append((now.a_year_before.name, same[1]))
            if before := re.match(rf"{_BEFORE} (var det .+?)(?= och samma|\.$)", sentence, re.I):
                pairs.append((earlier[0].name, before[1]))
        for row, sentence in pairs:
            if shown_in(sentence) != table[row]:
                yield f"{target['name']}, {row}: {sentence!r} beside {table[row]!r}"
    yield from _lists(facts, report)


def _lists(facts: Facts, report: Report) -> Iterator[str]:
    """A list with its rest adds up to the number of its period, or says that it is older."""
    for target in facts["targets"]:
        for table in _tables_of(report, target["name"]):
            for at, period in enumerate(facts["compared"], start=1):
                cells = [row[at] for row in table.rows]
                told = [int(cell) for cell in cells if cell.isdecimal()]
                total = target["total"][period]
                hidden = any(not (c.isdecimal() or c == "i resten") for c in cells)
                if hidden or not total.isdecimal():
                    continue
                if sum(told) != int(total) and "visades först" not in table.note:
                    yield f"{table.caption}, {period}: {sum(told)} in the list, {total} in all"


def _tables_of(report: Report, name: str) -> list[Table]:
    return [t for t in report.tables() if t.caption.startswith(f"{name}: avvikelser efter")]


def test_every_sentence_says_the_number_of_its_table() -> None:
    """Also where cases came late, so that each quarter is told twice."""
    cases = world(5)
    late = [(*c[:2], "SIP", *c[3:]) for c in cases if c[1] == "Äldre"][::17]
    told = 0
    for facts in everything_told([cases, [*cases, *late]]):
        assert list(disagreements(facts)) == []
        told += len(facts["targets"])
    assert told > 100


def test_the_number_of_a_sentence_is_that_of_the_cases() -> None:
    """Where it is told as it is; else it lies between what is told."""
    cases = world(5)
    for facts in everything_told([cases]):
        period = parse(facts["period"])
        if len(facts["targets"]) > 1 or period.kind is Kind.YEAR:
            continue
        (target,) = facts["targets"]
        true = sum(counted(cases, period, target["name"], 1).values())
        words = report_of(facts)
        (said,) = [b.text for b in words.blocks if isinstance(b, Paragraph) and b.tone is Tone.LEAD]
        shown = shown_in(said.partition(". ")[0])
        if shown.isdecimal():
            assert int(shown) == true
        else:
            assert shown.startswith("<")
            assert 0 < true < int(shown[1:])


def test_a_sentence_is_read_as_its_table_writes() -> None:
    assert shown_in("Tolv avvikelser i alla målgrupper registrerades under 2025.") == "12"
    assert shown_in("Inga avvikelser i målgruppen Äldre registrerades under 2025.") == "0"
    assert shown_in("samma tid året före var det färre än 5") == "<5"
    assert shown_in("mellan 3 och 12") == "3–12"
