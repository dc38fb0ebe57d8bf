"""Activities in any number, the same ones every time: one in a hundred stands on a rung today.

The rest have deadlines far away, or are past the states that are reminded of (with deadlines that
would be due, so that only an index by state finds its way). They lie in no order on disk.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from bench.grounds import Ground, Row

TODAY = date(2026, 3, 2)
PEOPLE = 500
GROUPS = 50
DUE_SHARE = 100  # one in so many

ACTIVITY = (
    *("id", "plan_id", "group_id", "position", "what", "how", "follow_up", "status_words"),
    *("start_text", "start_last", "start_precision"),
    *("deadline_text", "deadline_last", "deadline_precision", "runs_on", "next_review_on"),
    *("state", "state_since", "state_before_pause", "resume_on", "result", "outcome"),
    *("source_key", "source_file", "source_table", "doubts"),
)
_HOW = (
    "Arbetsgruppen tar fram ett underlag, prövar det på två orter och återkommer till styrgruppen."
)


def fill(ground: Ground, number: int) -> None:
    """Put people, groups, plans and `number` activities on file, each with somebody responsible."""
    numbers = range(1, GROUPS + 1)
    ground.load("collaboration", ("id", "name"), [(1, "Vårdsamverkan")])
    ground.load(
        "person",
        ("id", "name", "email", "unreachable_why"),
        [(i, f"Person {i}", f"person{i}@example.org", "") for i in range(1, PEOPLE + 1)],
    )
    ground.load(
        "groups",
        ("id", "collaboration_id", "name", "kind"),
        [(i, 1, f"Temagrupp {i}", "temagrupp") for i in numbers],
    )
    ground.load(
        "role_holding",
        ("person_id", "group_id", "role"),
        [(i, 1 + i % GROUPS, _role(i)) for i in range(1, PEOPLE + 1)],
    )
    ground.load(
        "plan",
        ("id", "collaboration_id", "group_id", "title", "purpose", "target_groups"),
        [(i, 1, i, f"Aktivitetsplan {i} 2026", "", "") for i in numbers],
    )
    ground.load("activity", ACTIVITY, _activities(number))
    ground.load(
        "responsibility",
        ("activity_id", "kind", "words", "person_id", "group_id", "role"),
        _responsibilities(number),
    )
    ground.settle()


def _role(person: int) -> str:
    """The first fifty chair a group, one leads the process, the others are members."""
    if person <= GROUPS:
        return "ordförande"
    return "processledare" if person == PEOPLE else "ledamot"


def _activities(number: int) -> Iterator[Row]:
    dice = random.Random(1)
    due = set(dice.sample(range(1, number + 1), number // DUE_SHARE))
    for i in range(1, number + 1):
        yield activity(i, 1 + i % GROUPS, dice, due=i in due)


def activity(i: int, group: int, dice: random.Random, *, due: bool) -> Row:
    """One activity of a group, and of the plan with the group's number."""
    start, deadline, precision, review, state, before, resume = _dates(dice, due=due)
    return (
        *(i, group, group, i, f"Aktivitet {i}: gemensam vårdplanering", _HOW, "Enkät", ""),
        *("", start, "day" if start else "none"),
        *("", deadline, precision, review is not None, review),
        *(state, "2025-01-15", before, resume, "", ""),
        *(f"rad {i}", "", "", ""),
    )


# start, deadline, precision, review, state, state before the pause, day it is resumed
_Dates = tuple[str | None, str | None, str, str | None, str, str | None, str | None]


def _dates(dice: random.Random, *, due: bool) -> _Dates:
    """The days and the state of one activity."""
    if due:
        return _due(dice)
    if dice.random() < 0.6:
        return None, _far(dice), "day", None, dice.choice(("beslutad", "pågående")), None, None
    state = dice.choice(("uppföljd", "avslutad", "överförd"))
    return None, _day(dice, -700, 30), "day", None, state, None, None


def _due(dice: random.Random) -> _Dates:
    """On one rung of one ladder: mostly a deadline, now and then a start, a review or a pause."""
    kind = dice.random()
    if kind < 0.85:
        state = dice.choice(("föreslagen", "beslutad", "pågående"))
        return None, _day(dice, -720, 30), "day", None, state, None, None
    if kind < 0.90:
        return None, _day(dice, -720, 60), "year", None, "pågående", None, None
    if kind < 0.94:
        return _day(dice, -180, 0), _far(dice), "day", None, "beslutad", None, None
    if kind < 0.98:
        return None, None, "none", _day(dice, -720, 0), "pågående", None, None
    return None, _far(dice), "day", None, "pausad", "pågående", _day(dice, -720, 7)


def _far(dice: random.Random) -> str:
    """Further away than any ladder reaches."""
    return _day(dice, 100, 1500)


def _day(dice: random.Random, first: int, last: int) -> str:
    """A day between two distances from today."""
    return (TODAY + timedelta(dice.randint(first, last))).isoformat()


def _responsibilities(number: int) -> Iterator[Row]:
    """Eight of ten activities name a person, one a group, one a role in a group."""
    for i in range(1, number + 1):
        group = 1 + (i * 7) % GROUPS
        if i % 10 == 0:
            yield i, "group", f"Temagrupp {group}", None, group, ""
        elif i % 10 == 1:
            yield i, "role", f"ordförande i Temagrupp {group}", None, group, "ordförande"
        else:
            yield i, "person", f"Person {1 + i % PEOPLE}", 1 + i % PEOPLE, None, ""
