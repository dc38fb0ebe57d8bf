"""No row of a table is lost in silence: it is an activity, around them, or left out and told."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from intake.documents import Refusal, Table, read_content
from intake.drafts import PlanDraft
from intake.plans import plan_in, read_plan
from tests.corpus.draw import FILES, HERE
from tests.corpus.draw import sheet as drawing
from tests.corpus.unseen import draw as unseen
from tests.plans_by_hand import sheet, word

_CELL = st.sampled_from([
    *("", "-", "Kurs i SIP", "Alice", "NOSAM Alm", "2026-05-31", "maj", "v. 40", "Pågår", "Klar"),
    *("Mål 1: Trygghet", "Summa", "12 000", "Löpande", "Aktivitet", "Ansvarig", "Klart", "2026"),
    *("Ta fram rutin. Ansvarig: MAS. Klart: 2026-09-30", "Antal platser ses över", "Risk", "Post"),
    *("Fastställd: 2026-01-15", "* En fotnot", "Aktiviteter 2027", "Grön = Klar", "dito", "x"),
])  # fmt: skip
_ROWS = st.lists(st.lists(_CELL, min_size=4, max_size=4), max_size=14)


def rows_of(data: bytes, name: str) -> int:
    tables = [block for block in read_content(name, data).blocks if isinstance(block, Table)]
    return sum(len(table.rows) for table in tables)


def accounted(draft: PlanDraft) -> None:
    told = draft.rows
    assert told.left_out >= 0
    assert told.taken <= told.seen
    if told.left_out:
        assert draft.skipped
    assert all(one.reason and one.words for one in draft.skipped)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_ROWS)
@example([["", "", "", "Ta fram rutin. Ansvarig: MAS. Klart: 2026-09-30"]])
def test_every_row_of_any_table_is_counted_once(rows: list[list[str]]) -> None:
    heads = ["Aktivitet", "Ansvarig", "Klart senast", "Uppföljning"]
    whole = [["Handlingsplan 2026", "", "", ""], heads, ["Kurs", "Alice", "maj", "Antal"], *rows]
    data = "\n".join(";".join(cells) for cells in whole).encode()
    draft = plan_in("plan 2026.csv", data)
    accounted(draft)
    assert draft.rows.seen == rows_of(data, "plan.csv")
    words = {words for cells in rows for words in cells if words.startswith(("Kurs", "Ta fram"))}
    told = " ".join([*(one.what for one in draft.activities), *(s.words for s in draft.skipped)])
    told += " ".join([*(goal.text for goal in draft.goals), *(one.how for one in draft.activities)])
    told += " ".join(" ".join(one.responsible) + one.follow_up for one in draft.activities)
    told += " ".join(f"{one.deadline.text} {one.start.text}" for one in draft.activities)
    assert all(said.split(".")[0] in told for said in words)


_PLANS = [
    *(HERE / name for name in FILES),
    *(unseen.HERE / name for name, (_, right, _) in unseen.FILES.items() if "people" not in right),
]


@pytest.mark.parametrize(
    "path", [path for path in _PLANS if path.suffix != ".pdf"], ids=lambda path: path.name
)
def test_the_rows_of_the_corpus_are_accounted_for(path: Path) -> None:
    name, data = path.name, path.read_bytes()
    draft = plan_in(name, data)
    accounted(draft)
    if draft.rows.seen and all(one.source.table for one in draft.activities):
        assert draft.rows.seen == rows_of(data, name)


def test_a_file_with_hundreds_of_rows_is_asked_whether_it_is_a_plan() -> None:
    rows = "\n".join(f"Pass {n};Alice;2026-05-31" for n in range(200))
    draft = plan_in("schema 2026.csv", f"Aktivitet;Ansvarig;Klart senast\n{rows}".encode())
    assert any("Är det en plan?" in doubt for doubt in draft.doubts)


def test_a_table_of_risks_under_the_plan_is_told_row_for_row() -> None:
    data = (Path(HERE) / "annan_tabell_budget.xlsx").read_bytes()
    draft = plan_in("plan.xlsx", data)
    assert draft.rows.left_out == len(draft.skipped) == 4


def test_a_file_without_a_plan_is_refused_and_not_half_read() -> None:
    with pytest.raises(Refusal):
        plan_in("tom.csv", b"Namn;Telefon\nAlice;0\n")


def test_a_bullet_that_is_a_label_and_a_day_is_not_lost(tmp_path: Path) -> None:
    told = [
        "# Aktivitetsplan 2026",
        "# Aktiviteter",
        "* Kurs. Ansvarig: Alice",
        "* Klart: maj 2026",
    ]
    draft = read_plan(word(tmp_path / "a.docx", *told))
    (one,) = draft.activities
    assert (one.what, one.responsible, one.deadline.text) == ("Kurs", ("Alice",), "maj 2026")


def test_a_table_right_under_the_plan_with_a_title_of_its_own_is_told(tmp_path: Path) -> None:
    rows = [
        ["Aktivitet", "Ansvarig", "Klart"],
        ["Kurs", "Alice", "2026-05-31"],
        ["Budskap", "", ""],
    ]
    rows += [["Budskap", "Kanal", "Mottagare"], ["Kursen finns", "Brev", "Alla"]]
    draft = read_plan(sheet(tmp_path / "plan 2026.xlsx", rows))
    assert [one.what for one in draft.activities] == ["Kurs"]
    assert len(draft.skipped) == 3


def test_a_legend_under_the_table_tells_what_its_colours_mean(tmp_path: Path) -> None:
    path = tmp_path / "plan 2026.xlsx"
    green, yellow = "00B050", "FFFF00"
    rows: list[list[object]] = [
        ["Aktivitet", "Ansvarig", "Klart", "Status"],
        ["Kurs", "Alice", "2026-05-31", ("", yellow)],
    ]
    drawing(*rows, [], [("", green), "Klar"], [("", yellow), "Pågår"])(path)
    (one,) = read_plan(path).activities
    assert (one.status_words, one.state, one.responsible) == ("Pågår", "pågående", ("Alice",))
