"""What somebody wrote herself is told from what she answered, however her program quotes it."""

import io
from datetime import date
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.replies.body import own_words, tell
from intake.replies.fixed_words import Line, only_signs, understood
from intake.replies.written import read
from models.status import Says
from rules.authentication import EXCHANGE_ONLINE, passed_dmarc

TODAY = date(2024, 12, 2)
LETTER = """\
Hej Alice,

Två aktiviteter som du svarar för behöver ett besked.
Svara senast 31 december 2024.

1. Trygg hemgång
2. Färre fall

Lämna besked (tar någon minut, ingen inloggning behövs):
https://foljsam.example.org/svar/abc

Du kan också svara på brevet, med numret först och en rad för varje: ”1 klart”, ”2 enligt plan”.

klart
1 klart

Vårdsamverkan Prov
Brevet skickas automatiskt av Följsam, högst ett om dagen."""
MARKED = "\n".join(f"> {line}".rstrip() for line in LETTER.split("\n"))
FROM = "Vårdsamverkan Prov genom Frida"
ADDRESS = "foljsam@example.org"

# Below what she wrote: the letter, as programs give it back.
QUOTED = {
    "outlook": f"Från: {FROM} <{ADDRESS}>\nSkickat: den 2 december 2024 08:12\nTill: Alice Ek\n"
    f"Ämne: Svara senast 31 december: Trygg hemgång\n\n{LETTER}",
    "outlook with a line": f"________________________________\nFrån: {FROM} <{ADDRESS}>\n"
    f"Skickat: den 2 december 2024 08:12:00\nTill: Alice Ek\nÄmne: Svara\n\n{LETTER}",
    "outlook in bold": f"*Från:* {FROM} <{ADDRESS}>\n*Skickat:* den 2 december 2024\n"
    f"*Till:* Alice\n*Ämne:* Svara\n\n{LETTER}",
    "outlook in English": f"From: {FROM} <{ADDRESS}>\nSent: Monday, December 2, 2024 8:12 AM\n"
    f"To: Alice\nSubject: Svara\n\n{LETTER}",
    "old outlook": f"-----Ursprungligt meddelande-----\nFrån: {FROM}\nSkickat: x\n\n{LETTER}",
    "gmail": f"Den mån 2 dec. 2024 kl 08:12 skrev {FROM} <{ADDRESS}>:\n\n{MARKED}",
    "gmail over two lines": f"Den mån 2 dec. 2024 kl 08:12 skrev {FROM} <\n{ADDRESS}>:\n\n{MARKED}",
    "gmail in English": f"On Mon, Dec 2, 2024 at 8:12 AM {FROM} <{ADDRESS}> wrote:\n\n{MARKED}",
    "iphone": f"2 dec. 2024 kl. 08:12 skrev {FROM} <{ADDRESS}>:\n\n{MARKED}",
    "iphone, all marked": f"> 2 dec. 2024 kl. 08:12 skrev {FROM} <{ADDRESS}>:\n>\n{MARKED}",
    "thunderbird": f"Den 2024-12-02 kl. 08:12, skrev {FROM}:\n{MARKED}",
    "nothing": "",
}
SIGNED = (
    "",
    "Alice",
    "/Alice",
    "/Alice Ek",
    "Mvh Alice",
    "Mvh\nAlice Ek",
    "Med vänlig hälsning\n\nAlice Ek\nEnhetschef, Alms kommun\n070-123 45 67",
    "Med vänliga hälsningar\nAlice Ek",
    "Hälsningar Alice",
    "Vänliga hälsningar,\nAlice",
    "-- \nAlice Ek\nAlms kommun",
    "Skickat från min iPhone",
    "Skickat från Outlook för iOS",
    "Hämta Outlook för Android<https://aka.ms/AAb9ysg>",
)
GREETINGS = ("", "Hej!", "Hej Frida,", "Hejsan", "God morgon!")
PHRASES = {
    "klart": (Says.DONE, ""),
    "Klart!": (Says.DONE, ""),
    "KLART.": (Says.DONE, ""),
    "Enligt plan": (Says.ON_TRACK, ""),
    "det går enligt plan.": (Says.ON_TRACK, ""),
    "Försenat": (Says.LATE, ""),
    "försenat till mars": (Says.LATE, "mars"),
    "Försenat till 15 mars 2025": (Says.LATE, "15 mars 2025"),
    "blir försenat till vecka 12": (Says.LATE, "vecka 12"),
    "Inte mitt": (Says.NOT_ME, ""),
    "inte mitt ansvar": (Says.NOT_ME, ""),
}
OTHER_WORDS = (
    "Men vi behöver hjälp.",
    "Kan du ringa mig?",
    "Bo är sjuk till fredag",
    "inte klart",
    "klart?",
    "nästan klart",
    "försenat till jag vet inte",
    "försenat till mars kanske april",
    "försenat till 2024-11-01",
    "enligt plan om Bo blir frisk",
)


def pressed(greeting: str, words: str, signed: str, quoted: str) -> str:
    """A reply as it is written: pieces with an empty line between."""
    return "\n\n".join(piece for piece in (greeting, words, signed, quoted) if piece)


def heard(text: str, numbers: tuple[int, ...]) -> list[Line] | None:
    """What is understood of a body."""
    words, below = own_words(text)
    return understood(words, numbers, TODAY, "Alice Ek") if only_signs(below) else None


QUOTES = st.sampled_from(list(QUOTED.values()))


@given(
    st.sampled_from(GREETINGS),
    st.sampled_from(list(PHRASES)),
    st.sampled_from(SIGNED),
    QUOTES,
    st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=300, deadline=None)
def test_one_phrase_is_understood_under_any_greeting_signature_and_quote(
    greeting: str, phrase: str, signed: str, quoted: str, ends: str
) -> None:
    text = pressed(greeting, phrase, signed, quoted).replace("\n", ends)
    assert heard(text, (1,)) == [Line(1, *PHRASES[phrase])]


@given(
    st.permutations([1, 2, 3]),
    st.lists(st.sampled_from(list(PHRASES)), min_size=3, max_size=3),
    st.sampled_from(["{} {}", "{}. {}", "{}: {}", "{}) {}", "nr {} {}", "{} - {}"]),
    st.sampled_from(SIGNED),
    QUOTES,
)
@settings(max_examples=200, deadline=None)
def test_each_line_with_a_number_is_understood(
    order: list[int], phrases: list[str], shape: str, signed: str, quoted: str
) -> None:
    lines = [shape.format(number, phrase) for number, phrase in zip(order, phrases, strict=True)]
    found = heard(pressed("", "\n".join(lines), signed, quoted), (1, 2, 3))
    said = [Line(number, *PHRASES[phrase]) for number, phrase in zip(order, phrases, strict=True)]
    assert found == said


@given(
    st.sampled_from(list(PHRASES)),
    st.sampled_from(OTHER_WORDS),
    st.sampled_from(SIGNED),
    QUOTES,
    st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_a_word_more_than_the_fixed_ones_and_nothing_is_understood(
    phrase: str, more: str, signed: str, quoted: str, before: bool
) -> None:
    words = f"{more}\n{phrase}" if before else f"{phrase}\n{more}"
    assert heard(pressed("", words, signed, quoted), (1,)) is None
    own, below = own_words(pressed("", words, signed, quoted))
    assert more in f"{own}\n{below}"  # and whoever reads it sees it


@given(QUOTES, st.sampled_from(SIGNED))
@settings(max_examples=100, deadline=None)
def test_the_letters_own_words_are_never_her_answer(quoted: str, signed: str) -> None:
    assert heard(pressed("", "", signed, quoted), (1, 2)) is None


def test_a_question_under_the_signature_is_no_signature() -> None:
    assert heard("Klart\n\nMvh Alice\n\nPs. När är mötet?", (1,)) is None


def test_her_own_sentence_that_begins_as_a_quote_is_hers() -> None:
    text = "Klart\n\nDen 3 mars skrev jag till Bo om det här:\nVi behöver mer tid."
    assert heard(text, (1,)) is None
    assert "mer tid" in own_words(text)[0]


def test_an_answer_below_the_letter_is_found() -> None:
    assert heard(f"{QUOTED['gmail']}\n\nInte mitt\n", (1,)) == [Line(1, Says.NOT_ME)]


OUTLOOK = (
    "<html><head><style>p { margin: 0 }</style></head><body><p>Klart</p>"
    '<p>Med vänlig hälsning<br>Alice</p><div id="appendonsend"></div><hr>'
    '<div id="divRplyFwdMsg"><b>Från:</b> Frida<br><b>Skickat:</b> i går</div>'
    "<div>Hej Alice, Enligt plan</div></body></html>"
)
GMAIL = (
    '<div dir="ltr">Klart</div><br><div class="gmail_quote"><div class="gmail_attr">Den mån 2 dec.'
    ' skrev Frida:</div><blockquote class="gmail_quote">Hej Alice, Enligt plan</blockquote></div>'
)
APPLE = (
    "<html><body>Klart<br><br>Skickat från min iPhone<blockquote type='cite'>2 dec. 2024 skrev "
    "Frida:<br></blockquote><blockquote type='cite'>Hej Alice</blockquote></body></html>"
)


@pytest.mark.parametrize("page", [OUTLOOK, GMAIL, APPLE])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_a_mail_of_html_alone_is_read(page: str, charset: str) -> None:
    mail = EmailMessage()
    mail["From"] = "Alice <alice@example.org>"
    mail.set_content(page, subtype="html", charset=charset)
    body = read(bytes(mail)).body
    assert understood(body.words, (1,), TODAY, "Alice Ek") == [Line(1, Says.DONE)]


def test_a_picture_in_a_signature_is_no_attachment_and_a_file_is() -> None:
    mail = EmailMessage()
    mail["From"] = "alice@example.org"
    mail.set_content("Klart")
    mail.add_alternative("<p>Klart</p><img src='cid:logo'>", subtype="html")
    page = mail.get_payload()[1]  # type: ignore[index]
    page.add_related(b"GIF89a", "image", "gif", cid="<logo>", filename="logo.gif")  # type: ignore[union-attr]
    assert read(bytes(mail)).body.attachments == ()
    mail.make_mixed()
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="lista.pdf")
    assert read(bytes(mail)).body.attachments == ("lista.pdf",)


def test_an_encrypted_mail_is_told_as_one_that_cannot_be_read() -> None:
    mail = EmailMessage()
    mail["From"] = "alice@example.org"
    mail.set_content(b"0", maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
    assert read(bytes(mail)).body.unreadable


@given(st.binary(max_size=600))
@settings(max_examples=200, deadline=None)
def test_whatever_comes_is_read_in_the_child_without_breaking(tmp: bytes) -> None:
    (told,) = list(tell(io.BytesIO(tmp)))
    assert isinstance(told, list)


@given(st.text(max_size=400))
@settings(max_examples=300, deadline=None)
def test_whatever_is_written_is_words_or_an_answer(text: str) -> None:
    words, below = own_words(text)
    assert understood(words, (1, 2), TODAY) is None or only_signs(below) is not None


def test_a_mail_that_would_take_for_ever_is_told_as_unreadable_or_read_within_bounds() -> None:
    words = "On " + "a " * 9000 + "\n" + "Den " + "x " * 9000
    raw = f"From: a@example.org\nContent-Type: text/plain\n\n{words}".encode()
    assert read(raw).body.whole or read(raw).body.unreadable


@pytest.mark.parametrize(
    ("header", "server", "holds"),
    [
        ("mx.example.org; dmarc=pass header.from=example.org", "mx.example.org", True),
        ("MX.example.org 1; DMARC=Pass (p=none) header.from=Example.org", "mx.example.org", True),
        ('mx.example.org; dmarc=pass header.from="example.org"', "mx.example.org", True),
        ("mx.example.org; dmarc=pass header.from=example.org", "", False),
        ("mx.example.org", "mx.example.org", False),
        ("mx.example.org; none", "mx.example.org", False),
        ("", "mx.example.org", False),
        ("; dmarc=pass header.from=example.org", "mx.example.org", False),
        (
            "spf=pass (sender IP is 1.2.3.4) smtp.mailfrom=example.org; dkim=pass; dmarc=pass "
            "action=none header.from=example.org;compauth=pass reason=100",
            EXCHANGE_ONLINE,
            True,
        ),
        ("mx.evil.example; dmarc=pass header.from=example.org", EXCHANGE_ONLINE, False),
        ("dmarc=fail action=none header.from=example.org", EXCHANGE_ONLINE, False),
    ],
)
def test_what_the_receiving_server_says_of_a_mail(header: str, server: str, holds: bool) -> None:
    assert passed_dmarc(header, server, "example.org") is holds
