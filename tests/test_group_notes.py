"""What a group concludes from its status report: Alice writes, Frida says yes, others read it."""

import re
from datetime import date, timedelta
from io import BytesIO

import docx
import pdfplumber
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, text, update

from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.edition import Edition, ReportKind
from models.group import Collaboration
from models.group_note import GroupNote
from models.lifecycle import Move, State
from models.person import Role
from models.plan import Plan
from reports.approval import edited, report
from reports.blocks import Quote
from reports.compiling import compile_edition
from reports.editions import Of
from reports.writers.pdf import write_pdf
from reports.writers.word import write_word
from tests.cast import Town
from tests.conftest import browse
from tests.sign_in.conftest import browser as signed_in_browser
from tests.sign_in.conftest import signs_in, with_sign_in
from tests.test_quarter_close import DUE, link, runs
from web.app import create_app

pytestmark = pytest.mark.by_turns
HERS = "Björk behöver en lokal före sommaren."
MEETING = date(2024, 4, 12)


def browser(town: Town, today: date = MEETING) -> TestClient:
    """Anybody's browser on that day, at the machine: what Frida may, it may."""
    return browse(create_app(town.settings.model_copy(update={"today": today})))


def under_way(town: Town) -> None:
    """NOSAM Alm has something under way; Alice chairs it and Bob is a member."""
    row = town.decided("Trygg hemgång", by="2025-12-31", group=town.alm)
    town.move(row, Move.START, today=date(2024, 2, 1))
    town.holds(town.bob, town.alm, Role.MEMBER)


@pytest.fixture
def alices(town: Town) -> str:
    """The way to the report, in Alice's letter."""
    under_way(town)
    assert runs(town, DUE) == (1, 2)
    return link(town, "Alice")


def writes(town: Town, path: str, today: date = MEETING, **given: str) -> int:
    """Somebody sends the form; how the page answers."""
    said = given or {"slutsats": HERS}
    return int(browser(town, today).post(f"{path}/analys", data=said).status_code)


def says_yes(town: Town, today: date = MEETING, **mended: str) -> None:
    """Frida lets through what waits, as it is or as she mends it."""
    frida = browser(town, today)
    page = frida.get("/ord").text
    fields = re.findall(r'<textarea id="(\w+_\d+)"[^>]*>([^<]*)</textarea>', page)
    given = {name: mended.get(name.partition("_")[0], words) for name, words in fields}
    if "out" in mended:
        given |= {f"out_{name.partition('_')[2]}": "ja" for name, _ in fields}
    assert frida.post("/ord", data=given).status_code == 200


def quoted(town: Town, kind: ReportKind, period: str, cut_off: date, group: int) -> list[str]:
    """What a report compiled on a day quotes."""
    made = compile_edition(town.settings, Of(kind, 1, group, period), cut_off, "Frida")
    assert made is not None
    with reading(town.settings) as session:
        found = edited(session, made[0])
        assert found is not None
        shown = report(session, found)
    return [f"{one.text} ({one.who})" for one in shown.blocks if isinstance(one, Quote)]


def on_file(town: Town) -> list[str]:
    """What is written, whoever may read it."""
    with reading(town.settings) as session:
        return list(session.execute(select(c(GroupNote).conclusion)).scalars())


def test_the_letter_and_the_page_say_where_to_write(town: Town, alices: str) -> None:
    for words in (town.letters()[0].text, town.letters()[0].html):
        assert "skriva vad ni kom fram till på mötet" in words
    page = browser(town).get(alices).text
    assert "Slutsats: vad kom ni fram till?" in page
    assert "Processledaren läser det och säger ja innan andra får se det." in page
    assert "Mönster" not in page


def test_only_alice_and_frida_read_it_until_frida_says_yes(town: Town, alices: str) -> None:
    assert writes(town, alices) == 200
    hers = browser(town).get(alices).text
    assert HERS in hers
    assert "Andra läser det när processledaren har sagt ja." in hers
    assert HERS not in browser(town).get(link(town, "Bob")).text
    assert "Ord som väntar på ditt ja" in browser(town).get("/").text
    says_yes(town)
    assert HERS in browser(town).get(link(town, "Bob")).text
    assert "Inga ord väntar." in browser(town).get("/ord").text


def test_what_frida_mends_has_a_mark_and_what_she_keeps_out_is_out(town: Town, alices: str) -> None:
    writes(town, alices)
    says_yes(town, conclusion="En lokal behövs.")
    assert "En lokal behövs. (redigerat)" in browser(town).get(link(town, "Bob")).text
    writes(town, alices, slutsats="Om en enda patient.")
    says_yes(town, out="ja")
    assert "Om en enda patient." not in browser(town).get(link(town, "Bob")).text
    assert "andra inte ska läsa det här" in browser(town).get(alices).text
    assert on_file(town) == [HERS, "Om en enda patient."]


def test_mended_words_with_a_personnummer_are_refused(town: Town, alices: str) -> None:
    writes(town, alices)
    frida = browser(town)
    refused = frida.post("/ord", data={"conclusion_1": "Gäller 19121212-1212."})
    assert refused.status_code in {400, 422}
    assert HERS in frida.get("/ord").text


def test_a_second_tap_writes_nothing_anew(town: Town, alices: str) -> None:
    for _ in range(2):
        assert writes(town, alices, slutsats=HERS, atgard="Vi frågar kommunen") == 200
    assert on_file(town) == [HERS]
    assert writes(town, alices, slutsats=HERS, atgard="Vi frågar regionen") == 200
    assert len(on_file(town)) == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"slutsats": " "}, "Skriv minst en sak."),
        ({"slutsats": "Hon, 19811218-9876"}, "personnumret"),
        ({"atgard": "x" * 4001}, "högst 4000 tecken"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_stands_in_the_form(
    town: Town, alices: str, given: dict[str, str], sentence: str
) -> None:
    page = browser(town).post(f"{alices}/analys", data=given)
    assert (page.status_code, sentence in page.text) == (422, True)
    assert next(iter(given.values())) in page.text
    assert on_file(town) == []


def test_nothing_is_written_to_a_collaboration_that_has_ended(town: Town, alices: str) -> None:
    with transaction(town.settings) as session:
        session.execute(update(Collaboration).values(ends_on=MEETING - timedelta(days=1)))
    given = {"slutsats": HERS, "aktivitet": "Ny rutin för lokaler"}
    page = browser(town).post(f"{alices}/analys", data=given)
    assert (page.status_code, "för samverkan är avslutad" in page.text) == (422, True)
    assert HERS in page.text
    assert on_file(town) == []
    with reading(town.settings) as session:
        rows = select(c(Activity).id).where(c(Activity).what == "Ny rutin för lokaler")
        assert session.execute(rows).all() == []


def test_the_next_report_tells_it_once_frida_has_said_yes(town: Town, alices: str) -> None:
    writes(town, alices, slutsats=HERS, atgard="Vi frågar kommunen")
    next_one = (ReportKind.QUARTER, "2024Q2", date(2024, 7, 5), town.alm)
    assert quoted(town, *next_one) == []
    says_yes(town)
    told = f"Slutsats: {HERS} Åtgärd: Vi frågar kommunen."
    assert quoted(town, *next_one) == [f"{told} (NOSAM Alm, om kv 1 2024)"]
    with transaction(town.settings) as session:
        session.get_one(Collaboration, 1).names_in_reports = True
    assert quoted(town, *next_one) == [f"{told} (Alice, NOSAM Alm, om kv 1 2024)"]
    assert quoted(town, ReportKind.QUARTER, "2024Q3", date(2024, 10, 5), town.alm) == []


def test_another_edition_of_the_same_report_tells_it_too(town: Town, alices: str) -> None:
    writes(town, alices)
    says_yes(town)
    assert quoted(town, ReportKind.QUARTER, "2024Q1", MEETING, town.alm) != []
    before = MEETING - timedelta(days=1)
    assert quoted(town, ReportKind.QUARTER, "2024Q1", before, town.alm) == []


def test_the_fourth_quarter_has_them_too_when_the_plans_year_is_over(town: Town) -> None:
    under_way(town)
    with transaction(town.settings) as session:
        plan = session.get_one(Plan, town.plan)
        plan.first_day, plan.last_day = date(2024, 1, 1), date(2024, 12, 31)
    sent, meeting = date(2025, 1, 7), date(2025, 1, 15)
    runs(town, sent)
    path = link(town, "Alice")
    page = browser(town, meeting).get(path).text
    assert "Slutsats: vad kom ni fram till?" in page
    assert "Föreslå en ny aktivitet" not in page
    assert writes(town, path, meeting) == 200
    says_yes(town, meeting)
    told = quoted(town, ReportKind.YEAR, "2024", date(2025, 1, 20), town.alm)
    assert told == [f"Slutsats: {HERS} (NOSAM Alm, om kv 4 2024)"]


def test_it_may_propose_an_activity_which_needs_no_yes(town: Town, alices: str) -> None:
    assert writes(town, alices, aktivitet="Ny rutin för lokaler") == 200
    with reading(town.settings) as session:
        row = session.execute(
            select(c(Activity).how, c(Activity).state).where(
                c(Activity).what == "Ny rutin för lokaler"
            )
        ).one()
    assert (row.how, row.state) == ("Från statusrapporten kv 1 2024.", State.PROPOSED)
    assert "Ny rutin för lokaler" in browser(town).get(link(town, "Bob")).text


def test_a_chair_who_has_signed_in_writes_on_the_reports_own_page(town: Town, alices: str) -> None:
    told = with_sign_in(town.settings).model_copy(update={"today": MEETING})
    alice, charlie = (signed_in_browser(create_app(told)) for _ in range(2))
    signs_in(town, alice, "alice@example.org")
    signs_in(town, charlie, "charlie@example.org")
    assert "Gruppens egna anteckningar" in alice.get("/rapporter/1").text
    assert alice.post("/rapporter/1/analys", data={"slutsats": HERS}).status_code == 200
    assert charlie.post("/rapporter/1/analys", data={"slutsats": "Nej"}).status_code == 403
    assert alice.get("/ord").status_code == 403
    assert on_file(town) == [HERS]
    assert HERS in alice.get("/rapporter/1").text


def test_an_emoji_in_a_note_is_read_on_the_page_and_stops_no_letter_and_no_file(
    small_town: Town,
) -> None:
    town, words = small_town, "Vi firade 🎉 👍🏽 👩‍⚕️ ❤️ och behöver en lokal."
    under_way(town)
    runs(town, DUE)
    assert writes(town, link(town, "Alice"), slutsats=words) == 200
    says_yes(town)
    assert words in browser(town).get(link(town, "Bob")).text
    assert runs(town, date(2024, 7, 5)) == (1, 2)
    assert [one.kind for one in town.letters() if one.to_name == "Alice"] == ["morning"] * 2
    page = browser(town, date(2024, 7, 5)).get(link(town, "Alice")).text
    assert words in page
    with reading(town.settings) as session:
        newest = select(func.max(c(Edition).id))
        found = edited(session, session.execute(newest).scalar_one())
        assert found is not None
        shown = report(session, found)
    paragraphs = docx.Document(BytesIO(write_word(shown))).paragraphs
    assert words in " ".join(one.text for one in paragraphs)
    with pdfplumber.open(BytesIO(write_pdf(shown))) as paper:
        printed = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert "Vi firade" in printed
    assert "och behöver en lokal." in printed


def test_a_note_is_never_changed(town: Town, alices: str) -> None:
    writes(town, alices)
    with pytest.raises(Exception, match="is history"), transaction(town.settings) as session:
        session.execute(text("UPDATE group_note SET conclusion = 'annat'"))
