"""How much of a plan file is read as a careful colleague would read it: fields right of all.

    python -m bench.reading [folder] [--told]

A folder holds files and a `key.json`: for each file its `kind` and the `right` reading, written
before the file was run. Without a folder our own corpus is read (`tests/corpus`). `--told` prints
each field that is wrong.

A right reading is one of these; "*" is a matter of taste and is not counted, a list of states is
any of them, and "ask" among them is a question about the status:

- `{"title", "activities": [{"what", "goal", "responsible", "start", "deadline", "state", "how",
  "follow_up", "participants", "asks", "first"}], "left_out"}`; "first" is the first day of the
  stretch of time that is the deadline, "asks" are doubts that must be raised,
  "left_out" the beginnings of what must be told as left out (or asked about) and not taken
- `{"count", "adopted"}`: so many activities, and the plan's day of decision (null = none)
- `{words: day | [first, last] | {field: value} | [names]}`: of the activity that begins so
- `{"people": [[name, address]], "groups": {name: [groups]}, "left_out"}`: a list of people
"""

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intake.documents import Refusal
from intake.drafts import ActivityDraft, Asks, PlanDraft
from intake.people.lists import PeopleDraft, read_people
from intake.plans import read_plan

OURS = Path(__file__).resolve().parents[1] / "tests" / "corpus"
TASTE = "*"
_FIELDS = (
    *("goal", "responsible", "start", "deadline", "state"),
    *("how", "follow_up", "participants", "asks", "first"),
)


Compared = tuple[str, bool, object, object]


@dataclass(frozen=True, slots=True)
class Judged:
    """One field of one file: is it as the key says, and what stood there?"""

    file: str
    field: str
    right: bool
    wanted: object
    got: object


def judged(path: Path, right: Mapping[str, Any]) -> list[Judged]:
    """Every field that the key counts. A file that is refused has none of them right."""
    try:
        told = list(_told_of(path, right))
    except Refusal as refusal:
        return [Judged(path.name, name, False, "", str(refusal)) for name in _asked_of(right)]
    return [Judged(path.name, name, ok, wanted, got) for name, ok, wanted, got in told]


def _told_of(path: Path, right: Mapping[str, Any]) -> Iterator[Compared]:
    if "people" in right:
        return _everybody(read_people(path), right)
    return _compared(read_plan(path), right)


def _asked_of(right: Mapping[str, Any]) -> Iterator[str]:
    """The names of all fields of a right reading."""
    yield from ("left out" for _ in right.get("left_out", ()))
    if "people" in right:
        yield from ("person" for _ in right["people"])
        yield from ("groups" for _ in right.get("groups", ()))
        return
    if "activities" not in right:
        yield from (name for name in right if name != "skipped")
        return
    if right.get("title", TASTE) != TASTE:
        yield "title"
    for one in right["activities"]:
        yield "what"
        yield from _counted(one)


def _counted(one: Mapping[str, object]) -> Iterator[str]:
    """The fields that a right reading tells. That nothing must be asked is none."""
    for name in _FIELDS:
        wanted = one.get(name, TASTE)
        if wanted != TASTE and (name != "asks" or wanted):
            yield name


def _compared(draft: PlanDraft, right: Mapping[str, Any]) -> Iterator[Compared]:
    if "activities" in right:
        yield from _whole_plan(draft, right)
    elif "count" in right:
        told = len(draft.activities)
        yield "count", told == right["count"], right["count"], told
        if "adopted" in right:
            day = draft.adopted_on.isoformat() if draft.adopted_on else None
            yield "adopted", day == right["adopted"], right["adopted"], day
    else:
        for words, wanted in right.items():
            yield from _by_words(draft, words, wanted)


def _whole_plan(draft: PlanDraft, right: Mapping[str, Any]) -> Iterator[Compared]:
    title = right.get("title", TASTE)
    if title != TASTE:
        yield "title", _plain(draft.title) == _plain(title), title, draft.title
    left = list(draft.activities)
    for one in right["activities"]:
        found = _beginning(left, one["what"])
        if found:
            left.remove(found)
        yield "what", found is not None, one["what"], found.what if found else None
        for name in _counted(one):
            yield _field(found, name, one[name])
    for more in left:
        yield "too many", False, None, more.what
    said = [f"{one.where} {one.words} {one.reason}" for one in draft.skipped]
    said += [f"{one.words} {one.sentence}" for one in draft.questions]
    yield from _left_out(said, right)


def _left_out(said: list[str], right: Mapping[str, Any]) -> Iterator[Compared]:
    plain = " ".join(map(_plain, said))
    for words in right.get("left_out", ()):
        yield "left out", _plain(words) in plain, words, said


def _everybody(draft: PeopleDraft, right: Mapping[str, Any]) -> Iterator[Compared]:
    left = {(one.name, one.email.lower()): one for one in draft.people}
    for name, email in right["people"]:
        found = left.pop((name, email), None)
        same = [each for each in draft.people if each.email.lower() == email]
        yield "person", found is not None, [name, email], same or None
        if name in right.get("groups", {}):
            groups = [role.group for role in found.roles] if found else None
            yield "groups", groups == right["groups"][name], right["groups"][name], groups
    for more in left:
        yield "too many", False, None, more
    said = [f"{one.words} {one.name} {one.left_out}" for one in draft.lines if one.left_out]
    yield from _left_out(said, right)


def _by_words(draft: PlanDraft, words: str, wanted: object) -> Iterator[Compared]:
    found = _beginning(draft.activities, words)
    if isinstance(wanted, dict):
        for name, value in wanted.items():
            if value != TASTE:
                yield _field(found, name, value)
    elif isinstance(wanted, list) and len(wanted) == 2 and _is_day(wanted[0]):
        yield _field(found, "start", wanted[0])
        yield _field(found, "deadline", wanted[1])
    elif isinstance(wanted, list):
        yield _field(found, "responsible", wanted)
    elif _is_day(wanted):
        yield _field(found, "deadline", wanted)


def _beginning(drafts: list[ActivityDraft], words: str) -> ActivityDraft | None:
    """The activity of these words; else the one that begins with them, else one within them."""
    plain = _plain(words)
    told = [(each, _plain(each.what)) for each in drafts]
    for fits in (
        lambda said: said == plain,
        lambda said: said.startswith(plain),
        lambda said: len(said) > 5 and plain.startswith(said),
    ):
        for each, said in told:
            if fits(said):
                return each
    return None


def _field(found: ActivityDraft | None, name: str, wanted: object) -> Compared:
    if found is None:
        return name, False, wanted, None
    if name == "state":
        return _state(found, wanted)
    if name == "asks":
        kinds = sorted(doubt.kind.value for doubt in found.questions)
        return name, isinstance(wanted, list) and set(wanted) <= set(kinds), wanted, kinds
    got: object = ""
    if name in ("responsible", "participants"):
        told = found.responsible if name == "responsible" else found.taking_part
        got = sorted(map(_plain, told))
        wanted = sorted(map(_plain, wanted)) if isinstance(wanted, list) else wanted
    elif name in ("goal", "how", "follow_up"):
        got, wanted = _plain(getattr(found, name)), _plain(str(wanted))
    elif name == "first":
        got = found.deadline.first.isoformat() if found.deadline.first else None
    elif name == "start":
        got = found.start.first.isoformat() if found.start.first else None
    elif name == "deadline":
        got = found.deadline.last.isoformat() if found.deadline.last else None
    return name, got == wanted, wanted, got


def _state(found: ActivityDraft, wanted: object) -> Compared:
    """Right is a state that is among them, or a question where one is wanted (null, "ask")."""
    kinds = [doubt.kind for doubt in found.questions]
    asks = Asks.STATUS in kinds
    wished = wanted if isinstance(wanted, list) else ["ask" if wanted in (None, "klar") else wanted]
    right = (asks and "ask" in wished) or (not asks and found.state in wished)
    proposed = [doubt.proposal for doubt in found.questions if doubt.kind is Asks.STATUS]
    right = right or any(proposal in wished for proposal in proposed)
    return "state", right, wanted, f"{found.state}{' (asks)' if asks else ''}"


def _plain(words: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", words.lower()).split())


def _is_day(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value))


def is_plan(right: object) -> bool:
    """Is this the key of a plan? Keys of lists of people are lists."""
    return isinstance(right, dict) and (
        "activities" in right or "count" in right or any(map(_tells, right.values()))
    )


def _tells(value: object) -> bool:
    return _is_day(value) or isinstance(value, list | dict)


def main() -> None:
    """Read each file of a folder and print fields right of all, for each kind."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, default=OURS)
    asked.add_argument("--told", action="store_true")
    told = asked.parse_args()
    key = json.loads((told.folder / "key.json").read_text("utf-8"))
    by_kind: dict[str, list[Judged]] = defaultdict(list)
    for name, entry in key.items():
        if is_plan(entry["right"]):
            by_kind[entry["kind"]] += judged(told.folder / name, entry["right"])
    print("| kind | fields right | of |\n| - | -: | -: |")
    for kind, fields in sorted(by_kind.items()):
        print(f"| {kind} | {sum(each.right for each in fields)} | {len(fields)} |")
    every = [each for fields in by_kind.values() for each in fields]
    right = sum(each.right for each in every)
    share = 100 * right / max(len(every), 1)
    print(f"| **all** ({share:.1f} %) | {right} | {len(every)} |")
    for each in every if told.told else ():
        if not each.right:
            print(f"{each.file}, {each.field}: {each.wanted!r}, not {each.got!r}")


if __name__ == "__main__":
    main()
