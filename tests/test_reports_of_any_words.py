"""A report of every kind, with odd signs wherever people's words come, in every format and letter.

A town is filled with one word wherever somebody writes: names, plans, answers, reasons, results and
words with a yes. In the facts that are compiled of it, that word is made any other; so no place is
named here by hand. What each writer does with each sign is `test_report_signs.py`.
"""

import json
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, select, update
from sqlmodel import Session

from cli.mailbox import Mailbox
from flows import quarter_close
from intake.lives.changes import ask_to_change
from models.columns import c
from models.database import reading, transaction
from models.edition import Edition, ReportKind
from models.group import Collaboration, Group
from models.lifecycle import Brought, Move, Outcome
from models.part import Part
from models.person import Person
from models.plan import Goal, Plan
from models.promise import Participant, Promise
from models.status import ReleasedWords
from reports.approval import Edited, edited, places, report, save
from reports.compiling import compile_edition
from reports.editions import Of
from reports.files import MEDIA_TYPES, as_file
from rules.unseen import clean
from tests.cast import FRIDA, Town
from tests.sizes import size
from tests.test_deviation_report import DUE as DEVIATIONS_DUE
from tests.test_deviation_report import QUARTER, cases, plan_for, runs, take
from tests.test_deviation_report import groups as target_groups
from tests.test_postman import post, with_server
from tests.test_report_signs import KINDS, kept
from tests.test_silence import answer

WORD = "Fågelsång"  # written everywhere, and then made another
ODD = {
    "signs": "".join(KINDS[kind] for kind in KINDS if not kind.startswith("thousands")),
    "a word without an end": "x" * size("ENDLESS", 2_500, 10_000),
}
JANUARY = date(2025, 1, 9)
ROLL_UPS = {
    "a group's quarter": (ReportKind.QUARTER, True, "2024Q1", date(2024, 4, 5)),
    "a quarter": (ReportKind.QUARTER, False, "2024Q1", date(2024, 4, 5)),
    "a tertial": (ReportKind.QUARTER, False, "2024T1", date(2024, 5, 6)),
    "a half-year": (ReportKind.QUARTER, False, "2024H1", date(2024, 7, 5)),
    "a group's year": (ReportKind.YEAR, True, "2024", JANUARY),
    "a year": (ReportKind.YEAR, False, "2024", JANUARY),
}


def written_everywhere(town: Town) -> None:
    """One life of each sort, with the word wherever somebody writes."""
    moved = Brought(reason=f"{WORD} skäl", result=f"{WORD} resultat", figure=f"40 {WORD}")
    fates = {
        Outcome.ACHIEVED: replace(moved, outcome=Outcome.ACHIEVED),
        Outcome.ORDINARY: replace(moved, outcome=Outcome.ORDINARY, kept_by=f"{WORD} enhet"),
        Outcome.NOT_ACHIEVED: replace(
            moved, figure="", why_no_figure=f"{WORD} saknas", outcome=Outcome.NOT_ACHIEVED
        ),
    }
    for outcome, brought in fates.items():
        row = town.decided(f"{WORD} {outcome}", by="2024-03-20", person=town.bob)
        town.move(row, Move.START, today=date(2024, 2, 1))
        town.move(row, Move.FOLLOW_UP, brought, today=date(2024, 3, 1))
    ceased = replace(moved, outcome=Outcome.CEASED, decision_id=town.decision)
    town.move(town.decided(f"{WORD} av", by="2024-05-01"), Move.ABANDON, ceased, date(2024, 3, 2))
    goes = town.decided(f"{WORD} pågår", by="2024-04-30", words=f"{WORD} enhet")
    town.move(goes, Move.START, today=date(2024, 2, 1))
    town.change(goes, how=f"{WORD} hur", follow_up=f"{WORD} mått", funding_text=f"{WORD} medel")
    asked = {"deadline": "2024-06-30", "reason": f"{WORD} senare"}
    with transaction(town.settings) as session:
        ask_to_change(session, goes, asked, FRIDA, today=date(2024, 3, 5))
        part = {"activity_id": goes, "name": f"{WORD} del", "why": WORD, "since": date(2024, 2, 1)}
        session.execute(insert(Part).values(**part))
        session.execute(insert(Promise).values(activity_id=goes, words=WORD, made_to=WORD))
        session.execute(insert(Participant).values(activity_id=goes, words=f"{WORD} deltar"))
    answer(town, goes, town.bob, date(2024, 3, 20), f"{WORD} svar")
    town.decided(f"{WORD} sen", by="2024-02-01")
    with transaction(town.settings) as session:
        released = {"words": f"{WORD} sagt", "edited": True, "on_day": date(2024, 3, 21)}
        session.execute(insert(ReleasedWords).values(answer_id=1, by="Frida", **released))
        name_everything(session, WORD)


def name_everything(session: Session, word: str) -> None:
    """Every name is that word, and a number where no two may be the same."""
    for table in (Collaboration, Group, Person):
        session.execute(update(table).values(name=c(table)["name"] + f" {word}"))
    session.execute(update(Plan).values(title=word, purpose=word))
    session.execute(update(Goal).values(text=word))


def with_words(town: Town, edition_id: int, words: str) -> dict[str, bytes]:
    """The edition's files, with these words in every place that had the word."""
    with transaction(town.settings) as session:
        found = edited(session, edition_id)
        assert found is not None
        if not found.approved:
            save(session, found, {place.key: WORD for place in places(session, found)}, "Frida")
    with reading(town.settings) as session:
        found = edited(session, edition_id)
        assert found is not None
        odd = _said(found, words)
        shown = report(session, odd)
    return {one: as_file(one, odd.frozen, shown, None) for one in MEDIA_TYPES}


def _said(found: Edited, words: str) -> Edited:
    told = json.dumps(found.frozen.facts, ensure_ascii=False, default=str)
    assert WORD in told
    facts = json.loads(told.replace(WORD, json.dumps(words)[1:-1]))
    return replace(found, frozen=replace(found.frozen, facts=facts))


def whole(files: dict[str, bytes], words: str) -> None:
    """Each file is of its kind and says the words; the PDF keeps its standards."""
    said = clean(words).strip()[:20]
    kept(files["pdf"])
    assert files["html"].decode().rstrip().endswith("</html>")
    assert said[:5] in files["html"].decode()
    assert docx.Document(BytesIO(files["docx"])).paragraphs
    assert load_workbook(BytesIO(files["xlsx"])).sheetnames
    assert json.loads(files["json"])
    with ZipFile(BytesIO(files["docx"])) as parts:
        assert said[:5] in parts.read("word/document.xml").decode()


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("kind", ROLL_UPS)
def test_a_roll_up_of_any_words_is_made_in_every_format(
    small_town: Town, kind: str, odd: str
) -> None:
    town = small_town
    written_everywhere(town)
    of, is_a_groups, period, cut_off = ROLL_UPS[kind]
    group = town.alm if is_a_groups else None
    made = compile_edition(town.settings, Of(of, 1, group, period), cut_off, "Frida")
    assert made is not None
    whole(with_words(town, made[0], ODD[odd]), ODD[odd])


@pytest.mark.parametrize("odd", ODD)
def test_a_deviation_report_of_any_words_is_made_in_every_format(
    small_town: Town, odd: str
) -> None:
    town = small_town
    old, _ = target_groups(town)
    plan_for(town, old)
    take(town, [*QUARTER, *cases("Äldre", "2025-02", 9, "W", process=WORD, unit=WORD)])
    assert runs(town, DEVIATIONS_DUE)[1] > 0
    e = c(Edition)
    with reading(town.settings) as session:
        told = session.execute(select(e.id).where(e.facts.contains(WORD))).scalars().all()
    assert told
    for edition_id in told:
        whole(with_words(town, edition_id, ODD[odd]), ODD[odd])


@pytest.mark.parametrize("odd", ODD)
def test_a_letter_with_a_report_of_any_words_goes(
    small_town: Town, mailbox: Mailbox, odd: str
) -> None:
    town, words = small_town, clean(ODD[odd]).replace("\n", " ")
    written_everywhere(town)
    with transaction(town.settings) as session:
        name_everything(session, words)
    told = with_server(town.settings, mailbox.port)
    due = date(2024, 4, 5)
    assert len(quarter_close.make_due(told, due)) == 1
    sent = quarter_close.send_unsent(told, due)
    post(told)
    assert len(sent) == len(mailbox.to("alice@example.org")) == 1
    (letter,) = mailbox.to("alice@example.org")
    body = letter.get_body(("plain",))
    assert body is not None
    assert words.strip()[:5] in str(body.get_content())
    assert max(len(line) for line in letter.as_bytes().splitlines()) <= 998
