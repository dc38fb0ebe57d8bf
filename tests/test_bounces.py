"""Letters that come back: tied to their letter, taken in once, and never on a stranger's word."""

from collections import Counter
from datetime import timedelta
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, func, select, update

from cli.mailbox import Mailbox
from config import clock
from config.settings import Settings
from models.activity import Activity
from models.bounce import Bounce, Report
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter, LetterState
from models.mail_reply import Became, MailReply
from models.person import Person, Role, RoleHolding
from models.session import SignedIn
from models.status import Says, StatusAnswer, Way
from notifications import bounces, links, returns
from notifications.mailboxes import MOST_BYTES, MailboxError
from tests.cast import Town
from tests.conftest import browse
from tests.costs import used
from tests.imap_server import ImapServer, certificate
from tests.test_postman import post, with_server
from web.app import create_app

pytestmark = pytest.mark.by_turns
NOTICE = """\
From: Mail Delivery System <mailer-daemon@mx.example.org>
To: {to}
Message-ID: <{own}@mx.example.org>
Auto-Submitted: auto-replied
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon, 2 Dec 2024 06:10:00 +0100

Final-Recipient: rfc822; alice@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--b1
Content-Type: message/rfc822

Message-ID: {about}
Subject: En aktivitet att svara på

{padding}
--b1--
"""


@pytest.fixture
def sent(town: Town, mailbox: Mailbox) -> Town:
    """Alice's letter has gone, from an address of its own."""
    town.settings = with_server(town.settings, mailbox.port).model_copy(
        update={"bounce_address": "studs@example.org"}
    )
    town.decided(by="2024-12-31")
    town.morning("2024-12-02")
    assert post(town.settings) == 1
    return town


def notice(town: Town, **other: str) -> bytes:
    """A report about Alice's letter: for good, unless told otherwise."""
    (letter, *_) = town.letters()
    words = {
        "to": returns.sender(town.settings, letter.id),
        "own": "1",
        "action": "failed",
        "status": "5.1.1",
        "said": "550 5.1.1 <alice@example.org>: User unknown",
        "about": "<none@example.org>",
        "padding": "",
    }
    return NOTICE.format(**words | other).replace("\n", "\r\n").encode()


def alice(town: Town) -> Person:
    """Alice as she is on file."""
    with reading(town.settings) as session:
        return session.get_one(Person, town.alice)


def reports(settings: Settings) -> dict[Report, int]:
    """How many reports of each kind are on file."""
    with reading(settings) as session:
        asked = select(c(Bounce).report, func.count()).group_by(c(Bounce).report)
        return dict(session.execute(asked).tuples().all())


def test_an_address_that_does_not_work_is_marked_and_the_next_is_written_to(sent: Town) -> None:
    assert bounces.take_in(sent.settings, notice(sent)) is Report.UNREACHABLE
    assert alice(sent).unreachable_since is not None
    assert "User unknown" in alice(sent).unreachable_why
    (letter,) = sent.letters()
    assert letter.state is LetterState.BOUNCED
    assert "User unknown" in letter.server_said
    sent.morning("2024-12-03")
    assert [each.to_name for each in sent.letters()] == ["Alice", "Frida"]


def test_when_everybody_who_was_asked_cannot_be_reached_the_next_is_written_to(town: Town) -> None:
    """Alice chairs nobody here: two members answer, and neither address works."""
    with transaction(town.settings) as session:
        session.execute(delete(RoleHolding).where(c(RoleHolding).person_id == town.alice))
    for member in (town.alice, town.bob):
        town.holds(member, town.alm, Role.MEMBER)
    town.decided(by="2024-12-31")
    town.morning("2024-12-02")
    assert [each.to_name for each in town.letters()] == ["Alice", "Bob"]
    told = town.settings.model_copy(update={"bounce_address": "studs@example.org"})
    with transaction(told) as session:
        session.execute(update(Letter).values(state=LetterState.SENT, done_at=clock.now()))
    for number, letter in enumerate(town.letters()):
        report = notice(town, own=str(number), to=returns.sender(told, letter.id))
        assert bounces.take_in(told, report) is Report.UNREACHABLE
    town.morning("2024-12-03")
    assert [each.to_name for each in town.letters()] == ["Alice", "Bob", "Frida"]


def test_the_server_is_told_where_reports_of_this_very_letter_shall_come(
    sent: Town, mailbox: Mailbox
) -> None:
    (letter,) = sent.letters()
    assert mailbox.senders == [returns.sender(sent.settings, letter.id)]
    assert mailbox.senders[0].startswith(f"studs+{letter.id}.")
    assert str(mailbox.messages[0]["From"]).endswith("<foljsam@example.org>")


def test_a_report_is_taken_in_once(sent: Town) -> None:
    assert bounces.take_in(sent.settings, notice(sent)) is Report.UNREACHABLE
    with transaction(sent.settings) as session:  # a new address: she is to be written to again
        person = session.get_one(Person, sent.alice)
        person.email, person.unreachable_since = "alice.new@example.org", None
    assert bounces.take_in(sent.settings, notice(sent)) is None
    assert bounces.take_in(sent.settings, notice(sent, own="2")) is Report.UNREACHABLE
    assert alice(sent).unreachable_since is None  # that was about the old address


def test_a_letter_that_is_late_is_noted_and_nothing_more(sent: Town) -> None:
    late = notice(sent, action="delayed", status="4.4.1", said="connection timed out")
    assert bounces.take_in(sent.settings, late) is Report.DELAYED
    assert sent.letters()[0].state is LetterState.SENT
    assert alice(sent).unreachable_since is None


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("5.7.1", "550 5.7.1 message refused by policy"),
        ("5.3.4", "552 5.3.4 message too big"),
        ("4.4.7", "delivery time expired"),
    ],
)
def test_a_letter_that_was_refused_for_another_reason_says_nothing_of_the_address(
    sent: Town, status: str, said: str
) -> None:
    assert bounces.take_in(sent.settings, notice(sent, status=status, said=said)) is Report.FAILED
    assert sent.letters()[0].state is LetterState.BOUNCED
    assert alice(sent).unreachable_since is None


def went(town: Town, ago: timedelta) -> None:
    """Alice's letter went some time ago."""
    with transaction(town.settings) as session:
        session.execute(update(Letter).values(done_at=clock.now() - ago))


def heard(town: Town, ago: timedelta, how: str) -> None:
    """Something was heard of Alice some time ago."""
    at = clock.now() - ago
    with transaction(town.settings) as session:
        (letter,) = session.execute(select(Letter)).scalars()
        if how == "signed in":
            row = SignedIn(person_id=town.alice, token_hash="1", began_at=at, seen_at=at)
            session.add(row)
        elif how in {"wrote", "was said to write"}:
            session.add(
                MailReply(
                    fingerprint="0" * 64,
                    at=at,
                    on_day=at.date(),
                    person_id=town.alice,
                    sender="alice@example.org",
                    became=Became.UNREAD,
                    vouched=how == "wrote",
                )
            )
        else:
            activity = session.execute(select(c(Activity).id)).scalar_one()
            other = links.make(session, town.settings, town.alice)
            by = {
                "answered it": {"link_id": letter.link_id},
                "answered another": {"link_id": other},
                "was answered for": {"way": Way.PHONE, "registered_by": "Frida"},
            }[how]
            session.add(
                StatusAnswer(
                    activity_id=activity,
                    person_id=town.alice,
                    at=at,
                    on_day=at.date(),
                    says=Says.ON_TRACK,
                    **by,
                )
            )


def test_a_report_of_a_letter_older_than_servers_try_is_kept_and_marks_nobody(sent: Town) -> None:
    went(sent, timedelta(days=13))
    assert bounces.take_in(sent.settings, notice(sent)) is Report.UNREACHABLE
    with transaction(sent.settings) as session:
        session.execute(update(Person).values(unreachable_since=None, unreachable_why=""))
        session.execute(update(Letter).values(state=LetterState.SENT))
    went(sent, timedelta(days=15))
    refused = notice(sent, own="2", status="5.7.1", said="550 5.7.1 policy")
    for number, report in enumerate([notice(sent, own="3"), refused], start=1):
        assert bounces.take_in(sent.settings, report) is Report.NOT_BELIEVED
        assert reports(sent.settings)[Report.NOT_BELIEVED] == number
    assert alice(sent).unreachable_since is None
    (letter,) = sent.letters()
    assert letter.state is LetterState.SENT
    page = browse(create_app(sent.settings)).get(f"/utskick/{letter.id}").text
    assert "Rapport som inte gäller" in page
    assert "User unknown" in page


@pytest.mark.parametrize(
    ("how", "believed"),
    [
        ("answered it", False),
        ("answered another", False),
        ("signed in", False),
        ("wrote", False),
        ("was said to write", True),
        ("was answered for", True),
    ],
)
def test_a_report_is_not_believed_of_her_who_has_been_heard_of_since_the_letter_went(
    sent: Town, how: str, believed: bool
) -> None:
    went(sent, timedelta(hours=2))
    heard(sent, timedelta(hours=1), how)
    expected = Report.UNREACHABLE if believed else Report.NOT_BELIEVED
    assert bounces.take_in(sent.settings, notice(sent)) is expected
    assert (alice(sent).unreachable_since is not None) == believed
    assert (sent.letters()[0].state is LetterState.BOUNCED) == believed


@pytest.mark.parametrize("how", ["answered another", "signed in", "wrote"])
def test_what_was_heard_before_the_letter_went_says_nothing_of_it(sent: Town, how: str) -> None:
    heard(sent, timedelta(hours=3), how)
    went(sent, timedelta(hours=2))
    assert bounces.take_in(sent.settings, notice(sent)) is Report.UNREACHABLE


def test_a_forged_report_names_no_letter(sent: Town) -> None:
    (letter,) = sent.letters()
    forged = notice(sent, to=f"studs+{letter.id}.abcdefghabcdefgh@example.org")
    assert bounces.take_in(sent.settings, forged) is Report.FORGED
    about = notice(sent, own="2", to=f"studs+{letter.id}.aaaa@example.org", about=letter.message_id)
    assert bounces.take_in(sent.settings, about) is Report.FORGED
    assert alice(sent).unreachable_since is None


def test_without_an_address_of_its_own_the_returned_message_id_names_the_letter(sent: Town) -> None:
    (letter,) = sent.letters()
    told = notice(sent, to="foljsam@example.org", about=letter.message_id)
    unsigned = sent.settings.model_copy(update={"bounce_address": ""})
    assert bounces.take_in(unsigned, told) is Report.UNREACHABLE
    assert alice(sent).unreachable_since is not None


def test_where_letters_have_addresses_of_their_own_a_message_id_names_none(sent: Town) -> None:
    """It travels in answers and in what is sent on, so others than her server know it."""
    (letter,) = sent.letters()
    told = notice(sent, to="studs@example.org", about=letter.message_id)
    assert bounces.take_in(sent.settings, told) is Report.UNKNOWN
    assert alice(sent).unreachable_since is None


@pytest.mark.parametrize(
    ("ended", "report"),
    [
        ("alice@example.org", Report.UNREACHABLE),
        ("ALICE.ANDERSSON@EXAMPLE.ORG", Report.UNREACHABLE),  # what her address leads to there
        ("alice@example.net", Report.FAILED),
        ("a.list@lists.example.com", Report.FAILED),
    ],
)
def test_what_came_back_from_where_it_was_sent_on_says_nothing_of_her_own_address(
    sent: Town, ended: str, report: Report
) -> None:
    told = notice(sent).replace(b"rfc822; alice@example.org", b"rfc822; " + ended.encode())
    assert bounces.take_in(sent.settings, told) is report
    assert (alice(sent).unreachable_since is not None) == (report is Report.UNREACHABLE)


def test_a_report_of_somebody_elses_letter_is_counted_and_left(sent: Town) -> None:
    assert bounces.take_in(sent.settings, notice(sent, to="f@example.org")) is Report.UNKNOWN
    assert reports(sent.settings) == {Report.UNKNOWN: 1}


def test_somebody_who_is_away_is_no_bounce(sent: Town) -> None:
    (letter,) = sent.letters()
    away = EmailMessage()
    away["From"] = "alice@example.org"
    away["To"] = returns.sender(sent.settings, letter.id)
    away["Auto-Submitted"] = "auto-replied"
    away["Subject"] = "Jag är inte på kontoret 550 5.1.1"
    away.set_content("550 5.1.1 User unknown, ha ha")
    assert bounces.take_in(sent.settings, away.as_bytes()) is Report.IRRELEVANT
    receipt = MIMEMultipart("report", report_type="disposition-notification")
    receipt["To"] = returns.sender(sent.settings, letter.id)
    assert bounces.take_in(sent.settings, receipt.as_bytes()) is Report.IRRELEVANT
    assert alice(sent).unreachable_since is None


def test_exims_report_is_believed_only_where_it_has_our_signature(sent: Town) -> None:
    (letter,) = sent.letters()
    words = (
        "Return-Path: <>\nX-Failed-Recipients: alice@example.org\nTo: {}\n"
        "Message-ID: <{}@mx>\nSubject: Mail delivery failed\n\n"
        "  alice@example.org\n    SMTP error from remote mail server:\n"
        "    550 5.1.1 no such user\n"
    )
    unsigned = words.format("foljsam@example.org", 1).encode()
    assert bounces.take_in(sent.settings, unsigned) is Report.UNKNOWN
    signed = words.format(returns.sender(sent.settings, letter.id), 2).encode()
    assert bounces.take_in(sent.settings, signed) is Report.UNREACHABLE


def maildir(settings: Settings, folder: Path) -> Settings:
    """The installation with a Maildir to read."""
    (folder / "new").mkdir(parents=True)
    return settings.model_copy(update={"bounces_maildir": folder})


def test_a_maildir_is_read_once_and_what_was_read_is_seen(sent: Town, tmp_path: Path) -> None:
    told = maildir(sent.settings, tmp_path / "Maildir")
    (tmp_path / "Maildir" / "new" / "1.a").write_bytes(notice(sent))
    (tmp_path / "Maildir" / "new" / "2.b").write_bytes(b"\xff\x00 not a message at all")
    assert bounces.read(told) == Counter({Report.UNREACHABLE: 1, Report.IRRELEVANT: 1})
    assert bounces.read(told) == Counter()
    seen = sorted(path.name for path in (tmp_path / "Maildir" / "cur").iterdir())
    assert seen == ["1.a:2,S", "2.b:2,S"]


def test_a_report_of_25_megabytes_is_read_within_bounds(sent: Town, tmp_path: Path) -> None:
    told = maildir(sent.settings, tmp_path / "Maildir")
    large = notice(sent, padding="x" * 76 + "\n" * 1) + b"y" * (25 * 1024 * 1024)
    (tmp_path / "Maildir" / "new" / "1.a").write_bytes(large)
    began = used()
    assert bounces.read(told) == Counter({Report.UNREACHABLE: 1})
    assert used() - began < 2


def over_imap(settings: Settings, server: ImapServer, password: str = "right") -> Settings:
    """The installation with a mailbox to read over IMAP."""
    return settings.model_copy(
        update={
            "bounces_imap_host": "127.0.0.1",
            "bounces_imap_port": server.port,
            "bounces_imap_user": "studs",
            "bounces_imap_password": SecretStr(password),
        }
    )


def test_reports_are_read_over_imap_within_bounds_and_marked_as_seen(
    sent: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, key = certificate(tmp_path)
    large = notice(sent) + b"y" * (25 * 1024 * 1024)
    server = ImapServer(cert, key, [b"Subject: hej\r\n\r\nhej", large])
    told = over_imap(sent.settings, server)
    with pytest.raises(MailboxError, match="certificate"):  # nobody knows this server
        bounces.read(told)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    with pytest.raises(MailboxError, match="cannot be read"):
        bounces.read(over_imap(sent.settings, server, "wrong"))
    assert bounces.read(told) == Counter({Report.UNREACHABLE: 1, Report.IRRELEVANT: 1})
    assert server.seen == {1, 2}
    assert server.longest == MOST_BYTES
    assert bounces.read(told) == Counter()
    server.close()


def test_a_broken_notice_is_no_harm(sent: Town) -> None:
    for broken in (
        b"",
        b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status",
        notice(sent, own="2")[:600],
        notice(sent, own="3").replace(b"Action: failed", b"Action: \xff\xfe"),
    ):
        assert bounces.take_in(sent.settings, broken) in {Report.IRRELEVANT, Report.UNKNOWN}
    assert alice(sent).unreachable_since is None


def test_signs_that_no_database_keeps_stop_no_report(sent: Town, tmp_path: Path) -> None:
    report = notice(sent).replace(b"User unknown", b"User \x00unknown \xff")
    (tmp_path / "post" / "new").mkdir(parents=True)
    (tmp_path / "post" / "new" / "1").write_bytes(report)
    told = sent.settings.model_copy(update={"bounces_maildir": tmp_path / "post"})
    assert bounces.read(told) == Counter({Report.UNREACHABLE: 1})
    assert "User unknown" in alice(sent).unreachable_why
