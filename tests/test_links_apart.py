"""No page, export, archive, file or column holds a link of somebody else that opens.

Alice has a morning letter, a report and a request to sign in; her calendar has an address.
Everybody then reads all that there is to read, and finds none of them.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlmodel import SQLModel

from cli.mailbox import Mailbox
from config.settings import Settings
from models.columns import c
from models.database import engine_for, reading, transaction
from models.feed import Feed
from models.letter import Letter, LetterState, Link
from notifications import feeds, links
from notifications.doors import end_open_doors
from notifications.letters import reports
from notifications.outbox import Enclosed, send_again
from reports.archive.making import make
from rules.access import TABLE
from tests.cast import Town, the_morning_ends
from tests.conftest import a_moments_work, browse
from tests.sign_in.conftest import asks, browser, signs_in, with_sign_in
from tests.test_postman import post, with_server
from web.app import create_app

pytestmark = pytest.mark.by_turns
EDITION = 7
KEYS = re.compile(rb"(?:/svar/|/rapport/|/logga-in/lank/)[\w-]+\.[\w-]{27}")


@dataclass
class Place:
    """A town with letters of every kind that has links, and what opens each of them."""

    town: Town
    told: Settings
    app: FastAPI

    def tokens(self) -> set[str]:
        """What opens Alice's pages, as only she may hold it."""
        with reading(self.told) as session:
            ids = session.execute(select(c(Link).id)).scalars().all()
            calendar = feeds.feed_address(session, self.told, person_id=self.town.alice)
        found = {links.address(self.told, id_) for id_ in ids}
        found |= {links.edition_address(self.told, id_, EDITION) for id_ in ids}
        found |= {calendar.removesuffix(".ics")}
        found |= {letter.text.partition("/lank/")[2].split("\n")[0] for letter in asked(self)}
        return {one.rpartition("/")[2].strip() for one in found}


def asked(place: Place) -> list[Letter]:
    """The letters with links to sign in, as they are mailed."""
    return [letter for letter in place.town.letters() if letter.kind == "sign-in"]


def told_of_a_report(town: Town, settings: Settings) -> None:
    """Alice gets a letter with a report."""
    pdf = Enclosed("rapport.pdf", "application/pdf", b"%PDF-1.7")
    one = reports.Told(EDITION, town.alm, "Kvartalsrapport", "NOSAM Alm", ("Två klara",), pdf)
    hers: dict[int, Sequence[reports.Told]] = {town.alice: [one]}
    with transaction(settings) as session:
        reports.write(
            *(session, settings, reports.QUARTER, hers),
            subject="Kvartalsrapport",
            lead="Här är den.",
            today=date(2025, 1, 9),
        )
    the_morning_ends(settings)


@pytest.fixture
def place(town: Town) -> Place:
    """Letters of three kinds are on file, and Alice's calendar."""
    told = with_sign_in(town.settings)
    town.settings = told
    town.decided("Trygg hemgång", by="2025-02-28")
    town.morning("2025-01-29")
    told_of_a_report(town, told)
    with transaction(told) as session:
        feeds.make(session, person_id=town.alice)
    app = create_app(told)
    asks(browser(app), "alice@example.org")
    return Place(town, told, app)


def rows(settings: Settings) -> Iterator[str]:
    """Every value of every row of every table."""
    with engine_for(settings).connect() as connection:
        for table in SQLModel.metadata.tables.values():
            for row in connection.execute(select(table)):
                yield f"{table.name}: {tuple(row)}"


def test_no_column_holds_what_opens_a_link(place: Place) -> None:
    tokens = place.tokens()
    assert len(tokens) == 6
    held = [row for row in rows(place.told) for token in tokens if token in row]
    assert held == []


def test_no_page_or_export_shows_anybody_what_opens_alices_links(place: Place) -> None:
    ids = {"person_id": place.town.alice, "group_id": place.town.alm, "plan_id": place.town.plan}
    numbers = [letter.id for letter in place.town.letters()]
    seen = 0
    for who in ("root@example.org", "frida@example.org", "charlie@example.org"):
        client = browser(place.app)
        signs_in(place.town, client, who)
        tokens = place.tokens()
        for path in paths(ids, numbers):
            with a_moments_work(0.2):
                page = client.get(path)
            seen += page.status_code == 200
            assert [token for token in tokens if token in page.text] == [], (who, path)
    assert seen > 40


def paths(ids: dict[str, int], letters: list[int]) -> Iterator[str]:
    """The address of every page: of letters, each of them."""
    for line in TABLE:
        method, _, template = line.partition(" ")
        if method == "GET" and "{token}" not in template and "oidc" not in template:
            for number in letters if "{letter_id}" in template else [1]:
                filled = template.replace("{letter_id}", str(number))
                yield re.sub(r"\{(\w+)\}", lambda m: str(ids.get(m[1], 1)), filled)


def test_a_letter_is_shown_with_words_where_its_link_was(place: Place) -> None:
    fridas = browser(place.app)
    signs_in(place.town, fridas, "frida@example.org")
    for letter in place.town.letters()[:3]:
        body = fridas.get(f"/utskick/{letter.id}/brev").text
        assert "länken visas inte" in body
        assert "href" not in body
        page = fridas.get(f"/utskick/{letter.id}").text
        assert "länken visas inte" in page
        assert "\ue0f1" not in page + body


def test_the_mail_itself_has_links_that_open(place: Place, mailbox: Mailbox) -> None:
    told = with_server(place.told, mailbox.port)
    assert post(told) == 3
    tokens = place.tokens()
    for message in mailbox.messages:
        for kind in ("plain", "html"):
            body = message.get_body((kind,))
            assert body is not None
            assert any(token in body.get_content() for token in tokens)
            assert "\ue0f1" not in body.get_content()
    pages = browse(place.app)
    bodies = [message.get_body(("plain",)) for message in mailbox.messages]
    texts = [body.get_content() for body in bodies if body is not None]
    morning = next(text for text in texts if "/svar/" in text)  # they go side by side
    path = "/svar/" + morning.partition("/svar/")[2].split()[0]
    assert "Hej Alice" in pages.get(path).text


def test_a_letter_that_comes_twice_is_the_same_letter(place: Place, mailbox: Mailbox) -> None:
    told = with_server(place.told, mailbox.port)
    post(told)
    with transaction(told) as session:  # the postman died before he could write it down
        session.execute(update(Letter).values(state=LetterState.QUEUED))
    post(told)
    first, second = mailbox.messages[:3], mailbox.messages[3:]
    assert sorted(map(bytes, first)) == sorted(map(bytes, second))


def test_nobody_gets_anothers_link_by_writing_what_stands_for_it(town: Town) -> None:
    """A title may hold any signs: they open nothing that is not the reader's own."""
    forged = "\ue0f1rapport/3\ue0f2 \ue0f1logga-in/lank/x\ue0f2"
    town.decided(f"Nätverk {forged}", by="2024-12-31")
    town.morning("2024-12-02")
    (letter,) = town.letters()
    assert "/rapport/" not in letter.text.replace("/rapport/…", "")
    assert "/logga-in/" not in letter.text.replace("/logga-in/lank/…", "")


def test_an_archive_holds_no_link(place: Place, tmp_path: Path) -> None:
    with reading(place.told) as session:
        make(session, "Prov", 2025, tmp_path / "arkiv")
    words = "".join(path.read_text("utf-8") for path in (tmp_path / "arkiv").glob("*.jsonl"))
    assert "/svar/…" in words
    assert "/rapport/…" in words
    assert [token for token in place.tokens() if token in words] == []


def test_what_a_mail_server_says_of_a_link_is_kept_without_it(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    from notifications.delivery_reports import tell
    from notifications.smtp import in_one_line

    caplog.set_level(logging.DEBUG)
    for token in place.tokens():
        for words in (f"550 spam: http://x/svar/{token}", f"554 bad words {token} in the letter"):
            assert token not in in_one_line(words)
        report = (
            "From: mailer@example.org\nContent-Type: multipart/report; "
            "report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status"
            "\n\nReporting-MTA: dns; x\n\nAction: failed\nStatus: 5.7.1\n"
            f"Diagnostic-Code: smtp; 550 5.7.1 see /svar/{token}\n\n--b--\n"
        )
        assert token not in str(tell(report.encode()))
        assert token not in caplog.text


def test_with_sign_in_and_no_mail_server_the_kept_letters_have_no_links(place: Place) -> None:
    post(place.told)
    files = list(place.told.letters_folder.glob("*.eml"))
    assert len(files) == 3
    for path in files:
        kept = message_from_bytes(path.read_bytes(), policy=default)
        for kind in ("plain", "html"):
            body = kept.get_body((kind,))
            assert body is not None
            assert "länken visas inte" in body.get_content()
        assert not KEYS.search(path.read_bytes())
    assert end_open_doors(place.told) == 0
    assert len(list(place.told.letters_folder.glob("*.eml"))) == 3


# An installation of one machine, and what becomes of it.


def test_alone_at_the_machine_kept_letters_have_links_that_open_and_every_page_says_so(
    town: Town,
) -> None:
    path = kept_link(town)
    pages = browse(create_app(town.settings))
    assert "Hej Alice" in pages.get(path).text
    for page in ("/", "/utskick", path):
        assert "öppnar länkarna i sparade brev" in pages.get(page).text
    assert "öppnar länkarna" not in browse(create_app(with_sign_in(town.settings))).get("/").text


def kept_link(town: Town) -> str:
    """The link of a letter that was kept as a file."""
    town.decided("Trygg hemgång", by="2024-12-31")
    town.morning("2024-12-01")
    post(town.settings)
    (path,) = town.settings.letters_folder.glob("*.eml")
    body = message_from_bytes(path.read_bytes(), policy=default).get_body(("plain",))
    assert body is not None
    return "/svar/" + str(body.get_content()).partition("/svar/")[2].split()[0]


@pytest.mark.parametrize("with_what", ["relay", "sign-in"])
def test_the_first_relay_or_sign_in_ends_them_and_removes_the_files(
    town: Town, with_what: str
) -> None:
    path = kept_link(town)
    with transaction(town.settings) as session:
        feeds.make(session, person_id=town.alice)
        calendar = feeds.feed_address(session, town.settings, person_id=town.alice)
    assert end_open_doors(town.settings) == 0  # nothing has changed
    told = with_server(town.settings, 1) if with_what == "relay" else with_sign_in(town.settings)
    assert end_open_doors(told) == 1
    assert list(told.letters_folder.iterdir()) == []
    pages = browse(create_app(told))
    assert pages.get(path).status_code == 410
    assert pages.get("/kalender/" + calendar.rpartition("/")[2]).status_code == 404
    assert end_open_doors(told) == 0


def test_what_comes_after_the_first_relay_stays(town: Town, mailbox: Mailbox) -> None:
    kept_link(town)
    told = with_server(town.settings, mailbox.port)
    town.decided("Nätverk", by="2025-01-31")
    town.morning("2025-01-01")
    post(told)
    end_open_doors(told)
    with transaction(told) as session:
        feeds.make(session, person_id=town.alice)
    assert end_open_doors(told) == 0
    with reading(told) as session:
        open_still = session.execute(select(c(Link).id).where(c(Link).revoked_at.is_(None)))
        assert len(open_still.all()) == 1
        closed = session.execute(select(c(Feed).id).where(c(Feed).revoked_at.is_not(None)))
        assert closed.all() == []


def test_a_letter_that_is_sent_again_has_a_link_that_opens(town: Town, mailbox: Mailbox) -> None:
    kept_link(town)
    told = with_server(town.settings, mailbox.port)
    end_open_doors(told)
    with transaction(told) as session:
        assert send_again(session, told, town.letters()[0].id, date(2024, 12, 2)) is not None
    post(told)
    body = mailbox.messages[-1].get_body(("plain",))
    assert body is not None
    path = "/svar/" + str(body.get_content()).partition("/svar/")[2].split()[0]
    assert "Hej Alice" in browse(create_app(told)).get(path).text


def test_a_letter_to_sign_in_with_is_not_sent_again(place: Place) -> None:
    """Its link opens for whoever asked, and would go to the address that somebody has written."""
    letter = asked(place)[0]
    assert letter.id is not None
    with transaction(place.told) as session:
        session.execute(update(Letter).values(state=LetterState.FAILED))
        assert send_again(session, place.told, letter.id, date(2025, 1, 10)) is None
    assert place.town.letters()[-1].state is LetterState.FAILED


def test_alices_calendar_is_shown_to_herself_alone(place: Place) -> None:
    with reading(place.told) as session:
        address = feeds.feed_address(session, place.told, person_id=place.town.alice)
    fridas = browser(place.app)
    signs_in(place.town, fridas, "frida@example.org")
    path = f"/personer/{place.town.alice}/kalender"
    made = fridas.post(path, data={"gor": "skapa"})
    assert "/kalender/" not in made.text.replace(f"{path}", "")
    assert "visas bara för Alice" in made.text
    assert "Kalendern är borttagen" in fridas.post(path, data={"gor": "dra-in"}).text
    assert browse(place.app).get("/kalender/" + address.rpartition("/")[2]).status_code == 404
    own = fridas.post(f"/personer/{place.town.frida}/kalender", data={"gor": "skapa"})
    assert ".ics" in own.text


def test_what_opens_one_kind_of_page_opens_no_other(place: Place) -> None:
    """Each kind is signed for itself: a calendar's address is no link, a link is no sign-in."""
    with reading(place.told) as session:
        link = session.execute(select(c(Link).id)).scalars().first()
        calendar = feeds.feed_address(session, place.told, person_id=place.town.alice)
    assert link is not None
    of_kind = {
        "/svar/": links.address(place.told, link),
        "/rapport/": links.edition_address(place.told, link, EDITION),
        "/kalender/": calendar.removesuffix(".ics"),
        "/logga-in/lank/": f"x/{links.sign_in_token(place.told, 'seed')}",
        "/adress/": f"x/{links.own_address_token(place.told, 'seed')}",
    }
    pages = browser(place.app)
    for kind in of_kind:
        for other, address in of_kind.items():
            if other == kind:
                continue
            end = ".ics" if kind == "/kalender/" else ""
            path = kind + address.rpartition("/")[2] + end
            assert pages.get(path).status_code in {403, 404, 410}, (kind, other)
