"""A move as somebody asks for it, in words -> what the lifecycle wants to know, or sentences.

The command line and the pages ask alike: a move, and what is brought along as text. Everything that
is missing or cannot be read is said at once. Guards are `models/lifecycle.py`; who may ask is
decided before this.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlmodel import Session

from models.columns import c
from models.decision import Decision
from models.group import Group
from models.lifecycle import Brought, Move, Outcome, State, refusals
from models.moves import Mover, Refused, facts, make_move
from models.plan import Plan
from rules.swedish_dates import read

# Stands for something that was given and could not be read: its own sentence says so, and the guard
# need not say that it is missing too.
_GIVEN = -1

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
    "resume_on",
    "resume_when",
    "review_on",
    "stand_in",
    "deadline",
    "next_plan",
)


@dataclass(slots=True)
class _Reading:
    """Reads the words one by one and gathers what could not be read."""

    session: Session
    given: Mapping[str, str]
    today: date
    problems: list[str] = field(default_factory=list)

    def words(self, name: str) -> str:
        return " ".join(self.given.get(name, "").replace("\x00", "").split())

    def day(self, name: str) -> date | None:
        """The day that some words mean: the last one, as for any deadline."""
        words = self.words(name)
        if not words:
            return None
        span = read(words, self.today)
        if span.last is None:
            self.problems.append(span.doubt or f"”{words[:60]}” går inte att läsa som ett datum.")
            return date.max  # given: the guard need not miss it
        return span.last

    def outcome(self) -> Outcome | None:
        words = self.words("outcome").casefold()
        if words and words not in set(Outcome):
            self.problems.append(f"Utfallet finns inte. Välj ett av: {', '.join(Outcome)}.")
            return Outcome.CEASED
        return Outcome(words) if words else None

    def named(
        self, name: str, table: type[Group] | type[Plan], column: ColumnElement[str], kind: str
    ) -> int | None:
        """The number of a group or plan by its name or number."""
        words = self.words(name)
        if not words:
            return None
        rows = self.session.execute(select(c(table).id, column)).tuples().all()
        found = [id_ for id_, told in rows if told.casefold() == words.casefold()]
        found = found or [id_ for id_, _ in rows if str(id_) == words]
        if len(found) != 1:
            why = "finns inte" if not found else "är flera; skriv numret i stället"
            self.problems.append(f"{kind} ”{words[:80]}” {why}.")
            return _GIVEN
        return int(found[0])

    def decision(self) -> int | None:
        """The decision that some words name; it is put on file when it is not there yet."""
        group, day, reference = self._decision_words()
        if not (group or day or reference):
            return None
        if not (group and day and reference):
            self.problems.append(
                "Ange hela beslutet: vilken grupp, vilken dag och vilken paragraf, till exempel "
                "”Samordningsgruppen, 2024-01-22, § 7”."
            )
            return _GIVEN
        own = _Reading(self.session, {"group": group, "day": day}, self.today, self.problems)
        before = len(self.problems)
        group_id = own.named("group", Group, c(Group).name, "Gruppen")
        decided_on = own.day("day")
        if len(self.problems) > before or group_id is None or decided_on is None:
            return _GIVEN
        if decided_on > self.today:
            self.problems.append(f"Beslutet är daterat {decided_on}, som inte har varit än.")
            return _GIVEN
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
) -> State:
    """Make the move, or raise `Refused` with everything that is missing or cannot be read.

    Run it in a transaction of its own: a refusal takes back a decision that was put on file.
    """
    reading = _Reading(session, given, today)
    brought = Brought(
        reason=reading.words("reason"),
        decision_id=reading.decision(),
        result=reading.words("result"),
        figure=reading.words("figure"),
        why_no_figure=reading.words("why_no_figure"),
        outcome=reading.outcome(),
        resume_on=reading.day("resume_on"),
        resume_when=reading.words("resume_when"),
        review_on=reading.day("review_on"),
        stand_in_group_id=reading.named("stand_in", Group, c(Group).name, "Gruppen"),
        deadline_text=reading.words("deadline"),
        deadline=reading.day("deadline"),
        next_plan_id=reading.named("next_plan", Plan, c(Plan).title, "Planen"),
    )
    if reading.problems:
        state, on_file = facts(session, activity_id, today)
        raise Refused([*reading.problems, *refusals(move, state, on_file, brought)])
    return make_move(session, activity_id, move, mover, today=today, brought=brought)


def decision_on_file(session: Session, group_id: int, decided_on: date, reference: str) -> int:
    """The number of a decision, which is registered once and may move many activities."""
    found = session.execute(
        select(c(Decision).id).where(
            c(Decision).group_id == group_id,
            c(Decision).decided_on == decided_on,
            c(Decision).reference == reference,
        )
    ).scalar()
    if found is not None:
        return int(found)
    row = Decision(group_id=group_id, decided_on=decided_on, reference=reference)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def move_named(words: str) -> Move | None:
    """The move by its Swedish name, or the name without its Swedish letters ("folj upp")."""
    plain = _plain(words)
    for move in Move:
        if plain in {_plain(move), _plain(move).replace(" ", "-"), _plain(move.name)}:
            return move
    return None


def _plain(words: str) -> str:
    return words.strip().casefold().translate(str.maketrans("åäö_", "aao "))
