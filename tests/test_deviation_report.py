"""Every group has its deviations each quarter: once, also when there are none, and never a name."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Any

import pdfplumber
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from cli.mailbox import Mailbox
from config import clock, policy
from config.settings import Settings
from flows import deviation_report
from intake.deviation.shapes import Source
from intake.deviation.ticking import words_of
from intake.deviations import look, read_deviations, take_in
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.edition import Edition, ReportKind
from models.group import Group
from models.lifecycle import State
from models.person import Role
from models.plan import Plan
from reports.group_notes import notes
from rules.deviation_reports import Export, export_of, goes_out, send_day, share_out
from rules.periods import parse
from tests.cast import Town
from tests.conftest import a_moments_work, browse
from tests.deviation_files import HEADS, SENTINEL, csv_file, ours, row
from tests.test_postman import post, with_server
from web.app import create_app

pytestmark = pytest.mark.by_turns
DUE = date(2025, 4, 4)


def cases(group: str, month: str, number: int, name: str = "", **other: Any) -> list[list[Any]]:  # noqa: ANN401
    """So many cases of a group in a month."""
    return [
        row(f"{name or group[0]}-{month}-{at}", f"{month}-{at + 1:02}", group, **other)
        for at in range(number)
    ]


QUARTER = [
    *cases("Äldre", "2024-12", 9),
    *cases("Äldre", "2025-01", 7),
    *cases("Äldre", "2025-02", 6, process="Läkemedel"),
    *cases("Äldre", "2025-03", 3, process="Hjälpmedel"),
    *cases("Psykiatri", "2024-12", 6),
]


def take(
    town: Town,
    rows: list[list[Any]],
    at: datetime | None = None,
    heads: Sequence[str] = HEADS,
    area: int | None = None,
) -> None:
    """A file is taken in, for the only collaboration unless another is named."""
    export = read_deviations("export.csv", csv_file(rows, heads=heads), Source(), key="k")
    moment = at or clock.now()
    with transaction(town.settings) as session:
        whose = area or ours(session)
        waiting = look(session, whose, export, Source(), "Frida", moment)
        take_in(session, waiting, moment, words_of(session, waiting), "Frida")


def groups(town: Town) -> tuple[int, int]:
    """Alice is in the group for the old, Bob in the one for psychiatry."""
    with transaction(town.settings) as session:
        area = session.execute(select(c(Group).collaboration_id).limit(1)).scalar_one()
        made = [Group(collaboration_id=area, name=f"Temagrupp {n}") for n in ("äldre", "psykiatri")]
        session.add_all(made)
        session.flush()
        old, mind = (int(one.id or 0) for one in made)
    town.holds(town.alice, old, Role.CHAIR)
    town.holds(town.bob, mind, Role.CHAIR)
    return old, mind


def plan_for(town: Town, group: int) -> None:
    """The group has a plan for the year."""
    with transaction(town.settings) as session:
        session.add(Plan(collaboration_id=1, group_id=group, title="Plan 2025"))


def runs(town: Town, today: date, settings: Settings | None = None) -> tuple[int, int, int]:
    """The round of a morning: (letters that say it waits, editions, letters with reports)."""
    told = settings or town.settings
    waits = deviation_report.tell_waiting(told, today)
    made = deviation_report.make_due(told, today)
    return len(waits), len(made), len(deviation_report.send_unsent(told, today))


def attached(message: EmailMessage, kind: str) -> bytes:
    """The content of a letter's file of that kind."""
    (part,) = [one for one in message.walk() if one.get_content_type().endswith(kind)]
    content = part.get_content()
    assert isinstance(content, bytes)
    return content


def all_words(message: EmailMessage) -> Iterator[str]:
    """Everything that can be read in a letter: its bodies, the PDF, the Word file."""
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        yield str(body.get_content())
    with pdfplumber.open(io.BytesIO(attached(message, "pdf"))) as pdf:
        yield "\n".join(page.extract_text() for page in pdf.pages)
    with zipfile.ZipFile(io.BytesIO(attached(message, "wordprocessingml.document"))) as word:
        yield re.sub(r"<[^>]+>", " ", word.read("word/document.xml").decode())


def path_of(town: Town, name: str) -> str:
    """The link in somebody's latest letter."""
    text = [each for each in town.letters() if each.to_name == name][-1].text
    return "/rapport/" + str(text).split("/rapport/")[1].split()[0]


def browser(town: Town, today: date = DUE) -> TestClient:
    """Somebody's browser, not signed in."""
    return browse(create_app(town.settings.model_copy(update={"today": today})))


def test_every_group_gets_its_report_once_also_when_there_is_nothing(
    town: Town, mailbox: Mailbox
) -> None:
    groups(town)
    take(town, QUARTER)
    told = with_server(town.settings, mailbox.port)
    assert runs(town, date(2025, 4, 3), told) == (0, 0, 0)
    assert runs(town, DUE, told) == (0, 3, 3)
    assert runs(town, DUE, told) == (0, 0, 0)
    assert runs(town, date(2025, 4, 7), told) == (0, 0, 0)
    post(told)
    (alice,) = mailbox.to("alice@example.org")
    text = alice.get_body(("plain",))
    assert text is not None
    assert "16 avvikelser i målgruppen Äldre registrerades" in text.get_content()
    assert attached(alice, "pdf").startswith(b"%PDF")
    assert attached(alice, "png").startswith(b"\x89PNG")
    html = alice.get_body(("html",))
    assert html is not None
    assert re.search(
        r'<img src="cid:diagram-\d+" alt="Äldre\. Antal avvikelser', html.get_content()
    )
    (bob,) = mailbox.to("bob@example.org")
    assert "Inga avvikelser i målgruppen Psykiatri" in next(all_words(bob))
    (frida,) = mailbox.to("frida@example.org")
    assert "Temagrupp äldre" in list(all_words(frida))[2]


def test_hidden_numbers_and_free_text_stand_nowhere_in_a_letter(
    small_town: Town, mailbox: Mailbox
) -> None:
    """Three cases about aids: their number can be read nowhere, nor worked out."""
    groups(small_town)
    take(small_town, QUARTER)
    told = with_server(small_town.settings, mailbox.port)
    runs(small_town, DUE, told)
    post(told)
    page = browser(small_town).get(path_of(small_town, "Alice")).text
    (alice,) = mailbox.to("alice@example.org")
    shown = [*all_words(alice), page]
    for words in shown:
        assert SENTINEL not in words
        assert not re.search(r"Hjälpmedel\W+3\b", re.sub(r"<[^>]+>", " ", words))
        assert not re.search(r"Läkemedel\W+6\b", re.sub(r"<[^>]+>", " ", words))
    assert re.search(r"SIP\s+7", shown[2])
    assert re.search(r"Resten\s+9", shown[2])
    with reading(small_town.settings) as session:
        for facts in session.execute(select(c(Edition).facts)).scalars():
            assert '["Hjälpmedel","3"' not in facts
            assert '["Läkemedel","6"' not in facts
            assert SENTINEL not in facts
    assert SENTINEL.encode() not in (small_town.settings.home / "foljsam.db").read_bytes()


def test_a_late_export_makes_the_reports_wait_and_says_so_once_then_they_go(town: Town) -> None:
    groups(town)
    take(town, QUARTER[:16], datetime(2025, 3, 20, 8, tzinfo=UTC))
    assert runs(town, DUE) == (1, 0, 0)
    assert runs(town, date(2025, 4, 7)) == (0, 0, 0)
    (told,) = town.letters()
    assert told.to_name == "Frida"
    assert "Ingen fil är inläst efter den 31 mars 2025." in told.text
    take(town, QUARTER)
    assert runs(town, date(2025, 4, 8)) == (0, 3, 3)


def to_come(town: Town) -> str:
    """The page of letters to come, of which the first day is enough."""
    with a_moments_work():
        return str(browser(town).get("/kommande").text)


def test_a_later_file_that_changes_figures_makes_an_edition_that_says_what(town: Town) -> None:
    groups(town)
    take(town, QUARTER)
    runs(town, DUE)
    answered = [[*one[:8], "2025-02-20", "12"] for one in QUARTER]
    perhaps = "Om siffrorna har ändrats går rättade rapporter nästa arbetsdag."
    assert perhaps not in to_come(town)
    take(town, answered)
    assert perhaps in to_come(town)
    assert runs(town, date(2025, 4, 7)) == (0, 0, 0)  # only answered since: told next time
    take(town, [*answered, *cases("Äldre", "2025-02", 2, "ny")])
    assert runs(town, date(2025, 4, 8)) == (0, 2, 2)
    assert "18 avvikelser i målgruppen Äldre" in town.letters()[-1].text + town.letters()[-2].text
    page = browser(town).get(path_of(town, "Alice")).text
    assert "Ändrat sedan utgåva 1" in page
    assert "Äldre, kv 1 2025" in page
    assert perhaps not in to_come(town)
    assert runs(town, date(2025, 4, 9)) == (0, 0, 0)


def test_what_alice_concludes_is_kept_and_becomes_a_proposal(town: Town) -> None:
    old, _ = groups(town)
    plan_for(town, old)
    take(town, QUARTER)
    runs(town, DUE)
    alice, path = browser(town), path_of(town, "Alice")
    assert "Föreslå en ny aktivitet i Plan 2025" in alice.get(path).text
    sent = {"monster": "Listan saknas vid utskrivning", "atgard": "Möte", "aktivitet": "Ny rutin"}
    refused = alice.post(f"{path}/analys", data={**sent, "atgard": "Hon, 19811218-9876"})
    assert (refused.status_code, "Ta bort personnumret" in refused.text) == (422, True)
    assert alice.post(f"{path}/analys", data=sent).status_code == 200
    page = alice.get(path).text
    assert "Listan saknas vid utskrivning" in page
    assert "Föreslagen aktivitet:</strong> Ny rutin" in page
    with reading(town.settings) as session:
        row = session.execute(select(c(Activity).what, c(Activity).how, c(Activity).state)).one()
        assert notes(session, 1, ReportKind.DEVIATIONS) == []  # Frida has not said yes
    frida = browser(town)
    waiting = {"pattern_1": "Listan saknas vid utskrivning", "measure_1": "Möte med alla"}
    assert frida.post("/ord", data=waiting).status_code == 200
    with reading(town.settings) as session:
        (said,) = notes(session, 1, ReportKind.DEVIATIONS)
    assert (said.measure, said.lies_in(parse("2025"))) == ("Möte med alla (redigerat)", True)
    assert (row.what, row.state) == ("Ny rutin", State.PROPOSED)
    assert "Från avvikelserapporten kv 1 2025." in row.how
    assert (said.group, said.by, said.activity) == ("Temagrupp äldre", "Alice", "Ny rutin")


def test_one_table_may_be_chosen_and_nothing_else_is_asked_for(small_town: Town) -> None:
    groups(small_town)
    take(small_town, QUARTER)
    runs(small_town, DUE)
    frida, path = browser(small_town), path_of(small_town, "Alice")
    chosen = frida.get(f"{path}?visa=process").text
    assert "avvikelser efter process" in chosen
    assert "avvikelser efter vem som upptäckte" not in chosen
    assert frida.get(f"{path}?visa=number").text.count("avvikelser efter") > 1


def test_who_receives_what_is_told_or_follows_from_the_name() -> None:
    names = {1: "Temagrupp äldre", 2: "Ledning", 3: "Barnmorskorna"}
    shared = share_out(names, ["Äldre", "Barn", "Vuxna"], {"ledning": ["*"]})
    assert shared.groups == {1: ("Äldre",), 2: ("Äldre", "Barn", "Vuxna")}
    assert share_out(names, ["Äldre", "Barn"], {"Ledning": ["äldre"]}).groups == {2: ("Äldre",)}
    assert share_out(names, ["Äldre", "Barn"], {}).nobodys == ("Barn",)


def test_an_old_file_is_waited_out_and_a_missing_one_is_not() -> None:
    promises, quarter = policy.load(), parse("2025Q1")
    old = export_of(quarter, date(2025, 4, 2), date(2025, 1, 5), 31)
    missing = export_of(quarter, date(2025, 3, 31), date(2025, 3, 30), 31)
    assert (old, missing) == (Export.OLD, Export.MISSING)
    assert send_day(promises, quarter) == DUE
    assert not goes_out(old, promises, quarter, date(2025, 5, 5))
    assert goes_out(old, promises, quarter, date(2025, 5, 6))
    assert not goes_out(missing, promises, quarter, date(2025, 6, 30))
