"""Minutes of a group's meeting: who was there, its own points, and what it decided, by paragraph.

Until they are sent out they are made from the log each time: what was taken back is not there, and
what was registered later is. Sent out, they are frozen with a hash as editions are; what is taken
back or registered after that is named in the group's next minutes, once.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from config import clock
from models.activity import Activity
from models.columns import c
from models.decision import Agreed, Change, Decision, MoveRow
from models.group import Collaboration, Group
from models.lifecycle import Move
from models.meeting import MeetingMinutes, MeetingPoint, MeetingPresent
from models.plan import Adoption, Plan
from models.status_round import Meeting
from models.undoing import stands
from reports.blocks import Block, Bullets, Heading, Paragraph, Report, Table
from reports.editions import Facts, canonical, fingerprint, without_numbers
from reports.rollup.story import DONE, sentence
from rules.wording import alphabetically, day_in_words

MOST_DAYS = 24  # meetings that are listed
_NUMBER = re.compile(r"[0-9]{1,9}")
_TOLD = {"result": "Resultat", "figure": "Siffra", "outcome": "Utfall", "kept_by": "Förs vidare av"}
_CHANGED = {
    Agreed.GROUP: "Byter grupp till",
    Agreed.REFERRED: "Hänskjuts till",
    Agreed.DEADLINE: "Slutdatum ändras till",
    Agreed.RESPONSIBLE: "Ansvarig ändras till",
}

# A row of the log as minutes tell it: its key in the log, paragraph, matter, decision, comment.
Row = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class SentOut:
    """That minutes were sent out: when, by whom, and the mark of what stood in them."""

    on_day: date
    by: str
    sha256: str

    @property
    def reference(self) -> str:
        """What the minutes name themselves by: "Utsänt 3 december 2024 · 3f9a0c1d"."""
        return f"Utsänt {day_in_words(self.on_day)} · {self.sha256[:8]}"


def days_of(session: Session, group_id: int) -> list[date]:
    """The days of which there are minutes, the latest first: something was decided that stands, or
    it is noted who was there, or they were sent out.
    """
    d = c(Decision)
    moved = select(c(MoveRow).decision_id).where(stands(c(MoveRow)))
    changed = select(c(Change).decision_id).where(stands(c(Change)))
    adopted = select(c(Adoption).decision_id)
    decided = select(d.decided_on).where(
        d.group_id == group_id,
        d.id.in_(moved.union_all(changed, adopted)),
    )
    noted = select(c(MeetingPresent).meeting_id).union(select(c(MeetingMinutes).meeting_id))
    met = select(c(Meeting).on_day).where(c(Meeting).group_id == group_id, c(Meeting).id.in_(noted))
    every = decided.union(met).subquery()
    latest = select(every.c[0]).order_by(every.c[0].desc()).limit(MOST_DAYS)
    return list(session.execute(latest).scalars())


def minutes_of(session: Session, group_id: int, day: date, today: date) -> Report | None:
    """The minutes of a day, as they were sent out or as it is now; None when there is nothing."""
    found = _frozen(session, group_id, day)
    if found is not None:
        facts, sent = found
        return as_report(facts, day, sent.reference)
    compiled = compile_minutes(session, group_id, day)
    if compiled is None:
        return None
    return as_report(compiled, day, f"Så som det var registrerat {day_in_words(today)}")


def sent_out(session: Session, group_id: int, day: date) -> SentOut | None:
    """Were the minutes of a day sent out?"""
    found = _frozen(session, group_id, day)
    return found[1] if found is not None else None


def told_in(
    session: Session, moves: Collection[int], changes: Collection[int]
) -> list[tuple[str, date]]:
    """Which minutes that were sent out tell of some rows of the log: their group and day."""
    keys = {f"m{id_}" for id_ in moves} | {f"c{id_}" for id_ in changes}
    days: set[date] = set()
    for table, ids in ((MoveRow, moves), (Change, changes)):
        decided = (
            select(c(Decision).decided_on)
            .join(table, c(table).decision_id == c(Decision).id)
            .where(c(table).id.in_(list(ids)), stands(c(table)))
        )
        days |= set(session.execute(decided).scalars())
    happened = select(c(MoveRow).happened_on).where(
        c(MoveRow).id.in_(list(moves)), stands(c(MoveRow))
    )
    days |= set(session.execute(happened).scalars())
    agreed = select(c(Change).on_day).where(c(Change).id.in_(list(changes)), stands(c(Change)))
    days |= set(session.execute(agreed).scalars())
    sent = session.execute(
        select(c(Group).name, c(Meeting).on_day, c(MeetingMinutes).facts)
        .join(Meeting, c(Meeting).id == c(MeetingMinutes).meeting_id)
        .join(Group, c(Group).id == c(Meeting).group_id)
        .where(c(Meeting).on_day.in_(days))
        .order_by(c(Meeting).on_day, c(Group).id)
    )
    found = []
    for name, day, words in sent:
        facts = json.loads(words)
        if keys & {row[0] for row in (*facts["decided"], *facts["beside"])}:
            found.append((name, day))
    return found


def ready_to_go(
    session: Session, group_id: int, day: date, by: str, today: date
) -> tuple[Facts, SentOut] | None:
    """The minutes as they would be sent out by somebody today, or as they were; None: nothing."""
    found = _frozen(session, group_id, day)
    if found is not None:
        return found
    compiled = compile_minutes(session, group_id, day)
    if compiled is None:
        return None
    facts: Facts = without_numbers(compiled)
    return facts, SentOut(today, by, fingerprint(canonical(facts)))


def freeze_minutes(session: Session, meeting_id: int, by: str, today: date) -> SentOut | None:
    """Let the minutes of a meeting be as they are now, for good; None when they are empty.

    Whoever comes second gets what was frozen. Called with the meeting's row held.
    """
    meeting = session.get_one(Meeting, meeting_id)
    kept = sent_out(session, meeting.group_id, meeting.on_day)
    ready = ready_to_go(session, meeting.group_id, meeting.on_day, by, today)
    if kept is not None or ready is None:
        return kept
    facts, sent = ready
    session.execute(
        insert(MeetingMinutes).values(
            meeting_id=meeting_id,
            facts=canonical(facts),
            sha256=sent.sha256,
            on_day=today,
            at=clock.now(),
            by=by,
        )
    )
    return sent


def compile_minutes(session: Session, group_id: int, day: date) -> Facts | None:
    """What minutes of a day hold, as it is registered now; None when there is nothing."""
    group = session.get_one(Group, group_id)
    decided = _decided(session, group_id, day)
    beside = _beside(session, group_id, day, left_by(session, group_id))
    points, present = _points(session, group_id, day), _present(session, group_id, day)
    if not (decided or beside or points or present):
        return None
    return {
        "group": group.name,
        "organisation": session.get_one(Collaboration, group.collaboration_id).name,
        "day": day.isoformat(),
        "present": present,
        "points": points,
        "decided": [list(row) for row in decided],
        "beside": [list(row) for row in beside],
        "corrected": _corrected(session, group_id, day),
    }


def as_report(facts: Facts, day: date, reference: str) -> Report:
    """Minutes as a report, from their facts alone."""
    group = facts["group"]
    return Report(
        title=f"Protokoll: {group}",
        subtitle=f"Möte {day_in_words(day)}",
        organisation=facts["organisation"],
        reference=reference,
        dated=day_in_words(day),
        summary=f"Vad {group} beslutade {day_in_words(day)}.",
        blocks=tuple(_blocks(facts)),
        keywords=("protokoll", group),
    )


def in_lines(facts: Facts) -> list[tuple[str, tuple[str, ...]]]:
    """Minutes as lines under headings, for a letter."""
    parts = [
        ("Närvarande", list(facts["present"])),
        (CORRECTED, [row for one in facts["corrected"] for row in map(_as_line, one["told"])]),
        (POINTS, [_as_line(row) for row in facts["points"]]),
        ("Beslut", [_as_line(row[1:]) for row in facts["decided"]]),
        (BESIDE, [_as_line(row[2:]) for row in facts["beside"]]),
    ]
    return [(heading, tuple(lines)) for heading, lines in parts if lines]


def _as_line(cells: Sequence[str]) -> str:
    return " ".join(sentence(" ".join(cell.split())) for cell in cells if cell.strip())


_HEADS = {
    "corrected": ("Möte", "Paragraf", "Ärende", "Rättelse"),
    "points": ("Paragraf", "Ärende", "Vad mötet kom fram till"),
    "decided": ("Paragraf", "Ärende", "Beslut", "Kommentar"),
    "beside": ("Ärende", "Vad", "Kommentar"),
}


def _blocks(facts: Facts) -> list[Block]:
    blocks: list[Block] = []
    if facts["present"]:
        blocks += [Heading(1, "Närvarande"), Bullets(tuple(facts["present"]))]
    if facts["corrected"]:
        told = "Det här har rättats sedan protokollet från det mötet skickades ut."
        rows = [row for one in facts["corrected"] for row in one["told"]]
        blocks += [Heading(1, CORRECTED), Paragraph(told), _table(CORRECTED, "corrected", rows)]
    if facts["points"]:
        rows = [[cell or "–" for cell in row] for row in facts["points"]]
        blocks += [Heading(1, POINTS), _table(POINTS, "points", rows)]
    if facts["decided"]:
        rows = [row[1:] for row in facts["decided"]]
        blocks += [Heading(1, "Beslut"), _table("Beslut vid mötet", "decided", rows)]
    if facts["beside"]:
        told = "Det här hände samma dag utan något beslut med paragraf."
        rows = [row[2:] for row in facts["beside"]]
        blocks += [Heading(1, BESIDE), Paragraph(told), _table(BESIDE, "beside", rows)]
    return blocks


CORRECTED, POINTS = "Rättat i tidigare protokoll", "Mötets egna punkter"
BESIDE = "Övrigt den dagen"


def _table(caption: str, what: str, rows: Sequence[Sequence[str]]) -> Table:
    return Table(caption, _HEADS[what], tuple(tuple(row) for row in rows))


def _frozen(session: Session, group_id: int, day: date) -> tuple[Facts, SentOut] | None:
    kept = c(MeetingMinutes)
    row = session.execute(
        select(kept.facts, kept.sha256, kept.on_day, kept.by)
        .join(Meeting, c(Meeting).id == kept.meeting_id)
        .where(c(Meeting).group_id == group_id, c(Meeting).on_day == day)
    ).one_or_none()
    if row is None:
        return None
    return json.loads(row.facts), SentOut(row.on_day, row.by, row.sha256)


def _points(session: Session, group_id: int, day: date) -> list[list[str]]:
    point = c(MeetingPoint)
    rows = session.execute(
        select(point.reference, point.title, point.outcome)
        .join(Meeting, c(Meeting).id == point.meeting_id)
        .where(c(Meeting).group_id == group_id, c(Meeting).on_day == day)
        .order_by(point.place, point.id)
    )
    return [list(row) for row in rows]


def _present(session: Session, group_id: int, day: date) -> list[str]:
    """Members in order of their names, then guests."""
    row = c(MeetingPresent)
    rows = session.execute(
        select(row.name, row.person_id)
        .join(Meeting, c(Meeting).id == row.meeting_id)
        .where(c(Meeting).group_id == group_id, c(Meeting).on_day == day)
    ).all()
    members = sorted((one.name for one in rows if one.person_id), key=alphabetically)
    guests = sorted((one.name for one in rows if not one.person_id), key=alphabetically)
    return [*members, *(f"{name} (gäst)" for name in guests)]


def _corrected(session: Session, group_id: int, day: date) -> list[dict[str, Any]]:
    """What is otherwise now than the group's earlier minutes told, and no later ones have named.

    A row that is there no more was taken back only if the log says so, and one that is new to them
    was registered later only if it was written after they were frozen.
    """
    kept = session.execute(
        select(c(MeetingMinutes).facts, c(MeetingMinutes).at)
        .join(Meeting, c(Meeting).id == c(MeetingMinutes).meeting_id)
        .where(c(Meeting).group_id == group_id, c(Meeting).on_day < day)
        .order_by(c(Meeting).on_day)
    )
    told: dict[str, Mapping[str, Sequence[str]]] = {}
    frozen: dict[str, datetime] = {}
    for words, at in kept:
        facts = json.loads(words)
        told[facts["day"]] = _by_key([*facts["decided"], *facts["beside"]])
        frozen[facts["day"]] = at
        for one in facts["corrected"]:
            told[one["day"]] = _by_key(one["rows"])
    elsewhere = left_by(session, group_id) if told else []
    found = []
    for then, before in told.items():
        of_then = date.fromisoformat(then)
        decided = _decided(session, group_id, of_then)
        rows = [*decided, *_beside(session, group_id, of_then, elsewhere)]
        now = _by_key(rows)
        gone = _undone(session, [key for key in before if key not in now])
        new = _written_after(session, [key for key in now if key not in before], frozen[then])
        changed = [
            *(_correction(then, before[key], GONE) for key in before if key in gone),
            *(_correction(then, now[key], LATER) for key in now if key in new),
        ]
        if changed:
            found.append({"day": then, "told": changed, "rows": [list(row) for row in rows]})
    return found


def _undone(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of some rows that were taken back; an adoption leaves no row behind."""
    found = {key for key in keys if key.startswith("a")}
    for letter, table in _LOGS.items():
        row = c(table)
        asked = select(row.id).where(row.id.in_(_numbers(keys, letter)), row.undone_id.is_not(None))
        found |= {f"{letter}{id_}" for id_ in session.execute(asked).scalars()}
    return found


def _written_after(session: Session, keys: Sequence[str], at: datetime) -> set[str]:
    """Those of some rows that were written after a moment; of an adoption no moment is kept."""
    found = {key for key in keys if key.startswith("a")}
    for letter, table in _LOGS.items():
        row = c(table)
        asked = select(row.id).where(row.id.in_(_numbers(keys, letter)), row.at > at)
        found |= {f"{letter}{id_}" for id_ in session.execute(asked).scalars()}
    return found


def _numbers(keys: Sequence[str], letter: str) -> list[int]:
    return [int(key.removeprefix(letter)) for key in keys if key.startswith(letter)]


_LOGS: Mapping[str, type[MoveRow] | type[Change]] = {"m": MoveRow, "c": Change}
GONE = "{how} i protokollet. Det har tagits tillbaka."
LATER = "{how}. Det registrerades efter att protokollet skickades ut."


def _correction(then: str, row: Sequence[str], words: str) -> list[str]:
    _, reference, about, how, _ = row
    day = day_in_words(date.fromisoformat(then))
    return [day, reference or "–", about, words.format(how=how)]


def _by_key(rows: Sequence[Sequence[str]]) -> dict[str, Sequence[str]]:
    return {row[0]: row for row in rows}


def _decided(session: Session, group_id: int, day: date) -> list[Row]:
    """Every row that a decision of the day is behind, by its paragraph."""
    of_the_day = c(Decision).group_id == group_id, c(Decision).decided_on == day
    moves = session.execute(
        select(*_OF_MOVES, c(Decision).reference)
        .join(Activity, c(Activity).id == c(MoveRow).activity_id)
        .join(Decision, c(Decision).id == c(MoveRow).decision_id)
        .where(*of_the_day, stands(c(MoveRow)))
        .order_by(c(MoveRow).id)
    )
    rows = [_moved(row, row.reference) for row in moves]
    changes = session.execute(
        select(c(Change).id, c(Decision).reference, c(Activity).what.label("about"))
        .add_columns(c(Change).what)
        .add_columns(c(Change).after_words, c(Change).reason)
        .join(Activity, c(Activity).id == c(Change).activity_id)
        .join(Decision, c(Decision).id == c(Change).decision_id)
        .where(*of_the_day, stands(c(Change)))
        .order_by(c(Change).id)
    )
    for row in changes:
        how = agreed_in_words(row.what, row.after_words)
        rows.append((f"c{row.id}", row.reference, row.about, how, row.reason))
    plans = session.execute(
        select(c(Adoption).id, c(Decision).reference, c(Plan).title)
        .join(Adoption, c(Adoption).decision_id == c(Decision).id)
        .join(Plan, c(Plan).id == c(Adoption).plan_id)
        .where(*of_the_day)
        .order_by(c(Adoption).id)
    )
    rows += [(f"a{row.id}", row.reference, row.title, "Planen antas", "") for row in plans]
    return sorted(rows, key=lambda row: _place(row[1]))


def agreed_in_words(what: Agreed, after: str) -> str:
    """What was agreed anew, as minutes say it: "Slutdatum ändras till 2025-03-31"."""
    if what is Agreed.REFERRED and not after:
        return "Frågan besvarad"
    told = ", ".join(line.strip() for line in after.splitlines() if line.strip())
    return f"{_CHANGED.get(what, 'Ändras till')} {told or 'ingen'}"


AT_A_MEETING = tuple(_CHANGED)  # what a meeting agrees anew, with or without a decision


def left_by(session: Session, group_id: int) -> list[int]:
    """The activities that a group has owned or been asked about, and handed over since."""
    row = c(Change)
    asked = select(row.activity_id).where(
        row.what.in_((Agreed.GROUP, Agreed.REFERRED)), was_of(group_id), stands(row)
    )
    return list(session.execute(asked.distinct()).scalars())


def was_of(group_id: int) -> ColumnElement[bool]:
    """A change that stands let go of a group: its activity, or the question that it was asked."""
    was = c(Change).before_values["group_id"].as_integer() == group_id
    return and_(was, stands(c(Change)))


def _owner_then(day: date) -> Any:  # noqa: ANN401 - an expression
    """The group that owned the row's activity when a day ended: the present one has come since."""
    later: Any = aliased(Change)
    was = (
        select(later.before_values["group_id"].as_integer())
        .where(
            later.activity_id == c(Activity).id,
            later.what == Agreed.GROUP,
            later.on_day > day,
            stands(later),
        )
        .order_by(later.id)
        .limit(1)
        .correlate(Activity)
        .scalar_subquery()
    )
    return func.coalesce(was, c(Activity).group_id)


def _beside(session: Session, group_id: int, day: date, elsewhere: Sequence[int]) -> list[Row]:
    """What happened that day to what was the group's then, and no decision is behind; `elsewhere`
    is what it has let go of.
    """
    known = or_(c(Activity).group_id == group_id, c(Activity).id.in_(elsewhere))
    moves = session.execute(
        select(*_OF_MOVES)
        .join(Activity, c(Activity).id == c(MoveRow).activity_id)
        .where(
            known,
            _owner_then(day) == group_id,
            c(MoveRow).happened_on == day,
            c(MoveRow).decision_id.is_(None),
            c(MoveRow).move != Move.PROPOSE,
            stands(c(MoveRow)),
        )
        .order_by(c(MoveRow).id)
    )
    rows = [_moved(row, "") for row in moves]
    handed_over = c(Change).what.in_((Agreed.GROUP, Agreed.REFERRED)) & was_of(group_id)
    changes = session.execute(
        select(c(Change).id, c(Activity).what.label("about"), c(Change).what)
        .add_columns(c(Change).after_words, c(Change).reason)
        .join(Activity, c(Activity).id == c(Change).activity_id)
        .where(
            known,
            or_(_owner_then(day) == group_id, handed_over),
            c(Change).on_day == day,
            c(Change).what.in_(AT_A_MEETING),
            c(Change).decision_id.is_(None),
            stands(c(Change)),
        )
        .order_by(c(Change).id)
    )
    for row in changes:
        how = agreed_in_words(row.what, row.after_words)
        rows.append((f"c{row.id}", "", row.about, how, sentence(row.reason) if row.reason else ""))
    return rows


_OF_MOVES: Sequence[Any] = (
    c(MoveRow).id,
    c(Activity).what.label("about"),
    c(MoveRow).move,
    c(MoveRow).reason,
    c(MoveRow).details,
)


def _moved(row: Any, reference: str) -> Row:  # noqa: ANN401 - a row
    told = [f"{label}: {row.details[key]}" for key, label in _TOLD.items() if row.details.get(key)]
    why = [sentence(words) for words in (row.reason, *told) if words]
    return (f"m{row.id}", reference, row.about, DONE[row.move], " ".join(why))


def _place(reference: str) -> tuple[int, str]:
    """§ 9 comes before § 12."""
    found = _NUMBER.search(reference)
    return (int(found[0]) if found else 0, reference)
