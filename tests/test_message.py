"""A letter as bytes is what Python's own `EmailMessage` would have made of it."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import settings as settings_module
from config.settings import Settings
from notifications.bag import Claimed
from notifications.message import NotALetter, build
from notifications.outbox import Enclosed
from tests.sizes import size

PDF = Enclosed("rapport kvartal 1.pdf", "application/pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40)
PICTURE = Enclosed("läget.png", "image/png", b"\x89PNG" + bytes(range(256)), "laget@foljsam")
DAYS = Enclosed("slutdatum.ics", "text/calendar; charset=utf-8; method=PUBLISH", b"BEGIN:VCALENDAR")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation with a Swedish name."""
    return settings_module.load(
        home=tmp_path_factory.mktemp("message"),
        organisation="Vårdsamverkan Åmål",
        mail_from="foljsam@example.org",
        mail_reply_to="frida@example.org",
    )


def letter(name: str = "Alice", subject: str = "Hej", text: str = "Hej", html: str = "") -> Claimed:
    """A letter to Alice."""
    at = datetime(2024, 12, 2, 5, 10, tzinfo=UTC)
    who = (1, 1, name, "alice@example.org")
    return Claimed(*who, subject, text, html, "<1-2-3@example.org>", "", at, 0)


def by_the_book(settings: Settings, what: Claimed, enclosed: list[Enclosed]) -> EmailMessage:
    """The same letter as Python's library makes it."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(settings.organisation, addr_spec=settings.mail_from)
    message["To"] = Address(_line(what.to_name), addr_spec=what.to_address)
    message["Subject"] = _line(what.subject)
    message.set_content(what.text, cte="quoted-printable")
    message.add_alternative(what.html, subtype="html", cte="quoted-printable")
    for file in enclosed:
        main, _, sub = file.media_type.partition("/")
        if file.content_id:
            html = message.get_body(("html",))
            assert html is not None
            html.add_related(
                *(file.content, main, sub),
                cid=f"<{file.content_id}>",
                filename=file.name,
                disposition="inline",
            )
        else:
            message.add_attachment(file.content, main, sub, filename=file.name)
    return message_from_bytes(message.as_bytes(), policy=default)


def _line(words: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def parsed(made: bytes) -> EmailMessage:
    """Bytes, read again."""
    return message_from_bytes(made, policy=default)


def shape(message: EmailMessage) -> list[tuple[str, str | None, str | None, bytes]]:
    """Every part: its type, its file name, its Content-ID, and what it holds."""
    return [
        (
            part.get_content_type(),
            part.get_filename(),
            part["Content-ID"],
            b"" if part.is_multipart() else _content(part),
        )
        for part in message.walk()
    ]


def _content(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    whole = payload.replace(b"\r\n", b"\n").rstrip(b"\n")
    return whole if part.get_content_maintype() == "text" else payload


def name_in(made: bytes) -> str:
    """The reader's name, by the older of Python's two parsers.

    The newer one puts a space between the encoded words of a name (also of one that it wrote
    itself), which RFC 2047, 6.2, says not to.
    """
    decoded = str(make_header(decode_header(message_from_bytes(made)["To"])))
    return decoded.rpartition("<")[0].strip()


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=90)
BODY = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=400)


@settings(max_examples=size("MESSAGES", 60, 2000))
@given(
    name=WORDS, subject=WORDS, text=BODY, html=BODY, some=st.sets(st.sampled_from([PDF, PICTURE]))
)
def test_a_letter_reads_as_the_library_would_have_made_it(
    told: Settings, name: str, subject: str, text: str, html: str, some: set[Enclosed]
) -> None:
    enclosed = sorted(some, key=lambda file: not file.content_id)
    what = letter(name, subject, text, html)
    ours, theirs = parsed(build(told, what, enclosed)), by_the_book(told, what, enclosed)
    assert ours.defects == []
    assert ours["To"].addresses[0].addr_spec == "alice@example.org"
    assert name_in(build(told, what, enclosed)) == _line(name)
    assert str(ours["Subject"]) == _line(subject)
    assert str(ours["From"]) == str(theirs["From"])
    assert shape(ours) == shape(theirs)


def test_every_line_is_short_and_ends_as_lines_in_mail_do(told: Settings) -> None:
    made = build(told, letter("Å" * 200, "Ö" * 200, "ä" * 3000, "<p>" + "x" * 5000), [PDF, PICTURE])
    assert b"\n" not in made.replace(b"\r\n", b"")
    assert b"\r" not in made.replace(b"\r\n", b"")
    assert max(map(len, made.split(b"\r\n"))) <= 78


def test_a_pdf_goes_last_and_a_picture_beside_the_html_that_shows_it(told: Settings) -> None:
    message = parsed(build(told, letter(html="<img src=cid:laget@foljsam>"), [PICTURE, PDF]))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ]
    (pdf,) = message.iter_attachments()
    assert (pdf.get_filename(), pdf.get_content()) == (PDF.name, PDF.content)


def test_a_calendar_says_publish_in_its_type_too(told: Settings) -> None:
    (file,) = parsed(build(told, letter(), [DAYS])).iter_attachments()
    assert file["Content-Type"].params == {"charset": "utf-8", "method": "PUBLISH"}


@pytest.mark.parametrize(
    "words",
    ["Alice\r\nBcc: alla@example.org", "Alice\nX-Evil: ja", "\x00\u2028Alice", '"Alice" <x@y>'],
)
def test_no_name_or_title_becomes_a_header(told: Settings, words: str) -> None:
    made = parsed(build(told, letter(words, words)))
    assert set(made.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"),
        *("Content-Language", "Reply-To", "Content-Type", "X-Auto-Response-Suppress"),
    }
    assert [one.addr_spec for one in made["To"].addresses] == ["alice@example.org"]


def test_a_file_of_a_kind_that_is_none_is_refused(told: Settings, tmp_path: Path) -> None:
    with pytest.raises(NotALetter, match="okänd filtyp"):
        build(told, letter(), [Enclosed("a", "text/plain\r\nX-Evil: ja", b"")])
