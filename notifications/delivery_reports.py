"""What a message in the mailbox for bounces says: a letter that did not arrive, or nothing to us.

Pure: bytes in, a value out. A delivery status notice (RFC 3464) is read wherever it comes from.
Of other shapes only Exim's is, and only for who has our signature: everything else (answers from
people who are away, receipts, stray letters) says nothing about an address.

What somebody sends may be made to take minutes: thousands of parts within each other, a header of a
million signs. So `flows/mail_in.py` has it read in a process apart, with bounds (`tell_apart`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from typing import IO, Any

from models.bounce import Report
from models.post import Stage
from notifications.smtp import in_one_line
from rules.charsets import header_decoded
from rules.refusals import Verdict, judge
from rules.unseen import halves_told

_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_RECEIVED_AT = (
    *("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to"),
    *("x-delivered-to", "x-forwarded-to", "apparently-to"),
)
_LOUDEST = {"failed": 2, "delayed": 1}


@dataclass(frozen=True, slots=True)
class Told:
    """What one message tells. `report` is not FORGED or UNKNOWN here: that takes the database."""

    report: Report
    status: str = ""
    said: str = ""
    addresses: tuple[str, ...] = ()  # where it came to: one of them may name the letter
    about: str = ""  # the Message-ID of the letter that is returned in it
    recipients: tuple[str, ...] = ()  # whom it says that of: as addressed, and as it ended
    needs_signature: bool = False
    own_id: str = ""
    by_a_person: bool = False  # nothing says that a machine wrote it


def tell(raw: bytes) -> Told:
    """Read one message; it may have been cut off after some length."""
    message = message_from_bytes(raw)
    addresses = tuple(
        halves_told(str(value)[:2000])
        for name in _RECEIVED_AT
        for value in message.get_all(name, [])
    )
    own_id = _words(message.get("Message-ID"))
    notice = next((part for part in _parts(message) if _is(part, "message/delivery-status")), None)
    if notice is not None:
        worst = _worst(notice)
        report, status, said = _of_notice(worst)
        about, recipients = _returned(message), _recipients(worst)
        return Told(report, status, said, addresses, about, recipients, own_id=own_id)
    if _words(message.get("Return-Path")) in {"<>", ""} and message.get("X-Failed-Recipients"):
        report, status, said = _of_words(_text(message))
        return Told(report, status, said, addresses, needs_signature=True, own_id=own_id)
    person = not is_automatic(message)
    return Told(Report.IRRELEVANT, addresses=addresses, own_id=own_id, by_a_person=person)


def tell_apart(file: IO[bytes], _name: str = "") -> Iterator[object]:
    """The same as plain values, for `told_as` in the process that asks."""
    yield asdict(tell(file.read()))


def told_as(values: Mapping[str, Any]) -> Told:
    """What `tell_apart` told. Raises `TypeError` or `ValueError` for what it cannot have told."""
    several = {name: tuple(map(str, values[name])) for name in ("addresses", "recipients")}
    return Told(**{**values, "report": Report(values["report"]), **several})


def is_automatic(message: Message) -> bool:
    """Did a machine write it? Such a mail is no answer, and is never answered.

    By what RFC 3834 and RFC 5321 say of automatic mail, and by what Exchange and others add to what
    somebody who is away sends. A mail that names no sender is nobody's.
    """
    sender = _words(message.get("From")).lower()
    local = sender.rpartition("<")[2].partition("@")[0]
    returns_nowhere = message.get("Return-Path") is not None and not _words(
        message.get("Return-Path")
    ).strip("<> ")
    return (
        "@" not in sender
        or local in _MACHINES
        or returns_nowhere
        or _words(message.get("Auto-Submitted") or "no").lower().partition(";")[0].strip() != "no"
        or _words(message.get("Precedence")).lower() in _PRECEDENCE
        or any(message.get(name) is not None for name in _SAYS_SO)
        or message.get_content_type() == "multipart/report"
        or bool(_AWAY.match(_decoded(message.get("Subject"))))
    )


def _decoded(value: object) -> str:
    return _words(header_decoded(str(value or "")[:500]))


_MACHINES = frozenset({"mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply"})
_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_SAYS_SO = (
    *("X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "X-Auto-Reply-From"),
    *(
        "List-Id",
        "List-Unsubscribe",
        "X-Failed-Recipients",
        "X-MS-Exchange-Generated-Message-Source",
    ),
)
_AWAY = re.compile(
    r"(?:automatiskt svar|autosvar|automatic reply|auto(?:matic)?[ -]?(?:reply|response)"
    r"|out of (?:the )?office|frånvaro(?:meddelande|svar|:)|ej på kontoret)",
    re.IGNORECASE,
)


def _worst(notice: Message) -> Message | None:
    """What a delivery status notice says of the recipient that it went worst with."""
    blocks = notice.get_payload()
    fields = [block for block in blocks if isinstance(block, Message)] if blocks else []
    return max(fields, key=lambda f: _LOUDEST.get(_action(f), 0), default=None)


def _recipients(worst: Message | None) -> tuple[str, ...]:
    """Whom it is said of: "rfc822; anna@example.org"."""
    if worst is None:
        return ()
    said = (_words(worst.get(name)) for name in ("Original-Recipient", "Final-Recipient"))
    found = (words.rpartition(";")[2].strip(" <>").lower()[:320] for words in said)
    return tuple(address for address in found if "@" in address)


def _of_notice(worst: Message | None) -> tuple[Report, str, str]:
    """What that says of the letter."""
    if worst is None:
        return Report.IRRELEVANT, "", ""
    said = _words(worst.get("Diagnostic-Code")).removeprefix("smtp;").strip()
    status = _status(_words(worst.get("Status")), said)
    said = said or f"{status} {_words(worst.get('Final-Recipient'))}".strip()
    match _action(worst):
        case "failed" if _is_dead(status, said):
            return Report.UNREACHABLE, status, said
        case "failed":
            return Report.FAILED, status, said
        case "delayed":
            return Report.DELAYED, status, said
    return Report.IRRELEVANT, status, said


def _of_words(text: str) -> tuple[Report, str, str]:
    """A letter came back with an explanation in prose."""
    found = re.search(r"^.*\b[245]\d\d[ -]([245]\.\d{1,3}\.\d{1,3}).*$", text, re.MULTILINE)
    if found is None:
        return Report.FAILED, "", "kom tillbaka"
    report = Report.UNREACHABLE if _is_dead(found[1], found[0]) else Report.FAILED
    return report, found[1], _words(found[0])


def _is_dead(status: str, said: str) -> bool:
    """Does the report say for good that the address does not work? The same table as at once."""
    if status and not status.startswith("5"):
        return False
    code = int(found[0]) if (found := re.search(r"\b5\d\d\b", said)) else 550
    return judge(Stage.DATA, code, f"{status} {said}").verdict is Verdict.RECIPIENT


def _status(given: str, diagnostic: str) -> str:
    """The status; where it says nothing in particular (5.0.0), the server's own in its answer."""
    status = found[1] if (found := _STATUS.search(given)) else ""
    own = found[1] if (found := _STATUS.search(diagnostic)) else ""
    vague = not status or status.endswith(".0.0")
    return own if own and vague and own[0] == (status or own)[0] else status


def _returned(message: Message) -> str:
    """The Message-ID of the letter, or of its headers, that the notice gives back."""
    for part in _parts(message):
        if _is(part, "message/rfc822"):
            payload = part.get_payload()
            original = payload[0] if isinstance(payload, list) and payload else None
            if isinstance(original, Message) and original.get("Message-ID"):
                return _words(original.get("Message-ID"))
        elif _is(part, "text/rfc822-headers") or _is(part, "message/rfc822-headers"):
            found = message_from_string(_text(part)).get("Message-ID")
            if found:
                return _words(found)
    return ""


def _parts(message: Message) -> Iterator[Message]:
    """The parts of a report, without those of the letter that it gives back."""
    payload = message.get_payload()
    if message.is_multipart() and message.get_content_maintype() == "multipart":
        assert isinstance(payload, list)
        for part in payload:
            if isinstance(part, Message):
                yield part
                yield from _parts(part)


def _text(message: Message) -> str:
    payload = message.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload[:20_000].decode("utf-8", "replace")
    plain = next((part for part in _parts(message) if _is(part, "text/plain")), None)
    return _text(plain) if plain is not None else ""


def _is(part: Message, kind: str) -> bool:
    return part.get_content_type() == kind


def _action(block: Message) -> str:
    return _words(block.get("Action")).lower()


def _words(value: object) -> str:
    return in_one_line(halves_told(str(value or "")))
