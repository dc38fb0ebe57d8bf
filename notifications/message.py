"""A letter as the bytes that go to the mail server.

Put together by hand: Python's own `EmailMessage` takes fifty times as long, and the building, not
the sending, is what a morning's mail waits for. A test holds the two together: parsed again, every
letter is what `EmailMessage` would have made of it.
"""

import re
from base64 import encodebytes
from binascii import b2a_base64, b2a_qp
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import quote

from config import clock
from config.settings import Settings
from notifications import returns
from notifications.bag import Claimed
from notifications.outbox import Enclosed
from rules.wording import visible

SENDER_WITHOUT_SERVER = "foljsam@foljsam.invalid"
LONGEST_HEADER = 250  # characters of a subject or a name; what is longer is cut with an ellipsis
_LINE = 76  # a header line is folded at about here
_WORD = 45  # bytes in an encoded word: 60 in base64, with "=?utf-8?b?" and "?=" 72, of 75 allowed
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+@[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; [\w-]+=[\w.+-]+)*", re.ASCII)
_PLAIN_WORDS = re.compile(r"[\w !#$%&'*+/=?^`{|}~.,:;()<>@\[\]-]*", re.ASCII)
_PLAIN_NAME = re.compile(r"[\w !#$%&'*+/=?^`{|}~-]+", re.ASCII)  # needs no quotes


class NotALetter(ValueError):  # noqa: N818 - an answer, not a fault
    """What is on file cannot be made a letter. The message is a Swedish sentence."""


def build(settings: Settings, letter: Claimed, enclosed: Sequence[Enclosed] = ()) -> bytes:
    """Text and HTML that say the same, files after them, and headers that calm other robots.

    Lines end with CRLF. Raises `NotALetter`.
    """
    sender = settings.mail_from or SENDER_WITHOUT_SERVER
    head = [
        b"From: " + _mailbox(letter.from_name or settings.organisation, sender),
        b"To: " + _mailbox(letter.to_name, letter.to_address),
        b"Subject: " + _words("Subject", _one_line(letter.subject)),
        b"Date: " + _moment(letter.made_at or letter.queued_at),
        b"Message-ID: " + letter.message_id.encode(),
        b"Auto-Submitted: auto-generated",
        b"X-Auto-Response-Suppress: All",  # the same in Exchange's own words
        b"MIME-Version: 1.0",
        b"Content-Language: sv",
    ]
    answers_to = returns.answers_to(settings, letter.id) if letter.takes_replies else ""
    if reply_to := answers_to or letter.reply_to or settings.mail_reply_to:
        head.append(f"Reply-To: {for_the_envelope(reply_to)}".encode())
    return b"\r\n".join([*head, _body(letter, enclosed)])


def _body(letter: Claimed, enclosed: Sequence[Enclosed]) -> bytes:
    """The letter's parts: pictures beside the HTML that shows them, other files last."""
    shown = [_file(one) for one in enclosed if one.content_id]
    others = [_file(one) for one in enclosed if not one.content_id]
    mark = letter.message_id.strip("<>").partition("@")[0]
    html = _text("html", letter.html)
    if shown:
        html = _multipart("related", f"r{mark}", [html, *shown], '; type="text/html"')
    both = _multipart("alternative", f"a{mark}", [_text("plain", letter.text), html])
    return _multipart("mixed", f"m{mark}", [both, *others]) if others else both


def _multipart(kind: str, mark: str, parts: Sequence[bytes], more: str = "") -> bytes:
    """Parts between boundaries. Neither encoding that is used can hold `=_` itself."""
    boundary = f"=_{mark}"
    line = f"--{boundary}".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"{more}\r\n'.encode()
    inside = b"\r\n".join(line + b"\r\n" + part for part in parts)
    return head + b"\r\n" + inside + b"\r\n" + line + b"--\r\n"


def _text(kind: str, words: str) -> bytes:
    lines = words.replace("\r\n", "\n").replace("\r", "\n").encode()
    return (
        f'Content-Type: text/{kind}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode() + b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")


def _file(file: Enclosed) -> bytes:
    if not _MEDIA_TYPE.fullmatch(file.media_type):
        raise NotALetter(f"Bilagan ”{visible(file.name)}” har en okänd filtyp.")
    how = "inline" if file.content_id else "attachment"
    head = [
        f"Content-Type: {file.media_type}",
        f"Content-Disposition: {how}; {_parameter('filename', _one_line(file.name))}",
        "Content-Transfer-Encoding: base64",
    ]
    if file.content_id:
        head.append(f"Content-ID: <{_one_line(file.content_id)}>")
    return "\r\n".join([*head, "", ""]).encode() + encodebytes(file.content).replace(b"\n", b"\r\n")


def _parameter(name: str, value: str) -> str:
    """A parameter of a header; a value with other letters than English ones as RFC 2231 has it."""
    if _PLAIN_NAME.fullmatch(value.replace(".", "")):
        return f'{name}="{value}"'
    return f"{name}*=utf-8''{quote(value, safe='')}"


@lru_cache(maxsize=4096)
def _mailbox(name: str, address: str) -> bytes:
    """A name and an address as a header wants them; most of them come back each morning."""
    where = f"<{for_the_envelope(address)}>".encode()
    called = _one_line(name)
    if not called:
        return where
    if _PLAIN_NAME.fullmatch(called):
        return called.encode() + _space(called, where) + where
    words = _encoded(called, 6)
    return words + b"\r\n " + where


@lru_cache(maxsize=64)
def _moment(at: datetime) -> bytes:
    """A moment as headers have it; a whole round is queued at one."""
    return format_datetime(clock.in_stockholm(at)).encode()


def _space(called: str, where: bytes) -> bytes:
    return b" " if len(called) + len(where) < _LINE - 6 else b"\r\n "


def for_the_envelope(address: str) -> str:
    """An address as mail servers write it: "bo@åmål.example" is "bo@xn--ml-xiab.example".

    Raises `NotALetter` for what is no address; nothing else may reach a header or a command.
    """
    if not _ADDRESS.fullmatch(address):
        raise NotALetter(f"Adressen ”{visible(address)}” är ingen e-postadress.")
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        said = f"Adressens domän ”{visible(domain)}” går inte att skriva till."
        raise NotALetter(said) from error


def _words(header: str, words: str) -> bytes:
    """Words in a header: as they are where that is allowed and short enough, or encoded."""
    room = _LINE - len(header) - 2
    if len(words) <= room and "=?" not in words and _PLAIN_WORDS.fullmatch(words):
        return words.encode()
    return _encoded(words, len(header) + 2)


def _encoded(words: str, taken: int) -> bytes:
    """Encoded words (RFC 2047), a line each, cut between characters and never inside one.

    `taken`: how much of the first line the header's own name has; a line has 78 characters.
    """
    found, piece, room = [], b"", min(_WORD, (78 - 12 - taken) // 4 * 3)
    for character in words:
        more = character.encode("utf-8", "replace")
        if len(piece) + len(more) > room:
            found.append(piece)
            piece, room = b"", _WORD
        piece += more
    found.append(piece)
    return b"\r\n ".join(b"=?utf-8?b?" + b2a_base64(one, newline=False) + b"?=" for one in found)


def _one_line(words: str) -> str:
    """No line break of somebody's title may begin a header of its own, and none is endless."""
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return line if len(line) <= LONGEST_HEADER else line[: LONGEST_HEADER - 1].rstrip() + "…"
