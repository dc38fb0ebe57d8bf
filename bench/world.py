"""Many collaborations in one installation, the same ones every time, to put load on.

Each has five groups with a chair, a deputy and three members, a process leader, a plan for each
group, and activities of which one in a hundred is due. What is measured there is `load.py`'s.
"""

import random
from collections.abc import Iterator
from datetime import date

from bench.crowd import ACTIVITY, activity
from bench.grounds import Ground, Row

TODAY = date(2026, 3, 2)
GROUPS = 5  # in a collaboration
MEMBERS = 5  # in a group, the chair and the deputy among them
PEOPLE = GROUPS * MEMBERS + 1  # in a collaboration, the process leader last
_ROLES = ("ordförande", "vice ordförande", "ledamot", "ledamot", "ledamot")


def fill(ground: Ground, collaborations: int, activities: int) -> None:
    """Put so many collaborations on file, each with so many activities."""
    numbers = range(1, collaborations + 1)
    groups = range(1, collaborations * GROUPS + 1)
    ground.load("collaboration", ("id", "name"), ((i, f"Vårdsamverkan {i}") for i in numbers))
    ground.load(
        "groups",
        ("id", "collaboration_id", "name", "kind"),
        ((i, _collaboration_of(i), f"Temagrupp {i}", "temagrupp") for i in groups),
    )
    ground.load("person", ("id", "name", "email", "unreachable_why"), _people(collaborations))
    ground.load("role_holding", ("person_id", "group_id", "role"), _roles(collaborations))
    ground.load(
        "plan",
        ("id", "collaboration_id", "group_id", "title", "purpose", "target_groups"),
        ((i, _collaboration_of(i), i, f"Aktivitetsplan {i} 2026", "", "") for i in groups),
    )
    ground.load("activity", ACTIVITY, _activities(collaborations * activities, len(groups)))
    ground.load(
        "responsibility",
        ("activity_id", "kind", "words", "person_id", "group_id", "role"),
        _responsibilities(collaborations * activities, len(groups)),
    )
    ground.settle()


def member(group: int, place: int) -> int:
    """The number of a group's member: place 0 is the chair."""
    return (group - 1) // GROUPS * PEOPLE + (group - 1) % GROUPS * MEMBERS + place + 1


def leader(collaboration: int) -> int:
    """The number of a collaboration's process leader."""
    return collaboration * PEOPLE


def _collaboration_of(group: int) -> int:
    return (group - 1) // GROUPS + 1


def _people(collaborations: int) -> Iterator[Row]:
    for number in range(1, collaborations * PEOPLE + 1):
        yield number, f"Person {number}", f"person{number}@example.org", ""


def _roles(collaborations: int) -> Iterator[Row]:
    for group in range(1, collaborations * GROUPS + 1):
        for place, role in enumerate(_ROLES):
            yield member(group, place), group, role
    for collaboration in range(1, collaborations + 1):
        yield leader(collaboration), collaboration * GROUPS, "processledare"


def _activities(number: int, groups: int) -> Iterator[Row]:
    dice = random.Random(1)
    for i in range(1, number + 1):
        yield activity(i, 1 + i % groups, dice, due=dice.random() < 0.01)


def _responsibilities(number: int, groups: int) -> Iterator[Row]:
    """Eight of ten activities name a person of the group, one the group, one a role in it."""
    for i in range(1, number + 1):
        group = 1 + i % groups
        if i % 10 == 0:
            yield i, "group", f"Temagrupp {group}", None, group, ""
        elif i % 10 == 1:
            yield i, "role", f"ordförande i Temagrupp {group}", None, group, "ordförande"
        else:
            person = member(group, i // groups % MEMBERS)
            yield i, "person", f"Person {person}", person, None, ""
