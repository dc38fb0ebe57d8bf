"""A reader may ask for group, process, class, severity and period together; no small one is told.

The attacker has every answer that can be asked for, and every table of the report, and looks for
another set of cases that agrees with them all. A small figure is told when there is none.
"""

import itertools
import re
from collections import Counter
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.deviation.crossed import answer, frozen
from reports.editions import Facts
from rules.crossed_numbers import Crossed, cross
from rules.small_numbers import listed
from tests.cast import Town
from tests.deviation_files import HEADS, row
from tests.solving import FAR, LIMIT, Bounds, Sums, solvable
from tests.test_deviation_report import DUE, browser, groups, path_of, runs, take

COLUMNS = ("process", "classified", "severity")
WORDS = (("SIP", "Egenvård", "Läkemedel"), ("Brist", "Glömska"), ("Liten", "Stor"))
EVERY: list[tuple[str, ...]] = list(itertools.product(*WORDS))
QUESTIONS: list[tuple[str, ...]] = list(itertools.product(*(("", *words) for words in WORDS)))
Question = tuple[str, ...]
Cells = dict[Question, int]

TABLES = st.lists(
    st.one_of(st.integers(0, 3), st.integers(0, 30)), min_size=len(EVERY), max_size=len(EVERY)
).map(lambda numbers: dict(zip(EVERY, numbers, strict=True)))


def matches(question: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Is a case with these words one of those asked for?"""
    return all(asked in ("", word) for asked, word in zip(question, words, strict=True))


def true(cells: Cells, question: tuple[str, ...]) -> int:
    """How many there are."""
    return sum(number for words, number in cells.items() if matches(question, words))


def as_facts(cells: Cells, before: Crossed | None = None) -> tuple[Facts, Crossed | None]:
    """A report of one group, as its edition keeps it."""
    whole = sum(cells.values())
    told = [
        listed({w: sum(n for k, n in cells.items() if k[at] == w) for w in words}, LIMIT)
        for at, words in enumerate(WORDS)
    ]
    hidden = [
        {word for word in words if told[at].word(word).value is None}
        for at, words in enumerate(WORDS)
    ]
    table = cross(cells, hidden, LIMIT, before) if not 0 < whole < LIMIT else None
    target = {
        "total": {"2025Q1": f"<{LIMIT}" if 0 < whole < LIMIT else str(whole)},
        "dimensions": {
            name: [
                [word, "dold" if (n := told[at].word(word).value) is None else str(n)]
                for word in WORDS[at]
            ]
            for at, name in enumerate(COLUMNS)
        },
        "crossed": {"2025Q1": frozen(table)} if table else {},
    }
    return {"compared": ["2025Q1"], "targets": [target]}, table


def asked(facts: Facts, question: tuple[str, ...]) -> str:
    """What the page answers."""
    chosen = {name: word for name, word in zip(COLUMNS, question, strict=True) if word}
    return answer(facts, facts["targets"][0], "2025Q1", chosen)


def seen(words: str) -> tuple[int, int]:
    """Between which figures an answer lies."""
    if words.isdecimal():
        return int(words), int(words)
    return (1, LIMIT - 1) if words[0] == "<" else (0, FAR)


def answers(facts: Facts) -> dict[Question, str]:
    """Every answer that the page can give."""
    return {question: asked(facts, question) for question in QUESTIONS}


def told(cells: Cells, shown: Mapping[Question, str]) -> list[Question]:
    """The questions with a small answer that an attacker can work out from all answers."""
    most = seen(shown["", "", ""])[1]
    bounds: Bounds = {("cell", words): (0, most) for words in EVERY}
    sums: Sums = []
    for question, words in shown.items():
        bounds[question] = seen(words)
        if words != "dold":
            sums.append((question, [("cell", e) for e in EVERY if matches(question, e)]))
    return [
        question
        for question in QUESTIONS
        if 0 < (number := true(cells, question)) < LIMIT
        and not any(
            solvable({**bounds, "asked": (other, other)}, [*sums, ("asked", of(question))])
            for other in range(LIMIT + 1)
            if other != number
        )
    ]


def of(question: Question) -> list[Any]:
    """The cells that are asked for."""
    return [("cell", each) for each in EVERY if matches(question, each)]


@settings(max_examples=25, deadline=None)
@given(TABLES)
def test_no_small_figure_can_be_worked_out_by_asking_for_everything(cells: Cells) -> None:
    facts, table = as_facts(cells)
    shown = answers(facts)
    assert told(cells, shown) == []
    for question, words in shown.items():
        assert not words.isdecimal() or int(words) == true(cells, question)
        assert not words.isdecimal() or not 0 < int(words) < LIMIT
    assert table is None or all(number >= LIMIT for number in table.cells.values())


def test_the_attacker_does_tell_where_only_the_small_answer_is_hidden() -> None:
    """Without it the other tests would say nothing."""
    cells: Cells = dict.fromkeys(EVERY, 20)
    cells["SIP", "Brist", "Liten"] = 3
    naive = {question: str(true(cells, question)) for question in QUESTIONS}
    naive["SIP", "Brist", "Liten"] = "<5"
    assert told(cells, naive) == [("SIP", "Brist", "Liten")]
    assert told(cells, answers(as_facts(cells)[0])) == []


@settings(max_examples=60, deadline=None)
@given(TABLES, TABLES)
def test_what_was_told_is_never_told_again_with_a_little_more(cells: Cells, more: Cells) -> None:
    """A correction: some cases were added, a few of each kind."""
    _, before = as_facts(cells)
    later = {words: number + more[words] % 4 for words, number in cells.items()}
    _, table = as_facts(later, before)
    if before is None or table is None:
        return
    for question in QUESTIONS:
        one, other = before.ask(question), table.ask(question)
        if one is not None and other is not None:
            assert not 0 < abs(one - other) < LIMIT
    assert as_facts(cells, before)[1] == before


@pytest.mark.parametrize("hidden", [{"SIP", "Egenvård"}, {"Läkemedel"}])
def test_a_word_that_its_own_table_hides_is_never_told_with_others(hidden: set[str]) -> None:
    """Else the answers with it could be added up to what is hidden, and what hid behind it."""
    cells: Cells = {words: 50 + at for at, words in enumerate(EVERY)}
    table = cross(cells, [hidden, set(), set()], LIMIT)
    assert table is not None
    for question in QUESTIONS:
        if question[0] in hidden:
            assert table.ask(question) is None


def test_a_table_that_is_large_enough_is_told_whole() -> None:
    cells: Cells = {words: 5 + at for at, words in enumerate(EVERY)}
    facts, _ = as_facts(cells)
    assert answers(facts) == {question: str(true(cells, question)) for question in QUESTIONS}


HERE = (*HEADS, "Klassificering", "Allvarlighetsgrad")


def quarter() -> list[list[Any]]:
    """Alice's group has had many cases of few kinds; one kind is rare."""
    rows = []
    kinds = Counter({("SIP", "Brist", "Liten"): 9, ("SIP", "Brist", "Stor"): 8})
    kinds.update({("Egenvård", "Brist", "Liten"): 11, ("Egenvård", "Glömska", "Stor"): 7})
    kinds.update({("Läkemedel", "Glömska", "Stor"): 6, ("Egenvård", "Brist", "Stor"): 6})
    kinds.update({("SIP", "Glömska", "Stor"): 2})
    for at, (process, kind, severity) in enumerate(kinds.elements()):
        one = row(f"A-{at}", f"2025-02-{1 + at % 28:02}", process=process)
        rows.append([*one, kind, severity])
    return rows


def figures(page: str) -> dict[str, list[str]]:
    """The table that was asked for: the words of a row, and its figures."""
    section = page.split('id="urval"')[1].split("</section>", maxsplit=1)[0]
    found = {}
    for line in re.findall(r"<tr><th scope=.row.>(.*?)</tr>", section, re.DOTALL):
        words, *numbers = [unescape(w) for w in re.findall(r"([^<>]+)</t[hd]>", line)]
        found[words] = numbers
    return found


def test_the_page_answers_what_is_asked_for_and_its_address_says_it(small_town: Town) -> None:
    groups(small_town)
    take(small_town, quarter(), heads=HERE)
    runs(small_town, DUE)
    reader, path = browser(small_town), path_of(small_town, "Alice")
    page = reader.get(f"{path}?process=Egenv%C3%A5rd&allvar=Liten&period=2025Q1").text
    assert figures(page) == {"Alla": ["11"]}
    assert '<option value="Liten" selected>' in page
    both = reader.get(f"{path}?process=Egenv%C3%A5rd&visa=severity").text
    assert {words: shown[0] for words, shown in figures(both).items()} == {
        "Stor": "13",
        "Liten": "11",
        "Alla": "24",
    }
    none = reader.get(f"{path}?process=Nix&visa=nix&period=2031Q1&grupp=Nix").text
    assert 'id="urval"' not in none


def test_going_through_all_filters_of_the_page_tells_nothing_small(small_town: Town) -> None:
    groups(small_town)
    take(small_town, quarter(), heads=HERE)
    runs(small_town, DUE)
    reader, path = browser(small_town), path_of(small_town, "Alice")
    cells: Cells = dict.fromkeys(EVERY, 0)
    for one in quarter():
        cells[one[5], one[10], one[11]] += 1
    shown = {}
    for question in QUESTIONS:
        process, kind, severity = question
        page = reader.get(
            path,
            params={"process": process, "klass": kind, "allvar": severity, "period": "2025Q1"},
        )
        shown[question] = figures(page.text)["Alla"][0]
    assert told(cells, shown) == []
    assert shown["", "", ""] == "49"
    assert shown["SIP", "Glömska", ""] == "dold"
    assert shown["Egenvård", "Glömska", "Stor"] == "7"
    assert sum(1 for words in shown.values() if words.isdecimal()) == 20
