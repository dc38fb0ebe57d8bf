"""Who presses Reply has answered: in the fixed words, from her own address, and no further."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from cli.mailbox import Mailbox
from config import clock
from config import settings as settings_module
from flows import mail_in
from intake.replies.written import read
from models.columns import c
from models.database import reading, transaction
from models.letter import Link
from models.letter_kinds import LetterKind
from models.mail_reply import Became, MailReply, MailReplyLine
from models.moves import Mover
from models.status import Says, StatusAnswer, Way
from notifications import administrators
from tests.cast import Town
from tests.conftest import browse
from tests.imap_server import ImapServer, certificate
from tests.test_postman import post, with_server
from web.app import create_app
from web.overview.heading import MOST

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 12, 2)
SERVER = "mx.example.org"


@dataclass
class Post:
    """The town, its mail server, and the Maildir that answers come to."""

    town: Town
    mailbox: Mailbox
    folder: Path
    number: int = 0

    def goes(self, day: date = TODAY) -> None:
        """A morning's letters leave."""
        self.town.morning(day)
        self.sent()

    def sent(self) -> None:
        """What is in the outbox leaves."""
        post(self.town.settings, times=2)

    def letter(self, to: str = "alice") -> EmailMessage:
        """The latest letter to somebody."""
        return self.mailbox.to(f"{to}@example.org")[-1]

    def reply(
        self,
        words: str,
        *,
        sender: str = "alice@example.org",
        passed: bool = True,
        subject: str = "",
        to: str = "",
        edit: Callable[[EmailMessage], None] = lambda _: None,
    ) -> bytes:
        """Somebody presses Reply to Alice's latest letter."""
        letter = next(m for m in reversed(self.mailbox.to("alice@")) if m["Reply-To"])
        self.number += 1
        mail = EmailMessage()
        mail["From"] = f"Alice Ek <{sender}>"
        mail["To"] = to or str(letter["Reply-To"])
        mail["Subject"] = subject or f"SV: {letter['Subject']}"
        mail["Message-ID"] = f"<{self.number}@mail.example.org>"
        mail["In-Reply-To"] = str(letter["Message-ID"])
        if passed:
            domain = sender.partition("@")[2]
            mail["Authentication-Results"] = f"{SERVER}; dmarc=pass header.from={domain}"
        mail.set_content(words)
        edit(mail)
        return bytes(mail)

    def comes(self, *mails: bytes) -> None:
        """Mails lie in the Maildir, and it is read."""
        for at, raw in enumerate(mails):
            (self.folder / "new" / f"{self.number:04d}.{at}").write_bytes(raw)
        mail_in.read(self.town.settings)


@pytest.fixture
def mail(town: Town, mailbox: Mailbox, tmp_path: Path) -> Post:
    """It is 2 December, and answers are read from a Maildir."""
    folder = tmp_path / "Maildir"
    (folder / "new").mkdir(parents=True)
    town.settings = with_server(town.settings, mailbox.port).model_copy(
        update={
            "today": TODAY,
            "mail_reply_to": "",
            "bounce_address": "svar@example.org",
            "bounces_maildir": folder,
            "replies_checked_by": SERVER,
        }
    )
    return Post(town, mailbox, folder)


def answers(town: Town) -> list[Any]:
    """Every answer on file."""
    with reading(town.settings) as session:
        found = list(session.execute(select(StatusAnswer).order_by(c(StatusAnswer).id)).scalars())
        session.expunge_all()
        return found


def became(town: Town) -> list[Became]:
    """What every mail became."""
    asked = select(c(MailReply).became).order_by(c(MailReply).id)
    with reading(town.settings) as session:
        return list(session.execute(asked).scalars())


def text_of(letter: EmailMessage) -> str:
    """A letter's words."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def kinds(town: Town, kind: LetterKind) -> list[Any]:
    """The letters of a kind, as their readers get them."""
    return [letter for letter in town.letters() if letter.kind is kind]


def test_klart_from_alice_is_her_answer_and_the_receipt_leads_to_its_undoing(mail: Post) -> None:
    sip = mail.town.decided(by="2024-12-31")
    mail.goes()
    assert "”klart”, ”enligt plan”" in text_of(mail.letter())
    mail.comes(mail.reply("Klart!\n\nMed vänlig hälsning\nAlice Ek"))
    (answer,) = answers(mail.town)
    assert (answer.activity_id, answer.person_id, answer.says) == (sip, mail.town.alice, Says.DONE)
    assert (answer.way, answer.registered_by) == (Way.REPLY, "")
    (receipt,) = kinds(mail.town, LetterKind.RECEIPT)
    assert receipt.to_address == "alice@example.org"
    assert "Trygg hemgång: Klart" in receipt.text
    assert kinds(mail.town, LetterKind.FORWARDED) == []
    link = next(line for line in receipt.text.splitlines() if "/svar/" in line).strip()
    browser = browse(create_app(mail.town.settings))
    page = browser.get(link[link.index("/svar/") :])
    assert "Ta tillbaka" in page.text
    assert len(answers(mail.town)) == 1  # looking undoes nothing
    path = link[link.index("/svar/") :].removesuffix("/mitt")
    browser.post(f"{path}/ta-tillbaka", data={"answer": str(answer.id)})
    (answer,) = answers(mail.town)
    assert answer.undone_id is not None


def test_each_line_answers_for_the_activity_that_the_letter_gave_that_number(mail: Post) -> None:
    first = mail.town.decided("Trygg hemgång", by="2024-12-30")
    second = mail.town.decided("Färre fall", by="2024-12-31")
    mail.goes()
    text = text_of(mail.letter())
    assert "1. Trygg hemgång" in text
    assert "2. Färre fall" in text
    mail.comes(mail.reply("Hej!\n1 enligt plan\n2. försenat till mars\n/Alice"))
    said = {a.activity_id: (a.says, a.proposed_last) for a in answers(mail.town)}
    assert said == {first: (Says.ON_TRACK, None), second: (Says.LATE, date(2025, 3, 31))}


@pytest.mark.parametrize("words", ["klart", "1 klart\n1 enligt plan", "3 klart", "1 klart\n2 nja"])
def test_of_several_all_is_understood_or_nothing_is_saved(mail: Post, words: str) -> None:
    mail.town.decided("Trygg hemgång", by="2024-12-30")
    mail.town.decided("Färre fall", by="2024-12-31")
    mail.goes()
    mail.comes(mail.reply(words))
    assert answers(mail.town) == []
    assert became(mail.town) == [Became.UNREAD]


def test_other_words_wait_with_the_activity_and_reach_frida_at_once(mail: Post) -> None:
    sip = mail.town.decided(by="2024-12-31")
    mail.goes()
    mail.comes(mail.reply("Vi hinner nog, men Bo är sjuk. Kan du ringa?"))
    assert answers(mail.town) == []
    mail.sent()
    (forwarded,) = mail.mailbox.to("frida@example.org")
    assert str(forwarded["Reply-To"]) == "alice@example.org"
    text = text_of(forwarded)
    assert "Bo är sjuk. Kan du ringa?" in text
    assert f"/aktiviteter/{sip}#mejl" in text
    browser = browse(create_app(mail.town.settings))
    assert "Svar med e-post som väntar på dig" in browser.get("/").text
    page = browser.get(f"/aktiviteter/{sip}").text
    assert "Bo är sjuk. Kan du ringa?" in page
    with reading(mail.town.settings) as session:
        line = session.execute(select(c(MailReplyLine).id)).scalar_one()
    browser.post(f"/aktiviteter/{sip}/mejl", data={"line": str(line), "gor": "nej"})
    assert "Kan du ringa?" not in browser.get(f"/aktiviteter/{sip}").text


def test_an_answer_that_nobody_vouches_for_waits_for_fridas_yes(mail: Post) -> None:
    sip = mail.town.decided(by="2024-12-31")
    mail.goes()
    mail.comes(mail.reply("försenat till mars", passed=False))
    assert (answers(mail.town), became(mail.town)) == ([], [Became.NOT_CHECKED])
    assert len(kinds(mail.town, LetterKind.FORWARDED)) == 1
    with reading(mail.town.settings) as session:
        line = session.execute(select(c(MailReplyLine).id)).scalar_one()
    browser = browse(create_app(mail.town.settings))
    browser.post(f"/aktiviteter/{sip}/mejl", data={"line": str(line), "gor": "ja"})
    (answer,) = answers(mail.town)
    assert (answer.says, answer.way, answer.person_id) == (Says.LATE, Way.MAIL, mail.town.alice)
    assert answer.registered_by
    again = browser.post(f"/aktiviteter/{sip}/mejl", data={"line": str(line), "gor": "ja"})
    assert again.status_code == 422
    assert len(answers(mail.town)) == 1


@pytest.mark.parametrize(
    ("passed", "whose"),
    [(True, "Ditt svar med e-post"), (False, "Ett svar med e-post i ditt namn")],
)
def test_while_her_mail_waits_nobody_says_that_she_is_silent_and_her_ladder_rests(
    mail: Post, passed: bool, whose: str
) -> None:
    sip = mail.town.decided(by="2024-12-31")
    mail.goes()
    mail.comes(mail.reply("Det blir nog inte av, ring mig.", passed=passed))
    mail.town.morning("2024-12-16")
    mail.town.lines("2024-12-18")
    mail.town.lines("2024-12-23")
    asked = [one for one in mail.town.letters() if one.kind is LetterKind.MORNING]
    assert [one.on_day for one in asked if one.to_name == "Alice"] == [TODAY]
    assert not any("Ingen har svarat" in one.text for one in asked)
    week = next(one for one in asked if one.to_name == "Frida")
    assert "SVAR MED E-POST SOM VÄNTAR PÅ DIG (1)" in week.text
    assert ("(inget intygar att det är från den adressen)" in week.text) != passed
    mail.town.decided("Annat", by="2024-12-27")
    mail.town.morning("2024-12-27")
    hers = [one for one in mail.town.letters() if one.to_name == "Alice"][-1]
    assert f"{whose} 2 december 2024 väntar på processledaren" in hers.text
    with reading(mail.town.settings) as session:
        line = session.execute(select(c(MailReplyLine).id)).scalar_one()
    browser = browse(create_app(mail.town.settings))
    browser.post(f"/aktiviteter/{sip}/mejl", data={"line": str(line), "gor": "nej"})
    mail.town.morning("2024-12-30")
    assert [one.on_day for one in mail.town.letters() if one.to_name == "Alice"][-1] == date(
        2024, 12, 30
    )


def forged(header: str) -> Callable[[EmailMessage], None]:
    """A mail with a header of the writer's own under that of the receiving server."""

    def edit(mail: EmailMessage) -> None:
        mail["Authentication-Results"] = header

    return edit


@pytest.mark.parametrize(
    "header",
    [
        "mx.evil.example; dmarc=pass header.from=example.org",
        "mx.evil.example; dmarc=fail header.from=example.org",
        f"{SERVER}; dmarc=none header.from=example.org",
        f"{SERVER}; dmarc=temperror header.from=example.org",
        f"{SERVER}; spf=fail (dmarc=fail) smtp.mailfrom=a@evil.example",
        f"{SERVER}; dmarc=pass header.from=evil.example",
        f"{SERVER}; dmarc=pass",
        f"{SERVER}; spf=pass (dmarc=pass header.from=example.org) smtp.mailfrom=a@evil.example",
        f'{SERVER}; spf=fail smtp.mailfrom="; dmarc=pass header.from=example.org"',
        f"x{SERVER}; dmarc=pass header.from=example.org",
        "dmarc=pass header.from=example.org",
        f'{SERVER}; dmarc=pass reason="header.from=example.org"',
    ],
)
def test_only_a_pass_of_the_named_server_for_her_own_domain_counts(mail: Post, header: str) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    mail.comes(mail.reply("klart", passed=False, edit=forged(header)))
    assert (answers(mail.town), became(mail.town)) == ([], [Became.NOT_CHECKED])


FAILED = f"{SERVER}; dmarc=fail header.from=example.org"


SIGNATURES = "".join(
    f'; dkim=fail reason="signature verification failed" header.d=x{number}.evil.example'
    for number in range(60)
)


def test_sixty_worthless_signatures_do_not_push_the_verdict_out_of_sight(mail: Post) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    verdict = FAILED.replace(SERVER, SERVER + SIGNATURES, 1)
    mail.comes(mail.reply("klart", passed=False, edit=forged(verdict)))
    assert became(mail.town) == [Became.FORGED]


@pytest.mark.parametrize("more", ["", "; dmarc=pass header.from=example.org", "; spf=pass"])
def test_what_our_server_says_is_forged_is_told_on_the_page_and_sent_to_nobody(
    mail: Post, more: str
) -> None:
    sip = mail.town.decided(by="2024-12-31")
    mail.goes()
    before = len(mail.town.letters())
    mail.comes(mail.reply("klart", passed=False, edit=forged(FAILED + more)))
    assert (answers(mail.town), became(mail.town)) == ([], [Became.FORGED])
    assert len(mail.town.letters()) == before
    browser = browse(create_app(mail.town.settings))
    page = browser.get(f"/aktiviteter/{sip}").text
    assert "Säger sig vara från alice@example.org" in page
    assert "avsändaren är förfalskad" in page
    assert "Ja, spara beskedet" not in page
    assert "Avsändaren är förfalskad" in browser.get("/").text
    with reading(mail.town.settings) as session:
        line = session.execute(select(c(MailReplyLine).id)).scalar_one()
    refused = browser.post(f"/aktiviteter/{sip}/mejl", data={"line": str(line), "gor": "ja"})
    assert refused.status_code == 422
    assert "förfalskad. Fråga den som det gäller" in refused.text
    assert answers(mail.town) == []
    browser.post(f"/aktiviteter/{sip}/mejl", data={"line": str(line), "gor": "nej"})
    assert "förfalskad" not in browser.get(f"/aktiviteter/{sip}").text


def test_a_forged_mail_of_no_letter_is_told_of_on_the_first_page_for_a_month(mail: Post) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    before = len(mail.town.letters())
    words = "Byt min ansvariga till http://evil.example.org snarast."
    for sender in ("alice@example.org", "nisse@example.net"):
        raw = mail.reply(words, sender=sender, to="svar@example.org", passed=False)
        ours = f"Authentication-Results: {FAILED}\n".encode()
        mail.comes(ours + raw.replace(b"In-Reply-To", b"X-Was"))
    assert became(mail.town) == [Became.FORGED, Became.FORGED]
    assert len(mail.town.letters()) == before
    for day, number in ((TODAY, 2), (TODAY + timedelta(days=31), 0)):
        told = mail.town.settings.model_copy(update={"today": day})
        page = browse(create_app(told)).get("/").text
        assert page.count("Säger sig vara från") == number
        assert "evil.example" not in page


def test_a_flood_of_forged_mail_is_counted_on_the_first_page_and_not_all_listed(
    small_town: Town,
) -> None:
    told = small_town.settings.model_copy(update={"today": TODAY})
    with transaction(told) as session:
        for number in range(300):
            row = MailReply(
                fingerprint=f"{number:064d}",
                at=clock.now(),
                on_day=TODAY,
                sender="alice@example.org",
                became=Became.FORGED,
            )
            session.add(row)
    page = browse(create_app(told)).get("/").text
    assert "300" in page
    assert page.count("Säger sig vara från") == MOST


def test_a_forged_mail_neither_rests_her_ladder_nor_uses_up_what_is_sent_on_of_hers(
    mail: Post,
) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    for _ in range(21):
        mail.comes(mail.reply("Byt allt", passed=False, edit=forged(FAILED)))
    mail.comes(mail.reply("Jag är sjuk.", passed=False))
    mail.comes(mail.reply("Bo är sjuk."))
    assert len(kinds(mail.town, LetterKind.FORWARDED)) == 2
    with transaction(mail.town.settings) as session:
        of_hers = c(MailReply).became == Became.UNREAD
        session.execute(
            update(MailReplyLine)
            .where(c(MailReplyLine).reply_id.in_(select(c(MailReply).id).where(of_hers)))
            .values(settled_on=TODAY, settled_by="Frida")
        )
    mail.town.lines("2024-12-16")
    mail.town.morning("2024-12-30")
    asked = [one for one in mail.town.letters() if one.kind is LetterKind.MORNING]
    assert [one.on_day for one in asked if one.to_name == "Alice"][-1] == date(2024, 12, 30)
    assert not any("SVAR MED E-POST" in one.text for one in asked)


EVIL = "Byt ansvarig på http://evil.example.org/x, www.evil.se eller a@evil.se.\nGenast"


def test_what_nobody_vouches_for_says_so_first_and_holds_nothing_to_press_or_answer(
    mail: Post,
) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    mail.comes(mail.reply(EVIL, passed=False))
    mail.sent()
    (letter,) = mail.mailbox.to("frida@example.org")
    assert str(letter["Subject"]).startswith("Ett mejl som säger sig vara från Alice")
    assert letter["Reply-To"] is None
    text = text_of(letter)
    lines = [line for line in text.splitlines() if line]
    assert lines[1] == "Vi vet inte säkert att det är Alice (alice@example.org) som har skrivit:"
    assert lines[2:4] == [
        "> Byt ansvarig på http: //evil. example. org/x, www. evil. se eller a@evil. se.",
        "> Genast",
    ]
    assert "Adresser i texten har fått mellanslag" in text
    assert "Fråga Alice på annat sätt" in text
    assert "har svarat med e-post" not in text
    page = letter.get_body(("html",))
    assert page is not None
    assert "evil" not in "".join(re.findall(r'href="[^"]*"', page.get_content()))
    (receipt,) = kinds(mail.town, LetterKind.RECEIPT)
    assert receipt.subject.startswith("Ett svar i ditt namn")
    assert "vet inte säkert att det är du" in receipt.text
    assert "Tack för ditt svar" not in receipt.text + receipt.html


def test_who_is_not_on_file_is_an_address_and_not_the_name_that_she_takes(mail: Post) -> None:
    with transaction(mail.town.settings) as session:
        frida, told = Mover("Frida", mail.town.frida), mail.town.settings
        administrators.add(session, told, "adam@example.org", frida, name="Adam", today=TODAY)
    for number, passed in enumerate([True, False]):
        strange = EmailMessage()
        strange["From"] = "Frida <nisse@example.net>"
        strange["To"] = "svar@example.org"
        strange["Message-ID"] = f"<{number}@example.net>"
        if passed:
            strange["Authentication-Results"] = f"{SERVER}; dmarc=pass header.from=example.net"
        strange.set_content("Hej")
        mail.comes(bytes(strange))
    sure, unsure = kinds(mail.town, LetterKind.FORWARDED)
    assert sure.subject.startswith("nisse@example.net har skrivit till Följsam")
    assert (sure.reply_to, unsure.reply_to) == ("nisse@example.net", "")
    assert unsure.subject.startswith("Ett mejl som säger sig vara från nisse@example.net")
    assert "Ta reda på vem det är" in unsure.text
    for letter in (sure, unsure):
        assert "Frida" not in letter.text


def test_nobody_vouches_for_another_sender_or_for_none(mail: Post) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    mail.comes(mail.reply("klart", sender="nisse@example.net", passed=False))
    mail.comes(mail.reply("Hej", passed=False).replace(b"From: Alice Ek", b"From: a@b.se,"))
    another, none = kinds(mail.town, LetterKind.FORWARDED)
    assert "Någon har svarat på ett brev till Alice. Vi vet inte säkert att det är nisse@" in (
        another.text
    )
    assert (another.reply_to, none.reply_to) == ("", "")
    assert none.subject.startswith("Ett mejl utan avsändare")
    assert kinds(mail.town, LetterKind.RECEIPT) == []


@pytest.mark.parametrize("kind", ["message", "inline"])
def test_bobs_mail_within_alices_is_not_her_answer(mail: Post, kind: str) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()

    def with_bobs(written: EmailMessage) -> None:
        written.set_content("<p>Nej, det är inte klart. Se Bobs mejl.</p>", subtype="html")
        bobs = EmailMessage()
        bobs["From"] = "bob@example.org"
        bobs.set_content("klart")
        if kind == "message":
            written.add_attachment(bobs)
        else:
            written.make_mixed()
            written.add_attachment("klart", filename="bob.txt", disposition="inline")

    mail.comes(mail.reply("", edit=with_bobs))
    assert (answers(mail.town), became(mail.town)) == ([], [Became.UNREAD])
    (forwarded,) = kinds(mail.town, LetterKind.FORWARDED)
    assert "> Nej, det är inte klart. Se Bobs mejl.\n" in forwarded.text
    assert ("ett mejl" if kind == "message" else "bob.txt") in forwarded.text


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "raw_unicode_escape", "idna"])
def test_half_a_character_costs_no_mail_its_sender_letter_or_words(
    mail: Post, charset: str
) -> None:
    sip = mail.town.decided(by="2024-12-31")
    mail.goes()
    raw = mail.reply("+2AA- \\ud800 Bo.", subject="UDDA")
    assert raw.count(b"utf-8") == 1
    odd = f"=?{charset}?q?+2AA-=5Cud800?= svar".encode()
    mail.comes(raw.replace(b"utf-8", charset.encode()).replace(b"UDDA", odd))
    assert became(mail.town) == [Became.UNREAD]
    with reading(mail.town.settings) as session:
        kept = session.execute(select(MailReply)).scalar_one()
        assert (kept.sender, kept.person_id) == ("alice@example.org", mail.town.alice)
        assert "Bo." in kept.words
        assert session.execute(select(c(MailReplyLine).activity_id)).scalar_one() == sip


def test_without_the_setting_every_answer_by_mail_waits(mail: Post) -> None:
    mail.town.settings = mail.town.settings.model_copy(update={"replies_checked_by": ""})
    mail.town.decided(by="2024-12-31")
    mail.goes()
    mail.comes(mail.reply("klart"))
    assert (answers(mail.town), became(mail.town)) == ([], [Became.NOT_CHECKED])


def test_another_sender_waits_and_alice_gets_no_receipt_of_it(mail: Post) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    mail.comes(mail.reply("klart", sender="nisse@example.org"))
    assert (answers(mail.town), became(mail.town)) == ([], [Became.ANOTHER])
    assert kinds(mail.town, LetterKind.RECEIPT) == []
    (forwarded,) = kinds(mail.town, LetterKind.FORWARDED)
    assert "nisse@example.org har svarat på ett brev till Alice" in forwarded.text


def test_a_letter_that_was_sent_on_changes_nothing(mail: Post) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    mail.comes(mail.reply("klart", subject="VB: Svara senast"))
    assert (answers(mail.town), became(mail.town)) == ([], [Became.FORWARDED])


def test_an_answer_expires_with_the_link_of_its_letter(mail: Post) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    with transaction(mail.town.settings) as session:
        session.execute(update(Link).values(expires_at=clock.now() - timedelta(days=1)))
    mail.comes(mail.reply("klart"))
    assert (answers(mail.town), became(mail.town)) == ([], [Became.CLOSED])
    assert "/svar/" not in kinds(mail.town, LetterKind.RECEIPT)[0].text


def test_what_the_page_would_not_take_is_not_taken_by_mail_either(mail: Post) -> None:
    sip = mail.town.decided(by="2024-12-31")
    mail.goes()
    mail.town.change(sip, deadline_first=date(2024, 11, 30), deadline_last=date(2024, 11, 30))
    mail.comes(mail.reply("enligt plan"))
    assert (answers(mail.town), became(mail.town)) == ([], [Became.REFUSED])
    assert "Skriv när det blir klart" in kinds(mail.town, LetterKind.RECEIPT)[0].text


def test_the_same_mail_twice_is_one_answer(mail: Post) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    raw = mail.reply("klart")
    mail.comes(raw, raw)
    mail.comes(raw)
    assert len(answers(mail.town)) == 1
    assert len(kinds(mail.town, LetterKind.RECEIPT)) == 1


def named(header: str, value: str) -> Callable[[EmailMessage], None]:
    """A mail with one header more, or another."""

    def edit(mail: EmailMessage) -> None:
        del mail[header]
        mail[header] = value

    return edit


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Precedence", "bulk"),
        ("X-Auto-Response-Suppress", "All"),
        ("Return-Path", "<>"),
        ("Subject", "Automatiskt svar: Svara senast"),
        ("Subject", "Autosvar: jag är på semester"),
        ("From", "MAILER-DAEMON@example.org"),
        ("List-Id", "<alla.example.org>"),
    ],
)
def test_automatic_mail_is_no_answer_and_is_never_answered(
    mail: Post, header: str, value: str
) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    before = len(mail.town.letters())
    mail.comes(mail.reply("klart", edit=named(header, value)))
    assert (answers(mail.town), became(mail.town)) == ([], [])
    assert len(mail.town.letters()) == before


def test_without_its_own_address_the_letter_is_known_by_what_is_answered(mail: Post) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    mail.comes(mail.reply("klart", to="foljsam@example.org"))
    assert [answer.says for answer in answers(mail.town)] == [Says.DONE]


def test_a_made_up_address_names_no_letter_though_the_mail_says_what_it_answers(
    mail: Post,
) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    (letter, *_) = mail.town.letters()
    mail.comes(mail.reply("klart", to=f"svar+svar-{letter.id}.aaaaaaaaaaaaaaaa@example.org"))
    assert (answers(mail.town), became(mail.town)) == ([], [Became.UNKNOWN])


def test_a_letter_to_the_bounce_address_by_a_human_is_never_swallowed(mail: Post) -> None:
    mail.comes()
    strange = EmailMessage()
    strange["From"] = "Bob <bob@example.org>"
    strange["To"] = "svar@example.org"
    strange["Subject"] = "En fråga"
    strange["Message-ID"] = "<fraga@example.org>"
    strange["Authentication-Results"] = f"{SERVER}; dmarc=pass header.from=example.org"
    strange.set_content("Vem svarar för hemgången?")
    mail.comes(bytes(strange))
    (forwarded,) = kinds(mail.town, LetterKind.FORWARDED)
    assert (forwarded.to_name, forwarded.reply_to) == ("Frida", "bob@example.org")
    assert "Vem svarar för hemgången?" in forwarded.text


def test_a_personnummer_is_blanked_before_anything_is_kept_or_sent_on(mail: Post) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    mail.comes(mail.reply("Det gäller 19121212-1212, ring mig.", subject="SV: 121212-1212"))
    with reading(mail.town.settings) as session:
        kept = session.execute(select(c(MailReply).words, c(MailReply).subject)).one()
    for words in (*kept, *(letter.text for letter in mail.town.letters())):
        assert "1212" not in words.replace("2024-12-31", "")
    assert "(personnummer)" in kept.words


def test_at_most_three_receipts_a_day(mail: Post) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    for words in ("enligt plan", "försenat", "klart", "enligt plan", "försenat"):
        mail.comes(mail.reply(words))
    assert len(answers(mail.town)) == 5
    assert len(kinds(mail.town, LetterKind.RECEIPT)) == 3


def test_a_file_that_hangs_on_it_says_more_than_the_words(mail: Post) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()

    def with_file(written: EmailMessage) -> None:
        written.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="lista.pdf")

    mail.comes(mail.reply("klart", edit=with_file))
    assert (answers(mail.town), became(mail.town)) == ([], [Became.UNREAD])
    assert "lista.pdf" in kinds(mail.town, LetterKind.FORWARDED)[0].text


def test_one_bad_mail_stops_no_other(mail: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()

    def breaks(raw: bytes) -> Any:  # noqa: ANN401
        if b"spricker" in raw:
            raise RuntimeError("no such mail")
        return read(raw)

    monkeypatch.setattr("flows.mail_in.read_written", breaks)
    mail.comes(mail.reply("spricker"), mail.reply("klart"))
    assert became(mail.town) == [Became.BROKEN, Became.ANSWERED]
    assert len(answers(mail.town)) == 1


def of_many_parts() -> bytes:
    """A mail of a few hundred kilobytes, all of it parts without anything in them."""
    head = b"From: mallory@example.net\r\nMessage-ID: <parts@example.net>\r\n"
    return head + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 130_000


def of_many_words() -> bytes:
    """One header of tens of thousands of words."""
    words = b";".join(b"b*%d=x" % at for at in range(60_000))
    return b"From: mallory@example.net\r\nContent-Type: text/plain; " + words + b"\r\n\r\nx"


def within_each_other() -> bytes:
    """Parts within parts, each with a line's end that is looked for in all that follows."""
    parts = [
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (at, at)
        for at in range(15_000)
    ]
    return b"From: mallory@example.net\r\n" + b"".join(parts)


@pytest.mark.parametrize("made", [of_many_parts, of_many_words, within_each_other])
def test_a_mail_that_is_a_trap_costs_the_machine_that_sends_letters_next_to_nothing(
    mail: Post, made: Callable[[], bytes]
) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    trap, before = made(), time.process_time()
    mail.comes(trap, mail.reply("klart"))
    assert time.process_time() - before < 2
    assert Became.ANSWERED in became(mail.town)


def test_brackets_within_brackets_are_no_sender(mail: Post) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    mail.comes(b"From: a@example.net " + b"(," * 5_000 + b"\r\n\r\nklart", mail.reply("klart"))
    assert Became.BROKEN not in became(mail.town)
    assert Became.ANSWERED in became(mail.town)


def test_without_a_mailbox_reply_to_is_fridas_and_nothing_is_promised(
    town: Town, mailbox: Mailbox
) -> None:
    told = with_server(town.settings, mailbox.port)
    town.settings = told.model_copy(update={"mail_reply_to": ""})
    town.decided(by="2024-12-31")
    town.decided("Färre fall", by="2024-12-31")
    town.morning(TODAY)
    post(town.settings)
    (letter,) = mailbox.to("alice@example.org")
    assert str(letter["Reply-To"]) == "frida@example.org"
    text = text_of(letter)
    assert "”klart”" not in text
    assert "1. " not in text


def test_one_address_for_all_answers_is_somebodys_own_and_is_left_so(mail: Post) -> None:
    told = mail.town.settings.model_copy(update={"mail_reply_to": "alla@example.org"})
    mail.town.settings = told
    mail.town.decided(by="2024-12-31")
    mail.goes()
    assert str(mail.letter()["Reply-To"]) == "alla@example.org"


def test_the_pattern_of_the_address_is_a_setting(mail: Post) -> None:
    told = mail.town.settings.model_copy(update={"reply_address": "till.{}@svar.example.org"})
    mail.town.settings = told
    mail.town.decided(by="2024-12-31")
    mail.goes()
    assert str(mail.letter()["Reply-To"]).endswith("@svar.example.org")
    mail.comes(mail.reply("klart"))
    assert len(answers(mail.town)) == 1


@pytest.mark.parametrize("address", ["svar@example.org", "{}{}@example.org", "a@{}.org", "{}"])
def test_a_pattern_that_is_no_address_is_refused_at_start(tmp_path: Path, address: str) -> None:
    with pytest.raises(settings_module.SettingsError, match="FOLJSAM_REPLY_ADDRESS"):
        settings_module.load(home=tmp_path, reply_address=address, bounces_maildir=tmp_path)


def test_answers_are_read_over_imap(
    mail: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    cert, key = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    server = ImapServer(cert, key, [mail.reply("klart")])
    mail.town.settings = mail.town.settings.model_copy(
        update={
            "bounces_maildir": None,
            "bounces_imap_host": "127.0.0.1",
            "bounces_imap_port": server.port,
            "bounces_imap_user": "svar",
            "bounces_imap_password": SecretStr("right"),
        }
    )
    mail_in.read(mail.town.settings)
    assert len(answers(mail.town)) == 1
    assert server.seen == {1}
    server.close()
