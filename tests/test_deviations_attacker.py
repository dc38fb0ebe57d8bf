"""Whoever keeps every file that was ever sent can neither work out a small figure nor corner it.

Files are read in, and reports made of them, as every quarter does it: each group's and the whole's,
years, roll-ups, and one quarter anew when cases come late. What is attacked is what people have:
each edition's Excel and JSON files, and what its page answers to every choice of words.

1. A twin town, where each small count of the small group is another, and where words that are told
   as a rest have changed places, has the very same files.
2. Somebody who adds up all that the files say finds no small figure, and none with one value left.
"""

import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
from sqlalchemy import select

from config import policy
from config import settings as settings_module
from flows import deviation_report
from models import database
from models.columns import c
from models.database import reading, transaction
from models.deviation import NOT_GIVEN
from models.edition import Edition, ReportKind
from models.group import Group
from reports.approval import approve_by_itself, edited, report
from reports.deviation.compiling import compile_deviations
from reports.deviation.crossed import answer
from reports.deviation.figures import CROSSED
from reports.deviation.words import DIMENSIONS
from reports.editions import Facts, Of, freeze
from reports.files import as_file
from reports.quarter import compile_quarter
from reports.year import compile_year
from rules.deviation_reports import send_day
from rules.periods import Kind, Period, parse
from tests.cast import Town
from tests.databases import put_migrated
from tests.deviation_files import HEADS, row
from tests.sizes import LONG
from tests.solving import FAR, LIMIT, Bounds, Sums, narrow
from tests.test_deviation_report import take

QUARTERS = parse("2025Q1").rolling(13 if LONG else 5)
GROUPS = {"Syn": 3, "Barn": 12, "Äldre": 30, NOT_GIVEN: 2}  # usual cases in a quarter
NAMED = ("Syn", "Barn", "Äldre")
EVERY = "Alla målgrupper"
PROCESSES, CLASSES, GRAVE = ("Egenvård", "Läkemedel", "SIP"), ("Brist", "Fel", "Glömska"), "12"
PLACES = {"process": 5, "classified": 10, "severity": 11}
Rows = list[list[Any]]
Told = list[tuple[str, Any]]  # what an edition is, and what its files say


def cases(quarter: Period) -> Rows:
    """A quarter of the town: some words are rare, and two units meet more than others."""
    chance = Random(str(quarter))
    made: Rows = []
    for group, usual in GROUPS.items():
        number = chance.randrange(1, 5) if usual < LIMIT else usual + chance.randrange(-4, 5)
        for at in range(number):
            met = group == "Äldre" and at < 8
            day = quarter.first + timedelta(days=chance.randrange(88))
            days = chance.randrange(5, 40)
            one = row(
                f"{group}-{quarter}-{at}",
                day.isoformat(),
                "" if group == NOT_GIVEN else group,
                unit=f"Hemtjänst {0 if met else chance.randrange(1, 7)}",
                by=f"Mottagning {0 if met else chance.randrange(1, 7)}",
                process="SIP" if met else chance.choices(PROCESSES, (1, 3, 4))[0],
                status="Avslutad",
                answered=(day + timedelta(days=days)).isoformat(),
                time=str(days),
            )
            kind, grave = chance.choices(CLASSES, (6, 3, 1))[0], chance.choices(GRAVE, (5, 2))[0]
            made.append([*one, kind, grave])
    return made


def of_group(rows: Rows, group: str) -> Rows:
    """The rows of a group."""
    return [one for one in rows if (one[4] or NOT_GIVEN) == group]


def twin(rows: Rows) -> Rows:
    """The same quarter, where every small count is another, and hidden words change places."""
    found = rows
    for group in ("Syn", NOT_GIVEN):
        mine = of_group(rows, group)
        if len(mine) > 1:
            found = [one for one in found if one is not mine[0]]
        else:
            found = [*found, [f"{mine[0][0]}-till", *mine[0][1:]]]
    swaps = {"Barn": "process", "Äldre": "classified"}
    for group, column in swaps.items():
        found = _swapped(found, group, PLACES[column])
    return found


def _swapped(rows: Rows, group: str, place: int) -> Rows:
    """With the rarest word and the rarest other one in each other's places, where both are in the
    rest and one is small.
    """
    number = Counter(one[place] for one in of_group(rows, group))
    ordered = [word for word, _ in reversed(number.most_common())]
    if len(ordered) < 3 or number[ordered[0]] >= LIMIT or number[ordered[0]] == number[ordered[1]]:
        return rows
    swap = {ordered[0]: ordered[1], ordered[1]: ordered[0]}
    return [
        [*one[:place], swap.get(one[place], one[place]), *one[place + 1 :]]
        if one[4] == group
        else one
        for one in rows
    ]


def lived(town: Town, quarters: Sequence[Rows], late: Rows) -> None:
    """Each quarter's file, its reports and roll-up; each year's; and the last quarter once more."""
    with transaction(town.settings) as session:
        area = session.execute(select(c(Group).collaboration_id).limit(1)).scalar_one()
        names = ("Temagrupp syn", "Temagrupp barn", "Temagrupp äldre")
        session.add_all([Group(collaboration_id=area, name=name) for name in names])
    heads = (*HEADS, "Klassificering", "Allvarlighetsgrad")
    for period, rows in zip(QUARTERS, quarters, strict=True):
        day = send_day(policy.load(), period)
        take(town, rows, _morning(day), heads=heads)
        assert deviation_report.make_due(_on(town, day), day)
        _roll_up(town, Of(ReportKind.QUARTER, area, None, str(period)), day)
        if period.number == 4:
            _year(town, area, period.year, day)
    day = send_day(policy.load(), QUARTERS[-1]) + timedelta(days=7)
    take(town, late, heads=heads)  # now: after the reports were made
    assert deviation_report.make_due(_on(town, day), day)


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def _on(town: Town, day: date) -> Any:  # noqa: ANN401 - settings
    return town.settings.model_copy(update={"today": day})


def _roll_up(town: Town, of: Of, day: date) -> None:
    compile_ = compile_year if of.kind is ReportKind.YEAR else compile_quarter
    with transaction(town.settings) as session:
        facts = compile_(session, of, day)
        id_, _ = freeze(session, of, facts, schema_version=4, cut_off=day, by="Frida")
        assert approve_by_itself(session, id_)


def _year(town: Town, area: int, year: int, day: date) -> None:
    """By hand, beside its quarters."""
    with transaction(town.settings) as session:
        groups = select(c(Group).id).where(c(Group).name.startswith("Temagrupp"))
        for group in (None, *session.execute(groups).scalars()):
            of = Of(ReportKind.DEVIATIONS, area, group, str(year))
            facts = compile_deviations(session, of, day)
            id_, _ = freeze(session, of, facts, schema_version=4, cut_off=day, by="Frida")
            assert approve_by_itself(session, id_)
    _roll_up(town, Of(ReportKind.YEAR, area, None, str(year)), day)


def everything_sent(town: Town) -> Told:
    """Each edition's files as its readers open them, and what its page answers to every choice."""
    found: Told = []
    with reading(town.settings) as session:
        for id_ in session.execute(select(c(Edition).id).order_by(c(Edition).id)).scalars():
            edition = edited(session, id_)
            assert edition is not None
            frozen, shown = edition.frozen, report(session, edition)
            name = f"{frozen.of.kind} {frozen.of.period} {shown.subtitle} {frozen.number}"
            facts = json.loads(as_file("json", frozen, shown, None))
            sheets = cells_of(as_file("xlsx", frozen, shown, None))
            asked = answers(facts) if frozen.of.kind is ReportKind.DEVIATIONS else {}
            found.append((name, {"json": facts, "xlsx": sheets, "page": asked}))
    return found


def cells_of(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """The sheets of a workbook by their first cell: all that stands in them."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        str(sheet["A1"].value): [*sheet.iter_rows(values_only=True)] for sheet in book.worksheets
    }


def answers(facts: Facts) -> dict[tuple[str, ...], str]:
    """What the page answers: (target group, period, and a word of each column or none)."""
    found = {}
    for target in facts["targets"]:
        words = [["", *(row_[0] for row_ in target["dimensions"][name])] for name in CROSSED]
        for period, *chosen in product(facts["compared"], *words):
            given = {name: word for name, word in zip(CROSSED, chosen, strict=True) if word}
            found[target["name"], period, *chosen] = answer(facts, target, period, given)
    return found


def late_cases(quarters: Sequence[Rows]) -> Rows:
    """A few of a large group, that come after the report."""
    return [[f"{one[0]}-sent", *one[1:]] for one in of_group(quarters[-1], "Äldre")[::8]]


def test_a_town_where_every_small_figure_is_another_has_the_very_same_files(
    small_town: Town, tmp_path: Path
) -> None:
    quarters = [cases(quarter) for quarter in QUARTERS]
    others = [twin(rows) for rows in quarters]
    for rows, other in zip(quarters, others, strict=True):
        assert len(of_group(rows, "Syn")) != len(of_group(other, "Syn"))
    changed = [rows for rows, other in zip(quarters, others, strict=True) if _words(rows, other)]
    assert changed, "no word of a rest has changed its place"
    home = tmp_path / "twin"
    home.mkdir()
    put_migrated(home)
    told = settings_module.load(home=home, organisation=small_town.settings.organisation)
    late = late_cases(quarters)
    twin_town = Town(told)
    lived(small_town, quarters, late)
    lived(twin_town, others, late)
    known, same = everything_sent(small_town), everything_sent(twin_town)
    database.close(told)
    assert [name for name, _ in same] == [name for name, _ in known]
    for (name, mine), (_, theirs) in zip(known, same, strict=True):
        assert theirs == mine, name
    assert any(each["json"]["targets"][0]["pairs"] for each in _deviations(known)), "no pair"


def _words(rows: Rows, other: Rows) -> bool:
    """Has a word of a large group's list another count?"""
    return any(
        Counter(one[place] for one in of_group(rows, group))
        != Counter(one[place] for one in of_group(other, group))
        for group, place in (("Barn", PLACES["process"]), ("Äldre", PLACES["classified"]))
    )


def _deviations(known: Told) -> Iterator[Any]:
    return (each for name, each in known if "deviations" not in each["json"])


def test_whoever_adds_up_all_files_finds_no_small_figure(small_town: Town) -> None:
    """Excel sheets, the page's answers, roll-ups, years that overlap: as equations."""
    quarters = [cases(quarter) for quarter in QUARTERS]
    lived(small_town, quarters, late_cases(quarters))
    bounds, sums = equations(everything_sent(small_town))
    true = truly(quarters)
    found = narrow(dict(bounds), sums)
    assert found is not None, "what was read contradicts itself"
    small = {key: n for key, n in true.items() if 0 < n < LIMIT and key in bounds}
    hidden = {key: n for key, n in small.items() if bounds[key][0] < bounds[key][1]}
    assert len(hidden) > 30
    for key, number in hidden.items():
        low, high = found[key]
        assert low <= number <= high, key
        assert low < high, f"{key} is {number}"
    assert hidden.keys() == small.keys(), "a small figure stands there as it is"


def test_whoever_adds_up_would_find_one_that_the_sum_of_all_tells(small_town: Town) -> None:
    """Else the test before would say nothing: all groups' sum, exactly."""
    quarters = [cases(quarter) for quarter in QUARTERS]
    lived(small_town, quarters, late_cases(quarters))
    bounds, sums = equations(everything_sent(small_town))
    true = truly(quarters)
    last = str(QUARTERS[-1])
    bounds["n", EVERY, last] = (true_sum := sum(true["n", g, last] for g in NAMED), true_sum)
    found = narrow(bounds, sums)
    assert found is not None
    assert found["n", "Syn", last] == (true["n", "Syn", last],) * 2


def truly(quarters: Sequence[Rows]) -> dict[Any, int]:
    """What the files had: counts of groups, and of their words in each column, by quarter."""
    found: Counter[Any] = Counter()
    for quarter, rows in zip(QUARTERS, quarters, strict=True):
        for one in rows:
            group = one[4] or NOT_GIVEN
            found["n", group, str(quarter)] += 1
            words = [one[place] for place in PLACES.values()]
            for name, word in zip(PLACES, words, strict=True):
                found["word", group, str(quarter), name, word.casefold()] += 1
            found["cell", group, str(quarter), *(word.casefold() for word in words)] += 1
    return dict(found)


def equations(known: Told) -> tuple[Bounds, Sums]:
    """All that was told before cases came late, as whole numbers within bounds that add up.

    A count that is told twice is the same, so its bounds are those that both say.
    """
    bounds: Bounds = {}
    sums: Sums = []
    for name, each in known:
        if name.endswith(" 2"):
            continue  # the last quarter, counted again: other figures with the same names
        if "deviations" in each["json"]:
            _of_roll_up(each, bounds)
            continue
        _of_sheets(each["xlsx"], each["json"], bounds, sums)
        _of_page(each["page"], bounds, sums)
    return bounds, sums


def _know(bounds: Bounds, key: Any, words: Any) -> None:  # noqa: ANN401
    """Between which figures it lies by this cell, and by those that were read before."""
    low, high = 0, FAR
    shown = str(words)
    first, between, last = shown.partition("–")
    if shown.isdecimal():
        low = high = int(shown)
    elif shown.startswith("<"):
        low, high = 1, int(shown[1:]) - 1
    elif between and first and last:
        low, high = int(first), int(last)
    elif shown.startswith("minst "):
        low = int(shown.removeprefix("minst "))
    else:
        assert shown in ("dold", "–", "i resten", "None"), shown
    known = bounds.get(key, (0, FAR))
    bounds[key] = max(known[0], low), min(known[1], high)


def _named(words: str) -> str:
    """ "kv 1 2025" -> "2025Q1"."""
    several = [*QUARTERS, *(parse(str(year)) for year in range(2020, 2026))]
    earlier = QUARTERS[0].rolling(9)
    return next((str(one) for one in (*several, *earlier) if one.name == words), words)


def _of_sheets(
    sheets: dict[str, list[tuple[Any, ...]]], facts: Facts, bounds: Bounds, sums: Sums
) -> None:
    """Counts over time, years, and lists with their rests."""
    for caption, (_, _, head, *rows) in sheets.items():
        group, _, about = caption.partition(": ")
        if about == "avvikelser över tid":
            for name, number, *_ in (line for line in rows if line[1] is not None):
                _over_time(group, str(name), number, bounds, sums)
        for column, (_, told) in DIMENSIONS.items():
            if about == told[:1].lower() + told[1:] and column in PLACES:
                periods = [_named(str(words)) for words in head[1:] if words]
                for at, period in enumerate(periods, start=1):
                    lines = [(line[0], line[at]) for line in rows if line[at] is not None]
                    _list(group, period, column, lines, bounds, sums)
    if facts["targets"][0]["name"] == EVERY:
        for period in facts["periods"]:
            parts = [("n", group, period) for group in NAMED]
            _add(bounds, sums, ("n", EVERY, period), parts)


def _over_time(group: str, name: str, number: Any, bounds: Bounds, sums: Sums) -> None:  # noqa: ANN401
    last = _named(name.removeprefix("Ett år till och med "))
    key = ("n", group, last)
    if name != last and name.startswith("Ett år"):
        key = ("year", group, last)
    period = parse(last)
    _know(bounds, key, number)
    if key[0] == "year" or period.kind is Kind.YEAR:
        end = period if period.kind is Kind.QUARTER else parse(f"{period.year}Q4")
        parts = [("n", group, str(each)) for each in end.rolling(4)]
        _add(bounds, sums, key, parts)


def _list(
    group: str, period: str, column: str, lines: list[tuple[Any, Any]], bounds: Bounds, sums: Sums
) -> None:
    """The words of a list make its sum; those in the rest make the rest."""
    keys, in_rest = [], []
    rest = None
    for word, number in lines:
        if word == "Resten":
            rest = number
            continue
        key = _word(group, period, column, str(word))
        _know(bounds, key, number)
        keys.append(key)
        in_rest += [key] if number == "i resten" else []
        if group == EVERY:
            _add(bounds, sums, key, [_word(each, period, column, str(word)) for each in NAMED])
        else:
            _add(bounds, sums, ("n", group, period), [key, ("slack", *key)])
    if isinstance(rest, int):
        key = ("rest", group, period, column)
        _know(bounds, key, rest)
        # Words that no row has are in the rest too: other ones in each edition.
        _add(bounds, sums, key, [*in_rest, ("others", *key, *in_rest)])
    elif group != EVERY and keys and all(bounds[key][0] == bounds[key][1] for key in keys):
        sums.append((("n", group, period), keys))


def _word(group: str, period: str, column: str, word: str) -> Any:  # noqa: ANN401 - a key
    return ("word", group, period, column, word.casefold())


def _add(bounds: Bounds, sums: Sums, whole: Any, parts: Sequence[Any]) -> None:  # noqa: ANN401
    for key in (whole, *parts):
        bounds.setdefault(key, (0, FAR))
    sums.append((whole, parts))


def _of_page(asked: dict[tuple[str, ...], str], bounds: Bounds, sums: Sums) -> None:
    """Each answer is the sum of the cells that it asks for."""
    words = {
        (group, period): [
            sorted({key[2 + at].casefold() for key in asked if key[:2] == (group, period)} - {""})
            for at in range(len(CROSSED))
        ]
        for group, period in {key[:2] for key in asked}
    }
    for (group, period), known in words.items():
        for cell in product(*known):
            key = ("cell", group, period, *cell)
            if group == EVERY:
                _add(bounds, sums, key, [("cell", each, period, *cell) for each in NAMED])
            for at, name in enumerate(CROSSED):
                word = _word(group, period, name, cell[at])
                _add(bounds, sums, word, [key, ("slack", word, key)])
    for (group, period, *chosen), shown in asked.items():
        if not shown.isdecimal() or sum(map(bool, chosen)) < 2:
            continue
        question = ("asked", group, period, *(word.casefold() for word in chosen))
        _know(bounds, question, shown)
        picked = [
            [word.casefold()] if word else words[group, period][at]
            for at, word in enumerate(chosen)
        ]
        # Words that no table has may be among those that were not asked about.
        cells = [("cell", group, period, *each) for each in product(*picked)]
        _add(bounds, sums, question, [*cells, ("others", question)])


def _of_roll_up(each: Any, bounds: Bounds) -> None:  # noqa: ANN401
    """What a roll-up tells of the deviations, from its workbook."""
    rows = each["xlsx"].get("Avvikelser i samverkan", ())[3:]
    period = parse(each["json"]["period"]["name"])
    columns = dict.fromkeys((period, period.previous, period.a_year_before))
    for group, *numbers in (line for line in rows if line[1] is not None):
        for at, number in zip(columns, numbers, strict=False):
            name = EVERY if group == "Alla grupper" else str(group)
            _know(bounds, ("n", name, str(at)), number)
