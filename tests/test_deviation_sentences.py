"""Every number in a deviation report's sentences is that of its table, and of the cases.

Drawn worlds (`test_deviations_twins.py`), every report of three years: each group's, the whole's,
the year's. A sentence is read as its reader reads it, and so is the table below it.
"""

import re
from collections.abc import Iterator
from datetime import date
from statistics import median

from models.edition import EditionState, ReportKind
from reports.blocks import Paragraph, Picture, Report, Table, Tone
from reports.deviation.facts import EVERY_TARGET
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
    for target in facts["targets"]:
        yield from _chart(report, target["name"], over_time(report, target["name"]), now.name)
        yield from _pair(report, target["name"])


_READ = r"färre än \d+|\d+–\d+|\d+(?:,\d+)?"


def _chart(report: Report, name: str, table: dict[str, str], now: str) -> Iterator[str]:
    """What is said of a chart is what its points are, and the year is that of the table."""
    pictures = [b for b in report.blocks if isinstance(b, Picture)]
    for one in [b for b in pictures if b.caption.startswith(f"{name}: avvikelser per")]:
        assert one.table is not None
        points = [row[1] for row in one.table.rows]
        known = sorted(int(point) for point in points if point.isdecimal())
        small = [point for point in points if point.startswith("<")]
        said = {
            word: _written(match[1])
            for word in ("lägst", "högst", "vanligen är de omkring")
            if (match := re.search(rf"{word} ({_READ})", one.alt, re.IGNORECASE))
        }
        least = [str(known[0])] if known and (known[0] == 0 or not small) else small
        most = [str(known[-1])] if known and (known[-1] or not small) else small
        told = {
            "lägst": least[0] if least else "",
            "högst": most[0] if most else "",
        }
        if "vanligen är de omkring" in said and len(known) == len(points):
            told["vanligen är de omkring"] = f"{median(known):g}".replace(".", ",")
        for word, number_ in said.items():
            if word in told and told[word] != number_:
                yield f"{one.caption}: {word} {number_} beside {told[word]}"
        year = re.search(rf"Det senaste året registrerades ({_READ}) avv", one.alt)
        row = f"Ett år till och med {now}"
        if year and row in table and table[row] != year[1]:
            yield f"{one.caption}: {year[1]} in the last year beside {table[row]}"


def _written(words: str) -> str:
    return f"<{words.removeprefix('färre än ')}" if words.startswith("färre") else words


def _pair(report: Report, name: str) -> Iterator[str]:
    """The pair that a sentence names is the first of its table, with the same number."""
    tables = [t for t in report.tables() if t.caption == f"{name}: enheter som återkommer"]
    said = [b.text for b in report.blocks if isinstance(b, Paragraph) and b.tone is Tone.LEAD]
    about = "i alla målgrupper" if name == EVERY_TARGET else f"i målgruppen {name} "
    for words in (words for words in said if about in words):
        named = re.search(r"återkommer: (.+) och (.+) i processen (.+), (minst \d+) avv", words)
        if bool(named) != bool(tables):
            yield f"{name}: a pair in the sentence or in the table alone"
        elif named and named.groups() != tables[0].rows[0][:4]:
            yield f"{name}: {named.groups()} beside {tables[0].rows[0]}"


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


def test_what_is_said_of_a_level_is_the_number_of_its_cases() -> None:
    """Twice as many in the last year: both sums are those of the cases, between what is told."""
    cases = world(5)
    cases += [c for c in cases if c[1] in ("Äldre", "Vuxna") and c[0].year == 2025]
    told = 0
    for facts in everything_told([cases]):
        assert list(disagreements(facts)) == []
        for target in facts["targets"]:
            found = target["chart"]["level"]
            if found and target["name"] != EVERY_TARGET:
                last = parse(facts["period"])
                last = last if last.kind is Kind.QUARTER else parse(f"{last.year}Q4")
                periods = last.rolling(4 + found["periods"])
                for shown, some in ((found["now"], periods[-4:]), (found["before"], periods[:-4])):
                    true = sum(
                        sum(counted(cases, each, target["name"], 1).values()) for each in some
                    )
                    low, _, high = shown.partition("–")
                    assert int(low) <= true <= int(high or low)
                told += 1
    assert told


def test_a_chart_that_says_another_number_would_be_seen() -> None:
    cases = world(5)
    facts = next(f for f in everything_told([cases]) if f["targets"][0]["name"] == "Äldre")
    facts["targets"][0]["chart"]["lowest"] = "4711"
    assert any("lägst 4711" in words for words in disagreements(facts))


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
