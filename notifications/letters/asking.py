"""The piece of a day's letter that asks, and tells what is to be known: of one collaboration.

What stands in it is gathered by `owed.py`; what else the letter holds is put around it by
`composed.py`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from config.own_policy import Promised
from config.settings import Settings
from models.status import Says
from notifications.letters.items import Item, Weight, as_what, told_once
from notifications.outbox import Words
from rules import marks
from rules.calendar import working_day_after
from rules.personnummer import masked
from rules.wording import capitalised, counted, short_day, shortened
from templates import render

_TAPPED = 5  # activities in a letter that has their answers as links
_IN_A_LIST = 46  # characters of a subject that a telephone shows
_ALONE = 100  # and of a single activity's name: more is for the letter
_TAPS = {
    Says.ON_TRACK: "Enligt plan",
    Says.LATE: "Försenat",
    Says.DONE: "Klart",
    Says.NOT_ME: "Inte jag",
}


def asks(items: Sequence[Item]) -> bool:
    """Does any of it ask for an answer?"""
    return any(item.weight < Weight.LACKING for item in items)


def words(
    settings: Settings,
    promises: Promised,
    items: Sequence[Item],
    today: date,
    *,
    choices: dict[int, list[tuple[str, str]]],
    alone: bool,
) -> Words:
    """The piece as text and HTML that say the same, and what it would be called alone.

    `alone`: it is of the letter's only collaboration, so a reply reaches its process leader, and
    "all goes as planned" is about no other.
    """
    asked = [item for item in items if item.weight < Weight.LACKING]
    shown = [*asked[: promises.usual.most_items], *items[len(asked) :]]  # what is told stands last
    lacking = [item for item in items if item.weight is Weight.LACKING]
    once = _as_what(asked)
    numbers = [item.number for item in asked if item.number is not None]
    values = {
        "sections": _sections(shown, once),
        "by_reply": bool(numbers),
        "numbered": len(numbers) > 1,
        "once": once,
        "left_out": len(items) - len(shown),
        "total": sum(item.many for item in asked),
        "own": sum(item.many for item in asked if item.weight is not Weight.SILENT),
        "lacking": bool(lacking),
        "mends": all(item.page for item in lacking),
        "silent": sum(item.weight is Weight.SILENT for item in asked),
        "link": marks.mark(marks.ANSWER),
        "all": _all_at_once(asked) if alone else "",
        "choices": choices,
        "replies": alone,
        "answer_by": _answer_by(promises, asked, today),
        "days": settings.link_days,
        "today": today,
        "grave": (Weight.SILENT, Weight.OVERDUE),
    }
    return Words(
        subject(promises, items, today),
        render("mail/morning/text.txt", **values),
        render("mail/morning/html.html", **values),
    )


_HEADINGS = {
    Weight.SILENT: "Ingen har svarat",
    Weight.OVERDUE: "Dagen har passerat",
    Weight.COMING: "Kommer snart",
    Weight.LACKING: "Behöver kompletteras",
    Weight.TOLD: "Att känna till",
}


def _answer_by(promises: Promised, asked: Sequence[Item], today: date) -> date:
    """Before anybody else is told: each collaboration has its own days until then."""
    in_time = {area: _in_time(promises, area, today) for area in _areas(asked)}
    days = (item.answer_by(today, in_time[item.collaboration_id]) for item in asked)
    return min(days, default=_in_time(promises, None, today))


def _areas(asked: Sequence[Item]) -> set[int]:
    return {item.collaboration_id for item in asked}


def _in_time(promises: Promised, area: int | None, today: date) -> date:
    policy = promises.of(area)
    return working_day_after(policy, today, policy.escalation.chair)


def subject(promises: Promised, items: Sequence[Item], today: date) -> str:
    """The day to answer by, the first activity and how many more; or what the letter tells.

    A telephone shows some forty characters: a name is cut so that the number stands within them.
    """
    asked = [item for item in items if item.weight < Weight.LACKING]
    if asked:
        answer_by = _answer_by(promises, asked, today)
        head, what = f"Svara senast {short_day(answer_by)}: ", masked(asked[0].what)
        others = sum(item.many for item in asked[1:])
        more = f" +{others}" if others else ""
        room = _IN_A_LIST - len(head) - len(more) if more else _ALONE
        return f"{head}{shortened(what, room)}{more}"
    if len(items) == 1 or items[0].weight is Weight.LACKING:
        return masked(items[0].what)
    return f"{capitalised(counted(len(items), 'sak', 'saker'))} att känna till"


def preheader(items: Sequence[Item]) -> str:
    """What a list of letters shows after the subject: what the subject has no room for."""
    rows = [item for item in items if item.weight < Weight.LACKING] or items
    others = [masked(item.what) for item in rows[1:4]]
    first = f"{rows[0].why[0]} " if rows and rows[0].why else ""
    return shortened(f"{first}{'Också: ' + ', '.join(others) if others else ''}".strip(), 140)


def _sections(shown: Sequence[Item], once: frozenset[str]) -> list[tuple[str, Any, Any, Any]]:
    """(heading, rows, what they have in common, what of them is said above), by weight."""
    found = []
    for weight, heading in _HEADINGS.items():
        rows = [item for item in shown if item.weight is weight]
        common = told_once(rows, once) if weight < Weight.LACKING else []
        if rows:
            found.append((heading, rows, common, once | frozenset(common)))
    return found


def _as_what(asked: Sequence[Item]) -> frozenset[str]:
    """As what she is asked, when it is the same for every question of the letter."""
    vias = {item.via for item in asked}
    return frozenset(as_what(via) for via in vias if via and len(vias) == 1 and len(asked) > 1)


def _all_at_once(items: Sequence[Item]) -> str:
    """Where a tap says that all to come goes as planned; "" where that is no answer."""
    coming = sum(item.weight is Weight.COMING for item in items)
    others = any(item.weight is Weight.SILENT or not item.whole for item in items)
    if coming < 2 or others:
        return ""
    return f"{marks.mark(marks.ANSWER)}?val=alla-{Says.ON_TRACK}"


def choices_in(items: Sequence[Item]) -> dict[int, list[tuple[str, str]]]:
    """By activity the answers that a tap in the letter chooses; none in a long letter.

    What is asked about a part alone is answered on the page, where the part has its own fields.
    """
    items = [item for item in items if item.weight < Weight.LACKING]
    if len(items) > _TAPPED:
        return {}
    return {
        item.activity_id: [
            (words, f"{marks.mark(marks.ANSWER)}?val={item.activity_id}-{says}#a{item.activity_id}")
            for says, words in _TAPS.items()
        ]
        for item in items
        if item.activity_id is not None and item.many == 1 and item.whole
    }
