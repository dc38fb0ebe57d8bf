"""A move as somebody asks for it, in words -> what the lifecycle wants to know, or sentences.

The command line and the pages ask alike: a move, and what is brought along as text. Everything that
is missing or cannot be read is said at once. Guards are `models/lifecycle.py`; who may ask is
decided before this.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from config import policy
from config.policy import Policy
from models.activity import Activity
from models.columns import c
from models.decision import Decision
from models.group import Group
from models.lifecycle import (
    NEW_DEADLINE,
    Brought,
    Lack,
    Move,
    Outcome,
    State,
    refusals,
    rule_of,
)
from models.moves import Moved, Mover, Refused, facts, make_move, make_moves
from models.owners import move_to_group, refer
from models.plan import Plan
from models.refusal import asks, at, said_yes
from rules.calendar import months_after
from rules.periods import counts_from
from rules.span_words import not_a_day, seldom_meant
from rules.swedish_dates import read, read_coming

# Stands for something that was given and could not be read: its own sentence says so, and the guard
# need not say that it is missing too.
_GIVEN = -1

_DECISION = ("decision_group", "decided_on", "decision_reference")
# What may be brought along; `decision` is "group, day, paragraph" in one line or in three fields.
WORDS = (
    "reason",
    "decision",
    "decision_group",
    "decided_on",
    "decision_reference",
    "result",
    "figure",
    "why_no_figure",
    "outcome",
    "kept_by",
    "into_plan",
    "into_activity",
    "resume_on",
    "resume_when",
    "review_on",
    "stand_in",
    "deadline",
    "next_plan",
    "happened_on",
)


@dataclass(slots=True)
class _Reading:
    """Reads the words one by one and gathers what could not be read."""

    session: Session
    given: Mapping[str, str]
    today: date
    area: int | None  # the collaboration whose groups and plans may be named
    problems: list[str] = field(default_factory=list)
    decided_on: date | None = None  # the day of the decision that was read

    def words(self, name: str) -> str:
        return " ".join(self.given.get(name, "").replace("\x00", "").split())

    def day(self, name: str, *, coming: bool = False) -> date | None:
        """The day that some words mean: the last one, as for any deadline.

        `coming`: words without a year mean the time that comes.
        """
        words = self.words(name)
        if not words:
            return None
        span = read_coming(words, self.today) if coming else read(words, self.today)
        if span.last is None:
            self.problems.append(at(name, not_a_day(span, words)))
            return date.max  # given: the guard need not miss it
        return span.last

    def outcome(self) -> Outcome | None:
        words = self.words("outcome").casefold()
        if words and words not in set(Outcome):
            self.problems.append(
                at("outcome", f"Utfallet finns inte. Välj ett av: {', '.join(Outcome)}.")
            )
            return Outcome.CEASED
        return Outcome(words) if words else None

    def named(
        self, name: str, table: type[Group] | type[Plan], column: ColumnElement[str], kind: str
    ) -> int | None:
        """The number of a group or plan of the same collaboration, by its name or number."""
        words = self.words(name)
        if not words:
            return None
        own = select(c(table).id, column).where(c(table).collaboration_id == self.area)
        if table is Plan:
            own = own.where(c(Plan).withdrawn_on.is_(None))
        rows = self.session.execute(own).tuples().all()
        found = [id_ for id_, told in rows if told.casefold() == words.casefold()]
        found = found or [id_ for id_, _ in rows if str(id_) == words]
        if len(found) != 1:
            why = "finns inte" if not found else "är flera; skriv numret i stället"
            self.problems.append(at(name, f"{kind} ”{words[:80]}” {why}."))
            return _GIVEN
        return int(found[0])

    def activity(self, name: str) -> int | None:
        """The number of an activity that some words give."""
        words = self.words(name)
        if not words:
            return None
        number = int(words) if words.isdecimal() and len(words) < 10 else 0
        if self.area is None or area_of(self.session, number) != self.area:
            told = f"Det finns ingen aktivitet med nummer {number}."
            if not number:
                told = "Skriv aktivitetens nummer, till exempel 12."
            self.problems.append(at(name, told))
            return _GIVEN
        return number

    def pause_is_reviewed(self, move: Move, promises: Policy) -> date | None:
        """The day a pause is looked at again; one that names no day gets one by itself."""
        told = self.day("review_on", coming=True)
        if told or move not in (Move.PAUSE, Move.PROLONG) or self.words("resume_on"):
            return told
        return (
            months_after(self.today, promises.pause_months) if self.words("resume_when") else None
        )

    def decision(self) -> int | None:
        """The decision that some words name; it is put on file when it is not there yet."""
        group, day, reference = self._decision_words()
        if not (group or day or reference):
            return None
        if not (group and day and reference):
            lacking = zip(_DECISION, (group, day, reference), strict=True)
            first = next(name for name, words in lacking if not words)
            told = (
                "Ange hela beslutet: vilken grupp, vilken dag och vilken paragraf, till exempel "
                "”Samordningsgruppen, 2024-01-22, § 7”."
            )
            self.problems.append(at(first, told))
            return _GIVEN
        given = {"decision_group": group, "decided_on": day}
        own = _Reading(self.session, given, self.today, self.area, self.problems)
        before = len(self.problems)
        group_id = own.named("decision_group", Group, c(Group).name, "Gruppen")
        decided_on = own.day("decided_on")
        if len(self.problems) > before or group_id is None or decided_on is None:
            return _GIVEN
        if decided_on > self.today:
            told = f"Beslutet är daterat {decided_on}, som inte har varit än."
            self.problems.append(at("decided_on", told))
            return _GIVEN
        self.decided_on = decided_on
        return decision_on_file(self.session, group_id, decided_on, reference)

    def _decision_words(self) -> tuple[str, str, str]:
        whole = self.words("decision")
        if whole:
            match = re.fullmatch(r"(.+?)[,;]? (\d{4}-\d\d-\d\d)[,;]? (.+)", whole)
            return (match[1], match[2], match[3]) if match else (whole, "", "")
        return (
            self.words("decision_group"),
            self.words("decided_on"),
            self.words("decision_reference"),
        )


def ask_to_move(
    session: Session,
    activity_id: int,
    move: Move,
    given: Mapping[str, str],
    mover: Mover,
    *,
    today: date,
    promises: Policy | None = None,
) -> State:
    """Make the move, or raise `Refused` with everything that is missing or cannot be read.

    Run it in a transaction of its own: a refusal takes back a decision that was put on file.
    """
    promises = promises or policy.load()
    brought, problems = read_brought(
        session, area_of(session, activity_id), move, given, today=today, promises=promises
    )
    hard = hard_lacks(promises)
    if brought.into_activity_id == activity_id:
        problems.append(at("into_activity", "En aktivitet kan inte arbetas in i sig själv."))
    if asked := _seldom_meant(move, given, today):
        problems.append(asked)
    if problems:
        state, on_file = facts(session, activity_id, today)
        raise Refused([*problems, *refusals(move, state, on_file, brought, hard)])
    return make_move(session, activity_id, move, mover, today=today, brought=brought, hard=hard)


def _seldom_meant(move: Move, given: Mapping[str, str], today: date) -> str:
    """What is asked about the deadline that a move gives; "" when nothing is, or it was a yes."""
    words = " ".join(given.get("deadline", "").replace("\x00", "").split())
    if NEW_DEADLINE not in rule_of(move).needs or said_yes(given, "deadline"):
        return ""
    told = seldom_meant(read_coming(words, today), today)
    return asks("deadline", told) if told else ""


def move_alike(
    session: Session,
    asked: Mapping[int, Mapping[str, str]],
    mover: Mover,
    *,
    today: date,
    promises: Policy | None = None,
) -> Moved:
    """Make a move with each of many activities: `move` and what it brings along, by their numbers.

    Those that are asked alike are moved together; one that is refused does not stop the others.
    When all are refused, a decision that was put on file is taken back.
    """
    promises = promises or policy.load()
    hard = hard_lacks(promises)
    alike: dict[tuple[Move, Brought], list[int]] = {}
    result = Moved()
    areas = areas_of(session, asked)
    read: dict[tuple[int | None, Move, frozenset[tuple[str, str]]], tuple[Brought, list[str]]] = {}
    with session.begin_nested() as trial:
        for id_, given in asked.items():
            move = move_named(given.get("move", ""))
            if move is None:
                result.refused[id_] = [at("move", "Välj vad som ska hända.")]
                continue
            key = areas.get(id_), move, frozenset(given.items())
            if key not in read:  # many say the same
                read[key] = read_brought(
                    session, areas.get(id_), move, given, today=today, promises=promises
                )
            brought, problems = read[key]
            if question := _seldom_meant(move, given, today):
                problems = [*problems, question]
            if problems:
                result.refused[id_] = problems
            else:
                alike.setdefault((move, brought), []).append(id_)
        for (move, brought), ids in alike.items():
            moved = make_moves(session, ids, move, mover, today=today, brought=brought, hard=hard)
            result.states |= moved.states
            result.refused |= moved.refused
        if not result.states:
            trial.rollback()
    return result


def read_brought(
    session: Session,
    area: int | None,
    move: Move,
    given: Mapping[str, str],
    *,
    today: date,
    promises: Policy | None = None,
) -> tuple[Brought, list[str]]:
    """What is brought along, read; and sentences for all that cannot be.

    Groups, plans and activities are looked for in one collaboration, `area`.
    """
    promises = promises or policy.load()
    reading = _Reading(session, given, today, area)
    brought = Brought(
        reason=reading.words("reason"),
        decision_id=reading.decision(),
        result=reading.words("result"),
        figure=reading.words("figure"),
        why_no_figure=reading.words("why_no_figure"),
        outcome=reading.outcome(),
        kept_by=reading.words("kept_by"),
        into_plan_id=reading.named("into_plan", Plan, c(Plan).title, "Planen"),
        into_activity_id=reading.activity("into_activity"),
        resume_on=reading.day("resume_on", coming=True),
        resume_when=reading.words("resume_when"),
        review_on=reading.pause_is_reviewed(move, promises),
        stand_in_group_id=reading.named("stand_in", Group, c(Group).name, "Gruppen"),
        deadline_text=reading.words("deadline"),
        deadline=reading.day("deadline", coming=True),
        next_plan_id=reading.named("next_plan", Plan, c(Plan).title, "Planen"),
        happened_on=reading.day("happened_on"),
    )
    day = brought.happened_on or reading.decided_on
    if day is not None and day <= today:
        counts = counts_from(day, today, promises.reports.quarter_cut_off)
        brought = replace(brought, counts_on=counts)
    return brought, reading.problems


def ask_for_group(
    session: Session,
    activity_ids: Sequence[int],
    given: Mapping[str, str],
    mover: Mover,
    *,
    today: date,
    only_refer: bool = False,
) -> list[int]:
    """Let another group own activities, or (`only_refer`) refer the question to it. Returns those
    that it changed. `given` holds `group` (empty takes a referral back), `reason`, and maybe the
    decision. Raises `Refused` with every sentence.
    """
    reading = _Reading(session, given, today, area_of(session, next(iter(activity_ids), 0)))
    group_id = reading.named("group", Group, c(Group).name, "Gruppen")
    decision_id = reading.decision()
    reason = reading.words("reason")
    if group_id is None and not only_refer:
        reading.problems.append(at("group", "Välj vilken grupp som ska äga aktiviteten."))
    if reading.problems:
        raise Refused(reading.problems + ([] if reason else [at("reason", "Skriv varför.")]))
    if only_refer:
        return refer(
            session,
            activity_ids,
            group_id,
            mover,
            today=today,
            reason=reason,
            decision_id=decision_id,
        )
    assert group_id is not None
    return move_to_group(
        session, activity_ids, group_id, mover, today=today, reason=reason, decision_id=decision_id
    )


def decision_in(
    session: Session, activity_id: int, given: Mapping[str, str], *, today: date
) -> int | None:
    """The decision that some words name, put on file; None where none is named. Raises `Refused`
    with every sentence.
    """
    reading = _Reading(session, given, today, area_of(session, activity_id))
    decision_id = reading.decision()
    if reading.problems:
        raise Refused(reading.problems)
    return decision_id


def hard_lacks(promises: Policy) -> frozenset[Lack]:
    """The lacks that stand in the way of a move in this installation; as shipped, none."""
    return frozenset(Lack(word) for word in promises.must)


def area_of(session: Session, activity_id: int) -> int | None:
    """The collaboration that an activity belongs to."""
    asked = select(c(Group).collaboration_id).join(Activity, c(Activity).group_id == c(Group).id)
    found = session.execute(asked.where(c(Activity).id == activity_id)).scalar()
    return int(found) if found is not None else None


def areas_of(session: Session, activity_ids: Iterable[int]) -> dict[int, int]:
    """The collaboration that each of many activities belongs to."""
    asked = select(c(Activity).id, c(Group).collaboration_id).join(
        Group, c(Group).id == c(Activity).group_id
    )
    rows = session.execute(asked.where(c(Activity).id.in_(list(activity_ids))))
    return dict(rows.tuples().all())


def decision_on_file(session: Session, group_id: int, decided_on: date, reference: str) -> int:
    """The number of a decision, which is registered once and may move many activities."""
    row = c(Decision)
    same = (
        row.group_id == group_id,
        row.decided_on == decided_on,
        row.reference == reference,
    )
    found = session.execute(select(row.id).where(*same)).scalar()
    if found is not None:
        return int(found)
    # Two who write down one meeting at the same moment mean the same decision.
    postgres = session.get_bind().dialect.name == "postgresql"
    put = (postgresql.insert if postgres else sqlite.insert)(Decision).values(
        group_id=group_id, decided_on=decided_on, reference=reference, text=""
    )
    session.execute(put.on_conflict_do_nothing())
    return int(session.execute(select(row.id).where(*same)).scalar_one())


def move_named(words: str) -> Move | None:
    """The move by its Swedish name, or the name without its Swedish letters ("folj upp")."""
    plain = _plain(words)
    for move in Move:
        if plain in {_plain(move), _plain(move).replace(" ", "-"), _plain(move.name)}:
            return move
    return None


def _plain(words: str) -> str:
    return words.strip().casefold().translate(str.maketrans("åäö_", "aao "))
