"""The year's report: Frida's draft in January, and after her yes to the groups and the public."""

from datetime import date
from pathlib import Path

import pytest

from cli.mailbox import Mailbox
from flows import year_close
from models.alone import MostFailedError, keep_tally
from models.database import reading, transaction
from models.edition import EditionState, ReportKind
from models.group import Collaboration
from models.person import Role
from reports.approval import mark_sent
from reports.editions import Of, freeze
from reports.publishing import publish
from reports.rollup.shapes import SCHEMA
from tests.cast import Town
from tests.test_approval import approved, follow_up, on_file, promised, write, year
from tests.test_postman import post, with_server
from tests.two_collaborations import neighbours
from tests.word_files import read_prose

pytestmark = pytest.mark.by_turns
DRAFT = date(2025, 1, 9)
SENT = date(2025, 2, 4)


def test_frida_gets_the_draft_as_word_with_a_link_once(town: Town, mailbox: Mailbox) -> None:
    promised(town)
    told = with_server(town.settings, mailbox.port)
    assert year_close.make_due(told, date(2025, 1, 8)) == []
    assert len(year_close.make_due(told, DRAFT)) == 1
    assert year_close.make_due(told, DRAFT) == []
    assert year_close.make_due(told, date(2025, 1, 10)) == []
    post(told)
    (letter,) = mailbox.messages
    assert "frida@example.org" in str(letter["To"])
    (word,) = letter.iter_attachments()
    assert word.get_filename() == "arsrapport-2024-vardsamverkan-prov-utgava-1.docx"
    assert "inledning" in read_prose(word.get_content())
    text = letter.get_body(("plain",))
    assert text is not None
    assert "/rapporter/1/skriv" in text.get_content()
    assert "Trygg hemgång (NOSAM Alm), ”Redovisas i årsrapport”" in text.get_content()


def test_a_draft_that_was_missed_is_made_once_late(town: Town) -> None:
    promised(town)
    assert len(year_close.make_due(town.settings, date(2025, 3, 3))) == 1
    assert year_close.make_due(town.settings, date(2025, 3, 4)) == []


def test_a_year_without_activities_has_no_draft(small_town: Town) -> None:
    assert year_close.make_due(small_town.settings, DRAFT) == []


def test_nothing_is_sent_before_frida_has_said_yes(small_town: Town) -> None:
    promised(small_town)
    year_close.make_due(small_town.settings, DRAFT)
    assert year_close.send_unsent(small_town.settings, SENT) == []


def test_after_her_yes_everybody_in_the_groups_gets_it_once(town: Town, mailbox: Mailbox) -> None:
    town.holds(town.alice, town.deciders, Role.MEMBER)
    follow_up(town, promised(town), date(2024, 11, 20))
    edition = approved(town, year(town))
    told = with_server(town.settings, mailbox.port)
    assert len(year_close.send_unsent(told, SENT)) == 3  # Alice, Charlie, Frida; Bob has left
    assert year_close.send_unsent(told, SENT) == []
    post(told)
    (alice,) = mailbox.to("alice@example.org")
    (pdf,) = alice.iter_attachments()
    assert pdf.get_content().startswith(b"%PDF")
    assert not mailbox.to("bob@example.org")
    assert on_file(town, edition).frozen.state is EditionState.SENT


def test_the_public_folder_has_every_edition_whole_and_an_index(
    small_town: Town, tmp_path: Path
) -> None:
    folder = tmp_path / "publikt"
    told = small_town.settings.model_copy(update={"public_folder": folder})
    activity = promised(small_town)
    approved(small_town, year(small_town), "Uppföljningen görs i mars.")
    year_close.send_unsent(told, SENT)
    first = (folder / "arsrapport-2024-vardsamverkan-prov-utgava-1.html").read_text("utf-8")
    follow_up(small_town, activity, date(2024, 11, 20))
    second = year(small_town, date(2025, 3, 1))
    write(small_town, second, inledning="Nu med uppföljning.")
    approved(small_town, second)
    year_close.send_unsent(told, date(2025, 3, 4))
    assert sorted(path.name for path in folder.iterdir()) == [
        "arsrapport-2024-vardsamverkan-prov-utgava-1.html",
        "arsrapport-2024-vardsamverkan-prov-utgava-1.pdf",
        "arsrapport-2024-vardsamverkan-prov-utgava-2.html",
        "arsrapport-2024-vardsamverkan-prov-utgava-2.pdf",
        "index.html",
    ]
    index = (folder / "index.html").read_text("utf-8")
    assert index.index("utgava-2.html") < index.index("utgava-1.html")
    assert (folder / "arsrapport-2024-vardsamverkan-prov-utgava-1.html").read_text("utf-8") == first


def test_gustavs_report_never_takes_the_place_of_fridas_in_the_public_folder(
    small_town: Town, tmp_path: Path
) -> None:
    """Without rings and dots his collaboration is called as hers is. His is approved second."""
    there = neighbours(small_town)
    folder = tmp_path / "publikt"
    told = small_town.settings.model_copy(update={"public_folder": folder})
    with transaction(told) as session:
        session.get_one(Collaboration, there.theirs).name = "Vardsamverkan Prov"
    promised(small_town)
    hers = approved(small_town, year(small_town), "Uppföljningen görs i mars.")
    facts = on_file(small_town, hers).frozen.facts | {"organisation": "Vardsamverkan Prov"}
    of_gustav = Of(ReportKind.YEAR, there.theirs, None, "2024")
    with transaction(told) as session:
        his, _ = freeze(
            session, of_gustav, facts, schema_version=SCHEMA, cut_off=DRAFT, by="Gustav"
        )
    approved(small_town, his, "Uppföljningen görs i mars.")
    page = folder / "arsrapport-2024-vardsamverkan-prov-utgava-1.html"
    theirs = page.with_stem(f"{page.stem}-samverkan-{there.theirs}")
    for edition_id in (his, hers, his):  # hers keeps its name, whichever is sent first, or again
        with reading(told) as session:
            publish(session, told, on_file(small_town, edition_id))
    assert "Vårdsamverkan Prov" in page.read_text("utf-8")
    assert "Vardsamverkan Prov" not in page.read_text("utf-8")
    assert "Vardsamverkan Prov" in theirs.read_text("utf-8")
    with transaction(told) as session:
        assert mark_sent(session, hers)
    with reading(told) as session:
        publish(session, told, on_file(small_town, his))
    index = (folder / "index.html").read_text("utf-8")
    assert all(path.name in index for path in folder.iterdir() if path.name != "index.html")
    assert len(list(folder.iterdir())) == 5


def test_a_public_folder_that_cannot_be_written_leaves_the_report_unsent(
    small_town: Town, tmp_path: Path
) -> None:
    blocked = tmp_path / "fil"
    blocked.write_text("inte en mapp", "utf-8")
    told = small_town.settings.model_copy(update={"public_folder": blocked})
    follow_up(small_town, promised(small_town), date(2024, 11, 20))
    edition = approved(small_town, year(small_town))
    with keep_tally() as tally:
        assert year_close.send_unsent(told, SENT) == []
    with pytest.raises(MostFailedError, match="fil"):  # the only one: the round ends badly
        tally.must_be_few()
    assert on_file(small_town, edition).frozen.state is EditionState.APPROVED
    assert small_town.letters() == []
