"""A mail that a person wrote, as plain values: who, about which letter, and in which words.

Headers are read here, as many and as long as servers let through. The body is somebody else's file,
with parts within parts, a library's patterns and HTML in it: it is read in a process apart
(`body.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from itertools import islice

from intake.apart import MEGABYTE, Bounds, Reader, told_by
from intake.documents import Refusal
from rules.charsets import header_decoded
from rules.unseen import halves_told

BOUNDS = Bounds(work=5, wait=30, memory=200 * MEGABYTE, answer=MEGABYTE)
_LIBRARIES = ("intake.replies.body", "lxml.html", "mailparser_reply")
_HEAD = 256 * 1024  # bytes that are looked through for headers
_LONGEST = 2000  # characters of a header that is looked at
_MOST_ADDRESSES = 100  # that it came to
_MOST_REFERENCES = 50
_LONG_REFERENCES = 20_000  # characters
_REPLIES_TO = ("in-reply-to", "references")
_RECEIVED_AT = (
    *("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to"),
    *("x-delivered-to", "x-forwarded-to", "apparently-to"),
)


@dataclass(frozen=True, slots=True)
class Body:
    """What stands in a mail: her own words, what she signed with, and what hangs on it.

    `unreadable`: it could not be read within bounds, or is encrypted; there are no words.
    """

    words: str = ""
    signed: str = ""
    attachments: tuple[str, ...] = ()
    unreadable: bool = False

    @property
    def whole(self) -> str:
        """Everything that she wrote herself."""
        return f"{self.words}\n\n{self.signed}".strip()


@dataclass(frozen=True, slots=True)
class Written:
    """A mail by a person. `sender` is "" where it does not come from exactly one address.

    `checked` is the topmost Authentication-Results as it stands; `refers` are the Message-IDs that
    it answers, the nearest first.
    """

    sender: str
    sender_name: str
    subject: str
    addresses: tuple[str, ...]
    refers: tuple[str, ...]
    own_id: str
    checked: str
    body: Body


def read(raw: bytes) -> Written:
    """Read a mail, however broken; what cannot be read is empty."""
    message = BytesHeaderParser().parsebytes(raw[:_HEAD])
    senders = _addresses(message, "from")
    name, sender = senders[0] if len(senders) == 1 else ("", "")
    return Written(
        sender=sender.lower(),
        sender_name=name,
        subject=_words(message.get("Subject")),
        addresses=_came_to(message),
        refers=_refers(message),
        own_id=_words(message.get("Message-ID")),
        # Whole: a stranger's twenty signatures, each with its result, come before DMARC's.
        checked=" ".join(_as_it_stands(message.get("Authentication-Results")).split()),
        body=_body(raw),
    )


def _body(raw: bytes) -> Body:
    name = "mejlet"
    heavy = Refusal("a mail took too long to read", "Mejlet tog för lång tid att läsa.")
    reader = Reader("intake.replies.body:tell", _LIBRARIES, of_mail=True)
    try:
        with told_by(reader, name, raw, heavy=heavy, bounds=BOUNDS) as lines:
            words, signed, attachments, unreadable = next(lines)
            rest = list(lines)
    except (Refusal, StopIteration, TypeError, ValueError):
        return Body(unreadable=True)
    if rest or not isinstance(attachments, list):
        return Body(unreadable=True)
    names = tuple(halves_told(str(name)) for name in attachments)
    return Body(halves_told(str(words)), halves_told(str(signed)), names, bool(unreadable))


def _came_to(message: Message) -> tuple[str, ...]:
    values = (value for each in _RECEIVED_AT for value in message.get_all(each, []))
    return tuple(_as_it_stands(value)[:_LONGEST] for value in islice(values, _MOST_ADDRESSES))


def _addresses(message: Message, header: str) -> Sequence[tuple[str, str]]:
    values = [_as_it_stands(value)[:_LONGEST] for value in message.get_all(header, [])]
    try:
        found = [(_decoded(name), address) for name, address in getaddresses(values)]
    except RecursionError:  # brackets within brackets
        return []
    return [(name, address) for name, address in found if "@" in address.strip("@")]


def _refers(message: Message) -> tuple[str, ...]:
    """The Message-IDs that it answers. References has the nearest last."""
    found: list[str] = []
    for header in _REPLIES_TO:
        for value in message.get_all(header, []):
            named = _as_it_stands(value)[-_HEAD // 8 :].split()
            found += [each for each in named if each.startswith("<")][::-1]
    return tuple(dict.fromkeys(found[:_MOST_REFERENCES]))


def _as_it_stands(value: object) -> str:
    """A header's value, in which half a character is told by U+FFFD."""
    return halves_told(str(value or ""))


def _words(value: object) -> str:
    return _decoded(_as_it_stands(value)[:_LONGEST])


def _decoded(value: str) -> str:
    """A header's words in one line, also of the encodings that nobody knows."""
    words = header_decoded(value)
    return " ".join("".join(each if each.isprintable() else " " for each in words).split())
