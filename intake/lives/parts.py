"""Parts of an activity as somebody writes them: names, a state, who answers, by when; or sentences.

All that cannot be read is said at once, and then nothing is changed. What a part is, and its
history, is `models/part.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from intake.people.register import names_in, plain, whom
from models.activity import Activity
from models.columns import c
from models.lifecycle import OPEN
from models.moves import Mover, Refused
from models.part import Part, PartState, put_part
from models.plan import Plan
from models.refusal import asks, at, said_yes
from models.span import Precision
from rules.recipients import Named
from rules.span_words import not_a_day, seldom_meant
from rules.swedish_dates import read_coming

LONGEST_LINE = 200  # characters
_MOST = 100  # so many parts an activity may have: all of Västra Götaland's units of one kind


@dataclass(slots=True)
class _Asked:
    """What was asked for, read; and what could not be."""

    names: list[str]
    state: PartState | None
    why: str
    columns: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def ask_to_put_parts(
    session: Session, activity_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> dict[str, PartState]:
    """Put parts on file, or change those there are. Returns the state of each that was named.

    `given` holds `name` (one a line), and if it is to be set: `state`, `why`, `responsible`,
    `deadline`; what is not there stays as it is. With `again` also what stands already is kept as
    told. Raises `Refused` with every sentence.
    """
    activity = _held(session, activity_id)
    on_file = {plain(row["name"]): row for row in _parts(session, activity_id)}
    asked = _read(given, today)
    if activity.state not in OPEN:
        asked.problems.append(f"En aktivitet som är {activity.state.value} ändras inte längre.")
    if len(on_file.keys() | {plain(name) for name in asked.names}) > _MOST:
        asked.problems.append(f"En aktivitet har högst {_MOST} delar.")
    if asked.state is PartState.EXCUSED and not asked.why:
        asked.problems.append(at("why", "Skriv varför delen är undantagen."))
    if asked.problems:
        raise Refused(asked.problems)
    if "responsible" in asked.columns:
        asked.columns |= _named(session, asked.columns["responsible"], activity.collaboration_id)
    for name in asked.names:
        before = on_file.get(plain(name))
        after = _after(before, name, asked, today)
        if before is not None and "again" in given:  # said once more, to whoever asked
            after = {"state": before["state"], **after}
            put_part(session, activity_id, before, after, mover.name, today)
        elif before is None or any(before[key] != value for key, value in after.items()):
            put_part(session, activity_id, before, after, mover.name, today)
    now = {plain(row["name"]): row for row in _parts(session, activity_id)}
    return {now[plain(name)]["name"]: now[plain(name)]["state"] for name in asked.names}


def _after(
    before: Mapping[str, Any] | None, name: str, asked: _Asked, today: date
) -> dict[str, Any]:
    """The columns that a part is to have."""
    if before is None:
        state = asked.state or PartState.UNANSWERED
        return {"name": name, "state": state, "why": asked.why, "since": today} | {
            **_NOTHING_YET,
            **asked.columns,
        }
    after = dict(asked.columns)
    if asked.state is not None and (asked.state, asked.why) != (before["state"], before["why"]):
        after |= {"state": asked.state, "why": asked.why, "since": today}
    return after


_NOTHING_YET = {"responsible": "", "kind": "words", "role": "", "deadline_text": ""}


def _read(given: Mapping[str, str], today: date) -> _Asked:
    lines = given.get("name", "").replace("\x00", "").replace(";", "\n").splitlines()
    names = {plain(line): " ".join(line.split()) for line in lines if line.strip()}
    asked = _Asked(list(names.values()), None, _line(given, "why"))
    if not names:
        told = "Skriv vad delen heter: en kommun, regionen eller en enhet."
        asked.problems.append(at("name", told))
    if any(len(words) > LONGEST_LINE for words in (*names.values(), *given.values())) and names:
        asked.problems.append(
            f"Texten är för lång. Högst {LONGEST_LINE} tecken får plats på en rad."
        )
    words = _line(given, "state").casefold()
    if words and words not in set(PartState):
        told = f"Läget finns inte. Välj ett av: {', '.join(PartState)}."
        asked.problems.append(at("state", told))
    elif words:
        asked.state = PartState(words)
    if "responsible" in given:
        asked.columns["responsible"] = _line(given, "responsible")
    if "deadline" in given:
        deadline = _line(given, "deadline")
        span = read_coming(deadline, today)
        if deadline and span.last is None:
            asked.problems.append(at("deadline", not_a_day(span, deadline)))
        elif not said_yes(given, "deadline") and (told := seldom_meant(span, today)):
            asked.problems.append(asks("deadline", told))
        asked.columns |= {"deadline_text": deadline, "deadline_last": span.last}
        asked.columns |= {"deadline_precision": span.precision if span.last else Precision.DAY}
    return asked


def _line(given: Mapping[str, str], name: str) -> str:
    return " ".join(given.get(name, "").replace("\x00", "").split())


def _named(session: Session, words: str, collaboration_id: int) -> dict[str, Any]:
    """Whom the words for a responsible name, as the columns of a part."""
    known = names_in(session, collaboration_id)
    named: Named = whom(words, known.people, known.groups)
    return {
        "kind": named.kind,
        "person_id": named.person_id,
        "group_id": named.group_id,
        "role": named.role,
    }


def _held(session: Session, activity_id: int) -> Any:  # noqa: ANN401 - a row of columns
    """The activity, held until the transaction ends: parts of one activity change one by one."""
    row = session.execute(
        select(c(Activity).state, c(Plan).collaboration_id)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .where(c(Activity).id == activity_id)
        .with_for_update(of=c(Activity).id)
    ).one_or_none()
    if row is None:
        raise Refused([f"Det finns ingen aktivitet med nummer {activity_id}."])
    return row


def _parts(session: Session, activity_id: int) -> list[dict[str, Any]]:
    query = select(*Part.__table__.columns).where(c(Part).activity_id == activity_id)  # type: ignore[attr-defined]
    return [dict(row) for row in session.execute(query.order_by(c(Part).id)).mappings()]
