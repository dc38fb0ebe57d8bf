"""What a person answers through a link: a form's fields -> replies -> rows and, maybe, a start.

Everything in a form is understood or nothing is saved; what cannot be understood is said in a
sentence beside the activity it is about. Opening and checking the link is done before this.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Date, bindparam, insert, text, update
from sqlmodel import Session

from config import clock
from models.activity import Activity
from models.columns import c
from models.lifecycle import Move, State
from models.moves import Mover, make_move
from models.span import NOTHING, Precision, Span
from models.status import Says, StatusAnswer
from rules.calendar import months_after
from rules.swedish_dates import read

LONGEST = 4000  # characters in a text; more is a document, and belongs elsewhere

SAYS_IN_WORDS = {
    Says.ON_TRACK: "Går enligt plan",
    Says.AT_RISK: "Osäkert om vi hinner",
    Says.LATE: "Försenat",
    Says.DONE: "Klart",
    Says.NOTHING_NEW: "Inget nytt sedan sist",
    Says.NOT_ME: "Inte mitt ansvar",
}


@dataclass(frozen=True, slots=True)
class Last:
    """What a person said last time; the form is filled with it."""

    says: Says
    text: str = ""
    figure: str = ""

    def same(self, given: Mapping[str, str]) -> bool:
        """Is the form as it was filled in, and nothing else said?"""
        said = {"says": self.says.value, "text": self.text, "figure": self.figure}
        return {name: words for name, words in given.items() if words} == {
            name: words for name, words in said.items() if words
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """An activity that a person may answer about: what the form needs to know.

    `waits` says that an answer is wanted just now: then last time's, sent again, is one.
    """

    id: int
    state: State
    runs_on: bool
    review_months: int | None
    last: Last | None = None
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Reply:
    """One understood answer about one activity."""

    activity: Asked
    says: Says
    text: str = ""
    figure: str = ""
    instead: str = ""
    proposed: Span = NOTHING
    start: bool = False


@dataclass(slots=True)
class Understood:
    """The replies of a form, and by activity what could not be understood, in Swedish."""

    replies: list[Reply] = field(default_factory=list)
    problems: dict[int, list[str]] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Can it be saved?"""
        return bool(self.replies) and not self.problems


def understand(form: Mapping[str, str], asked: list[Asked], today: date) -> Understood:
    """Read a form whose fields are named `says_7`, `text_7` … for activity 7.

    Only activities that were asked about are looked at; anything else in the form is ignored.
    """
    understood = Understood()
    for activity in asked:
        given = {
            name: form.get(f"{name}_{activity.id}", "").replace("\x00", "").strip()
            for name in ("says", "text", "figure", "instead", "date", "start")
        }
        if not any(given.values()):
            continue
        if activity.last and not activity.waits and activity.last.same(given):
            continue
        problems, proposed = _problems(given, today)
        if problems:
            understood.problems[activity.id] = problems
            continue
        understood.replies.append(
            Reply(
                activity,
                Says(given["says"]),
                text=given["text"],
                figure=given["figure"],
                instead=given["instead"],
                proposed=proposed,
                start=bool(given["start"]) and activity.state is State.DECIDED,
            )
        )
    return understood


def _problems(given: Mapping[str, str], today: date) -> tuple[list[str], Span]:
    problems = []
    if given["says"] not in set(Says):
        problems.append("Välj hur det går, så att resten av svaret kan sparas.")
    if given["says"] == Says.NOT_ME and not given["instead"]:
        problems.append("Skriv vem som svarar för aktiviteten i stället, eller vilken grupp.")
    if any(len(words) > LONGEST for words in given.values()):
        problems.append(f"Texten är för lång. Högst {LONGEST} tecken får plats.")
    proposed = read(given["date"], today) if given["date"] else NOTHING
    if given["date"] and proposed.last is None:
        problems.append(
            proposed.doubt
            or f"”{given['date'][:80]}” går inte att läsa som ett datum. "
            "Skriv till exempel 2025-03-31, mars 2025 eller hösten 2025."
        )
    return problems, proposed


def save(
    session: Session, replies: list[Reply], mover: Mover, link_id: int, *, today: date
) -> None:
    """Write the answers down, and make the one move a link may make (starta) where it was asked."""
    for reply in replies:
        session.execute(
            insert(StatusAnswer).values(
                activity_id=reply.activity.id,
                person_id=mover.person_id,
                link_id=link_id,
                at=clock.now(),
                on_day=today,
                says=reply.says,
                text=reply.text,
                figure=reply.figure,
                instead=reply.instead,
                proposed_text=reply.proposed.text,
                proposed_first=reply.proposed.first,
                proposed_last=reply.proposed.last,
                proposed_precision=reply.proposed.precision or Precision.NONE,
            )
        )
        session.execute(
            update(Activity)
            .where(c(Activity).id == reply.activity.id)
            .values(**_consequences(reply, today))
        )
        for said in (_ANSWERED, _SETTLED):
            session.execute(said, {"activity_id": reply.activity.id, "today": today})
        if reply.start:
            make_move(session, reply.activity.id, Move.START, mover, today=today)


# The questions of open rounds, and of the latest that has closed: there the answer comes late.
_ANSWERED = text("""
    UPDATE status_question SET answered_on = :today
    WHERE activity_id = :activity_id AND answered_on IS NULL AND (
        round_id IN (SELECT id FROM status_round WHERE closed_on IS NULL)
        OR round_id = (SELECT max(q.round_id) FROM status_question q
                       WHERE q.activity_id = :activity_id))
""").bindparams(bindparam("today", type_=Date))


# What letters have asked about it waits no longer: no silence goes up the line.
_SETTLED = text("""
    UPDATE notice SET settled_on = :today
    WHERE activity_id = :activity_id AND written_on IS NOT NULL AND settled_on IS NULL
""").bindparams(bindparam("today", type_=Date))


def _consequences(reply: Reply, today: date) -> dict[str, date | None]:
    """What an answer changes besides being remembered: no state, only what is asked about next."""
    if reply.says is Says.NOT_ME:
        return {"reported_done_on": None}
    changed: dict[str, date | None] = {
        "reported_done_on": today if reply.says is Says.DONE else None
    }
    if reply.activity.runs_on and reply.activity.review_months:
        changed["next_review_on"] = months_after(today, reply.activity.review_months)
    return changed
