"""What collaborations promise for themselves, over what the installation does.

A collaboration says what differs, in the words of `policy.toml`: {"calendar": {"quiet": []}}. What
it does not name is as the installation's. Only reads and checks; what is on file, and from which
day it counts, is `models/promises.py`.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from config.policy import (
    Escalation,
    Ladder,
    Policy,
    PolicyError,
    Quiet,
    check_reach,
    check_words,
    ladders_of,
    quiet_of,
)

Says = Mapping[str, Mapping[str, Any]]  # by section and name, as policy.toml has them

LADDERS = ("deadline", "start", "review", "resume", "funding", "brister", "round")
_log = logging.getLogger("foljsam.policy")

MOST_STEPS = 150  # reminders of one day that a collaboration may say, the repeated ones counted
OWN = (*LADDERS, "escalation", "calendar")  # the sections that a collaboration may speak of
_FAR = 3650  # days
_NOT_ITS_OWN = {
    "review": {"every_months"},
    "resume": {"every_months"},
    "brister": {"must"},
    "round": {"before_quarter", "before_meeting", "closes_before_meeting", "open_days"},
}


@dataclass(frozen=True, slots=True)
class Share:
    """One policy, and whose it is: of `areas` alone, or of all but those when `others`."""

    policy: Policy
    areas: frozenset[int]
    others: bool

    def holds(self, area: int | None) -> bool:
        """Is the collaboration of that number among them? What is of none is the installation's."""
        return (area in self.areas) != self.others


@dataclass(frozen=True, slots=True)
class Promised:
    """The policies that hold on a day: the installation's, and those of collaborations by number.

    Collaborations that say the same have the very same `Policy`.
    """

    day: date
    usual: Policy
    own: Mapping[int, Policy]

    def of(self, area: int | None) -> Policy:
        """The collaboration's; the installation's for what is of none."""
        return self.usual if area is None else self.own.get(area, self.usual)

    def shares(self) -> Iterator[Share]:
        """Each policy once, with whose it is; together they are everybody, and none is in two."""
        yield Share(self.usual, frozenset(self.own), others=True)
        alike: dict[int, tuple[Policy, set[int]]] = {}
        for area, policy in self.own.items():
            alike.setdefault(id(policy), (policy, set()))[1].add(area)
        for policy, areas in alike.values():
            yield Share(policy, frozenset(areas), others=False)


def promised_on(day: date, usual: Policy, said: Mapping[int, Says]) -> Promised:
    """The policies of a day, of what each collaboration says then.

    Collaborations that say nothing have the installation's; so does one whose words do not go
    together with it any more, since nobody else's round is to break on that (`doctor` tells).
    """
    made: dict[str, Policy] = {}
    own: dict[int, Policy] = {}
    for area, says in said.items():
        if not any(says.values()):
            continue
        key = json.dumps(says, sort_keys=True)
        if key not in made:
            made[key] = over(usual, says, f"collaboration {area}")
        own[area] = made[key]
    return Promised(day, usual, own)


def over(policy: Policy, says: Says, whose: str) -> Policy:
    """The policy, changed in what is said where that can be promised; else as it is, and told."""
    try:
        return with_own(policy, says)
    except (PolicyError, TypeError, ValueError, KeyError) as error:
        _log.error("the policy of %s cannot be kept, and is left out: %s", whose, error)
        return policy


def with_own(policy: Policy, says: Says) -> Policy:
    """The policy, changed in what is said. Raises `PolicyError` when that cannot be promised."""
    if not any(says.values()):
        return policy
    before = sections_of(policy)
    told = {section: {**before[section], **words} for section, words in says.items()}
    for kind in LADDERS:
        if kind in told and told[kind] != before[kind]:
            _is_sensible(kind, told[kind])
    ladders = policy.ladders | {kind: ladders_of(told[kind]) for kind in LADDERS if kind in told}
    made = replace(policy, ladders=ladders)
    if "escalation" in told:
        made = replace(made, escalation=Escalation(**told["escalation"]))
    if "calendar" in told:
        made = replace(made, quiet=tuple(quiet_of(words) for words in told["calendar"]["quiet"]))
    check_reach(made)
    return made


def sections_of(policy: Policy) -> dict[str, dict[str, Any]]:
    """What a collaboration may speak of, as `policy.toml` would say it of this policy."""
    found: dict[str, dict[str, Any]] = {
        kind: _ladder_words(policy.ladders[kind]) for kind in LADDERS
    }
    grace = policy.escalation
    found["escalation"] = {
        "from_rung": grace.from_rung,
        "chair": grace.chair,
        "process_leader": grace.process_leader,
    }
    found["calendar"] = {"quiet": [quiet_words(quiet) for quiet in policy.quiet]}
    return found


def checked(says: object, where: str) -> dict[str, dict[str, Any]]:
    """What somebody wants a collaboration, or the installation, to say; refused when misspelt.

    Raises `PolicyError`, which names `where` it was read.
    """
    if not isinstance(says, dict):
        raise PolicyError(f"{where}: there are no sections")
    for section, words in says.items():
        if section not in OWN:
            listed = ", ".join(OWN)
            raise PolicyError(
                f"{where}: [{section}] is said in policy.toml alone; a page and this command "
                f"say {listed}"
            )
        check_words(section, words, where)
        if wrong := _NOT_ITS_OWN.get(section, set()) & set(words):
            named = ", ".join(sorted(wrong))
            raise PolicyError(f"{where}: [{section}] {named} is said in policy.toml alone")
    return says


def what_differs(policy: Policy, from_policy: Policy) -> dict[str, dict[str, Any]]:
    """What is to be said over one policy to get another."""
    new, old = sections_of(policy), sections_of(from_policy)
    found: dict[str, dict[str, Any]] = {}
    for section in OWN:
        for name, value in new[section].items():
            if old[section].get(name) != value:
                found.setdefault(section, {})[name] = value
    return found


def as_toml(says: Says) -> str:
    """The words as a file that `policy.toml` may be."""
    lines: list[str] = []
    for section, words in says.items():
        lines.append(f"[{section}]")
        lines += [f"{name} = {json.dumps(value)}" for name, value in words.items()]
        lines.append("")
    return "\n".join(lines)


def quiet_words(quiet: Quiet) -> str:
    """ "07-08..08-04"."""
    (month, day), (last_month, last_day) = quiet.first, quiet.last
    return f"{month:02}-{day:02}..{last_month:02}-{last_day:02}"


def _is_sensible(kind: str, told: Mapping[str, Any]) -> None:
    """Every step of a ladder is looked for each morning, for everybody who says it."""
    repeat, longest = told["repeat_after"], told["give_up_after"]
    lists = [words for words in told.values() if isinstance(words, list)]
    numbers = [repeat, longest, *(rung for words in lists for rung in words)]
    if any(type(number) is not int for number in numbers):
        raise PolicyError(f"[{kind}] holds something that is no whole number")
    steps = longest // max(repeat, 1) + max(len(words) for words in lists)
    if steps > MOST_STEPS or max(map(abs, numbers)) > _FAR:
        raise PolicyError(f"[{kind}] reminds {steps} times; at most {MOST_STEPS}, within ten years")


def _ladder_words(ladders: Mapping[str, Ladder]) -> dict[str, Any]:
    words: dict[str, Any] = {name: list(ladder.rungs) for name, ladder in ladders.items()}
    any_of_them = next(iter(ladders.values()))
    words["repeat_after"] = any_of_them.repeat_after
    words["give_up_after"] = any_of_them.give_up_after
    return words
