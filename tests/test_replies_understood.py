"""What somebody wrote herself is told from what she answered, however her program quotes it."""

import base64
import io
from datetime import date
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.replies.body import own_words, tell
from intake.replies.fixed_words import Line, only_signs, understood
from intake.replies.written import Body, read
from models.status import Says
from rules.authentication import EXCHANGE_ONLINE, passed_dmarc
from rules.unseen import halves_told

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


def of_parts(*parts: str, kind: str = "mixed") -> Body:
    """What is read of a mail that has these parts, each with its own headers."""
    inside = "".join(f"--X\n{part}\n" for part in parts)
    head = f"From: alice@example.org\nContent-Type: multipart/{kind}; boundary=X\n\n"
    return read(f"{head}{inside}--X--\n".encode()).body


PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"
PAGE = "Content-Type: text/html; charset=utf-8\n\n"
INSIDE = f"From: bob@example.org\nTo: alice@example.org\n{PLAIN}klart"
A_MAIL = f"Content-Type: message/rfc822\n\n{INSIDE}"
NAMED_MAIL = (
    "Content-Type: message/rfc822\n"
    f'Content-Disposition: attachment; filename="Bobs mejl.eml"\n\n{INSIDE}'
)
A_TEXT = 'Content-Type: text/plain\nContent-Disposition: inline; filename="plan.txt"\n\nklart'
OLD_NAME = 'Content-Type: text/plain; name="plan.txt"\n\nklart'
A_PAGE = 'Content-Type: text/html; name="plan.html"\n\n<p>klart</p>'
UNKNOWN = "Content-Type: text/plain\nContent-Disposition: form-data\n\nklart"
A_FOLDER = (
    'Content-Type: multipart/mixed; boundary=Y\nContent-Disposition: attachment; filename="allt"'
    f"\n\n--Y\n{PLAIN}klart\n--Y--"
)
DIGEST = f"Content-Type: multipart/digest; boundary=Y\n\n--Y\n\n{INSIDE}\n--Y--"


@pytest.mark.parametrize(
    ("part", "name"),
    [
        (A_MAIL, "ett mejl"),
        (NAMED_MAIL, "Bobs mejl.eml"),
        (A_TEXT, "plan.txt"),
        (OLD_NAME, "plan.txt"),
        (A_PAGE, "plan.html"),
        (UNKNOWN, "text/plain"),
        (A_FOLDER, "allt"),
        (DIGEST, "ett mejl"),
        ("Content-Type: message/external-body; access-type=URL\n\nklart", "ett mejl"),
        ("Content-Type: text/csv\n\nklart", "text/csv"),
        ("Content-Type: text/calendar\n\nklart", "text/calendar"),
    ],
)
@pytest.mark.parametrize(
    ("own", "words"),
    [
        (f"{PAGE}<p>Nej, det är inte klart.</p>", "Nej, det är inte klart."),
        (f"{PLAIN}Enligt plan", "Enligt plan"),
        (f"{PLAIN}\n", ""),
    ],
)
def test_what_hangs_on_a_mail_is_never_her_words_and_is_always_told(
    own: str, words: str, part: str, name: str
) -> None:
    body = of_parts(own, part)
    assert (body.words, body.attachments, body.unreadable) == (words, (name,), False)
    body = of_parts(part, own)
    assert (body.words, body.attachments) == (words, (name,))


def test_a_mail_that_is_a_mail_and_nothing_more_has_no_words() -> None:
    raw = f"From: alice@example.org\nContent-Type: message/rfc822\n\n{INSIDE}".encode()
    assert (read(raw).body.words, read(raw).body.attachments) == ("", ("ett mejl",))


def test_of_texts_that_say_the_same_one_is_hers_and_of_texts_in_a_row_each() -> None:
    both = of_parts(f"{PLAIN}Klart", f"{PAGE}<p>Klart</p>", kind="alternative")
    assert (both.words, both.attachments) == ("Klart", ())
    empty = of_parts(f"{PLAIN}\n", f"{PAGE}<p>Klart</p>", kind="alternative")
    assert empty.words == "Klart"
    around = of_parts(f"{PLAIN}Klart", A_TEXT, f"{PLAIN}men först i mars")
    assert around.words == "Klart\n\nmen först i mars"
    many = of_parts(*[f"{PLAIN}Klart"] * 30)
    assert many.attachments == ("mer text",)


def test_a_picture_that_the_mail_does_not_show_is_a_file() -> None:
    picture = 'Content-Type: image/png; name="tavla.png"\nContent-ID: <f_1>\n\nx'
    sent = of_parts(f"{PLAIN}Klart", f"Content-Disposition: attachment\n{picture}")
    assert sent.attachments == ("tavla.png",)
    nameless = picture.replace("<f_1>", "<>")
    assert of_parts(f"{PAGE}Klart <img src='cid:a'>", nameless).attachments == ("tavla.png",)
    shown = of_parts(f"{PAGE}Klart <img src='cid:f%5F1'>", picture, kind="related")
    assert (shown.words, shown.attachments) == ("Klart", ())


def test_a_signature_that_only_proves_the_mail_is_no_file() -> None:
    key = 'Content-Type: application/pgp-signature; name="signature.asc"\n\nx'
    assert of_parts(f"{PLAIN}Klart", key, kind="signed").attachments == ()


def test_parts_that_are_none_are_told_where_there_are_words() -> None:
    broken = "Content-Type: multipart/mixed\n\nklart"
    assert of_parts(f"{PLAIN}Klart", broken).attachments == ("multipart/mixed",)
    assert of_parts(broken).unreadable


ODD = [
    *("utf-7", "raw_unicode_escape", "unicode_escape", "idna", "punycode", "undefined", "zlib"),
    *("rot13", "mbcs", "x" * 400, "utf-16-be", "utf-32", "a*b", "åäö"),
]
HALF = ["+2AA- klart", r"\ud800 klart", "2AA klart"]


@pytest.mark.parametrize("charset", ODD)
@pytest.mark.parametrize("words", HALF)
def test_no_character_set_costs_a_mail_its_sender_or_makes_what_no_database_takes(
    charset: str, words: str
) -> None:
    named = f"=?{charset}?q?{words.replace(' ', '_')[:60]}?="
    raw = (
        f'From: "{named}" <alice@example.org>\nSubject: {named}\nMessage-ID: <{named}@x>\n'
        f"In-Reply-To: <{named}>\nTo: {named}\nContent-Type: multipart/mixed; boundary=X\n\n"
        f'--X\nContent-Type: text/plain; charset="{charset}"\n\n{words}\n'
        f"--X\nContent-Type: image/png\n"
        f"Content-Disposition: attachment; filename*={charset}''%5Cud800%ff%00.png\n\nx\n--X--\n"
    ).encode("utf-8", "replace")
    told = read(raw)
    assert told.sender == "alice@example.org"
    assert len(told.body.attachments) == 1
    for each in (
        *(told.sender_name, told.subject, told.own_id, told.checked, told.body.whole),
        *(told.body.attachments + told.refers + told.addresses),
    ):
        assert each == halves_told(each)


def test_words_in_a_set_that_mail_has_are_read_in_it_and_in_another_as_they_stand() -> None:
    for charset in ("iso-8859-1", "windows-1252", "utf-16", "utf-8"):
        head = f"From: a@example.org\nContent-Type: text/plain; charset={charset}\n".encode()
        said = head + b"\n" + "Försenat".encode(charset)
        if charset == "utf-16":
            coded = base64.b64encode("Försenat".encode(charset))
            said = head + b"Content-Transfer-Encoding: base64\n\n" + coded
        assert read(said).body.words == "Försenat"
    odd = b"From: a@example.org\nContent-Type: text/plain; charset=unicode_escape\n\nklart"
    assert read(odd).body.words == "klart"
