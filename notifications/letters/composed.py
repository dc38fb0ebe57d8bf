"""One person's letter put together: a section for each collaboration, with each one's own words.

With one collaboration in it, the letter is that one's: its name is the sender's, and a reply
reaches its process leader. With several it is the installation's, and each section says whom to
write to: a reply quotes the whole letter, and would show one collaboration's leader what is
another's. What is of no one collaboration counts as one more, where there are several.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from config.own_policy import Promised
from config.settings import Settings
from notifications.letters import asking
from notifications.letters.frame import Signer
from notifications.letters.items import Item
from notifications.letters.pieces import Piece
from notifications.outbox import Words
from rules import marks
from rules.personnummer import masked
from templates import render

_ASKED, _TOLD = "Frågor till dig", "Att känna till"
_OF_NONE, _THE_REST = 0, "Övrigt"  # what is of no one collaboration, and what that is called


@dataclass(frozen=True, slots=True)
class Areas:
    """What the collaborations are called, who signs for them, and where a reply to each goes.

    No replies where the installation has one address for all.
    """

    names: Mapping[int, str]
    replies: Mapping[int, str]
    signers: Mapping[int, Signer] = field(default_factory=dict)
    administrators: Sequence[Signer] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """A letter as it is put on file, and the parts that stand in it."""

    words: Words
    leads_to: tuple[str, ...]
    from_name: str
    reply_to: str
    part_ids: tuple[int, ...]
    takes_replies: bool = False


@dataclass(frozen=True, slots=True)
class _Shown:
    heading: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    write_to: str
    signer: Signer | None
    pieces: tuple[_Shown, ...]


def compose(
    settings: Settings,
    promises: Promised,
    name: str,
    items: Sequence[Item],
    pieces: Sequence[Piece],
    areas: Areas,
    today: date,
    address: str = "",
) -> Made:
    """The letter of everything that is hers today; `address` is hers, whom it is to."""
    whose = _whose(items, pieces, areas)
    alone = len(whose) == 1
    first = whose[0]
    if _OF_NONE not in whose:
        items = [replace(item, collaboration_id=item.collaboration_id or first) for item in items]
        pieces = [replace(one, collaboration_id=one.collaboration_id or first) for one in pieces]
    of_notices = _of_notices(settings, promises, items, today, alone=alone)
    subject = _subject(promises, items, pieces, today)
    sections = []
    for area in whose:
        own = [piece for piece in (*of_notices, *pieces) if piece.collaboration_id == area]
        sections.append(_section(settings, area, own, areas, alone=alone))
    organisation = areas.names.get(first, settings.organisation) if alone else settings.organisation
    signer = areas.signers.get(first) if alone else None
    helps, reply_to = signer, areas.replies.get(first, "") if alone else ""
    if not first or (signer is not None and signer.address == address):  # nobody asks herself
        helps = next((one for one in areas.administrators if one.address != address), None)
        reply_to = helps.address if helps and areas.replies else reply_to
    values = {
        "name": name,
        "subject": subject,
        "sections": sections,
        "organisation": organisation,
        "signer": helps,
        "alone": alone,
        "preheader": asking.preheader(items) if items else "",
    }
    pages = [marks.ANSWER] if items else []
    pages += [page for piece in pieces for page in piece.leads_to]
    return Made(
        Words(
            subject, render("mail/day/text.txt", **values), render("mail/day/html.html", **values)
        ),
        tuple(dict.fromkeys(pages)),
        _sender(signer, organisation if alone else ""),
        reply_to,
        tuple(piece.part_id for piece in pieces if piece.part_id is not None),
        any(item.number is not None for item in items),
    )


def _whose(items: Sequence[Item], pieces: Sequence[Piece], areas: Areas) -> list[int]:
    """The collaborations in the letter; what is of no one in particular goes with the only one
    that there is.

    Where there are several it may tell of any of them, and stands apart, last: a reply to the
    letter must not quote it to one collaboration's leader.
    """
    found = [item.collaboration_id for item in items]
    found += [piece.collaboration_id for piece in pieces]
    named = list(dict.fromkeys(area for area in found if area != _OF_NONE))
    if len(areas.names) == 1:
        return named or list(areas.names)
    return [*named, _OF_NONE] if _OF_NONE in found or not named else named


def _of_notices(
    settings: Settings, promises: Promised, items: Sequence[Item], today: date, *, alone: bool
) -> list[Piece]:
    """A piece for each collaboration that asks or tells something."""
    choices = asking.choices_in(items)
    found = []
    for area in dict.fromkeys(item.collaboration_id for item in items):
        own = [item for item in items if item.collaboration_id == area]
        words = asking.words(settings, promises, own, today, choices=choices, alone=alone)
        heading = _ASKED if asking.asks(own) else _TOLD
        found.append(Piece(area, heading, words.text, words.html))
    return found


def _section(
    settings: Settings, area: int, own: Sequence[Piece], areas: Areas, *, alone: bool
) -> _Section:
    """One collaboration's; what is alone in a letter has no heading above it."""
    shown = tuple(
        _Shown(
            piece.title if len(own) > 1 else "",
            piece.text.strip("\n"),
            piece.html,
        )
        for piece in own
    )
    if alone:
        return _Section("", "", None, shown)
    name = _THE_REST if area == _OF_NONE else areas.names.get(area, settings.organisation)
    return _Section(name, areas.replies.get(area, ""), areas.signers.get(area), shown)


def _sender(signer: Signer | None, otherwise: str) -> str:
    """Whose name the letter has: the process leader's, or else the collaboration's own."""
    return masked(signer.sender) if signer else otherwise


def _subject(
    promises: Promised, items: Sequence[Item], pieces: Sequence[Piece], today: date
) -> str:
    """What is asked goes first, then what parts are called, then what is to be known."""
    if items and (asking.asks(items) or not pieces):
        return asking.subject(promises, items, today)
    others = len(pieces) - 1 + bool(items)
    return pieces[0].title + (f" +{others}" if others else "")
