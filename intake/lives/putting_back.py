"""What is taken back is put back: an activity's columns, who answers, goals, parts, as they were.

Each row of the log kept what it put aside. The rows are gone through from the newest to the oldest,
so that what stood before the oldest is what stands now. Which rows, is `entries.py`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, Enum, bindparam, delete, insert, select, update
from sqlmodel import Session

from intake.filing.target_groups import tag_activity
from intake.lives.entries import Kind, Logged
from intake.people.register import look_up_words
from models.activity import Activity, ActivityGoal, Answerable, Responsibility
from models.columns import c
from models.decision import Agreed
from models.lifecycle import Move, State
from models.part import Part, PartState
from models.person import Person
from models.plan import Goal
from models.promise import Participant, Promise
from models.status import Says

GONE = "Togs tillbaka."  # why a part that was taken back is asked about no more
_OUTCOME = ("outcome", "kept_by")
_ABSORBED = ("absorbed_into_activity_id", "absorbed_into_plan_id")
_PAUSE = ("state_before_pause", "resume_on", "stand_in_group_id")
_TOLD = ("result", "figure", "why_no_figure")

Columns = dict[str, Any]


def put_back(session: Session, rows: Sequence[Logged], earlier: Mapping[int, list[Logged]]) -> None:
    """Let everything that some rows of the log changed be as it was. Newest first.

    `earlier` are the rows that stand of each activity, newest first: what rows of before the log
    kept anything put aside is worked out from them.
    """
    columns: dict[int, Columns] = {}
    agreed: dict[tuple[int, Agreed], Logged] = {}
    parts: dict[int, Logged] = {}
    for row in rows:
        match row.kind:
            case Kind.MOVE:
                columns.setdefault(row.activity_id, {}).update(_before_move(row, earlier))
            case Kind.CHANGE:
                about = Agreed(row.says)
                columns.setdefault(row.activity_id, {}).update(_before_change(row, about))
                if about in _BESIDE_THE_ROW:
                    agreed[row.activity_id, about] = row
            case Kind.ANSWER:
                columns.setdefault(row.activity_id, {}).update(row.before or {})
            case Kind.PART:
                assert row.part_id is not None
                parts[row.part_id] = row
    _write(session, columns)
    for (_, about), row in agreed.items():
        _BESIDE_THE_ROW[about](session, row)
    if any(about is Agreed.RESPONSIBLE for _, about in agreed):
        look_up_words(session)
    for part_id, row in parts.items():
        _put_part(session, part_id, row.before)


def say_again(session: Session, kept: Iterable[Logged]) -> None:
    """What people answered themselves after what was taken back still holds: newest first."""
    newest: dict[int, Logged] = {}
    for row in kept:
        newest.setdefault(row.activity_id, row)
    columns = {}
    for id_, row in newest.items():
        done = row.on_day if row.says == Says.DONE.value else None
        columns[id_] = {"reported_done_on": done}
    _write(session, columns)


def _write(session: Session, columns: Mapping[int, Columns]) -> None:
    """All activities that change alike in one statement."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for id_, values in columns.items():
        typed = {f"to_{name}": _typed(name, value) for name, value in values.items()}
        alike.setdefault(tuple(sorted(values)), []).append({"number": id_, **typed})
    a = Activity.__table__  # type: ignore[attr-defined]
    for names, rows in alike.items():
        if names:
            to: dict[str, Any] = {name: bindparam(f"to_{name}") for name in names}
            words = update(a).where(a.c.id == bindparam("number")).values(to)
            session.connection().execute(words, rows)


def _typed(name: str, value: Any) -> Any:  # noqa: ANN401 - as a column holds it
    """A value as JSON kept it -> as the column has it."""
    kind = Activity.__table__.c[name].type  # type: ignore[attr-defined]
    if isinstance(value, str) and isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(value, str) and isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    return value


def _before_move(row: Logged, earlier: Mapping[int, list[Logged]]) -> Columns:
    if row.says == Move.PROPOSE.value:
        return {"state": State.WITHDRAWN.value, **dict.fromkeys(_PAUSE)}
    if row.before:
        return dict(row.before)
    return _worked_out(row, earlier.get(row.activity_id, []))


def _worked_out(row: Logged, log: Sequence[Logged]) -> Columns:
    """What a move of before the log kept it put aside, as its history tells."""
    before = [each for each in log if each.kind is Kind.MOVE and each.id < row.id]
    found: Columns = {"state": row.from_state}
    if before and before[0].counts_on:
        found["state_since"] = before[0].counts_on.isoformat()
    match Move(row.says):
        case Move.PAUSE:
            found |= dict.fromkeys(_PAUSE)
        case Move.END | Move.ABANDON:
            found |= dict.fromkeys(_OUTCOME, "") | dict.fromkeys(_ABSORBED)
            if row.from_state == State.PAUSED.value:
                found |= _pause(before)
        case Move.FOLLOW_UP:
            told = next((each for each in before if each.says == Move.FOLLOW_UP.value), None)
            found |= {name: told.details.get(name, "") if told else "" for name in _TOLD}
    return found


def _pause(before: Sequence[Logged]) -> Columns:
    """The pause that history tells of, newest first."""
    begun = next((each for each in before if each.says == Move.PAUSE.value), None)
    latest = next(
        (each for each in before if each.says in (Move.PAUSE.value, Move.PROLONG.value)), None
    )
    if begun is None or latest is None:
        return {}
    told = latest.details
    group = told.get("stand_in_group") or begun.details.get("stand_in_group")
    return {
        "state_before_pause": begun.from_state,
        "resume_on": told.get("resume_on") or told.get("review_on"),
        "stand_in_group_id": int(group) if group else None,
    }


def _before_change(row: Logged, about: Agreed) -> Columns:
    """The columns of the activity that an agreement put aside."""
    values = row.before or {}
    match about:
        case Agreed.START | Agreed.DEADLINE:
            found: Columns = {
                f"{about.value}_text": row.words,
                **{f"{about.value}_{name}": values.get(name) for name in ("first", "last")},
                f"{about.value}_precision": values.get("precision"),
            }
            if about is Agreed.DEADLINE:
                found |= {"runs_on": bool(values.get("open"))}
                found |= values.get("beside") or {"next_review_on": values.get("review")}
            return found
        case Agreed.FUNDING:
            amount, last = values.get("amount"), values.get("last")
            return {"funding_text": row.words, "funding_amount": amount, "funding_last": last}
        case Agreed.GROUP:
            return {"group_id": values.get("group_id")}
        case Agreed.REFERRED:
            return {"referred_to_group_id": values.get("group_id")}
        case _ if about in _BESIDE_THE_ROW:
            return {}
        case _:
            return {about.value: row.words}


def _lines(row: Logged) -> list[str]:
    return [line for line in row.words.splitlines() if line.strip()]


def _put_responsible(session: Session, row: Logged) -> None:
    """As they were named; whom words alone name, and who is on file no more, is looked up anew."""
    ours = c(Responsibility).activity_id == row.activity_id
    session.execute(delete(Responsibility).where(ours))
    beside = (row.before or {}).get("beside") or {}
    named = beside.get("named") or [[words, "words", None, None, ""] for words in _lines(row)]
    for words, kind, person_id, group_id, role in named:
        one = Responsibility(
            activity_id=row.activity_id,
            words=words,
            kind=Answerable(kind),
            person_id=person_id,
            group_id=group_id,
            role=role,
        )
        if person_id is not None and session.get(Person, person_id) is None:
            one.kind, one.person_id = Answerable.WORDS, None
        session.add(one)
    session.flush()


def _put_goals(session: Session, row: Logged) -> None:
    """Those of them that are still there."""
    ours = c(ActivityGoal).activity_id == row.activity_id
    session.execute(delete(ActivityGoal).where(ours))
    ids = (row.before or {}).get("ids", [])
    there = session.execute(select(c(Goal).id).where(c(Goal).id.in_(ids))).scalars()
    rows = [{"activity_id": row.activity_id, "goal_id": goal} for goal in there]
    if rows:
        session.execute(insert(ActivityGoal), rows)


def _put_target_groups(session: Session, row: Logged) -> None:
    tag_activity(session, row.activity_id, _lines(row))


def _put_participants(session: Session, row: Logged) -> None:
    session.execute(delete(Participant).where(c(Participant).activity_id == row.activity_id))
    for words in _lines(row):
        session.add(Participant(activity_id=row.activity_id, words=words))
    session.flush()


def _put_promises(session: Session, row: Logged) -> None:
    session.execute(delete(Promise).where(c(Promise).activity_id == row.activity_id))
    for words, to, due in (row.before or {}).get("made", []):
        day = date.fromisoformat(due) if due else None
        session.add(Promise(activity_id=row.activity_id, words=words, made_to=to, due=day))
    session.flush()


# What is agreed about an activity and stands in rows beside its own.
_BESIDE_THE_ROW: dict[Agreed, Callable[[Session, Logged], None]] = {
    Agreed.RESPONSIBLE: _put_responsible,
    Agreed.GOALS: _put_goals,
    Agreed.TARGET_GROUPS: _put_target_groups,
    Agreed.PARTICIPANTS: _put_participants,
    Agreed.PROMISES: _put_promises,
}


def _put_part(session: Session, part_id: int, before: Mapping[str, str] | None) -> None:
    """A part as it was; one that was not there is asked about no more, and shown nowhere."""
    if before is None:
        values: dict[str, Any] = {"state": PartState.EXCUSED, "why": GONE}
    else:
        values = {
            "name": before["name"],
            "state": PartState(before["state"]),
            **{name: before.get(name, "") for name in ("why", "responsible", "deadline_text")},
        }
        if "since" in before:  # the log keeps all of it
            values |= _all_of_part(before)
    session.execute(update(Part).where(c(Part).id == part_id).values(**values))


def _all_of_part(before: Mapping[str, str]) -> dict[str, Any]:
    last = before.get("deadline_last")
    return {
        "since": date.fromisoformat(before["since"]),
        "kind": Answerable(before["kind"]),
        "person_id": int(before["person_id"]) if "person_id" in before else None,
        "group_id": int(before["group_id"]) if "group_id" in before else None,
        "role": before.get("role", ""),
        "deadline_last": date.fromisoformat(last) if last else None,
        "deadline_precision": before["deadline_precision"],
    }
